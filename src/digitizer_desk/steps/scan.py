# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Paper becomes kept pages: one batch of the scanner, each page safe before it is shown.

Apart from ``pages.py`` (what is done with kept pages) because here a machine is running and may fail at any moment.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    BatchOpened,
    Mode,
    PageProgress,
    PageStarted,
    RawPage,
    ScanJob,
    ScanSettings,
    Source,
)
from digitizer_desk.dossier.model import Channel, Component, Dossier, NoteSide, Officer, Page, ParcelState
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.master import encode_master, from_raw
from digitizer_desk.steps.check import check_kept
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.trace import act
from digitizer_desk.store.pages import NewPage


@dataclass(frozen=True, slots=True)
class PageKept:
    """A page is safe: sealed on disk, its row and journal line committed."""

    page: Page


@dataclass(frozen=True, slots=True)
class PageChecked:
    """The same page with its measures and findings."""

    page: Page


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """How a batch ended: exactly one of ``end`` (no fault) and ``error`` is set. ``kept`` are safe in either case."""

    dossier: Dossier
    kept: tuple[Page, ...]
    end: BatchEnd | None
    error: DeskError | None
    counter: int | None = None
    trusted_end: bool = False


def plan(desk: Desk, dossier: Dossier, component: Component, source: Source | None, max_pages: int | None) -> ScanJob:
    """What the scanner shall do for this component, or why it may not be scanned.

    Raises:
        DeskError: ``dossier.scan_refused`` (R3, R4, R18), ``dossier.is_file`` (a PDF lies there),
            ``dossier.frozen`` (sent already), ``scanner.none``.
    """
    law = desk.law_of(dossier)
    if dossier.channel is Channel.ELECTRONIC:
        raise error("dossier.scan_refused", component=component.title, why="hồ sơ nộp điện tử")
    if not law.may_scan(component):
        raise error("dossier.scan_refused", component=component.title, why=law.form(component.form).reason)
    if component.not_digitised is not None:
        raise error("dossier.scan_refused", component=component.title, why="đã ghi lý do không số hóa")
    if component.file is not None:
        raise error("dossier.is_file", component=component.title)
    if component.parcel is not None and component.parcel.state in (ParcelState.SENDING, ParcelState.ACCEPTED):
        raise error("dossier.frozen", component=component.title)
    if not desk.settings.scanner.id:
        raise error("scanner.none")
    chosen = desk.settings.scanner
    settings = ScanSettings(
        source=source or Source(chosen.source or law.scan.source),
        mode=Mode(law.scan.mode),
        dpi=chosen.dpi or law.scan.dpi,
        sheet_mm=chosen.sheet_mm,
        max_pages=max_pages,
    )
    return ScanJob(chosen.id, settings, paper=component.paper_type, sides=component.declared)


def scan(
    desk: Desk,
    dossier_id: str,
    component_id: str,
    by: Officer,
    report: Callable[[object], None],
    stop: Callable[[], bool],
    *,
    replace: str | None = None,
    source: Source | None = None,
    max_pages: int | None = None,
    note: NoteSide = NoteSide.NONE,
) -> ScanOutcome:
    """Run one batch into a component, or re-scan one page in place (``replace`` = its id).

    ``report`` gets PageStarted, PageProgress, :class:`PageKept` and :class:`PageChecked`. A device fault does not
    raise: it is in the outcome, beside the pages kept before it.

    Raises:
        DeskError: refusals of :func:`plan`, ``store.*`` (the batch is stopped; pages kept before stay), officer.*.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component = dossier.component(component_id)
    job = plan(desk, dossier, component, source, 1 if replace else max_pages)
    subject = f"component:{component_id}"
    desk.cabinet.journal.append("batch_opened", subject, by, source=job.settings.source.value, dpi=job.settings.dpi)
    keeper = _Keeper(desk, dossier, component, by, report, replace, note)
    end: BatchClosed | None = None
    fault: DeskError | None = None
    try:
        with contextlib.closing(desk.scanner.scan(job, stop)) as events:  # type: ignore[type-var]
            for event in events:
                if isinstance(event, BatchOpened):
                    keeper.scanner = event.scanner
                elif isinstance(event, RawPage):
                    keeper.keep(event, job.settings.sheet_mm)
                elif isinstance(event, BatchClosed):
                    end = event
                elif isinstance(event, PageStarted | PageProgress):
                    report(event)
    except DeskError as problem:
        if not problem.code.startswith("scanner."):
            raise
        fault = problem
    desk.cabinet.journal.append(
        "batch_closed",
        subject,
        by,
        reason=fault.code if fault else end.reason.value if end else "",
        pages=len(keeper.kept),
        counter=end.counter if end else None,
        declared=component.declared,
    )
    return ScanOutcome(
        dossier=desk.cabinet.dossiers.load(dossier_id),
        kept=tuple(keeper.kept),
        end=end.reason if end else None,
        error=fault,
        counter=end.counter if end else None,
        trusted_end=bool(end and end.trusted_end),
    )


class _Keeper:
    """Keeps the pages of one batch, one after the other."""

    def __init__(
        self,
        desk: Desk,
        dossier: Dossier,
        component: Component,
        by: Officer,
        report: Callable[[object], None],
        replaces: str | None,
        note: NoteSide,
    ) -> None:
        self._desk = desk
        self._law = desk.law_of(dossier)
        self._component = component
        self._by = by
        self._report = report
        self._replaces = replaces
        self._note = note
        self.scanner = ""
        self.kept: list[Page] = []

    def keep(self, raw: RawPage, sheet_mm: tuple[float, float]) -> None:
        """Make the sealed master of one page, then check it. Only a page that is safe is reported."""
        pixels = from_raw(raw.pixels, raw.width, raw.height, raw.samples)
        jpeg = encode_master(pixels, raw.dpi)
        facts = NewPage(
            width=raw.width,
            height=raw.height,
            dpi=raw.dpi,
            sheet_mm=sheet_of(raw.width, raw.height, raw.dpi, sheet_mm),
            scanned_at=raw.scanned_at,
            scanner=self.scanner,
            note=self._note,
        )
        with act(self._desk, "keep", self._component.id):
            page = self._desk.cabinet.pages.keep(
                self._component.id, jpeg, facts, self._by, replaces=self._replaces if not self.kept else None
            )
        self.kept.append(page)
        self._report(PageKept(page))
        checked = check_kept(self._desk, self._law, page, pixels, bilevel=raw.bilevel)
        self.kept[-1] = checked
        self._report(PageChecked(checked))


def sheet_of(width: int, height: int, dpi: tuple[float, float], asked_mm: tuple[float, float]) -> tuple[float, float]:
    """The paper's size in mm (width, height).

    When the picture has the shape of the sheet that was asked for (within 3 %), the sheet *is* that size whatever
    the driver says of its dpi: this is how a driver that lies is caught (imaging.md, "size, dpi"). Otherwise the
    feeder gave another length, and the device's own dpi is the only ruler there is.
    """
    if abs((height / width) / (asked_mm[1] / asked_mm[0]) - 1) <= 0.03:
        return asked_mm
    return (round(width / dpi[0] * 25.4, 1), round(height / dpi[1] * 25.4, 1))
