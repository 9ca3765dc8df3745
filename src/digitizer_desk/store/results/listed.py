# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The list of older results still in force: what has to be digitised yet, and what each line became.

Apart from dossiers because a line is only a promise of a paper: no page, no signature, and its dossier may not be known
at this desk until somebody picks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from digitizer_desk.dossier.result import ListedResult
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import error
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import listed_results as lines
from digitizer_desk.store.sql.values import By

_VALUES = tuple[tuple[str, str], ...]
#: what a line is known again by
_KEY = ("ma_loai_giay_to", "so_ky_hieu", "so_dinh_danh")
#: what a search looks in
_FOUND_BY = ("so_ky_hieu", "ten_giay_to", "so_dinh_danh", "ho_ten", "ten_to_chuc", "trich_yeu")


def key_of(line: ListedResult) -> str:
    """What tells this result from every other: its dossier, kind, number and owner."""
    return "\n".join((line.dossier_code, *(line.get(name) for name in _KEY)))


class Listed:
    """The list of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def add(self, new: Sequence[ListedResult], by: By) -> None:
        """Add these lines, all of them or none.

        Raises:
            DeskError: ``store.conflict`` when one is listed already (:meth:`known` tells which).
        """
        with self._database.writing() as connection:
            number = connection.scalar(select(func.max(lines.c.number))) or 0
            for line in new:
                number += 1
                connection.execute(insert(lines).values(number=number, **_row(line)))
            source = new[0].source if new else ""
            self._journal.append("results_listed", f"list:{source}", by, lines=len(new))

    def known(self, keys: Collection[str]) -> frozenset[str]:
        """Those of these keys that are on the list."""
        with self._database.reading() as connection:
            return frozenset(keys) & frozenset(connection.scalars(select(lines.c.key)))

    def find(self, words: str = "", limit: int = 200) -> tuple[ListedResult, ...]:
        """Lines in which every word occurs, marks and case no matter; those still to be digitised first."""
        query = select(lines).order_by(lines.c.component_id.is_not(None), lines.c.number).limit(limit)
        for word in fold(words).split():
            query = query.where(lines.c.search.contains(word, autoescape=True))
        with self._database.reading() as connection:
            return tuple(_line(row) for row in connection.execute(query))

    def get(self, line_id: str) -> ListedResult:
        """The line with this id.

        Raises:
            DeskError: ``dossier.unknown``.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(lines).where(lines.c.id == line_id)).first()
        if row is None:
            raise error("dossier.unknown", "no such line", code="")
        return _line(row)

    def waiting(self) -> int:
        """How many lines are still to be digitised."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).where(lines.c.component_id.is_(None))) or 0

    def became(self, line_id: str, component_id: str, by: By) -> None:
        """Record which paper a line became: once.

        Raises:
            DeskError: ``store.conflict`` when somebody else has taken it.
        """
        with self._database.writing() as connection:
            free = (lines.c.id == line_id) & lines.c.component_id.is_(None)
            changed = connection.execute(update(lines).where(free).values(component_id=component_id))
            if changed.rowcount == 0:
                raise error("store.conflict", "the line was taken already")
            self._journal.append("listed_result_taken", f"component:{component_id}", by, line=line_id)


def _row(line: ListedResult) -> dict[str, Any]:
    return {
        "id": line.id,
        "key": key_of(line),
        "dossier_code": line.dossier_code,
        "procedure": line.procedure,
        "applicant_kind": line.applicant_kind,
        "values_json": encode(_VALUES, line.values),
        "source": line.source,
        "row": line.row,
        "listed_at": line.listed_at,
        "search": fold(" ".join((line.dossier_code, *(line.get(name) for name in _FOUND_BY)))),
    }


def _line(row: Row[Any]) -> ListedResult:
    return ListedResult(
        id=row.id,
        dossier_code=row.dossier_code,
        procedure=row.procedure,
        applicant_kind=row.applicant_kind,
        values=decode(_VALUES, row.values_json),
        source=row.source,
        row=row.row,
        listed_at=row.listed_at,
        component_id=row.component_id or "",
    )
