# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A feeder that fills itself: when the trainee presses F4, the papers of that component lie in the virtual tray.

Apart from the virtual scanner (a machine that feeds what it is given): this plays the hand that lays the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from digitizer_desk.devices.scanner import Capabilities, ScanEvent, ScanJob, Scanner, ScannerInfo, Standing
from digitizer_desk.imaging.master import as_png
from digitizer_desk.training.papers import PEOPLE, draw_paper, kinds_for
from digitizer_desk.training.scanner import VirtualScanner


class SelfLayingScanner:
    """A real scanner client in front of the virtual tray. Some batches bring a fault, so that mending is practised.

    The third batch brings one blurred page; the fifth jams after its first page. A re-scan of one page, and the batch
    after a jam, are always clean.
    """

    def __init__(self, real: Scanner, tray: VirtualScanner) -> None:
        self._real = real
        self._tray = tray
        self._batches = 0
        self._person = 0
        self._left: list[bytes] = []

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        return self._real.find(everywhere=everywhere)

    def capabilities(self, scanner_id: str) -> Capabilities:
        return self._real.capabilities(scanner_id)

    def look(self, scanner_id: str) -> Standing:
        """The hand lays the paper only when the trainee asks for it: nobody waits before this feeder."""
        return self._real.look(scanner_id)

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        single = job.settings.max_pages == 1
        if self._left and not single:
            sheets, self._left = self._left, []
            self._tray.lay(sheets)
        else:
            self._tray.lay(self._papers(job, single))
        yield from self._real.scan(job, stop)

    def _papers(self, job: ScanJob, single: bool) -> list[bytes]:
        kinds = kinds_for(job.paper, 1 if single else job.sides)
        person = PEOPLE[self._person % len(PEOPLE)]
        if not single:
            self._batches += 1
        blurred = not single and self._batches % 4 == 3
        sheets = [
            as_png(
                draw_paper(kind, person, self._batches * 10 + side, fault="blur" if blurred and side == 0 else None),
                (300.0, 300.0),
            )
            for side, kind in enumerate(kinds)
        ]
        if not single and self._batches % 4 == 1 and self._batches > 1 and len(sheets) > 1:
            self._tray.fault(after=1, kind="jam")
            self._left = sheets[1:]
        return sheets
