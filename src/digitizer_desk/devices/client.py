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
from datetime import datetime
from pathlib import Path
from typing import Any

from digitizer_desk.devices import line
from digitizer_desk.devices.manifest import Manifests, ScannerManifest
from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    BatchOpened,
    Capabilities,
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

#: a full search asks every backend of the system; 3.4 s measured with nothing connected
_SEARCH_SECONDS = 60.0
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
        found: list[ScannerInfo] = []
        with HostProcess("sane", env=env, log=self._log) as host:
            try:
                host.send("find")
                deadline = time.monotonic() + _SEARCH_SECONDS
                while True:
                    message, _ = host.receive(max(0.0, deadline - time.monotonic()))
                    if message.get("event") == "device":
                        found.append(self._info(message))
                    elif message.get("event") == "fault":
                        raise _fault(message, 0)
                    elif message.get("event") == "found":
                        return found
            except HostSilent as problem:
                raise error("scanner.stuck", "search", page=1, kept=0) from problem
            except HostGone as problem:
                raise error("scanner.crashed", f"search, {_end_words(problem)}", page=1, kept=0) from problem
            finally:
                host.kill()

    def _info(self, message: Mapping[str, Any]) -> ScannerInfo:
        name, vendor, model = (str(message.get(key, "")) for key in ("name", "vendor", "model"))
        backend = name.partition(":")[0]
        manifest = self._manifests.of(backend, vendor, model)
        return ScannerInfo(name, vendor, model, backend, manifest.id, manifest.tested)

    def capabilities(self, scanner_id: str) -> Capabilities:
        """See the contract. No way is named: what this driver can do is found out by asking for it in a batch."""
        manifest = self._manifests.of(scanner_id.partition(":")[0], "", scanner_id)
        return Capabilities(scanner_id, manifest.id, ())

    def look(self, scanner_id: str) -> Standing:
        """See the contract. Sensors are read within a batch only, so nothing is known between two of them."""
        return Standing()

    def scan(self, job: ScanJob, stop: Callable[[], bool]) -> Iterator[ScanEvent]:
        """See the contract. A scanner that is busy or warming up is tried again, four times in all."""
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
                yield from _Watch(host, manifest, job, stop).events()
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
                raise self._error("scanner.crashed", _end_words(problem)) from problem
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
        return BatchClosed(BatchEnd(message["reason"]), self._kept, counter, trusted)

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


def _end_words(problem: HostGone) -> str:
    code = problem.exit_code
    return f"signal {-code}" if code is not None and code < 0 else f"exit {code}"


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
