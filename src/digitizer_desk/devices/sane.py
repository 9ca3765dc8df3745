# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The SANE backend: runs in a host process of its own and drives one batch, one open, one close.

The only place that imports python-sane. Every guard here answers a fault that was measured (a crash, a freeze, a page
cut short and handed over as good): see the comments. Standard library and the binding only, so that it starts at once.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any, Protocol

from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire

#: the sentences libsane always uses (English whatever the locale) -> our code; '' = not a fault by itself
SENTENCES = {
    "Document feeder jammed": "scanner.jam",
    "Scanner cover is open": "scanner.cover_open",
    "Device busy": "scanner.busy",
    "Scanner is warming up": "scanner.warming_up",
    "Error during device I/O": "scanner.lost",
    "Invalid argument": "scanner.refused",
    "Operation not supported": "scanner.refused",
    "Access to resource has been denied": "scanner.denied",
    "Out of memory": "scanner.unknown",
}
NO_DOCUMENTS = "Document feeder out of documents"
CANCELLED = "Operation was canceled"

#: cleverness of drivers that loses or alters pages: off, whatever the default (drivers.md 4.2 rule 6)
_OFF = ("swskip", "swdeskew", "swcrop", "swdespeck", "ald", "adf_auto_scan", "blank_img_skip")
_SENSORS = ("page_loaded", "adf_loaded")
_COUNTERS = ("counter",)

#: how vendors name what we mean, in order; all of a row's second part must be absent
_SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "feeder-duplex": (("duplex", "both sides", "2-sided"), ()),
    "feeder": (("adf", "feeder", "automatic document"), ("duplex", "back", "both", "2-sided")),
    "flatbed": (("flatbed", "document table", "platen", "normal", "fb"), ()),
}
_MODES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "color": (("color", "colour"), ()),
    "gray": (("gray", "grey"), ("error diffusion", "halftone")),
    "bw": (("lineart", "binary", "black & white", "monochrome"), ()),
}


class Binding(Protocol):
    """The few calls this backend needs; a ctypes binding can take python-sane's place behind it."""

    def init(self) -> tuple[int, ...]: ...

    def get_devices(self) -> list[tuple[str, str, str, str]]: ...

    def open(self, name: str) -> Any: ...


def serve(wire: Wire, binding: Binding | None = None) -> None:
    """Answer one request: ``find`` or ``scan``. A ``stop`` line may follow a scan at any time.

    Raises:
        line.BrokenLine: the desk closed the pipe before asking.
    """
    if binding is None:
        try:
            import sane
        except ImportError as problem:
            wire.fault("scanner.driver_missing", str(problem), driver="python-sane, libsane1")
            return
        binding = sane
    version = binding.init()
    wire.send("hello", protocol=line.PROTOCOL, backend="sane", version=list(version))
    request, _ = wire.receive()
    if request.get("do") == "find":
        for name, vendor, model, kind in binding.get_devices():
            wire.send("device", name=name, vendor=vendor, model=model, kind=kind)
        wire.send("found")
    elif request.get("do") == "scan":
        stop = threading.Event()
        threading.Thread(target=_listen, args=(wire, stop), daemon=True).start()
        _Batch(wire, request, stop).run(binding)


def _listen(wire: Wire, stop: threading.Event) -> None:
    """Set the flag on a stop line; end the process at once when the desk is gone, whatever vendor code is doing."""
    import os

    while True:
        try:
            message, _ = wire.receive()
        except line.BrokenLine:
            os._exit(1)
        if message.get("do") == "stop":
            stop.set()


class _Fault(Exception):
    def __init__(self, code: str, detail: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.facts = code, detail, facts


class _Batch:
    """One batch on one device."""

    def __init__(self, wire: Wire, request: dict[str, Any], stop: threading.Event) -> None:
        self._wire = wire
        self._ask = request
        self._stop = stop
        self._kept = 0
        self._sentences = {**SENTENCES, **request.get("faults", {})}

    def run(self, binding: Binding) -> None:
        """Open, set, read pages until the end, close. Every way out is one event: ``closed`` or ``fault``."""
        device: Any = None
        try:
            device = binding.open(self._ask["device"])
            self._wire.send("opened", **self._settle(device))
            reason = self._pages(device)
            counter = _read_first(device, _COUNTERS)
            left = _read_first(device, _SENSORS)
            self._end(device)
            if reason == "empty" and left:
                raise _Fault(
                    "scanner.double_feed", "feeder still loaded at the end", page=self._kept + 1, kept=self._kept
                )
            self._wire.send("closed", reason=reason, pages=self._kept, counter=counter, sensor=left)
        except _Fault as fault:
            self._wire.fault(fault.code, fault.detail, **fault.facts)
        except Exception as problem:
            # python-sane has one exception class and no codes: the sentence is the key
            self._end(device)
            self._tell(problem)

    def _end(self, device: Any) -> None:
        """The one cancel and the one close of a batch. Teardown may crash: every page has been sent by now."""
        if device is not None:
            device.cancel()
            device.close()

    def _tell(self, problem: Exception) -> None:
        text = str(problem)
        number = self._kept + 1
        if text == CANCELLED:
            # ours or the operator's own button: both end the batch, neither is a fault
            self._wire.send("closed", reason="stopped", pages=self._kept, counter=None, sensor=None)
            return
        code = "scanner.empty" if text == NO_DOCUMENTS else self._sentences.get(text, "scanner.unknown")
        if code == "scanner.lost" and self._kept == 0:
            code = "scanner.offline"
        facts = {"page": number, "kept": self._kept, "seconds": 5, "option": "", "driver": ""}
        self._wire.fault(code, f"{type(problem).__name__}: {text}", **facts)

    # -- settings ------------------------------------------------------------------------------------------------

    def _settle(self, device: Any) -> dict[str, Any]:
        """Set options in the order drivers need, read back everything, refuse what is not what was asked."""
        want = self._ask
        for option in _OFF:
            _try_set(device, option, False)
        for option, value in want.get("set_first", {}).items():
            _try_set(device, option, value)
        got: list[tuple[str, str, str]] = []
        got.append(self._choose(device, "source", want["source"], _SOURCES, want.get("source_words", {})))
        got.append(self._choose(device, "mode", want["mode"], _MODES, want.get("mode_words", {})))
        dpi = self._resolution(device, want["dpi"])
        got.append(("resolution", str(want["dpi"]), str(dpi)))
        width, height = want["sheet_mm"]
        # fujitsu cuts A4 at 279 mm unless the page size is set before the corner
        for option, value in (("page_width", width), ("page_height", height), ("tl_x", 0), ("tl_y", 0)):
            _try_set(device, option, value)
        for option, value in (("br_x", width), ("br_y", height)):
            _try_set(device, option, _within(device, option, value))
        return {"dpi": [dpi, dpi], "got": got}

    def _choose(
        self, device: Any, option: str, asked: str, synonyms: dict[str, Any], words: dict[str, list[str]]
    ) -> tuple[str, str, str]:
        choices = _choices(device, option)
        if choices is None:
            # a device without the option has only one way: fine for the plain case, a refusal otherwise
            if option == "source" and asked == "feeder-duplex":
                raise _Fault("scanner.refused", "no source option", option="nguồn giấy hai mặt")
            return (option, asked, "")
        name = match(choices, asked, synonyms, words.get(asked, []))
        if name is None:
            raise _Fault("scanner.refused", f"{option}: {asked} not in {choices}", option=f"{option} {asked}")
        setattr(device, option, name)
        now = getattr(device, option)
        if now != name:
            raise _Fault("scanner.refused", f"{option}: asked {name}, got {now}", option=f"{option} {asked}")
        return (option, asked, str(now))

    def _resolution(self, device: Any, dpi: int) -> float:
        if not _has(device, "resolution"):
            return float(dpi)
        device.resolution = dpi
        got = float(device.resolution)
        # an inexact value is silently rounded by the binding: never take another resolution without saying so
        if abs(got - dpi) > 0.5:
            raise _Fault("scanner.refused", f"asked {dpi} dpi, got {got}", option=f"{dpi} dpi")
        return got

    # -- pages ---------------------------------------------------------------------------------------------------

    def _pages(self, device: Any) -> str:
        most = self._ask.get("max_pages")
        feeder = self._ask["source"] != "flatbed"
        while not self._stop.is_set():
            if most is not None and self._kept >= most:
                return "enough"
            try:
                self._page(device, self._kept + 1)
            except Exception as problem:
                if str(problem) == NO_DOCUMENTS and self._kept > 0:
                    return "empty"
                raise
            self._kept += 1
            if not feeder:
                return "enough"
        return "stopped"

    def _page(self, device: Any, number: int) -> None:
        device.start()
        form, _last, (width, rows), depth, stride = device.get_parameters()
        samples = {"color": 3, "gray": 1}.get(form)
        if samples is None or depth not in (1, 8):
            raise _Fault("scanner.refused", f"frame {form}/{depth}", option=f"{form} {depth} bit")
        if depth == 8 and stride != width * samples:
            # python-sane shears such pages
            raise _Fault("scanner.bad_image", f"padded lines {stride} for {width}", page=number)
        self._wire.send("page_started", number=number)
        beat = time.monotonic()

        def progress(row: int, of: int) -> None:
            # must never raise (the binding crashes); cancelling here, between reads in this thread, is the safe cancel
            nonlocal beat
            if time.monotonic() - beat > 0.2:
                beat = time.monotonic()
                self._wire.send("progress", number=number, row=row, rows=of)
            if self._stop.is_set():
                device.cancel()

        # no_cancel: a cancel after every page makes duplex drivers throw away the buffered back side
        data, got_width, got_rows, got_samples, _size = device.dev.snap(True, False, progress)
        if self._stop.is_set():
            raise RuntimeError(CANCELLED)
        if rows > 0 and got_rows < rows:
            raise _Fault("scanner.short_page", f"{got_rows} of {rows} rows", page=number, kept=self._kept)
        if len(data) != got_width * got_rows * got_samples:
            raise _Fault(
                "scanner.bad_image", f"{len(data)} bytes for {got_width}x{got_rows}", page=number, kept=self._kept
            )
        self._wire.send(
            "page",
            data,
            number=number,
            width=got_width,
            height=got_rows,
            samples=got_samples,
            bilevel=depth == 1,
            scanned_at=datetime.now(UTC).isoformat(),
        )


def match(choices: list[str], asked: str, synonyms: dict[str, Any], words: list[str]) -> str | None:
    """The driver's word for ours: the manifest's words first, then the generic synonyms; None when there is none."""
    low = {choice.casefold(): choice for choice in choices}
    for word in words:
        if word.casefold() in low:
            return low[word.casefold()]
    wanted, unwanted = synonyms[asked]
    for choice in choices:
        text = choice.casefold()
        if any(w in text for w in wanted) and not any(u in text for u in unwanted):
            return choice
    return None


def _has(device: Any, option: str) -> bool:
    return option in device.opt and device.opt[option].is_active()


def _choices(device: Any, option: str) -> list[str] | None:
    if not _has(device, option):
        return None
    limit = device.opt[option].constraint
    return [str(c) for c in limit] if isinstance(limit, list) else None


def _within(device: Any, option: str, value: float) -> float:
    """Not past what the device can: asking for more makes some drivers refuse everything."""
    if not _has(device, option):
        return value
    limit = device.opt[option].constraint
    return min(value, float(limit[1])) if isinstance(limit, tuple) and len(limit) >= 2 else value


def _try_set(device: Any, option: str, value: Any) -> None:
    """Set an option a device may lack. A value it will not take is left as it was: it is no must."""
    if _has(device, option) and device.opt[option].is_settable():
        try:
            setattr(device, option, type(value)(value))
        except Exception as problem:
            import sys

            print(f"{option}={value}: {problem}", file=sys.stderr)  # noqa: T201 - the host's log


def _read_first(device: Any, names: tuple[str, ...]) -> int | None:
    for name in names:
        if _has(device, name):
            try:
                return int(getattr(device, name))
            except Exception:
                return None
    return None
