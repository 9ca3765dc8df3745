# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who is working: log-in at the start, and the page that hides everything while the officer is away (R60)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import words
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.status_line import StatusLine


class _Password(QLineEdit):
    """A password field that tells Caps Lock by what arrives.

    Signals:
        caps_lock(bool): on, as far as the last letter shows.
    """

    caps_lock = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if text.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock.emit(text.isupper() != shifted)
        super().keyPressEvent(event)


class LogIn(QWidget):
    """A card in the middle: name and password, or the password alone while locked.

    Signals:
        asked(str, str): login and password.
    """

    asked = Signal(str, str)

    def __init__(self, *, hint: str = "", office: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel("Bàn số hóa")
        self.title.setFont(theme.bold(self.font(), 2.0))
        self._office = office
        self.under = QLabel(office or "Quét, kiểm tra, ký số và gửi hồ sơ")
        self.login, self.password = QLineEdit(), _Password()
        for box, name in ((self.login, "Tên đăng nhập"), (self.password, "Mật khẩu")):
            box.setMinimumHeight(38)
            box.setAccessibleName(name)
        self._login_label, self._password_label = QLabel("Tên đăng nhập"), QLabel("Mật khẩu")
        self.state = StatusLine()
        self.state.setMinimumHeight(44)
        self.go = ActButton("Enter  Đăng nhập", next_act=True)
        self.go.clicked.connect(self._ask)
        self.login.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._ask)
        self.password.caps_lock.connect(self._caps)
        self._locked = False
        self._build(hint)

    def _build(self, hint: str) -> None:
        card = QFrame()
        card.setFrameShape(QFrame.Shape.StyledPanel)
        card.setBackgroundRole(QPalette.ColorRole.Base)
        card.setAutoFillBackground(True)
        card.setFixedWidth(440)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(36, 32, 36, 28)
        inner.setSpacing(6)
        inner.addWidget(self.title)
        inner.addWidget(self.under)
        inner.addSpacing(18)
        for part in (self._login_label, self.login, self._password_label, self.password, self.state, self.go):
            inner.addWidget(part)
        told = QLabel(hint)
        told.setWordWrap(True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        told.setFixedWidth(620)
        told.setVisible(bool(hint))
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        column.addWidget(told, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def _ask(self) -> None:
        if self.password.text() and (self._locked or self.login.text().strip()):
            self.go.setEnabled(False)
            self.asked.emit(self.login.text().strip(), self.password.text())
            self.password.clear()

    def _caps(self, on: bool) -> None:
        if on:
            self.state.show_state("mind", "Caps Lock đang bật.")
        else:
            self.state.show_state("idle", " ", "circle")
        self.state.setVisible(on)

    def clear(self) -> None:
        """Ready for somebody to log in."""
        self._locked = False
        self.title.setText("Bàn số hóa")
        self.under.setText(self._office or "Quét, kiểm tra, ký số và gửi hồ sơ")
        self.go.setText("Enter  Đăng nhập")
        for part in (self._login_label, self.login):
            part.setVisible(True)
        self.state.setVisible(False)
        self.go.setEnabled(True)
        self.password.clear()
        (self.password if self.login.text() else self.login).setFocus()

    def lock(self, officer_name: str) -> None:
        """Locked: only the officer's name is shown, only a password is asked."""
        self.clear()
        self._locked = True
        self.title.setText("Đã khóa")
        self.under.setText(officer_name)
        self.go.setText("Enter  Mở khóa")
        for part in (self._login_label, self.login):
            part.setVisible(False)
        self.password.setFocus()

    def refuse(self, problem: DeskError) -> None:
        """Say why it did not work."""
        told = words(problem)
        self.state.show_state("stop", f"{told.what} {told.do}")
        self.state.setVisible(True)
        self.go.setEnabled(True)
        self.password.setFocus()
