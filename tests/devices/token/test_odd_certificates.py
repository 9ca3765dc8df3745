# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Tokens hold more than one's own certificate: what cannot be read is passed over, and never hides the others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from digitizer_desk.devices.token import PinState, TokenInfo
from digitizer_desk.devices.token_certificate import read_certificate
from digitizer_desk.errors import DeskError
from digitizer_desk.province.handover.package import read_recipient
from digitizer_desk.signing.trust import load_certificates

TOKEN = TokenInfo("m", 0, "l", "s", "m", "m", "generic", PinState())
P256, SM2 = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a811ccf5501822d")
USAGE, CONSTRAINTS = bytes.fromhex("551d0f"), bytes.fromhex("551d13")
V3, V2 = bytes.fromhex("a003020102"), bytes.fromhex("a003020101")


@pytest.fixture(scope="module")
def der() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lê Văn An")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=False)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


ODD = {
    "a curve nobody here knows": (P256, SM2),
    "another version": (V3, V2),
    "an extension twice": (USAGE, CONSTRAINTS),
    "no letters": ("Lê".encode(), b"L\xff\xff"),
}


def test_an_ordinary_one_is_read(der: bytes) -> None:
    found = read_certificate(der, "01", TOKEN)
    assert found is not None
    assert (found.holder, found.may_sign) == ("Lê Văn An", True)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_one_is_passed_over(der: bytes, name: str) -> None:
    odd = der.replace(*ODD[name], 1)
    assert odd != der
    assert read_certificate(odd, "01", TOKEN) is None


@pytest.mark.parametrize("name", ODD)
def test_an_odd_one_in_a_file_is_told(der: bytes, name: str, tmp_path: Path) -> None:
    file = tmp_path / "nhan.cer"
    file.write_bytes(der.replace(*ODD[name], 1))
    with pytest.raises(DeskError, match=r"handover\.certificate_unfit"):
        read_recipient(file)
    if name == "another version":
        with pytest.raises(DeskError, match=r"signature\.chain_incomplete"):
            load_certificates(file)
