# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk's side of SANE: finds scanners and runs batches, each in a host that is watched and, if need be, killed.

Apart from ``sane/`` (which runs in the host) because this side must live on whatever a driver does.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from digitizer_desk.devices.manifest import Manifests
from digitizer_desk.devices.process import HostProcess
from digitizer_desk.devices.scanner import ScanEvent, ScanJob, ScannerInfo
from digitizer_desk.devices.watching.again import Patience
from digitizer_desk.devices.watching.find import find_devices
from digitizer_desk.devices.watching.watch import Watch
from digitizer_desk.errors import error

#: a full search asks every backend of the system; 3.4 s measured with nothing connected
_SEARCH_SECONDS = 60.0
#: libsane's own folder of settings, where no SANE_CONFIG_DIR says otherwise
_SYSTEM_CONFIG = Path("/etc/sane.d")
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
    ) -> None:
        """``env`` is added to the hosts' environment; its ``SANE_CONFIG_DIR`` replaces the system's settings.

        ``config_folder`` is where each host gets a settings folder of its own, gone with the host. ``on_wait`` is told
        code and seconds before a busy or warming scanner is tried again.
        """
        self._manifests = manifests
        self._env = dict(env)
        self._config = config_folder
        self._log = log
        self._patience = Patience(sleep, on_wait)
        self._seen: dict[str, ScannerInfo] = {}

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """See the contract. Without ``everywhere`` only the backends that manifests name are asked."""
        if everywhere:
            found = self._search(self._env)
            known = [info for info in found if not self._manifests.hidden(info.backend)]
        else:
            with self._settings(self._manifests.searched(), discover=True) as env:
                known = self._search(env)
        self._seen = {info.id: info for info in known}
        return tuple(known)

    def _search(self, env: Mapping[str, str]) -> list[ScannerInfo]:
        with HostProcess("sane", env=env, log=self._log) as host:
            return [self._info(message) for message in find_devices(host, _SEARCH_SECONDS)]

    def _info(self, message: Mapping[str, Any]) -> ScannerInfo:
        name, vendor, model = (str(message.get(key, "")) for key in ("name", "vendor", "model"))
        backend = name.partition(":")[0]
        manifest = self._manifests.of(backend, vendor, model)
        return ScannerInfo(name, vendor, model, backend, manifest.id, manifest.tested)

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
        """See the contract. A scanner that is busy or warming up is tried again, four times in all."""
        yield from self._patience.events(lambda: self._batch(job, stop), stop)

    def _batch(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        backend = job.scanner.partition(":")[0]
        if not _BACKEND.fullmatch(backend):
            raise error("scanner.none", "no backend in the name", page=1, kept=0)
        seen = self._seen.get(job.scanner)
        # a name that was never found still says something of its model: fujitsu:fi-7160:12345
        vendor, model = (seen.vendor, seen.model) if seen else ("", job.scanner)
        manifest = self._manifests.of(backend, vendor, model)
        # a name with its address in it opens by itself; any other must be announced by the scanner first
        discover = not job.scanner.startswith(("airscan:escl:", "airscan:wsd:"))
        with (
            self._settings((backend,), discover=discover) as env,
            HostProcess("sane", env=env, log=self._log) as host,
        ):
            try:
                yield from Watch(host, manifest, job, stop, manifest.for_host()).events()
            finally:
                host.kill()

    @contextmanager
    def _settings(self, backends: Sequence[str], *, discover: bool) -> Iterator[dict[str, str]]:
        """The environment of a host that loads these backends only: opening is instant, no other vendor code runs.

        The folder is each host's own: a search and a batch may run at the same time.
        """
        self._config.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="sane-", dir=self._config))
        try:
            (folder / "dll.conf").write_text("".join(f"{name}\n" for name in backends), "utf-8")
            for name in backends:
                text = self._base_settings(name)
                if name == "airscan" and not discover:
                    text += "\n[options]\ndiscovery = disable\nws-discovery = off\n"
                if text:
                    (folder / f"{name}.conf").write_text(text, "utf-8")
            yield {**self._env, "SANE_CONFIG_DIR": str(folder)}
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _base_settings(self, backend: str) -> str:
        """What IT has set for this backend (USB numbers, firmware, addresses): it stays in force."""
        given = self._env.get("SANE_CONFIG_DIR", os.environ.get("SANE_CONFIG_DIR", ""))
        folders = [Path(part) for part in given.split(os.pathsep) if part] or [_SYSTEM_CONFIG]
        for folder in folders:
            file = folder / f"{backend}.conf"
            if file.is_file():
                extra = sorted((folder / f"{backend}.d").glob("*.conf"))
                return "\n".join(part.read_text("utf-8", "replace") for part in (file, *extra))
        return ""
