# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Small sheets: a choice of reasons, an unexpected failure told calmly, leaving while parcels wait.

Apart from the screens because each is shown, answered and gone.
"""

from __future__ import annotations

import traceback
import zlib
from collections.abc import Sequence

from PySide6.QtCore import Qt
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

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import heading

#: px: the sign of a calm sheet, and the least width of one
_SIGN = 28
_CALM = 520


class ReasonSheet(QDialog):
    """Pick a reason from the law's list, add words of one's own."""

    def __init__(
        self, title: str, ask: str, reasons: Sequence[tuple[str, str]], act: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        asked = QLabel(ask)
        asked.setWordWrap(True)
        asked.setFont(theme.bold(self.font()))
        self.reasons = QListWidget()
        self.reasons.setAccessibleName("Lý do")
        for reason_id, label in reasons:
            item = QListWidgetItem(label)
            item.setData(Qt.ItemDataRole.UserRole, reason_id)
            self.reasons.addItem(item)
        self.reasons.setCurrentRow(0)
        self.reasons.setFixedHeight(min(10, max(1, len(reasons))) * (self.fontMetrics().height() + 8) + 8)
        self.reasons.setVisible(bool(reasons))
        self.reasons.itemActivated.connect(lambda _item: self.accept())
        self.note = QLineEdit()
        theme.inset(self.note)
        self.note.setMinimumHeight(34)
        self.note.setPlaceholderText("Ghi thêm (không bắt buộc)")
        self.note.setAccessibleName("Ghi thêm")
        cancel, go = ActButton("Esc  Hủy"), ActButton(f"Enter  {act}", next_act=True)
        cancel.clicked.connect(self.reject)
        go.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        for widget in (asked, self.reasons, self.note):
            column.addWidget(widget)
        column.addLayout(row)
        (self.reasons if reasons else self.note).setFocus()

    def reason(self) -> str:
        item = self.reasons.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)


class BugSheet(QDialog):
    """Something nobody foresaw: a number for the help desk, and the promise that pages are safe."""

    def __init__(self, problem: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Bàn số hóa")
        self.number = bug_number(problem)
        go = ActButton("Enter  Tiếp tục", next_act=True)
        go.setDefault(True)
        go.clicked.connect(self.accept)
        _calm(
            self,
            f"Có trục trặc ngoài dự kiến (mã {self.number}).",
            "Các trang đã quét vẫn an toàn. Nhấn Enter để làm tiếp; nếu lặp lại, báo bộ phận CNTT mã này.",
            go,
        )


class LeaveSheet(QDialog):
    """Parcels still wait: go all the same? They are safe either way, so staying is what Enter and Esc mean."""

    def __init__(self, waiting: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Bàn số hóa")
        self.stay = ActButton("Enter  Ở lại gửi", next_act=True)
        self.stay.setDefault(True)
        self.leave = ActButton("&Thoát")
        self.stay.clicked.connect(self.reject)
        self.leave.clicked.connect(self.accept)
        words = f"Còn {waiting} gói chưa gửi."
        _calm(self, words, "Chúng được giữ an toàn và gửi tiếp lần mở sau.", self.leave, self.stay)
        self.stay.setFocus()


def _calm(sheet: QDialog, what: str, more: str, *buttons: ActButton) -> None:
    """A sign, what is so in large letters, the rest below, and the buttons on the right."""
    sign, head, text = QLabel(), heading(what, scale=1.2), QLabel(more)
    sign.setPixmap(signs.pixmap("alert", _SIGN, signs.role_colour("mind"), sheet.devicePixelRatioF()))
    text.setWordWrap(True)
    text.setTextFormat(Qt.TextFormat.PlainText)
    top, row = QHBoxLayout(), QHBoxLayout()
    top.setSpacing(theme.EDGE)
    top.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
    top.addWidget(head, 1)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    column = QVBoxLayout(sheet)
    column.setContentsMargins(24, 20, 24, 18)
    column.setSpacing(14)
    column.addLayout(top)
    column.addWidget(text)
    column.addLayout(row)
    sheet.setMinimumWidth(_CALM)


def leave_asked(waiting: int, parent: QWidget) -> bool:
    """Whether the program is to be left although parcels still wait."""
    return LeaveSheet(waiting, parent).exec() == QDialog.DialogCode.Accepted


def bug_number(problem: BaseException) -> str:
    """Four hex digits that are the same for the same place in the code."""
    last = traceback.extract_tb(problem.__traceback__)[-1:]
    place = (
        f"{type(problem).__name__}:{last[0].filename.rpartition('/')[2]}:{last[0].lineno}" if last else repr(problem)
    )
    return f"{zlib.crc32(place.encode()) & 0xFFFF:04X}"
