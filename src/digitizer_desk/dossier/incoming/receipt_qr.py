# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the QR of a province's receipts holds beside the dossier code, read by a layout the province declares.

Apart from ``code.py`` because no text lays this down: each province prints its own, and says here how. What does not
fit the layout in every letter is not read at all: half a receipt is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from digitizer_desk.dossier.code import ReadCode, read_code
from digitizer_desk.dossier.model import CodeKind
from digitizer_desk.dossier.text import nfc, tidy_name
from digitizer_desk.errors import DeskError, error

#: what may be told, each at most once; OTHER as often as there is something nobody wants
PARTS = ("code", "procedure", "name", "identity")
OTHER = "other"
#: letters, the longest layout
LONGEST = 160

#: stand in every dossier code: what they would part could not hold one
_IN_CODES = (".", "-")
_PIECE = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class ReceiptQr:
    """What a receipt told. ``code`` is never a LEGACY one; '' where the layout has no such part or it was empty."""

    code: ReadCode
    procedure: str = ""
    name: str = ""
    identity: str = ""


def check_layout(layout: str) -> str:
    """The layout itself when it can be read by, '' included: nothing but the code is expected then.

    A layout is the text of a QR with its parts in angle brackets: ``<code>|<procedure>|<name>``. ``<code>`` stands in
    it once, the others once at most, ``<other>`` as often as needed; two parts never touch, so that it is always known
    where one ends.

    Raises:
        DeskError: ``settings.receipt_qr`` with the place at fault.
    """
    if layout:
        _compiled(layout)
    return layout


def read_receipt(text: str, layout: str) -> ReceiptQr | None:
    """Read what a hand scanner gave by the layout; None without a layout, and for whatever does not fit it whole.

    Args:
        text: the keys of the hand scanner, without its Enter.
        layout: as :func:`check_layout` takes it.
    """
    if not layout:
        return None
    found = _compiled(layout).fullmatch(nfc(text.strip("\ufeff\r\n")))
    if found is None:
        return None
    told = {name: tidy_name(value) for name, value in found.groupdict().items()}
    try:
        code = read_code(told["code"])
    except DeskError:
        return None
    if code.kind is CodeKind.LEGACY:
        return None
    return ReceiptQr(code, told.get("procedure", ""), told.get("name", ""), told.get("identity", ""))


@cache
def _compiled(layout: str) -> re.Pattern[str]:
    """The layout as a pattern: a part holds nothing of what stands between two parts."""
    if len(layout) > LONGEST:
        raise error("settings.receipt_qr", "too long", where=f"{layout[:20]}…")
    pieces = _PIECE.split(nfc(layout))
    texts, names = pieces[::2], pieces[1::2]
    between = texts[1:-1]
    stray = next((text for text in texts if "<" in text or ">" in text), None)
    if stray is not None:
        raise error("settings.receipt_qr", "a bracket alone", where=stray)
    for number, name in enumerate(names):
        if name not in (*PARTS, OTHER) or (name in PARTS and name in names[:number]):
            raise error("settings.receipt_qr", "unknown, or given twice", where=f"<{name}>")
    for number, text in enumerate(between):
        if not text.strip():
            raise error("settings.receipt_qr", "two parts touch", where=f"<{names[number]}>{text}<{names[number + 1]}>")
        if text.isalnum() or text in _IN_CODES:
            raise error("settings.receipt_qr", "it stands inside codes and names, too", where=text)
    if "code" not in names:
        raise error("settings.receipt_qr", "no code", where=layout)
    inside = "".join(f"(?!{re.escape(text)})" for text in dict.fromkeys(between))
    part = rf"(?:{inside}[^\x00-\x1f\x7f])*"  # a backspace is the mark of an input program at work
    whole = re.escape(texts[0])
    for name, text in zip(names, texts[1:], strict=True):
        whole += (f"(?P<{name}>{part})" if name != OTHER else part) + re.escape(text)
    return re.compile(whole)
