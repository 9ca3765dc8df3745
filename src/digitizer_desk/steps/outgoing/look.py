# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How the whole queue stands, as one value: what windows and terminal explain each parcel's waiting by.

Apart from sending because looking changes nothing and may be done at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digitizer_desk.desk import Desk
from digitizer_desk.steps.outgoing.hours import opens_at, overdue_before
from digitizer_desk.store.tray.look import Totals
from digitizer_desk.store.tray.state import Rest


@dataclass(frozen=True, slots=True)
class Queue:
    """``paused`` is the code that stopped it or ''; ``offline_since`` None while there is network, as far as is known;
    ``opens_at`` when the hours set for sending begin, None inside them; ``bytes_per_s`` the limit set, 0 = none."""

    now: datetime
    totals: Totals
    overdue_before: datetime
    linked: bool = True
    paused: str = ""
    offline_since: datetime | None = None
    rest: Rest = Rest()  # noqa: RUF009 - frozen
    opens_at: datetime | None = None
    bytes_per_s: int = 0
    upcoming: str = ""  # what leaves after the one on its way: code and title


def look(desk: Desk) -> Queue:
    """The queue as it stands now."""
    now, chosen, outbox = desk.clock(), desk.settings.sending, desk.cabinet.outbox
    overdue = overdue_before(chosen, now)
    totals = outbox.totals(overdue)
    return Queue(
        now=now,
        totals=totals,
        overdue_before=overdue,
        linked=desk.link is not None,
        paused=outbox.paused(),
        offline_since=outbox.tray.offline_since(),
        rest=outbox.tray.resting(),
        opens_at=opens_at(chosen, now),
        bytes_per_s=chosen.bytes_per_s,
        upcoming=_upcoming(desk, now) if totals.sending else "",
    )


def _upcoming(desk: Desk, now: datetime) -> str:
    """The parcel whose turn comes next, '' when none is left."""
    hours = opens_at(desk.settings.sending, now) is not None
    parcel = desk.cabinet.outbox.upcoming(now, rushed_only=hours)
    return f"{parcel.dossier_code} {parcel.component_title}" if parcel is not None else ""
