# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages on their way: in order whatever takes longer, never too many at once, and none behind one that was lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from digitizer_desk.devices.scanner import BatchClosed, RawPage
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.master import decode
from digitizer_desk.steps import scan
from digitizer_desk.steps.parts import keeping
from stand_ins.machines import stack
from steps.conftest import Bench


def _scan(bench: Bench, report: Any = lambda _event: None) -> scan.ScanOutcome:
    dossier = bench.received()
    return scan.scan(bench.desk, dossier.id, dossier.components[0].id, bench.officer, report, lambda: False)


def test_order_is_that_of_the_stack_whatever_is_ready_first(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first picture is ready last: it waits for the third to be encoded."""
    pages = list(stack(4))
    encode, third = keeping.encode_master, threading.Event()

    def slow_first(pixels: Any, dpi: tuple[float, float]) -> bytes:
        if np.array_equal(pixels, pages[0]):
            assert third.wait(20)
        if np.array_equal(pixels, pages[1]):
            third.set()
        return encode(pixels, dpi)

    monkeypatch.setattr(keeping, "encode_master", slow_first)
    bench.scanner.tray = list(pages)
    told: list[object] = []
    outcome = _scan(bench, told.append)
    kept = [event.page.id for event in told if isinstance(event, scan.PageKept)]
    assert kept == [page.id for page in outcome.kept] == [p.id for p in outcome.dossier.components[0].pages]
    for page, laid in zip(outcome.kept, pages, strict=True):
        # JPEG at record quality: the same picture, and no other of the four is as near
        shown = decode(bench.desk.cabinet.pages.jpeg(page)).astype(int)
        away = [np.abs(shown - other.astype(int)).mean() for other in pages]
        assert away.index(min(away)) == next(i for i, other in enumerate(pages) if other is laid)


def test_the_feeder_is_held_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cabinet blocked, no more pages are taken than may be on their way."""
    monkeypatch.setattr(keeping.os, "cpu_count", lambda: 2)
    gate, given = threading.Event(), []
    keep = bench.desk.cabinet.pages.keep

    def blocked(*args: Any, **kwargs: Any) -> Any:
        assert gate.wait(20)
        return keep(*args, **kwargs)

    monkeypatch.setattr(bench.desk.cabinet.pages, "keep", blocked)
    add, full = keeping.Keeping.add, threading.Event()

    def counted(self: keeping.Keeping, raw: RawPage, sheet_mm: tuple[float, float]) -> None:
        if len(given) == 3:
            full.set()
        add(self, raw, sheet_mm)
        given.append(raw.number)

    monkeypatch.setattr(keeping.Keeping, "add", counted)
    bench.scanner.tray = list(stack(6))
    outcomes: list[scan.ScanOutcome] = []
    work = threading.Thread(target=lambda: outcomes.append(_scan(bench)))
    work.start()
    assert full.wait(20)
    # three are on their way: the fourth waits at the door, whatever time it is given
    work.join(0.2)
    assert given == [1, 2, 3]
    gate.set()
    work.join(30)
    assert len(outcomes[0].kept) == 6


def test_nothing_is_kept_behind_a_page_that_could_not_be(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at page 2: the cabinet holds page 1, and the clerk knows where to lay the paper back."""
    monkeypatch.setattr(keeping.os, "cpu_count", lambda: 2)
    keep, calls = bench.desk.cabinet.pages.keep, []

    def full(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise error("store.disk_full", needed="1 MB")
        return keep(*args, **kwargs)

    monkeypatch.setattr(bench.desk.cabinet.pages, "keep", full)
    bench.scanner.tray = list(stack(6))
    with pytest.raises(DeskError) as refused:
        _scan(bench)
    assert refused.value.code == "store.disk_full"
    assert len(calls) == 2
    dossier = bench.desk.cabinet.dossiers.load(bench.desk.cabinet.dossiers.recent(1)[0].id)
    assert len(dossier.components[0].pages) == 1
    assert bench.scanner.tray, "the rest is still in the feeder"


def test_a_fault_waits_for_the_pages_before_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The jam is known before page 2 is on disk: the outcome has both pages all the same."""
    keep, jammed = bench.desk.cabinet.pages.keep, threading.Event()

    def late(*args: Any, **kwargs: Any) -> Any:
        assert jammed.wait(20)
        return keep(*args, **kwargs)

    def jamming(job: Any, stop: Any) -> Iterator[Any]:
        for event in whole(job, stop):
            if isinstance(event, BatchClosed):
                jammed.set()
                raise error("scanner.jam", page=3, kept=2)
            yield event

    monkeypatch.setattr(bench.desk.cabinet.pages, "keep", late)
    whole = bench.scanner.scan
    monkeypatch.setattr(bench.scanner, "scan", jamming)
    bench.scanner.tray = list(stack(2))
    outcome = _scan(bench)
    assert outcome.error is not None
    assert outcome.error.code == "scanner.jam"
    assert len(outcome.kept) == len(outcome.dossier.components[0].pages) == 2
    assert all(page.measures for page in outcome.kept)


def test_a_page_whose_buffer_does_not_fit_is_no_page(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bench.scanner.scan

    def short(job: Any, stop: Any) -> Iterator[Any]:
        for event in whole(job, stop):
            yield replace(event, pixels=event.pixels[:-1]) if isinstance(event, RawPage) else event

    monkeypatch.setattr(bench.scanner, "scan", short)
    bench.scanner.tray = list(stack(1))
    with pytest.raises(DeskError) as refused:
        _scan(bench)
    assert refused.value.code == "image.damaged"
