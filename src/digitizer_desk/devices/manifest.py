# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the desk knows of scanner families: words for its options, quirks, faults, times; read strictly from TOML.

Apart from the backends because this is data: a bad file can be refused, and cannot run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digitizer_desk.errors import error

#: what the code knows how to mind; a manifest may name no other
Quirk = Literal["end_of_stack_untrusted", "needs_paper_size", "resolution_is_float", "no_cancel_on_flatbed"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Match(_Part):
    """Which devices this manifest is for: shell patterns, compared without case."""

    backend: list[str]
    vendor: list[str] = ["*"]
    model: list[str] = ["*"]


class Options(_Part):
    """Our words -> the driver's words, in order of preference. Empty: the generic synonyms decide."""

    source: dict[Literal["flatbed", "feeder", "feeder-duplex"], list[str]] = {}
    mode: dict[Literal["color", "gray", "bw"], list[str]] = {}
    set_first: dict[str, str | int | float | bool] = {}


class Timeouts(_Part):
    """Seconds of silence after which the host is asked, then ended (drivers.md 4.3)."""

    open_s: float = Field(default=20.0, gt=0)
    first_page_s: float = Field(default=60.0, gt=0)
    inside_page_s: float = Field(default=5.0, gt=0)
    between_pages_s: float = Field(default=15.0, gt=0)
    stop_s: float = Field(default=3.0, gt=0)


class ScannerManifest(_Part):
    """One file of ``drivers/scanners``."""

    schema_: Literal[1] = Field(alias="schema")
    id: str
    title: str
    knowledge: str
    untested: str
    match: Match
    options: Options = Options()
    quirks: list[Quirk] = []
    faults: dict[str, str] = {}
    timeouts: Timeouts = Timeouts()
    tested: bool = False

    def fits(self, backend: str, vendor: str, model: str) -> int | None:
        """How specific the match is (count of letters that are no wildcard), or None."""
        best = 0
        for patterns, text in ((self.match.backend, backend), (self.match.vendor, vendor), (self.match.model, model)):
            good = [p for p in patterns if fnmatch(text.casefold(), p.casefold())]
            if not good:
                return None
            best += max(len(p.replace("*", "").replace("?", "")) for p in good)
        return best


@dataclass(frozen=True, slots=True)
class Manifests:
    """All manifests of this desk; the most specific match wins."""

    all: tuple[ScannerManifest, ...]

    def of(self, backend: str, vendor: str = "", model: str = "") -> ScannerManifest:
        """The manifest for a device, or a plain one that knows nothing special."""
        scored = [(fit, m) for m in self.all if (fit := m.fits(backend, vendor, model)) is not None]
        if scored:
            return max(scored, key=lambda pair: pair[0])[1]
        return PLAIN


PLAIN = ScannerManifest.model_validate(
    {
        "schema": 1,
        "id": "plain",
        "title": "Máy quét chưa có tệp mô tả",
        "knowledge": "none",
        "untested": "all",
        "match": {"backend": ["*"]},
        "quirks": ["end_of_stack_untrusted"],
    }
)


def load_manifests(folders: Sequence[Path]) -> Manifests:
    """Read every ``*.toml``; a later folder's file replaces an earlier one of the same id.

    Raises:
        DeskError: ``manifest.unreadable`` with the file; ``manifest.unknown_key`` with file and key.
    """
    found: dict[str, ScannerManifest] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            manifest = read_manifest(file)
            found[manifest.id] = manifest
    return Manifests(tuple(found.values()))


def read_manifest(file: Path) -> ScannerManifest:
    """Read one manifest.

    Raises:
        DeskError: as :func:`load_manifests`.
    """
    try:
        return ScannerManifest.model_validate(tomllib.loads(file.read_text("utf-8")))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise error("manifest.unknown_key", file=file.name, key=where) from problem
        raise error("manifest.unreadable", where, file=file.name) from problem
    except (OSError, ValueError) as problem:
        raise error("manifest.unreadable", str(problem), file=file.name) from problem
