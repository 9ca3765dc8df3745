# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Choosing how to scan: the work types by their digit, and changes for the next batch only.

Apart from the counter because it is opened, answered with one key, and gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.rules.work_types import Once, WorkType
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.counting import sheet_words, source_words
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.drop_down import DropDown

#: rows of the list: the least, where the screen has no room for more, and the most
_LEAST, _MOST = 3, 9
_AS_IT_IS = "như loại việc"
_SOURCES = ("flatbed", "feeder", "feeder-duplex")
_SHEETS = ((210.0, 297.0), (148.0, 210.0), (297.0, 420.0))


class WorkTypeSheet(QDialog):
    """``chosen`` and ``once`` are the answer after Enter or a digit. What is changed here alters no work type."""

    def __init__(
        self,
        types: Sequence[WorkType],
        now: WorkType,
        once: Once,
        resolutions: Sequence[int],
        locked: Callable[[WorkType], bool],
        refused: Sequence[DeskError] = (),
        parent: QWidget | None = None,
    ) -> None:
        """``resolutions`` (dpi) are those the law allows; ``refused`` the files that could not be used."""
        super().__init__(parent)
        self.setWindowTitle("Loại việc quét")
        self._types, self._locked = tuple(types), locked
        self.list = _Types()
        self.list.setAccessibleName("Loại việc quét")
        for work_type in self._types:
            item = QListWidgetItem(f"{work_type.key or ' '}   {work_type.name}")
            item.setIcon(signs.icon("lock" if locked(work_type) else "scanner", signs.role_colour("idle")))
            item.setSizeHint(QSize(0, self.fontMetrics().height() + 10))
            item.setToolTip(work_type.note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{work_type.name}. {work_type.note}")
            self.list.addItem(item)
        line = self.fontMetrics().height() + 10
        self.list.setFixedHeight(_LEAST * line + 8)
        self.list.setMinimumWidth(640)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.source = _box("Nguồn giấy", [(source_words(s), s) for s in _SOURCES], once.source)
        self.dpi = _box("Độ phân giải", [(f"{dpi} dpi", dpi) for dpi in resolutions], once.dpi)
        self.sheet = _box("Khổ giấy", [(sheet_words(s), s) for s in _SHEETS], once.sheet_mm)
        feeds = [("dừng máy", True), ("không báo (giấy dán ảnh)", False)]
        self.feed = _box("Khi dính tờ", feeds, once.double_feed_stop)
        self._arrange(refused)
        beside = self.minimumSizeHint().height() - self.list.height()
        rows = min(_MOST, len(self._types), (theme.room(self).height() - beside) // line)
        self.list.setFixedHeight(max(_LEAST, rows) * line + 8)
        self.list.currentRowChanged.connect(lambda _row: self._follow())
        self.list.itemActivated.connect(lambda _item: self.accept())
        ids = [t.id for t in self._types]
        self.list.setCurrentRow(ids.index(now.id) if now.id in ids else 0)
        self._follow()
        self.list.setFocus()

    def _arrange(self, refused: Sequence[DeskError]) -> None:
        self.only_once = QGroupBox("Chỉ lần này (loại việc không đổi)")
        grid = QHBoxLayout(self.only_once)
        grid.setSpacing(12)
        for box in (self.source, self.dpi, self.sheet, self.feed):
            column = QVBoxLayout()
            label = QLabel(box.accessibleName())
            label.setBuddy(box)
            column.addWidget(label)
            column.addWidget(box)
            grid.addLayout(column, 1)
        cancel, go = ActButton("Esc  Hủy"), ActButton("Enter  Dùng", next_act=True)
        cancel.clicked.connect(self.reject)
        go.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(go)
        heading = QLabel("Nhấn số, hoặc ↑ ↓ rồi Enter. Được nhớ cho loại giấy này.")
        heading.setFont(theme.bold(self.font()))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 16)
        whole.setSpacing(12)
        # a screen of 768 px would squeeze it: Qt shows dialogs at most two thirds as high as the screen
        whole.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        for widget in (heading, self.list, self.note, self.only_once):
            whole.addWidget(widget)
        for problem in refused:
            told = QLabel(sentence(problem))
            told.setWordWrap(True)
            told.setTextFormat(Qt.TextFormat.PlainText)
            told.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
            whole.addWidget(told)
        whole.addLayout(row)

    @property
    def chosen(self) -> WorkType:
        return self._types[max(0, self.list.currentRow())]

    @property
    def once(self) -> Once:
        """What differs for the next batch; nothing for a work type that is locked."""
        if self._locked(self.chosen):
            return Once()
        sheet = self.sheet.currentData()
        return Once(
            source=self.source.currentData(),
            dpi=self.dpi.currentData(),
            sheet_mm=tuple(sheet) if sheet is not None else None,
            double_feed_stop=self.feed.currentData(),
        )

    def _follow(self) -> None:
        locked = self._locked(self.chosen)
        self.note.setText(f"Quản trị đã khóa loại việc này. {self.chosen.note}" if locked else self.chosen.note)
        self.only_once.setEnabled(not locked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = [t.key for t in self._types]
        if event.text() and event.text() in keys:
            self.list.setCurrentRow(keys.index(event.text()))
            self.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)


class _Types(QListWidget):
    """A list that leaves digits to the sheet: Qt would look for an item that begins with them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit():
            event.ignore()
        else:
            super().keyPressEvent(event)


def _box(name: str, choices: Sequence[tuple[str, Any]], now: Any) -> DropDown:
    box = DropDown()
    box.setAccessibleName(name)
    box.setMinimumHeight(34)
    box.addItem(_AS_IT_IS, None)
    for words, value in choices:
        box.addItem(words, value)
    values = [None, *(value for _words, value in choices)]
    box.setCurrentIndex(values.index(now) if now in values else 0)
    return box
