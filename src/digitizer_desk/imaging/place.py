# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Room for the clerk's mark on page 1, and pages of a PDF as pixels.

Apart from ``signing``, which draws the mark but sees no pixels: the mark must never cover ink or a QR code (R26).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2

from digitizer_desk.errors import error
from digitizer_desk.imaging.master import Pixels

#: how far right and down of the corner the mark may move, in parts of the sheet
_REACH = (0.55, 0.16)
_STEP_MM = 1.0
_DPI = 72


@dataclass(frozen=True, slots=True)
class Placement:
    """Top left of the box in mm from the top left of the sheet, and the share (0-1) of the box that has ink."""

    left_mm: float
    top_mm: float
    ink_share: float


def free_corner(
    pixels: Pixels,
    sheet_mm: tuple[float, float],
    box_mm: tuple[float, float],
    margin_mm: float,
    corner: str = "top-left",
) -> Placement:
    """The place with least ink for a box near its corner; of equal ones the nearest to the corner.

    ``pixels``: uint8 (H, W, 3) RGB or (H, W) grey of the page as shown; ``corner`` is top-left or top-right.
    """
    scale = np.array((pixels.shape[1] / sheet_mm[0], pixels.shape[0] / sheet_mm[1]))
    ink = _ink(pixels).astype(np.float64)
    if corner == "top-right":
        ink = ink[:, ::-1]
    sums = cv2.integral(np.ascontiguousarray(ink))
    width, height = (np.array(box_mm) * scale).round().astype(int)
    best: tuple[float, float, float, float] | None = None
    for top in np.arange(margin_mm, max(margin_mm + 0.1, sheet_mm[1] * _REACH[1]), _STEP_MM):
        for left in np.arange(margin_mm, max(margin_mm + 0.1, sheet_mm[0] * _REACH[0] - box_mm[0] / 2), _STEP_MM):
            x, y = (np.array((left, top)) * scale).round().astype(int)
            if x + width >= sums.shape[1] or y + height >= sums.shape[0]:
                continue
            covered = sums[y + height, x + width] - sums[y, x + width] - sums[y + height, x] + sums[y, x]
            share = round(float(covered) / float(width * height), 4)
            score = (share, float(np.hypot(left - margin_mm, top - margin_mm)), float(left), float(top))
            if best is None or score < best:
                best = score
    if best is None:
        return Placement(margin_mm, margin_mm, 1.0)
    left = best[2] if corner == "top-left" else sheet_mm[0] - best[2] - box_mm[0]
    return Placement(left, best[3], best[0])


def _ink(pixels: Pixels) -> Pixels:
    """Where there is print, 1, a little widened so that the mark keeps its distance; paper 0."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    paper = int(np.percentile(grey, 90))
    mask = (grey < paper - 40).astype(np.uint8)
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)


def first_page(pdf: bytes) -> tuple[Pixels, tuple[float, float]]:
    """Page 1 at 72 dpi as RGB, and its size in points (width, height) as shown.

    Raises:
        DeskError: ``image.unreadable``.
    """
    with _opened(pdf) as document:
        page = document[0]
        size = page.get_size()
        return _rendered(page, _DPI), (float(size[0]), float(size[1]))


def render(pdf: bytes, number: int, dpi: float) -> Pixels:
    """A page (1-based) as uint8 (H, W, 3) RGB.

    Raises:
        DeskError: ``image.unreadable``.
    """
    with _opened(pdf) as document:
        return _rendered(document[number - 1], dpi)


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as problem:
        raise error("image.unreadable", str(problem), file="") from problem


def _rendered(page: pypdfium2.PdfPage, dpi: float) -> Pixels:
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
    pixels = bitmap.to_numpy()
    return np.ascontiguousarray(pixels[:, :, :3] if pixels.ndim == 3 else np.dstack([pixels] * 3))
