# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How quick the counter is while it is full: pages arrive, keys are pressed, dossiers come and go, the window starts.

    python tests/bench/bench_counter.py [arrive|keys|memory|start] [--pages 300] [--rate 2] [--dossiers 50] [--starts 5]

Without a name all four. Real window, real cabinet, a scripted scanner; offscreen. Budgets (windows.md 1 and issue 7):
one frame = 16.7 ms; a key is answered, painted, within 100 ms with 500 pages open; the window is there in 1.5 s, warm;
memory is flat over 50 dossiers. The peer of the arrival is the same scrolling over the same pages at rest.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

import numpy as np  # noqa: E402
from bench_window import FRAME_MS, Turns, live  # noqa: E402
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, qInstallMessageHandler  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from digitizer_desk import paths  # noqa: E402
from digitizer_desk.imaging.master import encode_master  # noqa: E402
from digitizer_desk.imaging.measure import measure_page  # noqa: E402
from digitizer_desk.lanes import Lanes  # noqa: E402
from digitizer_desk.store.pages import NewPage  # noqa: E402
from digitizer_desk.ui.application import make_application  # noqa: E402
from digitizer_desk.ui.bridge import Bridge  # noqa: E402
from digitizer_desk.ui.main_window import MainWindow  # noqa: E402
from digitizer_desk.ui.side.sweeping import Sweeper  # noqa: E402
from gallery.papers import MEASURES  # noqa: E402
from stand_ins.machines import ScriptedScanner, paper  # noqa: E402
from steps.conftest import Bench, fresh, set_up  # noqa: E402

KEY_MS, START_S = 100.0, 1.5
Key, Modifier = Qt.Key, Qt.KeyboardModifier
_PLAIN, _CTRL = Modifier.NoModifier, Modifier.ControlModifier
_seeds = count()
#: how exactly an answer is timed; a loop without rest would keep the lanes from their work
_LOOK_MS = 2


@contextmanager
def window_over(bench: Bench) -> Iterator[MainWindow]:
    lanes = Lanes()
    bridge = Bridge(lanes)
    window = MainWindow(bench.desk, bridge, officer=bench.officer)
    window.resize(1366, 728)
    window.show()
    window.activateWindow()
    window.watch.stop()  # its own looks are not what is measured
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    sweeper = Sweeper(application)  # as the program does
    try:
        yield window
    finally:
        sweeper.stop()
        bridge.close()
        lanes.close()
        window.deleteLater()


def told(name: str, values: list[float], unit: str = "ms", limit: float | None = None) -> None:
    """One line: median, 95 of 100, worst, and how many were over the limit."""
    many = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    over = f"   over {limit:g} {unit}: {sum(v > limit for v in values)} of {len(values)}" if limit else ""
    print(f"{name:<46} {median(values):8.2f} {many:8.2f} {max(values):8.2f} {unit}{over}")


# -- pages arrive ------------------------------------------------------------------------------------------------------


class PacedScanner(ScriptedScanner):
    """Brings ``pages`` pages, so many a second; no picture is made before it is asked for."""

    pages, rate = 0, 2.0

    def scan(self, job: object, stop: Callable[[], bool]) -> Iterator[object]:  # type: ignore[override]
        tray = _Tray(self.pages, self.rate)
        self.tray = tray  # type: ignore[assignment]
        yield from super().scan(job, stop)  # type: ignore[arg-type]


class _Tray(list):  # type: ignore[type-arg]
    """A tray whose sheets are drawn when the feeder takes them, at its pace."""

    def __init__(self, pages: int, rate: float) -> None:
        super().__init__(range(pages))
        self._pause, self._next = 1 / rate, time.monotonic()

    def pop(self, _index: int = 0) -> object:
        seed = super().pop(0)
        sheet = paper(seed=seed)
        self._next = max(self._next + self._pause, time.monotonic() - self._pause)
        time.sleep(max(0.0, self._next - time.monotonic()))
        return sheet


class Scroller(QTimer):
    """The user: scrolls down and up again without resting, a step at each frame."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(interval=16, timerType=Qt.TimerType.PreciseTimer)
        self._bar, self._step = window.rooms.counter.pages.verticalScrollBar(), 48
        self.timeout.connect(self._scroll)

    def _scroll(self) -> None:
        at = self._bar.value() + self._step
        if at > self._bar.maximum() or at < 0:
            self._step = -self._step
        self._bar.setValue(max(0, min(at, self._bar.maximum())))


def arrive(application: QApplication, bench: Bench, pages: int, rate: float) -> None:
    scanner = bench.scanner
    scanner.__class__ = PacedScanner
    PacedScanner.pages, PacedScanner.rate = pages, rate
    with window_over(bench) as window:
        counter, work = window.rooms.counter, window.rooms.work
        window.rooms.open(fresh(bench).id)
        live(application, lambda: bool(counter.lines))
        turns, scroller = Turns(), Scroller(window)
        turns.watch()
        began = time.monotonic()
        window.do("scan")
        scroller.start()
        live(application, lambda: not work.scanning and len(counter.model.pages) == pages, pages / rate * 6 + 60)
        took = time.monotonic() - began
        cpu, wall = turns.taken()
        print(f"{pages} pages in {took:.0f} s ({pages / took:.1f} a second), the user scrolls all the while")
        told("a turn of the window, processor time", cpu, limit=FRAME_MS)
        told("a turn of the window, as felt", wall, limit=FRAME_MS)
        live(application, lambda: True)
        turns.taken()
        end = time.monotonic() + 8
        live(application, lambda: time.monotonic() > end)
        rest_cpu, rest_wall = turns.taken()
        scroller.stop()
        told("peer: the same at rest, processor time", rest_cpu, limit=FRAME_MS)
        told("peer: the same at rest, as felt", rest_wall, limit=FRAME_MS)
    scanner.__class__ = ScriptedScanner


# -- keys --------------------------------------------------------------------------------------------------------------


class Painted(QObject):
    """Counts how often the window, or one over it, was brought up to date. Only windows are asked: a filter of the
    whole program would be a good part of what it measures."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.times = 0
        self.watch(window)

    def watch(self, window: QWidget) -> None:
        window.installEventFilter(self)  # once, however often it is asked

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.UpdateRequest:  # painted before anything else happens
            self.times += 1
        return False


def many_pages(bench: Bench, pages: int) -> str:
    """A dossier whose third part has so many pages, each with its measures; gives its id."""
    dossier = fresh(bench)
    part = dossier.components[2].id
    cabinet = bench.desk.cabinet
    for _ in range(pages):
        seed = next(_seeds)
        jpeg = encode_master(paper(dpi=50, seed=seed), 200.0)
        facts = NewPage(1654, 2339, (200.0, 200.0), (210.0, 297.0), bench.clock(), "scripted:0")
        page = cabinet.pages.keep(part, jpeg, facts, bench.officer)
        cabinet.pages.set_measures(page.id, replace(MEASURES, sketch=sketch(seed)), ())
    return dossier.id


def sketch(seed: int) -> str:
    """What is kept of a page to compare it by, as long as of a real one: a page without is read far too quickly."""
    chance = np.random.default_rng(seed)
    sheet = np.full((585, 413, 3), 250, np.uint8)
    for left, top, wide, high in chance.integers((10, 10, 20, 4), (360, 560, 200, 24), (24, 4)):
        sheet[top : top + high, left : left + wide : 3] = 20
    return measure_page(sheet, dpi=(50.0, 50.0), sheet_mm=(210.0, 297.0)).sketch


def keys(application: QApplication, bench: Bench, pages: int, rounds: int = 7) -> None:
    dossier_id = many_pages(bench, pages)
    part = bench.desk.cabinet.dossiers.load(dossier_id).components[2].id
    with window_over(bench) as window:
        counter, work, inspector = window.rooms.counter, window.rooms.work, window.rooms.inspector
        window.rooms.open(dossier_id, part)
        live(application, lambda: len(counter.model.pages) == pages, 300)
        painted = Painted(window)
        row = lambda: counter.pages.currentIndex().row()  # noqa: E731
        shown = lambda: counter.model.pages  # noqa: E731

        def changed(what: Callable[[], object]) -> Callable[[], Callable[[], bool]]:
            def begin() -> Callable[[], bool]:
                before = what()
                return lambda: what() != before

            return begin

        answered = lambda: window.banner.shown is not None and window.banner.shown.answers  # noqa: E731
        sheet = lambda: application.activeModalWidget() is not None  # noqa: E731
        at_counter = lambda: window.screens.currentWidget() is counter  # noqa: E731
        plan: tuple[tuple[str, Key, Modifier, Callable[[], Callable[[], bool]]], ...] = (
            ("→ trang sau", Key.Key_Right, _PLAIN, changed(row)),
            ("End", Key.Key_End, _PLAIN, changed(row)),
            ("Home", Key.Key_Home, _PLAIN, changed(row)),
            ("PgDn thành phần sau", Key.Key_PageDown, _PLAIN, changed(lambda: counter.current)),
            ("PgUp thành phần trước", Key.Key_PageUp, _PLAIN, changed(lambda: counter.current)),
            ("Ctrl+1 thành phần 1", Key.Key_1, _CTRL, changed(lambda: counter.current)),
            ("Ctrl+3 thành phần 3", Key.Key_3, _CTRL, changed(lambda: counter.current)),
            ("Del bỏ trang", Key.Key_Delete, _PLAIN, changed(shown)),
            ("Ctrl+Z hoàn tác", Key.Key_Z, _CTRL, changed(shown)),
            ("Ctrl+Y làm lại", Key.Key_Y, _CTRL, changed(shown)),
            ("Ctrl+Z hoàn tác lần nữa", Key.Key_Z, _CTRL, changed(shown)),
            ("Ctrl+→ chuyển trang", Key.Key_Right, _CTRL, changed(shown)),
            ("Ctrl+R xoay trang", Key.Key_R, _CTRL, changed(shown)),
            ("F7 soi trang", Key.Key_F7, _PLAIN, lambda: lambda: window.screens.currentWidget() is inspector),
            ("Esc về quầy", Key.Key_Escape, _PLAIN, lambda: at_counter),
            ("Ctrl+S đã lưu", Key.Key_S, _CTRL, lambda: answered),
            ("F1 trợ giúp", Key.Key_F1, _PLAIN, lambda: sheet),
            ("F2 hồ sơ mới", Key.Key_F2, _PLAIN, lambda: sheet),
            ("F3 tìm", Key.Key_F3, _PLAIN, lambda: sheet),
            ("Ctrl+Del trang đã bỏ", Key.Key_Delete, _CTRL, lambda: sheet),
            ("Ctrl+T loại việc", Key.Key_T, _CTRL, lambda: sheet),
            (
                "Ctrl+H hàng chờ",
                Key.Key_H,
                _CTRL,
                lambda: lambda: window.screens.currentWidget() is window.rooms.outbox,
            ),
            ("Esc về quầy từ hàng chờ", Key.Key_Escape, _PLAIN, lambda: at_counter),
            ("F4 quét", Key.Key_F4, _PLAIN, lambda: lambda: work.scanning),
        )
        found: dict[str, list[Answer]] = {name: [] for name, *_ in plan}
        for _ in range(rounds):
            counter.select(counter.model.pages[min(pages // 2, pages - 1)].id)
            counter.pages.setFocus()
            for name, key, modifier, begin in plan:
                settle(application, window)
                found[name].append(press(application, window, painted, key, modifier, begin()))
                settle(application, window)
        print(f"key -> painted answer, a part of {pages} pages open")
        tell_keys(found)


def tell_keys(found: dict[str, list[Answer]]) -> None:
    for name, values in found.items():
        told(name, [value.wall for value in values], limit=KEY_MS)
        cpu, own = median(value.cpu for value in values), median(value.own for value in values)
        print(f"    processor time: {cpu:.1f} ms of all threads, {own:.1f} of the window's own (medians)")
    everything = [value for values in found.values() for value in values]
    told("all keys, as felt", [value.wall for value in everything], limit=KEY_MS)
    told("all keys, processor time", [value.cpu for value in everything], limit=KEY_MS)


class Answer(NamedTuple):
    """In ms: as felt, processor time of all threads (which other work of the machine does not change), and of the
    window's own."""

    wall: float
    cpu: float
    own: float


def press(
    application: QApplication,
    window: MainWindow,
    painted: Painted,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    answered: Callable[[], bool],
) -> Answer:
    """From the key until its answer is there and was painted. A dialog that opens is timed and closed."""
    took: list[Answer] = []
    before: list[int] = []

    def look() -> None:
        if took:
            return
        if answered() and not before:
            shown = application.activeModalWidget() or window
            painted.watch(shown)
            before.append(painted.times)
            shown.update()
        if before and painted.times > before[0]:
            wall, cpu, own = (now - then for now, then in zip(_clocks(), began, strict=True))
            took.append(Answer(wall * 1000, cpu * 1000, own * 1000))
            if (sheet := application.activeModalWidget()) is not None:
                sheet.close()
            return
        if time.perf_counter() - began[0] > 20:
            took.append(Answer(-1.0, -1.0, -1.0))
            return
        QTimer.singleShot(_LOOK_MS, look)

    target: QWidget = application.focusWidget() or window
    began = _clocks()
    QTimer.singleShot(0, look)
    QTest.keyClick(target, key, modifier)
    loop = QEventLoop()
    while not took:
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    if took[0].wall < 0:
        raise TimeoutError(key.name)
    return took[0]


def _clocks() -> tuple[float, float, float]:
    return time.perf_counter(), time.process_time(), time.thread_time()


def settle(application: QApplication, window: MainWindow) -> None:
    """Until nothing is under way any more."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        application.processEvents()
        lanes = window._bridge._lanes
        if not window.rooms.work.scanning and not any(lanes.busy(lane) for lane in ("keys", "pool", "scanner")):
            break
        time.sleep(0.002)
    if not window.isActiveWindow():
        window.activateWindow()
    window.banner._passed()
    for _ in range(3):
        application.processEvents()


# -- memory ------------------------------------------------------------------------------------------------------------


def resident_mb() -> float:
    """Memory of this process, in MB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory(application: QApplication, bench: Bench, dossiers: int, pages: int = 12) -> None:
    ids = [many_pages(bench, pages) for _ in range(5)]
    series: list[float] = []
    with window_over(bench) as window:
        counter = window.rooms.counter
        for number in range(dossiers):
            dossier_id = ids[number % len(ids)]
            window.rooms.open(dossier_id)
            live(
                application,
                lambda d=dossier_id: (
                    window.rooms.work.dossier is not None  # type: ignore[misc]
                    and window.rooms.work.dossier.id == d
                ),
            )
            counter.components.setFocus()
            window.rooms.work.jump(3)
            live(application, lambda: len(counter.model.pages) == pages)
            window.do("inspect")
            live(application, lambda: window.rooms.inspector.view.has_page)
            window.do("back")
            window.do("back")
            settle(application, window)
            series.append(resident_mb())
    print(
        "memory after each fifth dossier, MB: " + " ".join(f"{value:.0f}" for value in series[::5]), f"{series[-1]:.0f}"
    )
    half = series[len(series) // 2 :]
    print(f"second half: {min(half):.0f} to {max(half):.0f} MB, {series[-1] - series[len(series) // 2]:+.1f} MB in all")


# -- start -------------------------------------------------------------------------------------------------------------

_CHILD = """
import gc, sys, time
gc.disable()  # as the program does while it starts
from pathlib import Path
from digitizer_desk import assemble, paths
from digitizer_desk.paths import DeskPaths
from digitizer_desk.ui.application import make_application, theme_of
from PySide6.QtCore import QEvent, QObject, QTimer
application = make_application(paths.resources())
place = DeskPaths(Path(sys.argv[1]))
class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            print("painted", time.process_time(), flush=True)
            QTimer.singleShot(0, application.quit)
            application.removeEventFilter(self)
        return False
with assemble.opened(place) as desk:
    from digitizer_desk.lanes import Lanes
    from digitizer_desk.ui.application import _Shown
    theme_of(application, desk)
    lanes = Lanes()
    shown = _Shown(desk, lanes, "")
    first = First()
    application.installEventFilter(first)
    shown.show(desk)
    application.exec()
    shown.window.give_way()
    lanes.close()
"""


def start(folder: Path, starts: int) -> None:
    """From the command to the first thing painted, as a process of its own, over a cabinet that exists."""
    from digitizer_desk import assemble
    from digitizer_desk.paths import DeskPaths
    from digitizer_desk.steps import officers

    place = DeskPaths(folder)
    assemble.set_up(place)
    with assemble.opened(place) as desk:
        officers.first(desk, "an", "Lê Văn An", "mat-khau-dai")
    found, spent = [], []
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    for _ in range(starts + 1):
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(folder)], env=env, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            first, _, cpu = child.stdout.readline().partition(" ")
            if first != "painted":
                raise RuntimeError("the window did not come")
            found.append(time.perf_counter() - began)
            spent.append(float(cpu))
            child.stdout.read()
    print(f"first start {found[0]:.2f} s")
    told("window start, warm: process to first paint", found[1:], "s", START_S)
    told("    processor time", spent[1:], "s", START_S)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="*", default=["arrive", "keys", "memory", "start"])
    parser.add_argument("--pages", type=int, default=300, help="pages that arrive")
    parser.add_argument("--rate", type=float, default=2.0, help="pages a second")
    parser.add_argument("--open", type=int, default=500, help="pages of the dossier in which keys are pressed")
    parser.add_argument("--dossiers", type=int, default=50)
    parser.add_argument("--starts", type=int, default=5)
    wanted = parser.parse_args()
    qInstallMessageHandler(lambda *_: None)  # the offscreen platform has a complaint for each window
    application = make_application(paths.resources(), "light")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIGITIZER_DESK_DATA"] = folder
        with set_up(Path(folder)) as bench:
            print(f"{'':<46} {'median':>8} {'95 %':>8} {'worst':>8}")
            if "arrive" in wanted.what:
                arrive(application, bench, wanted.pages, wanted.rate)
            if "keys" in wanted.what:
                keys(application, bench, wanted.open)
            if "memory" in wanted.what:
                memory(application, bench, wanted.dossiers)
        if "start" in wanted.what:
            start(Path(folder) / "start", wanted.starts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
