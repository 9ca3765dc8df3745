# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions to use a paper the province keeps already, and how far the province knows of each.

Apart from parcels because nothing is uploaded: one small message, frozen when the clerk decides, with an id that makes
its repetition harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, or_, select, update

from digitizer_desk.dossier.incoming.reuse import Reusable, Reused, ReuseState
from digitizer_desk.errors import error
from digitizer_desk.store.incoming.tables import reuses
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, pages
from digitizer_desk.store.sql.values import By
from digitizer_desk.store.tray.turns import LONGEST_PAUSE

_DESK = "desk"
_OPEN = (ReuseState.WAITING.value, ReuseState.SENDING.value)


@dataclass(frozen=True, slots=True)
class ReuseToSend:
    """What leaves: ``body`` is the canonical JSON told to the province; ``tries`` those that may have arrived."""

    reused: Reused
    dossier_id: str
    component_id: str
    body: str
    tries: int


class Reuses:
    """The reuses of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def choose(self, dossier_id: str, component_id: str, reused: Reused, body: str, by: By) -> None:
        """Record that this component is a paper the province keeps.

        Raises:
            DeskError: ``store.conflict`` when pages lie there, or such a decision stands already.
        """
        with self._database.writing() as connection:
            lies = exists().where(pages.c.component_id == component_id, pages.c.position.is_not(None))
            if connection.scalar(select(lies)) or live(connection, component_id) is not None:
                raise error("store.conflict", "the component is not empty")
            number = (connection.scalar(select(func.max(reuses.c.number))) or 0) + 1
            connection.execute(
                insert(reuses).values(
                    id=reused.id,
                    number=number,
                    dossier_id=dossier_id,
                    component_id=component_id,
                    paper=encode(Reusable, reused.paper),
                    by=reused.by,
                    at=reused.at,
                    body=body,
                    state=ReuseState.WAITING.value,
                    tries=0,
                    error="",
                    said="",
                    receipt="",
                )
            )
            self._note("reuse_chosen", component_id, by, reuse=reused.id, source=reused.paper.source.value)

    def undo(self, component_id: str, by: By) -> None:
        """Take the decision back: only while the province certainly does not know of it, or has refused it.

        Raises:
            DeskError: ``reuse.sent``; ``store.conflict`` when there is none.
        """
        with self._database.writing() as connection:
            row = live(connection, component_id)
            if row is None:
                raise error("store.conflict", "nothing to take back")
            if row.state not in (ReuseState.WAITING, ReuseState.REFUSED) or (
                row.state == ReuseState.WAITING and row.tries
            ):
                raise error("reuse.sent", component=self._title(connection, component_id))
            self._set(connection, row.id, state=ReuseState.UNDONE.value)
            self._note("reuse_undone", component_id, by, reuse=row.id)

    def due(self, now: datetime) -> tuple[ReuseToSend, ...]:
        """Those the province has to be told now, in the order of the decisions."""
        # a pause longer than any was written by a wrong clock
        wrong = reuses.c.next_try_at > now + LONGEST_PAUSE
        later = or_(reuses.c.next_try_at.is_(None), reuses.c.next_try_at <= now, wrong)
        query = select(reuses).where(reuses.c.state.in_(_OPEN), later).order_by(reuses.c.number)
        with self._database.reading() as connection:
            return tuple(
                ReuseToSend(reused_of(row), row.dossier_id, row.component_id, row.body, row.tries)
                for row in connection.execute(query)
            )

    def claim(self, reuse_id: str) -> None:
        """Commit that the message leaves now: from here on it cannot be taken back unasked.

        Raises:
            DeskError: ``store.conflict`` when it was taken back meanwhile.
        """
        with self._database.writing() as connection:
            here = (reuses.c.id == reuse_id) & reuses.c.state.in_(_OPEN)
            values = {"state": ReuseState.SENDING.value}
            if connection.execute(update(reuses).where(here).values(**values)).rowcount == 0:
                raise error("store.conflict", "it was taken back")

    def accepted(self, reuse_id: str, receipt: str) -> None:
        """The province has it."""
        self._settle(reuse_id, ReuseState.ACCEPTED, "reuse_accepted", receipt=receipt, error="", said="")

    def refused(self, reuse_id: str, code: str, said: str) -> None:
        """The province does not take it; its words are kept as they are."""
        self._settle(reuse_id, ReuseState.REFUSED, "reuse_refused", error=code, said=said)

    def later(self, reuse_id: str, next_try_at: datetime | None, code: str, *, counted: bool) -> None:
        """Not now. ``counted``: it may have arrived."""
        with self._database.writing() as connection:
            values = {"state": ReuseState.WAITING.value, "next_try_at": next_try_at, "error": code}
            self._set(connection, reuse_id, **values, tries=reuses.c.tries + int(counted))

    def _settle(self, reuse_id: str, state: ReuseState, action: str, **values: Any) -> None:
        with self._database.writing() as connection:
            row = connection.execute(select(reuses).where(reuses.c.id == reuse_id)).one()
            if row.state == state:
                return
            self._set(connection, reuse_id, state=state.value, next_try_at=None, **values)
            self._note(action, row.component_id, _DESK, reuse=reuse_id, code=str(values["error"]))

    @staticmethod
    def _set(connection: Connection, reuse_id: str, **values: Any) -> None:
        connection.execute(update(reuses).where(reuses.c.id == reuse_id).values(**values))

    @staticmethod
    def _title(connection: Connection, component_id: str) -> str:
        return str(connection.scalar(select(components.c.title).where(components.c.id == component_id)) or "")

    def _note(self, action: str, component_id: str, by: By, /, **facts: str) -> None:
        self._journal.append(action, f"component:{component_id}", by, **facts)


def live(connection: Connection, component_id: str) -> Row[Any] | None:
    """The row that counts for a component."""
    here = (reuses.c.component_id == component_id) & (reuses.c.state != ReuseState.UNDONE.value)
    return connection.execute(select(reuses).where(here)).first()


def reused_of(row: Row[Any]) -> Reused:
    """The decision from its row."""
    paper = decode(Reusable, row.paper)
    return Reused(row.id, paper, row.by, row.at, ReuseState(row.state), row.said, row.receipt)
