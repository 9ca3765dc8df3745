# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States that have a code of their own are told by it: pages changed under a signature, a disk that runs full."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digitizer_desk.dossier.model import Component, Document
from digitizer_desk.dossier.stage import changed_since_signed
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.steps import extract, pages
from digitizer_desk.steps.parts.room import FULL, LOW, disk_problem
from steps.conftest import Bench
from steps.test_sign_and_send import ANSWERS, _captured, _sign


def code_of(problem: DeskError | None) -> str:
    return problem.code if problem is not None else ""


# -- signature.pages_changed -------------------------------------------------------------------------------------------


def test_data_are_not_confirmed_on_pages_that_changed_under_the_signature(bench: Bench) -> None:
    dossier = _sign(bench, _captured(bench)).dossier
    part = dossier.components[0]
    pages.turn(bench.desk, dossier.id, part.pages[1].id, 180, bench.officer)
    values = {f.name: f.value for f in extract.guess(bench.desk, dossier, part)} | ANSWERS
    with pytest.raises(DeskError) as told:
        extract.confirm(bench.desk, dossier.id, part.id, values, bench.officer)
    assert told.value.code == "signature.pages_changed"
    assert sentence(told.value).startswith("Trang 2 đã thay sau khi ký.")
    pages.undo(bench.desk, dossier.id, bench.officer)
    extract.confirm(bench.desk, dossier.id, part.id, values, bench.officer)


@pytest.mark.parametrize(
    ("signed", "now", "number"),
    [("abc", "abc", None), ("abc", "abd", 3), ("abc", "bac", 1), ("abc", "ab", 3), ("ab", "abc", 3), ("a", "", 1)],
)
def test_the_first_page_that_changed_is_named(signed: str, now: str, number: int | None) -> None:
    from gallery.papers import page

    made = tuple(replace(page(1), id=letter) for letter in now)
    was = tuple((letter, page(1).sha256, 0) for letter in signed)
    document = Document("d", 1, "ab" * 32, 1, was, datetime.now(UTC))
    part = Component("c", 1, "TP1", "Tờ khai", True, pages=made, document=document)
    assert changed_since_signed(part) == number
    assert changed_since_signed(replace(part, document=None)) is None


# -- store.disk_low ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "code"),
    [
        (0, "store.disk_full"),
        (FULL - 1, "store.disk_full"),
        (FULL, "store.disk_low"),
        (LOW - 1, "store.disk_low"),
        (LOW, ""),
    ],
)
def test_a_disk_that_runs_full_is_told_before_it_is(free: int, code: str) -> None:
    assert code_of(disk_problem(free)) == code
