# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Small controls of the style's own that show where the keys are: a box to tick, one of several, a quiet button.

Apart because the style marks them so faintly, or not at all, that a hand without a mouse is lost.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QRadioButton, QToolButton, QWidget

from digitizer_desk.ui import theme

#: px: the frame (windows.md 10), and its corners
_FOCUS, _ROUND = 2.0, 4.0


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


class Tick(QCheckBox):
    """A box to tick."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        ring(self)


class OneOf(QRadioButton):
    """One of several."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        ring(self)


class QuietButton(QToolButton):
    """A button without a ground of its own."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        ring(self)
