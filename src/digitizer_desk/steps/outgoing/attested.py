# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What time it is when this machine's own clock is not believed: as the other side told it last.

Apart from retention because sending and receipts hear of it, and letting copies leave only counts with it. Both clocks
have to say that a copy's time has come: one that jumps, ours or theirs, takes nothing away.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.province.link import Health

#: how far the other side's clock and ours may lie apart before it is worth a word
APART = timedelta(days=1)


def heard_now(desk: Desk, health: Health) -> None:
    """The other side answered, and told its clock."""
    if health.clock_difference is None:
        return
    try:
        told = desk.clock() + timedelta(seconds=health.clock_difference)
    except OverflowError:  # the year 1, as some write for "not set"
        return
    desk.cabinet.outbox.tray.hear_time(told, now=True)


def heard_of(desk: Desk, told: datetime) -> None:
    """A receipt told when it was written: that has passed. One from the future proves nothing."""
    if told <= desk.clock() + APART:
        desk.cabinet.outbox.tray.hear_time(told, now=False)


def believed(desk: Desk) -> datetime | None:
    """The earlier of both clocks; None while the other side never told a time."""
    heard = desk.cabinet.outbox.tray.time_heard()
    return None if heard is None else min(heard, desk.clock())
