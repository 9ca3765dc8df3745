# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Follows one batch of a host: its watchdog, its messages as values, its end in grace or by force.

Apart from the clients because SANE and TWAIN hosts are watched alike, whatever a driver does.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from digitizer_desk.devices import line
from digitizer_desk.devices.manifest import ScannerManifest
from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent
from digitizer_desk.devices.questions.asking import wishes
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    BatchOpened,
    CountProof,
    PageProgress,
    PageStarted,
    ProofKind,
    RawPage,
    ScanEvent,
    ScanJob,
)
from digitizer_desk.devices.watching.faults import end_words, fault_of
from digitizer_desk.errors import DeskError, error

#: how often the clerk's stop is asked for, in seconds
POLL = 0.1

Message = tuple[dict[str, Any], bytearray | None]


class Watch:
    """Follows one batch: re-arms the watchdog with every event, turns messages into values."""

    def __init__(
        self,
        host: HostProcess,
        manifest: ScannerManifest,
        job: ScanJob,
        stop: Callable[[], bool],
        order: Mapping[str, Any],
    ) -> None:
        """``order``: what this kind of host must know beside the settings, as fields of its ``scan`` request."""
        self._order_more = order
        self._host, self._manifest, self._job, self._stop = host, manifest, job, stop
        self._kept = 0
        self._dpi = (0.0, 0.0)
        self._allowed = manifest.timeouts.open_s
        self._stop_deadline: float | None = None

    def events(self) -> Iterator[ScanEvent]:
        """All events of the batch; the last message of the host is followed by its end, in grace or by force."""
        try:
            self._host.send("scan", **self._order())
            while True:
                message, payload = self._receive()
                try:
                    event = self._event(message, payload)
                except (KeyError, TypeError, ValueError, IndexError) as problem:
                    raise self._error("scanner.crashed", f"nonsense from the host: {problem!r}") from problem
                if isinstance(event, BatchClosed):
                    self._let_go()
                    yield event
                    return
                if event is not None:
                    yield event
                del message, payload, event  # a page is 26 MB, and the next one may be a minute away
        except (HostGone, HostSilent) as problem:
            self._host.kill()
            if self._stop_deadline is not None:
                # the clerk wanted the end; how the driver took it changes nothing about the pages that are whole
                yield BatchClosed(BatchEnd.STOPPED, self._kept)
                return
            if isinstance(problem, HostGone):
                raise self._error("scanner.crashed", end_words(problem)) from problem
            raise self._error("scanner.stuck", f"silent for {self._allowed:g} s") from problem

    def _order(self) -> dict[str, Any]:
        want = self._job.settings
        return {
            "device": self._job.scanner,
            "source": want.source.value,
            "mode": want.mode.value,
            "dpi": want.dpi,
            "sheet_mm": want.sheet_mm,
            "max_pages": want.max_pages,
            "wishes": wishes(want),
            **self._order_more,
        }

    def _receive(self) -> Message:
        """Wait in small steps, so that the clerk's stop is seen at once. After it, only ``stop_s`` are left in all."""
        deadline = time.monotonic() + self._allowed
        while True:
            if self._stop_deadline is None and self._stop():
                self._stop_deadline = time.monotonic() + self._manifest.timeouts.stop_s
                self._host.send("stop")
            left = (deadline if self._stop_deadline is None else self._stop_deadline) - time.monotonic()
            try:
                # asked at least once: what came while the caller was busy with a page counts
                return self._host.receive(max(0.0, min(POLL, left)))
            except HostSilent:
                if left <= 0:
                    raise

    def _event(self, message: dict[str, Any], payload: bytearray | None) -> ScanEvent | None:
        times, want = self._manifest.timeouts, self._job.settings
        kind = message["event"]
        if kind == "hello":
            if message["protocol"] != line.PROTOCOL:
                raise self._error("scanner.crashed", f"host speaks protocol {message['protocol']}")
            return None
        if kind == "opened":
            self._dpi = (float(message["dpi"][0]), float(message["dpi"][1]))
            if not all(0 < dpi < math.inf for dpi in self._dpi):
                raise ValueError(self._dpi)  # every size of the page would be reckoned with it
            self._allowed = times.first_page_s
            got = tuple((str(a), str(b), str(c)) for a, b, c in message["got"])
            return BatchOpened(self._job.scanner, self._dpi, want.mode, want.source, got)
        if kind == "page_started":
            # some drivers "start" before the paper moves: only rows prove that the page is under way
            self._allowed = times.between_pages_s if self._kept else times.first_page_s
            return PageStarted(int(message["number"]))
        if kind == "progress":
            self._allowed = times.inside_page_s
            return PageProgress(int(message["number"]), int(message["row"]), int(message["rows"]))
        if kind == "page":
            page = self._page(message, payload)
            self._kept += 1
            self._allowed = times.between_pages_s
            return page
        if kind == "closed":
            return self._closed(message)
        if kind == "fault":
            self._let_go()
            raise fault_of(message, self._kept, self._job.settings)
        return None

    def _page(self, message: dict[str, Any], payload: bytearray | None) -> RawPage:
        """A page that is whole, or ``scanner.bad_image``: what the host says of it must fit its bytes."""
        width, height, samples = int(message["width"]), int(message["height"]), int(message["samples"])
        fits = width > 0 and height > 0 and samples in (1, 3) and message["number"] == self._kept + 1
        if payload is None or not fits or len(payload) != width * height * samples:
            raise self._error("scanner.bad_image", f"{width} x {height} x {samples}")
        moment = datetime.fromisoformat(message["scanned_at"]).astimezone()
        number, bilevel = int(message["number"]), bool(message["bilevel"])
        return RawPage(number, width, height, samples, payload, self._dpi, bilevel, moment)

    def _closed(self, message: dict[str, Any]) -> BatchClosed:
        if message["pages"] != self._kept:
            raise self._error("scanner.unknown", f"host sent {message['pages']} pages, {self._kept} came")
        trusted = bool(message["tray_empty"]) or "end_of_stack_untrusted" not in self._manifest.quirks
        counter = None if message["counter"] is None else int(message["counter"])
        proofs = tuple(CountProof(ProofKind(kind), int(number)) for kind, number in message.get("proofs", ()))
        ahead = None if message.get("ahead") is None else int(message["ahead"])
        return BatchClosed(BatchEnd(message["reason"]), self._kept, counter, trusted, proofs=proofs, ahead=ahead)

    def _let_go(self) -> None:
        """Give the driver its time to cancel and close (rollers stop, a network job is taken back), then end it."""
        deadline = time.monotonic() + self._manifest.timeouts.close_s
        try:
            while True:
                self._host.receive(max(0.0, deadline - time.monotonic()))
        except (HostGone, HostSilent):
            # a crash in its teardown cannot harm the pages: all have been sent
            self._host.kill()

    def _error(self, code: str, detail: str) -> DeskError:
        return error(code, detail, page=self._kept + 1, kept=self._kept)
