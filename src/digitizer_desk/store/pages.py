# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages: kept once and for ever; taken out, moved, turned and replaced as acts that can all be taken back.

Apart from ``dossiers.py`` because here lies the one promise everything else may fail but not this: a page that was
shown is safe. Its order: seal, write, sync, name, then row and journal line in one commit, then return it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from digitizer_desk.dossier.finding import Finding, PageMeasures
from digitizer_desk.dossier.model import Keep, NoteSide, Page
from digitizer_desk.dossier.repair import Mended
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store.arranging import Arranging
from digitizer_desk.store.files.shelf import Shelf
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.sql import acts
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, documents, page_versions, pages
from digitizer_desk.store.sql.values import FINDINGS, KEEPS, By, one_page, page_of, page_query


@dataclass(frozen=True, slots=True)
class NewPage:
    """What is known of a picture when it is kept. Units as in :class:`~digitizer_desk.dossier.model.Page`."""

    width: int
    height: int
    dpi: tuple[float, float]
    sheet_mm: tuple[float, float]
    scanned_at: datetime
    scanner: str
    batch: str = ""
    note: NoteSide = NoteSide.NONE
    turn: int = 0


@dataclass(frozen=True, slots=True)
class RecoveredPage:
    """A whole picture whose row a power cut prevented. ``size`` in bytes; ``component_id`` where it was scanned for,
    ``replaces`` the page it was to be a new version of, or None."""

    sha256: str
    size: int
    component_id: str
    facts: NewPage
    replaces: str | None = None

    @property
    def scanned_at(self) -> datetime:
        return self.facts.scanned_at


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What is sealed beside a picture, so that it can find its place without its row."""

    component_id: str
    page: NewPage
    replaces: str | None = None


def version_row(page_id: str, version: int, sha256: str, size: int, facts: NewPage) -> dict[str, Any]:
    """The columns of a picture that are known when it is kept."""
    return {
        "page_id": page_id,
        "version": version,
        "sha256": sha256,
        "width": facts.width,
        "height": facts.height,
        "dpi_x": facts.dpi[0],
        "dpi_y": facts.dpi[1],
        "sheet_width_mm": facts.sheet_mm[0],
        "sheet_height_mm": facts.sheet_mm[1],
        "scanned_at": facts.scanned_at,
        "scanner": facts.scanner,
        "batch": facts.batch,
        "size": size,
        "turn": facts.turn,
    }


def mended_columns(page: Page, sha256: str, size: int) -> dict[str, Any]:
    """The columns of a picture that was made from an earlier one in which it differs from that."""
    return {
        "sha256": sha256,
        "size": size,
        "width": page.width,
        "height": page.height,
        "sheet_width_mm": page.sheet_mm[0],
        "sheet_height_mm": page.sheet_mm[1],
        "measures": encode(PageMeasures, page.measures) if page.measures is not None else None,
        "findings": encode(FINDINGS, page.findings),
        "keeps": encode(KEEPS, page.keeps),
        "mended": encode(Mended, page.mended) if page.mended is not None else None,
    }


class Pages(Arranging):
    """The pages of one cabinet. Any thread."""

    def __init__(self, database: Database, shelf: Shelf, journal: Journal) -> None:
        super().__init__(database, journal)
        self._shelf = shelf

    # keeping

    def keep(
        self,
        component_id: str,
        jpeg: bytes,
        facts: NewPage,
        by: By,
        *,
        after: str | None = None,
        before: str | None = None,
        replaces: str | None = None,
    ) -> Page:
        """Keep a picture as a new page (at the end, behind ``after``, in front of ``before``), or as a new version of
        the page ``replaces``.

        When this returns, a power cut cannot take the page away. When it raises, nothing is in the component. It
        never refuses for what was sent: paper in the feeder is not to be lost, the next document supersedes.

        Raises:
            DeskError: ``store.disk_full``, ``dossier.unknown`` (no such component, or the other page is not in it).
        """
        with self._database.reading() as connection:
            self._place_for(connection, component_id, after or before or replaces)
        sealed_facts = encode(_Sealed, _Sealed(component_id, facts, replaces)).encode()
        sha256 = self._shelf.put(jpeg, sealed_facts)
        with self._database.writing() as connection:
            if replaces is not None:
                return self._new_version(connection, component_id, replaces, sha256, len(jpeg), facts, by)
            order = self._place_for(connection, component_id, after or before)
            index = order.index(after) + 1 if after else order.index(before) if before else len(order)
            return self._new_page(connection, component_id, index, sha256, len(jpeg), facts, by, "page_kept")

    def _new_page(
        self,
        connection: Connection,
        component_id: str,
        index: int,
        sha256: str,
        size: int,
        facts: NewPage,
        by: By,
        action: str,
    ) -> Page:
        before = acts.places(connection, component_id)
        order = acts.in_order(before)
        page_id = uuid4().hex
        connection.execute(
            insert(pages).values(id=page_id, component_id=component_id, position=None, version=1, note=facts.note.value)
        )
        self._insert_version(connection, page_id, 1, sha256, size, facts)
        new = before | {page_id: acts.Place(None, 1, facts.turn, facts.note.value)}
        now = acts.arranged(new, [*order[:index], page_id, *order[index:]])
        acts.perform(connection, component_id, f"thêm trang {index + 1}", before, now)
        self._note(
            action, page_id, by, sha256=sha256, at=index + 1, component=component_id, scanner=shown(facts.scanner)
        )
        return one_page(connection, page_id)

    def _new_version(
        self,
        connection: Connection,
        component_id: str,
        page_id: str,
        sha256: str,
        size: int,
        facts: NewPage,
        by: By,
    ) -> Page:
        order = self._place_for(connection, component_id, page_id)
        before = acts.places(connection, component_id)
        newest = select(func.max(page_versions.c.version)).where(page_versions.c.page_id == page_id)
        version = (connection.scalar(newest) or 0) + 1
        self._insert_version(connection, page_id, version, sha256, size, facts)
        # the place keeps its side of the note: what is taken again is the same side
        note = facts.note.value if facts.note is not NoteSide.NONE else before[page_id].note
        now = before | {page_id: acts.Place(before[page_id].position, version, facts.turn, note)}
        number = order.index(page_id) + 1
        acts.perform(connection, component_id, f"quét lại trang {number}", before, now)
        self._note(
            "page_replaced", page_id, by, sha256=sha256, at=number, version=version, scanner=shown(facts.scanner)
        )
        return one_page(connection, page_id)

    @staticmethod
    def _insert_version(
        connection: Connection, page_id: str, version: int, sha256: str, size: int, facts: NewPage
    ) -> None:
        connection.execute(insert(page_versions).values(**version_row(page_id, version, sha256, size, facts)))

    @staticmethod
    def _place_for(connection: Connection, component_id: str, neighbour: str | None) -> list[str]:
        """The pages in use, first to last; refuses an unknown component and a neighbour that is not among them."""
        if connection.scalar(select(components.c.id).where(components.c.id == component_id)) is None:
            raise error("dossier.unknown", "no such component", code="")
        order = acts.in_order(acts.places(connection, component_id))
        if neighbour is not None and neighbour not in order:
            raise error("dossier.unknown", "no such page in the component", code="")
        return order

    def keep_mended(self, page: Page, name: str, jpeg: bytes, by: By) -> Page:
        """Keep a picture that was made from an earlier one of this page, and use it. ``name`` says what was done, in
        Vietnamese, for "Hoàn tác"; ``page`` is the page as it will be: its ``version`` is given here.

        What was captured stays what it was: when, by which machine, in which batch, from which file. A cut before the
        commit leaves nothing but a file that nobody misses, for the picture can be made again.

        Raises:
            DeskError: ``store.disk_full``, ``dossier.frozen``, ``dossier.unknown``; ``dossier.is_file`` for a page of
                a PDF; ``store.conflict`` when another version was put in use meanwhile.
        """
        if page.mended is None:
            raise ValueError("not a picture that was made from another")
        sha256 = self._shelf.put(jpeg)
        with self._database.writing() as connection:
            component_id = self._component_of(connection, page.id)
            acts.refuse_when_sent(connection, component_id)
            before = acts.places(connection, component_id)
            order = self._place_for(connection, component_id, page.id)
            if before[page.id].version != page.version:
                raise error("store.conflict", "another version of the page is in use")
            of = (page_versions.c.page_id == page.id) & (page_versions.c.version == page.mended.of)
            made = dict(connection.execute(select(page_versions).where(of)).mappings().one())
            newest = select(func.max(page_versions.c.version)).where(page_versions.c.page_id == page.id)
            version = (connection.scalar(newest) or 0) + 1
            made |= mended_columns(page, sha256, len(jpeg)) | {"version": version, "turn": before[page.id].turn}
            connection.execute(insert(page_versions).values(**made))
            now = before | {page.id: before[page.id]._replace(version=version)}
            number = order.index(page.id) + 1
            acts.perform(connection, component_id, f"{name} trang {number}", before, now)
            self._note("page_mended", page.id, by, sha256=sha256, at=number, version=version, of=page.mended.of)
            return one_page(connection, page.id)

    # reading

    def jpeg(self, page: Page | str) -> bytes:
        """The master picture, proved to be what was kept. ``page``: a page, or the SHA-256 of its picture.

        Raises:
            DeskError: ``store.page_missing``, ``store.page_altered``, naming the number of the page where known.
        """
        sha256 = page if isinstance(page, str) else page.sha256
        try:
            return self._shelf.get(sha256)
        except DeskError as broken:
            raise error(broken.code, broken.detail, page=self._number_of(sha256)) from broken

    def _number_of(self, sha256: str) -> int | str:
        query = (
            select(pages.c.position)
            .join(page_versions, page_versions.c.page_id == pages.c.id)
            .where(page_versions.c.sha256 == sha256, pages.c.position.is_not(None))
        )
        with self._database.reading() as connection:
            position = connection.scalar(query.limit(1))
        return "" if position is None else position + 1

    def versions(self, page_id: str) -> tuple[Page, ...]:
        """Every picture taken for this page, oldest first."""
        query = page_query(any_version=True).where(pages.c.id == page_id).order_by(page_versions.c.version)
        with self._database.reading() as connection:
            return tuple(page_of(row) for row in connection.execute(query))

    def recent(self, scanner: str, most: int) -> tuple[Page, ...]:
        """The last pictures this scanner took, newest first, of any dossier, those replaced since included; not those
        that were made from them."""
        query = page_query(any_version=True).where(page_versions.c.scanner == scanner, page_versions.c.mended.is_(None))
        query = query.order_by(page_versions.c.scanned_at.desc()).limit(most)
        with self._database.reading() as connection:
            return tuple(page_of(row) for row in connection.execute(query))

    def last_scanner(self) -> str:
        """The machine that took the newest picture of all, as pages name it; '' before the first."""
        query = select(page_versions.c.scanner).where(page_versions.c.scanner != "", page_versions.c.batch != "")
        with self._database.reading() as connection:
            return str(connection.scalar(query.order_by(page_versions.c.scanned_at.desc()).limit(1)) or "")

    # facts of a page

    def set_measures(
        self, page_id: str, measures: PageMeasures, findings: Sequence[Finding], version: int | None = None
    ) -> Page:
        """Keep what was measured on a page (on the version in use, unless told) and what the rules made of it."""
        values = {"measures": encode(PageMeasures, measures), "findings": encode(FINDINGS, tuple(findings))}
        with self._database.writing() as connection:
            page = one_page(connection, page_id)
            self._update_version(connection, page_id, version or page.version, values)
            return one_page(connection, page_id)

    def add_keep(self, page_id: str, keep: Keep, by: By) -> Page:
        """Note that the version in use is kept in spite of a finding. The reason's words stay out of the journal."""
        with self._database.writing() as connection:
            page = one_page(connection, page_id)
            keeps = (*(k for k in page.keeps if k.rule != keep.rule), keep)
            self._update_version(connection, page_id, page.version, {"keeps": encode(KEEPS, keeps)})
            self._note("kept_anyway", page_id, by, rule=keep.rule, sha256=page.sha256)
            return replace(page, keeps=keeps)

    @staticmethod
    def _update_version(connection: Connection, page_id: str, version: int, values: dict[str, str]) -> None:
        of = (page_versions.c.page_id == page_id) & (page_versions.c.version == version)
        connection.execute(update(page_versions).where(of).values(**values))

    # after a power cut

    def recovered(self) -> tuple[RecoveredPage, ...]:
        """Pictures that are whole on disk but have no row: a cut came between the two. Oldest first.

        To be asked at the start: while a page is being kept, it too has a file and no row for a moment.
        """
        with self._database.reading() as connection:
            known = set(connection.scalars(select(page_versions.c.sha256).union(select(documents.c.sha256))))
        found = []
        for file in self._shelf.found(known):
            if file.facts:  # documents carry none: one without a row is made again by signing again
                sealed = decode(_Sealed, file.facts.decode())
                found.append(RecoveredPage(file.sha256, file.size, sealed.component_id, sealed.page, sealed.replaces))
        return tuple(found)

    def adopt(self, recovered: RecoveredPage, component_id: str, by: By) -> Page:
        """Put a recovered picture at the end of a component; one that was taken again for a page still in use there
        becomes the new version of that page, as it would have without the cut.

        Raises:
            DeskError: ``store.page_missing``, ``store.page_altered``, ``dossier.frozen``, ``dossier.unknown``;
                ``store.conflict`` when it has a place already.
        """
        self.jpeg(recovered.sha256)
        sha256, size, facts = recovered.sha256, recovered.size, recovered.facts
        with self._database.writing() as connection:
            self._refuse_known(connection, sha256)
            order = self._place_for(connection, component_id, None)
            acts.refuse_when_sent(connection, component_id)
            if recovered.replaces in order:
                return self._new_version(connection, component_id, str(recovered.replaces), sha256, size, facts, by)
            return self._new_page(connection, component_id, len(order), sha256, size, facts, by, "page_adopted")

    def put_aside(self, recovered: RecoveredPage, component_id: str, by: By) -> Page:
        """Leave a recovered picture out: it lies among the pages taken out of a component, from where it can be put
        back like any of them. What is in use there stays as it is, so this also holds for what was signed or sent.

        Raises:
            DeskError: ``dossier.unknown``; ``store.conflict`` when it has a place already.
        """
        with self._database.writing() as connection:
            self._refuse_known(connection, recovered.sha256)
            self._place_for(connection, component_id, None)
            page_id, facts = uuid4().hex, recovered.facts
            row = {"id": page_id, "component_id": component_id, "position": None, "version": 1}
            connection.execute(insert(pages).values(**row, note=facts.note.value))
            self._insert_version(connection, page_id, 1, recovered.sha256, recovered.size, facts)
            self._note("page_put_aside", page_id, by, sha256=recovered.sha256, component=component_id)
            return one_page(connection, page_id)

    @staticmethod
    def _refuse_known(connection: Connection, sha256: str) -> None:
        if connection.scalar(select(page_versions.c.page_id).where(page_versions.c.sha256 == sha256)):
            raise error("store.conflict", "adopted before")
