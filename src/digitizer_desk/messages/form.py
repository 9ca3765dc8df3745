# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The form every message has - what happened, why, what to do - and how facts are put into it.

Apart from the words so that these can be read, and mended, by people of the trade who read no Python.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.dossier.text import format_date, nfc

#: what stands for a fact that came empty
_EMPTY = {
    "help": "nơi cấp token",
    "vendor": "của nhà cung cấp token",
    "officer": "bạn",
    "holder": "người khác",
    "backup_at": "gần nhất",
    "said": "không nêu lý do",
    "at": "sau",
    "driver": "máy quét",
    "role": "khác",
    "file": "tệp này",
}


@dataclass(frozen=True, slots=True)
class Message:
    """Three short lines for the clerk; ``why`` may be empty, the other two never are."""

    what: str
    why: str
    do: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.do) if part)


def text_of(value: Any) -> str:
    """A fact as a clerk reads it: Vietnam time and date, decimal comma, lists with commas, NFC."""
    if isinstance(value, datetime):
        here = value.astimezone(VIETNAM)
        return f"{here:%H:%M} ngày {format_date(here)}"
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    if isinstance(value, (tuple, list, frozenset, set)):
        return ", ".join(text_of(one) for one in value)
    return nfc(str(value))


def fill(pattern: Message, facts: Mapping[str, Any]) -> Message:
    """The pattern with its placeholders filled. A fact that is missing never hides the rest: it shows as "…"."""
    given = _Facts({name: text_of(value).strip().rstrip(".") for name, value in facts.items() if value is not None})
    return Message(*(_sentence(part, given) for part in (pattern.what, pattern.why, pattern.do)))


def _sentence(pattern: str, facts: _Facts) -> str:
    text = string.Formatter().vformat(pattern, (), facts)
    return text[:1].upper() + text[1:]


class _Facts(dict[str, str]):
    def __getitem__(self, name: str) -> str:
        return self.get(name, "") or _EMPTY.get(name, "…")
