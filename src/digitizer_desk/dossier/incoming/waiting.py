# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossiers that wait at this counter, as the province lists them, with the papers it wants.

Apart from the model because nothing here has been received: it becomes a dossier when somebody opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digitizer_desk.dossier.model import AccountCheck, Applicant, Channel


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """One component the province wants; ``code`` is the one it will be told with."""

    code: str
    title: str
    mandatory: bool = True
    paper_type: str = ""


@dataclass(frozen=True, slots=True)
class WaitingDossier:
    """``code`` in the form ``dossier.code`` reads. ``came_at``: when the province received it, None when it does not
    say. Without ``parts`` the procedure of this desk says which papers are wanted."""

    code: str
    procedure: str
    procedure_title: str
    applicant: Applicant
    channel: Channel = Channel.PAPER
    account_check: AccountCheck = AccountCheck.NOT_DONE
    came_at: datetime | None = None
    parts: tuple[WaitingPart, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line of the list as it is kept. ``dossier_id``: the dossier it has become ('' = nobody opened it yet).

    ``withdrawn_at``: the province no longer lists it, and work on it had begun; ``said`` are its words, '' when it
    gave none.
    """

    dossier: WaitingDossier
    dossier_id: str = ""
    withdrawn_at: datetime | None = None
    said: str = ""
