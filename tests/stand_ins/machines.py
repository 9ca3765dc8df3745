# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A scanner, a token and a province that follow a script: for tests of steps, in milliseconds.

They stand for the contracts in ``devices`` and ``province.link``; the real machines are tested in their own rooms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from numpy.typing import NDArray

from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    BatchOpened,
    Capabilities,
    CountProof,
    DpiRange,
    Mode,
    PageStarted,
    ProofKind,
    RawPage,
    ScanEvent,
    ScanJob,
    ScannerInfo,
    Source,
    Standing,
    Way,
)
from digitizer_desk.devices.token import Certificate, Pin, PinState, TokenInfo
from digitizer_desk.dossier.model import VIETNAM, Parcel
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.link import Accepted, Health, Keep, Later, Reply, keep_nothing

Pixels = NDArray[np.uint8]


class ScriptedScanner:
    """Feeds what lies in ``tray``: pictures, or an error to raise in their place."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.tray: list[Pixels | DeskError] = []
        self.jobs: list[ScanJob] = []
        #: what the device says of so many pages
        self.proofs: Callable[[int], tuple[CountProof, ...]] = _counted
        self.standing: Standing | None = None
        self.sources: tuple[Source, ...] = tuple(Source)
        self.buttons: tuple[str, ...] = ()
        self._clock = clock

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        return (ScannerInfo("scripted:0", "Thử", "Theo kịch bản", "scripted", "generic"),)

    def capabilities(self, scanner_id: str) -> Capabilities:
        every = tuple(Way(source, tuple(Mode), DpiRange(50, 600, 1), (216.0, 432.0)) for source in self.sources)
        return Capabilities(scanner_id, "generic", every, paper_sensor=True, buttons=self.buttons)

    def look(self, scanner_id: str) -> Standing:
        return self.standing or Standing(paper=bool(self.tray))

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        self.jobs.append(job)
        dpi = (float(job.settings.dpi), float(job.settings.dpi))
        yield BatchOpened("Thử Theo kịch bản", dpi, job.settings.mode, job.settings.source)
        number = 0
        while self.tray and (job.settings.max_pages is None or number < job.settings.max_pages):
            if stop():
                yield BatchClosed(BatchEnd.STOPPED, number)
                return
            item = self.tray.pop(0)
            if isinstance(item, DeskError):
                raise item
            number += 1
            yield PageStarted(number)
            height, width = item.shape[:2]
            samples = 3 if item.ndim == 3 else 1
            data = bytearray(item.tobytes())
            yield RawPage(number, width, height, samples, data, dpi, False, self._clock())
        if number == 0:
            raise error("scanner.empty")
        full = job.settings.max_pages is not None and number == job.settings.max_pages
        end = BatchEnd.ENOUGH if full else BatchEnd.EMPTY
        yield BatchClosed(end, number, trusted_end=True, proofs=self.proofs(number))


def _counted(pages: int) -> tuple[CountProof, ...]:
    """A counter that says what came."""
    return (CountProof(ProofKind.DEVICE_COUNTER, pages),)


@lru_cache(maxsize=4)
def _key_and_certificate(holder: str, days: int) -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, holder)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, made.public_bytes(Encoding.DER)


class ScriptedToken:
    """One certificate and a PIN. ``fail_after`` signatures it is pulled out."""

    def __init__(self, holder: str, *, pin: bytes = b"246810", days: int = 3650, state: PinState | None = None) -> None:
        self._key, self.der = _key_and_certificate(holder, days)
        self._pin = pin
        self.present = True
        self.fail_after: int | None = None
        self.log_ins = 0
        #: whether the key wants the PIN again at every signature, and the PINs it was given so
        self.pin_each_time = False
        self.pins: list[bytes] = []
        certificate = x509.load_der_x509_certificate(self.der)
        info = TokenInfo("scripted", 0, "Thử", "0001", "Thử", "Thử", "softhsm", state or PinState())
        self.certificate = Certificate(
            token=info,
            key_id="01",
            der=self.der,
            holder=holder,
            organisation="",
            issuer="CA thử",
            serial="4711",
            sha1=hashlib.sha1(self.der, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(self.der).hexdigest(),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            key_kind="rsa",
            may_sign=True,
        )

    def tokens(self) -> tuple[TokenInfo, ...]:
        return (self.certificate.token,) if self.present else ()

    def certificates(self) -> tuple[Certificate, ...]:
        return (self.certificate,) if self.present else ()

    def open(self, certificate: Certificate, pin: Pin) -> ScriptedSession:
        self.log_ins += 1
        right = bytes(pin.buffer) == self._pin
        pin.wipe()
        if not self.present:
            raise error("token.none", officer=certificate.holder)
        if not right:
            raise error("token.pin_wrong")
        return ScriptedSession(self, certificate)

    def close(self) -> None:
        """Nothing runs."""

    def raw_sign(self, data: bytes) -> bytes:
        if self.fail_after == 0:
            raise error("token.removed", signed=0)
        if self.fail_after is not None:
            self.fail_after -= 1
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class ScriptedSession:
    def __init__(self, token: ScriptedToken, certificate: Certificate) -> None:
        self._token = token
        self.certificate = certificate
        self.closed = False

    @property
    def pin_each_time(self) -> bool:
        return self._token.pin_each_time

    def sign(self, data: bytes, pin: Pin | None = None) -> bytes:
        if pin is not None:
            with pin:
                self._token.pins.append(bytes(pin.buffer))
        elif self._token.pin_each_time:
            raise error("token.unknown", "no PIN for this signature")
        return self._token.raw_sign(data)

    def close(self) -> None:
        self.closed = True

    def __enter__(self) -> ScriptedSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class ScriptedProvince:
    """Holds what was delivered. ``replies`` are given first, in order; ``lose_reply`` stores but answers "unknown"."""

    replies: list[Reply] = field(default_factory=list)
    stored: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    deliveries: list[str] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    lose_reply: int = 0
    online: bool = True
    apart: float | None = None  # s, its clock minus the desk's, where it tells the time

    def health(self) -> Health:
        return Health(reachable=self.online, clock_difference=self.apart if self.online else None)

    def _receipt(self, parcel: Parcel, *, already: bool) -> Accepted:
        pdf, _body = self.stored[parcel.id]
        number = f"BN-{list(self.stored).index(parcel.id) + 1:04d}"
        at = datetime(2026, 11, 21, 10, 0, tzinfo=VIETNAM)
        return Accepted(number, hashlib.sha256(pdf).hexdigest(), "", at, already=already)

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        self.looks.append(parcel.id)
        if not self.online:
            return Later("province.offline", attempt=False)
        return self._receipt(parcel, already=True) if parcel.id in self.stored else None

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Reply:
        if not self.online:
            return Later("province.offline", attempt=False)
        if self.replies:
            return self.replies.pop(0)
        self.deliveries.append(parcel.id)
        self.stored[parcel.id] = (pdf, parcel.body)
        progress(len(pdf), len(pdf))
        if self.lose_reply:
            self.lose_reply -= 1
            return Later("province.unknown_outcome", attempt=True)
        return self._receipt(parcel, already=False)


def paper(text_lines: int = 30, *, dpi: int = 200, grey: bool = False, seed: int = 1) -> Pixels:
    """An A4 page with sharp strokes in rows and a red ring, quick to make. Distinct for each seed."""
    height, width = round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)
    page = np.full((height, width, 3), 250, np.uint8)
    chance = np.random.default_rng(seed)
    for row in range(text_lines):
        top = int(height * 0.12) + row * int(height * 0.024)
        x = int(width * 0.12)
        while x < width * 0.86:
            stroke = int(chance.integers(2, 5))
            tall = int(chance.integers(12, 20))
            page[top : top + tall, x : x + stroke] = 20
            page[top + tall // 2 : top + tall // 2 + 2, x : x + 9] = 20
            x += int(chance.integers(9, 22))
    rows, columns = np.ogrid[:height, :width]
    radius = np.hypot(rows - height * 0.85, columns - width * 0.65)
    page[(radius > 0.080 * width) & (radius < 0.087 * width)] = (200, 30, 40)
    return page[:, :, 0].copy() if grey else page


def stack(count: int, start: int = 1) -> Sequence[Pixels]:
    """``count`` different pages."""
    return [paper(seed=start + i) for i in range(count)]
