# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from digitizer_desk.dossier.incoming.receipt_qr import LONGEST, check_layout, read_receipt
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence

CODE = "000.00.12.H08-261121-0007"


@pytest.mark.parametrize(
    ("layout", "text", "told"),
    [
        ("<code>|<procedure>", f"{CODE}|1.001193", ("1.001193", "", "")),
        ("<code>|<procedure>", f"\ufeff{CODE}|1.001193\r", ("1.001193", "", "")),
        ("<code>|<procedure>", f"{CODE}|", ("", "", "")),
        (
            "<name>;<code>;<identity>;<procedure>",
            f" Nguyễn  Thị Hường ;{CODE};045190001234;1.001193",
            ("1.001193", "Nguyễn Thị Hường", "045190001234"),
        ),
        ("<other>#<code>#<other>", f"UBND#{CODE}#12", ("", "", "")),
        (
            "https://dvc.tinh.vn/hs?ma=<code>&tt=<procedure>",
            f"https://dvc.tinh.vn/hs?ma={CODE}&tt=1.1",
            ("1.1", "", ""),
        ),
        ("HS:<code>.", f"HS:{CODE}.", ("", "", "")),
    ],
)
def test_a_receipt_is_read_by_its_layout(layout: str, text: str, told: tuple[str, str, str]) -> None:
    found = read_receipt(text, check_layout(layout))
    assert found is not None
    assert found.code.text == CODE
    assert (found.procedure, found.name, found.identity) == told


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("", CODE),
        ("<code>|<procedure>", CODE),
        ("<code>|<procedure>", f"{CODE}|1.001193|A"),  # a part more: which is which is not known any more
        ("<code>|<procedure>", f"{CODE};1.001193"),
        ("<code>|<procedure>", f"1.001193|{CODE}"),
        ("<code>|<procedure>", "1234/2019|1.001193"),  # of no lawful shape: a person looks at it
        ("<code>|<procedure>", "000.00.12.H08-261332-0007|1.001193"),
        ("HS:<code>", f"hs:{CODE}"),  # caps lock
        ("<code>|<procedure>|<name>", f"{CODE}|1.001193|Lò\b\bLõ"),
    ],
)
def test_what_does_not_fit_is_not_read(layout: str, text: str) -> None:
    assert read_receipt(text, layout) is None


@pytest.mark.parametrize(
    ("layout", "where"),
    [
        ("<procedure>", "<procedure>"),
        ("ma=<Code>", "<Code>"),
        ("<code>|<code>", "<code>"),
        ("<code>|<ten>", "<ten>"),
        ("<code><procedure>", "<code><procedure>"),
        ("<code> <procedure>", "<code> <procedure>"),
        ("<code>-<procedure>", "-"),
        ("<code>TT<procedure>", "TT"),
        ("<code>|<procedure", "|<procedure"),
        (">a<code>", ">a"),
        ("<code>|" + "<other>|" * 40, "<code>|<other>|<othe…"),
    ],
)
def test_a_bad_layout_says_where(layout: str, where: str) -> None:
    with pytest.raises(DeskError) as caught:
        check_layout(layout)
    assert caught.value.code == "settings.receipt_qr"
    assert caught.value.facts["where"] == where
    assert where.rstrip(".") in sentence(caught.value)
    assert "<code>|<procedure>|<name>" in sentence(caught.value)


def test_the_longest_layout_is_told_apart() -> None:
    assert len(check_layout("x" * (LONGEST - 6) + "<code>")) == LONGEST
