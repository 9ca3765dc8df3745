# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossiers: taken in, found again, and the facts a clerk settles about each of their components.

Apart from pages, documents and parcels because nothing here concerns a file: every fact is one column, one journal
line, one commit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from digitizer_desk.dossier.incoming.reuse import ReuseState
from digitizer_desk.dossier.model import (
    AccountCheck,
    Component,
    Dossier,
    Field,
    HandedOn,
    Metadata,
    NotDigitised,
    ParcelState,
    ResultCode,
)
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import error
from digitizer_desk.store.incoming.tables import dossier_packs, reuses
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.sql import assembly
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.known import KnownPages
from digitizer_desk.store.sql.schema import components, documents, dossiers, pages, parcels
from digitizer_desk.store.sql.values import By

_DRAFT = tuple[Field, ...]
#: a paper the province keeps counts as soon as it is chosen
_REUSED = tuple(state.value for state in (ReuseState.WAITING, ReuseState.SENDING, ReuseState.ACCEPTED))


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A dossier in a list. ``components`` is how many it has, ``accepted`` how many of them the province holds,
    ``scanned`` how many have pages, ``unfinished`` how many something is to be done with still."""

    id: str
    code: str
    applicant: str
    procedure_title: str
    received_at: datetime
    components: int
    accepted: int
    scanned: int = 0
    unfinished: int = 0


class Dossiers:
    """The dossiers of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._known = KnownPages()

    def add(self, dossier: Dossier, by: By) -> None:
        """Take in a dossier with its components as they are, without pages, documents and parcels.

        Raises:
            DeskError: ``dossier.code_taken``.
        """
        with self._database.writing() as connection:
            if connection.scalar(select(dossiers.c.id).where(dossiers.c.code == dossier.code)):
                raise error("dossier.code_taken", code=dossier.code)
            number = (connection.scalar(select(func.max(dossiers.c.number))) or 0) + 1
            connection.execute(insert(dossiers).values(number=number, **_row(dossier)))
            if dossier.packs:
                connection.execute(insert(dossier_packs).values(dossier_id=dossier.id, packs=dossier.packs))
            _add_components(connection, dossier)
            self._journal.append(
                "dossier_added",
                f"dossier:{dossier.id}",
                by,
                code=shown(dossier.code),
                rules=dossier.rules_id,
                components=len(dossier.components),
            )

    def amend(self, dossier: Dossier, by: By) -> None:
        """Write anew what the receipt told, and the components with it, while none of them has anything.

        Raises:
            DeskError: ``dossier.begun`` when anything hangs on a component; ``dossier.code_taken``.
        """
        with self._database.writing() as connection:
            other = connection.scalar(select(dossiers.c.id).where(dossiers.c.code == dossier.code))
            if other not in (None, dossier.id):
                raise error("dossier.code_taken", code=dossier.code)
            of = components.c.dossier_id == dossier.id
            typed = components.c.draft != "[]"
            if connection.scalar(select(func.count()).where(of, typed)):
                raise error("dossier.begun", code=dossier.code)
            try:
                connection.execute(delete(components).where(of))
            except IntegrityError as problem:
                raise error("dossier.begun", code=dossier.code) from problem
            connection.execute(update(dossiers).where(dossiers.c.id == dossier.id).values(**_row(dossier)))
            _add_components(connection, dossier)
            self._journal.append(
                "dossier_amended",
                f"dossier:{dossier.id}",
                by,
                code=shown(dossier.code),
                procedure=dossier.procedure,
                components=len(dossier.components),
            )

    def load(self, dossier_id: str) -> Dossier:
        """The whole dossier as it stands now, or, inside a transaction, as it will stand.

        Raises:
            DeskError: ``dossier.unknown``.
        """
        with self._database.reading() as connection:
            return assembly.load(connection, dossier_id, self._known)

    def by_code(self, code: str) -> Dossier | None:
        """The dossier with this code, exactly as read by ``dossier.code``."""
        with self._database.reading() as connection:
            dossier_id = connection.scalar(select(dossiers.c.id).where(dossiers.c.code == code))
            return assembly.load(connection, dossier_id) if dossier_id else None

    def of_component(self, component_id: str) -> str:
        """The id of the dossier a component belongs to.

        Raises:
            DeskError: ``dossier.unknown``.
        """
        with self._database.reading() as connection:
            found = connection.scalar(select(components.c.dossier_id).where(components.c.id == component_id))
        if found is None:
            raise error("dossier.unknown", "no such component", code="")
        return str(found)

    def recent(self, limit: int, never_scanned: Collection[str] = ()) -> tuple[DossierLine, ...]:
        """The dossiers that came in last, newest first; ``never_scanned`` as in :meth:`open_ids`."""
        return self._lines(limit, never_scanned=never_scanned)

    def find(self, text: str, limit: int) -> tuple[DossierLine, ...]:
        """Dossiers in whose code, name, identifier or procedure every word of ``text`` occurs; marks and case are no
        matter. Newest first."""
        return self._lines(limit, *(dossiers.c.search.contains(word, autoescape=True) for word in fold(text).split()))

    def _lines(
        self, limit: int, *where: ColumnElement[bool], never_scanned: Collection[str] = ()
    ) -> tuple[DossierLine, ...]:
        of = components.c.dossier_id == dossiers.c.id
        count = select(func.count()).where(of).scalar_subquery()
        accepted = select(func.count()).where(of, _accepted()).scalar_subquery()
        scanned = select(func.count()).where(of, ~_empty()).scalar_subquery()
        unfinished = select(func.count()).where(of, ~_finished(never_scanned)).scalar_subquery()
        counts = (accepted.label("accepted"), scanned.label("scanned"), unfinished.label("unfinished"))
        query = select(dossiers, count.label("components"), *counts).where(*where)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(dossiers.c.number.desc()).limit(limit)).all()
        return tuple(_line(row) for row in rows)

    def open_ids(self, never_scanned: Collection[str] = ()) -> tuple[str, ...]:
        """Ids of dossiers in which a component is not finished, oldest first.

        Finished is what was accepted, left out or taken from the province's store, what is optional and empty, and what
        was handed in in a form of submission that is never scanned (``never_scanned``: ids of those in the regulation).
        """
        query = (
            select(dossiers.c.id)
            .where(exists().where(components.c.dossier_id == dossiers.c.id, ~_finished(never_scanned)))
            .order_by(dossiers.c.number)
        )
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    # facts of a dossier

    def set_account_check(self, dossier_id: str, answer: AccountCheck, by: By) -> None:
        """Record whether the applicant's account on the national portal was looked up (R6)."""
        self._set_dossier(dossier_id, by, "account_checked", {"account_check": answer.value}, answer=answer.value)

    def hand_on(self, dossier_id: str, mark: HandedOn, by: By) -> None:
        """Record that the dossier went on incomplete (R7)."""
        values = {"handed_on": encode(HandedOn, mark)}
        self._set_dossier(dossier_id, by, "handed_on", values, missing=len(mark.missing))

    # facts of a component

    def set_form(self, component_id: str, form: str, by: By) -> None:
        """Record in which form the paper was handed in (R3)."""
        self._set(component_id, by, "form_set", {"form": form}, form=form)

    def set_declared(self, component_id: str, sides: int, by: By) -> None:
        """Record how many sides the clerk counted on the paper (R13)."""
        self._set(component_id, by, "sides_declared", {"declared": sides}, sides=sides)

    def set_left_out(self, component_id: str, decision: NotDigitised | None, by: By) -> None:
        """Record that, and why, a paper is not digitised (R18), or take that back with None."""
        action = "left_out" if decision else "left_out_taken_back"
        reason = decision.reason if decision else ""
        self._set(component_id, by, action, {"not_digitised": _text(NotDigitised, decision)}, reason=reason)

    def set_metadata(self, component_id: str, metadata: Metadata, by: By) -> None:
        """Keep confirmed data; what was being typed is settled by it. The journal names fields, never values."""
        names = [f"{field.name}:{field.source.value}" for field in metadata.fields]
        values = {"metadata": encode(Metadata, metadata), "draft": "[]"}
        self._set(component_id, by, "data_confirmed", values, fields=names)

    def set_result_code(self, component_id: str, code: ResultCode, by: By) -> None:
        """Keep the three parts of the result code (R35)."""
        values = {"result_code": encode(ResultCode, code)}
        self._set(component_id, by, "code_set", values, provisional=code.provisional)

    def save_draft_fields(self, component_id: str, fields: tuple[Field, ...]) -> None:
        """Keep what is being typed. Not journaled: nobody answers for it yet."""
        with self._database.writing() as connection:
            of = components.c.id == component_id
            changed = connection.execute(update(components).where(of).values(draft=encode(_DRAFT, fields)))
            if changed.rowcount == 0:
                raise error("dossier.unknown", "no such component", code="")

    def draft_fields(self, component_id: str) -> tuple[Field, ...]:
        """What was typed and not confirmed yet."""
        with self._database.reading() as connection:
            text = connection.scalar(select(components.c.draft).where(components.c.id == component_id))
        return decode(_DRAFT, text or "[]")

    def drafts(self, dossier_id: str) -> dict[str, tuple[Field, ...]]:
        """What was typed and not confirmed yet in a dossier, by component; one without any is not in it."""
        query = select(components.c.id, components.c.draft).where(components.c.dossier_id == dossier_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(components.c.draft != "[]")).all()
        return {row.id: decode(_DRAFT, row.draft) for row in rows}

    def _set_dossier(self, dossier_id: str, by: By, action: str, values: dict[str, Any], **facts: Any) -> None:
        with self._database.writing() as connection:
            changed = connection.execute(update(dossiers).where(dossiers.c.id == dossier_id).values(**values))
            if changed.rowcount == 0:
                raise error("dossier.unknown", code="")
            self._journal.append(action, f"dossier:{dossier_id}", by, **facts)

    def _set(self, component_id: str, by: By, action: str, values: dict[str, Any], **facts: Any) -> None:
        with self._database.writing() as connection:
            changed = connection.execute(update(components).where(components.c.id == component_id).values(**values))
            if changed.rowcount == 0:
                raise error("dossier.unknown", "no such component", code="")
            self._journal.append(action, f"component:{component_id}", by, **facts)


def _row(dossier: Dossier) -> dict[str, Any]:
    person = dossier.applicant
    return {
        "id": dossier.id,
        "code": dossier.code,
        "code_kind": dossier.code_kind.value,
        "procedure": dossier.procedure,
        "procedure_title": dossier.procedure_title,
        "applicant_name": person.name,
        "applicant_kind": person.kind.value,
        "applicant_identifier": person.identifier,
        "applicant_born": person.born_or_founded,
        "received_at": dossier.received_at,
        "received_by": dossier.received_by,
        "rules_id": dossier.rules_id,
        "channel": dossier.channel.value,
        "account_check": dossier.account_check.value,
        "handed_on": _text(HandedOn, dossier.handed_on),
        "search": fold(" ".join((dossier.code, person.name, person.identifier, dossier.procedure_title))),
    }


def _add_components(connection: Connection, dossier: Dossier) -> None:
    for component in dossier.components:
        connection.execute(insert(components).values(dossier_id=dossier.id, **row_of_component(component)))


def row_of_component(component: Component) -> dict[str, Any]:
    """The row of a component as it comes in, without its dossier, pages, documents and parcels."""
    return {
        "id": component.id,
        "number": component.number,
        "code": component.code,
        "title": component.title,
        "mandatory": component.mandatory,
        "paper_type": component.paper_type,
        "form": component.form,
        "declared": component.declared,
        "not_digitised": _text(NotDigitised, component.not_digitised),
        "metadata": _text(Metadata, component.metadata),
        "result_code": _text(ResultCode, component.result_code),
        "kind": component.kind.value,
    }


def _text(kind: type[Any], value: Any) -> str | None:
    return None if value is None else encode(kind, value)


def _accepted() -> ColumnElement[bool]:
    """Whether the province holds the newest document of a component (R46)."""
    newest = (
        select(func.max(documents.c.version))
        .where(documents.c.component_id == components.c.id)
        .correlate(components)
        .scalar_subquery()
    )
    return exists().where(
        parcels.c.component_id == components.c.id,
        parcels.c.state == ParcelState.ACCEPTED.value,
        parcels.c.version == newest,
    )


def _empty() -> ColumnElement[bool]:
    """Whether no page lies in a component."""
    return ~exists().where(pages.c.component_id == components.c.id, pages.c.position.is_not(None))


def _finished(never_scanned: Collection[str]) -> ColumnElement[bool]:
    """Whether nothing is to be done with a component any more, as :meth:`Dossiers.open_ids` says."""
    return or_(
        _accepted(),
        components.c.not_digitised.is_not(None),
        exists().where(reuses.c.component_id == components.c.id, reuses.c.state.in_(_REUSED)),
        and_(_empty(), or_(~components.c.mandatory, components.c.form.in_(tuple(never_scanned)))),
    )


def _line(row: Row[Any]) -> DossierLine:
    return DossierLine(
        id=row.id,
        code=row.code,
        applicant=row.applicant_name,
        procedure_title=row.procedure_title,
        received_at=row.received_at,
        components=row.components,
        accepted=row.accepted,
        scanned=row.scanned,
        unfinished=row.unfinished,
    )
