# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The trial of the whole process as seen: one line for each part, the sheet beside them, one button.

Apart from what is done (``trial_work.py``): here is only what the course says.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitizer_desk.messages.trial import PART_NAMES, STATE_NAMES, line_words
from digitizer_desk.steps.trial.course import Course, Line, Part, State
from digitizer_desk.ui import theme
from digitizer_desk.ui.screens.setup.section import Sheet
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.status_line import StatusLine, announce

_ROLES = {
    State.UNTRIED: ("idle", "circle"),
    State.RUNNING: ("work", "play"),
    State.OK: ("ok", "check"),
    State.MIND: ("mind", "alert"),
    State.LATER: ("idle", "clock"),
    State.STOP: ("stop", "x"),
}
_NAME_WIDTH = 190


class TrialView(QWidget):
    """Signals:
    begin_asked(): from the start, once or again.
    stop_asked(): not further than this.
    """

    begin_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = {part: QLabel(PART_NAMES[part]) for part in Part}
        self.states = {part: StatusLine() for part in Part}
        self.begin = ActButton("Bắt đầu thử", next_act=True)
        self.again = ActButton("Thử lại")
        self.stop = ActButton("Esc  Dừng")
        self.answer = StatusLine()
        self.sheet = Sheet()
        self.begin.clicked.connect(self.begin_asked)
        self.again.clicked.connect(self.begin_asked)
        self.stop.clicked.connect(self.stop_asked)
        self._arrange()
        self.show_course(Course(), running=False)

    def _arrange(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 8, 8, 8)
        whole.setSpacing(16)
        column = QVBoxLayout()
        column.setSpacing(10)
        whole.addLayout(column, 3)
        whole.addWidget(self.sheet, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(9)
        grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        grid.setColumnStretch(1, 1)
        for row, part in enumerate(Part):
            grid.addWidget(self.names[part], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.states[part], row, 1)
        column.addLayout(grid)
        buttons = QHBoxLayout()
        buttons.addWidget(self.begin)
        buttons.addWidget(self.again)
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.answer)
        column.addStretch(1)
        self.sheet.setAccessibleName("Trang của hồ sơ thử")
        self.sheet.hide()

    def show_course(self, course: Course, *, running: bool) -> None:
        """Show how far the trial came."""
        for line in course.lines:
            self._show_line(line)
        tried = any(line.state is not State.UNTRIED for line in course.lines)
        self.begin.setText("Thử lại" if tried else "Bắt đầu thử")
        # once everything works the way on is the next act, not another trial
        self.begin.setVisible(not running and not course.passed)
        self.again.setVisible(not running and course.passed)
        self.stop.setVisible(running)
        self.answer.setVisible(course.ended and not running)
        if course.ended and not running:
            role, words = _verdict(course)
            self.answer.show_state(role, words)
            announce(self.answer, words, urgent=role == "stop")

    @property
    def first(self) -> ActButton:
        """The button one stands on when the view is opened."""
        return next((b for b in (self.begin, self.again, self.stop) if not b.isHidden()), self.begin)

    def refuse(self, words: str) -> None:
        """Why a trial could not begin."""
        self.answer.show_state("stop", words)
        self.answer.show()

    def _show_line(self, line: Line) -> None:
        name, state = self.names[line.part], self.states[line.part]
        said, short = line_words(line), STATE_NAMES[line.state]
        state.show_state(_ROLES[line.state][0], said or f"{short[:1].upper()}{short[1:]}", _ROLES[line.state][1])
        state.setAccessibleName(f"{PART_NAMES[line.part]}: {short}. {said}".strip())
        name.setFont(theme.bold(self.font()) if line.state is State.RUNNING else self.font())

    def show_sheet(self, picture: QPixmap) -> None:
        """The sheet that was scanned; an empty picture takes it away."""
        self.sheet.show_sheet(picture)


def _verdict(course: Course) -> tuple[str, str]:
    """One line under all parts."""
    if course.passed:
        return "ok", "Cả quy trình chạy được. Hồ sơ thử đã được xóa."
    failed = next((line for line in course.lines if line.state in (State.STOP, State.LATER)), None)
    if failed is None:
        return "mind", "Đã dừng. Hồ sơ thử đã được xóa."
    where = PART_NAMES[failed.part].lower()
    left = "Hồ sơ thử đã được xóa." if course.line(Part.REMOVE).state is State.OK else ""
    return ("stop" if failed.state is State.STOP else "mind"), f"Chưa xong ở bước {where}. {left}".strip()
