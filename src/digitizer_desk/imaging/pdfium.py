# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""PDF pages as pixels: the one door to PDFium.

Apart because PDFium must never be entered by two threads at once: everything here holds one lock for the whole call.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from digitizer_desk.errors import error
from digitizer_desk.imaging.master import MAX_PIXELS, Pixels

_LOCK = threading.RLock()
#: a picture covering this share of the page is the page; less is a picture on a page
FULL_PAGE = 0.85
#: what a page without any picture is drawn at
DRAWN_DPI = 300.0


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page as pixels.

    ``dpi``: pixels over inches as placed, (x, y), of the largest picture on the page. ``jpeg``: the picture's own
    bytes when the page is nothing but this upright JPEG, else None.
    """

    pixels: Pixels
    dpi: tuple[float, float]
    sheet_mm: tuple[float, float]
    bilevel: bool
    jpeg: bytes | None


@contextmanager
def document(source: bytes | Path, name: str) -> Iterator[pdfium.PdfDocument]:
    """An open document, under the lock.

    Raises:
        ImageFileError: ``image.encrypted`` (a password is needed) or ``image.damaged``.
    """
    with _LOCK:
        try:
            opened = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as wrong:
            if getattr(wrong, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
                raise error("image.encrypted", file=name) from wrong
            raise error("image.damaged", str(wrong), file=name) from wrong
        try:
            # signature marks are form fields: without this they are neither shown nor kept clear of
            opened.init_forms()
            yield opened
        except pdfium.PdfiumError as wrong:
            raise error("image.damaged", str(wrong), file=name) from wrong
        finally:
            opened.close()


def render(source: bytes | Path, number: int, dpi: float, name: str = "") -> tuple[Pixels, tuple[float, float]]:
    """Page ``number`` (from 1) drawn as RGB, and its (width, height) in points as shown.

    Raises:
        ImageFileError: ``image.encrypted``, ``image.damaged``, ``image.too_big``.
        IndexError: no such page.
    """
    with document(source, name) as opened:
        if not 1 <= number <= len(opened):
            raise IndexError(number)
        page = _page(opened, number, name)
        try:
            return _draw(page, dpi, name), page.get_size()
        finally:
            page.close()


def picture(source: bytes | Path, number: int, name: str) -> PagePicture:
    """Page ``number`` (from 1): the scanned picture itself where the page is one picture, else the page drawn.

    Raises:
        ImageFileError: as :func:`render`.
    """
    with document(source, name) as opened:
        page = _page(opened, number, name)
        try:
            return _picture(page, name)
        finally:
            page.close()


@dataclass(frozen=True, slots=True)
class OneScan:
    """A page that is nothing but one JPEG over all of it, turned ``clockwise`` degrees (0, 90, 180, 270);
    ``size_pt`` (width, height) of the page as shown."""

    jpeg: bytes
    clockwise: int
    size_pt: tuple[float, float]


def one_scan(source: bytes | Path, number: int, name: str = "") -> OneScan | None:
    """Page ``number`` (from 1) when it is such a scan, not decoded; None for every other page.

    Raises:
        ImageFileError: ``image.encrypted``, ``image.damaged``.
        IndexError: no such page.
    """
    with document(source, name) as opened:
        if not 1 <= number <= len(opened):
            raise IndexError(number)
        page = _page(opened, number, name)
        try:
            return _one_scan(page)
        finally:
            page.close()


def _one_scan(page: pdfium.PdfPage) -> OneScan | None:
    width_pt, height_pt = page.get_size()
    images, other = _contents(page)
    if len(images) != 1 or other or pdfium_c.FPDFPage_GetAnnotCount(page):
        return None
    image, matrix, area = images[0]
    quarter = _quarter(*matrix.get()[:4])
    plain = image.get_metadata().bits_per_pixel in (8, 24) and not pdfium_c.FPDFPageObj_HasTransparency(image)
    if quarter is None or not plain or not 0.99 <= area / (width_pt * height_pt) <= 1.01:
        return None
    jpeg = _own_jpeg(image)
    return OneScan(jpeg, (quarter + page.get_rotation()) % 360, (width_pt, height_pt)) if jpeg else None


def _page(opened: pdfium.PdfDocument, number: int, name: str) -> pdfium.PdfPage:
    try:
        return opened[number - 1]
    except pdfium.PdfiumError as wrong:
        raise error("image.damaged", str(wrong), file=name) from wrong


def _picture(page: pdfium.PdfPage, name: str) -> PagePicture:
    width_pt, height_pt = page.get_size()
    sheet_mm = (width_pt / 72 * 25.4, height_pt / 72 * 25.4)
    turn = page.get_rotation() % 360
    images, other = _contents(page)
    if not images:
        return PagePicture(_draw(page, DRAWN_DPI, name), (DRAWN_DPI, DRAWN_DPI), sheet_mm, False, None)
    image, matrix, share = max(images, key=lambda found: found[2] / (width_pt * height_pt))
    columns, rows = image.get_px_size()
    if columns * rows > MAX_PIXELS:
        raise error("image.too_big", f"{columns}x{rows}", file=name)
    a, b, c, d = matrix.get()[:4]
    inches = (float(np.hypot(a, b)) / 72, float(np.hypot(c, d)) / 72)
    if min(inches) <= 0:
        raise error("image.damaged", "a picture without extent", file=name)
    dpi = (columns / inches[0], rows / inches[1])
    quarter = _quarter(a, b, c, d)
    whole = len(images) == 1 and not other and share / (width_pt * height_pt) >= FULL_PAGE
    if whole and quarter is not None and not image_is_mask(image):
        pixels, bilevel = _own_pixels(image, name)
        clockwise = (quarter + turn) % 360
        if clockwise:
            pixels = np.ascontiguousarray(np.rot90(pixels, -(clockwise // 90)))
        jpeg = _own_jpeg(image) if clockwise == 0 else None
        if clockwise % 180:
            dpi = (dpi[1], dpi[0])
        return PagePicture(pixels, dpi, sheet_mm, bilevel, jpeg)
    drawn = min(max(dpi), 600.0)
    if (turn + (quarter or 0)) % 180:
        dpi = (dpi[1], dpi[0])
    return PagePicture(_draw(page, drawn, name), dpi, sheet_mm, False, None)


def image_is_mask(image: pdfium.PdfImage) -> bool:
    """A stencil takes its colour from the page: its own pixels are not what is seen."""
    info = image.get_metadata()
    return bool(info.bits_per_pixel <= 1 and info.colorspace == pdfium_c.FPDF_COLORSPACE_UNKNOWN)


def _contents(page: pdfium.PdfPage) -> tuple[list[tuple[pdfium.PdfImage, pdfium.PdfMatrix, float]], bool]:
    """Pictures with their matrix and area in square points, and whether anything else is drawn visibly."""
    images, other = [], False
    for found in page.get_objects(max_depth=6):
        if found.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            matrix = found.get_matrix()
            form = found.container
            while form is not None:  # a picture inside a form moves with it
                matrix = matrix.multiply(form.get_matrix())
                form = form.container
            a, b, c, d = matrix.get()[:4]
            images.append((found, matrix, abs(a * d - b * c)))
        elif found.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(found)
            other = other or mode != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        elif found.type in (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING):
            other = True
    return images, other


def _quarter(a: float, b: float, c: float, d: float) -> int | None:
    """Clockwise quarter turn by which a matrix shows its picture; None when it is oblique or mirrored."""
    if a * d - b * c <= 0:
        return None
    size = max(abs(a), abs(b))
    if abs(b) < 0.001 * size:
        return 0 if a > 0 else 180
    if abs(a) < 0.001 * size:
        return 270 if b > 0 else 90
    return None


def _own_pixels(image: pdfium.PdfImage, name: str) -> tuple[Pixels, bool]:
    info = image.get_metadata()
    try:
        bitmap = image.get_bitmap(render=False)
    except pdfium.PdfiumError as wrong:
        raise error("image.damaged", str(wrong), file=name) from wrong
    bitmap.warn_on_close = False  # nothing points into it any more: _as_pixels copies
    try:
        return _as_pixels(bitmap), info.bits_per_pixel == 1
    finally:
        bitmap.close()


def _own_jpeg(image: pdfium.PdfImage) -> bytes | None:
    if list(image.get_filters()) != ["DCTDecode"]:
        return None
    data = bytes(image.get_data(decode_simple=False))
    return data if data.startswith(b"\xff\xd8\xff") else None


def _draw(page: pdfium.PdfPage, dpi: float, name: str) -> Pixels:
    width_pt, height_pt = page.get_size()
    if width_pt * height_pt * (dpi / 72) ** 2 > MAX_PIXELS:
        raise error("image.too_big", f"page of {width_pt:.0f}x{height_pt:.0f} points", file=name)
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True, draw_annots=True)
    try:
        return np.ascontiguousarray(bitmap.to_numpy()[..., :3])
    finally:
        bitmap.close()


def _as_pixels(bitmap: pdfium.PdfBitmap) -> Pixels:
    """A copy as RGB or grey: the bitmap's own memory goes with it."""
    array = bitmap.to_numpy()
    if array.ndim == 2 or array.shape[2] == 1:
        return np.array(array.reshape(array.shape[:2]), np.uint8)
    return np.array(array[..., :3] if bitmap.rev_byteorder else array[..., 2::-1], np.uint8, order="C")
