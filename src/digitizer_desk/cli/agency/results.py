# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal command ``results``: a list of older results still in force is checked and brought in, whole or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import emit, failing, say, table, tell
from digitizer_desk.desk import Desk
from digitizer_desk.durable import whole_file
from digitizer_desk.errors import error
from digitizer_desk.steps.results import listed

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Nhập danh sách Excel các kết quả còn hiệu lực chờ số hóa: đúng hết mới nhập")
    def results(
        file: Annotated[Path, typer.Argument(help="Danh sách (.xlsx); với --template là tệp mẫu cần tạo")],
        check: Annotated[bool, typer.Option("--check", help="Chỉ kiểm tra, không nhập")] = False,
        template: Annotated[bool, typer.Option("--template", help="Tạo tệp mẫu để điền")] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing(), doors.open_desk() as desk:
            if template:
                _template(desk, file)
                return
            found = listed.read(desk, file)
            _tell_bad(found, as_json)
            if found.bad:
                raise typer.Exit(tell(error("result.list_bad", file=file.name, rows=found.bad_rows)))
            if not check:
                found = listed.bring(desk, file, "terminal")
            _tell(found, as_json, brought=not check)


def _template(desk: Desk, file: Path) -> None:
    with whole_file(file, new=True) as sink:
        sink.write(listed.template(desk))
    say(f"Đã tạo {file}. Cột in đậm là cột bắt buộc.")


def _tell_bad(found: listed.ReadLines, as_json: bool) -> None:
    """Every bad cell, where the sheet shows it."""
    if as_json:
        for cell in found.bad:
            emit({"row": cell.row, "column": cell.column, "label": cell.label, "message": cell.words})
    elif found.bad:
        rows = [(str(cell.row), cell.column, cell.label, cell.words) for cell in found.bad]
        table("Ô cần sửa", ("Dòng", "Cột", "Tên cột", "Cần sửa"), rows)


def _tell(found: listed.ReadLines, as_json: bool, *, brought: bool) -> None:
    if as_json:
        emit({"file": found.file, "listed": len(found.lines) if brought else 0,
              "good": len(found.lines), "known": list(found.again)})  # fmt: skip
        return
    done = "Đã nhập" if brought else "Có thể nhập"
    again = f"; {len(found.again)} dòng đã có từ trước" if found.again else ""
    say(f"{done} {len(found.lines)} kết quả{again}.")
