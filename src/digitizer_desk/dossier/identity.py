# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers that name a person or an organisation: their shape, their check digit, and the QR of the identity card.

Apart from ``text.py`` because each number has a rule of its own (R33, R34). A doubt is a warning: papers are older
than rules, and the officer holds the paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from digitizer_desk.dossier.model import ApplicantKind
from digitizer_desk.dossier.text import parse_date, tidy_name

_CCCD = re.compile(r"[0-9]{12}")
_CMND = re.compile(r"[0-9]{9}")
_MST = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?")
_PASSPORT_VN = re.compile(r"[A-Z][0-9]{7,8}")
_PASSPORT = re.compile(r"(?=.*[A-Z])(?=.*[0-9])[0-9A-Z]{5,9}")
# QĐ 20/2020/QĐ-TTg: mã định danh điện tử of an agency
_AGENCY = re.compile(r"(?=.{3,35}$)[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}")
_MST_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_BETWEEN = re.compile(r"(?<=[0-9])[ .](?=[0-9])")
_SEXES = {"nam": "Nam", "nữ": "Nữ"}


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """What a number is. ``text`` is the number without the spaces people write in it.

    kind: cccd | cmnd | mst | passport | agency | ''.
    problem: '' or empty | shape | length | check_digit | impossible.
    warnings: of province_unknown | born_mismatch | old_number | foreign_passport | personal_number.
    """

    ok: bool
    kind: str
    problem: str = ""
    warnings: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class CardData:
    """What the QR of a citizen card says. ``old_number`` is the CMND, often empty; ``sex`` is Nam or Nữ."""

    number: str
    old_number: str
    name: str
    born: date
    sex: str
    address: str
    issued: date | None


def check_identifier(text: str, kind: ApplicantKind | None = None, born: date | None = None) -> IdentityCheck:
    """Judge an identifier by its shape (R33).

    Args:
        text: as typed or read; spaces and dots between digits are allowed.
        kind: who it should name, when known: only then agency codes (organisation) are taken.
        born: the holder's day of birth, when known: its year is compared with a 12-digit number.
    """
    tidy = (
        _BETWEEN.sub("", text.strip().upper()) if not _AGENCY.fullmatch(text.strip().upper()) else text.strip().upper()
    )
    if not tidy:
        return IdentityCheck(False, "", "empty")
    if _CCCD.fullmatch(tidy):
        return _cccd(tidy, kind, born)
    if _CMND.fullmatch(tidy):
        return IdentityCheck(True, "cmnd", warnings=("old_number",), text=tidy)
    tax = _MST.fullmatch(tidy)
    if tax:
        return _mst(tax[1], tax[2])
    if _PASSPORT_VN.fullmatch(tidy):
        return IdentityCheck(True, "passport", text=tidy)
    if kind is ApplicantKind.ORGANISATION and _AGENCY.fullmatch(tidy):
        return IdentityCheck(True, "agency", text=tidy)
    if _PASSPORT.fullmatch(tidy):
        return IdentityCheck(True, "passport", warnings=("foreign_passport",), text=tidy)
    only_digits = tidy.isascii() and tidy.replace("-", "").isdigit()
    return IdentityCheck(False, "", "length" if only_digits else "shape", text=tidy)


def _cccd(number: str, kind: ApplicantKind | None, born: date | None) -> IdentityCheck:
    """Twelve digits have no check digit: place of birth registration, century and sex, year, six random digits."""
    warnings: list[str] = []
    if not "001" <= number[:3] <= "096":
        warnings.append("province_unknown")
    if born is not None and born_year(number) != born.year:
        warnings.append("born_mismatch")
    if kind is ApplicantKind.ORGANISATION:
        warnings.append("personal_number")
    return IdentityCheck(True, "cccd", warnings=tuple(warnings), text=number)


def born_year(number: str) -> int:
    """The year of birth written in a 12-digit personal number: an even fourth digit is a man, an odd one a woman."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def born_sex(number: str) -> str:
    """Nam or Nữ as written in a 12-digit personal number."""
    return "Nữ" if int(number[3]) % 2 else "Nam"


def _mst(main: str, branch: str | None) -> IdentityCheck:
    """Tax code of 10 digits, or 13 for a dependent unit; never asked of 12 digits (TT 86/2024/TT-BTC)."""
    text = f"{main}-{branch}" if branch else main
    if main[2:9] == "0000000" or branch == "000":
        return IdentityCheck(False, "mst", "impossible", text=text)
    rest = sum(w * int(d) for w, d in zip(_MST_WEIGHTS, main, strict=False)) % 11
    if 10 - rest != int(main[9]):
        # a rest of 0 would need the digit 10: such a prefix is never given out
        return IdentityCheck(False, "mst", "impossible" if rest == 0 else "check_digit", text=text)
    return IdentityCheck(True, "mst", text=text)


def read_card_qr(text: str) -> CardData | None:
    """Read the QR of a citizen card by position (R34); None when it is not one, so that nothing is filled in.

    Seven fields: number | old number | name | ddMMyyyy | sex | address | ddMMyyyy. Six: no old number. More than seven:
    the rest is passed over and kept nowhere.
    """
    parts = [tidy_name(part) for part in text.strip("\ufeff\r\n\t ").split("|")]
    if len(parts) == 6:
        parts.insert(1, "")
    if len(parts) < 7:
        return None
    number, old, name, born_text, sex_text, address, issued_text = parts[:7]
    born, issued = _card_date(born_text), _card_date(issued_text)
    sex = _SEXES.get(sex_text.casefold())
    if not _CCCD.fullmatch(number) or (old and not _CMND.fullmatch(old)):
        return None
    if not name or any(c.isdigit() for c in name) or born is None or sex is None:
        return None
    if issued is None and issued_text:
        return None
    return CardData(number, old, name, born, sex, address, issued)


def _card_date(text: str) -> date | None:
    return parse_date(text) if len(text) == 8 else None
