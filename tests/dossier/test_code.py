# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossier codes are read as the texts of law shape them, mended where only the machine erred, and never guessed."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.dossier.code import find_code, join_result_code, read_code
from digitizer_desk.dossier.model import CodeKind
from digitizer_desk.errors import DeskError, DossierError


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("000.00.10.H08-221006-0006", CodeKind.OLD, date(2022, 10, 6)),
        ("000.00.01.H03-210722-1000", CodeKind.OLD, date(2021, 7, 22)),
        ("H08.10.00-221006-0006", CodeKind.QD20, date(2022, 10, 6)),
        ("H08-261121-0007", CodeKind.QD20, date(2026, 11, 21)),
        ("H08.1.ABC.2345.67890.12345.67890.12-240229-9999", CodeKind.QD20, date(2024, 2, 29)),
        ("243", CodeKind.LEGACY, None),
        ("HS_2016/243-A", CodeKind.LEGACY, None),
        ("000.00.10.H08-221006-006", CodeKind.LEGACY, None),
        ("Z08.10-221006-0006", CodeKind.LEGACY, None),
    ],
)
def test_shapes(text: str, kind: CodeKind, day: date | None) -> None:
    read = read_code(text)
    assert (read.text, read.kind, read.received_on) == (text, kind, day)


@pytest.mark.parametrize(
    "typed",
    [
        "  000.00.10.h08-221006-0006 ",
        "000.00.10.H08-221006-0006\r\n",
        "\ufeff000.00.10.H08-221006-0006\n",
        "０００.００.１０.Ｈ０８－２２１００６－０００６",
        "000.00.10.H08–221006–0006",
        "000.00.10.H08-221006\u200b-0006",
    ],
)
def test_what_a_machine_did_is_mended(typed: str) -> None:
    assert read_code(typed).text == "000.00.10.H08-221006-0006"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "---",
        "000.00.10.H08 221006 0006",
        "000.00.10.Hơ8-221006-0006",
        "HỒ SƠ 243",
        "٠٠٠.00.10.H08-221006-0006",
        "000.00.10.H08-221306-0006",
        "000.00.10.H08-230229-0006",
        "H08.10-220100-0006",
        "X" * 41,
        "243;DROP",
    ],
)
def test_the_rest_is_refused_with_what_was_read(typed: str) -> None:
    with pytest.raises(DeskError) as caught:
        read_code(typed)
    assert caught.value.code == "dossier.code_malformed"
    assert caught.value.facts["code"] == typed.strip().upper()


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 9999), st.sampled_from("ABCDEFGHIKLMNPQTUVXY"))
def test_every_day_and_number_is_read_back(day: date, number: int, letter: str) -> None:
    tail = f"-{day:%y%m%d}-{number:04}"
    old, new = read_code(f"000.12.34.{letter}08{tail}"), read_code(f"{letter}08.34.12{tail}")
    assert (old.kind, old.received_on) == (CodeKind.OLD, day)
    assert (new.kind, new.received_on) == (CodeKind.QD20, day)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(DossierError):
        read = read_code(text)
        assert read_code(read.text) == read
        assert read.text.isascii()
        assert read.text == read.text.strip().upper()


def test_a_code_is_found_inside_the_qr_of_a_receipt() -> None:
    assert find_code("https://dvc.example/?hs=000.00.10.H08-221006-0006&t=1") == read_code("000.00.10.H08-221006-0006")
    assert find_code("H08.10-221006-0006|1.001193|2026") == read_code("H08.10-221006-0006")
    assert find_code("000.00.10.H08-221006-0006 000.00.10.H08-221006-0006") is not None
    assert find_code("000.00.10.H08-221006-0006 000.00.10.H08-221006-0007") is None
    assert find_code("000.00.10.H08-221306-0006") is None
    assert find_code("9000.00.10.H08-221006-00061") is None
    assert find_code("không có mã") is None


def test_result_code() -> None:
    join = join_result_code
    assert (
        join("215404812", "KQ.G01.000005", "12/QĐ-UBND", keep_leading_dot=True) == "215404812.KQ.G01.000005.12/QĐ-UBND"
    )
    assert join("", "TK.KS", "7", keep_leading_dot=True) == ".TK.KS.7"
    assert join("", "TK.KS", "7", keep_leading_dot=False) == "TK.KS.7"
    assert join("1", "K", "2", keep_leading_dot=False, separator="_") == "1_K_2"
    for kind, number in (("", "7"), ("TK", " ")):
        with pytest.raises(ValueError, match="needs"):
            join("1", kind, number, keep_leading_dot=True)
