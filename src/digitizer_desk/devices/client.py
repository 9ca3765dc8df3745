# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk's side of SANE: finds scanners and runs batches, each in a host that is watched and, if need be, killed.

Apart from ``sane.py`` (which runs in the host) because this side must live on whatever a driver does.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from digitizer_desk.devices.manifest import Manifests, ScannerManifest
from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    BatchOpened,
    PageProgress,
    PageStarted,
    RawPage,
    ScanEvent,
    ScanJob,
    ScannerInfo,
)
from digitizer_desk.errors import CODES, DeskError, error

#: a full search asks every backend of the system; 3.4 s measured with nothing connected
_SEARCH_SECONDS = 60.0
#: busy and warming up are tried again by themselves, this often and after this pause
_TRIES, _PAUSE = 3, 5.0
_POLL = 0.1


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
    ) -> None:
        """``config_folder`` is rewritten for every batch: only the one backend needed is listed there."""
        self._manifests = manifests
        self._env = dict(env)
        self._config = config_folder
        self._log = log
        self._sleep = sleep

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """See the contract. Without ``everywhere`` only network scanners that announce themselves are looked for."""
        env = dict(self._env) if everywhere else self._env_for("airscan")
        found: list[ScannerInfo] = []
        with HostProcess("sane", env=_clean(env), log=self._log) as host:
            try:
                host.send("find")
                while True:
                    message, _ = host.receive(_SEARCH_SECONDS)
                    if message["event"] == "device":
                        found.append(self._info(message))
                    elif message["event"] == "fault":
                        raise _fault(message)
                    elif message["event"] == "found":
                        return tuple(found)
            except HostSilent as problem:
                host.kill()
                raise error("scanner.stuck", "search", page=1, kept=0) from problem
            except HostGone as problem:
                raise error("scanner.crashed", f"search, exit {problem.exit_code}", page=1, kept=0) from problem

    def _info(self, message: dict[str, Any]) -> ScannerInfo:
        name, vendor, model = message["name"], message["vendor"], message["model"]
        backend = name.partition(":")[0]
        manifest = self._manifests.of(backend, vendor, model)
        return ScannerInfo(name, vendor, model, backend, manifest.id, manifest.tested)

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
        """See the contract."""
        for attempt in range(_TRIES + 1):
            events = self._batch(job, stop)
            try:
                yield from events
                return
            except DeskError as problem:
                again = problem.code in ("scanner.busy", "scanner.warming_up") and not problem.facts.get("kept")
                if not again or attempt == _TRIES or stop():
                    raise
                self._sleep(_PAUSE)
            finally:
                events.close()

    def _batch(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        backend = job.scanner.partition(":")[0]
        manifest = self._manifests.of(backend)
        with HostProcess("sane", env=_clean(self._env_for(backend)), log=self._log) as host:
            try:
                yield from _Watch(host, manifest, job, stop).events()
            finally:
                host.kill()

    def _env_for(self, backend: str) -> dict[str, str]:
        """A configuration folder with exactly this backend: opening is instant and no other vendor code is loaded."""
        self._config.mkdir(parents=True, exist_ok=True)
        (self._config / "dll.conf").write_text(f"{backend}\n", "utf-8")
        lines = ["[devices]", "[options]", "discovery = disable", "ws-discovery = off"]
        if "SANE_AIRSCAN_SOCKETS" in self._env:
            lines.append(f"socket_dir = {self._env['SANE_AIRSCAN_SOCKETS']}")
        (self._config / "airscan.conf").write_text("\n".join(lines) + "\n", "utf-8")
        return {**self._env, "SANE_CONFIG_DIR": str(self._config)}


def _clean(env: Mapping[str, str]) -> dict[str, str]:
    """English sentences (they are the only key to a fault), no proxies between the desk and a scanner."""
    quiet = {name: "" for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "all_proxy")}
    return {**quiet, **env, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}


class _Watch:
    """Follows one batch: re-arms the watchdog with every event, turns messages into values."""

    def __init__(self, host: HostProcess, manifest: ScannerManifest, job: ScanJob, stop: Callable[[], bool]) -> None:
        self._host, self._manifest, self._job, self._stop = host, manifest, job, stop
        self._kept = 0
        self._dpi = (0.0, 0.0)
        self._stopping_since: float | None = None

    def events(self) -> Iterator[ScanEvent]:
        times, want = self._manifest.timeouts, self._job.settings
        try:
            self._host.send(
                "scan",
                device=self._job.scanner,
                source=want.source.value,
                mode=want.mode.value,
                dpi=want.dpi,
                sheet_mm=list(want.sheet_mm),
                max_pages=want.max_pages,
                source_words=self._manifest.options.source,
                mode_words=self._manifest.options.mode,
                set_first=self._manifest.options.set_first,
                faults=self._manifest.faults,
            )
            allowed = times.open_s
            while True:
                message, payload = self._receive(allowed)
                kind = message["event"]
                if kind == "opened":
                    self._dpi = (float(message["dpi"][0]), float(message["dpi"][1]))
                    got = tuple((str(a), str(b), str(c)) for a, b, c in message["got"])
                    yield BatchOpened(self._job.scanner, self._dpi, want.mode, want.source, got)
                    allowed = times.first_page_s
                elif kind == "page_started":
                    allowed = times.inside_page_s if self._kept else times.first_page_s
                    yield PageStarted(message["number"])
                elif kind == "progress":
                    allowed = times.inside_page_s
                    yield PageProgress(message["number"], message["row"], message["rows"])
                elif kind == "page":
                    page = self._page(message, payload)
                    self._kept += 1
                    allowed = times.between_pages_s
                    yield page
                elif kind == "fault":
                    raise _fault(message)
                elif kind == "closed":
                    yield self._closed(message)
                    return
        except HostGone as problem:
            raise self._gone(problem) from problem
        except HostSilent as problem:
            self._host.kill()
            if self._stopping_since is not None:
                yield BatchClosed(BatchEnd.STOPPED, self._kept)
                return
            raise error("scanner.stuck", "no sign of life", page=self._kept + 1, kept=self._kept) from problem

    def _receive(self, allowed: float) -> tuple[dict[str, Any], bytearray | None]:
        """Wait in small steps, so that the clerk's stop is seen at once."""
        deadline = time.monotonic() + allowed
        while True:
            if self._stopping_since is None and self._stop():
                self._stopping_since = time.monotonic()
                self._host.send("stop")
                deadline = self._stopping_since + self._manifest.timeouts.stop_s
            left = deadline - time.monotonic()
            if left <= 0:
                raise HostSilent
            try:
                return self._host.receive(min(_POLL, left))
            except HostSilent:
                continue

    def _page(self, message: dict[str, Any], payload: bytearray | None) -> RawPage:
        width, height, samples = message["width"], message["height"], message["samples"]
        if payload is None or samples not in (1, 3) or len(payload) != width * height * samples or not payload:
            raise error("scanner.bad_image", "size does not fit", page=message["number"], kept=self._kept)
        moment = datetime.fromisoformat(message["scanned_at"]).astimezone()
        return RawPage(message["number"], width, height, samples, payload, self._dpi, message["bilevel"], moment)

    def _closed(self, message: dict[str, Any]) -> BatchClosed:
        trusted = "end_of_stack_untrusted" not in self._manifest.quirks
        return BatchClosed(BatchEnd(message["reason"]), message["pages"], message["counter"], trusted)

    def _gone(self, problem: HostGone) -> DeskError:
        code = problem.exit_code
        why = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit {code}"
        return error("scanner.crashed", why, page=self._kept + 1, kept=self._kept)


def _fault(message: dict[str, Any]) -> DeskError:
    """The host's fault as our error; a code this desk does not know becomes ``scanner.unknown``."""
    code = message["code"] if message["code"] in CODES else "scanner.unknown"
    return error(code, message.get("detail", ""), **message.get("facts", {}))
