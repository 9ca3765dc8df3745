# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Results at the counter by keys: added and scanned, told from what is none, cancelled; the list of older ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from digitizer_desk.dossier.model import Role
from digitizer_desk.dossier.result import Cancelled, PaperKind
from digitizer_desk.steps.results import listed
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.models import advice, components
from digitizer_desk.ui.screens.agency.older import OlderResults
from digitizer_desk.ui.screens.agency.results import ResultSheet, WordsSheet
from gallery.at_once import AtOnce
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from steps.test_listed_results import row, workbook
from ui.plain_looks import assert_good_looks
from ui.test_main_window import window  # noqa: F401 - the fixture
from ui.test_paper_keys import CTRL, SHIFT, Key, _answer, _press, _scan, at_counter  # noqa: F401 - the fixture


def shown(window: MainWindow) -> Any:  # noqa: F811
    return window.rooms.counter.component


def add(qtbot: QtBot, window: MainWindow, name: str) -> None:  # noqa: F811
    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, ResultSheet)
        assert sheet.name.text() == "Kết quả: Đăng ký khai sinh"
        QTest.keyClicks(sheet.name, name)
        assert_good_looks(sheet)
        QTest.keyClick(sheet.name, Key.Key_Return)

    _answer(qtbot, lambda: _press(window, Key.Key_R, CTRL, SHIFT), use)
    qtbot.waitUntil(lambda: shown(window) is not None and shown(window).title == name, timeout=10_000)


def test_a_result_is_added_scanned_marked_and_cancelled_by_keys(
    qtbot: QtBot,
    at_counter: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
) -> None:
    window = at_counter  # noqa: F811
    work = window.rooms.work
    add(qtbot, window, "Giay khai sinh")
    result = shown(window)
    assert result.kind is PaperKind.RESULT
    assert window.keys.buttons["scan"]._next_act, "a result just added is next to be scanned"
    qtbot.waitUntil(lambda: "Kết quả TTHC" in window.rooms.counter.work_line.work.text(), timeout=10_000)
    _scan(qtbot, window, bench, 3, 4)
    assert len(shown(window).pages) == 2
    _press(window, Key.Key_K, CTRL, SHIFT)
    qtbot.waitUntil(lambda: shown(window).kind is PaperKind.INTERMEDIATE, timeout=10_000)
    assert work.dossier is not None
    assert work.dossier.granted is None
    _press(window, Key.Key_K, CTRL, SHIFT)
    qtbot.waitUntil(lambda: shown(window).kind is PaperKind.RESULT, timeout=10_000)

    def cancel(sheet: QDialog) -> None:
        assert isinstance(sheet, WordsSheet)
        assert not sheet.go.isEnabled()
        QTest.keyClick(sheet.said, Key.Key_Return)
        assert sheet.isVisible(), "nothing is cancelled without a reason"
        QTest.keyClicks(sheet.said, "In nham")
        assert_good_looks(sheet)
        QTest.keyClick(sheet.said, Key.Key_Return)

    refused: list[str] = []
    work.flashed.connect(lambda notice: refused.append(notice.text))
    _answer(qtbot, lambda: _press(window, Key.Key_H, CTRL, SHIFT), cancel)
    qtbot.waitUntil(lambda: bool(refused), timeout=10_000)
    assert "văn thư" in refused[0], "the clerk may not: the step says who may"
    thu = replace(bench.officer, roles=frozenset({Role.CLERK, Role.VAN_THU}))
    window.results.officer = thu
    _answer(qtbot, lambda: _press(window, Key.Key_H, CTRL, SHIFT), cancel)
    qtbot.waitUntil(lambda: shown(window).cancelled is not None, timeout=10_000)
    assert any("In nham" in notice.text for notice in work.notices())
    assert "scan" in window.rooms.off()


def test_a_paper_handed_in_is_no_result(qtbot: QtBot, at_counter: MainWindow) -> None:  # noqa: F811
    said: list[str] = []
    at_counter.results.flashed.connect(lambda notice: said.append(notice.text))
    _press(at_counter, Key.Key_K, CTRL, SHIFT)
    assert said == ["Chọn tài liệu kết quả trước (PgDn), hoặc thêm bằng Ctrl+Shift+R."]


def test_granted_by_words(qtbot: QtBot, at_counter: MainWindow) -> None:  # noqa: F811
    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, WordsSheet)
        QTest.keyClicks(sheet.said, "He thong cua So")
        QTest.keyClick(sheet.said, Key.Key_Return)

    _answer(qtbot, lambda: _press(at_counter, Key.Key_D, CTRL, SHIFT), use)
    work = at_counter.rooms.work
    qtbot.waitUntil(lambda: work.dossier is not None and work.dossier.granted is not None, timeout=10_000)


def test_an_older_result_is_picked_by_keys(
    qtbot: QtBot,
    at_counter: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
    tmp_path: Path,
) -> None:
    wanted = row(Mã_hồ_sơ="244")
    file = workbook(tmp_path, [row(Mã_hồ_sơ="243"), wanted])

    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, OlderResults)
        qtbot.waitUntil(sheet.empty.isVisible, timeout=10_000)
        sheet.take(file)
        qtbot.waitUntil(lambda: sheet.table.rowCount() == 2, timeout=10_000)
        assert "Đã nhập 2 kết quả" in sheet.state.words
        QTest.keyClicks(sheet.box, "244")
        qtbot.waitUntil(lambda: sheet.table.rowCount() == 1, timeout=10_000)
        assert_good_looks(sheet)
        QTest.keyClick(sheet, Key.Key_Return)

    _answer(qtbot, lambda: _press(at_counter, Key.Key_L, CTRL, SHIFT), use)
    qtbot.waitUntil(lambda: shown(at_counter) is not None and shown(at_counter).title == "Giấy khai sinh")
    assert at_counter.rooms.work.dossier is not None
    assert at_counter.rooms.work.dossier.code == "244"


@pytest.fixture
def sheet(qtbot: QtBot, bench: Bench) -> Callable[[], OlderResults]:  # noqa: F811
    desk = bench.desk

    def made() -> OlderResults:
        one = OlderResults(
            desk.cabinet.listed.find,
            lambda file: listed.bring(desk, file, bench.officer),
            lambda file: listed.read(desk, file),
            AtOnce(),
        )
        qtbot.addWidget(one)
        one.show()
        return one

    return made


def test_bad_cells_are_told_and_esc_leads_back(
    bench: Bench,  # noqa: F811
    sheet: Callable[[], OlderResults],
    tmp_path: Path,
) -> None:
    one = sheet()
    one.take(workbook(tmp_path, [row(), row(Ngày_cấp="hôm qua")]))
    assert one.bad.isVisible()
    assert [one.bad.item(0, column).text() for column in range(3)] == ["3", "I", "Ngày cấp"]
    assert "chưa dòng nào được nhập" in one.note.words
    assert not one.go.isEnabled()
    assert_good_looks(one)
    QTest.keyClick(one, Qt.Key.Key_Escape)
    assert one.isVisible()
    assert one.empty.isVisible()
    assert not one.note.isVisible()
    QTest.keyClick(one, Qt.Key.Key_Escape)
    assert not one.isVisible()
    assert bench.desk.cabinet.listed.waiting() == 0


def test_a_file_that_is_no_list_is_told_in_its_place(sheet: Callable[[], OlderResults], tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"nothing")
    one = sheet()
    one.take(tmp_path / "a.xlsx")
    assert "Không đọc được danh sách «a.xlsx»" in one.note.words
    assert one.bring.isEnabled()


def test_words_of_a_result(bench: Bench) -> None:  # noqa: F811
    dossier = bench.received("000.00.12.H08-261121-0042")
    law = bench.desk.law_of(dossier)
    first = replace(dossier.components[0], kind=PaperKind.RESULT)
    assert components.line(first, law).title.startswith("KQ · ")
    assert components.line(replace(first, kind=PaperKind.INTERMEDIATE), law).title.startswith("Không phải KQ · ")
    gone = replace(first, cancelled=Cancelled("thu", bench.clock(), "Cấp sai"))
    assert components.line(gone, law).words == "đã hủy hiệu lực"
    (notice, *_) = advice.notices(dossier, gone, law, ())
    assert notice.text.startswith("Đã hủy hiệu lực")
    assert notice.text.endswith("Cấp sai. Tệp vẫn được giữ.")
