# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The data fields of Điều 9: what is missing, what stands in for what, and what is only doubtful."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import Applicant, ApplicantKind
from digitizer_desk.rules.fields import Gaps, check_fields, count_gaps, expiry, tidy_value
from digitizer_desk.rules.regulation import Regulation

PERSON = Applicant("Nguyễn Thị Hường", ApplicantKind.PERSON, "035199000123", "12/03/1999")
COMPANY = Applicant("Công ty Mẫu", ApplicantKind.ORGANISATION, "0100233488", "2015")
WHOLE = {
    "ma_loai_giay_to": "TK.KS",
    "so_dinh_danh": "035199000123",
    "ten_giay_to": "Tờ khai đăng ký khai sinh",
    "so_ky_hieu": "12/2026",
    "ngay_cap": "21/11/2026",
    "co_quan_cap": "UBND phường Mẫu",
    "trich_yeu": "Khai sinh cho con",
}
TODAY = date(2026, 11, 21)


def names(law: Regulation, severity: Severity, applicant: Applicant = PERSON, **changes: str) -> list[str]:
    found = check_fields({**WHOLE, **changes}, law, applicant, today=TODAY)
    return [problem.name for problem in found if problem.severity is severity]


def faults(law: Regulation, applicant: Applicant = PERSON, **changes: str) -> list[str]:
    return names(law, Severity.FAULT, applicant, **changes)


def warnings(law: Regulation, applicant: Applicant = PERSON, **changes: str) -> list[str]:
    return names(law, Severity.WARNING, applicant, **changes)


def test_a_whole_record_has_no_problem(law: Regulation) -> None:
    assert check_fields(WHOLE, law, PERSON, today=TODAY) == ()


def test_the_ten_fields_in_the_order_of_the_law(law: Regulation) -> None:
    own = [rule.name for rule in law.fields if not rule.instead_of]
    assert own == [*WHOLE, "thoi_han", "pham_vi", "du_lieu_khac"]
    assert [rule.name for rule in law.fields if rule.required] == list(WHOLE)
    letters = ["điểm a", "điểm b", "điểm c", "điểm d", "điểm đ", "điểm e", "điểm g", "điểm h", "điểm i", "điểm k"]
    assert all(mark in law.field(name).source for name, mark in zip(own, letters, strict=True))


@pytest.mark.parametrize("name", list(WHOLE))
def test_each_required_field_is_missed(law: Regulation, name: str) -> None:
    assert faults(law, **{name: "  "}) == [name]


def test_nothing_at_all(law: Regulation) -> None:
    found = check_fields({}, law, PERSON)
    assert [problem.name for problem in found] == list(WHOLE)
    said = next(problem.words for problem in found if problem.name == "so_dinh_danh")
    assert "«Họ và tên» và «Ngày sinh»" in said
    company = next(p.words for p in check_fields({}, law, COMPANY) if p.name == "so_dinh_danh")
    assert "«Tên tổ chức» và «Năm thành lập»" in company


def test_the_pair_stands_in_for_the_identifier(law: Regulation) -> None:
    assert faults(law, so_dinh_danh="", ho_ten="Nguyễn Thị Hường", ngay_sinh="12/03/1999") == []
    assert faults(law, so_dinh_danh="", ho_ten="Nguyễn Thị Hường") == ["ngay_sinh"]
    assert faults(law, so_dinh_danh="", ngay_sinh="12/03/1999") == ["ho_ten"]
    assert faults(law, COMPANY, so_dinh_danh="", ten_to_chuc="Công ty Mẫu", nam_thanh_lap="2015") == []
    assert faults(law, COMPANY, so_dinh_danh="", ten_to_chuc="Công ty Mẫu") == ["nam_thanh_lap"]


def test_a_paper_of_somebody_else_may_use_the_other_pair(law: Regulation) -> None:
    assert faults(law, PERSON, so_dinh_danh="", ten_to_chuc="Trường Mẫu", nam_thanh_lap="1990") == []
    assert faults(law, PERSON, so_dinh_danh="", ten_to_chuc="Trường Mẫu") == ["nam_thanh_lap"]


@pytest.mark.parametrize(
    "identifier", ["0351 9900 0123", "215404812", "0100233488", "0314409058-002", "B1234567", "H08.10.00"]
)
def test_identifiers_taken(law: Regulation, identifier: str) -> None:
    assert faults(law, so_dinh_danh=identifier) == []


@pytest.mark.parametrize("identifier", ["12345678", "0100233480", "0100000050", "không có"])
def test_identifiers_refused(law: Regulation, identifier: str) -> None:
    assert faults(law, so_dinh_danh=identifier) == ["so_dinh_danh"]


def test_doubts_about_identifiers_only_warn(law: Regulation) -> None:
    assert warnings(law, so_dinh_danh="215404812") == ["so_dinh_danh"]
    assert warnings(law, so_dinh_danh="999199000123") == ["so_dinh_danh"]
    assert warnings(law, so_dinh_danh="035199000123", ngay_sinh="12/03/1990") == ["so_dinh_danh"]
    assert warnings(law, COMPANY, so_dinh_danh="035199000123") == ["so_dinh_danh"]


def test_the_year_is_compared_with_the_applicant_only_when_it_is_the_applicant(law: Regulation) -> None:
    younger = Applicant("A B", ApplicantKind.PERSON, "0351 9900 0123", "01/01/2001")
    assert warnings(law, younger) == ["so_dinh_danh"]
    assert warnings(law, younger, so_dinh_danh="035199000999") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ngay_cap", "31/02/2020"),
        ("ngay_cap", "2021"),
        ("ngay_cap", "22/11/2026"),
        ("ngay_sinh", "hôm qua"),
        ("ngay_sinh", "22/11/2026"),
        ("nam_thanh_lap", "15"),
        ("nam_thanh_lap", "2027"),
        ("ho_ten", "Nguyễn Văn 4"),
        ("thoi_han", "5 năm"),
        ("thoi_han", "20/11/2026"),
        ("ma_loai_giay_to", "tờ khai"),
        ("trich_yeu", "chữ\x00lạ"),
        ("trich_yeu", "a" * 501),
        ("so_ky_hieu", "1" * 42),
        ("co_quan_cap", "x" * 201),
    ],
)
def test_values_refused(law: Regulation, name: str, value: str) -> None:
    assert faults(law, **{name: value}) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ngay_cap", "21112026"),
        ("ngay_sinh", "12031999"),
        ("nam_thanh_lap", "2026"),
        ("thoi_han", "5Y"),
        ("thoi_han", "21112031"),
        ("ma_loai_giay_to", "kq.g01.000005"),
        ("trich_yeu", "a" * 500),
        ("khong_co_o_nay", "gì cũng được"),
    ],
)
def test_values_taken(law: Regulation, name: str, value: str) -> None:
    assert check_fields({**WHOLE, name: value}, law, PERSON, today=TODAY) == ()


@pytest.mark.parametrize(
    ("name", "value"), [("ngay_sinh", "1950"), ("ho_ten", "Hường"), ("thoi_han", "01/01/2026"), ("thoi_han", "1d")]
)
def test_values_doubted(law: Regulation, name: str, value: str) -> None:
    issued = {"ngay_cap": "01/01/2026", "so_dinh_danh": "", "ho_ten": "A B", "ngay_sinh": "01/01/1950"}
    assert warnings(law, **{**issued, name: value}) == [name]


def test_issue_before_birth_is_doubted(law: Regulation) -> None:
    assert "ngay_cap" in warnings(law, ngay_sinh="12/03/1999", ngay_cap="01/01/1990")


def test_values_are_tidied_but_names_never_respelled(law: Regulation) -> None:
    def tidy(name: str, value: str) -> str:
        return tidy_value(law.field(name), value)

    assert tidy("ngay_cap", " 25042021 ") == "25/04/2021"
    assert tidy("ngay_cap", "5/4/2021") == "05/04/2021"
    assert tidy("ngay_cap", "Hôm nay") == "hôm nay"
    assert tidy("thoi_han", "5Y") == "5y"
    assert tidy("so_dinh_danh", "0351 9900.0123") == "035199000123"
    assert tidy("so_dinh_danh", "0314409058002") == "0314409058-002"
    assert tidy("ma_loai_giay_to", "tk.ks") == "TK.KS"
    assert tidy("ho_ten", "  Nguye\u0302\u0303n  Thị Hoà") == "Nguyễn Thị Hoà"
    assert tidy("ho_ten", "Ðỗ") == "Đỗ"


@pytest.mark.parametrize(
    ("issued", "term", "last"),
    [
        (date(2021, 4, 25), "30d", date(2021, 5, 25)),
        (date(2021, 1, 31), "1m", date(2021, 2, 28)),
        (date(2024, 1, 31), "1m", date(2024, 2, 29)),
        (date(2024, 2, 29), "1y", date(2025, 2, 28)),
        (date(2021, 12, 31), "2m", date(2022, 2, 28)),
        (date(2021, 4, 25), " 5Y ", date(2026, 4, 25)),
        (date(2021, 4, 25), "31/12/2030", date(2030, 12, 31)),
        (None, "31122030", date(2030, 12, 31)),
        (None, "5y", None),
        (date(2021, 4, 25), "", None),
        (date(2021, 4, 25), "5 năm", None),
        (date(2021, 4, 25), "9999y", None),
        (date(9999, 12, 31), "1d", None),
    ],
)
def test_expiry(issued: date | None, term: str, last: date | None) -> None:
    assert expiry(issued, term) == last


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(0, 1200))
def test_a_year_is_twelve_months_and_time_never_runs_back(issued: date, count: int) -> None:
    month, year = expiry(issued, f"{count * 12 % 9999}m"), expiry(issued, f"{count * 12 % 9999 // 12}y")
    assert month is not None
    assert month >= issued
    if (count * 12 % 9999) % 12 == 0:
        assert month == year


@given(st.dictionaries(st.sampled_from([*WHOLE, "thoi_han", "ho_ten", "ngay_sinh"]), st.text(max_size=30)))
def test_no_text_breaks_the_judge_and_tidying_is_stable(law: Regulation, values: dict[str, str]) -> None:
    check_fields(values, law, COMPANY, today=TODAY)
    for name, value in values.items():
        rule = law.field(name)
        once = tidy_value(rule, value)
        assert tidy_value(rule, once) == once


def test_words_are_short_and_name_what_to_do(law: Regulation) -> None:
    found = check_fields({"ma_loai_giay_to": "tờ khai", "so_dinh_danh": "1", "thoi_han": "x"}, law, PERSON)
    assert all(len(p.words) <= 160 and p.words.endswith((".", "/")) for p in found)


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({}, Gaps(0, 0)),
        ({"so_ky_hieu": " ", "co_quan_cap": ""}, Gaps(2, 0)),
        ({"ngay_cap": "31/02/2026", "trich_yeu": ""}, Gaps(1, 1)),
        ({"so_dinh_danh": ""}, Gaps(1, 0)),
        ({"so_dinh_danh": "", "ho_ten": "Lò Thị Mây"}, Gaps(1, 0)),  # her day of birth then
        ({"so_dinh_danh": "045190001234"}, Gaps(0, 0)),  # a doubt keeps nothing back
    ],
)
def test_what_keeps_data_from_being_confirmed_is_counted(law: Regulation, changes: dict[str, str], gaps: Gaps) -> None:
    assert count_gaps({**WHOLE, **changes}, law, PERSON, today=TODAY) == gaps
