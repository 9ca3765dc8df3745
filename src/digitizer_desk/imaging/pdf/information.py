# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a PDF says of itself, alike in XMP and in the old information dictionary.

Apart from the pages because PDF/A wants both to say the very same, word for word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

import pikepdf

PRODUCER = "Digitizer Desk"


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What the file says of itself, alike in XMP and in the information dictionary. ``made_at`` has a zone."""

    title: str
    author: str
    subject: str
    keywords: str
    made_at: datetime


def write_dictionary(pdf: pikepdf.Pdf, info: PdfInfo) -> None:
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


def xmp_packet(info: PdfInfo) -> bytes:
    """The XMP packet that says it is PDF/A-2b and all that is known of the file; the same facts, the same bytes."""
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
