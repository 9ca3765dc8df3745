# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The monthly report on the screen: the fourteen columns, the reasons, and the three numbers somebody must type.

Apart from the overview because it is a form with a fixed shape, filled once a month.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QIntValidator, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.messages.monthly import HEADER, NUMBERS, REASON_HEADER, REASON_NAMES, cell_words, notes, title
from digitizer_desk.steps.review.monthly import Month, MonthReport, Stated
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.card import quiet
from digitizer_desk.ui.widgets.forms.rows_table import dress_table, head_numbers
from digitizer_desk.ui.widgets.panels.landing import Landing
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.panels.panel import Panel
from digitizer_desk.ui.widgets.panels.scrolled import scrolled
from digitizer_desk.ui.widgets.status_line import StatusLine

_ROW = 34
_MOST = 10_000_000
#: px between buttons of different kinds
_APART = 16
_ASKED = (("settled", 10), ("settled_digitised", 11), ("reused", 13))


class Monthly(Landing):
    """One month at a time.

    Signals:
        month_asked(object): another Month is wanted.
        stated(object): the numbers of the settling system (Stated) for the month shown.
        save_asked(), pdf_asked(): a workbook; A4 landscape pages.
        merge_asked(): the workbooks of several desks as one.
    """

    month_asked = Signal(object)
    stated = Signal(object)
    save_asked = Signal()
    pdf_asked = Signal()
    merge_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: MonthReport | None = None
        self.heading = QLabel()
        self.heading.setFont(theme.bold(self.font(), 1.07))
        self.heading.setWordWrap(True)
        self.earlier, self.later = ActButton("◂ Tháng &trước"), ActButton("Tháng &sau ▸")
        self.save, self.pdf = ActButton("&Lưu .xlsx…"), ActButton("Lưu &PDF…")
        self.merge = ActButton("G&ộp nhiều bàn…")
        self.table = _form("Bảng số hóa theo tháng", [f"{n}\n{c}" for n, c in zip(NUMBERS, HEADER, strict=True)])
        self.reasons = _reasons("Lý do chưa số hóa", REASON_HEADER)
        self.check = StatusLine()
        self.notes = quiet()
        self.no_reasons = Nothing("Mọi giấy tờ của tháng đã được số hóa.")
        self.fields = {name: QLineEdit() for name, _ in _ASKED}
        self.keep = ActButton("&Ghi số liệu", next_act=True)
        self.earlier.clicked.connect(lambda: self._move(-1))
        self.later.clicked.connect(lambda: self._move(1))
        self.save.clicked.connect(self.save_asked)
        self.pdf.clicked.connect(self.pdf_asked)
        self.merge.clicked.connect(self.merge_asked)
        self.keep.clicked.connect(self._state)
        self._arrange()
        self.land_on((self.table,))

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        for button in (self.earlier, self.later):
            top.addWidget(button)
        top.addSpacing(_APART)
        for button in (self.save, self.pdf, self.merge):
            top.addWidget(button)
        stated = Panel("SỐ LIỆU TỪ HỆ THỐNG GIẢI QUYẾT TTHC")
        inner = QWidget()
        asked = QVBoxLayout(inner)
        asked.setContentsMargins(0, 0, 0, 0)
        stated.column.addWidget(scrolled(inner), 1)
        for name, number in _ASKED:
            field, label = self.fields[name], QLabel(f"({number}) {HEADER[number - 1]}")
            label.setWordWrap(True)
            label.setBuddy(field)
            field.setValidator(QIntValidator(0, _MOST, field))
            field.setAccessibleName(HEADER[number - 1])
            field.setFixedWidth(120)
            theme.inset(field)
            field.setMinimumHeight(36)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.returnPressed.connect(self._state)
            field.textEdited.connect(lambda _text: self._mark_next())
            row = QHBoxLayout()
            row.addWidget(label, 1)
            row.addWidget(field)
            asked.addLayout(row)
        asked.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignRight)
        asked.addStretch(1)
        why = Panel("LÝ DO GIẤY TỜ CHƯA ĐƯỢC SỐ HÓA")
        why.column.addWidget(self.reasons, 1)
        why.column.addWidget(self.no_reasons, 1)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(why, 3)
        below.addWidget(stated, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.table)
        column.addWidget(self.check)
        column.addWidget(self.notes)
        column.addLayout(below, 1)

    def show_report(self, report: MonthReport) -> None:
        """Take a month as it was counted."""
        self.report = report
        self.heading.setText(title(report.month.words))
        rows = [row.columns(number) for number, row in enumerate(report.rows, 1)]
        if len(rows) > 1:
            rows.append(("", *report.total.columns(0)[1:]))
        words = [[cell_words(value, column) for column, value in enumerate(row, 1)] for row in rows]
        _fill(self.table, words, left=(1,))
        self._fit()
        found = [
            (str(n), REASON_NAMES[r.reason], str(r.papers), str(r.dossiers)) for n, r in enumerate(report.reasons, 1)
        ]
        _fill(self.reasons, found, left=(1,))
        self.reasons.setVisible(bool(found))
        self.no_reasons.setVisible(not found)
        *checked, counted = notes(report.total)
        self.check.show_state("ok" if len(checked) == 1 else "mind", " ".join(checked))
        self.notes.setText(counted)
        for name, field in self.fields.items():
            number = getattr(report.stated, name)
            field.setText("" if number is None else str(number))
        self._mark_next()

    def _mark_next(self) -> None:
        """What is missing or was changed is written down first; then the table goes into its file."""
        kept = self.report is not None and self._typed() == self.report.stated
        self.keep.set_next_act(not kept or not all(field.text() for field in self.fields.values()))
        self.save.set_next_act(not self.keep.next_act)

    def _typed(self) -> Stated:
        return Stated(**{name: int(field.text()) if field.text() else None for name, field in self.fields.items()})

    def _fit(self) -> None:
        """Give the heading the height its words need in columns of this width, and the table that of its rows.

        Not while it is hidden: in the narrow columns of a screen that was never laid out the heading would be so high
        that the whole window grows past a small screen.
        """
        if not self.isVisible():
            return
        heading, room = self.table.horizontalHeader(), (self.width() - 80) // (len(HEADER) - 1) - 10
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter)
        texts = [f"{number}\n{name}" for number, name in zip(NUMBERS, HEADER, strict=True)][1:]
        measure = heading.fontMetrics().boundingRect
        height = 12 + max(measure(0, 0, room, 1000, wrap, text).height() for text in texts)
        heading.setFixedHeight(height)
        self.table.resizeRowsToContents()
        rows = sum(self.table.rowHeight(row) for row in range(self.table.rowCount()))
        self.table.setFixedHeight(rows + height + 6)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._fit)  # once the headings have it too

    def _move(self, months: int) -> None:
        if self.report is not None:
            self.month_asked.emit(self.report.month.moved(months))

    def _state(self) -> None:
        self.stated.emit(self._typed())

    @property
    def month(self) -> Month | None:
        """The month that is shown."""
        return self.report.month if self.report is not None else None


def _form(name: str, header: Sequence[str]) -> QTableWidget:
    """The fourteen columns as printed: a grid, and headings that wrap in columns of one width."""
    table = QTableWidget(0, len(header))
    table.setHorizontalHeaderLabels(list(header))
    dress_table(table, name, _ROW, dense=True)
    heading = table.horizontalHeader()
    heading.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    heading.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    heading.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    heading.setMinimumSectionSize(40)
    return table


def _reasons(name: str, header: Sequence[str]) -> QTableWidget:
    table = QTableWidget(0, len(header))
    table.setHorizontalHeaderLabels(list(header))
    dress_table(table, name, _ROW)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setFrameShape(QFrame.Shape.NoFrame)
    head_numbers(table, (0, 2, 3))
    heading = table.horizontalHeader()
    heading.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    heading.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    return table


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]], *, left: Sequence[int]) -> None:
    table.setRowCount(len(rows))
    for place, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            side = Qt.AlignmentFlag.AlignLeft if column in left else Qt.AlignmentFlag.AlignRight
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(place, column, item)
