# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words of the review: its failures, levels, verdicts, days and what came back to the clerk.

Apart because window, printed sheet and terminal say a verdict in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from digitizer_desk.dossier.review import Level, Lot, ReturnedPage, Verdict
from digitizer_desk.messages.form import Message, text_of

REVIEW = {
    "review.unknown": Message("Không tìm thấy lô này.", "", "Nhấn F5 để nạp lại danh sách lô."),
    "review.nothing": Message(
        "Chưa có trang nào để lập lô.", "Lô gồm các trang cán bộ đã ký số.", "Chờ cán bộ ký thêm, rồi nhấn F5."
    ),
    "review.not_joinable": Message(
        "Ngày {day} không gộp được.",
        "Ngày đó có {pages} trang; chỉ gộp ngày dưới {least} trang.",
        "Chọn ngày đó rồi nhấn Enter để lập lô riêng.",
    ),
    "review.undecided": Message(
        "Chưa kết luận được.", "Mẫu còn {left} trang chưa xem.", "Nhấn Esc quay lại, xem hết mẫu rồi kết luận."
    ),
    "review.closed": Message("Việc này đã xong trước đó.", "", "Nhấn F5 để xem trạng thái mới."),
    "review.note_missing": Message("Chưa ghi rõ lý do.", "", "Ghi vài chữ rồi nhấn Enter."),
}

LEVEL_NAMES: Mapping[Level, str] = MappingProxyType(
    {Level.NORMAL: "THƯỜNG", Level.TIGHTENED: "CHẶT", Level.WHOLE: "XEM HẾT"}
)

VERDICT_NAMES: Mapping[Verdict, str] = MappingProxyType(
    {Verdict.OPEN: "đang duyệt", Verdict.ACCEPTED: "nhận", Verdict.REFUSED: "trả"}
)


def lot_days(lot: Lot) -> str:
    """ "21/11" or "20/11-21/11" for joined days."""
    first, last = short_day(lot.first_day), short_day(lot.last_day)
    return first if first == last else f"{first}-{last}"


def short_day(day: date) -> str:
    """Day and month as they are said: "21/11"."""
    return text_of(day).rpartition("/")[0]


def lot_heading(lot: Lot) -> str:
    """The line over a lot: days, desk, size, level, sample and what is still accepted."""
    sample = "xem hết" if lot.whole else f"mẫu {lot.sample_size} trang"
    return (
        f"Lô {lot_days(lot)} · {lot.desk} · {lot.size} trang · mức {LEVEL_NAMES[lot.level]} · {sample}"
        f" · nhận ≤ {lot.accept} lỗi nặng"
    )


def verdict_words(lot: Lot, serious: int, critical: int) -> str:
    """Why a lot is accepted or refused, in one sentence.

    Args:
        serious: pages with a fault that is held against the limit.
        critical: pages with a fault of which one is too many.
    """
    seen = "đã xem hết" if lot.whole else f"mẫu {lot.sample_size} trang"
    if critical:
        return f"Trả lô: {critical} trang lỗi nghiêm trọng, không được có trang nào."
    if serious > lot.accept:
        return f"Trả lô: {serious} trang lỗi nặng, vượt mức {lot.accept}."
    return f"Nhận lô: {seen}, {serious} trang lỗi nặng, trong mức {lot.accept}."


def level_changed(desk: str, before: Level, after: Level, history: str) -> str:
    """Said once when the level of the next lot is another: which, and why."""
    return f"{desk} chuyển từ mức {LEVEL_NAMES[before]} sang mức {LEVEL_NAMES[after]}: {history}."


def returned_words(returned: Sequence[ReturnedPage]) -> str:
    """The line a clerk reads at the start: how many pages came back, in how many dossiers."""
    dossiers = len({one.page.dossier_id for one in returned})
    return f"Người duyệt trả lại {len(returned)} trang trong {dossiers} hồ sơ." if returned else ""


def returned_line(returned: ReturnedPage, fault: str) -> str:
    """One page that came back: where, why, in the supervisor's own words. ``fault`` is the name of the fault."""
    page, note = returned.page, returned.judgement.note
    why = f"{fault} — «{note}»" if note else fault
    return f"{page.component_title}, trang {page.number}: {why}"
