# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far the lines of a page lean, and which way is up.

Apart because both read the lines of text: their lean from the upper edges of ink in the 75 dpi view, the way up from
Vietnamese writing itself, whose tone marks and hats stand above the line.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import INK, Views

#: fewer edge points than this are no text
_FEWEST_POINTS = 150
_MOST_POINTS, _COARSE_POINTS = 9000, 2500
_REACH_DEG = 10.0
#: a joined shape wider and higher than this, with less ink than this share of its frame, is drawn and not written:
#: the oblique lines of a sketch pile up better than its few words
_DRAWN_MM = 6.0
_HOLLOW = 0.2
#: how much the best angle must stand out from all others
_CLEAR = 1.6


@dataclass(frozen=True, slots=True)
class Lean:
    """``degrees`` clockwise; ``sideways``: the lines run up and down the picture; ``clear``: how many times better than
    the other direction that is."""

    degrees: float
    sideways: bool
    clear: float


def measure_lean(views: Views) -> Lean | None:
    """The lean of the page's lines, within ±10 degrees; None when too little is written or nothing stands out."""
    ink = views.ink.copy()
    rim = max(1, round(views.px(3.0)))
    ink[:rim] = ink[-rim:] = 0
    ink[:, :rim] = ink[:, -rim:] = 0
    ink[_drawn(ink, views.px(_DRAWN_MM))] = 0
    edges = (_upper_edges(ink), _upper_edges(np.ascontiguousarray(np.rot90(ink))))
    found = [_about(points) for points in edges]
    sideways = found[1][1] > found[0][1]
    about, clear = found[sideways]
    if clear < _CLEAR:
        return None
    degrees = _exactly(edges[sideways], about)
    ratio = clear / max(1.0, found[not sideways][1])
    return Lean(round(degrees, 3), sideways, ratio) if abs(degrees) <= _REACH_DEG else None


def _drawn(ink: Pixels, least: float) -> np.ndarray:
    """Where long lines, frames, seals and signatures are: large in both directions and mostly hollow, unlike words."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink >= INK).astype(np.uint8), connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    hollow = stats[:, cv2.CC_STAT_AREA] < _HOLLOW * width * height
    drawn = (np.minimum(width, height) > least) & hollow
    drawn[0] = False
    where: np.ndarray = drawn[labels]
    return where


def _upper_edges(ink: Pixels) -> np.ndarray:
    """(2, n) float32: x and y of the upper edges of ink, from the picture's centre.

    y is interpolated between rows: on whole rows alone the level page piles up best, whatever its lean.
    """
    dark = (ink >= INK).astype(np.uint8)
    y, x = np.nonzero(dark[1:] & ~dark[:-1] & 1)
    if len(x) > _MOST_POINTS:
        pick = np.linspace(0, len(x) - 1, _MOST_POINTS).astype(np.intp)
        y, x = y[pick], x[pick]
    over, under = ink[y + 1, x].astype(np.float32), ink[y, x].astype(np.float32)
    between = (INK - under) / (over - under)
    return np.stack([x - ink.shape[1] / 2, y + between]).astype(np.float32)


def _about(points: np.ndarray) -> tuple[float, float]:
    """The shear, to half a degree, that piles the edges up in fewest rows, and how much it stands out (0: no text)."""
    if points.shape[1] < _FEWEST_POINTS:
        return 0.0, 0.0
    angles = np.arange(-_REACH_DEG, _REACH_DEG + 0.01, 0.5)
    some = points[:, :: max(1, points.shape[1] // _COARSE_POINTS)]
    scores = np.array([_pile(some, angle, 1.0) for angle in angles])
    return float(angles[int(scores.argmax())]), float(scores.max() / np.median(scores))


def _exactly(points: np.ndarray, centre: float) -> float:
    """The best angle near one, by ever finer steps and a parabola through the best three."""
    for step, fineness in ((0.125, 1.0), (0.04, 2.0)):
        angles = np.arange(centre - 4 * step, centre + 4.01 * step, step)
        scores = np.array([_pile(points, angle, fineness) for angle in angles])
        peak = int(scores.argmax())
        centre = float(angles[peak])
        if 0 < peak < len(angles) - 1:
            before, top, after = scores[peak - 1 : peak + 2]
            bend = before - 2 * top + after
            if bend < 0:
                centre += float(0.5 * (before - after) / bend) * step
    return centre


def _pile(points: np.ndarray, degrees: float, fineness: float) -> float:
    """Sum of squared differences of the row histogram after shearing by the angle (clockwise positive)."""
    rows = points[1] - points[0] * np.float32(np.tan(np.radians(degrees)))
    bins = ((rows - rows.min()) * np.float32(fineness)).astype(np.int32)
    counts = np.bincount(bins).astype(np.float32)
    return float(np.square(np.diff(counts)).sum())


#: pieces of lines that must be read, how much more ink must stand on one side of them than on the other, and how much
#: clearer their direction must be than the one across: sketches, tables of numbers and music reach none of these
_FEWEST_LINES, _LEAST_SCORE, _CLEAR_AXIS = 6, 0.14, 1.4


def measure_rotation(views: Views, lean: Lean | None) -> int | None:
    """How far (0, 90, 180, 270, clockwise) the page stands from upright; None when the writing does not say."""
    if lean is None:
        return None
    # marks are a pixel or two at 150 dpi, at 75 they are gone
    grey = views.fine if views.fine.ndim == 2 else cv2.cvtColor(views.fine, cv2.COLOR_RGB2GRAY)
    if lean.sideways:
        grey = np.ascontiguousarray(np.rot90(grey))  # lines run level now; the page's right side is up
    score, lines = _marks_above(grey, lean.degrees, views.fine_dpi)
    if lines < _FEWEST_LINES or abs(score) < _LEAST_SCORE or lean.clear < _CLEAR_AXIS:
        return None
    if lean.sideways:
        return 90 if score > 0 else 270
    return 0 if score > 0 else 180


def _marks_above(grey: np.ndarray, lean_deg: float, dpi: float) -> tuple[float, int]:
    """(ink above − ink below) over their sum, over all lines of text, and how many lines there were."""
    height, width = grey.shape
    shear = np.array([[1, 0, 0], [-np.tan(np.radians(lean_deg)), 1, np.tan(np.radians(lean_deg)) * width / 2]])
    level = cv2.warpAffine(grey, shear.astype(np.float32), (width, height), borderMode=cv2.BORDER_REPLICATE)
    ink = cv2.adaptiveThreshold(
        level, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, max(15, round(dpi / 6)) | 1, 25
    )
    mm = dpi / 25.4
    for shape in ((round(15 * mm), 1), (1, round(15 * mm))):  # ruled lines and frames are not writing
        ruled = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape[::-1], np.uint8))
        ink = cv2.subtract(ink, cv2.dilate(ruled, np.ones((3, 3), np.uint8)))
    above = below = 0.0
    lines = 0
    for block in _columns(ink, mm):
        rows = cv2.reduce(block, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel() / 255
        for top, bottom in _line_bands(rows, mm):
            found = _outside_body(rows[top:bottom], mm)
            if found is not None:
                above, below, lines = above + found[0], below + found[1], lines + 1
    total = above + below
    return ((above - below) / total if total else 0.0), lines


def _columns(ink: np.ndarray, mm: float) -> list[np.ndarray]:
    """The page in strips of about 40 mm, so that two columns of different lines do not blur each other."""
    step = max(1, round(40 * mm))
    return [ink[:, x : x + step] for x in range(0, ink.shape[1] - step // 2, step)]


def _line_bands(rows: np.ndarray, mm: float) -> list[tuple[int, int]]:
    """First and last row (exclusive) of each line of text, from the ink in each row."""
    busy = np.concatenate([[0], (rows > 0).astype(np.int8), [0]])
    starts, ends = np.nonzero(np.diff(busy) == 1)[0], np.nonzero(np.diff(busy) == -1)[0]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if 2.2 * mm <= b - a <= 9 * mm]


def _outside_body(rows: np.ndarray, mm: float) -> tuple[float, float] | None:
    """Ink above and below the body of the letters: the run of rows that hold most of it."""
    if rows.sum() < 40 * mm:
        return None
    body = np.nonzero(rows >= 0.45 * np.sort(rows)[int(len(rows) * 0.9)])[0]
    first, last = int(body.min()), int(body.max())
    height = last - first + 1
    if height < 1.0 * mm or height > 5 * mm:
        return None
    return float(rows[:first].sum()), float(rows[last + 1 :].sum())
