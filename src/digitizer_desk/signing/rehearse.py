# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Would a signature of ours fit into this PDF, and would those it has stay whole: tried, not guessed.

Apart from ``sign.py`` because nothing signed here leaves this module: a key made for the moment signs, the result is
judged and thrown away. A certification that forbids changes, locked fields and structures that cannot be updated are
all found this way, on the day the file comes in and not when the citizen is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from digitizer_desk.signing.appearance import Mark
from digitizer_desk.signing.sign import sign_pdf
from digitizer_desk.signing.verify import Verification, verify_pdf

_FIELD = "Rehearsal"
_CORNER = Mark(lines=("0",), left_pt=20, top_pt=20, width_pt=80, height_pt=30, font_size=8)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``before``: the file as it is. ``fits``: ours is whole in it. ``stays``: what was whole before is so after it."""

    before: Verification
    fits: bool
    stays: bool


def rehearse_signing(pdf: bytes, *, font: bytes, at: datetime, before: Verification) -> Rehearsal:
    """Sign a copy with a key of the moment and see. ``font`` as for ``sign_pdf``; ``before``: the file's verification.

    Raises:
        DeskError: ``image.unreadable``, ``image.damaged``, ``image.encrypted``: it cannot even be updated.
    """
    key, certificate = _passing_key(at.year)
    signed = sign_pdf(
        pdf,
        certificate=certificate,
        chain=(),
        raw_sign=lambda data: key.sign(data, ec.ECDSA(SHA256())),
        key_kind="ec",
        mark=_CORNER,
        field=_FIELD,
        signed_at=at,
        font=font,
    )
    after = verify_pdf(signed, trust=(), offline=True, at=at)
    ours, others = after.signatures[-1], after.signatures[:-1]
    whole = len(others) == len(before.signatures) and all(check.intact for check in others)
    return Rehearsal(
        before=before,
        fits=ours.intact and ours.covers_whole_file,
        stays=whole and (before.modified_after_signing or not after.modified_after_signing),
    )


@cache
def _passing_key(year: int) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """A key nobody trusts, in memory only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Rehearsal")])
    start = datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=2)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=370))
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(key, SHA256())
    )
    return key, built.public_bytes(Encoding.DER)
