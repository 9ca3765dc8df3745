# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How crisp the characters are, comparable from 150 to 600 dpi.

Apart because it looks at full-size pixels, in the few patches that hold most ink.

Calibration: the steepest edges of the characters, in contrasts a pixel, are those of a Gaussian of some width; taking
off what the pixels themselves cost (0.8 px) leaves the width w in mm that optics, paper and movement have added, and
the score is 1 / (1 + (w / 0.113)²). Measured on generated pages at 150, 200, 300 and 400 dpi, with the driver's
sharpening and without (with; without):

    blur (px at 300 dpi)    0            0.8          1.0          1.6          2.0
    score at 300 dpi        0.98; 0.79   0.79; 0.59   0.69; 0.50   0.46; 0.32   0.36; 0.25
    score at 200 dpi        0.98; 0.82   0.77; 0.56   0.66; 0.48   0.46; 0.31   0.36; 0.25

so one half separates visibly blurred pages from all others at any of these resolutions: below it, strokes of 0.3 mm
run together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.dossier.finding import Region
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import Views, grey_part

_PATCHES = 12
_FEWEST = 3
_PATCH_MM = 10.8  # 128 px at 300 dpi
#: share of a patch that ink must and may cover: less is a stray line, more is a photograph or a solid area
_INK_SHARE = (0.03, 0.45)
#: a patch with less than this share of the ink of the rich ones shows a rule or a frame, not text
_RICH = 0.45
#: letters rise more steeply than this (contrasts a pixel) both ways, however they were pulled
_RULE = 0.025
#: width in mm of the blur that scores one half
_HALF_MM = 0.113
#: width in pixels of an edge that is as sharp as pixels allow
_PIXEL = 0.8
_MIN_CONTRAST = 60.0
#: strokes of print and pen are thinner than this, even blurred; parts of a portrait are not
_WIDEST_STROKE_MM = 1.3
#: a patch this many times crisper than another means that only part of the page is blurred
_UNEVEN = 2.5


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``score`` 0-1 or None on pages with too little text; ``region`` where it is much worse than elsewhere."""

    score: float | None
    region: Region | None


def measure_sharpness(views: Views) -> Sharpness:
    """Score and blurred part, from at most 12 patches spread over the page."""
    widest = _WIDEST_STROKE_MM / 25.4 * views.full_dpi
    slopes = {box: _slope(grey_patch(views, box), widest) for box in ink_patches(views)}
    found = {box: _score(slope, views.full_dpi) for box, slope in slopes.items() if slope is not None}
    if len(found) < _FEWEST:
        return Sharpness(None, None)
    scores = np.array(list(found.values()))
    region, blurred = _blurred_part(views, list(found), scores)
    score = float(np.median(scores[blurred])) if region is not None else float(np.median(scores))
    return Sharpness(round(score, 3), region)


def ink_patches(views: Views) -> list[tuple[int, int, int, int]]:
    """(x0, y0, x1, y1) in full pixels, spread over the page, text-like only."""
    side = max(8, round(views.px(_PATCH_MM)))
    rows, columns = views.dark.shape[0] // side, views.dark.shape[1] // side
    if rows == 0 or columns == 0:
        return []
    sums = cv2.integral(views.dark)[: rows * side + 1 : side, : columns * side + 1 : side]
    share = np.diff(np.diff(sums, axis=0), axis=1) / (255.0 * side * side)
    fits = (share >= _INK_SHARE[0]) & (share <= _INK_SHARE[1])
    if not fits.any():
        return []
    fits &= share >= _RICH * float(np.percentile(share[fits], 90))
    # the richest patch of each row first, rows spread over the page, so that a half-blurred page shows both halves
    order = np.argsort(np.where(fits, -share, 1.0), axis=1)
    written = [(int(row), int(fits[row].sum())) for row in np.nonzero(fits.any(axis=1))[0]]
    ranked: list[tuple[int, int]] = []
    for place in range(columns):
        left = [row for row, count in written if count > place]
        room = _PATCHES - len(ranked)
        if not left or room <= 0:
            break
        step = max(1.0, (len(left) - 1) / max(1, room - 1))
        chosen = [left[round(i * step)] for i in range(min(room, len(left)))]
        ranked += [(row, int(order[row, place])) for row in chosen]
    full = side * views.ratio
    return [(c * full, r * full, (c + 1) * full, (r + 1) * full) for r, c in ranked]


def grey_patch(views: Views, box: tuple[int, int, int, int]) -> Pixels:
    """The pixels of a box, without colour, uint8 (h, w)."""
    x0, y0, x1, y1 = box
    return grey_part(views.full[y0:y1, x0:x1])


def _slope(patch: Pixels, widest: float) -> float | None:
    """Steepest rise in contrasts a pixel, the smaller of both directions; None without contrast or strokes."""
    levels = cv2.calcHist([patch], [0], None, [256], [0, 256]).ravel().cumsum() / patch.size
    paper = float(np.searchsorted(levels, 0.80))
    ink = float(np.searchsorted(levels, 0.01))
    contrast = paper - ink
    if contrast < _MIN_CONTRAST:
        return None
    dark = cv2.compare(patch, math.ceil(paper - contrast / 2), cv2.CMP_LT)
    if _stroke_width(dark) > widest:
        return None
    slopes = [_steepest(patch[:, 2:], patch[:, :-2], patch.size), _steepest(patch[2:], patch[:-2], patch.size)]
    if min(slopes) < _RULE * contrast and max(slopes) > 5 * min(slopes):
        return None  # a frame or a rule, which has edges one way only
    return min(slopes) / contrast


def _steepest(one: Pixels, other: Pixels, size: int) -> float:
    """Levels a pixel that one point in a hundred of ``size`` exceeds, of two pictures two pixels apart. Counted, not
    sorted: differences of bytes are bytes."""
    counts = cv2.calcHist([cv2.absdiff(one, other)], [0], None, [256], [0, 256]).ravel()
    counts[0] += size - one.size  # the rim has no neighbour on both sides
    return int(np.searchsorted(counts.cumsum(), int(size * 0.99), side="right")) / 2


def _stroke_width(dark: Pixels) -> float:
    """Mean length of the runs of ink (255), in pixels, in the direction in which they are shorter."""
    across = cv2.countNonZero(cv2.subtract(dark[:, 1:], dark[:, :-1]))
    down = cv2.countNonZero(cv2.subtract(dark[1:], dark[:-1]))
    return cv2.countNonZero(dark) / max(1, across, down)


def _score(slope: float, dpi: float) -> float:
    """0-1 from the slope in contrasts a pixel."""
    width = 1 / (max(slope, 1e-3) * math.sqrt(2 * math.pi))
    added_mm = math.sqrt(max(0.0, width**2 - _PIXEL**2)) / dpi * 25.4
    return 1 / (1 + (added_mm / _HALF_MM) ** 2)


def _blurred_part(
    views: Views, boxes: list[tuple[int, int, int, int]], scores: np.ndarray
) -> tuple[Region | None, np.ndarray]:
    """The part of the page that is much less sharp than the rest, and which patches (bool) lie in it."""
    worst, best = np.percentile(scores, [15, 85])
    bad = scores < math.sqrt(worst * best)
    if len(boxes) < 6 or best < _UNEVEN * worst or bad.sum() < max(3, len(boxes) / 4):
        return None, bad
    inside = [box for box, blurred in zip(boxes, bad, strict=True) if blurred]
    height, width = views.full.shape[:2]
    region = Region(
        min(b[0] for b in inside) / width,
        min(b[1] for b in inside) / height,
        max(b[2] for b in inside) / width,
        max(b[3] for b in inside) / height,
    )
    return region, bad
