# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F2: a receipt becomes a dossier. Code, applicant, procedure, and at once what papers are wanted.

Apart from the counter because it is asked once, before any paper moves; nothing here opens a dossier by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.code import find_code, read_code
from digitizer_desk.dossier.identity import check_identifier
from digitizer_desk.dossier.model import AccountCheck, Applicant, ApplicantKind, Channel, CodeKind, Dossier
from digitizer_desk.dossier.text import parse_date
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import words
from digitizer_desk.rules.regulation import Procedure, ProcedureComponent, Regulation
from digitizer_desk.steps.receive import Receipt
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.burst import Burst
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.status_line import StatusLine

_KINDS = {
    CodeKind.OLD: ("ok", "Mã đúng mẫu"),
    CodeKind.QD20: ("ok", "Mã đúng mẫu (QĐ 20/2020)"),
    CodeKind.LEGACY: ("mind", "Mã kiểu cũ: xem lại với giấy tiếp nhận"),
}


class ReceiveDialog(QDialog):
    """Asks for the receipt.

    Signals:
        received(object): the dossier that was opened.
    """

    received = Signal(object)

    def __init__(
        self,
        procedures: Sequence[Procedure],
        search: Callable[[str], Sequence[Procedure]],
        law: Regulation,
        receive: Callable[[Receipt], Dossier],
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._procedures, self._search, self._law = tuple(procedures), search, law
        self._receive, self._run = receive, run
        self.setWindowTitle("Hồ sơ mới")
        self.setMinimumSize(1040, 600)
        self._fields()
        self._list = QListWidget()
        self._list.setAccessibleName("Thủ tục")
        self._list.currentItemChanged.connect(lambda *_: self._preview())
        self._list.itemActivated.connect(lambda _item: self.account.setFocus())
        self._papers = QListWidget()
        self._papers.setAccessibleName("Giấy tờ của thủ tục")
        self._papers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._papers.setWordWrap(True)
        self._build()
        self._burst = Burst(self.code)
        self._burst.scanned.connect(self._code_scanned)
        self._found("")
        self.code.setFocus()

    def _fields(self) -> None:
        self.code, self.name, self.identifier, self.born = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.procedure = QLineEdit()
        for box, name, hint in (
            (self.code, "Mã hồ sơ", "Quét hoặc gõ mã trên giấy tiếp nhận"),
            (self.name, "Chủ hồ sơ", "Họ và tên như trên giấy"),
            (self.identifier, "Số định danh", "12 số; tổ chức: mã số thuế"),
            (self.born, "Ngày sinh hoặc năm thành lập", "dd/MM/yyyy"),
            (self.procedure, "Tìm thủ tục", "Gõ vài chữ, không cần dấu"),
        ):
            box.setMinimumHeight(34)
            box.setAccessibleName(name)
            box.setPlaceholderText(hint)
        self.kind, self.account, self.channel = QComboBox(), QComboBox(), QComboBox()
        for value, label in ((ApplicantKind.PERSON, "Cá nhân"), (ApplicantKind.ORGANISATION, "Tổ chức")):
            self.kind.addItem(label, value)
        for check, label in (
            (AccountCheck.NOT_DONE, "Chưa kiểm tra"),
            (AccountCheck.YES, "Có tài khoản"),
            (AccountCheck.NO, "Không có"),
        ):
            self.account.addItem(label, check)
        for channel, label in ((Channel.PAPER, "Nộp giấy tại quầy"), (Channel.ELECTRONIC, "Nộp điện tử: không quét")):
            self.channel.addItem(label, channel)
        for combo, name in (
            (self.kind, "Loại chủ hồ sơ"),
            (self.account, "Tài khoản Cổng dịch vụ công"),
            (self.channel, "Cách nộp"),
        ):
            combo.setMinimumHeight(34)
            combo.setAccessibleName(name)
        self.code_state, self.identity_state, self.state = StatusLine(), StatusLine(), StatusLine()
        self.code.textChanged.connect(lambda _text: self._judge_code())
        self.identifier.textChanged.connect(lambda _text: self._judge_identity())
        self.procedure.textChanged.connect(self._found)
        self.procedure.installEventFilter(self)
        for line in (self.code_state, self.identity_state, self.state):
            line.show_state("idle", " ", "circle")

    def _build(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.addRow("Mã hồ sơ", self.code)
        form.addRow("", self.code_state)
        form.addRow("Chủ hồ sơ", self.name)
        row = QHBoxLayout()
        row.addWidget(self.identifier, 1)
        row.addWidget(self.kind)
        form.addRow("Số định danh", row)
        form.addRow("", self.identity_state)
        form.addRow("Ngày sinh", self.born)
        form.addRow("Thủ tục", self.procedure)
        form.addRow("", self._list)
        form.addRow("Tài khoản Cổng DVCQG", self.account)
        form.addRow("Cách nộp", self.channel)
        right = QVBoxLayout()
        title = QLabel("GIẤY TỜ CỦA THỦ TỤC")
        title.setFont(theme.bold(self.font(), 0.93))
        right.addWidget(title)
        right.addWidget(self._papers, 1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(form, 5)
        columns.addLayout(right, 4)
        cancel, self.go = ActButton("Esc  Hủy"), ActButton("Ctrl+Enter  Mở hồ sơ", next_act=True)
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self.submit)
        bottom = QHBoxLayout()
        bottom.addWidget(self.state, 1)
        bottom.addWidget(cancel)
        bottom.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 20, 22, 16)
        whole.setSpacing(14)
        whole.addLayout(columns, 1)
        whole.addLayout(bottom)

    # -- judging as one types ------------------------------------------------------------------------------------

    def _judge_code(self) -> None:
        text = self.code.text().strip()
        if not text:
            self.code_state.show_state("idle", " ", "circle")
            return
        try:
            self.code_state.show_state(*_KINDS[read_code(text).kind])
        except DeskError as problem:
            self.code_state.show_state("stop", words(problem).what)

    def _code_scanned(self, text: str) -> None:
        """A hand scanner types the whole QR at once: find the code in it and go on."""
        found = find_code(text)
        self.code.setText(found.text if found is not None else text.strip())
        self.name.setFocus()

    def _judge_identity(self) -> None:
        text = self.identifier.text().strip()
        if not text:
            self.identity_state.show_state("idle", " ", "circle")
            return
        seen = check_identifier(text, ApplicantKind(self.kind.currentData()), parse_date(self.born.text()))
        if not seen.ok:
            self.identity_state.show_state("mind", "Số này không đúng mẫu nào; kiểm tra lại với giấy tờ")
        elif seen.warnings:
            self.identity_state.show_state("mind", "Số đúng mẫu nhưng không khớp ngày sinh hoặc mã tỉnh")
        else:
            self.identity_state.show_state("ok", "Số đúng mẫu")

    def _found(self, text: str) -> None:
        self._list.clear()
        for procedure in self._search(text) if text.strip() else self._procedures:
            item = QListWidgetItem(f"{procedure.title}  ·  {procedure.code}")
            item.setData(Qt.ItemDataRole.UserRole, procedure)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._preview()

    def chosen(self) -> Procedure | None:
        item = self._list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, Procedure) else None

    def _preview(self) -> None:
        self._papers.clear()
        procedure = self.chosen()
        for number, part in enumerate(procedure.components if procedure is not None else (), start=1):
            self._papers.addItem(f"{number}  {part.title}\n     {self._paper_words(part)}")

    def _paper_words(self, part: ProcedureComponent) -> str:
        if part.refuse:
            return f"không quét: {self._law.form(part.refuse).reason}"
        sides = f", thường {part.sides} mặt" if part.sides else ""
        return ("bắt buộc" if part.mandatory else "nếu có") + sides

    # -- keys -----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search box the arrows move in the list."""
        if watched is self.procedure and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self._list.setCurrentRow(min(max(self._list.currentRow() + step, 0), self._list.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            last = self.focusWidget() is self.channel
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier or last:
                self.submit()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def submit(self) -> None:
        """Open the dossier; what is wrong is said here, and nothing is lost."""
        procedure = self.chosen()
        if procedure is None:
            self.state.show_state("stop", "Chưa chọn thủ tục.")
            self.procedure.setFocus()
            return
        # Qt gives the values of a combo box back as plain text
        applicant = Applicant(
            self.name.text(),
            ApplicantKind(self.kind.currentData()),
            self.identifier.text().strip(),
            self.born.text().strip(),
        )
        receipt = Receipt(
            self.code.text(),
            procedure.code,
            applicant,
            Channel(self.channel.currentData()),
            AccountCheck(self.account.currentData()),
        )
        self.go.setEnabled(False)
        self._run("pool", self._receive, receipt, on_done=self._done)

    def _done(self, task: Task[Any]) -> None:
        self.go.setEnabled(True)
        try:
            dossier = task.result()
        except DeskError as problem:
            told = words(problem)
            self.state.show_state("stop", f"{told.what} {told.do}")
            (self.name if problem.code == "dossier.applicant_missing" else self.code).setFocus()
            return
        self.received.emit(dossier)
        self.accept()
