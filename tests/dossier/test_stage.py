# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The stage of a component: always the first step not done, whatever the order, and no flag that could lie."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.dossier.finding import Colour, DpiSource, Finding, PageMeasures, Severity
from digitizer_desk.dossier.model import (
    Applicant,
    CodeKind,
    Component,
    Document,
    Dossier,
    Keep,
    Metadata,
    NotDigitised,
    NoteSide,
    Page,
    Parcel,
    ParcelState,
    ResultCode,
    Signature,
)
from digitizer_desk.dossier.stage import STEPS, dossier_stage, is_digitised, missing, notes_paired, stage

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BLUR = Finding("page.sharpness", Severity.FAULT, "0,21", "≥ 0,50", "luật", keep_allowed=True)
MEASURES = PageMeasures(
    2480, 3508, (300.0, 300.0), DpiSource.PAPER, Colour.COLOUR, 0.8, 0.1, False, 0, (), (), 0.98, False, False, 0.05
)


def page(number: int, **changes: object) -> Page:
    made = Page(f"p{number}", f"{number:064}", 2480, 3508, (300, 300), (210, 297), NOW, "máy", 9, measures=MEASURES)
    return replace(made, **changes)


def finished(pages: tuple[Page, ...] = (page(1), page(2)), **changes: object) -> Component:
    component = Component("c1", 1, "KS.01", "Tờ khai", True, form="original", declared=len(pages), pages=pages)
    mark = Signature("clerk", "LÊ VĂN AN", "ab", NOW, NOW, "o1")
    document = Document("d1", 1, "f" * 64, 100, component.page_list, NOW, (mark,))
    parcel = Parcel(
        "k1", "h1", "243", "c1", "Tờ khai", "d1", 1, "f" * 64, 100, "{}", "e" * 64, NOW, ParcelState.ACCEPTED
    )
    whole = replace(
        component,
        document=document,
        metadata=Metadata((), "o1", NOW, "d1"),
        result_code=ResultCode("", "TK", "7"),
        parcel=parcel,
    )
    return replace(whole, **changes)


def dossier(*components: Component) -> Dossier:
    return Dossier(
        "h1", "243", CodeKind.LEGACY, "1.001193", "Khai sinh", Applicant("A"), NOW, "o1", "r", components=components
    )


orders = st.permutations(STEPS).map(tuple)

parcels = st.sampled_from([*ParcelState, None])


@st.composite
def components(draw: st.DrawFn) -> Component:
    """Components of all kinds of facts, possible and impossible ones."""
    pages = tuple(
        page(
            n,
            measures=draw(st.sampled_from([MEASURES, None])),
            findings=draw(st.sampled_from([(), (BLUR,)])),
            keeps=draw(st.sampled_from([(), (Keep(BLUR.rule, "giấy gốc mờ", "o1", NOW),)])),
            note=draw(st.sampled_from(list(NoteSide))),
        )
        for n in range(draw(st.integers(0, 3)))
    )
    made = finished(pages)
    assert made.document is not None
    assert made.parcel is not None
    state = draw(parcels)
    return replace(
        made,
        mandatory=draw(st.booleans()),
        declared=draw(st.sampled_from([None, 0, 1, 2, len(pages)])),
        document=draw(st.sampled_from([None, made.document, replace(made.document, id="d0", pages=())])),
        metadata=draw(st.sampled_from([None, made.metadata, Metadata((), "o1", NOW, "d0")])),
        result_code=draw(st.sampled_from([None, made.result_code])),
        parcel=None if state is None else replace(made.parcel, state=state),
    )


@given(components(), orders)
def test_nothing_is_done_unless_the_province_accepted_it_as_it_is(component: Component, order: tuple[str, ...]) -> None:
    where = stage(component, order)
    if where == "done":
        assert is_digitised(component)
        assert component.parcel is not None
        assert component.parcel.state is ParcelState.ACCEPTED
        assert component.document is not None
        assert component.document.pages == component.page_list
        assert not any(p.open_faults for p in component.pages)


def unfinished(component: Component, step: str, order: tuple[str, ...]) -> bool:
    """Asked of one step alone: it is put first, so nothing else can be reported instead of it."""
    if step == "extract":
        signed_first = order.index("sign") < order.index("extract")
        data, document = component.metadata, component.document
        return data is None or (signed_first and (document is None or data.document_id != document.id))
    return stage(component, (step, *(other for other in order if other != step))) == step


@given(components(), orders)
def test_the_stage_is_the_first_unfinished_step_of_the_order(component: Component, order: tuple[str, ...]) -> None:
    where = stage(component, order)
    if where != "not_needed":
        assert where == next((step for step in order if unfinished(component, step, order)), "done")


@given(orders)
def test_a_finished_component_is_done_in_every_order(order: tuple[str, ...]) -> None:
    assert stage(finished(), order) == "done"


@given(orders, st.integers(0, 1), st.sampled_from(["replace", "turn", "drop", "swap", "add"]))
def test_touching_a_page_after_signing_unsigns(order: tuple[str, ...], at: int, how: str) -> None:
    component = finished()
    pages = list(component.pages)
    if how == "replace":
        pages[at] = replace(pages[at], sha256="0" * 63 + "9", version=2)
    elif how == "turn":
        pages[at] = replace(pages[at], turn=90)
    elif how == "drop":
        del pages[at]
    elif how == "swap":
        pages.reverse()
    else:
        pages.insert(at, page(7))
    touched = replace(component, pages=tuple(pages), declared=len(pages))
    assert stage(touched, order) == "sign"
    assert not is_digitised(touched)


@pytest.mark.parametrize("first", ["sign", "extract"])
def test_data_belong_to_the_signed_document_only_when_signing_comes_first(first: str) -> None:
    order = ("scan", "check", "sign", "extract", "assign_code", "send")
    if first == "extract":
        order = ("scan", "check", "extract", "sign", "assign_code", "send")
    older = replace(finished(), metadata=Metadata((), "o1", NOW, "d0"))
    assert stage(older, order) == ("extract" if first == "sign" else "done")


LAW = ("scan", "check", "sign", "extract", "assign_code", "send")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"declared": None}, "scan"),
        ({"declared": 3}, "scan"),
        ({"declared": 1}, "scan"),
        ({"declared": 0, "pages": ()}, "scan"),
        ({"pages": (page(1), page(2, measures=None))}, "check"),
        ({"pages": (page(1), page(2, findings=(BLUR,)))}, "check"),
        ({"document": None}, "sign"),
        ({"metadata": None}, "extract"),
        ({"result_code": None}, "assign_code"),
        ({"parcel": None}, "send"),
    ],
)
def test_each_missing_fact_is_its_step(changes: dict[str, object], where: str) -> None:
    assert stage(finished(**changes), LAW) == where


def test_a_document_without_the_clerk_is_not_signed() -> None:
    component = finished()
    assert component.document is not None
    other = Signature("organisation", "UBND", "cd", NOW, NOW, "o2")
    assert stage(replace(component, document=replace(component.document, signatures=(other,))), LAW) == "sign"


def test_a_parcel_of_an_older_document_does_not_count() -> None:
    component = finished()
    assert component.parcel is not None
    assert stage(replace(component, parcel=replace(component.parcel, document_id="d0")), LAW) == "send"


def test_a_warning_and_an_excused_fault_close_nothing() -> None:
    warning = replace(BLUR, severity=Severity.WARNING)
    kept = page(2, findings=(BLUR,), keeps=(Keep(BLUR.rule, "giấy gốc mờ", "o1", NOW),))
    assert stage(finished((page(1, findings=(warning,)), kept)), LAW) == "done"


def test_no_work_where_none_is_wanted() -> None:
    empty = Component("c", 1, "KS.05", "Giấy ủy quyền", mandatory=False)
    assert stage(empty, LAW) == "not_needed"
    assert stage(replace(empty, mandatory=True), LAW) == "scan"
    assert stage(replace(empty, mandatory=True), LAW, may_scan=False) == "refused"
    left = replace(empty, mandatory=True, not_digitised=NotDigitised("oversize", "", "o1", NOW))
    assert stage(left, LAW) == "left_out"
    assert stage(left, LAW, may_scan=False) == "refused"


@pytest.mark.parametrize(
    ("notes", "paired"),
    [
        ("", True),
        ("...", True),
        ("+-", True),
        (".+-.+-", True),
        ("+", False),
        ("-", False),
        ("-+", False),
        ("++-", False),
        ("+.-", False),
        ("+--", False),
    ],
)
def test_notes_pair_up(notes: str, paired: bool) -> None:
    side = {".": NoteSide.NONE, "+": NoteSide.WITH, "-": NoteSide.WITHOUT}
    pages = tuple(page(n, note=side[mark]) for n, mark in enumerate(notes))
    assert notes_paired(pages) is paired


def test_a_note_page_counts_twice() -> None:
    noted = finished((page(1, note=NoteSide.WITH), page(2, note=NoteSide.WITHOUT)), declared=1)
    assert stage(noted, LAW) == "done"
    assert stage(replace(noted, declared=2), LAW) == "scan"


def test_a_dossier_is_at_its_earliest_step() -> None:
    unsigned, unsent = finished(document=None), finished(parcel=None)
    empty = Component("c", 1, "KS.05", "Giấy ủy quyền", mandatory=False)
    assert dossier_stage(dossier(finished(), unsent, unsigned, empty), LAW, lambda _: True) == "sign"
    assert dossier_stage(dossier(finished(), unsent, empty), LAW, lambda _: True) == "send"
    assert dossier_stage(dossier(finished(), empty), LAW, lambda _: True) == "done"
    assert dossier_stage(dossier(finished(), unsigned), LAW, lambda c: c.document is not None) == "done"


def test_missing_are_the_mandatory_ones_without_pages_or_reason() -> None:
    empty = Component("c", 1, "KS.05", "Giấy", mandatory=True)
    left = replace(empty, not_digitised=NotDigitised("fragile", "", "o1", NOW))
    assert missing(dossier(finished(), empty, left, replace(empty, mandatory=False))) == (empty,)


def test_the_day_of_the_law_is_the_vietnamese_day() -> None:
    late = replace(dossier(), received_at=datetime(2026, 6, 30, 18, 0, tzinfo=UTC))
    assert late.received_on == date(2026, 7, 1)
