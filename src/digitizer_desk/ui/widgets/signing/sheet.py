# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How the signing dialog looks in each of its states.

Apart from the dialog, which decides when it is in which.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import SigningOrder
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.panels.tall import Tall
from digitizer_desk.ui.widgets.signing.parts import CertificatePanel, PaperList, PinPanel
from digitizer_desk.ui.widgets.signing.room_line import RoomLine
from digitizer_desk.ui.widgets.status_line import StatusLine

#: a certificate ending within so many days is spoken of (windows.md 5.5)
_MIND_DAYS = 30


class State(StrEnum):
    """What the dialog is doing."""

    LOOKING = "looking"
    ABSENT = "absent"
    READY = "ready"
    PAD = "pad"
    LOCKED = "locked"
    PROBLEM = "problem"
    FAILED = "failed"
    SIGNING = "signing"
    STOPPING = "stopping"
    STOPPED = "stopped"
    PARTLY = "partly"
    DONE = "done"


#: words of the leaving button and of the main button, '' for none
_BUTTONS: dict[State, tuple[str, str]] = {
    State.LOOKING: ("Esc  Hủy", ""),
    State.ABSENT: ("Esc  Để ký sau", ""),
    State.READY: ("Esc  Hủy", "Enter  &KÝ SỐ"),
    State.PAD: ("Esc  Hủy", "Enter  &KÝ SỐ"),
    State.LOCKED: ("Esc  Đóng", ""),
    State.PROBLEM: ("Esc  Để ký sau", "Enter  &Thử lại"),
    State.FAILED: ("Esc  Để ký sau", "Enter  &Thử lại"),
    State.SIGNING: ("Esc  Dừng sau tài liệu này", ""),
    State.STOPPING: ("Đang dừng…", ""),
    State.STOPPED: ("Esc  Đóng", "Enter  Ký &tiếp"),
    State.PARTLY: ("", "Enter  &Đóng"),
    State.DONE: ("", "Enter  &Tiếp tục"),
}

_BUSY = frozenset({State.LOOKING, State.SIGNING, State.STOPPING})


class SigningSheet(QWidget):
    """Papers and certificate above; below either the PIN or one sentence; the buttons of the state."""

    def __init__(self, order: SigningOrder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State.LOOKING
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.title = QLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.preview = ActButton("&Xem trước")
        self.papers = PaperList(order.papers)
        mark = QLabel(f"{order.corner}: «{order.mark}»")
        mark.setTextFormat(Qt.TextFormat.PlainText)
        mark.setWordWrap(True)
        self.room = RoomLine()
        self.certificate = CertificatePanel(order, _MIND_DAYS)
        self.pin = PinPanel()
        self.pin.fits_changed.connect(lambda _fits: self.wake())
        self.line = StatusLine()
        self.line.set_bold(True)
        self.more = QLabel()
        self.more.setTextFormat(Qt.TextFormat.PlainText)
        self.more.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Tiến độ ký")
        self.copy = ActButton("&Sao chép thông tin")
        self.leave = ActButton()
        self.go = ActButton(next_act=True)
        self._stack = QStackedWidget()
        self._arrange(mark)

    def _arrange(self, mark: QLabel) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.preview)
        told = QWidget()
        inner = QVBoxLayout(told)
        inner.setContentsMargins(0, 0, 0, 0)
        for part in (self.bar, self.line, self.more):
            inner.addWidget(part)
        inner.addStretch(1)
        self._stack.addWidget(self.pin)
        self._stack.addWidget(told)
        # no jumping between states, as far as a small screen can spare the room
        high = min(6 * self.fontMetrics().lineSpacing(), theme.room(self).height() // 4)
        self._stack.setMinimumHeight(high)
        self._stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(top)
        what = QWidget()
        blocks = QVBoxLayout(what)
        blocks.setContentsMargins(0, 0, 0, 0)
        blocks.setSpacing(12)
        for block in (self.papers, mark, self.room, _rule(), self.certificate, _rule()):
            blocks.addWidget(block)
        column.addWidget(Tall(what, self._beside))
        column.addWidget(self._stack, 1)
        column.addLayout(buttons)

    def _beside(self) -> int:
        """px the title, the PIN and the buttons need: they stay on the screen at any size of type."""
        asks = max(self._stack.minimumHeight(), self._stack.minimumSizeHint().height())
        buttons = self.preview.sizeHint().height() + self.go.sizeHint().height()
        return asks + buttons + 2 * 20 + 3 * 12

    @property
    def state(self) -> State:
        return self._state

    def words(self) -> str:
        """What the lower half says now."""
        if self._state is State.READY:
            return self.pin.words()
        return f"{self.line.words} {self.more.text()}".strip()

    def show_asking(self) -> None:
        """Show the PIN field and put the caret into it."""
        self._take(State.READY)
        self._stack.setCurrentIndex(0)
        self.wake()
        self.pin.field.setFocus()

    def show_told(self, state: State, role: str, what: str, more: str = "", icon: str = "") -> None:
        """Show a sentence in place of the PIN; whatever was typed is wiped."""
        self.pin.field.wipe()
        self._take(state)
        self.line.show_state(role, what, icon)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self._stack.setCurrentIndex(1)
        self.wake()
        if state in _BUSY:
            self.setFocus()  # a second Enter of an impatient hand must meet no button
        else:
            (self.go if self.go.isVisibleTo(self) else self.leave).setFocus()

    def _take(self, state: State) -> None:
        self._state = state
        self.bar.setVisible(state in (State.SIGNING, State.STOPPING))
        self.copy.setVisible(state is State.LOCKED)
        leave, go = _BUTTONS[state]
        self.leave.setText(leave)
        self.leave.setVisible(bool(leave))
        self.leave.setEnabled(state is not State.STOPPING)
        self.leave.set_next_act(state is State.LOCKED)
        self.go.setText(go)
        self.go.setVisible(bool(go))

    def wake(self) -> None:
        """The button wakes when the length fits; before the last try neither Enter nor the space bar reaches it."""
        choice = self.certificate.current
        asking = self._state is State.READY
        last = choice is not None and choice.certificate.token.pin.final_try and self._state in (State.READY, State.PAD)
        self.go.allow(not asking or self.pin.field.fits, "Nhập đủ mã PIN trước.")
        self.go.setFocusPolicy(Qt.FocusPolicy.NoFocus if last else Qt.FocusPolicy.StrongFocus)
        if last:
            self.go.setText("Alt+K  &KÝ SỐ")

    @property
    def enter_allowed(self) -> bool:
        """Whether Enter may press the main button."""
        return self.go.isVisible() and self.go.isEnabled() and self.go.focusPolicy() is not Qt.FocusPolicy.NoFocus


def _rule() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setAutoFillBackground(True)
    line.setBackgroundRole(QPalette.ColorRole.Mid)
    return line
