# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanning through real SANE: libsane's own test device, and the unmodified airscan driver with the virtual scanner."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import pytest

from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import load_manifests, read_manifest
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    Mode,
    RawPage,
    ScanEvent,
    ScanJob,
    ScanSettings,
    Source,
)
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import as_png, decode
from digitizer_desk.training.scanner import VirtualScanner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SANE is asked for here")

ROOT = Path(__file__).resolve().parents[2]
QUICK = """
schema = 1
id = "quick"
title = "như airscan, nhưng không chờ lâu"
knowledge = "cho phép thử"
untested = ""
quirks = ["end_of_stack_untrusted"]
[match]
backend = ["airscan", "test"]
[options.source]
feeder = ["ADF", "Automatic Document Feeder"]
feeder-duplex = ["ADF Duplex"]
[timeouts]
first_page_s = 20.0
inside_page_s = 5.0
between_pages_s = 5.0
stop_s = 1.0
"""


@dataclass
class Batch:
    """What came of one batch."""

    pages: list[RawPage] = field(default_factory=list)
    closed: BatchClosed | None = None
    fault: DeskError | None = None

    @property
    def prints(self) -> list[str]:
        return [hashlib.sha256(bytes(page.pixels)).hexdigest()[:12] for page in self.pages]


def _run(events: Iterator[ScanEvent]) -> Batch:
    batch = Batch()
    try:
        for event in events:
            if isinstance(event, RawPage):
                batch.pages.append(event)
            elif isinstance(event, BatchClosed):
                batch.closed = event
    except DeskError as problem:
        batch.fault = problem
    return batch


@pytest.fixture(scope="module")
def tray() -> Iterator[VirtualScanner]:
    with VirtualScanner() as machine:
        yield machine


@pytest.fixture
def scanner(tray: VirtualScanner, tmp_path: Path) -> Iterator[SaneScanner]:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "quick.toml").write_text(QUICK, "utf-8")
    manifests = load_manifests([tmp_path / "manifests"])
    yield SaneScanner(manifests, env=tray.sane_env, config_folder=tmp_path / "sane", sleep=lambda _s: None)
    tray.clear()


def _sheet(seed: int) -> bytes:
    """An A4 picture at 300 dpi that compresses well and is like no other."""
    blocks = np.random.default_rng(seed).integers(0, 255, (36, 25, 3), dtype=np.uint8)
    page = np.kron(blocks, np.ones((100, 100, 1), np.uint8))[:3508, :2480]
    return as_png(np.ascontiguousarray(page), (300.0, 300.0))


SHEETS = [_sheet(i) for i in range(6)]
PRINTS = [hashlib.sha256(decode(s).tobytes()).hexdigest()[:12] for s in SHEETS]


def _job(tray: VirtualScanner, **settings: object) -> ScanJob:
    return ScanJob(tray.device, ScanSettings(**settings))  # type: ignore[arg-type]


def _never() -> bool:
    return False


# -- the virtual scanner through airscan -----------------------------------------------------------------------------


def test_every_page_arrives_pixel_for_pixel(scanner: SaneScanner, tray: VirtualScanner) -> None:
    tray.lay(SHEETS[:4])
    batch = _run(scanner.scan(_job(tray), _never))
    assert batch.fault is None
    assert batch.prints == PRINTS[:4]
    assert batch.closed is not None
    assert batch.closed.reason is BatchEnd.EMPTY
    assert batch.pages[0].dpi == (300.0, 300.0)


def test_duplex_gives_front_and_back_in_order(scanner: SaneScanner, tray: VirtualScanner) -> None:
    tray.lay([(SHEETS[0], SHEETS[1]), (SHEETS[2], SHEETS[3])])
    assert _run(scanner.scan(_job(tray, source=Source.FEEDER_DUPLEX), _never)).prints == PRINTS[:4]


def test_max_pages_ends_the_batch(scanner: SaneScanner, tray: VirtualScanner) -> None:
    tray.lay(SHEETS[:3])
    batch = _run(scanner.scan(_job(tray, max_pages=1), _never))
    assert batch.prints == PRINTS[:1]
    assert batch.closed is not None
    assert batch.closed.reason is BatchEnd.ENOUGH


def test_an_empty_feeder_is_a_named_outcome(scanner: SaneScanner, tray: VirtualScanner) -> None:
    batch = _run(scanner.scan(_job(tray), _never))
    assert batch.fault is not None
    assert batch.fault.code == "scanner.empty"


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("jam", {"scanner.jam"}),
        ("cover", {"scanner.cover_open"}),
        ("double", {"scanner.double_feed", "scanner.jam", "scanner.lost", "scanner.unknown"}),
        ("garbage", {"scanner.lost", "scanner.bad_image"}),
        ("drop", {"scanner.lost", "scanner.crashed"}),
        ("crash", {"scanner.lost", "scanner.crashed"}),
        ("stall", {"scanner.stuck"}),
    ],
)
def test_a_fault_keeps_the_pages_before_it_and_the_next_batch_is_clean(
    scanner: SaneScanner, tray: VirtualScanner, kind: str, codes: set[str]
) -> None:
    """Never a page of citizen A among those of citizen B: drivers read ahead, one batch is one process."""
    tray.lay(SHEETS[:4])
    tray.fault(after=2, kind=kind)
    batch = _run(scanner.scan(_job(tray), _never))
    assert batch.fault is not None
    assert batch.fault.code in codes
    assert batch.prints == PRINTS[: len(batch.prints)]
    # where the line itself breaks, the driver throws away what it had read ahead; a told fault keeps all before it
    told = kind in ("jam", "cover", "double")
    assert len(batch.prints) == 2 if told else len(batch.prints) <= 2
    if "kept" in batch.fault.facts:
        assert batch.fault.facts["kept"] == len(batch.prints)
        assert batch.fault.facts["page"] == len(batch.prints) + 1
    tray.clear()
    tray.lay(SHEETS[4:])
    assert _run(scanner.scan(_job(tray), _never)).prints == PRINTS[4:]


def test_stopping_keeps_finished_pages_and_leaks_none(scanner: SaneScanner, tray: VirtualScanner) -> None:
    tray.lay(SHEETS[:4])
    seen: list[RawPage] = []
    batch = Batch()
    for event in scanner.scan(_job(tray), lambda: len(seen) >= 2):
        if isinstance(event, RawPage):
            seen.append(event)
        elif isinstance(event, BatchClosed):
            batch.closed = event
    batch.pages = seen
    assert batch.prints == PRINTS[: len(seen)]
    assert batch.closed is not None
    assert batch.closed.reason is BatchEnd.STOPPED
    tray.lay(SHEETS[4:])
    assert _run(scanner.scan(_job(tray), _never)).prints == PRINTS[4:]


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSEGV])
def test_a_host_that_dies_is_told_and_its_pages_are_kept(
    scanner: SaneScanner, tray: VirtualScanner, death: signal.Signals
) -> None:
    tray.lay(SHEETS[:4])
    tray.fault(after=2, kind="stall")
    batch = Batch()

    def kill_the_host() -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for child in psutil.Process().children():
                if "--host" in child.cmdline() and len(batch.pages) >= 1:
                    os.kill(child.pid, death)
                    return
            time.sleep(0.01)

    killer = threading.Thread(target=kill_the_host)
    killer.start()
    try:
        for event in scanner.scan(_job(tray), _never):
            if isinstance(event, RawPage):
                batch.pages.append(event)
    except DeskError as problem:
        batch.fault = problem
    killer.join()
    assert batch.fault is not None
    assert batch.fault.code == "scanner.crashed"
    assert batch.prints == PRINTS[: len(batch.prints)]
    assert batch.fault.facts["kept"] == len(batch.prints) >= 1


def test_leaving_in_the_middle_leaves_no_process_behind(scanner: SaneScanner, tray: VirtualScanner) -> None:
    tray.lay(SHEETS[:4])
    events = scanner.scan(_job(tray), _never)
    for event in events:
        if isinstance(event, RawPage):
            break
    events.close()  # type: ignore[attr-defined]
    assert not [c for c in psutil.Process().children() if "--host" in c.cmdline()]


def test_nobody_at_this_address(scanner: SaneScanner) -> None:
    batch = _run(scanner.scan(ScanJob("airscan:escl:Mat:http://127.0.0.1:9/eSCL", ScanSettings()), _never))
    assert batch.fault is not None
    assert batch.fault.code in ("scanner.offline", "scanner.none")


def test_what_the_device_cannot_do_is_refused(scanner: SaneScanner, tray: VirtualScanner) -> None:
    tray.lay(SHEETS[:1])
    batch = _run(scanner.scan(_job(tray, mode=Mode.BW), _never))
    assert batch.fault is not None
    assert batch.fault.code == "scanner.refused"
    batch = _run(scanner.scan(_job(tray, dpi=250), _never))
    assert batch.fault is not None
    assert batch.fault.code == "scanner.refused"


# -- libsane's own test device ---------------------------------------------------------------------------------------


def test_the_test_device_gives_ten_pages_and_an_end(scanner: SaneScanner) -> None:
    batch = _run(scanner.scan(ScanJob("test:0", ScanSettings(dpi=100)), _never))
    assert len(batch.pages) == 10
    assert batch.closed is not None
    assert batch.closed.reason is BatchEnd.EMPTY
    assert all(len(p.pixels) == p.width * p.height * p.samples for p in batch.pages)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("SANE_STATUS_JAMMED", "scanner.jam"),
        ("SANE_STATUS_COVER_OPEN", "scanner.cover_open"),
        ("SANE_STATUS_NO_DOCS", "scanner.empty"),
        ("SANE_STATUS_DEVICE_BUSY", "scanner.busy"),
        ("SANE_STATUS_IO_ERROR", "scanner.offline"),
        ("SANE_STATUS_ACCESS_DENIED", "scanner.denied"),
        ("SANE_STATUS_NO_MEM", "scanner.unknown"),
    ],
)
def test_every_status_becomes_its_own_code(tmp_path: Path, status: str, code: str) -> None:
    folder = tmp_path / "manifests"
    folder.mkdir()
    first = f'\n[options.set_first]\nread_return_value = "{status}"\n'
    (folder / "t.toml").write_text(QUICK.replace("\n[timeouts]", f"{first}\n[timeouts]"), "utf-8")
    paused: list[float] = []
    scanner = SaneScanner(load_manifests([folder]), env={}, config_folder=tmp_path / "sane", sleep=paused.append)
    batch = _run(scanner.scan(ScanJob("test:0", ScanSettings(dpi=100)), _never))
    assert batch.fault is not None
    assert batch.fault.code == code
    assert bool(paused) == (code == "scanner.busy")


# -- manifests -------------------------------------------------------------------------------------------------------


def test_every_shipped_manifest_is_read_and_says_what_it_knows() -> None:
    manifests = load_manifests([ROOT / "drivers" / "scanners"])
    assert {"airscan", "fujitsu", "generic"} <= {m.id for m in manifests.all}
    assert all(m.knowledge for m in manifests.all)
    assert manifests.of("fujitsu", "FUJITSU", "fi-8170").id == "fujitsu"
    assert manifests.of("khong_biet").id == "generic"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("[match]", "la = 1\n[match]"), "manifest.unknown_key"),
        (("schema = 1", "schema = 2"), "manifest.unreadable"),
        (('quirks = ["end_of_stack_untrusted"]', 'quirks = ["bay"]'), "manifest.unreadable"),
        (("schema = 1", "schema = ="), "manifest.unreadable"),
    ],
)
def test_a_bad_manifest_is_refused(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    file = tmp_path / "x.toml"
    file.write_text(QUICK.replace(*change, 1), "utf-8")
    with pytest.raises(DeskError) as refused:
        read_manifest(file)
    assert refused.value.code == code
    assert refused.value.facts["file"] == "x.toml"
