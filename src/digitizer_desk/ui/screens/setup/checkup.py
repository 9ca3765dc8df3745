# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Two sheets for whoever cares for the machine: every part with its sign and what to do, and the facts for the help
desk. Both can be copied and saved.

Apart from the looks, which know no window; lines come as the machines answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.checkup.looks import Part
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.ui.review.outlets import ask_name, write
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.panels.scrolled import scrolled
from digitizer_desk.ui.widgets.status_line import StatusLine, announce

_ROLES = {"ok": "ok", "warn": "mind", "bad": "stop"}
_MARKS = {"ok": "✔", "warn": "⚠", "bad": "✖"}
_TEXT = "Văn bản (*.txt)"
_WIDTH, _HEIGHT = 900, 560


class TextSheet(QDialog):
    """What both sheets share: copy, save, again, close, and one line that says what came of it.

    Signals:
        again_asked(): ask once more.
    """

    again_asked = Signal()

    def __init__(self, title: str, file_name: str, again: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumSize(_WIDTH, _HEIGHT)
        self._file_name = file_name
        self.answer = StatusLine()
        self.copy = ActButton("&Sao chép")
        self.save = ActButton("&Lưu thành tệp…")
        self.again = ActButton(again)
        self.close_button = ActButton("Esc  Đóng", next_act=True)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.again.clicked.connect(self.again_asked)
        self.close_button.clicked.connect(self.accept)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(12)

    def finish_layout(self) -> None:
        """The line of state and the buttons, under what the sheet shows."""
        row = QHBoxLayout()
        for button in (self.copy, self.save, self.again):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        self.column.addWidget(self.answer)
        self.column.addLayout(row)
        self.close_button.setFocus()

    def text(self) -> str:
        """The sheet as plain text."""
        raise NotImplementedError

    def busy(self, words: str) -> None:
        """Machines are being asked; '' = they have answered."""
        for button in (self.copy, self.save, self.again):
            button.setEnabled(not words)
        self.answer.setVisible(bool(words))
        if words:
            self.say("work", words)

    def say(self, role: str, words: str) -> None:
        self.answer.show_state(role, words)
        self.answer.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self.say("ok", "Đã sao chép. Dán vào thư hoặc tin nhắn gửi bộ phận hỗ trợ.")

    def _save(self) -> None:
        path = ask_name("Lưu thành tệp", self._file_name, (_TEXT,), self)
        if path is None:
            return
        told = write(path, self.text().encode())
        if isinstance(told, DeskError):
            self.say("stop", sentence(told))
        else:
            self.say("ok", f"Đã lưu «{told}».")


class CheckupSheet(TextSheet):
    """Every part of this machine: sign, name, how it is and what to do."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        """``names``: of the questions, in order; each has a line of its own before it is answered."""
        super().__init__("Kiểm tra máy này", "kiem-tra-may.txt", "&Kiểm tra lại", parent)
        self._names = tuple(names)
        self.parts: list[tuple[Part, ...] | None] = [None] * len(self._names)
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self.lines: list[StatusLine] = []
        self.column.addWidget(scrolled(self._rows), 1)
        self.finish_layout()
        self.begin()

    def begin(self) -> None:
        """Nothing is answered yet."""
        self.parts = [None] * len(self._names)
        self.busy("Đang kiểm tra…")
        self._fill()

    def show_parts(self, place: int, parts: Sequence[Part]) -> None:
        """The answer to one question."""
        self.parts[place] = tuple(parts)
        self._fill()
        if None not in self.parts:
            self.busy("")
            words = _summary(self._all())
            self.say(*words)
            announce(self.answer, words[1], urgent=False)

    def _all(self) -> list[Part]:
        return [part for some in self.parts for part in some or ()]

    def _fill(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self._grid.setRowStretch(len(self.lines), 0)
        self.lines = []
        for name, parts in zip(self._names, self.parts, strict=True):
            if parts is None:
                self._add(name, "work", "đang xem…")
            for part in parts or ():
                self._add(part.name, _ROLES[part.state], part.words)
        self._grid.setRowStretch(len(self.lines), 1)

    def _add(self, name: str, role: str, words: str) -> None:
        label, line = QLabel(name), StatusLine()
        label.setTextFormat(Qt.TextFormat.PlainText)
        line.show_state(role, _begun(words))
        line.setAccessibleName(f"{name}: {words}")
        self._grid.addWidget(label, len(self.lines), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(line, len(self.lines), 1)
        self.lines.append(line)

    def text(self) -> str:
        rows = [f"{_MARKS[part.state]} {part.name}: {part.words}" for part in self._all()]
        return "\n".join(("Kiểm tra bàn số hóa", *rows)) + "\n"


def _begun(words: str) -> str:
    """With a capital, unless it begins with a name of its own (a host, an id)."""
    return words[:1].upper() + words[1:] if words.partition(" ")[0].isalpha() else words


def _summary(parts: Sequence[Part]) -> tuple[str, str]:
    bad, warn = (sum(part.state == state for part in parts) for state in ("bad", "warn"))
    if bad:
        return "stop", f"{bad} phần không chạy được, {warn} phần cần xem. Việc cần làm ghi ở từng dòng."
    if warn:
        return "mind", f"{warn} phần cần xem. Việc cần làm ghi ở từng dòng."
    return "ok", "Mọi phần đều tốt."


class FactsSheet(TextSheet):
    """The facts for the help desk, as they will leave: read before they are sent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Phiếu thông tin máy", "phieu-thong-tin-may.txt", "Lập phiếu &mới", parent)
        self.shown = QPlainTextEdit()
        self.shown.setReadOnly(True)
        self.shown.setTabChangesFocus(True)
        self.shown.setAccessibleName("Nội dung phiếu")
        self.column.addWidget(self.shown, 1)
        self.finish_layout()

    def text(self) -> str:
        return self.shown.toPlainText()

    def show_text(self, text: str) -> None:
        """The sheet is made."""
        self.busy("")
        self.shown.setPlainText(text)
