# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal command ``report``: the monthly table and the reasons, as a file or on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import emit, failing, say, table
from digitizer_desk.durable import whole_file
from digitizer_desk.errors import error
from digitizer_desk.messages.monthly import REASON_NAMES, added_words, cell_words, tables, workbook
from digitizer_desk.province.reports.tables import as_csv, as_workbook
from digitizer_desk.steps.review import adding, monthly


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Báo cáo tháng: bảng 14 cột và lý do chưa số hóa, ra .xlsx, .csv, .pdf hoặc màn hình")
    def report(
        month: Annotated[str, typer.Option("--month", help="Tháng, dạng 2026-11; không ghi là tháng này")] = "",
        out: Annotated[Path | None, typer.Option("--out", help="Tệp .xlsx, .csv hoặc .pdf")] = None,
        xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Tệp bảng tính sẽ ghi")] = None,
        csv: Annotated[Path | None, typer.Option("--csv", help="Tệp văn bản sẽ ghi")] = None,
        pdf: Annotated[Path | None, typer.Option("--pdf", help="Tệp PDF sẽ ghi, A4 ngang, để ký")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")] = False,
    ) -> None:
        with failing():
            files = [(kind, file) for kind, file in ((".xlsx", xlsx), (".csv", csv), (".pdf", pdf)) if file is not None]
            if out is not None:
                files.insert(0, (_kind(out), out))
            wanted = monthly.read_month(month) if month else None
            with doors.open_desk() as desk:
                made = monthly.report(desk, wanted or monthly.month_of(desk))
            for kind, file in files:
                _write(made, file, kind, doors)
            if as_json:
                _emit(made)
            elif files:
                names = ", ".join(str(file) for _kind_of, file in files)
                say(f"Đã lưu báo cáo tháng {made.month.words} vào {names}.")
            else:
                _show(made)

    @program.command(help="Gộp báo cáo tháng (.xlsx) của nhiều bàn thành một bảng; không bàn nào bị đếm hai lần")
    def merge(
        files: Annotated[list[Path], typer.Argument(help="Báo cáo .xlsx của từng bàn, cùng một tháng")],
        out: Annotated[Path | None, typer.Option("--out", help="Tệp .xlsx, .csv hoặc .pdf")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")] = False,
    ) -> None:
        with failing():
            kind = _kind(out) if out is not None else ""
            added = adding.add_up(files)
            if out is not None:
                _write(added.report, out, kind, doors)
            if as_json:
                _emit(added.report)
                for file in added.left_out:
                    emit({"left_out": str(file)})
                return
            if out is None:
                _show(added.report)
            for line in added_words(added, out):
                say(line)


def _kind(out: Path) -> str:
    """The ending a file is written by; said before anything is counted."""
    if out.suffix.lower() not in (".xlsx", ".csv", ".pdf"):
        raise error("report.kind_unknown", file=out.name)
    return out.suffix.lower()


def _write(made: monthly.MonthReport, out: Path, kind: str, doors: Doors) -> None:
    """The same bytes the window writes."""
    if kind == ".pdf":
        content = doors.month_pdf(made)
    else:
        content = as_csv(workbook(made)) if kind == ".csv" else as_workbook(workbook(made))
    with whole_file(out) as stream:
        stream.write(content)


def _emit(made: monthly.MonthReport) -> None:
    """One object a unit with its columns by number, then one for each reason."""
    for number, row in enumerate(made.rows, 1):
        columns = {str(place): value for place, value in enumerate(row.columns(number), 1)}
        emit({"month": str(made.month), "columns": columns, "difference": row.difference})
    for why in made.reasons:
        emit({"month": str(made.month), "reason": why.reason, "papers": why.papers, "dossiers": why.dossiers})


def _show(made: monthly.MonthReport) -> None:
    form, reasons = tables(made)
    lines = zip(form.numbers, form.header, made.total.columns(1), strict=True)
    shown = [(number, name, cell_words(value, column)) for column, (number, name, value) in enumerate(lines, 1)]
    table(form.title, ("Cột", "Mục", "Giá trị"), shown[2:])
    for note in form.notes:
        say(note)
    rows = [(REASON_NAMES[why.reason], str(why.papers), str(why.dossiers)) for why in made.reasons]
    table(reasons.title, reasons.header[1:], rows)
