# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the token host asks of a PKCS#11 library: the few calls a signature needs, whichever binding makes them.

Apart because there are two bindings: python-pkcs11, and a thin one for libraries that break the standard's rules.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple, Protocol

#: PKCS#11 2.40, 4.3 (flags of a token) and 2.1, 2.3 (mechanisms)
PIN_COUNT_LOW, PIN_FINAL_TRY, PIN_LOCKED, PIN_TO_BE_CHANGED = 0x10000, 0x20000, 0x40000, 0x80000
OWN_PAD, INITIALIZED = 0x100, 0x400
RSA_PKCS, SHA256_RSA_PKCS, ECDSA = 0x1, 0x40, 0x1041


class Kind(StrEnum):
    """What a refusal means for the desk; vendors use many codes for one thing."""

    PIN_WRONG = "token.pin_wrong"
    PIN_LOCKED = "token.pin_locked"
    PIN_LENGTH = "token.pin_length"
    PIN_MUST_CHANGE = "token.pin_must_change"
    ABSENT = "token.none"
    REMOVED = "token.removed"
    NO_LIBRARY = "token.module_missing"
    MECHANISM = "mechanism"
    OTHER = "token.unknown"


#: the kinds that say something about the PIN
OF_PIN = frozenset({Kind.PIN_WRONG, Kind.PIN_LOCKED, Kind.PIN_LENGTH, Kind.PIN_MUST_CHANGE})


class Trouble(Exception):
    """The library said no. ``name`` is the standard's name of its answer, for the log."""

    def __init__(self, kind: Kind, name: str) -> None:
        super().__init__(name)
        self.kind, self.name = kind, name


class TokenFacts(NamedTuple):
    """A token as it is now; ``flags`` are CKF_* bits."""

    slot: int
    label: str
    serial: str
    manufacturer: str
    model: str
    flags: int


class Key(NamedTuple):
    """A private key that stays in the token. ``kind`` is rsa, ec or empty; ``modulus`` is empty where not told."""

    handle: Any
    kind: str
    modulus: bytes
    pin_each_time: bool


class Session(Protocol):
    """A read-only session. Every call may raise :class:`Trouble`."""

    def certificates(self) -> list[tuple[bytes, bytes]]:
        """(CKA_ID, DER) of every certificate; empty bytes for what cannot be read."""
        ...

    def keys(self, key_id: bytes) -> list[Key]: ...

    def public_values(self, key_id: bytes, kind: str) -> list[bytes]:
        """Modulus or EC point of every public key of this CKA_ID; empty bytes for what cannot be read."""
        ...

    def sign(self, key: Key, mechanism: int, data: bytes, pin: bytearray | None) -> bytes:
        """Sign once; ``pin`` for keys that want it each time. A refused mechanism is refused before the PIN is used."""
        ...

    def close(self) -> None: ...


class Library(Protocol):
    """One loaded library. Every call may raise :class:`Trouble`."""

    def tokens(self) -> list[TokenFacts]:
        """Tokens present and initialised, asked anew."""
        ...

    def token(self, slot: int) -> TokenFacts: ...

    def open(self, slot: int, pin: bytearray | None = None, *, pad: bool = False) -> Session:
        """Open a session; with ``pin`` or the token's own ``pad`` log in, exactly once."""
        ...
