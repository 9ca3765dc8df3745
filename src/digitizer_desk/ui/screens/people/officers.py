# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who may log in at this desk: the list, and a form to add somebody or to give a new password. Only IT sees it (R60).

Nobody is ever taken from the list: what they did bears their name. Who left is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
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
from digitizer_desk.ui.widgets.forms.password_field import PasswordField
from digitizer_desk.ui.widgets.panels.panel import small_heading
from digitizer_desk.ui.widgets.panels.ticks import Tick
from digitizer_desk.ui.widgets.panels.two_lines import dress_two_lines
from digitizer_desk.ui.widgets.status_line import StatusLine

_OFFICER = Qt.ItemDataRole.UserRole
_ADD, _RESET = "Enter  Thêm cán bộ", "Enter  Đặt mật khẩu mới"
_CLOSE, _KEEP = "Esc  Đóng", "Esc  Thôi"


@dataclass(frozen=True, slots=True)
class People:
    """What can be done with the officers of a desk; all of it runs on the pool lane.

    ``known()`` lists them, ``add(login, name, password, roles)`` adds one, ``set_active(id, whether)`` lets one log in
    or not, ``reset(id, password)`` gives a new password.
    """

    known: Callable[[], Sequence[Officer]]
    add: Callable[[str, str, str, frozenset[Role]], Officer]
    set_active: Callable[[str, bool], None]
    reset: Callable[[str, str], None]


class OfficersDialog(QDialog):
    """The officers on the left, with their keys; on the right a form for one more, or for a new password."""

    def __init__(self, people: People, run: Run, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people, self._run = people, run
        self._resetting: Officer | None = None
        self.setWindowTitle("Cán bộ của bàn này")
        self.setMinimumSize(860, 460)
        self.list = QListWidget()
        self.list.setAccessibleName("Cán bộ")
        dress_two_lines(self.list)
        self.list.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda _now, _before: self._offer())
        self.stop, self.renew = ActButton("Del  &Ngừng dùng"), ActButton("Enter  Đặt mật &khẩu mới")
        self.stop.clicked.connect(self._toggle)
        self.renew.clicked.connect(self._begin_reset)
        self.name, self.login, self.password = QLineEdit(), QLineEdit(), PasswordField("Mật khẩu")
        form = QFormLayout()
        form.setVerticalSpacing(10)
        for box, label, hint in (
            (self.name, "Họ và tên", "Đúng như trên chứng thư số"),
            (self.login, "Tên đăng nhập", ""),
            (self.password, "Mật khẩu", f"Ít nhất {least} ký tự"),
        ):
            box.setMinimumHeight(36)
            theme.inset(box)
            box.setAccessibleName(label)
            box.setPlaceholderText(hint)
            form.addRow(label, box)
        self.roles = {role: Tick(ROLE_NAMES[role]) for role in Role}
        self.roles[Role.CLERK].setChecked(True)
        boxes = QVBoxLayout()
        for check in self.roles.values():
            boxes.addWidget(check)
        form.addRow("Vai trò", boxes)
        self.state = StatusLine()
        self.state.show_state("idle", "Mỗi lần thêm, ngừng, đặt mật khẩu được ghi vào nhật ký.", "info")
        self.go = ActButton(_ADD, next_act=True)
        self.go.setDefault(True)
        self.go.clicked.connect(self._submit)
        self.leave = ActButton(_CLOSE)
        self.leave.clicked.connect(self.reject)
        self._arrange(form)
        self._refresh()

    def _arrange(self, form: QFormLayout) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(small_heading("CÁN BỘ CỦA BÀN"))
        left.addWidget(self.list, 1)
        acts = QHBoxLayout()
        acts.addWidget(self.stop)
        acts.addWidget(self.renew)
        acts.addStretch(1)
        left.addLayout(acts)
        right.addLayout(form)
        right.addWidget(self.state)
        right.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go)
        right.addLayout(row)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(22, 18, 22, 16)
        whole.setSpacing(24)
        whole.addLayout(left, 2)
        whole.addLayout(right, 3)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refresh(self) -> None:
        self._run("pool", self._people.known, on_done=self._listed)

    def _listed(self, task: Task[Any]) -> None:
        before = self._chosen()
        self.list.clear()
        for officer in task.result():
            roles = ", ".join(ROLE_NAMES[role] for role in Role if role in officer.roles)
            stopped = "" if officer.active else "đã ngừng dùng · "
            item = QListWidgetItem(f"{officer.name} ({officer.login})\n{stopped}{roles}")
            item.setToolTip(item.text())
            item.setData(_OFFICER, officer)
            self.list.addItem(item)
            if before is not None and officer.id == before.id:
                self.list.setCurrentItem(item)
        self._offer()

    def _chosen(self) -> Officer | None:
        item = self.list.currentItem()
        officer: Officer | None = None if item is None else item.data(_OFFICER)
        return officer

    def _offer(self) -> None:
        """What can be done with the one chosen."""
        officer = self._chosen()
        self.stop.setText("Del  Cho dù&ng lại" if officer is not None and not officer.active else "Del  &Ngừng dùng")
        for button in (self.stop, self.renew):
            button.allow(officer is not None, "Chọn một cán bộ trong danh sách trước.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            acts = {
                Qt.Key.Key_Delete: self._toggle,
                Qt.Key.Key_Return: self._begin_reset,
                Qt.Key.Key_Enter: self._begin_reset,
            }
            act = acts.get(Qt.Key(event.key()))
            if act is not None and self._chosen() is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    def _toggle(self) -> None:
        officer = self._chosen()
        assert officer is not None, "the button is closed without one"
        told = "đăng nhập lại được" if not officer.active else "không đăng nhập được nữa; việc đã làm vẫn mang tên"

        def done(task: Task[Any]) -> None:
            self._done(task, f"{officer.name} {told}.")

        self._run("pool", self._people.set_active, officer.id, not officer.active, on_done=done)

    def _begin_reset(self) -> None:
        self._resetting = officer = self._chosen()
        assert officer is not None, "the button is closed without one"
        self.name.setText(officer.name)
        self.login.setText(officer.login)
        self._open(officer.roles, adding=False)
        self.state.show_state("work", f"Mật khẩu mới của {officer.name}. Báo riêng cho người đó.", "pen")

    def _end_reset(self) -> None:
        self._resetting = None
        self.name.clear()
        self.login.clear()
        self._open(frozenset({Role.CLERK}), adding=True)

    def _open(self, roles: frozenset[Role], *, adding: bool) -> None:
        """The form for a new officer, or only its password."""
        for box in (self.name, self.login, *self.roles.values()):
            box.setEnabled(adding)
        for role, check in self.roles.items():
            check.setChecked(role in roles)
        self.leave.setText(_CLOSE if adding else _KEEP)
        self.password.clear()
        self.go.setText(_ADD if adding else _RESET)
        (self.name if adding else self.password).setFocus()

    def reject(self) -> None:
        """Esc leaves the new password first, then the window."""
        if self._resetting is None:
            super().reject()
            return
        self._end_reset()
        self.list.setFocus()
        self.state.show_state("idle", "Mật khẩu cũ vẫn giữ nguyên.", "info")

    def _done(self, task: Task[Any], told: str) -> bool:
        """Say how it went; whether it did."""
        self.go.setEnabled(True)
        try:
            task.result()
        except DeskError as problem:
            found = words(problem)
            self.state.show_state("stop", f"{found.what} {found.do}")
            return False
        self.state.show_state("ok", told)
        self._refresh()
        return True

    def _submit(self) -> None:
        roles = frozenset(role for role, check in self.roles.items() if check.isChecked())
        login, name, password, officer = self.login.text(), self.name.text(), self.password.text(), self._resetting
        if officer is None and not (name.strip() and login.strip() and roles):
            self.state.show_state("stop", "Cần họ tên, tên đăng nhập và ít nhất một vai trò.")
            return
        self.go.setEnabled(False)
        self.password.clear()
        if officer is None:
            self._run("pool", self._people.add, login, name, password, roles, on_done=self._added)
        else:
            self._run("pool", self._people.reset, officer.id, password, on_done=self._was_reset)

    def _added(self, task: Task[Any]) -> None:
        if self._done(task, f"Đã thêm {self.name.text().strip()}."):
            self._end_reset()
        else:
            self.password.setFocus()

    def _was_reset(self, task: Task[Any]) -> None:
        if self._done(task, f"{self.name.text()} có mật khẩu mới."):
            self._end_reset()
            self.list.setFocus()
        else:
            self.password.setFocus()
