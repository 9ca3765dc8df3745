# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages the supervisor sent back, as work for the clerk: open the paper, or say why the page stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.review import ReturnedPage
from digitizer_desk.messages.review import returned_line, returned_words
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.panels.two_lines import dress_two_lines

_PAGE = int(Qt.ItemDataRole.UserRole)
_NO_REASON = "Ghi vì sao giữ nguyên trang trước."


class ReturnedSheet(QDialog):
    """The list; the first page is chosen.

    Signals:
        open_asked(object): a ReturnedPage to be opened at the counter.
        answered(object, str): a ReturnedPage stays as it is, for this reason.
    """

    open_asked = Signal(object)
    answered = Signal(object, str)

    def __init__(
        self, returned: Sequence[ReturnedPage], faults: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        """``faults``: id of a fault -> its name."""
        super().__init__(parent)
        self.setWindowTitle("Cần quét lại")
        self.setMinimumWidth(720)
        heading = QLabel(returned_words(returned) or "Không có trang nào bị trả lại.")
        heading.setWordWrap(True)
        heading.setFont(theme.bold(self.font()))
        self.list = QListWidget()
        self.list.setAccessibleName("Trang bị trả lại")
        for one in returned:
            item = QListWidgetItem(
                f"{one.page.dossier_code}\n{returned_line(one, faults.get(one.judgement.fault, one.judgement.fault))}"
            )
            item.setIcon(signs.icon("retry", signs.role_colour("stop")))
            item.setToolTip(item.text())
            item.setData(_PAGE, one)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        dress_two_lines(self.list)
        self.list.setFixedHeight(min(6, max(1, len(returned))) * max(1, self.list.sizeHintForRow(0)) + 4)
        self.list.setVisible(bool(returned))
        self.list.itemActivated.connect(lambda _item: self._open())
        self.note = QLineEdit()
        theme.inset(self.note)
        self.note.setMinimumHeight(36)
        self.note.setAccessibleName("Lý do giữ nguyên trang")
        self.note.setPlaceholderText("Vì sao giữ nguyên trang này (giấy gốc mờ, rách…)")
        self.leave = ActButton("&Giữ nguyên trang")
        self.leave.allow(False, _NO_REASON)
        self.note.textChanged.connect(lambda text: self.leave.allow(bool(text.strip()), _NO_REASON))
        self.leave.clicked.connect(self._answer)
        self.go = ActButton("Enter  Mở hồ sơ", next_act=True)
        self.go.clicked.connect(self._open)
        close = ActButton("Esc  Đóng")
        close.clicked.connect(self.reject)
        for widget in (self.note, self.leave, self.go):
            widget.setVisible(bool(returned))
        answer, row = QHBoxLayout(), QHBoxLayout()
        answer.addWidget(self.note, 1)
        answer.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(self.list)
        column.addLayout(answer)
        column.addLayout(row)
        self.list.setFocus()

    def chosen(self) -> ReturnedPage | None:
        """The page of the row."""
        item = self.list.currentItem()
        found = item.data(_PAGE) if item is not None else None
        return found if isinstance(found, ReturnedPage) else None

    def _open(self) -> None:
        page = self.chosen()
        if page is not None:
            self.accept()
            self.open_asked.emit(page)

    def _answer(self) -> None:
        page = self.chosen()
        if page is not None and self.note.text().strip():
            self.accept()
            self.answered.emit(page, self.note.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.note.hasFocus():
                self._answer()
            else:
                self._open()
        else:
            super().keyPressEvent(event)
