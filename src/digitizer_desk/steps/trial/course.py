# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The course of a trial as a frozen value: its parts in the order of the work, and how far it came.

Apart from the acts because what is shown after each of them, and what stays "chưa thử" after a failure, is a question
of this table alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from digitizer_desk.dossier.finding import Finding
from digitizer_desk.errors import DeskError


class Part(StrEnum):
    """What is tried, in this order. REMOVE is done whatever came before it."""

    SCAN = "scan"
    CHECK = "check"
    PDF = "pdf"
    SIGN = "sign"
    DATA = "data"
    SEND = "send"
    REMOVE = "remove"


class State(StrEnum):
    """How a part went. MIND: done, with something to know; LATER: not tried because somebody chose so, or not set."""

    UNTRIED = "untried"
    RUNNING = "running"
    OK = "ok"
    MIND = "mind"
    LATER = "later"
    STOP = "stop"


#: states after which the next part may be tried
_GOES_ON = frozenset({State.OK, State.MIND})


@dataclass(frozen=True, slots=True)
class Told:
    """What an act found: ``code`` is one of ``messages.trial``, ``facts`` fill its words and name no person;
    ``findings`` what the checks said of the sheet."""

    code: str
    state: State = State.OK
    facts: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One part: ``told`` when it was done, ``problem`` when it failed."""

    part: Part
    state: State = State.UNTRIED
    told: Told | None = None
    problem: DeskError | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """All parts of one trial."""

    lines: tuple[Line, ...] = tuple(Line(part) for part in Part)

    def line(self, part: Part) -> Line:
        """The line of a part."""
        return next(line for line in self.lines if line.part is part)

    @property
    def next(self) -> Part | None:
        """The part to do now: after a failure, or what somebody put off, only what removes the trial; None at the
        end and while a part is running."""
        for line in self.lines:
            if line.state is State.RUNNING:
                return None
            if line.state is State.UNTRIED:
                return line.part if self._open else self._last_due
        return None

    @property
    def _open(self) -> bool:
        done = [line for line in self.lines if line.state is not State.UNTRIED and line.part is not Part.SEND]
        return all(line.state in _GOES_ON for line in done)

    @property
    def _last_due(self) -> Part | None:
        return Part.REMOVE if self.line(Part.REMOVE).state is State.UNTRIED else None

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do and nothing is running."""
        return self.line(Part.REMOVE).state in (State.OK, State.MIND, State.STOP)

    @property
    def passed(self) -> bool:
        """Whether everything a desk needs by itself was done. Sending counts when it failed, not when the province is
        not set yet or has no way to send a trial."""
        return self.ended and all(
            line.state in _GOES_ON or (line.part is Part.SEND and line.state is State.LATER) for line in self.lines
        )

    def begun(self, part: Part) -> Course:
        """This part is under way."""
        return self._with(Line(part, State.RUNNING))

    def done(self, part: Part, told: Told) -> Course:
        """This part came to an end by itself."""
        return self._with(Line(part, told.state, told))

    def failed(self, part: Part, problem: DeskError) -> Course:
        """This part failed; those after it stay untried."""
        return self._with(Line(part, State.STOP, problem=problem))

    def halted(self, part: Part) -> Course:
        """Somebody stopped it here."""
        return self.done(part, Told("halted", State.LATER))

    def _with(self, new: Line) -> Course:
        return replace(self, lines=tuple(new if line.part is new.part else line for line in self.lines))
