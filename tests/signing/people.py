# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Holders with keys in memory, a draft PDF with a real picture in it, and the font of the mark."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from PIL import Image

from digitizer_desk.signing.appearance import Mark, clerk_lines
from digitizer_desk.signing.sign import sign_pdf

NAME = "Nguyễn Thị Phượng Hằng"
FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "Tinos-Desk.ttf"
NOW = datetime(2026, 11, 21, 3, 15, 42, 987654, tzinfo=UTC)
CAPTURED = datetime(2026, 11, 21, 2, 38, 12, tzinfo=UTC)


@cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """Making keys is slow: each number's key is made once a test run."""
    return rsa.generate_private_key(65537, 2048)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass(frozen=True)
class Authority:
    """A root that issues certificates and revocation lists."""

    key: Any
    root: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.root.public_bytes(Encoding.DER)

    def crl(self, *revoked: int, at: datetime = NOW) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(at - timedelta(hours=1))
            .next_update(at + timedelta(days=7))
        )
        for serial in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at - timedelta(hours=1))
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def make_authority(name: str = "CA tập huấn") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    root = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=4000))
        .not_valid_after(NOW + timedelta(days=4000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, root)


@dataclass(frozen=True)
class Person:
    """A holder with a key in memory."""

    key: Any
    certificate: x509.Certificate
    chain: tuple[bytes, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def kind(self) -> str:
        return "rsa" if isinstance(self.key, rsa.RSAPrivateKey) else "ec"

    def raw_sign(self, data: bytes) -> bytes:
        if self.kind == "rsa":
            return bytes(self.key.sign(data, padding.PKCS1v15(), hashes.SHA256()))
        return bytes(self.key.sign(data, ec.ECDSA(hashes.SHA256())))

    def sign(self, pdf: bytes, **changes: Any) -> bytes:
        """Sign with everything ordinary, but for ``changes``."""
        ordinary: dict[str, Any] = {
            "certificate": self.der,
            "chain": self.chain,
            "raw_sign": self.raw_sign,
            "key_kind": self.kind,
            "mark": Mark(clerk_lines(NAME, CAPTURED), 28.0, 28.0, 170.0, 30.0, 10.0),
            "field": "CanBo",
            "signed_at": NOW,
            "captured_at": CAPTURED,
            "font": FONT.read_bytes(),
        }
        return sign_pdf(pdf, **{**ordinary, **changes})


def make_person(
    authority: Authority,
    name: str = NAME,
    *,
    key: Any = None,
    days: tuple[int, int] = (-30, 300),
    usage: tuple[str, ...] | None = ("digital_signature", "content_commitment"),
    lists: str = "",
) -> Person:
    key = key or rsa_key(0)
    names = [
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ]
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(authority.root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if usage is not None:
        builder = builder.add_extension(x509.KeyUsage(**{n: n in usage for n in names}), critical=True)
    if lists:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(lists)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    return Person(key, builder.sign(authority.key, hashes.SHA256()))


def draw_pdf(
    *, pages: int = 2, rotate: int = 0, box: tuple[float, ...] = (0, 0, 595.28, 841.89), empty: bool = False
) -> bytes:
    """A small colour scan as PDF: one JPEG a page, white above so that a mark can be seen."""
    pdf = pikepdf.new()
    for number in range(pages):
        pixels = np.full((420, 300, 3), 255, np.uint8)
        if not empty:
            pixels[200:400, 20:280] = np.random.default_rng(number).integers(0, 255, (200, 260, 3), np.uint8)
        jpeg = io.BytesIO()
        Image.fromarray(pixels).save(jpeg, "JPEG", quality=92)
        picture = pikepdf.Stream(pdf, jpeg.getvalue())
        picture.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=300, Height=420, BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode, Length=len(jpeg.getvalue()),
        )  # fmt: skip
        width, height = box[2] - box[0], box[3] - box[1]
        pdf.add_blank_page(page_size=(width, height))
        page = pdf.pages[-1]
        page.obj.MediaBox = pikepdf.Array(list(box))
        page.obj.Rotate = rotate
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        page.obj.Contents = pikepdf.Stream(pdf, f"q {width} 0 0 {height} {box[0]} {box[1]} cm /Im0 Do Q".encode())
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
