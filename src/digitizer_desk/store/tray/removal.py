# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Copies that leave this machine once the province has confirmed them: all of a dossier, or none (R57).

Apart from the shelf because it must be a decision first: one commit names everything that leaves and says so in the
journal; only then files are removed. Whatever a cut leaves of them is removed when the cabinet is opened. What is known
of the dossier, its hashes and its receipts stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, FromClause, Select, delete, func, insert, or_, select, update

from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.dossier.stage import confirmed_at
from digitizer_desk.store.files.shelf import Shelf
from digitizer_desk.store.intake.arrivals import in_tray
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.review.to_see import to_be_seen
from digitizer_desk.store.sql.assembly import load
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import (
    components,
    documents,
    dossiers,
    files,
    page_versions,
    pages,
    parcels,
    removed,
)
from digitizer_desk.store.sql.values import By

_NOT_THROUGH = [
    state.value for state in (ParcelState.WAITING, ParcelState.SENDING, ParcelState.REJECTED, ParcelState.NEEDS_PERSON)
]


_VERSIONS = page_versions.join(pages, pages.c.id == page_versions.c.page_id).join(
    components, components.c.id == pages.c.component_id
)
#: where rows name sealed content: what holds them, joined with their component, and the column
_NAMED: tuple[tuple[FromClause, Column[str]], ...] = (
    (_VERSIONS, page_versions.c.sha256),
    (_VERSIONS, page_versions.c.file_sha256),
    (files.join(components, components.c.id == files.c.component_id), files.c.sha256),
    (documents.join(components, components.c.id == documents.c.component_id), documents.c.sha256),
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A dossier the province confirmed as a whole, at ``at``, and which still lies here. ``in_review``: a page of it
    lies in a lot that is not looked through yet, or came back to the clerk: it is still to be seen."""

    dossier_id: str
    code: str
    at: datetime
    in_review: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """``files`` sealed files with ``size`` bytes on disk left this machine."""

    files: int
    size: int


class Removal:
    """What leaves the cabinet, and what left it. Any thread."""

    def __init__(self, database: Database, shelf: Shelf, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._shelf = shelf
        self._journal = journal
        self._clock = clock
        shelf.left = self.left

    def left(self, sha256: str) -> bool:
        """Whether content with this hash left this machine on purpose."""
        with self._database.reading() as connection:
            return connection.scalar(select(removed.c.at).where(removed.c.sha256 == sha256)) is not None

    def confirmed(self, before: datetime | None = None) -> tuple[Confirmed, ...]:
        """Dossiers of which everything was confirmed (before a moment) and that still lie here, first the oldest."""
        with self._database.reading() as connection:
            ids = connection.scalars(_perhaps(before)).all()
            whole = [(dossier, at) for dossier in (load(connection, i) for i in ids) if (at := confirmed_at(dossier))]
            seen = to_be_seen(connection) if whole else frozenset()
        found = [Confirmed(d.id, d.code, at, d.id in seen) for d, at in whole if before is None or at <= before]
        return tuple(sorted(found, key=lambda one: one.at))

    def size(self, dossier_id: str) -> Removed:
        """What would leave with a dossier now."""
        with self._database.reading() as connection:
            return self._measure(_content(connection, dossier_id))

    def remove(self, dossier_id: str, by: By) -> Removed | None:
        """Let every picture, file and document of a dossier leave. None, and nothing happens, when it is not confirmed
        as a whole (any more), a review has still to see a page of it, or some of it came in only just now.

        Raises:
            DeskError: ``store.disk_full``, ``store.damaged``; nothing has left then.
        """
        content: set[str] = set()
        try:
            with self._database.writing() as connection:
                content = self._may_leave(connection, dossier_id)
                if not content or not self._shelf.doom(content):
                    return None
                taken = self._measure(content)
                self._write(connection, dossier_id, content, by, taken)
        except BaseException:
            self._shelf.spare(content)
            raise
        self.finish()
        return taken

    @staticmethod
    def _may_leave(connection: Connection, dossier_id: str) -> set[str]:
        if connection.scalar(_perhaps(None).where(dossiers.c.id == dossier_id)) is None:
            return set()
        if confirmed_at(load(connection, dossier_id)) is None or dossier_id in to_be_seen(connection):
            return set()
        return _content(connection, dossier_id)

    def _write(self, connection: Connection, dossier_id: str, content: set[str], by: By, taken: Removed) -> None:
        at = self._clock()
        for part in _some(content):
            connection.execute(delete(removed).where(removed.c.sha256.in_(part)))
            rows = [{"sha256": sha256, "dossier_id": dossier_id, "at": at, "gone": False} for sha256 in part]
            connection.execute(insert(removed), rows)
        connection.execute(update(dossiers).where(dossiers.c.id == dossier_id).values(removed_at=at))
        sent = [c for c in load(connection, dossier_id).components if c.document is not None and c.parcel is not None]
        self._journal.append(
            "copies_removed",
            f"dossier:{dossier_id}",
            by,
            files=taken.files,
            documents=[c.document.sha256 for c in sent if c.document is not None],
            receipts=[shown(c.parcel.receipt) for c in sent if c.parcel is not None],
        )

    def _measure(self, content: set[str]) -> Removed:
        found = [path.stat().st_size for path in map(self._shelf.path_of, content) if path.is_file()]
        return Removed(len(found), sum(found))

    def finish(self) -> int:
        """Remove the files of everything that was let go; also what a cut left. Returns how many there were.

        Raises:
            DeskError: ``store.disk_full``, ``store.damaged``; asked again it goes on.
        """
        with self._database.reading() as connection:
            left = set(connection.scalars(select(removed.c.sha256).where(~removed.c.gone)))
        if not left:
            return 0
        self._shelf.doom(left)
        saved = self._shelf.drop(left)
        with self._database.writing() as connection:
            for part in _some(left):
                connection.execute(update(removed).where(removed.c.sha256.in_(part)).values(gone=True))
            for part in _some(set(saved)):
                connection.execute(delete(removed).where(removed.c.sha256.in_(part)))
        return len(left) - len(saved)


def _perhaps(before: datetime | None) -> Select[Any]:
    """Ids of dossiers with a receipt, nothing on its way, and not removed since: few questions for many dossiers."""
    last = func.max(func.julianday(parcels.c.accepted_at))
    unsent = select(parcels.c.dossier_id).where(parcels.c.state.in_(_NOT_THROUGH))
    query = (
        select(dossiers.c.id)
        .join(parcels, parcels.c.dossier_id == dossiers.c.id)
        .where(parcels.c.state == ParcelState.ACCEPTED.value, dossiers.c.id.not_in(unsent))
        .group_by(dossiers.c.id)
        .having(or_(dossiers.c.removed_at.is_(None), func.julianday(dossiers.c.removed_at) < last))
    )
    return query if before is None else query.having(last <= func.julianday(before.isoformat()))


def _content(connection: Connection, dossier_id: str) -> set[str]:
    """Hashes of all that was sealed for a dossier and for no other one that is still here. A file that was taken out of
    it again and waits for its place was never sent: it stays."""
    mine = _of(connection, dossier_id)
    others: set[str] = set()
    for part in _some(mine):
        for holders, sha256 in _NAMED:
            query = select(components.c.dossier_id).select_from(holders).where(sha256.in_(part)).distinct()
            others |= set(connection.scalars(query))
        mine -= in_tray(connection, part)
    for other in others - {dossier_id}:
        if not _left_already(connection, other):
            mine -= _of(connection, other)
    return mine


def _of(connection: Connection, dossier_id: str) -> set[str]:
    """Hashes the rows of a dossier name: pictures in every version, files they came in, documents."""
    here = components.c.dossier_id == dossier_id
    found: set[str] = set()
    for holders, sha256 in _NAMED:
        found |= set(connection.scalars(select(sha256).select_from(holders).where(here, sha256.is_not(None))))
    return found


def _left_already(connection: Connection, dossier_id: str) -> bool:
    """Whether a dossier's copies left and nothing came to it since."""
    removed_at = connection.scalar(select(dossiers.c.removed_at).where(dossiers.c.id == dossier_id))
    if removed_at is None:
        return False
    at = confirmed_at(load(connection, dossier_id))
    return at is not None and at <= removed_at


def _some(hashes: set[str]) -> Iterator[list[str]]:
    """In pieces no question to the database is too long for."""
    every = sorted(hashes)
    return (every[at : at + 500] for at in range(0, len(every), 500))
