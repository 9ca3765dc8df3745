# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Both sides by a scanner that sees one: fronts, backs, interleaved when the counts agree; else told, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from digitizer_desk.devices.scanner import Source
from digitizer_desk.dossier.batch import Half, StackState, Turned
from digitizer_desk.dossier.model import Component, Dossier
from digitizer_desk.dossier.stage import Count, count_of, next_half, scanned, waits_for_backs
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.work_types import WorkType
from digitizer_desk.steps import pages, receive, scan
from stand_ins.machines import Pixels, paper
from steps.conftest import Bench, fresh

BY_HAND = WorkType("lat-tay", "Hai mặt, lật tay", source="feeder", turned=Turned.REVERSED)


def _feed(bench: Bench, dossier: Dossier, tray: list[Any], **order: Any) -> scan.ScanOutcome:
    bench.scanner.tray = tray
    bench.scanner.proofs = lambda _pages: ()
    wanted = scan.Order(**{"work_type": BY_HAND, **order})
    part = dossier.components[0].id
    return scan.scan(bench.desk, dossier.id, part, bench.officer, lambda _e: None, lambda: False, wanted)


def _sides(*seeds: int) -> list[Pixels]:
    return [paper(dpi=40, seed=seed) for seed in seeds]


def _shas(component: Component) -> list[str]:
    return [page.sha256 for page in component.pages]


@pytest.mark.parametrize(("turned", "backs"), [(Turned.REVERSED, (23, 22, 21)), (Turned.SAME, (21, 22, 23))])
def test_backs_go_behind_their_fronts_however_the_stack_was_turned(
    shared: Bench, turned: Turned, backs: tuple[int, ...]
) -> None:
    work_type = replace(BY_HAND, turned=turned)
    first = _feed(shared, fresh(shared), _sides(11, 12, 13), work_type=work_type)
    assert first.open_point is not None
    assert first.open_point.code == "dossier.backs_missing"
    fronts = _shas(first.dossier.components[0])
    assert not first.joined
    second = _feed(shared, first.dossier, _sides(*backs), work_type=work_type)
    came = [page.sha256 for page in second.kept]
    in_order = came if turned is Turned.SAME else came[::-1]
    component = second.dossier.components[0]
    assert second.joined
    assert _shas(component) == [sha for pair in zip(fronts, in_order, strict=True) for sha in pair]
    assert count_of(component) is Count.PROVED, "two runs of the same stack gave the same count"
    assert scanned(receive.declare(shared.desk, second.dossier.id, component.id, 6, shared.officer).components[0])


def test_joining_is_one_act_and_can_be_undone_and_redone(shared: Bench) -> None:
    dossier = _feed(shared, fresh(shared), _sides(1, 2)).dossier
    dossier = _feed(shared, dossier, _sides(4, 3)).dossier
    joined = _shas(dossier.components[0])
    dossier, what = pages.undo(shared.desk, dossier.id, shared.officer)
    assert what == "ghép 2 mặt sau"
    came = _shas(dossier.components[0])
    assert came != joined
    assert sorted(came) == sorted(joined)
    dossier, _ = pages.redo(shared.desk, dossier.id, shared.officer)
    assert _shas(dossier.components[0]) == joined


def test_unequal_halves_are_left_as_they_came_until_the_missing_side_is_there(shared: Bench) -> None:
    dossier = _feed(shared, fresh(shared), _sides(1, 2, 3)).dossier
    outcome = _feed(shared, dossier, _sides(6, 5))
    assert not outcome.joined
    assert outcome.open_point is not None
    assert outcome.open_point.code == "dossier.halves_differ"
    assert (outcome.open_point.facts["fronts"], outcome.open_point.facts["backs"]) == (3, 2)
    component = outcome.dossier.components[0]
    assert len(component.pages) == 5
    assert not scanned(component)
    assert next_half(component) is Half.BACKS
    outcome = _feed(shared, outcome.dossier, _sides(4))
    assert outcome.joined
    assert len(outcome.dossier.components[0].pages) == 6


def test_one_back_too_many_is_taken_out_and_then_joined_by_the_clerk(shared: Bench) -> None:
    dossier = _feed(shared, fresh(shared), _sides(1, 2)).dossier
    outcome = _feed(shared, dossier, _sides(5, 4, 3))
    component = outcome.dossier.components[0]
    with pytest.raises(DeskError, match="halves_differ"):
        pages.join_backs(shared.desk, outcome.dossier.id, component.id, shared.officer)
    assert _shas(shared.desk.cabinet.dossiers.load(outcome.dossier.id).components[0]) == _shas(component)
    pages.remove(shared.desk, outcome.dossier.id, component.pages[2].id, shared.officer)
    dossier = pages.join_backs(shared.desk, outcome.dossier.id, component.id, shared.officer)
    assert dossier.components[0].stack is not None
    assert dossier.components[0].stack.state is StackState.JOINED


def test_a_jam_in_the_fronts_goes_on_with_fronts(shared: Bench) -> None:
    outcome = _feed(shared, fresh(shared), [*_sides(1), error("scanner.jam", page=2, kept=1)])
    assert next_half(outcome.dossier.components[0]) is Half.FRONTS
    outcome = _feed(shared, outcome.dossier, _sides(2))
    assert next_half(outcome.dossier.components[0]) is Half.BACKS
    outcome = _feed(shared, outcome.dossier, [*_sides(4), error("scanner.jam", page=2, kept=1)])
    assert not outcome.joined
    outcome = _feed(shared, outcome.dossier, _sides(3))
    assert outcome.joined


def test_a_stack_with_nothing_on_its_backs_is_left_one_sided_by_the_clerk(shared: Bench) -> None:
    dossier = _feed(shared, fresh(shared), _sides(1, 2)).dossier
    component = dossier.components[0]
    assert waits_for_backs(component)
    dossier = pages.join_backs(shared.desk, dossier.id, component.id, shared.officer)
    assert not waits_for_backs(dossier.components[0])
    assert _shas(dossier.components[0]) == _shas(component)
    assert next_half(dossier.components[0]) is Half.FRONTS


def test_where_nothing_was_turned_there_is_nothing_to_join(shared: Bench) -> None:
    outcome = _feed(shared, fresh(shared), _sides(1), work_type=WorkType("x", "X"))
    with pytest.raises(DeskError, match="unknown"):
        pages.join_backs(shared.desk, outcome.dossier.id, outcome.dossier.components[0].id, shared.officer)


def test_pages_of_another_stack_keep_their_place(shared: Bench) -> None:
    plain = WorkType("x", "X")
    dossier = _feed(shared, fresh(shared), _sides(90, 91), work_type=plain).dossier
    before = _shas(dossier.components[0])
    dossier = _feed(shared, dossier, _sides(1, 2)).dossier
    dossier = _feed(shared, dossier, _sides(4, 3)).dossier
    assert _shas(dossier.components[0])[:2] == before
    assert len(dossier.components[0].pages) == 6


def test_a_scanner_without_duplex_is_fed_by_hand_where_both_sides_are_wanted(shared: Bench) -> None:
    both = WorkType("x", "X", source="feeder-duplex")
    outcome = _feed(shared, fresh(shared), _sides(1), work_type=both, by_hand=Turned.SAME)
    assert shared.scanner.jobs[-1].settings.source is Source.FEEDER
    assert outcome.batch.half is Half.FRONTS


def test_a_page_put_beside_another_is_no_half_of_a_stack(shared: Bench) -> None:
    dossier = _feed(shared, fresh(shared), _sides(1, 2)).dossier
    first, second = dossier.components[0].pages
    outcome = _feed(shared, dossier, _sides(7, 8), before=first.id)
    assert outcome.batch.half is Half.NONE
    ids = [page.id for page in outcome.dossier.components[0].pages]
    assert ids == [outcome.kept[0].id, outcome.kept[1].id, first.id, second.id]
    outcome = _feed(shared, outcome.dossier, _sides(9), after=first.id)
    assert [page.id for page in outcome.dossier.components[0].pages][2:4] == [first.id, outcome.kept[0].id]


def test_a_page_whose_neighbour_was_taken_out_meanwhile_is_kept_at_the_end(
    shared: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = _feed(shared, fresh(shared), _sides(1, 2), work_type=WorkType("x", "X")).dossier
    first = dossier.components[0].pages[0]
    real = shared.scanner.scan

    def scan_late(job: Any, stop: Any) -> Any:
        pages.remove(shared.desk, dossier.id, first.id, shared.officer)
        yield from real(job, stop)

    monkeypatch.setattr(shared.scanner, "scan", scan_late)
    outcome = _feed(shared, dossier, _sides(3, 4), after=first.id, work_type=WorkType("x", "X"))
    assert [page.id for page in outcome.dossier.components[0].pages][1:] == [page.id for page in outcome.kept]


def test_the_stack_is_known_again_after_a_restart(bench: Bench) -> None:
    from digitizer_desk.store.cabinet import open_cabinet
    from digitizer_desk.store.keepers import FileKeeper
    from digitizer_desk.store.vault import open_vault

    dossier = _feed(bench, bench.received(), _sides(1, 2)).dossier
    bench.desk.cabinet.close()
    vault = open_vault(bench.place.cabinet, FileKeeper(bench.place.data.parent / "key"))
    cabinet = open_cabinet(bench.place.cabinet, vault, bench.clock)
    again = replace(bench, desk=replace(bench.desk, cabinet=cabinet))
    try:
        component = cabinet.dossiers.load(dossier.id).components[0]
        assert next_half(component) is Half.BACKS
        outcome = _feed(again, dossier, _sides(4, 3))
        assert outcome.joined
        assert len(outcome.dossier.components[0].pages) == 4
    finally:
        cabinet.close()
