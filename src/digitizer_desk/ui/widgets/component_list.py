# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The list of a dossier's components: number, name, count of pages, and the state in words, colour and sign.

Apart from the counter because every screen that shows components shows them alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from digitizer_desk.ui import theme
from digitizer_desk.ui.models.components import ComponentLine
from digitizer_desk.ui.widgets import signs

_LINE = Qt.ItemDataRole.UserRole
#: px of the frame around the row that has the keys (windows.md 10)
_FOCUS = 2


class ComponentList(QListWidget):
    """Shows lines; the chosen one is the component being worked on.

    Signals:
        chosen(str): id of a component.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Thành phần hồ sơ")
        self.setItemDelegate(_Rows(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(1)
        self.currentItemChanged.connect(self._changed)

    def show_lines(self, lines: Sequence[ComponentLine], current: str) -> None:
        """Show these; keeps the place, emits nothing. Only what is not shown yet is painted."""
        shown = [self.item(row).data(_LINE) for row in range(self.count())]
        at = next((row for row, line in enumerate(lines) if line.id == current), self.currentRow())
        if shown == list(lines) and self.currentRow() == at:
            return
        self.blockSignals(True)
        if [line.id for line in shown] != [line.id for line in lines]:
            self.clear()
            for _ in lines:
                self.addItem(QListWidgetItem())
        for row, line in enumerate(lines):
            item = self.item(row)
            item.setData(_LINE, line)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{line.number}. {line.title}, {line.count} {line.words}".strip()
            )
            item.setToolTip(f"{line.title}: {line.words}")
            if line.id == current:
                self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    def _changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_LINE).id)


class _Rows(QStyledItemDelegate):
    """Two lines a component: name and count, then its state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(200, option.fontMetrics.height() * 2 + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        line: ComponentLine = index.data(_LINE)  # type: ignore[attr-defined]
        palette: QPalette = option.palette
        room: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(room, palette.color(QPalette.ColorRole.Midlight))
            painter.fillRect(
                QRect(room.left(), room.top(), 4, room.height()), palette.color(QPalette.ColorRole.Highlight)
            )
        colour = signs.role_colour(line.role)
        high = painter.fontMetrics().height()
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(room.left() + 12, room.top() + 9, signs.pixmap(line.sign, high, colour, ratio))
        left = room.left() + 12 + high + 10
        first = QRect(left, room.top() + 8, room.right() - left - 10, high)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        font = painter.font()
        painter.setFont(theme.bold(font) if selected else font)
        wide = painter.fontMetrics().horizontalAdvance(line.count) + 8 if line.count else 0
        title = painter.fontMetrics().elidedText(
            f"{line.number}  {line.title}", Qt.TextElideMode.ElideRight, first.width() - wide
        )
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft, title)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight, line.count)
        painter.setFont(font)
        painter.setPen(colour if line.role != "idle" else palette.color(QPalette.ColorRole.PlaceholderText))
        second = first.translated(0, high + 2)
        words = painter.fontMetrics().elidedText(line.words, Qt.TextElideMode.ElideRight, second.width())
        painter.drawText(second, Qt.AlignmentFlag.AlignLeft, words)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.highlight(), _FOCUS))
            painter.drawRect(room.adjusted(1, 1, -1, -1))
        painter.restore()
