# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes wrong, in one language: TWAIN's condition codes, pytwain's exceptions, the desk's codes.

pytwain has an exception for most condition codes, a number inside a sentence for the others, and Python's own
exceptions for some; a driver's access violation arrives as an OSError in a process that can no longer be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import twain
from twain.lowlevel import constants as tw

from twain_worker import standard

#: condition code -> the desk's code. What is not here, or belongs to the program and not to the paper, is "unknown"
CODES: Mapping[int, str] = {
    tw.TWCC_NODS: "scanner.none",
    tw.TWCC_MAXCONNECTIONS: "scanner.busy",
    tw.TWCC_DENIED: "scanner.denied",
    tw.TWCC_PAPERJAM: "scanner.jam",
    tw.TWCC_PAPERDOUBLEFEED: "scanner.double_feed",
    tw.TWCC_CHECKDEVICEONLINE: "scanner.lost",
    standard.TWCC_INTERLOCK: "scanner.cover_open",
    standard.TWCC_DAMAGEDCORNER: "scanner.jam",
    standard.TWCC_DOCTOOLIGHT: "scanner.bad_image",
    standard.TWCC_DOCTOODARK: "scanner.bad_image",
    standard.TWCC_NOMEDIA: "scanner.empty",
}
#: before the source is open, these only ever mean that the scanner does not answer
AT_OPENING: Mapping[int, str] = {tw.TWCC_BUMMER: "scanner.offline", tw.TWCC_OPERATIONERROR: "scanner.offline"}
#: a capability that is not there, or will not have this value
REFUSALS = frozenset(
    {tw.TWCC_BADCAP, tw.TWCC_BADVALUE, tw.TWCC_CAPUNSUPPORTED, tw.TWCC_CAPBADOPERATION, tw.TWCC_CAPSEQERROR}
)
#: they speak of the scanner, whatever was asked of it
OF_SCANNER = frozenset({tw.TWCC_CHECKDEVICEONLINE, tw.TWCC_MAXCONNECTIONS, standard.TWCC_INTERLOCK})
_NUMBER = re.compile(r"ConditionCode = (\d+)")
_BY_CLASS = {kind: code for code, kind in twain._exc_mapping.items()}


class Trouble(Exception):
    """The driver refused or failed. ``condition``: TWCC number, 0 when it would not even tell that."""

    def __init__(self, condition: int, words: str) -> None:
        super().__init__(f"condition {condition}: {words}" if condition else words)
        self.condition = condition


class DriverBroke(Exception):
    """An access violation inside vendor code: memory is damaged, nothing more may be called."""


class Fault(Exception):
    """The batch ends here, by this code of the desk."""

    def __init__(self, code: str, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.code, self.detail, self.facts = code, detail, facts


@contextmanager
def driver_words() -> Iterator[None]:
    """Around every call that reaches vendor code.

    Raises:
        Trouble: whatever pytwain raised, by its condition code.
        DriverBroke: an access violation.
    """
    try:
        yield
    except (Trouble, DriverBroke, twain.exceptions.CheckStatus):
        raise
    except Exception as problem:
        if type(problem) is OSError and "exception:" in str(problem):
            raise DriverBroke(str(problem)) from problem
        code = _BY_CLASS.get(type(problem))
        told = _NUMBER.search(str(problem))
        if code is None:
            code = int(told[1]) if told else 0
        raise Trouble(code, f"{type(problem).__name__} {problem}".strip()) from problem


def fault_of(trouble: Trouble, *, opening: bool, kept: int, known: Mapping[str, str]) -> str:
    """The desk's code. ``known``: what the manifest says of this family's own numbers."""
    number = trouble.condition
    code = known.get(str(number)) or (AT_OPENING.get(number) if opening else None) or CODES.get(number)
    if code == "scanner.lost" and (opening or kept == 0):
        return "scanner.offline"
    return code or "scanner.unknown"
