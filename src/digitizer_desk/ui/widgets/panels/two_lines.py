# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of two lines: what it is in bold letters, and below it quietly how it stands.

Apart because lots, pages that came back and officers are lists of the same kind.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from digitizer_desk.ui import theme

_ICON = 20
_PAD = 8
#: what a view makes of a line break
_BREAK = "\u2028"

_Index = QModelIndex | QPersistentModelIndex


class TwoLines(QStyledItemDelegate):
    """Paints an item whose words hold one line break; the tip tells a line that is too long."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        self.initStyleOption(option, index)
        return QSize(0, 2 * option.fontMetrics.height() + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        first, _, second = option.text.partition(_BREAK)
        chosen, palette = bool(option.state & QStyle.StateFlag.State_Selected), option.palette
        live = bool(option.state & QStyle.StateFlag.State_Active)
        group = QPalette.ColorGroup.Active if live else QPalette.ColorGroup.Inactive
        icon, room = QIcon(option.icon), QRect(option.rect)
        painter.save()
        if chosen:
            painter.fillRect(room, palette.color(group, QPalette.ColorRole.Highlight))
        else:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Midlight), 1.0))
            painter.drawLine(room.bottomLeft(), room.bottomRight())
        words = room.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        if not icon.isNull():
            place = QRect(words.left(), words.top() + (option.fontMetrics.height() - _ICON) // 2, _ICON, _ICON)
            mode = QIcon.Mode.Selected if chosen else QIcon.Mode.Normal
            icon.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
            words.setLeft(words.left() + _ICON + _PAD)
        front = palette.color(group, QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        quiet = front if chosen else palette.color(QPalette.ColorRole.PlaceholderText)
        bold = theme.bold(option.font)
        for line, font, tone in ((first, bold, front), (second, option.font, quiet)):
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(tone)
            told = metrics.elidedText(line, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), told)
            words.setTop(words.top() + option.fontMetrics.height())
        painter.restore()


def dress_two_lines(rows: QListView) -> None:
    """Give a list this hand."""
    rows.setItemDelegate(TwoLines(rows))
    rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
