# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A component as a whole through a real cabinet: counts, pairs of notes, blank backs; what closes signing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from digitizer_desk.dossier.finding import Colour, DpiSource, PageMeasures
from digitizer_desk.dossier.model import Component, Dossier, NoteSide
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError
from digitizer_desk.steps import check, pages, receive, scan
from digitizer_desk.store.pages import NewPage
from stand_ins.machines import stack
from steps.conftest import Bench, fresh

WRITTEN = PageMeasures(
    1240, 1754, (300.0, 300.0), DpiSource.PAPER, Colour.COLOUR, 0.8, 0.1, False, 0, (), (), 0.98, False, False, 0.05
)  # fmt: skip
BLANK = replace(WRITTEN, blank=True, sharpness=None, ink=0.0)


def laid(bench: Bench, *measures: PageMeasures, sides: int | None = None) -> tuple[Dossier, Component]:
    """A component with these pages, and so many sides declared."""
    dossier = fresh(bench)
    part = dossier.components[0].id
    for number, found in enumerate(measures):
        facts = NewPage(1240, 1754, (300, 300), (210, 297), bench.clock(), "máy A")
        page = bench.desk.cabinet.pages.keep(part, b"page %d of %s" % (number, part.encode()), facts, bench.officer)
        bench.desk.cabinet.pages.set_measures(page.id, found, ())
    if sides is not None:
        dossier = receive.declare(bench.desk, dossier.id, part, sides, bench.officer)
    return again(bench, dossier)


def again(bench: Bench, dossier: Dossier) -> tuple[Dossier, Component]:
    loaded = bench.desk.cabinet.dossiers.load(dossier.id)
    return loaded, loaded.components[0]


def words(bench: Bench, dossier: Dossier) -> set[str]:
    loaded, component = again(bench, dossier)
    return {f.word for f in check.check_component(bench.desk, loaded, component)}


@pytest.mark.parametrize(("sides", "told"), [(3, set()), (2, {"too_many_pages"}), (4, {"too_few_pages"})])
def test_declared_sides_are_kept_pages(shared: Bench, sides: int, told: set[str]) -> None:
    dossier, _ = laid(shared, WRITTEN, WRITTEN, WRITTEN, sides=sides)
    assert words(shared, dossier) & {"too_many_pages", "too_few_pages"} == told


def test_a_sheet_with_a_note_is_one_side_and_two_captures(shared: Bench) -> None:
    """With its note first, without it right behind (R14): any other order, or one alone, closes signing."""
    dossier, component = laid(shared, WRITTEN, WRITTEN, WRITTEN, sides=2)
    first, second, third = (page.id for page in component.pages)
    assert "too_many_pages" in words(shared, dossier)

    def mark(page_id: str, side: NoteSide) -> None:
        pages.mark_note(shared.desk, dossier.id, page_id, side, shared.officer)

    mark(first, NoteSide.WITH)
    assert "note_pair" in words(shared, dossier)  # one alone
    mark(third, NoteSide.WITHOUT)
    assert "note_pair" in words(shared, dossier)  # not side by side
    mark(third, NoteSide.NONE)
    mark(second, NoteSide.WITHOUT)
    assert words(shared, dossier).isdisjoint({"note_pair", "too_many_pages", "too_few_pages"})
    pages.move(shared.desk, dossier.id, second, 0, shared.officer)
    assert "note_pair" in words(shared, dossier)  # the wrong way round
    law = shared.desk.law_of(dossier)
    _, turned = again(shared, dossier)
    assert stage(turned, law.order, True) != "sign"
    pages.undo(shared.desk, dossier.id, shared.officer)
    assert "note_pair" not in words(shared, dossier)


@pytest.mark.parametrize(
    ("backs", "go"),
    [((BLANK, BLANK, BLANK), True), ((BLANK, WRITTEN, BLANK), False), ((WRITTEN, BLANK, BLANK), False)],
)
def test_blank_backs_go_all_or_none(shared: Bench, backs: Sequence[PageMeasures], go: bool) -> None:
    sides = [side for back in backs for side in (WRITTEN, back)]
    dossier, component = laid(shared, *sides, sides=6)
    before = [page.id for page in component.pages]
    assert ("blank_backs" in words(shared, dossier)) is go
    if not go:
        with pytest.raises(DeskError) as refused:
            pages.drop_blank_backs(shared.desk, dossier.id, component.id, shared.officer)
        assert refused.value.code == "dossier.backs_written"
        assert [page.id for page in again(shared, dossier)[1].pages] == before
        return
    pages.drop_blank_backs(shared.desk, dossier.id, component.id, shared.officer)
    assert [page.id for page in again(shared, dossier)[1].pages] == before[::2]
    assert "too_few_pages" in words(shared, dossier)  # nothing goes without being counted anew
    assert pages.undo(shared.desk, dossier.id, shared.officer)[1] == "bỏ 3 mặt sau trắng"
    assert [page.id for page in again(shared, dossier)[1].pages] == before
    pages.redo(shared.desk, dossier.id, shared.officer)
    receive.declare(shared.desk, dossier.id, component.id, 3, shared.officer)
    assert words(shared, dossier).isdisjoint({"too_few_pages", "too_many_pages", "blank_backs"})
    assert len(pages.removed(shared.desk, dossier.id)) == 3  # kept, and in reach


def test_the_proof_of_a_count_is_recorded_with_its_batch(shared: Bench) -> None:
    dossier = fresh(shared)
    component = dossier.components[0]
    receive.declare(shared.desk, dossier.id, component.id, 2, shared.officer)
    shared.scanner.tray = list(stack(2, start=61))
    scan.scan(shared.desk, dossier.id, component.id, shared.officer, lambda _e: None, lambda: False)
    _, kept = again(shared, dossier)
    (batch,) = kept.batches
    assert batch.kept == 2
    assert batch.outcome.startswith("finished")
    assert {page.batch for page in kept.pages} == {batch.id}
