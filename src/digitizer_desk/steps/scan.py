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
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.parts.keeping import Keeping, PageChecked, PageKept

__all__ = ["PageChecked", "PageKept", "ScanOutcome", "plan", "scan"]


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

    ``report`` gets PageStarted and PageProgress on this thread, :class:`PageKept` and :class:`PageChecked` on another
    (the next sheet runs while this one is sealed); all have come when this returns. A device fault does not
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
    end: BatchClosed | None = None
    fault: DeskError | None = None
    with Keeping(desk, dossier, component, by, report, replaces=replace, note=note) as keeping:
        try:
            with contextlib.closing(desk.scanner.scan(job, stop)) as events:  # type: ignore[type-var]
                for event in events:
                    if isinstance(event, BatchOpened):
                        keeping.scanner = event.scanner
                    elif isinstance(event, RawPage):
                        keeping.add(event, job.settings.sheet_mm)
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
        pages=len(keeping.kept),
        counter=end.counter if end else None,
        declared=component.declared,
    )
    return ScanOutcome(
        dossier=desk.cabinet.dossiers.load(dossier_id),
        kept=tuple(keeping.kept),
        end=end.reason if end else None,
        error=fault,
        counter=end.counter if end else None,
        trusted_end=bool(end and end.trusted_end),
    )
