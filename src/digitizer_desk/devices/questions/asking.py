# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Short questions to one scanner, from the desk's side: each in a host of its own that is gone with the answer.

Apart from ``client.py`` (searches and batches). A host is not kept open between looks: an open scanner is locked to
every other program, never falls asleep, and would have to be let go before each batch; a button's flag waits in the
scanner until it is read.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from digitizer_desk.devices.manifest import Timeouts
from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent
from digitizer_desk.devices.scanner import (
    A4_MM,
    Backing,
    Capabilities,
    DpiRange,
    DriverOption,
    Mode,
    ScanSettings,
    Source,
    Standing,
    Way,
)
from digitizer_desk.devices.watching.faults import end_words, fault_of
from digitizer_desk.errors import DeskError, error


def ask(question: str, host: HostProcess, timeouts: Timeouts, order: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put one question (``capabilities``, ``look``, ``options``) to a host of any kind and wait for its answer; the
    host is gone after it. ``order``: the scanner as this host names it (``device``), and what is known of its family.

    Raises:
        DeskError: the host's own fault; ``scanner.stuck`` after ``open_s``; ``scanner.crashed``.
    """
    wish = {"source": Source.FEEDER, "mode": Mode.COLOR, "dpi": 300, "sheet_mm": A4_MM}
    try:
        host.send(question, **{**wish, **order})
        deadline = time.monotonic() + timeouts.open_s
        while True:
            message, _ = host.receive(max(0.0, deadline - time.monotonic()))
            if message.get("event") == question:
                _let_go(host, timeouts.close_s)
                return message
            if message.get("event") == "fault":
                _let_go(host, timeouts.close_s)
                raise fault_of(message, 0)
    except HostSilent as problem:
        raise error("scanner.stuck", question, page=1, kept=0) from problem
    except HostGone as problem:
        raise error("scanner.crashed", f"{question}, {end_words(problem)}", page=1, kept=0) from problem
    finally:
        host.kill()


def _let_go(host: HostProcess, seconds: float) -> None:
    """Give the driver its time to close: a scanner left open is busy for the batch that follows."""
    deadline = time.monotonic() + seconds
    try:
        while True:
            host.receive(max(0.0, deadline - time.monotonic()))
    except (HostGone, HostSilent):
        host.kill()


def wishes(want: ScanSettings) -> dict[str, str]:
    """What is wished besides source, mode and size: feature -> state, in the words of manifests."""
    return {
        "double_feed": _state(want.double_feed_stop and want.source is not Source.FLATBED),
        "backing": want.backing.value,
        "keep_background": _state(want.keep_background),
        "overscan": _state(want.overscan),
        "auto_length": _state(want.auto_length),
        "deskew": _state(want.hardware_deskew),
        "crop": _state(want.hardware_crop),
    }


def _state(wanted: bool) -> str:
    return "on" if wanted else "off"


def read_capabilities(scanner: str, manifest: str, message: Mapping[str, Any]) -> Capabilities:
    """The host's answer as a value.

    Raises:
        DeskError: ``scanner.crashed`` when it is nonsense.
    """
    try:
        features, sensors = frozenset(message["features"]), frozenset(message["sensors"])
        return Capabilities(
            scanner,
            manifest,
            tuple(_way(way) for way in message["ways"]),
            double_feed="double_feed" in features,
            backings=tuple(backing for backing in Backing if backing.value in features),
            clips_background="clips" in features,
            overscan="overscan" in features,
            auto_length="auto_length" in features,
            hardware_deskew="deskew" in features,
            hardware_crop="crop" in features,
            paper_sensor="paper" in sensors,
            cover_sensor="cover" in sensors,
            counter="counter" in sensors,
            buttons=tuple(str(name) for name in message["buttons"]),
        )
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise _nonsense(problem) from problem


def _way(way: Mapping[str, Any]) -> Way:
    listed, span, sheet = way["resolutions"], way["range"], way["sheet_mm"]
    resolutions: tuple[float, ...] | DpiRange = tuple(float(dpi) for dpi in listed or ())
    if span:
        resolutions = DpiRange(float(span[0]), float(span[1]), float(span[2]))
    size = (float(sheet[0]), float(sheet[1])) if sheet else None
    return Way(Source(way["source"]), tuple(Mode(mode) for mode in way["modes"]), resolutions, size)


def read_standing(message: Mapping[str, Any]) -> Standing:
    """The host's answer as a value.

    Raises:
        DeskError: ``scanner.crashed`` when it is nonsense.
    """
    try:
        paper, cover = message["paper"], message["cover_open"]
        return Standing(
            None if paper is None else bool(paper),
            None if cover is None else bool(cover),
            tuple(str(name) for name in message["pressed"]),
        )
    except (KeyError, TypeError) as problem:
        raise _nonsense(problem) from problem


def read_options(message: Mapping[str, Any]) -> tuple[DriverOption, ...]:
    """The host's answer as values.

    Raises:
        DeskError: ``scanner.crashed`` when it is nonsense.
    """
    try:
        return tuple(_option(option) for option in message["options"])
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise _nonsense(problem) from problem


def _option(message: Mapping[str, Any]) -> DriverOption:
    choices, limits = message["choices"], message["limits"]
    return DriverOption(
        name=str(message["name"]),
        title=str(message["title"]),
        kind=str(message["kind"]),
        unit=str(message["unit"]),
        active=bool(message["active"]),
        abilities=tuple(str(word) for word in message["abilities"]),
        choices=tuple(choices) if choices is not None else None,
        limits=(float(limits[0]), float(limits[1]), float(limits[2])) if limits is not None else None,
        value=message["value"],
        count=int(message["count"]),
    )


def _nonsense(problem: Exception) -> DeskError:
    return error("scanner.crashed", f"nonsense from the host: {problem!r}", page=1, kept=0)
