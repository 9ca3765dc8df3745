# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A field for a desk password: hidden letters, no input method, and a word when Caps Lock is on.

Apart from the PIN field: a password is checked at the desk and may hold any letter, so it is kept as text.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from digitizer_desk.ui import theme

#: px: the fields of a form
FIELD_HEIGHT = 40

CAPS_WORDS = "Caps Lock đang bật. Nhấn phím đó để tắt."


class PasswordField(QLineEdit):
    """Signals:
    caps_lock_changed(bool): a letter did not fit its Shift key, or fits again.
    """

    caps_lock_changed = Signal(bool)

    def __init__(self, name: str = "Mật khẩu", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caps_lock = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMinimumHeight(FIELD_HEIGHT)
        theme.inset(self)
        self.setAccessibleName(name)

    @property
    def caps_lock(self) -> bool:
        """Whether the last letter was typed with Caps Lock on."""
        return self._caps_lock

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_CapsLock:
            self._set_caps_lock(False)  # pressed: what it is now shows with the next letter
        elif len(letter) == 1 and letter.isalpha():
            self._set_caps_lock(letter.isupper() != shift)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._set_caps_lock(False)
        super().focusOutEvent(event)

    def _set_caps_lock(self, on: bool) -> None:
        if on != self._caps_lock:
            self._caps_lock = on
            self.caps_lock_changed.emit(on)
