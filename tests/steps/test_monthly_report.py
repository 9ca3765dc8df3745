# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The month's numbers out of a real cabinet, and the workbook they become."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM, AccountCheck, Channel, Officer, Role
from digitizer_desk.errors import DeskError
from digitizer_desk.messages.monthly import HEADER, tables
from digitizer_desk.province.reports.tables import Table, as_csv, as_workbook
from digitizer_desk.steps.review import monthly
from digitizer_desk.steps.review.monthly import Month, Stated
from steps.conftest import Bench
from steps.reviewed import SUPERVISOR, sign_pages
from store.samples import make_dossier

NOVEMBER = Month(2026, 11)


@pytest.fixture
def desk(bench: Bench) -> Desk:
    unit = bench.desk.settings.unit.model_copy(update={"name": "UBND phường Sông Mây"})
    return replace(bench.desk, settings=bench.desk.settings.model_copy(update={"unit": unit}))


def add(desk: Desk, number: int, at: datetime, **facts: object) -> None:
    law = desk.law_today().id
    desk.cabinet.dossiers.add(replace(make_dossier(number), received_at=at, rules_id=law, **facts), "an")


def test_a_month_is_that_of_vietnam(desk: Desk) -> None:
    add(desk, 1, datetime(2026, 10, 31, 16, 59, tzinfo=UTC))  # 23:59 in Vietnam
    add(desk, 2, datetime(2026, 10, 31, 17, 0, tzinfo=UTC))  # midnight of 1 November
    add(desk, 3, datetime(2026, 11, 30, 23, 59, tzinfo=VIETNAM), channel=Channel.ELECTRONIC)
    add(desk, 4, datetime(2026, 12, 1, 0, 0, tzinfo=VIETNAM), account_check=AccountCheck.YES)
    november = monthly.report(desk, NOVEMBER).rows[0]
    assert (november.total, november.direct, november.online, november.with_account) == (2, 1, 1, 0)
    december = monthly.report(desk, Month(2026, 12)).rows[0]
    assert (december.total, december.with_account, december.difference) == (1, 1, 0)
    assert monthly.report(desk, Month(2026, 10)).rows[0].total == 1


def test_what_is_not_signed_sent_and_received_is_not_digitised(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 2)
    made = monthly.report(desk, NOVEMBER)
    row = made.rows[0]
    assert (row.unit, row.total, row.full, row.partly, row.papers_rate) == ("UBND phường Sông Mây", 1, 0, 0, 0.0)
    assert sum(reason.papers for reason in made.reasons) >= 1
    assert all(reason.dossiers == 1 for reason in made.reasons)


def test_numbers_of_the_settling_system_are_kept_by_month_and_journaled(desk: Desk) -> None:
    assert monthly.stated(desk, NOVEMBER) == Stated()
    with pytest.raises(DeskError) as caught:
        monthly.state(desk, NOVEMBER, Stated(80, 76, 10), Officer("x", "x", "X", frozenset({Role.CLERK})))
    assert caught.value.code == "officer.not_allowed"
    monthly.state(desk, NOVEMBER, Stated(80, 76, 10), SUPERVISOR)
    row = monthly.report(desk, NOVEMBER).rows[0]
    assert (row.settled, row.settled_digitised, row.reused, row.results_rate) == (80, 76, 10, 0.95)
    assert monthly.stated(desk, Month(2026, 10)) == Stated()
    assert desk.cabinet.journal.entries("setting:report.2026-11")[0].by == SUPERVISOR.id


@pytest.mark.parametrize("numbers", [Stated(10, 11, 0), Stated(-1, None, None), Stated(None, None, -5)])
def test_numbers_that_cannot_be_are_refused(desk: Desk, numbers: Stated) -> None:
    with pytest.raises(DeskError) as caught:
        monthly.state(desk, NOVEMBER, numbers, SUPERVISOR)
    assert caught.value.code == "report.numbers_wrong"
    assert monthly.stated(desk, NOVEMBER) == Stated()


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-00", "11-2026", "2026-11-01", "0026-11", "tháng 11", ""])
def test_a_month_that_is_none(text: str) -> None:
    with pytest.raises(DeskError) as caught:
        monthly.read_month(text)
    assert caught.value.code == "report.month_unknown"


def test_months_go_on_over_the_year() -> None:
    assert monthly.read_month(" 2026-12 ") == Month(2026, 12)
    assert Month(2026, 12).moved(1) == Month(2027, 1)
    assert Month(2026, 1).moved(-1) == Month(2025, 12)
    assert Month(2026, 12).ends == datetime(2027, 1, 1, tzinfo=VIETNAM)
    assert Month(2028, 2).ends == datetime(2028, 3, 1, tzinfo=VIETNAM)
    assert (str(NOVEMBER), NOVEMBER.words) == ("2026-11", "11/2026")


def test_the_workbook_holds_the_form(desk: Desk) -> None:
    add(desk, 1, datetime(2026, 11, 2, 9, 0, tzinfo=VIETNAM))
    monthly.state(desk, NOVEMBER, Stated(80, 76, None), SUPERVISOR)
    book = load_workbook(io.BytesIO(as_workbook(tables(monthly.report(desk, NOVEMBER)))))
    assert book.sheetnames == ["Số hóa", "Lý do"]
    sheet = book["Số hóa"]
    assert sheet["A1"].value == "Tình hình số hóa hồ sơ, kết quả giải quyết thủ tục hành chính, tháng 11/2026"
    assert tuple(cell.value for cell in sheet[3]) == HEADER
    assert sheet["I4"].value == "(9)=(7+8)/3"
    assert sheet["I4"].data_type == "s"
    assert [cell.value for cell in sheet[5]][2:] == [1, 0, 1, 0, 0, 0, 0.0, 80, 76, 0.95, "chưa nhập", "–"]
    assert sheet["L5"].number_format == "0.0%"
    assert (sheet["B6"].value, sheet["B6"].font.bold) == ("Tổng cộng", True)
    assert sheet["A8"].value == "Chênh lệch (3) - (5+6) = 0."
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert [cell.value for cell in book["Lý do"][3]] == ["STT", "Lý do chưa số hóa", "Số giấy tờ", "Số hồ sơ"]
    assert book["Lý do"]["B4"].value == "Chưa quét"


def test_text_is_never_a_formula_in_either_file() -> None:
    bad = Table("x", "t", ("a", "b"), (("=1+1", "@SUM(A1)"), ("+1", "plain")))
    book = load_workbook(io.BytesIO(as_workbook([bad])))
    assert [book["x"].cell(4, 1).data_type, book["x"].cell(4, 1).value] == ["s", "=1+1"]
    assert as_csv([bad]).decode("utf-8-sig").splitlines()[2:] == ["'=1+1;'@SUM(A1)", "'+1;plain"]
