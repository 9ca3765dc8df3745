# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Small sheets about results: the name of a new one, the words a decision needs.

Apart from the counter because each is asked, answered and gone.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import HEIGHT, ActButton

_NO_WORDS = "Cần ghi lý do trước."


class ResultSheet(QDialog):
    """What the result is called, and its kind in the national list if it is known."""

    def __init__(self, proposed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Thêm kết quả giải quyết")
        self.setMinimumWidth(620)
        told = QLabel("Kết quả là một tài liệu riêng. Sau khi thêm: F4 để quét, hoặc Ctrl+O để nhập tệp đã ký.")
        told.setWordWrap(True)
        self.name, self.kind = QLineEdit(proposed), QLineEdit()
        form = QFormLayout()
        form.setVerticalSpacing(10)
        for box, label, hint in (
            (self.name, "&Tên kết quả", "Như in trên giấy"),
            (self.kind, "&Mã loại kết quả", "Ví dụ KQ.G01.000005; chưa biết thì để trống"),
        ):
            box.setMinimumHeight(HEIGHT)
            box.setMaxLength(200)
            theme.inset(box)
            box.setPlaceholderText(hint)
            box.setAccessibleName(label.replace("&", ""))
            form.addRow(label, box)
        self.go = ActButton("Enter  Thêm &kết quả", next_act=True)
        self.go.clicked.connect(self.accept)
        _finish(self, told, form, self.go)
        self.name.textChanged.connect(lambda text: self.go.allow(bool(text.strip()), "Cần có tên kết quả."))
        self.go.allow(bool(proposed.strip()), "Cần có tên kết quả.")
        self.name.setFocus()
        self.name.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        _enter(self, self.go, event)


class WordsSheet(QDialog):
    """Words a decision cannot do without: nothing happens before they are typed."""

    def __init__(self, title: str, ask: str, label: str, act: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(620)
        told = QLabel(ask)
        told.setWordWrap(True)
        told.setFont(theme.bold(self.font()))
        self.said = QLineEdit()
        theme.inset(self.said)
        self.said.setMinimumHeight(HEIGHT)
        self.said.setMaxLength(500)
        self.said.setAccessibleName(label.replace("&", ""))
        form = QFormLayout()
        form.addRow(label, self.said)
        self.go = ActButton(f"Enter  {act}", next_act=True)
        self.go.allow(False, _NO_WORDS)
        self.go.clicked.connect(self.accept)
        self.said.textChanged.connect(lambda text: self.go.allow(bool(text.strip()), _NO_WORDS))
        _finish(self, told, form, self.go)
        self.said.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        _enter(self, self.go, event)


def _enter(sheet: QDialog, go: ActButton, event: QKeyEvent) -> None:
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        go.click()
    else:
        QDialog.keyPressEvent(sheet, event)


def _finish(sheet: QDialog, told: QLabel, form: QFormLayout, go: ActButton) -> None:
    cancel = ActButton("Esc  Đóng")
    cancel.clicked.connect(sheet.reject)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(go)
    column = QVBoxLayout(sheet)
    column.setContentsMargins(22, 18, 22, 16)
    column.setSpacing(14)
    column.addWidget(told)
    column.addLayout(form)
    column.addLayout(row)
