# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the X.509 certificates a token gives into the desk's own values.

Apart from the client because it needs no device at all: bytes in, values out.
"""

from __future__ import annotations

from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from digitizer_desk.devices.token import Certificate, TokenInfo
from digitizer_desk.errors import error

#: what cryptography raises for a certificate of a kind it does not know: SM2 and the like lie beside one's own on
#: tokens of some makers, and one such must not hide the others
_ODD = (ValueError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
_E = TypeVar("_E", bound=x509.ExtensionType)


def read_certificate(der: bytes, key_id: str, token: TokenInfo) -> Certificate | None:
    """A signing certificate as the desk shows it; None for a CA's own, an unreadable one, or a foreign kind of key."""
    try:
        parsed = x509.load_der_x509_certificate(der)
        key = parsed.public_key()
        names = {kind: _name(parsed.subject, kind) for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)}
        issuer = _name(parsed.issuer, NameOID.COMMON_NAME) or _name(parsed.issuer, NameOID.ORGANIZATION_NAME)
        authority = _extension(parsed, x509.BasicConstraints)
        usage = _extension(parsed, x509.KeyUsage)
    except _ODD:
        return None
    kind = "rsa" if isinstance(key, rsa.RSAPublicKey) else "ec" if isinstance(key, ec.EllipticCurvePublicKey) else ""
    if not kind or (authority is not None and authority.ca):
        return None
    return Certificate(
        token=token,
        key_id=key_id,
        der=der,
        holder=names[NameOID.COMMON_NAME],
        organisation=names[NameOID.ORGANIZATION_NAME],
        issuer=issuer,
        serial=f"{parsed.serial_number:x}",
        sha1=parsed.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 - a name for people, not a protection
        sha256=parsed.fingerprint(hashes.SHA256()).hex(),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        key_kind=kind,
        may_sign=usage is None or usage.digital_signature or usage.content_commitment,
    )


def _name(name: x509.Name, kind: x509.ObjectIdentifier) -> str:
    values = name.get_attributes_for_oid(kind)
    return str(values[0].value) if values else ""


def _extension(certificate: x509.Certificate, kind: type[_E]) -> _E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def public_half(der: bytes) -> bytes:
    """What the host compares keys by: the RSA modulus, or the EC point uncompressed.

    Raises:
        DeskError: ``token.no_certificate`` for another kind of key.
    """
    key = x509.load_der_x509_certificate(der).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        modulus = key.public_numbers().n
        return modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    raise error("token.no_certificate", "kind of key not known")
