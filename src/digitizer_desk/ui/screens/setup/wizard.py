# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The first-run wizard: the row of steps, the settings' own sections one after the other, the trial, the end.

Apart from the settings because here one thing is asked at a time; the fields and what they do are the settings' own.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.ui.screens.setup.sections import SectionScreen
from digitizer_desk.ui.screens.setup.table import SECTIONS
from digitizer_desk.ui.screens.setup.trial_view import TrialView
from digitizer_desk.ui.screens.setup.wizard_table import (
    BY_VIEW,
    PAGES,
    VIEWS,
    Facts,
    Kept,
    Mark,
    View,
    done,
    mark,
    next_act,
)
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import heading, quiet
from digitizer_desk.ui.widgets.forms.steps_row import StepsRow
from digitizer_desk.ui.widgets.panels.panel import Panel
from digitizer_desk.ui.widgets.panels.scrolled import scrolled
from digitizer_desk.ui.widgets.status_line import StatusLine, announce

#: how a mark is said, its colour and its sign ('' = the number)
_MARKS = {
    Mark.OPEN: ("chưa làm", "idle", ""),
    Mark.DONE: ("đã xong", "ok", "check"),
    Mark.FIXED: ("tỉnh đã quy định", "ok", "lock"),
    Mark.LATER: ("làm sau", "mind", "clock"),
}

_BUSY = "Đang thử. Nhấn Esc để dừng trước."


class WizardScreen(SectionScreen):
    """Signals, beside those of :class:`SectionScreen`:
    go_asked(): on to the next view.
    later_asked(): this view later.
    back_asked(): one view back.
    view_asked(str): a step of the row was pressed.
    card_asked(str): the key card, "print" or "save".
    """

    go_asked = Signal()
    later_asked = Signal()
    back_asked = Signal()
    view_asked = Signal(str)
    card_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        named = set(VIEWS)
        super().__init__(tuple(section for section in SECTIONS if section.id in named), parent)
        self.view = View.UNIT
        self._ready, self._next = False, ""
        self.steps = StepsRow([page.title for page in PAGES])
        self.title = heading(scale=1.35)
        self.lead = quiet()
        self.stack = QStackedWidget()
        self.trial = TrialView()
        self.end = EndView()
        self.reason = StatusLine()
        self.back = ActButton("PgUp  Quay lại")
        self.later = ActButton("Làm sau")
        self.go = ActButton("Enter  Tiếp tục", next_act=True)
        for page in self.pages.values():
            page.title.hide()  # it stands above what to do here
        for view in VIEWS:
            self.stack.addWidget(scrolled(self._page(view)))
        self.steps.asked.connect(lambda place: self.view_asked.emit(VIEWS[place].value))
        self.go.clicked.connect(self._go_pressed)
        self.later.clicked.connect(self.later_asked)
        self.back.clicked.connect(self.back_asked)
        self.end.print.clicked.connect(lambda: self.card_asked.emit("print"))
        self.end.save.clicked.connect(lambda: self.card_asked.emit("save"))
        self._arrange()

    def _page(self, view: View) -> QWidget:
        return {View.TRIAL: self.trial, View.DONE: self.end}.get(view) or self.pages[view.value]

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(10)
        foot.addWidget(self.back)
        foot.addWidget(self.reason, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.later)
        foot.addWidget(self.go)
        kept = self.reason.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the buttons stay where they are
        self.reason.setSizePolicy(kept)
        top = QVBoxLayout()
        top.setContentsMargins(12, 8, 8, 0)
        top.setSpacing(2)
        top.addWidget(self.title)
        top.addWidget(self.lead)
        sheet = Panel()
        sheet.column.addLayout(top)
        sheet.column.addWidget(self.stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 16, 12)
        whole.setSpacing(10)
        whole.addWidget(self.steps)
        whole.addWidget(sheet, 1)
        whole.addLayout(foot)

    @property
    def section(self) -> str:
        return self.view.value if self.view.value in self.pages else "unit"

    def open_section(self, section_id: str) -> None:
        """Nothing to turn: where one stands is kept by the wizard itself."""

    def show_state(self, facts: Facts, kept: Kept, *, busy: bool = False) -> None:
        """Show the view one stands at and how all stand. ``busy``: a trial runs, nothing may be left."""
        turned = self.view is not kept.at
        self.view, page = kept.at, BY_VIEW[kept.at]
        self.stack.setCurrentIndex(VIEWS.index(kept.at))
        self.title.setText(page.title)
        self.lead.setText(page.lead)
        for place, view in enumerate(VIEWS):
            words, role, sign = _MARKS[mark(view, facts, kept)]
            self.steps.steps[place].show_state(words, role, sign, here=view is kept.at)
        ready = self._ready = done(kept.at, facts, kept)
        self._next = next_act(facts, kept)
        self.reason.setVisible(not ready and not busy)
        if not ready:
            self.reason.show_state("idle", page.missing)
        self.later.setVisible(not ready and bool(page.later))
        self.later.setText(page.later)
        # where nothing but fields is wanted the way on stays open: pressed too early it leads to the field
        self.go.allow(not self._next and not busy, _BUSY if busy else page.missing)
        for act_id, act in self._tests().items():
            act.set_next_act(act_id == self._next)
        self.go.setText("Enter  Mở quầy" if kept.at is View.DONE else "Enter  Tiếp tục")
        for button in (self.back, self.later):
            button.allow(not busy, _BUSY)
        self.back.setVisible(kept.at is not View.UNIT)
        self.end.show_marks({view: mark(view, facts, kept) for view in VIEWS})
        if turned:
            self.take_focus()
            self.shown.emit(kept.at.value)

    def _tests(self) -> dict[str, ActButton]:
        """The buttons of this view by their ids; the trial has one of its own."""
        if self.view is View.TRIAL:
            return {"begin": self.trial.begin}
        page = self.pages.get(self.view.value)
        return page.acts if page is not None else {}

    @property
    def next_act(self) -> ActButton:
        """The one filled button, which Enter presses."""
        return self._tests().get(self._next, self.go)

    def take_focus(self) -> None:
        """The first thing to do in this view: its fields where one that is wanted is empty, else the next act."""
        if self.view is View.TRIAL and not self.go.isEnabled():
            self.trial.first.setFocus()
        elif self._first_missing() is not None:
            self.pages[self.view.value].take_focus()
        else:
            self.next_act.setFocus()

    def take_keys_back(self) -> None:
        """A button that asks a machine is closed meanwhile and loses the keys; not from under a hand that types."""
        busy = QApplication.activePopupWidget() is not None or isinstance(self.focusWidget(), QLineEdit)
        if self.isVisible() and not busy:
            self.take_focus()

    def _typed(self) -> list[QLineEdit]:
        """The fields of this view one types in, from above."""
        page = self.pages.get(self.view.value)
        fields = [row.field for row in page.rows.values()] if page is not None else []
        return [field for field in fields if isinstance(field, QLineEdit) and field.isEnabled()]

    def _first_missing(self) -> QLineEdit | None:
        """The first field that may not stay empty and is."""
        page = self.pages.get(self.view.value)
        wanted = [page.rows[key].text for key in BY_VIEW[self.view].wanted] if page is not None else []
        return next((field for field in wanted if field.isEnabled() and not field.text().strip()), None)

    def _go_pressed(self) -> None:
        missing = self._first_missing()
        if self._ready or missing is None:
            self.go_asked.emit()
            return
        words = BY_VIEW[self.view].missing
        self.reason.show_state("mind", words)
        announce(self.reason, words, urgent=False)
        missing.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._enter_pressed()
        else:
            super().keyPressEvent(event)

    def _enter_pressed(self) -> None:
        """Enter presses the button it stands on; in a field it goes to the next one, behind the last, and from a
        choice, it presses the next act."""
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton):
            if focused.isEnabled():
                focused.click()
            return
        fields = self._typed()
        place = fields.index(focused) if isinstance(focused, QLineEdit) and focused in fields else len(fields)
        if place + 1 < len(fields):
            fields[place + 1].setFocus()
        else:
            self.next_act.setFocus()
            self.next_act.click()

    def see_answer(self, section_id: str) -> None:
        """Bring what a button found into sight, where the section is higher than its room."""
        if section_id == self.view.value:
            QTimer.singleShot(0, lambda: self.area.ensureWidgetVisible(self.pages[section_id].answer))

    @property
    def area(self) -> QScrollArea:
        """What scrolls when the view is higher than its room."""
        area = self.stack.currentWidget()
        assert isinstance(area, QScrollArea)
        return area


class EndView(QWidget):
    """What was set up, what was put off, and the card of keys for the wall."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = {view: StatusLine() for view in VIEWS if view is not View.DONE}
        self.print = ActButton("&In thẻ phím…")
        self.save = ActButton("&Lưu thẻ phím (PDF)…")
        self.answer = StatusLine()
        self.answer.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(10)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 190)
        grid.setColumnStretch(1, 1)
        for row, (view, line) in enumerate(self.lines.items()):
            grid.addWidget(QLabel(BY_VIEW[view].title), row, 0)
            grid.addWidget(line, row, 1)
        column.addLayout(grid)
        column.addSpacing(8)
        column.addWidget(QLabel("Thẻ phím: một trang A4 với mọi phím của bàn, dán cạnh màn hình."))
        buttons = QHBoxLayout()
        buttons.addWidget(self.print)
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.answer)
        column.addStretch(1)

    def show_marks(self, marks: dict[View, Mark]) -> None:
        """How each view stands."""
        for view, line in self.lines.items():
            words, role, sign = _MARKS[marks[view]]
            where = "; mở lại: Thiết lập › Giới thiệu › Thiết lập từng bước" if marks[view] is Mark.LATER else ""
            line.show_state(role, f"{words[:1].upper()}{words[1:]}{where}", sign or "circle")
            line.setAccessibleName(f"{BY_VIEW[view].title}: {words}{where}")
