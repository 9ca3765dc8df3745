# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From the key to the sealed page, beside SANE's own scanimage on the same device, disk and run.

Ours: host, pipe, JPEG master, seal, sync, commit of every page. Peer: ``scanimage --batch`` writing PNM, once as it is
and once with each file synced, as ours are. Rounds alternate; medians and ratios, one JSON object a line. CPU is user
and system time of the desk and its hosts, or of scanimage; the virtual scanner's own is in neither. No host is kept
warm (one batch = one process), so the first page always pays for a start.

PYTHONPATH=src:tests python tests/bench/bench_scan.py [ROUNDS]
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from digitizer_desk import assemble
from digitizer_desk.desk import Desk
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import load_manifests
from digitizer_desk.devices.process import HostProcess
from digitizer_desk.devices.scanner import BatchOpened, RawPage, ScanJob, ScanSettings, Source
from digitizer_desk.dossier.model import Applicant, Officer
from digitizer_desk.imaging.master import as_png, encode_master, from_raw
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import officers, receive
from digitizer_desk.store.pages import NewPage
from digitizer_desk.training.papers import KINDS, PEOPLE, draw_paper
from digitizer_desk.training.scanner import VirtualScanner
from stand_ins.machines import ScriptedToken

MANIFESTS = load_manifests([Path(__file__).resolve().parents[2] / "drivers" / "scanners"])
PAGES = 10
A4 = ScanSettings()
_A4_SHAPE = (3508, 2480, 3)


@dataclass
class Samples:
    """Seconds on the wall and seconds of CPU, round by round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def take(self) -> Iterator[None]:
        cpu, wall = _cpu(), time.perf_counter()
        yield
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(_cpu() - cpu)


def _cpu() -> float:
    """Of this process and of every child that has ended: hosts and scanimage, not the virtual scanner."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def report(name: str, samples: list[float], **more: float | str) -> None:
    values = [seconds * 1000 for seconds in samples]
    facts = {"what": name, "median_ms": round(statistics.median(values), 1), "worst_ms": round(max(values), 1)}
    print(json.dumps({**facts, "rounds": len(values), **more}), flush=True)


def report_stack(name: str, samples: Samples, peer: Samples | None = None) -> None:
    wall, cpu = statistics.median(samples.wall), statistics.median(samples.cpu)
    facts: dict[str, object] = {
        "what": name,
        "pages_per_minute": round(PAGES / wall * 60),
        "wall_ms_per_page": round(wall / PAGES * 1000, 1),
        "cpu_ms_per_page": round(cpu / PAGES * 1000, 1),
        "rounds": len(samples.wall),
    }
    if peer is not None:
        facts["wall_ratio"] = round(wall / statistics.median(peer.wall), 2)
        facts["cpu_ratio"] = round(cpu / statistics.median(peer.cpu), 2)
    print(json.dumps(facts), flush=True)


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


@contextmanager
def desk_at(folder: Path) -> Iterator[tuple[Desk, Officer, str]]:
    """A real desk with a dossier: (desk, clerk, id of the component that takes the pages)."""
    place = DeskPaths(folder)
    assemble.set_up(place)
    with assemble.opened_with(place, lambda _s: assemble.scanner(place), lambda: ScriptedToken("Lê Văn An")) as desk:
        clerk = officers.first(desk, "an", "Lê Văn An", "mat-khau-dai")
        receipt = receive.Receipt("000.00.12.H08-261121-0007", "1.001193", Applicant("Nguyễn Thị Hường"))
        yield desk, clerk, receive.receive(desk, receipt, clerk).components[0].id


def ours(desk: Desk, clerk: Officer, component: str, scanner: SaneScanner, device: str) -> None:
    """A batch, every page kept for good before the next one is taken."""
    kept = 0
    for event in scanner.scan(ScanJob(device, A4), lambda: False):
        if isinstance(event, RawPage):
            jpeg = encode_master(from_raw(event.pixels, event.width, event.height, event.samples), event.dpi)
            size = (event.width, event.height)
            facts = NewPage(*size, dpi=event.dpi, sheet_mm=A4.sheet_mm, scanned_at=event.scanned_at, scanner=device)
            desk.cabinet.pages.keep(component, jpeg, facts, clerk)
            kept += 1
    assert kept == PAGES


def peer(env: dict[str, str], device: str, folder: Path, *, sync: bool) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    scanimage(env, device, f"--batch={folder}/p%d.pnm", "--source=ADF", "--mode=Color", "--resolution=300")
    files = list(folder.glob("*.pnm"))
    assert len(files) == PAGES
    for file in files if sync else ():
        with open(file, "rb") as written:
            os.fsync(written.fileno())


def scanimage(env: dict[str, str], device: str, *options: str) -> None:
    """scanimage renames what it writes into place: only ever into a folder of our own."""
    subprocess.run(
        ["scanimage", "-d", device, "--format=pnm", *options],
        env={**os.environ, **env},
        capture_output=True,
        check=False,
    )


def first_page(scanner: SaneScanner, device: str) -> tuple[float, float]:
    """Seconds from the key to the open scanner, and to the first whole page in the desk."""
    began, opened = time.perf_counter(), 0.0
    events = scanner.scan(ScanJob(device, A4), lambda: False)
    for event in events:
        if isinstance(event, BatchOpened):
            opened = time.perf_counter() - began
        if isinstance(event, RawPage):
            arrived = time.perf_counter() - began
            getattr(events, "close", lambda: None)()
            return opened, arrived
    raise AssertionError("no page came")


def bench_start(folder: Path, rounds: int) -> None:
    config = folder / "test"
    config.mkdir()
    (config / "dll.conf").write_text("test\n", "utf-8")
    report("host: start to first line", timed(lambda: start_host({"SANE_CONFIG_DIR": str(config)}), rounds))
    scanner = SaneScanner(MANIFESTS, env={}, config_folder=folder / "a")
    glass = ScanSettings(source=Source.FLATBED)

    def one_page() -> None:
        for _ in scanner.scan(ScanJob("test:0", glass), lambda: False):
            pass

    report("test device, one page of 16.7 MB: ours", timed(one_page, rounds))
    wish = (f"-o{folder}/one.pnm", "--mode=Color", "--resolution=300", "-x200", "-y200", "--depth=8")
    env = {"SANE_CONFIG_DIR": str(config)}
    report("test device, one page of 16.7 MB: scanimage", timed(lambda: scanimage(env, "test:0", *wish), rounds))


def bench_stack(folder: Path, rounds: int, virtual: VirtualScanner) -> None:
    drawn = [draw_paper(kind, PEOPLE[0], 1) for kind in KINDS]
    papers = [as_png(pixels, (300.0, 300.0)) for pixels in drawn if pixels.shape == _A4_SHAPE]
    sheets = [papers[number % len(papers)] for number in range(PAGES)]
    scanner = SaneScanner(MANIFESTS, env=virtual.sane_env, config_folder=folder / "b")
    mine, plain, synced = Samples(), Samples(), Samples()
    with desk_at(folder / "desk") as (desk, clerk, component):
        for turn in range(rounds + 1):
            virtual.lay(sheets)
            with mine.take():
                ours(desk, clerk, component, scanner, virtual.device)
            for samples, sync in ((plain, False), (synced, True)):
                virtual.lay(sheets)
                with samples.take():
                    peer(virtual.sane_env, virtual.device, folder / "pnm", sync=sync)
            if turn == 0:
                # the first turn warms caches on both sides
                mine, plain, synced = Samples(), Samples(), Samples()
    report_stack("airscan, ten A4 papers, 300 dpi colour: scanimage to PNM", plain)
    report_stack("airscan, ten A4 papers, 300 dpi colour: scanimage to PNM, synced", synced)
    report_stack("airscan, ten A4 papers, 300 dpi colour: ours, JPEG master sealed and synced", mine, synced)
    opened, arrived = [], []
    for _ in range(rounds):
        virtual.lay(sheets[:1])
        times = first_page(scanner, virtual.device)
        opened.append(times[0])
        arrived.append(times[1])
    report("airscan, key to open scanner, host started cold: ours", opened)
    report("airscan, key to first A4 page in the desk, host started cold: ours", arrived)

    def one() -> None:
        virtual.lay(sheets[:1])
        wish = (f"--batch={folder}/first%d.pnm", "--batch-count=1", "--source=ADF", "--mode=Color", "--resolution=300")
        scanimage(virtual.sane_env, virtual.device, *wish)

    report("airscan, one A4 page from start to end: scanimage", timed(one, rounds))


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name, VirtualScanner() as virtual:
        bench_start(Path(name), rounds)
        bench_stack(Path(name), rounds, virtual)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
