# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The monthly report in the window: fourteen columns, missing numbers, files that are written whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps.review.monthly import Month, Stated
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.review import outlets
from digitizer_desk.ui.review.monthly import month_html
from digitizer_desk.ui.review.printing import pdf_of
from digitizer_desk.ui.screens.review.monthly import Monthly
from gallery.people import OFFICE
from gallery.review_states import desk_state, month_report
from steps.conftest import Bench, bench  # noqa: F401 - the fixture


@pytest.fixture
def screen(qtbot: QtBot) -> Monthly:
    made = Monthly()
    qtbot.addWidget(made)
    made.resize(1366, 600)
    made.show_report(month_report())
    made.show()
    return made


def row(screen: Monthly, number: int = 0) -> list[str]:
    cells = (screen.table.item(number, column) for column in range(14))
    return [cell.text() for cell in cells if cell is not None]


def test_the_form_is_shown_with_its_formulas(screen: Monthly) -> None:
    told = ["1", OFFICE, "100", "30", "60", "40", "50", "20", "70,0 %", "80", "76", "95,0 %", "10", "10,0 %"]
    assert row(screen) == told
    heading = screen.table.horizontalHeaderItem(8)
    assert heading is not None
    assert heading.text() == "(9)=(7+8)/3\nTỷ lệ số hóa thành phần hồ sơ"
    assert (screen.check.role, screen.check.words) == ("ok", "Chênh lệch (3) - (5+6) = 0.")
    assert screen.notes.text().startswith("Đơn vị tính là hồ sơ tiếp nhận")
    assert (screen.save.next_act, screen.keep.next_act) == (True, False)
    assert [screen.reasons.item(place, 1).text() for place in (0, 1)] == [  # type: ignore[union-attr]
        "Thiếu trang, chưa đối chiếu đủ số mặt giấy",
        "Ảnh mờ, tối",
    ]


def test_no_heading_of_the_form_is_cut_off(screen: Monthly) -> None:
    header = screen.table.horizontalHeader()
    wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter)
    for column in range(14):
        item = screen.table.horizontalHeaderItem(column)
        assert item is not None
        need = header.fontMetrics().boundingRect(0, 0, header.sectionSize(column) - 6, 1000, wrap, item.text())
        assert need.height() <= header.height(), item.text()


def test_hidden_it_makes_no_window_higher(qtbot: QtBot) -> None:
    made = Monthly()
    qtbot.addWidget(made)
    made.show_report(month_report())
    made.resize(640, 480)
    made.grab()  # lays it out as it is, which a window does with its hidden screens, too
    assert made.minimumSizeHint().height() <= 450


def test_what_nobody_stated_is_said(screen: Monthly) -> None:
    screen.show_report(month_report(total=103, settled=None, settled_digitised=None, reused=None))
    assert row(screen)[9:] == ["chưa nhập", "chưa nhập", "–", "chưa nhập", "–"]
    assert screen.check.role == "mind"
    assert screen.check.words.startswith("Chênh lệch (3) - (5+6) = 3. Có hồ sơ không thuộc cột (5) hay (6)")
    assert (screen.save.next_act, screen.keep.next_act) == (False, True)
    assert screen.fields["settled"].text() == ""


def test_two_units_have_a_sum(screen: Monthly) -> None:
    report = month_report()
    screen.show_report(replace(report, rows=(*report.rows, *report.rows), total=report.total))
    assert screen.table.rowCount() == 3
    assert row(screen, 2)[1] == "Tổng cộng"


def test_months_and_numbers_are_asked_for(screen: Monthly, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.month_asked) as asked:
        screen.earlier.click()
    assert asked.args == [Month(2026, 10)]
    screen.fields["settled_digitised"].clear()
    screen.fields["settled"].setFocus()
    with qtbot.waitSignal(screen.stated) as told:
        QTest.keyClick(screen.fields["settled"], Qt.Key.Key_Return)
    assert told.args == [Stated(80, None, 10)]
    QTest.keyClicks(screen.fields["settled_digitised"], "-7x6")
    assert screen.fields["settled_digitised"].text() == "76"


def test_a_number_that_was_changed_is_to_be_written_down_before_the_table_leaves(screen: Monthly) -> None:
    field = screen.fields["reused"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "11")
    assert (screen.save.next_act, screen.keep.next_act) == (False, True)
    field.selectAll()
    QTest.keyClicks(field, "10")
    assert (screen.save.next_act, screen.keep.next_act) == (True, False)


def test_a_month_without_reasons_says_so(screen: Monthly) -> None:
    screen.show_report(replace(month_report(), reasons=()))
    assert screen.reasons.isHidden()
    assert screen.no_reasons.isVisible()
    assert screen.no_reasons.text() == "Mọi giấy tờ của tháng đã được số hóa."


def test_on_paper_it_is_one_landscape_page(qtbot: QtBot) -> None:
    make_application(paths.resources(), "light")  # with its translator: paper sizes have names of their own
    content, pages = pdf_of(month_html(month_report()), "Báo cáo", landscape=True)
    assert pages == 1
    with pikepdf.open(io.BytesIO(content)) as pdf:
        left, bottom, right, top = (float(edge) for edge in pdf.pages[0].MediaBox)
        assert (round(right - left), round(top - bottom)) == (842, 595)
        fonts = pdf.pages[0].Resources.Font
        assert all("/FontFile2" in f.DescendantFonts[0].FontDescriptor for f in fonts.values()), "type goes along"


# -- files ------------------------------------------------------------------------------------------------------------


def chosen(monkeypatch: pytest.MonkeyPatch, name: str, kind: str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (name, kind))


def test_figures_are_written_as_the_kind_that_was_chosen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: Monthly
) -> None:
    figures = desk_state().figures
    chosen(monkeypatch, str(tmp_path / "a"), outlets.XLSX)
    assert outlets.save_figures(screen, figures, screen) == "a.xlsx"
    assert load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "Tổng quan"
    chosen(monkeypatch, str(tmp_path / "b.csv"), outlets.CSV)
    assert outlets.save_figures(screen, figures, screen) == "b.csv"
    assert "63" in (tmp_path / "b.csv").read_text("utf-8-sig")
    chosen(monkeypatch, str(tmp_path / "c"), outlets.PNG)
    assert outlets.save_figures(screen, figures, screen) == "c.png"
    assert (tmp_path / "c.png").read_bytes()[:4] == b"\x89PNG"
    chosen(monkeypatch, "", "")
    assert outlets.save_figures(screen, figures, screen) == ""


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    outcome = outlets.write(tmp_path / "folder.xlsx", b"x")
    assert isinstance(outcome, DeskError)
    assert outcome.code == "file.not_written"
    assert [file.name for file in tmp_path.iterdir()] == ["folder.xlsx"]


# -- the whole window -------------------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot, bench: Bench) -> Iterator[MainWindow]:  # noqa: F811
    make_application(paths.resources(), "light")
    lanes = Lanes()
    bridge = Bridge(lanes)
    shown = MainWindow(bench.desk, bridge)
    shown.resize(1366, 728)
    shown.show()
    yield shown
    shown.watch.stop()
    bridge.close()
    lanes.close()
    shown.deleteLater()


def test_a_month_is_counted_numbers_kept_and_a_workbook_saved(
    qtbot: QtBot,
    window: MainWindow,
    bench: Bench,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench.received()
    boss = Officer("boss", "hung", "Phạm Quốc Hùng", frozenset({Role.SUPERVISOR}))
    window._enter(boss)
    window.do("monthly")
    screen = window.review.monthly.screen
    qtbot.waitUntil(lambda: screen.report is not None, timeout=10_000)
    assert row(screen)[2:6] == ["1", "0", "1", "0"]
    screen.fields["settled"].setText("80")
    screen.fields["settled_digitised"].setText("81")
    screen.keep.click()
    qtbot.waitUntil(lambda: "không khớp" in window.banner.accessibleName(), timeout=10_000)
    screen.fields["settled_digitised"].setText("76")
    screen.keep.click()
    qtbot.waitUntil(lambda: screen.report is not None and screen.report.stated == Stated(80, 76, None), timeout=10_000)
    chosen(monkeypatch, str(tmp_path / "thang.xlsx"), outlets.XLSX)
    screen.save.click()
    assert load_workbook(tmp_path / "thang.xlsx")["Số hóa"]["L5"].value == 0.95
    picked = [str(tmp_path / "thang.xlsx"), str(tmp_path / "none.xlsx")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (picked, outlets.XLSX))
    screen.merge.click()
    qtbot.waitUntil(lambda: "Không gộp được «none.xlsx»" in window.banner.accessibleName(), timeout=10_000)
    del picked[1]
    chosen(monkeypatch, str(tmp_path / "gop.xlsx"), outlets.XLSX)
    screen.merge.click()
    qtbot.waitUntil(lambda: "Đã gộp 1 bàn" in window.banner.accessibleName(), timeout=10_000)
    assert load_workbook(tmp_path / "gop.xlsx")["Số hóa"]["L5"].value == 0.95
    chosen(monkeypatch, str(tmp_path / "thang.pdf"), outlets.PDF)
    screen.pdf.click()
    assert (tmp_path / "thang.pdf").read_bytes()[:5] == b"%PDF-"
    screen.earlier.click()
    qtbot.waitUntil(lambda: screen.month == Month(2026, 10), timeout=10_000)
    assert row(screen)[2] == "0"
    window.do("back")
    assert window.rooms.at_start
