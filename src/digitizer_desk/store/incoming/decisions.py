# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The province's decisions about documents it has received: kept when they come, applied once, in its own order.

Apart from the outbox because they come days later, again and in any order; what they change there is a parcel's state
and a component's code, in one commit with the line that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from digitizer_desk.dossier.incoming.decision import Decision, DecisionKind
from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.store.incoming.tables import decisions, fetched
from digitizer_desk.store.incoming.waiting import note_fetched
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.outbox import settle_code
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import parcels
from digitizer_desk.store.sql.values import parcel_of

#: as the outbox names a parcel the province gave back after it had received it
RETURNED = "province.returned"
_DESK = "desk"
_STILL_OPEN = (ParcelState.WAITING, ParcelState.SENDING)


class Decisions:
    """The decisions of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def mark(self) -> str:
        """Up to where the province's decisions are kept here, in its own words; '' from the beginning."""
        with self._database.reading() as connection:
            return connection.scalar(select(fetched.c.mark).where(fetched.c.name == "decisions")) or ""

    def keep(self, came: Sequence[Decision], mark: str, at: datetime) -> int:
        """Keep what came and how far it was read, in one commit. Returns how many were new."""
        new = 0
        with self._database.writing() as connection:
            for one in came:
                known = connection.scalar(select(decisions.c.id).where(decisions.c.id == _name(one)))
                if known is None:
                    row = {"id": _name(one), "number": one.number, "parcel_id": one.parcel_id, "outcome": ""}
                    connection.execute(insert(decisions).values(**row, value=encode(Decision, one)))
                    new += 1
            note_fetched(connection, "decisions", mark, at)
        return new

    def apply(self, at: datetime) -> tuple[Decision, ...]:
        """Apply what was kept and not applied yet, each in a commit of its own; those that changed something.

        One about a parcel that is still on its way waits until its receipt is there.
        """
        with self._database.reading() as connection:
            query = select(decisions.c.value).where(decisions.c.outcome == "").order_by(decisions.c.number)
            waiting = [decode(Decision, text) for text in connection.scalars(query)]
        return tuple(one for one in waiting if self._apply(one, at))

    def _apply(self, one: Decision, at: datetime) -> bool:
        with self._database.writing() as connection:
            row = connection.execute(select(parcels).where(parcels.c.id == one.parcel_id)).first()
            if row is not None and parcel_of(row).state in _STILL_OPEN:
                return False
            outcome = "unknown" if row is None else self._outcome(connection, one, parcel_of(row))
            here = decisions.c.id == _name(one)
            connection.execute(update(decisions).where(here).values(outcome=outcome, applied_at=at))
            if row is not None:
                self._journal.append(
                    f"decision_{one.kind.value}",
                    f"parcel:{one.parcel_id}",
                    _DESK,
                    outcome=outcome,
                    code=shown(one.result_code),
                )
        return outcome == "applied"

    def _outcome(self, connection: Connection, one: Decision, parcel: Parcel) -> str:
        """Do what the decision says, if nothing has overtaken it: a later decision, or another version of the paper."""
        mine = (decisions.c.parcel_id == parcel.id) & (decisions.c.outcome == "applied")
        last = connection.scalar(select(func.max(decisions.c.number)).where(mine)) or 0
        number = select(parcels.c.number).where(parcels.c.id == parcel.id).scalar_subquery()
        newer = (parcels.c.component_id == parcel.component_id) & (parcels.c.number > number)
        if last > one.number or parcel.state is not ParcelState.ACCEPTED:
            return "overtaken"
        if one.kind is DecisionKind.RETURNED:
            if connection.scalar(select(parcels.c.id).where(newer).limit(1)) is not None:
                return "overtaken"
            values = {"state": ParcelState.REJECTED.value, "error": RETURNED, "said": one.said}
            connection.execute(update(parcels).where(parcels.c.id == parcel.id).values(**values))
            return "applied"
        received = newer & (parcels.c.state == ParcelState.ACCEPTED.value)
        if not one.result_code or connection.scalar(select(parcels.c.id).where(received).limit(1)) is not None:
            return "overtaken"
        settle_code(connection, parcel.component_id, one.result_code)
        return "applied"


def _name(one: Decision) -> str:
    """What a decision is known by here: two provinces may count alike."""
    return f"{one.id}@{one.parcel_id}"
