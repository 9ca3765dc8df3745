# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How fast parcels go to a province on this machine, and what a lost answer costs.

``python tests/bench/bench_send.py [--parcels N]`` prints one JSON object a line; judges nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from digitizer_desk.province.http import GatewayLink, GatewayProfile  # noqa: E402
from digitizer_desk.province.link import Accepted  # noqa: E402
from digitizer_desk.training.province import LocalProvince  # noqa: E402
from province.samples import parcel_of, pdf_of  # noqa: E402


def nothing(sent: int, total: int) -> None:
    pass


def say(what: str, seconds: list[float], size: int) -> None:
    numbers = {
        "bench": "send",
        "what": what,
        "parcels": len(seconds),
        "bytes": size,
        "median_ms": round(statistics.median(seconds) * 1000, 1),
        "longest_ms": round(max(seconds) * 1000, 1),
        "mb_per_s": round(size * len(seconds) / sum(seconds) / 1e6, 1),
    }
    print(json.dumps(numbers))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, LocalProvince(Path(folder)) as province:
        link = GatewayLink(GatewayProfile("bench", province.url, "bench", province.token))
        for size in (50_000, 1_000_000, 20_000_000):
            times, again, looks = [], [], []
            for number in range(1, options.parcels + 1):
                pdf = pdf_of(size, seed=number)
                parcel = parcel_of(pdf, number=number)
                province.fault("lost_reply", on="record")
                start = time.perf_counter()
                link.deliver(parcel, pdf, nothing)
                sent = time.perf_counter()
                seen = link.look(parcel)
                looked = time.perf_counter()
                repeat = link.deliver(replace(parcel, tries=1), pdf, nothing)
                end = time.perf_counter()
                assert isinstance(seen, Accepted)
                assert repeat == seen
                times.append(sent - start)
                looks.append(looked - sent)
                again.append(end - looked)
            say("deliver", times, size)
            say("look after a lost answer", looks, 0)
            say("deliver again", again, 0)
        assert len(province.copies()) == 3 * options.parcels
    return 0


if __name__ == "__main__":
    sys.exit(main())
