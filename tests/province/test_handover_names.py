# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Names of handed-over files: as the receivers ask, legal everywhere, readable back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.province.handover.names import Kind, Layout, file_name, folder_name, read_back, safe

CODE = "000.00.01.H03-210722-1000"


def test_the_two_schemes() -> None:
    assert file_name(Layout.TT02, CODE, Kind.COMPONENT, 2021, 3, True) == f"{CODE}.03"
    assert file_name(Layout.BAC_KAN, CODE, Kind.COMPONENT, 2021, 1, False) == f"{CODE}_TP_2021"
    assert file_name(Layout.BAC_KAN, CODE, Kind.RESULT, 2021, 1, False) == f"{CODE}_KQ_2021"
    assert file_name(Layout.BAC_KAN, "243", Kind.COMPONENT, 2016, 2, True) == "243_TP_2016_02"
    assert folder_name(Layout.BAC_KAN, "000.00.12.H08") == "CSDL_000.00.12.H08"
    assert folder_name(Layout.TT02, "000.00.12.H08") == ""


@pytest.mark.parametrize("text", ["12/QĐ-UBND", "a\\b", "CON", "nul.txt", "x.", "x ", "50%", "a:b*c?", "%2F", "com1"])
def test_what_systems_refuse_is_mapped_and_read_back(text: str) -> None:
    name = safe(text)
    assert not re.search(r'[<>:"/\\|?*]', name)
    assert not name.endswith((".", " "))
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)
    assert read_back(name) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_any_code_is_read_back(text: str) -> None:
    assert read_back(safe(text)) == text


@given(st.text(max_size=20), st.text(max_size=20))
def test_two_codes_never_share_a_name(one: str, other: str) -> None:
    assert (safe(one) == safe(other)) == (one == other)
