# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The formulas of the monthly table, computed by hand from the form's own text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from digitizer_desk.dossier.finding import Colour, DpiSource, Finding, PageMeasures, Severity
from digitizer_desk.dossier.model import (
    VIETNAM,
    Applicant,
    CodeKind,
    Component,
    Document,
    Dossier,
    Metadata,
    NotDigitised,
    Page,
    Parcel,
    ParcelState,
    ResultCode,
    Signature,
)
from digitizer_desk.dossier.monthly import REASONS, Digitised, MonthRow, how_far, reason_of, reasons, sum_of
from digitizer_desk.messages.monthly import REASON_NAMES, cell_words, notes

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)
ORDER = ("scan", "check", "sign", "extract", "assign_code", "send")
#: the example of the form: 3=100, 5=60, 6=40, 7=50, 8=20, 10=80, 11=76, 13=10
FORM = MonthRow("UBND phường Sông Mây", 100, 30, 60, 40, 50, 20, 80, 76, 10)


def test_the_forms_own_numbers():
    assert (FORM.papers_rate, FORM.results_rate, FORM.reuse_rate, FORM.difference) == (0.70, 0.95, 0.10, 0)
    assert FORM.columns(1) == (1, FORM.unit, 100, 30, 60, 40, 50, 20, 0.70, 80, 76, 0.95, 10, 0.10)
    words = [cell_words(value, column) for column, value in enumerate(FORM.columns(1), 1)]
    assert (words[8], words[11], words[13]) == ("70,0 %", "95,0 %", "10,0 %")


def test_a_zero_denominator_is_a_dash_and_a_missing_number_says_so():
    empty = MonthRow("x", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    assert (empty.papers_rate, empty.results_rate, empty.reuse_rate) == (None, None, None)
    words = [cell_words(value, column) for column, value in enumerate(empty.columns(1), 1)]
    assert (words[8], words[11], words[13]) == ("–", "–", "–")
    assert words[2] == "0"
    unknown = replace(FORM, settled=None, reused=None)
    assert (unknown.results_rate, unknown.reuse_rate) == (None, None)
    assert cell_words(unknown.settled, 10) == "chưa nhập"
    assert any("chưa nhập đủ" in note for note in notes(unknown))
    assert not any("chưa nhập đủ" in note for note in notes(FORM))


def test_reuse_is_over_direct_and_online_not_over_the_total():
    """(14) = (13)/(5+6), (9) = (7+8)/3: with three dossiers in neither column they part."""
    row = replace(FORM, total=103)
    assert row.difference == 3
    assert row.reuse_rate == 10 / 100
    assert row.papers_rate == 70 / 103
    assert notes(row)[0] == "Chênh lệch (3) - (5+6) = 3."
    assert "không thuộc cột (5) hay (6)" in notes(row)[1]


def test_ratios_of_a_sum_are_computed_anew():
    other = MonthRow("UBND xã Bến Thông", 50, 0, 50, 0, 5, 0, 20, 4, 40)
    total = sum_of([FORM, other], "Tổng cộng")
    assert (total.total, total.direct, total.full, total.settled) == (150, 110, 55, 100)
    assert total.papers_rate == 75 / 150, "not the mean of 70 % and 10 %"
    assert total.results_rate == 80 / 100
    assert total.reuse_rate == 50 / 150
    assert sum_of([FORM, replace(other, settled=None)], "x").settled is None, "a sum without one part is no sum"
    assert sum_of([], "x").settled is None


def test_large_numbers_are_written_the_vietnamese_way():
    assert cell_words(12345, 3) == "12.345"


# -- which dossiers count --------------------------------------------------------------------------------------------

MEASURES = PageMeasures(
    1654, 2339, (200.0, 200.0), DpiSource.PAPER, Colour.COLOUR, 0.7, 0.0, False, 0, (), (), 0.9, False, False, 0.05
)
PAGE = Page("p", "a" * 64, 1654, 2339, (200.0, 200.0), (210.0, 297.0), NOW, "s", 1, measures=MEASURES)
SIGNED = Document(
    "doc", 1, "b" * 64, 1, (("p", "a" * 64, 0),), NOW, (Signature("clerk", "An", "c" * 64, NOW, NOW, "an"),)
)
PARCEL = Parcel("x", "d", "code", "c1", "Tờ khai", "doc", 1, "b" * 64, 1, "{}", "", NOW, state=ParcelState.ACCEPTED)


def done(number: int = 1) -> Component:
    """A paper that is digitised in every respect."""
    return Component(
        id=f"c{number}",
        number=number,
        code="TK",
        title="Tờ khai",
        mandatory=True,
        form="original",
        declared=1,
        pages=(PAGE,),
        document=SIGNED,
        metadata=Metadata((), "an", NOW, "doc"),
        result_code=ResultCode("1", "TK", "1"),
        parcel=PARCEL,
    )


EMPTY = replace(done(2), pages=(), document=None, metadata=None, result_code=None, parcel=None, declared=None)


def dossier(*parts: Component) -> Dossier:
    return Dossier(
        "d", "code", CodeKind.OLD, "1.001193", "Khai sinh", Applicant("Hường"), NOW, "an", "tt", components=parts
    )


def far(*parts: Component, refused: str = "") -> Digitised:
    return how_far(dossier(*parts), ORDER, lambda part: part.id != refused)


def test_full_partly_and_not():
    assert far(done(), done(2)) is Digitised.FULL
    assert far(done(), EMPTY) is Digitised.PARTLY
    assert far(EMPTY) is Digitised.NOT
    assert far() is Digitised.NOT


def test_an_unsigned_paper_is_not_digitised():
    unsigned = replace(done(), document=replace(SIGNED, signatures=()))
    assert far(unsigned) is Digitised.NOT
    assert far(done(2), unsigned) is Digitised.PARTLY


def test_papers_that_need_not_be_digitised_do_not_count():
    left_out = replace(EMPTY, not_digitised=NotDigitised("bound", "", "an", NOW))
    optional = replace(EMPTY, mandatory=False)
    assert far(done(), left_out) is Digitised.FULL
    assert far(done(), optional) is Digitised.FULL
    assert far(done(), EMPTY, refused="c2") is Digitised.FULL
    assert far(left_out) is Digitised.NOT


# -- reasons ----------------------------------------------------------------------------------------------------------


def fault(word: str) -> Component:
    finding = Finding(f"page.{word}", Severity.FAULT, "", "", "")
    return replace(done(), pages=(replace(PAGE, findings=(finding,)),))


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (done(), ""),
        (replace(EMPTY, mandatory=False), ""),
        (EMPTY, "not_scanned"),
        (replace(done(), declared=2), "pages_missing"),
        (fault("min_dpi"), "low_dpi"),
        (fault("colour"), "not_colour"),
        (fault("sharpness"), "blurred"),
        (fault("skew"), "skewed"),
        (fault("damaged_corner"), "cut"),
        (fault("streak"), "bad_page"),
        (replace(done(), document=None), "not_signed"),
        (replace(done(), metadata=None), "not_extracted"),
        (replace(done(), parcel=replace(PARCEL, state=ParcelState.WAITING)), "not_sent"),
        (replace(done(), parcel=replace(PARCEL, state=ParcelState.REJECTED)), "sent_back"),
        (replace(EMPTY, not_digitised=NotDigitised("bound", "", "an", NOW)), "left_out"),
    ],
)
def test_each_paper_has_its_first_obstacle(part, reason):
    assert reason_of(part, ORDER, True) == reason


def test_a_form_that_may_not_be_scanned_is_a_reason_of_its_own():
    assert reason_of(EMPTY, ORDER, False) == "refused"


def test_reasons_count_papers_and_dossiers_in_the_order_of_the_list():
    found = [("d1", ["not_sent", "blurred"]), ("d2", ["not_sent", "not_sent"]), ("d3", [])]
    assert [(r.reason, r.papers, r.dossiers) for r in reasons(found)] == [("blurred", 1, 1), ("not_sent", 3, 2)]
    assert set(REASON_NAMES) == set(REASONS)
