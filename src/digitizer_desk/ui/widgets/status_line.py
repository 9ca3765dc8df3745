# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A line of state: icon, colour and word, always the three together.

Apart because the signing dialog, the inspector and the outbox say the same states in the same way.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from digitizer_desk.ui.widgets import signs


def announce(speaker: QWidget, words: str, *, urgent: bool) -> None:
    """Say words to screen readers: at once when work stops, else when there is a pause."""
    event = QAccessibleAnnouncementEvent(speaker, words)
    manner = QAccessible.AnnouncementPoliteness
    event.setPoliteness(manner.Assertive if urgent else manner.Polite)
    QAccessible.updateAccessibility(event)


class StatusLine(QWidget):
    """Shows one state. ``role`` is ok, mind, stop, work or idle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = "idle"
        self._icon_name = ""
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    @property
    def role(self) -> str:
        return self._role

    @property
    def words(self) -> str:
        return self._text.text()

    def show_state(self, role: str, words: str, icon: str = "") -> None:
        """Show another state."""
        self._role = role
        self._icon_name = icon or signs.role_sign(role)
        self._text.setText(words)
        self.setAccessibleName(words)
        self._tint()

    def set_bold(self, bold: bool) -> None:
        font = self._text.font()
        font.setBold(bold)
        self._text.setFont(font)

    def _tint(self) -> None:
        if not self._icon_name:
            return
        colour = signs.role_colour(self._role)
        side = self.fontMetrics().height()
        self._icon.setPixmap(signs.pixmap(self._icon_name, side, colour, self.devicePixelRatioF()))
        palette = QPalette(self.palette())
        if self._role in ("stop", "mind", "ok"):
            palette.setColor(QPalette.ColorRole.WindowText, colour)
        self._text.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._text.setPalette(QPalette())
            self._tint()
