# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Any file a clerk may bring, as pages of pixels: pictures, multi-page TIFF, PDF; told apart by content.

Apart from ``master`` because files come from strangers: nothing they say is believed, one page is in memory at a
time, and every way to fail has its own code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pikepdf
from pikepdf.models.metadata import decode_pdf_date
from PIL import Image, ImageOps

from digitizer_desk.dossier.finding import DpiSource
from digitizer_desk.errors import error
from digitizer_desk.imaging import pdfium
from digitizer_desk.imaging.master import MAGIC, MAX_PIXELS, Pixels, decode, plain, readable
from digitizer_desk.imaging.page.sheet import real_resolution

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "JPEG2000")
#: what Pillow's directory entries for several pages are worth: an MPO holds a phone's preview, not a page
_PAGED = ("TIFF",)
_SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".jp2", ".j2k", ".pdf"}
_UPRIGHT = 1
_EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of a file.

    ``number`` from 1; ``pixels`` uint8 (H, W, 3) RGB or (H, W) grey, upright as the file says; ``dpi`` (x, y) and
    ``sheet_mm`` as placed in a PDF, else what ``sheet.real_resolution`` believes of the header; ``bilevel`` one bit a
    pixel in the file; ``jpeg`` the file's own bytes when they show these very pixels as a plain JPEG.
    """

    number: int
    pixels: Pixels
    dpi: tuple[float, float] | None
    dpi_source: DpiSource
    sheet_mm: tuple[float, float]
    bilevel: bool
    jpeg: bytes | None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file and what it says of itself. ``pages`` is read anew, page by page, each time it is walked.

    ``size`` in bytes; ``pdf_version`` like '1.7', None for pictures; ``pdfa`` like '2B' as claimed, None without claim;
    ``signed``: a filled signature field; ``encrypted``: protected, though it opens without a password; ``created_at``
    as a PDF says, with its zone.
    """

    path: Path
    pages: Iterable[FilePage]
    page_count: int
    size: int
    pdf_version: str | None = None
    pdfa: str | None = None
    signed: bool = False
    encrypted: bool = False
    created_at: datetime | None = None


def is_picture_or_pdf(path: Path) -> bool:
    """Whether the name ends like something that can be opened; asked of files in folders only."""
    return path.suffix.lower() in _SUFFIXES


def open_file(path: Path) -> FileFacts:
    """Open a picture or PDF by its content, whatever its name ends in.

    Raises:
        ImageFileError: ``file.not_found``, ``image.empty``, ``image.unreadable`` (no known kind), ``image.damaged``,
            ``image.encrypted`` (needs a password), ``image.too_big``. Broken pixels of a page are found, and raise,
            only when that page is walked to.
    """
    name = path.name
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
            size = stream.seek(0, 2)
    except FileNotFoundError as wrong:
        raise error("file.not_found", file=name) from wrong
    except OSError as wrong:
        raise error("image.unreadable", type(wrong).__name__, file=name) from wrong
    if not head:
        raise error("image.empty", file=name)
    if b"%PDF-" in head:  # readers accept up to a kilobyte before it
        return _open_pdf(path, size)
    known = head.startswith(MAGIC)
    with readable(name, known=known), Image.open(path, formats=_FORMATS) as image:
        _weigh(image, name)
        count = int(getattr(image, "n_frames", 1)) if image.format in _PAGED else 1
    return FileFacts(path, _Pictures(path, count), count, size)


@dataclass(frozen=True, slots=True)
class _Pictures:
    path: Path
    count: int

    def __iter__(self) -> Iterator[FilePage]:
        for index in range(self.count):
            yield _picture_page(self.path, index)


@dataclass(frozen=True, slots=True)
class _PdfPages:
    path: Path
    count: int

    def __iter__(self) -> Iterator[FilePage]:
        for number in range(1, self.count + 1):
            found = pdfium.picture(self.path, number, self.path.name)
            yield FilePage(
                number, found.pixels, found.dpi, DpiSource.PDF, found.sheet_mm, found.bilevel, found.jpeg
            )  # fmt: skip


def _picture_page(path: Path, index: int) -> FilePage:
    name = path.name
    with readable(name, known=True), Image.open(path, formats=_FORMATS) as image:
        if index:
            image.seek(index)
        _weigh(image, name)
        dpi, bilevel = _stated_dpi(image), image.mode == "1"
        kind, mode = image.format, image.mode
        orientation = int(image.getexif().get(_EXIF_ORIENTATION, _UPRIGHT))
        whole = kind in ("JPEG", "MPO") and mode in ("L", "RGB") and orientation == _UPRIGHT
        jpeg = path.read_bytes() if whole else None
        if jpeg is not None:
            pixels = decode(jpeg, name)
        elif orientation == _UPRIGHT:
            pixels = plain(image, name)
        else:
            turned = ImageOps.exif_transpose(image)
            pixels = plain(turned, name)
            if orientation >= 5 and dpi:
                dpi = (dpi[1], dpi[0])
    height, width = pixels.shape[:2]
    real, source = real_resolution((width, height), dpi, None, DpiSource.HEADER)
    sheet_mm = (width / real[0] * 25.4, height / real[1] * 25.4)
    return FilePage(index + 1, pixels, real, source, sheet_mm, bilevel, jpeg)


def _weigh(image: Image.Image, name: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise error("image.too_big", f"{image.width}x{image.height}", file=name)


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """The header's own word, when it is a number a scanner could have meant."""
    stated = image.info.get("dpi")
    if not stated:
        return None
    x, y = (float(v) for v in stated)
    sane = 10 <= x <= 4800 and 10 <= y <= 4800
    return (x, y) if sane else None


def _open_pdf(path: Path, size: int) -> FileFacts:
    name = path.name
    try:
        with pikepdf.open(path) as pdf:
            count = len(pdf.pages)
            facts = FileFacts(
                path,
                _PdfPages(path, count),
                count,
                size,
                pdf_version=_version(pdf),
                pdfa=_pdfa_claim(pdf),
                signed=_is_signed(pdf),
                encrypted=bool(pdf.is_encrypted),
                created_at=_created(pdf),
            )
    except pikepdf.PasswordError as wrong:
        raise error("image.encrypted", file=name) from wrong
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise error("image.damaged", type(wrong).__name__, file=name) from wrong
    if not count:
        raise error("image.empty", file=name)
    return facts


def _version(pdf: pikepdf.Pdf) -> str:
    """The later one of header and catalogue, as ISO 32000-1, 7.5.2 has it."""
    stated = [str(pdf.pdf_version)]
    catalogue = str(pdf.Root.get("/Version", "")).lstrip("/")
    if catalogue:
        stated.append(catalogue)
    return max(stated, key=lambda text: tuple(int(part) for part in text.split(".") if part.isdigit()))


def _created(pdf: pikepdf.Pdf) -> datetime | None:
    try:
        moment: datetime = decode_pdf_date(str(pdf.docinfo["/CreationDate"]))
    except (KeyError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _pdfa_claim(pdf: pikepdf.Pdf) -> str | None:
    if "/Metadata" not in pdf.Root:
        return None
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as claims:
        return str(claims.pdfa_status) or None


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    waiting = list(form.get("/Fields", [])) if form is not None else []
    seen: set[tuple[int, int]] = set()
    while waiting:
        field = waiting.pop()
        if field.is_indirect and field.objgen in seen:
            continue  # a form that points at itself
        seen.add(field.objgen)
        if field.get("/FT") == "/Sig" and field.get("/V") is not None:
            return True
        waiting.extend(field.get("/Kids", []))
    return False
