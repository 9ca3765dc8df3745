# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanners of TWAIN beside those of another driver system, as one: told apart by their ids.

Apart from both because neither knows of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from digitizer_desk.devices.scanner import Capabilities, ScanEvent, ScanJob, Scanner, ScannerInfo, Standing
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
        sides: tuple[Scanner, Scanner] = (self._twain, self._other)
        for side in sides:
            try:
                found += side.find(everywhere=everywhere)
            except DeskError as problem:
                problems.append(problem)
        if problems and not found:
            raise problems[0]
        return tuple(found)

    def capabilities(self, scanner_id: str) -> Capabilities:
        """See the contract."""
        return self._side(scanner_id).capabilities(scanner_id)

    def look(self, scanner_id: str) -> Standing:
        """See the contract."""
        return self._side(scanner_id).look(scanner_id)

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
        """See the contract."""
        return self._side(job.scanner).scan(job, stop)

    def _side(self, scanner_id: str) -> Scanner:
        return self._twain if scanner_id.startswith(f"{BACKEND}:") else self._other
