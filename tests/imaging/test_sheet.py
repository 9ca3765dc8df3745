# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How many pixels an inch a page has, whatever its header says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.dossier.finding import DpiSource
from digitizer_desk.imaging.page.sheet import KNOWN_SHEETS, real_resolution

HEADER, PAPER, PDF = DpiSource.HEADER, DpiSource.PAPER, DpiSource.PDF


@pytest.mark.parametrize(
    ("size", "stated", "real", "source"),
    [
        ((2480, 3508), 300, 300, HEADER),  # honest
        ((2480, 3508), 72, 300, PAPER),  # the default of a program that knows nothing
        ((2480, 3508), None, 300, PAPER),
        ((1654, 2339), 300, 200, PAPER),  # 200 tagged 300
        ((1240, 1754), 300, 150, PAPER),  # 150 tagged 300 would be A6
        ((1240, 1754), 200, 150, PAPER),
        ((2339, 1654), 200, 200, HEADER),  # lying
        ((3508, 4961), 300, 300, HEADER),  # A3
        ((1748, 2480), 300, 300, HEADER),  # A5
        ((1011, 638), 300, 300, HEADER),  # identity card
        ((1011, 638), 96, 300, PAPER),
        ((2244, 3130), 300, 300, HEADER),  # land certificate
        ((2574, 3602), 300, 300, HEADER),  # backing seen round the sheet
        ((2480, 4300), 300, 300, HEADER),  # two sheets in one pull: too long, but as wide as A4
        ((2000, 900), 300, 300, HEADER),  # a cutting: nothing speaks against its header
    ],
)
def test_a_header_is_believed_only_when_such_a_sheet_exists(
    size: tuple[int, int], stated: float | None, real: float, source: DpiSource
) -> None:
    dpi, origin = real_resolution(size, None if stated is None else (stated, stated), None, HEADER)
    assert dpi == pytest.approx((real, real), rel=0.01)
    assert origin is source


def test_the_sheet_wins_over_the_header_on_both_axes() -> None:
    dpi, origin = real_resolution((2480, 1754), (300.0, 300.0), (210.0, 297.0), None)
    assert dpi == pytest.approx((300, 150), rel=0.001)
    assert origin is PAPER


def test_placement_in_a_pdf_is_what_counts() -> None:
    dpi, origin = real_resolution((2480, 3508), (72.0, 72.0), (874.9, 1237.5), PDF)
    assert dpi == (72.0, 72.0)
    assert origin is PDF


@given(
    sheet=st.sampled_from([(short, long) for _, short, long in KNOWN_SHEETS]),
    dpi=st.integers(100, 600),
    lying=st.booleans(),
)
def test_an_honest_header_on_a_known_sheet_is_always_kept(sheet: tuple[float, float], dpi: int, lying: bool) -> None:
    width, height = (round(side / 25.4 * dpi) for side in (sheet[::-1] if lying else sheet))
    assert real_resolution((width, height), (dpi, dpi), None, HEADER) == ((dpi, dpi), HEADER)


@given(dpi=st.integers(200, 600), told=st.sampled_from([None, 1, 10, 72, 96, 4800]))
def test_an_a4_page_without_a_usable_header_is_measured_as_a4(dpi: int, told: int | None) -> None:
    size = (round(210 / 25.4 * dpi), round(297 / 25.4 * dpi))
    real, source = real_resolution(size, None if told is None else (told, told), None, HEADER)
    assert real == pytest.approx((dpi, dpi), rel=0.01)
    assert source is PAPER
