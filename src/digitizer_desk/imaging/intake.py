# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files from outside: pictures, multi-page TIFFs, PDFs; page by page, with what each says of itself.

Apart from ``master.py`` because nothing here is trusted: every file may be empty, cut off, locked or a bomb.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from pikepdf.models.metadata import decode_pdf_date
from PIL import Image, ImageSequence, UnidentifiedImageError

from digitizer_desk.dossier.finding import DpiSource
from digitizer_desk.errors import error
from digitizer_desk.imaging.master import MAX_PIXELS, Pixels

_SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".jp2", ".pdf"}
#: pages of a PDF whose pictures cannot be taken out as they are get drawn at this resolution
_DRAW_DPI = 200.0


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of a file. ``pixels``: uint8 (H, W, 3) RGB or (H, W) grey. ``dpi`` as stated or as placed, or None;
    ``sheet_mm`` a PDF page's size, else what dpi gives, else A4; ``jpeg`` the picture's own bytes, if it is one."""

    number: int
    pixels: Pixels
    dpi: tuple[float, float] | None
    dpi_source: DpiSource
    sheet_mm: tuple[float, float]
    bilevel: bool
    jpeg: bytes | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file is. ``pages`` reads lazily, one page at a time. The pdf facts are None or False for pictures."""

    path: Path
    pages: Iterator[FilePage]
    size: int
    pdf_version: str | None = None
    pdfa: str | None = None
    signed: bool = False
    encrypted: bool = False
    created_at: datetime | None = None


def is_picture_or_pdf(path: Path) -> bool:
    """Whether the name is one of a kind that can be opened (asked of files in folders only)."""
    return path.suffix.lower() in _SUFFIXES


def open_file(path: Path) -> FileFacts:
    """Open a picture or PDF by its content, whatever its name.

    Raises:
        DeskError: ``file.not_found``, ``image.empty``, ``image.unreadable``, ``image.encrypted``, ``image.too_big``;
            while reading pages also ``image.damaged``.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise error("file.not_found", str(problem), file=path.name) from problem
    if not data:
        raise error("image.empty", file=path.name)
    if b"%PDF-" in data[:1024]:
        return _pdf(path, data)
    return FileFacts(path, _pictures(path, data), len(data))


# -- pictures --------------------------------------------------------------------------------------------------------


def _pictures(path: Path, data: bytes) -> Iterator[FilePage]:
    try:
        picture = Image.open(BytesIO(data))
    except UnidentifiedImageError as problem:
        raise error("image.unreadable", file=path.name) from problem
    except Image.DecompressionBombError as problem:
        raise error("image.too_big", file=path.name) from problem
    except (OSError, ValueError, SyntaxError) as problem:
        raise error("image.damaged", str(problem), file=path.name) from problem
    jpeg = data if picture.format == "JPEG" and picture.mode in ("RGB", "L") else None
    number = 0
    frames = ImageSequence.Iterator(picture)
    while True:
        try:
            frame = next(frames, None)
            if frame is None:
                return
            number += 1
            if frame.width * frame.height > MAX_PIXELS:
                raise error("image.too_big", file=path.name)
            bilevel = frame.mode == "1"
            grey = frame.mode in ("1", "L", "I;16", "LA")
            pixels = np.ascontiguousarray(frame.convert("L" if grey else "RGB"))
        except Image.DecompressionBombError as problem:
            raise error("image.too_big", file=path.name) from problem
        except (OSError, ValueError, SyntaxError) as problem:
            raise error("image.damaged", str(problem), file=path.name) from problem
        dpi = _stated(frame)
        yield FilePage(number, pixels, dpi, DpiSource.HEADER, _sheet(pixels, dpi), bilevel, jpeg)


def _stated(frame: Image.Image) -> tuple[float, float] | None:
    dpi = frame.info.get("dpi")
    if not isinstance(dpi, tuple) or len(dpi) != 2 or min(dpi) < 30:
        return None
    return (float(dpi[0]), float(dpi[1]))


def _sheet(pixels: Pixels, dpi: tuple[float, float] | None) -> tuple[float, float]:
    if dpi is None:
        return (210.0, 297.0) if pixels.shape[0] >= pixels.shape[1] else (297.0, 210.0)
    return (pixels.shape[1] / dpi[0] * 25.4, pixels.shape[0] / dpi[1] * 25.4)


# -- PDF -------------------------------------------------------------------------------------------------------------


def _pdf(path: Path, data: bytes) -> FileFacts:
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            signed = any(_is_signature(field) for field in _fields(pdf))
            created = _created(pdf)
            pdfa = pdf.open_metadata().pdfa_status or None
            version = _version(pdf)
            encrypted = pdf.is_encrypted
    except pikepdf.PasswordError as problem:
        raise error("image.encrypted", file=path.name) from problem
    except (pikepdf.PdfError, ValueError, RuntimeError, KeyError) as problem:
        raise error("image.damaged", str(problem), file=path.name) from problem
    return FileFacts(path, _pdf_pages(path, data), len(data), version, pdfa, signed, encrypted, created)


def _version(pdf: pikepdf.Pdf) -> str:
    """The higher of header and catalogue (ISO 32000-1, 7.5.2)."""
    stated = [str(pdf.pdf_version)]
    if "/Version" in pdf.Root:
        stated.append(str(pdf.Root.Version).lstrip("/"))
    return max(stated, key=lambda v: tuple(int(part) for part in v.split(".")))


def _fields(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    form = pdf.Root.get("/AcroForm")
    return list(form.get("/Fields", [])) if form is not None else []


def _is_signature(field: pikepdf.Object) -> bool:
    return bool(field.get("/FT") == pikepdf.Name.Sig and "/V" in field)


def _created(pdf: pikepdf.Pdf) -> datetime | None:
    try:
        moment = decode_pdf_date(str(pdf.docinfo["/CreationDate"]))
    except (KeyError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _pdf_pages(path: Path, data: bytes) -> Iterator[FilePage]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        raise error("image.damaged", str(problem), file=path.name) from problem
    with pikepdf.open(BytesIO(data)) as pdf:
        if len(document) == 0:
            raise error("image.damaged", "no page", file=path.name)
        for index in range(len(document)):
            page = document[index]
            wide, high = page.get_size()
            sheet = (wide / 72 * 25.4, high / 72 * 25.4)
            own = _only_picture(pdf.pages[index])
            if own is not None:
                pixels, bilevel, jpeg = own
                dpi: tuple[float, float] | None = (pixels.shape[1] / wide * 72, pixels.shape[0] / high * 72)
            else:
                dpi, bilevel, jpeg = _placed_dpi(page), False, None
                pixels = _draw(page, max(_DRAW_DPI, min(dpi[0], 600.0) if dpi else _DRAW_DPI))
            yield FilePage(index + 1, pixels, dpi, DpiSource.PDF, sheet, bilevel, jpeg)


def _only_picture(page: pikepdf.Page) -> tuple[Pixels, bool, bytes | None] | None:
    """The page's picture when it is one upright picture over the whole page: what a scanner makes."""
    if int(page.obj.get("/Rotate", 0)) % 360 or len(page.images) != 1:
        return None
    operations = [(list(o), str(op)) for o, op in pikepdf.parse_content_stream(page, "cm Do q Q")]
    matrices = [o for o, op in operations if op == "cm"]
    if len(matrices) != 1:
        return None
    a, b, c, d = (float(v) for v in matrices[0][:4])
    wide, high = (float(page.mediabox[i + 2]) - float(page.mediabox[i]) for i in (0, 1))
    if abs(b) > 0.01 or abs(c) > 0.01 or abs(a / wide - 1) > 0.02 or abs(d / high - 1) > 0.02:
        return None
    raw = next(iter(page.images.values()))
    picture = pikepdf.PdfImage(raw)
    try:
        whole = picture.as_pil_image()
    except (pikepdf.UnsupportedImageTypeError, NotImplementedError, OSError, ValueError):
        return None
    bilevel = whole.mode == "1"
    pixels = np.ascontiguousarray(whole.convert("L" if whole.mode in ("1", "L") else "RGB"))
    filters = [str(f) for f in picture.filters]
    jpeg = raw.read_raw_bytes() if filters == ["/DCTDecode"] and whole.mode in ("RGB", "L") else None
    return pixels, bilevel, jpeg


def _placed_dpi(page: pypdfium2.PdfPage) -> tuple[float, float] | None:
    """The least resolution at which pictures are placed on the page: pixels over placed inches, both axes."""
    found: list[tuple[float, float]] = []
    for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        wide, high = item.get_px_size()
        if right - left > 72 and top - bottom > 72:
            found.append((wide / (right - left) * 72, high / (top - bottom) * 72))
    return min(found) if found else None


def _draw(page: pypdfium2.PdfPage, dpi: float) -> Pixels:
    pixels = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()
    return np.ascontiguousarray(pixels[:, :, :3] if pixels.ndim == 3 else pixels)
