# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A signature that lies beside what it signs: does it fit, and who made it.

Apart from ``verify.py`` because a record of data is no PDF, and whoever receives the signature first has nothing of the
record but its hash.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from asn1crypto import cms, x509
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, validate_sig_integrity


@dataclass(frozen=True, slots=True)
class Detached:
    """``signer`` as the certificate names it, in NFC; ``certificate`` DER. ``fits``: the signature is whole and over
    these very bytes. Whether the certificate is to be trusted is not asked here."""

    signer: str
    certificate: bytes
    fits: bool


def check_detached(signature: bytes, sha256: bytes) -> Detached:
    """Hold a detached CMS signature (DER, one signer, SHA-256) against the hash of what it should cover.

    Raises:
        ValueError: these bytes are no such signature.
    """
    try:
        content = cms.ContentInfo.load(signature, strict=True)
        signed = content["content"]
        if content["content_type"].native != "signed_data" or signed["encap_content_info"]["content"].native:
            raise ValueError("not a detached signature")
        one = extract_signer_info(signed)
        certificate = extract_certs_for_validation(signed).signer_cert
        if one["digest_algorithm"]["algorithm"].native != "sha256":
            raise ValueError("hash of another kind")
    except (SignatureValidationError, LookupError, TypeError, AttributeError) as problem:
        raise ValueError("not a signature") from problem
    return Detached(_name(certificate), certificate.dump(), _fits(one, certificate, sha256))


def _fits(signer: cms.SignerInfo, certificate: x509.Certificate, sha256: bytes) -> bool:
    try:
        same, valid = validate_sig_integrity(signer, certificate, "data", sha256)
    except (SignatureValidationError, ValueError, TypeError, NotImplementedError):
        return False
    return bool(same and valid)


def _name(certificate: x509.Certificate) -> str:
    name = certificate.subject.native
    return unicodedata.normalize("NFC", str(name.get("common_name") or name.get("organization_name") or ""))
