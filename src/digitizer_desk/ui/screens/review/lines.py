# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the supervisor reads: rows of lots and days, figures in words, the line under a page. Tested without a window.

Apart from the screens because wording and rounding are decisions, not widgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.review import Lot, LotPage, Verdict
from digitizer_desk.messages import RULE_NAMES, short
from digitizer_desk.messages.review import LEVEL_NAMES, VERDICT_NAMES, lot_days, short_day
from digitizer_desk.rules.sampling import Fault
from digitizer_desk.steps.review.figures import DeskFigures, ScannerFigures
from digitizer_desk.steps.review.judging import Progress
from digitizer_desk.steps.review.lots import WaitingDay

#: a fall of a scanner's rate, in percent points, from which its line says so
_FALL = 5.0
#: days of a trend that count as "now"
_NOW_DAYS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list of days and lots: role, sign and words; ``brief`` is the right-hand column."""

    role: str
    words: str
    brief: str


def percent(share: float | None) -> str:
    """0.942 -> "94,2 %"; None -> "–"."""
    return "–" if share is None else f"{share * 100:.1f} %".replace(".", ",")


def change(now: float | None, before: float | None) -> str:
    """How far a share moved, in percent points: "▲ 1,1", "▼ 0,4", "" where there is nothing to compare."""
    if now is None or before is None:
        return ""
    points = round((now - before) * 100, 1)
    sign = "▲" if points > 0 else "▼" if points < 0 else "="
    return f"{sign} {abs(points):.1f}".replace(".", ",")


def age(since: datetime | None, now: datetime) -> str:
    """How long something has waited: "35 phút", "3 giờ", "2 ngày"."""
    if since is None:
        return ""
    minutes = max(0, round((now - since).total_seconds() / 60))
    if minutes < 60:
        return f"{minutes} phút"
    return f"{minutes // 60} giờ" if minutes < 48 * 60 else f"{minutes // (24 * 60)} ngày"


def cards(figures: DeskFigures) -> tuple[tuple[str, str, str, str], ...]:
    """The row of cards: heading, number, words below it, role."""
    waits = age(figures.oldest_unsent, figures.at)
    moved = change(figures.rate, figures.rate_before)
    return (
        ("Hôm nay", str(figures.dossiers_today), "hồ sơ tiếp nhận", "idle"),
        ("Đạt ngay lần đầu", percent(figures.rate), f"7 ngày · {moved} điểm" if moved else "7 ngày", "idle"),
        ("Chờ ký", str(figures.to_sign), "tài liệu", "idle"),
        ("Chờ gửi", str(figures.unsent), f"cũ nhất {waits}" if waits else "không có gói chờ", "idle"),
        (
            "Tỉnh trả lại",
            str(figures.sent_back),
            "gói cần xử lý" if figures.sent_back else "không có",
            "stop" if figures.sent_back else "ok",
        ),
    )


def scanner_hint(scanner: ScannerFigures) -> tuple[str, str]:
    """Role and words beside a scanner: what a falling rate most likely means."""
    pages = sum(day[1] for day in scanner.days[-_NOW_DAYS:])
    older = sum(day[1] for day in scanner.days[:-_NOW_DAYS])
    if pages and older:
        now = sum(day[2] for day in scanner.days[-_NOW_DAYS:]) / pages
        before = sum(day[2] for day in scanner.days[:-_NOW_DAYS]) / older
        if (before - now) * 100 >= _FALL:
            return "mind", "lau kính"
    return "ok", "đều"


def reason_name(word: str) -> str:
    """The name of a fault as a heading: "Độ nét"."""
    name = RULE_NAMES.get(word, word)
    return name[:1].upper() + name[1:]


def day_line(day: WaitingDay) -> Line:
    """A day that waits for its lot."""
    scanners = ", ".join(f"{name} {count}" for name, count in day.scanners)
    brief = "xem hết hoặc gộp (G)" if day.small else "chờ lập lô"
    return Line("work", f"{short_day(day.day)} · {day.pages} trang · {scanners}", brief)


def lot_line(progress: Progress) -> Line:
    """A lot in the list."""
    lot = progress.lot
    words = f"{lot_days(lot)} · lô {lot.number} · {lot.desk} · {lot.size} trang"
    if lot.verdict is Verdict.OPEN:
        return Line("work", words, f"đang duyệt {progress.seen}/{lot.sample_size}")
    sample = f"mẫu {lot.sample_size} trang, {progress.serious + progress.critical} lỗi"
    if lot.verdict is Verdict.ACCEPTED:
        return Line("ok", words, f"nhận · {sample}")
    left = len(progress.to_see) - progress.seen
    return Line("stop", words, f"trả · còn {left} trang phải xem" if left else f"trả · {sample}")


def counts_line(progress: Progress) -> str:
    """The limits while judging."""
    return f"Lỗi nặng {progress.serious}/{progress.lot.accept}   nhẹ {progress.slight}"


def place_words(page: LotPage) -> str:
    """Where a page stands: dossier, paper, page."""
    return f"{page.page.dossier_code} · {page.page.component_title} · trang {page.page.number}"


def said_words(page: LotPage, faults: tuple[Fault, ...]) -> tuple[str, str]:
    """Role and words of what the human said of a page; of none, that it waits."""
    if page.judgement is None:
        return "idle", "Chưa xem"
    fault = next((one for one in faults if one.id == page.judgement.fault), None)
    if not page.judgement.fault:
        return "ok", "Đạt"
    name = fault.name.rstrip("…") if fault is not None else page.judgement.fault
    role = "mind" if page.judgement.rule == "count" else "stop"
    return role, f"{name} — «{page.judgement.note}»" if page.judgement.note else name


def machine_words(page: LotPage) -> tuple[str, str]:
    """Role and words of what the machine found on a page: shown only after the human has judged."""
    found = [finding for finding in page.page.findings if finding.severity is not Severity.INFO]
    if not found:
        return "ok", "Máy: đạt"
    role = "stop" if any(finding.is_fault for finding in found) else "mind"
    return role, "Máy: " + ", ".join(short(finding) for finding in found)


def verdict_title(lot: Lot) -> str:
    """The title of a lot's sheet."""
    state = VERDICT_NAMES[lot.verdict].upper()
    return f"Lô {lot_days(lot)} · {lot.desk} · mức {LEVEL_NAMES[lot.level]} · {state}"
