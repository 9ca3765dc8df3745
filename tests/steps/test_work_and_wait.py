# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which work type a paper is scanned with, changes for one batch, locks; and waiting until paper lies in the feeder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk import settings
from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import Backing, Source, Standing
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.work_types import Once, WorkType
from digitizer_desk.steps import scan
from digitizer_desk.steps.parts import work
from digitizer_desk.steps.parts.waiting import StillWaiting, Waited, wait_for_paper
from stand_ins.machines import paper
from steps.conftest import Bench, fresh


def _scan(bench: Bench, dossier: Dossier, desk: Desk | None = None, **order: Any) -> scan.ScanOutcome:
    bench.scanner.tray = [paper(dpi=40)]
    part, wanted = dossier.components[0].id, scan.Order(**order)
    return scan.scan(desk or bench.desk, dossier.id, part, bench.officer, lambda _e: None, lambda: False, wanted)


def _locking(bench: Bench, *ids: str) -> Desk:
    chosen = bench.desk.settings.model_copy(update={"work_types": settings.WorkTypeLocks(locked=list(ids))})
    return replace(bench.desk, settings=chosen)


def test_a_choice_is_remembered_for_this_kind_of_paper_and_no_other(shared: Bench) -> None:
    dossier = fresh(shared)
    first, second = dossier.components[:2]
    assert work.chosen(shared.desk, dossier, first).id == "nhieu-trang"
    work.choose(shared.desk, first, "ket-qua", shared.officer)
    assert work.chosen(shared.desk, dossier, first).id == "ket-qua"
    assert work.chosen(shared.desk, dossier, second).id == "nhieu-trang"
    assert work.chosen(shared.desk, fresh(shared), first).id == "ket-qua"
    with pytest.raises(KeyError):
        work.choose(shared.desk, first, "khong-co", shared.officer)
    work.choose(shared.desk, first, "nhieu-trang", shared.officer)


def test_a_procedure_and_the_settings_name_a_first_choice(shared: Bench) -> None:
    dossier = fresh(shared)
    component = dossier.components[1]
    by_settings = shared.desk.settings.scanner.model_copy(update={"work_type": "so-giay-mong"})
    desk = replace(shared.desk, settings=shared.desk.settings.model_copy(update={"scanner": by_settings}))
    assert work.chosen(desk, dossier, component).id == "so-giay-mong"
    procedure = desk.rulebook.procedure(dossier.procedure)
    parts = tuple(replace(p, work_type="kho-lon") for p in procedure.components)
    book = replace(desk.rulebook, procedures=(replace(procedure, components=parts),))
    assert work.chosen(replace(desk, rulebook=book), dossier, component).id == "kho-lon"


def test_what_a_work_type_says_reaches_the_scanner(shared: Bench) -> None:
    made = shared.desk.work_types.get("so-giay-mong")
    outcome = _scan(shared, fresh(shared), work_type=made, max_pages=1)
    asked = shared.scanner.jobs[-1].settings
    assert (asked.source, asked.dpi, asked.backing) == (Source.FLATBED, 300, Backing.BLACK)
    assert asked.keep_background
    assert asked.double_feed_stop
    assert outcome.batch.work_type == "so-giay-mong"
    large = shared.desk.work_types.get("kho-lon")
    _scan(shared, fresh(shared), work_type=large)
    assert shared.scanner.jobs[-1].settings.sheet_mm == (297.0, 420.0)
    _scan(shared, fresh(shared))
    assert shared.scanner.jobs[-1].settings.dpi == 200, "as the desk is set, where the work type says nothing"


def test_a_change_for_once_is_gone_with_the_next_batch_and_is_on_record(shared: Bench) -> None:
    dossier = fresh(shared)
    first = _scan(shared, dossier, once=Once(dpi=400, sheet_mm=(148.0, 210.0)))
    asked = shared.scanner.jobs[-1].settings
    assert (asked.dpi, asked.sheet_mm) == (400, (148.0, 210.0))
    assert first.batch.once
    second = _scan(shared, dossier)
    assert shared.scanner.jobs[-1].settings.dpi == 200
    assert not second.batch.once


@pytest.mark.parametrize("locked", ["nhieu-trang", "*"])
def test_a_locked_work_type_is_not_changed_even_once(shared: Bench, locked: str) -> None:
    desk, dossier = _locking(shared, locked), fresh(shared)
    with pytest.raises(DeskError) as refused:
        _scan(shared, dossier, desk, once=Once(dpi=400))
    assert refused.value.code == "rules.work_type_locked"
    assert _scan(shared, dossier, desk).kept
    assert not desk.cabinet.dossiers.load(dossier.id).components[0].batches[0].once


def test_no_change_goes_below_the_law_of_the_dossier(shared: Bench) -> None:
    dossier = fresh(shared)
    for order in ({"once": Once(dpi=150)}, {"work_type": WorkType("x", "X", mode="bw")}):
        with pytest.raises(DeskError) as refused:
            _scan(shared, dossier, **order)
        assert refused.value.code == "dossier.scan_refused"
    assert not shared.desk.cabinet.dossiers.load(dossier.id).components[0].batches


def test_locks_and_times_are_written_and_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    made = settings.Settings(
        work_types=settings.WorkTypeLocks(locked=["kho-lon", "*"]),
        scanner=settings.ScannerChoice(work_type="ket-qua", wait_minutes=5.0, look_every_s=0.5),
    )
    settings.write(file, made)
    assert settings.read(file) == made


# -- waiting --------------------------------------------------------------------------------------------------------


class Looks:
    """What the scanner shows at each look; time passes only while somebody rests."""

    def __init__(self, bench: Bench, *seen: Standing | DeskError) -> None:
        self.left, self.clock, self.told = list(seen), 0.0, []
        bench.scanner.look = self.look  # type: ignore[method-assign]

    def look(self, _scanner: str) -> Standing:
        seen = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(seen, DeskError):
            raise seen
        return seen

    def pause(self, seconds: float) -> None:
        assert seconds > 0, "a loop that does not rest would eat the machine"
        self.clock += seconds

    def wait(self, bench: Bench, stop: Callable[[], bool] = lambda: False, **options: Any) -> Waited:
        return wait_for_paper(bench.desk, self.told.append, stop, pause=self.pause, now=lambda: self.clock, **options)


EMPTY, LOADED = Standing(paper=False), Standing(paper=True)


def test_waiting_ends_when_paper_lies_in_the_feeder(shared: Bench) -> None:
    looks = Looks(shared, EMPTY, EMPTY, LOADED)
    assert looks.wait(shared) is Waited.PAPER
    assert len(looks.told) == 2
    assert 1.5 < looks.clock < 2.5, "one look a second"


def test_the_button_of_the_scanner_starts_too(shared: Bench) -> None:
    shared.scanner.buttons = ("scan",)
    looks = Looks(shared, Standing(), Standing(pressed=("scan",)))
    assert looks.wait(shared) is Waited.BUTTON


def test_a_scanner_that_tells_nothing_is_not_waited_for(shared: Bench) -> None:
    with pytest.raises(DeskError) as refused:
        Looks(shared, Standing()).wait(shared)
    assert refused.value.code == "scanner.no_sensor"


def test_waiting_ends_by_the_clerk_and_by_the_clock(shared: Bench) -> None:
    looks = Looks(shared, EMPTY)
    assert looks.wait(shared, stop=lambda: looks.clock > 3) is Waited.STOPPED
    assert looks.clock < 3.5
    looks = Looks(shared, EMPTY)
    assert looks.wait(shared) is Waited.TIMED_OUT
    assert looks.clock == pytest.approx(shared.desk.settings.scanner.wait_minutes * 60, abs=1.5)
    assert isinstance(looks.told[-1], StillWaiting)
    assert looks.told[-1].seconds_left < 2


def test_after_a_batch_the_feeder_must_have_been_empty_once(shared: Bench) -> None:
    looks = Looks(shared, LOADED, LOADED, EMPTY, LOADED)
    assert looks.wait(shared, after_batch=True) is Waited.PAPER
    assert [told.emptied for told in looks.told] == [False, False, True]


def test_an_open_cover_and_a_busy_scanner_are_waited_out(shared: Bench) -> None:
    busy = error("scanner.busy", seconds=5)
    looks = Looks(shared, busy, Standing(paper=True, cover_open=True), LOADED)
    assert looks.wait(shared) is Waited.PAPER
    assert looks.told[0].cover_open


def test_a_scanner_that_is_gone_ends_the_waiting(shared: Bench) -> None:
    with pytest.raises(DeskError) as gone:
        Looks(shared, EMPTY, error("scanner.offline")).wait(shared)
    assert gone.value.code == "scanner.offline"
