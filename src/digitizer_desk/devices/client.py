# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk's side of SANE: finds scanners, asks them, runs batches, each in a host that is watched and may be killed.

Apart from ``sane/`` (which runs in the host) because this side must live on whatever a driver does.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from digitizer_desk.devices.manifest import Manifests, ScannerManifest
from digitizer_desk.devices.network.address import NetworkScanner, driver_of, place_of
from digitizer_desk.devices.network.config import config_folders, own_settings
from digitizer_desk.devices.network.reach import announced, listens
from digitizer_desk.devices.process import HostProcess
from digitizer_desk.devices.questions import asking, search
from digitizer_desk.devices.questions.alone import Alone
from digitizer_desk.devices.scanner import (
    BackendAsked,
    BatchClosed,
    BatchEnd,
    Capabilities,
    DriverOption,
    ScanEvent,
    ScanJob,
    ScannerInfo,
    Standing,
)
from digitizer_desk.devices.watching.again import Patience
from digitizer_desk.devices.watching.find import find_devices
from digitizer_desk.devices.watching.watch import Watch
from digitizer_desk.errors import error

#: seconds for an everyday search; a full one has limits of its own
_SEARCH_SECONDS = 60.0
_BACKEND = re.compile(r"[A-Za-z0-9_-]+")


class SaneScanner:
    """Implements :class:`digitizer_desk.devices.scanner.Scanner` over SANE."""

    def __init__(
        self,
        manifests: Manifests,
        *,
        env: Mapping[str, str],
        config_folder: Path,
        log: Path | None = None,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: Callable[[str, float], None] | None = None,
        network: Callable[[], Sequence[NetworkScanner]] = tuple,
    ) -> None:
        """``env`` is added to the hosts' environment; its ``SANE_CONFIG_DIR`` replaces the system's settings.

        ``config_folder`` is where each host gets a settings folder of its own, gone with the host. ``on_wait`` is told
        code and seconds before a busy or warming scanner is tried again. ``network``: scanners added by address.
        """
        self._manifests = manifests
        self._env = dict(env)
        self._config = config_folder
        self._log = log
        self._patience = Patience(sleep, on_wait)
        self._network = network
        self._seen: dict[str, ScannerInfo] = {}
        self._alone = Alone()

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """See the contract. Without ``everywhere`` only the backends that manifests name are asked.

        Scanners added by address are always shown: one that is switched off now is still the counter's scanner.
        """
        if everywhere:
            return self.search()
        saned = ["net"] if any(one.is_saned for one in self._network()) else []
        return self._remember(self._search(sorted({*self._manifests.searched(), *saned}), _SEARCH_SECONDS))

    def search(self, told: Callable[[BackendAsked], None] | None = None) -> tuple[ScannerInfo, ...]:
        """See the contract. What another driver shows better is left out."""
        found = search.everywhere(
            search.switched_on(config_folders(self._env)), lambda name, seconds: self._search((name,), seconds), told
        )
        return self._remember([info for info in found if not self._manifests.hidden(info.backend)])

    def _search(self, backends: Sequence[str], seconds: float) -> list[ScannerInfo]:
        with (
            self._settings(backends, discover=True) as env,
            HostProcess("sane", env=env, log=self._log) as host,
        ):
            return [self._info(message) for message in find_devices(host, seconds)]

    def _remember(self, found: list[ScannerInfo]) -> tuple[ScannerInfo, ...]:
        known = self._by_address(found)
        for scanner in self._network():
            if not any(info.id == scanner.id or info.id.startswith(f"net:{scanner.host}:") for info in known):
                known.append(self._added(scanner))
        self._seen = {info.id: info for info in known}
        return tuple(known)

    def _added(self, scanner: NetworkScanner) -> ScannerInfo:
        vendor = "" if scanner.is_saned else "eSCL"
        manifest = self._manifests.of(driver_of(scanner.id), vendor, scanner.model)
        backend = scanner.id.partition(":")[0]
        return ScannerInfo(scanner.id, vendor, scanner.name, backend, manifest.id, manifest.tested, manifest.untested)

    def _by_address(self, known: list[ScannerInfo]) -> list[ScannerInfo]:
        """Give scanners that announced themselves a name that lasts: airscan numbers them anew at each search."""
        numbered = {info.id: re.fullmatch(r"airscan:([ew])\d+:(.+)", info.id) for info in known}
        if not any(numbered.values()):
            return known
        urls = announced(self._env)
        lasting: list[ScannerInfo] = []
        for info in known:
            match = numbered[info.id]
            kind = ("escl" if match[1] == "e" else "wsd", match[2]) if match else ("", "")
            url = urls.get(kind)
            lasting.append(replace(info, id=f"airscan:{kind[0]}:{kind[1]}:{url}") if url else info)
        return lasting

    def _info(self, message: Mapping[str, Any]) -> ScannerInfo:
        name, vendor, model = (str(message.get(key, "")) for key in ("name", "vendor", "model"))
        backend = name.partition(":")[0]
        manifest = self._manifests.of(driver_of(name), vendor, model)
        return ScannerInfo(name, vendor, model, backend, manifest.id, manifest.tested, manifest.untested)

    def capabilities(self, scanner_id: str) -> Capabilities:
        """See the contract."""
        manifest, answer = self._ask("capabilities", scanner_id)
        return asking.read_capabilities(scanner_id, manifest, answer)

    def look(self, scanner_id: str) -> Standing:
        """See the contract."""
        return asking.read_standing(self._ask("look", scanner_id, wait=False)[1])

    def options(self, scanner_id: str) -> tuple[DriverOption, ...]:
        """See the contract."""
        return asking.read_options(self._ask("options", scanner_id)[1])

    def _ask(self, question: str, scanner: str, *, wait: bool = True) -> tuple[str, Mapping[str, Any]]:
        backend, manifest, discover = self._known(scanner)
        place = place_of(scanner)
        with self._alone.with_scanner(scanner, wait=wait):
            if place is not None and not listens(place, lambda: False):
                raise error("scanner.offline", "nobody takes the call", page=1, kept=0)
            with (
                self._settings((backend,), discover=discover) as env,
                HostProcess(manifest.host, env=env, log=self._log) as host,
            ):
                order = {"device": scanner, **manifest.for_host()}
                return manifest.id, asking.ask(question, host, manifest.timeouts, order)

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        """See the contract. A scanner that is busy or warming up is tried again, four times in all."""
        with self._alone.with_scanner(job.scanner, wait=True):
            yield from self._patience.events(lambda: self._batch(job, stop), stop)

    def _batch(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        backend, manifest, discover = self._known(job.scanner)
        place = place_of(job.scanner)
        if place is not None and not listens(place, stop):
            if not stop():
                raise error("scanner.offline", "nobody takes the call", page=1, kept=0)
            yield BatchClosed(BatchEnd.STOPPED, 0)
            return
        with (
            self._settings((backend,), discover=discover) as env,
            HostProcess(manifest.host, env=env, log=self._log) as host,
        ):
            try:
                yield from Watch(host, manifest, job, stop, manifest.for_host()).events()
            finally:
                host.kill()

    def _known(self, scanner: str) -> tuple[str, ScannerManifest, bool]:
        """Backend, manifest, and whether the scanner must first be announced to be opened by this name."""
        backend = scanner.partition(":")[0]
        if not _BACKEND.fullmatch(backend):
            raise error("scanner.none", "no backend in the name", page=1, kept=0)
        # a name with its address in it opens by itself; any other must be announced by the scanner first
        return backend, self._manifest(scanner), not scanner.startswith(("airscan:escl:", "airscan:wsd:"))

    def _manifest(self, device: str) -> ScannerManifest:
        seen = self._seen.get(device)
        added = next((one for one in self._network() if one.id == device), None)
        if added is not None:
            return self._manifests.of(driver_of(device), "" if added.is_saned else "eSCL", added.model)
        # a name that was never found still says something of its model: fujitsu:fi-7160:12345
        return self._manifests.of(driver_of(device), *((seen.vendor, seen.model) if seen else ("", device)))

    def _settings(self, backends: Sequence[str], *, discover: bool) -> AbstractContextManager[dict[str, str]]:
        return own_settings(self._config, self._env, backends, discover=discover, network=self._network())
