# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What keeps the cabinet healthy: the second copy, and pages a cut left without a place.

Apart from the daily steps because nobody asks for these: timers and the start of the program do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Dossier, Officer, Page
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.store import backup
from digitizer_desk.store.pages import RecoveredPage


def back_up(desk: Desk) -> backup.BackupInfo | None:
    """Copy the cabinet, encrypted, to the second place. None when no place is set.

    Raises:
        DeskError: ``store.backup_failed``, ``store.disk_full``; the copy before stays good.
    """
    if not desk.settings.backup.folder:
        return None
    return backup.back_up(desk.cabinet, Path(desk.settings.backup.folder))


def back_up_due(desk: Desk, last: datetime | None) -> bool:
    """Whether the hourly copy is due."""
    if not desk.settings.backup.folder:
        return False
    return last is None or desk.clock() - last >= timedelta(minutes=desk.settings.backup.every_minutes)


def last_backup(desk: Desk) -> datetime | None:
    """When the cabinet was last copied to the second place; None when it never was."""
    said = desk.cabinet.last_backup()
    return datetime.fromisoformat(said) if said else None


def recovered(desk: Desk) -> tuple[RecoveredPage, ...]:
    """Pages whose picture is whole but whose row a cut prevented: shown in the tray "Trang chưa xếp"."""
    return desk.cabinet.pages.recovered()


def adopt(desk: Desk, page: RecoveredPage, dossier_id: str, component_id: str, by: Officer) -> tuple[Dossier, Page]:
    """Put a recovered page at the end of a component.

    Raises:
        DeskError: ``store.page_altered``, ``dossier.frozen``.
    """
    clerk_only(by)
    kept = desk.cabinet.pages.adopt(page, component_id, by)
    return desk.cabinet.dossiers.load(dossier_id), kept
