# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The province's list of waiting dossiers, as it was last fetched; it opens without a network.

Apart from dossiers because a line is only what the province says: it is replaced by the next list, and one that was
opened is found by its code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from digitizer_desk.dossier.incoming.waiting import WaitingDossier, WaitingLine
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.dossier.text import fold
from digitizer_desk.store.incoming.tables import fetched
from digitizer_desk.store.incoming.tables import waiting_dossiers as lines
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import dossiers, parcels


class Waiting:
    """The list of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def replace(
        self, found: Sequence[WaitingDossier], mark: str, at: datetime, said: Mapping[str, str] | None = None
    ) -> None:
        """Take the whole list as it is now. ``mark`` is the province's own mark of it; ``said`` its words about
        dossiers it withdrew, by code.

        A line that is gone goes here too, unless work on it has begun and nothing of it was received: then it stays,
        marked as withdrawn.
        """
        words = said or {}
        with self._database.writing() as connection:
            listed = {one.code for one in found}
            gone = [code for code in connection.scalars(select(lines.c.code)) if code not in listed]
            begun = self._begun(connection, gone)
            connection.execute(delete(lines).where(lines.c.code.in_([code for code in gone if code not in begun])))
            marked = 0
            for code in begun:
                here = lines.c.code == code
                marked += connection.execute(
                    update(lines).where(here, lines.c.withdrawn_at.is_(None)).values(withdrawn_at=at)
                ).rowcount
                if words.get(code):
                    connection.execute(update(lines).where(here).values(said=words[code]))
            for number, one in enumerate(found, start=1):
                connection.execute(delete(lines).where(lines.c.code == one.code))
                connection.execute(insert(lines).values(number=number, **_row(one)))
            changed = note_fetched(connection, "dossiers", mark, at)
            if changed:
                self._journal.append(
                    "waiting_fetched", "list:dossiers", "desk", lines=len(found), gone=len(gone), withdrawn=marked
                )

    @staticmethod
    def _begun(connection: Connection, codes: Sequence[str]) -> list[str]:
        """Those on which work has begun here and of which the province has received nothing yet."""
        received = exists().where(parcels.c.dossier_id == dossiers.c.id, parcels.c.state == ParcelState.ACCEPTED.value)
        query = select(dossiers.c.code).where(dossiers.c.code.in_(codes), ~received)
        return list(connection.scalars(query))

    def seen(self, at: datetime) -> None:
        """The province was asked again, and its list has not changed."""
        with self._database.writing() as connection:
            connection.execute(update(fetched).where(fetched.c.name == "dossiers").values(at=at))

    def last(self) -> tuple[str, datetime] | None:
        """The mark of the list kept, and when it was true; None when none was ever fetched."""
        with self._database.reading() as connection:
            row = connection.execute(select(fetched).where(fetched.c.name == "dossiers")).first()
        return (row.mark, row.at) if row is not None else None

    def find(self, words: str = "", limit: int = 500) -> tuple[WaitingLine, ...]:
        """Lines in which every word occurs, marks and case no matter: withdrawn ones first, then those nobody has
        opened, then the others, each in the province's order."""
        query = _query().order_by(lines.c.withdrawn_at.is_(None), dossiers.c.id.is_not(None), lines.c.number)
        for word in fold(words).split():
            query = query.where(lines.c.search.contains(word, autoescape=True))
        with self._database.reading() as connection:
            return tuple(_line(row) for row in connection.execute(query.limit(limit)))

    def get(self, code: str) -> WaitingLine | None:
        """The line of this code, None when it is not on the list."""
        with self._database.reading() as connection:
            row = connection.execute(_query().where(lines.c.code == code)).first()
        return _line(row) if row is not None else None

    def count(self) -> int:
        """How many nobody has opened yet."""
        known = exists().where(dossiers.c.code == lines.c.code)
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(lines).where(~known)) or 0


def note_fetched(connection: Connection, name: str, mark: str, at: datetime) -> bool:
    """Keep how far a list was read; whether its mark is another than before."""
    here = fetched.c.name == name
    before = connection.scalar(select(fetched.c.mark).where(here))
    connection.execute(delete(fetched).where(here))
    connection.execute(insert(fetched).values(name=name, mark=mark, at=at))
    return before is None or before != mark


def _query() -> Any:
    return select(lines, dossiers.c.id.label("dossier_id")).outerjoin(dossiers, dossiers.c.code == lines.c.code)


def _row(one: WaitingDossier) -> dict[str, Any]:
    person = one.applicant
    words = (one.code, person.name, person.identifier, one.procedure, one.procedure_title)
    return {
        "code": one.code,
        "value": encode(WaitingDossier, one),
        "search": fold(" ".join(words)),
        "withdrawn_at": None,
        "said": "",
    }


def _line(row: Row[Any]) -> WaitingLine:
    return WaitingLine(decode(WaitingDossier, row.value), row.dossier_id or "", row.withdrawn_at, row.said)
