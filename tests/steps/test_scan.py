# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanning: a page is safe before it is told, faults keep what came before, a re-scan stays in its place."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from digitizer_desk import durable
from digitizer_desk.devices.scanner import BatchEnd
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError, error
from digitizer_desk.steps import check, pages, receive, scan
from digitizer_desk.steps.parts import keeping
from stand_ins.machines import paper, stack
from steps.conftest import Bench


def _scan(bench: Bench, dossier: Dossier, index: int = 0, **kwargs: object) -> scan.ScanOutcome:
    component = dossier.components[index]
    return scan.scan(
        bench.desk, dossier.id, component.id, bench.officer, lambda _e: None, lambda: False, scan.Order(**kwargs)
    )  # type: ignore[arg-type]


def test_every_page_is_on_disk_when_it_is_told(bench: Bench) -> None:
    dossier = bench.received()
    component = dossier.components[0]
    seen: list[str] = []

    def report(event: object) -> None:
        if isinstance(event, scan.PageKept):
            jpeg = bench.desk.cabinet.pages.jpeg(event.page)
            assert jpeg.startswith(b"\xff\xd8")
            now = bench.desk.cabinet.dossiers.load(dossier.id).component(component.id)
            assert now.pages[-1].id == event.page.id
            seen.append(event.page.id)

    bench.scanner.tray = list(stack(3))
    outcome = scan.scan(bench.desk, dossier.id, component.id, bench.officer, report, lambda: False)
    assert outcome.end is BatchEnd.EMPTY
    assert seen == [p.id for p in outcome.dossier.component(component.id).pages]
    assert all(p.measures is not None for p in outcome.dossier.component(component.id).pages)


def test_a_jam_keeps_the_pages_before_it_and_scanning_goes_on(bench: Bench) -> None:
    dossier = bench.received()
    bench.scanner.tray = [*stack(2), error("scanner.jam", page=3, kept=2)]
    outcome = _scan(bench, dossier)
    assert outcome.error is not None
    assert outcome.error.code == "scanner.jam"
    assert len(outcome.kept) == 2
    bench.scanner.tray = list(stack(1, start=3))
    outcome = _scan(bench, dossier)
    assert len(outcome.dossier.components[0].pages) == 3


def test_an_empty_feeder_is_told_and_changes_nothing(bench: Bench) -> None:
    outcome = _scan(bench, bench.received())
    assert outcome.error is not None
    assert outcome.error.code == "scanner.empty"
    assert outcome.kept == ()


def test_no_scanner_set(bench: Bench) -> None:
    from dataclasses import replace

    from digitizer_desk.settings import Settings

    dossier = bench.received()
    desk = replace(bench.desk, settings=Settings())
    with pytest.raises(DeskError) as refused:
        scan.scan(desk, dossier.id, dossier.components[0].id, bench.officer, lambda _e: None, lambda: False)
    assert refused.value.code == "scanner.none"


def test_the_count_decides_the_stage(bench: Bench) -> None:
    dossier = bench.received()
    law = bench.desk.law_of(dossier)
    bench.scanner.tray = list(stack(2))
    dossier = _scan(bench, dossier).dossier
    assert stage(dossier.components[0], law.order) == "scan"
    dossier = receive.declare(bench.desk, dossier.id, dossier.components[0].id, 3, bench.officer)
    words = {f.word for f in check.check_component(bench.desk, dossier, dossier.components[0])}
    assert "too_few_pages" in words
    dossier = receive.declare(bench.desk, dossier.id, dossier.components[0].id, 1, bench.officer)
    words = {f.word for f in check.check_component(bench.desk, dossier, dossier.components[0])}
    assert "too_many_pages" in words
    dossier = receive.declare(bench.desk, dossier.id, dossier.components[0].id, 2, bench.officer)
    assert stage(dossier.components[0], law.order) == "sign"


def test_a_grey_page_is_a_fault_nobody_can_excuse(bench: Bench) -> None:
    dossier = bench.received()
    bench.scanner.tray = [paper(grey=True)]
    dossier = _scan(bench, dossier).dossier
    dossier = receive.declare(bench.desk, dossier.id, dossier.components[0].id, 1, bench.officer)
    page = dossier.components[0].pages[0]
    colour = next(f for f in page.open_faults if f.word == "colour")
    assert colour.law
    with pytest.raises(DeskError) as refused:
        check.keep_anyway(bench.desk, dossier.id, page.id, colour.rule, "giay_goc_mo", bench.officer)
    assert refused.value.code == "dossier.keep_forbidden"
    assert stage(dossier.components[0], bench.desk.law_of(dossier).order) == "check"


def test_a_driver_that_lies_about_its_dpi_is_caught(bench: Bench) -> None:
    """The device says 200 dpi and sends the pixels of 120: the sheet's size tells."""
    dossier = bench.received()
    bench.scanner.tray = [paper(dpi=120)]
    page = _scan(bench, dossier).kept[0]
    assert page.measures is not None
    assert page.measures.dpi[0] == pytest.approx(120, abs=2)
    assert "min_dpi" in {f.word for f in page.open_faults}


def test_a_rescan_takes_the_place_of_the_page_and_keeps_the_old_one(bench: Bench) -> None:
    dossier = bench.received()
    bench.scanner.tray = list(stack(3))
    dossier = _scan(bench, dossier).dossier
    before = dossier.components[0].pages
    bench.scanner.tray = [paper(seed=77), paper(seed=78)]
    dossier = _scan(bench, dossier, replace=before[1].id).dossier
    after = dossier.components[0].pages
    assert [p.id for p in after] == [p.id for p in before]
    assert after[1].version == before[1].version + 1
    assert after[1].sha256 != before[1].sha256
    assert len(bench.scanner.tray) == 1
    older = bench.desk.cabinet.pages.versions(after[1].id)
    assert {p.sha256 for p in older} == {before[1].sha256, after[1].sha256}
    dossier, _ = pages.undo(bench.desk, dossier.id, bench.officer)
    assert dossier.components[0].pages[1].sha256 == before[1].sha256


def test_remove_move_turn_are_undone_in_order(bench: Bench) -> None:
    dossier = bench.received()
    bench.scanner.tray = list(stack(3))
    dossier = _scan(bench, dossier).dossier
    start = dossier.components[0].page_list
    ids = [p.id for p in dossier.components[0].pages]
    dossier = pages.move(bench.desk, dossier.id, ids[2], 0, bench.officer)
    dossier = pages.turn(bench.desk, dossier.id, ids[0], 90, bench.officer)
    dossier = pages.remove(bench.desk, dossier.id, ids[1], bench.officer)
    assert [p.id for p in dossier.components[0].pages] == [ids[2], ids[0]]
    assert dossier.components[0].pages[1].turn == 90
    for _ in range(3):
        dossier, what = pages.undo(bench.desk, dossier.id, bench.officer)
        assert what
    assert dossier.components[0].page_list == start
    for _ in range(3):
        dossier, _ = pages.redo(bench.desk, dossier.id, bench.officer)
    assert [p.id for p in dossier.components[0].pages] == [ids[2], ids[0]]


def test_a_full_disk_stops_the_batch_and_loses_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = bench.received()
    real, written = durable.write_whole, 0

    def full_after_two(path: Path, data: bytes) -> None:
        nonlocal written
        written += 1
        if written > 2:
            with durable.full_is_an_error():
                raise OSError(errno.ENOSPC, "No space left on device")
        real(path, data)

    monkeypatch.setattr(durable, "write_whole", full_after_two)
    bench.scanner.tray = list(stack(4))
    with pytest.raises(DeskError) as refused:
        _scan(bench, dossier)
    assert refused.value.code == "store.disk_full"
    kept = bench.desk.cabinet.dossiers.load(dossier.id).components[0].pages
    assert len(kept) == 2
    assert all(bench.desk.cabinet.pages.jpeg(p) for p in kept)


def test_a_page_whose_check_was_cut_off_is_checked_later(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = bench.received()

    def cut(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    bench.scanner.tray = [paper()]
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "judge_kept", cut)
        with pytest.raises(KeyboardInterrupt):
            _scan(bench, dossier)
    assert bench.desk.cabinet.dossiers.load(dossier.id).components[0].pages[0].measures is None
    dossier = check.check_unmeasured(bench.desk, dossier.id)
    assert dossier.components[0].pages[0].measures is not None
