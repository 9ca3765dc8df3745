# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""An applicant's papers in the province's store, used instead of being scanned again (R5).

Apart from scanning because no paper moves: the clerk looks, chooses, and the province is told. Whom was looked for is
in no journal line and no log; that somebody looked is.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.incoming.reuse import PaperState, Reusable, Reused
from digitizer_desk.dossier.model import Component, Dossier, Officer
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.incoming.reading import Reading, ReuseTaken, reading_of
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.province.mapping import body_of, reuse_record
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.store.incoming.reuses import ReuseToSend

#: how long a message that failed rests
_PAUSE = timedelta(minutes=5)
_NO_LINE = ("province.offline", "province.timeout", "province.server_busy", "province.unknown_outcome")
_WHY = {PaperState.EXPIRED: "Giấy tờ đã hết hiệu lực", PaperState.CANCELLED: "Giấy tờ đã bị hủy"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up found for a dossier: good for choosing from, kept nowhere. ``day``: for which the states hold."""

    dossier_id: str
    papers: tuple[Reusable, ...]
    day: date


def look_up(desk: Desk, dossier_id: str, by: Officer) -> Found:
    """Ask the province's store for the applicant's papers. Blocks: for the network lane.

    Raises:
        DeskError: ``reuse.no_identifier``, ``reuse.offline``, ``province.not_offered``, ``province.*`` otherwise,
            ``officer.not_allowed``.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    owner = dossier.applicant.identifier
    if not owner:
        raise error("reuse.no_identifier")
    answer = reading_of(desk.link).papers(owner)
    code = answer.code if isinstance(answer, Later) else ""
    many = 0 if isinstance(answer, Later) else len(answer)
    desk.cabinet.journal.append("papers_looked_up", f"dossier:{dossier_id}", by, found=many, code=code)
    if isinstance(answer, Later):
        raise error("reuse.offline") if answer.code in _NO_LINE else error(answer.code, answer.detail)
    return Found(dossier_id, answer, desk.clock().date())


def choose(desk: Desk, found: Found, component_id: str, reference: str, by: Officer) -> Dossier:
    """Use a paper that was found for this dossier: the component needs no scan and no signature.

    Raises:
        DeskError: ``reuse.other_owner`` when the paper was not found, ``reuse.not_valid``, ``reuse.not_empty``,
            ``officer.not_allowed``.
    """
    clerk_only(by)
    paper = next((one for one in found.papers if one.reference == reference), None)
    if paper is None:
        raise error("reuse.other_owner")
    state = paper.state_on(desk.clock().date())
    if state is not PaperState.VALID:
        raise error("reuse.not_valid", title=paper.title, why=_WHY[state])
    with desk.cabinet.transaction():
        dossier = desk.cabinet.dossiers.load(found.dossier_id)
        component = dossier.component(component_id)
        _refuse_unfit(desk, dossier, component)
        if component.reused is not None:  # one the province refused makes room
            desk.cabinet.reuses.undo(component_id, by)
        reused = Reused(str(uuid.uuid4()), paper, by.id, desk.clock())
        settings = desk.settings
        told = reuse_record(
            dossier, component, reused, officer=by, desk_id=settings.province.desk_id, unit=settings.unit.code
        )
        desk.cabinet.reuses.choose(dossier.id, component_id, reused, body_of(told)[0], by)
    return desk.cabinet.dossiers.load(found.dossier_id)


def _refuse_unfit(desk: Desk, dossier: Dossier, component: Component) -> None:
    if component.is_reused:
        raise error("reuse.stands", component=component.title)
    law = desk.law_of(dossier)
    busy = component.pages or component.document is not None or component.not_digitised is not None
    if busy or not law.may_scan(component):
        raise error("reuse.not_empty", component=component.title)


def undo(desk: Desk, dossier_id: str, component_id: str, by: Officer) -> Dossier:
    """Take the choice back: the component is to be scanned after all.

    Raises:
        DeskError: ``reuse.sent`` when the province knows of it, or may; ``officer.not_allowed``.
    """
    clerk_only(by)
    desk.cabinet.reuses.undo(component_id, by)
    return desk.cabinet.dossiers.load(dossier_id)


def tell_due(desk: Desk) -> str:
    """Tell the province of what was chosen. Returns '' or the code of what ended the round.

    A message found on its way is told again: the same id and the same bytes make that harmless.

    Raises:
        DeskError: ``store.*``.
    """
    reading = reading_of(desk.link)
    for one in desk.cabinet.reuses.due(desk.clock()):
        try:
            desk.cabinet.reuses.claim(one.reused.id)
        except DeskError as problem:
            if problem.code != "store.conflict":
                raise
            continue  # taken back in this very moment
        code = _tell(desk, reading, one)
        if code:
            return code
    return ""


def _tell(desk: Desk, reading: Reading, one: ReuseToSend) -> str:
    """One message. Returns the code of what every other would meet, too."""
    answer = reading.tell_reuse(one.reused.id, one.body)
    reuses = desk.cabinet.reuses
    if isinstance(answer, ReuseTaken):
        reuses.accepted(one.reused.id, answer.number)
    elif isinstance(answer, Rejected):
        reuses.refused(one.reused.id, answer.code, answer.said)
    else:
        reuses.later(
            one.reused.id, desk.clock() + _PAUSE if answer.attempt else None, answer.code, counted=answer.attempt
        )
        return answer.code if answer.pause_all or not answer.attempt else ""
    return ""
