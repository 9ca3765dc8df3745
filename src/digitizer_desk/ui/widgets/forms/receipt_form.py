# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The fields of a receipt, each judged while it is typed.

Apart from the receive dialog, which knows keys, hand scanners and what happens with the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from digitizer_desk.dossier.identity import CardData
from digitizer_desk.dossier.incoming.receipt_qr import ReceiptQr
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import AccountCheck, Applicant, ApplicantKind, Channel, Dossier
from digitizer_desk.dossier.text import format_date, parse_date, tidy_name
from digitizer_desk.rules.regulation import Procedure, Regulation
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.receipt import NOTHING, Said, say_code, say_owner
from digitizer_desk.ui.widgets.forms.card import labelled
from digitizer_desk.ui.widgets.forms.choice_row import ChoiceRow
from digitizer_desk.ui.widgets.forms.procedure_pick import ProcedurePick
from digitizer_desk.ui.widgets.status_line import StatusLine

_FIELD = 34
_KINDS = {ApplicantKind.PERSON: "Cá nhân", ApplicantKind.ORGANISATION: "Tổ chức"}
_ACCOUNTS = {AccountCheck.YES: "Có", AccountCheck.NO: "Không", AccountCheck.NOT_DONE: "Chưa kiểm tra"}
_CHANNELS = {Channel.PAPER: "Trực tiếp, bằng giấy", Channel.ELECTRONIC: "Trực tuyến"}
_NUMBER_HINTS = {ApplicantKind.PERSON: "12 chữ số", ApplicantKind.ORGANISATION: "Mã số thuế"}
_BORN = {ApplicantKind.PERSON: ("Ngày sinh", "dd/MM/yyyy"), ApplicantKind.ORGANISATION: ("Năm thành lập", "yyyy")}


class ReceiptForm(QWidget):
    """Signals:
    papers_changed(): another procedure, or another way the dossier came in.
    """

    papers_changed = Signal()

    def __init__(
        self,
        procedures: Sequence[Procedure],
        search: Callable[[str], Sequence[Procedure]],
        law: Regulation,
        today: Callable[[], date],
        agency_of: Callable[[str], str] = lambda _code: "",
    ) -> None:
        super().__init__()
        self._agency_of = agency_of
        self._law, self._today = law, today
        self.code, self.name, self.identifier, self.born = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.code_line, self.owner_line, self.channel_line = StatusLine(), StatusLine(), StatusLine()
        self.kind = ChoiceRow("Loại chủ hồ sơ", _KINDS, ApplicantKind.PERSON)
        self.procedure = ProcedurePick(procedures, search)
        self.account = ChoiceRow("Tài khoản Cổng DVCQG", _ACCOUNTS, AccountCheck.NOT_DONE)
        self.channel = ChoiceRow("Hình thức nộp", _CHANNELS, Channel.PAPER)
        self._prepare()
        self._arrange()
        self._connect()
        self._show_kind()

    def _prepare(self) -> None:
        for field, longest, hint in (
            (self.code, 400, "Quét hoặc gõ mã trên giấy tiếp nhận"),
            (self.name, 200, "Như trên giấy; quét được mã QR thẻ căn cước"),
            (self.identifier, 400, ""),
            (self.born, 10, ""),
            (self.procedure.box, 400, self.procedure.box.placeholderText()),
        ):
            field.setMinimumHeight(_FIELD)
            theme.inset(field)
            field.setMaxLength(longest)
            field.setPlaceholderText(hint)
        self.name.setMaxLength(400)  # a card's QR passes through it
        for plain in (self.code, self.identifier, self.born):  # an input program would garble them
            plain.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        for line in (self.code_line, self.owner_line, self.channel_line):
            line.setMinimumHeight(22)
            policy = line.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            line.setSizePolicy(policy)
            line.hide()

    def _arrange(self) -> None:
        self.born_label = labelled("&Ngày sinh", self.born)
        number = QHBoxLayout()
        number.addWidget(self.identifier, 3)
        number.setSpacing(10)
        number.addWidget(self.born_label)
        number.addWidget(self.born, 2)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(labelled("Mã hồ &sơ", self.code), 0, 0)
        grid.addWidget(self.code, 0, 1)
        grid.addWidget(self.code_line, 1, 1)
        grid.addWidget(labelled("&Chủ hồ sơ", self.name), 2, 0)
        grid.addWidget(self.name, 2, 1)
        grid.addWidget(self.kind, 3, 1)
        grid.addWidget(labelled("Số &định danh", self.identifier), 4, 0)
        grid.addLayout(number, 4, 1)
        grid.addWidget(self.owner_line, 5, 1)
        label = labelled("&Thủ tục", self.procedure.box)
        label.setMinimumHeight(_FIELD)
        grid.addWidget(label, 6, 0, top)
        grid.addWidget(self.procedure, 6, 1)
        grid.setRowStretch(6, 1)
        grid.addWidget(QLabel("Tài khoản\nCổng DVCQG"), 7, 0)
        grid.addWidget(self.account, 7, 1)
        grid.addWidget(QLabel("Hình thức nộp"), 8, 0)
        grid.addWidget(self.channel, 8, 1)
        grid.addWidget(self.channel_line, 9, 1)
        order = (
            *(self.code, self.name, *self.kind.buttons.values(), self.identifier, self.born, self.procedure.box),
            *(*self.account.buttons.values(), *self.channel.buttons.values()),
        )
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _connect(self) -> None:
        self.code.textChanged.connect(self._say_code)
        for field in (self.identifier, self.born):
            field.textChanged.connect(self._say_owner)
        self.born.editingFinished.connect(self.write_out_day)
        self.kind.changed.connect(self._show_kind)
        self.channel.changed.connect(self._show_channel)
        self.procedure.changed.connect(self.papers_changed)
        self.procedure.list.itemActivated.connect(lambda _item: self.account.take_focus())

    # -- said while it is typed ---------------------------------------------------------------------------------

    def _say_code(self) -> None:
        _say(self.code_line, say_code(self.code.text(), self._agency_of))

    def _say_owner(self) -> None:
        _say(self.owner_line, say_owner(self.applicant(), self._law, self._today()))

    def _show_kind(self) -> None:
        kind = self.kind.value
        label, hint = _BORN[kind]
        self.born_label.setText(f"&{label}")
        self.born.setAccessibleName(label)
        self.born.setPlaceholderText(hint)
        self.identifier.setPlaceholderText(_NUMBER_HINTS[kind])
        self._say_owner()

    def _show_channel(self) -> None:
        online = self.channel.value is Channel.ELECTRONIC
        self.papers_changed.emit()
        _say(self.channel_line, Said("mind", "Hồ sơ nộp trực tuyến: không quét tại quầy.") if online else NOTHING)

    def write_out_day(self) -> None:
        """Write a day typed on the number pad as dd/MM/yyyy."""
        day = parse_date(self.born.text())
        if day is not None:
            self.born.setText(format_date(day))

    def take_card(self, card: CardData) -> None:
        """Fill the owner in from a citizen card."""
        self.kind.buttons[ApplicantKind.PERSON].setChecked(True)
        self.name.setText(card.name)
        self.identifier.setText(card.number)
        self.born.setText(format_date(card.born))

    def take_receipt(self, qr: ReceiptQr | None, before: ReceiptQr | None = None) -> None:
        """Fill in what the QR of a receipt says beside its code; what was typed stays, what only ``before``, scanned by
        mistake, had said does not."""
        owner = (self.name.text(), self.identifier.text())
        if not any(owner) or (before is not None and owner == (before.name, before.identity)):
            self.name.setText(qr.name if qr is not None else "")
            self.identifier.setText(qr.identity if qr is not None else "")
        chosen = self.procedure.chosen
        if chosen is None or (before is not None and chosen.code.upper() == before.procedure.upper()):
            self.procedure.choose(qr.procedure if qr is not None else "")

    def take_listed(self, found: WaitingDossier) -> None:
        """Fill in what the province's list says of this code; what was typed before stays."""
        owner = found.applicant
        if not self.name.text().strip() and not self.identifier.text().strip():
            self.kind.buttons[owner.kind].setChecked(True)
            for field, text in ((self.name, owner.name), (self.identifier, owner.identifier)):
                field.setText(text)
            self.born.setText(owner.born_or_founded)
        if self.procedure.chosen is None:
            self.procedure.choose(found.procedure)
        self.account.buttons[found.account_check].setChecked(True)
        self.channel.buttons[found.channel].setChecked(True)
        _say(self.code_line, Said("ok", "Có trong danh sách chờ của tỉnh: đã điền sẵn"))

    def drop_listed(self, found: WaitingDossier) -> None:
        """Take away what the province's list said of another code; what was typed since stays."""
        if self.applicant() == found.applicant:
            for field in (self.name, self.identifier, self.born):
                field.clear()
        if self.procedure.chosen is not None and self.procedure.chosen.code == found.procedure:
            self.procedure.choose("")

    def show_dossier(self, dossier: Dossier) -> None:
        """Fill everything in from a dossier."""
        owner = dossier.applicant
        self.kind.buttons[owner.kind].setChecked(True)
        texts = (dossier.code, owner.name, owner.identifier, owner.born_or_founded)
        for field, text in zip((self.code, self.name, self.identifier, self.born), texts, strict=True):
            field.setText(text)
        self.procedure.choose(dossier.procedure)
        self.account.buttons[dossier.account_check].setChecked(True)
        self.channel.buttons[dossier.channel].setChecked(True)

    def applicant(self) -> Applicant:
        """The owner as typed so far."""
        name, number, born = (field.text() for field in (self.name, self.identifier, self.born))
        return Applicant(tidy_name(name), self.kind.value, tidy_name(number), tidy_name(born))


def _say(line: StatusLine, said: Said) -> None:
    """Show a line, or keep its place empty."""
    if said.words:
        line.show_state(said.role, said.words, said.sign)
    line.setVisible(bool(said.words))
