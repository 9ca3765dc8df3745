# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""When a parcel was received, by a clock that can be believed.

Apart from sending because receipts also come by hand, and because the time told by others decides how long copies stay
here: a server that says year 1 (what many write for "not set") must not make them leave the same day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from digitizer_desk.dossier.model import Parcel

#: how far the province's clock and ours may lie apart
_APART = timedelta(days=1)


def received_at(parcel: Parcel, told: datetime, now: datetime, heard: datetime | None = None) -> datetime:
    """The time the receipt tells; ``now`` where it lies before the parcel was packed or in the future.

    Args:
        heard: what the province's own clock said last. Where the receipt agrees with it, it is our clock that is wrong.
    """
    if heard is not None and abs(told - heard) <= _APART:
        return told
    return told if parcel.made_at - _APART <= told <= now + _APART else now
