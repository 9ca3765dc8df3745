# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Paper by keys alone: work types, waiting, pages beside others, stacks turned by hand, the second count."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QKeyCombination, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from digitizer_desk.devices.scanner import Source, Standing
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.paper.taken_out import TakenOut
from digitizer_desk.ui.screens.paper.work_types import WorkTypeSheet
from stand_ins.machines import paper
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from ui.plain_looks import assert_good_looks
from ui.test_main_window import _log_in, window  # noqa: F401 - the fixture

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def at_counter(qtbot: QtBot, window: MainWindow, bench: Bench) -> MainWindow:  # noqa: F811
    """A dossier just received lies on the counter."""
    _log_in(qtbot, window)
    window.rooms.open(bench.received().id)
    qtbot.waitUntil(lambda: bool(window.rooms.counter.lines), timeout=10_000)
    qtbot.waitUntil(lambda: "Ctrl+T" in window.rooms.counter.work_line.work.text(), timeout=10_000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5_000)
    return window


def _press(window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:  # noqa: F811
    """Through the window's own shortcut for this key; a screen without a window manager loses keys behind dialogs."""
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    wanted = QKeySequence(QKeyCombination(held, key))
    (shortcut,) = [s for s in window.findChildren(QShortcut) if s.key() == wanted and s.isEnabled()]
    shortcut.activated.emit()


def _lay(bench: Bench, *seeds: int) -> None:  # noqa: F811
    bench.scanner.tray = [paper(dpi=40, seed=seed) for seed in seeds]


def _scan(qtbot: QtBot, window: MainWindow, bench: Bench, *seeds: int, key: Qt.Key = Key.Key_F4) -> None:  # noqa: F811
    before = len(bench.scanner.jobs)
    _lay(bench, *seeds)
    _press(window, key)
    work = window.rooms.work
    qtbot.waitUntil(lambda: len(bench.scanner.jobs) > before and not work.scanning, timeout=20_000)


def _answer(qtbot: QtBot, press: Callable[[], None], use: Callable[[QDialog], None]) -> None:
    used: list[bool] = []

    def look() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, QDialog) and not used:
            used.append(True)
            timer.stop()
            try:
                use(sheet)
            finally:
                if sheet.isVisible():
                    sheet.reject()

    timer = QTimer(interval=30)
    timer.timeout.connect(look)
    timer.start()
    press()
    qtbot.waitUntil(lambda: bool(used) and QApplication.activeModalWidget() is None, timeout=15_000)


def _ids(window: MainWindow) -> list[str]:  # noqa: F811
    return [page.id for page in window.rooms.counter.model.pages]


def test_without_proof_a_number_is_typed_and_a_blind_enter_does_nothing(
    qtbot: QtBot,
    at_counter: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    counter, work = at_counter.rooms.counter, at_counter.rooms.work
    bench.scanner.proofs = lambda _pages: ()
    _scan(qtbot, at_counter, bench, 1, 2)
    assert counter.sides.value() == 0, "nothing is proposed: the paper is to be counted"
    assert counter.sides_label.text() == "Đếm lại giấy:"
    assert counter.sides.hasFocus()
    filled = [button.text() for button in at_counter.keys.buttons.values() if button._next_act]
    assert (at_counter.rooms.next_act()[0], filled) == ("", []), "F4 would scan the same paper again"
    QTest.keyClick(counter.sides, Key.Key_Return)
    assert counter.component is not None
    assert counter.component.recount is None
    first = counter.current
    QTest.keyClicks(counter.sides, "2")
    QTest.keyClick(counter.sides, Key.Key_Return)
    qtbot.waitUntil(lambda: work.dossier.component(first).recount is not None, timeout=10_000)  # type: ignore[union-attr]
    recount = work.dossier.component(first).recount  # type: ignore[union-attr]
    assert recount is not None
    assert recount.sides == 2
    assert at_counter.rooms.next_act()[0]


def test_numbers_that_contradict_each_other_are_said_in_the_banner(
    qtbot: QtBot,
    at_counter: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    from digitizer_desk.devices.scanner import CountProof, ProofKind

    bench.scanner.proofs = lambda pages: (CountProof(ProofKind.DEVICE_COUNTER, pages + 1),)
    _scan(qtbot, at_counter, bench, 1)
    said = [notice.text for notice in at_counter.rooms.work.notices()]
    assert any("Đã giữ 1" in text and "máy quét đếm 2" in text for text in said)
    assert "không khớp" in at_counter.rooms.counter.work_line.count.text()


def test_a_work_type_is_chosen_by_its_digit_and_remembered(
    qtbot: QtBot,
    at_counter: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    def choose(sheet: QDialog) -> None:
        assert isinstance(sheet, WorkTypeSheet)
        assert_good_looks(sheet)
        QTest.keyClick(sheet.list, Key.Key_4)

    _answer(qtbot, lambda: _press(at_counter, Key.Key_T, CTRL), choose)
    line = at_counter.rooms.counter.work_line
    assert "Kết quả TTHC" in line.work.text()
    _scan(qtbot, at_counter, bench, 1)
    assert bench.scanner.jobs[-1].settings.overscan
    dossier = at_counter.rooms.work.dossier
    assert dossier is not None
    first = dossier.components[0]
    qtbot.waitUntil(
        lambda: bench.desk.cabinet.settings.get(f"work_type:{first.paper_type}") == "ket-qua", timeout=10_000
    )


def test_a_change_for_once_is_shown_and_gone_after_one_batch(
    qtbot: QtBot,
    at_counter: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    def change(sheet: QDialog) -> None:
        assert isinstance(sheet, WorkTypeSheet)
        sheet.dpi.setFocus()
        QTest.keyClick(sheet.dpi, Key.Key_End)
        QTest.keyClick(sheet, Key.Key_Return)

    line = at_counter.rooms.counter.work_line
    _answer(qtbot, lambda: _press(at_counter, Key.Key_T, CTRL), change)
    assert "chỉ lần này: 600 dpi" in line.work.text()
    _scan(qtbot, at_counter, bench, 1)
    assert bench.scanner.jobs[-1].settings.dpi == 600
    assert "chỉ lần này" not in line.work.text()
    at_counter.rooms.work.jump(1)
    _scan(qtbot, at_counter, bench, 2)
    assert bench.scanner.jobs[-1].settings.dpi == 200


def test_pages_are_put_behind_and_in_front_of_the_selected_one(
    qtbot: QtBot,
    at_counter: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    _scan(qtbot, at_counter, bench, 1, 2, 3)
    counter = at_counter.rooms.counter
    first, second, third = _ids(at_counter)
    counter.take_focus()
    counter.select(first)
    _scan(qtbot, at_counter, bench, 4, key=Key.Key_Insert)
    assert [i if i in (first, second, third) else "new" for i in _ids(at_counter)] == [first, "new", second, third]
    counter.take_focus()
    counter.select(first)
    before = len(bench.scanner.jobs)
    _lay(bench, 5, 6)
    _press(at_counter, Key.Key_Insert, SHIFT)
    work = at_counter.rooms.work
    qtbot.waitUntil(lambda: len(bench.scanner.jobs) > before and not work.scanning, timeout=20_000)
    assert _ids(at_counter).index(first) == 2


def test_a_page_taken_out_comes_back_by_two_keys(qtbot: QtBot, at_counter: MainWindow, bench: Bench) -> None:  # noqa: F811
    _scan(qtbot, at_counter, bench, 1, 2)
    counter = at_counter.rooms.counter
    first, second = _ids(at_counter)
    counter.take_focus()
    counter.select(first)
    _press(at_counter, Key.Key_Delete)
    qtbot.waitUntil(lambda: _ids(at_counter) == [second], timeout=10_000)

    def take_back(sheet: QDialog) -> None:
        assert isinstance(sheet, TakenOut)
        assert_good_looks(sheet)
        assert sheet.model.rowCount() == 1
        QTest.keyClick(sheet.list, Key.Key_Return)

    counter.take_focus()
    _answer(qtbot, lambda: _press(at_counter, Key.Key_Delete, CTRL), take_back)
    qtbot.waitUntil(lambda: _ids(at_counter) == [second, first], timeout=10_000)
    _press(at_counter, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: _ids(at_counter) == [second], timeout=10_000)


def test_paper_laid_in_the_feeder_starts_the_batch(qtbot: QtBot, at_counter: MainWindow, bench: Bench) -> None:  # noqa: F811
    work = at_counter.rooms.work
    _press(at_counter, Key.Key_F4, SHIFT)
    qtbot.waitUntil(lambda: work.paper.waiting, timeout=5_000)
    assert "Chờ giấy cho" in work.notices()[0].text
    _lay(bench, 1, 2)
    qtbot.waitUntil(lambda: bool(bench.scanner.jobs) and not work.scanning, timeout=20_000)
    assert work.dossier is not None
    assert len(work.dossier.components[0].pages) == 2
    qtbot.waitUntil(lambda: work.paper.waiting, timeout=5_000)
    _press(at_counter, Key.Key_Escape)
    qtbot.waitUntil(lambda: not work.paper.waiting, timeout=10_000)
    assert not any("Chờ giấy" in notice.text for notice in work.notices())
    assert not at_counter.rooms.at_start, "Esc ends the waiting and leaves the dossier where it is"


def test_where_there_is_no_sensor_it_is_told_why(qtbot: QtBot, at_counter: MainWindow, bench: Bench) -> None:  # noqa: F811
    bench.scanner.standing = Standing()
    work = at_counter.rooms.work
    _press(at_counter, Key.Key_F4, SHIFT)
    qtbot.waitUntil(lambda: work.paper.device_notice is not None, timeout=10_000)
    assert work.paper.device_notice is not None
    assert "Chờ giấy" in work.paper.device_notice.text
    assert not work.paper.waiting
    assert not bench.scanner.jobs


def test_f4_while_waiting_scans_at_once(qtbot: QtBot, at_counter: MainWindow, bench: Bench) -> None:  # noqa: F811
    bench.scanner.standing = Standing(paper=False)
    work = at_counter.rooms.work
    _press(at_counter, Key.Key_F4, SHIFT)
    qtbot.waitUntil(lambda: work.paper.waiting, timeout=5_000)
    _scan(qtbot, at_counter, bench, 1)
    assert work.dossier is not None
    assert len(work.dossier.components[0].pages) == 1


def test_a_scanner_that_sees_one_side_is_fed_twice_and_the_sides_are_joined(
    qtbot: QtBot,
    at_counter: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    def by_hand(sheet: QDialog) -> None:
        assert isinstance(sheet, WorkTypeSheet)
        QTest.keyClick(sheet.list, Key.Key_6)

    counter, work = at_counter.rooms.counter, at_counter.rooms.work
    bench.scanner.sources = (Source.FLATBED, Source.FEEDER)
    _answer(qtbot, lambda: _press(at_counter, Key.Key_T, CTRL), by_hand)
    _scan(qtbot, at_counter, bench, 1, 2)
    fronts = _ids(at_counter)
    assert counter.turn_card.isVisible()
    assert "2 mặt trước" in counter.turn_card.heading.text()
    assert "F4" in counter.turn_card.steps.text()
    assert any("chưa có mặt sau" in notice.text and notice.act == "scan" for notice in work.notices())
    first = counter.current
    _scan(qtbot, at_counter, bench, 4, 3)
    assert work.dossier is not None
    joined = [page.id for page in work.dossier.component(first).pages]
    assert [joined[0], joined[2]] == fronts
    assert not counter.turn_card.isVisible()
    work.choose(first)
    _press(at_counter, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: _ids(at_counter)[:2] == fronts, timeout=10_000)
    _press(at_counter, Key.Key_J, CTRL)
    qtbot.waitUntil(lambda: _ids(at_counter) == joined, timeout=10_000)
