# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanners through TWAIN: finds them with every worker there is, runs each batch in a worker of its bitness.

Apart from SANE's client because other programs are started and scanners are named otherwise.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from digitizer_desk.devices.manifest import Manifests, ScannerManifest
from digitizer_desk.devices.process import HostProcess
from digitizer_desk.devices.questions import asking
from digitizer_desk.devices.questions.alone import Alone
from digitizer_desk.devices.scanner import (
    BackendAsked,
    Capabilities,
    DriverOption,
    ScanEvent,
    ScanJob,
    ScannerInfo,
    Standing,
)
from digitizer_desk.devices.twain.workers import TwainWorker
from digitizer_desk.devices.watching.again import Patience
from digitizer_desk.devices.watching.find import find_devices
from digitizer_desk.devices.watching.watch import Watch
from digitizer_desk.errors import DeskError, error

#: a search loads every vendor's driver of this bitness, one after the other
_SEARCH_SECONDS = 60.0
#: twain:64:PaperStream IP fi-7160
_ID = re.compile(r"twain:(32|64):(.+)", re.DOTALL)
BACKEND = "twain"


class TwainScanner:
    """Implements :class:`digitizer_desk.devices.scanner.Scanner` and ``Examined`` over TWAIN workers."""

    def __init__(
        self,
        manifests: Manifests,
        workers: Sequence[TwainWorker],
        *,
        log: Path | None = None,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        """``on_wait`` is told code and seconds before a busy or warming scanner is tried again."""
        self._manifests = manifests
        self._workers = {worker.bits: worker for worker in workers}
        self._log = log
        self._patience = Patience(sleep, on_wait)
        self._seen: dict[str, ScannerInfo] = {}
        self._alone = Alone()

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """See the contract. There is no wider search: TWAIN knows its sources. A driver that breaks the search of one
        bitness does not hide the scanners of the other; its failure is told when there is nothing else to tell."""
        return self.search()

    def search(self, told: Callable[[BackendAsked], None] | None = None) -> tuple[ScannerInfo, ...]:
        """See the contract: :meth:`find`, telling how the worker of each bitness answered."""
        if not self._workers:
            raise _missing("TWAIN")
        found: dict[str, list[ScannerInfo]] = {}
        problems: list[DeskError] = []
        for bits, worker in self._workers.items():
            begun, seen, code = time.monotonic(), 0, ""
            try:
                for info in self._listed(bits, worker):
                    found.setdefault(info.model, []).append(info)
                    seen += 1
            except DeskError as problem:
                problems.append(problem)
                code = problem.code
            if told is not None:
                told(BackendAsked(f"{BACKEND}:{bits}", time.monotonic() - begun, seen, code))
        if problems and not found:
            raise problems[0]
        best = [self._preferred(same) for same in found.values()]
        self._seen = {info.id: info for same in found.values() for info in same}
        return tuple(best)

    def _listed(self, bits: int, worker: TwainWorker) -> list[ScannerInfo]:
        with self._host(worker) as host:
            return [self._info(bits, message) for message in find_devices(host, _SEARCH_SECONDS)]

    def _info(self, bits: int, message: Mapping[str, Any]) -> ScannerInfo:
        name, vendor = str(message.get("name", "")), str(message.get("vendor", ""))
        manifest = self._manifests.of(BACKEND, vendor, name)
        return ScannerInfo(
            f"twain:{bits}:{name}", vendor, name, BACKEND, manifest.id, manifest.tested, manifest.untested
        )

    def _preferred(self, same: Sequence[ScannerInfo]) -> ScannerInfo:
        """Of one scanner with drivers of both bitnesses, the one its family is known to work with."""
        wanted = [f"twain:{bits}:" for bits in self._manifests.of(BACKEND, same[0].vendor, same[0].model).twain.bits]
        return min(same, key=lambda info: wanted.index(info.id[:9]) if info.id[:9] in wanted else len(wanted))

    def capabilities(self, scanner_id: str) -> Capabilities:
        """See the contract."""
        answer = self._ask("capabilities", scanner_id)
        return asking.read_capabilities(scanner_id, self._known(scanner_id)[2].id, answer)

    def look(self, scanner_id: str) -> Standing:
        """See the contract. TWAIN knows no cover and no buttons, and a source is opened for every look: many take
        a second for it."""
        return asking.read_standing(self._ask("look", scanner_id, wait=False))

    def options(self, scanner_id: str) -> tuple[DriverOption, ...]:
        """See the contract: the source's capabilities."""
        return asking.read_options(self._ask("options", scanner_id))

    def _ask(self, question: str, scanner_id: str, *, wait: bool = True) -> Mapping[str, Any]:
        worker, name, manifest = self._known(scanner_id)
        with self._alone.with_scanner(name, wait=wait), self._host(worker) as host:
            return asking.ask(question, host, manifest.timeouts, _order(manifest, name))

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        """See the contract. A scanner that is busy is tried again, four times in all."""
        # by the name alone: the sources of both bitnesses are one machine
        with self._alone.with_scanner(self._known(job.scanner)[1], wait=True):
            yield from self._patience.events(lambda: self._batch(job, stop), stop)

    def _batch(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        worker, name, manifest = self._known(job.scanner)
        with self._host(worker) as host:
            try:
                yield from Watch(host, manifest, job, stop, _order(manifest, name)).events()
            finally:
                host.kill()

    def _known(self, scanner_id: str) -> tuple[TwainWorker, str, ScannerManifest]:
        """The worker of its bitness, the scanner's own name, its manifest."""
        name = _ID.fullmatch(scanner_id)
        if name is None:
            raise error("scanner.none", "not the name of a TWAIN scanner", page=1, kept=0)
        worker = self._workers.get(int(name[1]))
        if worker is None:
            raise _missing(f"TWAIN {name[1]} bit")
        seen = self._seen.get(scanner_id)
        return worker, name[2], self._manifests.of(BACKEND, seen.vendor if seen else "", name[2])

    def _host(self, worker: TwainWorker) -> HostProcess:
        try:
            return HostProcess(BACKEND, env=worker.env, log=self._log, command=worker.command)
        except OSError as problem:
            raise _missing(f"TWAIN {worker.bits} bit", str(problem)) from problem


def _order(manifest: ScannerManifest, name: str) -> dict[str, Any]:
    """What the worker must know of the family, and the scanner by its own name."""
    return {
        "device": name,
        "transfer": manifest.twain.transfer,
        "ui": manifest.twain.own_window,
        "dsm": manifest.twain.manager,
        "sheet_fed": "sheet_fed_only" in manifest.quirks,
        "faults": manifest.faults,
    }


def _missing(driver: str, detail: str = "") -> DeskError:
    return error("scanner.driver_missing", detail, driver=driver, page=1, kept=0)
