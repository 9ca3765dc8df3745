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

from collections.abc import Sequence

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.sharpness import Box, grey_patch
from digitizer_desk.imaging.page.views import Views, grey_part

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
_BLOCK = 128
#: resolutions people scan at: only their rhythms are looked for, others would be chance
_SENSORS = (72, 96, 100, 110, 120, 150, 180, 200, 240, 250, 300, 400)
_SAME = 0.0015
#: whole factors looked for by making small and large again, in so many patches; how many times better the right grid
#: must be than the others (true scans: up to 1.36)
_WHOLE = (2, 4)
#: edges as narrow as pixels allow were made from no fewer pixels: so sharp is no enlarged page, though the driver
#: sharpened it afterwards (by 1.5: up to 0.88, the linear ones that are told 0.82; by 2: 0.78; by 3: 0.73)
_CRISP = 0.92
#: and so sharp is none made four times as large (75 dpi: up to 0.65)
_CRISP_OF_FOUR = 0.75
_PATCHES = 4
_SIDE = 104
_WORTH_A_LOOK = 1.35
#: what came of cubic interpolation stands out for the linear one, which costs half, as well (by 1.66 and more)
_WORTH_ANOTHER_WAY = 1.3
#: of a rhythm that means 3 or 1.5, the grid of three must be so many times better (pages of 200 dpi: up to 1.51)
_THREEFOLD = 1.65
_BETTER = 1.7
#: it must be better up and down as well as across: a thin streak is bound to one grid too, but one way only
_BOTH_WAYS = 1.2


def resolution_before(views: Views, sharpness: float | None, boxes: Sequence[Box]) -> float | None:
    """Pixels an inch before enlargement; None when no enlargement shows. ``boxes``: the page's ink patches."""
    if sharpness is not None and sharpness >= _CRISP:
        return None
    for factor in _WHOLE:
        crisp = factor == max(_WHOLE) and sharpness is not None and sharpness >= _CRISP_OF_FOUR
        if not crisp and _comes_back(views, boxes, factor):
            return float(round(views.full_dpi / factor))
    across, down = _bands(views)
    ones = _heights(across, False, views.full_dpi)
    if max(ones.values(), default=0.0) < _SUPPORTED:
        return None  # whatever the other direction says
    others = _heights(down, True, views.full_dpi)
    found = [(min(one, others[cycles]), max(one, others[cycles]), cycles) for cycles, one in ones.items() if others]
    weaker, stronger, cycles = max(found, default=(0.0, 0.0, 0.0))
    if stronger < _CLEAR or weaker < _SUPPORTED:
        return None
    larger = weaker >= _HARD and sharpness is not None and sharpness < _SOFT
    if abs(cycles - 1 / 3) <= _SAME:  # 3 or 1.5: threefold is a whole factor, and comes back as such
        patches = _patches(views, boxes, 3)
        larger = larger or (patches is not None and _slant(patches, 3, cv2.INTER_CUBIC) >= _THREEFOLD)
    return float(round((cycles if larger else 1 - cycles) * views.full_dpi))


def _comes_back(views: Views, boxes: Sequence[Box], factor: int) -> bool:
    """Whether one grid of blocks brings the page's patches back much better than the grids beside it."""
    patches = _patches(views, boxes, factor)
    if patches is None:
        return False
    for way in (cv2.INTER_LINEAR, cv2.INTER_CUBIC):
        # the grids shifted both ways alike tell most pages; the others are asked only where one of these stands out
        slant = _slant(patches, factor, way)
        if way == cv2.INTER_LINEAR and slant < _WORTH_ANOTHER_WAY:
            return False
        if slant < _WORTH_A_LOOK:
            continue
        grids = np.array([[_lost(patches[y:, x:], factor, way) for x in range(factor)] for y in range(factor)])
        found = [_stands_out(grids[:, :, number]) for number in range(patches.shape[2])]
        clear, least = (float(np.median([f[i] for f in found])) for i in (1, 2))
        if len({f[0] for f in found}) == 1 and clear >= _BETTER and least >= _BOTH_WAYS:
            return True
    return False


def _patches(views: Views, boxes: Sequence[Box], factor: int) -> np.ndarray | None:
    """Some parts with much ink, float32 (h, w, n), large enough for the factor; None where there are too few."""
    boxes = boxes[:: max(1, len(boxes) // _PATCHES)][:_PATCHES]
    patches = [grey_patch(views, box)[:_SIDE, :_SIDE] for box in boxes]
    if len(patches) < _PATCHES // 2 or min(patches[0].shape) < 12 * factor:
        return None
    together: np.ndarray = cv2.merge(patches).astype(np.float32)  # all of one size: small and large again in one go
    return together


def _slant(patches: np.ndarray, factor: int, way: int) -> float:
    """How many times better the best grid shifted both ways alike brings the patches back than the others."""
    lost = np.array([_lost(patches[at:, at:], factor, way) for at in range(factor)])
    best = lost.min(axis=0)
    return float(np.median((lost.sum(axis=0) - best) / (factor - 1) / best))


def _stands_out(lost: np.ndarray) -> tuple[int, float, float]:
    """The best grid, how much worse the one shifted both ways is, and how much worse at least one shifted one way."""
    y, x = np.unravel_index(int(lost.argmin()), lost.shape)
    size = lost.shape[0]
    best, ways = lost[y, x], (np.delete(lost[:, x], y), np.delete(lost[y], x))
    across = float(lost[(y + 1) % size, (x + 1) % size] / best)
    return int(lost.argmin()), across, float(min(way.mean() for way in ways) / best)


def _lost(patches: np.ndarray, factor: int, way: int) -> np.ndarray:
    """Mean square of what each patch (h, w, n) loses made small and large again, the small one fitted in two rounds."""
    high, wide = (size // factor * factor for size in patches.shape[:2])
    patches = np.ascontiguousarray(patches[:high, :wide])
    small = (wide // factor, high // factor)
    # no product of matrices here: the threads of a BLAS wait for each other on a busy machine
    made = cv2.resize(patches, small, interpolation=cv2.INTER_AREA)
    for _ in range(2):
        rest = cv2.subtract(patches, cv2.resize(made, (wide, high), interpolation=way))
        made = cv2.add(made, cv2.resize(rest, small, interpolation=cv2.INTER_AREA))
    rest = cv2.subtract(patches, cv2.resize(made, (wide, high), interpolation=way))[4:-4, 4:-4]
    return np.maximum(0.05, cv2.mean(cv2.multiply(rest, rest))[: patches.shape[2]])


def _heights(band: Pixels, down: bool, dpi: float) -> dict[float, float]:
    """How high the rhythm of each sensor stands, by its cycles a pixel; none when the band is too short."""
    found = _rhythms(band, down)
    if found is None:
        return {}
    height, cycles = found
    heights = {}
    for before in _SENSORS:
        wanted = min(before / dpi, 1 - before / dpi)
        if _LOWEST <= wanted <= _HIGHEST and abs(wanted * 8 - round(wanted * 8)) > _BLOCKS * 8:
            first, last = np.searchsorted(cycles, (wanted - _SAME, wanted + _SAME))
            heights[wanted] = float(height[first:last].max(initial=0.0))
    return heights


def _bands(views: Views) -> tuple[Pixels, Pixels]:
    """Parts of the full page, one to be searched along its rows and one along its columns."""
    size = max(1, round(_BAND_MM / 25.4 * views.full_dpi))
    ink = (cv2.reduce(views.dark, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() for axis in (1, 0))
    top, left = (_richest(sums, round(views.px(_BAND_MM))) * views.ratio for sums in ink)
    return views.full[top : top + size], views.full[:, left : left + size]


def _bends(band: Pixels, down: bool) -> np.ndarray:
    """How much neighbours bend on average in each column, or each row when looking ``down``; without the outermost."""
    kernel = np.array([[-1, 2, -1]], np.float32)
    means, weights = [], []
    for top in range(0, len(band), _BLOCK):  # so many rows stay in the processor's cache
        rows = band[max(0, top - 1) : top + _BLOCK + 1] if down else band[top : top + _BLOCK]
        grey = grey_part(rows)
        bend = cv2.convertScaleAbs(cv2.filter2D(grey, cv2.CV_16S, kernel.T if down else kernel))
        if down:
            bend = bend[min(1, top) : len(bend) - (top + _BLOCK < len(band))]
        means.append(cv2.reduce(bend, 1 if down else 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel())
        weights.append(len(bend))
    mean = np.concatenate(means) if down else np.average(means, axis=0, weights=weights)
    return mean[2:-2]


def _richest(ink: np.ndarray, size: int) -> int:
    sums = np.concatenate([[0.0], np.cumsum(ink)])
    return int((sums[size:] - sums[:-size]).argmax()) if len(ink) > size else 0


def _rhythms(band: Pixels, down: bool) -> tuple[np.ndarray, np.ndarray] | None:
    """Heights over the median, and cycles a pixel, of the rhythms in how neighbours bend; None when too short."""
    long, wide = band.shape[:2] if down else band.shape[1::-1]
    if long < _FEWEST or wide < 32:
        return None
    mean = _bends(band, down)
    level = np.log(mean + 0.05)
    level = np.clip(level - cv2.blur(level.reshape(1, -1), (9, 1)).ravel(), -1, 1)
    height = np.abs(np.fft.rfft(level * np.hanning(len(level))))
    cycles = np.arange(len(height)) / len(level)
    searched = (cycles > _LOWEST) & (cycles < _HIGHEST)
    middle = float(np.median(height[searched]))
    if middle <= 0:
        return None
    return height[searched] / middle, cycles[searched]
