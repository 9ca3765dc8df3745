# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One section of the settings: its rows, its buttons, what a button found, and the sheet a trial scan gave.

Apart from the screen because the first start shows the same sections one after the other.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from digitizer_desk.ui.screens.setup.rows import SettingRow, note
from digitizer_desk.ui.screens.setup.table import Section
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import heading
from digitizer_desk.ui.widgets.status_line import StatusLine

_SHEET = 260


class SectionPage(QWidget):
    """Signals:
    changed(str, object): key and value the officer gave.
    act_asked(str): a button of the section.
    """

    changed = Signal(str, object)
    act_asked = Signal(str)

    def __init__(self, section: Section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.rows = {row.key: SettingRow(row) for row in section.rows}
        self.acts = {act.id: ActButton(act.words) for act in section.acts}
        self.answer = StatusLine()
        self.answer.hide()
        self.sheet = Sheet()
        self.sheet.hide()
        for row in self.rows.values():
            row.changed.connect(self.changed)
        for act_id, button in self.acts.items():
            button.clicked.connect(lambda _on=False, asked=act_id: self.act_asked.emit(asked))
        self._arrange()

    def _arrange(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 8, 8, 8)
        whole.setSpacing(16)
        column = QVBoxLayout()
        whole.addLayout(column, 3)
        whole.addWidget(self.sheet, 1)
        column.setSpacing(12)
        self.title = heading(self.section.title, scale=1.35)
        column.addWidget(self.title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnMinimumWidth(0, 170)
        grid.setColumnStretch(2, 1)
        for line, row in enumerate(self.rows.values()):
            row.place(grid, line)
        column.addLayout(grid)
        if self.acts:
            buttons = QHBoxLayout()
            for button in self.acts.values():
                buttons.addWidget(button)
            buttons.addStretch(1)
            column.addLayout(buttons)
        column.addWidget(self.answer)
        if self.section.note:
            column.addWidget(note(self.section.note))
        column.addStretch(1)

    def take_focus(self) -> None:
        """The first field that can be filled in, else the first button."""
        for control in (*(row.field for row in self.rows.values()), *self.acts.values()):
            if control.isEnabled() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                control.setFocus()
                return

    def say(self, role: str, words: str) -> None:
        """What a button found."""
        self.answer.setVisible(bool(words))
        if words:
            self.answer.show_state(role, words)

    def busy(self, act: str, words: str) -> None:
        """A button at work: it is closed until ``done``."""
        for button in self.acts.values():
            button.setEnabled(not act)
        if act:
            self.say("work", words)


class Sheet(QLabel):
    """A scanned sheet, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setMinimumSize(_SHEET, _SHEET)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Trang quét thử")

    def show_sheet(self, picture: QPixmap) -> None:
        self._picture = picture
        self.setVisible(not picture.isNull())
        self._fit()

    def _fit(self) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        shown = self._picture.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit()
