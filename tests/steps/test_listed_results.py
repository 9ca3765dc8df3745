# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The list of older results: whole or not at all, each bad cell told with its row and column, picked once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from digitizer_desk.dossier.model import ApplicantKind, CodeKind, FieldSource, Role
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError
from digitizer_desk.province.handover import older_results
from digitizer_desk.steps import extract
from digitizer_desk.steps.results import listed
from steps.conftest import Bench

GOOD = {
    "Mã hồ sơ": "000.00.12.H08-210722-1000",
    "Mã TTHC": "1.001193",
    "Mã loại giấy tờ": "KQ.G01.000005",
    "Số định danh": "035199000123",
    "Họ và tên": "Nguyễn Thị Hường",
    "Tên giấy tờ": "Giấy khai sinh",
    "Số, ký hiệu": "15/2021",
    "Ngày cấp": "22/07/2021",
    "Cơ quan cấp": "UBND phường Bến Thông",
    "Trích yếu nội dung": "Khai sinh cho con",
}
_numbers = count(1)


def row(**changes: object) -> dict[str, object]:
    """A good row of its own; names of the changes are columns with spaces as underscores."""
    return {**GOOD, "Số, ký hiệu": f"{next(_numbers)}/KS", **{k.replace("_", " "): v for k, v in changes.items()}}


def workbook(folder: Path, rows: list[dict[str, object]], *, before: int = 0, name: str = "danh-sach.xlsx") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for _ in range(before):
        sheet.append(["DANH SÁCH KẾT QUẢ CÒN HIỆU LỰC"])
    heading = ["STT", *dict.fromkeys(key for one in rows or [GOOD] for key in one)]
    sheet.append(heading)
    for number, one in enumerate(rows, start=1):
        sheet.append([number, *(one.get(key) for key in heading[1:])])
    book.save(folder / name)
    return folder / name


def test_a_good_list_is_listed_whole(shared: Bench, tmp_path: Path) -> None:
    desk = shared.desk
    before = desk.cabinet.listed.waiting()
    rows = [
        row(),
        row(Ngày_cấp=date(2021, 7, 22), Họ_và_tên="Trần Thị Bình"),
        row(**{"Số định danh": "", "Họ và tên": "", "Tên tổ chức": "Hợp tác xã Đồng Tâm", "Năm thành lập": "2015"}),
        row(Mã_hồ_sơ="243", Mã_TTHC="2.000999", Tên_TTHC="Thủ tục đã thay thế"),
    ]
    found = listed.bring(desk, workbook(tmp_path, rows, before=2), shared.officer)
    assert (len(found.lines), found.bad, found.again) == (4, (), ())
    assert desk.cabinet.listed.waiting() == before + 4
    dates = {line.get("ngay_cap") for line in found.lines}
    assert dates == {"22/07/2021"}, "a day is a day, however the sheet keeps it"
    assert found.lines[2].applicant_kind == "organisation"
    (entry,) = [e for e in desk.cabinet.journal.entries() if e.action == "results_listed"][:1]
    assert entry.by == shared.officer.id


def test_a_stray_space_in_the_last_cell_of_the_sheet_costs_nothing(
    shared: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook(tmp_path, [row()])
    book = load_workbook(file)
    book.active.cell(200, 16_384).value = " "  # type: ignore[union-attr]
    book.save(file)
    looked: list[object] = []
    cell = older_results._cell
    monkeypatch.setattr(older_results, "_cell", lambda value: looked.append(value) or cell(value))
    found = listed.read(shared.desk, file)
    assert (len(found.lines), found.bad) == (1, ())
    assert len(looked) < 100, "three million empty cells would be looked at"


def test_one_bad_row_and_nothing_is_listed(shared: Bench, tmp_path: Path) -> None:
    before = shared.desk.cabinet.listed.waiting()
    file = workbook(tmp_path, [row(), row(Ngày_cấp="32/01/2021"), row(Mã_hồ_sơ="có dấu cách")])
    with pytest.raises(DeskError) as refused:
        listed.bring(shared.desk, file, shared.officer)
    assert refused.value.code == "result.list_bad"
    assert refused.value.facts["rows"] == 2
    assert shared.desk.cabinet.listed.waiting() == before
    bad = listed.read(shared.desk, file).bad
    assert [(cell.row, cell.column, cell.label) for cell in bad] == [(3, "I", "Ngày cấp"), (4, "B", "Mã hồ sơ")]


BAD: list[tuple[dict[str, object], str, str]] = [
    ({"Mã TTHC": ""}, "Mã TTHC", "Thiếu mã thủ tục"),
    ({"Mã TTHC": "9.999999"}, "Mã TTHC", "«Tên TTHC»"),
    ({"Họ và tên": ""}, "Họ và tên", "Thiếu chủ hồ sơ"),
    ({"Số định danh": 1185000123}, "Số định danh", "mất số 0"),
    ({"Số định danh": "0012"}, "Số định danh", "đếm lại"),
    ({"Mã loại giấy tờ": ""}, "Mã loại giấy tờ", ""),
    ({"Ngày cấp": "22/07/2031"}, "Ngày cấp", "chưa đến"),
    ({"Thời hạn có hiệu lực": "1y"}, "Thời hạn có hiệu lực", "đã hết hiệu lực ngày 22/07/2022"),
    ({"Trích yếu nội dung": "x" * 501}, "Trích yếu nội dung", "nhiều nhất 500"),
]


@pytest.mark.parametrize(("changes", "label", "words"), BAD)
def test_each_bad_cell_is_told(
    shared: Bench, tmp_path: Path, changes: dict[str, object], label: str, words: str
) -> None:
    found = listed.read(shared.desk, workbook(tmp_path, [row(), {**row(), **changes}]))
    assert {cell.row for cell in found.bad} == {3}
    assert any(cell.label == label and words in cell.words for cell in found.bad)
    assert all(cell.column for cell in found.bad)


def test_the_same_result_twice_is_told_and_one_listed_before_is_passed_over(shared: Bench, tmp_path: Path) -> None:
    first = row()
    listed.bring(shared.desk, workbook(tmp_path, [first]), shared.officer)
    again = listed.bring(shared.desk, workbook(tmp_path, [first, row()]), shared.officer)
    assert (again.again, [line.row for line in again.lines]) == ((2,), [3])
    twin = row()
    (cell,) = listed.read(shared.desk, workbook(tmp_path, [twin, twin])).bad
    assert (cell.row, cell.words) == (3, "Trùng với dòng 2.")


def no_zip(_file: Path) -> bytes:
    return b"Ma ho so;..."


def old_excel(_file: Path) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def cut(file: Path) -> bytes:
    return file.read_bytes()[:-200]


def torn_inside(file: Path) -> bytes:
    """A workbook whose sheet is no XML any more."""
    sink = io.BytesIO()
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(sink, "w") as torn:
        for part in whole.infolist():
            data = whole.read(part)
            torn.writestr(part.filename, data[: len(data) // 2] if "sheet1" in part.filename else data)
    return sink.getvalue()


def blown_up(_file: Path) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        for number in range(5):
            book.writestr(f"xl/{number}.xml", bytes(90_000_000))
    return sink.getvalue()


def no_such_columns(file: Path) -> bytes:
    book = load_workbook(file)
    book.active.delete_cols(2)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (no_zip, "Không phải tệp Excel"),
        (old_excel, "đời cũ"),
        (cut, "Không phải tệp Excel"),
        (torn_inside, "hỏng"),
        (blown_up, "quá lớn"),
        (no_such_columns, "«Mã hồ sơ»"),
    ],
)
def test_a_file_that_is_no_list_is_told(
    shared: Bench, tmp_path: Path, spoil: Callable[[Path], bytes], why: str
) -> None:
    file = workbook(tmp_path, [row()])
    file.write_bytes(spoil(file))
    with pytest.raises(DeskError) as refused:
        listed.bring(shared.desk, file, shared.officer)
    assert refused.value.code == "result.list_unreadable"
    assert why in refused.value.facts["why"]


def test_the_empty_list_can_be_filled_and_read(shared: Bench, tmp_path: Path) -> None:
    file = tmp_path / "mau.xlsx"
    file.write_bytes(listed.template(shared.desk))
    book = load_workbook(file)
    sheet = book.active
    labels = [cell.value for cell in sheet[1]]
    assert labels[0] == "Mã hồ sơ"
    one = row()
    sheet.append([one.get(label, "") for label in labels])
    book.save(file)
    assert listed.read(shared.desk, file).bad == ()


def test_a_picked_line_is_a_paper_with_its_data_typed(shared: Bench, tmp_path: Path) -> None:
    desk = shared.desk
    wanted = row(Mã_hồ_sơ="244", Mã_TTHC="2.000999", Tên_TTHC="Thủ tục đã thay thế")
    listed.bring(desk, workbook(tmp_path, [wanted]), "terminal")
    (line,) = desk.cabinet.listed.find(str(wanted["Số, ký hiệu"]))
    dossier, paper = listed.pick(desk, line.id, shared.officer)
    assert (dossier.code, dossier.code_kind, dossier.procedure_title) == ("244", CodeKind.LEGACY, "Thủ tục đã thay thế")
    assert dossier.applicant.name == "Nguyễn Thị Hường"
    assert dossier.applicant.kind is ApplicantKind.PERSON
    assert dossier.granted is not None
    (component,) = dossier.components
    assert (component.id, component.kind, component.title) == (paper, PaperKind.RESULT, "Giấy khai sinh")
    law = desk.law_of(dossier)
    assert stage(component, law.order, law.may_scan(component)) == "scan"
    guesses = {f.name: f for f in extract.guess(desk, dossier, component)}
    assert guesses["so_ky_hieu"].value == wanted["Số, ký hiệu"]
    assert guesses["so_dinh_danh"].source is FieldSource.DOSSIER
    with pytest.raises(DeskError) as twice:
        listed.pick(desk, line.id, shared.officer)
    assert twice.value.code == "result.taken"
    assert desk.cabinet.listed.get(line.id).component_id == paper
    assert desk.cabinet.listed.find()[-1].component_id, "those still to be done come first"


def test_a_line_of_a_known_dossier_joins_it(shared: Bench, tmp_path: Path) -> None:
    desk = shared.desk
    dossier = shared.received("000.00.12.H08-210722-1999")
    listed.bring(desk, workbook(tmp_path, [row(Mã_hồ_sơ="000.00.12.H08-210722-1999")]), shared.officer)
    line = desk.cabinet.listed.find("1999")[0]
    joined, paper = listed.pick(desk, line.id, shared.officer)
    assert joined.id == dossier.id
    assert joined.components[-1].id == paper
    assert len(joined.components) == len(dossier.components) + 1


def test_only_clerk_and_van_thu_bring_lists_and_only_the_clerk_picks(shared: Bench, tmp_path: Path) -> None:
    file = workbook(tmp_path, [row()])
    it = replace(shared.officer, roles=frozenset({Role.IT}))
    with pytest.raises(DeskError) as refused:
        listed.bring(shared.desk, file, it)
    assert refused.value.code == "officer.not_allowed"
    listed.bring(shared.desk, file, replace(shared.officer, roles=frozenset({Role.VAN_THU})))
    line = shared.desk.cabinet.listed.find()[0]
    with pytest.raises(DeskError) as refused:
        listed.pick(shared.desk, line.id, it)
    assert refused.value.code == "officer.not_allowed"
