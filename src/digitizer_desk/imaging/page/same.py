# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whether two sketches show one sheet, or two sheets of one printed form.

Apart from the likeness of the whole (``twin.py``): two forms of one kind are alike nearly everywhere, so the whole says
little. Here one sketch is laid on the other exactly, and they are compared place by place: two scans of one sheet agree
everywhere, two people's forms differ in compact places, where each wrote something else.
"""

from __future__ import annotations

import contextlib

import cv2
import numpy as np

from digitizer_desk.imaging.page.twin import Sketch, likeness

#: less alike as a whole: no need to lay them on one another (one sheet twice: from 0.92)
_WORTH_LAYING = 0.75
#: a place is so wide and high, mm (pixels at 25 dpi): a word of a line
_PLACE = (13, 7)
#: places with less ink than this (variance of levels of 255) are paper
_INKED = 140.0
#: this share of the inked places may differ more than the score says: specks, a stroke at the rim
_SPARED = 0.005
_TURNS, _CLOSE_ENOUGH = 12, 1e-3
#: thin rules fall on one pixel or on two, as the sheet happens to lie: softened by this many pixels it is all one
_SOFT = 1.0


def same_place_by_place(one: Sketch, other: Sketch) -> float | None:
    """How alike two sheets are where they are least alike, 1 the same; None when one has too little ink to say.

    Never more than :func:`likeness` of the whole.
    """
    whole = likeness(one, other)
    if whole is None or whole < _WORTH_LAYING:
        return whole
    first, second, seen = _laid(one.ink, other.ink)
    places = _places(first, second, seen)
    if not places.size:
        return whole
    return round(min(whole, float(np.quantile(places, _SPARED))), 3)


def _laid(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both as float32 of one size, the second turned and stretched onto the first; where both were seen (bool)."""
    high, wide = (max(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    first, second = (_soft(ink, high, wide) for ink in (one, other))
    move = np.eye(2, 3, dtype=np.float32)
    move[:, 2] = _offset(first, second)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, _TURNS, _CLOSE_ENOUGH)
    with contextlib.suppress(cv2.error):  # where there is nothing to climb along the plain offset stays
        _, move = cv2.findTransformECC(first, second, move, cv2.MOTION_AFFINE, stop, None, 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(second, move, (wide, high), flags=flags)
    here, there = np.zeros((high, wide), np.uint8), np.zeros((high, wide), np.uint8)
    here[2 : one.shape[0] - 2, 2 : one.shape[1] - 2] = 1
    there[2 : other.shape[0] - 2, 2 : other.shape[1] - 2] = 1
    there = cv2.warpAffine(there, move, (wide, high), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    return first, moved, (here & there) > 0


def _soft(ink: np.ndarray, high: int, wide: int) -> np.ndarray:
    paper = np.zeros((high, wide), np.float32)
    paper[: ink.shape[0], : ink.shape[1]] = ink
    soft: np.ndarray = cv2.GaussianBlur(paper, (0, 0), _SOFT)
    return soft


def _offset(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Where the first's point lies in the second, from all shifts of up to 8 mm."""
    reach = 8
    room = cv2.copyMakeBorder(first, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    found = cv2.matchTemplate(room, second, cv2.TM_CCOEFF_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(found)
    return float(reach - x), float(reach - y)


def _places(first: np.ndarray, second: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """How alike each inked place is, -1 to 1, the second allowed to lie a pixel aside of itself."""
    a = np.where(seen, first, 0).astype(np.float32)
    b = np.where(seen, second, 0).astype(np.float32)
    b *= np.float32(float(np.sum(a * b)) / max(1.0, float(np.sum(b * b))))
    mean_a, square_a = _mean(a), _mean(a * a)
    var_a = square_a - mean_a * mean_a
    best = np.full(a.shape, -1.0, np.float32)
    var_most = var_a.copy()
    for y in (-1, 0, 1):
        for x in (-1, 0, 1):
            moved = np.roll(b, (y, x), axis=(0, 1)) * 0.5 + b * 0.5 if x or y else b
            mean_b = _mean(moved)
            var_b = _mean(moved * moved) - mean_b * mean_b
            both = _mean(a * moved) - mean_a * mean_b
            best = np.maximum(best, (2 * both + 10) / (var_a + var_b + 10))
            if not (x or y):
                var_most = np.maximum(var_a, var_b)
    whole = cv2.boxFilter(seen.astype(np.float32), -1, _PLACE) > 0.98
    inked: np.ndarray = best[(var_most > _INKED) & whole]
    return inked


def _mean(values: np.ndarray) -> np.ndarray:
    mean: np.ndarray = cv2.boxFilter(values, -1, _PLACE)
    return mean
