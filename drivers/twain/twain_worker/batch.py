# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""One batch on one scanner: open, settle, pictures until the end, how it ended; and always back to state 2.

Apart from the settings because here paper moves.
"""

from __future__ import annotations

import ctypes as ct
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from twain.lowlevel import constants as tw

from twain_worker import standard
from twain_worker.last_word import LastWord
from twain_worker.order import Order
from twain_worker.session import Session
from twain_worker.transfer import announced, picture
from twain_worker.trouble import Fault, Trouble
from twain_worker.wire import Wire
from twain_worker.wishes.settle import Settled, loaded, settle

_BEAT_SECONDS = 0.2


class Batch:
    """``stop`` is set from another thread; only this thread ever talks to the driver."""

    def __init__(self, wire: Wire, order: Order, stop: threading.Event) -> None:
        self._wire, self._order, self._stop = wire, order, stop
        self._kept = 0
        self._last = LastWord(wire, order.faults)
        #: sheet numbers by the scanner's own count, or None once it did not tell
        self._sheets: list[int] | None = []

    def run(self, start: Callable[[], Session]) -> None:
        """Every way out is one last event, ``closed`` or ``fault``, told before the driver's teardown can hang.

        Raises:
            DriverBroke: nothing more may be called, not even to close the source.
        """
        with self._last.told(), start() as session, self._last.told():
            self._scan(session)

    def _scan(self, session: Session) -> None:
        session.open(self._order.device)
        self._last.opening = False
        settled = settle(session, self._order)
        self._wire.send("opened", dpi=settled.dpi, got=settled.got)
        if not session.enable(show=self._order.ui):
            raise Fault("scanner.refused", "the source shows its own window", option="ui")
        try:
            reason = self._pages(session, settled)
        except Trouble as trouble:
            if trouble.condition != standard.TWCC_NOMEDIA or self._kept == 0:
                raise
            reason = "empty"
        self._tell_end(session, reason)

    def _pages(self, session: Session, settled: Settled) -> str:
        """Until there is a reason to end: empty, enough, stopped."""
        order = self._order
        most = 1 if order.source == "flatbed" else order.max_pages
        came = session.wait(self._stop.is_set)
        if came == "closed":
            return self._closed_early(session)
        while came == "ready" and not self._stop.is_set():
            if not self._page(session, settled):
                return "stopped"
            more = session.end_picture()
            if most is not None and self._kept >= most:
                return "enough"
            if not more:
                return "enough" if order.source == "flatbed" else "empty"
        return "stopped"

    def _closed_early(self, session: Session) -> str:
        if self._order.ui:
            # the clerk closed the maker's window
            return "stopped"
        if loaded(session) == 0:
            raise Fault("scanner.empty", "the source wants to be closed: no paper")
        raise Fault("scanner.unknown", "the source wants to be closed before there is a page")

    def _page(self, session: Session, settled: Settled) -> bool:
        """Transfer and send one page; False when it was given up (what came is not to be trusted)."""
        number = self._kept + 1
        frame = announced(session, self._order, settled)
        self._wire.send("page_started", number=number)
        got = picture(session, self._order, settled, frame, self._progress(number))
        if got is None:
            return False
        self._count_sheet(session)
        self._wire.send(
            "page",
            got.pixels,
            number=number,
            width=got.width,
            height=got.height,
            samples=got.samples,
            bilevel=got.bilevel,
            scanned_at=datetime.now(UTC).isoformat(),
        )
        self._kept = self._last.kept = number
        return True

    def _progress(self, number: int) -> Callable[[int, int], bool]:
        # the first rows are told at once: they shorten the desk's patience
        last = -_BEAT_SECONDS

        def progress(row: int, rows: int) -> bool:
            nonlocal last
            if time.monotonic() - last >= _BEAT_SECONDS:
                last = time.monotonic()
                self._wire.send("progress", number=number, row=row, rows=rows)
            return not self._stop.is_set()

        return progress

    # -- the end ----------------------------------------------------------------------------------------------------

    def _count_sheet(self, session: Session) -> None:
        """The scanner's own number of the sheet this picture is of, told only between transfer and end (state 7)."""
        if self._sheets is None:
            return
        asked = standard.ExtImageInfo(1)
        asked.Info[0].InfoID = standard.TWEI_PAPERCOUNT
        try:
            session.call(tw.DG_IMAGE, tw.DAT_EXTIMAGEINFO, tw.MSG_GET, ct.byref(asked))
        except Trouble:
            self._sheets = None
            return
        told = asked.Info[0]
        if told.ReturnCode != tw.TWRC_SUCCESS or told.NumItems != 1 or not 0 < told.Item < standard.DONT_CARE:
            self._sheets = None
        else:
            self._sheets.append(int(told.Item))

    def _pictures_by_sheets(self) -> int | None:
        """How many pictures the scanner's sheet numbers stand for: a jump is a sheet whose picture never came."""
        if not self._sheets or self._order.source == "flatbed":
            return None
        sides = 2 if self._order.source == "feeder-duplex" else 1
        return (self._sheets[-1] - self._sheets[0] + 1) * sides

    def _tell_end(self, session: Session, reason: str) -> None:
        empty = reason == "empty"
        paper = loaded(session) if empty else None
        if paper:
            raise Fault("scanner.jam", "the feeder gave up with paper left")
        # sources read ahead: only a stack taken to its end makes the count comparable
        counter = self._pictures_by_sheets() if empty else None
        proofs: list[tuple[str, int]] = []
        if counter is not None:
            proofs.append(("device_counter", counter))
        if paper == 0:
            proofs.append(("feeder_empty", 1))
        if empty and self._order.source == "feeder-duplex":
            proofs.append(("sides_even", int(self._kept % 2 == 0)))
        told: dict[str, Any] = {"pages": self._kept, "counter": counter, "tray_empty": paper == 0, "proofs": proofs}
        self._last.say("closed", reason=reason, **told)
