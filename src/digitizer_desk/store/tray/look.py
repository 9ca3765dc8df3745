# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The out-tray as a window reads it: how many of which kind, which rows a search finds, and those rows piece by piece.

Apart from the parcels because nobody looks at ten thousand at once: ids first, then only the rows on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, true

from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, parcels
from digitizer_desk.store.sql.values import parcel_of
from digitizer_desk.store.tray.turns import OPEN, Rush

_OPEN = [state.value for state in OPEN]
_RETURNED = [ParcelState.REJECTED.value, ParcelState.NEEDS_PERSON.value]


class Drawer(StrEnum):
    """The kinds a window sorts parcels by. OVERDUE ones are WAITING or ATTENTION too."""

    ALL = "all"
    ATTENTION = "attention"
    OVERDUE = "overdue"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Totals:
    """How many parcels lie in each drawer; ``bytes_left`` of files that have not arrived; ``oldest``: when the oldest
    of these was packed; ``sending``: how many are on their way; ``next_try_at``: when the first pause ends, if all
    that wait have one."""

    drawers: dict[Drawer, int]
    bytes_left: int
    sending: int
    oldest: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A parcel as a row. ``behind``: another of its dossier has to leave before it."""

    parcel: Parcel
    behind: bool = False
    rush: Rush = Rush.NONE


def totals(database: Database, overdue_before: datetime) -> Totals:
    """Count everything, in one question."""
    is_open = parcels.c.state.in_(_OPEN)
    left = parcels.c.state.in_(_OPEN + _RETURNED)
    paused = and_(is_open, parcels.c.next_try_at.is_not(None))
    many = {drawer: func.count().filter(_in(drawer, overdue_before)) for drawer in Drawer}
    query = select(
        *(count.label(drawer.value) for drawer, count in many.items()),
        func.coalesce(func.sum(parcels.c.file_size).filter(is_open), 0).label("bytes_left"),
        func.count().filter(parcels.c.state == ParcelState.SENDING.value).label("sending"),
        func.min(parcels.c.number).filter(left).label("first"),
        func.count().filter(paused).label("paused"),
    ).select_from(parcels)
    with database.reading() as connection:
        row = connection.execute(query).one()
        oldest = connection.scalar(select(parcels.c.made_at).where(parcels.c.number == row.first))
        drawers = {drawer: getattr(row, drawer.value) for drawer in Drawer}
        next_try = None
        if row.paused and row.paused == drawers[Drawer.WAITING]:
            tries = select(parcels.c.next_try_at).where(paused).order_by(parcels.c.next_try_at).limit(1)
            next_try = connection.scalar(tries)
    return Totals(drawers, row.bytes_left, row.sending, oldest, next_try)


def find(database: Database, drawer: Drawer, words: Sequence[str], overdue_before: datetime) -> tuple[str, ...]:
    """Ids of the parcels in a drawer that hold all these words (folded), packed last first."""
    text = func.fold(
        parcels.c.dossier_code
        + literal(" ")
        + parcels.c.component_title
        + literal(" ")
        + parcels.c.receipt
        + literal(" ")
        + parcels.c.said
    )
    holds = [func.instr(text, word) > 0 for word in words]
    query = select(parcels.c.id).where(_in(drawer, overdue_before), *holds).order_by(parcels.c.number.desc())
    with database.reading() as connection:
        return tuple(connection.scalars(query))


def rows(database: Database, ids: Sequence[str]) -> dict[str, Seen]:
    """These parcels as they are now, by their id; those that are gone are not in it."""
    earlier, its_part = parcels.alias(), components.alias()
    mine = components.c
    before = or_(
        its_part.c.number < mine.number,
        and_(its_part.c.number == mine.number, earlier.c.version < parcels.c.version),
    )
    behind = (
        select(literal(1))
        .select_from(earlier.join(its_part, its_part.c.id == earlier.c.component_id))
        .where(earlier.c.dossier_id == parcels.c.dossier_id, earlier.c.state.in_(_OPEN), before)
        .exists()
    )
    query = (
        select(parcels, behind.label("behind"))
        .join(components, mine.id == parcels.c.component_id)
        .where(parcels.c.id.in_(ids))
    )
    with database.reading() as connection:
        return {row.id: Seen(parcel_of(row), bool(row.behind), Rush(row.rush)) for row in connection.execute(query)}


def _in(drawer: Drawer, overdue_before: datetime) -> ColumnElement[bool]:
    state = parcels.c.state
    match drawer:
        case Drawer.ALL:
            return true()
        case Drawer.ATTENTION:
            return state.in_(_RETURNED)
        case Drawer.WAITING:
            return state.in_(_OPEN)
        case Drawer.ACCEPTED:
            return state == ParcelState.ACCEPTED.value
        case Drawer.SUPERSEDED:
            return state == ParcelState.SUPERSEDED.value
    packed_before = func.julianday(parcels.c.made_at) < func.julianday(overdue_before.isoformat())
    return state.in_(_OPEN + _RETURNED) & packed_before
