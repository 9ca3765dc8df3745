# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far a parcel came is committed and journaled while it is on its way, and at no other time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digitizer_desk.dossier.model import Dossier, ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from store.samples import pack


def test_it_is_there_after_a_cut_and_in_the_journal(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(parcel.id)
    cabinet.outbox.follow(parcel.id, '{"step":1}', connector="gateway", done="", open="upload")
    cabinet = reopen(cabinet)
    left = cabinet.outbox.get(parcel.id)
    assert (left.state, left.trail) == (ParcelState.SENDING, '{"step":1}')
    newest = cabinet.journal.entries(f"parcel:{parcel.id}")[0]
    assert (newest.action, newest.facts["open"]) == ("parcel_step", "upload")
    # asked and not found, it waits again and goes on from where it was
    assert cabinet.outbox.release(parcel.id).trail == '{"step":1}'


@pytest.mark.parametrize("state", [ParcelState.WAITING, ParcelState.ACCEPTED])
def test_a_parcel_that_is_not_on_its_way_goes_no_step(cabinet: Cabinet, dossier: Dossier, state: ParcelState) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    if state is ParcelState.ACCEPTED:
        cabinet.outbox.claim(parcel.id)
        cabinet.outbox.accepted(parcel.id, "BN-1", "", parcel.made_at)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.follow(parcel.id, "{}", connector="gateway", done="", open="")
    assert cabinet.outbox.get(parcel.id).trail == ""
