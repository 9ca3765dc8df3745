# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One feed of 500 A4 pages at 300 dpi colour through the whole desk: memory stays flat, every page kept, in order.

The scan step is the real one: master made, sealed, synced, committed, measured. Thirty pages every day.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from devices.faults.breaking import hosts
from digitizer_desk import assemble, settings
from digitizer_desk.dossier.model import Applicant
from digitizer_desk.imaging.master import as_png, decode
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import officers, receive, scan
from digitizer_desk.training.scanner import VirtualScanner
from soak import soaking
from stand_ins.machines import ScriptedToken

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SANE is asked for here")

PAGES = 500 if soaking() else 30
#: sheets a minute: twice what a fast office scanner makes. airscan reads ahead without limit, so that a device faster
#: than the desk (some 200 of these a minute on two cores) would fill the host with pages not yet taken; the few pages
#: of the daily run come as fast as they can
PPM = 120.0 if soaking() else 2400.0
WIDTH, HEIGHT = 2480, 3508
_ALONE = "DESK_FEED_ALONE"
BITS, CELL = 10, 200


def numbered(number: int) -> bytes:
    """A coloured page that carries its number as ten squares, readable after any JPEG."""
    rows = np.linspace(120, 250, HEIGHT, dtype=np.uint8)[:, None]
    page = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    page[:] = np.stack((rows, rows[::-1], np.full_like(rows, 200)), axis=-1)
    for bit in range(BITS):
        page[300 : 300 + CELL, 200 + bit * CELL : 200 + (bit + 1) * CELL] = 255 * (number >> bit & 1)
    return as_png(page, (300.0, 300.0))


def number_of(jpeg: bytes) -> int:
    page = decode(jpeg)
    middles = [page[300 + CELL // 2, 200 + bit * CELL + CELL // 2].mean() > 128 for bit in range(BITS)]
    return sum(1 << bit for bit, is_set in enumerate(middles) if is_set)


def fifths(series: list[int]) -> tuple[float, float]:
    """Median of the second and of the last fifth, in MB: in the first the line of work fills, which on a busy machine
    takes some pages."""
    size = max(1, len(series) // 5)
    return statistics.median(series[size : 2 * size]) / 1e6, statistics.median(series[-size:]) / 1e6


@pytest.fixture
def steady() -> Iterator[VirtualScanner]:
    with VirtualScanner(ppm=PPM) as scanner:
        yield scanner


def test_a_long_feed_keeps_every_page_and_no_memory() -> None:
    """In a process of its own: in one that ran a thousand tests before, what their heap does hides a page or two."""
    whole = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", f"{__file__}::test_one_feed"]
    feed = subprocess.run(whole, env={**os.environ, _ALONE: "1"}, capture_output=True, text=True)
    print(feed.stdout)
    assert feed.returncode == 0, feed.stdout + feed.stderr
    assert "1 passed" in feed.stdout


@pytest.mark.skipif(_ALONE not in os.environ, reason="run by the test above, in a process of its own")
def test_one_feed(steady: VirtualScanner, tmp_path: Path) -> None:
    place = DeskPaths(tmp_path / "desk")
    assemble.set_up(place)
    chosen = settings.ScannerChoice(id=steady.device, source="feeder", dpi=300)
    settings.write(place.settings_file, settings.Settings(scanner=chosen))
    steady.lay([numbered(number) for number in range(PAGES)])
    app: list[int] = []
    host: list[int] = []

    def report(event: object) -> None:
        if isinstance(event, scan.PageChecked):
            app.append(psutil.Process().memory_info().rss)
            host.extend(process.memory_info().rss for process in hosts())

    with assemble.opened_with(
        place, lambda _s: assemble.scanner(place, steady.sane_env), lambda: ScriptedToken("Lê Văn An")
    ) as desk:
        clerk = officers.first(desk, "an", "Lê Văn An", "mat-khau-dai")
        receipt = receive.Receipt("000.00.12.H08-261121-0007", "1.001193", Applicant("Nguyễn Thị Hường"))
        dossier = receive.receive(desk, receipt, clerk)
        component = next(c for c in dossier.components if desk.law_of(dossier).may_scan(c))
        gc.collect()
        outcome = scan.scan(desk, dossier.id, component.id, clerk, report, lambda: False)
        assert outcome.error is None
        kept = [number_of(desk.cabinet.pages.jpeg(page)) for page in outcome.kept]
    assert kept == list(range(PAGES))
    app_first, app_last = fifths(app)
    host_first, host_last = fifths(host)
    print(
        f"\n{PAGES} A4 pages, 300 dpi colour, one feed. Memory, median of second and last fifth (and most): "
        f"app {app_first:.0f} -> {app_last:.0f} ({max(app) / 1e6:.0f}) MB, "
        f"host {host_first:.0f} -> {host_last:.0f} ({max(host) / 1e6:.0f}) MB"
    )
    # a raw page (26 MB) more or less may be on its way at any moment
    assert app_last - app_first < 40
    assert host_last - host_first < 40
