# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a page is empty, and how much ink is on it.

Apart because a wrong "blank" loses a paper: a lone page number, a stamp, a line in pencil is content; specks,
staples, punch holes, feeder streaks and the pale show-through of the other side are not.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from digitizer_desk.imaging.page.streaks import find_streaks
from digitizer_desk.imaging.page.views import Views, darkest_channel, joined, level_of

_RIM_MM = 6.0
#: a mark of this length is writing, a smaller one only in company
_MARK_MM = 1.7
_SMALL_MARK_MM = 0.7
_COMPANY = 3
#: how close small marks must stand to be company
_COMPANY_MM = 8.0
#: darkness under the paper (of 255) the darkest point of a mark must reach; show-through stays below
_PEAK = 70
#: a stroke is at least so dark along its whole length, as a share of its darkest point
_CORE = 0.4
#: thin and long and this dark for the most part, it is a pencil line all the same
_PENCIL_TONE = 24
_PENCIL_MM = 12.0
_PENCIL_THIN_MM = 1.2
#: a pencil's edge rises by this share of its darkness from one pixel to the next; ink seen through paper is soft (up to
#: 0.26 of it), but never comes as a line alone: fewer pale marks than this beside it are no other side's print
_PENCIL_STEEP = 0.33
_PRINT_BEHIND = 25
#: a staple is a wire: of this length and no thicker. A number in the corner of a leaf is neither
_STAPLE_MM = (6.0, 13.0)
_WIRE_MM = 1.0
#: one that lies aslant is as straight as this
_WIRE_WIDE_MM = 1.3
#: the soft edge of a streak in pixels at 150 dpi, and how much its darkness varies
_STREAK_RIM, _STREAK_GRAIN = 3, 12
#: more ink than this is never a blank page
_CLEARLY_WRITTEN = 0.02


def ink_share(views: Views) -> float:
    """Share of the sheet under ink, 0-1."""
    sheet = views.backing.size - cv2.countNonZero(views.backing.view(np.uint8))
    return round(cv2.countNonZero(views.dark) / max(1, sheet), 5)


def is_blank(views: Views) -> bool:
    """No mark that anyone could have meant."""
    if ink_share(views) > _CLEARLY_WRITTEN:
        return False
    fine, dpi = _fine_ink(views)
    mm = dpi / 25.4
    marks = (fine >= 24).astype(np.uint8)
    rim = max(1, round(_RIM_MM * mm))
    marks[:rim] = marks[-rim:] = 0
    marks[:, :rim] = marks[:, -rim:] = 0
    count, labels, stats, centres = joined(marks)
    small: list[tuple[float, float]] = []
    pale, pencil = 0, False
    for label in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[label])
        longest = max(width, height) / mm
        if longest < _SMALL_MARK_MM * 0.7:
            continue
        part = labels[top : top + height, left : left + width] == label
        within = fine[top : top + height, left : left + width]
        peak = int(within[part].max())
        straight = math.hypot(width, height) / mm
        if not (_STAPLE_MM[0] <= straight <= _STAPLE_MM[1] and _is_wire(part, mm)):
            straight = longest
        if _is_artefact(width / mm, height / mm, area / mm**2, (left, top), fine.shape, mm, straight):
            continue
        if peak >= _PEAK:
            # a speck that lies on pale show-through is no longer for it
            _, _, *core = cv2.boundingRect((part & (within >= peak * _CORE)).astype(np.uint8))
            if max(core) / mm >= _MARK_MM:
                return False
            if max(core) / mm >= _SMALL_MARK_MM:
                small.append((float(centres[label][0]), float(centres[label][1])))
        else:
            pale += 1
        if longest >= _PENCIL_MM and area / mm**2 / longest <= _PENCIL_THIN_MM:
            tone = float(np.percentile(within[part], 95))  # a speck may lie on the line too
            if tone >= _PENCIL_TONE and _steepest(within, part) >= _PENCIL_STEEP * tone:
                return False
            pencil = pencil or tone >= _PENCIL_TONE
    return not (pencil and pale < _PRINT_BEHIND) and not _in_company(small, _COMPANY_MM * mm)


def _fine_ink(views: Views) -> tuple[np.ndarray, float]:
    """Ink at about 150 dpi, where thin strokes still have their darkness, coloured ink by its strongest channel."""
    small = views.fine
    if small.ndim == 3:
        small = darkest_channel(small)
    level = cv2.resize(views.paper, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_LINEAR)
    if views.colour is not None:  # the paper map is of the grey view; tinted paper is darker in one channel
        tint = int(level_of(views.grey, 0.5)) - int(level_of(darkest_channel(views.colour), 0.5))
        level = cv2.subtract(level, np.full_like(level, max(0, tint)))
    ink = cv2.subtract(level, small)
    if views.has_backing:
        away = cv2.dilate(views.backing.astype(np.uint8), np.ones((9, 9), np.uint8))
        ink[cv2.resize(away, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST) > 0] = 0
    for streak in find_streaks(views):
        # no darker than it is over its whole height: what is written on it stays, and print seen through the paper no
        # longer hangs together by it
        left, right = (round(side * ink.shape[1]) for side in (streak.left, streak.right))
        columns = np.s_[:, max(0, left - _STREAK_RIM) : right + _STREAK_RIM]
        own = np.percentile(ink[columns], 95, axis=0) + _STREAK_GRAIN
        ink[columns] = cv2.subtract(ink[columns], np.broadcast_to(own.astype(np.uint8), ink[columns].shape).copy())
    return ink, views.fine_dpi


def _steepest(fine: np.ndarray, part: np.ndarray) -> int:
    """The steepest rise between neighbours, in the upper percent of the marked part."""
    if min(fine.shape) < 2:
        return 255
    down = cv2.absdiff(fine[1:], fine[:-1])[part[1:] & part[:-1]]
    across = cv2.absdiff(fine[:, 1:], fine[:, :-1])[part[:, 1:] & part[:, :-1]]
    rises = np.concatenate([down.ravel(), across.ravel()])
    return int(np.percentile(rises, 97)) if rises.size else 255


def _is_artefact(
    width: float, height: float, area: float, at: tuple[int, int], shape: tuple[int, ...], mm: float, longest: float
) -> bool:
    """Punch holes, staples and streaks of the feeder, by size (mm) and place. ``longest``: from end to end."""
    page_w, page_h = shape[1] / mm, shape[0] / mm
    x, y = at[0] / mm + width / 2, at[1] / mm + height / 2
    if height > 0.5 * page_h and width < 2.5:
        return True  # streak along the feed
    from_side = min(x, page_w - x, y, page_h - y)
    round_hole = 4.0 <= width <= 8.5 and 4.0 <= height <= 8.5 and 0.7 <= width / height <= 1.43
    if round_hole and from_side < 20 and (area > 0.6 * width * height or area < 0.35 * width * height):
        return True
    near_corner = min(x, page_w - x) < 25 and min(y, page_h - y) < 25
    return near_corner and _STAPLE_MM[0] <= longest <= _STAPLE_MM[1] and area <= _WIRE_MM * longest


def _is_wire(part: np.ndarray, mm: float) -> bool:
    """Whether a mark is straight and thin from end to end, however it lies."""
    outlines, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return bool(min(cv2.minAreaRect(max(outlines, key=len))[1]) <= _WIRE_WIDE_MM * mm)


def _in_company(places: list[tuple[float, float]], reach: float) -> bool:
    """Small marks in a row (letters, digits), not specks strewn over the page."""
    if len(places) < _COMPANY:
        return False
    spots = np.array(places[:400])
    for spot in spots:
        near = spots[(np.abs(spots - spot) <= (reach, reach / 4)).all(axis=1)]
        if len(near) >= _COMPANY:
            return True
    return False
