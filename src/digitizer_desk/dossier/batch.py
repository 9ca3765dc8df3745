# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A batch of paper as it is remembered: how it ended, which numbers spoke for its count, which stack it belongs to.

Apart from ``model.py`` because this is about the feeder and the count, not about the papers. What the numbers mean for
a component (R13) is computed in ``stage.py``; here they only stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: the named outcomes; a batch has exactly one of them, or :data:`FAULT` and the code of the failure
PROVED = "finished-proved"
UNPROVED = "finished-unproved"
DIFFERS = "count-differs"
STOPPED = "stopped"
FAULT = "fault:"

#: witnesses that count pictures
PICTURES = ("device_counter", "images_completed")


class Half(StrEnum):
    """Which sides a batch of a stack turned by hand brings."""

    NONE = ""
    FRONTS = "fronts"
    BACKS = "backs"


class Turned(StrEnum):
    """In which order the backs come after the clerk has turned the stack over."""

    REVERSED = "reversed"  # the last sheet first
    SAME = "same"  # the first sheet first


class StackState(StrEnum):
    OPEN = "open"  # backs are still to come, or do not match yet
    JOINED = "joined"
    GIVEN_UP = "given_up"  # the clerk left the pages in the order they came


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack scanned one side after the other. The newest of a component is the one that counts."""

    id: str
    turned: Turned
    state: StackState


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch. ``number`` is its place among all batches of the desk; ``declared`` the sides the clerk had stated
    when it began (None = not yet), ``had`` the pages the component had then; ``outcome`` '' while it runs; ``kept`` the
    pages that are safe; ``evidence`` (witness, number) pairs; ``once`` that settings were changed for it alone."""

    id: str
    number: int
    opened_at: datetime
    work_type: str
    once: bool
    source: str
    declared: int | None
    had: int
    half: Half = Half.NONE
    stack: str = ""
    outcome: str = ""
    kept: int = 0
    evidence: tuple[tuple[str, int], ...] = ()
    closed_at: datetime | None = None

    @property
    def finished(self) -> bool:
        """It ended by itself: neither stopped nor cut short by a failure."""
        return self.outcome in (PROVED, UNPROVED, DIFFERS)

    @property
    def against(self) -> tuple[str, int] | None:
        """The first witness of the device that contradicts the count, or None."""
        return contradiction(dict(self.evidence), self.kept)


@dataclass(frozen=True, slots=True)
class Recount:
    """The clerk counted the paper again and typed the number. ``after`` is the newest batch of the component then."""

    sides: int
    after: int
    by: str
    at: datetime


def contradiction(said: Mapping[str, int], kept: int) -> tuple[str, int] | None:
    """The first of these witnesses that contradicts ``kept`` pages: another count, paper left, an odd side."""
    for kind in PICTURES:
        if kind in said and said[kind] != kept:
            return kind, said[kind]
    for kind in ("feeder_empty", "sides_even"):
        if said.get(kind) == 0:
            return kind, 0
    return None


def named(outcome: str) -> bool:
    """Whether this is an outcome a batch may have."""
    return outcome in (PROVED, UNPROVED, DIFFERS, STOPPED) or (outcome.startswith(FAULT) and outcome != FAULT)
