# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the two systems of others tell of waiting dossiers, made ours: no mark of a list of theirs, so one is made here.

Apart from their readings, which hold only what is particular to one system.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from digitizer_desk.dossier.code import read_code
from digitizer_desk.dossier.identity import check_identifier
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import Applicant, ApplicantKind
from digitizer_desk.dossier.text import tidy_name
from digitizer_desk.errors import DeskError
from digitizer_desk.province.incoming.reading import Listed
from digitizer_desk.province.link import Later
from digitizer_desk.province.replies import tidy_words
from digitizer_desk.province.systems.talk import Stop

#: dossiers asked for at once, and pages of one list
AT_ONCE, MOST_PAGES = 100, 50

_R = TypeVar("_R")


def code_of(told: object) -> str:
    """A dossier code as the desk writes it; '' when it is none."""
    try:
        return read_code(str(told)).text
    except DeskError:
        return ""


def owner_of(name: object, number: object) -> Applicant:
    """Who a dossier is of. Neither system says whether a person or an organisation: the number tells, else a person."""
    identifier = tidy_words(str(number or ""))
    organisation = bool(identifier) and check_identifier(identifier, ApplicantKind.ORGANISATION, None).kind == "mst"
    kind = ApplicantKind.ORGANISATION if organisation else ApplicantKind.PERSON
    return Applicant(tidy_name(str(name or "")), kind, identifier)


def listed(rows: Sequence[WaitingDossier | None]) -> Listed:
    """The whole list; None stands for a line whose code cannot be read."""
    found = {one.code: one for one in rows if one is not None}
    mark = hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()
    return Listed(tuple(found.values()), mark, passed_over=sum(row is None for row in rows))


def errand(work: Callable[[], _R]) -> _R | Later:
    """Do it, or say what was in the way: a refusal to show something is no refusal of a parcel."""
    try:
        return work()
    except Stop as stop:
        if isinstance(stop.reply, Later):
            return stop.reply
        return Later(stop.reply.code, attempt=True, detail=stop.reply.said)
