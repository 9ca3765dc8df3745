# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The first start of a desk: the recovery passphrase is shown once, then the first officer is named.

Apart from the log-in because it happens once in the life of a cabinet.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QWidget

from digitizer_desk.dossier.text import tidy_name
from digitizer_desk.errors import DeskError, error
from digitizer_desk.messages.form import Message
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import Card, centred, heading, labelled, quiet
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote
from digitizer_desk.ui.widgets.forms.password_field import CAPS_WORDS, FIELD_HEIGHT, PasswordField
from digitizer_desk.ui.widgets.forms.secret_paper import can_print, print_secret, save_secret
from digitizer_desk.ui.widgets.panels.ticks import Tick
from digitizer_desk.ui.widgets.status_line import StatusLine

_WIDTH = 640
_IN_ROW = 4
_NOT_KEPT = "Đánh dấu ô «đã cất vào két» trước."


class FirstRun(QWidget):
    """Two sheets, one after the other; without a passphrase only the second.

    Signals:
        finished(str, str, str): name, login and password of the first officer. The answer is ``refuse``, or another
            screen.
    """

    finished = Signal(str, str, str)

    def __init__(self, passphrase: str | None, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = 2 if passphrase else 1
        self.secret = SecretSheet(passphrase or "")
        self.officer = OfficerSheet(least, f"Bước {self._steps}/2" if passphrase else "")
        self.sheets = QStackedWidget()
        for sheet in (self.secret, self.officer):
            page = QWidget()
            centred(page, sheet)
            self.sheets.addWidget(page)
        self.sheets.setCurrentIndex(0 if passphrase else 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.sheets)
        self.secret.kept_safe.connect(self._name_officer)
        self.officer.finished.connect(self.finished)
        self._land()

    def _land(self) -> None:
        """The keys on what is to be done first."""
        (self.secret.to_paper if self.sheets.currentIndex() == 0 else self.officer.name).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._land()  # a stack gives the keys to the first control it finds

    def refuse(self, fault: DeskError) -> None:
        """Say why the officer could not be added; both passwords are asked again."""
        self.officer.refuse(fault)

    def _name_officer(self) -> None:
        self.sheets.setCurrentIndex(1)
        self.officer.name.setFocus()


class SecretSheet(Card):
    """The passphrase in large groups, a way to paper, and the clerk's word that it lies in the safe.

    Signals:
        kept_safe(): it was said to be kept; the passphrase is wiped from the sheet.
    """

    kept_safe = Signal()

    def __init__(self, passphrase: str) -> None:
        super().__init__(_WIDTH)
        self._passphrase = passphrase
        self.groups: list[QLabel] = []
        self.state = StatusLine()
        self.state.hide()
        self.note = FaultNote()
        self.print = ActButton("&In…")
        self.save = ActButton("&Lưu thành tệp…")
        self.kept = Tick("Tôi đã in hoặc chép lại và &cất vào két")
        self.kept.setMinimumHeight(36)
        self.on = ActButton("Enter  &Tiếp tục", next_act=True)
        self.on.allow(False, _NOT_KEPT)
        printing = can_print()
        self.print.setVisible(printing)
        self.save.setVisible(not printing)
        self.to_paper = self.print if printing else self.save
        self.to_paper.set_next_act(True)
        self.print.clicked.connect(self._print)
        self.save.clicked.connect(self._save)
        self.kept.toggled.connect(self._show_next)
        self.on.clicked.connect(self._go_on)
        self._arrange()

    def _show_next(self) -> None:
        """First to paper, then into the safe, then on: one of the buttons is filled."""
        kept = self.kept.isChecked()
        self.on.allow(kept, _NOT_KEPT)
        self.to_paper.set_next_act(not kept and self.state.isHidden())

    def _arrange(self) -> None:
        told = QLabel(
            "Kho dữ liệu được mã hóa. Khi máy này hỏng, chỉ cụm từ dưới đây mở lại được bản sao lưu. Cụm từ chỉ hiện "
            "một lần: in ra hoặc chép tay rồi cất vào két của cơ quan. Không chụp ảnh, không gửi qua mạng."
        )
        told.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.print)
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        buttons.addWidget(self.on)
        column = self.column
        column.addWidget(quiet("Bước 1/2"))
        column.addWidget(heading("Cụm từ khôi phục"))
        column.addSpacing(6)
        column.addWidget(told)
        column.addSpacing(10)
        column.addWidget(self._secret())
        column.addWidget(quiet("Chỉ có chữ số và chữ in hoa; không có các chữ I, L, O, U."))
        column.addSpacing(8)
        column.addWidget(self.state)
        column.addWidget(self.note)
        column.addWidget(self.kept)
        column.addSpacing(8)
        column.addLayout(buttons)

    def _secret(self) -> QWidget:
        shown = QWidget()
        shown.setAccessibleName("Cụm từ khôi phục, các nhóm theo thứ tự số")
        grid = QGridLayout(shown)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setVerticalSpacing(8)
        for place, group in enumerate(self._passphrase.split("-") if self._passphrase else ()):
            number = quiet(str(place + 1))
            label = QLabel(group)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(theme.bold(label.font(), 1.75))
            label.setAccessibleName(f"Nhóm {place + 1}: {' '.join(group)}")
            self.groups.append(label)
            row, column = divmod(place, _IN_ROW)
            grid.addWidget(number, row, 2 * column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, row, 2 * column + 1)
        for column in range(_IN_ROW):
            grid.setColumnStretch(2 * column + 1, 1)
        return shown

    def _print(self) -> None:
        if print_secret(self._passphrase, self):
            self._say("Đã gửi tới máy in. Kiểm tra tờ giấy đọc được rồi cất vào két.")

    def _save(self) -> None:
        self.note.clear()
        try:
            file = save_secret(self._passphrase, self)
        except OSError:
            self.state.hide()
            why = "Thư mục không cho ghi hoặc ổ đĩa đầy."
            self.note.show_message(Message("Không lưu được tệp.", why, "Chọn thư mục khác, hoặc chép tay."))
            return
        if file:
            self._say(f"Đã lưu «{file}». In tệp ở máy có máy in rồi xóa tệp.")

    def _say(self, words: str) -> None:
        self.note.clear()
        self.state.show_state("ok", words)
        self.state.show()
        self._show_next()
        self.kept.setFocus()

    def _go_on(self) -> None:
        self._passphrase = ""
        for label in self.groups:
            label.clear()
            label.setAccessibleName("")
        self.kept_safe.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.on.isEnabled():
            self.on.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.to_paper.next_act:
            self.to_paper.click()
        else:
            super().keyPressEvent(event)


class OfficerSheet(Card):
    """Name, login and a password typed twice.

    Signals:
        finished(str, str, str): name, login, password.
    """

    finished = Signal(str, str, str)

    def __init__(self, least: int, step: str) -> None:
        super().__init__(_WIDTH)
        self._least = least
        self.name, self.login = QLineEdit(), QLineEdit()
        self.password, self.again = PasswordField(), PasswordField()
        self.caps = StatusLine()
        self.caps.show_state("mind", CAPS_WORDS)
        self.caps.hide()
        self.note = FaultNote()
        self.done = ActButton("Enter  Tiế&p tục", next_act=True)
        self._fields = (self.name, self.login, self.password, self.again)
        for field in self._fields:
            field.setMinimumHeight(FIELD_HEIGHT)
            theme.inset(field)
            field.setMaxLength(200)
            field.returnPressed.connect(self._next)
        for secret in (self.password, self.again):
            secret.caps_lock_changed.connect(self.caps.setVisible)
        self.done.clicked.connect(self._finish)
        self._arrange(step)

    def _arrange(self, step: str) -> None:
        column = self.column
        if step:
            column.addWidget(quiet(step))
        column.addWidget(heading("Cán bộ đầu tiên của bàn này"))
        column.addWidget(quiet("Người này nhận và số hóa hồ sơ, và thêm được các cán bộ khác."))
        column.addSpacing(10)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        hints = ("Đúng như trên chứng thư số", "Không dấu, ví dụ anlv", f"Ít nhất {self._least} ký tự", "")
        labels = ("&Họ và tên", "&Tên đăng nhập", "&Mật khẩu", "&Gõ lại mật khẩu")
        for row, (field, label, hint) in enumerate(zip(self._fields, labels, hints, strict=True)):
            grid.addWidget(labelled(label, field), row, 0)
            field.setPlaceholderText(hint)
            field.setAccessibleDescription(hint)
            grid.addWidget(field, row, 1)
        column.addLayout(grid)
        column.addWidget(self.caps)
        column.addSpacing(4)
        column.addWidget(self.note)
        column.addSpacing(8)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.done)
        column.addLayout(last)

    def refuse(self, fault: DeskError) -> None:
        """Say why not; the field it is about has the caret."""
        self._busy(False)
        self._say(fault, self.login if fault.code == "officer.taken" else self.password)

    def _next(self) -> None:
        """Enter: on to the next empty field; with none left, done."""
        empty = next((field for field in self._fields if not field.text().strip()), None)
        if empty is None:
            self._finish()
        elif empty is self.focusWidget():
            self._missing(empty)
        else:
            empty.setFocus()

    def _missing(self, field: QLineEdit) -> None:
        self.note.show_message(
            Message(f"Chưa có {field.accessibleName().lower()}.", "", "Nhập vào ô này rồi nhấn Enter.")
        )
        field.setFocus()

    def _finish(self) -> None:
        if not self.done.isEnabled():
            return
        empty = next((field for field in self._fields if not field.text().strip()), None)
        if empty is not None:
            self._missing(empty)
        elif len(self.password.text()) < self._least:
            self._say(error("officer.password_weak", least=self._least), self.password)
        elif self.password.text() != self.again.text():
            self.again.clear()
            self.note.show_message(Message("Hai lần gõ mật khẩu không giống nhau.", "", "Gõ lại rồi nhấn Enter."))
            self.again.setFocus()
        else:
            self.note.clear()
            name, login, password = tidy_name(self.name.text()), self.login.text().strip(), self.password.text()
            self._busy(True)
            self.finished.emit(name, login, password)

    def _say(self, fault: DeskError, field: QLineEdit) -> None:
        """A fault beside ``field``; passwords are typed anew."""
        self.password.clear()
        self.again.clear()
        self.note.show_fault(fault)
        field.setFocus()
        field.selectAll()

    def _busy(self, busy: bool) -> None:
        for control in (*self._fields, self.done):
            control.setEnabled(not busy)
        self.done.setText("Đang lập kho dữ liệu…" if busy else "Enter  Tiế&p tục")
