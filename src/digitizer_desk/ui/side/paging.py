# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""PgUp and PgDn where they are no command of the screen: they turn over the list or text that has the keys.

Apart because the window takes both keys for the counter's components before any list hears of them.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

_KEYS = {"previous": Qt.Key.Key_PageUp, "next": Qt.Key.Key_PageDown}


def turn_over(command_id: str) -> None:
    """Give the list or text that has the keys the key of this command; nothing for other commands and fields."""
    key, view = _KEYS.get(command_id), QApplication.focusWidget()
    if key is not None and isinstance(view, QAbstractScrollArea):
        # not sent: the window would take the key again
        view.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
