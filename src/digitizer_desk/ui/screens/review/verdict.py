# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The verdict of a lot: what the numbers say, the machine beside the human, and the sheet for paper.

Apart from judging because from here pages go back to the clerk: it is confirmed once, with a verb.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
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

from digitizer_desk.dossier.review import Verdict
from digitizer_desk.messages.review import verdict_words
from digitizer_desk.ui import theme
from digitizer_desk.ui.review.printing import VerdictSheet
from digitizer_desk.ui.screens.review.lines import verdict_title
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.rows_table import dress_table, head_numbers
from digitizer_desk.ui.widgets.panels.panel import small_heading
from digitizer_desk.ui.widgets.status_line import StatusLine

_HEADER = ("Lỗi", "Lớp", "Cả hai thấy", "Chỉ máy thấy", "Chỉ người thấy")
_ROW = 30
#: the most of a screen's height the rows of the table take; more of them scroll
_SHARE = 0.42
#: a nought among numbers that count: the eye goes to those
_NONE = "–"
_ROLES = {Verdict.OPEN: "work", Verdict.ACCEPTED: "ok", Verdict.REFUSED: "stop"}


class VerdictDialog(QDialog):
    """A lot that can be concluded, or one that was.

    Signals:
        concluded(str): the verdict is given, with these words.
        print_asked(): the sheet to a printer; pdf_asked(): to a file.
    """

    concluded = Signal(str)
    print_asked = Signal()
    pdf_asked = Signal()

    def __init__(self, sheet: VerdictSheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(760)
        self.what = StatusLine()
        self.what.set_bold(True)
        self.back = QLabel()
        self.back.setWordWrap(True)
        self.note = QLineEdit()
        theme.inset(self.note)
        self.note.setMinimumHeight(36)
        self.note.setPlaceholderText("Ghi thêm vào kết luận (không bắt buộc)")
        self.note.setAccessibleName("Ghi thêm vào kết luận")
        self.table = _table()
        self.give = ActButton(next_act=True)
        self.pdf, self.paper = ActButton("&Lưu PDF…"), ActButton("&In…")
        self.close_button = ActButton("Esc  Đóng")
        self.give.clicked.connect(self._give)
        self.pdf.clicked.connect(self.pdf_asked)
        self.paper.clicked.connect(self.print_asked)
        self.close_button.clicked.connect(self.reject)
        self._arrange()
        self.show_sheet(sheet)

    def _arrange(self) -> None:
        compare = small_heading("MÁY VÀ NGƯỜI (các trang đã xem)")
        row = QHBoxLayout()
        row.addWidget(self.pdf)
        row.addWidget(self.paper)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.give)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        for part in (self.what, self.back, self.note, compare, self.table):
            column.addWidget(part)
        column.addLayout(row)

    def show_sheet(self, sheet: VerdictSheet) -> None:
        """The lot as it stands; after the verdict was given only the sheet is left to be printed."""
        now, lot = sheet.progress, sheet.progress.lot
        self.sheet = sheet
        self.setWindowTitle(verdict_title(lot))
        given = lot.verdict is not Verdict.OPEN
        self.what.show_state(_ROLES[now.verdict], verdict_words(lot, now.serious, now.critical))
        said = [one.judgement for one in now.pages if one.judgement is not None]
        back = sum(bool(one.mended_by) for one in said)
        self.back.setText(_consequence(now.verdict, back, given=given, note=lot.note))
        self.note.setVisible(not given)
        self.give.setVisible(not given)
        self.give.setText("Enter  Trả lô" if now.verdict is Verdict.REFUSED else "Enter  Nhận lô")
        self.table.setRowCount(len(sheet.agreement))
        for place, one in enumerate(sheet.agreement):
            cells = (one.fault.name, one.fault.kind_name, one.both, one.only_machine, one.only_human)
            for column, value in enumerate(cells):
                item = QTableWidgetItem(str(value) if value else _NONE)
                if column > 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, str(value))
                self.table.setItem(place, column, item)
        rows = self.table.verticalHeader().defaultSectionSize() * len(sheet.agreement)
        room = int(_SHARE * theme.room(self).height())
        self.table.setFixedHeight(min(rows, room) + self.table.horizontalHeader().sizeHint().height() + 6)
        (self.close_button if given else self.note).setFocus()

    def _give(self) -> None:
        self.give.setEnabled(False)
        self.concluded.emit(self.note.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.give.isVisible() and self.give.isEnabled():
                self._give()
            elif not self.give.isVisible():
                self.accept()
        else:
            super().keyPressEvent(event)


def _consequence(verdict: Verdict, back: int, *, given: bool, note: str) -> str:
    """What follows from the verdict, for the clerk and for the desk."""
    parts = [
        f"{back} trang {'đã trả' if given else 'sẽ trả'} lại cán bộ để sửa." if back else "Không trang nào phải sửa."
    ]
    if verdict is Verdict.REFUSED:
        parts.append("Bàn phải xem lại mọi trang của lô, trang máy đo kém nhất trước.")
    if note:
        parts.append(f"«{note}»")
    return " ".join(parts)


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_HEADER))
    table.setHorizontalHeaderLabels(list(_HEADER))
    dress_table(table, "So kết quả của máy và của người", _ROW)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    head_numbers(table, range(2, len(_HEADER)))
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table
