# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossier codes are read, never invented (R1); a result code is joined from three stored parts, never split (R35).

Apart from the model because the shapes come from texts of their own: TT 01/2018/TT-VPCP Điều 19 (the older order),
QĐ 20/2020/QĐ-TTg (the newer order of agency codes), TT 01/2023/TT-VPCP Điều 10 (result codes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from digitizer_desk.dossier.model import CodeKind
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import error

_TAIL = r"-(?P<day>[0-9]{6})-[0-9]{4}"
_OLD = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}" + _TAIL)
# QĐ 20/2020: groups grow left to right from the level-1 code; at most 35 characters
_QD20 = re.compile(r"(?=[^-]{3,35}-)[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*" + _TAIL)
_LEGACY = re.compile(r"[0-9A-Z./_-]{1,40}")
_INSIDE = re.compile(r"(?<![0-9A-Z.-])[0-9A-Z]+(?:\.[0-9A-Z]+)*-[0-9]{6}-[0-9]{4}(?![0-9A-Z-])")
_FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212], "-")
_UNSEEN = dict.fromkeys([*range(0x20), 0x7F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


@dataclass(frozen=True, slots=True)
class ReadCode:
    """A dossier code as read. ``received_on`` is the day written in it; a LEGACY code has none and needs a warning."""

    text: str
    kind: CodeKind
    received_on: date | None

    @property
    def agency(self) -> str:
        """The code of the agency in it; '' in a LEGACY one, whose parts nobody knows."""
        return "" if self.kind is CodeKind.LEGACY else self.text.partition("-")[0]


def read_code(text: str) -> ReadCode:
    """Read a dossier code typed by hand or by a hand scanner.

    Full-width characters, typographic dashes, a byte order mark and the Enter of a hand scanner are mended; a letter
    garbled by a Vietnamese input program is not guessed at.

    Raises:
        DeskError: ``dossier.code_malformed`` for nothing, spaces inside, other letters, or a day that does not exist.
    """
    tidy = _tidy(text)
    for pattern, kind in ((_OLD, CodeKind.OLD), (_QD20, CodeKind.QD20)):
        found = pattern.fullmatch(tidy)
        if found:
            return ReadCode(tidy, kind, _day(tidy, found["day"]))
    if not _LEGACY.fullmatch(tidy) or not any(c.isalnum() for c in tidy):
        raise error("dossier.code_malformed", "no known shape", code=tidy)
    return ReadCode(tidy, CodeKind.LEGACY, None)


def find_code(text: str) -> ReadCode | None:
    """The one dossier code inside a longer text, as the QR of a receipt holds it; None when there is none, or several.

    How receipts encode their QR is not laid down, so only the two lawful shapes count here, never a LEGACY one.
    """
    found: dict[str, ReadCode] = {}
    for piece in _INSIDE.findall(_tidy(text, between=" ")):
        for pattern, kind in ((_OLD, CodeKind.OLD), (_QD20, CodeKind.QD20)):
            match = pattern.fullmatch(piece)
            day = match and _parse_day(match["day"])
            if day:
                found[piece] = ReadCode(piece, kind, day)
    return next(iter(found.values())) if len(found) == 1 else None


def _tidy(text: str, between: str | None = None) -> str:
    unseen = dict.fromkeys(_UNSEEN, between)
    return nfc(text.strip().translate(_FULL_WIDTH).translate(_DASHES).translate(unseen)).strip().upper()


def _parse_day(digits: str) -> date | None:
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None


def _day(code: str, digits: str) -> date:
    day = _parse_day(digits)
    if day is None:
        raise error("dossier.code_malformed", "no such day", code=code)
    return day


def join_result_code(owner: str, kind: str, number: str, *, keep_leading_dot: bool, separator: str = ".") -> str:
    """Join mã kết quả số hóa from its parts (TT 01/2023 Điều 10 khoản 1, 2).

    Args:
        owner: mã định danh of the person or organisation; empty when the paper has none.
        kind: mã loại giấy tờ; may itself hold dots, which is why nothing ever splits a code again.
        number: số, ký hiệu of the paper.
        keep_leading_dot: whether a code without owner begins with the separator.

    Raises:
        ValueError: kind or number is empty; the law lets only the owner be left out.
    """
    owner, kind, number = nfc(owner).strip(), nfc(kind).strip(), nfc(number).strip()
    if not kind or not number:
        raise ValueError("a result code needs a kind and a number")
    if not owner and not keep_leading_dot:
        return separator.join((kind, number))
    return separator.join((owner, kind, number))
