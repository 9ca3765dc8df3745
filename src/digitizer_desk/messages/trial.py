# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of each part of a trial of the whole process.

Apart from the faults because a trial has no F4 and nothing waits: what to do after a failure is always to try again
from where one stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from digitizer_desk.errors import DeskError
from digitizer_desk.messages.faults import TEXTS
from digitizer_desk.messages.findings import finding_words
from digitizer_desk.messages.form import Message, fill
from digitizer_desk.messages.labels import spoken
from digitizer_desk.steps.trial.course import Line, Part, State, Told

PART_NAMES: Mapping[Part, str] = MappingProxyType(
    {
        Part.SCAN: "Quét một tờ",
        Part.CHECK: "Kiểm tra trang",
        Part.PDF: "Tạo PDF",
        Part.SIGN: "Ký thử",
        Part.DATA: "Lấy dữ liệu, cấp mã",
        Part.SEND: "Gửi thử tới tỉnh",
        Part.REMOVE: "Xóa hồ sơ thử",
    }
)
STATE_NAMES: Mapping[State, str] = MappingProxyType(
    {
        State.UNTRIED: "chưa thử",
        State.RUNNING: "đang làm",
        State.OK: "đạt",
        State.MIND: "cần biết",
        State.LATER: "làm sau",
        State.STOP: "không được",
    }
)

#: code of what an act told -> words; facts fill them
TOLD: Mapping[str, str] = MappingProxyType(
    {
        "scanned": "{width} × {height} điểm, {dpi} dpi, {seconds} giây.",
        "sheet_fine": "Đạt mọi yêu cầu của quy định.",
        "sheet_doubtful": "Dùng được. {findings}.",
        "sheet_faulty": "{findings}. Đặt một tờ giấy sạch, có chữ, rồi thử lại.",
        "pdf_made": "PDF/A, {kilobytes} KB.",
        "signed": "Chữ ký nguyên vẹn, {kilobytes} KB. Dấu trên trang ghi «KÝ THỬ».",
        "sign_later": "Chưa ký. Cắm token của bạn rồi thử lại khi sẵn sàng.",
        "data_taken": "{fields} trường, mã kết quả và gói gửi đều lập được.",
        "province_not_set": "Chưa nối với tỉnh. Khai địa chỉ ở bước 4 rồi thử lại.",
        "only_connected": "Mới thử kết nối với «{name}», chưa gửi gì: hệ thống này không có cách gửi thử.",
        "sent_and_taken_back": "Đã gửi {kilobytes} KB tới «{name}» trong {seconds} giây, tỉnh xác nhận đã bỏ.",
        "sent_not_taken_back": "Đã gửi {kilobytes} KB tới «{name}»; tỉnh chưa xác nhận đã bỏ tệp thử dở dang.",
        "halted": "Đã dừng theo yêu cầu.",
        "removed": "Không còn gì của hồ sơ thử trên máy này.",
    }
)

#: keys a clerk presses at the counter; in a trial there is one button
_COUNTER_KEY = re.compile(r"[Nn]hấn F[4569](?: để [^.;,]*)?")
_ASIDE = re.compile(r" ?\((?:F[4569]|Ctrl\+F5)\)")
_AGAIN = "bấm «Thử lại»"
#: nothing of a trial waits and nothing is sent again by itself
_NO_WAITING = frozenset(
    {
        "province.offline",
        "province.timeout",
        "province.server_busy",
        "province.reply_unreadable",
        "province.unknown_outcome",
        "province.not_kept",
    }
)


def told_words(told: Told) -> str:
    """The words of what an act found."""
    said = [finding_words(f, None) for f in told.findings[:2]]
    found = " ".join(f"{message.what} {message.why}".strip() for message in said)
    return fill(Message(TOLD[told.code], "", ""), {**told.facts, "findings": found}).what


def fault_words(problem: DeskError) -> Message:
    """A failure in a trial: as anywhere, but the way on is to try again."""
    text = TEXTS[problem.code]
    said = fill(text, {name: spoken(name, value) for name, value in problem.facts.items()})
    if problem.code in _NO_WAITING:
        return Message(said.what, "", f"Kiểm tra mạng rồi {_AGAIN}, hoặc làm sau khi có mạng.")
    do = _COUNTER_KEY.sub(_AGAIN, _ASIDE.sub("", said.do))
    return Message(said.what, said.why, do[:1].upper() + do[1:])


def line_words(line: Line) -> str:
    """What stands beside a part; '' while there is nothing to say but its state."""
    if line.problem is not None:
        return str(fault_words(line.problem))
    return told_words(line.told) if line.told is not None else ""
