# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Buttons of one height: an act, the next act (filled), a choice that shows that it is chosen.

Apart because all screens share them: same size, same way to show what Enter does.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

#: px: a target a hand in a hurry still hits (windows.md 10)
HEIGHT = 40
_ROUND = 4.0
_FOCUS = 2.0


class ActButton(QPushButton):
    """A button that Enter does not press by itself; ``next_act`` fills it with the highlight colour.

    Painted flat: the style's shine lightens a filled ground until white words on it are no longer legible (2.8 : 1).
    """

    def __init__(self, text: str = "", *, next_act: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._next_act = next_act
        self.setAutoDefault(False)
        self.setMinimumHeight(HEIGHT)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Ground, words and edge as things stand."""
        palette = self.palette()
        if self._next_act and self.isEnabled():
            back, front = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.HighlightedText)
            return _touched(self, back), front, back
        back, front = palette.color(QPalette.ColorRole.Button), palette.color(QPalette.ColorRole.ButtonText)
        edge = QPalette.ColorRole.Mid if self.isEnabled() else QPalette.ColorRole.Midlight
        return _touched(self, back), front, palette.color(edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        back, front, edge = self._colours()
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1.0))
        painter.setBrush(back)
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, _ROUND, _ROUND)
        if self.hasFocus():
            # inside a filled button the frame takes the colour of the words: on its own ground it would not be seen
            filled = self._next_act and self.isEnabled()
            painter.setPen(QPen(front if filled else self.palette().color(QPalette.ColorRole.Highlight), _FOCUS))
            painter.setBrush(QColor(0, 0, 0, 0))
            inset = 3.5 if filled else 0.5  # whole pixels
            painter.drawRoundedRect(room.adjusted(inset, inset, -inset, -inset), _ROUND - 1, _ROUND - 1)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        words = QPalette(option.palette)
        words.setColor(QPalette.ColorRole.ButtonText, front)
        option.palette = words
        painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)


def _touched(button: QPushButton, ground: QColor) -> QColor:
    """The ground under the mouse and while it is pressed: always a little darker, so that words stay legible."""
    if not button.isEnabled():
        return ground
    if button.isDown():
        return ground.darker(116)
    return ground.darker(106) if button.underMouse() else ground


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
