# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far the lines of a page lean, read from the upper edges of its letters in the 75 dpi view.

Apart because only writing may be asked: the oblique lines of a sketch pile up better than its few words, and lean as
somebody drew them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import INK, Views, joined

#: fewer edge points than this are no text
_FEWEST_POINTS = 150
_MOST_POINTS, _COARSE_POINTS = 9000, 2500
_REACH_DEG = 10.0
#: a joined shape is drawn and not written when it is larger than this with less ink than this share of its frame, or
#: longer than this and thin: frames, sketches, seals, signatures; rules and underlines, which may lean as they like
_DRAWN_MM, _HOLLOW = 5.0, 0.2
_RULE_MM, _THIN_MM = 14.0, 1.2
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
    rim = max(1, min(round(views.px(3.0)), min(views.ink.shape) // 2 - 1))
    ink = cv2.copyMakeBorder(views.ink[rim:-rim, rim:-rim], rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0)
    for asked in _written(ink, views.px(1.0)):
        found = _lean(asked)
        if found is not None:
            return replace(found, degrees=_finely(views, asked, found))
    return None


def _lean(ink: Pixels) -> Lean | None:
    edges = (_upper_edges(ink), _upper_edges(cv2.rotate(ink, cv2.ROTATE_90_COUNTERCLOCKWISE)))
    found = [_about(points) for points in edges]
    sideways = found[1][1] > found[0][1]
    about, clear = found[sideways]
    if clear < _CLEAR:
        return None
    degrees = _nearer(edges[sideways], about, 0.125, 1.0)
    ratio = clear / max(1.0, found[not sideways][1])
    return Lean(degrees, sideways, ratio) if abs(degrees) <= _REACH_DEG else None


def _finely(views: Views, asked: Pixels, lean: Lean) -> float:
    """The lean, in degrees, from the same letters at 150 dpi, where a tenth of a degree is more than a pixel."""
    ratio = max(1, round(views.fine_dpi / views.dpi))
    high, wide = asked.shape[0] * ratio, asked.shape[1] * ratio
    ink, mask = views.fine_ink[:high, :wide], cv2.compare(asked, INK - 1, cv2.CMP_GT)
    if lean.sideways:
        ink, mask = cv2.rotate(ink, cv2.ROTATE_90_COUNTERCLOCKWISE), cv2.rotate(mask, cv2.ROTATE_90_COUNTERCLOCKWISE)
    points = _upper_edges(ink, cv2.dilate(mask, np.ones((3, 3), np.uint8)))
    if points.shape[1] < _FEWEST_POINTS:
        return round(lean.degrees, 3)
    return round(_nearer(points, lean.degrees, 0.04, 1.5), 3)


def _written(ink: Pixels, mm: float) -> Iterator[Pixels]:
    """The ink without what was drawn, first without rules too, then with them. ``mm``: pixels a millimetre."""
    # half as dark as ink: a thin oblique line must hang together, else its steps look like level letters
    _, labels, stats, _ = joined(cv2.compare(ink, INK // 2, cv2.CMP_GT))
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    longest = np.maximum(width, height)
    drawn = (longest > _DRAWN_MM * mm) & (area < _HOLLOW * width * height)
    ruled = (longest > _RULE_MM * mm) & (area < _THIN_MM * mm * longest)
    kinds = np.where(drawn, 2, np.where(ruled, 1, 0)).astype(np.uint8)
    kinds[0] = 0
    if not kinds.any():
        yield ink
        return
    kind = np.zeros_like(ink)
    for label in np.flatnonzero(kinds):
        # only round what was drawn: to look up every point of the page takes longer, however little that is
        left, top = stats[label, cv2.CC_STAT_LEFT], stats[label, cv2.CC_STAT_TOP]
        box = np.s_[top : top + height[label], left : left + width[label]]
        kind[box][labels[box] == label] = kinds[label]
    yield cv2.bitwise_and(ink, cv2.compare(kind, 0, cv2.CMP_EQ))
    yield cv2.bitwise_and(ink, cv2.compare(kind, 2, cv2.CMP_LT))


def _upper_edges(ink: Pixels, where: Pixels | None = None) -> np.ndarray:
    """(2, n) float32: x and y of the upper edges of ink, from the picture's centre.

    y is where the ink begins inside its pixel, from how much of it and of the one above it covers: on whole rows alone
    the level page piles up best, whatever its lean. ``where``: a smaller mask of the edges that count.
    """
    dark = cv2.compare(ink, INK - 1, cv2.CMP_GT)
    x, y = _places(cv2.subtract(dark[1:-1], dark[:-2]))
    if where is not None:
        ratio = max(1, round(ink.shape[0] / where.shape[0]))
        counts = where[np.minimum(y // ratio, where.shape[0] - 1), np.minimum(x // ratio, where.shape[1] - 1)] > 0
        x, y = x[counts], y[counts]
    if len(x) > _MOST_POINTS:
        pick = np.linspace(0, len(x) - 1, _MOST_POINTS).astype(np.intp)
        y, x = y[pick], x[pick]
    above, begin, second = (ink[y + i, x].astype(np.float32) for i in range(3))
    return np.stack([x - ink.shape[1] / 2, y + 2 - (begin + above) / np.maximum(begin, second)]).astype(np.float32)


def _places(marks: Pixels) -> tuple[np.ndarray, np.ndarray]:
    """x and y of all that is not 0, row by row. Eight at once are passed over: nearly all of a page is empty."""
    flat = marks.reshape(-1)
    whole = flat.size // 8 * 8
    busy = np.flatnonzero(flat[:whole].view(np.uint64) != 0)
    within = np.flatnonzero(flat[:whole].reshape(-1, 8)[busy].ravel() != 0)
    places = np.concatenate([busy[within >> 3] * 8 + (within & 7), np.flatnonzero(flat[whole:]) + whole])
    y = places // marks.shape[1]
    return places - y * marks.shape[1], y


def _about(points: np.ndarray) -> tuple[float, float]:
    """The shear, to half a degree, that piles the edges up in fewest rows, and how much it stands out (0: no text)."""
    if points.shape[1] < _FEWEST_POINTS:
        return 0.0, 0.0
    angles = np.arange(-_REACH_DEG, _REACH_DEG + 0.01, 0.5)
    some = points[:, :: max(1, points.shape[1] // _COARSE_POINTS)]
    scores = _piles(some, angles, 1.0)
    return float(angles[int(scores.argmax())]), float(scores.max() / np.median(scores))


def _nearer(points: np.ndarray, centre: float, step: float, fineness: float) -> float:
    """The best angle within four steps of one, and a parabola through the best three."""
    angles = np.arange(centre - 4 * step, centre + 4.01 * step, step)
    scores = _piles(points, angles, fineness)
    peak = int(scores.argmax())
    best = float(angles[peak])
    if 0 < peak < len(angles) - 1:
        before, top, after = scores[peak - 1 : peak + 2]
        bend = before - 2 * top + after
        if bend < 0:
            best += float(0.5 * (before - after) / bend) * step
    return best


def _piles(points: np.ndarray, degrees: np.ndarray, fineness: float) -> np.ndarray:
    """Sum of squared differences of the row histogram after shearing by each angle (clockwise positive)."""
    rows = points[1] - points[0] * np.tan(np.radians(degrees)).astype(np.float32)[:, None]
    rows -= rows.min(axis=1, keepdims=True)
    rows *= np.float32(fineness)
    bins = rows.astype(np.intp)
    high = int(bins.max()) + 1
    bins += np.arange(0, len(degrees) * high, high)[:, None]
    counts = np.bincount(bins.ravel(), minlength=len(degrees) * high).reshape(len(degrees), high)
    steps = np.diff(counts, axis=1).astype(np.float32)
    sums: np.ndarray = np.square(steps).sum(axis=1)
    return sums
