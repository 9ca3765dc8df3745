# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Papers that join a dossier after it was received, and what is settled about results: granted, no result, cancelled.

Apart from ``dossiers.py`` because a received dossier's own components never change; what is written here comes later,
by another hand, and is never taken out again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, insert, select, update

from digitizer_desk.dossier.model import Component
from digitizer_desk.dossier.result import Cancelled, CopyForm, Granted, PaperKind
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import error
from digitizer_desk.store.dossiers import row_of_component
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.codec import encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, documents, dossiers
from digitizer_desk.store.sql.values import By


class Results:
    """The results of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def add(self, dossier_id: str, component: Component, by: By) -> None:
        """Add a paper behind those the dossier has; its ``number`` is set here.

        Raises:
            DeskError: ``dossier.unknown``.
        """
        with self._database.writing() as connection:
            here = components.c.dossier_id == dossier_id
            if connection.scalar(select(dossiers.c.id).where(dossiers.c.id == dossier_id)) is None:
                raise error("dossier.unknown", code="")
            number = (connection.scalar(select(func.max(components.c.number)).where(here)) or 0) + 1
            row = row_of_component(component) | {"number": number}
            connection.execute(insert(components).values(dossier_id=dossier_id, **row))
            self._journal.append(
                "paper_added", f"component:{component.id}", by, dossier=dossier_id, kind=component.kind.value
            )

    def set_kind(self, component_id: str, kind: PaperKind, by: By) -> None:
        """Record that a paper is a result, or is none (R51)."""
        self._set(component_id, by, "kind_set", {"kind": kind.value}, kind=kind.value)

    def cancel(self, component_id: str, cancelled: Cancelled, by: By) -> None:
        """Record that a result lost its effect (R49). The journal has the reason's length, the cabinet its words."""
        values = {"cancelled": encode(Cancelled, cancelled)}
        self._set(component_id, by, "result_cancelled", values, reason=len(cancelled.reason))

    def grant(self, dossier_id: str, granted: Granted | None, by: By) -> None:
        """Record that the dossier has its result, or take that back with None."""
        action = "granted" if granted is not None else "granted_taken_back"
        text = encode(Granted, granted) if granted is not None else None
        with self._database.writing() as connection:
            changed = connection.execute(update(dossiers).where(dossiers.c.id == dossier_id).values(granted=text))
            if changed.rowcount == 0:
                raise error("dossier.unknown", code="")
            self._journal.append(action, f"dossier:{dossier_id}", by)

    def uncertified(self, form: CopyForm) -> tuple[str, ...]:
        """Ids of dossiers in which a newest document lacks the agency's signature of this form, oldest first."""
        newer = documents.alias()
        newest = ~exists().where(
            newer.c.component_id == documents.c.component_id, newer.c.version > documents.c.version
        )
        sign = '"organisation"' if form is CopyForm.TEXT else f'"{CopyForm.SEAL.value}"'
        mine = (
            select(components.c.dossier_id)
            .join(documents, documents.c.component_id == components.c.id)
            .where(newest, ~documents.c.signatures.contains(sign, autoescape=True))
        )
        query = select(dossiers.c.id).where(dossiers.c.id.in_(mine)).order_by(dossiers.c.number)
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def make_findable(self, dossier_id: str, words: str) -> None:
        """Let the dossier be found by these words too: number and name of a result."""
        with self._database.writing() as connection:
            here = dossiers.c.id == dossier_id
            known = connection.scalar(select(dossiers.c.search).where(here)) or ""
            more = fold(words)
            if more and more not in known:
                connection.execute(update(dossiers).where(here).values(search=f"{known} {more}"))

    def _set(self, component_id: str, by: By, action: str, values: dict[str, Any], **facts: Any) -> None:
        with self._database.writing() as connection:
            changed = connection.execute(update(components).where(components.c.id == component_id).values(**values))
            if changed.rowcount == 0:
                raise error("dossier.unknown", "no such component", code="")
            self._journal.append(action, f"component:{component_id}", by, **facts)
