# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Lots are made: the signed pages of a day, the level in force, a sample drawn with a seed that is kept.

Apart from judging because here is decided what is looked at, before anybody has looked.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.dossier.review import Level, Lot, SignedPage
from digitizer_desk.errors import error
from digitizer_desk.rules.sampling import draw
from digitizer_desk.steps.officers import need
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.review.source import OwnCabinet, Source
from digitizer_desk.store.review.lots import new_lot

#: a fresh seed: 128 random bits
_SEED_BYTES = 16


@dataclass(frozen=True, slots=True)
class WaitingDay:
    """A day with signed pages in no lot: how many, by scanner and by officer (id). ``small``: all are looked at."""

    day: date
    pages: int
    scanners: tuple[tuple[str, int], ...]
    officers: tuple[tuple[str, int], ...]
    small: bool


def waiting_days(desk: Desk, source: Source | None = None) -> tuple[WaitingDay, ...]:
    """The days that wait for a lot, oldest first.

    Raises:
        DeskError: ``rules.unreadable``, ``store.*``.
    """
    found = (source or OwnCabinet(desk)).signed_pages()
    least = desk.sampling().whole_below
    days = sorted({page.day for page in found})
    return tuple(_waiting(day, [page for page in found if page.day == day], least) for day in days)


def _waiting(day: date, members: list[SignedPage], least: int) -> WaitingDay:
    scanners = Counter(page.scanner for page in members)
    officers = Counter(page.officer for page in members)
    return WaitingDay(
        day, len(members), tuple(scanners.most_common()), tuple(officers.most_common()), len(members) < least
    )


def level_now(desk: Desk, source: Source | None = None) -> Level:
    """How strictly the next lot of this desk is looked at.

    Raises:
        DeskError: ``rules.unreadable``, ``store.*``.
    """
    name = (source or OwnCabinet(desk)).name
    return desk.sampling().level_after(desk.cabinet.lots.history(name))


def open_lot(desk: Desk, days: Collection[date], by: Officer, source: Source | None = None) -> Lot:
    """Make a lot of the signed pages of one day, or of several of which all but the last are small; draw its sample.

    Raises:
        DeskError: ``officer.not_allowed``; ``review.nothing`` when no page of these days waits;
            ``review.not_joinable`` when a day is large enough for a lot of its own; ``rules.unreadable``, ``store.*``.
    """
    need(by, Role.SUPERVISOR)
    source = source or OwnCabinet(desk)
    scheme = desk.sampling()
    members = [page for page in source.signed_pages() if page.day in days]
    if not members:
        raise error("review.nothing")
    per_day = Counter(page.day for page in members)
    for day in sorted(per_day)[:-1]:
        if per_day[day] >= scheme.whole_below:
            raise error("review.not_joinable", day=day, pages=per_day[day], least=scheme.whole_below)
    level = level_now(desk, source)
    plan = scheme.plan(len(members), level)
    seed = secrets.token_hex(_SEED_BYTES)
    lot = new_lot(source.name, members, level, scheme.id, plan.sample, plan.accept, seed, desk.clock())
    with act(desk, "lot", lot.id):
        return desk.cabinet.lots.make(lot, members, sample_of(seed, members, plan.sample), by)


def sample_of(seed: str, members: Collection[SignedPage], count: int) -> list[tuple[str, int]]:
    """The sample this seed draws from these pages: what an auditor repeats. A page is named "id:version"."""
    names = {f"{page.page_id}:{page.version}": (page.page_id, page.version) for page in members}
    return [names[name] for name in draw(seed, names, count)]


def drawn_as_kept(desk: Desk, lot_id: str) -> bool:
    """Whether the seed of a lot draws exactly the sample that was kept.

    Raises:
        DeskError: ``review.unknown``.
    """
    lot, pages = desk.cabinet.lots.get(lot_id), desk.cabinet.lots.pages(lot_id)
    again = sample_of(lot.seed, [one.page for one in pages], lot.sample_size)
    return again == [(one.page.page_id, one.page.version) for one in pages if one.place is not None]


def cause_found(desk: Desk, note: str, by: Officer, source: Source | None = None) -> None:
    """The cause of many refused lots was found: samples are enough again, at the tightened level.

    Raises:
        DeskError: ``officer.not_allowed``, ``review.note_missing``.
    """
    need(by, Role.SUPERVISOR)
    if not note.strip():
        raise error("review.note_missing")
    desk.cabinet.lots.cause_found((source or OwnCabinet(desk)).name, note.strip(), by)
