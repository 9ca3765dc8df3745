# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How long a key takes while a lot is judged, and how long the overview takes over a month of pages.

python tests/bench/bench_review.py [--pages 412] [--days 20]

Limits: a key answers within 100 ms (windows.md 10); the overview is read on the pool lane and may take two seconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from digitizer_desk.steps.review import judging, lots  # noqa: E402
from digitizer_desk.steps.review.figures import figures  # noqa: E402
from steps.conftest import set_up  # noqa: E402
from steps.reviewed import MORNING, SUPERVISOR, sign_pages, with_tables  # noqa: E402


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def told(name: str, times: list[float], limit: float) -> bool:
    middle, worst = statistics.median(times), max(times)
    print(f"{name:<34} median {middle:7.1f} ms   worst {worst:7.1f} ms   limit {limit:.0f} ms")
    return middle <= limit


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=412, help="pages of the day that is judged")
    parser.add_argument("--days", type=int, default=20, help="days before it, forty pages each")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, set_up(Path(folder)) as bench:
        desk = with_tables(bench)
        for back in range(wanted.days, 0, -1):
            sign_pages(bench, 40, MORNING - timedelta(days=back))
        for _ in range(wanted.pages // 10):
            sign_pages(bench, 10)
        days = lots.waiting_days(desk)
        overview = [timed(lambda: (figures(desk), lots.waiting_days(desk))) for _ in range(3)]
        made = [timed(lambda: lots.open_lot(desk, [days[-1].day], SUPERVISOR))]
        lot = desk.cabinet.lots.all()[0]
        keys = []
        for page in judging.progress(desk, lot.id).to_see:

            def key(page: judging.LotPage = page) -> None:
                judging.judge(desk, lot.id, page, "", "", SUPERVISOR)
                judging.progress(desk, lot.id)

            keys.append(timed(key))
        good = [
            told("overview", overview, 2000),
            told("make a lot", made, 1000),
            told("a key while judging", keys, 100),
        ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
