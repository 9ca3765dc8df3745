# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From the last byte of a page to its verdict painted in the window: the desk's own time, one page after the other.

    python tests/bench/bench_verdict.py [--pages 24] [--dpi 300]

In that time the page becomes a JPEG master, is sealed, synced and committed, measured, judged, and its badge painted.
The feeder gives the next page when the verdict on the one before is painted, as one slower than the desk does; the
picture beside the badge may come later. By the clock, and processor time of all threads together, which other work of
the machine hardly changes. Prints one JSON object a line; the limit is 150 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

from bench_window import live  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from digitizer_desk import memory, paths  # noqa: E402
from digitizer_desk.devices.scanner import RawPage, ScanEvent, ScanJob  # noqa: E402
from digitizer_desk.dossier.model import Page  # noqa: E402
from digitizer_desk.lanes import Lanes  # noqa: E402
from digitizer_desk.training.papers import KINDS, PEOPLE, draw_paper  # noqa: E402
from digitizer_desk.ui.application import make_application  # noqa: E402
from digitizer_desk.ui.bridge import Bridge  # noqa: E402
from digitizer_desk.ui.main_window import MainWindow  # noqa: E402
from digitizer_desk.ui.models.pages import PageDelegate  # noqa: E402
from stand_ins.machines import ScriptedScanner  # noqa: E402
from steps.conftest import Bench, set_up  # noqa: E402

LIMIT_MS = 150.0


class Watch:
    """Notes when a page's last byte is there and when its verdict is painted, by the clock and by the processor."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []
        self._began = (0.0, 0.0)
        self._painted = threading.Event()
        self._seen: set[str] = set()

    def arrived(self) -> None:
        self._painted.clear()
        self._began = (time.perf_counter(), time.process_time())

    def painted(self, page: Page) -> None:
        """Called after each badge; counts the first that shows a verdict."""
        if page.measures is None or page.id in self._seen:
            return
        self._seen.add(page.id)
        self.clock.append((time.perf_counter() - self._began[0]) * 1000)
        self.processor.append((time.process_time() - self._began[1]) * 1000)
        self._painted.set()

    def wait(self) -> None:
        if not self._painted.wait(60):
            raise TimeoutError
        time.sleep(0.3)  # the picture beside the badge is made now; it is not this page's verdict, nor the next one's


class SlowFeeder(ScriptedScanner):
    """Gives a page when the verdict on the one before is on the screen."""

    watch: Watch

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        for event in super().scan(job, stop):
            if isinstance(event, RawPage):
                self.watch.arrived()
                yield event
                self.watch.wait()
            else:
                yield event


def painting_told(watch: Watch) -> None:
    """From now on every badge that is painted is told to the watch, after it was painted."""
    plain = PageDelegate._verdict

    def told(self: PageDelegate, painter: Any, band: Any, page: Page, *rest: Any) -> None:
        plain(self, painter, band, page, *rest)
        watch.painted(page)

    PageDelegate._verdict = told  # type: ignore[method-assign]


def play(bench: Bench, pages: int, dpi: int) -> Watch:
    scanner = SlowFeeder(bench.clock)
    scanner.watch = watch = Watch()
    drawn = [draw_paper(kind, PEOPLE[0], 1, dpi) for kind in list(KINDS)[:8]]
    scanner.tray = [drawn[number % len(drawn)] for number in range(pages)]
    lanes = Lanes()
    bridge = Bridge(lanes)
    window = MainWindow(replace(bench.desk, scanner=scanner), bridge)
    window.resize(1366, 728)
    window.show()
    try:
        window._enter(bench.officer)
        counter, work = window.rooms.counter, window.rooms.work
        window.rooms.open(bench.received().id)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        live(application, lambda: bool(counter.lines))
        painting_told(watch)
        window.do("scan")
        live(application, lambda: not work.scanning and len(watch.clock) == pages, 60.0 + 5 * pages)
    finally:
        window.watch.stop()
        bridge.close()
        lanes.close()
    return watch


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--pages", type=int, default=24)
    asked.add_argument("--dpi", type=int, default=300)
    given = asked.parse_args()
    _application = make_application(paths.resources(), "light")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIGITIZER_DESK_DATA"] = folder
        with set_up(Path(folder)) as bench:
            watch = play(bench, given.pages, given.dpi)
    # the first page pays for what is loaded once
    for name, times in (("by the clock", watch.clock), ("by the processor, all threads", watch.processor)):
        middle = statistics.median(times[1:])
        print(
            json.dumps(
                {
                    "what": f"last byte of a page to its painted verdict, {name}",
                    "pages": len(times),
                    "median_ms": round(middle, 1),
                    "worst_ms": round(max(times[1:]), 1),
                    "first_ms": round(times[0], 1),
                    "limit_ms": LIMIT_MS,
                    "within": middle <= LIMIT_MS,
                }
            )
        )
    return 0


if __name__ == "__main__":
    memory.keep_freed()  # as the program does
    sys.exit(main())
