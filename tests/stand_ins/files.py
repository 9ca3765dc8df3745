# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files as strangers bring them: pictures, TIFFs with a broken page, PDFs signed by somebody else."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.signing.sign import Mark, sign_pdf
from stand_ins.machines import ScriptedToken, paper

MADE = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)


@cache
def jpeg(seed: int = 1, **options: Any) -> bytes:
    """A page at 200 dpi as a JPEG."""
    sink = io.BytesIO()
    Image.fromarray(paper(seed=seed)).save(sink, "JPEG", quality=90, dpi=(200, 200), **options)
    return sink.getvalue()


def lying_jpeg(orientation: int, seed: int = 1) -> bytes:
    """A page stored as a camera held that way stores it, with the EXIF note to show it upright."""
    sink, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    stored = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    upright = Image.fromarray(paper(seed=seed))
    lying = upright.transpose(stored.get(orientation, Image.Transpose.FLIP_LEFT_RIGHT))
    lying.save(sink, "JPEG", quality=90, dpi=(200, 200), exif=exif)
    return sink.getvalue()


def encoded(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """A picture in another format."""
    sink = io.BytesIO()
    (image or Image.fromarray(paper())).save(sink, kind, **options)
    return sink.getvalue()


@cache
def tiff(pages: int, broken: int = 0) -> bytes:
    """A TIFF of so many pages, each one strip of deflated pixels; ``broken`` (from 1) has nonsense for pixels."""
    strips: list[bytes] = []
    images = [Image.fromarray(paper(seed=number)) for number in range(1, pages + 1)]
    sink = io.BytesIO()
    images[0].save(sink, "TIFF", save_all=True, append_images=images[1:], compression="tiff_deflate", dpi=(200, 200))
    data = bytearray(sink.getvalue())
    if broken:
        for start, length in _strips(data)[broken - 1]:
            strips.append(bytes(data[start : start + length]))
            data[start : start + length] = bytes(np.full(length, 0xA5, np.uint8))
    return bytes(data)


def _strips(data: bytes | bytearray) -> list[list[tuple[int, int]]]:
    """Offset and length of each strip, page by page (little-endian classic TIFF, as Pillow writes it)."""
    found, at = [], struct.unpack_from("<I", data, 4)[0]
    while at:
        count = struct.unpack_from("<H", data, at)[0]
        tags = {}
        for number in range(count):
            tag, kind, values, value = struct.unpack_from("<HHII", data, at + 2 + 12 * number)
            size = {3: 2, 4: 4}.get(kind, 1)
            form = {2: "H", 4: "I"}.get(size, "B")
            where = at + 2 + 12 * number + 8 if size * values <= 4 else value
            tags[tag] = struct.unpack_from(f"<{values}{form}", data, where) if tag in (273, 279) else ()
        found.append(list(zip(tags[273], tags[279], strict=True)))
        at = struct.unpack_from("<I", data, at + 2 + 12 * count)[0]
    return found


@cache
def pdf(pages: int = 2, start: int = 1) -> bytes:
    """A PDF of scanned pages, as another office would send it."""
    made = [PdfPage(jpeg(seed), (210.0, 297.0), 0) for seed in range(start, start + pages)]
    return build_pdf(made, PdfInfo("Giấy khai sinh", "Sở Tư pháp", "", "", MADE))


def signed_pdf(token: ScriptedToken, font: bytes, data: bytes | None = None) -> bytes:
    """The same, signed by somebody before it came to us."""
    mark = Mark(lines=("Sở Tư pháp",), left_pt=380, top_pt=40, width_pt=150, height_pt=40, font_size=9)
    return sign_pdf(
        data or pdf(),
        certificate=token.der,
        chain=(),
        raw_sign=token.raw_sign,
        key_kind="rsa",
        mark=mark,
        field="Other",
        signed_at=MADE,
        font=font,
        role="organisation",
    )


def without_changes_allowed(token: ScriptedToken, data: bytes | None = None) -> bytes:
    """Certified by its author so that not even a signature may be added (DocMDP, P = 1)."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    raw = token._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(token.der),
        signing_key=keys.PrivateKeyInfo.load(raw),
        cert_registry=SimpleCertificateStore(),
    )
    facts = PdfSignatureMetadata(field_name="Author", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    sink = PdfSigner(facts, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data or pdf())))
    return bytes(sink.getbuffer())


def many(count: int) -> Sequence[bytes]:
    """Different pages."""
    return [jpeg(seed) for seed in range(1, count + 1)]
