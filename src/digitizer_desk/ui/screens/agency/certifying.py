# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Văn thư's screen: the documents that wait for the agency's signature, all checked, signed with one PIN.

Apart from the counter because another person sits here, with another token, and never sees a scanner.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.result import CopyForm
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import words as told_of
from digitizer_desk.steps.signatures.survey import Waiting
from digitizer_desk.ui.screens.agency.list_model import AgencyTable
from digitizer_desk.ui.widgets.buttons import ActButton, ChoiceButton
from digitizer_desk.ui.widgets.forms.rows_table import dress_rows
from digitizer_desk.ui.widgets.panels.landing import Landing
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.status_line import StatusLine

_ROW = 36
_WIDTHS = (360, 405, 140)
_FORMS = {CopyForm.TEXT: "Sao y: &chữ, không hình dấu", CopyForm.SEAL: "Nộp &lưu trữ: hình dấu"}
_NOTHING = {
    CopyForm.TEXT: (
        "Không còn tài liệu nào chờ ký của cơ quan.",
        "Tài liệu đến đây khi cán bộ đã ký, đã nhập dữ liệu.",
    ),
    CopyForm.SEAL: (
        "Không có tài liệu nào để đóng hình dấu.",
        "Hình dấu chỉ dùng khi nộp hồ sơ đã xong vào lưu trữ.",
    ),
}


class CertifyingScreen(Landing):
    """A table of documents under a line that counts them; below it the words of the mark and the acts.

    Signals:
        form_chosen(object): another CopyForm.
        look_asked(object): show this document (Waiting).
        signatures_asked(object): show the signatures of this document.
        sign_asked(): sign what is checked.
    """

    form_chosen = Signal(object)
    look_asked = Signal(object)
    signatures_asked = Signal(object)
    sign_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failure: DeskError | None = None
        self._looking = True
        self.line = StatusLine()
        self.line.set_bold(True)
        self.forms = {form: ChoiceButton(words) for form, words in _FORMS.items()}
        self._group = QButtonGroup(self)
        for form, button in self.forms.items():
            self._group.addButton(button)
            button.clicked.connect(lambda _on=False, f=form: self.form_chosen.emit(f))
        self.forms[CopyForm.TEXT].setChecked(True)
        self.model = AgencyTable(self)
        self.model.counted.connect(self._count)
        self.table = self._make_table()
        self.empty = Nothing(sign="seal")
        self._middle = QStackedWidget()
        self._middle.addWidget(self.table)
        self._middle.addWidget(self.empty)
        self.mark = QLabel()
        self.mark.setTextFormat(Qt.TextFormat.PlainText)
        self.mark.setWordWrap(True)
        self.look = ActButton("F7  &Xem tài liệu")
        self.signatures = ActButton("Ctrl+E  Chữ ký")
        self.sign = ActButton("F9  KÝ", next_act=True)
        self.look.clicked.connect(self.ask_look)
        self.signatures.clicked.connect(self.ask_signatures)
        self.sign.clicked.connect(self.ask_sign)
        self._arrange()
        self.land_on((self.table, *self.forms.values()))
        self._count()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        dress_rows(table, "Tài liệu chờ ký của cơ quan", _WIDTHS, _ROW)
        table.clicked.connect(lambda index: self.model.toggle(index.row()) if index.column() == 1 else None)
        table.installEventFilter(self)
        return table

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.line, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in self.forms.values():
            top.addWidget(button)
        foot = QHBoxLayout()
        foot.addWidget(self.look)
        foot.addWidget(self.signatures)
        foot.addStretch(1)
        foot.addWidget(self.sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self._middle, 1)
        column.addWidget(self.mark)
        column.addLayout(foot)

    # -- what is shown ------------------------------------------------------------------------------------------

    @property
    def form(self) -> CopyForm:
        return next(form for form, button in self.forms.items() if button.isChecked())

    def show_mark(self, words: str) -> None:
        """The text the mark will have, '' while it is not known."""
        kind = "không hình dấu" if self.form is CopyForm.TEXT else "có hình dấu đỏ, kích thước thật"
        self.mark.setText(f"Góc trên phải trang 1: «{words}» — {kind}" if words else "")

    def show_waiting(self, waiting: tuple[Waiting, ...]) -> None:
        """Take the list as it is now; the document selected stays selected."""
        selected = self.selected
        self._failure, self._looking = None, False
        self.model.show(waiting)
        rows = [one.component_id for one in self.model.documents]
        self.select(rows.index(selected.component_id) if selected and selected.component_id in rows else 0)

    def show_failure(self, problem: DeskError) -> None:
        """The list cannot be made: said in its place."""
        self._failure, self._looking = problem, False
        self.model.show(())
        self._count()

    @property
    def selected(self) -> Waiting | None:
        return self.model.document(self.table.currentIndex().row())

    def select(self, row: int) -> None:
        """Put the cursor on a row."""
        if self.model.rowCount():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)

    def _count(self) -> None:
        waiting, chosen = self.model.waiting, len(self.model.chosen)
        dossiers = len({one.dossier_id for one in waiting})
        if self._failure is not None:
            self.line.show_state("stop", told_of(self._failure).what)
        elif self._looking:
            self.line.show_state("work", "Đang xem tài liệu nào chờ ký…")
        elif waiting:
            left = sum(not one.ready for one in waiting)
            more = f" · {left} chưa sẵn sàng" if left else ""
            words = f"Chờ ký của cơ quan: {len(waiting)} tài liệu · {dossiers} hồ sơ{more}"
            self.line.show_state("work", words, "pen")
        else:
            self.line.show_state(
                "ok", "Đã ký hết tài liệu của cơ quan" if self.model.rowCount() else "Không có việc chờ"
            )
        rows = self.model.rowCount()
        self._middle.setCurrentIndex(0 if rows else 1)
        self.empty.say(*self._nothing())
        self.sign.setText(f"F9  &KÝ {chosen} tài liệu" if chosen else "F9  KÝ")
        self.sign.allow(bool(chosen), "Chưa có tài liệu nào được đánh dấu để ký.")
        for button in (self.look, self.signatures):
            button.allow(bool(rows), "Không có tài liệu nào trong danh sách.")

    def _nothing(self) -> tuple[str, str, str]:
        """Words, hint and sign while there is no list: of a failure what to do, as the line above says what it is."""
        if self._failure is not None:
            told = told_of(self._failure)
            return told.do or told.why, told.why if told.do else "", "alert"
        if self._looking:
            return "Đang xem tài liệu nào chờ ký…", "", "clock"
        return (*_NOTHING[self.form], "seal")

    # -- acts ---------------------------------------------------------------------------------------------------

    def ask_look(self) -> None:
        if (one := self.selected) is not None:
            self.look_asked.emit(one)

    def ask_signatures(self) -> None:
        if (one := self.selected) is not None:
            self.signatures_asked.emit(one)

    def ask_sign(self) -> None:
        if self.model.chosen:
            self.sign_asked.emit()

    def eventFilter(self, watched: object, event: object) -> bool:
        """Space and Ctrl+A belong to the check marks, whichever column the cursor is in."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress and watched is self.table:
            if event.key() == Qt.Key.Key_Space:
                row = self.table.currentIndex().row()
                self.model.toggle(row)
                return True
            if event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                everything = [one for one in self.model.waiting if one.ready and not one.ink]
                self.model.check_all(on=not set(everything) <= set(self.model.chosen))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.ask_look()
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]
