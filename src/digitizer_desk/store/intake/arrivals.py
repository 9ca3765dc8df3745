# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files a scanner pushed to the watched folder, kept whole before their plain copies go.

Apart from ``files.py`` because nobody has said yet where these belong. An arrival lies in the tray as long as no page
in use came from it: that is asked, not stored, so an undo puts it back into the tray by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from digitizer_desk.errors import error
from digitizer_desk.store.files.shelf import Shelf
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import arrivals, page_versions, pages
from digitizer_desk.store.sql.values import By


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that came through the watched folder. ``size`` in bytes; ``name`` as the scanner called it.

    ``cleared``: its plain copy is gone from the folder; ``dropped``: somebody decided that it belongs nowhere.
    """

    sha256: str
    number: int
    name: str
    size: int
    came_at: datetime
    cleared: bool
    dropped: bool


class Arrivals:
    """Arrivals of one cabinet. Any thread."""

    def __init__(self, database: Database, shelf: Shelf, journal: Journal) -> None:
        self._database = database
        self._shelf = shelf
        self._journal = journal

    def keep(self, name: str, data: bytes, came_at: datetime, by: By) -> tuple[Arrival, bool]:
        """Keep a file. Durable when this returns: only then may the plain copy go.

        The second value is False when the same bytes were kept before and the plain copy of then was cleared: the same
        file pushed twice. One that was dropped lies in the tray again.

        Raises:
            DeskError: ``store.disk_full``.
        """
        sha256 = self._shelf.put(data)
        with self._database.writing() as connection:
            known = _row(connection, sha256)
            if known is None:
                number = (connection.scalar(select(func.max(arrivals.c.number))) or 0) + 1
                connection.execute(
                    insert(arrivals).values(
                        sha256=sha256,
                        number=number,
                        name=name,
                        size=len(data),
                        came_at=came_at,
                        cleared=False,
                        dropped=False,
                    )
                )
                self._journal.append("arrival_kept", f"arrival:{sha256}", by, bytes=len(data))
            elif known.cleared:
                of = arrivals.c.sha256 == sha256
                connection.execute(update(arrivals).where(of).values(cleared=False, dropped=False))
                self._journal.append("arrival_again", f"arrival:{sha256}", by, dropped=bool(known.dropped))
            return _arrival(_row(connection, sha256)), known is None or not known.cleared

    def cleared(self, sha256: str, how: str, by: By) -> None:
        """Note that the plain copy is gone: ``how`` is removed or moved."""
        with self._database.writing() as connection:
            connection.execute(update(arrivals).where(arrivals.c.sha256 == sha256).values(cleared=True))
            self._journal.append("arrival_cleared", f"arrival:{sha256}", by, how=how)

    def drop(self, sha256: str, by: By) -> None:
        """Take an arrival out of the tray: it belongs to no dossier. The bytes stay in the cabinet.

        Raises:
            DeskError: ``file.in_use`` when pages of it are in a component, ``file.not_found``.
        """
        with self._database.writing() as connection:
            if _row(connection, sha256) is None:
                raise error("file.not_found", file="")
            if connection.scalar(select(_used()).where(arrivals.c.sha256 == sha256)):
                raise error("file.in_use", component="")
            connection.execute(update(arrivals).where(arrivals.c.sha256 == sha256).values(dropped=True))
            self._journal.append("arrival_dropped", f"arrival:{sha256}", by)

    def known(self, sha256: str) -> bool:
        """Whether these bytes were kept before."""
        with self._database.reading() as connection:
            return _row(connection, sha256) is not None

    def waiting(self) -> tuple[Arrival, ...]:
        """The tray: arrivals no page in use came from, oldest first."""
        query = select(arrivals).where(~arrivals.c.dropped, ~_used()).order_by(arrivals.c.number)
        with self._database.reading() as connection:
            return tuple(_arrival(row) for row in connection.execute(query))

    def data(self, sha256: str) -> bytes:
        """The bytes as they came.

        Raises:
            DeskError: ``store.page_missing``, ``store.page_altered``.
        """
        return self._shelf.get(sha256)


def in_tray(connection: Connection, hashes: Collection[str]) -> set[str]:
    """Which of these hashes (hex) are of files that still wait for their place."""
    query = select(arrivals.c.sha256).where(arrivals.c.sha256.in_(hashes), ~arrivals.c.dropped, ~_used())
    return set(connection.scalars(query))


def _used() -> ColumnElement[bool]:
    return (
        select(page_versions.c.page_id)
        .join(pages, (page_versions.c.page_id == pages.c.id) & (page_versions.c.version == pages.c.version))
        .where(pages.c.position.is_not(None), page_versions.c.file_sha256 == arrivals.c.sha256)
        .correlate(arrivals)
        .exists()
    )


def _row(connection: Connection, sha256: str) -> Row[Any] | None:
    return connection.execute(select(arrivals).where(arrivals.c.sha256 == sha256)).first()


def _arrival(row: Row[Any] | None) -> Arrival:
    assert row is not None
    return Arrival(row.sha256, row.number, row.name, row.size, row.came_at, row.cleared, row.dropped)
