# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where the clerk's mark goes: the place in the corner of the first page that covers least ink.

Apart from signing, which knows no pixels. The mark stays in its corner and on the first page, and never lies on
ink or on a QR code without saying so (R24, R26).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from digitizer_desk.imaging import pdfium
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import channel_spread, ink_map, shrunk

CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")

#: how far from the corner the mark may move and still be in it, as shares of the page
CORNER_AREA = (0.5, 0.25)
_STEP_MM = 1.0
#: clear space wanted round the mark
_AIR_MM = 1.0
_FIRST_PAGE_DPI = 100.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Left and top edge of the box in mm from the page's top left; ``ink_share`` (0-1) of it lies on ink or a QR."""

    left_mm: float
    top_mm: float
    ink_share: float


def first_page(pdf: bytes | Path) -> tuple[Pixels, tuple[float, float]]:
    """The first page of a PDF (its bytes or its file) drawn as RGB at 100 dpi, and its (width, height) in points.

    Raises:
        ImageFileError: ``image.encrypted``, ``image.damaged``, ``image.too_big``.
    """
    return pdfium.render(pdf, 1, _FIRST_PAGE_DPI)


def render(pdf: bytes, page: int, dpi: float) -> Pixels:
    """Page ``page`` (from 1) of a PDF drawn as RGB at ``dpi``.

    Raises:
        ImageFileError: ``image.encrypted``, ``image.damaged``, ``image.too_big``.
        IndexError: no such page.
    """
    return pdfium.render(pdf, page, dpi)[0]


def free_corner(
    pixels: Pixels,
    sheet_mm: tuple[float, float],
    box_mm: tuple[float, float],
    margin_mm: float,
    corner: str = "top-left",
) -> Placement:
    """The place for a box of ``box_mm`` (width, height) with least ink under it, nearest to the corner of equals.

    The box keeps ``margin_mm`` from the page's edges and stays inside CORNER_AREA (as far as it fits).

    Args:
        pixels: uint8, (H, W, 3) RGB or (H, W) grey, of the page as shown.
        sheet_mm: (width, height) of the page as shown.
        box_mm: (width, height) of the box.
        margin_mm: least distance from the page's edges.
        corner: one of CORNERS.

    Raises:
        ValueError: no such corner.
    """
    if corner not in CORNERS:
        raise ValueError(f"no corner {corner!r}")
    per_mm, busy = _busy_map(pixels, sheet_mm)
    sums = cv2.integral(busy, sdepth=cv2.CV_64F)
    best: tuple[float, float, Placement] | None = None
    for top in _steps(margin_mm, sheet_mm[1], box_mm[1], CORNER_AREA[1], corner.startswith("bottom")):
        for left in _steps(margin_mm, sheet_mm[0], box_mm[0], CORNER_AREA[0], corner.endswith("right")):
            under = _share(sums, per_mm, left, top, *box_mm)
            near = _share(sums, per_mm, left - _AIR_MM, top - _AIR_MM, box_mm[0] + 2 * _AIR_MM, box_mm[1] + 2 * _AIR_MM)
            away = _distance(left, top, sheet_mm, box_mm, corner)
            rank = (round(max(under, near / 2), 3), away)
            if best is None or rank < best[:2]:
                best = (*rank, Placement(round(left, 2), round(top, 2), round(under, 4)))
    assert best is not None  # _steps always gives one
    return best[2]


def _steps(margin: float, page: float, box: float, share: float, from_end: bool) -> list[float]:
    """Positions of the box's near edge along one axis, mm; one position when there is no room to move."""
    room = max(0.0, min(page * share, page - margin) - margin - box)
    places = [margin + _STEP_MM * i for i in range(int(room / _STEP_MM) + 1)]
    return [page - box - place for place in places] if from_end else places


def _distance(left: float, top: float, sheet: tuple[float, float], box: tuple[float, float], corner: str) -> float:
    across = sheet[0] - box[0] - left if corner.endswith("right") else left
    down = sheet[1] - box[1] - top if corner.startswith("bottom") else top
    return across + down


def _busy_map(pixels: Pixels, sheet_mm: tuple[float, float]) -> tuple[tuple[float, float], Pixels]:
    """1 where there is ink or a QR code with its quiet zone, at about 75 dpi; and the map's pixels a mm (x, y)."""
    height, width = pixels.shape[:2]
    ratio = max(1, round(width / sheet_mm[0] * 25.4 / 75))
    small = shrunk(pixels, ratio)
    grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    busy = (ink_map(grey) >= 24).astype(np.uint8)
    if small.ndim == 3:  # pale stamps are colour before they are dark
        busy |= (channel_spread(small) > 48).astype(np.uint8)
    for corners in _qr_codes(pixels):
        points = np.asarray(corners, np.float64).reshape(-1, 2) / ratio
        x0, y0 = points.min(axis=0)
        x1, y1 = points.max(axis=0)
        quiet = 0.14 * max(x1 - x0, y1 - y0)  # four modules of a small code (ISO/IEC 18004)
        busy[max(0, int(y0 - quiet)) : int(y1 + quiet) + 1, max(0, int(x0 - quiet)) : int(x1 + quiet) + 1] = 1
    rows, columns = busy.shape
    used = (columns * ratio / width * sheet_mm[0], rows * ratio / height * sheet_mm[1])
    return (columns / used[0], rows / used[1]), busy


def _qr_codes(pixels: Pixels) -> list[np.ndarray]:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    try:
        found, points = cv2.QRCodeDetector().detectMulti(np.ascontiguousarray(grey))
    except cv2.error:  # the detector stumbles over odd sizes; codes are ink all the same
        return []
    return list(points) if found and points is not None else []


def _share(
    sums: np.ndarray, per_mm: tuple[float, float], left: float, top: float, width: float, height: float
) -> float:
    rows, columns = sums.shape[0] - 1, sums.shape[1] - 1
    x0, x1 = (min(columns, max(0, round(v * per_mm[0]))) for v in (left, left + width))
    y0, y1 = (min(rows, max(0, round(v * per_mm[1]))) for v in (top, top + height))
    area = max(1, (x1 - x0) * (y1 - y0))
    covered = float(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0])
    return float(covered / area)
