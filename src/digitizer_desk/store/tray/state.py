# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What holds for the whole out-tray: hurried parcels, a province that rests, a line that is down. Survives restarts.

Apart from single parcels because ten thousand of them wait for the same reason, which is written once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.errors import error
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import parcels, settings
from digitizer_desk.store.sql.values import By
from digitizer_desk.store.tray.turns import LONGEST_PAUSE, Rush, unsent

_REST, _DOWN, _HEARD = "outbox.rest", "outbox.offline_since", "outbox.time_heard"
#: what others say of the time is written down when it moved by so much: asking is cheap, a wait for the disk is not
_MOVED = timedelta(hours=1)
_SUBJECT, _DESK = "outbox:", "desk"


@dataclass(frozen=True, slots=True)
class Rest:
    """``misses``: tries in a row, of whatever parcels, the province did not answer well. Until ``until`` nothing is
    tried; ``code`` is what came last."""

    misses: int = 0
    until: datetime | None = None
    code: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether the province is left alone now. A pause longer than any was written by a wrong clock."""
        return self.until is not None and now < self.until <= now + LONGEST_PAUSE


class TrayState:
    """The out-tray of one cabinet, as a whole. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        #: grows with each wish of a person: a round of sending looks at it instead of asking the database
        self.wishes = 0

    # gửi ngay

    def rush(self, by: By, parcel_id: str | None = None) -> None:
        """Everything that waits may leave whatever the hours and pauses; or one parcel goes before all others, with
        what stands before it in its dossier.

        Raises:
            DeskError: ``store.conflict`` when the parcel does not wait.
        """
        with self._database.writing() as connection:
            waiting = parcels.c.state == ParcelState.WAITING.value
            self._forget(connection, _REST)
            if parcel_id is None:
                mine = waiting & (parcels.c.rush == Rush.NONE)
                connection.execute(update(parcels).where(waiting).values(next_try_at=None))
                count = connection.execute(update(parcels).where(mine).values(rush=Rush.NOW)).rowcount
                if count:
                    self._journal.append("outbox_rushed", _SUBJECT, by, parcels=count)
            else:
                ids = _up_to(connection, parcel_id)
                first = waiting & parcels.c.id.in_(ids)
                connection.execute(update(parcels).where(first).values(rush=Rush.FIRST, next_try_at=None))
                self._journal.append("parcel_rushed", f"parcel:{parcel_id}", by, parcels=len(ids))
        self.wishes += 1

    # the province rests

    def resting(self) -> Rest:
        """What is known of the province's strength."""
        with self._database.reading() as connection:
            text = connection.scalar(select(settings.c.value).where(settings.c.key == _REST))
        if not text:
            return Rest()
        misses, until, code = json.loads(text)
        return Rest(misses, datetime.fromisoformat(until) if until else None, code)

    def rest(self, rest: Rest) -> None:
        """Keep how often it failed, and until when it is left alone."""
        text = json.dumps([rest.misses, rest.until.isoformat() if rest.until else "", rest.code])
        with self._database.writing() as connection:
            self._put(connection, _REST, text)
            if rest.until is not None:
                self._journal.append("province_rests", _SUBJECT, _DESK, code=rest.code, until=rest.until.isoformat())

    def rested(self) -> None:
        """It answered well."""
        with self._database.writing() as connection:
            self._forget(connection, _REST)

    # the line

    def offline_since(self) -> datetime | None:
        """Since when there has been no network, as far as sending saw."""
        with self._database.reading() as connection:
            text = connection.scalar(select(settings.c.value).where(settings.c.key == _DOWN))
        return datetime.fromisoformat(text) if text else None

    def line_lost(self, at: datetime) -> None:
        """There is no network; what was known before stays."""
        if self.offline_since() is not None:
            return
        with self._database.writing() as connection:
            self._put(connection, _DOWN, at.isoformat())
            self._journal.append("line_lost", _SUBJECT, _DESK)

    def line_back(self) -> bool:
        """There is network. When there was none before, no parcel waits for an earlier failure any longer."""
        if self.offline_since() is None:
            return False
        with self._database.writing() as connection:
            self._forget(connection, _DOWN)
            self._forget(connection, _REST)
            waiting = parcels.c.state == ParcelState.WAITING.value
            connection.execute(update(parcels).where(waiting).values(next_try_at=None))
            self._journal.append("line_back", _SUBJECT, _DESK)
        return True

    # the time

    def time_heard(self) -> datetime | None:
        """What time it was, by the other side, when it was heard last; None before it ever told."""
        with self._database.reading() as connection:
            text = connection.scalar(select(settings.c.value).where(settings.c.key == _HEARD))
        return datetime.fromisoformat(text) if text else None

    def hear_time(self, told: datetime, *, now: bool) -> None:
        """Keep a time the other side told. ``now``: it is its own clock's, and takes the place of all before it; else
        that of an act of its own, which at least has passed. Kept to the hour."""
        known = self.time_heard()
        if known is not None and (told - known < _MOVED if not now else abs(told - known) < _MOVED):
            return
        with self._database.writing() as connection:
            self._put(connection, _HEARD, told.isoformat())

    @staticmethod
    def _put(connection: Connection, key: str, value: str) -> None:
        connection.execute(delete(settings).where(settings.c.key == key))
        connection.execute(insert(settings).values(key=key, value=value))

    @staticmethod
    def _forget(connection: Connection, key: str) -> None:
        connection.execute(delete(settings).where(settings.c.key == key))


def _up_to(connection: Connection, parcel_id: str) -> list[str]:
    """The parcel and what has to leave before it."""
    dossier_id = connection.scalar(select(parcels.c.dossier_id).where(parcels.c.id == parcel_id))
    ids = [turn.id for turn in unsent(connection, dossier_id)] if dossier_id is not None else []
    if parcel_id not in ids:
        raise error("store.conflict", "the parcel does not wait")
    return ids[: ids.index(parcel_id) + 1]
