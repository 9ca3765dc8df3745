# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Small controls of the style's own that show where the keys are: a box to tick, one of several, a quiet button.

Apart because the style marks them so faintly, or not at all, that a hand without a mouse is lost.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from digitizer_desk.ui import theme

#: px: the frame (windows.md 10), its corners, and the room between it and a box
_FOCUS, _ROUND, _INSIDE = 2.0, 4.0, 5


def ring(control: QWidget) -> None:
    """Frame a control that has the keys; called when it has painted itself."""
    if not control.hasFocus():
        return
    painter = QPainter(control)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.highlight(), _FOCUS))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(control.rect()).adjusted(1, 1, -1, -1), _ROUND, _ROUND)
    painter.end()


def _paint(control: Tick | OneOf, element: QStyle.ControlElement) -> None:
    """The style's own picture, moved in from where the frame runs."""
    painter, option = QStylePainter(control), QStyleOptionButton()
    control.initStyleOption(option)
    option.rect = option.rect.adjusted(_INSIDE, 0, 0, 0)
    painter.drawControl(element, option)
    painter.end()
    ring(control)


class Tick(QCheckBox):
    """A box to tick."""

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2 * _INSIDE, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        _paint(self, QStyle.ControlElement.CE_CheckBox)


class OneOf(QRadioButton):
    """One of several."""

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2 * _INSIDE, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        _paint(self, QStyle.ControlElement.CE_RadioButton)


class QuietButton(QToolButton):
    """A button without a ground of its own."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        ring(self)
