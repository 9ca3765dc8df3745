# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F3: find a dossier by code or name, without marks and whatever the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from digitizer_desk.lanes import Task
from digitizer_desk.store.dossiers import DossierLine
from digitizer_desk.ui.models.signing import Run

_WAIT_MS = 200


class FindDialog(QDialog):
    """A box and a list; Enter opens.

    Signals:
        chosen(str): id of a dossier.
    """

    chosen = Signal(str)

    def __init__(self, find: Callable[[str], Sequence[DossierLine]], run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find, self._run = find, run
        self.setWindowTitle("Tìm hồ sơ")
        self.setMinimumSize(820, 520)
        self.box = QLineEdit()
        self.box.setMinimumHeight(38)
        self.box.setPlaceholderText("Mã hồ sơ, tên chủ hồ sơ… (không cần dấu)")
        self.box.setAccessibleName("Tìm hồ sơ")
        self.box.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Hồ sơ tìm thấy")
        self.list.itemActivated.connect(self._open)
        self.none = QLabel("Không có hồ sơ nào khớp.")
        self.none.setVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.box)
        column.addWidget(self.list, 1)
        column.addWidget(self.none)
        column.addWidget(QLabel("Enter: mở    ↑ ↓: chọn    Esc: đóng"))
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self._ask)
        self.box.textChanged.connect(lambda _text: self._timer.start())
        self._ask()

    def _ask(self) -> None:
        text = self.box.text()
        self._run("pool", self._find, text, on_done=lambda task: self._came(text, task))

    def _came(self, text: str, task: Task[Any]) -> None:
        if text != self.box.text():
            return  # an older question
        lines: Sequence[DossierLine] = task.result()
        self.list.clear()
        for line in lines:
            when = f"{line.received_at:%d/%m/%Y}"
            item = QListWidgetItem(f"{line.code}   {line.applicant.upper()}\n{line.procedure_title} · nhận {when}")
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.none.setVisible(not lines)

    def _open(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)
