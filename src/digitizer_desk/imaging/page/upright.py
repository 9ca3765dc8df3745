# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which way up a page stands, told by Vietnamese writing itself: its tone marks, hats and dots stand above the letters.

Apart from the lean because it looks at single marks, a pixel or two at 150 dpi, that are gone at 75. Each loose mark
that has a letter close below it and nothing above votes for up, one with a letter above and nothing below (a dot under
a vowel, the mark of a page upside down) for down. Figures and capitals have no marks and no vote, so tables speak
through the few words they hold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.lines import Lean
from digitizer_desk.imaging.page.views import Views, joined

#: darker than the mean of its surroundings by this is ink
_DARKER = 25
#: length of a loose mark, mm, and its least width
_MARK_MM, _LEAST_MM, _NARROW_MM = 1.6, 0.25, 0.2
#: how far from the mark its letter stands, mm; how much of that room the letter fills, and how little is nothing
_LETTER_MM = 1.6
_FILLED, _FREE = 0.25, 0.06
#: this many more loose marks this close at the same height are a dotted line to write on
_DOTS, _DOTS_MM = 3, 3.0
#: fewest votes; how one-sided they must be, as a share and in standard deviations of tossing a coin
_FEWEST, _ONE_SIDED, _DEVIATIONS = 8, 0.25, 2.0
#: lines and marks together must favour one direction of the lines by this (logarithms of how many times)
_SURE_OF_AXIS = 1.2
#: votes that either direction has by chance
_BY_CHANCE = 8
#: px (Gaussian) a page is softened by for a second look, where the first did not say: the dots of a printed screen run
#: together, and marks that the scanner broke in two are one again
_SOFTER = 1.0


@dataclass(frozen=True, slots=True)
class Marks:
    """Votes (up, down) if the lines run level, and if they run up and down, the right side of the picture being up."""

    level: tuple[int, int]
    sideways: tuple[int, int]


def measure_rotation(views: Views, lean: Lean | None) -> int | None:
    """How far (0, 90, 180, 270, clockwise) the page stands from upright; None when the writing does not say."""
    if lean is None:
        return None
    found = _told(count_marks(views.fine_grey, views.fine_dpi), lean)
    if found is None:
        found = _told(count_marks(cv2.GaussianBlur(views.fine_grey, (0, 0), _SOFTER), views.fine_dpi), lean)
    return found


def _told(marks: Marks, lean: Lean) -> int | None:
    """What the votes say; None when they are few, or nearly as many each way."""
    sideways = _sideways(marks, lean)
    if sideways is None:
        return None
    up, down = marks.sideways if sideways else marks.level
    votes, more = up + down, abs(up - down)
    if votes < _FEWEST or more < _ONE_SIDED * votes or more < _DEVIATIONS * math.sqrt(votes):
        return None
    if sideways:
        return 90 if up > down else 270
    return 0 if up > down else 180


def _sideways(marks: Marks, lean: Lean) -> bool | None:
    """Whether the lines run up and down; None when lines and marks do not agree on it.

    Marks stand along the line's height, so one direction has two to six times the votes of the other. Tables, columns
    side by side and handwriting stand out alike in both, and are told by that alone.
    """
    level, across = (sum(votes) + _BY_CHANCE for votes in (marks.level, marks.sideways))
    stands_out = math.log(lean.clear) * (-1 if lean.sideways else 1)
    sure = 2 * math.log(level / across) + stands_out
    return None if abs(sure) < _SURE_OF_AXIS else sure < 0


def count_marks(grey: Pixels, dpi: float) -> Marks:
    """Loose marks with a letter on one side of them only, for both directions the lines may run in.

    Args:
        grey: uint8 (H, W), about 150 dpi.
        dpi: its pixels an inch.
    """
    mm = dpi / 25.4
    window = max(15, round(dpi / 6)) | 1
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, _DARKER)
    _, _, stats, _ = joined(ink)
    x, y, width, height, area = stats[1:].astype(np.intp).T
    longest, narrowest = np.maximum(width, height), np.minimum(width, height)
    small = longest <= _MARK_MM * mm
    loose = small & (longest >= _LEAST_MM * mm) & (narrowest >= _NARROW_MM * mm) & (area >= 4)
    middle_x, middle_y = x + width // 2, y + height // 2
    sums, reach = cv2.integral(ink), max(1, round(_LETTER_MM * mm))
    level = loose & ~_in_dotted_line(middle_x, middle_y, small, ink.shape, mm)
    sideways = loose & ~_in_dotted_line(middle_y, middle_x, small, ink.shape[::-1], mm)
    high, wide = np.full_like(height, reach), np.full_like(width, reach)
    above, below = _filled(sums, x, y - reach, width, high), _filled(sums, x, y + height, width, high)
    right, left = _filled(sums, x + width, y, wide, height), _filled(sums, x - reach, y, wide, height)
    return Marks(_votes(above[level], below[level]), _votes(right[sideways], left[sideways]))


def _votes(above: np.ndarray, below: np.ndarray) -> tuple[int, int]:
    """How many marks have a letter below only, and above only."""
    return int(((below > _FILLED) & (above < _FREE)).sum()), int(((above > _FILLED) & (below < _FREE)).sum())


def _in_dotted_line(x: np.ndarray, y: np.ndarray, small: np.ndarray, shape: tuple[int, ...], mm: float) -> np.ndarray:
    """Which shapes (bool) stand among ``small`` ones in a row."""
    cells = np.zeros((shape[0] // 2 + 1, shape[1] // 4 + 1), np.float32)
    np.add.at(cells, (y[small] // 2, x[small] // 4), 1)
    window = (max(3, round(2 * _DOTS_MM * mm / 4) | 1), 3)
    near = cv2.boxFilter(cells, -1, window, normalize=False)
    in_row: np.ndarray = near[y // 2, x // 4] > _DOTS + 0.5
    return in_row


def _filled(sums: np.ndarray, x: np.ndarray, y: np.ndarray, width: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Share of ink (0-1) in boxes; parts outside the page count as free."""
    high, wide = sums.shape[0] - 1, sums.shape[1] - 1
    left, right = np.clip(x, 0, wide), np.clip(x + width, 0, wide)
    top, bottom = np.clip(y, 0, high), np.clip(y + height, 0, high)
    ink = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    share: np.ndarray = ink / (255.0 * np.maximum(1, width * height))
    return share
