# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanners of TWAIN beside those of another driver system, as one: told apart by their ids.

Apart from both because neither knows of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from digitizer_desk.devices.scanner import ScanEvent, ScanJob, Scanner, ScannerInfo
from digitizer_desk.devices.twain.client import BACKEND, TwainScanner
from digitizer_desk.errors import DeskError


class Joined:
    """Implements :class:`digitizer_desk.devices.scanner.Scanner`."""

    def __init__(self, twain: TwainScanner, other: Scanner) -> None:
        self._twain, self._other = twain, other

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """See the contract. A failed search of one side is told only when the other finds nothing."""
        found: list[ScannerInfo] = []
        problems: list[DeskError] = []
        for side in (self._twain, self._other):
            try:
                found += side.find(everywhere=everywhere)
            except DeskError as problem:
                problems.append(problem)
        if problems and not found:
            raise problems[0]
        return tuple(found)

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
        """See the contract."""
        side: Scanner = self._twain if job.scanner.startswith(f"{BACKEND}:") else self._other
        return side.scan(job, stop)
