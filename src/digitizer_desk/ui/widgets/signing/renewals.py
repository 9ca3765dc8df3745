# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The archive timestamps that end soon, and renewing them now instead of at the next round of sending.

Apart from the panel of one document because it is about the whole cabinet.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.messages.signatures import renewal_line
from digitizer_desk.steps.signatures.renew import Held, Renewed, due, renew
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.panels.two_lines import dress_two_lines
from digitizer_desk.ui.widgets.status_line import StatusLine


class RenewalsSheet(QDialog):
    """Lists what is due; "Gia hạn ngay" works on the network lane. Esc ends after the document in work."""

    def __init__(self, desk: Desk | None, bridge: Bridge | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._task: Task[Renewed] | None = None
        self._failed = ""
        self.setWindowTitle("Dấu thời gian sắp hết hạn")
        self.setMinimumWidth(680)
        self.resize(760, 420)
        self.line = StatusLine()
        self.line.show_state("work", "Đang xem…")
        self.list = QListWidget()
        dress_two_lines(self.list)
        self.list.setAccessibleName("Tài liệu có dấu thời gian sắp hết hạn")
        note = QLabel("Gia hạn không cần token. Máy cũng tự gia hạn mỗi ngày một lần, sau khi gửi xong.")
        note.setWordWrap(True)
        self.now = ActButton("&Gia hạn ngay", next_act=True)
        self.now.setEnabled(False)
        self.now.clicked.connect(self._renew)
        leave = ActButton("Esc  Bỏ qua")
        leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self.now)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(note)
        column.addLayout(buttons)
        self._look()

    def _look(self) -> None:
        if self._desk is not None and self._bridge is not None:
            self._bridge.run("pool", due, self._desk, on_done=lambda task: self.show_due(task.result()))

    def show_due(self, waiting: Sequence[Held]) -> None:
        """Show these, the first to end first; what could not be renewed just now stays told."""
        self.list.clear()
        for held in waiting:
            told = renewal_line(held.parcel, held.until, here_only=held.here_only)
            item = QListWidgetItem(told.replace(": ", "\n", 1))
            item.setToolTip(told)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        if self._failed:
            self.line.show_state("mind", f"Chưa gia hạn được: {self._failed}")
        elif waiting:
            self.line.show_state("mind", f"{len(waiting)} tài liệu cần gia hạn dấu thời gian.")
        else:
            self.line.show_state("ok", "Không có dấu thời gian nào sắp hết hạn.")
        self.now.setEnabled(bool(waiting) and self._has_service)
        if waiting and not self._has_service:
            self.line.show_state("mind", "Máy này chưa đặt nơi cấp dấu thời gian. Báo bộ phận CNTT.")

    @property
    def _has_service(self) -> bool:
        return self._desk is not None and self._desk.stamps is not None

    def _renew(self) -> None:
        if self._desk is None or self._bridge is None or self._task is not None:
            return
        self.now.setEnabled(False)
        self.line.show_state("work", "Đang gia hạn…")
        self._task = self._bridge.run("network", renew, self._desk, on_event=self._in_work, on_done=self._ended)

    def _in_work(self, held: Held) -> None:
        self.line.show_state("work", f"Đang gia hạn: {held.parcel.component_title}")

    def _ended(self, task: Task[Renewed]) -> None:
        self._task = None
        outcome = task.result()
        self._failed = sentence(outcome.failed[0][1]) if outcome.failed else ""
        self._look()

    def done(self, result: int) -> None:
        if self._task is not None:
            self._task.stop()
        super().done(result)
