# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages into one PDF, in the shape of PDF/A-2b (ISO 19005-2), each master JPEG inside with its bytes untouched.

Apart because its output is frozen by a signature: same pages and same facts must give the same bytes for ever.
The law asks for version 1.4 or later and a page box of the sheet's own size (R11, R12).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

import pikepdf

from digitizer_desk.errors import error
from digitizer_desk.imaging.master import MAX_PIXELS, opened
from digitizer_desk.imaging.srgb import srgb_profile

PRODUCER = "Digitizer Desk"
_MM_PER_POINT = Decimal("25.4") / 72
_FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page to put in. ``sheet_mm``: (width, height) of the sheet as scanned, before ``turn``.

    ``turn``: clockwise degrees (0, 90, 180, 270) the picture is shown turned by; the page box turns with it.
    """

    jpeg: bytes
    sheet_mm: tuple[float, float]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What the file says of itself, alike in XMP and in the information dictionary. ``made_at`` has a zone."""

    title: str
    author: str
    subject: str
    keywords: str
    made_at: datetime


def build_pdf(pages: Sequence[PdfPage], info: PdfInfo) -> bytes:
    """One PDF with the pages in the order given.

    Raises:
        ImageFileError: a page is no JPEG of one or three colour channels (``image.*``).
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
        packet = pdf.make_stream(_xmp(info))
        packet.Type, packet.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = packet
        pdf.Root.Lang = pikepdf.String("vi")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        _information(pdf, info)
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
    width_px, height_px, grey = _jpeg_shape(page.jpeg, number)
    picture = pdf.make_stream(page.jpeg)
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = width_px, height_px, 8
    picture.ColorSpace = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
    picture.Filter = pikepdf.Name.DCTDecode
    width, height = (_points(mm) for mm in page.sheet_mm)
    if page.turn % 180:
        width, height = height, width
    content = f"q {_matrix(page.turn, width, height)} cm /Page Do Q"
    leaf = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=pikepdf.Array([0, 0, width, height]),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=picture)),
        Contents=pdf.make_stream(content.encode("ascii")),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(leaf)))


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


def _information(pdf: pikepdf.Pdf, info: PdfInfo) -> None:
    """The old dictionary; PDF/A wants each entry equal to its XMP twin (ISO 19005-1, 6.7.3), empty ones left out."""
    zone = info.made_at.strftime("%z")
    moment = info.made_at.strftime("D:%Y%m%d%H%M%S") + f"{zone[:3]}'{zone[3:5]}'"
    entries = {
        "/Title": info.title, "/Author": info.author, "/Subject": info.subject, "/Keywords": info.keywords,
        "/Creator": PRODUCER, "/Producer": PRODUCER, "/CreationDate": moment, "/ModDate": moment,
    }  # fmt: skip
    for key, value in entries.items():
        if value:
            pdf.docinfo[key] = pikepdf.String(value)


def _xmp(info: PdfInfo) -> bytes:
    moment = info.made_at.replace(microsecond=0).isoformat()

    def alternatives(tag: str, value: str) -> str:
        if not value:
            return ""
        return f'<{tag}><rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li></rdf:Alt></{tag}>\n'

    author = f"<dc:creator><rdf:Seq><rdf:li>{escape(info.author)}</rdf:li></rdf:Seq></dc:creator>\n"
    keywords = f"<pdf:Keywords>{escape(info.keywords)}</pdf:Keywords>\n"
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/">\n'
        "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
        "<dc:format>application/pdf</dc:format>\n"
        + alternatives("dc:title", info.title)
        + (author if info.author else "")
        + alternatives("dc:description", info.subject)
        + (keywords if info.keywords else "")
        + f"<pdf:Producer>{PRODUCER}</pdf:Producer>\n<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>\n"
        f"<xmp:CreateDate>{moment}</xmp:CreateDate>\n<xmp:ModifyDate>{moment}</xmp:ModifyDate>\n"
        f"<xmp:MetadataDate>{moment}</xmp:MetadataDate>\n"
        "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
    )
    # room for a later writer to change the packet in place, as the XMP specification advises
    return (text + (" " * 99 + "\n") * 10 + '<?xpacket end="w"?>').encode("utf-8")
