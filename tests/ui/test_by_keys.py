# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is seldom done is done by keys alone, too: reasons, pairs of notes, blank backs, finding; undone tomorrow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from digitizer_desk.dossier.model import NoteSide
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.lanes import Lanes
from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import open_vault
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.find import FindDialog
from digitizer_desk.ui.screens.keep_page import KeepPage
from stand_ins.machines import paper
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from ui.test_main_window import window  # noqa: F401 - the fixture
from ui.test_page_care import live, opened

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL = Modifier.ControlModifier


def white(seed: int) -> Pixels:
    """An empty side; no two alike."""
    return np.random.default_rng(seed).integers(248, 252, (2339, 1654, 3)).astype(np.uint8)


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:  # noqa: F811
    """A key where the keys go."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def in_dialog(kind: type[QDialog], use: Callable[[QDialog], None]) -> None:
    """The keys for the next dialog of a kind, which has a loop of its own."""

    def look() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, kind) and sheet.isVisible():
            use(sheet)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(10, look)


def test_a_page_is_kept_with_its_reason(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    opened(qtbot, window, bench, white(1))
    reasons: list[str] = []

    def answer(sheet: QDialog) -> None:
        assert isinstance(sheet, KeepPage)
        QTest.keyClick(sheet.focusWidget(), Key.Key_2)
        reasons.append(sheet.reason)
        QTest.keyClick(sheet.focusWidget(), Key.Key_Return)

    in_dialog(KeepPage, answer)
    press(qtbot, window, Key.Key_G, CTRL)
    qtbot.waitUntil(lambda: bool(live(window).keeps), timeout=10_000)
    law = bench.desk.law_of(window.rooms.work.dossier)  # type: ignore[arg-type]
    assert reasons == [law.keep_reasons[1].id]
    press(qtbot, window, Key.Key_Escape)
    assert window.screens.currentWidget() is window.rooms.counter


def test_a_pair_with_and_without_its_note(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    opened(qtbot, window, bench, paper(seed=1), paper(seed=2))
    window.rooms.counter.take_focus()
    press(qtbot, window, Key.Key_Home)
    press(qtbot, window, Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: live(window, 1).note is NoteSide.WITH, timeout=10_000)
    press(qtbot, window, Key.Key_Right)
    for side in (NoteSide.WITH, NoteSide.WITHOUT):
        press(qtbot, window, Key.Key_N, CTRL)
        qtbot.waitUntil(lambda side=side: live(window, 2).note is side, timeout=10_000)
    assert "note_pair" not in {f.word for f in window.rooms.work.findings()}


def test_all_blank_backs_go_by_one_key_and_come_back_by_another(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
) -> None:
    opened(qtbot, window, bench, paper(seed=1), white(2), paper(seed=3), white(4))
    ids = [page.id for page in window.rooms.counter.model.pages]
    window.rooms.counter.take_focus()
    press(qtbot, window, Key.Key_W, CTRL)
    qtbot.waitUntil(lambda: [p.id for p in window.rooms.counter.model.pages] == ids[::2], timeout=10_000)
    assert window.rooms.counter.sides.hasFocus(), "the sides are counted anew"
    window.rooms.counter.take_focus()
    press(qtbot, window, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: [p.id for p in window.rooms.counter.model.pages] == ids, timeout=10_000)


def test_f3_finds_without_marks_or_case(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    dossier_id = opened(qtbot, window, bench, paper(seed=1))
    press(qtbot, window, Key.Key_Escape)
    qtbot.waitUntil(lambda: window.rooms.at_start, timeout=10_000)
    found: list[str] = []

    def search(sheet: QDialog) -> None:
        assert isinstance(sheet, FindDialog)
        QTest.keyClicks(sheet.box, "HUONG nguyen dang ky")
        qtbot.waitUntil(lambda: sheet.line.words == "Tìm thấy 1 hồ sơ", timeout=10_000)
        found.append(sheet.table.item(0, 1).text())
        QTest.keyClick(sheet.box, Key.Key_Return)

    in_dialog(FindDialog, search)
    press(qtbot, window, Key.Key_F3)
    assert found == ["Nguyễn Thị Hường"]
    qtbot.waitUntil(lambda: window.screens.currentWidget() is window.rooms.counter, timeout=10_000)
    assert window.rooms.work.dossier is not None
    assert window.rooms.work.dossier.id == dossier_id


def test_undo_and_redo_survive_a_restart(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    """Del today, the program ends, Ctrl+Z tomorrow; Ctrl+Y does it again."""
    dossier_id = opened(qtbot, window, bench, paper(seed=1), paper(seed=2))
    ids = [page.id for page in window.rooms.counter.model.pages]
    window.rooms.counter.take_focus()
    press(qtbot, window, Key.Key_Home)
    press(qtbot, window, Key.Key_Delete)
    qtbot.waitUntil(lambda: [p.id for p in window.rooms.counter.model.pages] == ids[1:], timeout=10_000)
    assert window.close()
    bench.desk.cabinet.close()
    again = open_cabinet(
        bench.place.cabinet, open_vault(bench.place.cabinet, FileKeeper(bench.place.data.parent / "key")), bench.clock
    )
    lanes = Lanes()
    bridge = Bridge(lanes)
    tomorrow = MainWindow(replace(bench.desk, cabinet=again), bridge, officer=bench.officer)
    tomorrow.show()
    try:
        tomorrow.rooms.open(dossier_id)
        counter = tomorrow.rooms.counter
        qtbot.waitUntil(lambda: [p.id for p in counter.model.pages] == ids[1:], timeout=10_000)
        press(qtbot, tomorrow, Key.Key_Z, CTRL)
        qtbot.waitUntil(lambda: [p.id for p in counter.model.pages] == ids, timeout=10_000)
        assert tomorrow.banner.shown.text == "Hoàn tác: bỏ trang 1"
        press(qtbot, tomorrow, Key.Key_Y, CTRL)
        qtbot.waitUntil(lambda: [p.id for p in counter.model.pages] == ids[1:], timeout=10_000)
    finally:
        tomorrow.watch.stop()
        bridge.close()
        lanes.close()
        tomorrow.deleteLater()
        again.close()
