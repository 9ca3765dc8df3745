# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The signatures of a component's document: whose, whole, trusted, when, and for how long they can be checked.

Apart from signing because it only shows what is there; nothing can be done wrong here.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.messages.signatures import ROLES, held_words, revision_line, signature_facts, verdict_words
from digitizer_desk.signing.verdict import SignatureCheck, Verification
from digitizer_desk.steps.signatures.look import look
from digitizer_desk.steps.signatures.renew import Held, due
from digitizer_desk.ui import theme
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.signing.renewals import RenewalsSheet
from digitizer_desk.ui.widgets.signs import role_colour

#: letter for plain text, role, drawing
_MARKS = {True: ("✔", "ok", "check"), False: ("✖", "stop", "x"), None: ("–", "mind", "minus")}


class SignaturesSheet(QDialog):
    """Looks at once, shows when it knows. Esc closes."""

    def __init__(
        self, desk: Desk | None, component: Component | None, bridge: Bridge | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Chữ ký")
        self.resize(720, 560)
        self.heading = QLabel("Đang kiểm tra…")
        self.heading.setFont(theme.bold(self.font(), 1.2))
        self.heading.setWordWrap(True)
        self.title = QLabel(component.title if component is not None else "")
        self.title.setWordWrap(True)
        self._blocks: list[QWidget] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        self._list.setContentsMargins(0, 4, 0, 4)
        self._inside = QWidget()
        self._inside.setLayout(self._list)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._inside)
        self.area.setAccessibleName("Các chữ ký")
        self.due = ActButton("Sắp &hết hạn…")
        self.due.setVisible(False)
        close = ActButton("Esc  Đóng")
        close.set_next_act(True)
        close.setDefault(True)
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.due)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.heading)
        column.addWidget(self.area, 1)
        column.addLayout(buttons)
        if desk is not None and component is not None and bridge is not None:
            self.due.clicked.connect(lambda: RenewalsSheet(desk, bridge, self).open())
            bridge.run("pool", look, desk, component, on_done=self._looked)
            bridge.run("pool", due, desk, on_done=self._found_due)

    def _looked(self, task: Task[Verification]) -> None:
        try:
            self.show_found(task.result())
        except DeskError as problem:
            self._head(sentence(problem), "stop")

    def _found_due(self, task: Task[tuple[Held, ...]]) -> None:
        self.show_due(len(task.result()))

    def show_due(self, count: int) -> None:
        """Offer the list of archive timestamps that end soon, when there are any in the cabinet."""
        self.due.setVisible(count > 0)
        self.due.setText(f"{count} dấu thời gian sắp &hết hạn…")

    def show_found(self, found: Verification) -> None:
        """Show this verdict, in the order in which the signatures were made."""
        self._head(verdict_words(found), "ok" if found.valid else "stop" if found.signatures else "mind")
        for check in found.signatures:
            self._add(_signature(check))
        if found.revisions:
            self._add(_block("Sau chữ ký đầu tiên", [revision_line(one) for one in found.revisions]))
        if found.held_until is not None:
            self._add(_block("Lưu trữ", [(True, held_words(found.held_until))]))
        self._list.addStretch(1)
        self.area.setVisible(bool(found.signatures or found.revisions))
        if self.area.isHidden():
            self.resize(self.width(), self.sizeHint().height())

    def _add(self, block: QWidget) -> None:
        self._blocks.append(block)
        self._list.addWidget(block)

    def _head(self, words: str, role: str) -> None:
        self.heading.setText(words)
        palette = QPalette(self.heading.palette())
        palette.setColor(QPalette.ColorRole.WindowText, role_colour(role))
        self.heading.setPalette(palette)

    def words(self) -> str:
        """Everything that is shown, as plain text."""
        told = [block.property("words") for block in self._blocks]
        return "\n".join([self.title.text(), self.heading.text(), *told])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break at the sheet's width."""
        super().resizeEvent(event)
        self._inside.setMaximumWidth(self.area.viewport().width())


def _signature(check: SignatureCheck) -> QWidget:
    return _block(f"{ROLES[check.role]}: {check.signer or 'không rõ ai'}", list(signature_facts(check)))


def _block(title: str, lines: Sequence[tuple[bool | None, str]]) -> QWidget:
    """A title, and below it one line for each fact with its sign; a sign is never colour alone."""
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.GAP)
    grid.setVerticalSpacing(theme.GAP // 2)
    grid.setColumnStretch(1, 1)
    head = QLabel(title)
    head.setFont(theme.bold(block.font()))
    head.setWordWrap(True)
    grid.addWidget(head, 0, 0, 1, 2)
    for row, (good, words) in enumerate(lines, 1):
        _letter, role, name = _MARKS[good]
        sign, said = QLabel(), QLabel(words)
        sign.setPixmap(signs.pixmap(name, block.fontMetrics().height(), role_colour(role), block.devicePixelRatioF()))
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(said, row, 1)
    block.setProperty("words", "\n".join([title, *(f"{_MARKS[good][0]} {words}" for good, words in lines)]))
    block.setAccessibleName(block.property("words"))
    return block
