# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""No dossier on the desk: one big next act, and the last five to go back to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from digitizer_desk.store.dossiers import DossierLine
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton


class Start(QWidget):
    """The empty counter.

    Signals:
        open_asked(str): id of a dossier.
        returned_asked(): show the pages the supervisor sent back.
    """

    open_asked = Signal(str)
    returned_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        big = QLabel("F2 — quét mã trên giấy tiếp nhận")
        big.setFont(theme.bold(self.font(), 2.0))
        big.setAlignment(Qt.AlignmentFlag.AlignCenter)
        small = QLabel("Hoặc gõ mã hồ sơ. F3 để tìm hồ sơ đã nhận.")
        small.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel("HỒ SƠ GẦN ĐÂY")
        self._title.setFont(theme.bold(self.font(), 0.93))
        self.recent = QListWidget()
        self.recent.setAccessibleName("Hồ sơ gần đây")
        self.recent.setFrameShape(QFrame.Shape.StyledPanel)
        self.recent.itemActivated.connect(lambda item: self.open_asked.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.returned = ActButton()
        self.returned.setIcon(signs.icon("retry", signs.role_colour("stop")))
        self.returned.setVisible(False)
        self.returned.clicked.connect(self.returned_asked)
        box = QFrame()
        box.setFixedWidth(860)
        inner = QVBoxLayout(box)
        inner.setSpacing(8)
        inner.addWidget(self._title)
        inner.addWidget(self.recent)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(big)
        column.addWidget(small)
        column.addSpacing(10)
        column.addWidget(self.returned, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(18)
        column.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.show_recent(())

    def show_returned(self, words: str) -> None:
        """Work that came back from the supervisor, before anything else; '' = none."""
        self.returned.setText(f"Ctrl+Shift+N  CẦN QUÉT LẠI — {words}")
        self.returned.setVisible(bool(words))

    def show_recent(self, lines: Sequence[DossierLine]) -> None:
        """The last dossiers, newest first."""
        self.recent.clear()
        for line in lines:
            words = f"{line.code}   {line.applicant.upper()}\n{line.procedure_title} · {state_of(line)}"
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            self.recent.addItem(item)
        row = self.fontMetrics().height() * 2 + 14
        self.recent.setFixedHeight(row * max(1, min(5, len(lines))) + 4)
        self._title.setVisible(bool(lines))
        self.recent.setVisible(bool(lines))
        if lines:
            self.recent.setCurrentRow(0)


def state_of(line: DossierLine) -> str:
    """How far a dossier is, in a few words."""
    if line.accepted:
        return "tỉnh đã nhận đủ" if not line.unfinished else f"tỉnh đã nhận {line.accepted} trên {line.scanned} giấy tờ"
    return f"đã quét {line.scanned} giấy tờ, chưa gửi" if line.scanned else "chưa quét"
