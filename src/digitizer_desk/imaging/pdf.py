# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages become one PDF of PDF/A-2b shape: each picture's bytes as they are, each page as large as its sheet.

Apart from ``master.py`` because what a reader opens in thirty years is decided here (ISO 19005-2, ISO 32000-1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageCms

from digitizer_desk.errors import error

_POINTS = 72 / 25.4


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page to go in: JPEG bytes, the sheet's width and height in mm as scanned, clockwise degrees to turn it by."""

    jpeg: bytes
    sheet_mm: tuple[float, float]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What the file says of itself. ``made_at`` is timezone-aware."""

    title: str
    author: str
    subject: str
    keywords: str
    made_at: datetime


def build_pdf(pages: Sequence[PdfPage], info: PdfInfo) -> bytes:
    """One PDF 1.7 of PDF/A-2b shape. Equal input gives equal bytes.

    Raises:
        ValueError: no page.
        DeskError: ``image.unreadable``, ``image.damaged`` for a picture that is no JPEG.
    """
    if not pages:
        raise ValueError("a PDF has at least one page")
    with pikepdf.new() as pdf:
        for page in pages:
            _add(pdf, page)
        _describe(pdf, info)
        sink = BytesIO()
        pdf.save(sink, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return sink.getvalue()


def _add(pdf: pikepdf.Pdf, page: PdfPage) -> None:
    width, height, channels = _jpeg_facts(page.jpeg)
    picture = Stream(pdf, page.jpeg)
    _entries(picture, width, height, channels)
    across, up = (round(side * _POINTS, 3) for side in page.sheet_mm)
    box = (across, up) if page.turn % 180 == 0 else (up, across)
    content = f"q {_matrix(page.turn % 360, across, up)} cm /Im0 Do Q".encode()
    pdf.pages.append(
        pikepdf.Page(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, _number(box[0]), _number(box[1])]),
                    Resources=Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(picture))),
                    Contents=pdf.make_indirect(Stream(pdf, content)),
                )
            )
        )
    )


def _entries(picture: Stream, width: int, height: int, channels: int) -> None:
    picture.Type = Name.XObject
    picture.Subtype = Name.Image
    picture.Width = width
    picture.Height = height
    picture.ColorSpace = Name.DeviceRGB if channels == 3 else Name.DeviceGray
    picture.BitsPerComponent = 8
    picture.Filter = Name.DCTDecode


def _number(value: float) -> float:
    return float(f"{value:.3f}")


def _matrix(turn: int, across: float, up: float) -> str:
    """The matrix that puts the unit square of the picture upright on the page after a clockwise turn."""
    a, u = f"{across:.3f}", f"{up:.3f}"
    return {
        0: f"{a} 0 0 {u} 0 0",
        90: f"0 -{a} {u} 0 0 {a}",
        180: f"-{a} 0 0 -{u} {a} {u}",
        270: f"0 {a} -{u} 0 {u} 0",
    }[turn]


def _jpeg_facts(jpeg: bytes) -> tuple[int, int, int]:
    """Width, height in pixels and channels (1 or 3), from the header alone."""
    if not jpeg.startswith(b"\xff\xd8"):
        raise error("image.unreadable", "no JPEG", file="")
    try:
        with Image.open(BytesIO(jpeg)) as picture:
            bands = len(picture.getbands())
            if bands not in (1, 3):
                raise error("image.unreadable", f"{bands} channels", file="")
            return picture.width, picture.height, bands
    except OSError as problem:
        raise error("image.damaged", str(problem), file="") from problem


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    """An sRGB profile with its date and id zeroed: the same bytes whenever it is made."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes((0x07, 0xEA, 0, 1, 0, 1)) + bytes(6)
    profile[84:100] = bytes(16)
    return bytes(profile)


def _describe(pdf: pikepdf.Pdf, info: PdfInfo) -> None:
    """Output intent, XMP and the matching Info dictionary (ISO 19005-2, 6.2.3, 6.6)."""
    profile = Stream(pdf, _srgb())
    profile.N = 3
    profile.Alternate = Name.DeviceRGB
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    pdf.Root.Lang = String("vi-VN")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    stamp = _pdf_date(info.made_at)
    pdf.docinfo[Name.Title] = String(info.title)
    pdf.docinfo[Name.Author] = String(info.author)
    pdf.docinfo[Name.Subject] = String(info.subject)
    pdf.docinfo[Name.Keywords] = String(info.keywords)
    pdf.docinfo[Name.Producer] = String("Digitizer Desk")
    pdf.docinfo[Name.CreationDate] = String(stamp)
    pdf.docinfo[Name.ModDate] = String(stamp)
    xmp = Stream(pdf, _xmp(info))
    xmp.Type = Name.Metadata
    xmp.Subtype = Name.XML
    pdf.Root.Metadata = pdf.make_indirect(xmp)


def _pdf_date(moment: datetime) -> str:
    text = moment.strftime("D:%Y%m%d%H%M%S%z")
    return f"{text[:-2]}'{text[-2:]}'"


def _xmp(info: PdfInfo) -> bytes:
    """XMP that says the same as the Info dictionary, and which part of PDF/A the file follows."""

    def safe(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    moment = info.made_at.isoformat(timespec="seconds")
    key = hashlib.sha256("|".join((info.title, info.author, info.subject, info.keywords, moment)).encode()).hexdigest()
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{safe(info.title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{safe(info.author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{safe(info.subject)}</rdf:li></rdf:Alt></dc:description>
<pdf:Keywords>{safe(info.keywords)}</pdf:Keywords><pdf:Producer>Digitizer Desk</pdf:Producer>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmpMM:DocumentID>uuid:{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:32]}</xmpMM:DocumentID>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()
