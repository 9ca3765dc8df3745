# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Vietnamese text: what is folded for searching is never what is kept."""

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.dossier.text import fold, format_date, format_time, mask, nfc, parse_date, sort_key, tidy_name


def test_look_alikes_and_spaces_of_names() -> None:
    assert tidy_name("  Ð\u1ed7  Thị\u00a0\u200bHòa ") == "Đỗ Thị Hòa"
    assert tidy_name(unicodedata.normalize("NFD", "Nguyễn Thị Hường")) == "Nguyễn Thị Hường"
    assert tidy_name("hoà") == "hoà"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hoà", "HÒA"), ("Đặng", "dang"), ("Ðặng", "Đặng"), ("thuý", "thúy"), ("Lê  Văn An", "le van an"), ("Ưu", "uu")],
)
def test_searching_finds_both_spellings(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
def test_folding_is_stable_whatever_the_form(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", nfc(text))) == fold(nfc(text))
    assert tidy_name(tidy_name(text)) == tidy_name(text)


def test_sorting_follows_the_vietnamese_alphabet() -> None:
    mixed = ["Vy", "Đào", "Ơn", "Em", "Ăn", "Ô", "An", "Cúc", "Ê", "Ư", "Ân", "Nga", "Dung", "Ánh", "Oanh", "Bình"]
    right = "An|Ánh|Ăn|Ân|Bình|Cúc|Dung|Đào|Em|Ê|Nga|Oanh|Ô|Ơn|Ư|Vy"
    assert "|".join(sorted(mixed, key=sort_key)) == right
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["B 2", "A", "1"], key=sort_key) == ["1", "A", "B 2"]


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [
        ("045190001234", "0451******34"),
        ("215404812", "21*****12"),
        ("B1234567", "B1****67"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_masks(identifier: str, shown: str) -> None:
    assert mask(identifier) == shown


@pytest.mark.parametrize("text", ["25/04/2021", "25042021", "25/4/2021", "25-04-2021", "25.4.2021", " 25/04/2021 "])
def test_dates_read(text: str) -> None:
    assert parse_date(text) == date(2021, 4, 25)


@pytest.mark.parametrize(
    "text",
    ["", "31/02/2020", "2021-04-25", "25/04/21", "25/04-2021", "1234567", "25/13/2021", "٢٥/٠٤/٢٠٢١", "25/04/0000"],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(date(1000, 1, 1)))
def test_a_date_written_is_read_back(day: date) -> None:
    assert parse_date(format_date(day)) == day
    assert parse_date(format_date(day).replace("/", "")) == day


def test_times_are_vietnamese_and_know_their_zone() -> None:
    assert format_time(datetime(2026, 11, 20, 18, 30, 5, tzinfo=UTC)) == "21/11/2026 01:30:05 +07:00"
    with pytest.raises(ValueError, match="zone"):
        format_time(datetime(2026, 11, 20))  # noqa: DTZ001
