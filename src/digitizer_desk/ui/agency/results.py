# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Results at the counter joined to the steps: added, told from what is none, granted, cancelled, picked from the list.

Apart from ``counter_work.py`` because results come after the counter's own work, and Văn thư does part of this too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component, Dossier, Officer
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.steps.results import listed, papers
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.rooms import Rooms
from digitizer_desk.ui.screens.agency.older import OlderResults
from digitizer_desk.ui.screens.agency.results import ResultSheet, WordsSheet
from digitizer_desk.ui.widgets.frame import Notice


class ResultsWork(QObject):
    """Runs the steps about results for one window. Who may do what is asked by the steps themselves.

    Signals:
        flashed(object): a notice to be shown once.
    """

    flashed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, rooms: Rooms, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._rooms, self._window = desk, bridge, rooms, window
        self.officer: Officer | None = None
        self._acts: dict[str, Callable[[], None]] = {
            "result": self._add,
            "no_result": self._mark,
            "granted": self._grant,
            "cancel_result": self._cancel,
            "older": self._older,
        }

    def takes(self, command_id: str) -> bool:
        """Whether this command is done here."""
        return command_id in self._acts

    def do(self, command_id: str) -> None:
        """Do it; on the empty counter only the list of older results means anything."""
        if self._rooms.work.scanning or self.officer is None:
            return
        if command_id == "older" or (not self._rooms.at_start and self._rooms.work.dossier is not None):
            self._acts[command_id]()

    # -- results of the dossier that lies open -----------------------------------------------------------------------

    def _result(self) -> Component | None:
        """The result under the cursor; else it is said that there is none."""
        component = self._rooms.counter.component
        if component is not None and component.kind is not PaperKind.COMPONENT:
            return component
        self.flashed.emit(Notice("mind", "Chọn tài liệu kết quả trước (PgDn), hoặc thêm bằng Ctrl+Shift+R."))
        return None

    def _add(self) -> None:
        dossier, by = self._rooms.work.dossier, self.officer
        assert dossier is not None
        assert by is not None
        sheet = ResultSheet(f"Kết quả: {dossier.procedure_title}", self._window)
        if not self._exec(sheet):
            return
        name, kind = sheet.name.text(), sheet.kind.text()
        self._bridge.run("pool", papers.add, self._desk, dossier.id, name, kind, by, on_done=self._opened)

    def _opened(self, task: Task[Any]) -> None:
        """A paper was added: it lies under the cursor, next to be scanned."""
        try:
            dossier, paper = task.result()
        except DeskError as problem:
            self.flashed.emit(Notice("mind", sentence(problem)))
            return
        self._rooms.open(dossier.id, paper)

    def _mark(self) -> None:
        component, by = self._result(), self.officer
        if component is None or by is None:
            return
        is_result = component.kind is not PaperKind.RESULT

        def step(desk: Desk, dossier_id: str) -> Dossier:
            return papers.mark(desk, dossier_id, component.id, is_result=is_result, by=by)

        said = "là kết quả giải quyết" if is_result else "không phải là kết quả giải quyết"
        told = Notice("ok", f"Đã ghi: «{component.title}» {said}.")
        self._rooms.work.act(step, then=lambda: self.flashed.emit(told))

    def _grant(self) -> None:
        dossier = self._rooms.work.dossier
        if dossier is not None and dossier.granted is not None:
            self.flashed.emit(Notice("ok", "Hồ sơ này đã được ghi là đã có kết quả.", answers=True))
            return
        ask = "Hồ sơ đã có kết quả nhưng không số hóa tại bàn này. Kết quả ở đâu?"
        sheet = WordsSheet("Đã có kết quả", ask, "&Nơi có kết quả", "Ghi đã có kết quả", self._window)
        if self._exec(sheet):
            self._rooms.work.act(papers.grant, sheet.said.text(), self.officer)

    def _cancel(self) -> None:
        component = self._result()
        if component is None:
            return
        ask = f"Hủy hiệu lực «{component.title}»? Tệp vẫn được giữ để tra cứu; tỉnh được báo ở lần gửi tới."
        sheet = WordsSheet("Hủy hiệu lực kết quả", ask, "&Lý do, số văn bản hủy", "Hủy hiệu lực", self._window)
        if self._exec(sheet):
            self._rooms.work.act(papers.cancel, component.id, sheet.said.text(), self.officer)

    # -- the list of older results ------------------------------------------------------------------------------------

    def _older(self) -> None:
        desk, by = self._desk, self.officer
        assert by is not None
        sheet = OlderResults(
            desk.cabinet.listed.find,
            lambda file: listed.bring(desk, file, by),
            lambda file: listed.read(desk, file),
            self._bridge.run,
            self._window,
        )
        sheet.picked.connect(self._pick)
        self._exec(sheet)

    def _pick(self, line_id: str) -> None:
        self._bridge.run("pool", listed.pick, self._desk, line_id, self.officer, on_done=self._opened)

    def _exec(self, sheet: QDialog) -> int:
        try:
            return sheet.exec()
        finally:
            sheet.deleteLater()
