# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Certificates for servers and desks of this machine, right and wrong ones."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """A certificate authority of its own, and a server certificate for this machine.

    ``since`` and ``until`` are the server's days, counted from now. ``self_signed``: the server vouches for itself.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "127.0.0.1",
        since: timedelta = -30 * DAY,
        until: timedelta = 90 * DAY,
        self_signed: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        server = ec.generate_private_key(ec.SECP256R1())
        root = self._sign("Root", self._key.public_key(), "Root", self._key, since=-400 * DAY, until=400 * DAY)
        issuer, signer = ("Server", server) if self_signed else ("Root", self._key)
        chain = self._sign("Server", server.public_key(), issuer, signer, address=name, since=since, until=until)
        self.root, self.chain, self.key = folder / "root.pem", folder / "server.pem", folder / "key.pem"
        self.root.write_bytes(root.public_bytes(serialization.Encoding.PEM))
        self.chain.write_bytes(chain.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(_pem(server))

    def client(self, password: str = "") -> tuple[Path, Path]:
        """Certificate and key of a desk."""
        key = ec.generate_private_key(ec.SECP256R1())
        shown = self._sign(
            "quay-1", key.public_key(), "Root", self._key, use=ExtendedKeyUsageOID.CLIENT_AUTH, since=-DAY, until=DAY
        )
        files = self._folder / "desk.pem", self._folder / "desk.key"
        files[0].write_bytes(shown.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(_pem(key, password))
        return files

    @staticmethod
    def _sign(subject, public, issuer, key, *, address="", use=None, since, until):
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_named(subject))
            .issuer_name(_named(issuer))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + since)
            .not_valid_after(now + until)
            .add_extension(x509.BasicConstraints(subject == "Root", None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        )
        if subject == "Root":
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
        if address:
            who = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
            builder = builder.add_extension(who, critical=False)
        use = x509.ExtendedKeyUsage([use or ExtendedKeyUsageOID.SERVER_AUTH])
        return builder.add_extension(use, critical=False).sign(key, hashes.SHA256())


def _pem(key: ec.EllipticCurvePrivateKey, password: str = "") -> bytes:
    sealed = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
