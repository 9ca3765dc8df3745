# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Short words the windows and the terminal share: stages, parcels, roles, marks of a page.

Apart from the sentences because these are labels: they stand in headers and columns, and never change with facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import Parcel, ParcelState, Role
from digitizer_desk.messages.faults import TEXTS
from digitizer_desk.messages.findings import RULE_NAMES
from digitizer_desk.messages.form import text_of

#: stage -> word in the header
STEP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "scan": "QUÉT",
        "check": "KIỂM TRA",
        "sign": "KÝ SỐ",
        "extract": "NHẬP DỮ LIỆU",
        "assign_code": "CẤP MÃ",
        "certify": "KÝ CỦA CƠ QUAN",
        "send": "GỬI",
        "done": "HOÀN TẤT",
        "refused": "KHÔNG QUÉT",
        "left_out": "KHÔNG SỐ HÓA",
        "reused": "TÁI SỬ DỤNG",
        "not_needed": "NẾU CÓ",
    }
)

_STAGES: Mapping[str, str] = MappingProxyType(
    {
        "scan": "chưa quét đủ",
        "check": "cần xem lại trang",
        "sign": "chờ ký số",
        "extract": "chờ nhập dữ liệu",
        "assign_code": "chờ cấp mã",
        "certify": "chờ ký của cơ quan",
        "send": "chờ gửi tỉnh",
        "done": "đã số hóa",
        "refused": "không thuộc diện số hóa",
        "left_out": "không số hóa, có lý do",
        "reused": "dùng lại giấy tờ ở kho của tỉnh",
        "not_needed": "nếu có",
    }
)

#: step -> what it is called inside a sentence
_STEPS_SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "scan": "quét",
        "check": "kiểm tra",
        "sign": "ký số",
        "extract": "nhập dữ liệu",
        "assign_code": "cấp mã",
        "certify": "ký của cơ quan",
        "send": "gửi",
    }
)

ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.CLERK: "cán bộ một cửa",
        Role.VAN_THU: "văn thư",
        Role.SUPERVISOR: "người duyệt",
        Role.IT: "bộ phận CNTT",
    }
)

SEVERITY_NAMES: Mapping[Severity, str] = MappingProxyType(
    {Severity.FAULT: "lỗi", Severity.WARNING: "cảnh báo", Severity.INFO: "lưu ý"}
)

#: why a page of a small PDF stays as it was scanned
AS_SCANNED: Mapping[str, str] = MappingProxyType(
    {
        "strokes": "nét mảnh có thể mất",
        "tone": "độ đậm nhạt thay đổi",
        "colour": "màu mực có thể mất",
        "seal": "dấu không còn giống",
        "size": "nén không nhỏ hơn",
        "resolution": "độ phân giải thấp",
    }
)

#: witness of a page count -> what it says against the pages kept, its number filled in
_WITNESSES: Mapping[str, str] = MappingProxyType(
    {
        "device_counter": "máy quét đếm {number}",
        "images_completed": "máy quét đã gửi {number}",
        "feeder_empty": "khay nạp còn giấy",
        "sides_even": "số mặt bị lẻ",
    }
)

PAGE_FINE = "Đạt"


def stage_words(stage: str) -> str:
    """What stands beside a component at this stage."""
    return _STAGES[stage]


def step_name(stage: str) -> str:
    """The word of the header for a stage, in capitals."""
    return STEP_NAMES[stage]


def witness_words(kind: str, number: int) -> str:
    """What a witness says against a count of pages: "máy quét đếm 7"."""
    return _WITNESSES[kind].format(number=number)


def spoken(fact: str, value: object) -> object:
    """The value of a fact that is a word of the code - role, step, rule - as a clerk says it; others as they are."""
    word = str(value)
    if fact == "role":
        return ROLE_NAMES[Role(word)] if word in set(Role) else value
    if fact in ("step", "first"):
        return _STEPS_SPOKEN.get(word) or _STAGES.get(word) or value
    if fact == "witness":
        kind, _, number = word.partition(":")
        return witness_words(kind, int(number)) if kind in _WITNESSES and number.isdigit() else value
    if fact == "rule":
        return RULE_NAMES.get(word.rpartition(".")[2], value)
    return value


def parcel_words(parcel: Parcel) -> str:
    """The line of a parcel in the outbox."""
    if parcel.state is ParcelState.ACCEPTED:
        when = f" {text_of(parcel.accepted_at)}" if parcel.accepted_at else ""
        number = f" · số {parcel.receipt}" if parcel.receipt else ""
        return f"Tỉnh đã nhận{when}{number}{_unstamped(parcel)}"
    if parcel.state is ParcelState.SENDING:
        return "Đang gửi"
    if parcel.state is ParcelState.REJECTED:
        return f"Tỉnh trả lại: {parcel.said}" if parcel.said else "Tỉnh trả lại"
    if parcel.state is ParcelState.NEEDS_PERSON:
        return f"Cần xử lý: {_why(parcel)}"
    if parcel.state is ParcelState.SUPERSEDED:
        return "Đã thay bằng bản mới"
    if parcel.error == "province.offline":
        return "Chờ mạng"
    if parcel.next_try_at is not None and parcel.tries:
        return f"Thử lại lúc {text_of(parcel.next_try_at)} (lần {parcel.tries + 1})"
    return "Chờ gửi"


def _unstamped(parcel: Parcel) -> str:
    """Said of what left without a timestamp: from then on it cannot be given one."""
    return " · chưa có dấu thời gian" if parcel.sent_sha256 and parcel.level == "B-B" else ""


def _why(parcel: Parcel) -> str:
    if parcel.said:
        return parcel.said
    text = TEXTS.get(parcel.error)
    return text.what.rstrip(".") if text and "{" not in text.what else "xem lại tài liệu"
