# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The first start of a desk: the recovery passphrase is shown once, then the first officer is named."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import words
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.status_line import StatusLine


class FirstRun(QWidget):
    """Two cards, one after the other.

    Signals:
        finished(str, str, str): name, login and password of the first officer.
    """

    finished = Signal(str, str, str)

    def __init__(self, passphrase: str | None, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._passphrase, self._least = passphrase or "", least
        self.cards = QStackedWidget()
        self.cards.setFixedWidth(720)
        self.cards.addWidget(self._secret_card())
        self.cards.addWidget(self._officer_card())
        self.cards.setCurrentIndex(0 if passphrase else 1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.cards, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def _secret_card(self) -> QWidget:
        card, inner = _card("Cụm từ khôi phục kho dữ liệu")
        text = QLabel(
            "Kho dữ liệu được mã hóa. Nếu máy này hỏng, chỉ cụm từ dưới đây mở lại được bản sao lưu. "
            "Cụm từ chỉ hiện một lần: in ra, cất vào két của cơ quan, không chụp ảnh, không gửi qua mạng."
        )
        text.setWordWrap(True)
        self.secret = QLabel(self._passphrase)
        font = QFont(theme.bold(self.font(), 1.6))
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.0)
        self.secret.setFont(font)
        self.secret.setWordWrap(True)
        self.secret.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.secret.setMinimumHeight(120)
        self.kept = QCheckBox("Tôi đã in hoặc chép lại và cất vào két")
        printing = ActButton("In")
        printing.clicked.connect(self._print)
        self.on = ActButton("Enter  Tiếp tục", next_act=True)
        self.on.setEnabled(False)
        self.kept.toggled.connect(self.on.setEnabled)
        self.on.clicked.connect(self._go_on)
        row = QHBoxLayout()
        row.addWidget(self.kept, 1)
        row.addWidget(printing)
        row.addWidget(self.on)
        inner.addWidget(text)
        inner.addWidget(self.secret)
        inner.addLayout(row)
        return card

    def _print(self) -> None:
        printer = QPrinter()
        if QPrintDialog(printer, self).exec():
            page = QTextEdit()
            page.setPlainText(f"BÀN SỐ HÓA - CỤM TỪ KHÔI PHỤC\n\n{self._passphrase}\n\nCất vào két. Không chụp ảnh.")
            page.print_(printer)

    def _go_on(self) -> None:
        self.secret.clear()
        self._passphrase = ""
        self.cards.setCurrentIndex(1)
        self.name.setFocus()

    def _officer_card(self) -> QWidget:
        card, inner = _card("Cán bộ đầu tiên của bàn này")
        self.name, self.login, self.password, self.again = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        form = QFormLayout()
        form.setVerticalSpacing(10)
        for box, label, hint in (
            (self.name, "Họ và tên", "Đúng như trên chứng thư số"),
            (self.login, "Tên đăng nhập", ""),
            (self.password, "Mật khẩu", f"Ít nhất {self._least} ký tự"),
            (self.again, "Gõ lại mật khẩu", ""),
        ):
            box.setMinimumHeight(36)
            box.setAccessibleName(label)
            box.setPlaceholderText(hint)
            form.addRow(label, box)
            box.returnPressed.connect(self._next)
        for box in (self.password, self.again):
            box.setEchoMode(QLineEdit.EchoMode.Password)
        self.state = StatusLine()
        self.state.show_state("idle", "Người này được thêm cán bộ khác sau.", "info")
        self.done = ActButton("Enter  Bắt đầu làm việc", next_act=True)
        self.done.clicked.connect(self._finish)
        inner.addLayout(form)
        inner.addWidget(self.state)
        inner.addWidget(self.done, 0, Qt.AlignmentFlag.AlignRight)
        return card

    def _next(self) -> None:
        order = [self.name, self.login, self.password, self.again]
        empty = next((box for box in order if not box.text()), None)
        if empty is not None:
            empty.setFocus()
        else:
            self._finish()

    def _finish(self) -> None:
        if not self.name.text().strip() or not self.login.text().strip():
            self.state.show_state("stop", "Cần họ tên và tên đăng nhập.")
            return
        if self.password.text() != self.again.text():
            self.state.show_state("stop", "Hai lần gõ mật khẩu không giống nhau.")
            self.again.clear()
            self.again.setFocus()
            return
        self.finished.emit(self.name.text().strip(), self.login.text().strip(), self.password.text())

    def refuse(self, problem: DeskError) -> None:
        """Say why it did not work."""
        told = words(problem)
        self.state.show_state("stop", f"{told.what} {told.do}")
        self.password.setFocus()


def _card(title: str) -> tuple[QWidget, QVBoxLayout]:
    card = QFrame()
    card.setFrameShape(QFrame.Shape.StyledPanel)
    card.setBackgroundRole(QPalette.ColorRole.Base)
    card.setAutoFillBackground(True)
    inner = QVBoxLayout(card)
    inner.setContentsMargins(36, 28, 36, 28)
    inner.setSpacing(16)
    heading = QLabel(title)
    heading.setFont(theme.bold(card.font(), 1.5))
    inner.addWidget(heading)
    return card, inner
