# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The counter's acts in which paper moves: scan, scan beside a page, wait for paper, turn a stack over, choose how.

Apart from ``counter_work.py`` because here a machine runs beside the window; that file holds what needs none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import BatchEnd, PageProgress, PageStarted
from digitizer_desk.dossier.batch import Turned
from digitizer_desk.dossier.model import Component, Dossier, Officer, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.rules.work_types import Once, WorkType
from digitizer_desk.steps import pages, scan
from digitizer_desk.steps.parts import waiting, work
from digitizer_desk.steps.scan import Order, ScanOutcome
from digitizer_desk.ui.models.counting import must_count_again, work_words
from digitizer_desk.ui.screens.paper.taken_out import TakenOut
from digitizer_desk.ui.screens.paper.work_types import WorkTypeSheet
from digitizer_desk.ui.widgets.frame import Notice

if TYPE_CHECKING:
    from digitizer_desk.ui.bridge import Bridge
    from digitizer_desk.ui.counter_work import CounterWork
    from digitizer_desk.ui.screens.counter import Counter

#: resolutions offered for one batch, in dpi; those below the law are left out
_RESOLUTIONS = (200, 300, 400, 600)
_MILD = ("scanner.empty", "scanner.busy", "scanner.warming_up", "scanner.no_sensor")


class PaperWork(QObject):
    """Runs batches for one counter. Everything it finds out is told through its ``CounterWork``."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        counter: Counter,
        counter_work: CounterWork,
        thumbnail: Callable[[Page, int], NDArray[np.uint8]],
    ) -> None:
        super().__init__(counter_work)
        self._desk, self._bridge, self._counter, self._work = desk, bridge, counter, counter_work
        self._thumbnail = thumbnail
        self._batch: Task[Any] | None = None
        self._wait: Task[Any] | None = None
        self._after_batch = False
        self._one_sided: bool | None = None
        self._once = Once()
        self._chosen: WorkType | None = None
        self._started, self._came = 0.0, 0
        self.progress: Notice | None = None
        self.device_notice: Notice | None = None

    # -- how ------------------------------------------------------------------------------------------------------

    def look_up(self) -> None:
        """Find out how the component on the counter is scanned."""
        dossier, component = self._work.dossier, self._counter.component
        if dossier is not None and component is not None:
            self._bridge.run(
                "keys",
                work.chosen,
                self._desk,
                dossier,
                component,
                on_done=lambda task: self._looked_up(component.id, task),
            )

    def _looked_up(self, component_id: str, task: Task[Any]) -> None:
        found = self._work.value(task)
        if found is not None and component_id == self._counter.current:
            self._chosen = found
            self._show_work()

    def _show_work(self) -> None:
        if self._chosen is not None:
            self._counter.work_line.show_work(work_words(self._chosen, self._once), once=self._once.changes)

    def ask_work_type(self, window: QWidget) -> None:
        """Ctrl+T: another way of scanning for this kind of paper, or changes for the next batch."""
        component, law = self._counter.component, self._work.law
        if component is None or law is None:
            return
        types = self._desk.work_types
        sheet = WorkTypeSheet(
            types.all or (types.first,),
            self._chosen or types.first,
            self._once,
            [dpi for dpi in _RESOLUTIONS if dpi >= law.scan.least_dpi],
            lambda work_type: work.is_locked(self._desk, work_type),
            types.refused,
            window,
        )
        try:
            if sheet.exec():
                self._choose(component, sheet.chosen, sheet.once)
        finally:
            sheet.deleteLater()

    def _choose(self, component: Component, chosen: WorkType, once: Once) -> None:
        self._chosen, self._once = chosen, once
        self._show_work()
        if chosen.id:

            def kept(task: Task[Any]) -> None:
                self._work.value(task)

            self._bridge.run("keys", work.choose, self._desk, component, chosen.id, self._work.officer, on_done=kept)

    # -- batches --------------------------------------------------------------------------------------------------

    @property
    def scanning(self) -> bool:
        return self._batch is not None

    @property
    def waiting(self) -> bool:
        return self._wait is not None

    def scan(self, order: Order | None = None, replaced: Page | None = None) -> None:
        """F4, F6 on a page, or beside a page: pages come in one by one and are shown when they are safe."""
        if self._work.dossier is None or self._batch is not None or not self._counter.current:
            return
        if self._wait is not None:
            self._wait.stop()  # the batch comes behind it on the same lane
        wanted = replace(order or Order(), work_type=self._chosen, once=self._once)
        component_id = self._counter.current
        self.device_notice = None
        self._started, self._came = monotonic(), 0
        self.progress = Notice("work", "Đang mở máy quét…")
        self._counter.show_scanning(component_id)
        self._batch = self._bridge.run(
            "scanner",
            self._run,
            self._work.dossier.id,
            component_id,
            self._work.officer,
            wanted,
            on_event=lambda event: self._came_in(component_id, event),
            on_done=lambda task: self._ended(task, component_id, replaced),
        )
        self._work.changed.emit()

    def _run(
        self,
        dossier_id: str,
        component_id: str,
        officer: Officer,
        order: Order,
        report: Callable[[object], None],
        stop: Callable[[], bool],
    ) -> ScanOutcome:
        """On the scanner lane: one batch. Before the first, the scanner is asked once whether it sees both sides."""
        if self._one_sided is None:
            try:
                self._one_sided = work.one_sided(self._desk)
            except DeskError:
                self._one_sided = False  # what is wrong with it the batch will say
        by_hand = Turned.REVERSED if self._one_sided else None
        wanted = replace(order, by_hand=by_hand)
        return scan.scan(self._desk, dossier_id, component_id, officer, report, stop, wanted)

    def stop(self) -> bool:
        """Esc: stop feeding, keep finished pages; or wait no longer. False when nothing is running."""
        if self._batch is not None:
            self._batch.stop()
            self.progress = Notice("work", "Đang dừng, các trang đã quét được giữ")
        elif self._wait is not None:
            self._wait.stop()
            self.progress = None
        else:
            return False
        self._after_batch = False
        self._work.changed.emit()
        return True

    def _came_in(self, component_id: str, event: object) -> None:
        dossier = self._work.dossier
        if dossier is None:
            return
        if isinstance(event, scan.PageKept):
            self._came += 1
            self._work.saved.emit()
            self._work.take_pages(with_page(dossier, component_id, event.page, event.after, event.before))
        elif isinstance(event, scan.PageChecked):
            self._work.take_pages(with_page(dossier, component_id, event.page))
        elif isinstance(event, PageStarted | PageProgress) and self._batch is not None and not self._batch.stopping:
            rate = self._came / max(1.0, monotonic() - self._started) * 60
            pace = f" · {rate:.0f} trang/phút" if self._came > 1 else ""
            now = Notice("work", f"Đang quét trang {event.number}{pace}")
            if now != self.progress:
                self.progress = now
                self._work.changed.emit()
            return
        if isinstance(event, scan.PageKept | scan.PageChecked) and self._counter.current == component_id:
            self._counter.select(event.page.id)

    def _ended(self, task: Task[Any], component_id: str, replaced: Page | None) -> None:
        self._batch, self.progress = None, None
        self._counter.show_scanning("")
        outcome: ScanOutcome | None = self._work.value(task)
        if outcome is None:
            self._after_batch = False
            self._work.refresh()
            self._work.changed.emit()
            return
        self._once = Once()  # it was for this batch
        self._show_work()
        self._work.take_pages(outcome.dossier)
        if outcome.error is not None:
            self._after_batch = False
            mild = outcome.error.code in _MILD
            self.device_notice = Notice("mind" if mild else "stop", sentence(outcome.error), "scan")
        elif outcome.kept:
            self._work.flashed.emit(Notice("ok", _ended_words(outcome)))
        if replaced is not None and outcome.kept:
            self._work.rescanned.emit(replaced, outcome.kept[-1])
        if self._counter.current == component_id:
            self._next(outcome, replaced)
        self._work.changed.emit()
        if self._after_batch:
            self.wait()

    def _next(self, outcome: ScanOutcome, replaced: Page | None) -> None:
        """The clerk still looks at what was scanned: on to what this component wants next."""
        self._counter.select_worst()
        component = self._counter.component
        if component is None:
            return
        if must_count_again(component) or (outcome.error is None and component.declared is None):
            self._counter.ask_sides()
        elif outcome.error is None and replaced is None:
            self._work.go_on()

    # -- waiting --------------------------------------------------------------------------------------------------

    def wait(self) -> None:
        """Shift+F4: batches begin by themselves when paper lies in the feeder, until Esc, the time set, or a fault."""
        if self._work.dossier is None or self._batch is not None or self._wait is not None:
            return
        self.device_notice = None
        self._tell_waiting(cover_open=False)
        self._wait = self._bridge.run(
            "scanner",
            waiting.wait_for_paper,
            self._desk,
            after_batch=self._after_batch,
            on_event=self._still_waiting,
            on_done=self._waited,
        )
        self._work.changed.emit()

    def _tell_waiting(self, *, cover_open: bool) -> None:
        component = self._counter.component
        where = f" cho «{component.title}»" if component is not None else ""
        words = "Nắp máy quét đang mở: đóng nắp." if cover_open else f"Chờ giấy{where}: đặt giấy vào khay."
        self.progress = Notice("work", f"{words} Esc thôi chờ.")

    def _still_waiting(self, event: object) -> None:
        if isinstance(event, waiting.StillWaiting) and self._wait is not None and not self._wait.stopping:
            before = self.progress
            self._tell_waiting(cover_open=event.cover_open)
            if self.progress != before:
                self._work.changed.emit()

    def _waited(self, task: Task[Any]) -> None:
        self._wait = None
        if self._batch is None:
            self.progress = None
        try:
            why = task.result()
        except DeskError as problem:
            self._after_batch = False
            self.device_notice = Notice("mind" if problem.code in _MILD else "stop", sentence(problem), "scan")
            self._work.changed.emit()
            return
        if self._batch is None and why in (waiting.Waited.PAPER, waiting.Waited.BUTTON):
            self._after_batch = True
            self.scan()
            return
        self._after_batch = False
        if why is waiting.Waited.TIMED_OUT:
            self._work.flashed.emit(
                Notice("idle", "Đã thôi chờ giấy. Nhấn F4 để quét, Shift+F4 để chờ tiếp.", answers=True)
            )
        self._work.changed.emit()

    # -- commands -------------------------------------------------------------------------------------------------

    def commands(self, page: Page | None, window: QWidget) -> dict[str, Callable[[], None]]:
        """What the keys of this room do just now; ``page`` is the one that is selected."""
        return {
            "scan": self.scan,
            "wait": self.wait,
            "work_type": lambda: self.ask_work_type(window),
            "insert_after": lambda: self.scan(Order(after=page.id if page is not None else None)),
            "insert_before": lambda: self.scan(Order(before=page.id if page is not None else None)),
            "join": self.join,
            "taken_out": lambda: self.show_taken_out(window),
        }

    def join(self) -> None:
        """Ctrl+J: put the backs behind their fronts, or leave a stack without backs one-sided."""
        component = self._counter.component
        if component is not None and component.stack is not None and self._batch is None:
            self._work.act(pages.join_backs, component.id, self._work.officer)

    def show_taken_out(self, window: QWidget) -> None:
        """Ctrl+Del: every page that was taken out of this dossier."""
        dossier = self._work.dossier
        if dossier is None:
            return

        def came(task: Task[Any]) -> None:
            found = self._work.value(task)
            if found is None:
                return
            titles = {component.id: component.title for component in dossier.components}
            listed = [(titles[gone.component_id], gone.page) for gone in found]
            sheet = TakenOut(listed, self._bridge.run, self._thumbnail, window)
            sheet.wanted.connect(lambda page_id: self._work.act(pages.put_back, page_id, self._work.officer))
            sheet.exec()
            sheet.deleteLater()

        self._bridge.run("keys", pages.removed, self._desk, dossier.id, on_done=came)


def _ended_words(outcome: ScanOutcome) -> str:
    if outcome.joined:
        return f"Đã ghép {len(outcome.dossier.component(outcome_part(outcome)).pages)} trang, mặt sau theo mặt trước"
    told = "Đã dừng: giữ" if outcome.end is BatchEnd.STOPPED else "Đã quét"
    return f"{told} {len(outcome.kept)} trang"


def outcome_part(outcome: ScanOutcome) -> str:
    """The component a batch went into."""
    batch = outcome.batch.id
    return next(c.id for c in outcome.dossier.components if any(b.id == batch for b in c.batches))


def with_page(
    dossier: Dossier, component_id: str, page: Page, after: str | None = None, before: str | None = None
) -> Dossier:
    """The dossier with a page that came in, or came in again, shown at once without reading the cabinet."""

    def placed(kept: tuple[Page, ...]) -> tuple[Page, ...]:
        if any(p.id == page.id for p in kept):
            return tuple(page if p.id == page.id else p for p in kept)
        ids = [p.id for p in kept]
        index = ids.index(after) + 1 if after in ids else ids.index(before) if before in ids else len(ids)
        return (*kept[:index], page, *kept[index:])

    components = tuple(replace(c, pages=placed(c.pages)) if c.id == component_id else c for c in dossier.components)
    return replace(dossier, components=components)
