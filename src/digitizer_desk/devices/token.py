# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The contract of a signing token: certificates, PIN flags, raw signatures; and the PIN as a buffer that is wiped.

Apart from the PKCS#11 backend so that steps and windows depend on no library and no vendor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self


class Pin:
    """A PIN in one buffer, overwritten when done. Never printed, pickled or compared as text.

    Use as a context manager: ``with Pin(buffer) as pin: session.login(pin)``. The buffer given is the one wiped.
    """

    __slots__ = ("_buffer",)

    def __init__(self, buffer: bytearray) -> None:
        self._buffer = buffer

    def __len__(self) -> int:
        return len(self._buffer)

    def __repr__(self) -> str:
        return "Pin(…)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a PIN is never stored")

    @property
    def buffer(self) -> bytearray:
        """The live buffer, to be written to the token host's pipe and nowhere else."""
        return self._buffer

    def twin(self) -> Pin:
        """The same PIN in a buffer of its own, for a key that wants it again at the signature. To be wiped too."""
        return Pin(bytearray(self._buffer))

    def wipe(self) -> None:
        self._buffer[:] = bytes(len(self._buffer))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.wipe()


@dataclass(frozen=True, slots=True)
class PinState:
    """The three flags PKCS#11 gives, and no number (PKCS#11 2.40, 4.3 token flags)."""

    count_low: bool = False
    final_try: bool = False
    locked: bool = False
    must_change: bool = False
    own_pad: bool = False
    least: int = 4
    most: int = 16


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token in a reader. ``module`` is the path of the PKCS#11 library it was seen through."""

    module: str
    slot: int
    label: str
    serial: str
    manufacturer: str
    model: str
    manifest: str
    pin: PinState


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signing certificate with a private key of the same CKA_ID and public key on the token.

    ``key_id`` is CKA_ID in hex; ``sha1``/``sha256`` are fingerprints of ``der`` in lower-case hex; ``holder`` the CN.
    """

    token: TokenInfo
    key_id: str
    der: bytes
    holder: str
    organisation: str
    issuer: str
    serial: str
    sha1: str
    sha256: str
    not_before: datetime
    not_after: datetime
    key_kind: str  # rsa | ec
    may_sign: bool  # keyUsage digitalSignature or nonRepudiation, or no keyUsage


class TokenSession(Protocol):
    """One logged-in session on one token: lives in its host process and dies with it."""

    @property
    def certificate(self) -> Certificate: ...

    @property
    def pin_each_time(self) -> bool:
        """Whether the key wants the PIN again for every signature."""
        ...

    def sign(self, data: bytes, pin: Pin | None = None) -> bytes:
        """Raw signature over SHA-256 of ``data`` (RSASSA-PKCS1-v1_5, or ECDSA in DER) by the certificate's key; ``pin``
        for keys with ``pin_each_time`` only, and wiped here.

        Raises:
            DeskError: ``token.removed``, ``token.stuck``, ``token.unknown``, and the PIN codes when ``pin`` is given.
        """
        ...

    def close(self) -> None:
        """Log out and end the host: the only sure way to forget a PIN vendor code has copied."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Token(Protocol):
    """What a step may do with tokens. Blocking; called on the token lane. Never tries a PIN by itself."""

    def tokens(self) -> tuple[TokenInfo, ...]:
        """Tokens present now, flags fresh. Empty when none. A module that is missing is not an error here."""
        ...

    def certificates(self) -> tuple[Certificate, ...]:
        """Signing certificates of all present tokens, without a PIN.

        Raises:
            DeskError: ``token.module_missing`` when no module could be loaded, ``token.stuck``, ``token.unknown``.
        """
        ...

    def open(self, certificate: Certificate, pin: Pin) -> TokenSession:
        """Log in once and give a session for this certificate. The PIN is wiped on both sides, come what may.

        Raises:
            DeskError: ``token.none``, ``token.removed``, ``token.pin_wrong``, ``token.pin_locked``,
                ``token.pin_length``, ``token.pin_must_change``, ``token.no_certificate``, ``token.stuck``,
                ``token.unknown``.
        """
        ...

    def close(self) -> None:
        """End every host process. The next call starts one again."""
        ...
