# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was done to a page's picture: plain values.

Apart from ``imaging`` (which does it) and ``store`` (which keeps that it was done) because these two must not know each
other.
"""

from __future__ import annotations

from dataclasses import dataclass

from digitizer_desk.dossier.finding import Region


@dataclass(frozen=True, slots=True)
class Repair:
    """What to do with a page, in this order: turn, straighten, crop, light.

    turn: clockwise degrees, a multiple of 90. skew_deg: the skew as measured (clockwise), to be taken back. crop: the
    part to keep of the page so turned and straightened. light: bring the paper to white and, with it, its tint.
    """

    turn: int = 0
    skew_deg: float = 0.0
    crop: Region | None = None
    light: bool = False

    @property
    def nothing(self) -> bool:
        """Whether no pixel would change but by a quarter turn."""
        return not self.skew_deg and self.crop is None and not self.light


@dataclass(frozen=True, slots=True)
class Mended:
    """How a version of a page was made: ``repair`` done to version ``of``, which is always one that came as it is.

    A page mended twice is mended once, by both repairs together: no picture is ever made from one that was made.
    """

    of: int
    repair: Repair
