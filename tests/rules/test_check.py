# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Measures against the shipped limits: which finding, how severe, with which words, and exactly where it turns."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.dossier.finding import (
    Colour,
    Comparisons,
    DpiSource,
    Finding,
    PageMeasures,
    Pair,
    Region,
    Severity,
)
from digitizer_desk.dossier.model import Component, Document, NoteSide, Page
from digitizer_desk.rules.check import check_count, check_kept_page, check_page, check_pdf
from digitizer_desk.rules.component import check_component, may_drop_blank_back
from digitizer_desk.rules.regulation import Regulation

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GOOD = PageMeasures(
    2480, 3508, (300.0, 300.0), DpiSource.PAPER, Colour.COLOUR, 0.8, 0.1, False, 0, (), (), 0.98, False, False, 0.05
)
MB = 1024 * 1024


def page(number: int, measures: PageMeasures | None = GOOD, **changes: object) -> Page:
    made = Page(f"p{number}", f"{number:064}", 2480, 3508, (300, 300), (210, 297), NOW, "máy", MB, measures=measures)
    return replace(made, **changes)


def component(*pages: Page, declared: int | None = None) -> Component:
    return Component(
        "c1", 1, "KS.01", "Tờ khai", True, form="original", declared=declared or len(pages) or None, pages=pages
    )


def only(found: tuple[Finding, ...]) -> Finding:
    assert len(found) == 1, [f.rule for f in found]
    return found[0]


def test_a_good_page_has_no_finding(law: Regulation) -> None:
    assert check_page(GOOD, law) == ()


@pytest.mark.parametrize(
    ("changes", "rule", "severity", "value", "limit", "keep"),
    [
        ({"dpi": (150.0, 150.0)}, "page.min_dpi", "fault", "150 dpi", "≥ 200 dpi", False),
        ({"dpi": (300.0, 150.0)}, "page.min_dpi", "fault", "150 dpi", "≥ 200 dpi", False),
        ({"dpi": (199.0, 199.0)}, "page.min_dpi", "fault", "199 dpi", "≥ 200 dpi", False),
        ({"dpi": (200.0, 200.0)}, "page.good_dpi", "warning", "200 dpi", "≥ 300 dpi", False),
        ({"dpi": (298.5, 300.0)}, "page.good_dpi", "warning", "298 dpi", "≥ 300 dpi", False),
        ({"colour": Colour.GREY}, "page.colour", "fault", "xám", "màu", False),
        ({"colour": Colour.BILEVEL}, "page.colour", "fault", "đen trắng", "màu", False),
        ({"sharpness": 0.21}, "page.sharpness", "fault", "0,21", "≥ 0,40", True),
        ({"sharpness": 0.399}, "page.sharpness", "fault", "0,399", "≥ 0,40", True),
        ({"sharpness": 0.45}, "page.good_sharpness", "warning", "0,45", "≥ 0,50", False),
        ({"skew_deg": 3.24}, "page.skew", "warning", "3,2°", "≤ 1,0°", False),
        ({"skew_deg": -1.04}, "page.skew", "warning", "1,04°", "≤ 1,0°", False),
        ({"ink_tone": 0.31}, "page.faint", "warning", "0,31", "≤ 0,27", True),
        ({"red_seal": True, "seal_strength": 0.11}, "page.seal", "warning", "0,11", "≥ 0,15", True),
        ({"streaks": (Region(0.5, 0, 0.51, 1),) * 2}, "page.streak", "warning", "2 sọc", "≤ 0 sọc", True),
        ({"backing_mm": (0.0, 8.4, 0.0, 2.0)}, "page.overscan", "info", "8 mm", "≤ 6 mm", False),
        ({"light": 0.5}, "page.light", "warning", "0,50", "≥ 0,80", False),
        ({"cut_edges": ("left", "top")}, "page.cut_edge", "warning", "trái, trên", "đủ", True),
        ({"damaged_corners": ("tr",)}, "page.damaged_corner", "warning", "trên phải", "đủ", True),
        ({"real_dpi": 120.0}, "page.real_resolution", "warning", "120 dpi", "≥ 200 dpi", False),
        ({"rotation": 180}, "page.not_upright", "warning", "180°", "0°", False),
        ({"blank": True}, "page.blank", "warning", "trắng", "", True),
        ({"note": True}, "page.note", "warning", "có giấy ghi chú", "", False),
    ],
)
def test_each_measure_has_its_finding(
    law: Regulation, changes: dict[str, object], rule: str, severity: str, value: str, limit: str, keep: bool
) -> None:
    found = only(check_page(replace(GOOD, **changes), law))
    assert (found.rule, found.severity, found.value, found.limit) == (rule, severity, value, limit)
    assert found.keep_allowed is keep
    assert found.law == law.page[found.word].source


def test_rounding_of_the_scanner_is_no_fault(law: Regulation) -> None:
    assert [f.word for f in check_page(replace(GOOD, dpi=(1648 / 210 * 25.4, 2339 / 297 * 25.4)), law)] == ["good_dpi"]
    assert check_page(replace(GOOD, dpi=(2480 / 210 * 25.4, 3508 / 297 * 25.4)), law) == ()
    assert check_page(replace(GOOD, dpi=(2472 / 210 * 25.4, 300.0)), law) == ()


@given(st.floats(50, 600))
def test_resolution_turns_at_the_limits_of_the_law_and_is_told_once(law: Regulation, dpi: float) -> None:
    found = check_page(replace(GOOD, dpi=(dpi, 600.0)), law)
    if dpi < 199.2:
        assert [f.word for f in found] == ["min_dpi"]
    elif 199.21 < dpi < 298.8:
        assert [f.word for f in found] == ["good_dpi"]
    elif dpi > 298.81:
        assert found == ()


def test_what_could_not_be_measured_is_no_finding(law: Regulation) -> None:
    assert check_page(replace(GOOD, sharpness=None, skew_deg=None, rotation=None, real_dpi=None), law) == ()


def test_a_blank_page_is_only_blank(law: Regulation) -> None:
    blank = replace(GOOD, blank=True, sharpness=0.1, light=0.3, ink=0.0)
    assert [f.word for f in check_page(blank, law)] == ["blank"]


def test_faults_come_first_and_blur_keeps_its_place(law: Regulation) -> None:
    place = Region(0.1, 0.1, 0.5, 0.2)
    found = check_page(replace(GOOD, sharpness=0.1, skew_deg=5, blur_region=place, colour=Colour.GREY), law)
    assert [f.word for f in found] == ["colour", "sharpness", "skew"]
    assert found[1].region == place


def test_turning_and_telling_settle_their_findings(law: Regulation) -> None:
    wrong = replace(GOOD, rotation=90, note=True)
    assert [f.word for f in check_page(wrong, law)] == ["not_upright", "note"]
    assert [f.word for f in check_page(wrong, law, turn=270)] == ["note"]
    assert [f.word for f in check_kept_page(page(1, wrong, turn=270, note=NoteSide.WITH), law)] == []
    assert only(check_page(GOOD, law, turn=90)).value == "90°"
    assert check_kept_page(page(1, None), law) == ()


def test_counts(law: Regulation) -> None:
    assert check_count(3, 3, law) == ()
    few, many = only(check_count(3, 2, law)), only(check_count(4, 6, law))
    assert (few.rule, few.severity, few.keep_allowed) == ("component.too_few_pages", Severity.FAULT, False)
    assert dict(few.facts) == {"have": "2", "need": "3", "difference": "1"}
    assert (many.rule, many.value, many.limit) == ("component.too_many_pages", "6 trang", "4 trang")


def test_a_component_is_held_to_the_declared_sides(law: Regulation) -> None:
    two = (page(1), page(2))
    assert check_component(component(*two, declared=2), law) == ()
    assert only(check_component(component(*two, declared=3), law)).word == "too_few_pages"
    assert only(check_component(component(*two, declared=1), law)).word == "too_many_pages"
    assert only(check_component(replace(component(*two), declared=None), law)).word == "not_declared"
    assert check_component(component(), law) == ()


def test_notes(law: Regulation) -> None:
    noted, bare = page(1, note=NoteSide.WITH), page(2, note=NoteSide.WITHOUT)
    assert check_component(component(noted, bare, declared=1), law) == ()
    alone = [f.word for f in check_component(component(noted, declared=1), law)]
    assert alone == ["too_few_pages", "note_pair"]
    words = [f.word for f in check_component(component(bare, noted, declared=1), law)]
    assert words == ["note_pair"]


def test_blank_backs_go_all_or_none(law: Regulation) -> None:
    blank = replace(GOOD, blank=True)
    one_sided = component(page(1), page(2, blank), page(3), page(4, blank))
    found = only(check_component(one_sided, law))
    assert (found.word, found.severity, dict(found.facts)) == ("blank_backs", Severity.INFO, {"count": "2"})
    assert may_drop_blank_back(one_sided, law)
    for kept in (
        component(page(1), page(2, blank), page(3), page(4)),
        component(page(1), page(2, blank), page(3)),
        component(page(1, blank), page(2, blank)),
        component(page(1), page(2, None)),
        component(),
    ):
        assert not may_drop_blank_back(kept, law)
        assert "blank_backs" not in [f.word for f in check_component(kept, law)]


def test_twins(law: Regulation) -> None:
    same = component(page(1), page(2), page(3, sha256=f"{1:064}"))
    found = only(check_component(same, law))
    assert (found.word, found.value) == ("duplicate_page", "trang 3 giống trang 1")
    two = component(page(1), page(2))
    assert only(check_component(two, law, twins(0.79))).facts == (("page", "2"), ("other", "1"))
    assert check_component(two, law, twins(0.77)) == ()
    assert check_component(two, law, Comparisons(twins=(Pair("p2", "p9", 0.99),))) == ()


def twins(alike: float) -> Comparisons:
    return Comparisons(twins=(Pair("p2", "p1", alike),))


def test_the_two_captures_of_a_noted_sheet_may_be_alike(law: Regulation) -> None:
    pair = component(page(1, note=NoteSide.WITH), page(2, note=NoteSide.WITHOUT), declared=1)
    assert check_component(pair, law, twins(0.99)) == ()


def through(alike: float, counter: float) -> Comparisons:
    return Comparisons(through=(Pair("p2", "p1", alike, counter),))


def test_a_back_that_shows_only_its_fronts_seal_counts_as_blank(law: Regulation) -> None:
    sheet = component(page(1), page(2))
    words = [f.word for f in check_component(sheet, law, through(0.7, 0.3))]
    assert words == ["blank_backs", "show_through"]
    assert may_drop_blank_back(sheet, law, through(0.7, 0.3))
    # in the middle of its page a seal lies nearly on its own mirror image: there a small lead is clear
    assert may_drop_blank_back(sheet, law, through(0.98, 0.95))
    for alike, counter in ((0.5, 0.1), (0.8, 0.7), (0.96, 0.95), (0.95, 0.98)):
        assert check_component(sheet, law, through(alike, counter)) == ()
        assert not may_drop_blank_back(sheet, law, through(alike, counter))


def long_page(number: int, length: float, width: float = 210.0) -> Page:
    return page(number, replace(GOOD, sheet_mm=(width, length)))


def test_a_page_longer_than_the_others_may_be_two_sheets(law: Regulation) -> None:
    three = component(long_page(1, 297), long_page(2, 311), long_page(3, 297.5))
    found = only(check_component(three, law))
    assert (found.word, found.severity, found.facts) == ("double_feed", "warning", (("page", "2"), ("more", "14")))
    assert only(check_component(component(long_page(1, 306)), law)).value == "9 mm"
    longer = component(*(long_page(n, 355) for n in (1, 2, 3)))
    assert check_component(longer, law) == ()
    assert check_component(component(long_page(1, 297), long_page(2, 420, 297)), law) == ()


def test_a_page_replaced_by_another_paper_is_told(law: Regulation) -> None:
    def replaced(alike: float) -> Comparisons:
        return Comparisons(replaced=(Pair("p1", "p1", alike),))

    one = component(page(1))
    assert only(check_component(one, law, replaced(0.31))).facts == (("page", "1"),)
    assert check_component(one, law, replaced(0.97)) == ()


def tinted(number: int, a: float, b: float) -> Page:
    return page(number, replace(GOOD, cast=(a, b)))


def test_a_tint_is_the_machines_only_when_pages_in_a_row_share_it(law: Regulation) -> None:
    three = component(tinted(1, 0, 0.5), tinted(2, -1, 9), tinted(3, 0, 8), tinted(4, 0.5, 9.5))
    found = only(check_component(three, law))
    assert (found.word, found.value, found.facts) == ("cast", "vàng", (("page", "2"),))
    for pages in (
        (tinted(1, 0, 9), tinted(2, 0, 9), tinted(3, 0, 0)),
        (tinted(1, 0, 9), tinted(2, 9, 0), tinted(3, 0, -9)),
        (page(1), page(2), page(3)),
    ):
        assert check_component(component(*pages), law) == ()


def test_size(law: Regulation) -> None:
    heavy = component(*(page(n) for n in range(1, 32)))
    found = only(check_component(heavy, law))
    assert (found.rule, found.severity, found.value, found.limit) == (
        "file.file_size",
        "warning",
        "31,0 MB",
        "≤ 30,0 MB",
    )
    signed = replace(heavy, document=Document("d", 1, "f" * 64, 30 * MB, (), NOW))
    assert check_component(signed, law) == ()


@pytest.mark.parametrize(
    ("version", "fault"), [("1.4", False), ("1.7", False), ("2.0", False), ("1.3", True), (None, True)]
)
def test_pdf_version(law: Regulation, version: str | None, fault: bool) -> None:
    found = check_pdf(version, False, law)
    assert [f.rule for f in found] == (["file.pdf_version"] if fault else [])


def test_pdf_scale_lock_and_size(law: Regulation) -> None:
    a4 = (210.0, 297.0)
    boxes = [(a4, a4), ((214.0, 297.0), a4), ((105.0, 148.5), a4)]
    found = check_pdf("1.4", True, law, size=31 * MB, boxes=boxes)
    assert [f.rule for f in found] == ["file.encrypted", "file.scale", "file.file_size"]
    assert (found[1].value, found[1].limit, found[1].facts) == ("lệch 50,0 %", "±2,0 %", (("sheet", "3"),))
