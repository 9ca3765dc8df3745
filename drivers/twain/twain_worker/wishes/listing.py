# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A source's capabilities one by one, with names, types and current values, for a bug report.

Apart from the other questions because nothing is understood here. Texts are left out: nobody knows what stands in
them. A maker's own capabilities are named and not read: some sources break over the question.
"""

from __future__ import annotations

from typing import Any

from twain.lowlevel import constants as tw

from twain_worker import standard
from twain_worker.container import Told
from twain_worker.session import Session

#: from here on numbers are the makers' own
_CUSTOM = 0x8000
#: a line of the protocol has an end
_MOST_CAPABILITIES, _MOST_CHOICES = 1024, 256
_KINDS = {tw.TWTY_BOOL: "bool", tw.TWTY_FIX32: "fixed", tw.TWTY_FRAME: "frame"}
_WHOLE = (*(tw.TWTY_INT8, tw.TWTY_INT16, tw.TWTY_INT32), *(tw.TWTY_UINT8, tw.TWTY_UINT16, tw.TWTY_UINT32))
_ABILITIES = {
    tw.TWQC_GET: "get",
    tw.TWQC_SET: "set",
    tw.TWQC_GETDEFAULT: "get-default",
    tw.TWQC_GETCURRENT: "get-current",
    tw.TWQC_RESET: "reset",
}
NAMES: dict[int, str] = {
    number: name
    for place in (tw, standard)
    for name, number in vars(place).items()
    if name.startswith(("CAP_", "ICAP_", "ACAP_")) and name != "CAP_CUSTOMBASE"
}


def described(session: Session) -> list[dict[str, Any]]:
    """Each capability in the source's order; of a source that does not list them, those of the standard it answers."""
    listed = session.told(tw.CAP_SUPPORTEDCAPS)
    if listed is not None and listed.values:
        numbers = [one for one in listed.values if isinstance(one, int)]
        return [_described(session, number) for number in dict.fromkeys(numbers[:_MOST_CAPABILITIES])]
    return [_described(session, number) for number in NAMES if session.told(number) is not None]


def _described(session: Session, number: int) -> dict[str, Any]:
    told = session.told(number) if number < _CUSTOM else None
    now = session.told(number, tw.MSG_GETCURRENT) if number < _CUSTOM else None
    may = session.support(number)
    kind = told.kind if told is not None else -1
    words = _kind(kind)
    return {
        "name": NAMES.get(number, f"{number:#06x}"),
        "title": f"{number:#06x}",
        "kind": words,
        "unit": "",
        "active": told is not None,
        "abilities": [word for bit, word in _ABILITIES.items() if (may or 0) & bit],
        "choices": _choices(told) if words != "string" else None,
        "limits": told.limits if told is not None else None,
        "value": _value(now or told) if words != "string" else None,
        "count": len(told.values) if told is not None and told.form == standard.TWON_ARRAY and told.values else 1,
    }


def _kind(kind: int) -> str:
    if kind in _WHOLE:
        return "int"
    return "" if kind < 0 else _KINDS.get(kind, "string")


def _choices(told: Told | None) -> list[Any] | None:
    if told is None or told.form != tw.TWON_ENUMERATION or told.values is None:
        return None
    return [int(one) if isinstance(one, bool) else one for one in told.values[:_MOST_CHOICES]]


def _value(told: Told | None) -> Any:
    """The current value; of a list, all of it as text."""
    if told is None:
        return None
    if told.form == standard.TWON_ARRAY:
        return " ".join(str(one) for one in (told.values or ())[:_MOST_CHOICES])
    return told.current
