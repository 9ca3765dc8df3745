# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Bars and trends painted into the cells of a table, and one large trend of a scanner.

Painted here, in the table itself, because a chart in a cell is reached and read aloud like any other cell. Qt's own
chart modules are under the GPL and cannot go into this program.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionViewItem, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.forms.rows_table import Ruled, unframe

#: what a delegate paints: a share 0-1 for a bar, a list of shares (None = no page that day) for a trend
CHART = int(Qt.ItemDataRole.UserRole) + 7
_BAR = 14.0
_WHAT = "Trang đạt ngay lần đầu, % mỗi ngày"
_ROUND = 3.0
#: px, the narrowest line that still shows a fall
_SPARK = 60

_Index = QModelIndex | QPersistentModelIndex


class BarDelegate(Ruled):
    """A bar as long as the share in :data:`CHART`, then the cell's words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        words, option.text = option.text, ""
        _ground(option, painter)
        share = float(index.data(CHART) or 0.0)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        front = option.palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        tone = front if chosen else signs.role_colour("work")
        room = QRectF(option.rect).adjusted(8, 0, -8, 0)
        need = option.fontMetrics.horizontalAdvance("0000") + 10
        width = max(2.0, (room.width() - need) * share)
        bar = QRectF(room.left(), room.center().y() - _BAR / 2, width, _BAR)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        painter.drawRoundedRect(bar, _ROUND, _ROUND)
        painter.setPen(front)
        after = QRectF(bar.right() + 8, room.top(), need, room.height())
        painter.drawText(after, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.restore()
        self.rule(painter, option)


class SparkDelegate(Ruled):
    """A small line through the shares in :data:`CHART`; days without a page are passed over."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Of the line: the words of the cell are only heard."""
        return QSize(_SPARK, option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        _ground(option, painter)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        tone = option.palette.color(QPalette.ColorRole.HighlightedText) if chosen else signs.role_colour("work")
        room = QRectF(option.rect).adjusted(8, 8, -8, -8)
        values = index.data(CHART) or []
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_line(painter, room, values, _lowest(values), tone, 1.6)
        painter.restore()
        self.rule(painter, option)


def _ground(option: QStyleOptionViewItem, painter: QPainter) -> None:
    """The ground of a cell, chosen or not, without its words."""
    unframe(option)
    style = option.widget.style() if option.widget is not None else None
    if style is not None:
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)


def _lowest(values: Sequence[float | None]) -> float:
    """Where the axis begins: at a multiple of ten percent below the worst day, never above 80 %."""
    known = [value for value in values if value is not None]
    return min(0.8, int(min(known) * 10) / 10) if known else 0.0


def _draw_line(
    painter: QPainter, room: QRectF, values: Sequence[float | None], low: float, tone: QColor, width: float
) -> list[QPointF]:
    """A line through the known values; a lone one is a dot. Gives back the points."""
    step = room.width() / max(1, len(values) - 1)
    points: list[QPointF] = []
    path, drawing = QPainterPath(), False
    for place, value in enumerate(values):
        if value is None:
            continue
        point = QPointF(room.left() + place * step, room.bottom() - (value - low) / (1.0 - low) * room.height())
        if drawing:
            path.lineTo(point)
        else:
            path.moveTo(point)
        points.append(point)
        drawing = True
    painter.setPen(QPen(tone, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone)
    for point in points if width > 2 else points[-1:]:
        painter.drawEllipse(point, width + 0.6, width + 0.6)
    return points


class TrendChart(QWidget):
    """One scanner's share of pages good at once, day by day. The same numbers are said by its accessible text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._days: tuple[tuple[date, int, int], ...] = ()
        self.setMinimumHeight(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_days(self, title: str, days: Sequence[tuple[date, int, int]]) -> None:
        """``days``: (day, pages, pages good at once), oldest first."""
        self._title, self._days = title, tuple(days)
        told = [f"{day:%d/%m}: {good} trên {pages} trang" for day, pages, good in self._days if pages]
        self.setAccessibleName(f"Đạt ngay lần đầu theo ngày, {title}")
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, metrics = self.palette(), self.fontMetrics()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        values = [good / pages if pages else None for _, pages, good in self._days]
        low = _lowest(values)
        line = metrics.height()
        left = metrics.horizontalAdvance("100 %") + 10
        value = metrics.horizontalAdvance("100,0 %") + 8
        room = QRectF(left, line + 12, self.width() - left - value, self.height() - 2 * line - 26)
        faint, words = palette.color(QPalette.ColorRole.Mid), palette.color(QPalette.ColorRole.Text)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        title = metrics.elidedText(f"{_WHAT} · {self._title}", Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(QRectF(2, 0, self.width() - 4, line + 4), int(Qt.AlignmentFlag.AlignLeft), title)
        for share in (low, (low + 1.0) / 2, 1.0):
            y = room.bottom() - (share - low) / (1.0 - low) * room.height()
            painter.setPen(QPen(faint, 1.0))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(words)
            place = QRectF(0, y - line / 2, left - 8, line)
            painter.drawText(
                place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"{share * 100:.0f} %"
            )
        self._draw_days(painter, room, words, line)
        points = _draw_line(painter, room.adjusted(8, 0, -8, 0), values, low, signs.role_colour("work"), 2.4)
        known = [value for value in values if value is not None]
        if points:
            last = f"{known[-1] * 100:.1f} %".replace(".", ",")
            beside = QRectF(points[-1].x() + 8, points[-1].y() - line / 2, value, line)
            painter.setPen(words)
            painter.setFont(theme.bold(self.font()))
            painter.drawText(beside, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), last)
        painter.end()

    def _draw_days(self, painter: QPainter, room: QRectF, words: QColor, line: int) -> None:
        if not self._days:
            return
        painter.setPen(words)
        inner = room.adjusted(8, 0, -8, 0)
        step = inner.width() / max(1, len(self._days) - 1)
        wide = painter.fontMetrics().horizontalAdvance("00/00") + 12
        every = max(1, -(-wide // max(1, int(step))))
        for place in range(len(self._days) - 1, -1, -every):
            x = inner.left() + place * step
            spot = QRectF(min(max(0.0, x - wide / 2), self.width() - wide), room.bottom() + 6, wide, line + 2)
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignHCenter), f"{self._days[place][0]:%d/%m}")
