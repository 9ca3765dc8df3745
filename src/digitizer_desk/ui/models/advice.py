# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the banner, header and key bar say about a dossier: computed from values, tested without a window.

Apart from the window because the one obvious next act (windows.md 1) is a decision, not a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from digitizer_desk.dossier.finding import Finding
from digitizer_desk.dossier.model import VIETNAM, Channel, Component, Dossier, Field, Page, ParcelState
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import changed_since_signed, dossier_stage, missing, stage
from digitizer_desk.errors import error
from digitizer_desk.messages import finding_words, sentence, step_name
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.signatures.vouch import doubtful
from digitizer_desk.ui.models import came_as_file, counting
from digitizer_desk.ui.widgets.frame import Notice

#: steps at which a clerk still has something to do with a component
_OPEN = ("scan", "check")


def header(dossier: Dossier, law: Regulation) -> tuple[str, str, str]:
    """What, step and role for the header: green when the province holds everything."""
    now = dossier_stage(dossier, law.order, law.may_scan)
    what = f"Hồ sơ {dossier.code} · {dossier.applicant.name.upper()} · {dossier.procedure_title}"
    if now == "done":
        return what, "Hồ sơ hoàn tất", "ok"
    wanted = [c for c in dossier.components if _counts(c, law)]
    after = [c for c in wanted if _index(law, stage(c, law.order, law.may_scan(c))) > _index(law, now)]
    mark = "  · chưa đầy đủ" if dossier.handed_on is not None else ""
    return what, f"bước: {step_name(now)} {len(after)}/{len(wanted)}{mark}", "work"


def _counts(component: Component, law: Regulation) -> bool:
    """Components that belong to the work: not refused, left out or reused, and no empty optional one."""
    return stage(component, law.order, law.may_scan(component)) not in ("refused", "left_out", "not_needed", "reused")


def _index(law: Regulation, step: str) -> int:
    return law.order.index(step) if step in law.order else len(law.order)


def next_act(dossier: Dossier, component: Component, law: Regulation) -> str:
    """The id of the command that is next: on the biggest button. "": a number is to be typed (the box asks for it); F4
    as the filled key would have the same paper scanned twice."""
    now = stage(component, law.order, law.may_scan(component))
    if now == "check":
        return "rescan"
    if now == "scan":
        if dossier.channel is Channel.ELECTRONIC and component.kind is PaperKind.COMPONENT:
            return "intake"
        if any(page.unread for page in component.pages):
            return "rescan"
        return "" if counting.counted_next(component) else "scan"
    if now == "sign":
        return "sign" if not unfinished(dossier, law) else "next"
    if now == "extract":
        return "data"
    if now in ("refused", "left_out", "not_needed", "reused"):
        return "next" if dossier_stage(dossier, law.order, law.may_scan) in law.order[:4] else "receive"
    return "receive" if dossier_stage(dossier, law.order, law.may_scan) not in law.order[:4] else "next"


def commands_off(
    dossier: Dossier | None, component: Component | None, law: Regulation | None, *, scanning: bool
) -> frozenset[str]:
    """Commands that would do nothing now. ``dossier`` None: the empty counter."""
    if scanning:
        away = {"receive", "find", "rescan", "sign", "data", "intake", "wait", "work_type", "join", "signatures"}
        return frozenset(away)
    if dossier is None or law is None or component is None:
        return frozenset({"scan", "rescan", "inspect", "data", "sign", "intake", "signatures"})
    gone = set() if component.pages else {"rescan", "inspect"}
    electronic = dossier.channel is not Channel.PAPER and component.kind is PaperKind.COMPONENT
    if electronic or not law.may_scan(component) or component.cancelled is not None or component.is_reused:
        gone |= {"scan", "rescan"}
    if component.file is not None:
        gone |= {"scan", "rescan"}
    if not law.may_scan(component) or component.cancelled is not None or component.is_reused:
        gone |= {"intake"}
    return frozenset(gone)


def unfinished(dossier: Dossier, law: Regulation) -> tuple[Component, ...]:
    """Components that keep the dossier from being signed as a whole."""
    return tuple(
        c
        for c in dossier.components
        if stage(c, law.order, law.may_scan(c)) in _OPEN and (c.mandatory or c.pages) and law.may_scan(c)
    )


def rescan_target(pages: Sequence[Page], selected: str) -> int:
    """Row of the page F6 scans again, -1 when there is none: the selected one, unless only others are faulty.

    The banner names the same page: a good page must never be replaced by the paper of a bad one.
    """
    row = next((i for i, page in enumerate(pages) if page.id == selected), -1)
    faulty = [i for i, page in enumerate(pages) if page.open_faults or page.unread]
    return faulty[0] if faulty and row not in faulty else row


def notices(
    dossier: Dossier, component: Component, law: Regulation, findings: Sequence[Finding], selected: str = ""
) -> tuple[Notice, ...]:
    """Everything worth saying about the component and its dossier, the page F6 would scan again first.

    ``findings`` are the component's own, ``selected`` is the id of the page that is selected.
    """
    if component.cancelled is not None:
        return (*result_notices(component), *_dossier_notices(dossier, law))
    found: list[Notice] = []
    target = rescan_target(component.pages, selected)
    faulty = (row for row, page in enumerate(component.pages) if page.findings)
    for row in sorted(faulty, key=lambda r: r != target):
        for finding in component.pages[row].open_faults:
            found.append(Notice("stop", str(finding_words(finding, row + 1)), "rescan", finding))
    paper = dossier.channel is Channel.PAPER or component.kind is not PaperKind.COMPONENT
    found += result_notices(component)
    found += came_as_file.notices(component, may_scan=paper)
    if not paper and not component.pages and law.may_scan(component):
        found.append(Notice("mind", "Hồ sơ nộp trực tuyến: không quét tại quầy. Nhấn Ctrl+O để nhập tệp.", "intake"))
    for finding in findings:
        if finding.is_fault and component.expected is not None:
            act = "scan" if finding.word == "too_few_pages" else ""
            found.append(Notice("stop", str(finding_words(finding, None)), act, finding))
    found += counting.notices(component)
    if component.parcel is not None and component.parcel.state is ParcelState.REJECTED:
        found.append(Notice("stop", f"Tỉnh trả lại: «{component.parcel.said}». Sửa, ký lại (F9).", "sign"))
    if component.pages and component.expected is None and not counting.must_count_again(component):
        found.append(Notice("mind", "Giấy có mấy mặt? Gõ số mặt rồi Enter.", ""))
    if (changed := changed_since_signed(component)) is not None and stage(component, law.order) == "sign":
        found.append(Notice("mind", sentence(error("signature.pages_changed", page=changed)), "sign"))
    found += _dossier_notices(dossier, law)
    return tuple(found)


def result_notices(component: Component) -> list[Notice]:
    """What is to be said of a result: that it lost its effect, that its signatures do not hold, whom it waits for."""
    if component.cancelled is not None:
        day = component.cancelled.at.astimezone(VIETNAM)
        return [
            Notice("stop", f"Đã hủy hiệu lực {day:%H:%M %d/%m/%Y}: {component.cancelled.reason}. Tệp vẫn được giữ.")
        ]
    if (doubt := doubtful(component)) is not None:
        return [Notice("stop", sentence(doubt), "signatures")]
    if component.is_original:
        return [Notice("ok", "Kết quả đã có chữ ký số của người có thẩm quyền và cơ quan: không cần sao y.")]
    return []


def copies_gone(dossier: Dossier, paper_place: str) -> list[Notice]:
    """Where a dossier is whose copies left this machine (R50, R57): the receipts, the day, the paper."""
    if dossier.removed_at is None:
        return []
    numbers = [c.parcel.receipt for c in dossier.components if c.parcel is not None and c.parcel.receipt]
    held = f"tỉnh đang giữ (biên nhận {', '.join(numbers[:3])}{'…' if len(numbers) > 3 else ''})" if numbers else ""
    day = f"{dossier.removed_at.astimezone(VIETNAM):%d/%m/%Y}"
    paper = f"bản giấy ở {paper_place}" if paper_place else "bản giấy vẫn lưu theo quy định"
    words = "; ".join(part for part in (f"Bản quét đã xóa khỏi máy này ngày {day}", held, paper) if part)
    return [Notice("mind", f"{words}.", "")]


def recovered(scanned: Sequence[datetime]) -> list[Notice]:
    """Pages a cut left without a place, by when they were scanned (windows.md 8): said wherever the clerk is."""
    if not scanned:
        return []
    last = max(scanned).astimezone(VIETNAM)
    words = (
        f"Đã khôi phục {len(scanned)} trang quét lúc {last:%H:%M ngày %d/%m} chưa xếp vào hồ sơ. Không mất trang nào."
    )
    return [Notice("mind", words, "recovered")]


def _dossier_notices(dossier: Dossier, law: Regulation) -> list[Notice]:
    now = dossier_stage(dossier, law.order, law.may_scan)
    if now == "done":
        return [Notice("ok", "Tỉnh đã nhận đủ. Nhấn F2 cho hồ sơ tiếp theo.", "receive")]
    lacking = [c for c in missing(dossier) if law.may_scan(c)]
    waiting = [c for c in dossier.components if stage(c, law.order, law.may_scan(c)) == "sign"]
    if waiting and not unfinished(dossier, law):
        return [Notice("work", f"Đủ thành phần: {len(waiting)} tài liệu chờ ký.", "sign")]
    if dossier.handed_on is not None and lacking:
        return [Notice("mind", "Hồ sơ chuyển tiếp chưa đầy đủ; người xử lý bổ sung sau.", "")]
    return []


def data_side(now: str, law: Regulation) -> tuple[bool, str]:
    """Whether data may be typed for a component at step ``now``, and if not why: the law's order decides (R23)."""
    if now in ("extract", "assign_code", "certify", "send"):
        return True, ""
    return False, "đã gửi" if now == "done" else "sau khi ký" if now in law.order else ""


def data_closed(now: str, law: Regulation) -> str:
    """What F8 is answered where data cannot be typed at step ``now``."""
    if now == "done":
        return "Tỉnh đã nhận thành phần này: dữ liệu không sửa ở đây nữa."
    if now in law.order:
        return "Dữ liệu nhập sau khi ký: quét đủ giấy (F4) rồi ký số (F9)."
    return "Thành phần này không cần nhập dữ liệu. Nhấn PgDn sang thành phần sau."


def visible_fields(law: Regulation, dossier: Dossier, fields: Sequence[Field]) -> tuple[str, ...]:
    """Fields to show: a substitute only while the identifier is empty, and only those of this kind of applicant."""
    values = {f.name: f.value for f in fields}
    kind = dossier.applicant.kind.value
    return tuple(
        rule.name
        for rule in law.fields
        if not rule.instead_of or (not values.get(rule.instead_of) and rule.applicant in ("", kind))
    )
