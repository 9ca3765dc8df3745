# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of one batch on their way into the cabinet: encoded and measured on all cores, kept in the order they came.

Apart from ``steps.scan`` (what a batch is and how it ends) because only here do pages overlap: while one is sealed and
synced, the next ones are already pictures and numbers, and the feeder is held back when they pile up.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from digitizer_desk import memory
from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import RawPage
from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.dossier.model import Component, Dossier, NoteSide, Officer, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import encode_master, from_raw
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.steps.check import judge_kept
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.store.pages import NewPage


@dataclass(frozen=True, slots=True)
class PageKept:
    """A page is safe: sealed on disk, its row and journal line committed. It stands behind ``after``, in front of
    ``before``, or where both are None at the end, unless it is a new version of a page that has its place."""

    page: Page
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class PageChecked:
    """The same page with its measures and findings."""

    page: Page


class Keeping:
    """Takes the pages of one batch. Leaving the ``with`` block waits until every page that was given is safe.

    At most one page more than there are cores is on its way (26 MB each for A4 at 300 dpi): memory stays flat however
    fast the feeder is. ``report`` is called on a thread of this object's own, in the order of the pages.
    """

    def __init__(
        self,
        desk: Desk,
        dossier: Dossier,
        component: Component,
        by: Officer,
        report: Callable[[object], None],
        *,
        batch: str = "",
        replaces: str | None = None,
        after: str | None = None,
        before: str | None = None,
        note: NoteSide = NoteSide.NONE,
    ) -> None:
        self._desk = desk
        self._law = desk.law_of(dossier)
        self._component = component
        self._by = by
        self._report = report
        self._batch = batch
        self._replaces = replaces
        self._after, self._before = after, before
        self._note = note
        cores = os.cpu_count() or 2
        self._cores = ThreadPoolExecutor(cores, "page")
        self._in_order = ThreadPoolExecutor(1, "keep")
        self._room = threading.Semaphore(cores + 1)
        self._failure: BaseException | None = None
        self.scanner = ""
        self.kept: list[Page] = []

    def __enter__(self) -> Keeping:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the pages on their way. A page that could not be kept is told, unless something worse is told."""
        self._in_order.shutdown(wait=True)
        self._cores.shutdown(wait=True)
        memory.give_back()
        if self._failure is not None and problem is None:
            raise self._failure

    def add(self, raw: RawPage, sheet_mm: tuple[float, float]) -> None:
        """Take one page. Waits while too many are on their way.

        Raises:
            DeskError: ``store.*`` when a page before could not be kept; this one and all after it are not kept either,
                so that the pages in the cabinet are always the first of the stack.
        """
        self._room.acquire()
        if self._failure is not None:
            self._room.release()
            raise self._failure
        pixels = from_raw(raw.pixels, raw.width, raw.height, raw.samples)
        sheet = sheet_of(raw.width, raw.height, raw.dpi, sheet_mm)
        jpeg = self._cores.submit(encode_master, pixels, raw.dpi)
        measures = self._cores.submit(measure_page, pixels, dpi=raw.dpi, sheet_mm=sheet, bilevel=raw.bilevel)
        facts = NewPage(
            width=raw.width,
            height=raw.height,
            dpi=raw.dpi,
            sheet_mm=sheet,
            scanned_at=raw.scanned_at,
            scanner=self.scanner,
            batch=self._batch,
            note=self._note,
        )
        self._in_order.submit(self._keep, facts, jpeg, measures)

    def _keep(self, facts: NewPage, jpeg: Future[bytes], measures: Future[PageMeasures]) -> None:
        try:
            if self._failure is None:
                self._keep_now(facts, jpeg, measures)
        except BaseException as problem:
            self._failure = problem
        finally:
            self._room.release()

    def _keep_now(self, facts: NewPage, jpeg: Future[bytes], measures: Future[PageMeasures]) -> None:
        """Make one page safe, tell it, then judge it. Only a page that is safe is told."""
        picture = jpeg.result()
        with act(self._desk, "keep", self._component.id):
            try:
                page = self._put(picture, facts)
            except DeskError as problem:
                if problem.code != "dossier.unknown" or self._at_end:
                    raise
                # the page it was to stand beside was taken out meanwhile: what was scanned is kept all the same
                self._after = self._before = self._replaces = None
                page = self._put(picture, facts)
        self.kept.append(page)
        self._report(PageKept(page, self._after, self._before))
        self._replaces = None
        if self._after is not None or self._before is not None:
            self._after, self._before = page.id, None  # the next one stands behind this one
        checked = judge_kept(self._desk, self._law, page, measures.result())
        self.kept[-1] = checked
        self._report(PageChecked(checked))

    @property
    def _at_end(self) -> bool:
        return (self._after, self._before, self._replaces) == (None, None, None)

    def _put(self, picture: bytes, facts: NewPage) -> Page:
        return self._desk.cabinet.pages.keep(
            self._component.id,
            picture,
            facts,
            self._by,
            after=self._after,
            before=self._before,
            replaces=self._replaces,
        )


def sheet_of(width: int, height: int, dpi: tuple[float, float], asked_mm: tuple[float, float]) -> tuple[float, float]:
    """The paper's size in mm (width, height).

    When the picture has the shape of the sheet that was asked for (within 3 %), the sheet *is* that size whatever
    the driver says of its dpi: this is how a driver that lies is caught. Otherwise the
    feeder gave another length, and the device's own dpi is the only ruler there is.
    """
    if abs((height / width) / (asked_mm[1] / asked_mm[0]) - 1) <= 0.03:
        return asked_mm
    return (round(width / dpi[0] * 25.4, 1), round(height / dpi[1] * 25.4, 1))
