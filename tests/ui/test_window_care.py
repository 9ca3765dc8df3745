# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the window must never do: replace the wrong page, lose what was typed, show a dossier behind the lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from digitizer_desk.devices.scanner import ScanEvent, ScanJob
from digitizer_desk.dossier.model import Applicant, Channel
from digitizer_desk.errors import error
from digitizer_desk.steps import receive
from digitizer_desk.ui import theme
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.paper_work import with_page
from digitizer_desk.ui.screens.sheets import BugSheet
from digitizer_desk.ui.screens.signing import SigningDialog
from stand_ins.machines import paper, stack
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from ui.plain_looks import assert_good_looks, words_of
from ui.test_main_window import _log_in, window  # noqa: F401 - the fixture
from ui.test_paper_keys import _answer

PASSWORD = "mat-khau-dai"


@pytest.fixture
def counter_open(qtbot: QtBot, window: MainWindow, bench: Bench) -> MainWindow:  # noqa: F811
    """A dossier on the counter of an officer who is logged in."""
    _log_in(qtbot, window)
    window.rooms.open(bench.received().id)
    qtbot.waitUntil(lambda: window.rooms.work.dossier is not None, timeout=10_000)
    return window


def _scan(qtbot: QtBot, shown: MainWindow, sheets: list[object], bench: Bench) -> None:  # noqa: F811
    bench.scanner.tray = sheets  # type: ignore[assignment]
    shown.do("scan")
    qtbot.waitUntil(lambda: not shown.rooms.work.scanning, timeout=20_000)


class _Held:
    """A scanner whose pages wait until they are let go."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
        self._go = threading.Semaphore(0)
        real = bench.scanner.scan

        def scan(job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
            for event in real(job, stop):
                while not self._go.acquire(timeout=0.02):
                    if stop():
                        return
                yield event

        monkeypatch.setattr(bench.scanner, "scan", scan)

    def let_go(self, events: int = 99) -> None:
        self._go.release(events)


# -- the right page -----------------------------------------------------------------------------------------------


def test_f6_takes_the_page_the_banner_names(qtbot: QtBot, counter_open: MainWindow, bench: Bench) -> None:  # noqa: F811
    """A good page selected, a bad one named: the paper of the bad one must not go into the good one's place."""
    counter = counter_open.rooms.counter
    _scan(qtbot, counter_open, [paper(seed=1), paper(seed=2, grey=True), paper(seed=3)], bench)
    assert counter.selected_id() == counter.model.pages[1].id, "the page to be mended is selected by itself"
    counter.select(counter.model.pages[2].id)
    assert "Trang 2" in counter_open.banner.shown.text
    assert counter_open.keys.buttons["rescan"].text() == "F6  Quét lại trang 2"
    bench.scanner.tray = [paper(seed=9)]
    counter_open.do("rescan")
    qtbot.waitUntil(lambda: not counter_open.rooms.work.scanning, timeout=20_000)
    assert [page.version for page in counter.model.pages] == [1, 2, 1]
    assert not counter.model.pages[1].open_faults


def test_in_the_inspector_f6_takes_the_page_that_is_looked_at(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    counter = counter_open.rooms.counter
    _scan(qtbot, counter_open, [paper(seed=1), paper(seed=2, grey=True)], bench)
    counter.select(counter.model.pages[0].id)
    counter_open.do("inspect")
    bench.scanner.tray = [paper(seed=9)]
    counter_open.do("rescan")
    qtbot.waitUntil(lambda: not counter_open.rooms.work.scanning, timeout=20_000)
    assert [page.version for page in counter.model.pages] == [2, 1]


def test_the_fault_of_the_selected_page_is_told_first(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    counter = counter_open.rooms.counter
    _scan(qtbot, counter_open, [paper(seed=1, grey=True), paper(seed=2, grey=True)], bench)
    assert "Trang 1" in counter_open.banner.shown.text
    counter.select(counter.model.pages[1].id)
    assert "Trang 2" in counter_open.banner.shown.text


# -- what was typed -----------------------------------------------------------------------------------------------


def test_a_page_that_comes_in_leaves_a_typed_count_alone(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    work, counter = counter_open.rooms.work, counter_open.rooms.counter
    _scan(qtbot, counter_open, [paper(seed=1)], bench)
    counter.sides.setFocus()
    counter.sides.selectAll()
    QTest.keyClicks(counter.sides, "17")
    page = counter.model.pages[0]
    work._take(with_page(work.dossier, counter.current, page))
    assert counter.sides.lineEdit().text().startswith("17")


def test_what_is_typed_last_stays_with_its_own_component(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    """To another component by its key within the half second before typing is saved."""
    counter = counter_open.rooms.counter
    first = counter.current
    qtbot.waitUntil(lambda: bool(counter.form._boxes), timeout=5_000)
    counter.form.set_open(True)
    QTest.keyClicks(counter.form._boxes["so_ky_hieu"], "12/TK")
    counter_open.do("next")
    second = counter.current
    assert second != first
    drafts = bench.desk.cabinet.dossiers.draft_fields
    qtbot.waitUntil(lambda: any(f.value == "12/TK" for f in drafts(first)), timeout=5_000)
    counter.form._timer.timeout.emit()
    assert not any(f.value == "12/TK" for f in drafts(second))


def test_closing_keeps_what_was_typed_a_moment_ago(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    counter = counter_open.rooms.counter
    here = counter.current
    _scan(qtbot, counter_open, [paper(seed=1)], bench)
    counter.form.set_open(True)
    QTest.keyClicks(counter.form._boxes["co_quan_cap"], "UBND")
    counter.sides.setFocus()
    counter.sides.selectAll()
    QTest.keyClicks(counter.sides, "3")
    counter_open.close()
    cabinet = bench.desk.cabinet.dossiers
    assert any(f.value == "UBND" for f in cabinet.draft_fields(here))
    assert cabinet.load(counter_open.rooms.work.dossier.id).component(here).declared == 3


# -- while pages come in ------------------------------------------------------------------------------------------


def test_while_scanning_other_dossiers_stay_away_and_say_why(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = _Held(bench, monkeypatch)
    bench.scanner.tray = list(stack(2))
    work = counter_open.rooms.work
    here = work.dossier.id
    counter_open.do("scan")
    assert counter_open.rooms.counter.empty.text() == "Đang quét…"
    for command in ("receive", "find", "sign"):
        counter_open.do(command)
        assert QApplication.activeModalWidget() is None
        assert counter_open.banner.shown.text.startswith("Đang quét")
    counter_open.rooms.open("another")
    assert work.dossier.id == here
    assert counter_open.keys.buttons["scan"].text() == "Esc  DỪNG"
    held.let_go()
    qtbot.waitUntil(lambda: not work.scanning, timeout=20_000)
    assert len(counter_open.rooms.counter.model.pages) == 2


def test_a_batch_leaves_the_clerk_at_another_component(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = _Held(bench, monkeypatch)
    bench.scanner.tray = list(stack(2))
    counter = counter_open.rooms.counter
    scanned = counter.current
    counter_open.do("scan")
    counter_open.rooms.work.jump(3)
    counter.components.setFocus()
    held.let_go()
    qtbot.waitUntil(lambda: not counter_open.rooms.work.scanning, timeout=20_000)
    assert counter.component.number == 3
    assert not counter.sides.hasFocus()
    assert len(counter_open.rooms.work.dossier.component(scanned).pages) == 2


def test_escape_stops_and_keeps(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = _Held(bench, monkeypatch)
    bench.scanner.tray = list(stack(3))
    counter_open.do("scan")
    held.let_go(3)  # opened, page 1 begun, page 1 whole
    qtbot.waitUntil(lambda: len(counter_open.rooms.counter.model.pages) == 1, timeout=10_000)
    counter_open.do("back")
    assert "Đang dừng" in counter_open.banner.shown.text
    qtbot.waitUntil(lambda: not counter_open.rooms.work.scanning, timeout=10_000)
    assert len(counter_open.rooms.counter.model.pages) == 1


# -- the lock -----------------------------------------------------------------------------------------------------


def _seen(shown: MainWindow) -> str:
    return " ".join(
        (
            *words_of(shown),
            shown.header.words(),
            *(label.text() for label in shown.findChildren(QLabel) if label.isVisible()),
        )
    )


def test_a_desk_left_alone_locks_itself(qtbot: QtBot, counter_open: MainWindow, bench: Bench) -> None:  # noqa: F811
    assert counter_open._idle.interval() == bench.desk.law_today().desk.lock_minutes * 60_000
    assert counter_open._idle.isActive()
    assert "HƯỜNG" in _seen(counter_open)
    counter_open._idle.start(1)
    qtbot.waitUntil(lambda: counter_open._locked, timeout=5_000)
    said = _seen(counter_open)
    assert "Lê Văn An" in said
    assert "HƯỜNG" not in said.upper()
    assert "0007" not in said


def test_every_key_begins_the_wait_anew(qtbot: QtBot, counter_open: MainWindow) -> None:
    lists = counter_open.rooms.counter.components
    for act in (
        lambda: QTest.keyClick(lists, Qt.Key.Key_Down),
        lambda: QTest.mouseClick(lists.viewport(), Qt.MouseButton.LeftButton),
    ):
        counter_open._idle.stop()
        act()
        assert counter_open._idle.isActive()


def test_locking_closes_a_sheet_and_its_end_shows_nothing(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    """The signing sheet, when it closes, goes back to the counter: not while the desk is locked."""
    work, counter = counter_open.rooms.work, counter_open.rooms.counter
    _scan(qtbot, counter_open, list(stack(2)), bench)
    counter.sides.setValue(2)
    counter._sides_entered()
    qtbot.waitUntil(lambda: work.dossier.components[0].declared == 2, timeout=10_000)
    opened: list[QDialog] = []

    def lock() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, SigningDialog):
            opened.append(sheet)
            timer.stop()
            counter_open.lock()

    timer = QTimer(interval=20)
    timer.timeout.connect(lock)
    timer.start()
    counter_open.do("sign")
    qtbot.waitUntil(lambda: bool(opened) and QApplication.activeModalWidget() is None, timeout=10_000)
    qtbot.wait(50)
    assert counter_open.screens.currentWidget() is counter_open.login
    assert "HƯỜNG" not in _seen(counter_open).upper()
    counter_open._log_in("", PASSWORD)
    qtbot.waitUntil(counter.isVisible, timeout=10_000)


def test_a_message_that_comes_late_is_not_shown_on_the_lock(counter_open: MainWindow, qtbot: QtBot) -> None:
    counter_open.lock()
    counter_open.rooms.work.flashed.emit(counter_open.banner.shown or _a_name())
    assert not counter_open.banner.isVisible()


def _a_name() -> object:
    from digitizer_desk.ui.widgets.frame import Notice

    return Notice("ok", "Đã quét 2 trang của Nguyễn Thị Hường")


# -- failures -----------------------------------------------------------------------------------------------------


def test_a_failure_with_words_is_told_in_the_banner(counter_open: MainWindow) -> None:
    counter_open.show_bug(error("store.disk_full"))
    assert QApplication.activeModalWidget() is None
    assert counter_open.banner.shown.role == "stop"
    assert "đầy" in counter_open.banner.shown.text


def test_bugs_are_told_one_at_a_time(qtbot: QtBot, counter_open: MainWindow, caplog: pytest.LogCaptureFixture) -> None:
    sheets: list[BugSheet] = []

    def look() -> None:
        counter_open.show_bug(ValueError("second"))
        sheets.extend(w for w in QApplication.topLevelWidgets() if isinstance(w, BugSheet) and w.isVisible())
        sheets[0].accept()

    QTimer.singleShot(0, counter_open, look)
    counter_open.show_bug(KeyError("first"))
    assert len(sheets) == 1
    counter_open.show_bug(KeyError("first"))  # the next time it stops nobody
    assert "mã" in counter_open.banner.shown.text
    assert sum("bug" in record.message for record in caplog.records) == 3


def test_an_electronic_dossier_is_never_scanned(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    _log_in(qtbot, window)
    receipt = receive.Receipt(
        "000.00.12.H08-261121-0009", "1.001193", Applicant("Trần Văn Bình"), channel=Channel.ELECTRONIC
    )
    window.rooms.open(receive.receive(bench.desk, receipt, bench.officer).id)
    qtbot.waitUntil(lambda: window.rooms.work.dossier is not None, timeout=10_000)
    assert not window.keys.buttons["scan"].isEnabled()
    assert "trực tuyến" in window.banner.shown.text
    assert "trực tuyến" in window.rooms.counter.empty.text()


def test_data_of_a_sent_paper_is_closed_as_soon_as_it_is_received(counter_open: MainWindow) -> None:
    """The outbox changes the dossier while the clerk looks at it: nothing can be typed over what the province holds."""
    counter, work = counter_open.rooms.counter, counter_open.rooms.work
    counter.open_fields(True)
    work._take(work.dossier)
    assert not any(box.isEnabled() for box in counter.form._boxes.values())
    for now, is_open, why in (
        ("sign", False, "sau khi ký"),
        ("extract", True, ""),
        ("send", True, ""),
        ("done", False, "đã gửi"),
        ("refused", False, ""),
    ):
        assert advice.data_side(now, work.law) == (is_open, why)


# -- looks --------------------------------------------------------------------------------------------------------


def test_the_frame_fits_a_small_screen_and_cuts_no_word(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    _scan(qtbot, counter_open, [paper(seed=1, grey=True)], bench)
    QApplication.processEvents()
    assert counter_open.minimumSizeHint().width() <= 1366
    assert counter_open.minimumSizeHint().height() <= 728
    assert_good_looks(counter_open)


def test_the_start_screen_looks_well(qtbot: QtBot, window: MainWindow) -> None:  # noqa: F811
    _log_in(qtbot, window)
    assert_good_looks(window)


def test_type_is_made_larger_by_its_key(qtbot: QtBot, counter_open: MainWindow) -> None:
    before = QApplication.font().pixelSize()
    try:
        counter_open.do("larger")
        assert QApplication.font().pixelSize() > before
        counter_open.do("smaller")
        assert QApplication.font().pixelSize() == before
        for _ in range(8):
            counter_open.do("larger")
        assert counter_open.minimumSizeHint().width() <= 1366
    finally:
        theme.apply(QApplication.instance(), dark=False)


def test_a_number_typed_among_the_pages_is_the_number_of_sides(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    """The banner asks for it, wherever the hand is on the counter; letters and arrows stay with the pages."""
    counter = counter_open.rooms.counter
    _scan(qtbot, counter_open, [paper(seed=1)], bench)
    counter.pages.setFocus()
    QTest.keyClicks(counter.pages, "x")
    assert counter.pages.hasFocus()
    for digit in "12":
        QTest.keyClick(QApplication.focusWidget(), digit)
    assert counter.sides.hasFocus()
    assert counter.sides.lineEdit().text().startswith("12")
    counter.components.setFocus()
    QTest.keyClicks(counter.components, "1")
    QTest.keyClick(counter.sides, Qt.Key.Key_Return)
    work = counter_open.rooms.work
    qtbot.waitUntil(lambda: work.dossier.component(work.dossier.components[0].id).declared == 1, timeout=5_000)


def test_undo_in_the_box_of_sides_brings_the_page_back(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    """After a batch the hand is in that box: the clerk sees a page that is wrong and undoes what was done to it."""
    counter = counter_open.rooms.counter
    _scan(qtbot, counter_open, [paper(seed=1), paper(seed=2)], bench)
    counter_open.do("remove")
    qtbot.waitUntil(lambda: len(counter.model.pages) == 1, timeout=5_000)
    counter.ask_sides()
    QTest.keyClick(counter.sides, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(counter.model.pages) == 2, timeout=5_000)
    assert counter_open.banner.shown.text.startswith("Hoàn tác: ")
    QTest.keyClick(counter.sides, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(counter.model.pages) == 1, timeout=5_000)
    assert counter_open.banner.shown.text.startswith("Làm lại: ")
    QTest.keyClick(counter.sides, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: counter_open.banner.shown.text == "Không còn gì để làm lại.", timeout=5_000)


def test_a_rescan_in_the_inspector_leaves_the_keys_with_the_comparison(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    """Sides are still to be declared: Enter takes the new page, it must not declare a number nobody sees."""
    rooms, counter = counter_open.rooms, counter_open.rooms.counter
    _scan(qtbot, counter_open, [paper(seed=1)], bench)
    part = counter.current
    assert rooms.work.dossier.component(part).declared is None
    counter_open.do("inspect")
    bench.scanner.tray.append(paper(seed=2))
    counter_open.do("rescan")
    qtbot.waitUntil(lambda: rooms.inspector.comparing, timeout=20_000)
    qtbot.waitUntil(lambda: not rooms.work.scanning, timeout=20_000)
    assert rooms.inspector.isAncestorOf(QApplication.focusWidget())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert not rooms.inspector.comparing
    assert rooms.work.dossier.component(part).declared is None


def test_nothing_to_save_is_answered_over_whatever_stands_there(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    _scan(qtbot, counter_open, [paper(seed=1)], bench)
    assert "mấy mặt" in counter_open.banner.shown.text
    counter_open.do("saved")
    assert counter_open.banner.shown.text.startswith("Không cần lưu")


def test_del_after_a_batch_takes_the_page_out_and_undo_shows_where(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    """The hand is in the box of sides then; what was typed there is edited as anywhere."""
    counter, work = counter_open.rooms.counter, counter_open.rooms.work
    _scan(qtbot, counter_open, [paper(seed=1), paper(seed=2)], bench)
    first = counter.current
    assert counter.sides.hasFocus()
    QTest.keyClick(counter.sides, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(counter.model.pages) == 1, timeout=5_000)
    QTest.keyClick(counter.sides, "7")
    QTest.keyClick(counter.sides, Qt.Key.Key_Home)
    QTest.keyClick(counter.sides, Qt.Key.Key_Delete)
    assert len(work.dossier.component(first).pages) == 1
    counter.ask_sides()
    counter_open.do("next")
    assert counter.current != first
    counter_open.do("undo")
    qtbot.waitUntil(lambda: counter.current == first and len(counter.model.pages) == 2, timeout=5_000)


def test_keys_that_can_do_nothing_now_say_why(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    _scan(qtbot, counter_open, [paper(seed=1)], bench)
    counter_open.do("data")
    assert counter_open.banner.shown.text == "Dữ liệu nhập sau khi ký: quét đủ giấy (F4) rồi ký số (F9)."
    counter_open.do("tray")
    assert counter_open.banner.shown.text == "Không có tệp nào chờ xếp."
    counter_open.do("reload")
    assert counter_open.banner.shown.text.startswith("Đã nạp lại")


def test_keys_never_fall_on_a_button_when_the_pages_go(
    qtbot: QtBot,
    counter_open: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    counter, rooms = counter_open.rooms.counter, counter_open.rooms
    _scan(qtbot, counter_open, [paper(seed=1)], bench)
    counter_open.do("inspect")
    assert not counter.isVisible()
    dossier = bench.received("000.00.12.H08-261121-0031")

    def open_it(sheet: QDialog) -> None:
        qtbot.waitUntil(sheet.isActiveWindow)
        rooms._reception._came(dossier, alone=True)
        sheet.reject()

    _answer(qtbot, lambda: counter_open.do("receive"), open_it)
    counter_open.activateWindow()
    qtbot.waitUntil(counter_open.isActiveWindow)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert counter_open.banner.shown.act == "undo"
    assert counter.components.hasFocus()
