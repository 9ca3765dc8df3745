# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of numbers as offices pass them on: .xlsx and .csv.

Apart from the hand-over's list of dossiers because here cells are numbers, and nothing personal is in them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None

_WIDE = 16


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``title`` above, ``header`` over ``rows``; None is an empty cell. A float is a share (0.95 = 95 %).

    ``numbers`` are the numbers of the columns as the form prints them under the header, () for none; ``notes`` stand
    below; ``name`` is the sheet's short name; ``bold_last``: the last row is a sum;
    ``hidden``: a sheet for programs, not shown and in no text.
    """

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    bold_last: bool = False
    hidden: bool = False


def as_workbook(tables: Sequence[Table]) -> bytes:
    """The tables as the sheets of one .xlsx, A4 landscape, one page wide. Text is never taken for a formula."""
    # not at the top: openpyxl takes a third of a second to load, while a clerk waits for the window
    from openpyxl import Workbook
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.sheet_state = "hidden" if table.hidden else "visible"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
        _put(sheet, 1, 1, table.title, bold=True, framed=False)
        sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
        row = 3
        for heading in (table.header, table.numbers):
            for column, text in enumerate(heading, 1):
                _put(sheet, row, column, text, bold=True)
            row += bool(heading)
        sheet.freeze_panes = f"A{row}"
        for number, values in enumerate(table.rows):
            bold = table.bold_last and number == len(table.rows) - 1
            for column, value in enumerate(values, 1):
                _put(sheet, row, column, value, bold=bold)
            row += 1
        for place, note in enumerate(table.notes, row + 1):
            _put(sheet, place, 1, note, framed=False)
            sheet.cell(place, 1).alignment = Alignment(wrap_text=False)
        for column in range(1, len(table.header) + 1):
            longest = max((len(str(r[column - 1] or "")) for r in table.rows), default=0)
            sheet.column_dimensions[get_column_letter(column)].width = min(48, max(_WIDE, longest + 3))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _put(sheet: object, row: int, column: int, value: Cell, *, bold: bool = False, framed: bool = True) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Border, Font, Side

    cell = sheet.cell(row, column)  # type: ignore[attr-defined]
    if isinstance(value, str):
        # set apart from the value: openpyxl takes a text that begins with = for a formula
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
        cell.number_format = "0.0%" if isinstance(value, float) else "#,##0"
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left" if column == 2 else None)
    if framed:
        cell.border = Border(*(Side(style="thin", color="808080"),) * 4)


def as_csv(tables: Sequence[Table]) -> bytes:
    """The same as text, UTF-8 with its mark so that spreadsheets open it right; one empty line between tables.

    Shares are written as percent with a decimal comma, fields parted by semicolons: as Vietnamese spreadsheets read it.
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    for place, table in enumerate(table for table in tables if not table.hidden):
        if place:
            writer.writerow(())
        writer.writerow((table.title,))
        for line in (table.header, table.numbers, *table.rows, *((note,) for note in table.notes)):
            if line:
                writer.writerow([_plain(value) for value in line])
    return target.getvalue().encode("utf-8-sig")


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value * 100:.1f}%".replace(".", ",")
    # a leading sign would be a formula to a spreadsheet
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+@" and value else str(value)
