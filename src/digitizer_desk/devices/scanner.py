# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The contract of a scanner: what can be asked of it and what it tells.

Apart from any backend so that SANE, TWAIN and a folder of pictures give the same values and the same faults.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

A4_MM = (210.0, 297.0)


class Source(StrEnum):
    FLATBED = "flatbed"
    FEEDER = "feeder"
    FEEDER_DUPLEX = "feeder-duplex"


class Mode(StrEnum):
    COLOR = "color"
    GRAY = "gray"
    BW = "bw"


@dataclass(frozen=True, slots=True)
class ScannerInfo:
    """A scanner as found. ``id`` is the name its backend opens it by; ``manifest`` the id of the matched manifest,
    ``untested`` what that says nobody has tried, in Vietnamese."""

    id: str
    vendor: str
    model: str
    backend: str
    manifest: str
    tested: bool = False
    untested: str = ""


class Backing(StrEnum):
    """What lies behind the sheet while it is scanned: on black a cut corner shows, on white it does not."""

    DRIVER = "driver"  # as the scanner has it
    BLACK = "black"
    WHITE = "white"


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What the clerk's batch wants. ``sheet_mm`` is (width, height) in mm; ``max_pages`` None = until empty.

    The rest is asked where the scanner has it, and ``BatchOpened.got`` tells what came of it: stop at a double feed,
    leave the paper's own tone (clipping it to white destroys faint seals), scan past the sheet's edges, let the page
    be as long as the paper is (``sheet_mm`` is the most then), let the scanner straighten or crop.
    """

    source: Source = Source.FEEDER
    mode: Mode = Mode.COLOR
    dpi: int = 300
    sheet_mm: tuple[float, float] = A4_MM
    max_pages: int | None = None
    double_feed_stop: bool = True
    backing: Backing = Backing.DRIVER
    keep_background: bool = True
    overscan: bool = False
    auto_length: bool = False
    hardware_deskew: bool = False
    hardware_crop: bool = False


@dataclass(frozen=True, slots=True)
class DpiRange:
    """Every resolution from ``least`` to ``most`` in steps (0: any)."""

    least: float
    most: float
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way paper comes in and what it can do: what holds for the glass need not hold for the feeder.

    ``resolutions`` in dpi, a list or a range; ``sheet_mm`` the largest (width, height) in mm, None when not told.
    """

    source: Source
    modes: tuple[Mode, ...]
    resolutions: tuple[float, ...] | DpiRange
    sheet_mm: tuple[float, float] | None

    def offers(self, dpi: float) -> bool:
        """Whether this resolution can be had exactly."""
        if isinstance(self.resolutions, DpiRange):
            place = self.resolutions
            if not place.least <= dpi <= place.most:
                return False
            return not place.step or abs((dpi - place.least) / place.step % 1) < 1e-6
        return dpi in self.resolutions


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a scanner can do, in the desk's words: the same for every driver. Read once for each device.

    ``double_feed``: it can notice two sheets at once; ``backings``: what can be chosen besides the driver's own;
    ``clips_background``: it has a setting that turns the paper's tone white; ``buttons``: those whose press can be
    read, by the driver's names.
    """

    scanner: str
    manifest: str
    ways: tuple[Way, ...]
    double_feed: bool = False
    backings: tuple[Backing, ...] = ()
    clips_background: bool = False
    overscan: bool = False
    auto_length: bool = False
    hardware_deskew: bool = False
    hardware_crop: bool = False
    paper_sensor: bool = False
    cover_sensor: bool = False
    counter: bool = False
    buttons: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(way.source for way in self.ways)

    @property
    def duplex(self) -> bool:
        return Source.FEEDER_DUPLEX in self.sources

    def way(self, source: Source) -> Way | None:
        return next((way for way in self.ways if way.source is source), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """A scanner as it stands now; None where it has no such sensor. ``pressed``: buttons since the last look, by the
    driver's names."""

    paper: bool | None = None
    cover_open: bool | None = None
    pressed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackendAsked:
    """How one backend answered a search of everything: ``seconds`` it took, devices found, the code of a failure."""

    backend: str
    seconds: float
    found: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class DriverOption:
    """One option of a driver as it is, for a bug report. ``kind`` bool, int, fixed, string, button; ``choices`` for a
    list, ``limits`` (least, most, step) for a range; ``abilities`` what the driver says may be done with it.
    ``value`` is None when it cannot be read, or is free text, which is nobody's business."""

    name: str
    title: str
    kind: str
    unit: str
    active: bool
    abilities: tuple[str, ...]
    choices: tuple[str | float, ...] | None = None
    limits: tuple[float, float, float] | None = None
    value: str | float | bool | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class ScanJob:
    """One batch: one host process, one open, one close. ``paper`` and ``sides`` say what is expected on the feeder
    (the component's paper type and declared sides), for devices that can use it."""

    scanner: str
    settings: ScanSettings
    paper: str = ""
    sides: int | None = None


@dataclass(frozen=True, slots=True)
class BatchOpened:
    """The scanner is open and set. ``got`` is what it answered: (option, asked, got) in the desk's words."""

    scanner: str
    dpi: tuple[float, float]
    mode: Mode
    source: Source
    got: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PageStarted:
    number: int


@dataclass(frozen=True, slots=True)
class PageProgress:
    """``row`` of ``rows`` are read; ``rows`` is -1 when the length is not known beforehand."""

    number: int
    row: int
    rows: int


@dataclass(frozen=True, slots=True)
class RawPage:
    """A whole page. ``pixels``: height x width x samples, uint8, row after row without padding (samples 3 = RGB,
    1 = grey). 1-bit pages come as grey 0/255 with ``bilevel`` set. ``dpi`` is what the device says it used."""

    number: int
    width: int
    height: int
    samples: int
    pixels: bytearray
    dpi: tuple[float, float]
    bilevel: bool
    scanned_at: datetime


class BatchEnd(StrEnum):
    """Why a batch ended without a fault."""

    EMPTY = "empty"  # feeder ran empty after at least one page
    ENOUGH = "enough"  # max_pages reached, or one page from the flatbed
    STOPPED = "stopped"  # the clerk pressed Esc


class ProofKind(StrEnum):
    """Witnesses of a page count that do not depend on the driver's word for the end of the stack."""

    DEVICE_COUNTER = "device_counter"  # pictures, by a counter the driver reads from the device
    IMAGES_COMPLETED = "images_completed"  # pictures, by the eSCL device's own status document
    FEEDER_EMPTY = "feeder_empty"  # 1 = no paper lies in the feeder, 0 = there is some
    SIDES_EVEN = "sides_even"  # 1 = fronts and backs pair up, 0 = one is missing


class CountProof(NamedTuple):
    """What one witness said at the end of a batch. What is not known is left out, never guessed."""

    kind: ProofKind
    number: int


class CountState(StrEnum):
    """What the witnesses make of a count together."""

    PROVED = "proved"
    UNPROVED = "unproved"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class BatchClosed:
    """The last event of every batch that had no fault. ``counter`` is the device's own count of pictures, if any;
    ``trusted_end`` whether "empty" from this driver proves an empty feeder (drivers.md finding 1). ``ahead``: sides
    the scanner has taken in beyond ``pages`` without handing them over, at least (it reads ahead): they lie in the
    exit tray and must be scanned again; None when nobody can tell."""

    reason: BatchEnd
    pages: int
    counter: int | None = None
    trusted_end: bool = False
    proofs: tuple[CountProof, ...] = ()
    ahead: int | None = None

    @property
    def count(self) -> CountState:
        """One witness against the count is enough; "out of documents" alone is none for it.

        Where the driver's end of the stack is not trusted, a right number of pictures proves only that none was lost on
        the way here: the feeder must also be known to be empty.
        """
        said = dict(self.proofs)
        pictures = [said[kind] for kind in (ProofKind.DEVICE_COUNTER, ProofKind.IMAGES_COMPLETED) if kind in said]
        empty = said.get(ProofKind.FEEDER_EMPTY)
        if empty == 0 or said.get(ProofKind.SIDES_EVEN) == 0 or any(number != self.pages for number in pictures):
            return CountState.DIFFERS
        if empty == 1 and (pictures or self.trusted_end):
            return CountState.PROVED
        return CountState.PROVED if pictures and self.trusted_end else CountState.UNPROVED


ScanEvent = BatchOpened | PageStarted | PageProgress | RawPage | BatchClosed


class Scanner(Protocol):
    """What a step may do with scanners. Blocking; called on the scanner lane."""

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """Scanners of the configured backends, or (slow, an explicit act) of all backends.

        Raises:
            DeskError: ``scanner.driver_missing``, ``scanner.stuck``, ``scanner.crashed``.
        """
        ...

    def capabilities(self, scanner_id: str) -> Capabilities:
        """What this scanner can do. No paper moves. Opens the device: ask once and keep the answer.

        Raises:
            DeskError: any ``scanner.*`` code a scanner that cannot be opened gives.
        """
        ...

    def look(self, scanner_id: str) -> Standing:
        """Whether paper lies ready, the cover is open, a button was pressed. No paper moves. For asking every second
        or so; a look never meets a batch of the same client.

        Raises:
            DeskError: ``scanner.busy`` while a batch runs; else as :meth:`capabilities`.
        """
        ...

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        """Run one batch. Every page yielded is whole; the host is gone when the iterator ends or is closed.

        ``stop`` is asked several times a second; when it says True the batch ends with ``BatchEnd.STOPPED``.

        Raises:
            DeskError: any ``scanner.*`` code; pages yielded before stay good. ``page`` is the number of the sheet side
                to lay back first, ``kept`` how many whole pages were yielded.
        """
        ...


@runtime_checkable
class Examined(Protocol):
    """What help desks ask of scanners, where the driver's side can tell it."""

    def search(self, told: Callable[[BackendAsked], None]) -> tuple[ScannerInfo, ...]:
        """:meth:`Scanner.find` everywhere, telling how each backend answered as it is done."""
        ...

    def options(self, scanner_id: str) -> tuple[DriverOption, ...]:
        """Every option of the driver as it is now. No serial numbers, no free text. Errors as
        :meth:`Scanner.capabilities`."""
        ...
