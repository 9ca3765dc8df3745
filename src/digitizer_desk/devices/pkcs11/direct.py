# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""PKCS#11 through ctypes: for libraries that answer 0 when asked how long a value is.

Apart from the ordinary binding, which asks for every length first, as the standard wants, and so reads nothing from
such libraries. Here every value is fetched at once into a buffer that is large enough.
"""

from __future__ import annotations

import contextlib
import ctypes
from ctypes import POINTER, byref, c_ubyte, c_ulong, c_void_p
from typing import Any

from digitizer_desk.devices.pkcs11 import structures as ck
from digitizer_desk.devices.pkcs11.contract import INITIALIZED, Key, Kind, Session, TokenFacts, Trouble

#: more than any reader, certificate or signature (RSA-8192) has
_SLOTS, _OBJECTS, _VALUE, _SIGNATURE = 64, 256, 1 << 16, 1024
_KINDS = {
    0xA0: Kind.PIN_WRONG,
    0xA1: Kind.PIN_WRONG,
    0xA2: Kind.PIN_LENGTH,
    0xA3: Kind.PIN_MUST_CHANGE,
    0xA4: Kind.PIN_LOCKED,
    0x102: Kind.PIN_MUST_CHANGE,
    0x3: Kind.ABSENT,
    0xE0: Kind.ABSENT,
    0xE1: Kind.ABSENT,
    0x32: Kind.REMOVED,
    0x70: Kind.MECHANISM,
}
_KEY_KINDS = {ck.CKK_RSA: "rsa", ck.CKK_EC: "ec"}


class DirectLibrary:
    """Implements :class:`~digitizer_desk.devices.pkcs11.contract.Library`."""

    def __init__(self, path: str) -> None:
        """Load and initialise the library; one that was initialised in this process before is used as it is.

        Raises:
            Trouble: ``NO_LIBRARY``.
        """
        try:
            # kept: a library that is unloaded takes its threads' code away
            self._library = ctypes.CDLL(path)
            get_list = self._library.C_GetFunctionList
        except (OSError, AttributeError) as problem:
            raise Trouble(Kind.NO_LIBRARY, type(problem).__name__) from problem
        get_list.argtypes, get_list.restype = [POINTER(ck.FunctionListPointer)], c_ulong
        pointer = ck.FunctionListPointer()
        if get_list(byref(pointer)) != ck.CKR_OK or not pointer:
            raise Trouble(Kind.NO_LIBRARY, "no function list")
        prototype = ctypes.CFUNCTYPE(c_ulong)
        self._calls: dict[str, Any] = {}
        for name, place in ck.FUNCTIONS.items():
            address = pointer.contents.functions[place]
            if not address:
                raise Trouble(Kind.NO_LIBRARY, f"{name} is missing")
            # no argument types: each call below passes pointers and whole CK_ULONGs
            self._calls[name] = prototype(address)
        self._initialize()

    def _initialize(self) -> None:
        wish = ck.InitializeArgs(flags=ck.CKF_OS_LOCKING_OK)
        answer = self._calls["C_Initialize"](byref(wish))
        if answer == ck.CKR_CANT_LOCK:
            answer = self._calls["C_Initialize"](None)
        if answer not in (ck.CKR_OK, ck.CKR_CRYPTOKI_ALREADY_INITIALIZED):
            raise Trouble(Kind.NO_LIBRARY, _name(answer))

    def call(self, name: str, *arguments: Any) -> None:
        """Call a function.

        Raises:
            Trouble: it answered anything but CKR_OK.
        """
        answer = self._calls[name](*arguments)
        if answer != ck.CKR_OK:
            raise Trouble(_KINDS.get(answer, Kind.OTHER), _name(answer))

    def answer(self, name: str, *arguments: Any) -> int:
        """Call a function whose every answer the caller looks at."""
        return int(self._calls[name](*arguments))

    def tokens(self) -> list[TokenFacts]:
        slots, count = (c_ulong * _SLOTS)(), c_ulong(_SLOTS)
        self.call("C_GetSlotList", c_ubyte(1), slots, byref(count))
        found = []
        for slot in slots[: min(count.value, _SLOTS)]:
            try:
                facts = self.token(slot)
            except Trouble as problem:
                if problem.kind in (Kind.ABSENT, Kind.REMOVED):
                    continue
                raise
            if facts.flags & INITIALIZED:
                found.append(facts)
        return found

    def token(self, slot: int) -> TokenFacts:
        info = ck.TokenInfo()
        self.call("C_GetTokenInfo", c_ulong(slot), byref(info))
        label, serial, maker, model = (_padded(info, field) for field in ("label", "serial", "manufacturer", "model"))
        return TokenFacts(slot, label, serial, maker, model, info.flags)

    def open(self, slot: int, pin: bytearray | None = None, *, pad: bool = False) -> Session:
        handle = c_ulong()
        self.call("C_OpenSession", c_ulong(slot), c_ulong(ck.CKF_SERIAL_SESSION), None, None, byref(handle))
        session = _DirectSession(self, handle)
        if pad or pin is not None:
            try:
                session.log_in(ck.CKU_USER, None if pad else pin)
            except Trouble:
                # a session left open after a refused PIN counts against the token's few
                with contextlib.suppress(Trouble):
                    session.close()
                raise
        return session


class _DirectSession:
    def __init__(self, library: DirectLibrary, handle: c_ulong) -> None:
        self._library = library
        self._handle = handle

    def log_in(self, user: int, pin: bytearray | None) -> None:
        """Log in with the bytes of ``pin`` where they lie, without a copy; None = the token's own pad."""
        buffer = None if pin is None else (c_ubyte * len(pin)).from_buffer(pin)
        length = 0 if pin is None else len(pin)
        self._library.call("C_Login", self._handle, c_ulong(user), buffer, c_ulong(length))

    def certificates(self) -> list[tuple[bytes, bytes]]:
        handles = self._find(ck.CKO_CERTIFICATE, None)
        return [(self._read(handle, ck.CKA_ID), self._read(handle, ck.CKA_VALUE)) for handle in handles]

    def keys(self, key_id: bytes) -> list[Key]:
        found = []
        for handle in self._find(ck.CKO_PRIVATE_KEY, key_id):
            kind = _KEY_KINDS.get(_number(self._read(handle, ck.CKA_KEY_TYPE)), "")
            each_time = any(self._read(handle, ck.CKA_ALWAYS_AUTHENTICATE))
            found.append(Key(handle, kind, self._read(handle, ck.CKA_MODULUS), each_time))
        return found

    def public_values(self, key_id: bytes, kind: str) -> list[bytes]:
        attribute = ck.CKA_MODULUS if kind == "rsa" else ck.CKA_EC_POINT
        return [self._read(handle, attribute) for handle in self._find(ck.CKO_PUBLIC_KEY, key_id)]

    def _find(self, kind: int, key_id: bytes | None) -> list[int]:
        wanted = [_attribute(ck.CKA_CLASS, c_ulong(kind))]
        if key_id is not None:
            wanted.append(_attribute(ck.CKA_ID, ctypes.create_string_buffer(key_id, max(len(key_id), 1)), len(key_id)))
        template = (ck.Attribute * len(wanted))(*(attribute for attribute, _value in wanted))
        self._library.call("C_FindObjectsInit", self._handle, template, c_ulong(len(wanted)))
        found: list[int] = []
        try:
            handles, count = (c_ulong * _OBJECTS)(), c_ulong()
            while len(found) < _OBJECTS:
                self._library.call("C_FindObjects", self._handle, handles, c_ulong(_OBJECTS), byref(count))
                if not count.value:
                    break
                found += handles[: min(count.value, _OBJECTS)]
        finally:
            self._library.answer("C_FindObjectsFinal", self._handle)
        return found

    def _read(self, handle: int, attribute: int) -> bytes:
        """The bytes of an attribute, fetched without asking for their length; empty when the token will not tell."""
        buffer = (c_ubyte * _VALUE)()
        wish = ck.Attribute(attribute, ctypes.cast(buffer, c_void_p), _VALUE)
        answer = self._library.answer("C_GetAttributeValue", self._handle, c_ulong(handle), byref(wish), c_ulong(1))
        if answer != ck.CKR_OK or wish.length > _VALUE:
            return b""
        return bytes(buffer[: wish.length])

    def sign(self, key: Key, mechanism: int, data: bytes, pin: bytearray | None) -> bytes:
        wish = ck.Mechanism(mechanism, None, 0)
        self._library.call("C_SignInit", self._handle, byref(wish), c_ulong(key.handle))
        if pin is not None:
            self.log_in(ck.CKU_CONTEXT_SPECIFIC, pin)
        signature, length = (c_ubyte * _SIGNATURE)(), c_ulong(_SIGNATURE)
        self._library.call("C_Sign", self._handle, data, c_ulong(len(data)), signature, byref(length))
        return bytes(signature[: min(length.value, _SIGNATURE)])

    def close(self) -> None:
        self._library.call("C_CloseSession", self._handle)


def _attribute(kind: int, value: Any, length: int | None = None) -> tuple[ck.Attribute, Any]:
    """An attribute of a search, and the memory it points to, which must live as long."""
    size = ctypes.sizeof(value) if length is None else length
    return ck.Attribute(kind, ctypes.cast(byref(value), c_void_p), size), value


def _number(raw: bytes) -> int:
    return c_ulong.from_buffer_copy(raw).value if len(raw) >= ctypes.sizeof(c_ulong) else -1


def _padded(info: ck.TokenInfo, field: str) -> str:
    """A text of fixed length, blank padded; read by place because a full one has no end mark."""
    place = getattr(ck.TokenInfo, field)
    raw = ctypes.string_at(ctypes.addressof(info) + place.offset, place.size)
    return raw.decode("utf-8", "replace").strip("\0 ")


def _name(answer: int) -> str:
    return ck.NAMES.get(answer, f"0x{answer:X}")
