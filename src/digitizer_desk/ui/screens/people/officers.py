# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who may log in at this desk: the list, and a form to add somebody. Only IT sees it (R60)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import ROLE_NAMES, words
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.panels.panel import small_heading
from digitizer_desk.ui.widgets.panels.two_lines import dress_two_lines
from digitizer_desk.ui.widgets.status_line import StatusLine

Add = Callable[[str, str, str, frozenset[Role]], Officer]


class OfficersDialog(QDialog):
    """``known()`` lists the officers, ``add(login, name, password, roles)`` adds one; both run on the pool lane."""

    def __init__(
        self, known: Callable[[], Sequence[Officer]], add: Add, run: Run, least: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._known, self._add, self._run = known, add, run
        self.setWindowTitle("Cán bộ của bàn này")
        self.setMinimumSize(860, 460)
        self.list = QListWidget()
        self.list.setAccessibleName("Cán bộ")
        dress_two_lines(self.list)
        self.name, self.login, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        for box, label, hint in (
            (self.name, "Họ và tên", "Đúng như trên chứng thư số"),
            (self.login, "Tên đăng nhập", ""),
            (self.password, "Mật khẩu đầu tiên", f"Ít nhất {least} ký tự"),
        ):
            box.setMinimumHeight(36)
            theme.inset(box)
            box.setAccessibleName(label)
            box.setPlaceholderText(hint)
            form.addRow(label, box)
        self.roles = {role: QCheckBox(ROLE_NAMES[role]) for role in Role}
        self.roles[Role.CLERK].setChecked(True)
        boxes = QVBoxLayout()
        for check in self.roles.values():
            boxes.addWidget(check)
        form.addRow("Vai trò", boxes)
        self.state = StatusLine()
        self.state.show_state("idle", "Người thêm, người được thêm và giờ thêm được ghi vào nhật ký.", "info")
        self.go = ActButton("Enter  Thêm cán bộ", next_act=True)
        self.go.setDefault(True)
        self.go.clicked.connect(self._submit)
        close = ActButton("Esc  Đóng")
        close.clicked.connect(self.reject)
        self._arrange(form, close)
        self._refresh()

    def _arrange(self, form: QFormLayout, close: ActButton) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        title = small_heading("ĐANG DÙNG BÀN NÀY")
        left.addWidget(title)
        left.addWidget(self.list, 1)
        right.addLayout(form)
        right.addWidget(self.state)
        right.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self.go)
        right.addLayout(row)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(22, 18, 22, 16)
        whole.setSpacing(24)
        whole.addLayout(left, 2)
        whole.addLayout(right, 3)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh(self) -> None:
        self._run("pool", self._known, on_done=self._listed)

    def _listed(self, task: Task[Any]) -> None:
        self.list.clear()
        for officer in task.result():
            roles = ", ".join(ROLE_NAMES[role] for role in Role if role in officer.roles)
            item = QListWidgetItem(f"{officer.name} ({officer.login})\n{roles}")
            item.setToolTip(item.text())
            self.list.addItem(item)

    def _submit(self) -> None:
        roles = frozenset(role for role, check in self.roles.items() if check.isChecked())
        if not self.name.text().strip() or not self.login.text().strip() or not roles:
            self.state.show_state("stop", "Cần họ tên, tên đăng nhập và ít nhất một vai trò.")
            return
        self.go.setEnabled(False)
        password = self.password.text()
        self.password.clear()
        self._run("pool", self._add, self.login.text(), self.name.text(), password, roles, on_done=self._added)

    def _added(self, task: Task[Any]) -> None:
        self.go.setEnabled(True)
        try:
            officer = task.result()
        except DeskError as problem:
            told = words(problem)
            self.state.show_state("stop", f"{told.what} {told.do}")
            self.password.setFocus()
            return
        self.state.show_state("ok", f"Đã thêm {officer.name}.")
        self.name.clear()
        self.login.clear()
        self.name.setFocus()
        self._refresh()
