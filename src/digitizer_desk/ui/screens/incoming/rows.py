# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Tables whose last column is a state: sign, colour and word together.

Apart because both rooms here read alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.forms.rows_table import dress_rows

_ROW = 36

#: texts of a row, then role and words of its state
StateRow = tuple[Sequence[str], tuple[str, str]]


def state_table(columns: Sequence[tuple[str, int]], name: str) -> QTableWidget:
    """``columns``: heading and width in px."""
    table = QTableWidget(0, len(columns))
    table.setHorizontalHeaderLabels([label for label, _ in columns])
    dress_rows(table, name, [width for _, width in columns], _ROW)
    return table


def fill(table: QTableWidget, rows: Sequence[StateRow]) -> None:
    """Show these rows; the one that was chosen stays chosen while it is there."""
    before = table.currentRow()
    table.setRowCount(len(rows))
    for row, (texts, (role, words)) in enumerate(rows):
        for column, text in enumerate(texts):
            _put(table, row, column, QTableWidgetItem(text))
        item = QTableWidgetItem(signs.icon(signs.role_sign(role), signs.role_colour(role)), words)
        if role in ("stop", "mind", "ok"):
            item.setForeground(QBrush(signs.role_colour(role)))
        _put(table, row, len(texts), item)
    if rows:
        table.selectRow(min(max(before, 0), len(rows) - 1))


def _put(table: QTableWidget, row: int, column: int, item: QTableWidgetItem) -> None:
    item.setToolTip(item.text())
    table.setItem(row, column, item)
