# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The counter's acts: each puts a step on its lane and shows what came of it.

Apart from the screen (which only shows) and the window (which holds the frame): here keys become steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.finding import Finding
from digitizer_desk.dossier.model import Dossier, Field, Officer, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps import check, extract, pages, receive
from digitizer_desk.steps.scan import Order
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.care.data_gaps import DataGaps
from digitizer_desk.ui.care.judging import Judging
from digitizer_desk.ui.care.meter import SizeMeter
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.models.components import next_unfinished
from digitizer_desk.ui.paper_work import PaperWork
from digitizer_desk.ui.screens.counter import Counter
from digitizer_desk.ui.widgets.frame import Notice


class CounterWork(QObject):
    """Runs the steps of one counter.

    Signals:
        changed(): what the frame says may have changed.
        flashed(object): a Notice that passes.
        bug(object): an exception no step should raise.
        rescanned(object, object): old and new page, to be compared.
        saved(): something was kept just now.
        packed(): data were confirmed: a parcel may be due, and need not wait for the next look.
    """

    changed = Signal()
    flashed = Signal(object)
    bug = Signal(object)
    rescanned = Signal(object, object)
    saved = Signal()
    packed = Signal()

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        counter: Counter,
        thumbnail: Callable[[Page, int], NDArray[np.uint8]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.told_elsewhere: list[Callable[[], list[Notice]]] = []  # what other rooms know of this dossier
        self._desk = desk
        self._bridge = bridge
        self._counter = counter
        self.officer: Officer | None = None
        self.dossier: Dossier | None = None
        self.law: Regulation | None = None
        self.paper = PaperWork(desk, bridge, counter, self, thumbnail)
        self.meter = SizeMeter(desk, bridge, counter, self)
        self._gaps = DataGaps(desk, bridge, counter, self)
        self._judging = Judging(desk, bridge, self)
        self._judging.judged.connect(self.changed)
        self._fields: tuple[Field, ...] = ()
        self.changed.connect(lambda: self.meter.follow(counter.component, self.law))
        counter.component_chosen.connect(self.choose)
        counter.form_chosen.connect(self._choose_form)
        counter.sides_declared.connect(self._declare)
        counter.sides_counted.connect(self._count_again)
        counter.fields_edited.connect(self._save_fields)
        counter.accept_asked.connect(self.accept)
        counter.page_chosen.connect(self.changed)

    # -- opening -------------------------------------------------------------------------------------------------

    def open(self, dossier_id: str, component_id: str = "", *, enter_data: bool = False) -> None:
        """Put a dossier on the desk, pages a cut left unmeasured are measured; ``enter_data``: go on with its data."""

        def done(task: Task[Any]) -> None:
            dossier = self.value(task)
            if dossier is not None:
                self._take(dossier)
                self._counter.show_component(component_id or next_unfinished(self._counter.lines, ""))
                self._load_fields(enter=enter_data and self._counter.stage_now() == "extract")
                self.paper.look_up()
                self.changed.emit()

        self._bridge.run("keys", check.check_unmeasured, self._desk, dossier_id, on_done=done)

    def take(self, dossier: Dossier) -> None:
        """A dossier just received."""
        self._take(dossier)
        self._load_fields()
        self.paper.look_up()

    def _take(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.law = self._desk.law_of(dossier)
        procedures = {p.code: p for p in self._desk.book_of(dossier).procedures}
        self._counter.show_dossier(dossier, self.law, procedures.get(dossier.procedure))
        self._counter.open_fields(*advice.data_side(self._counter.stage_now(), self.law))
        self._gaps.follow(dossier, self.law)
        self.changed.emit()

    def reload(self, *, quiet: bool) -> None:
        """F5: the dossier as it is now, without what was said of the machine; answered in words unless ``quiet``."""
        self.paper.device_notice = None
        self.refresh()
        if not quiet:
            self.flashed.emit(Notice("idle", "Đã nạp lại hồ sơ, máy quét và hàng chờ.", answers=True))

    def refresh(self) -> None:
        """Read the dossier again: the outbox may have changed it."""
        if self.dossier is not None and not self.scanning:
            self._bridge.run("keys", self._desk.cabinet.dossiers.load, self.dossier.id, on_done=self._refreshed)

    def _refreshed(self, task: Task[Any]) -> None:
        dossier = self.value(task)
        if (
            dossier is not None
            and self.dossier is not None
            and dossier.id == self.dossier.id
            and dossier != self.dossier
        ):
            self._take(dossier)

    # -- shared ---------------------------------------------------------------------------------------------------

    def value(self, task: Task[Any]) -> Any:
        """A step's value; a failure is shown and None given."""
        try:
            return task.result()
        except DeskError as problem:
            self.flashed.emit(Notice("stop" if problem.code.startswith("store.") else "mind", sentence(problem)))
        except Exception as problem:
            self.bug.emit(problem)
        return None

    def act(self, step: Callable[..., Any], *args: Any, then: Callable[[], None] | None = None, said: str = "") -> None:
        """Run an act on the dossier's pages or facts; its value is the dossier, or the dossier and the name of what was
        done, which is flashed after ``said``."""
        if self.dossier is None:
            return

        def done(task: Task[Any]) -> None:
            value = self.value(task)
            if value is None:
                self.refresh()
                return
            dossier, words = value if isinstance(value, tuple) else (value, "")
            self._take(dossier)
            self.saved.emit()
            if said:
                told = f"{said}: {words}" if words else f"Không còn gì để {said.lower()}."
                self.flashed.emit(Notice("idle", told, answers=True))
            if then is not None:
                then()

        self._bridge.run("keys", step, self._desk, self.dossier.id, *args, on_done=done)

    def findings(self) -> tuple[Finding, ...]:
        """Findings of the chosen component as a whole."""
        component = self._counter.component
        if self.dossier is None or component is None or not component.pages:
            return ()
        size = self.meter.size(component, self.law)
        return self._judging.findings(self.dossier, component, size.sent if size is not None else None)

    def notices(self) -> list[Notice]:
        """What the banner may say now."""
        found: list[Notice] = []
        if self.paper.progress is not None:
            return [self.paper.progress]
        if self.paper.device_notice is not None:
            found.append(self.paper.device_notice)
        component = self._counter.component
        if self.dossier is not None and self.law is not None and component is not None:
            selected = self._counter.selected_id()
            found += [notice for told in self.told_elsewhere for notice in told()]
            found += advice.copies_gone(self.dossier, self._desk.settings.retention.paper_place)
            found += advice.notices(self.dossier, component, self.law, self.findings(), selected)
        return found

    # -- components ----------------------------------------------------------------------------------------------

    def choose(self, component_id: str) -> None:
        """Work on another component."""
        self._counter.show_component(component_id)
        self._load_fields()
        self.paper.look_up()
        self.changed.emit()

    def step(self, by: int) -> None:
        """To the previous or next component; ``by`` 0 goes to the next unfinished one."""
        lines = self._counter.lines
        if not lines:
            return
        if by == 0:
            self.choose(next_unfinished(lines, self._counter.current))
            return
        ids = [item.id for item in lines]
        self.choose(ids[(ids.index(self._counter.current) + by) % len(ids)])

    def jump(self, number: int) -> None:
        lines = self._counter.lines
        if 1 <= number <= len(lines):
            self.choose(lines[number - 1].id)

    def _choose_form(self, form: str) -> None:
        self.act(receive.choose_form, self._counter.current, form, self.officer)

    def _declare(self, sides: int) -> None:
        component = self._counter.component
        if component is not None and component.declared != sides:
            self.act(receive.declare, component.id, sides, self.officer, then=self.go_on)
        else:
            self.go_on()

    def ask_sides(self) -> None:
        """What the clerk counted may not be what there is to keep any more."""
        self._counter.ask_sides()

    def _count_again(self, sides: int) -> None:
        component = self._counter.component
        if component is not None:
            self.act(receive.count_again, component.id, sides, self.officer, then=self.go_on)

    def go_on(self) -> None:
        """When this component is in order, the next unfinished one is chosen by itself."""
        if self._counter.stage_now() == "sign":
            self.choose(next_unfinished(self._counter.lines, self._counter.current, ("scan", "check")))
        self._counter.take_focus()

    def leave_out(self, reason: str, note: str) -> None:
        self.act(receive.leave_out, self._counter.current, reason, note, self.officer)

    def take_back_left_out(self) -> None:
        self.act(receive.take_back_left_out, self._counter.current, self.officer)

    def hand_on(self, note: str) -> None:
        self.act(receive.hand_on, note, self.officer)

    # -- scanning -------------------------------------------------------------------------------------------------

    @property
    def scanning(self) -> bool:
        return self.paper.scanning

    def scan(self, replaces: Page | None = None) -> None:
        """F4, or F6 on a page."""
        order = Order(replace=replaces.id) if replaces is not None else None
        self.paper.scan(order, replaces)

    def stop(self) -> bool:
        """Esc: False when nothing is running."""
        return self.paper.stop()

    def take_pages(self, dossier: Dossier) -> None:
        """What has become of the dossier while paper runs."""
        self._take(dossier)

    # -- pages ----------------------------------------------------------------------------------------------------

    def remove(self, page_id: str) -> None:
        self.act(pages.remove, page_id, self.officer)

    def turn(self, page_id: str) -> None:
        self.act(pages.turn, page_id, 90, self.officer)

    def move(self, page_id: str, by: int) -> None:
        row = self._counter.model.row_of(page_id)
        target = row + by
        if row >= 0 and 0 <= target < len(self._counter.model.pages):
            self.act(pages.move, page_id, target, self.officer)

    def undo(self) -> None:
        self.act(pages.undo, self.officer, said="Hoàn tác", then=self._show_changed())

    def redo(self) -> None:
        self.act(pages.redo, self.officer, said="Làm lại", then=self._show_changed())

    def _show_changed(self) -> Callable[[], None]:
        """To be called afterwards: shows a component whose pages have changed since now; no act is undone unseen."""
        before = {part.id: part.pages for part in self.dossier.components} if self.dossier is not None else {}

        def show() -> None:
            parts = self.dossier.components if self.dossier is not None else ()
            changed = [part.id for part in parts if part.pages != before.get(part.id, part.pages)]
            if changed and self._counter.current not in changed:
                self.choose(changed[0])

        return show

    def keep(self, page_id: str, rule: str, reason: str, note: str) -> None:
        self.act(check.keep_anyway, page_id, rule, reason, self.officer, note)

    def use_version(self, page_id: str, version: int) -> None:
        self.act(pages.use_version, page_id, version, self.officer)

    # -- data -----------------------------------------------------------------------------------------------------

    def _load_fields(self, *, enter: bool = False) -> None:
        component = self._counter.component
        if self.dossier is None or component is None:
            return

        def done(task: Task[Any]) -> None:
            fields = self.value(task)
            if fields is not None and self._counter.current == component.id:
                self._fields = fields
                self._show_fields()
                if enter:
                    self._counter.form.focus_first_open()

        self._bridge.run("keys", extract.guess, self._desk, self.dossier, component, on_done=done)

    def _show_fields(self) -> None:
        if self.dossier is None or self.law is None:
            return
        is_open, why = advice.data_side(self._counter.stage_now(), self.law)
        visible = advice.visible_fields(self.law, self.dossier, self._fields)
        self._counter.show_fields(self._fields, visible, is_open=is_open, why=why)
        if is_open:
            values = {f.name: f.value for f in self._fields}
            given = [p for p in extract.problems(self._desk, self.dossier, values) if values.get(p.name)]
            self._counter.form.show_problems(given)

    def _save_fields(self, fields: tuple[Field, ...]) -> None:
        if self.dossier is None or not self._counter.current:
            return
        self._fields = fields
        component_id = self._counter.current
        self._gaps.typed(self.dossier, component_id, fields)
        self._bridge.run(
            "keys", extract.save_draft, self._desk, component_id, fields, on_done=lambda _task: self.saved.emit()
        )

    def enter_data(self) -> None:
        """F8: into the first box that still wants something, or why there is none."""
        if self.dossier is None or self.law is None:
            return
        is_open, _why = advice.data_side(self._counter.stage_now(), self.law)
        if not is_open:
            told = advice.data_closed(self._counter.stage_now(), self.law)
            self.flashed.emit(Notice("mind", told))
        else:
            problems = extract.problems(self._desk, self.dossier, self._counter.form.values())
            self._counter.form.focus_first_open(problems)

    def accept(self) -> None:
        """Ctrl+Enter: confirm the data, take the code, go to the next unfinished component."""
        if self.dossier is None or self.law is None:
            return
        values = self._counter.form.values()
        problems = extract.problems(self._desk, self.dossier, values)
        self._counter.form.show_problems(problems)
        if any(p.severity.value == "fault" for p in problems) and self._counter.stage_now() == "extract":
            self._counter.form.focus_first_open(problems)

        def then() -> None:
            self.packed.emit()
            self._counter.show_component(next_unfinished(self._counter.lines, self._counter.current))
            self._load_fields(enter=self._counter.stage_now() == "extract")
            self.changed.emit()

        sources = self._counter.form.sources()
        self.act(extract.confirm, self._counter.current, values, self.officer, sources, then=then)
