# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The token host: loads one vendor's PKCS#11 library and answers over the line protocol.

Apart because vendor libraries crash, hang and copy PINs: they live in this process alone, one library a process, and
are forgotten when it ends. Sessions are read-only, a PIN is tried exactly once, and keys are found by CKA_ID and
public key, never by label (labels of certificate and key differ on real tokens).

Requests: ``tokens``, ``certificates``, ``login`` (payload: the PIN), ``sign`` (payload: the data), ``sign_with_pin``
(payload: the PIN, data in hex), ``logout``; each carries ``module``. Certificates are given back raw, one
``certificate`` event each.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, exceptions
from pkcs11.util.ec import encode_ecdsa_signature

from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire

#: CKF_USER_PIN_TO_BE_CHANGED (PKCS#11 2.40, 4.3), which python-pkcs11 has no name for
_TO_BE_CHANGED = 0x00080000
#: DER of DigestInfo up to the SHA-256 digest itself (RFC 8017, 9.2 note 1)
_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")

_LOGIN_FAULTS: dict[type[Exception], str] = {
    exceptions.PinIncorrect: "token.pin_wrong",
    exceptions.PinInvalid: "token.pin_wrong",
    exceptions.PinLocked: "token.pin_locked",
    exceptions.PinLenRange: "token.pin_length",
    exceptions.PinExpired: "token.pin_must_change",
    exceptions.UserPinNotInitialized: "token.pin_must_change",
}
_ABSENT = (exceptions.TokenNotPresent, exceptions.TokenNotRecognised, exceptions.SlotIDInvalid, exceptions.NoSuchToken)


class _Fault(Exception):
    """Ends a request with one of the desk's codes."""

    def __init__(self, code: str, detail: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.facts = code, detail, facts


class _Secret:
    """What python-pkcs11 takes for a PIN: it calls encode() and uses the buffer given, without a copy."""

    def __init__(self, buffer: bytearray) -> None:
        self._buffer = buffer

    def encode(self, *_: str) -> bytearray:
        return self._buffer


def serve(wire: Wire) -> None:
    """Answer requests until the desk closes the pipe (which raises ``line.BrokenLine`` here)."""
    host = _Host(wire)
    wire.send("hello", protocol=line.PROTOCOL, backend="pkcs11")
    while True:
        message, payload = wire.receive()
        try:
            host.answer(message, payload if payload is not None else bytearray())
        except _Fault as fault:
            wire.fault(fault.code, fault.detail, **fault.facts)
        except exceptions.PKCS11Error as problem:
            wire.fault("token.unknown", type(problem).__name__)
        except (KeyError, ValueError, TypeError) as problem:
            wire.fault("token.unknown", f"request: {type(problem).__name__}")
        finally:
            if payload is not None:
                line.wipe(payload)


class _Host:
    """The one library of this process and, after a login, its session and key."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._session: Any = None
        self._key: Any = None
        self._token: Any = None
        self._raw_only = False

    def answer(self, message: dict[str, Any], payload: bytearray) -> None:
        library = _load(message["module"])
        match message.get("do"):
            case "tokens":
                self._wire.send("tokens", tokens=[_describe(token) for token in _tokens(library)])
            case "certificates":
                self._certificates(library)
            case "login":
                self._log_in(library, message, payload)
            case "sign":
                self._wire.send("signature", self._sign(library, bytes(payload), None))
            case "sign_with_pin":
                data = bytes.fromhex(message["data"])
                self._wire.send("signature", self._sign(library, data, _Secret(payload)))
            case "logout":
                self._log_out()
                self._wire.send("done")
            case other:
                raise ValueError(other)

    def _certificates(self, library: Any) -> None:
        for token in _tokens(library):
            try:
                with self._reading(token) as session:
                    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE}
                    found = [_certificate(thing) for thing in list(session.get_objects(wanted))]
            except _ABSENT:
                continue
            for key_id, der in found:
                if der:
                    self._wire.send("certificate", der, key_id=key_id.hex(), token=_describe(token))
        self._wire.send("done")

    @contextlib.contextmanager
    def _reading(self, token: Any) -> Any:
        """A session without a PIN. Closing one logs out all on many tokens, so a logged-in one is used again."""
        if self._session is not None and token.slot == self._token.slot:
            yield self._session
            return
        with token.open() as session:
            yield session

    def _log_in(self, library: Any, message: dict[str, Any], pin: bytearray) -> None:
        if self._session is not None:
            raise _Fault("token.unknown", "already logged in")
        token = _find(library, message["serial"], message["slot"])
        if token is None:
            raise _Fault("token.none")
        session = _open(token, pin, own_window=message["own_window"])
        self._session, self._token, self._raw_only = session, token, message["raw_only"]
        key_id, public = bytes.fromhex(message["key_id"]), bytes.fromhex(message["public"])
        self._key = _private_key(session, key_id, message["kind"], public)
        if self._key is None:
            self._log_out()
            raise _Fault("token.no_certificate", "no private key of this CKA_ID and public key")
        self._wire.send("ready", pin_each_time=bool(_read(self._key, Attribute.ALWAYS_AUTHENTICATE, False)))

    def _sign(self, library: Any, data: bytes, pin: _Secret | None) -> bytes:
        if self._key is None:
            raise _Fault("token.unknown", "not logged in")
        try:
            return _signature(self._key, data, pin, raw_only=self._raw_only)
        except tuple(_LOGIN_FAULTS) as problem:
            raise _login_fault(self._token, problem) from problem
        except (exceptions.DeviceRemoved, *_ABSENT) as problem:
            raise _Fault("token.removed", type(problem).__name__) from problem
        except exceptions.PKCS11Error as problem:
            # modules answer a pulled token with all sorts of codes: look whether it is still there
            gone = _find(library, _text(self._token.serial), self._token.slot.slot_id) is None
            raise _Fault("token.removed" if gone else "token.unknown", type(problem).__name__) from problem

    def _log_out(self) -> None:
        session, self._session, self._key = self._session, None, None
        if session is not None:
            with contextlib.suppress(exceptions.PKCS11Error):
                session.close()


def _load(path: str) -> Any:
    try:
        return pkcs11.lib(path)
    except (exceptions.PKCS11Error, RuntimeError, OSError) as problem:
        raise _Fault("token.module_missing", f"cannot be loaded: {type(problem).__name__}") from problem


def _tokens(library: Any) -> list[Any]:
    found = []
    for slot in library.get_slots(token_present=True):
        with contextlib.suppress(*_ABSENT, exceptions.DeviceRemoved):
            token = slot.get_token()
            if token.flags & pkcs11.TokenFlag.TOKEN_INITIALIZED:
                found.append(token)
    return found


def _find(library: Any, serial: str, slot: int) -> Any:
    """The token of this serial number (some have none: then of this slot); None when it is not there."""
    try:
        present = _tokens(library)
    except exceptions.PKCS11Error:
        return None
    same = [t for t in present if _text(t.serial) == serial and (serial or t.slot.slot_id == slot)]
    return next((t for t in same if t.slot.slot_id == slot), same[0] if same else None)


def _describe(token: Any) -> dict[str, Any]:
    return {
        "slot": token.slot.slot_id,
        "label": token.label,
        "serial": _text(token.serial),
        "manufacturer": token.manufacturer_id,
        "model": token.model,
        "pin": _pin_state(token),
    }


def _pin_state(token: Any) -> dict[str, bool]:
    flags = int(token.flags)
    return {
        "count_low": bool(flags & pkcs11.TokenFlag.USER_PIN_COUNT_LOW),
        "final_try": bool(flags & pkcs11.TokenFlag.USER_PIN_FINAL_TRY),
        "locked": bool(flags & pkcs11.TokenFlag.USER_PIN_LOCKED),
        "must_change": bool(flags & _TO_BE_CHANGED),
        "own_pad": bool(flags & pkcs11.TokenFlag.PROTECTED_AUTHENTICATION_PATH),
    }


def _open(token: Any, pin: bytearray, *, own_window: bool) -> Any:
    """Open a read-only session and log in once. The PIN is wiped here, come what may."""
    try:
        if token.flags & pkcs11.TokenFlag.PROTECTED_AUTHENTICATION_PATH:
            return token.open(user_pin=pkcs11.PROTECTED_AUTH)
        if own_window and not pin:
            return token.open()  # the module asks by itself when the key is first used
        return token.open(user_pin=_Secret(pin))
    except tuple(_LOGIN_FAULTS) as problem:
        raise _login_fault(token, problem) from problem
    except _ABSENT as problem:
        raise _Fault("token.none", type(problem).__name__) from problem
    except exceptions.DeviceRemoved as problem:
        raise _Fault("token.removed", type(problem).__name__) from problem
    finally:
        line.wipe(pin)


def _login_fault(token: Any, problem: Exception) -> _Fault:
    """The fault of a refused PIN, with the flags as they are now."""
    code = _LOGIN_FAULTS[type(problem)]
    try:
        flags = _pin_state(token.slot.get_token())
    except exceptions.PKCS11Error:
        flags = _pin_state(token)
    if flags["locked"] and code == "token.pin_wrong":
        code = "token.pin_locked"
    return _Fault(code, type(problem).__name__, **flags)


def _certificate(thing: Any) -> tuple[bytes, bytes]:
    """CKA_ID and DER; an object without them gives empty ones."""
    return bytes(_read(thing, Attribute.ID, b"")), bytes(_read(thing, Attribute.VALUE, b""))


def _private_key(session: Any, key_id: bytes, kind: str, public: bytes) -> Any:
    """The private key of this CKA_ID whose public half is ``public`` (RSA modulus, or EC point uncompressed)."""
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: key_id}
    keys = [key for key in list(session.get_objects(wanted)) if _kind(key) == kind]
    if kind == "rsa":
        known = [(key, bytes(_read(key, Attribute.MODULUS, b"")).lstrip(b"\0")) for key in keys]
        exact = [key for key, modulus in known if modulus == public.lstrip(b"\0")]
        unknown = [key for key, modulus in known if not modulus]
    else:
        exact, unknown = [], keys  # PKCS#11 gives an EC private key no point
    if exact:
        return exact[0]
    if len(unknown) == 1 and _public_half_agrees(session, key_id, kind, public):
        return unknown[0]
    return None


def _public_half_agrees(session: Any, key_id: bytes, kind: str, public: bytes) -> bool:
    """Whether the public key objects of this CKA_ID say the same, or say nothing.

    Saying nothing is let pass: each signature is held against the certificate before it is used.
    """
    wanted = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: key_id}
    attribute = Attribute.MODULUS if kind == "rsa" else Attribute.EC_POINT
    said = [bytes(_read(key, attribute, b"")) for key in list(session.get_objects(wanted))]
    # EC_POINT is the point inside a DER OCTET STRING; some modules give it bare
    return not any(said) or any(value.endswith(public) for value in said if value)


def _kind(key: Any) -> str:
    return {KeyType.RSA: "rsa", KeyType.EC: "ec"}.get(_read(key, Attribute.KEY_TYPE, None), "")


def _read(thing: Any, attribute: Attribute, otherwise: Any) -> Any:
    try:
        value = thing[attribute]
    except (exceptions.PKCS11Error, KeyError, NotImplementedError):
        return otherwise
    return otherwise if value is None else value


def _signature(key: Any, data: bytes, pin: _Secret | None, *, raw_only: bool) -> bytes:
    if _kind(key) == "ec":
        raw = key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA, pin=pin)
        return bytes(encode_ecdsa_signature(raw))
    if not raw_only:
        # no second PIN entry: a refused mechanism is refused before the PIN is used
        with contextlib.suppress(exceptions.MechanismInvalid):
            return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS, pin=pin))
    wrapped = _SHA256_DIGEST_INFO + hashlib.sha256(data).digest()
    return bytes(key.sign(wrapped, mechanism=Mechanism.RSA_PKCS, pin=pin))


def _text(serial: bytes) -> str:
    return serial.decode("utf-8", "replace").strip("\0 ")
