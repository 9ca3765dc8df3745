# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Two or three answers side by side: all of them seen, arrows choose, one stop for Tab.

Apart because a list that folds away hides what the other answers are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QRadioButton, QWidget

from digitizer_desk.ui.widgets.panels.ticks import OneOf

T = TypeVar("T")


class ChoiceRow(QWidget, Generic[T]):
    """Signals:
    changed(): another answer is chosen.
    """

    changed = Signal()

    def __init__(self, name: str, answers: Mapping[T, str], chosen: T) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.buttons: dict[T, QRadioButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        for value, words in answers.items():
            button = OneOf(words)
            button.setMinimumHeight(32)
            button.setAccessibleName(f"{name}: {words}")
            self._group.addButton(button)
            self.buttons[value] = button
            row.addWidget(button)
        row.addStretch(1)
        self._group.buttonToggled.connect(self._toggled)
        self.buttons[chosen].setChecked(True)

    def _toggled(self, _button: QAbstractButton, on: bool) -> None:
        if on:
            for button in self.buttons.values():  # Tab stops at the chosen one only, as arrows lead to the others
                button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus)
            self.changed.emit()

    @property
    def value(self) -> T:
        """The answer chosen."""
        return next(value for value, button in self.buttons.items() if button.isChecked())

    def take_focus(self) -> None:
        self.buttons[self.value].setFocus()

    def has_focus(self) -> bool:
        return any(button.hasFocus() for button in self.buttons.values())
