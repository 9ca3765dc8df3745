# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of signatures, in words: for the panel in the window and for the terminal.

Apart from the other labels because these words answer one question each: whole, whose, trusted, when, still good.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from digitizer_desk.dossier.model import VIETNAM, Parcel
from digitizer_desk.signing.verdict import Revision, SignatureCheck, Verification

if TYPE_CHECKING:
    from digitizer_desk.signing.lasting.upgrade import Upgraded

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "clerk": "Cán bộ số hóa",
        "organisation": "Cơ quan",
        "timestamp": "Dấu thời gian",
        "other": "Chữ ký khác",
    }
)

LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "": "",
        "B-B": "chưa có dấu thời gian",
        "B-T": "có dấu thời gian, chưa đủ bằng chứng thu hồi",
        "B-LT": "đủ bằng chứng, chưa có dấu lưu trữ",
        "B-LTA": "kiểm tra được lâu dài",
    }
)

REVOCATIONS: Mapping[str, str] = MappingProxyType(
    {
        "good": "chưa bị thu hồi",
        "revoked": "ĐÃ BỊ THU HỒI",
        "unknown": "chưa biết có bị thu hồi hay không (không hỏi được nơi cấp)",
    }
)

_REVISIONS: Mapping[str, str] = MappingProxyType(
    {
        "signature": "thêm chữ ký",
        "timestamp": "thêm dấu thời gian",
        "evidence": "thêm bằng chứng thu hồi",
        "unsigned": "thay đổi không có chữ ký",
    }
)

#: a stated time this much later than the proven one is a wrong clock, not a slow hand
_CLOCK = timedelta(minutes=5)
#: tools that write Vietnam time as if it were UTC are off by exactly this
_ZONE = timedelta(hours=7)


def verdict_words(found: Verification) -> str:
    """The one sentence over all signatures of a file."""
    if not found.signatures:
        return "Tệp chưa có chữ ký số."
    if found.valid:
        return "Các chữ ký đều hợp lệ." if len(found.people) > 1 else "Chữ ký hợp lệ."
    if found.modified_after_signing or not all(s.intact for s in found.signatures):
        return "KHÔNG hợp lệ: tệp đã bị sửa sau khi ký."
    if any(s.revocation == "revoked" for s in found.signatures):
        return "KHÔNG hợp lệ: chứng thư đã bị thu hồi."
    if not all(s.trusted for s in found.signatures):
        return "KHÔNG hợp lệ: chưa tin cậy nơi cấp chứng thư."
    return "KHÔNG hợp lệ: chứng thư không còn hạn lúc ký."


def signature_facts(check: SignatureCheck) -> tuple[tuple[bool | None, str], ...]:
    """Line by line what was looked at: True good, False bad, None not known."""
    behind = check.behind
    lines: list[tuple[bool | None, str]] = [
        (check.intact, "nguyên vẹn" if check.intact else "ĐÃ BỊ SỬA hoặc chữ ký hỏng"),
        (check.trusted, f"nơi cấp: {behind.issuer or 'không rõ'}" + ("" if check.trusted else " (chưa tin cậy)")),
        (check.valid_at is not None, _term(check)),
        ({"good": True, "revoked": False}.get(check.revocation), REVOCATIONS[check.revocation]),
    ]
    if check.captured_at is not None:
        lines.append((True, f"sao chụp lúc {_time(check.captured_at)}"))
    if check.role != "timestamp":
        proven = behind.proven_at is not None
        lines.append((True if proven else None, _proof(check)))
        lines.append((True if check.level == "B-LTA" else None, f"mức {check.level}: {LEVELS[check.level]}"))
    if note := clock_words(check):
        lines.append((None, note))
    return tuple(lines)


def _term(check: SignatureCheck) -> str:
    behind = check.behind
    if behind.not_before is None or behind.not_after is None:
        return "không đọc được thời hạn chứng thư"
    span = f"{behind.not_before.astimezone(VIETNAM):%d/%m/%Y} đến {behind.not_after.astimezone(VIETNAM):%d/%m/%Y}"
    return f"chứng thư có hạn {span}" + ("" if check.valid_at is not None else ", KHÔNG còn hạn lúc ký")


def _proof(check: SignatureCheck) -> str:
    if check.behind.proven_at is None:
        return "chưa có dấu thời gian: thời điểm ký là do máy ký ghi"
    return f"đã ký trước {_time(check.behind.proven_at)} ({check.behind.proven_by} chứng nhận)"


def clock_words(check: SignatureCheck) -> str:
    """A note on a clock that was wrong when signing, or ''."""
    off = check.clock_off
    if off is None or off <= _CLOCK:
        return ""
    if abs(off - _ZONE) <= _CLOCK:
        return "giờ ký ghi sai múi giờ 7 tiếng (lỗi thường gặp của phần mềm ký, không phải giả mạo)"
    return f"giờ máy lúc ký chạy trước {_span(off)} so với dấu thời gian"


def _span(off: timedelta) -> str:
    if off >= timedelta(days=2):
        return f"{off.days} ngày"
    hours, rest = divmod(off, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    return f"{hours} giờ {minutes} phút" if hours else f"{minutes} phút"


def revision_line(revision: Revision) -> tuple[bool, str]:
    """What one later state of the file did, and whether signatures allow it."""
    allowed = "" if revision.allowed else ", KHÔNG được phép"
    return revision.allowed, f"lần ghi {revision.number}: {_REVISIONS[revision.kind]}{allowed}"


def signature_line(check: SignatureCheck) -> str:
    """One signature on one line of the terminal."""
    signed = f" · {_time(check.signed_at)}" if check.signed_at else ""
    level = f" · {check.level} ({LEVELS[check.level]})" if check.level else ""
    whole = "nguyên vẹn" if check.intact else "ĐÃ BỊ SỬA"
    trusted = "tin cậy" if check.trusted else "chưa tin cậy"
    note = f" · {clock_words(check)}" if clock_words(check) else ""
    who = f"{check.signer} · {ROLES[check.role]}{signed}{level}"
    return f"{who} · {whole} · {trusted} · {REVOCATIONS[check.revocation]}{note}"


def upgrade_line(file: str, reached: Upgraded) -> str:
    """What an upgrade came to, on one line of the terminal."""
    done = "đã bổ sung" if reached.changed else "không cần bổ sung"
    until = f", gia hạn trước {reached.held_until.astimezone(VIETNAM):%d/%m/%Y}" if reached.held_until else ""
    return f"{'✔' if not reached.missing else '⚠'} {file}: {done}; mức {reached.level} ({LEVELS[reached.level]}){until}"


def held_words(until: datetime) -> str:
    """How long the newest archive timestamp holds."""
    return f"dấu thời gian lưu trữ giữ đến {until.astimezone(VIETNAM):%d/%m/%Y}; tự gia hạn khi gửi, không cần token"


def renewal_line(parcel: Parcel, until: datetime, *, here_only: bool) -> str:
    """One document whose archive timestamp ends soon, and what renewing it means."""
    what = "bản lưu tại đây được gia hạn, bản đã gửi giữ nguyên" if here_only else "được gia hạn rồi gửi đi"
    return f"{parcel.dossier_code} · {parcel.component_title}: giữ đến {until.astimezone(VIETNAM):%d/%m/%Y}; {what}"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
