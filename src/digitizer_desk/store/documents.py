# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Documents: the PDF of a component, frozen. Its bytes and its row are written once and read for ever.

Apart from pages because nobody may change a document: another version is another file and another row (R27, R30).
"""

from __future__ import annotations

import hashlib

from sqlalchemy import insert, select

from digitizer_desk.dossier.model import Document
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store.files.shelf import Shelf
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql import acts
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, documents
from digitizer_desk.store.sql.values import By, document_of, row_of_document


class Documents:
    """The documents of one cabinet. Any thread."""

    def __init__(self, database: Database, shelf: Shelf, journal: Journal) -> None:
        self._database = database
        self._shelf = shelf
        self._journal = journal

    def freeze(self, component_id: str, pdf: bytes, document: Document, by: By) -> Document:
        """Keep a PDF and its facts as the newest document of a component. When this returns both are durable.

        Raises:
            DeskError: ``signature.broken`` when the bytes are not those the facts name (R21), ``store.conflict`` when
                this version exists, ``store.disk_full``, ``dossier.unknown``.
        """
        if hashlib.sha256(pdf).hexdigest() != document.sha256 or len(pdf) != document.size:
            raise error("signature.broken", "the bytes are not those that were signed")
        with self._database.reading() as connection:
            if connection.scalar(select(components.c.id).where(components.c.id == component_id)) is None:
                raise error("dossier.unknown", "no such component", code="")
        self._shelf.put(pdf)
        with self._database.writing() as connection:
            row = row_of_document(document)
            connection.execute(insert(documents).values(**row, component_id=component_id, acts=acts.last(connection)))
            self._journal.append(
                "document_frozen",
                f"component:{component_id}",
                by,
                document=document.id,
                version=document.version,
                sha256=document.sha256,
                pages=len(document.pages),
                certificates=[signature.certificate_sha256 for signature in document.signatures],
            )
        return document

    def freeze_again(self, earlier: Document, pdf: bytes, document: Document, by: By) -> Document:
        """Keep the same document with more behind its signatures (timestamps, another signature) as its next version.
        It is made of the same pages as ``earlier`` and was signed when that one was: later work on pages stays later.

        Raises:
            DeskError: ``signature.broken`` when the bytes are not those the facts name; ``store.conflict`` when this
                version exists, or it is not of the same pages; ``store.disk_full``.
        """
        if document.id != earlier.id or document.version != earlier.version + 1 or document.pages != earlier.pages:
            raise error("store.conflict", "not the next version of this document")
        if hashlib.sha256(pdf).hexdigest() != document.sha256 or len(pdf) != document.size:
            raise error("signature.broken", "the bytes are not those that were signed")
        before = (documents.c.id == earlier.id) & (documents.c.version == earlier.version)
        self._shelf.put(pdf)
        with self._database.writing() as connection:
            there = connection.execute(select(documents.c.component_id, documents.c.acts).where(before)).first()
            if there is None:
                raise error("store.conflict", "no such document")
            row = row_of_document(document)
            connection.execute(insert(documents).values(**row, component_id=there.component_id, acts=there.acts))
            self._journal.append(
                "document_strengthened",
                f"component:{there.component_id}",
                by,
                document=document.id,
                version=document.version,
                sha256=document.sha256,
                certificates=[signature.certificate_sha256 for signature in document.signatures],
            )
        return document

    def pdf(self, document: Document) -> bytes:
        """The bytes of a document, proved to be those that were frozen.

        Raises:
            DeskError: ``signature.broken`` when they are not, ``store.page_missing`` when the file is gone.
        """
        return self.pdf_by_hash(document.sha256)

    def pdf_by_hash(self, sha256: str) -> bytes:
        """The bytes of the document with this SHA-256.

        Raises:
            DeskError: as :meth:`pdf`.
        """
        try:
            return self._shelf.get(sha256)
        except DeskError as broken:
            if broken.code == "store.page_altered":
                raise error("signature.broken", broken.detail) from broken
            raise

    def versions(self, component_id: str) -> tuple[Document, ...]:
        """Every document a component ever had, oldest first."""
        query = select(documents).where(documents.c.component_id == component_id).order_by(documents.c.version)
        with self._database.reading() as connection:
            return tuple(document_of(row) for row in connection.execute(query))
