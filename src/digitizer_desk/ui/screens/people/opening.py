# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Before anybody can log in: the cabinet that is being opened, and the one that cannot be.

Apart from the main window, which needs an open desk.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import words
from digitizer_desk.ui import theme
from digitizer_desk.ui.help.sheet import HelpSheet, Told
from digitizer_desk.ui.help.topics import topic_of
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.password_field import PasswordField


class Opening(QWidget):
    """Shown when opening takes longer than a second: work goes on, nothing is asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Bàn số hóa")
        self.setFixedSize(520, 180)
        name = QLabel("Bàn số hóa")
        name.setFont(theme.bold(self.font(), 1.6))
        self.told = QLabel("Đang mở kho dữ liệu…")
        self.more = QLabel("Vừa cập nhật chương trình thì dữ liệu được sao lưu rồi nâng cấp, có thể lâu hơn.")
        self.more.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName("Nâng cấp dữ liệu")
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing moves when it comes
        self.bar.setSizePolicy(kept)
        self.bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.addWidget(name)
        column.addStretch(1)
        column.addWidget(self.told)
        column.addWidget(self.more)
        column.addWidget(self.bar)

    def show_upgrade(self, step: int, steps: int) -> None:
        """How far the upgrade of an older cabinet is: the step that runs, of how many; 0 while it is copied."""
        self.told.setText("Đang sao lưu dữ liệu…" if not step else f"Đang nâng cấp dữ liệu, bước {step} trên {steps}…")
        safe = "Chương trình vừa được cập nhật. Dữ liệu cũ được sao lưu trước; không phải làm gì."
        self.more.setText(safe if not step else "Đã sao lưu dữ liệu cũ. Không tắt máy; xong thì tự vào.")
        self.bar.setRange(0, steps)
        self.bar.setValue(step)
        self.bar.show()


class CannotOpen(QDialog):
    """A calm page: what is the matter, what is safe, whom to call, where the copies lie.

    Ends with ``AGAIN`` (try once more, with :attr:`passphrase` where one was typed) or 0.
    """

    AGAIN = 1

    def __init__(
        self,
        problem: DeskError,
        copies: Path | None = None,
        parent: QWidget | None = None,
        *,
        may_recover: bool = False,
    ) -> None:
        """``copies``: the folder of the second copy, None when none is set. ``may_recover``: the printed passphrase is
        asked for where the key of this machine is missing."""
        super().__init__(parent)
        self.setWindowTitle("Bàn số hóa")
        self.setMinimumWidth(620)
        told = words(problem)
        icon = QLabel()
        icon.setPixmap(signs.pixmap("alert", 40, signs.role_colour("mind"), self.devicePixelRatioF()))
        what = QLabel(told.what)
        what.setFont(theme.bold(self.font(), 1.4))
        why = QLabel(f"{told.why} {told.do}".strip())
        safe = QLabel("Chương trình không sửa, không xóa gì trên máy này. Không tự xóa hay chép đè thư mục dữ liệu.")
        where = QLabel(f"Bản sao lưu: {copies}" if copies is not None else "Chưa đặt nơi sao lưu thứ hai.")
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (what, why, safe, where):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        where.setToolTip(where.text())
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(what, 1)
        locked = may_recover and problem.code in ("store.key_missing", "store.passphrase_wrong")
        self._typed = PasswordField("Cụm từ khôi phục")
        ask = QLabel("&Cụm từ khôi phục, như in trên giấy:")
        ask.setBuddy(self._typed)
        for widget in (ask, self._typed):
            widget.setVisible(locked)
        again, leave = ActButton("Enter  Mở khóa" if locked else "F5  Thử lại", next_act=True), ActButton("Esc  Thoát")
        look = ActButton("Mở thư mục sao &lưu")
        look.setVisible(copies is not None and copies.is_dir())
        again.clicked.connect(lambda: self.done(self.AGAIN))
        leave.clicked.connect(self.reject)
        look.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(copies))))
        row = QHBoxLayout()
        row.addWidget(look)
        row.addStretch(1)
        row.addWidget(leave)
        row.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(14)
        column.addLayout(head)
        for part in (why, ask, self._typed, safe, where):
            column.addWidget(part)
        column.addLayout(row)
        (self._typed if locked else again).setFocus()

    @property
    def passphrase(self) -> str:
        """What was typed, '' for nothing."""
        return self._typed.text().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F5, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done(self.AGAIN)
        elif event.key() == Qt.Key.Key_F1 and (topic := topic_of(self)) is not None:
            HelpSheet(Told(topic), self).exec()  # there is no main window yet that would hear it
        else:
            super().keyPressEvent(event)
