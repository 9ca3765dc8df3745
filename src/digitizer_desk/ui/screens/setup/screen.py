# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The settings: sections on the left, one page on the right. What is changed holds at once; there is nothing to apply.

Apart from what a change does (``settings_work.py``): here are only rows and what they say.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.screens.setup.section import SectionPage
from digitizer_desk.ui.screens.setup.sections import SectionScreen
from digitizer_desk.ui.screens.setup.table import SECTIONS, Section
from digitizer_desk.ui.widgets.forms.rows_table import Padded
from digitizer_desk.ui.widgets.panels.panel import Panel
from digitizer_desk.ui.widgets.panels.scrolled import scrolled

_LIST_WIDTH = 220
#: px beside the names of the sections
_ROOM = 14


class SettingsScreen(SectionScreen):
    """Signals: as of :class:`SectionScreen`."""

    def __init__(self, sections: Sequence[Section] = SECTIONS, parent: QWidget | None = None) -> None:
        super().__init__(sections, parent)
        self.list = QListWidget()
        self.list.setAccessibleName("Mục thiết lập")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setItemDelegate(Padded(self.list, _ROOM))
        self.stack = QStackedWidget()
        for section in sections:
            item = QListWidgetItem(section.title)
            item.setSizeHint(QSize(0, self.fontMetrics().height() + 18))
            self.list.addItem(item)
            self.stack.addWidget(scrolled(self.pages[section.id]))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        left, right = Panel(), Panel()
        left.column.setContentsMargins(1, theme.GAP, 1, theme.GAP)
        left.column.addWidget(self.list)
        right.column.addWidget(self.stack)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(10)
        whole.addWidget(left)
        whole.addWidget(right, 1)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.setFocusProxy(self.list)

    @property
    def page(self) -> SectionPage:
        """The page looked at."""
        return list(self.pages.values())[self.list.currentRow()]

    @property
    def section(self) -> str:
        return self.page.section.id

    def open_section(self, section_id: str) -> None:
        """Show a section, with the caret in its list."""
        self.list.setCurrentRow(list(self.pages).index(section_id))

    def _show(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        self.shown.emit(self.section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.list.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.page.take_focus()
        else:
            super().keyPressEvent(event)
