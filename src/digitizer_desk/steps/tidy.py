# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What keeps the cabinet healthy: the second copy, and pages a cut left without a place.

Apart from the daily steps because nobody asks for these: timers and the start of the program do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Dossier, Officer, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.store import backup
from digitizer_desk.store.pages import RecoveredPage

#: why a recovered page may have to stay where it is
_STAYS = frozenset(
    {
        "dossier.frozen",
        "dossier.unknown",
        "dossier.is_file",
        "store.conflict",
        "store.page_missing",
        "store.page_altered",
    }
)


def back_up(desk: Desk) -> backup.BackupInfo | None:
    """Copy the cabinet, encrypted, to the second place. None when no place is set.

    Raises:
        DeskError: ``store.backup_failed``, ``store.disk_full``; the copy before stays good.
    """
    if not desk.settings.backup.folder:
        return None
    return backup.back_up(desk.cabinet, Path(desk.settings.backup.folder))


def back_up_due(desk: Desk, last: datetime | None) -> bool:
    """Whether the hourly copy is due. One made in the future was made while the clock was wrong."""
    if not desk.settings.backup.folder:
        return False
    every = timedelta(minutes=desk.settings.backup.every_minutes)
    return last is None or not timedelta(0) <= desk.clock() - last < every


def last_backup(desk: Desk) -> datetime | None:
    """When the cabinet was last copied to the second place; None when it never was."""
    said = desk.cabinet.last_backup()
    return datetime.fromisoformat(said) if said else None


def recovered(desk: Desk) -> tuple[RecoveredPage, ...]:
    """Pages whose picture is whole but whose row a cut prevented: shown in the tray "Trang chưa xếp"."""
    return desk.cabinet.pages.recovered()


@dataclass(frozen=True, slots=True)
class Stray:
    """A recovered page and where it was scanned for. ``dossier_id`` '' when that dossier is not in this cabinet."""

    page: RecoveredPage
    dossier_id: str = ""
    dossier_code: str = ""
    title: str = ""

    @property
    def component_id(self) -> str:
        return self.page.component_id


def strays(desk: Desk) -> tuple[Stray, ...]:
    """The recovered pages with their places, oldest first."""
    found, known = [], {}
    for page in recovered(desk):
        try:
            dossier_id = desk.cabinet.dossiers.of_component(page.component_id)
        except DeskError as problem:
            if problem.code != "dossier.unknown":
                raise
            found.append(Stray(page))
            continue
        if dossier_id not in known:
            known[dossier_id] = desk.cabinet.dossiers.load(dossier_id)
        dossier = known[dossier_id]
        found.append(Stray(page, dossier_id, dossier.code, dossier.component(page.component_id).title))
    return tuple(found)


def adopt(desk: Desk, page: RecoveredPage, dossier_id: str, component_id: str, by: Officer) -> tuple[Dossier, Page]:
    """Put a recovered page at the end of a component, or in the place of the page it was taken again for.

    Raises:
        DeskError: ``store.page_altered``, ``dossier.frozen``.
    """
    clerk_only(by)
    kept = desk.cabinet.pages.adopt(page, component_id, by)
    return desk.cabinet.dossiers.load(dossier_id), kept


def put_back(desk: Desk, pages: Sequence[Stray], by: Officer) -> tuple[Stray, ...]:
    """Put recovered pages where they were scanned for, in the order they were scanned. Gives those that could not be.

    One that cannot be put there (its dossier was sent, its file is damaged) does not hold up the others: it stays
    among the recovered ones.
    """
    clerk_only(by)
    left = []
    for stray in pages:
        try:
            desk.cabinet.pages.adopt(stray.page, stray.component_id, by)
        except DeskError as problem:
            if problem.code not in _STAYS:
                raise
            left.append(stray)
    return tuple(left)


def put_aside(desk: Desk, stray: Stray, by: Officer) -> Page:
    """Leave a recovered page out. It lies among the pages taken out of its dossier: none is ever beyond reach.

    Raises:
        DeskError: ``dossier.unknown`` when its dossier is not here; ``store.conflict`` when it has a place already.
    """
    clerk_only(by)
    return desk.cabinet.pages.put_aside(stray.page, stray.component_id, by)
