# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whose turn it is: the order in which waiting parcels leave.

Apart from the rows because it is an order of its own: inside a dossier by component and version, never otherwise;
between dossiers the one whose next parcel has waited longest for its size. That is "highest response ratio next"
(Brinch Hansen, *Operating System Principles*, 1973, 5.3): small ones pass a large one, which still gains on every one
that comes later, so none waits for ever; and there is no number to tune.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import Connection, func, or_, select

from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.store.sql.schema import components, parcels

OPEN = (ParcelState.WAITING, ParcelState.SENDING)

#: no pause is longer; one that seems to be was written by a clock that went wrong, and is over
LONGEST_PAUSE = timedelta(hours=2)


class Rush(IntEnum):
    """What "gửi ngay" did to a parcel: nothing, lifted the hours set for sending, or put it before all others."""

    NONE = 0
    NOW = 1
    FIRST = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A parcel that has not arrived, in the few facts its turn depends on. ``size`` in bytes."""

    id: str
    number: int
    dossier_id: str
    component_id: str
    size: int
    made_at: datetime
    state: ParcelState
    next_try_at: datetime | None
    rush: Rush

    def later(self, now: datetime) -> bool:
        """Whether a pause of its own holds it."""
        return self.next_try_at is not None and now < self.next_try_at <= now + LONGEST_PAUSE


def unsent(connection: Connection, dossier_id: str | None = None) -> Iterator[Turn]:
    """Everything that waits or is on its way, of one dossier or of all, each dossier's in its order."""
    query = (
        select(
            parcels.c.id,
            parcels.c.number,
            parcels.c.dossier_id,
            parcels.c.component_id,
            parcels.c.file_size,
            parcels.c.made_at,
            parcels.c.state,
            parcels.c.next_try_at,
            parcels.c.rush,
        )
        .join(components, components.c.id == parcels.c.component_id)
        .where(parcels.c.state.in_([state.value for state in OPEN]))
        .order_by(components.c.number, parcels.c.version)
    )
    if dossier_id is not None:
        query = query.where(parcels.c.dossier_id == dossier_id)
    for row in connection.execute(query):
        number, at, size = row.number, row.made_at, row.file_size
        state, rush = ParcelState(row.state), Rush(row.rush)
        yield Turn(row.id, number, row.dossier_id, row.component_id, size, at, state, row.next_try_at, rush)


def perhaps_due(connection: Connection, now: datetime, *, rushed_only: bool = False) -> bool:
    """Whether any parcel has no reason of its own to wait: a cheap question before the order of thousands is made."""
    pause, here = func.julianday(parcels.c.next_try_at), func.julianday(now.isoformat())
    over = or_(pause.is_(None), pause <= here, pause > func.julianday((now + LONGEST_PAUSE).isoformat()))
    query = select(parcels.c.id).where(parcels.c.state == ParcelState.WAITING.value, over)
    if rushed_only:
        query = query.where(parcels.c.rush != int(Rush.NONE))
    return connection.scalar(query.limit(1)) is not None


def in_turn(waiting: Iterable[Turn], now: datetime, *, rushed_only: bool = False) -> tuple[Turn, ...]:
    """Those that may leave now, first the one whose turn it is.

    One that is on its way, waits for a later try or may not leave yet holds back what follows in its own dossier.
    ``rushed_only``: outside the hours set for sending, only what "gửi ngay" was said of may leave.
    """
    dossiers: dict[str, list[Turn]] = {}
    for turn in waiting:
        dossiers.setdefault(turn.dossier_id, []).append(turn)
    heads: list[tuple[tuple[float, ...], int, str]] = []
    firsts = {dossier_id: min(turn.number for turn in turns) for dossier_id, turns in dossiers.items()}

    def offer(dossier_id: str, place: int) -> None:
        turns = dossiers[dossier_id]
        if place == len(turns):
            return
        turn = turns[place]
        if turn.state is ParcelState.SENDING or turn.later(now) or (rushed_only and turn.rush is Rush.NONE):
            return
        heapq.heappush(heads, (_rank(turn, now, firsts[dossier_id]), place, dossier_id))

    for dossier_id in dossiers:
        offer(dossier_id, 0)
    order = []
    while heads:
        _key, place, dossier_id = heapq.heappop(heads)
        order.append(dossiers[dossier_id][place])
        offer(dossier_id, place + 1)
    return tuple(order)


def _rank(turn: Turn, now: datetime, first: int) -> tuple[float, ...]:
    """Smaller goes first. A clock that was set back makes nobody's waiting negative."""
    waited = max((now - turn.made_at).total_seconds(), 1.0)
    return (-(turn.rush is Rush.FIRST), -waited / max(turn.size, 1), first)
