# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Everybody's own password: the one in use, and the new one twice.

Apart from the officers' list because only IT sees that, and IT does not know this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages.form import Message
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import heading, labelled, quiet
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote
from digitizer_desk.ui.widgets.forms.password_field import CAPS_WORDS, PasswordField
from digitizer_desk.ui.widgets.status_line import StatusLine

_DIFFER = Message("Hai lần gõ mật khẩu mới khác nhau.", "", "Gõ lại cả hai ô rồi nhấn Enter.")


class OwnPassword(QDialog):
    """``change(old, new)`` runs on the pool lane; closes itself when it is done."""

    def __init__(self, change: Callable[[str, str], None], run: Run, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._change, self._run = change, run
        self.setWindowTitle("Đổi mật khẩu của tôi")
        self.setMinimumWidth(560)
        self.old, self.new, self.again = (
            PasswordField(name) for name in ("Mật khẩu đang dùng", "Mật khẩu mới", "Gõ lại mật khẩu mới")
        )
        self.new.setPlaceholderText(f"Ít nhất {least} ký tự")
        self.caps = StatusLine()
        self.caps.show_state("mind", CAPS_WORDS)
        self.caps.hide()
        self.note = FaultNote()
        self.go = ActButton("Enter  Đổi mật khẩu", next_act=True)
        self.go.setDefault(True)
        self.go.clicked.connect(self._submit)
        for field in (self.old, self.new, self.again):
            field.caps_lock_changed.connect(self.caps.setVisible)
        self._arrange()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        labels = ("Mật khẩu đ&ang dùng", "&Mật khẩu mới", "&Gõ lại mật khẩu mới")
        for row, (label, field) in enumerate(zip(labels, (self.old, self.new, self.again), strict=True)):
            grid.addWidget(labelled(label, field), row, 0)
            grid.addWidget(field, row, 1)
        close = ActButton("Esc  Đóng")
        close.clicked.connect(self.reject)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(close)
        last.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 18, 22, 16)
        whole.setSpacing(10)
        whole.addWidget(heading("Đổi mật khẩu của tôi"))
        whole.addWidget(quiet("Mật khẩu đăng nhập bàn số hóa, không phải mã PIN của token."))
        whole.addLayout(grid)
        whole.addWidget(self.caps)
        whole.addWidget(self.note)
        whole.addLayout(last)
        self.old.setFocus()

    def _submit(self) -> None:
        empty = next((field for field in (self.old, self.new, self.again) if not field.text()), None)
        if empty is not None:  # Enter goes from box to box first
            empty.setFocus()
            return
        old, new, again = (field.text() for field in (self.old, self.new, self.again))
        if new != again:
            self._refuse(_DIFFER, self.new)
            return
        self.note.clear()
        self.go.setEnabled(False)
        self._run("pool", self._change, old, new, on_done=self._done)

    def _done(self, task: Task[Any]) -> None:
        self.go.setEnabled(True)
        try:
            task.result()
        except DeskError as problem:
            weak = problem.code == "officer.password_weak"
            self._refuse(problem, self.new if weak else self.old)
            return
        self.accept()

    def _refuse(self, why: DeskError | Message, field: PasswordField) -> None:
        if isinstance(why, Message):
            self.note.show_message(why)
        else:
            self.note.show_fault(why)
        for typed in (self.new, self.again) if field is self.new else (self.old,):
            typed.clear()
        field.setFocus()
