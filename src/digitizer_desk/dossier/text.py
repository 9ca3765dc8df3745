# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Vietnamese text, dates and masked identifiers: normalised once at the edge, folded only for searching.

Apart because every room compares or shows text, and NFC alone is not enough: "Đ" has look-alikes that no normal form
joins, and "hoà" and "hòa" are two spellings of one word. A person's name is never re-spelled in what is signed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from digitizer_desk.dossier.model import VIETNAM

#: eth and African D look like đ, and stay different even under NFKC
_LOOK_ALIKES = str.maketrans({"\u00d0": "\u0110", "\u0189": "\u0110", "\u00f0": "\u0111", "\u0256": "\u0111"})
#: no glyph of their own, left behind by copying from the web and by keyboards that type for a hand scanner
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
#: breve, circumflex and horn make another letter; the tone marks only another tone
_LETTER_MARKS = frozenset("\u0302\u0306\u031b")
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

SortKey = tuple[tuple[int, ...], tuple[int, ...], str]


def nfc(text: str) -> str:
    """Composed Unicode form, the only one stored, compared, signed or sent."""
    return unicodedata.normalize("NFC", text)


def tidy_name(text: str) -> str:
    """A name as written, in NFC, with look-alikes of Đ mended, unseen characters gone and single spaces."""
    return _SPACES.sub(" ", _UNSEEN.sub("", nfc(text).translate(_LOOK_ALIKES))).strip()


def fold(text: str) -> str:
    """A key for searching: no marks, no case, đ as d, so that either place of the tone finds the other."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", tidy_name(text)).casefold()).replace("đ", "d")
    return _SPACES.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()


def sort_key(text: str) -> SortKey:
    """A key in the order of the Vietnamese alphabet: letters first, then tones, then the text itself.

    Signs and digits stand before letters.
    """
    letters: list[int] = []
    tones: list[int] = []
    for letter in _split(tidy_name(text).casefold()):
        base, tone = letter
        place = _ALPHABET.find(base)
        letters.append(0x110000 + place if place >= 0 else ord(base[0]))
        tones.append(tone)
    return tuple(letters), tuple(tones), tidy_name(text)


def _split(text: str) -> list[tuple[str, int]]:
    """(letter with the marks that make it a letter, tone 0-5) for each letter of casefolded text."""
    parts: list[tuple[str, int]] = []
    for mark in unicodedata.normalize("NFD", text):
        if mark in _TONES and parts:
            parts[-1] = (parts[-1][0], _TONES[mark])
        elif mark in _LETTER_MARKS and parts:
            parts[-1] = (nfc(parts[-1][0] + mark), parts[-1][1])
        elif not unicodedata.combining(mark):
            parts.append((mark, 0))
    return parts


def mask(identifier: str) -> str:
    """An identifier as the journal and the log may show it: "0451******34" of twelve digits (R56)."""
    text = nfc(identifier).strip()
    if len(text) >= 12:
        shown = 4
    elif len(text) >= 8:
        shown = 2
    else:
        return "*" * len(text)
    return text[:shown] + "*" * (len(text) - shown - 2) + text[-2:]


def parse_date(text: str) -> date | None:
    """The date in "25/04/2021", "5/4/2021", "25-04-2021", "25.04.2021" or "25042021"; None when it is none."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def format_date(day: date) -> str:
    """dd/MM/yyyy: never the two-digit year of Vietnamese short dates."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_time(moment: datetime) -> str:
    """dd/MM/yyyy HH:mm:ss +07:00, Vietnam time, as NĐ 30/2020 writes times. ``moment`` must know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    here = moment.astimezone(VIETNAM)
    return f"{format_date(here)} {here:%H:%M:%S} +07:00"
