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
_FEWEST, _ONE_SIDED, _DEVIATIONS = 8, 0.25, 2.25
#: the lines must stand out so many times better in one direction than across it, or the marks decide that too
_CLEAR_AXIS = 1.5


def measure_rotation(views: Views, lean: Lean | None) -> int | None:
    """How far (0, 90, 180, 270, clockwise) the page stands from upright; None when the writing does not say."""
    if lean is None:
        return None
    found = _read(views, lean.sideways)
    if lean.clear >= _CLEAR_AXIS:
        return found[0]
    across = _read(views, not lean.sideways)  # the lines hardly stand out: only one direction may make sense
    if found[0] is None or across[0] is None:
        return found[0] if found[1] > 1.5 * across[1] else None
    return None


def _read(views: Views, sideways: bool) -> tuple[int | None, float]:
    """Which way up the page stands if its lines run that way, and by how many standard deviations."""
    grey = views.fine_grey
    if sideways:
        grey = cv2.rotate(grey, cv2.ROTATE_90_COUNTERCLOCKWISE)  # lines run level now; the page's right side is up
    up, down = count_marks(grey, views.fine_dpi)
    votes, more = up + down, abs(up - down)
    sure = more / math.sqrt(max(1, votes))
    if votes < _FEWEST or more < _ONE_SIDED * votes or sure < _DEVIATIONS:
        return None, sure
    if sideways:
        return (90 if up > down else 270), sure
    return (0 if up > down else 180), sure


def count_marks(grey: Pixels, dpi: float) -> tuple[int, int]:
    """Loose marks with a letter below them only, and with a letter above them only, on a page whose lines run level.

    Args:
        grey: uint8 (H, W), about 150 dpi.
        dpi: its pixels an inch.
    """
    mm = dpi / 25.4
    window = max(15, round(dpi / 6)) | 1
    darker = cv2.subtract(cv2.blur(grey, (window, window), borderType=cv2.BORDER_REPLICATE), grey)
    ink = cv2.compare(darker, _DARKER, cv2.CMP_GE)
    _, _, stats, _ = joined(ink)
    x, y, width, height, area = stats[1:].astype(np.intp).T
    longest, narrowest = np.maximum(width, height), np.minimum(width, height)
    small = longest <= _MARK_MM * mm
    loose = small & (longest >= _LEAST_MM * mm) & (narrowest >= _NARROW_MM * mm) & (area >= 4)
    loose &= ~_in_dotted_line(x + width // 2, y + height // 2, small, ink.shape, mm)
    x, y, width, height = (v[loose] for v in (x, y, width, height))
    sums, reach = cv2.integral(ink), max(1, round(_LETTER_MM * mm))
    below = _filled(sums, x, y + height, width, reach)
    above = _filled(sums, x, y - reach, width, reach)
    return int(((below > _FILLED) & (above < _FREE)).sum()), int(((above > _FILLED) & (below < _FREE)).sum())


def _in_dotted_line(x: np.ndarray, y: np.ndarray, small: np.ndarray, shape: tuple[int, ...], mm: float) -> np.ndarray:
    """Which shapes (bool) stand among ``small`` ones in a row."""
    cells = np.zeros((shape[0] // 2 + 1, shape[1] // 4 + 1), np.float32)
    np.add.at(cells, (y[small] // 2, x[small] // 4), 1)
    window = (max(3, round(2 * _DOTS_MM * mm / 4) | 1), 3)
    near = cv2.boxFilter(cells, -1, window, normalize=False)
    in_row: np.ndarray = near[y // 2, x // 4] > _DOTS + 0.5
    return in_row


def _filled(sums: np.ndarray, x: np.ndarray, y: np.ndarray, width: np.ndarray, height: int) -> np.ndarray:
    """Share of ink (0-1) in boxes of the given height; parts outside the page count as free."""
    high, wide = sums.shape[0] - 1, sums.shape[1] - 1
    left, right = np.clip(x, 0, wide), np.clip(x + width, 0, wide)
    top, bottom = np.clip(y, 0, high), np.clip(y + height, 0, high)
    ink = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    share: np.ndarray = ink / (255.0 * np.maximum(1, width * height))
    return share
