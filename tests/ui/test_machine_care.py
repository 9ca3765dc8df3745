# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The hint that a scanner wants cleaning: polite, with its evidence, put off for the day, never in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from digitizer_desk.dossier.finding import Colour, DpiSource, PageMeasures, Region
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.rules.watch import MachineHint, Trouble
from digitizer_desk.steps import check
from digitizer_desk.store.pages import NewPage
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.paper.machine_sheet import MachineSheet, streak_frames
from gallery.papers import page
from stand_ins.machines import stack
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from ui.test_main_window import _log_in, _with_dialog, window  # noqa: F401 - the fixture

STREAK = Region(0.6, 0.0, 0.602, 1.0)
CLEAN = PageMeasures(
    413, 585, (50.0, 50.0), DpiSource.PAPER, Colour.COLOUR, 0.8, 0.1, False, 0, (), (), 0.98, False, False, 0.05
)  # fmt: skip
DIRTY = replace(CLEAN, streaks=(STREAK, Region(0.1, 0.0, 0.101, 1.0)))


def scanned(bench: Bench, *measures: PageMeasures) -> None:  # noqa: F811
    """Pages one after another from one machine, as they would be kept by batches."""
    component = bench.received(f"000.00.12.H08-261121-{4000 + len(measures)}").components[0].id
    for number, found in enumerate(measures):
        facts = NewPage(413, 585, (50, 50), (210, 297), bench.clock(), "máy A", batch="lô")
        sheet = np.full((585, 413, 3), 250 - number, np.uint8)
        page = bench.desk.cabinet.pages.keep(component, encode_master(sheet, 50), facts, bench.officer)
        bench.desk.cabinet.pages.set_measures(page.id, found, ())


def test_the_last_machine_is_asked_and_put_off_until_tomorrow(bench: Bench) -> None:  # noqa: F811
    assert check.hints_today(bench.desk) == ()
    scanned(bench, DIRTY, DIRTY, DIRTY)
    hints = check.hints_today(bench.desk)
    assert {hint.trouble for hint in hints} == {Trouble.STREAK}
    pages = check.hint_pages(bench.desk, hints[0])
    assert len(pages) == 3
    check.put_off_hint(bench.desk, hints[0], bench.officer)
    assert check.hints_today(bench.desk) == ()
    bench.clock.forward(hours=24)
    assert check.hints_today(bench.desk) == hints


def test_only_the_streak_the_hint_is_about_is_framed(bench: Bench) -> None:  # noqa: F811
    scanned(bench, DIRTY, DIRTY, DIRTY)
    hint = next(h for h in check.hints_today(bench.desk) if h.region is not None and h.region.left > 0.5)
    (page, *_) = check.hint_pages(bench.desk, hint)
    (frame,) = streak_frames(page, hint)
    assert frame.region.left < STREAK.left < STREAK.right < frame.region.right
    assert streak_frames(replace(page, measures=None), hint) == ()


def test_the_hint_stands_behind_the_work_and_opens_its_pages(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
) -> None:
    scanned(bench, DIRTY, DIRTY, DIRTY)
    _log_in(qtbot, window)
    machine = window.rooms.machine
    qtbot.waitUntil(lambda: len(machine.hints) == 2, timeout=10_000)
    qtbot.waitUntil(lambda: "nên lau máy" in window.strip.words("scanner"), timeout=10_000)
    assert window.banner.shown is not None
    assert window.banner.shown.role == "idle"
    assert "Lau mặt kính" in window.banner.shown.text
    seen: list[int] = []

    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, MachineSheet)
        qtbot.waitUntil(lambda: sheet.view.has_page, timeout=10_000)
        seen.append(sheet.model.rowCount())
        sheet._put_off()

    _with_dialog(qtbot, window, "machine", use)
    assert seen == [3]
    # both streaks are one trouble of one machine: nothing more of it today
    qtbot.waitUntil(lambda: machine.hints == (), timeout=10_000)
    qtbot.waitUntil(lambda: "nên lau máy" not in window.strip.words("scanner"), timeout=10_000)
    window.do("machine")
    assert window.banner.shown is not None
    assert "không cho thấy máy quét bẩn" in window.banner.shown.text


def test_a_batch_that_shows_dirt_is_followed_by_the_hint(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
) -> None:
    _log_in(qtbot, window)
    dossier = bench.received()
    window.rooms.open(dossier.id, dossier.components[0].id)
    qtbot.waitUntil(lambda: window.rooms.work.dossier is not None, timeout=10_000)
    assert window.rooms.machine.hints == ()
    bench.scanner.tray = list(stack(4, start=90))
    window.do("scan")
    qtbot.waitUntil(lambda: window.rooms.work.scanning)
    qtbot.waitUntil(lambda: not window.rooms.work.scanning, timeout=20_000)
    pages = bench.desk.cabinet.dossiers.load(dossier.id).components[0].pages
    assert len(pages) == 4
    for kept in pages:
        assert kept.measures is not None
        bench.desk.cabinet.pages.set_measures(kept.id, replace(kept.measures, streaks=(STREAK,)), ())
    bench.scanner.tray = list(stack(1, start=99))
    window.do("scan")
    qtbot.waitUntil(lambda: bool(window.rooms.machine.hints), timeout=20_000)


def test_a_sheet_closed_while_its_pictures_are_made_is_left_alone(qtbot: QtBot) -> None:
    """Pictures that come late find neither sheet nor model; nothing is raised into the window."""
    late: list[Callable[[], None]] = []

    def run(_lane: str, step: Any, *args: Any, on_done: Any = None, **_: Any) -> None:
        late.append(lambda: on_done(Done(step(*args))))

    class Done:
        def __init__(self, value: Any) -> None:
            self._value = value

        def result(self) -> Any:
            return self._value

    dirty = page(1, measures=DIRTY)
    hint = MachineHint(Trouble.STREAK, "máy A", ("p1",), "", STREAK)
    picture = np.full((40, 30, 3), 250, np.uint8)
    sheet = MachineSheet([(hint, [dirty])], run, lambda _page: picture, lambda _page, _side: picture)  # type: ignore[arg-type]
    sheet.show()
    qtbot.waitUntil(lambda: len(late) >= 2)  # the page, and its thumbnail
    delete(sheet)
    for come in late:
        come()
