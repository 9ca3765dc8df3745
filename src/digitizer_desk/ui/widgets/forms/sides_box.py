# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The box for the number of sides of a paper, within reach from wherever the clerk is on the counter.

Apart from the counter because of its keys: the hand comes here by itself after a batch, and must not be caught in it.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSpinBox, QWidget


class SidesBox(QSpinBox):
    """A number of sides, 0 ("?") to 999. Undo and redo are the counter's: they bring back pages, not digits;
    so is Del until something was typed."""

    def __init__(self, *rooms: QWidget) -> None:
        """``rooms``: where digits that are typed are meant for this box."""
        super().__init__()
        self.setRange(0, 999)
        self.setSpecialValueText("?")
        self.setMinimumHeight(34)
        self.setSuffix(" mặt")
        self.setKeyboardTracking(False)
        self.setAccessibleName("Số mặt giấy")
        self.lineEdit().setAccessibleName("Số mặt giấy")
        for room in rooms:
            room.installEventFilter(self)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            standard = QKeySequence.StandardKey
            untouched = self.lineEdit().selectedText() == self.cleanText()  # as a batch leaves it: nothing was typed
            if (
                event.matches(standard.Undo)
                or event.matches(standard.Redo)
                or (untouched and event.matches(standard.Delete))
            ):
                event.ignore()
                return False
        return super().event(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A digit typed among pages or components: the number asked for in the banner."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or not self.isEnabled():
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers or not (event.text().isascii() and event.text().isdigit()):
            return False
        self.begin()
        QCoreApplication.sendEvent(self, event)
        return True

    def begin(self) -> None:
        """Here, and what is typed takes the place of what stands here. Not while another screen is shown: a number must
        not be typed unseen."""
        if self.isVisible():
            self.setFocus()
            self.selectAll()
