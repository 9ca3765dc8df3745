# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The one door between lanes and windows: callbacks of any thread come out as queued signals on the window thread.

Apart so that nothing else in the program crosses threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from digitizer_desk.lanes import Lane, Lanes, Task


class Bridge(QObject):
    """``run`` has the shape of ``Lanes.run``; both callbacks are called on the window thread.

    Signals:
        _came(object, object): a callable and its argument, from any thread.
    """

    _came = Signal(object, object)

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._closed = False
        self._came.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        step: Callable[..., Any],
        *args: Any,
        on_event: Callable[[Any], None] | None = None,
        on_done: Callable[[Task[Any]], None] | None = None,
        **kwargs: Any,
    ) -> Task[Any]:
        """Put a step on a lane; see ``Lanes.run``. After ``close`` nothing is begun any more."""
        if self._closed:
            return Task(lane, getattr(step, "__name__", "step"))
        event = (lambda value: self._send(on_event, value)) if on_event else None
        done = (lambda task: self._send(on_done, task)) if on_done else None
        return self._lanes.run(lane, step, *args, on_event=event, on_done=done, **kwargs)

    def _send(self, call: Callable[[Any], None] | None, value: Any) -> None:
        if not self._closed:
            self._came.emit(call, value)

    @Slot(object, object)
    def _call(self, call: Callable[[Any], None], value: Any) -> None:
        owner = _owner(call)
        if isinstance(owner, QObject) and not isValid(owner):
            return  # Esc was quicker: the sheet that asked is gone, and nobody waits for the answer
        if not self._closed:
            call(value)

    def settle(self, lane: Lane, seconds: float) -> None:
        """Wait until a lane has done what it was given, at most so long: before closing, what was typed is kept."""
        end = monotonic() + seconds
        while self._lanes.busy(lane) and monotonic() < end:
            sleep(0.01)

    def close(self) -> None:
        """Let no further callback through: the window is going."""
        self._closed = True


def _owner(call: Callable[[Any], None]) -> object:
    """Whose method is called back, or made the function that is; None where nobody's."""
    if isinstance(call, partial):
        return _owner(call.func)
    if isinstance(call, FunctionType) and "self" in call.__code__.co_freevars:
        return (call.__closure__ or ())[call.__code__.co_freevars.index("self")].cell_contents
    return getattr(call, "__self__", None)
