# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Trying again by itself what only needs a moment: a scanner that is busy or warming up.

Apart because it is the one thing done about a fault without the clerk, and the same for every kind of host.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from digitizer_desk.devices.scanner import BatchClosed, BatchEnd, BatchOpened, ScanEvent
from digitizer_desk.devices.watching.faults import PAUSE
from digitizer_desk.devices.watching.watch import POLL
from digitizer_desk.errors import DeskError

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Patience:
    """How the pauses pass. ``on_wait`` is told code and seconds before each."""

    sleep: Callable[[float], None]
    on_wait: Callable[[str, float], None] | None = None

    def events(self, batch: Callable[[], Generator[ScanEvent]], stop: Callable[[], bool]) -> Generator[ScanEvent]:
        """The events of a batch; it is begun anew, four times in all, while nothing of it has been kept."""
        opened = False
        for left in reversed(range(_TRIES + 1)):
            events = batch()
            try:
                for event in events:
                    if not (opened and isinstance(event, BatchOpened)):
                        yield event
                    opened = opened or isinstance(event, BatchOpened)
                return
            except DeskError as problem:
                again = problem.code in ("scanner.busy", "scanner.warming_up") and not problem.facts["kept"]
                if not (again and left):
                    raise
                code = problem.code
            finally:
                events.close()
            if self._pause(code, stop):
                yield BatchClosed(BatchEnd.STOPPED, 0)
                return

    def _pause(self, code: str, stop: Callable[[], bool]) -> bool:
        """Wait before the next try. True when the clerk stopped it."""
        if self.on_wait is not None:
            self.on_wait(code, PAUSE)
        for _ in range(round(PAUSE / POLL)):
            if stop():
                return True
            self.sleep(POLL)
        return stop()
