# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The scanner is watched: what its last kept pages say about it.

Apart from ``scan.py`` because it is asked between batches, of pages of any dossier, and changes nothing.
"""

from __future__ import annotations

from digitizer_desk.desk import Desk
from digitizer_desk.rules.watch import MachineHint, watch_machine


def machine_hints(desk: Desk, scanner: str) -> tuple[MachineHint, ...]:
    """Reasons to clean this scanner, with the pages that show them; () when there is none.

    Args:
        scanner: as pages name it (``Page.scanner``).
    """
    rule = desk.law_today().machine
    return watch_machine(desk.cabinet.pages.recent(scanner, rule.pages), rule)
