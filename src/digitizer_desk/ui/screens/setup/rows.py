# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One setting as a row: its label, a field fit for its kind, and beside it why it cannot be changed or what is wrong.

Apart from the sections so that every setting looks, answers and refuses alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.screens.setup.table import Kind, Row, Value
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import labelled, quiet
from digitizer_desk.ui.widgets.forms.drop_down import DropDown
from digitizer_desk.ui.widgets.status_line import StatusLine

_FIELD_WIDTH = 460
_FIELD_HEIGHT = 36


class SettingRow(QWidget):
    """Lives in three columns of a grid. It says something only when a hand moved it.

    Signals:
        changed(str, object): key and value the officer gave.
    """

    changed = Signal(str, object)

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self._held: Value = None
        self._choices: tuple[tuple[Value, str], ...] = ()
        self.state = StatusLine(self)
        self.state.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.text = QLineEdit(self)
        self.box = DropDown(self)
        self.told = QLabel(self)
        self.pick = ActButton("Chọn…", parent=self)
        self.field: QWidget = {Kind.CHOICE: self.box, Kind.TOLD: self.told}.get(row.kind, self.text)
        for control in (self.text, self.box, self.told, self.pick):
            control.setVisible(control is self.field)
        self.label = labelled(row.label, self.field)
        self._build()

    def _build(self) -> None:
        self.field.setAccessibleDescription(self.row.hint)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.field, 1)
        self.setFixedWidth(_FIELD_WIDTH)
        if self.row.kind is Kind.TOLD:
            self.told.setWordWrap(True)
            self.told.setTextFormat(Qt.TextFormat.PlainText)
            self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.told.setMinimumHeight(_FIELD_HEIGHT)
            return
        self.field.setMinimumHeight(_FIELD_HEIGHT)
        if self.row.kind is Kind.CHOICE:
            self.box.activated.connect(lambda _index: self._give(self.box.currentData()))
            self.set_choices(self.row.choices)
            return
        theme.inset(self.text)
        self.text.setMaxLength(400)
        self.text.setPlaceholderText(self.row.hint)
        self.text.editingFinished.connect(lambda: self._give(self.text.text().strip()))
        if self.row.kind is Kind.HIDDEN:
            self.text.setEchoMode(QLineEdit.EchoMode.Password)
        if self.row.kind in (Kind.FOLDER, Kind.FILE):
            self.pick.setAccessibleName(f"Chọn {self.row.label.lower()}")
            self.pick.clicked.connect(self._pick)
            self.pick.show()
            line.addWidget(self.pick)

    def place(self, grid: QGridLayout, line: int) -> None:
        """Put label, field and state into a line of the grid."""
        grid.addWidget(self.label, line, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self, line, 1)
        grid.addWidget(self.state, line, 2, Qt.AlignmentFlag.AlignVCenter)

    def set_choices(self, choices: Sequence[tuple[Value, str]]) -> None:
        """What may be chosen; the present value stays chosen where it is among them."""
        self._choices = tuple(choices)
        self.box.clear()
        for value, words in self._choices:
            self.box.addItem(words, value)
        self.show_value(self._held)

    def show_value(self, value: Value) -> None:
        """Show what is set, without saying that it changed. A secret is never shown."""
        self._held = value
        if self.row.kind is Kind.CHOICE:
            values = [known for known, _ in self._choices]
            self.box.setCurrentIndex(values.index(value) if value in values else -1)
        elif self.row.kind is Kind.TOLD:
            self.told.setText(str(value or "—"))
            self.told.setToolTip(str(value or ""))  # a long path has no place to be broken at
        elif self.row.kind is Kind.HIDDEN:
            self.text.clear()
        else:
            self.text.setText("" if value is None else str(value))

    def close_to(self, why: str) -> None:
        """Not to be changed here, and why; '' opens it again."""
        for control in (self.text, self.box):
            control.setEnabled(not why)
        self.pick.allow(not why, why)
        if why:
            self.say("idle", why, "lock")
        else:
            self.say("", "")

    def say(self, role: str, words: str, icon: str = "") -> None:
        """A word beside the field; none takes it away."""
        self.state.setVisible(bool(words))
        if words:
            self.state.show_state(role, words, icon)

    def _give(self, value: Value) -> None:
        if value == self._held or (self.row.kind is Kind.HIDDEN and not value):
            return
        self._held = value
        self.changed.emit(self.row.key, value)

    def _pick(self) -> None:
        now = self.text.text()
        if self.row.kind is Kind.FOLDER:
            found = QFileDialog.getExistingDirectory(self, self.row.label, now)
        else:
            found, _kind = QFileDialog.getOpenFileName(self, self.row.label, now, "Chứng thư (*.pem *.crt *.cer)")
        if found:
            self.text.setText(found)
            self._give(found)


def note(words: str) -> QLabel:
    """A quiet line under the rows."""
    label = quiet(words)
    label.setMaximumWidth(2 * _FIELD_WIDTH)
    return label
