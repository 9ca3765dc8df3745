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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

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
#: an end of the page of this share, beyond all crisp patches, is looked at again where there are so many of these, if
#: it holds at least so many patches with ink at all; only ink as dark as this counts, which print seen through is not
_END, _CRISP_FEWEST, _END_FEWEST, _END_MOST, _END_CONTRAST = 0.25, 4, 2, 6, 90.0

Box: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``score`` 0-1 or None on pages with too little text; ``region`` where it is much worse than elsewhere."""

    score: float | None
    region: Region | None


def measure_sharpness(views: Views, patches: Sequence[Box]) -> Sharpness:
    """Score and blurred part, from the page's :func:`ink_patches`."""
    widest = _WIDEST_STROKE_MM / 25.4 * views.full_dpi
    slopes = {box: _slopes(grey_patch(views, box), widest) for box in patches}
    found = {box: _score(slope[0], views.full_dpi) for box, slope in slopes.items() if slope is not None}
    if len(found) < _FEWEST:
        return Sharpness(None, None)
    scores = np.array(list(found.values()))
    region, blurred = _blurred_part(views, list(found), scores)
    if region is None:
        soft = _soft_end(views, found)
        if soft is not None:
            return soft
    score = float(np.median(scores[blurred])) if region is not None else float(np.median(scores))
    return Sharpness(round(score, 3), region)


def ink_patches(views: Views) -> list[Box]:
    """At most 12 boxes (x0, y0, x1, y1) in full pixels, spread over the page, text-like only."""
    share, side = _ink_shares(views)
    columns = share.shape[1]
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
    return [_box(r, c, side * views.ratio) for r, c in ranked]


def _ink_shares(views: Views) -> tuple[np.ndarray, int]:
    """Share of ink of each square of the page, (rows, columns), and their side in pixels of the small views."""
    side = max(8, round(views.px(_PATCH_MM)))
    rows, columns = (size // side for size in views.dark.shape)
    sums = cv2.integral(views.dark)[: rows * side + 1 : side, : columns * side + 1 : side]
    shares: np.ndarray = np.diff(np.diff(sums, axis=0), axis=1) / (255.0 * side * side)
    return shares, side


def _box(row: int, column: int, side: int) -> Box:
    return column * side, row * side, (column + 1) * side, (row + 1) * side


def grey_patch(views: Views, box: Box) -> Pixels:
    """The pixels of a box, without colour, uint8 (h, w)."""
    x0, y0, x1, y1 = box
    return grey_part(views.full[y0:y1, x0:x1])


def _slopes(patch: Pixels, widest: float, least_contrast: float = _MIN_CONTRAST) -> tuple[float, float] | None:
    """Steepest rise in contrasts a pixel, in the direction where it is less steep and in the other; None without
    contrast or strokes."""
    levels = cv2.calcHist([patch], [0], None, [256], [0, 256]).ravel().cumsum() / patch.size
    paper = float(np.searchsorted(levels, 0.80))
    ink = float(np.searchsorted(levels, 0.01))
    contrast = paper - ink
    if contrast < least_contrast:
        return None
    dark = cv2.compare(patch, math.ceil(paper - contrast / 2), cv2.CMP_LT)
    if _stroke_width(dark) > widest:
        return None
    slopes = [_steepest(patch[:, 2:], patch[:, :-2], patch.size), _steepest(patch[2:], patch[:-2], patch.size)]
    if min(slopes) < _RULE * contrast and max(slopes) > 5 * min(slopes):
        return None  # a frame or a rule, which has edges one way only
    return min(slopes) / contrast, max(slopes) / contrast


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


def _blurred_part(views: Views, boxes: list[Box], scores: np.ndarray) -> tuple[Region | None, np.ndarray]:
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


def _soft_end(views: Views, scores: dict[Box, float]) -> Sharpness | None:
    """Score and region of an end of the page that holds little, a signature perhaps, and all of it blurred.

    One stroke has steep edges one way only, so here the steeper direction is asked: blurred is what is soft both ways.
    """
    best = float(np.percentile(list(scores.values()), 85))
    crisp = [box for box, score in scores.items() if score * _UNEVEN > best]
    if len(crisp) < _CRISP_FEWEST:
        return None
    share, side = _ink_shares(views)
    height, width = views.full.shape[:2]
    full, widest = side * views.ratio, _WIDEST_STROKE_MM / 25.4 * views.full_dpi
    first, last = min(box[1] for box in crisp) // full, max(box[3] for box in crisp) // full
    for rows in (range(first), range(last, len(share))):
        if len(rows) * full < _END * height:
            continue
        inked = [(share[r, c], _box(r, c, full)) for r in rows for c in range(share.shape[1])]
        inked = sorted((one for one in inked if _INK_SHARE[0] <= one[0] <= _INK_SHARE[1]), reverse=True)[:_END_MOST]
        slopes = [_slopes(grey_patch(views, box), widest, _END_CONTRAST) for _, box in inked]
        known = [pair for pair in slopes if pair is not None]
        if len(known) < _END_FEWEST or any(_score(pair[1], views.full_dpi) * _UNEVEN > best for pair in known):
            continue
        score = float(np.median([_score(pair[0], views.full_dpi) for pair in known]))
        top, bottom = rows.start * full / height, min(1.0, rows.stop * full / height)
        left, right = (pick(box[i] for _, box in inked) / width for pick, i in ((min, 0), (max, 2)))
        return Sharpness(round(score, 3), Region(left, top, right, bottom))
    return None
