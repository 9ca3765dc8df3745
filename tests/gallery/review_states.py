# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States of the review: overview, judging, verdicts, pages that came back. Imported for its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.finding import Finding
from digitizer_desk.dossier.monthly import MonthRow, ReasonRow, sum_of
from digitizer_desk.dossier.review import Judgement, Level, Lot, LotPage, ReturnedPage, SignedPage, Verdict
from digitizer_desk.rules.sampling import Scheme, load_sampling
from digitizer_desk.steps.review.agreement import compare
from digitizer_desk.steps.review.figures import DeskFigures, ScannerFigures
from digitizer_desk.steps.review.judging import Progress
from digitizer_desk.steps.review.lots import WaitingDay
from digitizer_desk.steps.review.monthly import Month, MonthReport, Stated
from digitizer_desk.ui.review.printing import VerdictSheet
from digitizer_desk.ui.screens.review.judging import Judging
from digitizer_desk.ui.screens.review.monthly import Monthly
from digitizer_desk.ui.screens.review.overview import DeskState, Overview
from digitizer_desk.ui.screens.review.returned import ReturnedSheet
from digitizer_desk.ui.screens.review.verdict import VerdictDialog
from digitizer_desk.ui.screens.start import Start
from gallery.at_once import AtOnce
from gallery.papers import BLURRED, SKEWED, page, pixels
from gallery.people import NOW, OFFICE
from gallery.states import state

TODAY = NOW.date()
PAPERS = ("Tờ khai đăng ký khai sinh", "Giấy chứng sinh", "Căn cước công dân của cha, mẹ")
NAMES = {"an": "Lê Văn An", "binh": "Trần Thị Bình", "boss": "Phạm Quốc Hùng"}


def scheme() -> Scheme:
    return load_sampling([Path(__file__).parents[2] / "resources" / "sampling"])


def signed(number: int, *findings: Finding) -> SignedPage:
    """Page ``number`` of the day: three pages a paper."""
    return SignedPage(
        page_id=f"p{number}",
        version=1,
        sha256=f"{number:064d}",
        number=1 + (number - 1) % 3,
        turn=0,
        dossier_id=f"d{number // 9}",
        dossier_code=f"000.00.12.H08-261121-{1 + number // 9:04d}",
        component_id=f"c{number // 3}",
        component_title=PAPERS[number // 3 % 3],
        document_id="doc",
        document_version=1,
        officer="an" if number % 3 else "binh",
        scanner="fi-8170" if number % 4 else "DS-780N",
        day=TODAY,
        findings=findings,
        sharpness=0.21 if BLURRED in findings else 0.7,
    )


def said(number: int, fault_id: str = "", note: str = "") -> Judgement:
    fault = scheme().fault(fault_id)
    kind, rule = (fault.kind, fault.rule) if fault else ("", "")
    mended = fault.mended_by if fault and rule != "count" else ""
    return Judgement(number, f"p{number}", 1, fault_id, kind, rule, mended, note, "boss", NOW)


def lot(number: int = 7, size: int = 412, level: Level = Level.NORMAL, **changes: object) -> Lot:
    plan = scheme().plan(size, level)
    made = Lot(
        id=f"lot{number}",
        number=number,
        desk="Quầy 3",
        first_day=TODAY,
        last_day=TODAY,
        size=size,
        level=level,
        scheme="tcvn7790-1",
        sample_size=plan.sample,
        accept=plan.accept,
        seed="6f1d0b7ac3924e58a17d9be04c62f813",
        made_by="boss",
        made_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def progress(of: Lot, faults: dict[int, tuple[str, str]], seen: int) -> Progress:
    """A lot of which ``seen`` pages were judged; ``faults``: number of the page -> fault and words."""
    rows = []
    for number in range(1, of.size + 1):
        found = (BLURRED,) if number in (4, 11) else (SKEWED,) if number in (6, 9) else ()
        judgement = said(number, *faults.get(number, ("", ""))) if number <= seen else None
        rows.append(LotPage(signed(number, *found), number - 1 if number <= of.sample_size else None, judgement))
    pages = tuple(rows)
    sample = pages[: of.sample_size]
    rules = [one.judgement.rule for one in sample if one.judgement is not None]
    counts = (rules.count("limit"), rules.count("refuse"), rules.count("count"))
    verdict = of.verdict or scheme().verdict(of.accept, of.sample_size, rules)
    to_see = pages if of.verdict is Verdict.REFUSED else sample
    return Progress(of, pages, to_see, *counts, verdict=verdict)


FAULTS = {4: ("blurred", "chữ ký không đọc được"), 9: ("skewed", ""), 13: ("skewed", "")}
REFUSED = {**FAULTS, 11: ("blurred", ""), 15: ("cut", "mất dòng cuối"), 22: ("cut", "")}


def figures(**changes: object) -> DeskFigures:
    days = [date(2026, 11, 8) + timedelta(days=n) for n in range(14)]

    def scanner(name: str, *rates: int) -> ScannerFigures:
        shown = tuple((day, 0 if rate < 0 else 100, max(0, rate)) for day, rate in zip(days, rates, strict=True))
        return ScannerFigures(name, sum(d[1] for d in shown), sum(d[2] for d in shown), shown)

    made = DeskFigures(
        at=NOW,
        dossiers_today=63,
        rate=0.942,
        rate_before=0.931,
        reasons=(("sharpness", 41), ("skew", 22), ("blank", 11), ("cut_edge", 6), ("colour", 2)),
        scanners=(
            scanner("fi-8170 (quầy 3)", 97, 96, 97, 95, 96, -1, -1, 96, 97, 95, 92, 85, -1, 80),
            scanner("DS-780N (quầy 2)", 95, 96, 96, 97, 95, -1, -1, 96, 96, 97, 96, 95, -1, 96),
            scanner("fi-8170 (quầy 1)", 97, 98, 97, 97, 96, -1, -1, 98, 97, 97, 98, 97, -1, 97),
        ),
        to_sign=5,
        unsent=12,
        oldest_unsent=NOW - timedelta(minutes=35),
        sent_back=2,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def desk_state() -> DeskState:
    days = (
        WaitingDay(date(2026, 11, 19), 18, (("fi-8170", 18),), (("an", 18),), True),
        WaitingDay(date(2026, 11, 20), 236, (("fi-8170", 150), ("DS-780N", 86)), (("an", 236),), False),
    )
    yesterday = date(2026, 11, 18)
    lots = (
        progress(lot(), FAULTS, 17),
        progress(lot(6, 412, first_day=yesterday, last_day=yesterday, verdict=Verdict.ACCEPTED), FAULTS, 50),
        progress(lot(5, 60, first_day=yesterday, last_day=yesterday, verdict=Verdict.REFUSED), REFUSED, 41),
    )
    return DeskState(figures(), days, lots, Level.NORMAL)


@state("review-overview", shown=True)
def review_overview() -> QWidget:
    made = Overview()
    made.show_state(desk_state())
    return made


@state("review-overview-all")
def review_overview_all() -> QWidget:
    made = Overview()
    made.show_state(replace(desk_state(), level=Level.WHOLE))
    return made


@state("review-overview-empty")
def review_overview_empty() -> QWidget:
    made = Overview()
    nothing = figures(
        dossiers_today=0,
        rate=None,
        rate_before=None,
        reasons=(),
        scanners=(),
        to_sign=0,
        unsent=0,
        oldest_unsent=None,
        sent_back=0,
    )
    made.show_state(DeskState(nothing, (), (), Level.NORMAL))
    return made


def judging(of: Progress, place: int | None = None) -> Judging:
    facts = (
        ("Chủ hồ sơ", "Nguyễn Thị Hường"),
        ("Số định danh", "001185000123"),
        ("Thủ tục", "Đăng ký khai sinh"),
        ("Giấy tờ", "Giấy chứng sinh"),
        ("Số, ký hiệu", "127/GCS"),
    )
    made = Judging(AtOnce(), lambda one: pixels(page(int(one.page_id[1:]), *one.findings)), lambda _page: facts)
    made.show_lot(of, scheme().faults)
    if place is not None:
        made.show_place(place)
    return made


@state("review-judging", shown=True)
def review_judging() -> QWidget:
    return judging(progress(lot(), FAULTS, 17))


@state("review-judged")
def review_judged() -> QWidget:
    return judging(progress(lot(), FAULTS, 17), 3)


@state("review-limit-passed")
def review_limit_passed() -> QWidget:
    return judging(progress(lot(), REFUSED, 23))


@state("review-all-pages")
def review_all_pages() -> QWidget:
    return judging(progress(lot(5, 60, verdict=Verdict.REFUSED), REFUSED, 41))


def sheet(of: Progress) -> VerdictSheet:
    return VerdictSheet(of, scheme(), compare(scheme(), of.blind), NAMES, f"{OFFICE} · quầy 3")


@state("review-verdict-accept")
def review_verdict_accept() -> QWidget:
    return VerdictDialog(sheet(progress(lot(), FAULTS, 50)))


@state("review-verdict-refuse")
def review_verdict_refuse() -> QWidget:
    return VerdictDialog(sheet(progress(lot(), REFUSED, 23)))


@state("review-verdict-given")
def review_verdict_given() -> QWidget:
    done = lot(verdict=Verdict.REFUSED, judged_by="boss", judged_at=NOW, note="Lau kính máy quét rồi quét lại.")
    return VerdictDialog(sheet(progress(done, REFUSED, 412)))


def returned() -> tuple[ReturnedPage, ...]:
    return (
        ReturnedPage("lot7", signed(4, BLURRED), said(4, "blurred", "chữ ký không đọc được")),
        ReturnedPage("lot7", signed(15), said(15, "cut", "mất dòng cuối")),
    )


@state("returned")
def returned_sheet() -> QWidget:
    return ReturnedSheet(returned(), {fault.id: fault.name for fault in scheme().faults})


@state("start-returned")
def start_returned() -> QWidget:
    made = Start()
    made.show_returned("Người duyệt trả lại 2 trang trong 2 hồ sơ.")
    return made


def month_report(**changes: object) -> MonthReport:
    """The form's own example."""
    row = MonthRow(OFFICE, 100, 30, 60, 40, 50, 20, 80, 76, 10)
    row = replace(row, **changes)  # type: ignore[arg-type]
    why = (
        ReasonRow("pages_missing", 4, 3),
        ReasonRow("blurred", 6, 5),
        ReasonRow("not_signed", 12, 9),
        ReasonRow("not_extracted", 7, 7),
        ReasonRow("not_sent", 21, 11),
        ReasonRow("left_out", 5, 4),
    )
    said = Stated(row.settled, row.settled_digitised, row.reused)
    return MonthReport(Month(2026, 11), (row,), sum_of((row,), "Tổng cộng"), why, said, NOW)


@state("monthly", shown=True)
def monthly_report() -> QWidget:
    made = Monthly()
    made.show_report(month_report())
    return made


@state("monthly-missing")
def monthly_missing() -> QWidget:
    made = Monthly()
    made.show_report(replace(month_report(total=103, settled=None, settled_digitised=None, reused=None), reasons=()))
    return made
