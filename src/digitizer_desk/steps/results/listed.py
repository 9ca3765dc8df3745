# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The list of older results still in force (NĐ 45/2020/NĐ-CP Điều 25): brought in whole, then picked one by one.

Apart from results of the day because here the paper lies in an archive room and the list is all there is: a wrong line
would become a wrong dossier, so nothing is taken of a list with a single bad row.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.code import ReadCode, read_code
from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import Applicant, ApplicantKind, Dossier, Field, FieldSource, Officer, Role
from digitizer_desk.dossier.result import Granted, ListedResult
from digitizer_desk.dossier.text import format_date, nfc, parse_date, tidy_name
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.handover.older_results import Cell, ListRow, OlderResults, empty_list, read_list
from digitizer_desk.rules.fields import check_fields, expiry, tidy_value
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.officers import need
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.results.papers import new_paper
from digitizer_desk.store.results.listed import key_of

CODE, PROCEDURE, PROCEDURE_TITLE = "ma_ho_so", "ma_tthc", "ten_tthc"
#: columns beside the data fields of the regulation
_OWN = {CODE: "Mã hồ sơ", PROCEDURE: "Mã TTHC", PROCEDURE_TITLE: "Tên TTHC"}
#: kinds of fields in which a lost leading zero makes another number of it
_ZEROS = ("identifier",)


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong with one cell: row from 1 and column letter as the sheet shows them, '' for a missing column."""

    row: int
    column: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class ReadLines:
    """``lines`` may be listed when ``bad`` is empty; ``again`` are rows that are on the list already."""

    file: str
    lines: tuple[ListedResult, ...]
    bad: tuple[BadCell, ...]
    again: tuple[int, ...] = ()

    @property
    def bad_rows(self) -> int:
        return len({cell.row for cell in self.bad})


def columns(law: Regulation) -> tuple[dict[str, str], tuple[str, ...]]:
    """Field -> label of its column, and those without which a file is no such list: what R1 and R31 ask for."""
    labels = {**_OWN, **{rule.name: rule.label for rule in law.fields}}
    needed = tuple(rule.name for rule in law.fields if rule.required)
    return labels, (CODE, PROCEDURE, *needed)


def template(desk: Desk) -> bytes:
    """A workbook to fill in."""
    return empty_list(*columns(desk.law_today()))


def read(desk: Desk, file: Path) -> ReadLines:
    """Read a list and judge every row; nothing is kept.

    Raises:
        DeskError: ``file.not_found``, ``result.list_unreadable``.
    """
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise error("file.not_found", type(problem).__name__, file=file.name) from problem
    law = desk.law_today()
    labels, required = columns(law)
    found = read_list(data, file.name, labels, required)
    source = hashlib.sha256(data).hexdigest()
    lines: list[ListedResult] = []
    bad: list[BadCell] = []
    seen: dict[str, int] = {}
    for row in found.rows:
        judged = _Row(desk, law, found, row, labels)
        problems = tuple(judged.problems())
        bad += problems
        line = judged.line(source)
        first = seen.setdefault(key_of(line), row.number)
        if first != row.number and not problems:
            bad.append(judged.bad("so_ky_hieu", f"Trùng với dòng {first}."))
        lines.append(line)
    known = desk.cabinet.listed.known(seen)
    again = tuple(line.row for line in lines if key_of(line) in known)
    return ReadLines(file.name, tuple(x for x in lines if x.row not in again), tuple(bad), again)


def bring(desk: Desk, file: Path, by: Officer | str) -> ReadLines:
    """Put all rows of a list on the desk's list, or none.

    Rows that are listed already are passed over, so that a longer edition of a list can be brought. ``by`` is an
    officer, or whoever works at the terminal of this machine.

    Raises:
        DeskError: ``officer.not_allowed``, ``result.list_bad``, and as :func:`read`.
    """
    if isinstance(by, Officer):
        need(by, Role.CLERK, Role.VAN_THU)
    found = read(desk, file)
    if found.bad:
        raise error("result.list_bad", file=found.file, rows=found.bad_rows)
    if found.lines:
        desk.cabinet.listed.add(found.lines, by)
    return found


def pick(desk: Desk, line_id: str, by: Officer) -> tuple[Dossier, str]:
    """Make a listed result a paper to be scanned, in its own dossier, with its data typed already. Gives its id.

    The dossier is the one with this code, or is opened as the list tells it: granted long ago, with nothing to digitise
    but its result.

    Raises:
        DeskError: ``officer.not_allowed``, ``result.taken``, ``dossier.unknown``.
    """
    need(by, Role.CLERK)
    line = desk.cabinet.listed.get(line_id)
    if line.component_id:
        raise error("result.taken", number=line.get("so_ky_hieu"))
    component = new_paper(line.get("ten_giay_to"), line.get("ma_loai_giay_to"))
    known = {rule.name for rule in desk.law_today().fields}
    typed = tuple(Field(name, value, FieldSource.DOSSIER) for name, value in line.values if value and name in known)
    with act(desk, "pick_result", component.id), desk.cabinet.transaction():
        dossier = desk.cabinet.dossiers.by_code(line.dossier_code)
        if dossier is None:
            dossier = _dossier(desk, line, by)
            desk.cabinet.dossiers.add(dossier, by)
        desk.cabinet.results.add(dossier.id, component, by)
        desk.cabinet.dossiers.save_draft_fields(component.id, typed)
        if dossier.granted is None:
            desk.cabinet.results.grant(dossier.id, Granted(by.id, desk.clock()), by)
        desk.cabinet.listed.became(line.id, component.id, by)
    return desk.cabinet.dossiers.load(dossier.id), component.id


def _dossier(desk: Desk, line: ListedResult, by: Officer) -> Dossier:
    code = read_code(line.dossier_code)
    kind = ApplicantKind(line.applicant_kind)
    person = kind is ApplicantKind.PERSON
    return Dossier(
        id=uuid.uuid4().hex,
        code=code.text,
        code_kind=code.kind,
        procedure=line.procedure,
        procedure_title=line.get(PROCEDURE_TITLE),
        applicant=Applicant(
            name=line.get("ho_ten" if person else "ten_to_chuc"),
            kind=kind,
            identifier=line.get("so_dinh_danh"),
            born_or_founded=line.get("ngay_sinh" if person else "nam_thanh_lap"),
        ),
        received_at=desk.clock(),
        received_by=by.id,
        rules_id=desk.law_today().id,
        packs=desk.edition_today().key,
    )


class _Row:
    """One row, judged by the law of today."""

    def __init__(self, desk: Desk, law: Regulation, found: OlderResults, row: ListRow, labels: dict[str, str]) -> None:
        self._desk, self._law, self._found, self._row, self._labels = desk, law, found, row, labels
        self._values = {rule.name: tidy_value(rule, self._text(rule.name)) for rule in law.fields}
        self._applicant = self._owner()

    def _cell(self, name: str) -> Cell:
        return self._row.cells.get(name, Cell(""))

    def _text(self, name: str) -> str:
        return self._cell(name).text

    def _owner(self) -> Applicant:
        """An organisation when one is named, else a person."""
        office, person = self._values.get("ten_to_chuc", ""), self._values.get("ho_ten", "")
        kind = ApplicantKind.ORGANISATION if office and not person else ApplicantKind.PERSON
        return Applicant(person or office, kind, self._values.get("so_dinh_danh", ""))

    def bad(self, name: str, words: str) -> BadCell:
        return BadCell(self._row.number, self._found.columns.get(name, ""), self._labels[name], words)

    def problems(self) -> Iterator[BadCell]:
        """Everything that keeps this row from being listed."""
        if isinstance(code := self._code(), BadCell):
            yield code
        yield from self._procedure_problem()
        if not self._applicant.name:
            yield self.bad("ho_ten", "Thiếu chủ hồ sơ: ghi họ và tên, hoặc tên tổ chức.")
        for rule in self._law.fields:
            if rule.kind in _ZEROS and self._cell(rule.name).number and _lost_zeros(self._text(rule.name)):
                yield self.bad(rule.name, "Ô ở dạng số nên có thể mất số 0 ở đầu. Đổi ô sang dạng chữ rồi nhập lại.")
        for found in check_fields(self._values, self._law, self._applicant, today=self._desk.clock().date()):
            if found.severity is Severity.FAULT:
                yield self.bad(found.name, found.words)
        yield from self._ended()

    def _code(self) -> ReadCode | BadCell:
        try:
            return read_code(self._text(CODE))
        except DeskError:
            return self.bad(CODE, "Mã hồ sơ không đúng dạng hoặc để trống.")

    def _procedure_problem(self) -> Iterator[BadCell]:
        if not self._text(PROCEDURE):
            yield self.bad(PROCEDURE, "Thiếu mã thủ tục hành chính.")
        elif not self._title():
            yield self.bad(PROCEDURE, "Bàn này chưa có thủ tục đó: ghi thêm cột «Tên TTHC».")

    def _title(self) -> str:
        code = self._text(PROCEDURE)
        known = next((p.title for p in self._desk.book_today().procedures if p.code == code), "")
        return tidy_name(self._text(PROCEDURE_TITLE)) or known

    def _ended(self) -> Iterator[BadCell]:
        """Only what is still in force is digitised."""
        for rule in self._law.fields:
            last = expiry(self._issued(), self._values[rule.name]) if rule.kind == "term" else None
            if last is not None and last < self._desk.clock().date():
                yield self.bad(rule.name, f"Kết quả đã hết hiệu lực ngày {format_date(last)}.")

    def _issued(self) -> date | None:
        rule = next((r for r in self._law.fields if r.kind == "issue_date"), None)
        return parse_date(self._values[rule.name]) if rule is not None else None

    def line(self, source: str) -> ListedResult:
        code = self._code()
        values = {**self._values, PROCEDURE_TITLE: self._title()}
        return ListedResult(
            id=uuid.uuid4().hex,
            dossier_code=code.text if isinstance(code, ReadCode) else nfc(self._text(CODE)),
            procedure=self._text(PROCEDURE),
            applicant_kind=self._applicant.kind.value,
            values=tuple((name, value) for name, value in values.items() if value),
            source=source,
            row=self._row.number,
            listed_at=self._desk.clock(),
        )


def _lost_zeros(digits: str) -> bool:
    """Whether a number could have had zeros before it: identifiers have 12, 10 or 13 digits, old ones 9."""
    return digits.isdigit() and len(digits) not in (12, 13)
