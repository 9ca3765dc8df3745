# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The components of a dossier as a clerk sees them: number, name, pages, mark and words of their state.

Apart from the list widget because the words and marks (windows.md 5.2) are tested without a window.
"""

from __future__ import annotations

from dataclasses import dataclass

from digitizer_desk.dossier.incoming.reuse import Reused, ReuseState
from digitizer_desk.dossier.model import Component, ParcelState
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import Count, certified, count_of, stage, waits_for_backs
from digitizer_desk.messages import short
from digitizer_desk.rules.fields import Gaps
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.signatures.vouch import doubtful
from digitizer_desk.ui.models import came_as_file

#: what stands before the name of a paper that was not handed in
KINDS = {PaperKind.RESULT: "KQ", PaperKind.INTERMEDIATE: "Không phải KQ"}


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """One component in the list. ``role`` and ``sign`` are those of ``widgets.signs``; ``count`` like "2/2" or ''."""

    id: str
    number: int
    title: str
    count: str
    role: str
    sign: str
    words: str
    stage: str


def line(component: Component, law: Regulation, *, scanning: bool = False, gaps: Gaps | None = None) -> ComponentLine:
    """How a component is shown now. ``gaps``: what its data lack, None while nobody has counted."""
    now = stage(component, law.order, law.may_scan(component))
    title = component.title
    if component.kind is not PaperKind.COMPONENT:
        title = f"{KINDS[component.kind]} · {title}"
    role, sign, words = ("work", "play", "đang quét") if scanning else _state(component, law, now, gaps)
    expected = component.expected
    count = f"{len(component.pages)}/{expected if expected is not None else '?'}" if component.pages else ""
    count = f"{came_as_file.badge(component)} {count}".strip()
    return ComponentLine(component.id, component.number, title, count, role, sign, words, now)


def _state(component: Component, law: Regulation, now: str, gaps: Gaps | None) -> tuple[str, str, str]:
    if component.cancelled is not None:
        return "idle", "forbidden", "đã hủy hiệu lực"
    if now == "refused":
        return "idle", "forbidden", law.form(component.form).reason
    if now == "left_out":
        gone = component.not_digitised
        why = next((r.label for r in law.left_out_reasons if gone is not None and r.id == gone.reason), "")
        return "idle", "forbidden", f"không số hóa: {why.lower()}" if why else "không số hóa"
    if now == "reused" and component.reused is not None:
        return _reused(component.reused)
    if now == "not_needed":
        return "idle", "minus", "nếu có"
    if now == "scan":
        return _scanning(component)
    if now == "check":
        return _faulty(component)
    if component.parcel is not None and component.parcel.state is ParcelState.REJECTED:
        return "stop", "x", f"tỉnh trả lại: {component.parcel.said}"
    if now == "sign":
        if component.document is not None:
            return "mind", "alert", "cần ký lại: trang đã thay"
        return _warned(component) or ("work", "pen", "chờ ký")
    if now == "extract":
        return "work", "pen", _data(gaps)
    if now == "assign_code":
        return "work", "pen", "đủ dữ liệu, chờ mã"
    if now == "certify":
        return ("stop", "x", "chữ ký chưa tin cậy") if doubtful(component) else ("work", "seal", "chờ ký của cơ quan")
    return _sent(component)


def _reused(reused: Reused) -> tuple[str, str, str]:
    if reused.state is ReuseState.ACCEPTED:
        return "ok", "check", "tái sử dụng, tỉnh đã ghi nhận"
    return "ok", "clock", "tái sử dụng, chờ báo tỉnh"


def _scanning(component: Component) -> tuple[str, str, str]:
    if component.reused is not None and not component.pages:  # refused: it has to be scanned after all
        return "stop", "x", f"tỉnh không cho dùng lại: {component.reused.said}".rstrip(": ")
    if not component.pages:
        return "idle", "circle", "bắt buộc" if component.mandatory else "nếu có"
    unread = next((number for number, page in enumerate(component.pages, start=1) if page.unread), None)
    if unread is not None:
        return "stop", "x", f"trang {unread} không đọc được"
    if waits_for_backs(component):
        return "work", "clock", "chờ mặt sau"
    if count_of(component) is Count.DIFFERS:
        return "stop", "x", "số đếm không khớp"
    if component.expected is None:
        return "mind", "alert", "chưa khai số mặt giấy"
    gap = component.expected - len(component.pages)
    if gap:
        return "stop", "x", f"thiếu {gap}" if gap > 0 else f"thừa {-gap}"
    if count_of(component) is Count.UNPROVED:
        return "mind", "alert", "đếm lại số mặt giấy"
    return "mind", "alert", "bản ghi chú chưa đủ cặp"


def _faulty(component: Component) -> tuple[str, str, str]:
    faulty = [page for page in component.pages if page.open_faults]
    if not faulty:
        return "idle", "clock", "đang kiểm tra"
    return "stop", "x", f"{len(faulty)} trang {short(faulty[0].open_faults[0]).lower()}"


def _warned(component: Component) -> tuple[str, str, str] | None:
    warned = [page for page in component.pages if page.findings and not page.keeps]
    if not warned:
        return None
    return "mind", "alert", f"chờ ký · {short(warned[0].findings[0]).lower()}"


def _data(gaps: Gaps | None) -> str:
    if gaps is None:
        return "chờ nhập dữ liệu"
    if gaps.missing:
        return f"thiếu {gaps.missing} trường"
    return f"{gaps.wrong} trường phải sửa" if gaps.wrong else "đủ dữ liệu, chờ Ctrl+Enter"


def _sent(component: Component) -> tuple[str, str, str]:
    parcel = component.parcel
    if parcel is None:
        return "work", "clock", "đang đóng gói"
    if parcel.state is ParcelState.ACCEPTED:
        return "ok", "sealed" if certified(component) else "check", f"tỉnh đã nhận · {parcel.receipt}"
    if parcel.state is ParcelState.SENDING:
        return "work", "send", "đang gửi"
    if parcel.state is ParcelState.NEEDS_PERSON:
        return "stop", "x", "cần xử lý"
    code = component.result_code
    return "ok", "clock", "xong, chờ gửi · mã tạm" if code is not None and code.provisional else "xong, chờ gửi"


def next_unfinished(
    lines: tuple[ComponentLine, ...], after: str, steps: tuple[str, ...] = ("scan", "check", "sign", "extract")
) -> str:
    """The component to go to after this one: the next that is at one of these steps, from there on and round."""
    open_ids = [item.id for item in lines if item.stage in steps]
    if not open_ids:
        return after
    order = [item.id for item in lines]
    start = order.index(after) if after in order else -1
    later = [i for i in order[start + 1 :] + order[: start + 1] if i in open_ids]
    return later[0]
