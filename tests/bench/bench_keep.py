# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From raw page to kept, encoded and checked: pages a minute, time from paper to verdict, and memory over many pages.

Prints one JSON object a line. Beside it the same pages one after the other, as a feeder without overlap would cost.

PYTHONPATH=src:tests python tests/bench/bench_keep.py [PAGES]
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from digitizer_desk.devices.scanner import BatchClosed, BatchEnd, BatchOpened, RawPage
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.steps import scan
from digitizer_desk.store.pages import NewPage
from digitizer_desk.training import papers
from steps.conftest import Bench, set_up

DPI = (300.0, 300.0)


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


def main(count: int) -> None:
    pages = raw_pages()
    with tempfile.TemporaryDirectory() as folder, set_up(Path(folder)) as place:
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


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
