# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages a cut left without a place, in the real window over a real cabinet: told, looked at, given a place by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps import scan, tidy
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.paper.recovered import RecoveredDialog
from stand_ins.machines import stack
from steps.conftest import Bench, fresh, one_desk, shared  # noqa: F401 - fixtures
from ui.plain_looks import assert_good_looks

Key = Qt.Key
#: no two pages alike: one whose picture is known is not lost
_seeds = count(1, 10)


def cut_while_scanning(bench: Bench, dossier: Dossier, pages: int) -> None:
    """Scan, with the power going each time between the sealed file and its row."""
    cabinet, component = bench.desk.cabinet, dossier.components[0]
    with pytest.MonkeyPatch.context() as power:
        power.setattr(cabinet.pages, "_new_page", lambda *_: (_ for _ in ()).throw(OSError("cut")))
        for page in stack(pages, start=next(_seeds)):
            bench.scanner.tray = [page]
            with pytest.raises(OSError, match="cut"):
                scan.scan(bench.desk, dossier.id, component.id, bench.officer, lambda _e: None, lambda: False)


@pytest.fixture
def window(qtbot: QtBot, shared: Bench) -> Iterator[Callable[[], MainWindow]]:  # noqa: F811
    """Opens the window, an officer logged in, when the test has made its trouble."""
    make_application(paths.resources(), "light")
    lanes = Lanes()
    opened: list[tuple[MainWindow, Bridge]] = []

    def open_window() -> MainWindow:
        bridge = Bridge(lanes)
        made = MainWindow(shared.desk, bridge, officer=shared.officer)
        made.resize(1366, 728)
        made.show()
        opened.append((made, bridge))
        return made

    yield open_window
    for made, bridge in opened:
        made.watch.stop()
        bridge.close()
        made.deleteLater()
    lanes.close()
    for stray in tidy.strays(shared.desk):
        tidy.put_aside(shared.desk, stray, shared.officer)


def in_the_sheet(qtbot: QtBot, window: MainWindow, use: Callable[[RecoveredDialog], None]) -> None:
    """Ctrl+Shift+T, then what a clerk does there; the sheet must end by itself or by Esc."""
    used: list[BaseException | None] = []

    def look() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, RecoveredDialog) and not used:
            timer.stop()
            used.append(None)
            try:
                use(sheet)
            except BaseException as problem:
                used[0] = problem
                sheet.reject()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(used) and QApplication.activeModalWidget() is None, timeout=15_000)
    if used[0] is not None:
        raise used[0]


def answer(word: str) -> None:
    """Press the button of the next question that says this."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            next(button for button in box.buttons() if button.text() == word).click()
        else:
            QTimer.singleShot(20, press)

    QTimer.singleShot(20, press)


def key(widget: QWidget, pressed: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, pressed, modifier)


def test_the_banner_tells_of_them_and_enter_puts_all_back(
    qtbot: QtBot,
    window: Callable[[], MainWindow],
    shared: Bench,  # noqa: F811
) -> None:
    dossier = fresh(shared)
    cut_while_scanning(shared, dossier, 2)
    made = window()
    qtbot.waitUntil(lambda: made.banner.shown is not None, timeout=10_000)
    assert made.banner.shown.text.startswith("Đã khôi phục 2 trang quét lúc 09:")
    assert made.banner.shown.act == "recovered"
    assert made.banner.shown.role == "mind"

    def use(sheet: RecoveredDialog) -> None:
        assert sheet.list.count() == 2
        assert dossier.code in sheet.list.item(0).text()
        qtbot.waitUntil(lambda: not sheet.paper.pixmap().isNull(), timeout=10_000)
        assert_good_looks(sheet)
        key(sheet.list, Key.Key_Return)

    in_the_sheet(qtbot, made, use)
    work = made.rooms.work
    qtbot.waitUntil(lambda: work.dossier is not None and work.dossier.id == dossier.id, timeout=10_000)
    part = work.dossier.components[0]
    assert made.rooms.counter.current == part.id
    assert len(part.pages) == 2
    assert all(page.measures is not None for page in part.pages), "what a cut left unmeasured is measured when opened"
    assert tidy.recovered(shared.desk) == ()
    qtbot.waitUntil(lambda: "khôi phục" not in (made.banner.shown.text if made.banner.shown else ""), timeout=10_000)


def test_a_page_left_out_is_asked_for_once_and_stays_in_reach(
    qtbot: QtBot,
    window: Callable[[], MainWindow],
    shared: Bench,  # noqa: F811
) -> None:
    dossier = fresh(shared)
    cut_while_scanning(shared, dossier, 1)
    made = window()
    qtbot.waitUntil(lambda: bool(made.rooms.recovered.strays), timeout=10_000)
    (stray,) = made.rooms.recovered.strays

    def keep(sheet: RecoveredDialog) -> None:
        answer("Giữ lại")
        key(sheet.list, Key.Key_Delete)
        assert len(tidy.recovered(shared.desk)) == 1
        key(sheet, Key.Key_Escape)

    in_the_sheet(qtbot, made, keep)

    def leave_out(sheet: RecoveredDialog) -> None:
        answer("Bỏ trang")
        key(sheet.list, Key.Key_Delete)
        qtbot.waitUntil(lambda: not sheet.isVisible(), timeout=10_000)

    in_the_sheet(qtbot, made, leave_out)
    assert tidy.recovered(shared.desk) == ()
    (gone,) = shared.desk.cabinet.pages.removed(dossier.id)
    assert gone.page.sha256 == stray.page.sha256
    shared.desk.cabinet.pages.put_back(gone.page.id, shared.officer)
    assert len(shared.desk.cabinet.dossiers.load(dossier.id).components[0].pages) == 1


def test_one_page_goes_into_the_part_that_lies_open(
    qtbot: QtBot,
    window: Callable[[], MainWindow],
    shared: Bench,  # noqa: F811
) -> None:
    dossier, other = fresh(shared), fresh(shared)
    cut_while_scanning(shared, dossier, 2)
    made = window()
    made.rooms.open(other.id)
    qtbot.waitUntil(lambda: made.rooms.work.dossier is not None and bool(made.rooms.recovered.strays), timeout=10_000)

    def use(sheet: RecoveredDialog) -> None:
        assert sheet.here.isVisible()
        key(sheet.list, Key.Key_Down)
        key(sheet.list, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: sheet.list.count() == 1, timeout=10_000)
        key(sheet.list, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)

    in_the_sheet(qtbot, made, use)
    load = shared.desk.cabinet.dossiers.load
    assert [len(load(d.id).components[0].pages) for d in (dossier, other)] == [1, 1]


def test_nothing_without_a_place_is_said_and_opens_no_sheet(qtbot: QtBot, window: Callable[[], MainWindow]) -> None:
    made = window()
    made.do("recovered")
    assert QApplication.activeModalWidget() is None
    assert made.banner.shown.text == "Không có trang nào chờ xếp vào hồ sơ."
