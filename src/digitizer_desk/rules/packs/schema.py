# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How a pack is written: its manifest, its list of agencies, and the bounds of its container.

Apart from ``read.py`` so that the shape of a pack can be read in one place, and no bound stands where rules are judged.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from digitizer_desk.rules.schema import Strict

FORMAT = 1
MANIFEST, AGENCIES = "pack.toml", "agencies.toml"
#: folders of rule files that may lie in a pack
FOLDERS = ("regulations", "procedures")
#: rule files are called so inside their folder
NAME = r"[a-z0-9][a-z0-9._-]{0,80}\.toml"
#: files in one pack, and bytes of all of them unpacked
MOST_FILES, MOST_BYTES = 5000, 32 << 20
#: entries of a pack carry the first day a zip file knows, and the rights of a private file (Unix)
BEGINNING, UNIX, RIGHTS = (1980, 1, 1, 0, 0, 0), 3, 0o600 << 16

PackId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
_Words = Annotated[str, StringConstraints(min_length=1, max_length=250)]


class Manifest(Strict):
    """``pack.toml``. ``sequence`` only ever grows; the pack judges dossiers received from ``valid_from`` on."""

    format: Literal[1]
    id: PackId
    title: _Words
    sequence: Annotated[int, Field(ge=1, le=99_999_999)]
    valid_from: date
    issued_by: _Words


class AgencyEntry(Strict):
    code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$", max_length=64)]
    name: _Words


class AgenciesFile(Strict):
    """``agencies.toml``: codes of agencies and their names."""

    agency: Annotated[list[AgencyEntry], Field(min_length=1, max_length=20_000)]
