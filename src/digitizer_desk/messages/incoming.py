# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Words for what comes from the province: a line of its list, a decision, a stored paper.

Apart from the faults because nothing is wrong here.
"""

from __future__ import annotations

from datetime import date, datetime

from digitizer_desk.dossier.incoming.decision import Decision, DecisionKind
from digitizer_desk.dossier.incoming.reuse import PaperSource, PaperState, Reusable
from digitizer_desk.dossier.incoming.waiting import WaitingLine
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.dossier.text import format_date

_STATES = {PaperState.EXPIRED: ("stop", "hết hiệu lực"), PaperState.CANCELLED: ("stop", "đã hủy")}
_SOURCES = {PaperSource.COMPONENT: "thành phần hồ sơ", PaperSource.RESULT: "kết quả"}


def fetched_words(at: datetime | None) -> str:
    """When the list was true."""
    if at is None:
        return "Chưa lấy danh sách của tỉnh lần nào."
    return f"Danh sách của tỉnh lúc {at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}."


def line_state(line: WaitingLine) -> tuple[str, str]:
    """Role of the colour and words for the state of a line."""
    if line.withdrawn_at is not None:
        return "stop", f"tỉnh đã rút: {line.said}" if line.said else "tỉnh đã rút"
    return ("ok", "đã mở") if line.dossier_id else ("work", "chờ")


def withdrawn_words(line: WaitingLine) -> str:
    """For the counter, while a dossier lies there that the province took back; '' when it did not."""
    if line.withdrawn_at is None:
        return ""
    said = f": «{line.said}»" if line.said else ""
    at = f"{line.withdrawn_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    return f"Tỉnh đã rút hồ sơ này khỏi danh sách chờ ({at}){said}. Hỏi bộ phận tiếp nhận trước khi làm tiếp."


def decision_words(one: Decision) -> str:
    """What the province decided, with its own words."""
    if one.kind is DecisionKind.RETURNED:
        return f"Tỉnh trả lại: {one.said or 'không nêu lý do'}."
    return f"Tỉnh cấp mã: {one.result_code}."


def paper_state(paper: Reusable, day: date) -> tuple[str, str]:
    """Role and words for whether a stored paper is good on a day, and until when."""
    state = paper.state_on(day)
    if state is not PaperState.VALID:
        role, words = _STATES[state]
        ended = state is PaperState.EXPIRED and paper.expires is not None
        return role, f"{words} {format_date(paper.expires)}" if ended and paper.expires is not None else words
    if paper.expires is not None:
        return "ok", f"còn hạn đến {format_date(paper.expires)}"
    return "ok", "còn hiệu lực"


def source_words(paper: Reusable) -> str:
    """What the paper was before."""
    return _SOURCES[paper.source]
