# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A table one reads row by row: whole rows chosen, nothing edited, Tab leads on to the next control.

Apart because every list of dossiers, documents and parcels looks and answers alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTableWidget,
)

from digitizer_desk.ui import theme

#: the style itself puts 3 px between the padding of a cell and its words, and none in a heading
_STYLE = 3
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_Index = QModelIndex | QPersistentModelIndex


def _sheet(padding: int, *, parted: bool) -> str:
    edge = "border-right: 1px solid palette(midlight);" if parted else ""
    return f"""
    QTableView::item {{ padding: 0 {padding}px; }}
    QHeaderView {{ background: palette(base); }}
    QHeaderView::section {{ padding: 4px {padding + _STYLE}px; border: none; border-bottom: 1px solid palette(mid);
                            background: palette(base); {edge} }}
    """


class Ruled(QStyledItemDelegate):
    """A cell with a thin line below: the eye stays in its row, however wide the table."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        self.rule(painter, option)

    def rule(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """The line alone, for delegates that paint their cell themselves."""
        if option.state & QStyle.StateFlag.State_Selected:
            return
        painter.save()
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Midlight), 1.0))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()


def dress_table(table: QTableView, name: str, row_height: int, *, dense: bool = False) -> None:
    """The hand of all tables: no grid but thin rules, a bold heading over its column. ``name`` for screen readers;
    ``dense`` for many columns.
    """
    table.setAccessibleName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setStyleSheet(_sheet(2 if dense else 5, parted=dense))
    table.setItemDelegate(Ruled(table))
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height)
    heading = table.horizontalHeader()
    heading.setFont(theme.bold(table.font()))
    heading.setHighlightSections(False)
    heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def dress_rows(table: QTableView, name: str, widths: Sequence[int], row_height: int) -> None:
    """``name`` for screen readers; ``widths`` of the first columns in px, the last one takes the rest."""
    dress_table(table, name, row_height)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setWordWrap(False)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    table.horizontalHeader().setStretchLastSection(True)


def head_numbers(table: QTableWidget, columns: Sequence[int]) -> None:
    """Put the headings of columns of numbers over their numbers: on the right."""
    for column in columns:
        heading = table.horizontalHeaderItem(column)
        if heading is not None:
            heading.setTextAlignment(_RIGHT)
