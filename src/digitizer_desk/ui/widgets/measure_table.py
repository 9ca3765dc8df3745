# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The table of what was measured on a page, with the law under it.

Apart from the inspector: it is all words and no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QLabel, QSizePolicy, QTableView, QWidget

from digitizer_desk.messages import finding_words
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.measures import MeasureRow, worst
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.forms.rows_table import dress_table
from digitizer_desk.ui.widgets.panels.panel import Panel

#: px: a row, and the breadth where there is little to say
_ROW, _LEAST = 30, 340
_HEADINGS = ("Mục đo", "Đo được", "Quy định")
_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[MeasureRow, ...] = ()

    def take(self, rows: tuple[MeasureRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        horizontal = way is Qt.Orientation.Horizontal
        return _HEADINGS[section] if horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (row.name, row.value, row.limit)[column]
            case Qt.ItemDataRole.DecorationRole if column == 0:
                return signs.icon(row.icon, signs.role_colour(row.role))
            case Qt.ItemDataRole.ForegroundRole if column == 1 and row.role in ("stop", "mind"):
                return signs.role_colour(row.role)
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.spoken
        return None


class MeasureTable(Panel):
    """Rows of measures; the worst one is selected and explained below, with its source in the law."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("KẾT QUẢ ĐO", parent)
        self._page: int | None = None
        self.model = _Rows()
        self.table = QTableView()
        self.table.setModel(self.model)
        dress_table(self.table, "Kết quả đo", _ROW)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(False)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = self.table.horizontalHeader()
        heading.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        heading.setStretchLastSection(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.explained = _text()
        self.law = _text()
        self.count = _text()
        for quiet in (self.law, self.count):
            quiet.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.column.addWidget(self.table, 1)
        for told in (self.explained, self.law, self.count):
            self.column.addWidget(told)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._explain())

    def sizeHint(self) -> QSize:
        """As broad as its three columns, in any type; a page of another component must not move its edge much."""
        heading, table = self.table.horizontalHeader(), self.table
        columns = range(self.model.columnCount())
        words = sum(max(heading.sectionSizeHint(c), table.sizeHintForColumn(c)) for c in columns)
        beside = table.verticalScrollBar().sizeHint().width() + 2 * theme.EDGE
        return QSize(max(_LEAST, words + beside), super().sizeHint().height())

    minimumSizeHint = sizeHint

    def show_rows(self, rows: tuple[MeasureRow, ...], page: int | None) -> None:
        """Show a page's measures; ``page`` is its number in the component, for the words."""
        self._page = page
        self.model.take(rows)
        self.updateGeometry()
        if rows:
            self.table.selectRow(worst(rows))
        self._explain()

    def show_count(self, lines: Sequence[str]) -> None:
        """Below the measures: what is known of the component's count, and the batches it rests on."""
        self.count.setText("\n".join(lines))
        self.count.setVisible(bool(lines))

    def _explain(self) -> None:
        row = self.table.currentIndex().row()
        chosen = self.model.rows[row] if 0 <= row < len(self.model.rows) else None
        words, law = "", ""
        if chosen is not None:
            law = f"Căn cứ: {chosen.law}" if chosen.law else ""
            if chosen.kept:
                words = chosen.kept
            elif chosen.finding is not None:
                message = finding_words(chosen.finding, self._page)
                words = " ".join(part for part in (message.what, message.why, message.do) if part)
        elif not self.model.rows:
            words = "Trang này chưa được đo."
        for label, text in ((self.explained, words), (self.law, law)):
            label.setText(text)
            label.setVisible(bool(text))


def _text() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
