# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far the lines of print lean: the shear at which the rows of a page line up best.

Apart because it is a search of its own. Line drawings fool it: a finding from it is never more than a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from digitizer_desk.imaging.measure import View

_LEAST_POINTS = 150
_MOST_POINTS = 12_000
_WIDEST = 8.0


def skew(view: View) -> float | None:
    """Degrees, clockwise positive, within ±8; None when there is too little print."""
    ink = view.grey < view.paper - 60
    tops = ink[1:] & ~ink[:-1]
    rim = view.px(6)
    tops[:rim] = tops[-rim:] = False
    tops[:, :rim] = tops[:, -rim:] = False
    y, x = np.nonzero(tops)
    if len(y) < _LEAST_POINTS:
        return None
    if len(y) > _MOST_POINTS:
        step = len(y) // _MOST_POINTS + 1
        y, x = y[::step], x[::step]
    xs, ys = x.astype(np.float64), y.astype(np.float64)
    best = 0.0
    for reach, pace in ((_WIDEST, 0.5), (0.5, 0.1), (0.1, 0.025)):
        angles = [float(a) for a in np.arange(best - reach, best + reach + pace / 2, pace)]
        scores = np.array([_score(xs, ys, angle) for angle in angles])
        # letters are whole pixels: near the best angle the score is a plateau, its middle is the answer
        best = float(np.mean([a for a, s in zip(angles, scores, strict=True) if s >= scores.max() * 0.998]))
    return round(best, 2) + 0.0


def _score(x: NDArray[np.float64], y: NDArray[np.float64], degrees: float) -> float:
    """Sum of squared differences of the sheared row histogram: highest when rows of letters fall together."""
    rows = (y - x * np.tan(np.radians(degrees))).round().astype(np.int64)
    counts = np.bincount(rows - rows.min()).astype(np.float64)
    return float(np.square(np.diff(counts)).sum())
