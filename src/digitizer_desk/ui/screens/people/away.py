# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The cabinet this machine has the key of is not in its folder: its disk is to be connected, not a new one to be made.

Apart from a cabinet that cannot be opened: there one thing can be done, here there are two, and one of them is a trap.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import words
from digitizer_desk.ui import theme
from digitizer_desk.ui.help.sheet import HelpSheet, Told
from digitizer_desk.ui.help.topics import topic_of
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.panels.ticks import Tick

_MEANS = (
    "Kho mới trống: không có hồ sơ, trang quét, gói chờ gửi và tài khoản nào của kho cũ. Khóa của kho cũ vẫn được giữ: "
    "khi ổ đĩa ấy trở lại, chương trình mở kho cũ, và hồ sơ nhận trong kho mới không hiện ra nữa."
)
_NOT_YET = "Đánh dấu ô ở trên trước."


class CabinetAway(QDialog):
    """Which cabinet, where it should lie, what to do; and what it means to go on without it.

    Ends with ``AGAIN`` (the disk may be there now), ``ANEW`` (make another cabinet, said twice) or 0.
    """

    AGAIN, ANEW = 1, 2

    def __init__(self, problem: DeskError, copies: Path | None = None, parent: QWidget | None = None) -> None:
        """``copies``: the folder of the second copy, None when none is known."""
        super().__init__(parent)
        self.setWindowTitle("Bàn số hóa")
        self.setMinimumWidth(640)
        told = words(problem)
        self._what, self._why = _line("Ổ đĩa có kho dữ liệu cũ chưa cắm?"), _line(str(told))
        self._what.setFont(theme.bold(self.font(), 1.4))
        self._safe = _line("Chưa có gì được tạo hay sửa trên máy này.")
        lost = f"khôi phục từ bản sao lưu ở {copies}" if copies is not None else "khôi phục từ bản sao lưu"
        self._lost = _line(f"Ổ đĩa hỏng hoặc mất: đừng lập kho mới, báo bộ phận CNTT {lost}.")
        self.again = ActButton("F5  Thử lại", next_act=True)
        self.leave = ActButton("Esc  Thoát")
        self.other = ActButton("Lập kho &mới…")
        self.means = _line(_MEANS)
        self.sure = Tick("Tôi hiểu, và bộ phận CNTT đã đồng ý &bỏ qua kho cũ")
        self.anew = ActButton("&Lập kho mới")
        self.anew.allow(False, _NOT_YET)
        self.again.clicked.connect(lambda: self.done(self.AGAIN))
        self.leave.clicked.connect(self.reject)
        self.other.clicked.connect(self._explain)
        self.sure.toggled.connect(lambda sure: self.anew.allow(sure, _NOT_YET))
        self.anew.clicked.connect(lambda: self.done(self.ANEW))
        for later in (self.means, self.sure, self.anew):
            later.hide()
        self._arrange()
        self.again.setFocus()

    def _arrange(self) -> None:
        icon = QLabel()
        icon.setPixmap(signs.pixmap("alert", 40, signs.role_colour("mind"), self.devicePixelRatioF()))
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._what, 1)
        row = QHBoxLayout()
        for button in (self.other, self.anew):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(14)
        column.addLayout(head)
        for part in (self._why, self._safe, self._lost, self.means, self.sure):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(row)

    def _explain(self) -> None:
        """The second choice was pressed: first what it means."""
        self.other.hide()
        for now in (self.means, self.sure, self.anew):
            now.show()
        self.sure.setFocus()
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F5, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done(self.AGAIN)  # whatever has the keys: Enter never makes another cabinet
        elif event.key() == Qt.Key.Key_F1 and (topic := topic_of(self)) is not None:
            HelpSheet(Told(topic), self).exec()  # there is no main window yet that would hear it
        else:
            super().keyPressEvent(event)


def _line(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
