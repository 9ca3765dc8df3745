# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a test of the way to the province showed is kept for the queue: it must not say the opposite any longer.

Apart from a round of sending, which learns the same by knocking but begins only when something is due.
"""

from __future__ import annotations

from digitizer_desk.desk import Desk
from digitizer_desk.province.link import Health


def line_seen(desk: Desk, health: Health) -> None:
    """Keep whether there is network. Other failures are left to the round that meets them: a key typed wrong in a
    test must not stop the queue of a desk that has nothing to send.

    Raises:
        DeskError: ``store.disk_full``, ``store.damaged``.
    """
    tray = desk.cabinet.outbox.tray
    if health.code == "province.offline":
        tray.line_lost(desk.clock())
    elif health.reachable and tray.line_back():
        desk.log.info("line back")
