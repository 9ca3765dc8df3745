# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The whole window over a real cabinet: a supervisor judges a day by keys, the clerk finds what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.dossier.review import Verdict
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps import officers
from digitizer_desk.steps.review import judging
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.review.returned import ReturnedSheet
from digitizer_desk.ui.screens.review.verdict import VerdictDialog
from gallery.papers import page, pixels
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from steps.reviewed import MORNING, sign_again, with_tables
from store.samples import FAULT, MEASURES, new_page


@pytest.fixture
def boss(bench: Bench) -> Officer:  # noqa: F811
    return officers.add(
        bench.desk, "hung", "Phạm Quốc Hùng", "mat-khau-dai", frozenset({Role.SUPERVISOR}), bench.officer
    )


@pytest.fixture
def signed(bench: Bench) -> str:  # noqa: F811
    """A signed paper of two pages; the machine finds the first one blurred."""
    dossier = bench.received()
    part, cabinet = dossier.components[0].id, bench.desk.cabinet
    for number in (1, 2):
        small = encode_master(pixels(page(number))[::2, ::2].copy(), (75.0, 75.0))
        facts = new_page(width=620, height=877, dpi=(75.0, 75.0), scanned_at=MORNING)
        kept = cabinet.pages.keep(part, small, facts, bench.officer)
        cabinet.pages.set_measures(kept.id, MEASURES, [FAULT] if number == 1 else [])
    sign_again(bench, dossier, MORNING - timedelta(days=1))
    return dossier.id


@pytest.fixture
def window(qtbot: QtBot, bench: Bench, signed: str, boss: Officer) -> Iterator[MainWindow]:  # noqa: F811
    make_application(paths.resources(), "light")
    lanes = Lanes()
    bridge = Bridge(lanes)
    shown = MainWindow(with_tables(bench), bridge)
    shown.resize(1366, 728)
    shown.show()
    yield shown
    shown.watch.stop()
    bridge.close()
    lanes.close()
    shown.deleteLater()


def enter(qtbot: QtBot, window: MainWindow, login: str) -> None:
    window._log_in(login, "mat-khau-dai")
    qtbot.waitUntil(lambda: window.officer is not None and window.officer.login == login, timeout=10_000)


def with_dialog(qtbot: QtBot, act: Callable[[], None], use: Callable[[QDialog], None]) -> None:
    """Do something that opens a dialog, use it, and wait until it is gone."""
    used: list[bool] = []

    def look() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, QDialog) and not used:
            used.append(True)
            timer.stop()
            use(sheet)

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    act()
    qtbot.waitUntil(lambda: bool(used) and QApplication.activeModalWidget() is None, timeout=15_000)


def open_overview(qtbot: QtBot, window: MainWindow, rows: int = 1) -> None:
    window.do("review")
    overview = window.review.overview
    qtbot.waitUntil(lambda: overview.state is not None and overview.lots.count() == rows, timeout=10_000)
    assert window.rooms.place is Place.REVIEW


def judge(qtbot: QtBot, window: MainWindow, key: Qt.Key, seen: int) -> None:
    screen = window.review.judging
    qtbot.waitUntil(lambda: screen.view.has_page, timeout=10_000)
    QTest.keyClick(screen.view, key)
    qtbot.waitUntil(lambda: screen.bar.value() == seen, timeout=10_000)


def test_a_supervisor_judges_a_day_and_the_clerk_finds_what_came_back(
    qtbot: QtBot,
    window: MainWindow,
    bench: Bench,  # noqa: F811
    signed: str,
) -> None:
    """Ctrl+Shift+C, Enter, a key a page, Backspace, Enter, Enter: five acts and one for each page."""
    enter(qtbot, window, "hung")
    open_overview(qtbot, window)
    QTest.keyClick(window.review.overview.lots, Qt.Key.Key_Return)
    screen = window.review.judging
    qtbot.waitUntil(lambda: window.screens.currentWidget() is screen, timeout=10_000)
    judge(qtbot, window, Qt.Key.Key_1, 1)
    QTest.keyClick(screen.view, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: screen.bar.value() == 0, timeout=10_000)

    window.do("back")  # to the overview, and back to the same page: nothing is lost
    qtbot.waitUntil(lambda: window.review.overview.lots.item(0).text().endswith("đang duyệt 0/2"), timeout=10_000)
    QTest.keyClick(window.review.overview.lots, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.screens.currentWidget() is screen, timeout=10_000)
    judge(qtbot, window, Qt.Key.Key_1, 1)
    judge(qtbot, window, Qt.Key.Key_Space, 2)

    def conclude(sheet: QDialog) -> None:
        assert isinstance(sheet, VerdictDialog)
        QTest.keyClick(sheet, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not sheet.give.isVisible(), timeout=10_000)
        QTest.keyClick(sheet, Qt.Key.Key_Return)

    with_dialog(qtbot, lambda: QTest.keyClick(screen.view, Qt.Key.Key_Return), conclude)
    (lot,) = bench.desk.cabinet.lots.all()
    assert lot.verdict is Verdict.REFUSED
    qtbot.waitUntil(lambda: window.screens.currentWidget() is window.review.overview, timeout=10_000)

    window.lock()
    window._locked = False
    enter(qtbot, window, "an")
    window.rooms.go_start()
    start = window.rooms.start
    qtbot.waitUntil(start.returned.isVisible, timeout=10_000)
    assert start.returned.text() == "Ctrl+Shift+N  CẦN QUÉT LẠI — Người duyệt trả lại 1 trang trong 1 hồ sơ."
    assert window.banner.shown is not None
    assert window.banner.shown.act == "returned"

    (back,) = judging.returned(bench.desk)

    def open_it(sheet: QDialog) -> None:
        assert isinstance(sheet, ReturnedSheet)
        QTest.keyClick(sheet.list, Qt.Key.Key_Return)

    with_dialog(qtbot, lambda: window.do("returned"), open_it)
    qtbot.waitUntil(lambda: window.rooms.counter.selected_id() == back.page.page_id, timeout=10_000)
    assert window.rooms.work.dossier is not None
    assert window.rooms.work.dossier.id == signed
    assert any("Người duyệt trả lại: " in notice.text for notice in window.review.notices())

    def answer(sheet: QDialog) -> None:
        assert isinstance(sheet, ReturnedSheet)
        sheet.note.setText("giấy gốc nhòe")
        sheet.leave.click()

    with_dialog(qtbot, lambda: window.do("returned"), answer)
    qtbot.waitUntil(lambda: not window.review.notices(), timeout=10_000)
    assert judging.returned(bench.desk) == ()


def test_a_clerk_may_look_but_not_make_a_lot(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    enter(qtbot, window, "an")
    open_overview(qtbot, window)
    QTest.keyClick(window.review.overview.lots, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: window.banner.shown is not None and "người duyệt" in window.banner.shown.text, timeout=10_000
    )
    assert bench.desk.cabinet.lots.all() == ()
    window.do("back")
    assert window.rooms.at_start


def test_without_tables_the_window_says_so(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    window.review._desk = replace(window.review._desk, sampling=bench.desk.sampling)
    enter(qtbot, window, "hung")
    window.do("review")
    qtbot.waitUntil(lambda: window.banner.shown is not None and "sampling" in window.banner.shown.text, timeout=10_000)
