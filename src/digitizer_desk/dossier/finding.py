# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was measured on a page and what the rules made of it: plain values.

Apart from ``imaging`` (which measures) and ``rules`` (which judges) because these two must not know each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Colour(StrEnum):
    """What the pixels are, whatever the file says."""

    COLOUR = "colour"
    GREY = "grey"
    BILEVEL = "bilevel"


class DpiSource(StrEnum):
    """What the resolution was computed from: paper size (best), the file's own statement, or PDF placement."""

    PAPER = "paper"
    HEADER = "header"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on the page, in fractions (0-1) of its width and height, origin top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """Numbers read off one page. No limit is applied here. None means: could not be measured.

    width, height: pixels. dpi: (x, y) pixels an inch. sharpness: 0 (blurred) to 1, comparable across dpi.
    skew_deg: degrees, clockwise positive. rotation: 0|90|180|270, how far the page stands from upright.
    cut_edges: of left|right|top|bottom. damaged_corners: of tl|tr|bl|br. light: paper brightness 0 (black) to 1.
    ink: share of the page covered by ink, 0-1. blur_region: where a page is blurred only in part. ink_tone: brightness
    of the darkest ink, 0-1. cast: CIELAB a, b of the paper. backing_mm: dark backing seen left, top, right, bottom of
    the sheet. sheet_mm: (width, height) of the sheet, as outlined on its backing where it shows. streaks: lines of a
    dirty glass. seal_strength: redness of the seal's ink, 0-1. sketch: the page in a few kB, to compare it by,
    as personal as the page.
    """

    width: int
    height: int
    dpi: tuple[float, float]
    dpi_source: DpiSource
    colour: Colour
    sharpness: float | None
    skew_deg: float | None
    blank: bool
    rotation: int | None
    cut_edges: tuple[str, ...]
    damaged_corners: tuple[str, ...]
    light: float
    red_seal: bool
    note: bool
    ink: float
    real_dpi: float | None = None  # resolution of the real detail when it is below dpi (upscaled page)
    blur_region: Region | None = None
    ink_tone: float | None = None
    cast: tuple[float, float] | None = None
    backing_mm: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    sheet_mm: tuple[float, float] | None = None
    streaks: tuple[Region, ...] = ()
    seal_region: Region | None = None
    seal_strength: float | None = None
    blue_ink: bool = False
    sketch: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures held against each other: ids of a page and of an earlier one, how alike they are (-1 to 1), and how
    alike the counter-proof is."""

    page: str
    other: str
    alike: float
    counter: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What the pages of one component are to each other. No limit is applied here.

    ``twins``: pages that lie alike. ``through``: near-blank pages whose red is that of the other side, mirrored
    (``counter``: unmirrored). ``replaced``: pages against the version they took the place of (``other`` = ``page``).
    """

    twins: tuple[Pair, ...] = ()
    through: tuple[Pair, ...] = ()
    replaced: tuple[Pair, ...] = ()


class Severity(StrEnum):
    """A fault stops signing; a warning and an info do not."""

    FAULT = "fault"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one rule on one page or component: what was found, what was allowed, and by which law (R63).

    ``rule`` ends in a stable word (min_dpi, colour, blank, sharpness, skew, cut_edge, light, too_few_pages …) for
    which ``messages.py`` has the clerk's words. ``value`` and ``limit`` are text ready to show with unit.
    """

    rule: str
    severity: Severity
    value: str
    limit: str
    law: str
    keep_allowed: bool = False
    region: Region | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def is_fault(self) -> bool:
        return self.severity is Severity.FAULT

    @property
    def word(self) -> str:
        """The last part of the rule id."""
        return self.rule.rpartition(".")[2]
