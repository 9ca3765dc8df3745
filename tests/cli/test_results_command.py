# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``results``: a list is brought in whole or its bad cells are told; names, codes and keys are a contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digitizer_desk import assemble
from digitizer_desk.app import main
from digitizer_desk.paths import DeskPaths
from steps.test_listed_results import row, workbook

Said = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskPaths:
    made = DeskPaths(tmp_path / "desk")
    assemble.set_up(made)
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(made.data))
    return made


def listed_at(place: DeskPaths) -> int:
    with assemble.opened(place) as desk:
        return desk.cabinet.listed.waiting()


def lines(capsys: Said) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_list_is_checked_brought_and_brought_again(place: DeskPaths, tmp_path: Path, capsys: Said) -> None:
    file = workbook(tmp_path, [row(), row()])
    assert main(["results", str(file), "--check", "--json"]) == 0
    assert lines(capsys) == [{"file": file.name, "listed": 0, "good": 2, "known": []}]
    assert listed_at(place) == 0
    assert main(["results", str(file), "--json"]) == 0
    assert lines(capsys) == [{"file": file.name, "listed": 2, "good": 2, "known": []}]
    assert listed_at(place) == 2
    assert main(["results", str(file)]) == 0
    assert "Đã nhập 0 kết quả; 2 dòng đã có từ trước." in capsys.readouterr().out
    assert listed_at(place) == 2


def test_bad_cells_are_told_and_nothing_is_brought(place: DeskPaths, tmp_path: Path, capsys: Said) -> None:
    file = workbook(tmp_path, [row(), row(Ngày_cấp="hôm qua")])
    assert main(["results", str(file), "--json"]) == 2
    told = capsys.readouterr()
    (bad,) = [json.loads(line) for line in told.out.splitlines()]
    assert set(bad) == {"row", "column", "label", "message"}
    assert (bad["row"], bad["column"], bad["label"]) == (3, "I", "Ngày cấp")
    assert told.err.startswith("result.list_bad: ")
    assert main(["results", str(file)]) == 2
    assert "Ngày cấp" in capsys.readouterr().out
    assert listed_at(place) == 0


def test_the_template_is_never_written_over(place: DeskPaths, tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "mau.xlsx"
    assert main(["results", str(file), "--template"]) == 0
    assert main(["results", str(file), "--check"]) == 0, "an empty list is a good list"
    assert main(["results", str(file), "--template"]) == 2
    assert capsys.readouterr().err.startswith("file.exists: ")
    assert main(["results", str(tmp_path / "khong-co.xlsx")]) == 2
