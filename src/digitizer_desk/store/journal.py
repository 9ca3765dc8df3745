# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was done, when, by whom: lines that are only ever added, each bound to the one before (R56).

Apart from the rows it speaks of because it must outlive and accuse them. The database refuses to change or delete a
line; whoever has the key and removes that refusal still breaks the chain of hashes. Only a cut tail leaves a chain
that is whole in itself: so the head (count and hash) goes into every export, parcel and backup.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, desc, insert, select

from digitizer_desk.store.sql.codec import canonical
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import journal
from digitizer_desk.store.sql.values import By, who

Fact = str | int | float | bool | None | list[str] | tuple[str, ...]

#: what a chain of no line ends in
EMPTY = (0, "0" * 64)

#: hashes and ids the desk makes itself: hexadecimal of fixed length, with or without dashes
_OWN_IDS = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9A-Za-z])"
)
#: nine digits and more in a row, also in groups as people write them: personal number, CMND, tax code, telephone
_IDENTIFIER = re.compile(r"\d(?:[ \u00a0]?\d){8,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``facts`` are plain values; identifiers in them are masked."""

    number: int
    at: datetime
    action: str
    subject: str
    by: str
    facts: dict[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Whether the journal is as it was written. ``first_bad`` is the number of the first line that is not what its
    hash says, or that is missing; ``head`` the count and hash it ends in."""

    ok: bool
    count: int
    first_bad: int | None
    head: tuple[int, str]


def holds_identifier(text: str) -> bool:
    """Whether a text could show somebody's number in clear."""
    return _IDENTIFIER.search(_OWN_IDS.sub("", text)) is not None


def shown(text: str) -> str:
    """A code or device name as the journal may show it: itself, or its hash when it looks like somebody's number.

    For what only looks like an identifier (an older all-digit dossier code, a serial number). An identifier itself
    must be masked: its hash can be found by trying all.
    """
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest() if holds_identifier(text) else text


class Journal:
    """The journal of one cabinet. Any thread; a line written inside a transaction stands or falls with it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def append(self, action: str, subject: str, by: By, /, **facts: Fact) -> None:
        """Add a line. ``subject`` is "kind:id"; ``facts`` are short plain values, ``bytes`` a size (and so never read
        as somebody's number). An id or a hash goes in whole: a piece of one can look like a number by chance.

        Raises:
            ValueError: something in it could be an identifier in clear, or is no plain value.
            DeskError: ``store.disk_full``.
        """
        text = canonical(facts)
        author = who(by)
        for part in (action, subject, author, *facts, *_words(facts)):
            if holds_identifier(part):
                raise ValueError(f"journal line {action!r} would show a number that may be somebody's")
        with self._database.joining() as connection:
            number, before = _head(connection)
            at = self._clock().isoformat()
            row = {"number": number + 1, "at": at, "action": action, "subject": subject, "by": author, "facts": text}
            connection.execute(insert(journal).values(**row, hash=_link(before, row)))

    def entries(self, subject: str | None = None, limit: int = 1000) -> tuple[Entry, ...]:
        """The newest lines first, of one subject or of all."""
        query = select(journal).order_by(desc(journal.c.number)).limit(limit)
        if subject is not None:
            query = query.where(journal.c.subject == subject)
        with self._database.reading() as connection:
            return tuple(
                Entry(r.number, datetime.fromisoformat(r.at), r.action, r.subject, r.by, json.loads(r.facts), r.hash)
                for r in connection.execute(query)
            )

    def head(self) -> tuple[int, str]:
        """Count and hash of the last line: what proves, elsewhere, that nothing was cut off."""
        with self._database.reading() as connection:
            return _head(connection)

    def check(self, known: tuple[int, str] | None = None) -> ChainCheck:
        """Go through the whole chain. With a ``known`` head from an export or a backup a cut tail is seen too."""
        number, last = EMPTY
        known_seen = known is None or known == EMPTY
        with self._database.reading() as connection:
            for row in connection.execute(select(journal).order_by(journal.c.number)):
                line = {name: getattr(row, name) for name in ("number", "at", "action", "subject", "by", "facts")}
                if row.number != number + 1 or _link(last, line) != row.hash:
                    return ChainCheck(ok=False, count=number, first_bad=number + 1, head=(number, last))
                number, last = row.number, row.hash
                if known is not None and number == known[0]:
                    if last != known[1]:
                        return ChainCheck(ok=False, count=number, first_bad=number, head=(number, last))
                    known_seen = True
        if not known_seen:
            return ChainCheck(ok=False, count=number, first_bad=number + 1, head=(number, last))
        return ChainCheck(ok=True, count=number, first_bad=None, head=(number, last))


def _words(facts: Mapping[str, Fact]) -> Iterator[str]:
    """Every fact that may be somebody's number. A fraction is none (3.141592653 is a measure), nor is a size."""
    for name, fact in facts.items():
        if isinstance(fact, list | tuple):
            yield from fact
        elif not (isinstance(fact, float) or (name == "bytes" and isinstance(fact, int))):
            yield str(fact)


def _head(connection: Connection) -> tuple[int, str]:
    row = connection.execute(select(journal.c.number, journal.c.hash).order_by(desc(journal.c.number)).limit(1)).first()
    return (row.number, row.hash) if row else EMPTY


def _link(before: str, row: dict[str, Any]) -> str:
    return hashlib.sha256(canonical([before, row]).encode()).hexdigest()
