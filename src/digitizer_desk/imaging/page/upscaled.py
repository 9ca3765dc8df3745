# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a page was blown up: the resolution it really had when it left the sensor.

Apart from sharpness because blur and enlargement look alike to it. Interpolation betrays itself otherwise: how strongly
neighbours bend depends on where a pixel lies between the samples it was made from, and that repeats with the factor
(A. C. Gallagher, Detection of linear and cubic interpolation in JPEG compressed images, CRV 2005).

Factors of exactly 2 and 4 have no rhythm of their own, or that of the JPEG blocks. They betray themselves otherwise:
made small by the factor and blown up again, such a page comes back as it was, but only when the blocks that are
averaged are those it was made from. On a true scan, sharp or blurred, the grid makes no difference.

Not seen: factors under 1.5 unless the interpolation was linear, and factors of 4 on pages that were blurred besides,
which fail by their sharpness.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.imaging.page.sharpness import grey_patch, ink_patches
from digitizer_desk.imaging.page.views import INK, Views

#: rows and columns that are looked at, those with most ink, in mm
_BAND_MM = 60.0
#: below, dotted lines and the grain of paper have rhythms of their own
_LOWEST, _HIGHEST = 0.28, 0.495
#: height of the peak over all other rhythms, in the clearer direction and in the other
_CLEAR, _SUPPORTED = 9.0, 5.0
#: rhythms this close to an eighth are those of JPEG blocks
_BLOCKS = 0.006
#: of the two factors that give one rhythm (3 and 1.5, 2.5 and 1.67) the larger beats it this hard both ways and leaves
#: the page less sharp than this
_HARD, _SOFT = 8.0, 0.55
_FEWEST = 400
#: resolutions people scan at: only their rhythms are looked for, others would be chance
_SENSORS = (72, 96, 100, 110, 120, 150, 180, 200, 240, 250, 300, 400)
_SAME = 0.0015
#: whole factors looked for by making small and large again, in so many patches; how many times better the right grid
#: must be than the others (true scans: up to 1.36)
_WHOLE = (2, 4)
_PATCHES = 4
_SIDE = 104
_WORTH_A_LOOK = 1.35
#: of a rhythm that means 3 or 1.5, the grid of three must be so many times better (pages of 200 dpi: up to 1.51)
_THREEFOLD = 1.65
_BETTER = 1.7
#: it must be better up and down as well as across: a thin streak is bound to one grid too, but one way only
_BOTH_WAYS = 1.2


def resolution_before(views: Views, sharpness: float | None) -> float | None:
    """Pixels an inch before enlargement; None when no enlargement shows."""
    for factor in _WHOLE:
        if _comes_back(views, factor):
            return float(round(views.full_dpi / factor))
    across, down = (_rhythms(band) for band in _bands(views))
    if across is None or down is None:
        return None
    best = (0.0, 0.0, 0.0)
    for before in _SENSORS:
        cycles = min(before / views.full_dpi, 1 - before / views.full_dpi)
        if _LOWEST <= cycles <= _HIGHEST and abs(cycles * 8 - round(cycles * 8)) > _BLOCKS * 8:
            one, other = _height_at(cycles, *across), _height_at(cycles, *down)
            best = max(best, (min(one, other), max(one, other), cycles))
    weaker, stronger, cycles = best
    if stronger < _CLEAR or weaker < _SUPPORTED:
        return None
    larger = weaker >= _HARD and sharpness is not None and sharpness < _SOFT
    if abs(cycles - 1 / 3) <= _SAME:  # 3 or 1.5: threefold is a whole factor, and comes back as such
        larger = larger or _slant(_patches(views, 3), 3, cv2.INTER_CUBIC) >= _THREEFOLD
    return float(round((cycles if larger else 1 - cycles) * views.full_dpi))


def _comes_back(views: Views, factor: int) -> bool:
    """Whether one grid of blocks brings the page's patches back much better than the grids beside it."""
    patches = _patches(views, factor)
    for way in (cv2.INTER_CUBIC, cv2.INTER_LINEAR):
        # the grids shifted both ways alike tell most pages; the others are asked only where one of these stands out
        if _slant(patches, factor, way) < _WORTH_A_LOOK:
            continue
        grids = [[[_lost(p[y:, x:], factor, way) for x in range(factor)] for y in range(factor)] for p in patches]
        found = [_stands_out(np.array(lost)) for lost in grids]
        clear, least = (float(np.median([f[i] for f in found])) for i in (1, 2))
        if len({f[0] for f in found}) == 1 and clear >= _BETTER and least >= _BOTH_WAYS:
            return True
    return False


def _patches(views: Views, factor: int) -> list[np.ndarray]:
    """Some parts with much ink, float32, large enough for the factor; none where there are too few."""
    boxes = ink_patches(views)
    boxes = boxes[:: max(1, len(boxes) // _PATCHES)][:_PATCHES]
    patches = [grey_patch(views, box)[:_SIDE, :_SIDE].astype(np.float32) for box in boxes]
    patches = [patch for patch in patches if min(patch.shape) >= 12 * factor]
    return patches if len(patches) >= _PATCHES // 2 else []


def _slant(patches: list[np.ndarray], factor: int, way: int) -> float:
    """How many times better the best grid shifted both ways alike brings the patches back than the others; 0 without
    patches."""
    lost = [[_lost(patch[at:, at:], factor, way) for at in range(factor)] for patch in patches]
    if not lost:
        return 0.0
    return float(np.median([(sum(each) - min(each)) / (factor - 1) / min(each) for each in lost]))


def _stands_out(lost: np.ndarray) -> tuple[int, float, float]:
    """The best grid, how much worse the one shifted both ways is, and how much worse at least one shifted one way."""
    y, x = np.unravel_index(int(lost.argmin()), lost.shape)
    size = lost.shape[0]
    best, ways = lost[y, x], (np.delete(lost[:, x], y), np.delete(lost[y], x))
    across = float(lost[(y + 1) % size, (x + 1) % size] / best)
    return int(lost.argmin()), across, float(min(way.mean() for way in ways) / best)


def _lost(patch: np.ndarray, factor: int, way: int) -> float:
    """Mean square of what a patch loses when made small and large again, the small one fitted in two rounds."""
    high, wide = (size // factor * factor for size in patch.shape)
    patch = patch[:high, :wide]
    small = (wide // factor, high // factor)
    made = cv2.resize(patch, small, interpolation=cv2.INTER_AREA)
    for _ in range(2):
        rest = patch - cv2.resize(made, (wide, high), interpolation=way)
        made = made + cv2.resize(rest, small, interpolation=cv2.INTER_AREA)
    rest = (patch - cv2.resize(made, (wide, high), interpolation=way))[4:-4, 4:-4]
    return max(0.05, float(np.square(rest).mean()))


def _height_at(wanted: float, height: np.ndarray, cycles: np.ndarray) -> float:
    near = np.abs(cycles - wanted) <= _SAME
    return float(height[near].max()) if near.any() else 0.0


def _bands(views: Views) -> tuple[np.ndarray, np.ndarray]:
    """Grey parts of the full page, their pixels in the direction to be searched along the rows."""
    size = max(1, round(_BAND_MM / 25.4 * views.full_dpi))
    ink = (views.ink >= INK).astype(np.float32)
    top, left = (_richest(ink.sum(axis=axis), round(views.px(_BAND_MM))) * views.ratio for axis in (1, 0))
    parts = (views.full[top : top + size], views.full[:, left : left + size])
    across, down = (p if p.ndim == 2 else cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) for p in parts)
    return across, cv2.transpose(down)


def _richest(ink: np.ndarray, size: int) -> int:
    sums = np.concatenate([[0.0], np.cumsum(ink)])
    return int((sums[size:] - sums[:-size]).argmax()) if len(ink) > size else 0


def _rhythms(band: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Heights over the median, and cycles a pixel, of the rhythms in how neighbours bend; None when too short."""
    if band.shape[1] < _FEWEST or band.shape[0] < 32:
        return None
    bend = cv2.convertScaleAbs(cv2.filter2D(band, cv2.CV_16S, np.array([[-1, 2, -1]], np.float32)))
    mean = cv2.reduce(bend, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()[2:-2]
    level = np.log(mean + 0.05)
    level = np.clip(level - cv2.blur(level.reshape(1, -1), (9, 1)).ravel(), -1, 1)
    height = np.abs(np.fft.rfft(level * np.hanning(len(level))))
    cycles = np.arange(len(height)) / len(level)
    searched = (cycles > _LOWEST) & (cycles < _HIGHEST)
    middle = float(np.median(height[searched]))
    if middle <= 0:
        return None
    return height[searched] / middle, cycles[searched]
