# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How much memory signing one large file in the cabinet costs on top of what the program held before the file was
there. One JSON object a line; the limit is the file and 100 MB.

PYTHONPATH=src:tests python tests/bench/bench_sign_kept.py [--big 1 25 100]
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
import time
from itertools import count
from pathlib import Path

from bench_sign import high_water, noise

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.steps import receive, scan, sign
from stand_ins.machines import stack
from steps.conftest import Bench, set_up

CODES = (f"000.00.12.H08-261121-{number:04d}" for number in count(5000))


def resident() -> float:
    """MB this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / (1 << 20)


def signed(bench: Bench, held: list[bytes]) -> tuple[float, float]:
    """Sign a document whose pages come to the PDF in ``held``: seconds, and the most MB held on top of before. The PDF
    is given away, or this bench itself would hold what the step lets go."""
    dossier = _captured(bench, code=next(CODES))
    sign.draft_pdf = lambda *_: held.pop()  # type: ignore[assignment]
    gc.collect()
    before = resident() - len(held[0]) / (1 << 20)
    Path("/proc/self/clear_refs").write_text("5")
    start = time.perf_counter()
    pin, certificate = Pin(bytearray(b"246810")), bench.token.certificate
    outcome = sign.sign(bench.desk, dossier.id, certificate, pin, bench.officer, lambda _e: None, lambda: False)
    assert len(outcome.signed) == 1, outcome
    return time.perf_counter() - start, high_water(os.getpid()) - before


def _captured(bench: Bench, code: str) -> Dossier:
    dossier = bench.received(code)
    component = next(c for c in dossier.components if bench.desk.law_of(dossier).may_scan(c))
    bench.scanner.tray = list(stack(1))
    scan.scan(bench.desk, dossier.id, component.id, bench.officer, lambda _e: None, lambda: False)
    return receive.declare(bench.desk, dossier.id, component.id, 1, bench.officer)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--big", type=int, nargs="*", default=[1, 25, 100], help="sizes in MB")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, set_up(Path(name)) as bench:
        for megabytes in wanted.big:
            seconds, rise = signed(bench, [noise(megabytes)])
            facts = {"seconds": round(seconds, 2), "rise_mb": round(rise), "over_the_file_mb": round(rise - megabytes)}
            print(json.dumps({"what": f"{megabytes} MB signed in the cabinet", **facts}), flush=True)


if __name__ == "__main__":
    main()
