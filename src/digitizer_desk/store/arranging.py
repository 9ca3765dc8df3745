# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Acts on kept pages: take out, put back, move, turn, mark, use another picture; and undoing any of these.

Apart from keeping because these need no file: each is a change of places in the database, one line in the journal
(R16), and stays to be undone for as long as nothing of it went out, also after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from digitizer_desk.dossier.model import NoteSide, Page
from digitizer_desk.errors import error
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql import acts
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, page_versions, pages
from digitizer_desk.store.sql.values import By, page_of, page_query


@dataclass(frozen=True, slots=True)
class RemovedPage:
    """A page that was taken out of its component: still kept, and to be put back."""

    component_id: str
    page: Page


_Act = Callable[[acts.Places, list[str], int], tuple[str, acts.Places]]


class Arranging:
    """The part of :class:`~digitizer_desk.store.pages.Pages` that only rearranges. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def remove(self, page_id: str, by: By) -> None:
        """Take a page out of its component. A mark, nothing is deleted.

        Raises:
            DeskError: ``dossier.frozen`` (being sent or received already), ``dossier.unknown``.
        """

        def act(now: acts.Places, order: list[str], number: int) -> tuple[str, acts.Places]:
            return f"bỏ trang {number}", acts.arranged(now, [p for p in order if p != page_id])

        self._act(page_id, by, "page_removed", act)

    def move(self, page_id: str, index: int, by: By) -> None:
        """Put a page at place ``index`` (0-based; beyond the end means the end) of its component (R16).

        Raises:
            DeskError: ``dossier.frozen``, ``dossier.unknown``.
        """

        def act(now: acts.Places, order: list[str], number: int) -> tuple[str, acts.Places]:
            others = [p for p in order if p != page_id]
            place = min(max(index, 0), len(others))
            name = f"chuyển trang {number} thành trang {place + 1}"
            return name, acts.arranged(now, [*others[:place], page_id, *others[place:]])

        self._act(page_id, by, "page_moved", act, to=index + 1)

    def arrange(self, component_id: str, order: Sequence[str], name: str, by: By) -> None:
        """Put all pages of a component in another order, as one act. ``name`` says it in Vietnamese, for "Hoàn tác".

        Raises:
            DeskError: ``dossier.frozen``; ``store.conflict`` when these are not exactly the pages in use.
        """
        with self._database.writing() as connection:
            acts.refuse_when_sent(connection, component_id)
            now = acts.places(connection, component_id)
            if sorted(order) != sorted(acts.in_order(now)):
                raise error("store.conflict", "the component has other pages now")
            then = acts.arranged(now, list(order))
            if then != now:
                acts.perform(connection, component_id, name, now, then)
                self._journal.append("pages_arranged", f"component:{component_id}", by, pages=list(order))

    def remove_all(self, component_id: str, page_ids: Sequence[str], name: str, by: By) -> None:
        """Take several pages out of a component as one act. ``name`` says it in Vietnamese, for "Hoàn tác".

        Raises:
            DeskError: ``dossier.frozen``; ``store.conflict`` when one of them is not in use.
        """
        with self._database.writing() as connection:
            acts.refuse_when_sent(connection, component_id)
            now = acts.places(connection, component_id)
            order = acts.in_order(now)
            if not set(page_ids) <= set(order):
                raise error("store.conflict", "one of the pages is not in use")
            then = acts.arranged(now, [page_id for page_id in order if page_id not in page_ids])
            acts.perform(connection, component_id, name, now, then)
            self._journal.append("pages_removed", f"component:{component_id}", by, pages=list(page_ids))

    def removed(self, dossier_id: str) -> tuple[RemovedPage, ...]:
        """Every page of a dossier that was taken out, in the order of the components, the newest capture first."""
        query = (
            page_query()
            .join(components, components.c.id == pages.c.component_id)
            .where(components.c.dossier_id == dossier_id, pages.c.position.is_(None))
            .order_by(components.c.number, page_versions.c.scanned_at.desc())
        )
        with self._database.reading() as connection:
            return tuple(RemovedPage(row.component_id, page_of(row)) for row in connection.execute(query))

    def put_back(self, page_id: str, by: By) -> None:
        """Put a page that was taken out back at the end of its component.

        Raises:
            DeskError: ``dossier.frozen``, ``dossier.unknown``, ``reuse.stands``; ``store.conflict`` when it is in use.
        """
        with self._database.writing() as connection:
            component_id = self._component_of(connection, page_id)
            acts.refuse_when_sent(connection, component_id)
            acts.refuse_beside_a_reuse(connection, component_id)
            now = acts.places(connection, component_id)
            order = acts.in_order(now)
            if page_id in order:
                raise error("store.conflict", "the page is in use")
            then = acts.arranged(now, [*order, page_id])
            acts.perform(connection, component_id, f"lấy lại trang {len(order) + 1}", now, then)
            self._note("page_put_back", page_id, by, component=component_id, at=len(order) + 1)

    def turn(self, page_id: str, degrees: int, by: By) -> None:
        """Show a page turned clockwise by so many degrees more (a multiple of 90). The picture is not touched.

        Raises:
            DeskError: ``dossier.frozen``, ``dossier.unknown``.
        """
        if degrees % 90:
            raise ValueError("a page is turned by quarters")

        def act(now: acts.Places, order: list[str], number: int) -> tuple[str, acts.Places]:
            place = now[page_id]
            return f"xoay trang {number}", now | {page_id: place._replace(turn=(place.turn + degrees) % 360)}

        self._act(page_id, by, "page_turned", act, degrees=degrees)

    def set_note(self, page_id: str, note: NoteSide, by: By) -> None:
        """Say whether this picture shows its sheet with, or without, the note stuck on it (R14).

        Raises:
            DeskError: ``dossier.frozen``, ``dossier.unknown``.
        """

        def act(now: acts.Places, order: list[str], number: int) -> tuple[str, acts.Places]:
            return f"đánh dấu ghi chú trang {number}", now | {page_id: now[page_id]._replace(note=note.value)}

        self._act(page_id, by, "note_set", act, note=note.value)

    def use_version(self, page_id: str, version: int, by: By) -> None:
        """Use another of the pictures taken for this page.

        Raises:
            DeskError: ``dossier.frozen``, ``dossier.unknown`` (also when there is no such version).
        """
        query = select(page_versions.c.version, page_versions.c.turn).where(page_versions.c.page_id == page_id)
        with self._database.reading() as connection:
            turns = {row.version: row.turn for row in connection.execute(query)}
        if version not in turns:
            raise error("dossier.unknown", "no such version", code="")

        def act(now: acts.Places, order: list[str], number: int) -> tuple[str, acts.Places]:
            used = now[page_id]._replace(version=version, turn=turns[version])
            return f"dùng bản {version} của trang {number}", now | {page_id: used}

        self._act(page_id, by, "version_used", act, version=version)

    def _act(
        self,
        page_id: str,
        by: By,
        action: str,
        act: _Act,
        **facts: str | int,
    ) -> None:
        with self._database.writing() as connection:
            component_id = self._component_of(connection, page_id)
            acts.refuse_when_sent(connection, component_id)
            now = acts.places(connection, component_id)
            order = acts.in_order(now)
            if page_id not in order:
                raise error("dossier.unknown", "the page was taken out", code="")
            number = order.index(page_id) + 1
            name, then = act(now, order, number)
            if then == now:
                return
            acts.perform(connection, component_id, name, now, then)
            self._note(action, page_id, by, component=component_id, at=number, **facts)

    @staticmethod
    def _component_of(connection: Connection, page_id: str) -> str:
        component_id = connection.scalar(select(pages.c.component_id).where(pages.c.id == page_id))
        if component_id is None:
            raise error("dossier.unknown", "no such page", code="")
        return str(component_id)

    def undo(self, dossier_id: str, by: By) -> str | None:
        """Take back the last act with pages of this dossier. Returns its Vietnamese name, or None when there is none.

        Raises:
            DeskError: ``dossier.signed`` when only acts are left that were done before the clerk signed,
                ``dossier.frozen`` when that document went out.
        """
        with self._database.writing() as connection:
            act = acts.next_undo(connection, dossier_id)
            if act is None:
                return None
            acts.take_back(connection, act)
            self._journal.append("undone", f"component:{act.component_id}", by, act=act.id)
            return str(act.name)

    def redo(self, dossier_id: str, by: By) -> str | None:
        """Do again what was taken back last. Returns its Vietnamese name, or None.

        Raises:
            DeskError: ``dossier.frozen``.
        """
        with self._database.writing() as connection:
            act = acts.next_redo(connection, dossier_id)
            if act is None:
                return None
            acts.do_again(connection, act)
            self._journal.append("redone", f"component:{act.component_id}", by, act=act.id)
            return str(act.name)

    def _note(self, action: str, page_id: str, by: By, **facts: str | int) -> None:
        self._journal.append(action, f"page:{page_id}", by, **facts)
