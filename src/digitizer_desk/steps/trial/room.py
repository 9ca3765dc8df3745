# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The place a trial happens in: a cabinet of its own whose key is in memory only, and a desk around it.

Apart from the acts because here lies why a trial can never be taken for a dossier: it is in no table of the real
cabinet, its outbox has no province, and what a cut leaves behind is a folder nobody can ever open, swept at the next
start.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Applicant, CodeKind, Component, Dossier, Officer
from digitizer_desk.errors import error
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.store.cabinet import Cabinet, open_cabinet
from digitizer_desk.store.journal import shown
from digitizer_desk.store.vault import Vault

#: no code of any receipt: it has neither agency nor day
CODE = "THU-QUY-TRINH"
TITLE = "Tờ giấy thử"
#: stands where a citizen would: nobody is called so
_NOBODY = Applicant("HỒ SƠ THỬ", born_or_founded="01/01/2000")


@dataclass(frozen=True, slots=True)
class TrialRoom:
    """``desk`` is the one the steps are called with; ``home`` the real one, which gets two lines in its journal and
    nothing else."""

    id: str
    home: Desk
    desk: Desk
    dossier_id: str
    component_id: str
    by: Officer

    @property
    def component(self) -> Component:
        """The trial sheet as it stands now."""
        return self.desk.cabinet.dossiers.load(self.dossier_id).component(self.component_id)

    @property
    def folder(self) -> Path:
        """Where the sealed files of the trial lie."""
        return self.desk.cabinet.folder


def open_room(desk: Desk, by: Officer) -> TrialRoom:
    """Make the place and a dossier of one sheet in it. To be ended with :func:`clear`.

    Raises:
        DeskError: ``officer.not_allowed`` (the steps of a trial are a clerk's), ``rules.none_in_force``, ``store.*``.
    """
    clerk_only(by)
    law = desk.law_today()
    trial = uuid.uuid4().hex
    desk.cabinet.journal.append("trial_begun", f"trial:{trial}", by)
    folder = desk.paths.trial / trial
    _private(desk.paths.trial)
    cabinet = open_cabinet(folder, Vault(secrets.token_bytes(32)), desk.clock)
    inside = replace(desk, cabinet=cabinet, link=None, stamps=None, trial=True)
    # declared before the sheet runs: its count is proved whatever the scanner has
    sheet = Component(
        id=uuid.uuid4().hex, number=1, code="THU", title=TITLE, mandatory=True, paper_type="THU", form="", declared=1
    )
    dossier = Dossier(
        id=uuid.uuid4().hex,
        code=CODE,
        code_kind=CodeKind.LEGACY,
        procedure=CODE,
        procedure_title="Thử cả quy trình",
        applicant=_NOBODY,
        received_at=desk.clock(),
        received_by=by.id,
        rules_id=law.id,
        components=(sheet,),
    )
    try:
        cabinet.dossiers.add(dossier, by)
    except BaseException:
        _remove(cabinet, folder)
        raise
    return TrialRoom(trial, desk, inside, dossier.id, sheet.id, by)


def clear(room: TrialRoom) -> None:
    """Remove everything of the trial: nothing of it can be read afterwards, not even by us.

    Raises:
        DeskError: ``store.trial_left`` when a file could not be taken away; the next start takes it.
    """
    gone = _remove(room.desk.cabinet, room.folder)
    room.home.cabinet.journal.append("trial_removed", f"trial:{room.id}", room.by, whole=gone)
    if not gone:
        raise error("store.trial_left")


def sweep(folder: Path, home: Cabinet, log: logging.Logger) -> int:
    """Take away the trials a cut left in ``folder``, each with a line in the journal. Returns how many there were.

    What cannot be taken away now is left for another start: it can be read by nobody and keeps no counter shut.
    """
    left = sorted(place for place in folder.iterdir() if place.is_dir()) if folder.is_dir() else []
    for place in left:
        shutil.rmtree(place, ignore_errors=True)
        gone = not place.exists()
        home.journal.append("trial_swept", f"trial:{shown(place.name)}", "desk", whole=gone)
        if not gone:
            log.warning("a trial could not be swept: %s", place.name)
    return len(left)


def _remove(cabinet: Cabinet, folder: Path) -> bool:
    cabinet.close()
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
