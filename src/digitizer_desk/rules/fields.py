# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The data fields of TT 01/2023/TT-VPCP Điều 9 khoản 2: tidied, judged, with words for the clerk beside the field.

Apart from the step that saves them because the window asks the same questions at every key, before anything is saved.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.identity import IdentityCheck, check_identifier
from digitizer_desk.dossier.model import Applicant, ApplicantKind
from digitizer_desk.dossier.text import format_date, parse_date, tidy_name
from digitizer_desk.rules.regulation import FieldRule, Regulation

_TERM = re.compile(r"([0-9]{1,4})([dmy])")
_YEAR = re.compile(r"[0-9]{4}")
_PAPER_TYPE = re.compile(r"[0-9A-ZĐ][0-9A-ZĐ._/-]*")
_MONTHS_IN_YEAR = 12

_IDENTIFIER_FAULTS = {
    "shape": "Không đúng dạng số định danh, mã số thuế hoặc hộ chiếu.",
    "length": "Số định danh có 12 chữ số, CMND 9, mã số thuế 10 hoặc 13. Hãy đếm lại.",
    "check_digit": "Mã số thuế sai chữ số kiểm tra. Hãy đọc lại từng số.",
    "impossible": "Mã số thuế này không thể có. Hãy đọc lại từng số.",
}
_IDENTIFIER_WARNINGS = {
    "province_unknown": "Ba số đầu không phải mã tỉnh nơi đăng ký khai sinh. Hãy đối chiếu với giấy.",
    "born_mismatch": "Năm sinh trong số định danh khác ngày sinh đã nhập. Hãy đối chiếu với giấy.",
    "old_number": "Đây là số CMND 9 chữ số. Nếu giấy có số định danh 12 chữ số thì nhập số đó.",
    "foreign_passport": "Hiểu là số hộ chiếu nước ngoài. Hãy đối chiếu với giấy.",
    "personal_number": "Tổ chức đang dùng số định danh cá nhân. Hãy đối chiếu với giấy.",
}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong or doubtful with one field; a fault keeps the data from being confirmed."""

    name: str
    severity: Severity
    words: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many fields of a component are empty that must not be, and how many hold what cannot be."""

    missing: int
    wrong: int


@dataclass(frozen=True, slots=True)
class _Case:
    """All that one value may have to be compared with."""

    values: Mapping[str, str]
    applicant: Applicant
    today: date | None
    born: date | None
    issued: date | None


def tidy_value(rule: FieldRule, text: str) -> str:
    """A value as it is kept: NFC, look-alikes mended, single spaces, dates as dd/MM/yyyy. Never re-spells a name."""
    value = tidy_name(text)
    if rule.kind in ("birth_date", "issue_date", "term"):
        day = parse_date(value)
        return format_date(day) if day else value.lower()
    if rule.kind == "identifier":
        return check_identifier(value, ApplicantKind.ORGANISATION).text or value
    if rule.kind == "paper_type":
        return value.upper()
    return value


def check_fields(
    values: Mapping[str, str], regulation: Regulation, applicant: Applicant, *, today: date | None = None
) -> tuple[FieldProblem, ...]:
    """Judge all fields of one component.

    Args:
        values: field name -> text as typed; names the regulation does not know are passed over.
        applicant: the owner of the dossier; says which substitute fields are asked for when there is no identifier.
        today: when given, days of issue and birth after it are faults.
    """
    tidy = {rule.name: tidy_value(rule, values.get(rule.name, "")) for rule in regulation.fields}
    born, issued = (
        next((parse_date(tidy[rule.name]) for rule in regulation.fields if rule.kind == kind), None)
        for kind in ("birth_date", "issue_date")
    )
    case = _Case(MappingProxyType(tidy), applicant, today, born, issued)
    problems: list[FieldProblem] = []
    for rule in regulation.fields:
        value = tidy[rule.name]
        if not value:
            problems += _missing(rule, regulation, case)
        elif rule.max_length and len(value) > rule.max_length:
            words = f"Dài {len(value)} ký tự, nhiều nhất {rule.max_length}. Hãy rút gọn."
            problems.append(FieldProblem(rule.name, Severity.FAULT, words))
        else:
            problems += [FieldProblem(rule.name, severity, words) for severity, words in _KINDS[rule.kind](value, case)]
    return tuple(problems)


def count_gaps(
    values: Mapping[str, str], regulation: Regulation, applicant: Applicant, *, today: date | None = None
) -> Gaps:
    """What keeps these values from being confirmed, counted; arguments as those of :func:`check_fields`."""
    faults = {
        problem.name
        for problem in check_fields(values, regulation, applicant, today=today)
        if problem.severity is Severity.FAULT
    }
    empty = sum(1 for name in faults if not tidy_value(regulation.field(name), values.get(name, "")))
    return Gaps(empty, len(faults) - empty)


def expiry(issued: date | None, term: str) -> date | None:
    """The last day a paper is good for, from a term like "30d", "6m", "5y" after its issue, or a date (R37).

    None when the term is empty or unreadable, when it needs a day of issue and there is none, or past the calendar.
    """
    day = parse_date(term)
    if day is not None:
        return day
    found = _TERM.fullmatch(term.strip().lower())
    if found is None or issued is None:
        return None
    count, unit = int(found[1]), found[2]
    try:
        if unit == "d":
            return issued + timedelta(days=count)
        return _months_later(issued, count if unit == "m" else count * _MONTHS_IN_YEAR)
    except (OverflowError, ValueError):
        return None


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month when it has no such day."""
    years, month = divmod(day.month - 1 + months, _MONTHS_IN_YEAR)
    year, month = day.year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


def _missing(rule: FieldRule, regulation: Regulation, case: _Case) -> list[FieldProblem]:
    """An empty field: fine when optional or replaced; a substitute is missed only while its set is the one wanted."""
    if rule.instead_of:
        original = regulation.field(rule.instead_of)
        needed = original.required and not case.values[original.name]
        if not needed or _wanted_set(rule.instead_of, regulation, case) != rule.applicant:
            return []
        return [FieldProblem(rule.name, Severity.FAULT, f"Cần nhập vì giấy không có «{original.label}».")]
    if not rule.required:
        return []
    substitutes = [r for r in regulation.fields if r.instead_of == rule.name]
    if substitutes and any(case.values[r.name] for r in substitutes):
        return []
    words = "Chưa nhập." if not substitutes else f"Chưa nhập. Giấy không có thì nhập {_named(substitutes, case)}."
    return [FieldProblem(rule.name, Severity.FAULT, words)]


def _wanted_set(original: str, regulation: Regulation, case: _Case) -> str:
    """Whose substitutes are asked for: those the clerk has begun, else those of the dossier's applicant.

    '' when nothing is begun: then the original field alone says what is missing.
    """
    begun = [r.applicant for r in regulation.fields if r.instead_of == original and case.values[r.name]]
    if not begun:
        return ""
    return case.applicant.kind.value if case.applicant.kind.value in begun else begun[0]


def _named(rules: list[FieldRule], case: _Case) -> str:
    wanted = [r for r in rules if r.applicant == case.applicant.kind.value] or rules
    return " và ".join(f"«{rule.label}»" for rule in wanted)


_Judged = Iterator[tuple[Severity, str]]


def _text(value: str, case: _Case) -> _Judged:
    if any(not c.isprintable() for c in value):
        yield Severity.FAULT, "Có ký tự không đọc được. Hãy xóa và nhập lại."


def _paper_type(value: str, case: _Case) -> _Judged:
    if not _PAPER_TYPE.fullmatch(value):
        yield Severity.FAULT, "Mã chỉ gồm chữ in hoa không dấu, chữ số và các dấu . - _ /"


def _identifier(value: str, case: _Case) -> _Judged:
    result = _check(value, case)
    if not result.ok:
        yield Severity.FAULT, _IDENTIFIER_FAULTS[result.problem]
    for warning in result.warnings:
        # the owner of one paper may well be another person than the applicant: only the known holder counts
        if warning != "personal_number" or case.applicant.kind is ApplicantKind.ORGANISATION:
            yield Severity.WARNING, _IDENTIFIER_WARNINGS[warning]


def _check(value: str, case: _Case) -> IdentityCheck:
    """Agency codes are always allowed: a paper of an agency may lie in a person's dossier."""
    born = case.born
    if born is None and check_identifier(case.applicant.identifier, ApplicantKind.ORGANISATION).text == value:
        born = parse_date(case.applicant.born_or_founded)
    return check_identifier(value, ApplicantKind.ORGANISATION, born)


def _person_name(value: str, case: _Case) -> _Judged:
    yield from _text(value, case)
    if any(c.isdigit() for c in value):
        yield Severity.FAULT, "Họ tên không có chữ số."
    elif " " not in value:
        yield Severity.WARNING, "Chỉ có một chữ. Hãy đối chiếu họ và tên với giấy."


def _birth_date(value: str, case: _Case) -> _Judged:
    day = parse_date(value)
    if day is None and _YEAR.fullmatch(value):
        yield Severity.WARNING, "Chỉ có năm sinh. Nếu giấy ghi đủ ngày, tháng thì nhập đủ."
    elif day is None:
        yield Severity.FAULT, "Không phải ngày. Nhập dd/MM/yyyy, ví dụ 12/03/1990."
    else:
        yield from _not_later(day, case)


def _issue_date(value: str, case: _Case) -> _Judged:
    day = parse_date(value)
    if day is None:
        yield Severity.FAULT, "Không phải ngày. Nhập dd/MM/yyyy, ví dụ 25/04/2021."
        return
    yield from _not_later(day, case)
    if case.born is not None and day < case.born:
        yield Severity.WARNING, "Trước ngày sinh của người có tên trong giấy. Hãy đối chiếu với giấy."


def _not_later(day: date, case: _Case) -> _Judged:
    if case.today is not None and day > case.today:
        yield Severity.FAULT, "Ngày này chưa đến. Hãy đối chiếu với giấy."


def _year(value: str, case: _Case) -> _Judged:
    if not _YEAR.fullmatch(value) or int(value) == 0:
        yield Severity.FAULT, "Năm gồm bốn chữ số, ví dụ 2015."
    elif case.today is not None and int(value) > case.today.year:
        yield Severity.FAULT, "Năm này chưa đến. Hãy đối chiếu với giấy."


def _term(value: str, case: _Case) -> _Judged:
    day = parse_date(value)
    if day is None and not _TERM.fullmatch(value):
        yield Severity.FAULT, "Nhập như 30d, 6m, 5y hoặc ngày hết hạn dd/MM/yyyy."
        return
    last = expiry(case.issued, value)
    if last is not None and case.issued is not None and last < case.issued:
        yield Severity.FAULT, "Hết hạn trước ngày cấp. Hãy đối chiếu với giấy."
    elif last is not None and case.today is not None and last < case.today:
        yield Severity.WARNING, f"Giấy đã hết hiệu lực ngày {format_date(last)}."


_KINDS: Mapping[str, Callable[[str, _Case], _Judged]] = MappingProxyType(
    {
        "text": _text,
        "paper_type": _paper_type,
        "identifier": _identifier,
        "person_name": _person_name,
        "birth_date": _birth_date,
        "organisation_name": _text,
        "year": _year,
        "issue_date": _issue_date,
        "term": _term,
    }
)
