# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F1: what this screen is for, what is wrong just now and by which law, what comes next; and every key, to be searched.

Apart from ``asking.py``, which knows the window: this sheet is handed plain values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.finding import Finding
from digitizer_desk.dossier.text import fold
from digitizer_desk.messages.help import MEANINGS, ScreenHelp
from digitizer_desk.ui import theme
from digitizer_desk.ui.commands import BY_ID, Command, shown
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.rows_table import dress_table
from digitizer_desk.ui.widgets.frame import Notice

_SIZE = (1180, 660)
_COMMAND = Qt.ItemDataRole.UserRole
#: more would push the keys of the day out of sight; the banner counts them all
_TOLD = 5
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Told:
    """What F1 tells: the screen, the notices that hold now (worst first), the id of the next command ('' = none),
    the commands in force here, the hint of a training desk; ``ways``: id and words of buttons that lead on."""

    screen: ScreenHelp
    notices: tuple[Notice, ...] = ()
    next_id: str = ""
    commands: tuple[Command, ...] = ()
    hint: str = ""
    ways: tuple[tuple[str, str], ...] = ()


class HelpSheet(QDialog):
    """After Enter on a key, ``chosen`` is the id of its command; after "Hướng dẫn" ``guide`` is True; after another
    button ``asked`` is the id of its way."""

    def __init__(self, told: Told, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Trợ giúp: {told.screen.title}")
        self.chosen, self.guide, self.asked = "", False, ""
        self.text = QTextBrowser()
        self.text.setAccessibleName(f"Trợ giúp của {told.screen.title}")
        self.text.setOpenLinks(False)
        self.text.setTabChangesFocus(True)
        self.text.document().setDocumentMargin(10)
        self.text.setHtml(_words(told))
        self.search = QLineEdit()
        theme.inset(self.search)
        self.search.setMinimumHeight(34)
        self.search.setPlaceholderText("Tìm phím: gõ việc cần làm, ví dụ «xoay»")
        self.search.setToolTip(self.search.placeholderText())
        self.search.setAccessibleName("Tìm phím")
        self.search.setClearButtonEnabled(False)
        self.search.textChanged.connect(self._sift)
        self.search.installEventFilter(self)
        self.table = _table(told)
        self.table.itemSelectionChanged.connect(self._wake)
        self.table.itemDoubleClicked.connect(lambda _item: self._do())
        self.table.installEventFilter(self)
        self.read = ActButton("Shift+F1  &Hướng dẫn có hình")
        self.go = ActButton("Enter  &Làm ngay", next_act=True)
        close = ActButton("Esc  Đóng")
        for button in (self.read, self.go, close):
            button.setAutoDefault(False)
        self.read.clicked.connect(self._read)
        self.go.clicked.connect(self._do)
        close.clicked.connect(self.reject)
        self._lay(close, told.ways)
        self._wake()
        self.search.setFocus()

    def _lay(self, close: QWidget, ways: Sequence[tuple[str, str]]) -> None:
        heading = QLabel("Phím ở màn hình này")
        heading.setFont(theme.bold(self.font()))
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        for part in (heading, self.search, self.table):
            right.addWidget(part)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.text, 9)
        both.addLayout(right, 10)
        on = QHBoxLayout()  # a row of its own: all in one would not fit a small screen at 150 %
        for way, words in ways:
            button = ActButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, asked=way: self._ask(asked))
            on.addWidget(button)
        on.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.read)
        row.addStretch(1)
        row.addWidget(self.go)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(12)
        column.addLayout(both, 1)
        if ways:
            column.addLayout(on)
        column.addLayout(row)
        theme.open_at(self, *_SIZE)

    def _sift(self, text: str) -> None:
        """Only the rows with these words stay; the one that says them in this order is selected: Enter does it."""
        wanted, left = fold(text), []
        for row in range(self.table.rowCount()):
            words = fold(f"{_cell(self.table, row, 0)} {_cell(self.table, row, 1)}")
            fits = all(word in words for word in wanted.split())
            self.table.setRowHidden(row, not fits)
            if fits:
                left.append((wanted not in words, row))
        if wanted and left:
            self.table.selectRow(min(left)[1])
        else:
            self.table.clearSelection()
            self.table.setCurrentCell(-1, -1)

    def _wake(self) -> None:
        self.go.allow(bool(self._selected()), "Chọn một việc trong bảng phím trước.")

    def _selected(self) -> str:
        picked = self.table.selectedItems()
        return str(picked[0].data(_COMMAND) or "") if picked else ""

    def _do(self) -> None:
        if self._selected():
            self.chosen = self._selected()
            self.accept()

    def _ask(self, way: str) -> None:
        self.asked = way
        self.accept()

    def _read(self) -> None:
        self.guide = True
        self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows work from the box, Enter from box and table."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
            if watched is self.search and event.key() in _MOVES:
                self.table.setFocus()
                if not self.table.selectedItems():
                    self.table.selectRow(next((r for r in range(self.table.rowCount()) if not self._gone(r)), 0))
                return True
        return super().eventFilter(watched, event)

    def _gone(self, row: int) -> bool:
        return self.table.isRowHidden(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._read()
            else:
                self.reject()  # the key that opened it closes it
        else:
            super().keyPressEvent(event)


def _table(told: Told) -> QTableWidget:
    """Keys of the screen itself first, then those of the table of commands."""
    rows = [(key, what, "") for key, what in told.screen.keys]
    for command in told.commands:
        what = f"{command.name} — {command.help[:1].lower()}{command.help[1:]}" if command.help else command.name
        rows.append((shown(command.keys[0]), what, command.id))
    table = QTableWidget(len(rows), 2)
    table.setHorizontalHeaderLabels(["Phím", "Việc"])
    dress_table(table, "Phím ở màn hình này", table.fontMetrics().height() + 10)
    table.horizontalHeader().hide()
    table.setWordWrap(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    for row, (key, what, command_id) in enumerate(rows):
        for column, words in enumerate((key, what)):
            item = QTableWidgetItem(words)
            item.setData(_COMMAND, command_id)
            item.setToolTip(words)
            if column == 0:
                item.setFont(theme.bold(table.font()))
            table.setItem(row, column, item)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    return table


def _cell(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""


def _words(told: Told) -> str:
    """The left side: what for, what is wrong now, what comes next, what is done here."""
    parts = [f"<h3>{escape(told.screen.title)}</h3>", f"<p>{escape(told.screen.purpose)}</p>"]
    if told.notices:
        parts.append("<h4>Lúc này</h4>")
        parts += [_notice(notice) for notice in told.notices[:_TOLD]]
        if len(told.notices) > _TOLD:
            parts.append(f"<p>Và {len(told.notices) - _TOLD} điều nữa; sửa những điều trên trước.</p>")
    if told.next_id:
        command = BY_ID[told.next_id]
        parts.append(f"<h4>Bước tiếp theo</h4><p><b>{escape(shown(command.keys[0]))}</b>  {escape(command.name)}.</p>")
    parts.append("<h4>Làm lần lượt</h4>")
    parts.append(_numbered(told.screen.steps))
    if told.hint:
        parts.append(f"<p>{escape(told.hint)}</p>")
    return "".join(parts)


def _numbered(steps: Sequence[str]) -> str:
    return "<ol>" + "".join(f"<li>{escape(step)}</li>" for step in steps) + "</ol>"


def _notice(notice: Notice) -> str:
    said = f"<p><b>{escape(notice.text)}</b>"
    if notice.finding is not None:
        said += _at_length(notice.finding)
    return said + "</p>"


def _at_length(finding: Finding) -> str:
    """What the finding means, what was measured, and the article it rests on."""
    parts = [MEANINGS.get(finding.word, "")]
    if finding.value and finding.limit:
        parts.append(f"Đo được {finding.value}, cần {finding.limit}.")
    if finding.law:
        parts.append(f"Căn cứ: {finding.law}.")
    if finding.keep_allowed:
        parts.append("Giấy gốc vốn như vậy thì được giữ và ghi lý do (Ctrl+G).")
    return "".join(f"<br>{escape(part)}" for part in parts if part)
