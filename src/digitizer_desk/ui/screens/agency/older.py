# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The list of older results still in force: found, picked to be scanned; a workbook brought in, or its bad cells told.

Apart from finding dossiers because most lines here have no dossier at this desk yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.result import ListedResult
from digitizer_desk.errors import DeskError
from digitizer_desk.steps.results.listed import ReadLines
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.buttons import HEIGHT, ActButton
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote, fault_of
from digitizer_desk.ui.widgets.forms.rows_table import dress_rows
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.status_line import StatusLine

_WAIT_MS = 200
_NOTHING = ("Danh sách trống.", "Nhấn Ctrl+O để nhập danh sách Excel (.xlsx).", "list")
_NO_MATCH = ("Không có kết quả nào khớp.", "Thử ít chữ hơn; không cần gõ dấu.", "search")
_ROW = 36
_LISTED = (("Số, ký hiệu", 130), ("Tên kết quả", 270), ("Chủ hồ sơ", 200), ("Mã hồ sơ", 235), ("", 110))
_BAD = (("Dòng", 70), ("Cột", 60), ("Tên cột", 190), ("Cần sửa", 400))


class OlderResults(QDialog):
    """``find(words)``, ``bring(file)`` and ``read(file)`` run on the pool lane; a bad list is read again for its cells.

    Signals:
        picked(str): id of the line to be digitised.
    """

    picked = Signal(str)

    def __init__(
        self,
        find: Callable[[str], Sequence[ListedResult]],
        bring: Callable[[Path], ReadLines],
        read: Callable[[Path], ReadLines],
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._find, self._bring, self._read, self._run = find, bring, read, run
        self._lines: tuple[ListedResult, ...] = ()
        self._asked = 0
        self.setWindowTitle("Kết quả còn hiệu lực chờ số hóa")
        self.resize(1010, 600)
        self.setMinimumSize(1010, 480)
        self.box = QLineEdit()
        self.box.setMinimumHeight(HEIGHT)
        self.box.setClearButtonEnabled(True)
        theme.inset(self.box)
        self.box.setPlaceholderText("Số ký hiệu, tên, chủ hồ sơ, mã hồ sơ — không cần dấu")
        self.box.setAccessibleName("Tìm kết quả")
        self.box.installEventFilter(self)
        self.state = StatusLine()
        self.note = FaultNote()
        self.table = _table(_LISTED, "Kết quả còn hiệu lực")
        self.bad = _table(_BAD, "Ô cần sửa trong danh sách")
        self.empty = Nothing(*_NOTHING)
        self._middle = QStackedWidget()
        for part in (self.table, self.empty, self.bad):
            self._middle.addWidget(part)
        self.bring = ActButton("Ctrl+O  &Nhập danh sách")
        self.close_button = ActButton("Esc  Đóng")
        self.go = ActButton("Enter  &Chọn để quét", next_act=True)
        self.bring.clicked.connect(self.choose)
        self.close_button.clicked.connect(self._escape)
        self.go.clicked.connect(self._pick)
        self.table.activated.connect(lambda _index: self._pick())
        self.table.currentCellChanged.connect(lambda *_: self._wake())
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self._ask)
        self.box.textChanged.connect(lambda _text: self._timer.start())
        self._arrange()
        self._ask()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.bring)
        buttons.addWidget(self.state, 1, Qt.AlignmentFlag.AlignVCenter)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.box)
        column.addWidget(self.note)
        column.addWidget(self._middle, 1)
        column.addLayout(buttons)
        self.box.setFocus()

    # -- the list -------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        self._timer.stop()
        self._asked += 1
        number = self._asked
        self._run("pool", self._find, self.box.text(), on_done=lambda task: self._found(task, number))

    def _found(self, task: Any, number: int) -> None:
        if number != self._asked:
            return
        try:
            self._lines = tuple(task.result())
        except DeskError as problem:
            self.note.show_fault(problem)
            return
        rows = [
            (
                line.get("so_ky_hieu"),
                line.get("ten_giay_to"),
                line.get("ho_ten") or line.get("ten_to_chuc"),
                line.dossier_code,
                "đã chọn" if line.component_id else "chờ số hóa",
            )
            for line in self._lines
        ]
        _fill(self.table, rows)
        if rows:
            self.table.selectRow(0)
        searched = bool(self.box.text().strip())
        self.empty.say(*(_NO_MATCH if searched else _NOTHING))
        self._middle.setCurrentWidget(self.table if rows else self.empty)
        self._wake()

    @property
    def selected(self) -> ListedResult | None:
        row = self.table.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def _wake(self) -> None:
        line = self.selected if self._middle.currentWidget() is self.table else None
        taken = line is not None and bool(line.component_id)
        self.go.allow(
            line is not None and not taken, "Kết quả này đã được chọn." if taken else "Chưa chọn kết quả nào."
        )

    def _pick(self) -> None:
        if self.go.isEnabled() and (line := self.selected) is not None:
            self.picked.emit(line.id)
            self.accept()

    # -- a workbook ------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ctrl+O: which workbook."""
        name, _ = QFileDialog.getOpenFileName(self, "Danh sách kết quả còn hiệu lực", "", "Excel (*.xlsx)")
        if name:
            self.take(Path(name))

    def take(self, file: Path) -> None:
        """Bring in this workbook, whole or not at all."""
        self.note.clear()
        self.bring.setEnabled(False)
        self.state.show_state("work", f"Đang đọc «{file.name}»…")
        self._run("pool", self._bring, file, on_done=lambda task: self._brought(task, file))

    def _brought(self, task: Any, file: Path) -> None:
        self.bring.setEnabled(True)
        try:
            found: ReadLines = task.result()
        except Exception as problem:
            fault = fault_of(problem)
            self.note.show_fault(fault)
            self.state.show_state("idle", "Chưa nhập dòng nào.")
            if fault.code == "result.list_bad":
                self._run("pool", self._read, file, on_done=self._show_bad)
            elif not isinstance(problem, DeskError):
                raise
            return
        again = f" {len(found.again)} dòng đã có từ trước." if found.again else ""
        self.state.show_state("ok", f"Đã nhập {len(found.lines)} kết quả.{again}")
        self._ask()

    def _show_bad(self, task: Any) -> None:
        found: ReadLines = task.result()
        _fill(self.bad, [(str(cell.row), cell.column, cell.label, cell.words) for cell in found.bad])
        self._middle.setCurrentWidget(self.bad)
        self.bad.selectRow(0)
        self.bad.setFocus()
        self._wake()

    # -- keys -----------------------------------------------------------------------------------------------------

    def _escape(self) -> None:
        """From the bad cells back to the list, from the list out."""
        if self._middle.currentWidget() is self.bad:
            self.note.clear()
            self.state.show_state("idle", "")
            self._ask()
            self.box.setFocus()
        else:
            self.reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() == Qt.Key.Key_O and control:
            self.choose()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows work from the box."""
        arrows = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.box
        if pressed and event.key() in arrows and self._lines:  # type: ignore[attr-defined]
            by = {arrows[0]: -1, arrows[1]: 1, arrows[2]: -10, arrows[3]: 10}[Qt.Key(event.key())]  # type: ignore[attr-defined]
            self.table.selectRow(max(0, min(len(self._lines) - 1, self.table.currentRow() + by)))
            return True
        return super().eventFilter(watched, event)


def _table(columns: Sequence[tuple[str, int]], name: str) -> QTableWidget:
    table = QTableWidget(0, len(columns))
    table.setHorizontalHeaderLabels([label for label, _ in columns])
    dress_rows(table, name, [width for _, width in columns], _ROW)
    return table


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    table.setRowCount(len(rows))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)
