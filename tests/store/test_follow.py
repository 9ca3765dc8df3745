# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far a parcel came is committed and journaled while it is on its way, and at no other time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event

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


def test_a_spare_line_does_not_wait_for_the_disk_and_the_next_one_does(cabinet: Cabinet, dossier: Dossier) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(parcel.id)
    waits: list[int] = []

    def ends(connection: Connection) -> None:
        waits.append(connection.connection.driver_connection.execute("PRAGMA synchronous").fetchone()[0])

    event.listen(cabinet.database.engine, "commit", ends)
    try:
        cabinet.outbox.follow(parcel.id, "1", spare=True, connector="gateway", done="", open="record")
        with pytest.raises(ZeroDivisionError), cabinet.database.writing(spare=True):
            raise ZeroDivisionError
        cabinet.outbox.follow(parcel.id, "2", connector="gateway", done="", open="record")
        with cabinet.database.writing():
            cabinet.outbox.follow(parcel.id, "3", spare=True, connector="gateway", done="", open="record")
    finally:
        event.remove(cabinet.database.engine, "commit", ends)
    assert waits == [1, 2, 2]  # NORMAL, FULL, and FULL for one that is part of something durable
    assert cabinet.outbox.get(parcel.id).trail == "3"


def test_a_spare_line_is_in_the_log_when_the_call_returns(cabinet: Cabinet, dossier: Dossier) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(parcel.id)
    cabinet.outbox.follow(parcel.id, "1", spare=True, connector="gateway", done="", open="record")
    seen: list[str] = []
    # another connection sees only what the log holds
    thread = threading.Thread(target=lambda: seen.append(cabinet.outbox.get(parcel.id).trail))
    thread.start()
    thread.join()
    assert seen == ["1"]


def test_every_parcel_of_a_dossier_in_the_order_of_packing(cabinet: Cabinet, dossier: Dossier) -> None:
    packed = [pack(cabinet, "d1", "d1c1").id, pack(cabinet, "d1", "d1c2").id]
    cabinet.outbox.claim(packed[0])
    cabinet.outbox.accepted(packed[0], "BN-1", "", dossier.received_at)
    assert [parcel.id for parcel in cabinet.outbox.of_dossier("d1")] == packed
    assert cabinet.outbox.of_dossier("d2") == ()
