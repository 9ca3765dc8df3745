# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Paper becomes kept pages: one batch of the scanner, each page safe before it is shown.

Apart from ``pages.py`` (what is done with kept pages) because here a machine is running and may fail at any moment.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    BatchOpened,
    PageProgress,
    PageStarted,
    RawPage,
    ScanJob,
    Source,
)
from digitizer_desk.dossier.batch import FAULT, Batch, Half, StackState, Turned
from digitizer_desk.dossier.model import Channel, Component, Dossier, NoteSide, Officer, Page, ParcelState
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import next_half
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.work_types import Once, WorkType
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.pages import join_backs
from digitizer_desk.steps.parts import counting, work
from digitizer_desk.steps.parts.keeping import Keeping, PageChecked, PageKept

__all__ = ["Order", "PageChecked", "PageKept", "ScanOutcome", "plan", "scan"]


@dataclass(frozen=True, slots=True)
class Order:
    """What the clerk wants of one batch.

    ``replace`` is the page to be scanned again in its place; ``after`` or ``before`` a page beside which what comes is
    put (the end where both are None); ``work_type`` the way of scanning (None = as :func:`parts.work.chosen` says) and
    ``once`` what is changed for this batch alone. ``by_hand``: the scanner sees one side, so where both are wanted the
    stack is turned so.
    """

    replace: str | None = None
    after: str | None = None
    before: str | None = None
    source: Source | None = None
    max_pages: int | None = None
    note: NoteSide = NoteSide.NONE
    work_type: WorkType | None = None
    once: Once = field(default_factory=Once)
    by_hand: Turned | None = None

    @property
    def in_place(self) -> bool:
        """Whether what comes has its place among the pages there are, and is no stack of its own."""
        return any(page is not None for page in (self.replace, self.after, self.before))


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """How a batch ended: exactly one of ``end`` (no fault) and ``error`` is set. ``kept`` are safe in either case.

    ``batch`` has the one named outcome and its evidence; ``open_point`` what is still open about the component's count;
    ``joined`` whether backs were put behind their fronts.
    """

    dossier: Dossier
    kept: tuple[Page, ...]
    end: BatchEnd | None
    error: DeskError | None
    batch: Batch
    open_point: DeskError | None = None
    joined: bool = False


def plan(desk: Desk, dossier: Dossier, component: Component, order: Order) -> tuple[ScanJob, WorkType]:
    """What the scanner shall do for this component, or why it may not be scanned.

    Raises:
        DeskError: ``dossier.scan_refused`` (R3, R4, R18; below the law), ``dossier.is_file`` (a PDF lies there),
            ``dossier.frozen`` (sent already), ``scanner.none``, ``rules.work_type_locked``.
    """
    law = desk.law_of(dossier)
    if component.cancelled is not None:
        raise error("result.cancelled", component=component.title)
    if dossier.channel is Channel.ELECTRONIC and component.kind is PaperKind.COMPONENT:
        raise error("dossier.scan_refused", component=component.title, why="hồ sơ nộp điện tử")
    if not law.may_scan(component):
        raise error("dossier.scan_refused", component=component.title, why=law.form(component.form).reason)
    if component.not_digitised is not None:
        raise error("dossier.scan_refused", component=component.title, why="đã ghi lý do không số hóa")
    if component.is_reused:
        raise error("reuse.stands", component=component.title)
    if component.file is not None:
        raise error("dossier.is_file", component=component.title)
    if component.parcel is not None and component.parcel.state in (ParcelState.SENDING, ParcelState.ACCEPTED):
        raise error("dossier.frozen", component=component.title)
    if not desk.settings.scanner.id:
        raise error("scanner.none")
    work_type = order.work_type or work.chosen(desk, dossier, component)
    work_type = work.changed(desk, law, component, work_type, order.once)
    most = 1 if order.replace else order.max_pages
    settings = work.scan_settings(desk, law, work_type, order.source, most)
    if order.by_hand is not None and settings.source is Source.FEEDER_DUPLEX:
        settings = replace(settings, source=Source.FEEDER)
        work_type = replace(work_type, turned=order.by_hand)
    if order.in_place or settings.source is not Source.FEEDER:
        work_type = replace(work_type, turned=None)
    job = ScanJob(desk.settings.scanner.id, settings, paper=component.paper_type, sides=component.declared)
    return job, work_type


def scan(
    desk: Desk,
    dossier_id: str,
    component_id: str,
    by: Officer,
    report: Callable[[object], None],
    stop: Callable[[], bool],
    order: Order | None = None,
) -> ScanOutcome:
    """Run one batch into a component.

    ``report`` gets PageStarted and PageProgress on this thread, :class:`PageKept` and :class:`PageChecked` on another
    (the next sheet runs while this one is sealed); all have come when this returns. A device fault does not
    raise: it is in the outcome, beside the pages kept before it.

    Raises:
        DeskError: refusals of :func:`plan`, ``store.*`` (the batch is stopped; pages kept before stay), officer.*.
    """
    clerk_only(by)
    order = order or Order()
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component = dossier.component(component_id)
    job, work_type = plan(desk, dossier, component, order)
    batch = _open(desk, component, job, work_type, order, by)
    keeping = Keeping(
        desk,
        dossier,
        component,
        by,
        report,
        batch=batch.id,
        replaces=order.replace,
        after=order.after,
        before=order.before,
        note=order.note,
    )
    try:
        end, fault = _run(desk, job, keeping, report, stop)
    except Exception as problem:
        code = problem.code if isinstance(problem, DeskError) else "program.bug"
        with contextlib.suppress(DeskError):  # a full disk takes no row either: the next opening names the outcome
            desk.cabinet.batches.close(batch.id, FAULT + code, len(keeping.kept), (), by)
        raise
    kept = len(keeping.kept)
    outcome, evidence = counting.ended(end, fault, batch, component, job, kept, replaces=order.replace is not None)
    batch = desk.cabinet.batches.close(batch.id, outcome, kept, evidence, by)
    joined = batch.half is Half.BACKS and fault is None and _join(desk, dossier_id, component_id, by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    return ScanOutcome(
        dossier=dossier,
        kept=tuple(keeping.kept),
        end=end.reason if end and fault is None else None,
        error=fault,
        batch=batch,
        open_point=counting.open_point(dossier.component(component_id)),
        joined=joined,
    )


def _open(desk: Desk, component: Component, job: ScanJob, work_type: WorkType, order: Order, by: Officer) -> Batch:
    """Note the batch before a sheet moves; the half of a stack turned by hand goes on, or begins."""
    half, stack_id = Half.NONE, ""
    if work_type.turned is not None:
        half, stack = next_half(component), component.stack
        if stack is None or stack.state is not StackState.OPEN:
            stack = desk.cabinet.batches.open_stack(component.id, work_type.turned, by)
        stack_id = stack.id
    return desk.cabinet.batches.open(
        component.id,
        by,
        work_type=work_type.id,
        once=order.once.changes,
        source=job.settings.source.value,
        dpi=job.settings.dpi,
        half=half,
        stack=stack_id,
    )


def _run(
    desk: Desk, job: ScanJob, keeping: Keeping, report: Callable[[object], None], stop: Callable[[], bool]
) -> tuple[BatchClosed | None, DeskError | None]:
    """Take what the scanner gives until it ends, by itself or by a fault."""
    end: BatchClosed | None = None
    fault: DeskError | None = None
    with keeping:
        try:
            with contextlib.closing(desk.scanner.scan(job, stop)) as events:
                for event in events:
                    if isinstance(event, BatchOpened):
                        keeping.scanner = event.scanner
                    elif isinstance(event, RawPage):
                        keeping.add(event, job.settings.sheet_mm)
                    elif isinstance(event, BatchClosed):
                        end = event
                    elif isinstance(event, PageStarted | PageProgress):
                        report(event)
                    del event  # a page is 26 MB, and the next event may be a minute away
        except DeskError as problem:
            if not problem.code.startswith("scanner."):
                raise
            fault = problem
    if end is None and fault is None:
        fault = error("scanner.unknown", "the batch ended without a word", kept=len(keeping.kept))
    return end, fault


def _join(desk: Desk, dossier_id: str, component_id: str, by: Officer) -> bool:
    """Put the backs behind their fronts when there are as many; else nothing is moved and the outcome tells."""
    try:
        join_backs(desk, dossier_id, component_id, by)
    except DeskError as problem:
        if problem.code != "dossier.halves_differ":
            raise
        return False
    return True
