# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The parts of the signing dialog: the list of papers, the certificate, the PIN with its warnings.

Apart from the dialog, which only decides which of them is shown when.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.devices.token import PinState
from digitizer_desk.ui.models.signing import Choice, PaperToSign, SigningOrder, flag_lines, length_words
from digitizer_desk.ui.widgets.forms.drop_down import DropDown
from digitizer_desk.ui.widgets.pin_field import PinField
from digitizer_desk.ui.widgets.status_line import StatusLine

#: more papers than this scroll
_ROWS_SHOWN = 5
_WIDEST_LABEL = "Chứng thư"


class PaperState(StrEnum):
    WAITING = "waiting"
    SIGNING = "signing"
    SIGNED = "signed"


_MARKS = {
    PaperState.WAITING: ("idle", "circle"),
    PaperState.SIGNING: ("work", "play"),
    PaperState.SIGNED: ("ok", "check"),
}
_SPOKEN = {
    PaperState.WAITING: "chờ ký",
    PaperState.SIGNING: "đang ký",
    PaperState.SIGNED: "đã ký",
}


class PaperList(QScrollArea):
    """The documents with their page counts in two columns, each with a mark that follows the signing."""

    def __init__(self, papers: Sequence[PaperToSign], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Tài liệu sẽ ký")
        self._papers = tuple(papers)
        self._lines: dict[str, StatusLine] = {}
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        rows = (len(self._papers) + 1) // 2
        for index, paper in enumerate(self._papers):
            line = StatusLine()
            self._lines[paper.id] = line
            grid.addWidget(line, index % rows, index // rows)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.setWidget(inside)
        for paper in self._papers:
            self.set_state(paper.id, PaperState.WAITING)
        self._inside = inside
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if rows > _ROWS_SHOWN else Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as its rows need at this width, long titles on two lines included."""
        super().resizeEvent(event)
        layout = self._inside.layout()
        assert layout is not None
        most = _ROWS_SHOWN * 2 * self.fontMetrics().lineSpacing()
        # before the first line has words nothing wraps: then there is no height for a width
        wraps = layout.hasHeightForWidth()
        high = layout.totalHeightForWidth(self.viewport().width()) if wraps else layout.totalSizeHint().height()
        self.setFixedHeight(min(high, most))

    def set_state(self, paper_id: str, state: PaperState) -> None:
        """Change one document's mark."""
        paper = next(p for p in self._papers if p.id == paper_id)
        role, icon = _MARKS[state]
        line = self._lines[paper_id]
        line.show_state(role, f"{paper.title} · {paper.pages} trang", icon)
        line.setAccessibleName(f"{paper.title}, {paper.pages} trang, {_SPOKEN[state]}")

    def state_words(self) -> tuple[str, ...]:
        """What a screen reader hears, in order."""
        return tuple(self._lines[paper.id].accessibleName() for paper in self._papers)

    def follow(self, signed: Sequence[str], in_work: str = "") -> None:
        """Show which are signed, and by its title the one in work."""
        for paper in self._papers:
            if paper.id in signed:
                self.set_state(paper.id, PaperState.SIGNED)
            elif paper.title == in_work:
                self.set_state(paper.id, PaperState.SIGNING)
                in_work = ""
            else:
                self.set_state(paper.id, PaperState.WAITING)


class CertificatePanel(QWidget):
    """Who signs and with which certificate; a list when there are several.

    Signals:
        chosen(): another certificate was picked from the list.
    """

    chosen = Signal()

    def __init__(self, order: SigningOrder, mind_days: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = order
        self._mind_days = mind_days
        self._choices: tuple[Choice, ...] = ()
        self._signer = QLabel(_signer_words(order))
        self._signer.setWordWrap(True)
        self._one = QLabel()
        self._one.setWordWrap(True)
        self._list = DropDown()
        self._list.setAccessibleName("Chứng thư số để ký")
        self._list.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._list.setMinimumContentsLength(30)
        self._list.setMinimumHeight(34)
        self._list.activated.connect(lambda _index: self.chosen.emit())
        self._days = StatusLine()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Người ký", self._signer)
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._one)
        column.addWidget(self._list)
        column.addWidget(self._days)
        form.addRow(_WIDEST_LABEL, held)
        self.show_choices(())

    @property
    def current(self) -> Choice | None:
        """The certificate to sign with, as picked or as listed first."""
        if not self._choices:
            return None
        return self._choices[self._list.currentIndex() if len(self._choices) > 1 else 0]

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show what is there now; a certificate picked before stays picked while it is there."""
        before = self.current
        self._choices = tuple(choices)
        several = len(self._choices) > 1
        self._list.setVisible(several)
        self._one.setVisible(not several)
        self._list.clear()
        for choice in self._choices:
            self._list.addItem(_choice_words(choice))
        if before is not None:
            for index, choice in enumerate(self._choices):
                if choice.certificate.sha256 == before.certificate.sha256:
                    self._list.setCurrentIndex(index)
        self._one.setText(_choice_words(self._choices[0]) if self._choices else "—")
        self.refresh()

    def refresh(self) -> None:
        """Follow the picked certificate: its holder and how long it is valid."""
        choice = self.current
        near = choice is not None and choice.problem is None and choice.days_left <= self._mind_days
        self._days.setVisible(near)
        if choice is not None and near:
            self._days.show_state(
                "mind",
                f"Chứng thư chỉ còn {choice.days_left} ngày. Làm thủ tục gia hạn tại {choice.certificate.issuer}.",
            )


def _signer_words(order: SigningOrder) -> str:
    office = f" · {order.office}" if order.office else ""
    return f"<b>{escape(order.signer)}</b>{escape(office)} ({escape(order.kind)})"


def _choice_words(choice: Choice) -> str:
    certificate = choice.certificate
    days = f"còn {choice.days_left} ngày" if choice.days_left >= 0 else "đã hết hạn"
    return f"{certificate.holder} · {certificate.issuer} · {days}"


class PinPanel(QWidget):
    """The PIN field with its length, what the token's flags say, Caps Lock and the last thing that went wrong.

    Signals:
        fits_changed(bool): the length became, or no longer is, one the token takes.
    """

    fits_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = PinField()
        self.field.setMinimumWidth(240)
        self._length = QLabel()
        self._wrong = StatusLine()
        self._keys = StatusLine()
        self._note = StatusLine()
        self._flags = (StatusLine(), StatusLine())
        self._lines = (self._wrong, *self._flags, self._keys, self._note)
        label = QLabel("&Mã PIN")
        label.setBuddy(self.field)
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(_WIDEST_LABEL))
        self.field.setMinimumHeight(36)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(label)
        row.addWidget(self.field, 1)
        row.addWidget(self._length)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        for line in self._lines:
            line.hide()
            column.addWidget(line)
        column.addStretch(1)
        self.field.fits_changed.connect(self.fits_changed)
        self.field.refused.connect(self._letters)
        self.field.caps_lock_changed.connect(self._caps_lock)
        self.field.typed.connect(self._typed)

    def show_state(self, pin: PinState, tries: int | None, note: str = "") -> None:
        """Take the flags as just read from the token."""
        self.field.set_state(pin)
        self._length.setText(length_words(pin))
        lines = flag_lines(pin, tries)
        for index, line in enumerate(self._flags):
            line.setVisible(index < len(lines))
            if index < len(lines):
                line.show_state(lines[index].role, lines[index].words)
        self._note.setVisible(bool(note))
        if note:
            self._note.show_state("idle", note)
        self.field.setAccessibleDescription(". ".join([length_words(pin), *(line.words for line in lines)]))

    def show_wrong(self, words: str) -> None:
        """Say what was wrong with the last try; '' takes it away."""
        self._wrong.setVisible(bool(words))
        if words:
            self._wrong.show_state("stop", words)

    def words(self) -> str:
        """All visible lines, for a screen reader's announcement."""
        return " ".join(line.words for line in self._lines if line.isVisibleTo(self))

    def _typed(self) -> None:
        if self.field.length == 1:
            self._wrong.hide()
        self._length.setText("Quá dài" if self.field.too_long else length_words(self.field.state))

    def _letters(self, _code: str) -> None:
        self.show_wrong("Hãy tắt bộ gõ tiếng Việt (Ctrl+Shift) rồi nhập lại mã PIN.")

    def _caps_lock(self, on: bool) -> None:
        self._keys.setVisible(on)
        if on:
            self._keys.show_state("mind", "Caps Lock đang bật.")
