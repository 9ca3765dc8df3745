# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Buttons of one height: an act, the next act (filled), a choice that shows that it is chosen.

Apart because all screens share them: same size, same way to show what Enter does.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

#: px: a target a hand in a hurry still hits (windows.md 10)
HEIGHT = 40


class ActButton(QPushButton):
    """A button that Enter does not press by itself; ``next_act`` fills it with the highlight colour."""

    def __init__(self, text: str = "", *, next_act: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._next_act = next_act
        self.setAutoDefault(False)
        self.setMinimumHeight(HEIGHT)
        self._fill()

    def _fill(self) -> None:
        if not self._next_act:
            return
        general = QApplication.palette()
        own = QPalette(general)
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            own.setColor(group, QPalette.ColorRole.Button, general.color(QPalette.ColorRole.Highlight))
            own.setColor(group, QPalette.ColorRole.ButtonText, general.color(QPalette.ColorRole.HighlightedText))
        self.setPalette(own)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._fill()


class ChoiceButton(QPushButton):
    """One of several; the chosen one is bold and filled, so that colour is not all there is to see."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setMinimumHeight(HEIGHT)
        self.toggled.connect(self._mark)

    def _mark(self, chosen: bool) -> None:
        font = self.font()
        font.setBold(chosen)
        self.setFont(font)
