# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A signing key in a file (PKCS#12 or PEM), for those who sign packs on a machine without a token.

Apart from ``sign.py``, which never sees a key: a clerk's or an agency's key stays in its token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12

from digitizer_desk.errors import error


@dataclass(frozen=True, slots=True)
class FileKey:
    """``certificate`` and ``chain`` DER; ``kind`` "rsa" or "ec"; ``raw_sign`` signs bytes with SHA-256."""

    certificate: bytes
    chain: tuple[bytes, ...]
    kind: str
    raw_sign: Callable[[bytes], bytes] = field(repr=False)


def load_key(file: Path, password: str, certificates: Path | None = None) -> FileKey:
    """Read a key with its certificate. A PEM key's certificates lie in the same file or in ``certificates``, the
    signer's first.

    Raises:
        DeskError: ``file.not_found``; ``pack.key_unusable``: wrong password, no key, no certificate that fits it, or a
            key of another kind than RSA and elliptic curves.
    """
    try:
        data = file.read_bytes()
        beside = certificates.read_bytes() if certificates is not None else b""
    except OSError as problem:
        raise error("file.not_found", type(problem).__name__, file=file.name) from problem
    secret = password.encode() or None
    key: object
    try:
        if b"-----BEGIN" in data:
            key = load_pem_private_key(data, secret)
            chain = x509.load_pem_x509_certificates(beside or data)
        else:
            key, own, others = pkcs12.load_key_and_certificates(data, secret)
            chain = [one for one in (own, *others) if one is not None]
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as problem:
        raise error("pack.key_unusable", type(problem).__name__, file=file.name) from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or not chain:
        raise error("pack.key_unusable", "no key of use, or no certificate", file=file.name)
    if chain[0].public_key() != key.public_key():
        raise error("pack.key_unusable", "the first certificate is another key's", file=file.name)
    ders = tuple(one.public_bytes(Encoding.DER) for one in chain)
    return FileKey(ders[0], ders[1:], "rsa" if isinstance(key, rsa.RSAPrivateKey) else "ec", _signs(key))


def _signs(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))
