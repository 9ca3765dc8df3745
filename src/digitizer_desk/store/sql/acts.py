# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The list of acts with pages, each with the places it changed before and after, so that any can be taken back.

Apart from the acts themselves because taking back is one thing for all of them: put the places as they were. Acts of
one component are taken back in reverse order, acts of different components do not touch each other.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, insert, select, update

from digitizer_desk.dossier.file import Origin, is_whole_file
from digitizer_desk.dossier.incoming.reuse import ReuseState
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store.incoming.reuses import live as live_reuse
from digitizer_desk.store.sql import returns
from digitizer_desk.store.sql.codec import canonical, decode
from digitizer_desk.store.sql.schema import acts, components, documents, page_versions, pages, parcels

#: on its way or there: what went into these documents is not taken back but superseded
GONE_OUT = (ParcelState.SENDING.value, ParcelState.ACCEPTED.value)

_MOVE = (
    update(pages)
    .where(pages.c.id == bindparam("of"))
    .values(position=bindparam("at"), version=bindparam("using"), note=bindparam("side"))
)
_TURN = (
    update(page_versions)
    .where(
        page_versions.c.page_id == bindparam("of"),
        page_versions.c.version == bindparam("using"),
        # a row holds the sketch of its page: those that only move must not be written anew
        page_versions.c.turn != bindparam("by_degrees"),
    )
    .values(turn=bindparam("by_degrees"))
)


class Place(NamedTuple):
    """How a page stands: position (None = taken out), version in use, its turn, its side of a note."""

    position: int | None
    version: int
    turn: int
    note: str


Places = dict[str, Place]


def places(connection: Connection, component_id: str) -> Places:
    """Every page ever kept for a component, by id: those in use first, in order."""
    query = (
        select(pages.c.id, pages.c.position, pages.c.version, page_versions.c.turn, pages.c.note)
        .join(
            page_versions,
            (page_versions.c.page_id == pages.c.id) & (page_versions.c.version == pages.c.version),
        )
        .where(pages.c.component_id == component_id)
        .order_by(pages.c.position.is_(None), pages.c.position)
    )
    return {page_id: Place(*place) for page_id, *place in connection.execute(query).all()}


def in_order(now: Places) -> list[str]:
    """Ids of the pages in use, first to last."""
    return [page_id for page_id, place in now.items() if place.position is not None]


def arranged(now: Places, order: list[str]) -> Places:
    """The same places with exactly these pages in use, in this order."""
    position = {page_id: index for index, page_id in enumerate(order)}
    return {page_id: place._replace(position=position.get(page_id)) for page_id, place in now.items()}


def perform(connection: Connection, component_id: str, name: str, before: Places, after: Places) -> int:
    """Change the places that differ and note the act. What was undone before can then no longer be redone.

    A page missing in ``before`` is new: its rows exist already, and taking the act back takes it out.
    Returns the id of the act.

    Raises:
        DeskError: ``dossier.is_file`` when a PDF that came in would no longer be whole, or be mixed with other pages:
            its bytes are never taken apart (R4).
    """
    _refuse_breaking_a_file(connection, component_id, after)
    changed = {page_id: place for page_id, place in after.items() if before.get(page_id) != place}
    were = {page_id: before.get(page_id, changed[page_id]._replace(position=None)) for page_id in changed}
    _apply(connection, changed)
    dossier_id = connection.scalar(select(components.c.dossier_id).where(components.c.id == component_id))
    connection.execute(
        update(acts).where(acts.c.dossier_id == dossier_id, acts.c.state == "undone").values(state="gone")
    )
    act = insert(acts).values(
        dossier_id=dossier_id,
        component_id=component_id,
        name=name,
        before=canonical(were),
        after=canonical(changed),
        state="done",
    )
    return int(connection.execute(act).inserted_primary_key[0])  # type: ignore[index]


def _refuse_breaking_a_file(connection: Connection, component_id: str, after: Places) -> None:
    query = (
        select(page_versions.c.page_id, page_versions.c.version, page_versions.c.origin)
        .join(pages, pages.c.id == page_versions.c.page_id)
        .where(pages.c.component_id == component_id, page_versions.c.origin.is_not(None))
    )
    origins = {(row.page_id, row.version): decode(Origin, row.origin) for row in connection.execute(query)}
    if not origins:
        return
    live = sorted((p.position, page_id, p) for page_id, p in after.items() if p.position is not None)
    shown = [(origins.get((page_id, place.version)), place.turn) for _, page_id, place in live]
    if any(origin is not None and origin.pdf for origin, _ in shown) and not is_whole_file(shown):
        title = connection.scalar(select(components.c.title).where(components.c.id == component_id))
        raise error("dossier.is_file", component=title or "")


def next_undo(connection: Connection, dossier_id: str) -> Any:
    """The act that undo would take back, or None when nothing was done.

    Raises:
        DeskError: ``dossier.signed`` when all that is left was done before the clerk signed, ``dossier.frozen`` when
            that document went out to the province.
    """
    return _pick(connection, dossier_id, "done", newest=True)


def next_redo(connection: Connection, dossier_id: str) -> Any:
    """The act that redo would do again, or None.

    Raises:
        DeskError: ``dossier.frozen``, ``dossier.signed``.
    """
    return _pick(connection, dossier_id, "undone", newest=False)


def take_back(connection: Connection, act: Any) -> None:
    """Put the places of an act as they were before it."""
    wanted = _read(act.before)
    if any(place.position is not None for place in wanted.values()):
        refuse_beside_a_reuse(connection, act.component_id)
    _apply(connection, wanted)
    connection.execute(update(acts).where(acts.c.id == act.id).values(state="undone"))


def do_again(connection: Connection, act: Any) -> None:
    """Put the places of an act as they were after it."""
    wanted = _read(act.after)
    if any(place.position is not None for place in wanted.values()):
        refuse_beside_a_reuse(connection, act.component_id)
    _apply(connection, wanted)
    connection.execute(update(acts).where(acts.c.id == act.id).values(state="done"))


def refuse_beside_a_reuse(connection: Connection, component_id: str) -> None:
    """Pages do not come back unseen behind a paper the province keeps: that decision is taken back first.

    Raises:
        DeskError: ``reuse.stands``.
    """
    row = live_reuse(connection, component_id)
    if row is not None and row.state != ReuseState.REFUSED:
        title = connection.scalar(select(components.c.title).where(components.c.id == component_id))
        raise error("reuse.stands", component=title)


def last(connection: Connection) -> int:
    """The id of the newest act of all, 0 before the first."""
    return connection.scalar(select(func.max(acts.c.id))) or 0


def refuse_when_sent(connection: Connection, component_id: str) -> None:
    """Refuse an act on a component whose document is on its way to the province or was received there.

    What a supervisor sent back may be mended although it was received: the next document supersedes it.

    Raises:
        DeskError: ``dossier.frozen``.
    """
    came_back = any(returns.open_returns(connection, component_id))
    states = (ParcelState.SENDING.value,) if came_back else GONE_OUT
    title = connection.scalar(
        select(components.c.title)
        .join(parcels, parcels.c.component_id == components.c.id)
        .where(components.c.id == component_id, parcels.c.state.in_(states))
        .limit(1)
    )
    if title is not None:
        raise error("dossier.frozen", component=title)


def _pick(connection: Connection, dossier_id: str, state: str, *, newest: bool) -> Any:
    gone_out = case((parcels.c.state.in_(GONE_OUT), 1), else_=0)
    frozen = (
        select(
            documents.c.component_id,
            func.max(documents.c.acts).label("signed"),
            func.max(case((gone_out == 1, documents.c.acts), else_=-1)).label("sent"),
        )
        .outerjoin(parcels, (parcels.c.document_id == documents.c.id) & (parcels.c.version == documents.c.version))
        .group_by(documents.c.component_id)
        .subquery()
    )
    query = (
        select(
            acts,
            components.c.title,
            (acts.c.id <= func.coalesce(frozen.c.signed, -1)).label("signed"),
            (acts.c.id <= func.coalesce(frozen.c.sent, -1)).label("sent"),
        )
        .join(components, components.c.id == acts.c.component_id)
        .outerjoin(frozen, frozen.c.component_id == acts.c.component_id)
        .where(acts.c.dossier_id == dossier_id, acts.c.state == state)
        .order_by(acts.c.id.desc() if newest else acts.c.id)
    )
    refusal: DeskError | None = None
    for act in connection.execute(query):
        if not act.signed:
            return act
        refusal = refusal or error("dossier.frozen" if act.sent else "dossier.signed", component=act.title)
    if refusal is not None:
        raise refusal
    return None


def _apply(connection: Connection, wanted: Places) -> None:
    if not wanted:
        return
    connection.execute(
        _MOVE, [{"of": i, "at": p.position, "using": p.version, "side": p.note} for i, p in wanted.items()]
    )
    connection.execute(_TURN, [{"of": i, "using": p.version, "by_degrees": p.turn} for i, p in wanted.items()])


def _read(text: str) -> Places:
    return {page_id: Place(*place) for page_id, place in json.loads(text).items()}
