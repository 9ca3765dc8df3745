# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages the clerks of this cabinet signed and that lie in no lot yet.

Apart from the lots because these may one day be fetched from another desk's cabinet: this is what that desk is asked.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, exists, func, select

from digitizer_desk.dossier.model import VIETNAM, Document
from digitizer_desk.dossier.review import SignedPage
from digitizer_desk.store.sql.codec import decode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, documents, dossiers, lot_pages, page_versions, pages
from digitizer_desk.store.sql.values import FINDINGS, document_of


def signed_pages(database: Database) -> tuple[SignedPage, ...]:
    """Pages of components that are signed as they stand now, in no lot in this version, in the order of signing.

    A component that was opened again after it was signed has none until it is signed anew.
    """
    with database.reading() as connection:
        new = _new_pages(connection)
        here = {row.component_id for row in new}
        lists = _lists(connection, here)
        signed = {id_: document for id_, document in _documents(connection, here).items() if _current(document, lists)}
        found = [_page(row, signed[row.component_id]) for row in new if row.component_id in signed]
    return tuple(sorted(found, key=lambda page: (page.day, page.dossier_code, page.component_id, page.number)))


def _new_pages(connection: Connection) -> list[Any]:
    version = (page_versions.c.page_id == pages.c.id) & (page_versions.c.version == pages.c.version)
    in_lot = exists().where(lot_pages.c.page_id == pages.c.id, lot_pages.c.version == pages.c.version)
    query = (
        select(
            pages.c.id,
            pages.c.version,
            pages.c.component_id,
            page_versions.c.sha256,
            page_versions.c.turn,
            page_versions.c.scanner,
            page_versions.c.findings,
            func.json_extract(page_versions.c.measures, "$.sharpness").label("sharpness"),
            components.c.title,
            dossiers.c.id.label("dossier_id"),
            dossiers.c.code,
        )
        .join(page_versions, version)
        .join(components, components.c.id == pages.c.component_id)
        .join(dossiers, dossiers.c.id == components.c.dossier_id)
        .where(pages.c.position.is_not(None), ~in_lot)
    )
    return list(connection.execute(query))


def _lists(connection: Connection, here: set[str]) -> dict[str, list[tuple[str, str, int]]]:
    """What a document of each component made now would be made of."""
    version = (page_versions.c.page_id == pages.c.id) & (page_versions.c.version == pages.c.version)
    query = (
        select(pages.c.component_id, pages.c.id, page_versions.c.sha256, page_versions.c.turn)
        .join(page_versions, version)
        .where(pages.c.component_id.in_(here), pages.c.position.is_not(None))
        .order_by(pages.c.position)
    )
    lists: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for row in connection.execute(query):
        lists[row.component_id].append((row.id, row.sha256, row.turn))
    return lists


def _documents(connection: Connection, here: set[str]) -> dict[str, tuple[str, Document]]:
    query = select(documents).where(documents.c.component_id.in_(here)).order_by(documents.c.version)
    return {row.component_id: (row.component_id, document_of(row)) for row in connection.execute(query)}


def _current(document: tuple[str, Document], lists: dict[str, list[tuple[str, str, int]]]) -> bool:
    component_id, made = document
    clerk = any(signature.role == "clerk" for signature in made.signatures)
    return clerk and list(made.pages) == lists[component_id]


def _page(row: Any, document: tuple[str, Document]) -> SignedPage:
    made = document[1]
    signature = next(signature for signature in made.signatures if signature.role == "clerk")
    return SignedPage(
        page_id=row.id,
        version=row.version,
        sha256=row.sha256,
        number=next(place for place, one in enumerate(made.pages, 1) if one[0] == row.id),
        turn=row.turn,
        dossier_id=row.dossier_id,
        dossier_code=row.code,
        component_id=row.component_id,
        component_title=row.title,
        document_id=made.id,
        document_version=made.version,
        officer=signature.officer,
        scanner=row.scanner,
        day=signature.signed_at.astimezone(VIETNAM).date(),
        findings=decode(FINDINGS, row.findings) if row.findings != "[]" else (),
        sharpness=row.sharpness,
    )
