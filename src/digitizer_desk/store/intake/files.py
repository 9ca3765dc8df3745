# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Paper that comes as files: all pages of a choice of files go into a component together, or none does.

Apart from ``pages.py`` because a feeder's paper must be kept page by page, while a file can be read again: here nothing
is in the component before everything is, and one undo takes it all out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select

from digitizer_desk.dossier.file import Origin, PaperFile
from digitizer_desk.dossier.finding import Finding, PageMeasures
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store.files.shelf import Shelf
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.pages import NewPage, version_row
from digitizer_desk.store.sql import acts
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, files, page_versions, pages
from digitizer_desk.store.sql.values import FINDINGS, By


@dataclass(frozen=True, slots=True)
class FilePicture:
    """A sealed picture that waits for its row. ``measures`` is None for a gap (``origin.unread``)."""

    sha256: str
    size: int
    facts: NewPage
    origin: Origin
    measures: PageMeasures | None
    findings: tuple[Finding, ...] = ()


class Files:
    """Files of one cabinet. Any thread."""

    def __init__(self, database: Database, shelf: Shelf, journal: Journal) -> None:
        self._database = database
        self._shelf = shelf
        self._journal = journal

    def seal(self, data: bytes) -> str:
        """Put bytes on the shelf and give their SHA-256. Durable when this returns, but in no component yet.

        Raises:
            DeskError: ``store.disk_full``.
        """
        return self._shelf.put(data)

    def data(self, sha256: str) -> bytes:
        """The bytes of a file as it came, proved to be those.

        Raises:
            DeskError: ``file.altered`` when they are not, ``store.page_missing`` when the file is gone.
        """
        try:
            return self._shelf.get(sha256)
        except DeskError as broken:
            if broken.code == "store.page_altered":
                raise error("file.altered", broken.detail) from broken
            raise

    def attach(
        self,
        component_id: str,
        pictures: Sequence[FilePicture],
        by: By,
        *,
        file: PaperFile | None = None,
        replace: bool = False,
        first_time: bool = False,
    ) -> tuple[str, ...]:
        """Put sealed pictures at the end of a component as one act, or in place of all it has (``replace``).

        ``file``: the PDF they are the pages of; its bytes must be sealed. ``first_time``: refuse a file that is in use
        in any component, for it can only have come in for one.

        Returns the ids of the pages, in order. When it raises, nothing has changed.

        Raises:
            DeskError: ``dossier.unknown``, ``dossier.frozen`` (sent), ``dossier.is_file`` (a PDF would be mixed with
                other pages), ``file.in_use``, ``store.disk_full``.
        """
        with self._database.writing() as connection:
            title = connection.scalar(select(components.c.title).where(components.c.id == component_id))
            if title is None:
                raise error("dossier.unknown", "no such component", code="")
            acts.refuse_when_sent(connection, component_id)
            if first_time:
                _refuse_in_use(connection, {picture.origin.sha256 for picture in pictures})
            before = acts.places(connection, component_id)
            order = [] if replace else acts.in_order(before)
            ids = [self._insert(connection, component_id, picture) for picture in pictures]
            if file is not None:
                self._keep_facts(connection, component_id, file)
            new = {i: acts.Place(None, 1, p.facts.turn, p.facts.note.value) for i, p in zip(ids, pictures, strict=True)}
            name = "thay bằng tệp" if replace and acts.in_order(before) else "nhập tệp"
            acts.perform(connection, component_id, name, before, acts.arranged(before | new, [*order, *ids]))
            self._journal.append(
                "files_attached",
                f"component:{component_id}",
                by,
                files=list(dict.fromkeys(picture.origin.sha256 for picture in pictures)),
                kind="pdf" if file is not None else "pictures",
                pages=len(pictures),
                unread=sum(picture.origin.unread for picture in pictures),
                replaced=len(acts.in_order(before)) if replace else 0,
            )
            return tuple(ids)

    def withdraw(self, component_id: str, by: By) -> int:
        """Take everything out of a component as one act that can be undone. Returns how many pages it had.

        Raises:
            DeskError: ``dossier.frozen``, ``dossier.unknown``.
        """
        with self._database.writing() as connection:
            if connection.scalar(select(components.c.id).where(components.c.id == component_id)) is None:
                raise error("dossier.unknown", "no such component", code="")
            acts.refuse_when_sent(connection, component_id)
            before = acts.places(connection, component_id)
            count = len(acts.in_order(before))
            if count:
                acts.perform(connection, component_id, "rút tệp", before, acts.arranged(before, []))
                self._journal.append("files_withdrawn", f"component:{component_id}", by, pages=count)
            return count

    def of_component(self, component_id: str) -> tuple[PaperFile, ...]:
        """Every PDF that ever came in for a component."""
        with self._database.reading() as connection:
            found = connection.scalars(select(files.c.facts).where(files.c.component_id == component_id))
            return tuple(sorted((decode(PaperFile, text) for text in found), key=lambda file: file.came_at))

    @staticmethod
    def _insert(connection: Connection, component_id: str, picture: FilePicture) -> str:
        page_id = uuid4().hex
        note = picture.facts.note.value
        connection.execute(
            insert(pages).values(id=page_id, component_id=component_id, position=None, version=1, note=note)
        )
        row = version_row(page_id, 1, picture.sha256, picture.size, picture.facts) | {
            "file_sha256": picture.origin.sha256,
            "origin": encode(Origin, picture.origin),
            "findings": encode(FINDINGS, picture.findings),
        }
        if picture.measures is not None:
            row["measures"] = encode(PageMeasures, picture.measures)
        connection.execute(insert(page_versions).values(**row))
        return page_id

    @staticmethod
    def _keep_facts(connection: Connection, component_id: str, file: PaperFile) -> None:
        of = (files.c.component_id == component_id) & (files.c.sha256 == file.sha256)
        connection.execute(delete(files).where(of))
        connection.execute(
            insert(files).values(component_id=component_id, sha256=file.sha256, facts=encode(PaperFile, file))
        )


def _refuse_in_use(connection: Connection, hashes: set[str]) -> None:
    query = (
        select(components.c.title)
        .join(pages, pages.c.component_id == components.c.id)
        .join(page_versions, (page_versions.c.page_id == pages.c.id) & (page_versions.c.version == pages.c.version))
        .where(pages.c.position.is_not(None), page_versions.c.file_sha256.in_(hashes))
        .limit(1)
    )
    title = connection.scalar(query)
    if title is not None:
        raise error("file.in_use", component=title)
