# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""PKCS#11 through python-pkcs11: the ordinary binding.

Apart so that it can be passed over for libraries it cannot read.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, exceptions

from digitizer_desk.devices.pkcs11.contract import INITIALIZED, Key, Kind, Session, TokenFacts, Trouble

_KINDS: tuple[tuple[tuple[type[Exception], ...], Kind], ...] = (
    ((exceptions.PinIncorrect, exceptions.PinInvalid), Kind.PIN_WRONG),
    ((exceptions.PinLocked,), Kind.PIN_LOCKED),
    ((exceptions.PinLenRange,), Kind.PIN_LENGTH),
    ((exceptions.PinExpired, exceptions.UserPinNotInitialized), Kind.PIN_MUST_CHANGE),
    (
        (
            exceptions.TokenNotPresent,
            exceptions.TokenNotRecognised,
            exceptions.SlotIDInvalid,
            exceptions.NoSuchToken,
        ),
        Kind.ABSENT,
    ),
    ((exceptions.DeviceRemoved,), Kind.REMOVED),
    ((exceptions.MechanismInvalid,), Kind.MECHANISM),
)


class _Secret:
    """What python-pkcs11 takes for a PIN: it calls encode() and uses the buffer given, without a copy."""

    def __init__(self, buffer: bytearray) -> None:
        self._buffer = buffer

    def encode(self, *_: str) -> bytearray:
        return self._buffer


class WrappedLibrary:
    """Implements :class:`~digitizer_desk.devices.pkcs11.contract.Library`."""

    def __init__(self, path: str) -> None:
        """Load and initialise the library.

        Raises:
            Trouble: ``NO_LIBRARY``.
        """
        try:
            self._library = pkcs11.lib(path)
        except (exceptions.PKCS11Error, RuntimeError, OSError) as problem:
            raise Trouble(Kind.NO_LIBRARY, type(problem).__name__) from problem

    def tokens(self) -> list[TokenFacts]:
        found = []
        with _troubles():
            for slot in self._library.get_slots(token_present=True):
                with contextlib.suppress(*_of(Kind.ABSENT), exceptions.DeviceRemoved):
                    facts = _facts(slot.get_token())
                    if facts.flags & INITIALIZED:
                        found.append(facts)
        return found

    def token(self, slot: int) -> TokenFacts:
        with _troubles():
            return _facts(self._token(slot))

    def _token(self, number: int) -> Any:
        for slot in self._library.get_slots(token_present=True):
            if slot.slot_id == number:
                return slot.get_token()
        raise exceptions.TokenNotPresent

    def open(self, slot: int, pin: bytearray | None = None, *, pad: bool = False) -> Session:
        login: dict[str, Any] = {}
        if pad:
            login = {"user_pin": pkcs11.PROTECTED_AUTH}
        elif pin is not None:
            login = {"user_pin": _Secret(pin)}
        with _troubles():
            return _WrappedSession(self._token(slot).open(**login))


class _WrappedSession:
    def __init__(self, session: Any) -> None:
        self._session = session

    def certificates(self) -> list[tuple[bytes, bytes]]:
        return [
            (bytes(_read(thing, Attribute.ID, b"")), bytes(_read(thing, Attribute.VALUE, b"")))
            for thing in self._objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        ]

    def keys(self, key_id: bytes) -> list[Key]:
        return [
            Key(
                thing,
                {KeyType.RSA: "rsa", KeyType.EC: "ec"}.get(_read(thing, Attribute.KEY_TYPE, None), ""),
                bytes(_read(thing, Attribute.MODULUS, b"")),
                bool(_read(thing, Attribute.ALWAYS_AUTHENTICATE, False)),
            )
            for thing in self._objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: key_id})
        ]

    def public_values(self, key_id: bytes, kind: str) -> list[bytes]:
        attribute = Attribute.MODULUS if kind == "rsa" else Attribute.EC_POINT
        wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: key_id}
        return [bytes(_read(thing, attribute, b"")) for thing in self._objects(wanted)]

    def _objects(self, wanted: dict[Attribute, Any]) -> list[Any]:
        with _troubles():
            return list(self._session.get_objects(wanted))

    def sign(self, key: Key, mechanism: int, data: bytes, pin: bytearray | None) -> bytes:
        secret = None if pin is None else _Secret(pin)
        with _troubles():
            return bytes(key.handle.sign(data, mechanism=Mechanism(mechanism), pin=secret))

    def close(self) -> None:
        with _troubles():
            self._session.close()


def _facts(token: Any) -> TokenFacts:
    serial = token.serial.decode("utf-8", "replace").strip("\0 ")
    return TokenFacts(token.slot.slot_id, token.label, serial, token.manufacturer_id, token.model, int(token.flags))


def _read(thing: Any, attribute: Attribute, otherwise: Any) -> Any:
    try:
        value = thing[attribute]
    except (exceptions.PKCS11Error, KeyError, NotImplementedError):
        return otherwise
    return otherwise if value is None else value


def _of(kind: Kind) -> tuple[type[Exception], ...]:
    return next(classes for classes, known in _KINDS if known is kind)


@contextlib.contextmanager
def _troubles() -> Iterator[None]:
    try:
        yield
    except exceptions.PKCS11Error as problem:
        kind = next((kind for classes, kind in _KINDS if isinstance(problem, classes)), Kind.OTHER)
        raise Trouble(kind, type(problem).__name__) from problem
