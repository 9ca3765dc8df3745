# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One host at a time for each scanner of this desk: a look never meets a batch.

Apart from the clients because SANE and TWAIN scanners are both locked by whoever holds them open.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from digitizer_desk.devices.watching.faults import PAUSE
from digitizer_desk.errors import error

#: seconds a batch waits for a question to end: longer than any question may take
_PATIENCE = 60.0


class Alone:
    """The locks of one client, by whatever name stands for the machine itself."""

    def __init__(self) -> None:
        self._locks: dict[str, threading.Lock] = {}

    @contextmanager
    def with_scanner(self, name: str, *, wait: bool) -> Iterator[None]:
        """Hold this scanner. A batch waits for the question before it to end; a look does not ``wait``.

        Raises:
            DeskError: ``scanner.busy``.
        """
        lock = self._locks.setdefault(name, threading.Lock())
        if not lock.acquire(timeout=_PATIENCE if wait else 0):
            raise error("scanner.busy", "this desk is using it", seconds=round(PAUSE), page=1, kept=0)
        try:
            yield
        finally:
            lock.release()
