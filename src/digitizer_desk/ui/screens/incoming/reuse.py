# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Ctrl+Shift+U: the applicant's papers in the province's store; Enter uses one in place of a scan.

Apart from the counter because it asks the province, and only while somebody looks: what it found is kept nowhere.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout

from digitizer_desk.dossier.incoming.reuse import PaperState, Reusable, ReuseState
from digitizer_desk.dossier.model import Component, Dossier
from digitizer_desk.dossier.text import format_date
from digitizer_desk.errors import DeskError
from digitizer_desk.messages.incoming import paper_state, source_words
from digitizer_desk.steps.incoming.reuse import Found
from digitizer_desk.ui import theme
from digitizer_desk.ui.screens.incoming.rows import fill, state_table
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote
from digitizer_desk.ui.widgets.panels.landing import Landing
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.status_line import StatusLine

_COLUMNS = (
    ("Tên giấy tờ", 270),
    ("Số, ký hiệu", 120),
    ("Ngày cấp", 115),
    ("Cơ quan cấp", 205),
    ("Mã", 245),
    ("Nguồn", 150),
    ("Hiệu lực", 150),
)
_ASKING = ("Đang tra kho dữ liệu của tỉnh…", "", "clock")
_NONE = ("Kho dữ liệu của tỉnh không có giấy tờ nào của người này.", "Nhấn Esc rồi quét từ giấy (F4).", "box")
_NOT_ASKED = ("Chưa tra kho dữ liệu của tỉnh.", "Nhấn F5 để tra.", "search")


class ReuseScreen(Landing):
    """Signals:
    look_asked(): the store should be asked.
    chosen(str): reference of the paper to be used.
    undo_asked(): the component is to be scanned after all.
    """

    look_asked = Signal()
    chosen = Signal(str)
    undo_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._found: Found | None = None
        self._component: Component | None = None
        self.heading = QLabel()
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        self.heading.setFont(theme.bold(self.font(), 1.15))
        self.now = StatusLine()
        self.table = state_table(_COLUMNS, "Giấy tờ trong kho dữ liệu của tỉnh")
        self.table.installEventFilter(self)
        self.empty = Nothing(*_NOT_ASKED)
        self.note = FaultNote()
        self.look = ActButton("F5  &Tra lại")
        self.undo = ActButton("Del  &Bỏ chọn, sẽ quét")
        self.go = ActButton("Enter  &Dùng lại giấy này", next_act=True)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.table)
        self._middle.addWidget(self.empty)
        self.look.clicked.connect(self.look_asked)
        self.undo.clicked.connect(self.take_back)
        self.go.clicked.connect(self.use)
        self.table.activated.connect(lambda _index: self.use())
        self.table.currentCellChanged.connect(lambda *_: self._wake())
        self.land_on((self.table, self.look))
        self._arrange()
        self._wake()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.undo, self.look, self.go):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self.now)
        column.addWidget(self._middle, 1)
        column.addWidget(self.note)
        column.addLayout(buttons)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_component(self, dossier: Dossier, component: Component) -> None:
        """For which component a paper is looked for, and what was chosen for it."""
        self._component = component
        self.heading.setText(f"{component.number}. {component.title} — {dossier.applicant.name}")
        self.now.show_state(*_standing(component))
        self._wake()

    def show_asking(self) -> None:
        """The store is being asked; what was found for another is gone."""
        self._found = None
        fill(self.table, [])
        self.note.clear()
        self._middle.setCurrentWidget(self.empty)
        self.empty.say(*_ASKING)
        self._wake()

    def show_found(self, found: Found) -> None:
        """What the store has: what is good today before what is not, the kind that is wanted before others."""
        papers = sorted(found.papers, key=lambda one: self._rank(one, found))
        self._found = found = replace(found, papers=tuple(papers))
        fill(self.table, [((*_texts(paper),), paper_state(paper, found.day)) for paper in papers])
        self.table.selectRow(0)
        self.empty.say(*_NONE)
        self._middle.setCurrentWidget(self.table if found.papers else self.empty)
        self._wake()
        self.table.setFocus()

    def show_problem(self, problem: DeskError) -> None:
        """Why nothing could be looked up, chosen or taken back."""
        self.empty.say(*_NOT_ASKED)
        self.note.show_fault(problem)
        self._wake()

    def _rank(self, paper: Reusable, found: Found) -> tuple[bool, bool]:
        wanted = self._component.paper_type if self._component is not None else ""
        return paper.state_on(found.day) is not PaperState.VALID, not wanted or paper.kind != wanted

    @property
    def found(self) -> Found | None:
        return self._found

    @property
    def selected(self) -> Reusable | None:
        row = self.table.currentRow()
        papers = self._found.papers if self._found is not None else ()
        return papers[row] if 0 <= row < len(papers) else None

    def _wake(self) -> None:
        paper, found, part = self.selected, self._found, self._component
        usable = paper is not None and found is not None and paper.state_on(found.day) is PaperState.VALID
        taken = part is not None and part.is_reused
        self.go.allow(usable and part is not None and not taken and not part.pages, self._why_not(paper, usable=usable))
        waits = part is not None and part.reused is not None and part.reused.state is ReuseState.WAITING
        self.undo.allow(waits, "Chưa chọn giấy tờ nào để dùng lại.")

    def _why_not(self, paper: Reusable | None, *, usable: bool) -> str:
        """Why the chosen paper cannot be used."""
        if paper is None:
            return "Chưa chọn giấy tờ nào."
        if not usable:
            return "Giấy tờ này không còn hiệu lực."
        if self._component is not None and self._component.is_reused:
            return "Thành phần này đã dùng lại một giấy tờ."
        return "Thành phần này đã có trang quét."

    # -- keys ---------------------------------------------------------------------------------------------------------

    def use(self) -> None:
        """Use the chosen paper."""
        if self.go.isEnabled() and (paper := self.selected) is not None:
            self.note.clear()
            self.chosen.emit(paper.reference)

    def take_back(self) -> None:
        """Take the choice back."""
        if self.undo.isEnabled():
            self.note.clear()
            self.undo_asked.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            self.use()
            return True
        return super().eventFilter(watched, event)


def _standing(component: Component) -> tuple[str, str, str]:
    """Role, words and sign for what holds of the component now."""
    reused = component.reused
    if reused is None:
        if component.pages:
            return "mind", "Thành phần này đã có trang quét: bỏ các trang (Del) rồi mới dùng lại giấy tờ.", ""
        return "idle", "Chọn giấy tờ còn hiệu lực để khỏi quét và khỏi ký.", "info"
    name = f"{reused.paper.title} {reused.paper.number}".strip()
    if reused.state is ReuseState.ACCEPTED:
        return "ok", f"Đang dùng lại: {name}. Tỉnh đã ghi nhận, số {reused.receipt}.", ""
    if reused.state is ReuseState.REFUSED:
        return "stop", f"Tỉnh không cho dùng lại {name}: {reused.said or 'không nêu lý do'}.", ""
    return "work", f"Đang dùng lại: {name}. Chờ báo tỉnh; còn bỏ chọn được.", "clock"


def _texts(paper: Reusable) -> tuple[str, str, str, str, str, str]:
    issued = format_date(paper.issued) if paper.issued is not None else ""
    return paper.title, paper.number, issued, paper.issuer, paper.code, source_words(paper)
