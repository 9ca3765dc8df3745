# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The watched folder: what a scanner pushes to a share is kept, its plain copy goes, and it is put where it belongs.

Apart from ``files.py`` because nobody chose these files. Two orders hold at every instant, a kill included: a plain
copy goes only after its bytes are sealed, synced and committed; and pages go into a component only while no page in use
came from the same bytes. So no file is lost and none comes twice; at worst it waits in the tray.

A file goes into a component by itself only when that component lay open, without a break, since before the file began
to arrive. What came at any other time waits for a person: a minute later another citizen's dossier is open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.apart import Reader
from digitizer_desk.steps.intake import share
from digitizer_desk.steps.intake.files import IntakeOutcome, bring
from digitizer_desk.steps.intake.source import from_tray, read_whole
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.store.intake.arrivals import Arrival

#: who the journal names when nobody is logged in
DESK = "desk"
#: errors that may pass when the writer has finished: what is wrong with half a file, or with one that is held open
_MAY_PASS = frozenset({"file.changing", "file.unreachable", "image.empty", "image.damaged", "image.unreadable"})


@dataclass(frozen=True, slots=True)
class Target:
    """The component under the counter's cursor, and since when it lies there without a break."""

    dossier_id: str
    component_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Glance:
    """How a file stood when it was last seen. ``after``: the last look that did not see it, None when there was none;
    ``still_since``: when it was first seen as it stands; ``kept``: its SHA-256 once the cabinet has it."""

    size: int
    mtime_ns: int
    after: datetime | None
    still_since: datetime
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found, to be handed to the next as ``before``.

    ``brought``: put into the open component; ``waiting``: the tray; ``aside``: moved aside, each with why; ``again``:
    names of files pushed a second time; ``troubles``: what a person should know.
    """

    at: datetime
    seen: Mapping[str, Glance]
    brought: tuple[IntakeOutcome, ...] = ()
    waiting: tuple[Arrival, ...] = ()
    aside: tuple[DeskError, ...] = ()
    again: tuple[str, ...] = ()
    troubles: tuple[DeskError, ...] = ()


def look(
    desk: Desk,
    before: Look | None,
    target: Callable[[], Target | None],
    by: Officer | None,
    words: Callable[[DeskError], str],
    report: Callable[[object], None],
    stop: Callable[[], bool],
) -> Look:
    """Look into the folder once. ``before`` None: the first look, or the first after the folder was out of reach;
    what lies there then came at a time nobody knows and goes to the tray.

    ``words`` gives the sentence for the note beside a file that is moved aside.

    Raises:
        DeskError: ``folder.unreachable``, ``store.*``.
    """
    folder = Path(desk.settings.intake.folder)
    now = desk.clock()
    if before is None:
        share.put_right(folder, known=desk.cabinet.arrivals.known, remove=_removes(desk))
    round_ = _Round(desk, folder, target, by, words, report, stop)
    for path, size, mtime_ns in share.files(folder):
        if stop():
            break
        old = before.seen.get(path.name) if before is not None else None
        glance = _glance(old, size, mtime_ns, now, before.at if before is not None else None)
        round_.seen[path.name] = glance
        # it also stood still when it was seen at a time that has not come: the clock was set back since
        if not timedelta(0) <= now - glance.still_since < timedelta(seconds=desk.settings.intake.still_seconds):
            round_.take(path, glance)
    return Look(
        at=now,
        seen=round_.seen,
        brought=tuple(round_.brought),
        waiting=desk.cabinet.arrivals.waiting(),
        aside=tuple(round_.aside),
        again=tuple(round_.again),
        troubles=tuple(round_.troubles),
    )


def _glance(old: Glance | None, size: int, mtime_ns: int, now: datetime, last: datetime | None) -> Glance:
    if old is None:
        return Glance(size, mtime_ns, last, now)
    if (old.size, old.mtime_ns) != (size, mtime_ns):
        return replace(old, size=size, mtime_ns=mtime_ns, still_since=now, kept="")
    return old


def _removes(desk: Desk) -> bool:
    return desk.settings.intake.after == "remove"


@dataclass(slots=True)
class _Round:
    """One look under way."""

    desk: Desk
    folder: Path
    target: Callable[[], Target | None]
    by: Officer | None
    words: Callable[[DeskError], str]
    report: Callable[[object], None]
    stop: Callable[[], bool]
    seen: dict[str, Glance] = field(default_factory=dict)
    brought: list[IntakeOutcome] = field(default_factory=list)
    aside: list[DeskError] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    troubles: list[DeskError] = field(default_factory=list)

    def take(self, path: Path, glance: Glance) -> None:
        """Keep a file that stands still, clear its plain copy, put it where it belongs."""
        if glance.kept:  # kept before, but its copy could not be cleared: that alone is tried again
            self._clear(path, glance.kept)
            return
        try:
            data = read_whole(path)
            self._try_to_read(data, nfc(path.name))
        except DeskError as problem:
            self._cannot(path, glance, problem)
            return
        with act(self.desk, "arrive", hashlib.sha256(data).hexdigest()):
            arrival, new = self.desk.cabinet.arrivals.keep(
                nfc(path.name), data, self.desk.clock(), self.by.id if self.by is not None else DESK
            )
        self.seen[path.name] = replace(glance, kept=arrival.sha256)
        if not new:
            self.again.append(nfc(path.name))
        self._clear(path, arrival.sha256)
        if new:
            self._place(arrival, glance)

    def _try_to_read(self, data: bytes, name: str) -> None:
        """Whole means: it can be read to its end. A page inside that cannot is no reason to leave it on the share.

        Raises:
            DeskError: the file as a whole, or every page of it, cannot be read.
        """
        good, bad = 0, None
        with Reader() as reader:
            for said in reader.read(data, name, self.stop):
                bad = said if isinstance(said, DeskError) and bad is None else bad
                good += not isinstance(said, DeskError)
        if bad is not None and good == 1:  # only its head
            raise bad

    def _cannot(self, path: Path, glance: Glance, problem: DeskError) -> None:
        """Half a file may become a whole one; what stays unreadable is moved aside with a note."""
        patience = timedelta(seconds=self.desk.settings.intake.patience_seconds)
        if problem.code == "file.not_found":
            del self.seen[path.name]
            return
        if problem.code in _MAY_PASS and timedelta(0) <= self.desk.clock() - glance.still_since < patience:
            return
        if problem.code in ("file.changing", "file.unreachable"):
            self.troubles.append(problem)
            return
        try:
            share.set_aside(path, self.folder, self.words(problem))
        except OSError as wrong:
            self.troubles.append(error("folder.not_cleared", type(wrong).__name__, file=nfc(path.name)))
            return
        self.desk.cabinet.journal.append(
            "arrival_set_aside", "folder:intake", self.by or DESK, reason=problem.code, bytes=glance.size
        )
        self.aside.append(problem)
        del self.seen[path.name]

    def _clear(self, path: Path, sha256: str) -> None:
        try:
            gone = share.clear(path, self.folder, sha256, remove=_removes(self.desk))
        except OSError as wrong:
            self.troubles.append(error("folder.not_cleared", type(wrong).__name__, file=nfc(path.name)))
            return
        self.seen.pop(path.name, None)
        if gone:
            how = "removed" if _removes(self.desk) else "moved"
            self.desk.cabinet.arrivals.cleared(sha256, how, self.by.id if self.by is not None else DESK)

    def _place(self, arrival: Arrival, glance: Glance) -> None:
        """Into the open component, when it can only have been meant for it; else it stays in the tray."""
        target = self.target()
        if target is None or self.by is None or glance.after is None or target.since > glance.after:
            return
        source = from_tray(self.desk, arrival.sha256, arrival.name)
        try:
            outcome = bring(
                self.desk,
                target.dossier_id,
                target.component_id,
                (source,),
                self.by,
                self.report,
                self.stop,
                first_time=True,
            )
        except DeskError as problem:
            if problem.code.startswith("store."):
                raise
            if problem.code != "file.in_use":
                self.troubles.append(problem)
            return
        self.troubles += [problem for _, problem in outcome.refused]
        if outcome.kept:
            self.brought.append(outcome)
