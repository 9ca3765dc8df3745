# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages a supervisor sent back and that are not mended yet: computed from judgements and documents, never stored.

Apart from the lots because an act with pages must ask it too: what came back may be mended although it was received.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from digitizer_desk.dossier.model import Metadata
from digitizer_desk.dossier.review import Judgement, ReturnedPage, SignedPage
from digitizer_desk.store.sql.codec import decode
from digitizer_desk.store.sql.schema import answers, components, documents, judgements, lot_pages, lots
from digitizer_desk.store.sql.values import PAGE_LIST


def judgement_of(row: Any) -> Judgement:
    """A judgement from its row."""
    return Judgement(
        number=row.number,
        page_id=row.page_id,
        version=row.version,
        fault=row.fault,
        kind=row.kind,
        rule=row.rule,
        mended_by=row.mended_by,
        note=row.note,
        by=row.by,
        at=row.at,
    )


def open_returns(connection: Connection, component_id: str = "") -> Iterator[ReturnedPage]:
    """Pages that came back, of one component or of all, the oldest judgement first.

    A return is over when what mends its fault has happened and was signed or confirmed, when the clerk answered it, and
    when the component is not digitised any more.
    """
    same_page = (lot_pages.c.page_id == judgements.c.page_id) & (lot_pages.c.version == judgements.c.version)
    query = (
        select(judgements, lot_pages.c.page, lot_pages.c.component_id, components.c.metadata)
        .join(lots, lots.c.id == judgements.c.lot_id)
        .join(lot_pages, (lot_pages.c.lot_id == lots.c.id) & same_page)
        .join(components, components.c.id == lot_pages.c.component_id)
        .outerjoin(answers, answers.c.judgement == judgements.c.number)
        .where(
            judgements.c.mended_by != "",
            judgements.c.taken_back.is_(False),
            lots.c.verdict != "",
            answers.c.judgement.is_(None),
            components.c.not_digitised.is_(None),
        )
        .order_by(judgements.c.number)
    )
    if component_id:
        query = query.where(lot_pages.c.component_id == component_id)
    for row in connection.execute(query).all():
        returned = ReturnedPage(row.lot_id, decode(SignedPage, row.page), judgement_of(row))
        if not _mended(connection, returned, row.metadata):
            yield returned


def _mended(connection: Connection, returned: ReturnedPage, metadata: str | None) -> bool:
    page, judgement = returned.page, returned.judgement
    if judgement.mended_by == "data":
        return metadata is not None and decode(Metadata, metadata).confirmed_at > judgement.at
    of = documents.c.component_id == page.component_id
    lists = {row.version: row.pages for row in connection.execute(select(documents).where(of))}
    newest = lists[max(lists)] if lists else "[]"
    if judgement.mended_by == "page":
        return all((one, sha256) != (page.page_id, page.sha256) for one, sha256, _ in decode(PAGE_LIST, newest))
    return bool(newest != lists.get(page.document_version, newest))
