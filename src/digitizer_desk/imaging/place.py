# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where the clerk's mark goes: the place in the corner of the first page that covers least ink.

Apart from signing, which knows no pixels. The mark stays in its corner and on the first page, and never lies on
ink or on a QR code without saying so (R24, R26).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from digitizer_desk.errors import ImageFileError
from digitizer_desk.imaging import pdfium
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import channel_spread, ink_map, shrunk
from digitizer_desk.imaging.thumbnail import thumbnail

CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")

#: how far from the corner the mark may move and still be in it, as shares of the page
CORNER_AREA = (0.5, 0.25)
_STEP_MM = 1.0
#: clear space wanted round the mark
_AIR_MM = 1.0
_FIRST_PAGE_DPI = 100.0
#: ink is looked for at about so many pixels an inch
_INK_DPI = 75.0
#: the widest quiet zone of a code that is looked for, mm
_QUIET_MM = 6.0
#: how far outside the corner a code may reach and still lie partly in it, mm
_CODE_MM = 50.0


#: a smaller share of ink under the mark than this is a speck of dust
_SPECK = 0.001


@dataclass(frozen=True, slots=True)
class Placement:
    """Left and top edge of the box in mm from the page's top left; ``ink_share`` (0-1) of it lies on ink or a QR."""

    left_mm: float
    top_mm: float
    ink_share: float

    @property
    def covers(self) -> bool:
        """Whether something lies under it that must not be covered without asking (R26)."""
        return self.ink_share >= _SPECK


def first_page(pdf: bytes | Path) -> tuple[Pixels, tuple[float, float]]:
    """The first page of a PDF (its bytes or its file) as RGB of 75 dpi or more, and its (width, height) in points.

    A scan is decoded at a fraction of its size, three times as fast as it could be drawn.

    Raises:
        ImageFileError: ``image.encrypted``, ``image.damaged``, ``image.too_big``.
    """
    scan = pdfium.one_scan(pdf, 1)
    if scan is not None:
        with contextlib.suppress(ImageFileError):  # PDFium draws what is left of a broken one
            longest = round(max(scan.size_pt) / 72 * _INK_DPI)
            return thumbnail(scan.jpeg, longest, scan.clockwise), scan.size_pt
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
    search = _Search.of(sheet_mm, box_mm, margin_mm, corner, CORNER_AREA)
    room = Room(sheet_mm, per_mm, _summed(busy))
    found = search.best(room)
    if search.ink_near(room, found, _QUIET_MM) and _mark_codes(pixels, busy, sheet_mm, search.reach(_CODE_MM)):
        found = search.best(Room(sheet_mm, per_mm, _summed(busy)))
    return found


@dataclass(frozen=True, slots=True)
class Room:
    """Where a page of ``sheet_mm`` (width, height) is free: ``sums`` is the integral of a map of ink and codes with
    ``per_mm`` pixels a mm (x, y)."""

    sheet_mm: tuple[float, float]
    per_mm: tuple[float, float]
    sums: np.ndarray

    def at(self, left_mm: float, top_mm: float, box_mm: tuple[float, float], margin_mm: float) -> Placement:
        """The place nearest to this one that keeps the margin, with what lies under a box of ``box_mm`` there."""
        left, top = (
            round(max(margin_mm, min(wanted, side - box - margin_mm)), 2)
            for wanted, side, box in zip((left_mm, top_mm), self.sheet_mm, box_mm, strict=True)
        )
        share = self.shares(np.array([left]), np.array([top]), box_mm, 0.0)[0, 0]
        return Placement(left, top, round(float(share), 4))

    def proposals(self, box_mm: tuple[float, float], margin_mm: float, corner: str) -> tuple[Placement, ...]:
        """The best place in the corner, then places with less ink in the half of the page nearer to it, and anywhere
        on the page: each only when it is better than those before."""
        found: list[Placement] = []
        for area in (CORNER_AREA, (1.0, 0.5), (1.0, 1.0)):
            place = _Search.of(self.sheet_mm, box_mm, margin_mm, corner, area).best(self)
            if not found or place.ink_share < found[-1].ink_share:
                found.append(place)
        return tuple(found)

    def shares(self, lefts: np.ndarray, tops: np.ndarray, box_mm: tuple[float, float], air_mm: float) -> np.ndarray:
        """Share (0-1) of ink under a box widened by ``air_mm`` on each side, at every place: (tops, lefts)."""
        rows, columns = self.sums.shape[0] - 1, self.sums.shape[1] - 1
        width, height = (side + 2 * air_mm for side in box_mm)
        x0, x1 = (_pixels(v, self.per_mm[0], columns) for v in (lefts - air_mm, lefts - air_mm + width))
        y0, y1 = (_pixels(v, self.per_mm[1], rows) for v in (tops - air_mm, tops - air_mm + height))
        sums = self.sums
        covered = sums[np.ix_(y1, x1)] - sums[np.ix_(y0, x1)] - sums[np.ix_(y1, x0)] + sums[np.ix_(y0, x0)]
        shares: np.ndarray = covered / np.maximum(1, np.outer(y1 - y0, x1 - x0))
        return shares


def room_on(pixels: Pixels, sheet_mm: tuple[float, float]) -> Room:
    """What is free on a page, codes looked for everywhere. ``pixels`` and ``sheet_mm`` as for :func:`free_corner`."""
    per_mm, busy = _busy_map(pixels, sheet_mm)
    _mark_codes(pixels, busy, sheet_mm, (0.0, 0.0, *sheet_mm))
    return Room(sheet_mm, per_mm, _summed(busy))


def _summed(busy: Pixels) -> np.ndarray:
    sums: np.ndarray = cv2.integral(busy, sdepth=cv2.CV_64F)
    return sums


@dataclass(frozen=True, slots=True)
class _Search:
    """Every place the box may take: ``lefts`` x ``tops`` in mm, ``away`` (tops, lefts) their way from the corner."""

    lefts: np.ndarray
    tops: np.ndarray
    box_mm: tuple[float, float]
    away: np.ndarray

    @classmethod
    def of(
        cls,
        sheet_mm: tuple[float, float],
        box_mm: tuple[float, float],
        margin_mm: float,
        corner: str,
        area: tuple[float, float],
    ) -> Self:
        """All places that keep the margin and stay inside ``area``, shares (x, y) of the page seen from its corner."""
        lefts = _steps(margin_mm, sheet_mm[0], box_mm[0], area[0], corner.endswith("right"))
        tops = _steps(margin_mm, sheet_mm[1], box_mm[1], area[1], corner.startswith("bottom"))
        return cls(lefts, tops, box_mm, _away(lefts, tops, sheet_mm, box_mm, corner))

    def best(self, room: Room) -> Placement:
        """The place with least ink under it and close to it, of equals the nearest to the corner."""
        under = room.shares(self.lefts, self.tops, self.box_mm, 0.0)
        near = room.shares(self.lefts, self.tops, self.box_mm, _AIR_MM)
        rank = np.round(np.maximum(under, near / 2), 3)
        row, column = np.unravel_index(np.argmin(np.where(rank == rank.min(), self.away, np.inf)), rank.shape)
        return Placement(
            round(float(self.lefts[column]), 2), round(float(self.tops[row]), 2), round(float(under[row, column]), 4)
        )

    def ink_near(self, room: Room, place: Placement, air_mm: float) -> bool:
        """Whether there is any within ``air_mm`` of the box at this place."""
        at = np.array([place.left_mm]), np.array([place.top_mm])
        return bool(room.shares(*at, self.box_mm, air_mm)[0, 0] > 0)

    def reach(self, more_mm: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in mm of all places together, and ``more_mm`` on each side."""
        width, height = self.box_mm
        return (
            float(self.lefts.min()) - more_mm,
            float(self.tops.min()) - more_mm,
            float(self.lefts.max()) + width + more_mm,
            float(self.tops.max()) + height + more_mm,
        )


def _pixels(mm: np.ndarray, per_mm: float, most: int) -> np.ndarray:
    found: np.ndarray = np.clip(np.rint(mm * per_mm), 0, most).astype(np.intp)
    return found


def _steps(margin: float, page: float, box: float, share: float, from_end: bool) -> np.ndarray:
    """Positions of the box's near edge along one axis, mm, from the corner on; one position when there is no room."""
    room = max(0.0, min(page * share, page - margin) - margin - box)
    places = margin + _STEP_MM * np.arange(int(room / _STEP_MM) + 1)
    return page - box - places if from_end else places


def _away(
    lefts: np.ndarray, tops: np.ndarray, sheet: tuple[float, float], box: tuple[float, float], corner: str
) -> np.ndarray:
    across = sheet[0] - box[0] - lefts if corner.endswith("right") else lefts
    down = sheet[1] - box[1] - tops if corner.startswith("bottom") else tops
    away: np.ndarray = np.add.outer(down, across)
    return away


def _busy_map(pixels: Pixels, sheet_mm: tuple[float, float]) -> tuple[tuple[float, float], Pixels]:
    """1 where there is ink, at about 75 dpi; and the map's pixels a mm (x, y)."""
    height, width = pixels.shape[:2]
    ratio = max(1, round(width / sheet_mm[0] * 25.4 / _INK_DPI))
    small = shrunk(pixels, ratio)
    grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    busy = (ink_map(grey) >= 24).astype(np.uint8)
    if small.ndim == 3:  # pale stamps are colour before they are dark
        busy |= (channel_spread(small) > 48).astype(np.uint8)
    rows, columns = busy.shape
    used = (columns * ratio / width * sheet_mm[0], rows * ratio / height * sheet_mm[1])
    return (columns / used[0], rows / used[1]), busy


def _mark_codes(
    pixels: Pixels, busy: Pixels, sheet_mm: tuple[float, float], reach_mm: tuple[float, float, float, float]
) -> bool:
    """Mark QR codes with their quiet zones in ``busy``; whether there were any. Looked for inside ``reach_mm`` only."""
    height, width = pixels.shape[:2]
    per_mm = width / sheet_mm[0], height / sheet_mm[1]
    x0, x1 = (min(width, max(0, int(v * per_mm[0]))) for v in (reach_mm[0], reach_mm[2]))
    y0, y1 = (min(height, max(0, int(v * per_mm[1]))) for v in (reach_mm[1], reach_mm[3]))
    scale = busy.shape[1] / width, busy.shape[0] / height
    found = _qr_codes(pixels[y0:y1, x0:x1])
    for corners in found:
        points = (np.asarray(corners, np.float64).reshape(-1, 2) + np.array([x0, y0])) * scale
        left, top = points.min(axis=0)
        right, bottom = points.max(axis=0)
        quiet = 0.14 * max(right - left, bottom - top)  # four modules of a small code (ISO/IEC 18004)
        busy[max(0, int(top - quiet)) : int(bottom + quiet) + 1, max(0, int(left - quiet)) : int(right + quiet) + 1] = 1
    return bool(found)


def _qr_codes(pixels: Pixels) -> list[np.ndarray]:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    try:
        found, points = cv2.QRCodeDetector().detectMulti(np.ascontiguousarray(grey))
    except cv2.error:  # the detector stumbles over odd sizes; codes are ink all the same
        return []
    return list(points) if found and points is not None else []
