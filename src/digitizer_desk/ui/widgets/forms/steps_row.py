# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The row of steps over a wizard: number and title of each, how it stands, which one is looked at.

Apart because where one is must be seen at a glance and heard by a screen reader, in one place.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs

_DISC = 28
_GAP = 8
_PAD = 6


class StepButton(QAbstractButton):
    """One step: a disc with its number, or the sign of how it stands, and its title."""

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self._number = number
        self._sign, self._role, self._here = "", "idle", False
        self.setText(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_state(self, words: str, role: str, sign: str, *, here: bool) -> None:
        """``words``: how the step stands, for screen readers; ``sign`` '' shows the number."""
        self._role, self._sign, self._here = role, sign, here
        self.setFont(theme.bold(self.font()) if here else _plain(self.font()))
        name = f"Bước {self._number}: {self.text()}, {words}"
        self.setAccessibleName(f"{name}, đang mở" if here else name)
        self.update()

    @property
    def sign(self) -> str:
        return self._sign

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.bold(self.font()))  # a step that becomes bold must not push the others
        room = metrics.horizontalAdvance(self.text())
        return QSize(_PAD + _DISC + _GAP + room + _PAD, max(_DISC, metrics.height()) + 2 * _PAD)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        disc = QRectF(_PAD, (self.height() - _DISC) / 2, _DISC, _DISC)
        tint = signs.role_colour(self._role)
        fill = theme.highlight() if self._here else palette.color(QPalette.ColorRole.Window)
        painter.setPen(QPen(fill if self._here else tint, 2))
        painter.setBrush(fill)
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        front = theme.highlighted_text() if self._here else tint
        if self._sign:
            side = 16
            drawn = signs.pixmap(self._sign, side, front, self.devicePixelRatioF())
            painter.drawPixmap(disc.center().toPoint().x() - side // 2, disc.center().toPoint().y() - side // 2, drawn)
        else:
            painter.setPen(front)
            painter.setFont(theme.bold(self.font()))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        room = QRectF(disc.right() + _GAP, 0, self.width() - disc.right() - _GAP, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(QPen(theme.highlight(), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


def _plain(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.Normal)
    return made


class StepsRow(QWidget):
    """Signals:
    asked(int): a step was pressed, by its place.
    """

    asked = Signal(int)

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Các bước thiết lập")
        self.steps = [StepButton(number, title) for number, title in enumerate(titles, start=1)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(4)
        for place, step in enumerate(self.steps):
            if place:
                row.addWidget(_Line(), 1)
            row.addWidget(step)
            step.clicked.connect(lambda _on=False, asked=place: self.asked.emit(asked))


class _Line(QWidget):
    """The line between two steps."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 2))
        middle = self.height() // 2
        painter.drawLine(2, middle, self.width() - 2, middle)
