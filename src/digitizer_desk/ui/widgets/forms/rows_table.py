# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A table one reads row by row: whole rows chosen, nothing edited, Tab leads on to the next control.

Apart because every list of dossiers, documents and parcels looks and answers alike. Painted by delegates and not by
style sheets: what a style sheet has touched follows neither another palette nor larger type while the program runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
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

#: px between the edge of a cell and its words, and of one among many columns
_ROOM, _DENSE = 8, 4
#: px of it that the style itself puts beside words
_STYLE = 3
#: px above and below the words of a row, and of a heading
_ABOVE = 5
#: how much of a table columns of a given width may take together, the last one has the rest
_SHARE = 0.7
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_Index = QModelIndex | QPersistentModelIndex


class Padded(QStyledItemDelegate):
    """A cell whose words keep off its edges; the ground of a chosen one reaches to them all the same.

    That ground says where the keys are: the style's frame around one cell of the row would only dim its words.
    """

    def __init__(self, parent: QObject | None = None, room: int = _ROOM) -> None:
        super().__init__(parent)
        self._inset = room - _STYLE

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return super().sizeHint(option, index) + QSize(2 * self._inset, 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)  # once: it asks the model for everything there is to a cell
        if cell.widget is None:
            return
        unframe(cell)
        style = cell.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, cell, painter, cell.widget)
        cell.rect = option.rect.adjusted(self._inset, 0, -self._inset, 0)
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)


def unframe(option: QStyleOptionViewItem) -> None:
    """Leave the style's frame around the one cell with the keys away where the whole row is marked."""
    if option.state & QStyle.StateFlag.State_Selected:
        option.state &= ~QStyle.StateFlag.State_HasFocus


class Ruled(Padded):
    """A cell with a thin line below: the eye stays in its row, however wide the table."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        self.rule(painter, option)

    def rule(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """The line alone, for delegates that paint their cell themselves."""
        if option.state & QStyle.StateFlag.State_Selected:
            return
        painter.setPen(option.palette.color(QPalette.ColorRole.Midlight))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())


class Heading(QHeaderView):
    """The headings of a table, flat on its ground, with a line below; ``parted`` draws one beside each too."""

    def __init__(self, parent: QTableView, room: int = _ROOM, *, parted: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._room, self._parted = room, parted
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        palette = self.palette()
        painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1.0))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self._parted:
            painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        words = self._of(section, Qt.ItemDataRole.DisplayRole)
        side = self._of(section, Qt.ItemDataRole.TextAlignmentRole) or self.defaultAlignment()
        room, told = rect.adjusted(self._room, 0, -self._room, 0), str(words or "")
        if "\n" not in told:
            told = self.fontMetrics().elidedText(told, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(side), told)

    def sectionSizeFromContents(self, section: int) -> QSize:
        words = str(self._of(section, Qt.ItemDataRole.DisplayRole) or "")
        size = self.fontMetrics().size(0, words)
        return QSize(size.width() + 2 * self._room, size.height() + 2 * _ABOVE)

    def _of(self, section: int, role: Qt.ItemDataRole) -> Any:
        return self.model().headerData(section, Qt.Orientation.Horizontal, role) if self.model() is not None else None


class _Grows(QObject):
    """Keeps the rows of a table high enough for its type, and its columns broad enough as far as there is room."""

    def __init__(self, table: QTableView, least: int, widths: Sequence[int] = ()) -> None:
        super().__init__(table)
        self._table, self._least, self._widths = table, least, tuple(widths)
        self._grown = False
        table.installEventFilter(self)
        self._fit()
        for column, width in enumerate(self._widths):
            table.setColumnWidth(column, width)

    def _fit(self) -> None:
        height = max(self._least, self._table.fontMetrics().height() + 2 * _ABOVE)
        self._table.verticalHeader().setDefaultSectionSize(height)

    def _widen(self) -> None:
        """In the type of 100 % columns stay as a hand has drawn them."""
        wanted = self._table.font().pixelSize() / theme.TEXT
        if not self._widths or (wanted <= 1.0 and not self._grown):
            return
        self._grown = wanted > 1.0
        room = self._table.width() * _SHARE / sum(self._widths)
        for column, width in enumerate(self._widths):
            self._table.setColumnWidth(column, round(width * max(1.0, min(wanted, room))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._table and event.type() == QEvent.Type.FontChange:
            self._fit()
            self._widen()
        elif watched is self._table and event.type() == QEvent.Type.Resize:
            self._widen()
        return super().eventFilter(watched, event)


def dress_table(
    table: QTableView, name: str, row_height: int, *, dense: bool = False, widths: Sequence[int] = ()
) -> None:
    """The hand of all tables: no grid but thin rules, a bold heading over its column.

    ``name`` for screen readers; ``row_height`` in px at least, more for larger type; ``dense``: many columns, which
    lines part; ``widths``: of the first columns in px at 100 %.
    """
    room = _DENSE if dense else _ROOM
    table.setAccessibleName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(dense)
    table.setItemDelegate(Ruled(table, room))
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    heading = Heading(table, room, parted=dense)
    table.setHorizontalHeader(heading)
    if not dense:
        heading.setFont(theme.bold(table.font()))
    _Grows(table, row_height, widths)


def dress_rows(table: QTableView, name: str, widths: Sequence[int], row_height: int) -> None:
    """``name`` for screen readers; ``widths`` of the first columns in px, the last one takes the rest."""
    dress_table(table, name, row_height, widths=widths)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setWordWrap(False)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setStretchLastSection(True)


def head_numbers(table: QTableWidget, columns: Sequence[int]) -> None:
    """Put the headings of columns of numbers over their numbers: on the right."""
    for column in columns:
        heading = table.horizontalHeaderItem(column)
        if heading is not None:
            heading.setTextAlignment(_RIGHT)
