# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The dossiers that wait at this counter: fetched when there is a line, opened at any time, never twice.

Apart from ``receive.py`` because nothing is typed: what the province knows of a dossier fills it in.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.code import find_code, read_code
from digitizer_desk.dossier.incoming.waiting import WaitingDossier, WaitingLine
from digitizer_desk.dossier.model import Dossier, Officer
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.incoming.reading import Listed, Unchanged, reading_of
from digitizer_desk.rules.regulation import Procedure
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.receive import components_of


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The list as it is kept. ``fetched_at``: when it was true, None while none was ever fetched; ``waiting``: how many
    nobody has opened, whatever was searched for."""

    lines: tuple[WaitingLine, ...]
    waiting: int
    fetched_at: datetime | None


def fetch(desk: Desk) -> str:
    """Ask the province for its list. Returns '' or the code of what was in the way; the list kept stays then.

    Raises:
        DeskError: ``store.*``.
    """
    last = desk.cabinet.waiting.last()
    answer = reading_of(desk.link).waiting(last[0] if last is not None else "")
    if isinstance(answer, Listed):
        desk.cabinet.waiting.replace(answer.dossiers, answer.mark, desk.clock(), answer.withdrawn)
        if answer.passed_over:
            desk.log.warning("waiting list: %d lines whose code cannot be read", answer.passed_over)
    elif isinstance(answer, Unchanged):
        desk.cabinet.waiting.seen(desk.clock())
    else:
        return answer.code
    return ""


def listed(desk: Desk, words: str = "") -> WaitingList:
    """The lines in which these words occur, from what was last fetched; needs no network."""
    last = desk.cabinet.waiting.last()
    drawer = desk.cabinet.waiting
    return WaitingList(drawer.find(words), drawer.count(), last[1] if last is not None else None)


def known(desk: Desk, text: str) -> WaitingDossier | None:
    """What the list knows about a code that is being typed or was scanned; None when it is no code, or not there."""
    try:
        code = (find_code(text) or read_code(text)).text
    except DeskError:
        return None
    line = desk.cabinet.waiting.get(code)
    return line.dossier if line is not None and not line.dossier_id else None


def take(desk: Desk, code: str, by: Officer) -> Dossier:
    """Receive a dossier of the list with all the province knows of it, or give back the one that was received.

    Raises:
        DeskError: ``waiting.unknown``; ``rules.procedure_unknown`` when neither the province nor
            this desk says which papers are wanted; ``dossier.applicant_missing`` where the list names no owner (F2 then
            has the rest filled in); ``rules.none_in_force``, ``officer.not_allowed``.
    """
    clerk_only(by)
    with act(desk, "take_waiting", ""), desk.cabinet.transaction():
        line = desk.cabinet.waiting.get(code)
        if line is not None and line.dossier_id:
            return desk.cabinet.dossiers.load(line.dossier_id)
        if line is None:
            raise error("waiting.unknown", code=code)
        dossier = _opened(desk, line.dossier, by)
        desk.cabinet.dossiers.add(dossier, by)
    return desk.cabinet.dossiers.load(dossier.id)


def _opened(desk: Desk, found: WaitingDossier, by: Officer) -> Dossier:
    if not found.applicant.name:
        raise error("dossier.applicant_missing", "the list does not name the owner")
    edition, law = desk.edition_today(), desk.law_today()
    procedure: Procedure | None
    try:
        procedure = edition.book.procedure(found.procedure)
    except DeskError:
        if not found.parts:
            raise
        procedure = None
    code = read_code(found.code)
    return Dossier(
        id=uuid.uuid4().hex,
        code=code.text,
        code_kind=code.kind,
        procedure=procedure.code if procedure is not None else found.procedure,
        procedure_title=procedure.title if procedure is not None else found.procedure_title,
        applicant=found.applicant,
        received_at=desk.clock(),
        received_by=by.id,
        rules_id=law.id,
        channel=found.channel,
        account_check=found.account_check,
        components=components_of(procedure, found.parts),
        packs=edition.key,
    )
