# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F1 in every place: each screen and small window has its help: its keys, what is wrong now, what is next."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

import digitizer_desk.ui
from digitizer_desk import paths
from digitizer_desk.dossier.finding import Finding, Severity
from digitizer_desk.dossier.model import Role
from digitizer_desk.lanes import Lanes
from digitizer_desk.messages import FINDINGS, finding_words
from digitizer_desk.messages.help import MEANINGS, SCREENS
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import COMMANDS, Place, in_force, shown
from digitizer_desk.ui.help.guide import BOOKS, GuideWindow
from digitizer_desk.ui.help.reading import anchor, letters_of
from digitizer_desk.ui.help.sheet import HelpSheet, Told
from digitizer_desk.ui.help.topics import HELP_OF, topic_of
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.find import FindDialog
from digitizer_desk.ui.widgets.frame import Notice
from steps.conftest import Bench, one_desk  # noqa: F401 - the fixture
from ui.plain_looks import assert_good_looks

BLURRED = Finding(
    "page.sharpness", Severity.FAULT, "0,21", "≥ 0,40", "TT 01/2023/TT-VPCP, Điều 8 khoản 2 điểm b", keep_allowed=True
)
_IMAGE = QTextDocument.ResourceType.ImageResource.value
#: keys that need no line in a table: every form and list has them
_PLAIN = {"Enter", "Esc", "Tab", "Space", "Backspace", "Del", "Home", "End", "PgUp", "PgDn", "↑", "↓", "←", "→"} | {
    *("Z", "G", "+", "−", "…", "Shift+Enter", "Alt+K", "Ctrl+F"),
}


@pytest.fixture(autouse=True, scope="module")
def _light(qapp: QApplication) -> None:
    make_application(paths.resources(), "light")


@pytest.fixture(scope="module")
def window(qapp: QApplication, one_desk: Bench) -> Iterator[MainWindow]:  # noqa: F811
    lanes = Lanes()
    bridge = Bridge(lanes)
    made = MainWindow(one_desk.desk, bridge, hint="Tập huấn: đăng nhập «an».")
    made.resize(1366, 728)
    made.show()
    yield made
    made.watch.stop()
    bridge.close()
    lanes.close()
    made.deleteLater()


def _small_windows() -> dict[str, type]:
    """Every dialog class the windows define, by name."""
    found: dict[str, type] = {}
    for module in pkgutil.walk_packages(digitizer_desk.ui.__path__, "digitizer_desk.ui."):
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, QDialog) and kind.__module__.startswith("digitizer_desk.ui"):
                found[name] = kind
    del found["HelpSheet"]
    return found


def test_every_small_window_has_its_help() -> None:
    without = [
        name for name, kind in _small_windows().items() if not any(one.__name__ in HELP_OF for one in kind.__mro__)
    ]
    assert without == []


def test_every_screen_has_its_help(window: MainWindow) -> None:
    missing = [
        type(window.screens.widget(place)).__name__
        for place in range(window.screens.count())
        if topic_of(window.screens.widget(place)) is None
    ]
    assert missing == []


def test_every_help_belongs_to_a_screen() -> None:
    assert set(HELP_OF.values()) | {"compare"} == set(SCREENS)


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_help_is_whole_and_names_only_keys_there_are(name: str) -> None:
    told = SCREENS[name]
    assert told.purpose.endswith(".")
    assert 1 <= len(told.steps) <= 6
    whole = " ".join((told.title, told.purpose, *told.steps, *(part for row in told.keys for part in row)))
    assert unicodedata.is_normalized("NFC", whole)
    keys = {shown(key) for command in COMMANDS for key in command.keys} | _PLAIN
    named = re.findall(r"(?:(?:Ctrl|Shift|Alt)\+)+\w+|\bF\d+\b", whole)
    assert [key for key in named if key not in keys and not re.fullmatch(r"Ctrl\+[A1-9]", key)] == []
    for key, _ in told.keys:
        assert all(one in keys or re.fullmatch(r"\d|Ctrl\+[A1-9]", one) for one in key.split()), key


def test_every_finding_is_explained_and_no_limit_stands_in_the_words() -> None:
    assert set(MEANINGS) == set(FINDINGS)
    for word, meaning in MEANINGS.items():
        assert not re.search(r"\d", meaning), word
        assert unicodedata.is_normalized("NFC", meaning)
        assert 60 <= len(meaning) <= 320, word


@pytest.mark.parametrize("place", list(Place)[1:])
def test_help_names_every_key_and_fits_the_screen(qtbot: QtBot, place: Place) -> None:
    here = in_force(place, set(Role))
    notice = Notice("stop", "Kẹt giấy ở trang 3. Mở nắp, lấy giấy ra.")
    sheet = HelpSheet(Told(SCREENS["counter"], (notice,), "scan", here, "Tập huấn: đăng nhập «an»."))
    qtbot.addWidget(sheet)
    sheet.show()
    assert sheet.width() <= 1366
    assert sheet.height() <= 768 - 40
    assert_good_looks(sheet)
    keys = [sheet.table.item(row, 0).text() for row in range(sheet.table.rowCount())]
    assert {shown(command.keys[0]) for command in here} <= set(keys)
    assert not [key for key in keys if re.search("Left|Right|Return|Down", key)]
    said = sheet.text.toPlainText()
    assert "Kẹt giấy ở trang 3. Mở nắp, lấy giấy ra." in said
    assert re.search(r"Bước tiếp theo\s+F4\s+Quét", said)
    assert "Tập huấn: đăng nhập «an»." in said


def test_a_finding_is_told_at_length_with_its_law(qtbot: QtBot) -> None:
    notice = Notice("stop", str(finding_words(BLURRED, 3)), "rescan", BLURRED)
    sheet = HelpSheet(Told(SCREENS["counter"], (notice,)))
    qtbot.addWidget(sheet)
    said = sheet.text.toPlainText()
    assert MEANINGS["sharpness"] in said
    assert "Đo được 0,21, cần ≥ 0,40." in said
    assert f"Căn cứ: {BLURRED.law}." in said
    assert "Ctrl+G" in said


def test_words_without_marks_find_a_key_and_enter_does_it(qtbot: QtBot) -> None:
    sheet = HelpSheet(Told(SCREENS["counter"], (), "scan", in_force(Place.COUNTER)))
    qtbot.addWidget(sheet)
    sheet.show()
    assert not sheet.go.isEnabled()
    QTest.keyClick(sheet.search, Qt.Key.Key_Return)
    assert sheet.isVisible(), "nothing chosen: Enter does nothing"
    QTest.keyClicks(sheet.search, "quet lai")
    shown_rows = [row for row in range(sheet.table.rowCount()) if not sheet.table.isRowHidden(row)]
    assert 1 <= len(shown_rows) <= 4
    QTest.keyClick(sheet.search, Qt.Key.Key_Return)
    assert sheet.chosen == "rescan"
    assert not sheet.isVisible()


def test_other_rooms_are_reached_from_the_help(window: MainWindow, qtbot: QtBot) -> None:
    _log_in(qtbot, window)
    done: list[str] = []
    window.help.ways["checkup"] = ("Kiểm tra máy này", lambda: done.append("checkup"))

    def press(sheet: QDialog) -> None:
        next(b for b in sheet.findChildren(QPushButton) if b.text() == "Kiểm tra máy này").click()

    _meanwhile(window, HelpSheet, press)
    window.do("help")
    del window.help.ways["checkup"]
    assert done == ["checkup"]


def _log_in(qtbot: QtBot, window: MainWindow) -> None:
    if window.officer is None or window.locked:
        window._log_in("an", "mat-khau-dai")
        qtbot.waitUntil(lambda: window.officer is not None and not window.locked, timeout=10_000)


def _meanwhile(window: MainWindow, kind: type[QDialog], use: Callable[[QDialog], None]) -> QTimer:
    """Use the first dialog of this kind that opens."""

    def look() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, kind):
            timer.stop()
            use(sheet)

    timer = QTimer(window, interval=20)
    timer.timeout.connect(look)
    timer.start()
    return timer


def test_help_at_the_log_in_tells_nothing_of_dossiers(window: MainWindow) -> None:
    window.lock()  # as at a start: no screen but this one
    seen: list[HelpSheet] = []
    _meanwhile(window, HelpSheet, lambda sheet: (seen.append(sheet), sheet.reject()))
    window.do("help")
    assert seen[0].windowTitle() == "Trợ giúp: Đăng nhập, khóa màn hình"
    assert seen[0].table.rowCount() == len(SCREENS["login"].keys)


def test_a_key_found_in_the_help_is_done_and_f1_works_in_a_small_window(qtbot: QtBot, window: MainWindow) -> None:
    _log_in(qtbot, window)
    titles: list[str] = []

    def in_find(sheet: QDialog) -> None:
        _meanwhile(window, HelpSheet, lambda help: (titles.append(help.windowTitle()), help.reject()))
        QTest.keyClick(sheet.focusWidget() or sheet, Qt.Key.Key_F1)
        sheet.reject()

    def choose(sheet: QDialog) -> None:
        titles.append(sheet.windowTitle())
        _meanwhile(window, FindDialog, in_find)
        QTest.keyClicks(sheet.search, "tim ho so")
        QTest.keyClick(sheet.search, Qt.Key.Key_Return)

    _meanwhile(window, HelpSheet, choose)
    window.do("help")
    assert titles[0] in ("Trợ giúp: Bắt đầu", "Trợ giúp: Hàng chờ gửi")
    assert titles[1:] == ["Trợ giúp: Tìm hồ sơ"]


def test_the_guide_opens_at_the_chapter_of_the_screen_and_closes_when_locked(qtbot: QtBot, window: MainWindow) -> None:
    _log_in(qtbot, window)
    window.do("outbox")
    window.do("guide")
    guide = window.help._guide
    assert isinstance(guide, GuideWindow)
    assert guide.isVisible()
    assert guide.contents.currentItem().text().strip() == SCREENS["outbox"].chapter
    window.lock()
    assert not guide.isVisible()


def test_every_chapter_the_screens_name_is_in_the_guide(qtbot: QtBot) -> None:
    guide = GuideWindow(paths.guides())
    qtbot.addWidget(guide)
    titles = {guide.contents.item(row).text().strip() for row in range(guide.contents.count())}
    assert {told.chapter for told in SCREENS.values()} - titles == set()


def test_the_guide_is_searched_without_marks_and_its_pictures_fit(qtbot: QtBot) -> None:
    guide = GuideWindow(paths.guides())
    qtbot.addWidget(guide)
    guide.resize(760, 560)
    guide.show()
    assert_good_looks(guide)
    QTest.keyClicks(guide.search, "ma pin")
    found = guide.text.textCursor().selectedText()
    assert letters_of(found) == "ma pin"
    count = int(guide.count.text().partition("/")[2])
    assert count >= 2
    QTest.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.count.text() == f"2/{count}"
    QTest.keyClick(guide.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert guide.count.text() == f"1/{count}"
    assert guide.text.horizontalScrollBar().maximum() == 0, "no picture is wider than the window"
    _place, _length, picture = guide.text._pictures()[0]
    shown_picture = guide.text.loadResource(_IMAGE, guide.text.document().baseUrl().resolved(QUrl(picture.name())))
    assert isinstance(shown_picture, QImage)
    assert shown_picture.deviceIndependentSize().width() == picture.width() <= guide.text.viewport().width()
    guide.search.setText("không có chữ này")
    assert guide.count.text() == "Không thấy"


def test_every_book_opens_and_a_link_leads_to_its_heading(qtbot: QtBot) -> None:
    guide = GuideWindow(paths.guides())
    qtbot.addWidget(guide)
    assert guide.books.count() == len(BOOKS)
    for place in range(guide.books.count()):
        guide.books.setCurrentIndex(place)
        assert guide.contents.count() >= 3
    guide.books.setCurrentIndex(0)
    title = guide.contents.item(4).text().strip()
    guide.text.anchorClicked.emit(f"#{anchor(title)}")
    assert guide.contents.currentItem().text().strip() == title


def test_a_missing_guide_is_an_empty_page_not_a_failure(qtbot: QtBot, tmp_path: Path) -> None:
    guide = GuideWindow(tmp_path)
    qtbot.addWidget(guide)
    guide.show_chapter("Hai phút đầu tiên")
    assert guide.contents.count() == 0


def test_a_missing_picture_leaves_the_words(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / BOOKS[0][0]).write_text("# Sách\n\n## Một\n\n![x](pictures/guide/none.png)\n\nchữ sau ảnh\n", "utf-8")
    guide = GuideWindow(tmp_path)
    qtbot.addWidget(guide)
    guide.show()
    assert "chữ sau ảnh" in guide.text.toPlainText()
