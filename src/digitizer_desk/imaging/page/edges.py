# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What happens at the rim: where the sheet lies in the picture, content that runs off it, corners folded or torn away.

Apart because all compare the sheet with the frame of the picture. A corner missing on a white backing leaves nothing
to see: only dark backing shows it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.seal import redness
from digitizer_desk.imaging.page.views import INK, Views, joined, level_below, level_counts

#: content within this of the rim runs off
_RIM_MM = 0.7
#: how wide (mm) the stroke of a letter is where the rim cuts it
_STROKE_MM = (0.12, 2.5)
_FEWEST_STROKES = 3
_CLOSE_MM = 25.0
#: the same strokes must be seen this far inside too: dirt on the rim is not
_INSIDE_MM = 1.2
#: redder than this (of 255) is a seal pressed over two sheets, whose other half is meant to lie elsewhere
_SEAL_RED = 30
#: no printer prints this close to the edge of its paper: letters that stand there stand at a cut
_UNPRINTED_MM = 4.0
_LETTER_MM = (1.0, 6.0)
_FEWEST_LETTERS = 4
#: two rules or sides of a frame that run so far straight into the rim, no thicker than this, are cut as well; a streak
#: of the glass runs on to the other side
_RULE_MM, _THICK_MM, _FEWEST_RULES = 10.0, 1.4, 2
#: the sheet is out of the picture on one side when so much backing shows on the other and so much of it is missing
_SHIFTED_MM, _MISSING_MM = 3.0, 4.0
#: legs of the smallest missing corner that is told, mm
_CORNER_LEG_MM = 7.0
_CORNER_ZONE_MM = 40.0


_Line = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the sheet lies on dark backing. ``backing_mm``: how much of it shows left, top, right and bottom of the
    sheet, half way along; ``width``, ``height``: of the sheet in pixels of the picture, None where one of the two
    edges is out of it; ``lines``: its left and right as (m, c) of x = m·y + c, top and bottom as of y = m·x + c, in
    pixels of the small views."""

    backing_mm: tuple[float, float, float, float]
    width: float | None
    height: float | None
    lines: tuple[_Line, _Line, _Line, _Line]


def outline(views: Views, lean_deg: float | None) -> Outline | None:
    """The sheet's place; None where no backing shows."""
    lines = _lines(views, lean_deg)
    if lines is None:
        return None
    high, wide = views.grey.shape
    at = [m * middle + c for (m, c), middle in zip(lines, (high / 2, high / 2, wide / 2, wide / 2), strict=True)]
    left, right, top, bottom = at[0], wide - 1 - at[1], at[2], high - 1 - at[3]
    mm = views.px(1.0)
    backing = tuple(round(max(0.0, v) / mm, 1) for v in (left, top, right, bottom))
    across = math.cos(math.atan(lines[0][0])) * views.ratio
    width = (at[1] - at[0] + 1) * across if left > 0 and right > 0 else None
    height = (at[3] - at[2] + 1) * across if top > 0 and bottom > 0 else None
    return Outline(backing, width, height, lines)


def cut_edges(views: Views, seen: Outline | None, sheets_mm: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """Of left, right, top, bottom: where content runs off the picture.

    That is where strokes of writing run into the rim, where letters stand closer to it than any printer prints, and
    where the sheet itself lies out of the picture.

    Args:
        views: the page.
        seen: the sheet's outline on its backing, where there is one.
        sheets_mm: known sheets (short, long), to tell how much of one is missing.
    """
    found = []
    full, dpi = views.full, views.full_dpi
    depth = max(4, round((_RIM_MM + _INSIDE_MM) / 25.4 * dpi))
    printed = _letters_at_rim(views) | _rules_at_rim(views)
    shifted = () if seen is None else _shifted(views, seen, sheets_mm)
    for name, strip, edge in (
        ("left", full[:, :depth], views.backing[:, 0]),
        ("right", full[:, -depth:], views.backing[:, -1]),
        ("top", full[:depth], views.backing[0]),
        ("bottom", full[-depth:], views.backing[-1]),
    ):
        dark = _dark(strip)
        backing = edge if views.has_backing else None
        strokes = 0
        if dark is not None and cv2.countNonZero(dark):
            strokes = _strokes_at_rim(_from_rim(dark, name), dpi, backing)
        if strokes >= _FEWEST_STROKES or name in printed or name in shifted:
            found.append(name)
    return tuple(found)


def _from_rim(strip: Pixels, name: str) -> Pixels:
    """The strip along a side with the rim on its left."""
    if name in ("right", "bottom"):
        strip = cv2.flip(strip, 1 if name == "right" else 0)
    return cv2.transpose(strip) if name in ("top", "bottom") else strip


def _dark(strip: Pixels) -> Pixels | None:
    """255 where the strip is much darker than its paper and not red; None where there is no paper but backing."""
    strip = np.ascontiguousarray(strip)
    channels = cv2.split(strip)
    grey = channels[0] if len(channels) == 1 else cv2.min(cv2.min(channels[0], channels[1]), channels[2])
    paper = level_below(level_counts(grey), 0.75)
    if paper < 140:
        return None
    dark: Pixels = cv2.compare(grey, math.ceil(paper - 90), cv2.CMP_LT)
    if len(channels) == 3 and cv2.countNonZero(dark):
        red, green, blue = channels
        dark = cv2.subtract(dark, cv2.compare(cv2.subtract(red, cv2.max(green, blue)), _SEAL_RED, cv2.CMP_GT))
    return dark


def _strokes_at_rim(dark: Pixels, dpi: float, backing: np.ndarray | None) -> int:
    """Runs of ink (255), as wide as strokes, that reach from the strip's left well into it."""
    rim = max(2, round(_RIM_MM / 2 / 25.4 * dpi))
    at_rim = cv2.reduce(dark[:, :rim], 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() > 0.5 * 255 * rim
    inside = cv2.reduce(dark[:, rim:], 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() > 0.25 * 255 * (dark.shape[1] - rim)
    busy = at_rim & inside
    if backing is not None:
        wide = cv2.dilate(np.ascontiguousarray(backing).view(np.uint8).reshape(-1, 1), np.ones((7, 1), np.uint8))
        busy &= cv2.resize(wide, (1, len(busy)), interpolation=cv2.INTER_NEAREST).ravel() == 0
    marks = np.concatenate([[0], busy.astype(np.int8), [0]])
    starts, ends = np.nonzero(np.diff(marks) == 1)[0], np.nonzero(np.diff(marks) == -1)[0]
    widths = (ends - starts) / dpi * 25.4
    strokes = (widths >= _STROKE_MM[0]) & (widths <= _STROKE_MM[1])
    # strokes of writing come close together; table rules and stray marks do not
    places = starts[strokes] / dpi * 25.4
    if len(places) < _FEWEST_STROKES:
        return 0
    near = [int((np.abs(places - place) < _CLOSE_MM).sum()) for place in places]
    return max(near)


def _letters_at_rim(views: Views) -> set[str]:
    """Sides along which letters in a row stand closer to the rim than paper is printed."""
    mm = views.px(1.0)
    depth = round((_UNPRINTED_MM + _LETTER_MM[1]) * mm)
    ink = cv2.compare(views.ink, INK, cv2.CMP_GT)
    sides = {"left": np.s_[:, :depth], "right": np.s_[:, -depth:], "top": np.s_[:depth], "bottom": np.s_[-depth:]}
    if not any(cv2.countNonZero(ink[place]) for place in sides.values()):
        return set()
    if views.colour is not None:
        ink = cv2.subtract(ink, cv2.compare(redness(views.colour), _SEAL_RED, cv2.CMP_GT))
    strips = ((name, ink[place]) for name, place in sides.items())
    return {name for name, strip in strips if _letters(_from_rim(strip, name), mm) >= _FEWEST_LETTERS}


def _letters(strip: np.ndarray, mm: float) -> int:
    """The most letters within 60 mm that lie, whole, between the rim (the strip's left) and where printing starts."""
    if not cv2.countNonZero(strip):
        return 0
    _, _, stats, _ = joined(strip)
    x, y, width, height, area = stats[1:].T
    size = np.maximum(width, height) / mm
    letter = (size >= _LETTER_MM[0]) & (size <= _LETTER_MM[1]) & (area >= 0.2 * width * height)
    letter &= (np.minimum(width, height) >= 0.4 * mm) & (x + width <= _UNPRINTED_MM * mm) & (x > 0)
    places = np.sort(y[letter])
    return max((int(((places >= p) & (places <= p + 60 * mm)).sum()) for p in places), default=0)


def _rules_at_rim(views: Views) -> set[str]:
    """Sides into which thin straight lines run that do not come out on the other side."""
    depth, thick = round(views.px(_RULE_MM)), views.px(_THICK_MM)
    ink = cv2.compare(views.ink, INK, cv2.CMP_GT)
    if min(ink.shape) < 4 * depth:
        return set()
    found = set()
    for near, far, upright in (("left", "right", ink), ("top", "bottom", ink.T)):
        first, last = (_ruled(strip) for strip in (upright[:, :depth], upright[:, -depth:]))
        both = cv2.dilate(first, np.ones((9, 1), np.uint8)) & cv2.dilate(last, np.ones((9, 1), np.uint8))
        for name, lines in ((near, first), (far, last)):
            marks = np.concatenate([[0], np.where(both > 0, 0, lines).ravel().astype(np.int8), [0]])
            starts, ends = np.nonzero(np.diff(marks) == 1)[0], np.nonzero(np.diff(marks) == -1)[0]
            if int((ends - starts <= thick).sum()) >= _FEWEST_RULES:
                found.add(name)
    return found


def _ruled(strip: np.ndarray) -> np.ndarray:
    """Rows (h, 1) of 0 and 1: dark from end to end, a pixel up or down allowed for the lean."""
    if not cv2.countNonZero(strip):
        return np.zeros((len(strip), 1), np.uint8)
    joined_up = cv2.dilate(np.ascontiguousarray(strip), np.ones((2, 1), np.uint8))
    rows: np.ndarray = (joined_up.mean(axis=1, keepdims=True) > 0.95 * 255).astype(np.uint8)
    return rows


def _shifted(views: Views, seen: Outline, sheets_mm: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """Sides on which the sheet lies out of the picture: backing on the other side, and too short for its width."""
    high, wide = views.full.shape[:2]
    left, top, right, bottom = seen.backing_mm
    to_mm = 25.4 / views.full_dpi
    there = ((seen.width or wide) * to_mm - (left + right if seen.width is None else 0.0),
             (seen.height or high) * to_mm - (top + bottom if seen.height is None else 0.0))  # fmt: skip
    sides = []
    for axis, near, far, names in ((0, left, right, ("left", "right")), (1, top, bottom, ("top", "bottom"))):
        fits = [
            sheet[axis] - there[axis]
            for short, long in sheets_mm
            for sheet in ((short, long), (long, short))
            if abs(sheet[1 - axis] - there[1 - axis]) <= _MISSING_MM
        ]
        if not fits or min(abs(miss) for miss in fits) <= _MISSING_MM or fits[0] < _MISSING_MM:
            continue
        if near == 0 and far >= _SHIFTED_MM:
            sides.append(names[0])
        elif far == 0 and near >= _SHIFTED_MM:
            sides.append(names[1])
    return tuple(sides)


def damaged_corners(views: Views, seen: Outline | None) -> tuple[str, ...]:
    """Of tl, tr, bl, br: corners of the sheet where dark backing shows inside the lines of its edges.

    Args:
        views: the page.
        seen: the sheet's outline on its backing, where there is one.
    """
    if seen is None:
        return ()
    left, right, top, bottom = seen.lines
    height, width = views.backing.shape
    zone, slack = round(views.px(_CORNER_ZONE_MM)), max(1.0, views.px(0.7))
    least = 0.5 * views.px(_CORNER_LEG_MM) ** 2
    found = []
    for name in ("tl", "tr", "bl", "br"):
        rows = slice(0, zone) if "t" in name else slice(max(0, height - zone), height)
        columns = slice(0, zone) if "l" in name else slice(max(0, width - zone), width)
        y, x = np.ogrid[rows, columns]
        y, x = y[: height - rows.start].astype(np.float32), x[:, : width - columns.start].astype(np.float32)
        within = (
            (x >= left[0] * y + left[1] + slack) & (x <= right[0] * y + right[1] - slack)
            & (y >= top[0] * x + top[1] + slack) & (y <= bottom[0] * x + bottom[1] - slack)
        )  # fmt: skip
        if _is_corner(within & views.backing[rows, columns], within, name, least):
            found.append(name)
    return tuple(found)


def _is_corner(missing: np.ndarray, within: np.ndarray, name: str, least: float) -> bool:
    """The missing part must hold the corner itself, and be big enough."""
    if missing.sum() < least:
        return False
    y, x = np.nonzero(within)
    far = (x if "l" in name else -x) + (y if "t" in name else -y)
    tip = int(far.argmin())
    _, labels = cv2.connectedComponents(missing.astype(np.uint8), connectivity=8)
    reach = np.s_[max(0, y[tip] - 4) : y[tip] + 5, max(0, x[tip] - 4) : x[tip] + 5]
    label = int(labels[reach].max())
    return label > 0 and bool((labels == label).sum() >= least)


#: at least this share of a side must show backing before its edge counts as seen
_SEEN = 0.3


def _lines(views: Views, lean_deg: float | None) -> tuple[_Line, _Line, _Line, _Line] | None:
    if not views.has_backing:
        return None
    sheet = (~views.backing).astype(np.uint8)
    outline_lean = _sheet_lean(sheet)
    return _sheet_edges(sheet, [outline_lean] if lean_deg is None else [lean_deg, outline_lean])


def _sheet_lean(sheet: np.ndarray) -> float:
    """Degrees by which the sheet's own outline leans; a page without text has nothing else."""
    outlines, _ = cv2.findContours(sheet, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return 0.0
    angle = float(cv2.minAreaRect(max(outlines, key=cv2.contourArea))[2])
    return (angle + 45.0) % 90.0 - 45.0


def _sheet_edges(sheet: np.ndarray, leans_deg: list[float]) -> tuple[_Line, _Line, _Line, _Line] | None:
    """Left, right as x = m·y + c and top, bottom as y = m·x + c; an edge out of the picture is its frame."""
    height, width = sheet.shape
    rows = np.nonzero(sheet.sum(axis=1) > 0.3 * width)[0]
    columns = np.nonzero(sheet.sum(axis=0) > 0.3 * height)[0]
    if len(rows) < 40 or len(columns) < 40:
        return None
    down = [float(np.tan(np.radians(lean))) for lean in leans_deg]
    aside = [-slope for slope in down]
    left = _edge(rows, sheet[rows].argmax(axis=1), aside, 0)
    right = _edge(rows, width - 1 - sheet[rows][:, ::-1].argmax(axis=1), aside, width - 1)
    top = _edge(columns, sheet[:, columns].argmax(axis=0), down, 0)
    bottom = _edge(columns, height - 1 - sheet[::-1][:, columns].argmax(axis=0), down, height - 1)
    return left, right, top, bottom


def _edge(along: np.ndarray, offset: np.ndarray, slopes: list[float], frame: int) -> _Line:
    """The line through the seen part of an edge, with the slope that fits it best; a corner cut off is outvoted."""
    seen = np.abs(offset - frame) > 1
    if seen.mean() < _SEEN:
        return 0.0, float(frame)
    lines = []
    for slope in slopes:
        rest = offset[seen] - slope * along[seen]
        middle = float(np.median(rest))
        lines.append((float(np.median(np.abs(rest - middle))), slope, middle))
    _, slope, middle = min(lines)
    return slope, middle
