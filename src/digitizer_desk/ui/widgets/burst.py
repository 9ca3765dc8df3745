# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Hand scanners type like a keyboard, very fast, and end with Enter: their code is taken as one.

Apart because an input program set to Telex garbles such a burst: it must be known for what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

#: at least so many keys within so many seconds: no hand does that
_KEYS, _SECONDS = 10, 0.1
#: s, longer than a scanner waits between two keys
_PAUSE = _SECONDS / _KEYS * 5


class Burst(QObject):
    """Watches one box.

    Signals:
        begun(): a key after a pause, before the box has it: the first one of whatever follows.
        scanned(str): what a hand scanner typed into it.
    """

    begun = Signal()
    scanned = Signal(str)

    def __init__(self, box: QLineEdit, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(box)
        self._clock = clock
        self._keys: list[tuple[float, str]] = []
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            now = self._clock()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                text = self._burst(now)
                self._keys.clear()
                if text and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.scanned.emit(text)
                    return True
            elif event.text():
                if not self._keys or now - self._keys[-1][0] > _PAUSE:
                    self.begun.emit()
                self._keys.append((now, event.text()))
                del self._keys[:-400]
        return super().eventFilter(watched, event)

    def _burst(self, now: float) -> str:
        """The keys before Enter, as far back as no pause between two was longer than a scanner makes."""
        typed: list[str] = []
        last = now
        for at, text in reversed(self._keys):
            if last - at > _PAUSE:
                break
            typed.append(text)
            last = at
        quick = len(typed) >= _KEYS and (now - last) / len(typed) <= _SECONDS / _KEYS
        return "".join(reversed(typed)) if quick else ""
