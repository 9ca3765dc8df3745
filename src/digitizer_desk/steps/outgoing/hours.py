# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""When parcels may leave by the settings: only between two times of day, or always; and when one is overdue.

Apart from sending because windows and the terminal tell the same hours as the reason why a parcel waits.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.settings import SendingChoice


def opens_at(chosen: SendingChoice, now: datetime) -> datetime | None:
    """When sending may begin, or None when it may go on now. Hours may reach over midnight; the last is not in them."""
    if not chosen.only_from:
        return None
    start, end = time.fromisoformat(chosen.only_from), time.fromisoformat(chosen.only_until)
    here = now.astimezone(VIETNAM)
    at = here.time()
    inside = start <= at < end if start < end else at >= start or at < end
    if inside:
        return None
    begins = datetime.combine(here.date(), start, VIETNAM)
    return begins if begins > here else begins + timedelta(days=1)


def overdue_before(chosen: SendingChoice, now: datetime) -> datetime:
    """What was packed before this moment and has not arrived is overdue."""
    return now - timedelta(hours=chosen.overdue_hours)
