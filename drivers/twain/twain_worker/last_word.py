# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The one last event of a request, told before the driver's teardown can hang: an answer, or the fault that ended it.

Apart from batches and questions because both end alike, whatever a driver does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from twain_worker.trouble import DriverBroke, Fault, Trouble, fault_of
from twain_worker.wire import Wire


class LastWord:
    """``opening`` until the source is open, ``kept`` whole pages: what a condition means depends on them."""

    def __init__(self, wire: Wire, known: Mapping[str, str]) -> None:
        """``known``: the manifest's codes for this family's own numbers."""
        self._wire, self._known = wire, known
        self.opening = True
        self.kept = 0
        self._said = False

    @contextmanager
    def told(self) -> Iterator[None]:
        """Around everything that may fail, and around its clean-up once more: the first fault counts.

        Raises:
            DriverBroke: nothing more may be called, not even to close the source.
        """
        try:
            yield
        except Fault as fault:
            self._fault(fault.code, fault.detail, **fault.facts)
        except Trouble as trouble:
            code = fault_of(trouble, opening=self.opening, kept=self.kept, known=self._known)
            self._fault(code, str(trouble))
        except DriverBroke as broken:
            self._fault("scanner.crashed", str(broken))
            raise

    def say(self, event: str, **fields: Any) -> None:
        """The good end. Nothing that fails after it is told."""
        self._said = True
        self._wire.send(event, **fields)

    def _fault(self, code: str, detail: str, **facts: Any) -> None:
        if not self._said:
            self._said = True
            self._wire.fault(code, detail, **facts)
