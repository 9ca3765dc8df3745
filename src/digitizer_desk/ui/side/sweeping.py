# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Python's garbage is swept when nobody presses a key, and on the window's thread alone.

Apart from the window because it concerns the whole process. Left to itself the collector walks everything there is
in the middle of some act, and a key waits a quarter of a second for it; and it does so on whatever thread made the last
object, also one that must not touch a widget.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

_LOOK_MS = 250
#: s without a key or the mouse after which nobody is at work, and the longest time without a whole sweep
_STILL, _LONGEST = 1.5, 300.0
#: objects made since the last sweep: worth a whole one while nobody works, and a short one although somebody does
_SOME, _MANY = 700, 5_000
#: a key that is a command of the window comes as the question whether somebody else wants it, and never as a press
_INPUT = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
)


class Sweeper(QObject):
    """Takes the collector over until ``stop``. What there is when it starts, modules and window, is walked no more."""

    def __init__(self, application: QApplication, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(application)
        self._application, self._clock = application, clock
        self._input_at = self._swept_at = clock()
        self._settled = True
        gc.disable()
        gc.freeze()
        application.installEventFilter(self)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._input_at = self._clock()
        return False

    def look(self) -> None:
        """Sweep, if this is the time for it."""
        now, made = self._clock(), gc.get_count()[0]
        still = now - self._input_at >= _STILL
        if (still and (made >= _SOME or not self._settled)) or now - self._swept_at >= _LONGEST:
            gc.collect()
            self._swept_at = self._clock()
            if not self._settled:
                gc.freeze()
                self._settled = True
        elif made >= _MANY:
            gc.collect(0)

    def window_changed(self) -> None:
        """Another window takes the place of the one there was: that one goes too, when there is time."""
        gc.unfreeze()
        self._settled = False

    def stop(self) -> None:
        """Give the collector back."""
        self._timer.stop()
        self._application.removeEventFilter(self)
        gc.unfreeze()
        gc.enable()
