# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a page was blown up: the resolution it really had when it left the sensor.

Apart from sharpness because blur and enlargement look alike to it. Interpolation betrays itself otherwise: how strongly
neighbours bend depends on where a pixel lies between the samples it was made from, and that repeats with the factor
(A. C. Gallagher, Detection of linear and cubic interpolation in JPEG compressed images, CRV 2005).

Not seen: factors of exactly 2 and 4, whose pixels all lie alike or whose rhythm is that of the JPEG blocks; smaller
ones than 2 only when the interpolation was linear.
"""

from __future__ import annotations

import cv2
import numpy as np

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


def resolution_before(views: Views, sharpness: float | None) -> float | None:
    """Pixels an inch before enlargement; None when no enlargement shows."""
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
    return float(round((cycles if larger else 1 - cycles) * views.full_dpi))


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
