# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk's side of signing tokens: one host process a library, deadlines, faults turned back into errors.

Apart from ``pkcs11/`` because nothing of a vendor runs here. A login always gets a fresh host and its end is the
end of that host: the only sure way to forget a PIN, to cure a library after a fault, and to notice re-plugging.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from digitizer_desk.devices import line
from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent, Message
from digitizer_desk.devices.token import Certificate, Pin, PinState, TokenInfo
from digitizer_desk.devices.token_certificate import public_half, read_certificate
from digitizer_desk.devices.token_manifest import (
    GENERIC,
    ModuleChoice,
    Quirk,
    TokenManifest,
    best_match,
    check_module,
)
from digitizer_desk.errors import CODES, DeskError, error

_T = TypeVar("_T")

#: seconds a library may be silent before its process is killed
PATIENCE = 8.0
#: seconds for starting Python itself, and for a person typing a PIN on the token or in the vendor's own window
START_PATIENCE = 20.0
PERSON_PATIENCE = 90.0


class _Host:
    """A token host process bound to one library."""

    def __init__(self, choice: ModuleChoice, env: Mapping[str, str], log: Path | None, patience: float) -> None:
        check_module(choice)
        self.choice = choice
        self.signed = 0
        #: spoken to by the thin binding: the manifest says so, or no certificate could be read otherwise
        self.direct = Quirk.LENGTHS_NOT_TOLD in choice.manifest.quirks
        self._patience = patience
        self._process = HostProcess("pkcs11", env=env, log=log)
        try:
            hello, _ = self._receive(START_PATIENCE)
            if hello.get("event") != "hello" or hello.get("protocol") != line.PROTOCOL:
                raise error("token.unknown", "host speaks another protocol")
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(
        self, do: str, payload: bytes | bytearray | None = None, *, patience: float = 0.0, **fields: Any
    ) -> list[Message]:
        """Send a request and collect its answers up to the last one.

        Raises:
            DeskError: any ``token.*``; after ``token.stuck`` and a crash the process is gone.
        """
        self._process.send(do, payload, module=self.choice.path, direct=self.direct, **fields)
        answers = []
        while True:
            message, data = self._receive(patience or self._patience)
            if message.get("event") == "fault":
                raise self._fault(message)
            answers.append((message, data))
            if message.get("event") != "certificate":
                return answers

    def _receive(self, seconds: float) -> Message:
        try:
            return self._process.receive(seconds)
        except HostSilent:
            self.kill()
            raise error("token.stuck", f"silent for {seconds:g} s") from None
        except HostGone as gone:
            self.kill()
            raise error("token.unknown", f"host ended with {gone.exit_code}") from gone

    def _fault(self, message: dict[str, Any]) -> DeskError:
        manifest = self.choice.manifest
        known: dict[str, dict[str, Any]] = {
            "token.none": {"officer": ""},
            "token.removed": {"signed": self.signed},
            "token.module_missing": {"vendor": manifest.vendor},
            "token.pin_locked": {"help": manifest.help},
            "token.pin_must_change": {"vendor": manifest.vendor},
            "token.pin_length": {"least": manifest.pin.least, "most": manifest.pin.most},
        }
        code = str(message.get("code"))
        if code not in CODES:
            return error("token.unknown", f"fault {code}")
        facts = message.get("facts")
        said = facts if isinstance(facts, dict) else {}
        return error(code, str(message.get("detail", "")), **{**known.get(code, {}), **said})

    def close(self) -> None:
        """Log out if it still answers, then end the process without waiting for the library's tidying."""
        with contextlib.suppress(DeskError):
            self.ask("logout", patience=1.0)
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.close(0.0)


class Pkcs11Session:
    """A logged-in session. Implements :class:`digitizer_desk.devices.token.TokenSession`."""

    def __init__(self, host: _Host, certificate: Certificate, pin_each_time: bool, done: Callable[[], None]) -> None:
        self._host = host
        self._certificate = certificate
        self._done = done
        self._open = True
        #: the key wants the PIN for every signature: give it to :meth:`sign`
        self.pin_each_time = pin_each_time

    @property
    def certificate(self) -> Certificate:
        return self._certificate

    @property
    def host_pid(self) -> int:
        """Process id of the host, for the log and for tests."""
        return self._host.pid

    def sign(self, data: bytes, pin: Pin | None = None) -> bytes:
        """Raw signature over SHA-256 of ``data``; ``pin`` only for keys with ``pin_each_time``, and wiped here.

        After any fault the session is over: no vendor's library is trusted to go on after one.

        Raises:
            DeskError: ``token.removed``, ``token.stuck``, ``token.unknown``, and the PIN codes when ``pin`` is given.
        """
        if not self._open:
            raise error("token.unknown", "session is closed")
        try:
            if pin is None:
                answers = self._host.ask("sign", data)
            else:
                with pin:
                    answers = self._host.ask("sign_with_pin", pin.buffer, data=data.hex())
            message, signature = answers[-1]
            if message.get("event") != "signature" or not signature:
                raise error("token.unknown", "no signature in the answer")
        except BaseException:
            self._end(polite=False)
            raise
        self._host.signed += 1
        return bytes(signature)

    def close(self) -> None:
        self._end(polite=True)

    def _end(self, *, polite: bool) -> None:
        if not self._open:
            return
        self._open = False
        if polite:
            self._host.close()
        else:
            self._host.kill()
        self._done()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Pkcs11Token:
    """All tokens seen through the given libraries. Implements :class:`digitizer_desk.devices.token.Token`.

    Not shared between threads: it lives on the token lane. ``patience`` is how long a library may be silent, in
    seconds.
    """

    def __init__(
        self,
        modules: Sequence[ModuleChoice],
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        *,
        manifests: Sequence[TokenManifest] = (),
        patience: float = PATIENCE,
    ) -> None:
        """``manifests`` are all known families: a token may fit another one than the library that shows it."""
        self._modules = tuple(modules)
        self._manifests = {m.id: m for m in (*manifests, *(choice.manifest for choice in modules), GENERIC)}
        self._env = dict(env or {})
        self._log = log
        self._patience = patience
        self._hosts: dict[str, _Host] = {}
        #: SHA-256 of the certificates only the thin binding could read
        self._read_direct: set[str] = set()
        self._session: Pkcs11Session | None = None

    def tokens(self) -> tuple[TokenInfo, ...]:
        found, _, problems = self._everywhere(self._tokens_of)
        worst = _worst(problem for problem in problems if problem.code in _GRAVE)
        if not found and worst:
            raise worst
        return tuple(dict.fromkeys(found))

    def certificates(self) -> tuple[Certificate, ...]:
        found, answered, problems = self._everywhere(self._certificates_of)
        # one library that fails is no news while another answers; one that hangs or crashes is
        grave = [p for p in problems if not answered or p.code in _GRAVE]
        if not found and (worst := _worst(grave)):
            raise worst
        if not self._modules:
            raise error("token.module_missing", "no library given", vendor=GENERIC.vendor)
        # the same token may be seen through two libraries: the first one named counts
        once: dict[str, Certificate] = {}
        for certificate in found:
            once.setdefault(certificate.sha256, certificate)
        return tuple(once.values())

    def open(self, certificate: Certificate, pin: Pin) -> Pkcs11Session:
        with pin:
            choice = self._choice(certificate.token.module)
            manifest = self._manifests.get(certificate.token.manifest, choice.manifest)
            own_window = Quirk.OWN_PIN_WINDOW in manifest.quirks
            by_person = certificate.token.pin.own_pad or (own_window and not len(pin))
            if not by_person:
                _check_pin(pin, manifest)
            # one process owns the token
            self._drop(choice.path)
            host = _Host(ModuleChoice(choice.path, manifest), self._env, self._log, self._patience)
            host.direct = host.direct or certificate.sha256 in self._read_direct
            try:
                answers = host.ask(
                    "login",
                    pin.buffer,
                    patience=PERSON_PATIENCE if by_person else self._patience,
                    slot=certificate.token.slot,
                    serial=certificate.token.serial,
                    key_id=certificate.key_id,
                    kind=certificate.key_kind,
                    public=public_half(certificate.der).hex(),
                    own_window=own_window,
                    raw_only=Quirk.RAW_RSA_ONLY in manifest.quirks,
                )
            except BaseException:
                host.kill()
                raise
        each_time = bool(answers[-1][0].get("pin_each_time")) or Quirk.LOGIN_FOR_EACH_SIGNATURE in manifest.quirks
        self._hosts[choice.path] = host
        session = Pkcs11Session(host, certificate, each_time, lambda: self._forget(host))
        self._session = session
        return session

    def close(self) -> None:
        """End all hosts, and with them any session."""
        if self._session is not None:
            self._session.close()
        for path in list(self._hosts):
            self._drop(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _choice(self, path: str) -> ModuleChoice:
        for choice in self._modules:
            if choice.path == path:
                return choice
        raise error("token.none", "certificate of a library not in use", officer="")

    def _everywhere(self, ask: Callable[[_Host], list[_T]]) -> tuple[list[_T], int, list[DeskError]]:
        """Ask every library; one that fails does not stop the others. Gives what was found, how many answered."""
        found: list[_T] = []
        answered, problems = 0, []
        for choice in self._modules:
            try:
                found += ask(self._host(choice))
                answered += 1
            except DeskError as problem:
                problems.append(problem)
                self._drop(choice.path)
        return found, answered, problems

    def _host(self, choice: ModuleChoice) -> _Host:
        host = self._hosts.get(choice.path)
        logged_in = self._session is not None
        if host is not None and Quirk.RELOAD_AFTER_UNPLUG in choice.manifest.quirks and not logged_in:
            self._drop(choice.path)
            host = None
        if host is None:
            host = self._hosts[choice.path] = _Host(choice, self._env, self._log, self._patience)
        return host

    def _drop(self, path: str) -> None:
        host = self._hosts.pop(path, None)
        if host is not None:
            host.kill()

    def _forget(self, host: _Host) -> None:
        if self._hosts.get(host.choice.path) is host:
            del self._hosts[host.choice.path]
        if self._session is not None and self._session.host_pid == host.pid:
            self._session = None

    def _tokens_of(self, host: _Host) -> list[TokenInfo]:
        message, _ = host.ask("tokens")[-1]
        return [self._token(host, said) for said in message["tokens"]]

    def _certificates_of(self, host: _Host) -> list[Certificate]:
        found = []
        for message, der in host.ask("certificates")[:-1]:
            if der and (
                certificate := read_certificate(bytes(der), message["key_id"], self._token(host, message["token"]))
            ):
                found.append(certificate)
                if message["direct"]:
                    self._read_direct.add(certificate.sha256)
        return found

    def _token(self, host: _Host, said: dict[str, Any]) -> TokenInfo:
        manifest = best_match(self._manifests.values(), said["manufacturer"], said["model"], said["label"])
        manifest = manifest or host.choice.manifest
        return TokenInfo(
            module=host.choice.path,
            slot=said["slot"],
            label=said["label"],
            serial=said["serial"],
            manufacturer=said["manufacturer"],
            model=said["model"],
            manifest=manifest.id,
            pin=PinState(least=manifest.pin.least, most=manifest.pin.most, **said["pin"]),
        )


def _check_pin(pin: Pin, manifest: TokenManifest) -> None:
    """Refuse what cannot be right before a try is spent on it."""
    limits = manifest.pin
    if any(byte > 0x7F for byte in pin.buffer):
        raise error("token.pin_letters")
    if not limits.least <= len(pin) <= limits.most:
        raise error("token.pin_length", least=limits.least, most=limits.most)
    if not limits.letters and not all(0x30 <= byte <= 0x39 for byte in pin.buffer):
        raise error("token.pin_letters")


#: worst first
_GRAVE = ("token.stuck", "token.unknown")
_GRAVITY = (*_GRAVE, "token.module_bits", "token.module_missing")


def _worst(problems: Iterable[DeskError]) -> DeskError | None:
    return min(problems, key=lambda p: _GRAVITY.index(p.code) if p.code in _GRAVITY else -1, default=None)
