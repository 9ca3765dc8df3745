# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a whole dossier together from its rows, in six questions however many pages it has.

Apart from ``dossiers.py`` because reading a dossier touches every table, and writing touches one at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from digitizer_desk.dossier.file import PaperFile
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
from digitizer_desk.errors import error
from digitizer_desk.store.sql.codec import decode
from digitizer_desk.store.sql.schema import components, documents, dossiers, files, pages, parcels
from digitizer_desk.store.sql.values import document_of, page_of, page_query, parcel_of

T = TypeVar("T")
_Files = dict[tuple[str, str], PaperFile]


def load(connection: Connection, dossier_id: str) -> Dossier:
    """The whole dossier as it stands.

    Raises:
        DeskError: ``dossier.unknown``.
    """
    row = connection.execute(select(dossiers).where(dossiers.c.id == dossier_id)).first()
    if row is None:
        raise error("dossier.unknown", code="")
    parts = connection.execute(
        select(components).where(components.c.dossier_id == dossier_id).order_by(components.c.number)
    ).all()
    here = select(components.c.id).where(components.c.dossier_id == dossier_id)
    live = _pages(connection, here)
    newest = _documents(connection, here)
    packed = _parcels(connection, here)
    came = _files(connection, here)
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
        components=tuple(
            _component(part, tuple(live[part.id]), newest.get(part.id), packed.get(part.id), came) for part in parts
        ),
    )


def _component(
    row: Any, kept: tuple[Page, ...], document: Document | None, parcel: Parcel | None, came: _Files
) -> Component:
    shown = next((page.origin.sha256 for page in kept if page.origin is not None and page.origin.pdf), "")
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
        pages=kept,
        document=document,
        metadata=_value(Metadata, row.metadata),
        result_code=_value(ResultCode, row.result_code),
        parcel=parcel,
        file=came.get((row.id, shown)),
    )


def _pages(connection: Connection, here: Select[tuple[str]]) -> dict[str, list[Page]]:
    live: dict[str, list[Page]] = defaultdict(list)
    query = page_query().where(pages.c.component_id.in_(here), pages.c.position.is_not(None)).order_by(pages.c.position)
    for row in connection.execute(query):
        live[row.component_id].append(page_of(row))
    return live


def _documents(connection: Connection, here: Select[tuple[str]]) -> dict[str, Document]:
    """The newest document of each component: later rows replace earlier ones."""
    query = select(documents).where(documents.c.component_id.in_(here)).order_by(documents.c.version)
    return {row.component_id: document_of(row) for row in connection.execute(query)}


def _parcels(connection: Connection, here: Select[tuple[str]]) -> dict[str, Parcel]:
    """The newest parcel of each component."""
    query = select(parcels).where(parcels.c.component_id.in_(here)).order_by(parcels.c.number)
    return {row.component_id: parcel_of(row) for row in connection.execute(query)}


def _files(connection: Connection, here: Select[tuple[str]]) -> _Files:
    """Every PDF that ever came in for a component; its pages tell which of them it is now."""
    query = select(files).where(files.c.component_id.in_(here))
    return {(row.component_id, row.sha256): decode(PaperFile, row.facts) for row in connection.execute(query)}


def _value(kind: type[T], text: str | None) -> T | None:
    return decode(kind, text) if text else None
