# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A sheet on a screen: a rounded ground of paper, and the heading of what lies on it.

Apart because figures, lists and charts that stand beside each other must look like parts of one thing.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from digitizer_desk.ui import theme

_CORNER = 6.0


class Panel(QWidget):
    """Paints the sheet; ``column`` holds what lies on it. Lists and tables on it need no frame of their own."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.EDGE, theme.EDGE - 2, theme.EDGE, theme.EDGE)
        self.column.setSpacing(theme.GAP)
        if title:
            self.column.addWidget(small_heading(title))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def small_heading(text: str) -> QLabel:
    """The heading of a part of a screen."""
    label = QLabel(text)
    label.setFont(theme.bold(label.font(), 0.93))
    return label
