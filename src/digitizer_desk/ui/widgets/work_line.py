# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The line under a component's name: how it is scanned, and whether its count is proved; and how to turn a stack over.

Apart from the counter, which decides what they say.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.panels.ticks import QuietButton

_SIGN = 18
#: px the line can be narrowed to, and how much of it the count may take before it wraps
_LEAST, _SHARE = 240, 0.6


class WorkLine(QWidget):
    """One quiet line.

    Signals:
        asked(): choose another work type.
    """

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.work = QuietButton()
        self.work.setAutoRaise(True)
        self.work.setIconSize(QSize(_SIGN, _SIGN))
        self.work.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.work.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.work.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.work.clicked.connect(self.asked)
        self.work.hide()  # until there is a way of scanning to name
        self._sign, self.count = QLabel(), QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 12, 6)
        row.setSpacing(6)
        row.addWidget(self.work, 1)
        row.addWidget(self._sign)
        row.addWidget(self.count)

    def minimumSizeHint(self) -> QSize:
        """No broader than a paper's name needs: a long count goes on in a second line."""
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The count in one line where it leaves the work type its share of the room."""
        need = self.count.fontMetrics().horizontalAdvance(self.count.text()) + _SIGN
        self.count.setWordWrap(need > _SHARE * self.width())

    def show_work(self, words: str, *, once: bool) -> None:
        """Name the work type, '' where nothing is scanned. ``once``: changed for the next batch, so it stands out."""
        colour = signs.role_colour("mind" if once else "idle")
        self.work.setVisible(bool(words))
        self.work.setIcon(signs.icon("pen" if once else "scanner", colour))
        self.work.setText(f"Ctrl+T  {words}")
        self.work.setToolTip(words)
        self.work.setAccessibleName(f"Loại việc quét: {words}")

    def show_count(self, role: str, sign: str, words: str) -> None:
        """Say what is known of the count; nothing while '' ."""
        for part in (self._sign, self.count):
            part.setVisible(bool(words))
        if words:
            colour = signs.role_colour(role)
            self._sign.setPixmap(signs.pixmap(sign, _SIGN, colour, self.devicePixelRatioF()))
            palette = QPalette(self.palette())
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.count.setPalette(palette)
            self.count.setText(words)
            self.count.setAccessibleName(words)
            self._fit()


class TurnCard(QFrame):
    """Steps to turn a stack over, large enough to be read with the paper in both hands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.heading = QLabel()
        self.heading.setFont(theme.bold(self.font(), 1.2))
        self.heading.setWordWrap(True)
        self.steps = QLabel()
        self.steps.setWordWrap(True)
        self.steps.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.steps)

    def show_steps(self, heading: str, steps: Sequence[str]) -> None:
        self.heading.setText(heading)
        self.steps.setText("\n".join(f"{number}.  {step}" for number, step in enumerate(steps, start=1)))
        self.setAccessibleName(f"{heading}. {' '.join(steps)}")
