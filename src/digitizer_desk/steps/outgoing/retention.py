# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which copies leave this machine and when: those the province has confirmed, after the time the settings give (R57).

Apart from the cabinet because the time is a choice of the office; what may leave at all is not, and is decided there.
What was never sent is never in question here. Days count when the province's clock has seen them too: a desk whose
clock jumps years ahead loses nothing by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.steps.outgoing import attested
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.store.tray.removal import Confirmed, Removed


@dataclass(frozen=True, slots=True)
class Leaving:
    """The copies of a dossier: ``confirmed_at`` by the province, ``leaves_at`` by the settings; ``files`` sealed files
    with ``size`` bytes on this disk. ``in_review``: they stay, whatever the day, until a review has seen them."""

    dossier_id: str
    code: str
    confirmed_at: datetime
    leaves_at: datetime
    files: int
    size: int
    in_review: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Copies of so many dossiers would leave by this machine's clock (``ours``) and do not by the other side's, which
    was heard last at ``theirs`` (None: never)."""

    dossiers: int
    ours: datetime
    theirs: datetime | None


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
        found.append(Leaving(one.dossier_id, one.code, one.at, leaves, here.files, here.size, one.in_review))
    return tuple(found)


def remove_due(
    desk: Desk, stop: Callable[[], bool] = lambda: False, by: Officer | str = "desk"
) -> tuple[tuple[str, Removed], ...]:
    """Let everything leave whose time has come, by this machine's clock and by the other side's. Returns (id of the
    dossier, what left). Asks the province for the time where that alone is missing; blocks for some seconds then.

    Raises:
        DeskError: ``store.disk_full``, ``store.damaged``; what left before that is journaled, the rest is here.
    """
    days = desk.settings.retention.days
    if not days:
        return ()
    due = _due(desk, desk.clock(), days)
    believed = _believed(desk, due, days)
    gone = []
    for one in due:
        if believed is None or one.at > believed - timedelta(days=days):
            continue
        if stop():
            break
        with act(desk, "remove", one.dossier_id):
            left = desk.cabinet.removal.remove(one.dossier_id, by)
        if left is not None:
            gone.append((one.dossier_id, left))
    return tuple(gone)


def held(desk: Desk) -> Held | None:
    """What only the other side's clock keeps here, where the two lie so far apart that somebody should look at this
    machine's clock, or at its line. None where nothing is held, as on any day on which the province was heard."""
    days = desk.settings.retention.days
    now, theirs = desk.clock(), desk.cabinet.outbox.tray.time_heard()
    if not days or (theirs is not None and now - theirs < attested.APART):
        return None
    kept = [one for one in _due(desk, now, days) if theirs is None or one.at > theirs - timedelta(days=days)]
    return Held(len(kept), now, theirs) if kept else None


def _due(desk: Desk, now: datetime, days: int) -> tuple[Confirmed, ...]:
    """What would leave by this clock; not what a review has still to see."""
    return tuple(one for one in desk.cabinet.removal.confirmed(now - timedelta(days=days)) if not one.in_review)


def _believed(desk: Desk, due: tuple[Confirmed, ...], days: int) -> datetime | None:
    """The time both clocks have reached; the province is asked only where what was heard of it is too old."""
    known = attested.believed(desk)
    late = known is None or any(one.at > known - timedelta(days=days) for one in due)
    if due and late and desk.link is not None:
        attested.heard_now(desk, desk.link.health())
        known = attested.believed(desk)
    return known
