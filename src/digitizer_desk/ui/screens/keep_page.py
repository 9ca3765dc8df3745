# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Keeping a page in spite of a finding: which one, and why.

Apart from the inspector because the counter asks the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.finding import Finding
from digitizer_desk.dossier.model import Page
from digitizer_desk.messages import finding_words
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.drop_down import DropDown
from digitizer_desk.ui.widgets.panels.ticks import OneOf

#: the reason in the regulation's list that wants the clerk's own words
_OWN_WORDS = "other"


@dataclass(frozen=True, slots=True)
class KeepReason:
    """A reason from the regulation's short list."""

    id: str
    label: str


def may_keep(page: Page) -> tuple[Finding, ...]:
    """The findings of a page the law lets a clerk decide on, and nobody has yet."""
    decided = {keep.rule for keep in page.keeps}
    return tuple(f for f in page.findings if f.keep_allowed and f.rule not in decided)


class KeepPage(QDialog):
    """Asks for one reason from the list or in the clerk's own words. Without one the button sleeps."""

    def __init__(
        self, number: int, findings: Sequence[Finding], reasons: Sequence[KeepReason], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Giữ trang {number}")
        self.setMinimumWidth(460)
        self._findings = tuple(findings)
        self._reasons = tuple(reason for reason in reasons if reason.id != _OWN_WORDS)
        own = next((reason.label for reason in reasons if reason.id == _OWN_WORDS), "Lý do khác (ghi rõ)")
        self.which = DropDown()
        self.which.setAccessibleName("Điểm kiểm tra được bỏ qua")
        for finding in self._findings:
            self.which.addItem(finding_words(finding, number).what.rstrip("."))
        self._group = QButtonGroup(self)
        self.choices: list[QRadioButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(QLabel("Trang được giữ dù:"))
        column.addWidget(self.which)
        column.addWidget(QLabel("Lý do (ghi vào nhật ký, người duyệt sẽ thấy):"))
        for number_, reason in enumerate(self._reasons, start=1):
            choice = OneOf(f"{number_}  {reason.label}")
            self._add_choice(column, choice)
        self._other = OneOf(f"{len(self._reasons) + 1}  {own}:")
        self.note = QLineEdit()
        theme.inset(self.note)
        self.note.setMaxLength(200)
        self.note.setAccessibleName("Lý do khác")
        row = QHBoxLayout()
        self._add_choice(row, self._other)
        row.addWidget(self.note, 1)
        column.addLayout(row)
        self.keep = ActButton("Enter  &Giữ trang", next_act=True)
        self.keep.setDefault(True)
        self.keep.setEnabled(False)
        self.keep.clicked.connect(self.accept)
        leave = ActButton("Esc  Hủy")
        leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self.keep)
        column.addLayout(buttons)
        self.note.textEdited.connect(lambda _text: self._other.setChecked(True))
        self.note.textChanged.connect(lambda _text: self._wake())
        self._other.toggled.connect(lambda on: self.note.setFocus() if on else None)
        self._group.buttonToggled.connect(lambda *_: self._wake())
        if self.choices:
            self.choices[0].setFocus()

    def _add_choice(self, layout: QVBoxLayout | QHBoxLayout, choice: QRadioButton) -> None:
        self._group.addButton(choice)
        self.choices.append(choice)
        layout.addWidget(choice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit picks its reason; Alt and a digit stay free, Windows writes letters with them."""
        number = event.text()
        if number.isdigit() and 1 <= int(number) <= len(self.choices):
            self.choices[int(number) - 1].setChecked(True)
        else:
            super().keyPressEvent(event)

    @property
    def rule(self) -> str:
        """The rule id of the finding decided on."""
        return self._findings[self.which.currentIndex()].rule

    @property
    def reason(self) -> str:
        """The id of the reason picked, "other" for one in the clerk's own words, '' while none is."""
        for reason, choice in zip(self._reasons, self.choices, strict=False):
            if choice.isChecked():
                return reason.id
        return _OWN_WORDS if self.words else ""

    @property
    def words(self) -> str:
        """The clerk's own words, '' for a reason from the list."""
        return self.note.text().strip() if self._other.isChecked() else ""

    def _wake(self) -> None:
        self.keep.setEnabled(bool(self.reason))
