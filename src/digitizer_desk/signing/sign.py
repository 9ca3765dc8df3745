# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Draft PDF + certificate + somebody who makes raw signatures -> signed PDF (PAdES B-B).

Apart from the token on purpose: only the few signed attributes (about 180 bytes) leave this module to be signed, so
the PDF never enters the token's process and no PKCS#11 enters this one.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.generic import Dereferenceable, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import constants
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigAppearanceSetup, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import BuildProps, SignatureObject
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from digitizer_desk import __version__
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import error
from digitizer_desk.signing.appearance import Mark, MarkStyle, clerk_lines

__all__ = ["CAPTURED_AT", "ROLE", "ROLES", "Mark", "RawSign", "clerk_lines", "sign_pdf"]

#: makes a raw signature over SHA-256 of the bytes given: RSASSA-PKCS1-v1_5, or ECDSA in DER
RawSign = Callable[[bytes], bytes]

#: our entries of the signature dictionary (ISO 32000-1 Annex E, second-class names). Both lie under the signature.
CAPTURED_AT = "/DDSK_CapturedAt"  # ISO 8601 text with offset: the time of capture the mark shows
ROLE = "/DDSK_Role"  # name: one of ROLES
ROLES = ("clerk", "organisation")
_TITLES = {"clerk": "Chữ ký số của cán bộ số hóa", "organisation": "Chữ ký số của cơ quan"}

#: hex digits kept free for the CMS: room for chain and a later timestamp (5.9 KB was the largest measured)
RESERVED = 32768

# these write certificate subjects, which are names of people, into whatever log there is
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


def sign_pdf(
    pdf: bytes,
    *,
    certificate: bytes,
    chain: Sequence[bytes],
    raw_sign: RawSign,
    key_kind: str,
    mark: Mark,
    field: str,
    signed_at: datetime,
    font: bytes,
    captured_at: datetime | None = None,
    role: str = "clerk",
) -> bytes:
    """Add one PAdES B-B signature with a visible mark on page 1, as an incremental update: not a byte of ``pdf``
    changes, so page images stay identical and earlier signatures stay whole (R27).

    ``certificate`` and ``chain`` are DER; ``key_kind`` is ``rsa`` or ``ec``. ``signed_at`` goes to the second into /M,
    which is where PAdES wants it (EN 319 142-1, 6.3: no signing-time in the CMS). ``captured_at`` is kept in the
    signature dictionary for ``verify_pdf``. When a field of the name ``field`` exists, ``field-2``, ``field-3`` ... is
    taken. ``font`` is a TrueType file of 1000 units per em.

    Raises:
        DeskError: ``image.unreadable``, ``image.damaged``, ``image.encrypted`` for the PDF; ``signature.mark_letters``;
            ``signature.broken`` when the raw signature does not fit the certificate; whatever ``raw_sign`` raises.
    """
    if signed_at.tzinfo is None:
        raise ValueError("signing time without a time zone")
    if role not in ROLES or not re.fullmatch(r"[A-Za-z0-9_-]+", field):
        raise ValueError("role or field name not usable")
    moment = signed_at.astimezone(VIETNAM).replace(microsecond=0)
    writer = _open(pdf)
    signer = _TokenSigner(certificate, chain, raw_sign, key_kind)
    dictionary = _dictionary(moment, captured_at, role)
    with _reading():
        turned, box = _place(writer, mark)
    style = MarkStyle(mark, font, turned)
    with _reading():
        writer.ensure_output_version(version=(1, 7))
        if writer.output_version < (2, 0):
            writer.register_extension(constants.ESIC_EXTENSION_1)
        name = _free_name(writer, field)
        spec = SigFieldSpec(name, on_page=0, box=box, readable_field_name=_TITLES[role])
        embedding = PdfCMSEmbedder(new_field_spec=spec).write_cms(field_name=name, writer=writer)
        next(embedding)
        look = SigAppearanceSetup(style=style, timestamp=moment, name=None)
        embedding.send(SigObjSetup(sig_placeholder=dictionary, appearance_setup=look))
        digest, output = embedding.send(SigIOSetup(md_algorithm="sha256", output=BytesIO()))
    embedding.send(asyncio.run(signer.async_sign(digest.document_digest, "sha256", use_pades=True)))
    signed = output.getvalue()
    assert isinstance(signed, bytes)
    return signed


class _TokenSigner(Signer):  # type: ignore[misc]
    """A pyHanko signer whose key lies elsewhere."""

    def __init__(self, certificate: bytes, chain: Sequence[bytes], raw_sign: RawSign, key_kind: str) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(_issuers(x509.Certificate.load(certificate), chain))
        super().__init__(
            signing_cert=x509.Certificate.load(certificate),
            cert_registry=store,
            embed_roots=False,
            signature_mechanism=SignedDigestAlgorithm(
                {"algorithm": {"rsa": "sha256_rsa", "ec": "sha256_ecdsa"}[key_kind]}
            ),
        )
        self._raw_sign = raw_sign
        self._certificate = certificate

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Ask outside, and believe nothing: a token that answers with another key's signature is found here."""
        if dry_run:
            return bytes(512)
        signature = self._raw_sign(data)
        if not _fits(self._certificate, data, signature):
            raise error("signature.broken", "raw signature does not fit the certificate")
        return signature


def _issuers(certificate: x509.Certificate, chain: Sequence[bytes]) -> list[x509.Certificate]:
    """Those of ``chain`` that stand above ``certificate``: a caller may hand over all it knows."""
    known = [x509.Certificate.load(der) for der in chain]
    above: list[x509.Certificate] = []
    wanted = [certificate.issuer]
    while wanted:
        name = wanted.pop()
        found = [one for one in known if one.subject == name and one not in above]
        above += found
        wanted += [one.issuer for one in found]
    return above


def _fits(certificate: bytes, data: bytes, signature: bytes) -> bool:
    key = load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


@contextmanager
def _reading() -> Iterator[None]:
    """What a broken PDF makes pyHanko raise, as our error."""
    try:
        yield
    except (PdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        raise error("image.damaged", type(problem).__name__, file="") from problem


def _open(pdf: bytes) -> Any:
    if b"%PDF-" not in pdf[:1024]:
        raise error("image.unreadable", "no PDF header", file="")
    with _reading():
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
        encrypted = writer.security_handler is not None
    if encrypted:
        raise error("image.encrypted", file="")
    return writer


def _dictionary(moment: datetime, captured_at: datetime | None, role: str) -> Any:
    dictionary = SignatureObject(
        timestamp=moment,
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=RESERVED,
        app_build_props=BuildProps(name="DigitizerDesk", revision=__version__),
    )
    dictionary[ROLE] = pdf_name(f"/{role}")
    if captured_at is not None:
        if captured_at.tzinfo is None:
            raise ValueError("time of capture without a time zone")
        dictionary[CAPTURED_AT] = pdf_string(captured_at.astimezone(VIETNAM).isoformat(timespec="seconds"))
    return dictionary


def _free_name(writer: Any, wanted: str) -> str:
    taken = {name for name, _, _ in enumerate_sig_fields(writer)}
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _place(writer: Any, mark: Mark) -> tuple[int, tuple[float, float, float, float]]:
    """The page's turn and the mark's rectangle in its own coordinates (origin bottom left, before turning)."""
    page = writer.find_page_for_modification(0)[0].get_object()
    media = _box(_inherited(page, "/MediaBox") or (0, 0, 612, 792))
    crop = _box(_inherited(page, "/CropBox") or media)
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    turned = int(_inherited(page, "/Rotate") or 0) % 360
    x, y, w, h = mark.left_pt, mark.top_pt, mark.width_pt, mark.height_pt
    boxes = {
        0: (left + x, top - y - h, left + x + w, top - y),
        90: (left + y, bottom + x, left + y + h, bottom + x + w),
        180: (right - x - w, bottom + y, right - x, bottom + y + h),
        270: (right - y - h, top - x - w, right - y, top - x),
    }
    if turned not in boxes:
        raise ValueError("page turned by no quarter")
    rounded = tuple(round(v, 3) + 0.0 for v in boxes[turned])
    return turned, (rounded[0], rounded[1], rounded[2], rounded[3])


def _inherited(page: Any, key: str) -> Any:
    for _ in range(64):
        if key in page:
            value = page[key]
            return value.get_object() if isinstance(value, Dereferenceable) else value
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None


def _box(values: Any) -> tuple[float, float, float, float]:
    a, b, c, d = (float(v) for v in values)
    return min(a, c), min(b, d), max(a, c), max(b, d)
