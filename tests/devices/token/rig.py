# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the token tests share: a client's usual calls, and the library that misbehaves as told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from digitizer_desk.devices.token import Certificate, Pin
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice, PinLimits, Quirk, TokenManifest
from digitizer_desk.errors import DeskError
from digitizer_desk.training.token import PIN, TrainingToken

DATA = b"signed attributes " * 10
THIN = frozenset({Quirk.LENGTHS_NOT_TOLD})
MANIFEST = TokenManifest(id="soft", vendor="Hãng thử", help="gọi 1900 xxxx", tested=True, pin=PinLimits(4, 16))


class Shim:
    """The misbehaving library and its control files."""

    def __init__(
        self, library: Path, folder: Path, behind: TrainingToken, binding: frozenset[Quirk] = frozenset()
    ) -> None:
        self._binding = binding
        self._faults, self._log = folder / "faults", folder / "log"
        self.env = {
            **behind.env,
            "TOKEN_BEHIND": behind.module,
            "TOKEN_FAULTS": str(self._faults),
            "TOKEN_TRIES": str(folder / "tries"),
            "TOKEN_LOG": str(self._log),
        }
        self.library = str(library)
        self.client = self.make(patience=5.0)

    def make(self, *, patience: float, quirks: frozenset[Quirk] = frozenset()) -> Pkcs11Token:
        manifest = TokenManifest("shim", "Hãng thử", "gọi 1900 xxxx", True, quirks=quirks | self._binding)
        return Pkcs11Token([ModuleChoice(self.library, manifest)], self.env, patience=patience)

    def fault(self, **wanted: int) -> None:
        part = self._faults.with_suffix(".part")
        part.write_text("".join(f"{name}={value}\n" for name, value in wanted.items()))
        part.replace(self._faults)

    def noted(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.is_file() else []


def pin(text: str = PIN) -> Pin:
    return Pin(bytearray(text.encode()))


def of(client: Pkcs11Token, holder: str = "Lê Văn An") -> Certificate:
    return next(c for c in client.certificates() if c.holder == holder)


def refusal(call: Callable[[], Any]) -> DeskError:
    with pytest.raises(DeskError) as caught:
        call()
    return caught.value


def fits(certificate: Certificate, signature: bytes) -> None:
    key: Any = x509.load_der_x509_certificate(certificate.der).public_key()
    if certificate.key_kind == "rsa":
        key.verify(signature, DATA, padding.PKCS1v15(), hashes.SHA256())
    else:
        key.verify(signature, DATA, ec.ECDSA(hashes.SHA256()))
