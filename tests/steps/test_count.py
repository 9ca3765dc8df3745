# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Proof of count: one named outcome for each batch, "out of documents" alone proves none, none signed without proof."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from digitizer_desk import messages
from digitizer_desk.devices.scanner import BatchClosed, BatchEnd, CountProof, ProofKind, ScanJob, Source
from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.batch import DIFFERS, FAULT, PROVED, STOPPED, UNPROVED
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.dossier.stage import Count, count_of, scanned, stage
from digitizer_desk.errors import DeskError, error
from digitizer_desk.steps import check, pages, receive, scan, sign
from digitizer_desk.steps.parts.counting import open_point, witnessed
from digitizer_desk.store.cabinet import open_cabinet
from stand_ins.machines import paper
from steps.conftest import Bench, fresh


def _scan(bench: Bench, dossier: Dossier, count: int, start: int = 1, dpi: int = 40, **order: Any) -> scan.ScanOutcome:
    bench.scanner.tray = [paper(dpi=dpi, seed=start + i) for i in range(count)]
    return _run(bench, dossier, **order)


def _run(bench: Bench, dossier: Dossier, **order: Any) -> scan.ScanOutcome:
    part = dossier.components[0].id
    wanted = scan.Order(**order)
    return scan.scan(bench.desk, dossier.id, part, bench.officer, lambda _e: None, lambda: False, wanted)


def _silent(_pages: int) -> tuple[CountProof, ...]:
    return ()


def _says(kind: ProofKind, number: int) -> Any:
    return lambda _pages: (CountProof(kind, number),)


def _declare(bench: Bench, dossier: Dossier, sides: int) -> Dossier:
    return receive.declare(bench.desk, dossier.id, dossier.components[0].id, sides, bench.officer)


def _sign(bench: Bench, dossier: Dossier) -> sign.SignOutcome:
    pin = Pin(bytearray(b"246810"))
    return sign.sign(
        bench.desk, dossier.id, bench.token.certificate, pin, bench.officer, lambda _e: None, lambda: False
    )


def test_a_device_counter_that_agrees_proves_a_batch(shared: Bench) -> None:
    outcome = _scan(shared, fresh(shared), 3)
    assert outcome.batch.outcome == PROVED
    assert ("device_counter", 3) in outcome.batch.evidence
    assert outcome.open_point is None
    assert count_of(outcome.dossier.components[0]) is Count.PROVED


def test_out_of_documents_alone_closes_nothing_until_the_clerk_types_a_second_count(shared: Bench) -> None:
    shared.scanner.proofs = _silent
    dossier = _scan(shared, fresh(shared), 2, dpi=200).dossier
    component = dossier.components[0]
    assert component.batches[-1].outcome == UNPROVED
    dossier = _declare(shared, dossier, 2)  # an Enter on what was proposed, after the paper ran: no proof
    component = dossier.components[0]
    law = shared.desk.law_of(dossier)
    assert stage(component, law.order) == "scan"
    with pytest.raises(DeskError) as refused:
        _sign(shared, dossier)
    assert refused.value.code == "dossier.count_unproved"
    assert "Enter" in messages.sentence(refused.value)
    dossier = receive.count_again(shared.desk, dossier.id, component.id, 2, shared.officer)
    component = dossier.components[0]
    assert component.recount is not None
    assert component.recount.by == shared.officer.id
    assert stage(component, law.order) == "sign"
    assert _sign(shared, dossier).signed == (component.id,)
    actions = [e.action for e in shared.desk.cabinet.journal.entries(f"component:{component.id}")]
    assert {"batch_opened", "batch_closed", "counted_again"} <= set(actions)


def test_a_count_declared_before_the_paper_ran_is_a_proof(shared: Bench) -> None:
    shared.scanner.proofs = _silent
    dossier = _declare(shared, fresh(shared), 3)
    outcome = _scan(shared, dossier, 3)
    assert outcome.batch.outcome == PROVED
    assert ("declared", 3) in outcome.batch.evidence
    assert scanned(outcome.dossier.components[0])


def test_changing_the_declared_number_to_what_came_is_not_a_count(shared: Bench) -> None:
    """Two sheets went through as one: making the number fit the pages does not open signing."""
    shared.scanner.proofs = _silent
    dossier = _declare(shared, fresh(shared), 3)
    outcome = _scan(shared, dossier, 2)
    assert outcome.batch.outcome == DIFFERS
    dossier = _declare(shared, outcome.dossier, 2)
    problem = open_point(dossier.components[0])
    assert problem is not None
    assert problem.code == "dossier.count_unproved"


def test_a_stack_fed_in_two_goes_is_proved_by_the_whole_number(shared: Bench) -> None:
    shared.scanner.proofs = _silent
    dossier = _declare(shared, fresh(shared), 4)
    dossier = _scan(shared, dossier, 2).dossier
    assert not scanned(dossier.components[0])
    dossier = _scan(shared, dossier, 2, start=5).dossier
    assert [b.outcome for b in dossier.components[0].batches] == [DIFFERS, PROVED]
    assert scanned(dossier.components[0])


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        (ProofKind.DEVICE_COUNTER, 3, "máy quét đếm 3"),
        (ProofKind.IMAGES_COMPLETED, 4, "máy quét đã gửi 4"),
        (ProofKind.FEEDER_EMPTY, 0, "khay nạp còn giấy"),
        (ProofKind.SIDES_EVEN, 0, "số mặt bị lẻ"),
    ],
)
def test_numbers_that_contradict_each_other_are_told_with_both_and_stay_until_counted(
    shared: Bench, kind: ProofKind, number: int, words: str
) -> None:
    shared.scanner.proofs = _says(kind, number)
    dossier = _declare(shared, fresh(shared), 2)
    outcome = _scan(shared, dossier, 2)
    assert outcome.batch.outcome == DIFFERS
    assert outcome.open_point is not None
    told = messages.sentence(outcome.open_point)
    assert "Đã giữ 2" in told
    assert words in told
    with pytest.raises(DeskError) as refused:
        _sign(shared, outcome.dossier)
    assert refused.value.code == "dossier.count_differs"
    part = outcome.dossier.components[0].id
    dossier = receive.count_again(shared.desk, dossier.id, part, 2, shared.officer)
    assert scanned(dossier.components[0])


def test_a_second_count_of_other_paper_is_a_missing_page_not_a_proof(shared: Bench) -> None:
    shared.scanner.proofs = _says(ProofKind.DEVICE_COUNTER, 3)
    dossier = _scan(shared, fresh(shared), 2).dossier
    part = dossier.components[0].id
    dossier = receive.count_again(shared.desk, dossier.id, part, 3, shared.officer)
    assert not scanned(dossier.components[0])
    found = check.check_component(shared.desk, dossier, dossier.components[0])
    assert "too_few_pages" in {finding.word for finding in found}


def test_a_batch_after_the_second_count_asks_again(shared: Bench) -> None:
    shared.scanner.proofs = _silent
    dossier = _scan(shared, fresh(shared), 2).dossier
    part = dossier.components[0].id
    dossier = receive.count_again(shared.desk, dossier.id, part, 2, shared.officer)
    assert scanned(dossier.components[0])
    dossier = receive.count_again(shared.desk, dossier.id, part, 3, shared.officer)
    dossier = _scan(shared, dossier, 1, start=9).dossier
    dossier = receive.declare(shared.desk, dossier.id, part, 4, shared.officer)
    assert count_of(dossier.components[0]) is Count.UNPROVED


def test_pages_that_are_all_taken_out_have_nothing_to_prove(shared: Bench) -> None:
    shared.scanner.proofs = _says(ProofKind.DEVICE_COUNTER, 9)
    dossier = _scan(shared, fresh(shared), 1).dossier
    page = dossier.components[0].pages[0]
    dossier = pages.remove(shared.desk, dossier.id, page.id, shared.officer)
    assert count_of(dossier.components[0]) is Count.NOTHING


def test_a_fault_names_its_code_and_a_stop_its_own_name(shared: Bench) -> None:
    dossier = fresh(shared)
    shared.scanner.tray = [paper(dpi=40), paper(dpi=40, seed=2), error("scanner.jam", page=3, kept=2)]
    outcome = _run(shared, dossier)
    assert outcome.batch.outcome == FAULT + "scanner.jam"
    assert outcome.batch.kept == 2
    shared.scanner.tray = [paper(dpi=40, seed=seed) for seed in (4, 5, 6)]
    asked = iter([False, True])
    part = dossier.components[0].id
    stopped = scan.scan(shared.desk, dossier.id, part, shared.officer, lambda _e: None, lambda: next(asked))
    assert stopped.end is BatchEnd.STOPPED
    assert stopped.batch.outcome == STOPPED


def test_a_page_laid_on_the_glass_by_hand_is_its_own_proof(shared: Bench) -> None:
    shared.scanner.proofs = _silent
    outcome = _scan(shared, fresh(shared), 1, source=Source.FLATBED, max_pages=1)
    assert outcome.batch.outcome == PROVED
    again = _scan(shared, outcome.dossier, 1, start=7, replace=outcome.kept[0].id)
    assert again.batch.outcome == PROVED


def test_an_odd_number_of_sides_from_both_is_a_contradiction(shared: Bench) -> None:
    shared.scanner.proofs = _silent
    outcome = _scan(shared, fresh(shared), 3, source=Source.FEEDER_DUPLEX)
    assert outcome.batch.outcome == DIFFERS
    assert ("sides_even", 0) in outcome.batch.evidence


def test_a_driver_that_goes_silent_without_a_last_word_is_a_fault(
    shared: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:

    def wordless(_job: ScanJob, _stop: object) -> Iterator[object]:
        return iter(())

    monkeypatch.setattr(shared.scanner, "scan", lambda job, stop: _generated(wordless(job, stop)))
    outcome = _run(shared, fresh(shared))
    assert outcome.batch.outcome == FAULT + "scanner.unknown"
    assert outcome.error is not None


def _generated(events: Iterator[object]) -> Iterator[object]:
    yield from events


def test_the_device_says_what_it_counted_only_once() -> None:
    closed = BatchClosed(BatchEnd.EMPTY, 2, counter=2, proofs=(CountProof(ProofKind.IMAGES_COMPLETED, 2),))
    assert witnessed(closed, Source.FEEDER, 2).proofs == closed.proofs
    assert ProofKind.DEVICE_COUNTER in dict(witnessed(BatchClosed(BatchEnd.EMPTY, 2, 2), Source.FEEDER, 2).proofs)


def test_a_batch_a_cut_ended_gets_its_name_at_the_next_opening(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from digitizer_desk.steps.parts import keeping
    from digitizer_desk.store.keepers import FileKeeper
    from digitizer_desk.store.vault import open_vault

    dossier = bench.received()

    def cut(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    bench.scanner.tray = [paper(dpi=40)]
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "judge_kept", cut)
        with pytest.raises(KeyboardInterrupt):
            _run(bench, dossier)
    bench.desk.cabinet.close()
    vault = open_vault(bench.place.cabinet, FileKeeper(bench.place.data.parent / "key"))
    again = open_cabinet(bench.place.cabinet, vault, bench.clock)
    try:
        component = again.dossiers.load(dossier.id).components[0]
        assert [b.outcome for b in component.batches] == [FAULT + "scanner.interrupted"]
        assert component.batches[0].kept == len(component.pages) == 1
        assert count_of(component) is Count.UNPROVED
    finally:
        again.close()


def test_a_full_disk_is_an_outcome_too(shared: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = fresh(shared)
    real, calls = shared.desk.cabinet.pages.keep, []

    def full(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise error("store.disk_full")
        return real(*args, **kwargs)

    monkeypatch.setattr(shared.desk.cabinet.pages, "keep", full)
    with pytest.raises(DeskError, match="disk_full"):
        _scan(shared, dossier, 3)
    (batch,) = shared.desk.cabinet.dossiers.load(dossier.id).components[0].batches
    assert (batch.outcome, batch.kept) == (FAULT + "store.disk_full", 1)
