# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Identifiers by the vectors of R33 and the identity card's QR of R34. All persons are invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.dossier.identity import CardData, born_sex, born_year, check_identifier, read_card_qr
from digitizer_desk.dossier.model import ApplicantKind


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("035199000123", "cccd", ""),
        ("0351 9900 0123", "cccd", ""),
        ("215404812", "cmnd", ""),
        ("0100233488", "mst", ""),
        ("0314409058-002", "mst", ""),
        ("0314409058002", "mst", ""),
        ("0100233480", "mst", "check_digit"),
        ("0100233488-000", "mst", "impossible"),
        ("B1234567", "passport", ""),
        ("c12345678", "passport", ""),
        ("AB12345", "passport", ""),
        ("", "", "empty"),
        ("12345678", "", "length"),
        ("03519900012", "", "length"),
        ("ABCDEFG", "", "shape"),
        ("0351990o0123", "", "shape"),
        ("０３５１９９０００１２３", "", "shape"),
        ("H08.10", "", "shape"),
    ],
)
def test_vectors(text: str, kind: str, problem: str) -> None:
    result = check_identifier(text)
    assert (result.kind, result.problem, result.ok) == (kind, problem, problem == "")


@pytest.mark.parametrize("last", range(10))
def test_a_prefix_with_rest_zero_has_no_check_digit(last: int) -> None:
    assert check_identifier(f"010000005{last}").problem == "impossible"


@given(st.integers(0, 99), st.integers(1, 9_999_999))
def test_at_most_one_check_digit_fits(head: int, body: int) -> None:
    fitting = [d for d in range(10) if check_identifier(f"{head:02}{body:07}{d}").ok]
    assert len(fitting) <= 1


def test_a_personal_number_warns_but_never_refuses() -> None:
    assert check_identifier("035199000123", born=date(1999, 5, 1)).warnings == ()
    assert check_identifier("035199000123", born=date(1998, 5, 1)).warnings == ("born_mismatch",)
    assert check_identifier("999199000123").warnings == ("province_unknown",)
    assert check_identifier("000199000123").warnings == ("province_unknown",)
    assert check_identifier("035199000123", ApplicantKind.ORGANISATION).warnings == ("personal_number",)
    assert check_identifier("215404812").warnings == ("old_number",)
    assert check_identifier("AB12345").warnings == ("foreign_passport",)


def test_century_and_sex() -> None:
    assert (born_year("035199000123"), born_sex("035199000123")) == (1999, "Nữ")
    assert (born_year("035213000123"), born_sex("035213000123")) == (2013, "Nam")
    assert (born_year("001310000001"), born_sex("001310000001")) == (2010, "Nữ")


def test_agency_codes_are_for_organisations() -> None:
    assert check_identifier("h08.10.00", ApplicantKind.ORGANISATION).kind == "agency"
    assert check_identifier("000.00.10.H08", ApplicantKind.ORGANISATION).text == "000.00.10.H08"
    assert not check_identifier("H08.10.00", ApplicantKind.PERSON).ok


SEVEN = "045190001234|215404812|Nguyễn Thị Hường|12031990|Nữ|Thôn 1, Xã Mẫu, Tỉnh Mẫu|25042021"


def test_card_with_seven_fields() -> None:
    assert read_card_qr(SEVEN + "\r\n") == CardData(
        "045190001234",
        "215404812",
        "Nguyễn Thị Hường",
        date(1990, 3, 12),
        "Nữ",
        "Thôn 1, Xã Mẫu, Tỉnh Mẫu",
        date(2021, 4, 25),
    )


def test_card_without_old_number_in_either_shape() -> None:
    empty = read_card_qr(SEVEN.replace("215404812", ""))
    assert empty is not None
    assert empty.old_number == ""
    assert read_card_qr(SEVEN.replace("215404812|", "")) == empty


def test_card_with_more_fields_keeps_none_of_them() -> None:
    more = SEVEN + "||Tên Cha|Tên Mẹ|"
    assert read_card_qr(more) == read_card_qr(SEVEN)
    assert "Tên Cha" not in repr(read_card_qr(more))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "000.00.10.H08-221006-0006",
        "|".join(["x"] * 7),
        SEVEN.replace("12031990", "31021990"),
        SEVEN.replace("12031990", "12/03/90"),
        SEVEN.replace("|Nữ|", "|Nuwx|"),
        SEVEN.replace("045190001234", "04519000123"),
        SEVEN.replace("215404812", "21540481"),
        SEVEN.replace("Nguyễn Thị Hường", ""),
        SEVEN.replace("Nguyễn Thị Hường", "Nguyen4"),
        SEVEN.replace("25042021", "hôm qua"),
        SEVEN.rpartition("|")[0].rpartition("|")[0],
    ],
)
def test_a_malformed_card_fills_nothing(text: str) -> None:
    assert read_card_qr(text) is None


@given(st.text(max_size=120))
def test_no_text_breaks_the_readers(text: str) -> None:
    check_identifier(text, ApplicantKind.ORGANISATION)
    read_card_qr(text)
    read_card_qr(text.replace("a", "|"))
