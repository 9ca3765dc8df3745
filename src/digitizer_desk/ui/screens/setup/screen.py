# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The settings: sections on the left, one page on the right. What is changed holds at once; there is nothing to apply.

Apart from what a change does (``settings_work.py``): here are only rows and what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QStackedWidget, QWidget

from digitizer_desk.ui.screens.setup.rows import SettingRow
from digitizer_desk.ui.screens.setup.section import SectionPage
from digitizer_desk.ui.screens.setup.table import SECTIONS, Section, Value

_LIST_WIDTH = 220


class SettingsScreen(QWidget):
    """Signals:
    changed(str, object): key and value the officer gave.
    act_asked(str): a button was pressed.
    shown(str): another section is looked at.
    """

    changed = Signal(str, object)
    act_asked = Signal(str)
    shown = Signal(str)

    def __init__(self, sections: Sequence[Section] = SECTIONS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = {section.id: SectionPage(section) for section in sections}
        self.list = QListWidget()
        self.list.setAccessibleName("Mục thiết lập")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setStyleSheet("QListWidget::item { padding: 0 8px; }")
        self.stack = QStackedWidget()
        for section in sections:
            item = QListWidgetItem(section.title)
            item.setSizeHint(QSize(0, self.fontMetrics().height() + 18))
            self.list.addItem(item)
            page = self.pages[section.id]
            page.changed.connect(self.changed)
            page.act_asked.connect(self.act_asked)
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(page)
            self.stack.addWidget(area)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 12, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.list)
        whole.addWidget(self.stack, 1)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.setFocusProxy(self.list)

    @property
    def page(self) -> SectionPage:
        """The section looked at."""
        return list(self.pages.values())[self.list.currentRow()]

    def open_section(self, section_id: str) -> None:
        """Show a section, with the caret in its list."""
        self.list.setCurrentRow(list(self.pages).index(section_id))

    def _show(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        self.shown.emit(self.page.section.id)

    def show_values(self, value: Callable[[str], Value], closed: Callable[[str], str]) -> None:
        """Fill all rows: ``value(key)``, and ``closed(key)``, why a row is not to be changed ('' = it may be)."""
        for page in self.pages.values():
            for key, row in page.rows.items():
                row.show_value(value(key))
                row.close_to(closed(key))

    def set_choices(self, key: str, choices: Sequence[tuple[Value, str]]) -> None:
        """What may be chosen in a row."""
        self._row(key).set_choices(choices)

    def tell(self, facts: Mapping[str, str]) -> None:
        """Fill rows that are only shown."""
        for key, words in facts.items():
            self._row(key).show_value(words)

    def refuse(self, key: str, words: str, value: Value) -> None:
        """Why a value was not taken; the row shows again what is set."""
        row = self._row(key)
        row.show_value(value)
        row.say("stop", words)
        row.field.setFocus()

    def accept(self, key: str, words: str) -> None:
        """A value was taken."""
        self._row(key).say("ok", words)

    def _row(self, key: str) -> SettingRow:
        return next(page.rows[key] for page in self.pages.values() if key in page.rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.list.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.page.take_focus()
        else:
            super().keyPressEvent(event)
