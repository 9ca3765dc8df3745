# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Reads a list of older results from a workbook: which cell says what, as text, nothing judged.

Apart from the step that judges the rows because here a file from outside is met: an encrypted one, one of another
program, one blown up to fill the memory, one whose numbers have lost their leading zeros.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import DeskError, error

#: a list of one office; more is another kind of file
MOST_ROWS = 20_000
_MOST_BYTES = 20_000_000
_MOST_UNPACKED = 400_000_000
_HEADER_WITHIN = 15
#: the list has a few dozen; a stray space in the last cell of a sheet makes sixteen thousand of every row
_MOST_COLUMNS = 120


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the list. ``number``: it came as a number, so leading zeros may be lost."""

    text: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row: its number in the sheet (from 1) and its cells by the field they stand for."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class OlderResults:
    """The rows of the list and the letter of the column each field stands in. Empty rows are left out."""

    rows: tuple[ListRow, ...]
    columns: Mapping[str, str]


def read_list(data: bytes, name: str, labels: Mapping[str, str], required: tuple[str, ...]) -> OlderResults:
    """Read the first sheet whose heading has every required column.

    Args:
        labels: field -> label its column bears; marks, case and signs are no matter, other columns are passed over.
        required: fields without whose column the file is no such list.

    Raises:
        DeskError: ``result.list_unreadable``.
    """
    # not at the top: openpyxl takes a third of a second to load, while a clerk waits for the window
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import InvalidFileException

    _sound(data, name)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile) as problem:
        raise _unreadable(name, "Không phải tệp Excel .xlsx, hoặc tệp hỏng") from problem
    lacking: list[str] = []
    try:
        for sheet in book.worksheets:
            rows = _texts(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True))
            heading, lacking = _heading(rows, labels, required, lacking)
            if heading:
                return OlderResults(
                    tuple(_rows(rows, heading, name)),
                    {field: get_column_letter(place + 1) for place, field in heading.items()},
                )
    except DeskError:
        raise
    except Exception as problem:  # a damaged part inside the archive raises whatever its parser raises
        raise _unreadable(name, "Tệp Excel bị hỏng") from problem
    finally:
        book.close()
    raise _unreadable(name, "Không thấy cột " + ", ".join(f"«{labels[field]}»" for field in (lacking or required)[:4]))


def _sound(data: bytes, name: str) -> None:
    if len(data) > _MOST_BYTES:
        raise _unreadable(name, "Tệp quá lớn so với một danh sách")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _unreadable(name, "Tệp có mật khẩu, hoặc là Excel đời cũ (.xls)")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as problem:
        raise _unreadable(name, "Không phải tệp Excel .xlsx, hoặc tệp hỏng") from problem
    if unpacked > _MOST_UNPACKED:
        raise _unreadable(name, "Tệp quá lớn so với một danh sách")


def _unreadable(name: str, why: str) -> DeskError:
    return error("result.list_unreadable", file=name, why=why)


_Numbered = Iterator[tuple[int, tuple[Cell, ...]]]


def _texts(rows: Iterator[tuple[object, ...]]) -> _Numbered:
    nothing = Cell("")
    for number, row in enumerate(rows, start=1):
        yield number, tuple(nothing if value is None else _cell(value) for value in row)


def _cell(value: object) -> Cell:
    """The text a person sees; a day as dd/MM/yyyy, a whole number without its point."""
    if isinstance(value, datetime | date):
        return Cell(f"{value.day:02d}/{value.month:02d}/{value.year:04d}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell(unicodedata.normalize("NFC", str(value)).strip())
    return Cell(str(int(value)) if float(value).is_integer() else str(value), number=True)


def _key(label: str) -> str:
    """A label as it is compared: letters and digits only."""
    return "".join(letter for letter in fold(label) if letter.isalnum())


def _heading(
    rows: _Numbered, labels: Mapping[str, str], required: tuple[str, ...], lacking: list[str]
) -> tuple[dict[int, str], list[str]]:
    """Place -> field of the first row with all required labels, {} when there is none; and what the best row lacked."""
    fields = {_key(label): field for field, label in labels.items()}
    for number, cells in rows:
        found: dict[int, str] = {}
        for place, cell in enumerate(cells):
            field = fields.get(_key(cell.text))
            if field is not None and field not in found.values():
                found[place] = field
        missing = [field for field in required if field not in found.values()]
        if not missing:
            return found, []
        if found and (not lacking or len(missing) < len(lacking)):
            lacking = missing
        if number >= _HEADER_WITHIN:
            break
    return {}, lacking


def _rows(rows: _Numbered, heading: Mapping[int, str], name: str) -> Iterator[ListRow]:
    count = 0
    for number, cells in rows:
        here = {field: cells[place] for place, field in heading.items() if place < len(cells)}
        if not any(cell.text for cell in here.values()):
            continue
        count += 1
        if count > MOST_ROWS:
            raise _unreadable(name, f"Danh sách dài hơn {MOST_ROWS} dòng, hãy chia nhỏ")
        yield ListRow(number, here)


def empty_list(labels: Mapping[str, str], required: tuple[str, ...]) -> bytes:
    """A workbook to fill in: the heading, required columns in bold, every cell set to text."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Kết quả còn hiệu lực"
    for place, (field, label) in enumerate(labels.items(), start=1):
        cell = sheet.cell(1, place, label)
        cell.font = Font(bold=field in required)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(16, len(label) + 4)
        sheet.column_dimensions[letter].number_format = "@"  # a number typed here keeps its zeros
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
