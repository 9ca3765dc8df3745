# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a whole dossier together from its rows, in a handful of questions however many pages it has.

Apart from ``dossiers.py`` because reading a dossier touches every table, and writing touches one at a time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Text, bindparam, select

from digitizer_desk.dossier.batch import Batch, Recount, Stack, StackState, Turned
from digitizer_desk.dossier.file import PaperFile
from digitizer_desk.dossier.incoming.reuse import Reused, ReuseState
from digitizer_desk.dossier.model import (
    AccountCheck,
    Applicant,
    ApplicantKind,
    Channel,
    CodeKind,
    Component,
    Document,
    Dossier,
    HandedOn,
    Metadata,
    NotDigitised,
    Page,
    Parcel,
    ResultCode,
)
from digitizer_desk.dossier.result import Cancelled, Granted, PaperKind
from digitizer_desk.errors import error
from digitizer_desk.store.incoming.reuses import reused_of
from digitizer_desk.store.incoming.tables import dossier_packs, reuses
from digitizer_desk.store.sql.codec import decode
from digitizer_desk.store.sql.known import KnownPages
from digitizer_desk.store.sql.schema import (
    batches,
    components,
    documents,
    dossiers,
    files,
    pages,
    parcels,
    recounts,
    stacks,
)
from digitizer_desk.store.sql.values import batch_of, document_of, page_query, parcel_of

T = TypeVar("T")
_Files = dict[tuple[str, str], PaperFile]
_Of = dict[str, str]

#: the questions a dossier is read by, put together once: it is read after every act of a clerk
_ID = bindparam("dossier", type_=Text)
_HERE = select(components.c.id).where(components.c.dossier_id == _ID)
_DOSSIER = select(dossiers).where(dossiers.c.id == _ID)
_COMPONENTS = select(components).where(components.c.dossier_id == _ID).order_by(components.c.number)
_PAGES = page_query().where(pages.c.component_id.in_(_HERE), pages.c.position.is_not(None)).order_by(pages.c.position)
_DOCUMENTS = select(documents).where(documents.c.component_id.in_(_HERE)).order_by(documents.c.version)
_PARCELS = select(parcels).where(parcels.c.component_id.in_(_HERE)).order_by(parcels.c.number)
_FILES = select(files).where(files.c.component_id.in_(_HERE))
_BATCHES = select(batches).where(batches.c.component_id.in_(_HERE)).order_by(batches.c.number)
_RECOUNTS = select(recounts).where(recounts.c.component_id.in_(_HERE)).order_by(recounts.c.number)
_STACKS = select(stacks).where(stacks.c.component_id.in_(_HERE)).order_by(stacks.c.number)
_REUSED = select(reuses).where(reuses.c.component_id.in_(_HERE), reuses.c.state != ReuseState.UNDONE.value)
_PACKS = select(dossier_packs.c.packs).where(dossier_packs.c.dossier_id == _ID)


def load(connection: Connection, dossier_id: str, known: KnownPages | None = None) -> Dossier:
    """The whole dossier as it stands. ``known``: pages made of rows that were read before.

    Raises:
        DeskError: ``dossier.unknown``.
    """
    of = {"dossier": dossier_id}
    row = connection.execute(_DOSSIER, of).first()
    if row is None:
        raise error("dossier.unknown", code="")
    parts = connection.execute(_COMPONENTS, of).all()
    kept = _Kept(
        _pages(connection, of, known if known is not None else KnownPages()),
        _documents(connection, of),
        _parcels(connection, of),
        _batches(connection, of),
        _recounts(connection, of),
        _stacks(connection, of),
        _files(connection, of),
        _reused(connection, of),
    )
    return Dossier(
        id=row.id,
        code=row.code,
        code_kind=CodeKind(row.code_kind),
        procedure=row.procedure,
        procedure_title=row.procedure_title,
        applicant=Applicant(
            name=row.applicant_name,
            kind=ApplicantKind(row.applicant_kind),
            identifier=row.applicant_identifier,
            born_or_founded=row.applicant_born,
        ),
        received_at=row.received_at,
        received_by=row.received_by,
        rules_id=row.rules_id,
        channel=Channel(row.channel),
        account_check=AccountCheck(row.account_check),
        handed_on=_value(HandedOn, row.handed_on),
        granted=_value(Granted, row.granted),
        components=tuple(_component(part, kept) for part in parts),
        removed_at=row.removed_at,
        packs=_packs(connection, of),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """What belongs to the components, each by the id of its component."""

    pages: dict[str, list[Page]]
    documents: dict[str, Document]
    parcels: dict[str, Parcel]
    batches: dict[str, list[Batch]]
    recounts: dict[str, Recount]
    stacks: dict[str, Stack]
    files: _Files
    reused: dict[str, Reused]


def _component(row: Any, kept: _Kept) -> Component:
    origins = (page.origin for page in kept.pages[row.id])
    shown = next((origin.sha256 for origin in origins if origin is not None and origin.pdf), "")
    return Component(
        id=row.id,
        number=row.number,
        code=row.code,
        title=row.title,
        mandatory=row.mandatory,
        paper_type=row.paper_type,
        form=row.form,
        declared=row.declared,
        not_digitised=_value(NotDigitised, row.not_digitised),
        pages=tuple(kept.pages[row.id]),
        document=kept.documents.get(row.id),
        metadata=_value(Metadata, row.metadata),
        result_code=_value(ResultCode, row.result_code),
        parcel=kept.parcels.get(row.id),
        file=kept.files.get((row.id, shown)),
        batches=tuple(kept.batches[row.id]),
        recount=kept.recounts.get(row.id),
        stack=kept.stacks.get(row.id),
        kind=PaperKind(row.kind),
        cancelled=_value(Cancelled, row.cancelled),
        reused=kept.reused.get(row.id),
    )


def _pages(connection: Connection, dossier: _Of, known: KnownPages) -> dict[str, list[Page]]:
    live: dict[str, list[Page]] = defaultdict(list)
    for component_id, page in known.pages(connection.execute(_PAGES, dossier).all()):
        live[component_id].append(page)
    return live


def _documents(connection: Connection, dossier: _Of) -> dict[str, Document]:
    """The newest document of each component: later rows replace earlier ones."""
    return {row.component_id: document_of(row) for row in connection.execute(_DOCUMENTS, dossier)}


def _parcels(connection: Connection, dossier: _Of) -> dict[str, Parcel]:
    """The newest parcel of each component."""
    return {row.component_id: parcel_of(row) for row in connection.execute(_PARCELS, dossier)}


def _files(connection: Connection, dossier: _Of) -> _Files:
    """Every PDF that ever came in for a component; its pages tell which of them it is now."""
    rows = connection.execute(_FILES, dossier)
    return {(row.component_id, row.sha256): decode(PaperFile, row.facts) for row in rows}


def _batches(connection: Connection, dossier: _Of) -> dict[str, list[Batch]]:
    """All batches of each component, oldest first."""
    found: dict[str, list[Batch]] = defaultdict(list)
    for row in connection.execute(_BATCHES, dossier):
        found[row.component_id].append(batch_of(row))
    return found


def _recounts(connection: Connection, dossier: _Of) -> dict[str, Recount]:
    """The newest second count of each component."""
    rows = connection.execute(_RECOUNTS, dossier)
    return {row.component_id: Recount(row.sides, row.after, row.by, row.at) for row in rows}


def _stacks(connection: Connection, dossier: _Of) -> dict[str, Stack]:
    """The newest stack of each component."""
    rows = connection.execute(_STACKS, dossier)
    return {row.component_id: Stack(row.id, Turned(row.turned), StackState(row.state)) for row in rows}


def _reused(connection: Connection, dossier: _Of) -> dict[str, Reused]:
    """The decision that counts for each component that has one."""
    return {row.component_id: reused_of(row) for row in connection.execute(_REUSED, dossier)}


def _packs(connection: Connection, dossier: _Of) -> str:
    return connection.scalar(_PACKS, dossier) or ""


def _value(kind: type[T], text: str | None) -> T | None:
    return decode(kind, text) if text else None
