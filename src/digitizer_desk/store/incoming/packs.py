# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Signed packs of rules, kept whole; an older one never takes the place of a newer.

Apart from reading them (``rules/packs``): here is only what was taken, in which order, and that nothing goes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from digitizer_desk.errors import error
from digitizer_desk.store.incoming.tables import fetched, packs
from digitizer_desk.store.incoming.waiting import note_fetched
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.values import By


@dataclass(frozen=True, slots=True)
class KeptPack:
    """One pack as it came. ``sha256`` of its bytes, ``signer`` as the certificate names it, ``signer_sha256`` of that
    certificate (both hex)."""

    id: str
    sequence: int
    title: str
    valid_from: date
    sha256: str
    signer: str
    signer_sha256: str
    taken_at: datetime


class Packs:
    """The packs of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def add(self, pack: KeptPack, content: bytes, signature: bytes, by: By) -> bool:
        """Keep a pack, whole, in one commit with its journal line. False when this very one is kept already.

        Raises:
            DeskError: ``pack.older`` when one of this id with the same or a higher number is kept.
        """
        with self._database.writing() as connection:
            mine = packs.c.id == pack.id
            newest = connection.scalar(select(func.max(packs.c.sequence)).where(mine))
            if newest is not None and pack.sequence <= newest:
                same = connection.scalar(select(packs.c.sha256).where(mine, packs.c.sequence == pack.sequence))
                if same == pack.sha256:
                    return False
                raise error("pack.older", title=pack.title, sequence=pack.sequence, kept=newest)
            connection.execute(
                insert(packs).values(
                    id=pack.id,
                    sequence=pack.sequence,
                    title=pack.title,
                    valid_from=pack.valid_from.isoformat(),
                    sha256=pack.sha256,
                    content=content,
                    signature=signature,
                    signer=pack.signer,
                    signer_sha256=pack.signer_sha256,
                    taken_at=pack.taken_at,
                )
            )
            self._journal.append(
                "pack_taken",
                f"pack:{shown(pack.id)}",
                by,
                sequence=pack.sequence,
                sha256=pack.sha256,
                signer=pack.signer_sha256,
                valid_from=pack.valid_from.isoformat(),
            )
        return True

    def refused(self, name: str, sha256: str, code: str, by: By) -> None:
        """Journal that a pack was not taken, and why; ``name`` is where it came from."""
        self._journal.append("pack_refused", f"pack:{shown(name)}", by, sha256=sha256, code=code)

    def bad(self, pack_id: str) -> str:
        """What :meth:`remember_bad` was told of this id, '' when nothing."""
        with self._database.reading() as connection:
            return connection.scalar(select(fetched.c.mark).where(fetched.c.name == f"pack:{pack_id}")) or ""

    def remember_bad(self, pack_id: str, name: str, at: datetime) -> None:
        """An offered pack was fetched and refused: it is not worth fetching again as it is."""
        with self._database.writing() as connection:
            note_fetched(connection, f"pack:{pack_id}", name, at)

    def all(self) -> tuple[KeptPack, ...]:
        """All packs ever taken, in the order of their numbers."""
        query = select(*(column for column in packs.c if column.name not in ("content", "signature")))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(packs.c.id, packs.c.sequence)).all()
        return tuple(_kept(row) for row in rows)

    def newest(self, pack_id: str) -> int:
        """The highest number kept of this id; 0 when there is none."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.max(packs.c.sequence)).where(packs.c.id == pack_id)) or 0

    def content(self, pack_id: str, sequence: int) -> bytes:
        """The bytes of a pack.

        Raises:
            DeskError: ``pack.unusable`` when it is not kept here.
        """
        here = (packs.c.id == pack_id) & (packs.c.sequence == sequence)
        with self._database.reading() as connection:
            found = connection.scalar(select(packs.c.content).where(here))
        if found is None:
            raise error("pack.unusable", f"{pack_id}#{sequence} is not kept", file=pack_id, where="mã gói")
        return bytes(found)


def _kept(row: Row[Any]) -> KeptPack:
    return KeptPack(
        row.id,
        row.sequence,
        row.title,
        date.fromisoformat(row.valid_from),
        row.sha256,
        row.signer,
        row.signer_sha256,
        row.taken_at,
    )
