# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Waiting until paper lies in the feeder, or the scanner's own button is pressed ("chờ giấy").

Apart from scanning because nothing moves here: the scanner is only looked at, now and then, until somebody lays paper.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from digitizer_desk.desk import Desk
from digitizer_desk.errors import DeskError, error

#: how long a stop may go unseen, in seconds
_BREATH = 0.1


class Waited(StrEnum):
    PAPER = "paper"
    BUTTON = "button"
    STOPPED = "stopped"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """Told at each look. ``cover_open``: paper will not be seen before the cover is closed; ``seconds_left`` of the
    patience that is set; ``emptied`` whether the feeder has been seen empty yet."""

    seconds_left: float
    cover_open: bool
    emptied: bool


def wait_for_paper(
    desk: Desk,
    report: Callable[[object], None],
    stop: Callable[[], bool],
    *,
    after_batch: bool = False,
    pause: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Waited:
    """Look at the scanner until there is a reason to start a batch, or to wait no longer.

    ``after_batch``: paper counts only after the feeder has been seen empty, so that a sheet left in it, or a sensor
    that is stuck, does not start one batch after the other.

    Raises:
        DeskError: ``scanner.none``, ``scanner.no_sensor`` (it tells neither paper nor buttons), and every code of
            ``Scanner.look`` but ``scanner.busy``, which only means: later.
    """
    scanner = desk.settings.scanner
    if not scanner.id:
        raise error("scanner.none")
    end = now() + scanner.wait_minutes * 60
    emptied = not after_batch
    capable = False
    while not stop():
        try:
            seen = desk.scanner.look(scanner.id)
        except DeskError as problem:
            if problem.code not in ("scanner.busy", "scanner.warming_up"):
                raise
        else:
            if seen.pressed:
                return Waited.BUTTON
            if seen.paper is None and not capable:
                capable = bool(desk.scanner.capabilities(scanner.id).buttons)
                if not capable:
                    raise error("scanner.no_sensor")
            emptied = emptied or seen.paper is False
            if seen.paper and emptied and not seen.cover_open:
                return Waited.PAPER
            report(StillWaiting(max(0.0, end - now()), bool(seen.cover_open), emptied))
        if now() >= end:
            return Waited.TIMED_OUT
        _rest(scanner.look_every_s, stop, pause)
    return Waited.STOPPED


def _rest(seconds: float, stop: Callable[[], bool], pause: Callable[[float], None]) -> None:
    while seconds > 0 and not stop():
        pause(min(_BREATH, seconds))
        seconds -= _BREATH
