# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Marks on the page: is anything there at all, does it run off an edge, is a corner gone, a seal, a sticky note.

Apart from print (sharpness, skew) because these look at blobs. Not seen here: a cut corner on a white backing, a white
note on white paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from digitizer_desk.imaging.master import Pixels

if TYPE_CHECKING:
    from digitizer_desk.imaging.measure import View

#: lighter than this below the paper is bleed-through, not print
_PEAK = 70
_RIM_MM = 6.0
_LEAST_BLOB_MM = 1.4


def _ink(view: View, below: float) -> Pixels:
    return (view.grey < view.paper - below).astype(np.uint8)


def ink_share(view: View) -> float:
    """Share (0-1) of the page that is print."""
    return float(_ink(view, 60).mean())


def is_blank(view: View) -> bool:
    """Whether nothing is written: dust, holes near the edge and what shines through from the back do not count, a lone
    page number, a stamp or a pencil line do."""
    rim = view.px(_RIM_MM)
    inner = view.grey[rim:-rim, rim:-rim]
    if inner.size == 0:
        return False
    ink = (inner < view.paper - 45).astype(np.uint8)
    ink = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = view.px(_LEAST_BLOB_MM)
    for blob in range(1, count):
        left, top, wide, high, area = stats[blob]
        if max(wide, high) < least or _is_hole(view, left, wide, high, area, inner.shape[1]):
            continue
        if wide <= 3 and high > inner.shape[0] * 0.9:
            continue  # the streak of a dirty glass runs the whole height
        patch = inner[top : top + high, left : left + wide]
        if view.paper - int(patch[labels[top : top + high, left : left + wide] == blob].min()) >= _PEAK:
            return False
    return True


def _is_hole(view: View, left: int, wide: int, high: int, area: int, across: int) -> bool:
    """A filled disc of 4-8 mm within 20 mm of a long edge: a punch hole."""
    if not view.px(4) <= max(wide, high) <= view.px(8) or abs(wide - high) > view.px(1):
        return False
    near = left < view.px(16) or left + wide > across - view.px(16)
    return near and area > 0.68 * wide * high


def cut_edges(view: View) -> tuple[str, ...]:
    """Edges where at least three strokes touch the very border of the picture: print goes on outside it."""
    depth = max(1, round(0.5 * view.dpi / 25.4))
    dark = view.grey < view.paper - 90
    bands = {"left": dark[:, :depth], "right": dark[:, -depth:], "top": dark[:depth], "bottom": dark[-depth:]}
    found = []
    for edge, band in bands.items():
        line = np.asarray(band.all(axis=1 if edge in ("left", "right") else 0))
        if _strokes(view, line) >= 3:
            found.append(edge)
    return tuple(found)


def _strokes(view: View, line: NDArray[np.bool_]) -> int:
    """Runs of ink along an edge as long as a stroke: 0.2 to 6 mm. Dark backing is one long run and does not count."""
    steps = np.diff(np.concatenate(([0], line.astype(np.int8), [0])))
    lengths = np.flatnonzero(steps == -1) - np.flatnonzero(steps == 1)
    return int(((lengths >= 1) & (lengths <= view.px(6))).sum())


def damaged_corners(view: View) -> tuple[str, ...]:
    """Corners where a dark backing shows in a triangle of at least 10 mm legs: cut, torn or folded."""
    side = view.px(10)
    if min(view.grey.shape) < 4 * side:
        return ()
    corners = {
        "tl": view.grey[:side, :side],
        "tr": view.grey[:side, -side:][:, ::-1],
        "bl": view.grey[-side:, :side][::-1],
        "br": view.grey[-side:, -side:][::-1, ::-1],
    }
    inside = np.add.outer(np.arange(side), np.arange(side)) < side - 1
    found = []
    for name, square in corners.items():
        dark = square < 90
        if dark[inside].mean() > 0.75 and dark[~inside].mean() < 0.4:
            found.append(name)
    return tuple(found)


def has_red_seal(view: View) -> bool:
    """Whether there is a red mark the size of a seal (20-60 mm) whose ink is a ring or a frame, not a filled area."""
    if view.colour is None:
        return False
    wide = view.colour.astype(np.int16)
    red = ((wide[:, :, 0] - np.maximum(wide[:, :, 1], wide[:, :, 2])) > 45).astype(np.uint8)
    if red.sum() < (view.dpi / 25.4) ** 2 * 30:
        return False
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((view.px(2), view.px(2)), np.uint8))
    count, _labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    low, high = view.px(20), view.px(60)
    return any(
        low <= stats[i][2] <= high and low <= stats[i][3] <= high and 0.5 < stats[i][2] / stats[i][3] < 2
        for i in range(1, count)
    )


def has_note(view: View) -> bool:
    """Whether a coloured sticky note lies on the page: an even tinted rectangle of 2 to 160 square centimetres."""
    if view.colour is None:
        return False
    factor = max(1, int(view.dpi / 25))
    small = view.colour[: view.colour.shape[0] // factor * factor, : view.colour.shape[1] // factor * factor]
    small = cv2.resize(small, (small.shape[1] // factor, small.shape[0] // factor), interpolation=cv2.INTER_AREA)
    wide = small.astype(np.int16)
    paper = np.percentile(wide.reshape(-1, 3), 80, axis=0)
    tint = wide - paper
    chroma = tint.max(axis=2) - tint.min(axis=2)
    mask = ((chroma > 24) & (wide.max(axis=2) > 150)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    square_cm = (view.dpi / factor / 2.54) ** 2
    for contour in contours:
        area = cv2.contourArea(contour)
        (_, (a, b), _) = cv2.minAreaRect(contour)
        if 2 <= area / square_cm <= 160 and a * b > 0 and area / (a * b) >= 0.85:
            return True
    return False
