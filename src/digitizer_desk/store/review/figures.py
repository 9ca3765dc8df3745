# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was scanned, as numbers ask for it: first scans with their faults, dossiers received in a span of time.

Apart from pages and dossiers because it reads thousands of rows and nothing of their pictures and measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from digitizer_desk.store.sql.codec import decode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import dossiers, page_versions
from digitizer_desk.store.sql.values import FINDINGS

#: moments are text: those written in another zone may sort up to a day off, and are sorted out when read
_ZONES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FirstScan:
    """The first picture of a page: when, by which scanner, and the words of its faults (empty = good at once)."""

    at: datetime
    scanner: str
    faults: tuple[str, ...]


class Figures:
    """Numbers of one cabinet. Any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first_scans(self, since: datetime, until: datetime) -> tuple[FirstScan, ...]:
        """First pictures that were measured, from ``since`` to before ``until``, oldest first."""
        versions = page_versions.c
        query = (
            select(versions.scanned_at, versions.scanner, versions.findings)
            .where(versions.version == 1, versions.measures.is_not(None), versions.scanner != "")
            .where(versions.scanned_at >= since - _ZONES, versions.scanned_at < until + _ZONES)
            .order_by(versions.scanned_at)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            FirstScan(row.scanned_at, row.scanner, _faults(row.findings))
            for row in rows
            if since <= row.scanned_at < until
        )

    def received(self, since: datetime, until: datetime) -> tuple[str, ...]:
        """Ids of the dossiers received from ``since`` to before ``until``, in the order of arrival."""
        query = select(dossiers.c.id, dossiers.c.received_at).order_by(dossiers.c.number)
        span = (dossiers.c.received_at >= since - _ZONES) & (dossiers.c.received_at < until + _ZONES)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(span)).all()
        return tuple(row.id for row in rows if since <= row.received_at < until)


def _faults(text: str) -> tuple[str, ...]:
    if text == "[]":
        return ()
    return tuple(dict.fromkeys(finding.word for finding in decode(FINDINGS, text) if finding.is_fault))
