# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How long a scanner host takes to start and a page to come through, beside SANE's own scanimage.

Prints one JSON object a line.

PYTHONPATH=src:tests python tests/bench/bench_scan.py [ROUNDS]
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import Manifests, load_manifests
from digitizer_desk.devices.process import HostProcess
from digitizer_desk.devices.scanner import RawPage, ScanJob, ScanSettings, Source
from digitizer_desk.imaging.master import as_png
from digitizer_desk.training.scanner import VirtualScanner

MANIFESTS = load_manifests([Path(__file__).resolve().parents[2] / "drivers" / "scanners"])


def report(name: str, samples: list[float], **more: float | str) -> None:
    values = [seconds * 1000 for seconds in samples]
    facts = {"what": name, "median_ms": round(statistics.median(values), 1), "worst_ms": round(max(values), 1)}
    print(json.dumps({**facts, "rounds": len(values), **more}))


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    work()
    samples = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        samples.append(time.perf_counter() - began)
    return samples


def start_host(env: dict[str, str]) -> None:
    with HostProcess("sane", env=env) as host:
        assert host.receive(20)[0]["event"] == "hello"
        host.kill()


def batch(scanner: SaneScanner, device: str, settings: ScanSettings, between: list[float] | None = None) -> None:
    """A whole batch; ``between`` collects the seconds from one page to the next."""
    before: float | None = None
    for event in scanner.scan(ScanJob(device, settings), lambda: False):
        if isinstance(event, RawPage):
            now = time.perf_counter()
            if between is not None and before is not None:
                between.append(now - before)
            before = now


def scanimage(env: dict[str, str], device: str, *options: str) -> None:
    program = ["scanimage", "-d", device, "--format=pnm", *options]
    subprocess.run(
        program, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name, VirtualScanner() as virtual:
        config = Path(name) / "test"
        config.mkdir()
        (config / "dll.conf").write_text("test\n", "utf-8")
        test_env = {"SANE_CONFIG_DIR": str(config)}
        report("host: start to first line", timed(lambda: start_host(test_env), rounds))

        # the test device's glass is 200 x 200 mm: 16.7 MB at 300 dpi colour
        glass = ScanSettings(source=Source.FLATBED)
        ours = SaneScanner(MANIFESTS, env={}, config_folder=Path(name) / "a")
        peer = ("--mode=Color", "--resolution=300", "-x200", "-y200", "--depth=8")
        report("test device, one page: ours", timed(lambda: batch(ours, "test:0", glass), rounds), mb=16.7)
        straight = Manifests(tuple(m.model_copy(update={"binding": "direct"}) for m in MANIFESTS.all))
        direct = SaneScanner(straight, env={}, config_folder=Path(name) / "d")
        report("test device, one page: ours, libsane direct", timed(lambda: batch(direct, "test:0", glass), rounds))
        report("test device, a look at its sensors", timed(lambda: ours.look("test:0"), rounds))
        if shutil.which("scanimage"):
            report(
                "test device, one page: scanimage",
                timed(lambda: scanimage(test_env, "test:0", *peer), rounds),
                mb=16.7,
            )

        pages = [as_png(np.full((3508, 2480, 3), 20 * n, np.uint8), (300.0, 300.0)) for n in range(10)]
        network = SaneScanner(MANIFESTS, env=virtual.sane_env, config_folder=Path(name) / "b")
        between: list[float] = []

        def stack() -> None:
            virtual.lay(pages)
            batch(network, virtual.device, ScanSettings(), between)

        def peer_stack() -> None:
            virtual.lay(pages)
            # scanimage renames its pages into place: only ever into a folder of our own
            wish = (f"--batch={name}/p%d.pnm", "--source=ADF", "--mode=Color", "--resolution=300")
            scanimage(virtual.sane_env, virtual.device, *wish)

        report("airscan, ten A4 pages at 300 dpi: ours", timed(stack, rounds), mb=261.0)
        report("airscan, page to page: ours", between, mb=26.1)
        if shutil.which("scanimage"):
            report("airscan, ten A4 pages at 300 dpi: scanimage, into files", timed(peer_stack, rounds), mb=261.0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
