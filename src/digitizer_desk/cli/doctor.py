# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``doctor``: the looks of ``checkup``, with the doors of the terminal.

Apart from the looks because a terminal opens each part itself, also where no cabinet was ever made.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from digitizer_desk.checkup import looks
from digitizer_desk.checkup.looks import Part, Sources
from digitizer_desk.cli.doors import Doors

__all__ = ["Part", "examine", "examine_province"]


def examine(doors: Doors) -> Sequence[Part]:
    """All parts, in the order of the work."""
    return looks.examine(_sources(doors))


def examine_province(doors: Doors) -> Sequence[Part]:
    """The way to the province, stretch by stretch up to the first that is broken."""
    return looks.province(_sources(doors))


def _sources(doors: Doors) -> Sources:
    try:
        made = (doors.data / "cabinet" / "vault.json").is_file()
    except OSError:
        made = True  # a folder nobody may look into: opening it says so
    return Sources(
        data=doors.data,
        rulebook=doors.rulebook,
        scanner=doors.scanner,
        token=lambda: closing(doors.token(None)),
        stamp_font=doors.stamp_font,
        desk=doors.open_desk if made else None,
    )
