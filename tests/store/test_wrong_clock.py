# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was written while the clock was wrong holds nothing up once it is right again."""

from __future__ import annotations

from datetime import timedelta

from digitizer_desk.dossier.incoming.reuse import Reusable, Reused
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.store.cabinet import Cabinet
from store.samples import CLERK, START


def test_a_reuse_that_was_put_off_by_a_clock_years_ahead_is_told_today(cabinet: Cabinet, dossier: Dossier) -> None:
    cabinet.reuses.choose(
        "d1", "d1c1", Reused("r1", Reusable("/kho/1.pdf", "Giấy khai sinh"), CLERK.id, START), "{}", CLERK
    )
    cabinet.reuses.claim("r1")
    pause = timedelta(minutes=5)
    cabinet.reuses.later("r1", START + pause, "province.server_busy", counted=True)
    assert cabinet.reuses.due(START) == ()
    assert [one.reused.id for one in cabinet.reuses.due(START + pause)] == ["r1"]
    cabinet.reuses.later("r1", START + timedelta(days=1500) + pause, "province.server_busy", counted=True)
    assert [one.reused.id for one in cabinet.reuses.due(START)] == ["r1"]
