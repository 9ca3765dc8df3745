# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How sharp the print is: the blur of stroke edges in millimetres of paper, made a number from 0 to 1.

Apart because a whole-page variance, the usual measure, mixes up blur with the amount of text: here only edges of
strokes count, against their own contrast (after CG-DIQA), so that 200 and 300 dpi give the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels

if TYPE_CHECKING:
    from digitizer_desk.imaging.measure import View

_PATCH = 128
_PATCHES = 16
_LEAST_PATCHES = 3
_LEAST_CONTRAST = 60.0
#: print has an edge every few pixels; portraits and blots have fewer
_LEAST_EDGES = 0.05
#: edge blur (sigma, mm) that counts as fully sharp, and the range down to 0. Calibrated so that a Gaussian blur of
#: 1.6 px at 300 dpi (0.135 mm) over printed text falls just under 0.5, and clean print near 0.87 at 200 and 300 dpi
_SHARP_MM, _RANGE_MM = 0.03, 0.40


def sharpness(view: View) -> float | None:
    """0 (blurred) to 1; None when there is too little text to tell."""
    slopes = [slope for patch in _patches(view.full) if (slope := _slope(patch)) is not None]
    if len(slopes) < _LEAST_PATCHES:
        return None
    sigma_px = _sigma(float(np.median(slopes)))
    sigma_mm = sigma_px * 25.4 / view.full_dpi
    return round(float(np.clip(1 - (sigma_mm - _SHARP_MM) / _RANGE_MM, 0.0, 1.0)), 3)


def _patches(grey: Pixels) -> list[Pixels]:
    """The patches richest in ink, not counting solid dark ones."""
    rows, columns = grey.shape[0] // _PATCH, grey.shape[1] // _PATCH
    if rows == 0 or columns == 0:
        return [grey]
    cut = grey[: rows * _PATCH, : columns * _PATCH]
    dark = cv2.resize((cut < 128).astype(np.uint8) * 255, (columns, rows), interpolation=cv2.INTER_AREA)
    share = dark.astype(np.float32) / 255
    share[(share > 0.45) | (share < 0.01)] = 0
    order = np.argsort(share, axis=None)[::-1][:_PATCHES]
    places = [divmod(int(i), columns) for i in order if share.flat[i] > 0]
    return [cut[r * _PATCH : (r + 1) * _PATCH, c * _PATCH : (c + 1) * _PATCH] for r, c in places]


def _slope(patch: Pixels) -> float | None:
    """The steepest central difference over two pixels against the patch's contrast; the worse of both directions, so
    that motion blur counts."""
    low, high = np.percentile(patch, (1, 97))
    contrast = float(high - low)
    if contrast < _LEAST_CONTRAST:
        return None
    wide = patch.astype(np.int16)
    steps = np.abs(wide[:, 2:] - wide[:, :-2]), np.abs(wide[2:] - wide[:-2])
    if min(float((step > 0.15 * contrast).mean()) for step in steps) < _LEAST_EDGES:
        return None  # a picture or a blot, not print
    across, down = (float(np.percentile(step, 99)) for step in steps)
    return min(1.0, min(across, down) / contrast)


#: erf table for the inverse: the central difference over an ideal edge blurred by sigma is erf(1 / (sigma * sqrt 2))
_SIGMAS = np.linspace(0.3, 6.0, 400)
_DIFFERENCES = np.array([float(cv2.getGaussianKernel(41, s, cv2.CV_64F)[19:22].sum()) for s in _SIGMAS])


def _sigma(slope: float) -> float:
    """Blur in pixels of an edge with this slope, from the kernel itself."""
    return float(np.interp(-slope, -_DIFFERENCES, _SIGMAS))
