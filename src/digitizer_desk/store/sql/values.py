# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Rows to values of the dossier, and values to rows.

Apart from the reading and writing rooms because several of them need the same page, document and parcel.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, select

from digitizer_desk.dossier.batch import Batch, Half
from digitizer_desk.dossier.file import Origin
from digitizer_desk.dossier.finding import Finding, PageMeasures
from digitizer_desk.dossier.model import Document, Keep, NoteSide, Officer, Page, Parcel, ParcelState, Signature
from digitizer_desk.dossier.repair import Mended
from digitizer_desk.errors import error
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.schema import page_versions, pages

By = Officer | str

FINDINGS = tuple[Finding, ...]
KEEPS = tuple[Keep, ...]
PAGE_LIST = tuple[tuple[str, str, int], ...]
SIGNATURES = tuple[Signature, ...]
EVIDENCE = tuple[tuple[str, int], ...]

#: facts of a parcel that are set once, when it is packed, and those the sending changes
_PACKED = (
    "id",
    "dossier_id",
    "dossier_code",
    "component_id",
    "component_title",
    "document_id",
    "version",
    "file_sha256",
    "file_size",
    "body",
    "digest",
    "made_at",
)
_SENDING = (
    "tries",
    "next_try_at",
    "error",
    "said",
    "receipt",
    "accepted_at",
    "signed_sha256",
    "sent_sha256",
    "level",
    "body_signature",
    "trail",
)


def who(by: By) -> str:
    """The id the journal and the rows name somebody by."""
    return by.id if isinstance(by, Officer) else by


#: the first columns of ``page_query``: they say which page it is and where it lies, not what it is
PLACE_COLUMNS = 3


def page_query(*, any_version: bool = False) -> Select[Any]:
    """Pages with their version in use, or with every version; id, component and position come first."""
    of = pages.c.id == page_versions.c.page_id
    columns = [column for column in page_versions.c if column.name not in ("page_id", "version")]
    return select(
        pages.c.id,
        pages.c.component_id,
        pages.c.position,
        pages.c.note,
        page_versions.c.version.label("of_version"),
        *columns,
    ).join(page_versions, of if any_version else of & (pages.c.version == page_versions.c.version))


def one_page(connection: Connection, page_id: str) -> Page:
    """A page with its version in use.

    Raises:
        DeskError: ``dossier.unknown``.
    """
    row = connection.execute(page_query().where(pages.c.id == page_id)).first()
    if row is None:
        raise error("dossier.unknown", "no such page", code="")
    return page_of(row)


def page_of(row: Any) -> Page:
    """A page in one of its versions, from a row of pages joined with page_versions."""
    return Page(
        id=row.id,
        sha256=row.sha256,
        width=row.width,
        height=row.height,
        dpi=(row.dpi_x, row.dpi_y),
        sheet_mm=(row.sheet_width_mm, row.sheet_height_mm),
        scanned_at=row.scanned_at,
        scanner=row.scanner,
        size=row.size,
        version=row.of_version,
        turn=row.turn,
        note=NoteSide(row.note),
        measures=decode(PageMeasures, row.measures) if row.measures else None,
        findings=decode(FINDINGS, row.findings) if row.findings != "[]" else (),
        keeps=decode(KEEPS, row.keeps) if row.keeps != "[]" else (),
        origin=decode(Origin, row.origin) if row.origin else None,
        batch=row.batch,
        mended=decode(Mended, row.mended) if row.mended else None,
    )


def batch_of(row: Any) -> Batch:
    """A batch from its row."""
    return Batch(
        id=row.id,
        number=row.number,
        opened_at=row.opened_at,
        work_type=row.work_type,
        once=row.once,
        source=row.source,
        declared=row.declared,
        had=row.had,
        half=Half(row.half),
        stack=row.stack,
        outcome=row.outcome,
        kept=row.kept,
        evidence=decode(EVIDENCE, row.evidence),
        closed_at=row.closed_at,
    )


def document_of(row: Any) -> Document:
    """A document from its row."""
    return Document(
        id=row.id,
        version=row.version,
        sha256=row.sha256,
        size=row.size,
        pages=decode(PAGE_LIST, row.pages),
        made_at=row.made_at,
        signatures=decode(SIGNATURES, row.signatures),
    )


def row_of_document(document: Document) -> dict[str, Any]:
    """The columns of a document that come from its value."""
    return {
        "id": document.id,
        "version": document.version,
        "sha256": document.sha256,
        "size": document.size,
        "pages": encode(PAGE_LIST, document.pages),
        "made_at": document.made_at,
        "signatures": encode(SIGNATURES, document.signatures),
    }


def parcel_of(row: Any) -> Parcel:
    """A parcel from its row."""
    facts = {name: getattr(row, name) for name in (*_PACKED, *_SENDING)}
    return Parcel(state=ParcelState(row.state), **facts)


def row_of_parcel(parcel: Parcel) -> dict[str, Any]:
    """The columns of a parcel that come from its value."""
    return {name: getattr(parcel, name) for name in (*_PACKED, *_SENDING)} | {"state": parcel.state.value}


def packed_alike(one: Parcel, other: Parcel) -> bool:
    """Whether both were packed as the same parcel, whatever sending did to them since."""
    return all(getattr(one, name) == getattr(other, name) for name in _PACKED)
