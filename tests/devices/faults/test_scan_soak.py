# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Many citizens at one scanner, much goes wrong: no page of one batch ever comes out in another.

Thirty batches every day, a thousand in the soak run, from the same seed.
"""

from __future__ import annotations

import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.faults.breaking import client, hosts, nothing_stays_behind
from devices.scanning.rig import Run, mark_of, marks, run, stack
from digitizer_desk.devices.scanner import PageProgress, RawPage, ScanEvent
from digitizer_desk.training.scanner import VirtualScanner
from soak import soaking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SANE is asked for here")

BATCHES = 1000 if soaking() else 30
DEVICE_FAULTS = ("jam", "cover", "double", "garbage", "truncated", "drop", "crash", "silent", "error", "giant")


class Day:
    """One seeded run of batches: what is to go wrong in each, and what came of it."""

    def __init__(self, virtual: VirtualScanner, folder: Path, seed: int) -> None:
        self._virtual = virtual
        self._scanner = client(virtual.sane_env, folder)
        self._chance = random.Random(seed)
        self._owner: dict[str, int] = {}
        self.ends: Counter[str] = Counter()
        self.pages = 0
        self.strangers = 0
        self.out_of_order = 0

    def batch(self, number: int) -> None:
        """Three sheets nobody else has, one thing at most that goes wrong."""
        sheets = stack(f"citizen {number}", 3)
        expected = [mark_of(png) for png in sheets]
        self._owner.update(dict.fromkeys(expected, number))
        self._virtual.lay(sheets)
        what = self._chance.choice(("nothing", "stop", "kill", "device", "device"))
        after = self._chance.randint(0, 3)
        if what == "device":
            self._virtual.fault(after=after, kind=self._chance.choice(DEVICE_FAULTS))
        got = self._run(what, after)
        came = marks(got.pages)
        self.ends[str(got.end)] += 1
        self.pages += len(came)
        self.strangers += sum(self._owner.get(mark) != number for mark in came)
        self.out_of_order += came != expected[: len(came)]
        if what == "nothing":
            assert came == expected, f"batch {number}: a quiet batch must be whole"

    def _run(self, what: str, after: int) -> Run:
        struck: list[bool] = []

        def here(event: ScanEvent) -> bool:
            if after == 0:
                return isinstance(event, PageProgress)
            return isinstance(event, RawPage) and event.number == after

        def watch(event: ScanEvent) -> None:
            if what in ("stop", "kill") and here(event) and not struck:
                struck.append(True)
                for host in hosts() if what == "kill" else ():
                    host.send_signal(signal.SIGKILL)

        stop: Callable[[], bool] = (lambda: bool(struck)) if what == "stop" else (lambda: False)
        return run(self._scanner, self._virtual.device, stop=stop, watch=watch)


def test_no_page_of_one_citizen_in_the_batch_of_another(virtual: VirtualScanner, tmp_path: Path) -> None:
    day = Day(virtual, tmp_path, seed=20261121)
    with nothing_stays_behind(tmp_path):
        for number in range(BATCHES):
            day.batch(number)
    print(
        f"\n{BATCHES} batches, {day.pages} pages, {day.strangers} of another batch, "
        f"{day.out_of_order} out of order; ends: {dict(day.ends.most_common())}"
    )
    assert day.strangers == 0
    assert day.out_of_order == 0
    assert day.ends.total() == BATCHES
    assert len(day.ends) >= 5, "too little went wrong to show anything"
