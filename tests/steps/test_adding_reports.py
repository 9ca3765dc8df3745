# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Monthly workbooks of several desks added up: right sums, right ratios, no desk twice, nothing taken that is none."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.dossier.monthly import MonthRow, ReasonRow, sum_of
from digitizer_desk.errors import DeskError
from digitizer_desk.messages.monthly import added_words, tables, workbook
from digitizer_desk.province.reports.returned import DeskMark
from digitizer_desk.province.reports.tables import as_csv, as_workbook
from digitizer_desk.steps.review.adding import Added, add_up
from digitizer_desk.steps.review.monthly import Month, MonthReport, Stated

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=VIETNAM)
NOVEMBER = Month(2026, 11)
WARD, COMMUNE = "UBND phường Sông Mây", "UBND xã Đại Đồng"


def row(unit: str = WARD, **more: int | None) -> MonthRow:
    numbers = {"total": 100, "with_account": 30, "direct": 60, "online": 40, "full": 50, "partly": 20}
    return MonthRow(unit, **{**numbers, "settled": 80, "settled_digitised": 76, "reused": 10, **more})  # type: ignore[arg-type]


def saved(folder: Path, name: str, desk: str, *rows: MonthRow, month: Month = NOVEMBER, late: int = 0) -> Path:
    """The workbook of a desk, counted ``late`` hours after the others."""
    at = NOW + timedelta(hours=late)
    why = (ReasonRow("not_scanned", 4, 3), ReasonRow("left_out", 5, 4))
    made = MonthReport(
        month, rows or (row(),), sum_of(rows or (row(),), "Tổng cộng"), why, Stated(), at, (DeskMark(desk, at),)
    )
    file = folder / name
    file.write_bytes(as_workbook(workbook(made)))
    return file


def refused(*files: Path) -> DeskError:
    with pytest.raises(DeskError) as caught:
        add_up(files)
    return caught.value


def test_numbers_are_added_and_ratios_made_anew(tmp_path: Path) -> None:
    files = [
        saved(tmp_path, "1.xlsx", "desk-1"),
        saved(tmp_path, "2.xlsx", "desk-2", row(total=10, direct=10, online=0, full=0, partly=0, settled=20)),
        saved(tmp_path, "3.xlsx", "desk-3", row(COMMUNE)),
    ]
    added = add_up(files)
    ward, commune = added.report.rows
    assert (ward.unit, ward.total, ward.direct, ward.settled) == (WARD, 110, 70, 100)
    assert ward.papers_rate == pytest.approx(70 / 110), "of the sums, not the mean of 0.7 and 0"
    assert (commune.unit, commune.total) == (COMMUNE, 100)
    assert (added.report.total.total, added.report.total.results_rate) == (210, pytest.approx(228 / 180))
    assert [(why.reason, why.papers, why.dossiers) for why in added.report.reasons] == [
        ("not_scanned", 12, 9),
        ("left_out", 15, 12),
    ]
    assert added.left_out == ()
    assert added.report.month == Month(2026, 11)


def test_a_denominator_of_zero_stays_a_dash_and_a_number_one_desk_lacks_is_lacking(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("total", "with_account", "direct", "online", "full", "partly", "settled"), 0)
    files = [
        saved(tmp_path, "1.xlsx", "desk-1", row(**nothing, settled_digitised=0, reused=None)),
        saved(tmp_path, "2.xlsx", "desk-2", row(**nothing, settled_digitised=0, reused=0)),
    ]
    total = add_up(files).report.total
    assert (total.papers_rate, total.results_rate, total.reuse_rate, total.reused) == (None, None, None, None)
    form, _ = tables(add_up(files).report)
    assert form.rows[-1][8:] == ("–", 0, 0, "–", "chưa nhập", "–")
    assert form.notes[0] == "Gộp từ 2 bàn; mỗi bàn một lần."


def test_of_two_workbooks_of_one_desk_the_newer_counts_and_it_is_said(tmp_path: Path) -> None:
    old = saved(tmp_path, "cu.xlsx", "desk-1", row(total=1))
    new = saved(tmp_path, "moi.xlsx", "desk-1", row(total=2), late=3)
    other = saved(tmp_path, "khac.xlsx", "desk-2", row(total=5))
    for order in ([old, new, other], [new, other, old]):
        added = add_up(order)
        assert (added.report.total.total, added.left_out) == (7, (old,))
    assert "Không tính «cu.xlsx»" in " ".join(added_words(added, None))
    again = tmp_path / "ban-sao.xlsx"
    again.write_bytes(new.read_bytes())
    assert add_up([new, again]).left_out == (again,), "a copy of the same file counts once"


def test_a_sum_can_be_added_on_but_never_a_desk_that_is_in_it(tmp_path: Path) -> None:
    one, two, three = (saved(tmp_path, f"{n}.xlsx", f"desk-{n}") for n in (1, 2, 3))
    both = tmp_path / "gop.xlsx"
    both.write_bytes(as_workbook(workbook(add_up([one, two]).report)))
    assert add_up([both, three]).report.total.total == 300
    problem = refused(both, two)
    assert (problem.code, problem.facts["file"]) == ("report.desk_twice", "gop.xlsx")
    assert refused(both, both).code == "report.desk_twice"


def test_months_are_not_mixed(tmp_path: Path) -> None:
    problem = refused(saved(tmp_path, "1.xlsx", "a"), saved(tmp_path, "2.xlsx", "b", month=Month(2026, 10)))
    assert (problem.code, problem.facts) == ("report.month_differs", {"file": "2.xlsx", "month": "10/2026"})


def test_numbers_typed_into_the_table_are_taken_and_wrong_ones_are_named(tmp_path: Path) -> None:
    file = saved(tmp_path, "1.xlsx", "desk-1", row(settled=None, settled_digitised=None, reused=None))
    book = load_workbook(file)
    book["Số hóa"]["J5"], book["Số hóa"]["K5"] = 50, 25.0
    book.save(file)
    total = add_up([file]).report.total
    assert (total.settled, total.settled_digitised, total.results_rate, total.reused) == (50, 25, 0.5, None)
    for cell, bad in (("C5", "chưa nhập"), ("C5", -1), ("J5", 2.5), ("M5", "10 hồ sơ"), ("G5", None)):
        book = load_workbook(file)
        book["Số hóa"][cell] = bad
        book.save(tmp_path / "sai.xlsx")
        problem = refused(tmp_path / "sai.xlsx")
        assert (problem.code, problem.facts) == ("report.cell_wrong", {"file": "sai.xlsx", "cell": cell}), bad


def test_what_is_no_report_of_a_desk_is_refused(tmp_path: Path) -> None:
    text, other, gone = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    text.write_text("không phải bảng tính")
    Workbook().save(other)
    for file in (text, other, gone):
        assert refused(file).code == "report.not_ours"
    for cell, bad in (("B5", "2026-13-01"), ("C6", "hôm qua"), ("B4", 2), ("C6", "2026-12-01T08:00:00")):
        book = load_workbook(saved(tmp_path, "d.xlsx", "desk-1"))
        book["Nguồn"][cell] = bad
        book.save(tmp_path / "d.xlsx")
        assert refused(tmp_path / "d.xlsx").code == "report.not_ours", (cell, bad)
    book = load_workbook(saved(tmp_path, "e.xlsx", "desk-1"))
    book["Số hóa"]["A5"] = "x"
    book.save(tmp_path / "e.xlsx")
    assert refused(tmp_path / "e.xlsx").code == "report.not_ours"
    assert refused().code == "report.not_ours"


def test_the_hidden_sheet_is_hidden_and_in_no_text(tmp_path: Path) -> None:
    book = load_workbook(saved(tmp_path, "1.xlsx", "desk-1"))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Số hóa", "visible"),
        ("Lý do", "visible"),
        ("Nguồn", "hidden"),
    ]
    added: Added = add_up([tmp_path / "1.xlsx"])
    assert "desk-1" not in as_csv(workbook(added.report)).decode("utf-8-sig")
