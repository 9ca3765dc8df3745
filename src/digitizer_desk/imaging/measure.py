# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One look at a page: pixels in, numbers out, no law inside.

Apart from the detectors (``marks.py``, ``sharpness.py``, ``skew.py``) because they share reduced pictures that are
computed here once. Methods and thresholds follow our measurements; each detector says what it cannot see.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.dossier.finding import Colour, DpiSource, PageMeasures
from digitizer_desk.imaging import marks
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.sharpness import sharpness
from digitizer_desk.imaging.skew import skew

#: papers a counter meets, width x height in mm, upright; also lying
KNOWN_SHEETS = (
    (210.0, 297.0),
    (297.0, 420.0),
    (148.0, 210.0),
    (215.9, 279.4),
    (215.9, 355.6),
    (85.6, 54.0),
    (190.0, 265.0),
)
#: working resolution of the shared view
_VIEW_DPI = 100


@dataclass(frozen=True, slots=True)
class View:
    """What all detectors look at. ``grey`` and ``colour`` (None for a grey page) are reduced by a whole factor;
    ``dpi`` is theirs; ``paper`` the brightness 0-255 of the paper; ``full`` is the page in grey at full size."""

    grey: Pixels
    colour: Pixels | None
    full: Pixels
    dpi: float
    full_dpi: float
    paper: float

    def px(self, mm: float) -> int:
        """Millimetres as whole pixels of the view, at least one."""
        return max(1, round(mm * self.dpi / 25.4))


def measure_page(
    pixels: Pixels,
    *,
    dpi: tuple[float, float] | None,
    sheet_mm: tuple[float, float] | None,
    bilevel: bool = False,
    dpi_source: DpiSource | None = None,
) -> PageMeasures:
    """Measure one page. ``pixels``: uint8 (H, W, 3) RGB or (H, W) grey, at least 32 px a side.

    ``dpi`` is what device or file say, ``sheet_mm`` the paper's real size when it is known: then resolution is pixels
    over paper and the header is not asked. Without a sheet the header is believed only when it gives a possible one.
    """
    real, source = resolution(pixels, dpi, sheet_mm, dpi_source)
    view = make_view(pixels, real)
    blank = marks.is_blank(view)
    return PageMeasures(
        width=pixels.shape[1],
        height=pixels.shape[0],
        dpi=(round(real[0], 1), round(real[1], 1)),
        dpi_source=source,
        colour=Colour.BILEVEL if bilevel else colour_of(pixels, view),
        sharpness=None if blank else sharpness(view),
        skew_deg=None if blank else skew(view),
        blank=blank,
        rotation=None,
        cut_edges=() if blank else marks.cut_edges(view),
        damaged_corners=marks.damaged_corners(view),
        light=round(view.paper / 255, 3),
        red_seal=marks.has_red_seal(view),
        note=marks.has_note(view),
        ink=round(marks.ink_share(view), 4),
    )


def resolution(
    pixels: Pixels,
    dpi: tuple[float, float] | None,
    sheet_mm: tuple[float, float] | None,
    stated: DpiSource | None = None,
) -> tuple[tuple[float, float], DpiSource]:
    """Pixels an inch on both axes, and what they were computed from (R9: the header alone is never believed)."""
    height, width = pixels.shape[:2]
    if sheet_mm is not None:
        return (width / sheet_mm[0] * 25.4, height / sheet_mm[1] * 25.4), stated or DpiSource.PAPER
    if dpi is not None and min(dpi) > 0:
        said = (width / dpi[0] * 25.4, height / dpi[1] * 25.4)
        if max(said) <= 450 and min(said) >= 40 and abs(dpi[0] / dpi[1] - 1) < 0.02:
            return dpi, stated or DpiSource.HEADER
    shape = width / height
    sheets = [s for w, h in KNOWN_SHEETS for s in ((w, h), (h, w))]
    nearest = min(sheets, key=lambda s: abs(np.log(s[0] / s[1] / shape)))
    return (width / nearest[0] * 25.4, height / nearest[1] * 25.4), DpiSource.PAPER


def make_view(pixels: Pixels, dpi: tuple[float, float]) -> View:
    """The shared reduced pictures. Reduction is by a whole factor: any other costs five times as much."""
    full = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    factor = max(1, int(min(dpi) / _VIEW_DPI + 0.25))
    high, wide = (side // factor * factor for side in full.shape)
    size = (wide // factor, high // factor)
    grey = cv2.resize(full[:high, :wide], size, interpolation=cv2.INTER_AREA)
    colour = cv2.resize(pixels[:high, :wide], size, interpolation=cv2.INTER_AREA) if pixels.ndim == 3 else None
    histogram = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().cumsum()
    paper = float(np.searchsorted(histogram, histogram[-1] * 0.80))
    return View(grey, colour, full, min(dpi) / factor, min(dpi), paper)


def colour_of(pixels: Pixels, view: View) -> Colour:
    """Colour, grey, or bilevel, whatever the file says: grey saved as RGB has equal channels, bilevel no midtones."""
    if pixels.ndim == 3:
        sample = pixels[::3, ::3].astype(np.int16)
        spread = int((sample.max(axis=2) - sample.min(axis=2)).max())
        if spread > 4:
            return Colour.COLOUR
    histogram = cv2.calcHist([view.full], [0], None, [256], [0, 256]).ravel()
    midtones = float(histogram[24:232].sum() / histogram.sum())
    ends = float(histogram[:8].sum() / histogram.sum())
    return Colour.BILEVEL if midtones < 0.004 and ends > 0.001 else Colour.GREY
