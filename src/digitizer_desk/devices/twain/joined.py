# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanners of TWAIN beside those of another driver system, as one: told apart by their ids.

Apart from both because neither knows of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from digitizer_desk.devices.scanner import (
    BackendAsked,
    Capabilities,
    DriverOption,
    Examined,
    ScanEvent,
    ScanJob,
    Scanner,
    ScannerInfo,
    Standing,
)
from digitizer_desk.devices.twain.client import BACKEND, TwainScanner
from digitizer_desk.errors import DeskError, error


class Joined:
    """Implements :class:`digitizer_desk.devices.scanner.Scanner` and ``Examined``."""

    def __init__(self, twain: TwainScanner, other: Scanner) -> None:
        self._twain, self._other = twain, other

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """See the contract. A failed search of one side is told only when the other finds nothing."""
        return self._both(lambda side: side.find(everywhere=everywhere))

    def search(self, told: Callable[[BackendAsked], None]) -> tuple[ScannerInfo, ...]:
        """See the contract. Of a side that cannot tell, only what it finds is known."""
        return self._both(lambda side: side.search(told) if isinstance(side, Examined) else side.find(everywhere=True))

    def _both(self, find: Callable[[Scanner], tuple[ScannerInfo, ...]]) -> tuple[ScannerInfo, ...]:
        found: list[ScannerInfo] = []
        problems: list[DeskError] = []
        sides: tuple[Scanner, Scanner] = (self._twain, self._other)
        for side in sides:
            try:
                found += find(side)
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

    def options(self, scanner_id: str) -> tuple[DriverOption, ...]:
        """See the contract.

        Raises:
            DeskError: ``scanner.refused`` where the scanner's side has no such list; else as there.
        """
        side = self._side(scanner_id)
        if not isinstance(side, Examined):
            raise error("scanner.refused", "no such list", option="danh sách tùy chọn", page=1, kept=0)
        return side.options(scanner_id)

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        """See the contract."""
        return self._side(job.scanner).scan(job, stop)

    def _side(self, scanner_id: str) -> Scanner:
        return self._twain if scanner_id.startswith(f"{BACKEND}:") else self._other
