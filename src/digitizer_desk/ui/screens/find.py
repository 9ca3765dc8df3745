# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F3: find a dossier by any words of it, or by the code a hand scanner reads, and open it.

Apart from the counter because it looks into the cabinet and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.code import find_code
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.dossier.text import format_date
from digitizer_desk.store.dossiers import DossierLine
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.widgets.burst import Burst
from digitizer_desk.ui.widgets.buttons import HEIGHT, ActButton
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote, fault_of
from digitizer_desk.ui.widgets.forms.rows_table import dress_rows
from digitizer_desk.ui.widgets.status_line import StatusLine

#: how long the last key must lie back before the cabinet is asked
_WAIT_MS = 50
_ROW = 36
_COLUMNS = (("Mã hồ sơ", 235), ("Chủ hồ sơ", 215), ("Thủ tục", 270), ("Tiếp nhận", 150))
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindDialog(QDialog):
    """A box over a table; arrows and Enter work from the box. Nothing typed: the dossiers received last.

    Signals:
        chosen(str): id of the dossier to be opened.
    """

    chosen = Signal(str)

    def __init__(
        self,
        find: Callable[[str], Sequence[DossierLine]],
        run: Run,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """``find`` runs on the pool lane; ``clock`` tells a hand scanner from a hand."""
        super().__init__(parent)
        self._find, self._run = find, run
        self._lines: tuple[DossierLine, ...] = ()
        self._asked = 0
        self._pending = False
        self._open_single = False
        self._gone = False
        self.setWindowTitle("Tìm hồ sơ")
        self.resize(960, 560)
        self.setMinimumSize(820, 460)
        self.box = QLineEdit()
        self.box.setMinimumHeight(HEIGHT)
        self.box.setMaxLength(400)
        theme.inset(self.box)
        self.box.setClearButtonEnabled(True)
        self.box.setPlaceholderText("Mã, tên chủ hồ sơ, số định danh, thủ tục — không cần dấu; hoặc quét mã")
        self.box.setAccessibleName("Tìm hồ sơ")
        self.line = StatusLine()
        self.note = FaultNote()
        self.table = _table()
        self.go = ActButton("Enter  &Mở hồ sơ", next_act=True)
        self.cancel = ActButton("Esc  Đó&ng")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._arrange()
        self._connect(clock)
        self._ask()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.line, 1, Qt.AlignmentFlag.AlignVCenter)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        label = QLabel("&Tìm")
        label.setBuddy(self.box)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(label)
        top.addWidget(self.box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.note)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        for first, second in zip((self.box, self.table, self.go), (self.table, self.go, self.cancel), strict=True):
            QWidget.setTabOrder(first, second)
        self.box.setFocus()

    def _connect(self, clock: Callable[[], float]) -> None:
        self.box.installEventFilter(self)
        self._burst = Burst(self.box, clock)  # after ours: the one put in last is asked first
        self._burst.scanned.connect(self._scanned)
        self.box.textChanged.connect(self._typed)
        self._timer.timeout.connect(self._ask)
        self.table.activated.connect(lambda _index: self._open())
        self.go.clicked.connect(self._open)
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(self._close)

    # -- asking -------------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._pending = True
        self._open_single = False
        self._timer.start()

    def _ask(self) -> None:
        self._timer.stop()
        self._asked += 1
        self._pending = True
        asked = self._asked
        self._run("keys", self._find, self.box.text().strip(), on_done=lambda task: self._came(asked, task))

    def _came(self, asked: int, task: Running) -> None:
        """An answer: shown only when it is to the question asked last."""
        if self._gone or asked != self._asked or self._timer.isActive():
            return
        self._pending = False
        try:
            lines = tuple(task.result())
        except Exception as problem:
            self._fill(())
            self.line.hide()
            self.note.show_fault(fault_of(problem))
            return
        self.note.clear()
        self._fill(lines)
        self._say()
        if self._open_single and len(lines) == 1:
            self._open()
        self._open_single = False

    def _scanned(self, text: str) -> None:
        """A hand scanner gave the whole QR at once: the code in it is looked for, and opened when it is here."""
        found = find_code(text)
        self.box.setText(found.text if found is not None else text.strip())
        self._open_soon()

    def _open_soon(self) -> None:
        self._open_single = True
        self._ask()

    # -- showing ------------------------------------------------------------------------------------------------

    def _fill(self, lines: tuple[DossierLine, ...]) -> None:
        self._lines = lines
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            here = line.received_at.astimezone(VIETNAM)
            cells = (line.code, line.applicant, line.procedure_title, f"{format_date(here.date())} {here:%H:%M}")
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{_COLUMNS[column][0]}: {text}")
                self.table.setItem(row, column, item)
        self.go.setEnabled(bool(lines))
        if lines:
            self.table.selectRow(0)

    def _say(self) -> None:
        self.line.show()
        number = len(self._lines)
        if self._lines:
            words = f"Tìm thấy {number} hồ sơ" if self.box.text().strip() else f"{number} hồ sơ tiếp nhận gần đây nhất"
            self.line.show_state("idle", words, "info")
        elif self.box.text().strip():
            self.line.show_state("mind", "Không có hồ sơ nào khớp. Thử ít chữ hơn, hoặc nhấn Esc rồi F2 để nhận mới.")
        else:
            self.line.show_state("idle", "Quầy này chưa có hồ sơ nào. Nhấn Esc rồi F2 để nhận hồ sơ.", "info")

    # -- opening ------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Open the row chosen. While an answer is on its way nothing is opened unseen, unless it is the only one."""
        if self._pending:
            self._open_soon()
            return
        row = self.table.currentRow()
        if 0 <= row < len(self._lines):
            self.chosen.emit(self._lines[row].id)
            self.accept()

    def _close(self, *_: Any) -> None:
        self._gone = True
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the box the arrows move in the table and Enter opens."""
        if watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _ENTERS:
                self._open()
                return True
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}.get(
                Qt.Key(event.key())
            )
            if step is not None and self._lines:
                self.table.selectRow(min(max(self.table.currentRow() + step, 0), len(self._lines) - 1))
                return True
        return super().eventFilter(watched, event)


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setHorizontalHeaderLabels([name for name, _ in _COLUMNS])
    dress_rows(table, "Hồ sơ tìm thấy", [width for _, width in _COLUMNS], _ROW)
    heading = table.horizontalHeader()
    heading.setStretchLastSection(False)
    heading.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    return table
