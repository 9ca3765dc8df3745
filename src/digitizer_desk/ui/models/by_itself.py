# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""When a receipt sheet filled by a hand scanner opens its dossier without a key, and what keeps it from doing so.

Apart from the dialog because it is one question with many ways to be wrong, asked without a window. A machine opens
only what nobody could doubt: everything the sheet holds was told by something that was scanned or by the province's
list, and nothing that told it says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digitizer_desk.dossier.model import Applicant, ApplicantKind, Channel
from digitizer_desk.dossier.text import tidy_name
from digitizer_desk.messages.form import Message
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.ui.models.receipt import say_code, say_owner

RECEIPT, CARD, LIST = "giấy tiếp nhận", "thẻ căn cước", "danh sách chờ của tỉnh"
GARBLED = Message(
    "Chữ máy quét mã đưa vào không còn nguyên vẹn.",
    "Có thể bộ gõ tiếng Việt đang bật.",
    "Tắt bộ gõ rồi quét lại, hoặc xem kỹ từng ô rồi nhấn Ctrl+Enter.",
)
_LOOK = "Xem giấy, sửa ô sai rồi nhấn Ctrl+Enter."


@dataclass(frozen=True, slots=True)
class Filled:
    """What the sheet holds. ``procedure``: the code of the chosen one, '' while there is none."""

    code: str
    procedure: str
    applicant: Applicant
    channel: Channel


@dataclass(frozen=True, slots=True)
class Told:
    """What one thing says of the dossier, '' where it says nothing. ``by``: what it is, as the clerk calls it."""

    by: str
    code: str = ""
    procedure: str = ""
    name: str = ""
    identity: str = ""


def lacks(filled: Filled, told: Sequence[Told]) -> bool:
    """Whether something the sheet wants is open still, or was put there by a hand alone."""
    by_machine = filled.procedure.upper() in {one.procedure.upper() for one in told}
    return not (filled.code.strip() and filled.applicant.name and filled.procedure and by_machine)


def differs(filled: Filled, told: Sequence[Told]) -> Message | None:
    """The first thing that was told and does not stand in the sheet; None when all agree. An owner who is open still
    differs from nobody."""
    owner = filled.applicant
    for one in told:
        if one.procedure and filled.procedure.upper() != one.procedure.upper():
            if not filled.procedure:
                what = f"Thủ tục «{one.procedure}» ghi trên {one.by} không có trên máy này."
                return Message(what, "", "Chọn thủ tục ghi trên giấy rồi nhấn Ctrl+Enter.")
            return Message(f"Thủ tục đang chọn khác {one.by} («{one.procedure}»).", "", _LOOK)
        if owner.name and one.name and _name(one.name) != _name(owner.name):
            return Message(f"Tên chủ hồ sơ khác {one.by} («{one.name}»).", "", _LOOK)
        if owner.name and one.identity and one.identity != owner.identifier:
            return Message(f"Số định danh khác {one.by}.", "", _LOOK)
        if one.code and one.code != filled.code:
            return Message(f"Mã hồ sơ khác {one.by} («{one.code}»).", "", _LOOK)
    return None


def doubtful(filled: Filled, law: Regulation, today: date) -> bool:
    """Whether the sheet itself shows a doubt, in words of its own; or holds a name no scanner gives whole."""
    owner = filled.applicant
    letters = all(part.isalpha() for part in owner.name.replace("-", " ").replace("'", " ").split())
    return (
        say_code(filled.code).role != "ok"
        or say_owner(owner, law, today).role not in ("ok", "idle")
        or filled.channel is not Channel.PAPER
        or (owner.kind is ApplicantKind.PERSON and not letters)
    )


def _name(text: str) -> str:
    return tidy_name(text).casefold()
