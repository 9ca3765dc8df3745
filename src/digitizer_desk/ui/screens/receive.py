# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F2: a receipt becomes a dossier. Code, owner, procedure, and at once what papers are wanted.

Apart from the counter because it is asked once, before any paper moves. What a hand types waits for Ctrl+Enter; a sheet
that hand scanner and province have filled beyond doubt opens its dossier by itself (``models/by_itself.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise
from time import monotonic

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from digitizer_desk.dossier.identity import CardData, read_card_qr
from digitizer_desk.dossier.incoming.receipt_qr import ReceiptQr, read_receipt
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import VIETNAM, Dossier
from digitizer_desk.dossier.text import format_date
from digitizer_desk.errors import DeskError, error
from digitizer_desk.messages.form import Message
from digitizer_desk.rules.regulation import Procedure, Regulation
from digitizer_desk.steps.receive import Receipt
from digitizer_desk.ui.models import by_itself
from digitizer_desk.ui.models.by_itself import CARD, GARBLED, LIST, RECEIPT, Filled, Told
from digitizer_desk.ui.models.receipt import code_of
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.widgets.burst import Burst
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.fault_note import FaultNote, fault_of
from digitizer_desk.ui.widgets.forms.procedure_pick import PaperPreview
from digitizer_desk.ui.widgets.forms.receipt_form import ReceiptForm


class ReceiveDialog(QDialog):
    """Fields on the left, the papers of the procedure on the right. Enter goes on, Ctrl+Enter opens the dossier.

    A hand scanner may be used in every field but the day: the code of a receipt and the QR of a citizen card go where
    they belong.

    Signals:
        received(object): the dossier that was opened.
        find_asked(str): F3 after "this code is taken": the code of the dossier to be looked for.

    ``opened_alone``: the dossier was opened without a key.
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
        known: Callable[[str], WaitingDossier | Dossier | None] = lambda _code: None,
        layout: str = "",
        agency_of: Callable[[str], str] = lambda _code: "",
        today: Callable[[], date] = lambda: datetime.now(VIETNAM).date(),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """``receive`` and ``known`` run on the pool lane; the second gives what is known of a code: a line of the
        province's list, or the dossier that has it already. ``layout``: what the QR of a receipt holds beside the code
        (``dossier.incoming.receipt_qr``); ``agency_of`` gives the name of an agency, '' when unknown; ``clock`` tells a
        hand scanner from a hand."""
        super().__init__(parent)
        self._receive, self._run, self._known, self._layout = receive, run, known, layout
        self._law, self._today = law, today
        self._gone = False
        self._taken = False
        self.opened_alone = False
        self._by_scan = False  # the last thing that filled the sheet was no hand
        self._answered = ""  # the code of which all is known that can be
        self._listed: WaitingDossier | None = None
        self._card: CardData | None = None
        self._qr: ReceiptQr | None = None
        self.setWindowTitle("Hồ sơ mới")
        self.resize(1000, 620)
        self.setMinimumSize(960, 600)
        self.form = ReceiptForm(procedures, search, law, today, agency_of)
        self.papers = PaperPreview(law)
        self.note = FaultNote()
        self._words = "Ctrl+Enter  &Mở hồ sơ"
        self.go = ActButton(self._words, next_act=True)
        self.cancel = ActButton("Esc  &Hủy")
        self._arrange()
        self._connect(clock)
        self._show_papers()
        self.form.code.setFocus()

    def show_dossier(self, dossier: Dossier) -> None:
        """What was opened just now, to be put right."""
        self.setWindowTitle("Sửa giấy tiếp nhận")
        self._words = "Ctrl+Enter  &Sửa hồ sơ"
        self.go.setText(self._words)
        self.form.show_dossier(dossier)
        self.form.name.setFocus()

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
        for field in (self.form.code, self.form.name, self.form.identifier, self.form.procedure.box):
            burst = Burst(field, clock)
            if field is self.form.procedure.box:
                burst.begun.connect(self.form.procedure.remember)
            burst.scanned.connect(lambda text, field=field: self._scanned(field, text))
        for field in (self.form.code, self.form.name, self.form.identifier, self.form.born, self.form.procedure.box):
            field.textEdited.connect(self._touched)
        for row in (self.form.kind, self.form.account, self.form.channel):
            row.changed.connect(self._touched)
        self.go.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(self._close)

    def _show_papers(self) -> None:
        self.papers.show_procedure(self.form.procedure.chosen, self.form.channel.value)

    def _touched(self) -> None:
        """A hand was here: from now on it is the hand that opens."""
        self._by_scan = False

    def _look_for(self, text: str) -> None:
        """A whole code: perhaps the province has told the rest already, or it was taken in before."""
        if self._listed is not None:
            self.form.drop_listed(self._listed)  # it was told of another code
        self._answered, self._listed = "", None
        if self._taken:
            self._taken = False
            self.note.clear()
        try:
            code_of(text)
        except DeskError:
            return
        self._run("keys", self._known, text, on_done=lambda task: self._told(task, text))

    def _told(self, task: Running, text: str) -> None:
        """Fill in what nobody has typed yet; say whose the code is when it is somebody's already."""
        if self._gone or text != self.form.code.text():
            return
        try:
            found = task.result()
        except DeskError:
            return  # the cabinet says so when the dossier is to be opened
        by_scan = self._by_scan
        if isinstance(found, WaitingDossier):
            self._listed = found
            self.form.take_listed(found)
        elif isinstance(found, Dossier):
            self._taken = True
            self.note.show_message(already_here(found))
            return
        self._answered, self._by_scan = text, by_scan
        self._go_alone()

    def _scanned(self, field: QLineEdit, text: str) -> None:
        """A hand scanner typed into ``field``: the QR of a card, that of a receipt, or a dossier code."""
        whole = field.text().endswith(text)  # an input program rewrites what the keys said
        if self._took_card(field, text) or self._took_receipt(field, text):
            self._by_scan = whole
            if not whole:
                self.note.show_message(GARBLED)
            else:
                self._go_alone()

    def _took_card(self, field: QLineEdit, text: str) -> bool:
        card = read_card_qr(text)
        if card is None:
            return False
        self._take_out(field)
        self._clear_note()
        self._card = card
        self.form.take_card(card)
        (self.form.procedure.box if self.form.code.text().strip() else self.form.code).setFocus()
        return True

    def _took_receipt(self, field: QLineEdit, text: str) -> bool:
        qr = read_receipt(text, self._layout)
        try:
            code = qr.code if qr is not None else code_of(text)
        except DeskError as fault:
            self._refuse(fault, field)
            return False
        if field is not self.form.code:
            if code.received_on is None:  # a number on some card, not a receipt: it belongs where it was read
                self.focusNextChild()
                return False
            self._take_out(field)
        self._clear_note()
        before, self._qr = self._qr, qr
        self.form.code.setText(code.text)
        self.form.take_receipt(qr, before)
        (self.form.procedure.box if self.form.name.text().strip() else self.form.name).setFocus()
        return True

    def _take_out(self, field: QLineEdit) -> None:
        """What was scanned goes to its own fields; a search for a procedure is as it was before."""
        if field is self.form.procedure.box:
            self.form.procedure.recall()
        else:
            field.clear()

    def _clear_note(self) -> None:
        """What was said of another scan; that a code is taken holds as long as it stands there."""
        if not self._taken:
            self.note.clear()

    # -- without a key ------------------------------------------------------------------------------------------

    def _go_alone(self) -> None:
        """Open the dossier when hand scanner and province have filled the sheet beyond doubt; else say the doubt."""
        if not self._by_scan or self._taken or not self.go.isEnabled() or self._answered != self.form.code.text():
            return
        chosen = self.form.procedure.chosen
        owner, channel = self.form.applicant(), self.form.channel.value
        filled = Filled(self.form.code.text(), chosen.code if chosen is not None else "", owner, channel)
        told = self._all_told()
        doubt = by_itself.differs(filled, told)
        if doubt is not None:
            self.note.show_message(doubt)
        elif not by_itself.lacks(filled, told) and not by_itself.doubtful(filled, self._law, self._today()):
            self.opened_alone = True
            self.submit()

    def _all_told(self) -> list[Told]:
        told = []
        if (qr := self._qr) is not None:
            told.append(Told(RECEIPT, qr.code.text, qr.procedure, qr.name, qr.identity))
        if (card := self._card) is not None:
            told.append(Told(CARD, name=card.name, identity=card.number))
        if (listed := self._listed) is not None:
            owner = listed.applicant
            told.append(Told(LIST, listed.code, listed.procedure, owner.name, owner.identifier))
        return told

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
        self._run("keys", self._receive, receipt, on_done=self._done)

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
        self.opened_alone = False
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
        self.go.setText("Đang mở…" if busy else self._words)

    def _close(self) -> None:
        self._gone = True


def already_here(dossier: Dossier) -> Message:
    """Whose a code is that was taken in before."""
    day = format_date(dossier.received_at.astimezone(VIETNAM).date())
    what = f"Hồ sơ này đã có: {dossier.applicant.name}, {dossier.procedure_title}."
    return Message(what, f"Đã tiếp nhận ngày {day}.", "Nhấn F3 để mở hồ sơ đó.")


#: code of a failure -> the field it is about
_FIELD_OF: dict[str, Callable[[ReceiveDialog], QWidget]] = {
    "dossier.code_malformed": lambda dialog: dialog.form.code,
    "dossier.code_taken": lambda dialog: dialog.form.code,
    "dossier.applicant_missing": lambda dialog: dialog.form.name,
    "rules.procedure_unknown": lambda dialog: dialog.form.procedure.box,
}
