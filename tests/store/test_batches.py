# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Batches in the cabinet: one outcome, once, for ever; second counts and acts that nobody rewrites, whoever tries."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from digitizer_desk.dossier.batch import PROVED, Batch, Half, StackState, Turned
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from store.room import Room
from store.samples import CLERK, make_dossier, new_page, picture


def _open(cabinet: Cabinet, part: str = "d1c1", **facts: object) -> Batch:
    wanted = {"work_type": "nhieu-trang", "once": False, "source": "feeder", "dpi": 300} | facts
    return cabinet.batches.open(part, CLERK, **wanted)  # type: ignore[arg-type]


def test_a_batch_comes_back_with_its_component(cabinet: Cabinet, dossier: Dossier) -> None:
    cabinet.dossiers.set_declared("d1c1", 2, CLERK)
    batch = _open(cabinet, once=True, half=Half.FRONTS, stack="s1")
    assert (batch.declared, batch.had, batch.outcome) == (2, 0, "")
    page = cabinet.pages.keep("d1c1", picture(1), new_page(batch=batch.id), CLERK)
    closed = cabinet.batches.close(batch.id, PROVED, 1, [("device_counter", 1)], CLERK)
    component = cabinet.dossiers.load("d1").component("d1c1")
    assert component.batches == (closed,)
    assert component.pages[0].batch == page.batch == batch.id
    assert (closed.half, closed.stack, closed.once, closed.kept) == (Half.FRONTS, "s1", True, 1)
    assert closed.evidence == (("device_counter", 1),)
    assert closed.closed_at is not None
    assert _open(cabinet).had == 1
    facts = next(e.facts for e in cabinet.journal.entries("component:d1c1") if e.action == "batch_closed")
    assert (facts["outcome"], facts["evidence"]) == (PROVED, ["device_counter:1"])


@pytest.mark.parametrize("outcome", ["", "done", "fault:", "finished"])
def test_no_other_outcome_than_the_named_ones(cabinet: Cabinet, dossier: Dossier, outcome: str) -> None:
    with pytest.raises(ValueError, match="no outcome"):
        cabinet.batches.close(_open(cabinet).id, outcome, 0, (), CLERK)


def test_a_batch_is_closed_once(cabinet: Cabinet, dossier: Dossier) -> None:
    batch = _open(cabinet)
    cabinet.batches.close(batch.id, "fault:scanner.jam", 0, (), CLERK)
    with pytest.raises(DeskError, match="conflict"):
        cabinet.batches.close(batch.id, PROVED, 0, (), CLERK)
    for wrong in ("nothing",):
        with pytest.raises(DeskError, match="unknown"):
            cabinet.batches.close(wrong, PROVED, 0, (), CLERK)
    with pytest.raises(DeskError, match="unknown"):
        _open(cabinet, part="nobody")
    with pytest.raises(DeskError, match="unknown"):
        cabinet.batches.count_again("nobody", 2, CLERK)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE batches SET outcome = 'finished-proved'",
        "UPDATE batches SET kept = 9",
        "DELETE FROM batches",
        "UPDATE recounts SET sides = 9",
        "DELETE FROM recounts",
        "DELETE FROM acts",
        "UPDATE acts SET after = '{}'",
        "UPDATE acts SET name = 'x'",
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(cabinet: Cabinet, dossier: Dossier, statement: str) -> None:
    batch = _open(cabinet)
    cabinet.pages.keep("d1c1", picture(1), new_page(batch=batch.id), CLERK)
    cabinet.batches.close(batch.id, "stopped", 1, (), CLERK)
    cabinet.batches.count_again("d1c1", 1, CLERK)
    with pytest.raises(DeskError, match="conflict"), cabinet.database.writing() as connection:
        connection.execute(text(statement))


def test_a_second_count_is_what_is_declared_and_knows_the_batches_before_it(room: Room) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    batch = _open(cabinet)
    cabinet.batches.close(batch.id, "stopped", 0, (), CLERK)
    cabinet.batches.count_again("d1c1", 3, CLERK)
    cabinet.batches.count_again("d1c1", 4, CLERK)
    component = cabinet.dossiers.load("d1").component("d1c1")
    assert component.declared == 4
    assert component.recount is not None
    assert (component.recount.sides, component.recount.after, component.recount.by) == (4, batch.number, CLERK.id)


def test_the_newest_stack_counts_and_an_older_one_is_given_up(cabinet: Cabinet, dossier: Dossier) -> None:
    first = cabinet.batches.open_stack("d1c1", Turned.SAME, CLERK)
    second = cabinet.batches.open_stack("d1c1", Turned.REVERSED, CLERK)
    assert first.id != second.id
    assert cabinet.dossiers.load("d1").component("d1c1").stack == second
    cabinet.batches.settle_stack("d1c1", StackState.JOINED, CLERK)
    stack = cabinet.dossiers.load("d1").component("d1c1").stack
    assert stack is not None
    assert stack.state is StackState.JOINED
    with pytest.raises(DeskError, match="unknown"):
        cabinet.batches.settle_stack("d1c2", StackState.JOINED, CLERK)


def test_batches_left_open_by_a_cut_are_named_at_the_next_opening(room: Room) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    batch = _open(cabinet)
    cabinet.pages.keep("d1c1", picture(1), new_page(batch=batch.id), CLERK)
    cabinet.close()
    component = room.open().dossiers.load("d1").component("d1c1")
    assert [(b.outcome, b.kept) for b in component.batches] == [("fault:scanner.interrupted", 1)]
