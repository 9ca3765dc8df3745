# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The supervisor's desk: figures of today, why pages were not good at once, the scanners, and the lots.

Apart from judging because it is read at a glance, between other work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.review import Level, Verdict
from digitizer_desk.messages.review import LEVEL_NAMES
from digitizer_desk.steps.review.figures import DeskFigures
from digitizer_desk.steps.review.judging import Progress
from digitizer_desk.steps.review.lots import WaitingDay
from digitizer_desk.ui import theme
from digitizer_desk.ui.screens.review import lines as words
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.review.charts import CHART, BarDelegate, SparkDelegate, TrendChart
from digitizer_desk.ui.widgets.status_line import StatusLine

_ROW = 34
_LOT = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class DeskState:
    """All the overview shows: figures, days that wait for a lot, lots (newest first) and the level of the next one."""

    figures: DeskFigures
    days: tuple[WaitingDay, ...]
    lots: tuple[Progress, ...]
    level: Level


class Overview(QWidget):
    """Cards above, three panels below.

    Signals:
        lot_asked(object): make a lot of these days (a tuple of dates).
        open_asked(str): go on with a lot, or look at its verdict.
        export_asked(), cause_asked(): write the figures to a file; the cause of many refusals was found.
        monthly_asked(): on to the monthly report.
    """

    lot_asked = Signal(object)
    open_asked = Signal(str)
    export_asked = Signal()
    cause_asked = Signal()
    monthly_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: DeskState | None = None
        self._cards = tuple(_Card() for _ in range(5))
        self.reasons = _table("Lỗi hay gặp, 7 ngày", ("Lỗi", "Số trang"))
        self.scanners = _table("Theo máy quét, 14 ngày", ("Máy quét", "Đạt", "Xu hướng", ""))
        self.reasons.setItemDelegateForColumn(1, BarDelegate(self.reasons))
        self.scanners.setItemDelegateForColumn(2, SparkDelegate(self.scanners))
        self.trend = TrendChart()
        self.lots = QListWidget()
        self.lots.setAccessibleName("Ngày chờ lập lô và các lô")
        self.level = StatusLine()
        self.export = ActButton("&Xuất số liệu…")
        self.monthly = ActButton("Ctrl+Shift+B  Báo cáo tháng")
        self.cause = ActButton("Đã tìm ra &nguyên nhân…")
        self.help = QLabel("Enter  lập lô, duyệt tiếp, xem kết luận   ·   G  gộp ngày ít trang với ngày sau")
        self.help.setWordWrap(True)
        self.scanners.currentCellChanged.connect(lambda *_: self._show_trend())
        self.lots.installEventFilter(self)
        self.lots.itemActivated.connect(lambda _item: self._activate())
        self.export.clicked.connect(self.export_asked)
        self.monthly.clicked.connect(self.monthly_asked)
        self.cause.clicked.connect(self.cause_asked)
        self._arrange()
        self.setFocusProxy(self.lots)

    def _arrange(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(10)
        for card in self._cards:
            cards.addWidget(card, 1)
        panels = QHBoxLayout()
        panels.setSpacing(10)
        panels.addWidget(_panel("LỖI HAY GẶP (7 ngày)", self.reasons, self.export, self.monthly), 3)
        panels.addWidget(_panel("THEO MÁY QUÉT (14 ngày)", self.scanners, self.trend), 4)
        panels.addWidget(_panel("LÔ", self.level, self.lots, self.help, self.cause), 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(cards)
        column.addLayout(panels, 1)
        QWidget.setTabOrder(self.lots, self.reasons)
        QWidget.setTabOrder(self.reasons, self.scanners)

    def show_state(self, state: DeskState) -> None:
        """Take everything as it is now; the rows chosen stay chosen."""
        self.state = state
        for card, facts in zip(self._cards, words.cards(state.figures), strict=True):
            card.show_facts(*facts)
        self._show_reasons(state.figures)
        self._show_scanners(state.figures)
        self._show_lots(state)
        until = " đến khi tìm ra nguyên nhân" if state.level is Level.WHOLE else ""
        role = {Level.NORMAL: "ok", Level.TIGHTENED: "mind", Level.WHOLE: "stop"}[state.level]
        self.level.show_state(role, f"Lô tiếp theo: mức {LEVEL_NAMES[state.level]}{until}")
        self.cause.setVisible(state.level is Level.WHOLE)

    def _show_reasons(self, figures: DeskFigures) -> None:
        most = figures.reasons[0][1] if figures.reasons else 1
        rows = [
            (_cell(words.reason_name(word)), _cell(str(count), chart=count / most)) for word, count in figures.reasons
        ]
        _fill(self.reasons, rows, "Không có lỗi nào trong 7 ngày")

    def _show_scanners(self, figures: DeskFigures) -> None:
        rows = []
        for one in figures.scanners:
            role, hint = words.scanner_hint(one)
            shares = [good / pages if pages else None for _, pages, good in one.days]
            trend = _cell("xu hướng 14 ngày", chart=shares)
            told = _cell(hint)
            told.setIcon(signs.icon(signs.role_sign(role), signs.role_colour(role)))
            rows.append((_cell(one.scanner), _cell(words.percent(one.rate)), trend, told))
        _fill(self.scanners, rows, "Chưa quét trang nào trong 14 ngày")
        self._show_trend()

    def _show_trend(self) -> None:
        row = max(0, self.scanners.currentRow())
        found = self.state.figures.scanners if self.state is not None else ()
        self.trend.setVisible(bool(found))
        if row < len(found):
            self.trend.show_days(found[row].scanner, found[row].days)

    def _show_lots(self, state: DeskState) -> None:
        kept = self.lots.currentRow()
        self.lots.clear()
        for day in state.days:
            self._add(words.day_line(day), day)
        for lot in state.lots:
            self._add(words.lot_line(lot), lot)
        if not self.lots.count():
            item = QListWidgetItem("Chưa có lô nào: lô đầu tiên lập được khi có trang đã ký.")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.lots.addItem(item)
        self.lots.setCurrentRow(min(max(0, kept), self.lots.count() - 1))
        self.help.setVisible(bool(state.days or state.lots))

    def _add(self, line: words.Line, value: object) -> None:
        item = QListWidgetItem(f"{line.words}\n{line.brief}")
        item.setIcon(signs.icon(signs.role_sign(line.role), signs.role_colour(line.role)))
        item.setSizeHint(QSize(0, self.fontMetrics().height() * 2 + 10))
        item.setData(_LOT, value)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.words}, {line.brief}")
        self.lots.addItem(item)

    def _activate(self) -> None:
        item = self.lots.currentItem()
        chosen = item.data(_LOT) if item is not None else None
        if isinstance(chosen, WaitingDay):
            self.lot_asked.emit((chosen.day,))
        elif isinstance(chosen, Progress):
            self.open_asked.emit(chosen.lot.id)

    def join_next(self) -> None:
        """A small day and the one after it as one lot; a large day is a lot of its own."""
        item = self.lots.currentItem()
        chosen = item.data(_LOT) if item is not None else None
        if isinstance(chosen, WaitingDay) and self.state is not None:
            later = [day.day for day in self.state.days if day.day > chosen.day]
            self.lot_asked.emit((chosen.day, *later[:1]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """G on a day: the list would search for a row that begins so."""
        pressed = watched is self.lots and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_G:
            self.join_next()
            return True
        return super().eventFilter(watched, event)

    @property
    def open_lots(self) -> tuple[Progress, ...]:
        """Lots that wait for a verdict."""
        lots = self.state.lots if self.state is not None else ()
        return tuple(one for one in lots if one.lot.verdict is Verdict.OPEN)


class _Card(QFrame):
    """A number that is read from across the room."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._head, self._number, self._below = QLabel(), QLabel(), StatusLine()
        self._number.setFont(theme.bold(self.font(), 1.9))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(2)
        for part in (self._head, self._number, self._below):
            column.addWidget(part)

    def show_facts(self, heading: str, number: str, below: str, role: str) -> None:
        self._head.setText(heading)
        self._number.setText(number)
        self._below.show_state(role, below, {"idle": "info"}.get(role, ""))
        self.setAccessibleName(f"{heading}: {number}, {below}")


def _panel(title: str, *parts: QWidget) -> QFrame:
    frame = QFrame()
    frame.setFrameShape(QFrame.Shape.StyledPanel)
    heading = QLabel(title)
    heading.setFont(theme.bold(frame.font(), 0.93))
    column = QVBoxLayout(frame)
    column.setContentsMargins(12, 10, 12, 10)
    column.setSpacing(8)
    column.addWidget(heading)
    for part in parts:
        column.addWidget(part, 1 if isinstance(part, (QTableWidget, QListWidget, TrendChart)) else 0)
    return frame


def _table(name: str, header: Sequence[str]) -> QTableWidget:
    table = QTableWidget(0, len(header))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(header))
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW)
    heading = table.horizontalHeader()
    heading.setHighlightSections(False)
    heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column in range(len(header)):
        heading.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    heading.setSectionResizeMode(min(2, len(header) - 1), QHeaderView.ResizeMode.Stretch)
    return table


def _cell(text: str, *, chart: object = None) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    if chart is not None:
        item.setData(CHART, chart)
    return item


def _fill(table: QTableWidget, rows: Sequence[Sequence[QTableWidgetItem]], none: str) -> None:
    kept = max(0, table.currentRow())
    table.clearSpans()
    table.setRowCount(max(1, len(rows)))
    table.horizontalHeader().setVisible(bool(rows))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            table.setItem(row, column, cell)
    if not rows:
        item = QTableWidgetItem(none)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        table.setItem(0, 0, item)
        table.setSpan(0, 0, 1, table.columnCount())
        for column in range(1, table.columnCount()):
            table.takeItem(0, column)
        return
    table.setCurrentCell(min(kept, len(rows) - 1), 0)
