# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the supervisor's desk is made of: a card with one number, and small tables that are read at a glance.

Apart from the desk itself, which only says what they show.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QLabel, QSizePolicy, QTableWidget, QTableWidgetItem

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.forms.card import quiet
from digitizer_desk.ui.widgets.forms.rows_table import dress_table
from digitizer_desk.ui.widgets.panels.panel import Panel
from digitizer_desk.ui.widgets.review.charts import CHART
from digitizer_desk.ui.widgets.status_line import StatusLine

_ROW = 34
#: rows a table on a panel shows before it scrolls
_MOST = 7


class NumberCard(Panel):
    """A number that is read from across the room, what it counts, and below it a word."""

    def __init__(self) -> None:
        super().__init__()
        self.column.setSpacing(0)
        self._head, self._number, self._plain, self._state = quiet(), QLabel(), quiet(), StatusLine()
        self._number.setFont(theme.bold(self.font(), 1.9))
        for part in (self._head, self._number, self._plain, self._state):
            self.column.addWidget(part)

    def show_facts(self, heading: str, number: str, below: str, role: str) -> None:
        """``role`` idle is a plain word; any other takes its colour and its sign."""
        self._head.setText(heading)
        self._number.setText(number)
        self._plain.setText(below)
        self._state.show_state(role, below)
        self._plain.setVisible(role == "idle")
        self._state.setVisible(role != "idle")
        self.setAccessibleName(f"{heading}: {number}, {below}")


class _Glance(QTableWidget):
    """As high as its rows, up to a few. Without ``keeps`` a row is marked only while the table has the keys, where
    nothing else on the screen hangs on which one it is.
    """

    def __init__(self, columns: int, *, keeps: bool) -> None:
        super().__init__(0, columns)
        self._keeps = keeps
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        rows = min(self.rowCount(), _MOST) * self.verticalHeader().defaultSectionSize()
        return QSize(super().sizeHint().width(), self.horizontalHeader().sizeHint().height() + rows + 2)

    minimumSizeHint = sizeHint

    def rest(self) -> None:
        """Take the mark away unless it is kept, or the keys are here."""
        if not self._keeps and not self.hasFocus():
            self.clearSelection()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self._keeps:
            self.selectRow(max(0, self.currentRow()))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.rest()


def glance_table(name: str, header: Sequence[str], *, stretched: int, keeps: bool = True) -> QTableWidget:
    """A table without a frame whose columns are as broad as their words; ``stretched`` takes what is left.

    ``keeps``: the row chosen stays marked when the keys go elsewhere.
    """
    table = _Glance(len(header), keeps=keeps)
    table.setHorizontalHeaderLabels(list(header))
    dress_table(table, name, _ROW)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setFrameShape(QFrame.Shape.NoFrame)
    heading = table.horizontalHeader()
    for column in range(len(header)):
        heading.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    heading.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    return table


def glance_cell(text: str, *, chart: object = None, right: bool = False) -> QTableWidgetItem:
    """A cell; ``chart`` is what the delegate of its column paints."""
    item = QTableWidgetItem(text)
    if chart is not None:
        item.setData(CHART, chart)
    if right:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def fill_glance(table: QTableWidget, rows: Sequence[Sequence[QTableWidgetItem]]) -> None:
    """Show these rows, the chosen one kept, and be no higher than they need."""
    kept = max(0, table.currentRow())
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            table.setItem(row, column, cell)
    table.setVisible(bool(rows))
    if rows:
        table.setCurrentCell(min(kept, len(rows) - 1), 0)
    if isinstance(table, _Glance):
        table.rest()
    table.updateGeometry()
