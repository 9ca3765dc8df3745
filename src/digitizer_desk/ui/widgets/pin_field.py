# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A password field that never holds the PIN as text: keys go into a buffer, the field shows fillers only.

Apart from the signing dialog because its one promise, that no readable copy of a PIN stays behind, is tested alone.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from digitizer_desk.devices.token import Pin, PinState
from digitizer_desk.ui import theme

_FILLER = "*"
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier


class PinField(QLineEdit):
    """Takes a PIN by keys alone: no clipboard, drag, menu, undo, input method or way to show it.

    The bytes lie in one buffer allocated at its full length, since a growing one would leave copies behind. One key
    more than the token takes is remembered as "too long" instead of being dropped: a PIN cut short silently would
    cost a try.

    Signals:
        fits_changed(bool): the length became, or no longer is, one the token takes.
        refused(str): a key was not ASCII and the field was emptied; the code is ``token.pin_letters``.
        caps_lock_changed(bool): a letter showed that Caps Lock is on, or off again.
        typed(): the content changed by a key.
    """

    fits_changed = Signal(bool)
    refused = Signal(str)
    caps_lock_changed = Signal(bool)
    typed = Signal()

    def __init__(self, parent: QWidget | None = None, state: PinState | None = None) -> None:
        super().__init__(parent)
        self._state = state or PinState()
        self._buffer = bytearray(self._state.most + 1)
        self._length = 0
        self._fits = False
        self._caps_lock = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setDragEnabled(False)
        self.setClearButtonEnabled(False)
        theme.inset(self)
        self.setAccessibleName("Mã PIN của USB Token")
        # assistive tools can set text behind our back; what they put in is no key press and is thrown away
        self.textChanged.connect(self._only_fillers)

    @property
    def state(self) -> PinState:
        """The limits in force."""
        return self._state

    @property
    def length(self) -> int:
        """Number of characters held; one above ``most`` when too many were typed."""
        return self._length

    @property
    def fits(self) -> bool:
        """Whether the length is one the token takes."""
        return self._fits

    @property
    def too_long(self) -> bool:
        return self._length > self._state.most

    @property
    def caps_lock(self) -> bool:
        """Whether the last letter was typed with Caps Lock on."""
        return self._caps_lock

    def set_state(self, state: PinState) -> None:
        """Empty the field and take the limits of another token, or of the same one read again."""
        self.wipe()
        self._state = state
        self._buffer = bytearray(state.most + 1)

    def take(self) -> Pin:
        """Hand the PIN over in a buffer of its own and empty the field. The receiver wipes it."""
        handed = bytearray(self._length)
        with memoryview(self._buffer) as view:
            handed[:] = view[: self._length]
        self.wipe()
        return Pin(handed)

    def wipe(self) -> None:
        """Overwrite the buffer and empty the field; also called when it is hidden or its window loses the focus."""
        self._buffer[:] = bytes(len(self._buffer))
        self._length = 0
        self._show(0)

    # -- keys ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.wipe()
            event.ignore()  # the dialog closes on it
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        elif key == Qt.Key.Key_CapsLock:
            self._set_caps_lock(not self._caps_lock and self._length > 0)
        elif not self._edit(event) and not self._type(event):
            event.ignore()

    def _edit(self, event: QKeyEvent) -> bool:
        """Keys that remove or move the caret; Ctrl with a removing key empties the field."""
        at, key = self.cursorPosition(), event.key()
        everything = bool(event.modifiers() & _CTRL)
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and everything:
            self.wipe()
            self.typed.emit()
        elif key == Qt.Key.Key_Backspace:
            self._remove(at - 1)
        elif key == Qt.Key.Key_Delete:
            self._remove(at)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_Up):
            self.setCursorPosition(0)
        elif key in (Qt.Key.Key_End, Qt.Key.Key_Down):
            self.setCursorPosition(self._length)
        elif key == Qt.Key.Key_Left:
            self.setCursorPosition(max(0, at - 1))
        elif key == Qt.Key.Key_Right:
            self.setCursorPosition(min(self._length, at + 1))
        else:
            return False
        return True

    def _type(self, event: QKeyEvent) -> bool:
        """Characters. True when the key was one, whether taken or refused."""
        held = event.modifiers() & (_CTRL | _ALT | _META)
        if not event.text() or held not in (Qt.KeyboardModifier.NoModifier, _CTRL | _ALT):  # Windows' AltGr is both
            return False
        for letter in event.text():
            if not letter.isprintable():
                return False
            if not letter.isascii():
                self._refuse()
                return True
            self._notice_caps_lock(letter, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            self._insert(ord(letter))
        return True

    def _insert(self, byte: int) -> None:
        if self.too_long:
            return
        at = self.cursorPosition()
        for index in range(self._length, at, -1):
            self._buffer[index] = self._buffer[index - 1]
        self._buffer[at] = byte
        self._length += 1
        self._show(at + 1)
        self.typed.emit()

    def _remove(self, at: int) -> None:
        if not 0 <= at < self._length:
            return
        for index in range(at, self._length - 1):
            self._buffer[index] = self._buffer[index + 1]
        self._length -= 1
        self._buffer[self._length] = 0
        self._show(at)
        self.typed.emit()

    def _refuse(self) -> None:
        self.wipe()
        self.refused.emit("token.pin_letters")

    def _show(self, caret: int) -> None:
        self.setText(_FILLER * self._length)
        self.setCursorPosition(caret)
        fits = self._state.least <= self._length <= self._state.most
        if fits != self._fits:
            self._fits = fits
            self.fits_changed.emit(fits)

    def _only_fillers(self, shown: str) -> None:
        if shown != _FILLER * self._length:
            self.wipe()

    def _notice_caps_lock(self, letter: str, shift: bool) -> None:
        if letter.isalpha():
            self._set_caps_lock(letter.isupper() != shift)

    def _set_caps_lock(self, on: bool) -> None:
        if on != self._caps_lock:
            self._caps_lock = on
            self.caps_lock_changed.emit(on)

    # -- every other way in or out is closed ----------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowDeactivate:
            self.wipe()  # half a PIN must not wait for whoever comes back, nor be finished by mistake
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString() or event.preeditString():
            self._refuse()
        event.accept()

    def inputMethodQuery(self, *question: Any) -> Any:
        """Answers no question about the text around the caret."""
        return False if Qt.InputMethodQuery.ImEnabled in question else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the middle button would paste the X11 selection

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.deselect()
        self.setCursorPosition(self._length)

    def hideEvent(self, event: QHideEvent) -> None:
        self.wipe()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.wipe()
        super().closeEvent(event)
