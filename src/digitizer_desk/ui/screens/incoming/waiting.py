# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Ctrl+Shift+W: the dossiers that wait at this counter, as the province last listed them; Enter opens one.

Apart from finding dossiers because most lines here have never been at this desk; nothing here asks the network itself.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout

from digitizer_desk.dossier.incoming.waiting import WaitingLine
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import DeskError
from digitizer_desk.messages.incoming import fetched_words, line_state
from digitizer_desk.steps.incoming.waiting import WaitingList
from digitizer_desk.ui import theme
from digitizer_desk.ui.screens.incoming.rows import fill, state_table
from digitizer_desk.ui.widgets.buttons import HEIGHT, ActButton
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote
from digitizer_desk.ui.widgets.panels.landing import Landing
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.status_line import StatusLine

_WAIT_MS = 150
_COLUMNS = (("Mã hồ sơ", 235), ("Chủ hồ sơ", 220), ("Thủ tục", 330), ("Tỉnh nhận lúc", 150), ("Tình trạng", 110))
_NOTHING = ("Chưa có hồ sơ nào trong danh sách.", "Nhấn F5 để lấy từ hệ thống tỉnh.", "box")
_NO_MATCH = ("Không có hồ sơ nào khớp.", "Thử ít chữ hơn; không cần gõ dấu.", "search")
_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class WaitingScreen(Landing):
    """Signals:
    searched(str): the list should be shown for these words.
    fetch_asked(): the province should be asked now.
    chosen(object): a WaitingLine to be opened.
    """

    searched = Signal(str)
    fetch_asked = Signal()
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[WaitingLine, ...] = ()
        self.box = QLineEdit()
        theme.inset(self.box)
        self.box.setMinimumHeight(HEIGHT)
        self.box.setClearButtonEnabled(True)
        self.box.setPlaceholderText("Mã hồ sơ, chủ hồ sơ, số định danh, thủ tục — không cần dấu")
        self.box.setAccessibleName("Tìm hồ sơ chờ")
        self.box.installEventFilter(self)
        self.table = state_table(_COLUMNS, "Hồ sơ chờ ở quầy")
        self.table.installEventFilter(self)
        self.empty = Nothing(*_NOTHING)
        self.note, self.state = FaultNote(), StatusLine()
        self.fetch = ActButton("F5  &Lấy từ tỉnh")
        self.go = ActButton("Enter  &Mở hồ sơ", next_act=True)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.table)
        self._middle.addWidget(self.empty)
        self.fetch.clicked.connect(self.fetch_asked)
        self.go.clicked.connect(self.open)
        self.table.activated.connect(lambda _index: self.open())
        self.table.currentCellChanged.connect(lambda *_: self._wake())
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.box.text()))
        self.box.textChanged.connect(lambda _text: self._timer.start())
        self.land_on((self.box,))
        self._arrange()
        self._wake()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.state, 1, Qt.AlignmentFlag.AlignVCenter)
        buttons.addWidget(self.fetch)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.box)
        column.addWidget(self._middle, 1)
        column.addWidget(self.note)
        column.addLayout(buttons)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_list(self, found: WaitingList) -> None:
        """The list as it is kept, and when it was true."""
        self._lines = found.lines
        fill(self.table, [((*_texts(line),), line_state(line)) for line in found.lines])
        self.empty.say(*(_NO_MATCH if self.box.text().strip() else _NOTHING))
        self._middle.setCurrentWidget(self.table if found.lines else self.empty)
        waiting = f" {found.waiting} hồ sơ chờ mở." if found.fetched_at is not None else ""
        self.state.show_state("idle", fetched_words(found.fetched_at) + waiting, "clock")
        self._wake()

    def show_fetching(self) -> None:
        """The province is being asked."""
        self.note.clear()
        self.state.show_state("work", "Đang hỏi hệ thống tỉnh…")
        self.fetch.setEnabled(False)

    def show_fetched(self, problem: DeskError | None) -> None:
        """It answered, or why not; what was fetched before stays."""
        self.fetch.setEnabled(True)
        if problem is not None:
            self.note.show_fault(problem)
        else:
            self.note.clear()

    def show_problem(self, problem: DeskError) -> None:
        """What kept a dossier from being opened."""
        self.note.show_fault(problem)

    @property
    def selected(self) -> WaitingLine | None:
        row = self.table.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _wake(self) -> None:
        line = self.selected
        self.go.allow(line is not None, "Chưa chọn hồ sơ nào.")
        self.go.setText("Enter  &Mở lại hồ sơ" if line is not None and line.dossier_id else "Enter  &Mở hồ sơ")

    # -- keys ---------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the chosen line."""
        if (line := self.selected) is not None:
            self.note.clear()
            self.chosen.emit(line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows work from the box, Enter from both; letters typed on the table go on in the box."""
        if not (isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open()
            return True
        if watched is self.box and key in _KEYS and self._lines:
            by = dict(zip(_KEYS, (-1, 1, -10, 10), strict=True))[key]
            self.table.selectRow(max(0, min(len(self._lines) - 1, self.table.currentRow() + by)))
            return True
        if watched is self.table and event.text().strip():
            self.box.setFocus()
            self.box.insert(event.text())
            return True
        return super().eventFilter(watched, event)


def _texts(line: WaitingLine) -> tuple[str, str, str, str]:
    one = line.dossier
    came = f"{one.came_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if one.came_at is not None else ""
    return one.code, one.applicant.name, one.procedure_title, came
