# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What stands where a list has nothing to show: a sign, what is so, and what may be done about it.

Apart because an empty list is met on every screen, and a line of small words lost in its middle looks like a fault.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs

#: px, how large the sign is
_SIGN = 44


class Nothing(QWidget):
    """Words in the upper middle of the room of a list; ``sign`` names one of the drawings of :mod:`signs`."""

    def __init__(self, words: str = "", hint: str = "", sign: str = "check", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = sign
        self._sign, self._words, self._hint = QLabel(), QLabel(), QLabel()
        self._words.setFont(theme.bold(self.font(), 1.13))
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setSpacing(theme.GAP)
        column.addStretch(2)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._words, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(3)
        self.say(words, hint)

    def say(self, words: str, hint: str = "", sign: str = "") -> None:
        """What is so, and what to do; no words at all leave the room empty."""
        self._name = sign or self._name
        self._words.setText(words)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._sign.setVisible(bool(words))
        self.setAccessibleName(f"{words} {hint}".strip())
        self._draw()

    def text(self) -> str:
        """All that is said."""
        return f"{self._words.text()} {self._hint.text()}".strip()

    def _draw(self) -> None:
        colour = signs.role_colour("idle")
        self._sign.setPixmap(signs.pixmap(self._name, _SIGN, colour, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._draw()
