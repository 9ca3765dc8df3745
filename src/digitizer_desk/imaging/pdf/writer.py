# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages into one PDF, in the shape of PDF/A-2b (ISO 19005-2): each master JPEG with its bytes untouched, or two layers.

Apart because its output is frozen by a signature: same pages and same facts must give the same bytes for ever.
The law asks for version 1.4 or later and a page box of the sheet's own size (R11, R12).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pikepdf

from digitizer_desk.errors import error
from digitizer_desk.imaging.master import MAX_PIXELS, opened
from digitizer_desk.imaging.pdf.coding import PageLayers
from digitizer_desk.imaging.pdf.information import PdfInfo, write_dictionary, xmp_packet
from digitizer_desk.imaging.srgb import srgb_profile

_MM_PER_POINT = Decimal("25.4") / 72
#: sides of a page in points (ISO 19005-2, 6.1.13)
_LEAST_POINTS, _MOST_POINTS = 3, 14_400
_FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page to put in. ``sheet_mm``: (width, height) of the sheet as scanned, before ``turn``.

    ``turn``: clockwise degrees (0, 90, 180, 270) the picture is shown turned by; the page box turns with it.
    ``layers``: what goes in instead of the JPEG, when the page proved itself in two layers.
    """

    jpeg: bytes
    sheet_mm: tuple[float, float]
    turn: int = 0
    layers: PageLayers | None = None


def build_pdf(pages: Sequence[PdfPage], info: PdfInfo) -> bytes:
    """One PDF with the pages in the order given.

    Raises:
        ImageFileError: a page is no JPEG of one or three colour channels, or larger or smaller than a page of a PDF
            may be (``image.*``).
        ValueError: no page, a turn that is no quarter, or ``made_at`` without zone.
    """
    if not pages:
        raise ValueError("a PDF needs a page")
    if info.made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    with pikepdf.Pdf.new() as pdf:
        for number, page in enumerate(pages, 1):
            _add_page(pdf, page, number)
        profile = pdf.make_stream(srgb_profile())
        profile.N = 3
        pdf.Root.OutputIntents = pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.OutputIntent,
                    S=pikepdf.Name.GTS_PDFA1,
                    OutputConditionIdentifier="sRGB IEC61966-2.1",
                    RegistryName="http://www.color.org",
                    Info="sRGB IEC61966-2.1",
                    DestOutputProfile=profile,
                )
            ]
        )
        packet = pdf.make_stream(xmp_packet(info))
        packet.Type, packet.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = packet
        pdf.Root.Lang = pikepdf.String("vi")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        write_dictionary(pdf, info)
        target = io.BytesIO()
        pdf.save(
            target,
            force_version="1.7",
            deterministic_id=True,
            compress_streams=False,  # pictures are compressed already, and PDF/A readers want the XMP plain
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    return target.getvalue()


def _add_page(pdf: pikepdf.Pdf, page: PdfPage, number: int) -> None:
    width, height = (_points(mm) for mm in page.sheet_mm)
    if max(width, height) > _MOST_POINTS:
        raise error("image.too_big", f"page of {width}x{height} points", file=f"trang {number}")
    if min(width, height) < _LEAST_POINTS:
        raise error("image.unreadable", f"page of {width}x{height} points", file=f"trang {number}")
    if page.turn % 180:
        width, height = height, width
    matrix = _matrix(page.turn, width, height)
    if page.layers is None:
        pictures = {"/Page": _jpeg(pdf, page.jpeg, number)}
        content = f"q {matrix} cm /Page Do Q"
    else:
        pictures = {"/Page": _picture(pdf, page.layers), "/Toner": _stencil(pdf, page.layers)}
        colour = " ".join(f"{value / 255:.4f}" for value in page.layers.toner)
        content = f"q {matrix} cm /Page Do {colour} {'g' if page.layers.grey else 'rg'} /Toner Do Q"
    leaf = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=pikepdf.Array([0, 0, width, height]),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(pictures)),
        Contents=pdf.make_stream(content.encode("ascii")),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(leaf)))


def _jpeg(pdf: pikepdf.Pdf, jpeg: bytes, number: int) -> pikepdf.Stream:
    width, height, grey = _jpeg_shape(jpeg, number)
    picture = _image(pdf, jpeg, width, height, 8)
    picture.ColorSpace = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
    picture.Filter = pikepdf.Name.DCTDecode
    return picture


def _picture(pdf: pikepdf.Pdf, layers: PageLayers) -> pikepdf.Stream:
    picture = _image(pdf, layers.picture, layers.width, layers.height, 8)
    picture.ColorSpace = pikepdf.Name.DeviceGray if layers.grey else pikepdf.Name.DeviceRGB
    picture.Filter = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])
    return picture


def _stencil(pdf: pikepdf.Pdf, layers: PageLayers) -> pikepdf.Stream:
    stencil = _image(pdf, layers.stencil, layers.width, layers.height, 1)
    stencil.ImageMask = True
    stencil.Filter = pikepdf.Name.CCITTFaxDecode
    stencil.DecodeParms = pikepdf.Dictionary(K=-1, Columns=layers.width, Rows=layers.height)
    return stencil


def _image(pdf: pikepdf.Pdf, data: bytes, width: int, height: int, bits: int) -> pikepdf.Stream:
    image = pdf.make_stream(data)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = width, height, bits
    return image


def _jpeg_shape(jpeg: bytes, number: int) -> tuple[int, int, bool]:
    name = f"trang {number}"
    with opened(jpeg, name, formats=("JPEG",)) as image:
        if image.mode not in ("L", "RGB"):
            raise error("image.unreadable", f"JPEG of kind {image.mode}", file=name)
        if image.width * image.height > MAX_PIXELS:
            raise error("image.too_big", file=name)
        return image.width, image.height, image.mode == "L"


def _points(millimetres: float) -> Decimal:
    return (Decimal(repr(float(millimetres))) / _MM_PER_POINT).quantize(_FOUR_PLACES)


def _matrix(turn: int, width: Decimal, height: Decimal) -> str:
    """Where the unit square of the picture goes on a page of this (turned) size, in points."""
    match turn % 360:
        case 0:
            return f"{width} 0 0 {height} 0 0"
        case 90:
            return f"0 -{height} {width} 0 0 {height}"
        case 180:
            return f"-{width} 0 0 -{height} {width} {height}"
        case 270:
            return f"0 {height} -{width} 0 {width} 0"
    raise ValueError(f"not a quarter turn: {turn}")
