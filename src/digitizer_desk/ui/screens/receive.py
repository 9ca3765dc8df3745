# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F2: a receipt becomes a dossier. Code, owner, procedure, and at once what papers are wanted.

Apart from the counter because it is asked once, before any paper moves; nothing here opens a dossier by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise
from time import monotonic

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from digitizer_desk.dossier.identity import read_card_qr
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import VIETNAM, Dossier
from digitizer_desk.errors import DeskError, error
from digitizer_desk.messages.form import Message
from digitizer_desk.rules.regulation import Procedure, Regulation
from digitizer_desk.steps.receive import Receipt
from digitizer_desk.ui.models.receipt import code_of
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.widgets.burst import Burst
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote, fault_of
from digitizer_desk.ui.widgets.forms.procedure_pick import PaperPreview
from digitizer_desk.ui.widgets.forms.receipt_form import ReceiptForm


class ReceiveDialog(QDialog):
    """Fields on the left, the papers of the procedure on the right. Enter goes on, Ctrl+Enter opens the dossier.

    A hand scanner may be used in any of the owner's fields and for the code: the code of a receipt and the QR of a
    citizen card go where they belong.

    Signals:
        received(object): the dossier that was opened.
        find_asked(str): F3 after "this code is taken": the code of the dossier to be looked for.
    """

    received = Signal(object)
    find_asked = Signal(str)

    def __init__(
        self,
        procedures: Sequence[Procedure],
        search: Callable[[str], Sequence[Procedure]],
        law: Regulation,
        receive: Callable[[Receipt], Dossier],
        run: Run,
        parent: QWidget | None = None,
        *,
        known: Callable[[str], WaitingDossier | None] = lambda _code: None,
        agency_of: Callable[[str], str] = lambda _code: "",
        today: Callable[[], date] = lambda: datetime.now(VIETNAM).date(),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """``receive`` and ``known`` (what the province's list knows of a code) run on the pool lane; ``agency_of``
        gives the name of an agency, '' when unknown; ``clock`` tells a hand scanner from a hand."""
        super().__init__(parent)
        self._receive, self._run, self._known = receive, run, known
        self._gone = False
        self._taken = False
        self.setWindowTitle("Hồ sơ mới")
        self.resize(1000, 620)
        self.setMinimumSize(960, 600)
        self.form = ReceiptForm(procedures, search, law, today, agency_of)
        self.papers = PaperPreview(law)
        self.note = FaultNote()
        self.go = ActButton("Ctrl+Enter  &Mở hồ sơ", next_act=True)
        self.cancel = ActButton("Esc  &Hủy")
        self._arrange()
        self._connect(clock)
        self._show_papers()
        self.form.code.setFocus()

    # -- laying out ---------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(self.form, 3)
        columns.addWidget(self.papers, 2)
        bottom = QHBoxLayout()
        bottom.setSpacing(10)
        bottom.addWidget(self.note, 1)
        bottom.addStretch()
        bottom.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignBottom)
        bottom.addWidget(self.go, 0, Qt.AlignmentFlag.AlignBottom)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 14)
        whole.setSpacing(10)
        whole.addLayout(columns, 1)
        whole.addLayout(bottom)
        last = tuple(self.form.channel.buttons.values())[-1]
        for first, second in pairwise((last, self.go, self.cancel, self.papers.area)):
            QWidget.setTabOrder(first, second)

    def _connect(self, clock: Callable[[], float]) -> None:
        self.form.papers_changed.connect(self._show_papers)
        self.form.code.textChanged.connect(self._look_for)
        for field in (self.form.code, self.form.name, self.form.identifier):
            burst = Burst(field, clock)
            burst.scanned.connect(lambda text, field=field: self._scanned(field, text))
        self.go.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(self._close)

    def _show_papers(self) -> None:
        self.papers.show_procedure(self.form.procedure.chosen, self.form.channel.value)

    def _look_for(self, text: str) -> None:
        """A whole code: perhaps the province has told the rest already."""
        try:
            code_of(text)
        except DeskError:
            return
        self._run("pool", self._known, text, on_done=lambda task: self._told(task, text))

    def _told(self, task: Running, text: str) -> None:
        """Fill in what nobody has typed yet."""
        if self._gone or text != self.form.code.text():
            return
        found = task.result()
        if isinstance(found, WaitingDossier):
            self.form.take_listed(found)

    def _scanned(self, field: QLineEdit, text: str) -> None:
        """A hand scanner typed into ``field``: the QR of a card, or a dossier code."""
        card = read_card_qr(text)
        if card is not None:
            field.clear()
            self.note.clear()
            self.form.take_card(card)
            (self.form.procedure.box if self.form.code.text().strip() else self.form.code).setFocus()
            return
        try:
            code = code_of(text)
        except DeskError as fault:
            self._refuse(fault, field)
            return
        if field is not self.form.code:
            if code.received_on is None:  # a number on some card, not a receipt: it belongs where it was read
                self.focusNextChild()
                return
            field.clear()
        self.note.clear()
        self.form.code.setText(code.text)
        self.form.name.setFocus()

    # -- keys ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier or self.form.channel.has_focus():
                self.submit()
            else:
                self._next()
        elif event.key() == Qt.Key.Key_F3 and self._taken:
            self.find_asked.emit(self.form.code.text().strip())
            self.reject()
        else:
            super().keyPressEvent(event)

    def _next(self) -> None:
        """Enter: the next field, and past a group of answers in one step."""
        for button in (self.go, self.cancel):
            if button.hasFocus():
                button.click()
                return
        if self.form.kind.has_focus():
            self.form.identifier.setFocus()
        elif self.form.procedure.box.hasFocus() or self.form.procedure.list.hasFocus():
            if self.form.procedure.chosen is None:
                self._refuse_procedure()
            else:
                self.form.account.take_focus()
        elif self.form.account.has_focus():
            self.form.channel.take_focus()
        else:
            self.focusNextChild()

    # -- opening the dossier ------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Open the dossier; what is wrong is said here, and nothing typed is lost."""
        if not self.go.isEnabled():
            return
        self.form.write_out_day()
        try:
            code = code_of(self.form.code.text())
        except DeskError as fault:
            self._refuse(fault, self.form.code)
            return
        applicant = self.form.applicant()
        if not applicant.name:
            self._refuse(error("dossier.applicant_missing"), self.form.name)
            return
        procedure = self.form.procedure.chosen
        if procedure is None:
            self._refuse_procedure()
            return
        receipt = Receipt(code.text, procedure.code, applicant, self.form.channel.value, self.form.account.value)
        self.note.clear()
        self._busy(True)
        self._run("pool", self._receive, receipt, on_done=self._done)

    def _done(self, task: Running) -> None:
        if self._gone:
            return
        self._busy(False)
        try:
            dossier = task.result()
        except Exception as problem:
            fault = fault_of(problem)
            self._refuse(fault, _FIELD_OF.get(fault.code, lambda _d: None)(self))
            return
        self.received.emit(dossier)
        self.accept()

    def _refuse(self, fault: DeskError, field: QWidget | None) -> None:
        self._taken = fault.code == "dossier.code_taken"
        self.note.show_fault(fault)
        if field is not None:
            field.setFocus()
        if isinstance(field, QLineEdit):
            field.selectAll()

    def _refuse_procedure(self) -> None:
        self.note.show_message(Message("Chưa chọn thủ tục.", "", "Gõ vài chữ của tên thủ tục, dùng ↑ ↓ để chọn."))
        self.form.procedure.box.setFocus()

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.go.setText("Đang mở…" if busy else "Ctrl+Enter  &Mở hồ sơ")

    def _close(self) -> None:
        self._gone = True


#: code of a failure -> the field it is about
_FIELD_OF: dict[str, Callable[[ReceiveDialog], QWidget]] = {
    "dossier.code_malformed": lambda dialog: dialog.form.code,
    "dossier.code_taken": lambda dialog: dialog.form.code,
    "dossier.applicant_missing": lambda dialog: dialog.form.name,
    "rules.procedure_unknown": lambda dialog: dialog.form.procedure.box,
}
