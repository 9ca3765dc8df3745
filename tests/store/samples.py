# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Invented people and papers for the cabinet's tests. Pictures are bytes that only look like a JPEG from afar."""

from __future__ import annotations

import contextlib
import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from digitizer_desk.dossier.finding import Colour, DpiSource, Finding, PageMeasures, Region, Severity
from digitizer_desk.dossier.model import (
    VIETNAM,
    Applicant,
    CodeKind,
    Component,
    Document,
    Dossier,
    Officer,
    Parcel,
    Role,
    Signature,
)
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.pages import NewPage
from digitizer_desk.store.sql import acts

PASSPHRASE = "M17T-1PEJ-BYYW-B7FC-GJXR-WHG5-6RG6"
START = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)
CLERK = Officer(id="clerk", login="an", name="Lê Văn An", roles=frozenset({Role.CLERK}))
NAME, IDENTIFIER = "NGUYỄN THỊ HƯỜNG", "045190001234"
JPEG_HEAD = bytes.fromhex("ffd8ffe000104a464946")


def picture(seed: int, size: int = 2000) -> bytes:
    """Bytes with a JPEG's head, different for each seed."""
    return JPEG_HEAD + random.Random(seed).randbytes(size)


def new_page(**facts: object) -> NewPage:
    page = NewPage(2480, 3508, (300.0, 300.0), (210.0, 297.0), START, "test:0")
    return replace(page, **facts)  # type: ignore[arg-type]


def make_dossier(number: int = 1, parts: int = 3) -> Dossier:
    """A dossier as it is received: ids tell number and component ("d1", "d1c2")."""
    return Dossier(
        id=f"d{number}",
        code=f"000.00.12.H08-261121-{number:04d}",
        code_kind=CodeKind.OLD,
        procedure="1.001193",
        procedure_title="Đăng ký khai sinh",
        applicant=Applicant(name=NAME, identifier=IDENTIFIER, born_or_founded="02/03/1990"),
        received_at=START,
        received_by=CLERK.id,
        rules_id="tt02-2019",
        components=tuple(
            Component(id=f"d{number}c{i}", number=i, code=f"TP{i}", title=f"Giấy tờ {i}", mandatory=i < 3)
            for i in range(1, parts + 1)
        ),
    )


MEASURES = PageMeasures(
    width=2480,
    height=3508,
    dpi=(299.7, 300.2),
    dpi_source=DpiSource.PAPER,
    colour=Colour.COLOUR,
    sharpness=0.1 + 0.2,
    skew_deg=-3.25,
    blank=False,
    rotation=90,
    cut_edges=("left", "top"),
    damaged_corners=("tl",),
    light=0.87,
    red_seal=True,
    note=False,
    ink=0.031,
    real_dpi=None,
    blur_region=Region(0.1, 0.2, 0.3, 0.4),
)
FAULT = Finding(
    rule="page.sharpness",
    severity=Severity.FAULT,
    value="0,30",
    limit="0,35",
    law="Điều 8 khoản 2",
    keep_allowed=True,
    region=Region(0.0, 0.0, 0.5, 0.5),
    facts=(("edge", "trái"),),
)


def pdf_of(component_id: str, version: int = 1) -> bytes:
    return f"%PDF-1.7 {component_id} bản {version}".encode() * 50


def freeze(cabinet: Cabinet, dossier_id: str, component_id: str, version: int = 1) -> Document:
    """Freeze a document of the pages the component has now."""
    pdf = pdf_of(component_id, version)
    component = cabinet.dossiers.load(dossier_id).component(component_id)
    document = Document(
        id=f"doc-{component_id}",
        version=version,
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        pages=component.page_list,
        made_at=START,
        signatures=(Signature("clerk", CLERK.name, "ab" * 32, START, START, CLERK.id),),
    )
    return cabinet.documents.freeze(component_id, pdf, document, CLERK)


def parcel_of(dossier_id: str, component_id: str, document: Document) -> Parcel:
    body = f'{{"component":"{component_id}","version":{document.version}}}'
    return Parcel(
        id=str(UUID(int=int.from_bytes(hashlib.sha256(body.encode()).digest()[:16], "big"))),
        dossier_id=dossier_id,
        dossier_code="000.00.12.H08-261121-0001",
        component_id=component_id,
        component_title="Giấy tờ",
        document_id=document.id,
        version=document.version,
        file_sha256=document.sha256,
        file_size=document.size,
        body=body,
        digest=hashlib.sha256(body.encode()).hexdigest(),
        made_at=START,
    )


def pack(cabinet: Cabinet, dossier_id: str, component_id: str, version: int = 1) -> Parcel:
    """Freeze a document and lay its parcel in the tray."""
    document = freeze(cabinet, dossier_id, component_id, version)
    return cabinet.outbox.add(parcel_of(dossier_id, component_id, document), CLERK)


def undo_name(cabinet: Cabinet, dossier_id: str) -> str:
    """What undo would take back, in Vietnamese; '' when nothing can be."""
    return _named(cabinet, acts.next_undo, dossier_id)


def redo_name(cabinet: Cabinet, dossier_id: str) -> str:
    """What redo would do again."""
    return _named(cabinet, acts.next_redo, dossier_id)


def _named(cabinet: Cabinet, pick: Callable[[Connection, str], Any], dossier_id: str) -> str:
    with contextlib.suppress(DeskError), cabinet.database.reading() as connection:
        act = pick(connection, dossier_id)
        return str(act.name) if act is not None else ""
    return ""
