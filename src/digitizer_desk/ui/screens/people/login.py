# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Logging in by name and password, and the same page as the lock of a desk left alone.

Apart from the counter because nothing of any dossier may be seen here (R60).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.messages.form import Message
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import Card, centred, heading, labelled, quiet
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote
from digitizer_desk.ui.widgets.forms.password_field import CAPS_WORDS, FIELD_HEIGHT, PasswordField
from digitizer_desk.ui.widgets.status_line import StatusLine

PROGRAM = "Bàn số hóa"
_WIDTH = 460


class LogIn(QWidget):
    """A sheet in the middle: who, password, one button. ``hint`` shows the accounts of a training desk.

    The answer to ``asked`` is ``refuse`` with the failure, or ``clear`` once the officer is in; until then the button
    rests and shows that it works.

    Signals:
        asked(str, str): login and password. While locked the login is that of the officer who locked it.
    """

    asked = Signal(str, str)

    def __init__(self, *, hint: str = "", office: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locked_login = ""
        self.title = heading(PROGRAM, scale=1.9)
        self.office = quiet(office or "Quét, kiểm tra, ký số và gửi hồ sơ")
        self.locked = StatusLine()
        self.login = QLineEdit()
        self.login.setMaxLength(100)
        self.login.setMinimumHeight(FIELD_HEIGHT)
        theme.inset(self.login)
        self.password = PasswordField()
        self.password.setMaxLength(500)
        self.caps = StatusLine()
        self.caps.show_state("mind", CAPS_WORDS)
        self.caps.hide()
        self.note = FaultNote()
        self.enter = ActButton("Enter  Đăng &nhập", next_act=True)
        self.hint = _Hint(hint)
        self.hint.setVisible(bool(hint))
        self._arrange()
        self.password.caps_lock_changed.connect(self.caps.setVisible)
        self.login.returnPressed.connect(self._from_login)
        self.password.returnPressed.connect(self._ask)
        self.enter.clicked.connect(self._ask)
        self.clear()

    def _arrange(self) -> None:
        card = Card(_WIDTH)
        column = card.column
        column.addWidget(self.title)
        column.addWidget(self.office)
        column.addSpacing(18)
        column.addWidget(self.locked)
        self.login_label = labelled("&Tên đăng nhập", self.login)
        column.addWidget(self.login_label)
        column.addWidget(self.login)
        column.addSpacing(8)
        column.addWidget(labelled("&Mật khẩu", self.password))
        column.addWidget(self.password)
        column.addWidget(self.caps)
        column.addSpacing(6)
        column.addWidget(self.note)
        column.addSpacing(12)
        column.addWidget(self.enter)
        centred(self, card, self.hint)

    # -- asked from outside -------------------------------------------------------------------------------------

    def lock(self, officer_name: str, login: str = "") -> None:
        """Show only who locked the desk and ask the password; ``login`` (or the name) goes out with it."""
        self._reset()
        self._locked_login = login or officer_name
        self.login.clear()
        self.locked.show_state("idle", f"Đã khóa\n{officer_name}", "lock")
        self.locked.set_bold(True)
        self._show_lock(True)
        self._settle()

    @property
    def is_locked(self) -> bool:
        return bool(self._locked_login)

    def refuse(self, fault: DeskError) -> None:
        """Say why it was not let in; the password is asked again."""
        self._busy(False)
        self.note.show_fault(fault)
        self._settle(at_login=fault.code == "officer.unknown")

    def clear(self) -> None:
        """An empty page for whoever comes next."""
        self._reset()
        self._locked_login = ""
        self.login.clear()
        self._show_lock(False)
        self._settle()

    # -- inside -------------------------------------------------------------------------------------------------

    def _reset(self) -> None:
        self._busy(False)
        self.password.clear()
        self.caps.hide()
        self.note.clear()

    def _show_lock(self, locked: bool) -> None:
        self.locked.setVisible(locked)
        self.login.setVisible(not locked)
        self.login_label.setVisible(not locked)
        self.enter.setText("Enter  Mở &khóa" if locked else "Enter  Đăng &nhập")
        self.enter.setAccessibleName("Mở khóa" if locked else "Đăng nhập")

    def _from_login(self) -> None:
        if self.login.text().strip() and not self.password.text():
            self.password.setFocus()
        else:
            self._ask()

    def _ask(self) -> None:
        if not self.enter.isEnabled():
            return
        login = self._locked_login or self.login.text().strip()
        if not login:
            self._miss(Message("Chưa có tên đăng nhập.", "", "Nhập tên đăng nhập rồi nhấn Enter."), self.login)
            return
        password = self.password.text()
        if not password:
            self._miss(Message("Chưa có mật khẩu.", "", "Nhập mật khẩu rồi nhấn Enter."), self.password)
            return
        self.password.clear()
        self.note.clear()
        self._busy(True)
        self.asked.emit(login, password)

    def _miss(self, message: Message, field: QLineEdit) -> None:
        self.note.show_message(message)
        field.setFocus()

    def _busy(self, busy: bool) -> None:
        for control in (self.enter, self.login, self.password):
            control.setEnabled(not busy)
        if busy:
            self.enter.setText("Đang kiểm tra…")
        else:
            self._show_lock(self.is_locked)

    def _settle(self, *, at_login: bool = False) -> None:
        """Put the caret where the next key belongs."""
        if not self.is_locked and (at_login or not self.login.text()):
            self.login.setFocus()
            self.login.selectAll()
        else:
            self.password.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._settle)


class _Hint(QFrame):
    """The accounts of a training desk, on a quiet ground below the sheet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # as broad as the card above
        self._icon = QLabel()
        # a password is never broken over two lines
        self.words = QLabel(text.replace("-", "-\u2060"))
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 4, 40, 4)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self._tint()

    def _tint(self) -> None:
        self._icon.setPixmap(signs.pixmap("info", 20, signs.role_colour("work"), self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
