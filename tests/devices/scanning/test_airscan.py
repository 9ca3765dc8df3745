# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whole counter sessions through Debian's unmodified airscan driver: every page known by its content, every fault."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from devices.scanning.rig import OURS, SHEET, Run, manifests, mark_of, marks, run, sheet, stack
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.scanner import A4_MM, BatchEnd, Mode, RawPage, ScanJob, ScanSettings, Source
from digitizer_desk.training.escl import Handler, Machine
from digitizer_desk.training.scanner import NAME, VirtualScanner

QUICK = {"inside_page_s": 1.0, "between_pages_s": 1.0, "first_page_s": 1.0, "stop_s": 0.5, "close_s": 0.5}


def host() -> psutil.Process:
    """The one host process of the running batch."""
    (found,) = [c for c in psutil.Process().children(recursive=True) if "--host" in c.cmdline()]
    return found


def test_every_page_of_a_stack_is_the_sheet_that_was_laid(virtual: VirtualScanner, airscan: Any) -> None:
    sheets = stack("A", 6)
    virtual.lay(sheets)
    got = run(airscan(), virtual.device)
    assert got.end is BatchEnd.EMPTY
    assert marks(got.pages) == [mark_of(png) for png in sheets]
    assert {(p.width, p.height, p.samples, p.dpi) for p in got.pages} == {(600, 360, 3, (300.0, 300.0))}


def test_a_whole_a4_page_comes_through_to_the_last_pixel(virtual: VirtualScanner, airscan: Any) -> None:
    page = sheet("A4", 1, 2480, 3508)
    virtual.lay([page])
    got = run(airscan(), virtual.device, ScanSettings(sheet_mm=A4_MM))
    assert marks(got.pages) == [mark_of(page)]


def test_duplex_gives_fronts_and_backs_in_order(virtual: VirtualScanner, airscan: Any) -> None:
    sides = stack("D", 6)
    virtual.lay([(sides[0], sides[1]), (sides[2], sides[3]), (sides[4], sides[5])])
    got = run(airscan(), virtual.device, replace(SHEET, source=Source.FEEDER_DUPLEX))
    assert got.end is BatchEnd.EMPTY
    assert marks(got.pages) == [mark_of(png) for png in sides]


def test_one_sided_takes_the_fronts_only(virtual: VirtualScanner, airscan: Any) -> None:
    sides = stack("F", 4)
    virtual.lay([(sides[0], sides[1]), (sides[2], sides[3])])
    got = run(airscan(), virtual.device)
    assert marks(got.pages) == [mark_of(sides[0]), mark_of(sides[2])]


def test_the_glass_in_grey_at_another_resolution(virtual: VirtualScanner, airscan: Any) -> None:
    virtual.lay(stack("G", 1))
    got = run(airscan(), virtual.device, replace(SHEET, source=Source.FLATBED, mode=Mode.GRAY, dpi=200))
    assert got.end is BatchEnd.ENOUGH
    assert [(p.width, p.height, p.samples, p.dpi) for p in got.pages] == [(400, 240, 1, (200.0, 200.0))]


def test_the_scanners_own_count_is_the_second_witness(virtual: VirtualScanner, airscan: Any) -> None:
    virtual.lay(stack("A", 5))
    got = run(airscan(), virtual.device)
    assert got.closed is not None
    assert got.closed.counter == 5
    # no sensor: airscan alone cannot prove that the tray is empty
    assert got.closed.trusted_end is False


def test_a_feeder_that_gives_up_silently_is_not_believed(virtual: VirtualScanner, airscan: Any) -> None:
    virtual.lay(stack("A", 5))
    virtual.fault(after=2, kind="silent")
    got = run(airscan(), virtual.device)
    assert got.end is BatchEnd.EMPTY
    assert len(got.pages) == 2
    assert got.closed is not None
    assert not got.closed.trusted_end
    assert virtual.state()[1] == 3


def test_an_empty_tray_is_said_at_once(virtual: VirtualScanner, airscan: Any) -> None:
    assert run(airscan(), virtual.device).end == "scanner.empty"


def test_no_scanner_at_that_address(virtual: VirtualScanner, airscan: Any) -> None:
    got = run(airscan(), f"airscan:escl:{NAME}:unix://nobody/eSCL")
    assert got.end == "scanner.offline"
    assert got.events == []


def test_what_airscan_cannot_do_is_refused(virtual: VirtualScanner, airscan: Any) -> None:
    virtual.lay(stack("A", 1))
    got = run(airscan(), virtual.device, replace(SHEET, mode=Mode.BW))
    assert got.end == "scanner.refused"
    assert got.fault is not None
    assert got.fault.facts["option"] == "chế độ màu (đen trắng)"
    assert virtual.state()[1] == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("jam", "scanner.jam"),
        ("cover", "scanner.cover_open"),
        ("double", "scanner.double_feed"),  # told by the scanner's own status: airscan has no word for it
        ("drop", "scanner.lost"),
        ("garbage", "scanner.bad_image"),
        ("truncated", "scanner.bad_image"),
        ("crash", "scanner.lost"),
    ],
)
def test_a_fault_keeps_the_pages_before_it_and_leaks_none_into_the_next_batch(
    virtual: VirtualScanner, airscan: Any, kind: str, code: str
) -> None:
    first, second = stack("A", 6), stack("B", 3)
    virtual.lay(first)
    virtual.fault(after=2, kind=kind)
    got = run(airscan(), virtual.device)
    assert got.end == code
    assert marks(got.pages) == [mark_of(png) for png in first[:2]]
    virtual.lay(second)
    after = run(airscan(), virtual.device)
    assert after.end is BatchEnd.EMPTY
    assert marks(after.pages) == [mark_of(png) for png in second]


def test_a_scanner_busy_for_a_moment_is_waited_for_by_the_driver(virtual: VirtualScanner, airscan: Any) -> None:
    virtual.lay(stack("A", 3))
    virtual.fault(after=1, kind="busy")
    got = run(airscan(), virtual.device)
    assert (got.end, len(got.pages)) == (BatchEnd.EMPTY, 3)


def test_a_scanner_that_says_nothing_any_more_is_let_go(virtual: VirtualScanner, airscan: Any) -> None:
    sheets = stack("A", 4)
    virtual.lay(sheets)
    virtual.fault(after=2, kind="stall")
    got = run(airscan(manifests("airscan", timeouts=QUICK)), virtual.device)
    assert got.end == "scanner.stuck"
    assert marks(got.pages) == [mark_of(png) for png in sheets[:2]]
    virtual.lay(stack("B", 1))
    assert run(airscan(), virtual.device).end is BatchEnd.EMPTY


def test_stop_ends_a_stalled_batch_after_its_grace(virtual: VirtualScanner, airscan: Any) -> None:
    virtual.lay(stack("A", 4))
    virtual.fault(after=1, kind="stall")
    seen: list[object] = []
    patient = manifests("airscan", timeouts={"stop_s": 0.5})
    got = run(
        airscan(patient),
        virtual.device,
        stop=lambda: any(isinstance(event, RawPage) for event in seen),
        watch=seen.append,
    )
    assert got.end is BatchEnd.STOPPED
    assert len(got.pages) == 1


def stopped_after(scanner: SaneScanner, device: str, pages: int) -> Run:
    seen: list[RawPage] = []
    return run(
        scanner,
        device,
        stop=lambda: len(seen) >= pages,
        watch=lambda event: seen.append(event) if isinstance(event, RawPage) else None,
    )


@pytest.mark.parametrize("pages", [1, 2, 4])
def test_stop_at_full_speed_leaks_no_page_into_the_next_citizens_batch(
    virtual: VirtualScanner, airscan: Any, pages: int
) -> None:
    first, second = stack("A", 8), stack("B", 2)
    virtual.lay(first)
    got = stopped_after(airscan(), virtual.device, pages)
    assert got.end in (BatchEnd.STOPPED, BatchEnd.EMPTY)
    assert marks(got.pages) == [mark_of(png) for png in first[: len(got.pages)]]
    virtual.lay(second)
    assert marks(run(airscan(), virtual.device).pages) == [mark_of(png) for png in second]


def test_a_re_scan_of_one_page_leaks_none_of_what_the_driver_read_ahead(virtual: VirtualScanner, airscan: Any) -> None:
    first, second = stack("A", 4), stack("B", 1)
    virtual.lay(first)
    got = run(airscan(), virtual.device, replace(SHEET, max_pages=1))
    assert got.end is BatchEnd.ENOUGH
    assert marks(got.pages) == [mark_of(first[0])]
    assert got.closed is not None
    # it may have pulled more sheets: its count is not comparable then
    assert got.closed.counter is None
    # what it pulled is told, as far as the scanner had counted it by then
    gone = len(first) - virtual.state()[1]
    assert got.closed.ahead is not None
    assert 0 <= got.closed.ahead <= gone - 1
    virtual.lay(second)
    assert marks(run(airscan(), virtual.device).pages) == [mark_of(second[0])]


def test_what_the_network_scanner_can_do_is_read_once_without_moving_paper(
    virtual: VirtualScanner, airscan: Any
) -> None:
    virtual.lay(stack("A", 2))
    scanner = airscan()
    able = scanner.capabilities(virtual.device)
    assert able.sources == (Source.FLATBED, Source.FEEDER, Source.FEEDER_DUPLEX)
    assert able.duplex
    assert able.manifest == "airscan"
    way = able.way(Source.FEEDER)
    assert way is not None
    assert way.modes == (Mode.COLOR, Mode.GRAY)
    assert way.sheet_mm == (215.9, 355.6)
    assert way.offers(300)
    assert not way.offers(250)
    assert able.clips_background
    assert not able.double_feed
    # eSCL tells nothing of paper through its driver
    assert scanner.look(virtual.device).paper is None
    assert virtual.state()[1] == 2
    assert len(run(scanner, virtual.device).pages) == 2


def test_the_papers_tone_is_kept_unless_told_otherwise(virtual: VirtualScanner, airscan: Any) -> None:
    sheets = stack("T", 1)
    virtual.lay(sheets)
    got = run(airscan(), virtual.device)
    assert ("keep_background", "on", "on") in got.opened.got
    assert ("double_feed", "on", "none") in got.opened.got
    assert marks(got.pages) == [mark_of(sheets[0])]
    virtual.lay(sheets)
    clipped = run(airscan(), virtual.device, replace(SHEET, keep_background=False))
    assert ("keep_background", "off", "off") in clipped.opened.got
    assert marks(clipped.pages) != [mark_of(sheets[0])]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_driver_that_crashes_takes_no_finished_page_with_it(
    virtual: VirtualScanner, airscan: Any, how: signal.Signals
) -> None:
    first, second = stack("A", 6), stack("B", 2)
    virtual.lay(first)
    virtual.fault(after=2, kind="stall")

    def crash(event: object) -> None:
        if isinstance(event, RawPage) and event.number == 2:
            os.kill(host().pid, how)

    got = run(airscan(), virtual.device, watch=crash)
    assert got.end == "scanner.crashed"
    assert got.fault is not None
    assert got.fault.detail == f"signal {int(how)}"
    assert marks(got.pages) == [mark_of(png) for png in first[:2]]
    virtual.lay(second)
    assert marks(run(airscan(), virtual.device).pages) == [mark_of(png) for png in second]


def test_leaving_a_batch_early_ends_its_host(virtual: VirtualScanner, airscan: Any) -> None:
    virtual.lay(stack("A", 6))
    events = airscan().scan(ScanJob(virtual.device, SHEET), lambda: False)
    next(event for event in events if isinstance(event, RawPage))
    running = host()
    events.close()
    assert not running.is_running()


def test_the_configured_scanner_is_found_without_a_full_search(virtual: VirtualScanner, airscan: Any) -> None:
    scanner = airscan()
    (info,) = scanner.find()
    assert (info.backend, info.model, info.manifest, info.tested) == ("airscan", NAME, "airscan", True)
    assert scanner.find(everywhere=True) == (info,)
    virtual.lay(stack("A", 1))
    assert run(scanner, info.id).end is BatchEnd.EMPTY


@pytest.fixture
def escl(virtual: VirtualScanner, tmp_path: Path) -> Iterator[tuple[SaneScanner, str, Any]]:
    """Debian's other eSCL driver, which wants TCP: the same device, on loopback."""
    machine = Machine(ppm=2400.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"machine": machine}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    config = tmp_path / "escl-config"
    config.mkdir()
    (config / "escl.conf").write_text(f"device {url}\n", "utf-8")
    yield SaneScanner(OURS, env={"SANE_CONFIG_DIR": str(config)}, config_folder=tmp_path / "sane"), url, machine
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_real_crash_inside_a_stock_driver_is_survived(escl: tuple[SaneScanner, str, Any]) -> None:
    scanner, url, machine = escl
    machine.tray = [[png] for png in stack("A", 5)]
    machine.faults = [(2, "crash")]
    got = run(scanner, f"escl:{url}", ScanSettings(sheet_mm=A4_MM))
    if got.end != "scanner.crashed":
        pytest.skip(f"this libsane does not crash when the scanner hangs up: {got.end}")
    assert got.fault is not None
    assert got.fault.detail == f"signal {int(signal.SIGSEGV)}"
    assert len(got.pages) == 2


def test_the_stock_escl_driver_is_never_trusted_about_the_end(escl: tuple[SaneScanner, str, Any]) -> None:
    scanner, url, machine = escl
    machine.tray = [[png] for png in stack("A", 4)]
    machine.faults = [(2, "jam")]
    got = run(scanner, f"escl:{url}", ScanSettings(sheet_mm=A4_MM))
    # Debian 12 tells a jam as the end of the stack; a later one may tell the jam
    assert got.end in (BatchEnd.EMPTY, "scanner.jam")
    assert len(got.pages) == 2
    assert got.closed is None or not got.closed.trusted_end
