# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Monthly workbooks that come back, to be added up: which desks they count, the numbers as they stand in the cells.

A hidden sheet says month, desks and reasons, for no name of a file or agency tells two desks apart. The numbers are
read from the table itself: somebody may have typed columns (10), (11), (13) there.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from digitizer_desk.dossier.monthly import REASONS, MonthRow, ReasonRow
from digitizer_desk.errors import error
from digitizer_desk.province.reports.tables import Table

_SHAPE = 1
_SOURCE, _NUMBERS = "Nguồn", "Số hóa"
_FIRST_ROW, _MOST_ROWS, _MOST = 5, 5000, 1_000_000_000
#: column of the form -> name in a row; what only the settling system knows may be missing
_COLUMNS = {3: "total", 4: "with_account", 5: "direct", 6: "online", 7: "full", 8: "partly"}
_STATED = {10: "settled", 11: "settled_digitised", 13: "reused"}
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class DeskMark:
    """A desk that is counted in a report: its cabinet's id, and when it was counted (aware)."""

    desk: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """One workbook: ``month`` as "2026-11", a row for each agency, the reasons, and whose numbers these are."""

    file: Path
    month: str
    desks: tuple[DeskMark, ...]
    rows: tuple[MonthRow, ...]
    reasons: tuple[ReasonRow, ...]


def source_table(month: str, desks: Sequence[DeskMark], reasons: Sequence[ReasonRow]) -> Table:
    """The hidden sheet."""
    lines: list[tuple[str | int | None, ...]] = [("mẫu", _SHAPE, None, None), ("tháng", month, None, None)]
    lines += [("bàn", one.desk, one.made_at.isoformat(), None) for one in desks]
    lines += [("lý do", one.reason, one.papers, one.dossiers) for one in reasons]
    title = "Trang này để gộp báo cáo của nhiều bàn. Không sửa."
    return Table(_SOURCE, title, ("Mục", "Giá trị", "", ""), tuple(lines), hidden=True)


def read_returned(file: Path) -> Returned:
    """Read one workbook.

    Raises:
        DeskError: ``report.not_ours`` when it is none of a desk's workbooks, ``report.cell_wrong`` for a number that is
            none.
    """
    # not at the top: openpyxl takes a third of a second to load, while a clerk waits for the window
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=False, data_only=True)
        source, numbers = book[_SOURCE], book[_NUMBERS]
        month, desks, reasons = _source(source.iter_rows(min_row=4, max_row=_MOST_ROWS, max_col=4, values_only=True))
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, InvalidFileException) as problem:
        raise error("report.not_ours", str(problem), file=file.name) from problem
    if not desks or not _MONTH.fullmatch(month):
        raise error("report.not_ours", file=file.name)
    return Returned(file, month, desks, _rows(numbers, file), reasons)


def _source(lines: Iterable[Sequence[Any]]) -> tuple[str, tuple[DeskMark, ...], tuple[ReasonRow, ...]]:
    month, desks, why = "", [], []
    for kind, value, second, third in lines:
        if kind == "mẫu" and value != _SHAPE:
            raise ValueError("another shape of report")
        if kind == "tháng":
            month = str(value)
        elif kind == "bàn":
            made_at = datetime.fromisoformat(str(second))
            if made_at.tzinfo is None:
                raise ValueError("a time without zone")
            desks.append(DeskMark(str(value), made_at))
        elif kind == "lý do" and value in REASONS:
            why.append(ReasonRow(str(value), int(second), int(third)))
    return month, tuple(desks), tuple(why)


def _rows(sheet: Any, file: Path) -> tuple[MonthRow, ...]:
    """The agencies' rows, without the sum under them."""
    found = []
    for row in range(_FIRST_ROW, _MOST_ROWS):
        if not isinstance(sheet.cell(row, 1).value, int):
            break
        known = {name: _number(sheet, row, column, file) for column, name in _COLUMNS.items()}
        if None in known.values():
            column = next(column for column, name in _COLUMNS.items() if known[name] is None)
            raise error("report.cell_wrong", file=file.name, cell=_place(column, row))
        stated = {name: _number(sheet, row, column, file) for column, name in _STATED.items()}
        found.append(MonthRow(unit=str(sheet.cell(row, 2).value or ""), **known, **stated))  # type: ignore[arg-type]
    if not found:
        raise error("report.not_ours", file=file.name)
    return tuple(found)


def _place(column: int, row: int) -> str:
    """As a spreadsheet names a cell: "D7"."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"


def _number(sheet: Any, row: int, column: int, file: Path) -> int | None:
    """A count; words ("chưa nhập") and nothing are None."""
    value = sheet.cell(row, column).value
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # spreadsheets save whole numbers as they like
    if value is None or (isinstance(value, str) and not any(sign.isdigit() for sign in value)):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST:
        raise error("report.cell_wrong", file=file.name, cell=_place(column, row))
    return value
