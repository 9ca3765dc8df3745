# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Any file a clerk may bring, as pages of pixels: pictures, multi-page TIFF, PDF; told apart by content.

Apart from ``master`` because files come from strangers: nothing they say is believed, one page is in memory at a
time, and every way to fail has its own code.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pikepdf
from pikepdf.models.metadata import decode_pdf_date
from PIL import Image, ImageOps

from digitizer_desk.dossier.finding import DpiSource
from digitizer_desk.errors import error
from digitizer_desk.imaging import pdfium, tiff
from digitizer_desk.imaging.master import MAGIC, MAX_PIXELS, Pixels, decode, plain, readable
from digitizer_desk.imaging.page.sheet import real_resolution

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "JPEG2000")
#: what Pillow's directory entries for several pages are worth: an MPO holds a phone's preview, not a page
_PAGED = ("TIFF",)
#: kinds that can hold a moving picture, of which one frame would be a part and no page
_MOVING = ("PNG", "WEBP")
_SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".jp2", ".j2k", ".pdf"}
_UPRIGHT = 1
#: pixels: a picture with a shorter side is no page, whatever it shows
LEAST_SIDE = 32
#: EXIF orientation -> clockwise degrees to show it upright; the mirrored ones are no scan and are drawn anew
_TURNS = {3: 180, 6: 90, 8: 270}
#: frame headers a PDF may hold as they are: baseline, extended and progressive, Huffman coded (ISO 32000-1, 7.4.8)
_PLAIN_FRAMES = (0xC0, 0xC1, 0xC2)
_EXIF_ORIENTATION = 0x0112

#: a file on disk, or one that was read
Source = Path | bytes


@dataclass(frozen=True, slots=True)
class FilePage:
    """One page of a file.

    ``number`` from 1; ``pixels`` uint8 (H, W, 3) RGB or (H, W) grey, upright as the file says; ``dpi`` (x, y) and
    ``sheet_mm`` as placed in a PDF, else what ``sheet.real_resolution`` believes of the header; ``bilevel`` one bit a
    pixel in the file; ``jpeg`` the file's own bytes when they show these very pixels as a plain JPEG; ``turned`` the
    same when the header says that they lie: (bytes, clockwise degrees to show them turned by). ``stated_dpi`` (x, y) is
    what the header says, believed or not.
    """

    number: int
    pixels: Pixels
    dpi: tuple[float, float] | None
    dpi_source: DpiSource
    sheet_mm: tuple[float, float]
    bilevel: bool
    jpeg: bytes | None
    turned: tuple[bytes, int] | None = None
    stated_dpi: tuple[float, float] | None = None


class FilePages(Protocol):
    """The pages of a file, each read when it is asked for."""

    def __iter__(self) -> Iterator[FilePage]:
        """All, in order; ends with the error of the first that cannot be read."""

    def page(self, number: int) -> FilePage:
        """One, from 1: the others of a damaged file may still be good.

        Raises:
            ImageFileError: ``image.damaged``, ``image.too_big``.
        """


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file and what it says of itself. ``pages`` is read anew, page by page, each time it is walked.

    ``size`` in bytes; ``pdf_version`` like '1.7', None for pictures; ``pdfa`` like '2B' as claimed, None without claim;
    ``signed``: a filled signature field; ``encrypted``: protected, though it opens without a password; ``created_at``
    as a PDF says, with its zone.
    """

    path: Path
    pages: FilePages
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
            ``image.encrypted`` (needs a password), ``image.too_big``, ``image.too_many_pages``. Broken pixels of a page
            are found, and raise, only when that page is walked to.
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
    return _opened(path, name, head, size)


def open_bytes(data: bytes, name: str) -> FileFacts:
    """The same for a file that was read already: what is checked, kept and hashed is then one and the same.

    Raises:
        ImageFileError: as :func:`open_file`.
    """
    return _opened(data, name, data[:1024], len(data))


def _opened(source: Source, name: str, head: bytes, size: int) -> FileFacts:
    if not head:
        raise error("image.empty", file=name)
    if b"%PDF-" in head:  # readers accept up to a kilobyte before it
        return _open_pdf(source, name, size)
    known = head.startswith(MAGIC)
    with readable(name, known=known), Image.open(_stream(source), formats=_FORMATS) as image:
        _weigh(image, name)
        frames = int(getattr(image, "n_frames", 1)) if image.format in (*_PAGED, *_MOVING) else 1
        if image.format in _MOVING and frames > 1:
            raise error("image.animated", file=name)
        paged = image.format in _PAGED
    count = tiff.count_pages(_bytes_of(source), name) if paged else 1
    return FileFacts(Path(name) if isinstance(source, bytes) else source, _Pictures(source, name, count), count, size)


def _stream(source: Source) -> io.BytesIO | Path:
    return io.BytesIO(source) if isinstance(source, bytes) else source


def _bytes_of(source: Source) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


@dataclass(frozen=True, slots=True)
class _Pictures:
    source: Source
    name: str
    count: int

    def __iter__(self) -> Iterator[FilePage]:
        return map(self.page, range(1, self.count + 1))

    def page(self, number: int) -> FilePage:
        return _picture_page(self.source, self.name, number - 1)


@dataclass(frozen=True, slots=True)
class _PdfPages:
    source: Source
    name: str
    count: int

    def __iter__(self) -> Iterator[FilePage]:
        return map(self.page, range(1, self.count + 1))

    def page(self, number: int) -> FilePage:
        found = pdfium.picture(self.source, number, self.name)
        return FilePage(number, found.pixels, found.dpi, DpiSource.PDF, found.sheet_mm, found.bilevel, found.jpeg)


def _picture_page(source: Source, name: str, index: int) -> FilePage:
    turned: tuple[bytes, int] | None = None
    with readable(name, known=True), Image.open(_stream(source), formats=_FORMATS) as image:
        if index:
            image.seek(index)
        _weigh(image, name)
        dpi, bilevel = _stated_dpi(image), image.mode == "1"
        kind, mode = image.format, image.mode
        orientation = int(image.getexif().get(_EXIF_ORIENTATION, _UPRIGHT))
        own = _bytes_of(source) if kind in ("JPEG", "MPO") and mode in ("L", "RGB") else None
        jpeg = own if own is not None and orientation == _UPRIGHT and is_plain_jpeg(own) else None
        if jpeg is not None:
            pixels = decode(jpeg, name)
        elif orientation == _UPRIGHT:
            pixels = plain(image, name)
        else:
            if own is not None and orientation in _TURNS and is_plain_jpeg(own):
                turned = (own, _TURNS[orientation])
            pixels = plain(ImageOps.exif_transpose(image), name)
            if orientation >= 5 and dpi:
                dpi = (dpi[1], dpi[0])
    height, width = pixels.shape[:2]
    real, source_of = real_resolution((width, height), dpi, None, DpiSource.HEADER)
    sheet_mm = (width / real[0] * 25.4, height / real[1] * 25.4)
    return FilePage(index + 1, pixels, real, source_of, sheet_mm, bilevel, jpeg, turned, dpi)


def is_plain_jpeg(data: bytes) -> bool:
    """Whether a JPEG can be the record as it is: eight bits, one or three colours, coded as every reader knows."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:  # a fill byte
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return marker in _PLAIN_FRAMES and data[at + 4] == 8 and data[at + 9] in (1, 3)
        else:
            at += 2 + length
    return False


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


def _open_pdf(source: Source, name: str, size: int) -> FileFacts:
    try:
        with pikepdf.open(_stream(source)) as pdf:
            count = _count(pdf, name)
            facts = FileFacts(
                Path(name) if isinstance(source, bytes) else source,
                _PdfPages(source, name, count),
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


def _count(pdf: pikepdf.Pdf, name: str) -> int:
    """Pages of a PDF; what it claims is asked first, because to walk a million of them takes a minute."""
    claimed = pdf.Root.Pages.get("/Count", 0)
    for count in (int(claimed) if isinstance(claimed, int | Decimal) else 0, len(pdf.pages)):
        if count > tiff.MOST_PAGES:
            raise error("image.too_many_pages", file=name, most=tiff.MOST_PAGES)
    return len(pdf.pages)


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
