# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A sheet in the middle of the window: one thing to do, and nothing beside it.

Apart because logging in and the first run look the same, in light and in dark.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitizer_desk.ui import theme

_CORNER = 12.0
_BAND = 4.0
#: px, the breadth it grows to
_MOST = 1280


class Card(QWidget):
    """Paints a rounded sheet (``width`` px at 100 %) with a thin band of the highlight colour on top; ``column`` holds
    what is on it."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self._grow()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(40, 36, 40, 32)
        self.column.setSpacing(6)

    def _grow(self) -> None:
        """In larger type as much broader, as far as a small screen goes: what is on it (a secret!) must not be cut."""
        scale = max(1.0, self.font().pixelSize() / theme.TEXT)
        self.setFixedWidth(min(round(self._width * scale), max(self._width, _MOST)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grow()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        sheet = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        # in the dark fields are darker than the window: the sheet must be lighter for them to be seen
        ground = QPalette.ColorRole.Button if theme.is_dark() else QPalette.ColorRole.Base
        painter.setBrush(palette.color(ground))
        painter.drawRoundedRect(sheet, _CORNER, _CORNER)
        painter.setClipRect(QRectF(0, 0, self.width(), _BAND))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), 4 * _CORNER), _CORNER, _CORNER)
        painter.end()


def centred(page: QWidget, *rows: QWidget) -> None:
    """Lay these in the middle of a page, one below the other."""
    middle = QVBoxLayout()
    middle.setSpacing(16)
    middle.addStretch(2)
    for row in rows:
        middle.addWidget(row)
    middle.addStretch(3)
    whole = QHBoxLayout(page)
    whole.setContentsMargins(16, 16, 16, 16)
    whole.addStretch(1)
    whole.addLayout(middle)
    whole.addStretch(1)


def heading(text: str = "", *, scale: float = 1.6) -> QLabel:
    """A line in large bold letters."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(theme.bold(label.font(), scale))
    return label


def quiet(text: str = "") -> QLabel:
    """A line that stands back."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def labelled(text: str, field: QWidget, name: str = "") -> QLabel:
    """The label of a field, with its letter; the field takes the name without it."""
    label = QLabel(text)
    label.setBuddy(field)
    field.setAccessibleName(name or text.replace("&", "").rstrip(": "))
    return label
