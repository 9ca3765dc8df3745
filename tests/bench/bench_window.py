# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What real pages cost the window thread: pages arrive at the counter, the inspector opens and turns them.

    python tests/bench/bench_window.py [--pages 12] [--dpi 300]

For each moment the worst single turn of the event loop: processor time of the window's thread (what the window itself
does) and wall time (what a clerk feels, other work of the machine included). The limit is one frame, 16 ms. The peer is
the plain way: the whole page made a pixmap on the window thread.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from digitizer_desk import paths  # noqa: E402
from digitizer_desk.lanes import Lanes  # noqa: E402
from digitizer_desk.ui.application import make_application  # noqa: E402
from digitizer_desk.ui.bridge import Bridge  # noqa: E402
from digitizer_desk.ui.main_window import MainWindow  # noqa: E402
from digitizer_desk.ui.widgets.page_view import Zoom  # noqa: E402
from digitizer_desk.ui.widgets.picture import as_image  # noqa: E402
from stand_ins.machines import paper  # noqa: E402
from steps.conftest import Bench, set_up  # noqa: E402

FRAME_MS = 1000 / 60
_BEAT_MS = 2


@dataclass(eq=False)
class Turns:
    """Every turn of the event loop. Processor time: from one wait to the next. Wall: how late a beat of 2 ms came."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    _spent: float = 0.0
    _beat: float = 0.0
    _timer: QTimer | None = None

    def watch(self) -> None:
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._rest)
        self._timer = QTimer(interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._spent, self._beat = time.thread_time(), time.perf_counter()
        self._timer.start()

    def _rest(self) -> None:
        now = time.thread_time()
        self.cpu.append((now - self._spent) * 1000)
        self._spent = now

    def _tick(self) -> None:
        now = time.perf_counter()
        self.wall.append(max(0.0, (now - self._beat) * 1000 - _BEAT_MS))
        self._beat = now

    def taken(self) -> tuple[list[float], list[float]]:
        cpu, wall = self.cpu, self.wall
        self.cpu, self.wall = [], []
        return cpu, wall


def live(application: QApplication, true: Callable[[], bool], seconds: float = 120.0) -> None:
    """Let the window live until something is true, then a little longer for what it still has to paint."""
    loop, end = QEventLoop(), time.monotonic() + seconds
    later: list[float] = []

    def look() -> None:
        if true() and not later:
            later.append(time.monotonic() + 0.4)
        if (later and time.monotonic() > later[0]) or time.monotonic() > end:
            loop.quit()

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    if not true():
        raise TimeoutError


def told(name: str, turns: tuple[list[float], list[float]]) -> float:
    cpu, wall = turns
    worst, over = max(cpu), sum(value > FRAME_MS for value in cpu)
    print(f"{name:<44} {worst:7.1f} ms   {max(wall):7.1f} ms   {median(cpu):6.2f} ms   {over:3} of {len(cpu)}")
    return worst


def play(application: QApplication, bench: Bench, pages: int, dpi: int) -> float:
    lanes = Lanes()
    bridge = Bridge(lanes)
    window = MainWindow(bench.desk, bridge)
    window.resize(1366, 728)
    window.show()
    try:
        return _play(application, bench, window, pages, dpi)
    finally:
        window.watch.stop()
        bridge.close()
        lanes.close()


def _play(application: QApplication, bench: Bench, window: MainWindow, pages: int, dpi: int) -> float:
    window._enter(bench.officer)
    counter, work, inspector = window.rooms.counter, window.rooms.work, window.rooms.inspector
    window.rooms.open(bench.received().id)
    live(application, lambda: bool(counter.lines))
    stack = [paper(dpi=dpi, seed=seed) for seed in range(pages)]
    bench.scanner.tray = list(stack)
    turns = Turns()
    turns.watch()
    print(f"{'':<44} {'worst CPU':>10}   {'worst wall':>10}   {'median':>9}   over a frame")
    window.do("scan")
    live(application, lambda: not work.scanning and len(counter.model.pages) == pages)
    worst = told(f"{pages} pages of {dpi} dpi arrive", turns.taken())
    counter.select(counter.model.pages[0].id)
    window.do("inspect")
    live(application, lambda: inspector.view.has_page)
    worst = max(worst, told("the inspector opens a page", turns.taken()))
    for row in range(1, min(pages, 5)):
        inspector.strip.setCurrentRow(row)
        live(application, lambda: inspector.view.has_page)
    worst = max(worst, told("four more pages, one after the other", turns.taken()))
    for zoom in (Zoom.FULL, Zoom.DOUBLE, Zoom.FIT):
        inspector.view.set_zoom(zoom)
        live(application, lambda: True)
    worst = max(worst, told("100 %, 200 %, whole page", turns.taken()))
    for _ in range(8):
        inspector.view.zoom_by(1.25)
        live(application, lambda: True)
    worst = max(worst, told("eight steps closer", turns.taken()))
    window.do("turn")
    live(application, lambda: inspector.view.has_page)
    worst = max(worst, told("the page is turned", turns.taken()))
    whole = as_image(stack[0])
    started = time.thread_time()
    QPixmap.fromImage(whole)
    plain = (time.thread_time() - started) * 1000
    print(f"peer: the whole page made a pixmap here      {plain:7.1f} ms")
    print(f"worst of all {worst:.1f} ms = {worst / FRAME_MS:.2f} frames; {worst / plain:.2f} of the peer")
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--dpi", type=int, default=300)
    wanted = parser.parse_args()
    application = make_application(paths.resources(), "light")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIGITIZER_DESK_DATA"] = folder
        with set_up(Path(folder)) as bench:
            play(application, bench, wanted.pages, wanted.dpi)
    return 0


if __name__ == "__main__":
    sys.exit(main())
