# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The list of dossiers beside the documents, as the receivers of such packages load it: columns A to K.

Apart from the package because its columns are the receivers', not ours.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from digitizer_desk.dossier.model import Dossier

#: columns A to J of the Bắc Kạn letter of 02/8/2021; K is ours: the letter names no result column
HEADER = (
    "Mã hồ sơ",
    "Họ tên người nộp",
    "Chủ hồ sơ",
    "Email",
    "Số điện thoại",
    "Địa chỉ",
    "Nội dung hồ sơ",
    "File thành phần hồ sơ",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "File kết quả",
)
_WIDTHS = (36, 28, 28, 20, 16, 36, 40, 60, 16, 16, 60)


@dataclass(frozen=True, slots=True)
class Row:
    """A dossier and the names of its files."""

    dossier: Dossier
    components: list[str]
    results: list[str]


def write_list(rows: list[Row]) -> bytes:
    """The workbook's bytes. Every cell is text: codes keep their zeros, dates their shape, and nothing is a formula."""
    # not at the top: openpyxl takes a third of a second to load, while a clerk waits for the window
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Danh sách hồ sơ"
    lines = [HEADER, *(_cells(row) for row in rows)]
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(number, column)
            # set apart from the value: openpyxl takes a text that begins with = for a formula
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
            cell.data_type = "s"
            cell.number_format = "@"
            cell.font = Font(bold=number == 1)
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _cells(row: Row) -> tuple[str, ...]:
    dossier = row.dossier
    name = dossier.applicant.name
    return (
        dossier.code,
        name,
        name,
        "",
        "",
        "",
        dossier.procedure_title,
        "; ".join(row.components),
        _day(dossier.received_on),
        "",
        "; ".join(row.results),
    )


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
