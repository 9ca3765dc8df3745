# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Streaks of a dirty glass: thin dark lines along the feed, through paper and print alike.

Apart because it is the machine that is measured here, not the page: dirt stands at one place across the feed for the
whole length of every sheet, so it shows in every strip of bare paper from the first to the last. Nothing printed does:
the frame of a form and the rules of a table end before the paper does.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.dossier.finding import Region
from digitizer_desk.imaging.page.views import Views, level_of

#: the page is read in strips across the feed of this height
_STRIP_MM = 8.0
#: darker than the paper beside it by this (of 255), within this distance, and no wider than this
_DARKER, _BESIDE_MM, _WIDEST_MM = 6.0, 3.0, 1.6
#: share of the strips of bare paper that must show it, and fewest such strips
_SHARE, _FEWEST = 0.9, 5
#: a strip is bare where its surroundings are on average this close to the brightest paper
_BARE = 12.0
_MOST = 12
#: how dark its palest parts, and one end of it, are at least against its middle
_EVEN = 0.4


def find_streaks(views: Views) -> tuple[Region, ...]:
    """Where streaks run, from left to right; each over the whole height. Only lines along the feed (up and down)."""
    grey = views.fine_grey
    mm = views.fine_dpi / 25.4
    strips = grey.shape[0] // max(1, round(_STRIP_MM * mm))
    if strips < _FEWEST or grey.shape[1] < 8 * mm:
        return ()
    high = grey.shape[0] // strips
    each = (grey[top : top + high] for top in range(0, strips * high, high))
    levels = np.concatenate([cv2.reduce(strip, 0, cv2.REDUCE_AVG) for strip in each])
    window = max(3, round(2 * _BESIDE_MM * mm))
    beside = cv2.morphologyEx(levels, cv2.MORPH_CLOSE, np.ones((1, window), np.uint8), borderType=cv2.BORDER_REPLICATE)
    around = cv2.blur(levels, (window, 1), borderType=cv2.BORDER_REPLICATE)
    bare = around > level_of(beside, 0.9) - _BARE
    drop = beside.astype(np.float32) - levels
    darker = (drop >= _DARKER) & bare
    seen, rooms = darker.sum(axis=0), bare.sum(axis=0)
    through = (rooms >= _FEWEST) & (seen >= _SHARE * rooms)
    paper = np.nonzero(bare.mean(axis=1) > 0.5)[0]
    # dirt is as dark at the ends of the sheet as everywhere, print ends before them and its show-through is uneven
    for column in np.nonzero(through)[0] if len(paper) else ():
        weaker, middle = np.percentile(drop[bare[:, column], column], (10, 50))
        at_ends = max(drop[paper[0], column], drop[paper[-1], column])
        through[column] = min(weaker, at_ends) >= _EVEN * middle
    return _runs(through, grey.shape[1], mm)


def _runs(through: np.ndarray, width: int, mm: float) -> tuple[Region, ...]:
    closed = cv2.morphologyEx(
        through.astype(np.uint8).reshape(1, -1), cv2.MORPH_CLOSE, np.ones((1, max(1, round(mm))), np.uint8)
    )
    marks = np.concatenate([[0], closed.ravel().astype(np.int8), [0]])
    starts, ends = np.nonzero(np.diff(marks) == 1)[0], np.nonzero(np.diff(marks) == -1)[0]
    found = [
        Region(round(int(a) / width, 4), 0.0, round(int(b) / width, 4), 1.0)
        for a, b in zip(starts, ends, strict=True)
        if b - a <= _WIDEST_MM * mm
    ]
    return tuple(found[:_MOST])
