# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every fault at every moment on every way to the scanner: the right word, no finished page lost, the next scan works.

The daily run takes a covering part of the table in ``cases.py``; DESK_SOAK=1 takes all of it.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from devices.faults import cases
from devices.faults.breaking import Saned, client, hosts, nothing_stays_behind, patience
from devices.faults.cases import BEFORE, BETWEEN, END, INSIDE, SHEETS, SIGNALS, Case
from devices.scanning.rig import OURS, SHEET, Run, mark_of, marks, run, stack
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.scanner import BatchOpened, PageProgress, RawPage, ScanEvent, ScanSettings, Source
from digitizer_desk.training.scanner import VirtualScanner
from soak import soaking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SANE is asked for here")

STACK, NEXT = stack("fault", SHEETS), stack("next", 1)
#: the pages of SANE's test device: 50 dpi, so that thirty of them take a second
SMALL = ScanSettings(sheet_mm=(80.0, 100.0), dpi=100)
#: microseconds before each block of a page: so long that the page cannot end by itself before it is struck
SLOW = {"read-delay": True, "read-delay-duration": 200_000}
#: a page takes a tenth of a second: time to strike between two of them
STEADY = {"read-delay": True, "read-delay-duration": 4_000}


def chosen(table: list[Case]) -> Any:
    """As parameters: all in the soak run, a covering part every day."""
    return pytest.mark.parametrize("case", table if soaking() else cases.covering(table), ids=lambda case: case.id)


def judge(case: Case, got: Run) -> None:
    """The end of one batch against the table."""
    assert str(got.end) in case.ends, got.fault and got.fault.detail
    least, most = case.pages
    assert least <= len(got.pages) <= most
    if case.count:
        assert got.closed is not None
        assert got.closed.count == case.count, got.closed.proofs


def at(moment: str, strike: Callable[[], None], *, page: int = 2) -> Callable[[ScanEvent], None]:
    """Strike once, when the batch has come so far: events decide, no clock."""
    done: list[bool] = []

    def watch(event: ScanEvent) -> None:
        here = {
            BEFORE: isinstance(event, BatchOpened),
            INSIDE: isinstance(event, PageProgress) and event.row > 0,
            BETWEEN: isinstance(event, RawPage) and event.number == page,
            END: isinstance(event, RawPage) and event.number == page,
        }[moment]
        if here and not done:
            done.append(True)
            strike()

    return watch


def only_look(_event: ScanEvent) -> None:
    """For faults that the device brings by itself."""


def strike_host(fault: str) -> Callable[[], None]:
    def strike() -> None:
        for host in hosts():
            host.send_signal(SIGNALS[fault.removeprefix("host_")])

    return strike


@chosen(cases.airscan())
def test_airscan(case: Case, virtual: VirtualScanner, tmp_path: Path) -> None:
    settings = replace(SHEET, source=case.source)
    after = {BEFORE: 0, END: SHEETS}.get(case.moment, 2)
    watch = only_look
    virtual.lay(STACK)
    if case.fault.startswith("host_"):
        # the host stands still at that very place, so that the blow falls there
        virtual.fault(after=after, kind="stall_inside" if case.moment == INSIDE else "stall")
        place = BEFORE if case.moment == BEFORE else BETWEEN
        watch = at(place, strike_host(case.fault), page=after)
    elif case.fault != "none":
        virtual.fault(after=0 if case.source is Source.FLATBED else after, kind=case.fault)
    hangs = "scanner.stuck" in case.ends or case.fault == "deaf"
    waits = ("first_page_s",) if after == 0 or case.source is Source.FLATBED else ("between_pages_s", "inside_page_s")
    known = patience("airscan", *waits) if hangs else OURS
    with nothing_stays_behind(tmp_path):
        got = run(client(virtual.sane_env, tmp_path, known), virtual.device, settings, watch=watch)
    judge(case, got)
    assert marks(got.pages) == [mark_of(png) for png in STACK[: len(got.pages)]]
    virtual.lay(NEXT)
    again = run(client(virtual.sane_env, tmp_path), virtual.device, settings)
    assert again.closed is not None, again.fault
    assert marks(again.pages) == [mark_of(NEXT[0])]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What every whole page of the test device looks like."""
    return whole_page(client({}, tmp_path_factory.mktemp("reference")), "test:0")


def whole_page(scanner: Any, device: str) -> str:
    """Scan one page from the glass; its mark."""
    got = run(scanner, device, replace(SMALL, source=Source.FLATBED))
    assert got.closed is not None, got.fault
    return hashlib.sha256(got.pages[0].pixels).hexdigest()


def wishes(case: Case) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Options of the test device that make the moment last, and the waits that the fault makes long."""
    if case.fault.startswith("SANE_STATUS"):
        return {"read-return-value": case.fault}, ()
    if case.moment in (BEFORE, INSIDE):
        return SLOW, ("first_page_s", "inside_page_s") if "scanner.stuck" in case.ends else ()
    return STEADY, ("between_pages_s", "inside_page_s") if "scanner.stuck" in case.ends else ()


@chosen(cases.test_device())
def test_sane_test_device(case: Case, tmp_path: Path, reference: str) -> None:
    options, waits = wishes(case)
    watch = at(case.moment, strike_host(case.fault), page=1 if case.moment == END else 2)
    if case.fault.startswith("SANE_STATUS"):
        watch = only_look
    known = patience("test", *waits, options={"set_last": options})
    with nothing_stays_behind(tmp_path):
        got = run(client({}, tmp_path, known), "test:0", replace(SMALL, source=case.source), watch=watch)
    judge(case, got)
    assert set(marks(got.pages)) <= {reference}
    assert whole_page(client({}, tmp_path), "test:0") == reference


@chosen(cases.saned())
def test_saned(case: Case, saned: Saned, tmp_path: Path, reference: str) -> None:
    options, waits = wishes(case)
    device = saned.device
    strike = strike_host(case.fault)
    if case.fault in ("far_kill", "far_stop"):
        strike = partial(saned.strike, SIGNALS[case.fault.removeprefix("far_")])
    watch = at(case.moment, strike, page=1 if case.moment == END else 2)
    if case.fault.startswith("SANE_STATUS"):
        watch = only_look
    elif case.fault == "far_gone":
        # an address of this loopback where nobody listens
        device = "net:127.0.0.2:test:0"
    known = patience("test", *waits, options={"set_last": options})
    with nothing_stays_behind(tmp_path):
        got = run(client({}, tmp_path, known), device, replace(SMALL, source=case.source), watch=watch)
    # a far process that was stopped still holds its side of the line
    saned.strike(SIGNALS["kill"])
    judge(case, got)
    assert set(marks(got.pages)) <= {reference}
    assert whole_page(client({}, tmp_path), saned.device) == reference


def test_the_table_has_every_code_a_device_can_cause() -> None:
    ends = {end for case in [*cases.airscan(), *cases.test_device(), *cases.saned()] for end in case.ends}
    assert ends >= {
        f"scanner.{word}"
        for word in (
            "offline", "busy", "empty", "jam", "double_feed", "cover_open", "lost", "short_page", "bad_image",
            "refused", "denied", "crashed", "stuck", "unknown",
        )
    }  # fmt: skip


@pytest.mark.parametrize("table", [cases.airscan(), cases.test_device(), cases.saned()])
def test_the_daily_part_covers_the_table(table: list[Case]) -> None:
    daily = cases.covering(table)
    assert {c.fault for c in daily} == {c.fault for c in table}
    assert {(c.moment, c.source) for c in daily} == {(c.moment, c.source) for c in table}
    assert len(daily) < len(table)


@pytest.mark.skipif(not soaking(), reason="airscan itself waits ten seconds each time: 40 s")
def test_a_scanner_busy_with_somebody_elses_job(virtual: VirtualScanner, tmp_path: Path) -> None:
    virtual.lay(STACK)
    virtual.fault(after=0, kind="occupied")
    waits: list[tuple[str, float]] = []
    scanner = SaneScanner(
        OURS,
        env=virtual.sane_env,
        config_folder=tmp_path / "sane",
        sleep=lambda _seconds: None,
        on_wait=lambda code, seconds: waits.append((code, seconds)),
    )
    got = run(scanner, virtual.device)
    assert (got.end, got.pages) == ("scanner.busy", [])
    assert waits == [("scanner.busy", 5.0)] * 3
