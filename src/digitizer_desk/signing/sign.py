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
from typing import Any, BinaryIO, Required, TypedDict, Unpack

from asn1crypto import x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
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
from digitizer_desk.signing.geometry import place

__all__ = [
    "CAPTURED_AT",
    "ROLE",
    "ROLES",
    "How",
    "Mark",
    "RawSign",
    "clerk_lines",
    "sign_bytes",
    "sign_pdf",
    "sign_stream",
]

#: makes a raw signature over SHA-256 of the bytes given: RSASSA-PKCS1-v1_5, or ECDSA in DER
RawSign = Callable[[bytes], bytes]

#: our entries of the signature dictionary (ISO 32000-1 Annex E, second-class names). Both lie under the signature.
CAPTURED_AT = "/DDSK_CapturedAt"  # ISO 8601 text with offset: the time of capture the mark shows
ROLE = "/DDSK_Role"  # name: one of ROLES
ROLES = ("clerk", "organisation")
_TITLES = {"clerk": "Chữ ký số của cán bộ số hóa", "organisation": "Chữ ký số của cơ quan"}

#: hex digits kept free for the CMS: room for chain and a later timestamp (5.9 KB was the largest measured)
RESERVED = 32768
#: bytes copied and hashed at a time
_PIECE = 1 << 20

# these write certificate subjects, which are names of people, into whatever log there is
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


class How(TypedDict, total=False):
    """What a signature is made with.

    ``certificate`` and ``chain`` are DER; ``key_kind`` is ``rsa`` or ``ec``. ``signed_at`` goes to the second into /M,
    which is where PAdES wants it (EN 319 142-1, 6.3: no signing-time in the CMS). ``captured_at`` is kept in the
    signature dictionary for ``verify_pdf``. When a field of the name ``field`` exists, ``field-2``, ``field-3`` ... is
    taken. ``font`` is a TrueType file of 1000 units per em. ``role``: one of ROLES, clerk unless told.
    """

    certificate: Required[bytes]
    chain: Required[Sequence[bytes]]
    raw_sign: Required[RawSign]
    key_kind: Required[str]
    mark: Required[Mark]
    field: Required[str]
    signed_at: Required[datetime]
    font: Required[bytes]
    captured_at: datetime | None
    role: str


def sign_pdf(pdf: bytes, **how: Unpack[How]) -> bytes:
    """:func:`sign_stream` for a PDF in memory.

    Raises:
        DeskError: as :func:`sign_stream`.
    """
    # pyHanko's objects go round in circles and would keep a large file until the next collection
    with BytesIO(pdf) as source, BytesIO() as output:
        sign_stream(source, output, **how)
        return output.getvalue()


def sign_stream(source: BinaryIO, output: BinaryIO, **how: Unpack[How]) -> None:
    """Add one PAdES B-B signature with a visible mark on page 1, as an incremental update: not a byte of ``source``
    changes, so page images stay identical and earlier signatures stay whole (R27).

    Both streams are seekable, ``output`` is empty and can be read too; a file of any size is copied in small pieces.
    What is in ``output`` after a failure is no signed PDF.

    Raises:
        DeskError: ``image.unreadable``, ``image.damaged``, ``image.encrypted`` for the PDF; ``signature.mark_letters``;
            ``signature.broken`` when the raw signature does not fit the certificate; whatever ``raw_sign`` raises.
        OSError: ``output`` cannot be written.
    """
    role, field = how.get("role", "clerk"), how["field"]
    if how["signed_at"].tzinfo is None:
        raise ValueError("signing time without a time zone")
    if role not in ROLES or not re.fullmatch(r"[A-Za-z0-9_-]+", field):
        raise ValueError("role or field name not usable")
    moment = how["signed_at"].astimezone(VIETNAM).replace(microsecond=0)
    writer = _open(source)
    signer = _TokenSigner(how["certificate"], how["chain"], how["raw_sign"], how["key_kind"])
    dictionary = _dictionary(moment, how.get("captured_at"), role)
    with _reading():
        turned, box = place(writer, how["mark"])
    style = MarkStyle(how["mark"], how["font"], turned)
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
        digest, _ = embedding.send(SigIOSetup(md_algorithm="sha256", output=output, chunk_size=_PIECE))
    embedding.send(asyncio.run(signer.async_sign(digest.document_digest, "sha256", use_pades=True)))


def sign_bytes(data: bytes, *, certificate: bytes, chain: Sequence[bytes], raw_sign: RawSign, key_kind: str) -> bytes:
    """A detached CMS signature (DER, CAdES B-B) over ``data``: ``openssl cms -verify -binary -content`` can check it.

    Raises:
        DeskError: ``signature.broken`` when the raw signature does not fit; whatever ``raw_sign`` raises.
    """
    signer = _TokenSigner(certificate, chain, raw_sign, key_kind)
    made = asyncio.run(signer.async_sign_general_data(data, "sha256", detached=True, use_cades=True))
    return bytes(made.dump())


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


def _open(source: BinaryIO) -> Any:
    source.seek(0)
    if b"%PDF-" not in source.read(1024):
        raise error("image.unreadable", "no PDF header", file="")
    with _reading():
        writer = IncrementalPdfFileWriter(source, strict=False)
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
