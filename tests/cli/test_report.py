# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The command ``report``: exit codes, JSON keys, files by their ending."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook

from digitizer_desk import assemble
from digitizer_desk.app import main
from digitizer_desk.dossier.model import Applicant
from digitizer_desk.messages.monthly import workbook
from digitizer_desk.paths import DeskPaths
from digitizer_desk.province.reports.tables import as_csv, as_workbook
from digitizer_desk.steps import officers, receive
from digitizer_desk.steps.review import monthly
from digitizer_desk.ui.review.monthly import month_pdf


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A desk that received one dossier, and the month of that day."""
    folder = tmp_path_factory.mktemp("report") / "desk"
    place = DeskPaths(folder)
    place.make()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CONFIG_HOME", str(folder.parent / "config"))
        assemble.set_up(place)
        with assemble.opened(place) as desk:
            clerk = officers.first(desk, "an", "Lê Văn An", "mat-khau-dai")
            receipt = receive.Receipt("000.00.12.H08-261121-0007", "1.001193", Applicant("Nguyễn Thị Hường"))
            received = receive.receive(desk, receipt, clerk)
    return folder, f"{received.received_on:%Y-%m}"


@pytest.fixture(autouse=True)
def _desk(data: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(data[0]))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(data[0].parent / "config"))


def test_the_table_is_shown(data: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--month", data[1]]) == 0
    told = capsys.readouterr().out
    assert "(9)=(7+8)/3" in told
    assert "Chưa quét" in told
    assert "Nguyễn" not in told


def test_json_names_columns_by_number(data: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--month", data[1], "--json"]) == 0
    unit, *reasons = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert set(unit) == {"month", "columns", "difference"}
    assert list(unit["columns"]) == [str(number) for number in range(1, 15)]
    assert (unit["columns"]["3"], unit["columns"]["9"], unit["columns"]["12"]) == (1, 0.0, None)
    assert all(set(reason) == {"month", "reason", "papers", "dossiers"} for reason in reasons)
    assert reasons


def test_files_by_their_ending(data: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--month", data[1], "--out", str(tmp_path / "a.xlsx")]) == 0
    assert load_workbook(tmp_path / "a.xlsx")["Số hóa"]["C5"].value == 1
    assert main(["report", "--out", str(tmp_path / "b.csv")]) == 0
    assert (tmp_path / "b.csv").read_bytes().startswith(bytes.fromhex("efbbbf"))
    capsys.readouterr()
    assert main(["report", "--out", str(tmp_path / "c.docx")]) == 2
    assert capsys.readouterr().err.startswith("report.kind_unknown: ")
    assert main(["report", "--month", "11/2026"]) == 2
    assert capsys.readouterr().err.startswith("report.month_unknown: ")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.xlsx", "b.csv"]


def test_the_same_files_as_from_the_window(
    data: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name for name in ("a.xlsx", "a.csv", "a.pdf")]
    args = [part for file in files for part in (f"--{file.suffix[1:]}", str(file))]
    assert main(["report", "--month", data[1], *args]) == 0
    told_of = capsys.readouterr().out.replace("\n", "")
    assert all(file.name in told_of for file in files)
    with assemble.opened(DeskPaths(data[0])) as desk:
        made = monthly.report(desk, monthly.read_month(data[1]))
    assert files[1].read_bytes() == as_csv(workbook(made))
    book, window = load_workbook(files[0]), load_workbook(io.BytesIO(as_workbook(workbook(made))))
    assert book.sheetnames == window.sheetnames
    for sheet in (name for name in book.sheetnames if name != "Nguồn"):  # that one says when it was counted
        assert [[c.value for c in row] for row in book[sheet]] == [[c.value for c in row] for row in window[sheet]]
    with pikepdf.open(files[2]) as told, pikepdf.open(io.BytesIO(month_pdf(made))) as shown:
        assert [round(float(side) / 72 * 25.4) for side in told.pages[0].mediabox[2:]] == [297, 210]
        assert len(told.pages) == len(shown.pages)
    assert main(["report", "--out", str(tmp_path / "b.pdf")]) == 0
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF-1.4")


def test_reports_are_merged_and_a_copy_counts_once(
    data: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, copy, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "gop.xlsx"
    assert main(["report", "--month", data[1], "--out", str(one)]) == 0
    copy.write_bytes(one.read_bytes())
    capsys.readouterr()
    assert main(["merge", str(one), str(copy), "--out", str(out)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Đã gộp 1 bàn của 1 đơn vị" in told
    assert "Không tính «b.xlsx»" in told
    assert load_workbook(out)["Số hóa"]["C5"].value == 1
    assert main(["merge", str(one), str(copy), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["columns"]["3"] == 1
    assert lines[-1] == {"left_out": str(copy)}
    assert main(["merge", str(tmp_path / "none.xlsx")]) == 2
    assert capsys.readouterr().err.startswith("report.not_ours: ")
