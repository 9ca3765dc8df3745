# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The table of faults: what breaks, when, on which way to the scanner, and what the desk must make of it."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass

from digitizer_desk.devices.scanner import Source

SHEETS = 4
BEFORE, INSIDE, BETWEEN, END = "before", "inside", "between", "end"


@dataclass(frozen=True)
class Case:
    """``ends``: the words a batch may end with (more than one only where two processes race). ``pages``: (least, most)
    whole pages that must have come. ``count``: what the witnesses say where the driver calls it a normal end."""

    backend: str
    fault: str
    moment: str
    source: Source
    ends: tuple[str, ...]
    pages: tuple[int, int]
    count: str = ""

    @property
    def id(self) -> str:
        return f"{self.backend}-{self.source}-{self.fault}-{self.moment}"


#: faults of the device before it sends a page -> the code, whatever the moment
_REFUSES = {
    "jam": "scanner.jam",
    "cover": "scanner.cover_open",
    "double": "scanner.double_feed",
    "crash": "scanner.lost",
    "stall": "scanner.stuck",
}
_ANSWERS = {"error": "scanner.lost", "withdrawn": "scanner.lost"}
#: faults inside a page
_SPOILS = {
    "garbage": "scanner.bad_image",
    "truncated": "scanner.bad_image",
    "giant": "scanner.bad_image",
    "nothing": "scanner.bad_image",
    "drop": "scanner.lost",
    "unplug": "scanner.lost",
    "stall_inside": "scanner.stuck",
}
_AFTER = {BEFORE: 0, INSIDE: 2, BETWEEN: 2, END: SHEETS}


def airscan() -> list[Case]:
    """Debian's airscan before the virtual scanner."""
    cases: list[Case] = []

    def feeder(fault: str, moment: str, end: str, pages: int, count: str = "") -> None:
        cases.append(Case("airscan", fault, moment, Source.FEEDER, (end,), (pages, pages), count))

    for fault, code in _REFUSES.items():
        for moment in (BEFORE, BETWEEN, END):
            feeder(fault, moment, code, _AFTER[moment])
        cases.append(Case("airscan", fault, BEFORE, Source.FLATBED, (code,), (0, 0)))
    for fault, code in _ANSWERS.items():
        for moment in (BEFORE, BETWEEN):
            feeder(fault, moment, code, _AFTER[moment])
    for fault, code in _SPOILS.items():
        first = "scanner.offline" if fault == "unplug" else code
        feeder(fault, BEFORE, first, 0)
        feeder(fault, INSIDE, code, 2)
        cases.append(Case("airscan", fault, INSIDE, Source.FLATBED, (first,), (0, 0)))
    # the driver takes these for the end of the stack: the scanner's own words must show that they are none
    feeder("silent", BEFORE, "scanner.jam", 0)
    feeder("silent", BETWEEN, "empty", 2, "differs")
    feeder("vanish", BEFORE, "scanner.jam", 0)
    feeder("vanish", BETWEEN, "empty", 2, "differs")
    feeder("vanish", END, "empty", SHEETS, "unproved")
    feeder("aborted", BEFORE, "scanner.unknown", 0)
    feeder("aborted", BETWEEN, "scanner.unknown", 2)
    feeder("aborted", END, "scanner.unknown", SHEETS)
    feeder("taller", INSIDE, "empty", SHEETS, "proved")
    feeder("none", END, "empty", SHEETS, "proved")
    feeder("deaf", END, "scanner.stuck", SHEETS)
    cases.append(Case("airscan", "deaf", END, Source.FLATBED, ("enough",), (1, 1)))
    for source in (Source.FEEDER, Source.FLATBED):
        cases.append(Case("airscan", "gone", BEFORE, source, ("scanner.offline",), (0, 0)))
        cases.append(Case("airscan", "claims_giant", BEFORE, source, ("scanner.refused",), (0, 0)))
        cases.append(Case("airscan", "claims_nothing", BEFORE, source, ("scanner.refused",), (0, 0)))
    for name, code in _SIGNALS.items():
        for moment in (BEFORE, INSIDE, BETWEEN, END):
            pages = {BEFORE: 0, END: SHEETS}.get(moment, 2)
            feeder(f"host_{name}", moment, code, pages)
    return cases


#: what may strike a host process, or the far process behind a saned
_SIGNALS = {"kill": "scanner.crashed", "segv": "scanner.crashed", "stop": "scanner.stuck"}
SIGNALS = {"kill": signal.SIGKILL, "segv": signal.SIGSEGV, "stop": signal.SIGSTOP}

#: statuses SANE's test device can answer a read with -> our code
STATUSES = {
    "SANE_STATUS_JAMMED": "scanner.jam",
    "SANE_STATUS_COVER_OPEN": "scanner.cover_open",
    "SANE_STATUS_NO_DOCS": "scanner.empty",
    "SANE_STATUS_IO_ERROR": "scanner.offline",
    "SANE_STATUS_DEVICE_BUSY": "scanner.busy",
    "SANE_STATUS_INVAL": "scanner.refused",
    "SANE_STATUS_UNSUPPORTED": "scanner.refused",
    "SANE_STATUS_ACCESS_DENIED": "scanner.denied",
    "SANE_STATUS_NO_MEM": "scanner.unknown",
    "SANE_STATUS_EOF": "scanner.short_page",
    "SANE_STATUS_CANCELLED": "stopped",
}


def test_device() -> list[Case]:
    """SANE's own test device, in the host itself: ten sheets in its feeder."""
    cases: list[Case] = []
    for status, code in STATUSES.items():
        for source in (Source.FEEDER, Source.FLATBED):
            cases.append(Case("test", status, BEFORE, source, (code,), (0, 0)))
    for source in (Source.FEEDER, Source.FLATBED):
        for name, code in _SIGNALS.items():
            cases.append(Case("test", f"host_{name}", BEFORE, source, (code,), (0, 0)))
            cases.append(Case("test", f"host_{name}", INSIDE, source, (code,), (0, 0)))
    for name, code in _SIGNALS.items():
        cases.append(Case("test", f"host_{name}", BETWEEN, Source.FEEDER, (code,), (2, 5)))
        cases.append(Case("test", f"host_{name}", END, Source.FLATBED, (code, "enough"), (1, 1)))
    return cases


def saned() -> list[Case]:
    """The same device behind a saned on loopback: the cable, and the machine at its other end."""
    cases: list[Case] = []
    for fault, ends in {
        # the net backend hears it from the line, waits for ever, aborts (double free) or answers with a number out of
        # memory it never wrote
        "far_kill": ("scanner.stuck", "scanner.lost", "scanner.offline", "scanner.crashed"),
        "far_stop": ("scanner.stuck",),
    }.items():
        for source in (Source.FEEDER, Source.FLATBED):
            cases.append(Case("saned", fault, BEFORE, source, ends, (0, 0)))
            cases.append(Case("saned", fault, INSIDE, source, ends, (0, 0)))
        cases.append(Case("saned", fault, BETWEEN, Source.FEEDER, ends, (2, 5)))
        cases.append(Case("saned", fault, END, Source.FLATBED, ("enough",), (1, 1)))
    cases.append(Case("saned", "far_gone", BEFORE, Source.FEEDER, ("scanner.offline", "scanner.none"), (0, 0)))
    for name, code in _SIGNALS.items():
        cases.append(Case("saned", f"host_{name}", INSIDE, Source.FEEDER, (code,), (0, 0)))
    for status in ("SANE_STATUS_JAMMED", "SANE_STATUS_COVER_OPEN", "SANE_STATUS_NO_DOCS"):
        cases.append(Case("saned", status, BEFORE, Source.FEEDER, (STATUSES[status],), (0, 0)))
    return cases


def covering(cases: Sequence[Case]) -> list[Case]:
    """The few that together show every (backend, fault), (backend, moment, source) and every end at least once."""
    left = list(cases)
    wanted = {fact for case in cases for fact in _facts(case)}
    chosen: list[Case] = []
    while wanted:
        best = max(left, key=lambda case: len(_facts(case) & wanted))
        chosen.append(best)
        left.remove(best)
        wanted -= _facts(best)
    return sorted(chosen, key=lambda case: case.id)


def _facts(case: Case) -> set[tuple[str, ...]]:
    return {
        (case.backend, case.fault),
        (case.backend, case.moment, case.source.value),
        ("end", case.ends[0]),
        ("count", case.count),
    }
