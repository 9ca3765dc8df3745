# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Buttons of one height: an act, the next act (filled), a choice that shows that it is chosen.

Apart because all screens share them: same size, same way to show what Enter does.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from digitizer_desk.ui import theme

#: px: a target a hand in a hurry still hits (windows.md 10)
HEIGHT = 40
_ROUND = 4.0
_FOCUS = 2.0
#: px beside the words, more than the style leaves; given up first where a row of buttons has no room
_PADDING = 6
#: what parts the key of a button from its words
_PARTED = "  "
#: how much of the words' colour the key takes on a filled ground: still 4.5 : 1
_KEY_SHARE = 0.85
#: how much of the highlight colour tints the ground of a choice that is taken
_CHOSEN_SHARE = 0.16


class _Flat(QPushButton):
    """A button of our own hand: a rounded ground, its key in a quieter colour before its words.

    Painted flat: the style's shine lightens a filled ground until white words on it are no longer legible (2.8 : 1).
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)
        self.setMinimumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def allow(self, allowed: bool, why_not: str) -> None:
        """Open it, or close it and say why to the eye that rests on it and to a screen reader."""
        self.setEnabled(allowed)
        told = "" if allowed else why_not
        self.setToolTip(told)
        self.setAccessibleDescription(told)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2 * _PADDING, 0)

    def minimumSizeHint(self) -> QSize:
        return super().sizeHint()

    def _colours(self) -> tuple[QColor, QColor, QColor, QColor]:
        """Ground, words, key and edge as things stand."""
        palette = self.palette()
        back, front = palette.color(QPalette.ColorRole.Button), palette.color(QPalette.ColorRole.ButtonText)
        key = palette.color(QPalette.ColorRole.PlaceholderText) if self.isEnabled() else front
        edge = QPalette.ColorRole.Mid if self.isEnabled() else QPalette.ColorRole.Midlight
        return _touched(self, back), front, key, palette.color(edge)

    def _is_filled(self) -> bool:
        """Whether the ground is the highlight colour itself: a frame of that colour would not be seen on it."""
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        back, front, key, edge = self._colours()
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1.0))
        painter.setBrush(back)
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(room, _ROUND, _ROUND)
        if self.hasFocus():
            frame = front if self._is_filled() else theme.highlight()
            painter.setPen(QPen(frame, _FOCUS))
            painter.setBrush(QColor(0, 0, 0, 0))
            inset = 3.5 if self._is_filled() else 0.5  # whole pixels
            painter.drawRoundedRect(room.adjusted(inset, inset, -inset, -inset), _ROUND - 1, _ROUND - 1)
        self._paint_words(painter, front, key)

    def _paint_words(self, painter: QStylePainter, front: QColor, key_colour: QColor) -> None:
        key, parted, words = self.text().partition(_PARTED)
        if not parted or not self.icon().isNull():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            palette = QPalette(option.palette)
            palette.setColor(QPalette.ColorRole.ButtonText, front)
            option.palette = palette
            painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        hint = QStyle.StyleHint.SH_UnderlineShortcut
        underlined = bool(self.style().styleHint(hint, option, self))
        letter = Qt.TextFlag.TextShowMnemonic if underlined else Qt.TextFlag.TextHideMnemonic
        metrics = QFontMetrics(self.font())
        before = metrics.horizontalAdvance(key + _PARTED)
        whole = before + metrics.size(Qt.TextFlag.TextShowMnemonic, words).width()
        left = (self.width() - whole) // 2
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | letter | Qt.TextFlag.TextDontClip)
        painter.setFont(self.font())
        painter.setPen(key_colour)
        painter.drawText(QRectF(left, 0, before, self.height()), flags, key)
        painter.setPen(front)
        painter.drawText(QRectF(left + before, 0, whole - before, self.height()), flags, words)


class ActButton(_Flat):
    """A button that Enter does not press by itself; ``next_act`` fills it with the highlight colour."""

    def __init__(self, text: str = "", *, next_act: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._next_act = next_act

    @property
    def next_act(self) -> bool:
        return self._next_act

    def set_next_act(self, next_act: bool) -> None:
        """Fill it while it is what is to be done now; plain again when it is not."""
        if next_act != self._next_act:
            self._next_act = next_act
            self.update()

    def _is_filled(self) -> bool:
        return self._next_act and self.isEnabled()

    def _colours(self) -> tuple[QColor, QColor, QColor, QColor]:
        if not self._is_filled():
            return super()._colours()
        back, front = theme.highlight(), theme.highlighted_text()
        return _touched(self, back), front, theme.mixed(front, back, _KEY_SHARE), back


def _touched(button: QPushButton, ground: QColor) -> QColor:
    """The ground under the mouse and while it is pressed: always a little darker, so that words stay legible."""
    if not button.isEnabled():
        return ground
    if button.isDown():
        return ground.darker(116)
    return ground.darker(106) if button.underMouse() else ground


class ChoiceButton(_Flat):
    """One of several; the chosen one is bold, edged and tinted, so that colour is not all there is to see."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.toggled.connect(self._mark)

    def _mark(self, chosen: bool) -> None:
        font = self.font()
        font.setBold(chosen)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        return self._as_if_chosen(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self._as_if_chosen(super().minimumSizeHint())

    def _as_if_chosen(self, size: QSize) -> QSize:
        """Room for the bold words: one that is chosen must not push its neighbours."""
        bold = self.font()
        bold.setBold(True)
        flag = Qt.TextFlag.TextShowMnemonic
        more = QFontMetrics(bold).size(flag, self.text()).width() - self.fontMetrics().size(flag, self.text()).width()
        return size + QSize(more, 0)

    def _colours(self) -> tuple[QColor, QColor, QColor, QColor]:
        back, front, key, edge = super()._colours()
        if not self.isChecked() or not self.isEnabled():
            return back, front, key, edge
        return theme.mixed(theme.highlight(), back, _CHOSEN_SHARE), front, key, theme.highlight()
