# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Choosing a procedure by a few letters, and what papers it asks for.

Apart from the receive dialog because both halves follow one choice and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from digitizer_desk.dossier.model import Channel
from digitizer_desk.rules.regulation import Procedure, Regulation
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.receipt import count_words, say_paper
from digitizer_desk.ui.widgets.forms.card import quiet
from digitizer_desk.ui.widgets.status_line import StatusLine


class ProcedurePick(QWidget):
    """A search box over a list. Nothing is chosen until somebody types or moves: Enter must not choose unseen.

    Signals:
        changed(): another procedure is chosen, or none.
    """

    changed = Signal()

    def __init__(self, procedures: Sequence[Procedure], search: Callable[[str], Sequence[Procedure]]) -> None:
        super().__init__()
        self._all, self._search = tuple(procedures), search
        self._found: tuple[Procedure, ...] = ()
        self._before: tuple[str, Procedure | None] = ("", None)
        self.box = QLineEdit()
        theme.inset(self.box)
        self.box.setMaxLength(200)
        self.box.setPlaceholderText("Gõ vài chữ hoặc mã thủ tục, không cần dấu")
        self.box.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Các thủ tục tìm thấy")
        self.list.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(88)
        self.none = StatusLine()
        self.none.show_state("mind", "Không có thủ tục nào khớp. Thử ít chữ hơn.")
        self.none.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.box)
        self.box.textChanged.connect(self._look)
        self.box.installEventFilter(self)
        self.list.currentRowChanged.connect(lambda _row: self.changed.emit())
        self._look("")

    @property
    def chosen(self) -> Procedure | None:
        """The procedure marked in the list."""
        row = self.list.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def choose(self, code: str) -> None:
        """Mark the procedure with this code in the list of all; nothing when there is none. '' marks none."""
        wanted = code.strip().upper()
        if not wanted and self.chosen is not None:
            self.box.clear()
            self.list.setCurrentRow(-1)
            return
        row = next((n for n, one in enumerate(self._all) if one.code.upper() == wanted), -1)
        if row >= 0:
            self.box.clear()
            self.list.setCurrentRow(row)
            self.list.scrollToItem(self.list.item(row))

    def remember(self) -> None:
        """Keep what is searched for and marked: the keys that follow may be those of a hand scanner."""
        self._before = (self.box.text(), self.chosen)

    def recall(self) -> None:
        """Back to what was remembered."""
        text, chosen = self._before
        self.box.setText(text)
        self.list.setCurrentRow(self._found.index(chosen) if chosen in self._found else -1)

    def _look(self, text: str) -> None:
        kept = self.chosen
        self._found = tuple(self._search(text)) if text.strip() else self._all
        self.list.blockSignals(True)
        self.list.clear()
        for procedure in self._found:
            item = QListWidgetItem(f"{procedure.code}   {procedure.title}")
            item.setToolTip(f"{procedure.title} — {procedure.domain}")
            self.list.addItem(item)
        row = self._found.index(kept) if kept in self._found else (0 if text.strip() and self._found else -1)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self.none.setVisible(not self._found)
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the box the arrows move in the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._found:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), len(self._found) - 1))
                return True
        return super().eventFilter(watched, event)


class PaperPreview(QFrame):
    """The papers of the chosen procedure: wanted, if there is one, or never scanned and why."""

    def __init__(self, law: Regulation) -> None:
        super().__init__()
        self._law = law
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setFont(theme.bold(self.font(), 1.1))
        self.count = quiet()
        self.example = StatusLine()
        self.example.hide()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName("Giấy tờ của thủ tục")
        self.area.viewport().setAutoFillBackground(False)
        self.lines: list[tuple[str, StatusLine]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 10, 12)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.count)
        column.addWidget(self.area, 1)
        column.addWidget(self.example)

    def show_procedure(self, procedure: Procedure | None, channel: Channel) -> None:
        """Another choice; None shows what to do."""
        self.lines = []
        self.title.setText(procedure.title if procedure is not None else "Giấy tờ của thủ tục")
        self.count.setText(count_words(procedure, self._law, channel) if procedure is not None else _CHOOSE)
        self.example.setVisible(procedure is not None and procedure.example)
        self.example.show_state("mind", "Danh mục mẫu, chưa phải danh mục của tỉnh.", "info")
        sheet = QWidget()
        sheet.setAutoFillBackground(False)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 6, 8, 0)
        column.setSpacing(2)
        for number, part in enumerate(procedure.components if procedure is not None else (), start=1):
            said = say_paper(part, self._law, channel)
            title = QLabel(f"{number}. {part.title}")
            title.setWordWrap(True)
            title.setTextFormat(Qt.TextFormat.PlainText)
            line = StatusLine()
            line.show_state(said.role, said.words, said.sign)
            line.setAccessibleName(f"{part.title}: {said.words}")
            column.addWidget(title)
            column.addWidget(line)
            column.addSpacing(8)
            self.lines.append((part.title, line))
        column.addStretch(1)
        self.area.setWidget(sheet)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus if self.lines else Qt.FocusPolicy.NoFocus)


_CHOOSE = "Chọn thủ tục để thấy giấy tờ cần nhận."
