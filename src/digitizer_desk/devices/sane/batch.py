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
from typing import TYPE_CHECKING, Any

from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.sane.binding import Binding, Device, Frame, Picture, Progress, SaneTrouble
from digitizer_desk.devices.sane.opening import SENTENCES, Fault, open_device
from digitizer_desk.devices.sane.opening import sense as _sense
from digitizer_desk.devices.sane.settle import Order, Refused, settle

if TYPE_CHECKING:
    from digitizer_desk.devices.sane.counter import ImageCount

#: what no driver that lives says: a status that is none, a picture of no depth and no format
_IMPOSSIBLE = ("Unknown SANE status code ", "Bad pixel depth", "Invalid frame format")
NO_DOCUMENTS = "Document feeder out of documents"
CANCELLED = "Operation was canceled"
_BEAT_SECONDS = 0.2


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
        self._counter_before: int | None = None

    def run(self) -> None:
        """Every way out is one last event, ``closed`` or ``fault``, sent before the driver's teardown can crash it."""
        device: Device | None = None
        try:
            device = open_device(self._binding, self._order.device, self._sentences)
            self._images = _image_count(self._order)
            self._counter_before = _sense(device, self._order.counter)
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
        if self._order.backs_turned and self._order.source == "feeder-duplex" and number % 2 == 0:
            turn_half(picture.pixels, picture.samples)
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
        beat, seen = -_BEAT_SECONDS, -1

        def progress(row: int, rows: int) -> None:
            # must never raise: python-sane crashes. To cancel here, between two reads in this thread, is the safe way
            nonlocal beat, seen
            try:
                # only rows are progress: a driver that goes on saying "nothing yet" must not look alive
                if row > seen and time.monotonic() - beat >= _BEAT_SECONDS:
                    beat, seen = time.monotonic(), row
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
        # more rows than announced are kept: the driver guessed, and not one row of the paper is to be lost
        if picture.width != frame.width:
            raise Fault("scanner.bad_image", f"announced {frame.width} x {frame.rows}, {picture.width} wide came")

    # -- the end ----------------------------------------------------------------------------------------------------

    def _tell_end(self, device: Device, reason: str) -> None:
        empty = reason == "empty"
        sensor = loaded = _sense(device, self._order.paper_sensor) if empty else None
        if sensor:
            # "out of documents" with paper in the tray: a slipped sheet, or the button on the scanner
            raise Fault(self._feeder_fault(device, "scanner.jam"), "the feeder gave up with paper left")
        counter = self._counted(device)
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
        self._wire.send("closed", **told, proofs=proofs, ahead=self._ahead(reason))

    def _counted(self, device: Device) -> int | None:
        """Sides by the scanner's own counter since the batch began; None when it has none, or counts who knows what."""
        after = _sense(device, self._order.counter)
        if after is None or self._counter_before is None or after < self._counter_before:
            return None
        counted = after - self._counter_before
        if self._order.source != "feeder-duplex":
            # one side a sheet: whatever it counts is the same
            return counted
        return {"sides": counted, "sheets": 2 * counted}.get(self._order.counter_counts)

    def _ahead(self, reason: str) -> int | None:
        """Sides that left the tray but never came here, when the batch ended with paper still coming."""
        if reason == "empty":
            return None
        taken = self._images.since() if self._images is not None else None
        if taken is not None:
            return max(0, taken - self._kept)
        if self._order.takes_one_more and self._order.source != "flatbed":
            return 2 if self._order.source == "feeder-duplex" else 1
        return None

    def _tell_trouble(self, device: Device | None, problem: SaneTrouble) -> None:
        code = "scanner.empty" if problem.sentence == NO_DOCUMENTS else self._sentences.get(problem.sentence, "")
        if not code and problem.sentence.startswith(_IMPOSSIBLE):
            # nothing of the standard: the driver read memory it never wrote (net does, when its saned dies)
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


def turn_half(pixels: bytearray, samples: int) -> None:
    """Turn a page by 180 degrees in place: the last pixel comes first, its samples keep their order."""
    pixels.reverse()
    if samples == 3:
        pixels[0::3], pixels[2::3] = pixels[2::3], pixels[0::3]
