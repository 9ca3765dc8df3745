# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The review's acts: each puts a step on its lane and shows what came of it; what came back is told to the clerk.

Apart from the screens (which only show) and from the rooms (which move between places): here keys become steps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.dossier.review import Level, LotPage, ReturnedPage, SignedPage, Verdict
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import decode
from digitizer_desk.lanes import Task
from digitizer_desk.messages import review as said
from digitizer_desk.messages import sentence
from digitizer_desk.steps.review import agreement, judging, lots
from digitizer_desk.steps.review.figures import figures
from digitizer_desk.steps.review.judging import Progress
from digitizer_desk.steps.review.source import OwnCabinet
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.review import outlets
from digitizer_desk.ui.review.monthly import MonthlyWork
from digitizer_desk.ui.review.printing import VerdictSheet, verdict_html
from digitizer_desk.ui.rooms import Rooms
from digitizer_desk.ui.screens.review.judging import Judging
from digitizer_desk.ui.screens.review.overview import DeskState, Overview
from digitizer_desk.ui.screens.review.returned import ReturnedSheet
from digitizer_desk.ui.screens.review.verdict import VerdictDialog
from digitizer_desk.ui.screens.sheets import ReasonSheet
from digitizer_desk.ui.side.room import SideRoom
from digitizer_desk.ui.widgets.frame import Notice

_TITLE = "Duyệt chất lượng"
#: lots shown in the overview
_LOTS = 30


class ReviewWork(QObject):
    """Runs the supervisor's steps of one window.

    Signals:
        changed(): what the frame says may have changed.
    """

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, rooms: Rooms, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._rooms, self._window = desk, bridge, rooms, window
        self._source = OwnCabinet(desk)
        self._returned: tuple[ReturnedPage, ...] = ()
        self._lot = ""
        self._wanted: ReturnedPage | None = None
        self.overview = Overview()
        self.judging = Judging(bridge.run, self._pixels, self._source.facts)
        self.monthly = MonthlyWork(desk, self._run, lambda: self._officer, window)
        self.monthly.told = self._told
        here, anew = Place.REVIEW, {"reload": self.refresh}
        self.rooms = (
            SideRoom("review", self.overview, _TITLE, here, self._enter, acts=anew),
            SideRoom("judging", self.judging, _TITLE, here, self._enter, self._leave_judging, {"print": self._print}),
            SideRoom(
                "monthly",
                self.monthly.screen,
                "Báo cáo tháng",
                here,
                self._enter_monthly,
                acts={"reload": self.monthly.refresh},
            ),
        )
        self.overview.lot_asked.connect(self._open_lot)
        self.overview.open_asked.connect(self._open)
        self.overview.export_asked.connect(self._export)
        self.overview.cause_asked.connect(self._cause)
        self.overview.monthly_asked.connect(lambda: rooms.do("monthly"))
        self.judging.judged.connect(self._judge)
        self.judging.undo_asked.connect(self._take_back)
        self.judging.conclude_asked.connect(self._conclude)
        rooms.moved.connect(self._look_for_returned)
        rooms.work.changed.connect(self._show_wanted)
        rooms.start.returned_asked.connect(self.show_returned)

    def _pixels(self, page: SignedPage) -> NDArray[Any]:
        return decode(self._source.picture(page))

    @property
    def _officer(self) -> Officer:
        officer = self._rooms.work.officer
        assert officer is not None
        return officer

    @property
    def _at_judging(self) -> bool:
        return bool(self._window.screens.currentWidget() is self.judging)  # type: ignore[attr-defined]

    # -- commands -----------------------------------------------------------------------------------------------

    def begin(self, officer: Officer) -> None:
        """Where somebody begins who came to review and not to scan."""
        if Role.SUPERVISOR in officer.roles and Role.CLERK not in officer.roles:
            self.go()

    def go(self) -> None:
        """The overview, read anew."""
        self._rooms.do(self.rooms[0].command)

    def _enter(self, officer: Officer) -> bool:
        if not officer.roles & {Role.SUPERVISOR, Role.CLERK, Role.IT}:
            self._tell(Notice("mind", "Vai trò này không xem phần duyệt chất lượng."))
            return False
        self.refresh()
        return True

    def _enter_monthly(self, _officer: Officer) -> bool:
        self.monthly.refresh()
        return True

    def _leave_judging(self) -> bool:
        """Esc leads back to the overview, or out of a note first."""
        if not self.judging.leave_note():
            self.go()
        return False

    def refresh(self) -> None:
        """Read what is shown of the review anew; what came back everywhere."""
        self._run(self._read_state, self._show_state)
        self._look_for_returned()

    def _show_state(self, state: DeskState) -> None:
        self.overview.show_state(state)
        self.changed.emit()

    def _read_state(self) -> DeskState:
        desk = self._desk
        return DeskState(
            figures=figures(desk),
            days=lots.waiting_days(desk, self._source),
            lots=tuple(judging.progress(desk, lot.id) for lot in desk.cabinet.lots.all(_LOTS)),
            level=lots.level_now(desk, self._source),
        )

    # -- a lot --------------------------------------------------------------------------------------------------

    def _open_lot(self, days: tuple[date, ...]) -> None:
        def make() -> Progress:
            return judging.progress(self._desk, lots.open_lot(self._desk, days, self._officer, self._source).id)

        self._run(make, self._begin)

    def _open(self, lot_id: str) -> None:
        self._run(lambda: judging.progress(self._desk, lot_id), self._go_on)

    def _go_on(self, progress: Progress) -> None:
        if progress.lot.verdict is Verdict.OPEN and Role.SUPERVISOR not in self._officer.roles:
            self._tell(Notice("mind", "Lô đang do người duyệt xem; kết luận sẽ hiện ở đây."))
        elif progress.done:
            self._lot = progress.lot.id
            self._show_verdict(progress)
        else:
            self._begin(progress)

    def _begin(self, progress: Progress) -> None:
        self._lot = progress.lot.id
        self.judging.show_lot(progress, self._desk.sampling().faults)
        self._rooms.visit(self.judging, _TITLE)

    def _judge(self, page: LotPage, fault: str, note: str) -> None:
        lot_id = self._lot

        def step() -> Progress:
            judging.judge(self._desk, lot_id, page, fault, note, self._officer)
            return judging.progress(self._desk, lot_id)

        self._run(step, self.judging.show_progress, failed=self.judging.refused)

    def _take_back(self) -> None:
        lot_id = self._lot

        def step() -> Progress:
            judging.take_back(self._desk, lot_id, self._officer)
            return judging.progress(self._desk, lot_id)

        self._run(step, self.judging.show_progress)

    def _conclude(self) -> None:
        self._run(lambda: judging.progress(self._desk, self._lot), self._show_verdict)

    def _show_verdict(self, progress: Progress) -> None:
        if progress.verdict is Verdict.OPEN:
            return
        self._run(lambda: self._sheet(progress), self._exec_verdict)

    def _sheet(self, progress: Progress) -> VerdictSheet:
        names = {officer.id: officer.name for officer in self._desk.cabinet.officers.all()}
        unit, scheme = self._desk.settings.unit, self._desk.sampling()
        office = f"{unit.name} · quầy {unit.counter}" if unit.name else ""
        return VerdictSheet(progress, scheme, agreement.compare(scheme, progress.blind), names, office)

    def _exec_verdict(self, sheet: VerdictSheet) -> None:
        dialog = VerdictDialog(sheet, self._window)
        dialog.concluded.connect(lambda note: self._give(dialog, note))
        dialog.pdf_asked.connect(lambda: self._save_sheet(dialog.sheet))
        dialog.print_asked.connect(lambda: outlets.print_html(verdict_html(dialog.sheet), dialog))
        self._exec(dialog)
        if dialog.sheet.progress.lot.verdict is not Verdict.OPEN and self._at_judging:
            self.go()

    def _give(self, dialog: VerdictDialog, note: str) -> None:
        def step() -> tuple[VerdictSheet, Level, Level]:
            before = lots.level_now(self._desk, self._source)
            done = judging.conclude(self._desk, self._lot, note, self._officer)
            return self._sheet(done), before, lots.level_now(self._desk, self._source)

        def given(result: tuple[VerdictSheet, Level, Level]) -> None:
            sheet, before, after = result
            dialog.show_sheet(sheet)
            if before is not after:
                self._tell(Notice("mind", said.level_changed(self._source.name, before, after, self._why(after))))

        self._run(step, given)

    def _why(self, level: Level) -> str:
        rule = self._desk.sampling().switching
        if level is Level.TIGHTENED:
            return f"{rule.refused} trong {rule.among} lô gần nhất bị trả"
        if level is Level.WHOLE:
            return f"{rule.refused_tightened} lô bị trả ở mức chặt"
        return f"{rule.accepted_in_a_row} lô liền được nhận"

    def _cause(self) -> None:
        ask = "Ghi nguyên nhân nhiều lô bị trả và việc đã làm. Từ lô sau chỉ xem mẫu, ở mức chặt."
        sheet = ReasonSheet("Đã tìm ra nguyên nhân", ask, (), "Ghi nhận", self._window)
        if self._exec(sheet):
            note = sheet.note.text()
            self._run(lambda: lots.cause_found(self._desk, note, self._officer, self._source), lambda _: self.refresh())

    # -- paper and files ----------------------------------------------------------------------------------------

    def _print(self) -> None:
        """Ctrl+P: the verdict of the lot that is judged."""
        if self._at_judging and self._lot:
            self._run(
                lambda: self._sheet(judging.progress(self._desk, self._lot)),
                lambda sheet: outlets.print_html(verdict_html(sheet), self._window),
            )

    def _save_sheet(self, sheet: VerdictSheet) -> None:
        lot = sheet.progress.lot
        name = f"ket-luan-lo-{lot.number}-{lot.last_day:%Y%m%d}.pdf"
        self._told(outlets.save_pdf(verdict_html(sheet), f"Kết luận lô {lot.number}", name, self._window))

    def _export(self) -> None:
        if self.overview.state is not None:
            self._told(outlets.save_figures(self.overview, self.overview.state.figures, self._window))

    def _told(self, outcome: str | DeskError) -> None:
        if isinstance(outcome, DeskError):
            self._tell(Notice("stop", sentence(outcome)))
        elif outcome:
            self._tell(Notice("ok", f"Đã lưu {outcome}"))

    # -- what came back -----------------------------------------------------------------------------------------

    def _look_for_returned(self) -> None:
        if self._rooms.work.officer is not None:
            self._bridge.run("pool", judging.returned, self._desk, on_done=self._returned_came)

    def _returned_came(self, task: Task[Any]) -> None:
        try:
            found = task.result()
        except DeskError as problem:
            self._tell(Notice("stop", sentence(problem)))
            return
        if found != self._returned:
            self._returned = found
            self._rooms.start.show_returned(said.returned_words(found))
            self.changed.emit()

    def _fault_names(self) -> dict[str, str]:
        try:
            return {fault.id: fault.name.rstrip("…") for fault in self._desk.sampling().faults}
        except DeskError:
            return {}  # the pages are shown all the same; their faults by id

    def notices(self) -> list[Notice]:
        """What the banner says about pages that came back: at the start all of them, on the counter this paper's."""
        if self._rooms.place not in (Place.COUNTER, Place.INSPECTOR) or not self._returned:
            return []
        if self._rooms.at_start:
            return [Notice("stop", said.returned_words(self._returned), "returned")]
        names, part = self._fault_names(), self._rooms.counter.current
        mine = [one for one in self._returned if one.page.component_id == part]
        told = (said.returned_line(one, names.get(one.judgement.fault, one.judgement.fault)) for one in mine)
        return [Notice("stop", f"Người duyệt trả lại: {words}", "returned") for words in told]

    def show_returned(self) -> None:
        """Ctrl+Shift+N: pages that came back; open one, or say why it stays."""

        def show(found: tuple[ReturnedPage, ...]) -> None:
            sheet = ReturnedSheet(found, self._fault_names(), self._window)
            sheet.open_asked.connect(self._open_returned)
            sheet.answered.connect(self._answer)
            self._exec(sheet)

        self._run(lambda: judging.returned(self._desk), show)

    def _open_returned(self, page: ReturnedPage) -> None:
        self._wanted = page
        self._rooms.open(page.page.dossier_id, page.page.component_id)

    def _show_wanted(self) -> None:
        """The dossier has come: the page that came back is the one chosen on the counter."""
        wanted, dossier = self._wanted, self._rooms.work.dossier
        if wanted is None or dossier is None or dossier.id != wanted.page.dossier_id:
            return
        if self._rooms.counter.current == wanted.page.component_id:
            self._wanted = None
            self._rooms.counter.select(wanted.page.page_id)

    def _answer(self, page: ReturnedPage, note: str) -> None:
        def step() -> None:
            judging.leave_as_it_is(self._desk, page, note, self._officer)

        self._run(step, lambda _: self._look_for_returned())

    # -- lanes --------------------------------------------------------------------------------------------------

    def _run(
        self, step: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[], None] | None = None
    ) -> None:
        def came(task: Task[Any]) -> None:
            try:
                value = task.result()
            except DeskError as problem:
                if failed is not None:
                    failed()
                self._tell(Notice("stop", sentence(problem)))
                return
            except Exception as problem:
                self._rooms.work.bug.emit(problem)
                return
            done(value)

        self._bridge.run("keys", step, on_done=came)

    def _tell(self, notice: Notice) -> None:
        self._rooms.work.flashed.emit(notice)

    def _exec(self, sheet: QDialog) -> int:
        try:
            return sheet.exec()
        finally:
            sheet.deleteLater()
