# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The tray of files that arrived and belong nowhere yet: each is looked at, then placed by a person or taken out.

Apart from the counter because whose paper it is must be seen on the paper before it goes into anybody's dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.model import VIETNAM, Component
from digitizer_desk.store.intake.arrivals import Arrival
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.preview import SheetPreview


class TrayDialog(QDialog):
    """Ends with ASSIGN, DROP, or 0 for neither; :meth:`chosen` tells which file was meant."""

    ASSIGN, DROP = 1, 2

    def __init__(
        self,
        waiting: Sequence[Arrival],
        component: str,
        preview: Callable[[Arrival], NDArray[np.uint8]],
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        """``component``: title of the one that lies open, '' when none does. ``preview`` runs on the pool lane."""
        super().__init__(parent)
        self.setWindowTitle("Tệp chờ xếp")
        self.resize(900, 620)
        self._waiting, self._preview, self._may = tuple(waiting), preview, bool(component)
        ask = QLabel(
            f"Xem giấy của ai, rồi xếp vào «{component}»."
            if component
            else "Mở hồ sơ và chọn thành phần trước, rồi mở lại khay này để xếp."
        )
        ask.setWordWrap(True)
        ask.setFont(theme.bold(self.font()))
        self.list = QListWidget()
        self.list.setAccessibleName("Tệp chờ xếp")
        self.list.setMinimumWidth(300)
        for arrival in self._waiting:
            came = arrival.came_at.astimezone(VIETNAM)
            weight = f"{arrival.size / 1e6:.1f}".replace(".", ",")
            item = QListWidgetItem(f"{arrival.name}\n{came:%H:%M %d/%m} · {weight} MB")
            item.setToolTip(arrival.name)
            self.list.addItem(item)
        self.paper = SheetPreview(run, "Trang đầu của tệp")
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.list)
        middle.addWidget(self.paper, 1)
        drop, cancel = ActButton("Del  Bỏ khỏi khay"), ActButton("Esc  Đóng", next_act=not component)
        go = ActButton("Enter  Xếp vào đây", next_act=True)
        go.setVisible(bool(component))
        go.clicked.connect(self._assign)
        drop.clicked.connect(self._drop)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(drop)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(ask)
        column.addLayout(middle, 1)
        column.addLayout(row)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def chosen(self) -> Arrival | None:
        row = self.list.currentRow()
        return self._waiting[row] if 0 <= row < len(self._waiting) else None

    def _assign(self) -> None:
        if self._may:
            self.done(self.ASSIGN)

    def _drop(self) -> None:
        arrival = self.chosen()
        if arrival is not None and drop_asked(arrival, self):
            self.done(self.DROP)

    def _show(self, row: int) -> None:
        self.paper.show_sheet(self._preview, self._waiting[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._assign()
        elif event.key() == Qt.Key.Key_Delete:
            self._drop()
        else:
            super().keyPressEvent(event)


def replace_asked(component: Component, parent: QWidget) -> bool:
    """Pages lie there: put the file in their place? Undo gives them back, and not to do it is what Enter means."""
    return asked(
        parent,
        f"«{component.title}» đã có {len(component.pages)} trang. Một thành phần là một tệp riêng.\n\n"
        "Thay tất cả bằng tệp vừa chọn? Các trang cũ vẫn được giữ; Ctrl+Z để lấy lại.",
        "Thay tất cả",
        "Giữ trang cũ",
    )


def drop_asked(arrival: Arrival, parent: QWidget) -> bool:
    """Out of the tray for good? Journaled; the bytes stay in the cabinet."""
    return asked(
        parent,
        f"Bỏ «{arrival.name}» khỏi khay? Việc này được ghi nhật ký; tệp vẫn nằm trong kho.",
        "Bỏ khỏi khay",
        "Giữ lại",
    )


def asked(parent: QWidget, text: str, yes: str, no: str) -> bool:
    """A question whose buttons are the acts; ``no`` is what Enter and Esc mean."""
    box = QMessageBox(parent)
    box.setWindowTitle("Bàn số hóa")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    stay = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    go = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is go
