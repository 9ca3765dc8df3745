# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of a receipt while it is typed: the code, the owner's number and day, the papers of the procedure.

Apart from the dialog because it is judged at every key and tested without a window. A doubt never stops a receipt:
the officer holds the paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from digitizer_desk.dossier.code import ReadCode, find_code, read_code
from digitizer_desk.dossier.identity import check_identifier
from digitizer_desk.dossier.model import Applicant, ApplicantKind, Channel, CodeKind
from digitizer_desk.dossier.text import format_date, parse_date
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import words
from digitizer_desk.rules.fields import check_fields
from digitizer_desk.rules.regulation import Procedure, ProcedureComponent, Regulation

_KINDS = {
    CodeKind.OLD: ("ok", "Mã đúng mẫu cũ"),
    CodeKind.QD20: ("ok", "Mã đúng mẫu QĐ 20/2020"),
    CodeKind.LEGACY: ("mind", "Mã cũ: kiểm tra lại với giấy tiếp nhận"),
}
_NUMBERS = {
    "cccd": "Số định danh đúng mẫu",
    "cmnd": "Số CMND đúng mẫu",
    "mst": "Mã số thuế đúng chữ số kiểm tra",
    "passport": "Số hộ chiếu đúng mẫu",
    "agency": "Mã định danh cơ quan đúng mẫu",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A line beside a field: role of the colour, words, and the sign when it is not the role's own."""

    role: str
    words: str
    sign: str = ""


NOTHING = Said("idle", "")


def code_of(text: str) -> ReadCode:
    """The dossier code in what a hand scanner gave, or in what was typed.

    Raises:
        DeskError: ``dossier.code_malformed``.
    """
    return find_code(text) or read_code(text)


def say_code(text: str, agency_of: Callable[[str], str] = lambda _code: "") -> Said:
    """The shape of a code, said at once, and whose it is where ``agency_of`` knows the agency."""
    if not text.strip():
        return NOTHING
    try:
        code = code_of(text)
    except DeskError as fault:
        told = words(fault)
        return Said("stop", f"{told.what} {told.do}")
    role, told_kind = _KINDS[code.kind]
    day = f" · ngày {format_date(code.received_on)}" if code.received_on else ""
    agency = agency_of(code.agency) if code.agency else ""
    return Said(role, told_kind + day + (f" · {agency}" if agency else ""))


def say_owner(applicant: Applicant, law: Regulation, today: date) -> Said:
    """The first doubt about the owner's number or day, in the words of the data fields; or that it is right."""
    born_kind = "birth_date" if applicant.kind is ApplicantKind.PERSON else "year"
    given = {"identifier": applicant.identifier, born_kind: applicant.born_or_founded}
    values = {rule.name: given[rule.kind] for rule in law.fields if given.get(rule.kind, "").strip()}
    problems = [p for p in check_fields(values, law, applicant, today=today) if p.name in values]
    if problems:
        return Said("mind", " ".join(dict.fromkeys(p.words for p in problems)))
    if not applicant.identifier.strip():
        return NOTHING
    seen = check_identifier(applicant.identifier, applicant.kind, parse_date(applicant.born_or_founded))
    return Said("ok", _NUMBERS[seen.kind]) if seen.ok and not seen.warnings else NOTHING


def say_paper(part: ProcedureComponent, law: Regulation, channel: Channel) -> Said:
    """Whether a paper is wanted, and why it is not scanned when it is not."""
    if channel is Channel.ELECTRONIC:
        return Said("idle", "không quét: hồ sơ nộp trực tuyến", "forbidden")
    why = _refusal(part, law)
    if why:
        return Said("idle", f"không quét: {why[0].lower()}{why[1:].rstrip('.')}", "forbidden")
    sides = f" · thường {part.sides} mặt" if part.sides else ""
    if part.mandatory:
        return Said("work", f"bắt buộc{sides}", "circle")
    return Said("idle", f"nếu có{sides}", "minus")


def _refusal(part: ProcedureComponent, law: Regulation) -> str:
    """Why a paper of this kind is never captured; '' when it is."""
    form = next((f for f in law.forms if f.id == (part.refuse or part.form)), None)
    if part.refuse:
        return part.why or (form.reason if form is not None else "") or "quy định không cho"
    return form.reason if form is not None and not form.may_scan else ""


def count_words(procedure: Procedure, law: Regulation, channel: Channel) -> str:
    """How many papers there are and how many of them are wanted."""
    signs = [say_paper(part, law, channel).sign for part in procedure.components]
    wanted, maybe, never = (signs.count(sign) for sign in ("circle", "minus", "forbidden"))
    parts = ((wanted, "bắt buộc"), (maybe, "nếu có"), (never, "không quét"))
    return ", ".join(f"{number} {told}" for number, told in parts if number)
