# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How quick keys are beside the counter: soi trang over 500 pages, the outbox with 2,000 parcels, the find window over
20,000 dossiers.

    python tests/bench/bench_screens.py [inspector|outbox|find] [--pages 500] [--parcels 2000] [--dossiers 20000]

Real window, real cabinet, offscreen; each key from its press until its answer is there and was painted, as
``bench_counter.py`` does it. Limit: 100 ms.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

from bench_counter import Answer, Painted, many_pages, press, settle, tell_keys, window_over  # noqa: E402
from bench_outbox import _lay_down  # noqa: E402
from bench_window import live  # noqa: E402
from PySide6.QtCore import Qt, qInstallMessageHandler  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from digitizer_desk import paths  # noqa: E402
from digitizer_desk.store.dossiers import _row, row_of_component  # noqa: E402
from digitizer_desk.store.sql.schema import components, dossiers  # noqa: E402
from digitizer_desk.ui.application import make_application  # noqa: E402
from digitizer_desk.ui.main_window import MainWindow  # noqa: E402
from digitizer_desk.ui.screens.find import FindDialog  # noqa: E402
from steps.conftest import Bench, set_up  # noqa: E402
from store.samples import make_dossier  # noqa: E402

Key, Modifier = Qt.Key, Qt.KeyboardModifier
_PLAIN = Modifier.NoModifier
_ROUNDS = 7
Begin = Callable[[], Callable[[], bool]]
Plan = tuple[tuple[str, Qt.Key, Qt.KeyboardModifier, Begin], ...]


def changed(what: Callable[[], object]) -> Begin:
    def begin() -> Callable[[], bool]:
        before = what()
        return lambda: what() != before

    return begin


def play(application: QApplication, window: MainWindow, plan: Plan, title: str) -> None:
    painted = Painted(window)
    found: dict[str, list[Answer]] = {name: [] for name, *_ in plan}
    for _ in range(_ROUNDS):
        for name, key, modifier, begin in plan:
            settle(application, window)
            found[name].append(press(application, window, painted, key, modifier, begin()))
    settle(application, window)
    print(title)
    tell_keys(found)


def inspector(application: QApplication, bench: Bench, pages: int) -> None:
    dossier_id = many_pages(bench, pages)
    part = bench.desk.cabinet.dossiers.load(dossier_id).components[2].id
    with window_over(bench) as window:
        counter, screen = window.rooms.counter, window.rooms.inspector
        window.rooms.open(dossier_id, part)
        live(application, lambda: len(counter.model.pages) == pages, 300)
        counter.select(counter.model.pages[pages // 2].id)
        window.do("inspect")
        live(application, lambda: screen.view.has_page)
        screen.strip.setFocus()
        row, zoom = screen.strip.currentRow, lambda: screen.view.scale_factor
        here = lambda: screen.view.has_page  # noqa: E731

        def shown(what: Callable[[], object]) -> Begin:
            def begin() -> Callable[[], bool]:
                before = what()
                return lambda: what() != before and here()

            return begin

        plan: Plan = (
            ("↓ trang sau", Key.Key_Down, _PLAIN, shown(row)),
            ("↑ trang trước", Key.Key_Up, _PLAIN, shown(row)),
            ("End trang cuối", Key.Key_End, _PLAIN, shown(row)),
            ("Home trang đầu", Key.Key_Home, _PLAIN, shown(row)),
            ("+ phóng to", Key.Key_Plus, _PLAIN, changed(zoom)),
            ("− thu nhỏ", Key.Key_Minus, _PLAIN, changed(zoom)),
            ("Z vừa trang hay 100 %", Key.Key_Z, _PLAIN, changed(zoom)),
            ("Ctrl+R xoay trang", Key.Key_R, Modifier.ControlModifier, changed(lambda: counter.model.pages)),
        )
        play(application, window, plan, f"soi trang, {pages} pages")


def outbox(application: QApplication, bench: Bench, parcels: int) -> None:
    _lay_down(bench.desk, parcels)
    bench.province.online = False
    with window_over(bench) as window:
        screen = window.rooms.outbox
        window.do("outbox")
        live(application, lambda: screen.model.rowCount() >= parcels)
        screen.table.setFocus()
        screen.table.selectRow(0)
        row = lambda: screen.table.currentIndex().row()  # noqa: E731
        plan: Plan = (
            ("↓ gói sau", Key.Key_Down, _PLAIN, changed(row)),
            ("End gói cuối", Key.Key_End, Modifier.ControlModifier, changed(row)),
            ("Home gói đầu", Key.Key_Home, Modifier.ControlModifier, changed(row)),
        )
        play(application, window, plan, f"hàng chờ gửi, {parcels} parcels")


def find(application: QApplication, bench: Bench, many: int) -> None:
    with bench.desk.cabinet.database.writing() as connection:
        for start in range(0, many, 1000):
            made = [make_dossier(number, 1) for number in range(5000 + start, 5000 + start + min(1000, many - start))]
            rows = [{"number": 50_000 + start + at, **_row(one)} for at, one in enumerate(made)]
            parts = [{"dossier_id": one.id, **row_of_component(one.components[0])} for one in made]
            connection.execute(insert(dossiers), rows)
            connection.execute(insert(components), parts)
    with window_over(bench) as window:
        rooms = window.rooms
        sheet = FindDialog(rooms._reception._look_up, window._bridge.run, window)
        sheet.show()
        sheet.activateWindow()
        live(application, lambda: bool(sheet._lines))
        sheet.box.setFocus()
        words = "ho so 5999"  # typed letter by letter; every letter is an answer of its own
        found: dict[str, list[Answer]] = {"một chữ nữa": [], "↓ dòng sau": []}
        painted = Painted(sheet)
        for _ in range(2):
            sheet.box.clear()
            live(application, lambda: not sheet._pending)
            for letter in words:
                key = Key.Key_Space if letter == " " else Key(ord(letter.upper()))
                asked = sheet._asked
                answered = lambda asked=asked: sheet._asked > asked and not sheet._pending  # noqa: E731
                found["một chữ nữa"].append(press(application, sheet, painted, key, _PLAIN, answered))
            for _ in range(5):
                begin = changed(sheet.table.currentRow)
                sheet.table.selectRow(0) if len(sheet._lines) > 1 else None
                if len(sheet._lines) > 1:
                    found["↓ dòng sau"].append(press(application, sheet, painted, Key.Key_Down, _PLAIN, begin()))
            sheet.box.clear()
            live(application, lambda: not sheet._pending)
            sheet.table.selectRow(0)
            found["↓ dòng sau"].append(
                press(application, sheet, painted, Key.Key_Down, _PLAIN, changed(sheet.table.currentRow)())
            )
        print(f"tìm hồ sơ, {many} dossiers (a letter waits for the next one first, as a hand types)")
        tell_keys(found)
        sheet.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="*", default=["inspector", "outbox", "find"])
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--parcels", type=int, default=2000)
    parser.add_argument("--dossiers", type=int, default=20_000)
    wanted = parser.parse_args()
    qInstallMessageHandler(lambda *_: None)  # the offscreen platform has a complaint for each window
    application = make_application(paths.resources(), "light")
    print(f"{'':<46} {'median':>8} {'95 %':>8} {'worst':>8}")
    for name, act, count in (
        ("inspector", inspector, wanted.pages),
        ("outbox", outbox, wanted.parcels),
        ("find", find, wanted.dossiers),
    ):
        if name not in wanted.what:
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.environ["DIGITIZER_DESK_DATA"] = folder
            with set_up(Path(folder)) as bench:
                act(application, replace(bench), count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
