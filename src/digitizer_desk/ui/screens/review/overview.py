# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The supervisor's desk: figures of today, why pages were not good at once, the scanners, and the lots.

Apart from judging because it is read at a glance, between other work.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from digitizer_desk.dossier.review import Level, Verdict
from digitizer_desk.messages.review import LEVEL_NAMES
from digitizer_desk.steps.review.figures import DeskFigures
from digitizer_desk.steps.review.judging import Progress
from digitizer_desk.steps.review.lots import WaitingDay
from digitizer_desk.ui.screens.review import lines as words
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.rows_table import head_numbers
from digitizer_desk.ui.widgets.panels.landing import Landing
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.panels.panel import Panel
from digitizer_desk.ui.widgets.panels.two_lines import dress_two_lines
from digitizer_desk.ui.widgets.panels.wrap_row import WrapRow
from digitizer_desk.ui.widgets.review.cards import NumberCard, fill_glance, glance_cell, glance_table
from digitizer_desk.ui.widgets.review.charts import BarDelegate, SparkDelegate, TrendChart
from digitizer_desk.ui.widgets.status_line import StatusLine

_GAP = 10
_LOT = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class DeskState:
    """All the overview shows: figures, days that wait for a lot, lots (newest first) and the level of the next one."""

    figures: DeskFigures
    days: tuple[WaitingDay, ...]
    lots: tuple[Progress, ...]
    level: Level


class Overview(Landing):
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
        self._cards = tuple(NumberCard() for _ in range(5))
        self.reasons = glance_table("Lỗi hay gặp, 7 ngày", ("Lỗi", "Số trang"), stretched=1, keeps=False)
        self.scanners = glance_table("Theo máy quét, 14 ngày", ("Máy quét", "Đạt", "Xu hướng", "Nhận xét"), stretched=2)
        self.no_reasons = Nothing("Không có lỗi nào trong 7 ngày.", sign="check")
        self.no_scanners = Nothing("Chưa quét trang nào trong 14 ngày.", sign="scanner")
        self.no_lots = Nothing("Chưa có lô nào.", "Lô đầu tiên lập được khi có trang đã ký.", "list")
        self.reasons.setItemDelegateForColumn(1, BarDelegate(self.reasons))
        self.scanners.setItemDelegateForColumn(2, SparkDelegate(self.scanners))
        head_numbers(self.scanners, (1,))
        self.trend = TrendChart()
        self.lots = QListWidget()
        self.lots.setAccessibleName("Ngày chờ lập lô và các lô")
        self.lots.setFrameShape(QFrame.Shape.NoFrame)
        dress_two_lines(self.lots)
        self.level = StatusLine()
        self.export = ActButton("&Xuất số liệu…")
        self.monthly = ActButton("Ctrl+Shift+B  Báo cáo tháng")
        self.cause = ActButton("Đã tìm ra &nguyên nhân…")
        self.go = ActButton("Enter  Lập lô", next_act=True)
        self.join = ActButton("G  Gộp với ngày sau")
        self.scanners.currentCellChanged.connect(lambda *_: self._show_trend())
        self.lots.installEventFilter(self)
        self.lots.itemActivated.connect(lambda _item: self._activate())
        self.lots.currentRowChanged.connect(lambda _row: self._name_acts())
        self.go.clicked.connect(self._activate)
        self.join.clicked.connect(self.join_next)
        self.export.clicked.connect(self.export_asked)
        self.monthly.clicked.connect(self.monthly_asked)
        self.cause.clicked.connect(self.cause_asked)
        self._arrange()
        self.land_on((self.lots, self.monthly))

    def _arrange(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(_GAP)
        for card in self._cards:
            cards.addWidget(card, 1)
        why = Panel("LỖI HAY GẶP (7 ngày)")
        why.column.addWidget(self.reasons)
        why.column.addWidget(self.no_reasons, 1)
        why.column.addStretch(0)
        why.column.addWidget(self.export)
        why.column.addWidget(self.monthly)
        machines = Panel("THEO MÁY QUÉT (14 ngày)")
        machines.column.addWidget(self.scanners)
        machines.column.addWidget(self.no_scanners, 1)
        machines.column.addWidget(self.trend, 1)
        lots = Panel("LÔ")
        acts = WrapRow()
        acts.push()
        acts.add(self.join)
        acts.add(self.go)
        lots.column.addWidget(self.level)
        lots.column.addWidget(self.lots, 1)
        lots.column.addWidget(self.no_lots, 1)
        lots.column.addWidget(self.cause, 0, Qt.AlignmentFlag.AlignRight)
        lots.column.addWidget(acts)
        panels = QHBoxLayout()
        panels.setSpacing(_GAP)
        for panel, share in ((why, 3), (machines, 4), (lots, 5)):
            panels.addWidget(panel, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(_GAP)
        column.addLayout(cards)
        column.addLayout(panels, 1)
        # from the lots to what is done with them, then the figures from left to right
        order = (self.lots, self.cause, self.join, self.go, self.reasons, self.export, self.monthly, self.scanners)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

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
            (glance_cell(words.reason_name(word)), glance_cell(str(count), chart=count / most))
            for word, count in figures.reasons
        ]
        fill_glance(self.reasons, rows)
        self.no_reasons.setVisible(not rows)

    def _show_scanners(self, figures: DeskFigures) -> None:
        rows = []
        for one in figures.scanners:
            role, hint = words.scanner_hint(one)
            shares = [good / pages if pages else None for _, pages, good in one.days]
            trend = glance_cell("xu hướng 14 ngày", chart=shares)
            told = glance_cell(hint)
            told.setIcon(signs.icon(signs.role_sign(role), signs.role_colour(role)))
            rate = glance_cell(words.percent(one.rate), right=True)
            rows.append((glance_cell(one.scanner), rate, trend, told))
        fill_glance(self.scanners, rows)
        self.no_scanners.setVisible(not rows)
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
        some = bool(self.lots.count())
        self.lots.setVisible(some)
        self.no_lots.setVisible(not some)
        self.lots.setCurrentRow(min(max(0, kept), self.lots.count() - 1))
        self._name_acts()

    def _add(self, line: words.Line, value: object) -> None:
        item = QListWidgetItem(f"{line.words}\n{line.brief}")
        item.setIcon(signs.icon(signs.role_sign(line.role), signs.role_colour(line.role)))
        item.setToolTip(f"{line.words}, {line.brief}")
        item.setData(_LOT, value)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.words}, {line.brief}")
        self.lots.addItem(item)

    def _chosen(self) -> WaitingDay | Progress | None:
        item = self.lots.currentItem()
        chosen = item.data(_LOT) if item is not None else None
        return chosen if isinstance(chosen, (WaitingDay, Progress)) else None

    def _name_acts(self) -> None:
        """What Enter does with the row chosen stands on its button."""
        chosen = self._chosen()
        self.go.setVisible(chosen is not None)
        if isinstance(chosen, Progress):
            again = "Enter  Duyệt tiếp" if chosen.lot.verdict is Verdict.OPEN else "Enter  Xem lại lô"
            self.go.setText("Enter  Xem kết luận" if chosen.done else again)
        else:
            self.go.setText("Enter  Lập lô")
        days = self.state.days if self.state is not None else ()
        self.join.setVisible(isinstance(chosen, WaitingDay) and any(day.day > chosen.day for day in days))

    def _activate(self) -> None:
        chosen = self._chosen()
        if isinstance(chosen, WaitingDay):
            self.lot_asked.emit((chosen.day,))
        elif isinstance(chosen, Progress):
            self.open_asked.emit(chosen.lot.id)

    def join_next(self) -> None:
        """A small day and the one after it as one lot; a large day is a lot of its own."""
        chosen = self._chosen()
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.state is not None:
            self.show_state(self.state)  # signs are drawn in the colours of the palette

    @property
    def open_lots(self) -> tuple[Progress, ...]:
        """Lots that wait for a verdict."""
        lots = self.state.lots if self.state is not None else ()
        return tuple(one for one in lots if one.lot.verdict is Verdict.OPEN)
