# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Facts in two columns: what it is, quietly, and beside it what it says.

Apart because a name in the middle of a sentence is looked for, in a column it is seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.forms.card import quiet


class FactList(QWidget):
    """Shows pairs of label and value, or one sentence where there are none to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ""
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * theme.GAP)
        self._grid.setVerticalSpacing(theme.GAP // 2)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Label and value of each, in order."""
        self._empty()
        for row, (label, value) in enumerate(facts):
            name, said = quiet(label), QLabel(value)
            name.setWordWrap(False)
            said.setTextFormat(Qt.TextFormat.PlainText)
            said.setWordWrap(True)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, row, 1)
        self._grid.setRowStretch(len(facts), 1)
        self._tell("\n".join(f"{label}: {value}" for label, value in facts))

    def say(self, words: str) -> None:
        """A sentence instead; '' shows nothing."""
        self._empty()
        said = QLabel(words)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        self._grid.addWidget(said, 0, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
        self._tell(words)

    def text(self) -> str:
        """All that is shown, a line for each fact."""
        return self._told

    def _tell(self, words: str) -> None:
        self._told = words
        self.setAccessibleName(words)

    def _empty(self) -> None:
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
