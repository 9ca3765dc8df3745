# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From raw page to kept, encoded and checked: pages a minute, time from paper to verdict, and memory over many pages.

Prints one JSON object a line. Beside it the same pages one after the other, as a feeder without overlap would cost.
``--virtual`` takes the whole way instead: the virtual scanner through SANE, host and pipe, in stacks of fifty; each
page kept, checked, opened again for its thumbnail and made small with its self-check, on all cores. Memory is told on
the way (the most in each stack, in each hundred, the slope): it must be flat. Rates are by the clock and by processor
time of the desk and its hosts (the virtual scanner's own is in neither), which other work hardly changes.

PYTHONPATH=src:tests python tests/bench/bench_keep.py [PAGES] [--virtual]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from digitizer_desk import memory
from digitizer_desk.desk import Desk
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import load_manifests
from digitizer_desk.devices.scanner import BatchClosed, BatchEnd, BatchOpened, RawPage
from digitizer_desk.dossier.model import Page
from digitizer_desk.imaging.master import as_png, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfPage
from digitizer_desk.imaging.pdf.presets import small_page
from digitizer_desk.imaging.pdf.selfcheck import Departure
from digitizer_desk.imaging.thumbnail import thumbnail
from digitizer_desk.settings import ScannerChoice, Settings
from digitizer_desk.steps import scan
from digitizer_desk.store.pages import NewPage
from digitizer_desk.training import papers
from digitizer_desk.training.scanner import VirtualScanner
from steps.conftest import Bench, set_up

DPI = (300.0, 300.0)
DRIVERS = Path(__file__).resolve().parents[2] / "drivers" / "scanners"
#: sheets in the tray at once
STACK = 50


def raw_pages() -> list[tuple[Any, bytes]]:
    """Four different papers, A4 at 300 dpi in colour, as arrays and as the scanner's bytes."""
    found = [papers.draw_paper(kind, papers.PEOPLE[0], seed) for seed, kind in enumerate(papers.kinds_for("", 4))]
    return [(pixels, pixels.tobytes()) for pixels in found]


class Feeder:
    """Gives the same four papers for ever, as fast as they are taken; notes when each was given."""

    def __init__(self, pages: list[tuple[Any, bytes]], count: int) -> None:
        self._pages, self._count = pages, count
        self.given: list[float] = []

    def scan(self, job: Any, _stop: Any) -> Iterator[Any]:
        yield BatchOpened("bench", DPI, job.settings.mode, job.settings.source)
        for number in range(1, self._count + 1):
            pixels, data = self._pages[number % len(self._pages)]
            height, width, samples = pixels.shape
            self.given.append(time.perf_counter())
            yield RawPage(number, width, height, samples, bytearray(data), DPI, False, datetime.now(UTC))
        yield BatchClosed(BatchEnd.EMPTY, self._count, self._count, True)


def main(count: int, virtual: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, set_up(Path(folder)) as place:
        if virtual:
            with VirtualScanner() as machine:
                whole_way(place, machine, Path(folder) / "sane", count)
            return
        pages = raw_pages()
        one_by_one(place, pages, min(count, 40))
        overlapped(place, pages, count)


def one_by_one(place: Bench, pages: list[tuple[Any, bytes]], count: int) -> None:
    """Encode, keep, measure, judge in a row."""
    times = []
    dossier = place.received("000.00.12.H08-261121-0100")
    for number in range(count):
        pixels, _data = pages[number % len(pages)]
        began = time.perf_counter()
        jpeg = encode_master(pixels, DPI)
        facts = NewPage(pixels.shape[1], pixels.shape[0], DPI, (210.0, 297.0), datetime.now(UTC), "bench")
        page = place.desk.cabinet.pages.keep(dossier.components[0].id, jpeg, facts, place.officer)
        measures = measure_page(pixels, dpi=DPI, sheet_mm=(210.0, 297.0))
        place.desk.cabinet.pages.set_measures(page.id, measures, ())
        times.append(time.perf_counter() - began)
    middle = statistics.median(times)
    print(
        json.dumps({"what": "one after the other", "ms_page": round(middle * 1000, 1), "pages_min": round(60 / middle)})
    )


def overlapped(place: Bench, pages: list[tuple[Any, bytes]], count: int) -> None:
    """The step itself, with its pipeline."""
    feeder = Feeder(pages, count)
    desk = replace(place.desk, scanner=feeder)
    dossier = place.received("000.00.12.H08-261121-0101")
    told: list[float] = []
    memory: list[int] = []
    process = psutil.Process()

    def report(event: object) -> None:
        if isinstance(event, scan.PageChecked):
            told.append(time.perf_counter())
            memory.append(process.memory_info().rss)

    began = time.perf_counter()
    scan.scan(desk, dossier.id, dossier.components[0].id, place.officer, report, lambda: False)
    whole = time.perf_counter() - began
    fifth = max(1, count // 5)
    print(
        json.dumps(
            {
                "what": "as the desk does it",
                "pages": len(told),
                "ms_page": round(whole / count * 1000, 1),
                "pages_min": round(60 * count / whole),
                "first_verdict_ms": round((told[0] - feeder.given[0]) * 1000),
                "rss_mb_first_fifth": round(statistics.median(memory[:fifth]) / 1e6),
                "rss_mb_last_fifth": round(statistics.median(memory[-fifth:]) / 1e6),
            }
        )
    )


class Encoding:
    """What comes after the verdict: the thumbnail and the small page of each, at most as many at once as cores."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        cores = os.cpu_count() or 2
        self._pool = ThreadPoolExecutor(cores, "encode")
        self._room = threading.Semaphore(cores + 1)
        self.small = self.stayed = 0
        self.failure: BaseException | None = None

    def add(self, page: Page) -> None:
        """Holds the caller back while too many wait."""
        self._room.acquire()
        self._pool.submit(self._make, page)

    def _make(self, page: Page) -> None:
        try:
            jpeg = self._desk.cabinet.pages.jpeg(page)
            thumbnail(jpeg, 320)
            made = small_page(PdfPage(jpeg, page.sheet_mm))
            if isinstance(made, Departure):
                self.stayed += 1
            else:
                self.small += 1
        except BaseException as problem:
            self.failure = problem
        finally:
            self._room.release()

    def close(self) -> None:
        self._pool.shutdown(wait=True)
        if self.failure is not None:
            raise self.failure


def whole_way(place: Bench, machine: VirtualScanner, folder: Path, count: int) -> None:
    """Virtual scanner -> kept, checked, thumbnail, small page; memory on the way."""
    kinds = enumerate(papers.kinds_for("", 8))
    sheets = [as_png(papers.draw_paper(kind, papers.PEOPLE[0], seed), DPI) for seed, kind in kinds]
    settings = Settings(scanner=ScannerChoice(id=machine.device, source="feeder", dpi=300))
    scanner = SaneScanner(load_manifests([DRIVERS]), env=machine.sane_env, config_folder=folder)
    desk = replace(place.desk, settings=settings, scanner=scanner)
    dossier = place.received("000.00.12.H08-261121-0102")
    encoding, process, memory = Encoding(desk), psutil.Process(), []

    def report(event: object) -> None:
        if isinstance(event, scan.PageChecked):
            encoding.add(event.page)
            memory.append(process.memory_info().rss / 1e6)

    began, used = time.perf_counter(), processor_time()
    try:
        for start in range(0, count, STACK):
            machine.lay([sheets[number % len(sheets)] for number in range(start, min(start + STACK, count))])
            outcome = scan.scan(desk, dossier.id, dossier.components[0].id, place.officer, report, lambda: False)
            if outcome.error is not None:
                raise outcome.error
            tell_memory(memory, process)
    finally:
        encoding.close()
    clock, spent = time.perf_counter() - began, processor_time() - used
    kept = desk.cabinet.dossiers.load(dossier.id).components[0].pages
    came = [page.scanned_at for page in kept]
    print(
        json.dumps(
            {
                "what": "virtual scanner to kept, checked, thumbnail and small page",
                "pages": len(kept),
                "made": encoding.small + encoding.stayed,
                "in_order": len(kept) == count and came == sorted(came),
                "as_scanned": encoding.stayed,
                "pages_min_by_the_clock": round(60 * count / clock),
                "processor_ms_page": round(spent / count * 1000),
                "pages_min_core_by_processor_time": round(60 * count / spent),
                "rss_mb_worst_of_each_hundred": worst_of_hundreds(memory),
                "mb_a_hundred_pages_from_the_second_hundred_on": slope(memory),
            }
        ),
        flush=True,
    )


def tell_memory(memory: list[float], process: psutil.Process) -> None:
    """The most since the stack began, and what is left now that it has ended (the last pages are still made small)."""
    most, after = max(memory[-STACK:]), process.memory_info().rss / 1e6
    told = {"what": "memory", "pages": len(memory), "rss_mb_most": round(most), "rss_mb_after": round(after)}
    print(json.dumps(told), flush=True)


def worst_of_hundreds(memory: list[float]) -> list[int]:
    return [round(max(memory[first : first + 100])) for first in range(0, len(memory), 100)]


def slope(memory: list[float]) -> float | None:
    """Straight line through the memory at each page once all is warm; None for less than 200 pages of it."""
    warm = memory[100:]
    return round(statistics.linear_regression(range(len(warm)), warm).slope * 100, 2) if len(warm) >= 200 else None


def processor_time() -> float:
    """Seconds of this process and of its hosts that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    memory.keep_freed()  # as the program does
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("pages", nargs="?", type=int, default=100)
    asked.add_argument("--virtual", action="store_true")
    given = asked.parse_args()
    main(given.pages, given.virtual)
