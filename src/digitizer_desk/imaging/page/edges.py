# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What happens at the rim: content that runs off the picture, corners folded or torn away.

Apart because both compare the sheet with the frame of the picture. A corner missing on a white backing leaves
nothing to see: only dark backing shows it.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.imaging.page.views import Views, darkest_channel

#: content within this of the rim runs off
_RIM_MM = 0.7
#: how wide (mm) the stroke of a letter is where the rim cuts it
_STROKE_MM = (0.12, 2.5)
_FEWEST_STROKES = 3
_CLOSE_MM = 25.0
#: the same strokes must be seen this far inside too: dirt on the rim is not
_INSIDE_MM = 1.2
#: legs of the smallest missing corner that is told, mm
_CORNER_LEG_MM = 7.0
_CORNER_ZONE_MM = 40.0


def cut_edges(views: Views) -> tuple[str, ...]:
    """Of left, right, top, bottom: where strokes of writing run into the rim of the picture."""
    found = []
    full, dpi = views.full, views.full_dpi
    depth = max(4, round((_RIM_MM + _INSIDE_MM) / 25.4 * dpi))
    for name, strip in (
        ("left", full[:, :depth]),
        ("right", full[:, ::-1][:, :depth]),
        ("top", full[:depth].swapaxes(0, 1)),
        ("bottom", full[::-1][:depth].swapaxes(0, 1)),
    ):
        if _strokes_at_rim(np.ascontiguousarray(strip), dpi) >= _FEWEST_STROKES:
            found.append(name)
    return tuple(found)


def _strokes_at_rim(strip: np.ndarray, dpi: float) -> int:
    """Runs of ink, as wide as strokes, that reach from the first pixels of the strip well into it."""
    grey = strip if strip.ndim == 2 else darkest_channel(strip)
    paper = float(np.percentile(grey, 75))
    if paper < 140:
        return 0  # backing, not paper
    dark = (grey < paper - 90).astype(np.uint8)
    rim = max(2, round(_RIM_MM / 2 / 25.4 * dpi))
    at_rim = dark[:, :rim].mean(axis=1) > 0.5
    inside = dark[:, rim:].mean(axis=1) > 0.25
    busy = np.concatenate([[0], (at_rim & inside).astype(np.int8), [0]])
    starts, ends = np.nonzero(np.diff(busy) == 1)[0], np.nonzero(np.diff(busy) == -1)[0]
    widths = (ends - starts) / dpi * 25.4
    strokes = (widths >= _STROKE_MM[0]) & (widths <= _STROKE_MM[1])
    # strokes of writing come close together; table rules and stray marks do not
    places = starts[strokes] / dpi * 25.4
    if len(places) < _FEWEST_STROKES:
        return 0
    near = [int((np.abs(places - place) < _CLOSE_MM).sum()) for place in places]
    return max(near)


def damaged_corners(views: Views, lean_deg: float | None) -> tuple[str, ...]:
    """Of tl, tr, bl, br: corners of the sheet where dark backing shows inside the lines of its edges.

    Args:
        views: the page.
        lean_deg: lean of the text, clockwise, where it was measured; the sheet mostly leans alike.
    """
    if not views.has_backing:
        return ()
    sheet = (~views.backing).astype(np.uint8)
    height, width = sheet.shape
    outline = _sheet_lean(sheet)
    edges = _sheet_edges(sheet, [outline] if lean_deg is None else [lean_deg, outline])
    if edges is None:
        return ()
    left, right, top, bottom = edges
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    slack = max(1.0, views.px(0.7))
    within = (
        (x >= left[0] * y + left[1] + slack) & (x <= right[0] * y + right[1] - slack)
        & (y >= top[0] * x + top[1] + slack) & (y <= bottom[0] * x + bottom[1] - slack)
    )  # fmt: skip
    missing = within & views.backing
    zone = round(views.px(_CORNER_ZONE_MM))
    least = 0.5 * views.px(_CORNER_LEG_MM) ** 2
    cuts = {
        "tl": np.s_[:zone, :zone], "tr": np.s_[:zone, -zone:],
        "bl": np.s_[-zone:, :zone], "br": np.s_[-zone:, -zone:],
    }  # fmt: skip
    return tuple(name for name, cut in cuts.items() if _is_corner(missing[cut], within[cut], name, least))


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


_Line = tuple[float, float]


#: at least this share of a side must show backing before its edge counts as seen
_SEEN = 0.3


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
