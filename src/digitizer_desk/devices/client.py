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
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from digitizer_desk.devices import line
from digitizer_desk.devices.manifest import Manifests, ScannerManifest
from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent, end_words
from digitizer_desk.devices.questions import asking, search
from digitizer_desk.devices.scanner import (
    BackendAsked,
    BatchClosed,
    BatchEnd,
    BatchOpened,
    Capabilities,
    DriverOption,
    Mode,
    PageProgress,
    PageStarted,
    RawPage,
    ScanEvent,
    ScanJob,
    ScannerInfo,
    ScanSettings,
    Source,
    Standing,
)
from digitizer_desk.errors import CODES, DeskError, error

_SEARCH_SECONDS = 30.0
#: busy and warming up are tried again by themselves, this often and after this pause
_TRIES, _PAUSE = 3, 5.0
_POLL = 0.1
#: libsane's own folder of settings, where no SANE_CONFIG_DIR says otherwise
_SYSTEM_CONFIG = Path("/etc/sane.d")
_BACKEND = re.compile(r"[A-Za-z0-9_-]+")

Message = tuple[dict[str, Any], bytearray | None]


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
        self._sleep = sleep
        self._on_wait = on_wait
        self._seen: dict[str, ScannerInfo] = {}
        self._locks: dict[str, threading.Lock] = {}

    def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
        """See the contract. Without ``everywhere`` only the backends that manifests name are asked."""
        if everywhere:
            return self.search()
        return self._remember(self._search(self._manifests.searched(), _SEARCH_SECONDS))

    def search(self, told: Callable[[BackendAsked], None] | None = None) -> tuple[ScannerInfo, ...]:
        """See the contract. What another driver shows better is left out."""
        found = search.everywhere(
            search.switched_on(self._config_folders()), lambda name, seconds: self._search((name,), seconds), told
        )
        return self._remember([info for info in found if not self._manifests.hidden(info.backend)])

    def _remember(self, known: list[ScannerInfo]) -> tuple[ScannerInfo, ...]:
        self._seen = {info.id: info for info in known}
        return tuple(known)

    def _search(self, backends: Sequence[str], seconds: float) -> list[ScannerInfo]:
        with self._settings(backends, discover=True) as env:
            return [self._info(found) for found in search.ask(env, self._log, seconds, _fault)]

    def _info(self, message: Mapping[str, Any]) -> ScannerInfo:
        name, vendor, model = (str(message.get(key, "")) for key in ("name", "vendor", "model"))
        backend = name.partition(":")[0]
        manifest = self._manifests.of(backend, vendor, model)
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
        with self._alone(scanner, wait=wait), self._settings((backend,), discover=discover) as env:
            return manifest.id, asking.ask(question, scanner, manifest, env=env, log=self._log, fault=_fault)

    @contextmanager
    def _alone(self, scanner: str, *, wait: bool) -> Iterator[None]:
        """One host at a time for each scanner: a look never meets a batch. A batch waits for the look to end."""
        lock = self._locks.setdefault(scanner, threading.Lock())
        if not lock.acquire(timeout=_SEARCH_SECONDS if wait else 0):
            raise error("scanner.busy", "this desk is using it", seconds=round(_PAUSE), page=1, kept=0)
        try:
            yield
        finally:
            lock.release()

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
        """See the contract. A scanner that is busy or warming up is tried again, four times in all."""
        with self._alone(job.scanner, wait=True):
            yield from self._scan(job, stop)

    def _scan(self, job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
        opened = False
        for left in reversed(range(_TRIES + 1)):
            events = self._batch(job, stop)
            try:
                for event in events:
                    if not (opened and isinstance(event, BatchOpened)):
                        yield event
                    opened = opened or isinstance(event, BatchOpened)
                return
            except DeskError as problem:
                again = problem.code in ("scanner.busy", "scanner.warming_up") and not problem.facts["kept"]
                if not (again and left):
                    raise
                code = problem.code
            finally:
                events.close()
            if self._pause(code, stop):
                yield BatchClosed(BatchEnd.STOPPED, 0)
                return

    def _pause(self, code: str, stop: Callable[[], bool]) -> bool:
        """Wait before the next try. True when the clerk stopped it."""
        if self._on_wait is not None:
            self._on_wait(code, _PAUSE)
        for _ in range(round(_PAUSE / _POLL)):
            if stop():
                return True
            self._sleep(_POLL)
        return stop()

    def _batch(self, job: ScanJob, stop: Callable[[], bool]) -> Generator[ScanEvent]:
        backend, manifest, discover = self._known(job.scanner)
        with (
            self._settings((backend,), discover=discover) as env,
            HostProcess(manifest.host, env=env, log=self._log) as host,
        ):
            try:
                yield from _Watch(host, manifest, job, stop).events()
            finally:
                host.kill()

    def _known(self, scanner: str) -> tuple[str, ScannerManifest, bool]:
        """Backend, manifest, and whether the scanner must first be announced to be opened by this name."""
        backend = scanner.partition(":")[0]
        if not _BACKEND.fullmatch(backend):
            raise error("scanner.none", "no backend in the name", page=1, kept=0)
        seen = self._seen.get(scanner)
        # a name that was never found still says something of its model: fujitsu:fi-7160:12345
        vendor, model = (seen.vendor, seen.model) if seen else ("", scanner)
        manifest = self._manifests.of(backend, vendor, model)
        # a name with its address in it opens by itself; any other must be announced by the scanner first
        return backend, manifest, not scanner.startswith(("airscan:escl:", "airscan:wsd:"))

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

    def _config_folders(self) -> list[Path]:
        given = self._env.get("SANE_CONFIG_DIR", os.environ.get("SANE_CONFIG_DIR", ""))
        return [Path(part) for part in given.split(os.pathsep) if part] or [_SYSTEM_CONFIG]

    def _base_settings(self, backend: str) -> str:
        """What IT has set for this backend (USB numbers, firmware, addresses): it stays in force."""
        for folder in self._config_folders():
            file = folder / f"{backend}.conf"
            if file.is_file():
                extra = sorted((folder / f"{backend}.d").glob("*.conf"))
                return "\n".join(part.read_text("utf-8", "replace") for part in (file, *extra))
        return ""


class _Watch:
    """Follows one batch: re-arms the watchdog with every event, turns messages into values."""

    def __init__(self, host: HostProcess, manifest: ScannerManifest, job: ScanJob, stop: Callable[[], bool]) -> None:
        self._host, self._manifest, self._job, self._stop = host, manifest, job, stop
        self._kept = 0
        self._dpi = (0.0, 0.0)
        self._allowed = manifest.timeouts.open_s
        self._stop_deadline: float | None = None

    def events(self) -> Iterator[ScanEvent]:
        """All events of the batch; the last message of the host is followed by its end, in grace or by force."""
        try:
            self._host.send("scan", **self._order())
            while True:
                message, payload = self._receive()
                try:
                    event = self._event(message, payload)
                except (KeyError, TypeError, ValueError, IndexError) as problem:
                    raise self._error("scanner.crashed", f"nonsense from the host: {problem!r}") from problem
                if isinstance(event, BatchClosed):
                    self._let_go()
                    yield event
                    return
                if event is not None:
                    yield event
        except (HostGone, HostSilent) as problem:
            self._host.kill()
            if self._stop_deadline is not None:
                # the clerk wanted the end; how the driver took it changes nothing about the pages that are whole
                yield BatchClosed(BatchEnd.STOPPED, self._kept)
                return
            if isinstance(problem, HostGone):
                raise self._error("scanner.crashed", end_words(problem)) from problem
            raise self._error("scanner.stuck", f"silent for {self._allowed:g} s") from problem

    def _order(self) -> dict[str, Any]:
        want = self._job.settings
        return {
            "device": self._job.scanner,
            "source": want.source.value,
            "mode": want.mode.value,
            "dpi": want.dpi,
            "sheet_mm": want.sheet_mm,
            "max_pages": want.max_pages,
            "wishes": asking.wishes(want),
            **self._manifest.for_host(),
        }

    def _receive(self) -> Message:
        """Wait in small steps, so that the clerk's stop is seen at once. After it, only ``stop_s`` are left in all."""
        deadline = time.monotonic() + self._allowed
        while True:
            if self._stop_deadline is None and self._stop():
                self._stop_deadline = time.monotonic() + self._manifest.timeouts.stop_s
                self._host.send("stop")
            left = (deadline if self._stop_deadline is None else self._stop_deadline) - time.monotonic()
            try:
                # asked at least once: what came while the caller was busy with a page counts
                return self._host.receive(max(0.0, min(_POLL, left)))
            except HostSilent:
                if left <= 0:
                    raise

    def _event(self, message: dict[str, Any], payload: bytearray | None) -> ScanEvent | None:
        times, want = self._manifest.timeouts, self._job.settings
        kind = message["event"]
        if kind == "hello":
            if message["protocol"] != line.PROTOCOL:
                raise self._error("scanner.crashed", f"host speaks protocol {message['protocol']}")
            return None
        if kind == "opened":
            self._dpi = (float(message["dpi"][0]), float(message["dpi"][1]))
            self._allowed = times.first_page_s
            got = tuple((str(a), str(b), str(c)) for a, b, c in message["got"])
            return BatchOpened(self._job.scanner, self._dpi, want.mode, want.source, got)
        if kind == "page_started":
            # some drivers "start" before the paper moves: only rows prove that the page is under way
            self._allowed = times.between_pages_s if self._kept else times.first_page_s
            return PageStarted(int(message["number"]))
        if kind == "progress":
            self._allowed = times.inside_page_s
            return PageProgress(int(message["number"]), int(message["row"]), int(message["rows"]))
        if kind == "page":
            page = self._page(message, payload)
            self._kept += 1
            self._allowed = times.between_pages_s
            return page
        if kind == "closed":
            return self._closed(message)
        if kind == "fault":
            self._let_go()
            raise _fault(message, self._kept, self._job.settings)
        return None

    def _page(self, message: dict[str, Any], payload: bytearray | None) -> RawPage:
        """A page that is whole, or ``scanner.bad_image``: what the host says of it must fit its bytes."""
        width, height, samples = int(message["width"]), int(message["height"]), int(message["samples"])
        fits = width > 0 and height > 0 and samples in (1, 3) and message["number"] == self._kept + 1
        if payload is None or not fits or len(payload) != width * height * samples:
            raise self._error("scanner.bad_image", f"{width} x {height} x {samples}")
        moment = datetime.fromisoformat(message["scanned_at"]).astimezone()
        number, bilevel = int(message["number"]), bool(message["bilevel"])
        return RawPage(number, width, height, samples, payload, self._dpi, bilevel, moment)

    def _closed(self, message: dict[str, Any]) -> BatchClosed:
        if message["pages"] != self._kept:
            raise self._error("scanner.unknown", f"host sent {message['pages']} pages, {self._kept} came")
        trusted = bool(message["tray_empty"]) or "end_of_stack_untrusted" not in self._manifest.quirks
        counter = None if message["counter"] is None else int(message["counter"])
        ahead = None if message.get("ahead") is None else int(message["ahead"])
        return BatchClosed(BatchEnd(message["reason"]), self._kept, counter, trusted, ahead)

    def _let_go(self) -> None:
        """Give the driver its time to cancel and close (rollers stop, a network job is taken back), then end it."""
        deadline = time.monotonic() + self._manifest.timeouts.close_s
        try:
            while True:
                self._host.receive(max(0.0, deadline - time.monotonic()))
        except (HostGone, HostSilent):
            # a crash in its teardown cannot harm the pages: all have been sent
            self._host.kill()

    def _error(self, code: str, detail: str) -> DeskError:
        return error(code, detail, page=self._kept + 1, kept=self._kept)


#: the desk's words for what a scanner may refuse, as the clerk knows them from the settings
_SOURCE_WORDS = {
    Source.FLATBED: "mặt kính",
    Source.FEEDER: "khay nạp một mặt",
    Source.FEEDER_DUPLEX: "khay nạp hai mặt",
}
_MODE_WORDS = {Mode.COLOR: "màu", Mode.GRAY: "xám", Mode.BW: "đen trắng"}


def _option_words(option: str, want: ScanSettings) -> str:
    """``option`` as the host names it, in Vietnamese with the value asked for."""
    width, height = want.sheet_mm
    words = {
        "source": f"nguồn giấy ({_SOURCE_WORDS[want.source]})",
        "mode": f"chế độ màu ({_MODE_WORDS[want.mode]})",
        "dpi": f"độ phân giải ({want.dpi} dpi)",
        "depth": f"chế độ màu ({_MODE_WORDS[want.mode]})",
        "sheet": f"khổ giấy ({width:g} x {height:g} mm)",
    }
    return words.get(option, option or "cài đặt quét")


def _fault(message: Mapping[str, Any], kept: int, want: ScanSettings | None = None) -> DeskError:
    """The host's fault as our error; a code this desk does not know becomes ``scanner.unknown``."""
    code = str(message["code"])
    if code not in CODES or not code.startswith("scanner."):
        code = "scanner.unknown"
    facts = dict(message.get("facts", {}))
    if code == "scanner.refused":
        option = str(facts.get("option", ""))
        facts["option"] = _option_words(option, want) if want else option
    elif code == "scanner.busy":
        facts["seconds"] = round(_PAUSE)
    elif code == "scanner.driver_missing":
        facts.setdefault("driver", "SANE")
    return error(code, str(message.get("detail", "")), **{**facts, "page": kept + 1, "kept": kept})
