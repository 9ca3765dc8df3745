# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One batch on one scanner: open, settle, read pages until the end, tell how it ended, close.

Apart from the settings because here paper moves. Every guard answers something measured: crashes of the binding, pages
cut short and handed over as good, stacks that "ended" with paper left.
"""

from __future__ import annotations

import sys
import threading
import time
from datetime import UTC, datetime
from glob import glob
from typing import TYPE_CHECKING, Any

from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.sane.binding import Binding, Device, Frame, Picture, Progress, SaneTrouble
from digitizer_desk.devices.sane.settle import Order, Refused, settle

if TYPE_CHECKING:
    from digitizer_desk.devices.sane.counter import ImageCount

#: the sentences libsane always uses -> our code
SENTENCES = {
    "Document feeder jammed": "scanner.jam",
    "Scanner cover is open": "scanner.cover_open",
    "Device busy": "scanner.busy",
    "Error during device I/O": "scanner.lost",
    "End of file reached": "scanner.short_page",
    "Invalid argument": "scanner.refused",
    "Operation not supported": "scanner.refused",
    "Access to resource has been denied": "scanner.denied",
    # numbers of SANE 1.06 that libsane 1.2 has no words for
    "Unknown SANE status code 12": "scanner.warming_up",
    "Unknown SANE status code 13": "scanner.busy",
}
_IMPOSSIBLE = "Unknown SANE status code "
NO_DOCUMENTS = "Document feeder out of documents"
CANCELLED = "Operation was canceled"
_BEAT_SECONDS = 0.2
_DRIVER_FOLDERS = ("/usr/lib/*/sane", "/usr/lib/sane", "/usr/lib64/sane", "/usr/local/lib/sane")


class Fault(Exception):
    """The batch ends here, by this code."""

    def __init__(self, code: str, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.code, self.detail, self.facts = code, detail, facts


class Batch:
    """One batch. ``stop`` is set from another thread; only this thread ever talks to the driver."""

    def __init__(self, wire: Wire, binding: Binding, order: Order, stop: threading.Event) -> None:
        self._wire = wire
        self._binding = binding
        self._order = order
        self._stop = stop
        self._sentences = {**SENTENCES, **order.faults}
        self._kept = 0
        self._cancelled = False
        self._endless = False
        self._images: ImageCount | None = None

    def run(self) -> None:
        """Every way out is one last event, ``closed`` or ``fault``, sent before the driver's teardown can crash it."""
        device: Device | None = None
        try:
            device = self._open()
            self._images = _image_count(self._order)
            settled = settle(device, self._order)
            self._wire.send("opened", dpi=settled.dpi, got=settled.got)
            reason = self._pages(device)
            self._tell_end(device, reason)
        except Fault as fault:
            self._wire.fault(fault.code, fault.detail, **fault.facts)
        except Refused as refusal:
            self._wire.fault("scanner.refused", refusal.detail, option=refusal.option)
        except SaneTrouble as problem:
            self._tell_trouble(device, problem)
        finally:
            if device is not None:
                self._put_away(device)

    def _open(self) -> Device:
        try:
            return self._binding.open(self._order.device)
        except SaneTrouble as problem:
            backend = self._order.device.partition(":")[0]
            if not any(glob(f"{folder}/libsane-{backend}.so*") for folder in _DRIVER_FOLDERS):
                raise Fault("scanner.driver_missing", problem.sentence, driver=f"libsane-{backend}") from problem
            code = self._sentences.get(problem.sentence, "scanner.offline")
            # at opening these mean: there is no such device now
            code = {"scanner.refused": "scanner.none", "scanner.lost": "scanner.offline"}.get(code, code)
            raise Fault(code, f"open: {problem.sentence}") from problem

    def _pages(self, device: Device) -> str:
        """Read pages until there is a reason to end: empty, enough, stopped."""
        most = 1 if self._order.source == "flatbed" else self._order.max_pages
        while not self._stop.is_set():
            if most is not None and self._kept >= most:
                return "enough"
            try:
                if not self._page(device, self._kept + 1):
                    return "stopped"
            except SaneTrouble as problem:
                if problem.sentence == NO_DOCUMENTS and self._kept > 0:
                    return "empty"
                if problem.sentence == CANCELLED:
                    # by our flag or by the scanner's own button: the batch is over, nothing is broken
                    return "stopped"
                raise
            self._kept += 1
        return "stopped"

    def _page(self, device: Device, number: int) -> bool:
        """Read and send one page; False when it was cancelled half way (what came is not to be trusted)."""
        device.start()
        frame = device.frame()
        _check_frame(frame)
        self._wire.send("page_started", number=number)
        picture = device.picture(self._progress(device, number, frame.stride))
        if self._endless:
            raise Fault("scanner.bad_image", f"more than {line.MAX_BYTES} bytes and no end")
        if self._cancelled:
            return False
        self._check_picture(frame, picture)
        self._wire.send(
            "page",
            picture.pixels,
            number=number,
            width=picture.width,
            height=picture.rows,
            samples=picture.samples,
            bilevel=frame.depth == 1,
            scanned_at=datetime.now(UTC).isoformat(),
        )
        return True

    def _progress(self, device: Device, number: int, stride: int) -> Progress:
        # the first rows are told at once: they shorten the desk's patience
        beat = -_BEAT_SECONDS

        def progress(row: int, rows: int) -> None:
            # must never raise: python-sane crashes. To cancel here, between two reads in this thread, is the safe way
            nonlocal beat
            try:
                if time.monotonic() - beat >= _BEAT_SECONDS:
                    beat = time.monotonic()
                    self._wire.send("progress", number=number, row=row, rows=rows)
                self._endless = self._endless or row * stride > line.MAX_BYTES
                if (self._stop.is_set() or self._endless) and not self._cancelled:
                    self._cancelled = True
                    device.cancel()
            except Exception as problem:
                print(f"progress: {problem}", file=sys.stderr)  # noqa: T201 - the host's log

        return progress

    def _check_picture(self, frame: Frame, picture: Picture) -> None:
        if picture.sample_bytes != 1 or len(picture.pixels) != picture.width * picture.rows * picture.samples:
            raise Fault("scanner.bad_image", f"{len(picture.pixels)} bytes for {picture.width} x {picture.rows}")
        if picture.rows == 0 or (frame.rows > 0 and picture.rows < frame.rows):
            raise Fault("scanner.short_page", f"{picture.rows} of {frame.rows} rows")
        if picture.width != frame.width or picture.rows > frame.rows > 0:
            raise Fault("scanner.bad_image", f"announced {frame.width} x {frame.rows}, {picture.rows} rows came")

    # -- the end ----------------------------------------------------------------------------------------------------

    def _tell_end(self, device: Device, reason: str) -> None:
        empty = reason == "empty"
        sensor = loaded = _sense(device, self._order.paper_sensor) if empty else None
        if sensor:
            # "out of documents" with paper in the tray: a slipped sheet, or the button on the scanner
            raise Fault(self._feeder_fault(device, "scanner.jam"), "the feeder gave up with paper left")
        counter = _sense(device, self._order.counter)
        proofs = [] if counter is None else [("device_counter", counter)]
        # drivers read ahead: only a stack taken to its end makes the device's own word comparable
        if empty and self._images is not None and (status := self._images.status()) is not None:
            if status.fault or self._images.broken_off(status):
                raise Fault(status.fault or "scanner.unknown", f"the end of the stack was none: {status.adf}")
            images = self._images.pictures(status)
            counter = images if counter is None else counter
            proofs += [] if images is None else [("images_completed", images)]
            loaded = status.loaded if loaded is None else loaded
        if empty and loaded is not None:
            proofs.append(("feeder_empty", int(not loaded)))
        if empty and self._order.source == "feeder-duplex":
            proofs.append(("sides_even", int(self._kept % 2 == 0)))
        told: dict[str, Any] = {"reason": reason, "pages": self._kept, "counter": counter, "tray_empty": sensor == 0}
        self._wire.send("closed", **told, proofs=proofs)

    def _tell_trouble(self, device: Device | None, problem: SaneTrouble) -> None:
        code = "scanner.empty" if problem.sentence == NO_DOCUMENTS else self._sentences.get(problem.sentence, "")
        if not code and problem.sentence.startswith(_IMPOSSIBLE):
            # no number of the standard: the driver read memory it never wrote (net does, when its saned dies)
            code = "scanner.crashed"
        if code == "scanner.jam" and device is not None:
            code = self._feeder_fault(device, code)
        elif code in ("scanner.empty", "scanner.lost") and self._images is not None:
            code = self._past_the_driver(self._images, code)
        elif code == "scanner.lost" and self._kept == 0:
            code = "scanner.offline"
        self._wire.fault(code or "scanner.unknown", problem.sentence)

    def _past_the_driver(self, images: ImageCount, code: str) -> str:
        """airscan has one word for a broken line, a broken picture and two sheets at once: the scanner knows better."""
        status = images.status()
        if status is None:
            return "scanner.lost" if self._kept or code == "scanner.empty" else "scanner.offline"
        taken = images.pictures(status) or 0
        if status.fault or code == "scanner.lost":
            return status.fault or ("scanner.bad_image" if taken > self._kept else "scanner.lost")
        if taken:
            # a fast scanner may be done before airscan looks: sheets went through, none came out
            return "scanner.lost"
        if images.broken_off(status):
            return "scanner.unknown"
        # "out of documents" with paper in the tray: it could not take the first sheet
        return "scanner.jam" if status.loaded else code

    def _feeder_fault(self, device: Device, code: str) -> str:
        """SANE has one status for jam and double feed; where the scanner has a sensor for the latter, it is asked."""
        return "scanner.double_feed" if _sense(device, self._order.double_feed_sensor) else code

    def _put_away(self, device: Device) -> None:
        """The one cancel and the one close of a batch."""
        try:
            if not self._cancelled:
                device.cancel()
            device.close()
        except SaneTrouble as problem:
            print(f"close: {problem}", file=sys.stderr)  # noqa: T201 - the host's log


def _image_count(order: Order) -> ImageCount | None:
    if not order.counts_images:
        return None
    # here, because http.client doubles the time a host needs to start
    from digitizer_desk.devices.sane.counter import ImageCount

    return ImageCount.of(order.device)


def _check_frame(frame: Frame) -> None:
    samples = {"color": 3, "gray": 1}.get(frame.form)
    if samples is None or not frame.last:
        raise Refused("mode", f"frame {frame.form}: one pass for each colour")
    if frame.width < 1 or frame.rows == 0 or frame.rows * frame.width * samples > line.MAX_BYTES:
        # said before any memory is taken for it
        raise Fault("scanner.bad_image", f"announced {frame.width} x {frame.rows} x {samples}")
    if frame.depth not in (1, 8):
        raise Refused("depth", f"{frame.depth} bits a sample")
    if frame.depth == 8 and frame.stride != frame.width * samples:
        # python-sane shears such pages
        raise Refused("sheet", f"lines of {frame.stride} bytes for {frame.width} pixels")


def _sense(device: Device, name: str) -> int | None:
    """A sensor or counter of the scanner as a number; None when it has none or will not tell."""
    option = device.options.get(name)
    if option is None or not option.can_read:
        return None
    try:
        return int(device.read(name))
    except (SaneTrouble, ValueError):
        return None
