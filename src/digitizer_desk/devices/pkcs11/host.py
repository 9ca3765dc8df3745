# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Answers the desk's requests with one vendor's library.

Requests: ``tokens``, ``certificates``, ``login`` (payload: the PIN), ``sign`` (payload: the data), ``sign_with_pin``
(payload: the PIN, data in hex), ``logout``; each carries ``module`` and ``direct`` (which binding). Certificates are
given back raw, one ``certificate`` event each. Sessions are read-only, a PIN is tried exactly once, and keys are found
by CKA_ID and public key, never by label (labels of certificate and key differ on real tokens).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from typing import Any

from pkcs11.util.ec import encode_ecdsa_signature

from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.pkcs11 import contract
from digitizer_desk.devices.pkcs11.contract import Key, Kind, Library, Session, TokenFacts, Trouble
from digitizer_desk.devices.pkcs11.direct import DirectLibrary
from digitizer_desk.devices.pkcs11.wrapped import WrappedLibrary

#: DER of DigestInfo up to the SHA-256 digest itself (RFC 8017, 9.2 note 1)
_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class _Fault(Exception):
    """Ends a request with one of the desk's codes."""

    def __init__(self, code: str, detail: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.facts = code, detail, facts


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
        except Trouble as problem:
            code = Kind.OTHER if problem.kind is Kind.MECHANISM else problem.kind
            wire.fault(code.value, problem.name)
        except (KeyError, ValueError, TypeError) as problem:
            wire.fault("token.unknown", f"request: {type(problem).__name__}")
        finally:
            if payload is not None:
                line.wipe(payload)


class _Host:
    """The one library of this process and, after a login, its session and key."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._libraries: dict[bool, Library] = {}
        self._session: Session | None = None
        self._token: TokenFacts | None = None
        self._key: Key | None = None
        self._raw_only = False

    def answer(self, message: dict[str, Any], payload: bytearray) -> None:
        library = self._library(message["module"], direct=message["direct"])
        match message.get("do"):
            case "tokens":
                self._wire.send("tokens", tokens=[_describe(token) for token in library.tokens()])
            case "certificates":
                self._certificates(message["module"], direct=message["direct"])
            case "login":
                self._log_in(library, message, payload)
            case "sign":
                self._wire.send("signature", self._sign(library, bytes(payload), None))
            case "sign_with_pin":
                data = bytes.fromhex(message["data"])
                self._wire.send("signature", self._sign(library, data, payload))
            case "logout":
                self._log_out()
                self._wire.send("done")
            case other:
                raise ValueError(other)

    def _library(self, path: str, *, direct: bool) -> Library:
        if direct not in self._libraries:
            self._libraries[direct] = DirectLibrary(path) if direct else WrappedLibrary(path)
        return self._libraries[direct]

    def _certificates(self, module: str, *, direct: bool) -> None:
        """Tell every certificate; ``direct`` in the answer says which binding could read it."""
        library = self._library(module, direct=direct)
        for token in library.tokens():
            try:
                with self._reading(library, token) as session:
                    found, by = session.certificates(), direct
            except Trouble as problem:
                if problem.kind is Kind.ABSENT:
                    continue
                raise
            if not direct and self._session is None and any(not der for _id, der in found):
                # no length was told: such a library is spoken to without asking for one
                with self._reading(self._library(module, direct=True), token) as session:
                    found, by = session.certificates(), True
            for key_id, der in found:
                if der:
                    self._wire.send("certificate", der, key_id=key_id.hex(), token=_describe(token), direct=by)
        self._wire.send("done")

    @contextlib.contextmanager
    def _reading(self, library: Library, token: TokenFacts) -> Iterator[Session]:
        """A session without a PIN. Closing one logs out all on many tokens, so a logged-in one is used again."""
        if self._session is not None and self._token is not None and token.slot == self._token.slot:
            yield self._session
            return
        session = library.open(token.slot)
        try:
            yield session
        finally:
            with contextlib.suppress(Trouble):
                session.close()

    def _log_in(self, library: Library, message: dict[str, Any], pin: bytearray) -> None:
        if self._session is not None:
            raise _Fault("token.unknown", "already logged in")
        token = _find(library, message["serial"], message["slot"])
        if token is None:
            raise _Fault("token.none")
        session = _open(library, token, pin, own_window=message["own_window"])
        self._session, self._token, self._raw_only = session, token, message["raw_only"]
        key_id, public = bytes.fromhex(message["key_id"]), bytes.fromhex(message["public"])
        self._key = _private_key(session, key_id, message["kind"], public)
        if self._key is None:
            self._log_out()
            raise _Fault("token.no_certificate", "no private key of this CKA_ID and public key")
        self._wire.send("ready", pin_each_time=self._key.pin_each_time)

    def _sign(self, library: Library, data: bytes, pin: bytearray | None) -> bytes:
        if self._key is None or self._session is None or self._token is None:
            raise _Fault("token.unknown", "not logged in")
        try:
            return _signature(self._session, self._key, data, pin, raw_only=self._raw_only)
        except Trouble as problem:
            if problem.kind in contract.OF_PIN:
                raise _login_fault(library, self._token, problem) from problem
            if problem.kind in (Kind.REMOVED, Kind.ABSENT):
                raise _Fault("token.removed", problem.name) from problem
            # modules answer a pulled token with all sorts of codes: look whether it is still there
            gone = _find(library, self._token.serial, self._token.slot) is None
            raise _Fault("token.removed" if gone else "token.unknown", problem.name) from problem

    def _log_out(self) -> None:
        session, self._session, self._key = self._session, None, None
        if session is not None:
            with contextlib.suppress(Trouble):
                session.close()


def _find(library: Library, serial: str, slot: int) -> TokenFacts | None:
    """The token of this serial number (some have none: then of this slot); None when it is not there."""
    try:
        present = library.tokens()
    except Trouble:
        return None
    same = [t for t in present if t.serial == serial and (serial or t.slot == slot)]
    return next((t for t in same if t.slot == slot), same[0] if same else None)


def _describe(token: TokenFacts) -> dict[str, Any]:
    return {
        "slot": token.slot,
        "label": token.label,
        "serial": token.serial,
        "manufacturer": token.manufacturer,
        "model": token.model,
        "pin": _pin_state(token),
    }


def _pin_state(token: TokenFacts) -> dict[str, bool]:
    return {
        "count_low": bool(token.flags & contract.PIN_COUNT_LOW),
        "final_try": bool(token.flags & contract.PIN_FINAL_TRY),
        "locked": bool(token.flags & contract.PIN_LOCKED),
        "must_change": bool(token.flags & contract.PIN_TO_BE_CHANGED),
        "own_pad": bool(token.flags & contract.OWN_PAD),
    }


def _open(library: Library, token: TokenFacts, pin: bytearray, *, own_window: bool) -> Session:
    """Open a read-only session and log in once. The PIN is wiped here, come what may."""
    try:
        if token.flags & contract.OWN_PAD:
            return library.open(token.slot, pad=True)
        if own_window and not pin:
            return library.open(token.slot)  # the module asks by itself when the key is first used
        return library.open(token.slot, pin)
    except Trouble as problem:
        if problem.kind in contract.OF_PIN:
            raise _login_fault(library, token, problem) from problem
        raise
    finally:
        line.wipe(pin)


def _login_fault(library: Library, token: TokenFacts, problem: Trouble) -> _Fault:
    """The fault of a refused PIN, with the flags as they are now."""
    code = problem.kind
    try:
        flags = _pin_state(library.token(token.slot))
    except Trouble:
        flags = _pin_state(token)
    if flags["locked"] and code is Kind.PIN_WRONG:
        code = Kind.PIN_LOCKED
    return _Fault(code.value, problem.name, **flags)


def _private_key(session: Session, key_id: bytes, kind: str, public: bytes) -> Key | None:
    """The private key of this CKA_ID whose public half is ``public`` (RSA modulus, or EC point uncompressed)."""
    keys = [key for key in session.keys(key_id) if key.kind == kind]
    if kind == "rsa":
        exact = [key for key in keys if key.modulus and key.modulus.lstrip(b"\0") == public.lstrip(b"\0")]
        unknown = [key for key in keys if not key.modulus]
    else:
        exact, unknown = [], keys  # PKCS#11 gives an EC private key no point
    if exact:
        return exact[0]
    if len(unknown) == 1 and _public_half_agrees(session, key_id, kind, public):
        return unknown[0]
    return None


def _public_half_agrees(session: Session, key_id: bytes, kind: str, public: bytes) -> bool:
    """Whether the public key objects of this CKA_ID say the same, or say nothing.

    Saying nothing is let pass: each signature is held against the certificate before it is used.
    """
    said = session.public_values(key_id, kind)
    # EC_POINT is the point inside a DER OCTET STRING; some modules give it bare
    return not any(said) or any(value.endswith(public) for value in said if value)


def _signature(session: Session, key: Key, data: bytes, pin: bytearray | None, *, raw_only: bool) -> bytes:
    digest = hashlib.sha256(data).digest()
    if key.kind == "ec":
        return bytes(encode_ecdsa_signature(session.sign(key, contract.ECDSA, digest, pin)))
    if not raw_only:
        try:
            return session.sign(key, contract.SHA256_RSA_PKCS, data, pin)
        except Trouble as problem:
            # no second PIN entry: a refused mechanism is refused before the PIN is used
            if problem.kind is not Kind.MECHANISM:
                raise
    return session.sign(key, contract.RSA_PKCS, _SHA256_DIGEST_INFO + digest, pin)
