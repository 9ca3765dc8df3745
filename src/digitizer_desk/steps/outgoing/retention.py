# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which copies leave this machine and when: those the province has confirmed, after the time the settings give (R57).

Apart from the cabinet because the time is a choice of the office; what may leave at all is not, and is decided there.
What was never sent is never in question here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.store.tray.removal import Removed


@dataclass(frozen=True, slots=True)
class Leaving:
    """The copies of a dossier: ``confirmed_at`` by the province, ``leaves_at`` by the settings; ``files`` sealed files
    with ``size`` bytes on this disk."""

    dossier_id: str
    code: str
    confirmed_at: datetime
    leaves_at: datetime
    files: int
    size: int


def leaving(desk: Desk) -> tuple[Leaving, ...]:
    """Everything the province has confirmed and that lies here still, first what leaves first; nothing when the
    settings keep all for ever."""
    days = desk.settings.retention.days
    if not days:
        return ()
    found = []
    for one in desk.cabinet.removal.confirmed():
        here = desk.cabinet.removal.size(one.dossier_id)
        leaves = one.at + timedelta(days=days)
        found.append(Leaving(one.dossier_id, one.code, one.at, leaves, here.files, here.size))
    return tuple(found)


def remove_due(
    desk: Desk, stop: Callable[[], bool] = lambda: False, by: Officer | str = "desk"
) -> tuple[tuple[str, Removed], ...]:
    """Let everything leave whose time has come. Returns (id of the dossier, what left).

    Raises:
        DeskError: ``store.disk_full``, ``store.damaged``; what left before that is journaled, the rest is here.
    """
    days = desk.settings.retention.days
    if not days:
        return ()
    gone = []
    for one in desk.cabinet.removal.confirmed(desk.clock() - timedelta(days=days)):
        if stop():
            break
        with act(desk, "remove", one.dossier_id):
            left = desk.cabinet.removal.remove(one.dossier_id, by)
        if left is not None:
            gone.append((one.dossier_id, left))
    return tuple(gone)
