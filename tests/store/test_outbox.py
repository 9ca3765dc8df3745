# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The out-tray: states, order, answers, and what survives a restart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from digitizer_desk.dossier.model import Dossier, Parcel, ParcelState, ResultCode
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.outbox import Counts
from store.room import Room
from store.samples import CLERK, START, freeze, make_dossier, new_page, pack, parcel_of, picture

LATER = START + timedelta(minutes=5)


def due(cabinet: Cabinet, minutes: float = 0) -> list[str]:
    return [p.component_id for p in cabinet.outbox.due(START + timedelta(minutes=minutes))]


def test_a_packed_parcel_waits_and_comes_back_as_it_was(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet = reopen(cabinet)
    assert cabinet.outbox.get(parcel.id) == parcel
    assert cabinet.dossiers.load("d1").component("d1c1").parcel == parcel
    assert cabinet.outbox.all() == (parcel,)
    assert cabinet.outbox.counts() == Counts(1, 0, 0, 0, START)


def test_adding_twice_is_once_and_another_under_its_id_is_refused(cabinet: Cabinet, dossier: Dossier) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(parcel.id)
    assert cabinet.outbox.add(parcel, CLERK).state is ParcelState.SENDING
    assert len(cabinet.outbox.all()) == 1
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.add(replace(parcel, body="{}"), CLERK)


def test_a_parcel_of_a_document_that_was_never_frozen_is_refused(cabinet: Cabinet, dossier: Dossier) -> None:
    document = freeze(cabinet, "d1", "d1c1")
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.add(parcel_of("d1", "d1c1", replace(document, version=2)), CLERK)
    assert cabinet.outbox.all() == ()


def test_the_way_of_a_parcel_that_is_accepted(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    cabinet.dossiers.set_result_code("d1c1", ResultCode("0451", "KS", "07", text="0451.KS.07"), CLERK)
    parcel = pack(cabinet, "d1", "d1c1")
    assert cabinet.outbox.claim(parcel.id).state is ParcelState.SENDING
    cabinet = reopen(cabinet)
    assert [p.id for p in cabinet.outbox.unsettled()] == [parcel.id]
    assert due(cabinet) == [], "what may have arrived is asked about, not sent"
    done = cabinet.outbox.accepted(parcel.id, "884213", "0451.KS.0007", LATER)
    assert (done.state, done.receipt, done.accepted_at) == (ParcelState.ACCEPTED, "884213", LATER)
    component = cabinet.dossiers.load("d1").component("d1c1")
    assert component.parcel == done
    assert component.result_code == ResultCode("0451", "KS", "07", provisional=False, text="0451.KS.0007")
    assert cabinet.outbox.accepted(parcel.id, "884213", "", LATER) == done, "told twice is told once"
    assert cabinet.outbox.counts() == Counts(0, 0, 1, 0, None)
    assert cabinet.outbox.unsettled() == ()


def test_our_code_stays_provisional_when_the_province_gives_none(cabinet: Cabinet, dossier: Dossier) -> None:
    code = ResultCode("", "KS", "07", text="KS.07")
    cabinet.dossiers.set_result_code("d1c1", code, CLERK)
    cabinet.outbox.accepted(pack(cabinet, "d1", "d1c1").id, "1", "", LATER)
    assert cabinet.dossiers.load("d1").component("d1c1").result_code == code


def test_a_code_from_the_province_is_kept_where_there_was_none(cabinet: Cabinet, dossier: Dossier) -> None:
    cabinet.outbox.accepted(pack(cabinet, "d1", "d1c1").id, "1", "X.1", LATER)
    code = cabinet.dossiers.load("d1").component("d1c1").result_code
    assert code == ResultCode("", "", "", provisional=False, text="X.1")


def test_order_inside_a_dossier_is_by_component_and_between_dossiers_by_packing(cabinet: Cabinet) -> None:
    for number in (1, 2):
        cabinet.dossiers.add(make_dossier(number), CLERK)
    for part in ("d2c3", "d1c2", "d1c1", "d2c1"):
        pack(cabinet, part[:2], part)
    assert due(cabinet) == ["d2c1", "d2c3", "d1c1", "d1c2"]


def test_what_waits_for_later_holds_back_its_own_dossier_only(cabinet: Cabinet) -> None:
    parcels = {}
    for number in (1, 2):
        cabinet.dossiers.add(make_dossier(number), CLERK)
        for part in (f"d{number}c1", f"d{number}c2"):
            parcels[part] = pack(cabinet, part[:2], part)
    cabinet.outbox.claim(parcels["d1c1"].id)
    assert due(cabinet) == ["d2c1", "d2c2"]
    later = cabinet.outbox.later(parcels["d1c1"].id, LATER, "province.server_busy", counted=True)
    assert (later.state, later.tries, later.next_try_at, later.error) == (
        ParcelState.WAITING,
        1,
        LATER,
        "province.server_busy",
    )
    assert due(cabinet, 4.9) == ["d2c1", "d2c2"]
    assert due(cabinet, 5) == ["d1c1", "d1c2", "d2c1", "d2c2"]
    cabinet.outbox.tray.rush("desk")
    assert due(cabinet) == ["d1c1", "d1c2", "d2c1", "d2c2"]


def test_no_network_is_not_an_attempt(cabinet: Cabinet, dossier: Dossier) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(parcel.id)
    assert cabinet.outbox.later(parcel.id, START, "province.offline", counted=False).tries == 0
    assert due(cabinet) == ["d1c1"]


def test_a_parcel_leaves_in_its_turn_and_once(cabinet: Cabinet, dossier: Dossier) -> None:
    first, second = pack(cabinet, "d1", "d1c1"), pack(cabinet, "d1", "d1c2")
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.claim(second.id)
    cabinet.outbox.claim(first.id)
    for parcel in (first, second):
        with pytest.raises(DeskError, match=r"store\.conflict"):
            cabinet.outbox.claim(parcel.id)
    cabinet.outbox.accepted(first.id, "1", "", LATER)
    cabinet.outbox.claim(second.id)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.claim("no such parcel")


@pytest.mark.parametrize("refuse", ["rejected", "needs_person"])
def test_what_waits_for_a_person_lets_the_others_pass(cabinet: Cabinet, refuse: str) -> None:
    for number in (1, 2):
        cabinet.dossiers.add(make_dossier(number), CLERK)
    bad, other, neighbour = (pack(cabinet, part[:2], part) for part in ("d1c1", "d2c1", "d1c2"))
    cabinet.outbox.claim(bad.id)
    refused = getattr(cabinet.outbox, refuse)(bad.id, "province.too_large", "tệp quá lớn")
    assert (refused.error, refused.said) == ("province.too_large", "tệp quá lớn")
    assert due(cabinet) == [other.component_id, neighbour.component_id]
    assert cabinet.outbox.counts() == Counts(2, 0, 0, 1, START)
    assert "lớn" not in str(cabinet.journal.entries()), "the province may name people"
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.accepted(bad.id, "1", "", LATER)
    again = cabinet.outbox.try_again(bad.id, CLERK)
    assert again.state is ParcelState.WAITING
    assert due(cabinet) == ["d1c1", "d1c2", "d2c1"]
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.try_again(bad.id, CLERK)


def waiting(cabinet: Cabinet, parcel: Parcel) -> None:
    assert cabinet.outbox.get(parcel.id).state is ParcelState.WAITING


def rejected(cabinet: Cabinet, parcel: Parcel) -> None:
    cabinet.outbox.claim(parcel.id)
    cabinet.outbox.rejected(parcel.id, "province.rejected", "thiếu mặt sau")


def held(cabinet: Cabinet, parcel: Parcel) -> None:
    cabinet.outbox.needs_person(parcel.id, "signature.broken", "")


@pytest.mark.parametrize("state", [waiting, rejected, held])
def test_a_new_version_takes_the_place_of_one_that_is_not_on_its_way(
    cabinet: Cabinet, dossier: Dossier, state: Callable[[Cabinet, Parcel], None]
) -> None:
    old = pack(cabinet, "d1", "d1c1")
    state(cabinet, old)
    new = pack(cabinet, "d1", "d1c1", version=2)
    assert cabinet.outbox.get(old.id).state is ParcelState.SUPERSEDED
    assert cabinet.dossiers.load("d1").component("d1c1").parcel == new
    assert [p.id for p in cabinet.outbox.due(START)] == [new.id]
    assert cabinet.outbox.counts() == Counts(1, 0, 0, 0, START)


def test_one_on_its_way_is_settled_first_and_then_superseded_when_it_did_not_arrive(
    cabinet: Cabinet, dossier: Dossier
) -> None:
    old = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(old.id)
    new = pack(cabinet, "d1", "d1c1", version=2)
    assert cabinet.outbox.due(START) == ()
    assert cabinet.outbox.release(old.id).state is ParcelState.SUPERSEDED
    assert [p.id for p in cabinet.outbox.due(START)] == [new.id]


@pytest.mark.parametrize("refuse", ["rejected", "needs_person"])
def test_one_on_its_way_that_is_refused_never_follows_the_newer_one(
    cabinet: Cabinet, dossier: Dossier, refuse: str
) -> None:
    old = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(old.id)
    new = pack(cabinet, "d1", "d1c1", version=2)
    refused = getattr(cabinet.outbox, refuse)(old.id, "province.rejected", "thiếu mặt sau")
    assert (refused.state, refused.said) == (ParcelState.SUPERSEDED, "thiếu mặt sau")
    assert cabinet.outbox.counts().attention == 0
    cabinet.outbox.claim(new.id)
    cabinet.outbox.accepted(new.id, "1", "", LATER)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.try_again(old.id, CLERK)
    assert cabinet.outbox.due(LATER) == (), "the old pages would stand over the new ones"


def test_one_on_its_way_when_the_program_was_older_is_not_tried_again_behind_a_newer_one(
    cabinet: Cabinet, dossier: Dossier
) -> None:
    old = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(old.id)
    pack(cabinet, "d1", "d1c1", version=2)
    with cabinet.database.writing() as connection:  # as earlier programs left it
        cabinet.outbox._set(connection, old.id, state=ParcelState.REJECTED.value)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.try_again(old.id, CLERK)


def test_one_that_arrived_after_all_stays_accepted_beside_the_new_one(cabinet: Cabinet, dossier: Dossier) -> None:
    old = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(old.id)
    new = pack(cabinet, "d1", "d1c1", version=2)
    cabinet.outbox.accepted(old.id, "1", "", LATER)
    assert [p.id for p in cabinet.outbox.due(START)] == [new.id]
    assert cabinet.dossiers.open_ids() == ("d1",)


def test_released_is_waiting_again(cabinet: Cabinet, dossier: Dossier) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.claim(parcel.id)
    assert cabinet.outbox.release(parcel.id) == replace(parcel, sent_sha256=parcel.file_sha256)


def test_the_file_may_be_strengthened_until_it_has_left_once(cabinet: Cabinet, dossier: Dossier) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    first = cabinet.documents.versions("d1c1")[-1]
    pdf = b"the same document, with a timestamp"
    newer = replace(first, version=first.version + 1, sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf))
    cabinet.documents.freeze_again(first, pdf, newer, "desk")
    stronger = cabinet.outbox.strengthen(parcel.id, newer, "{}", "d" * 64, "B-LTA")
    assert (stronger.file_sha256, stronger.version, stronger.level) == (newer.sha256, newer.version, "B-LTA")
    assert (stronger.signed_sha256, stronger.sent_sha256) == (parcel.signed_sha256, "")
    assert cabinet.documents.pdf_by_hash(parcel.file_sha256) != pdf, "the file as it was signed is still there"
    assert cabinet.outbox.claim(parcel.id).sent_sha256 == newer.sha256
    cabinet.outbox.release(parcel.id)
    again = replace(newer, version=newer.version + 1)
    with pytest.raises(DeskError) as caught:
        cabinet.outbox.strengthen(parcel.id, again, "{}", "d" * 64, "B-LTA")
    assert caught.value.code == "store.conflict"
    assert cabinet.outbox.get(parcel.id).file_sha256 == newer.sha256


def test_only_the_next_version_of_the_same_pages_is_kept(cabinet: Cabinet, dossier: Dossier) -> None:
    pack(cabinet, "d1", "d1c1")
    first = cabinet.documents.versions("d1c1")[-1]
    for wrong in ({"version": first.version}, {"id": "other"}, {"pages": (("other", "0" * 64, 0),)}):
        newer = replace(first, **{"version": first.version + 1, **wrong})
        with pytest.raises(DeskError) as caught:
            cabinet.documents.freeze_again(first, b"x", newer, "desk")
        assert caught.value.code == "store.conflict"
    with pytest.raises(DeskError) as caught:
        cabinet.documents.freeze_again(first, b"x", replace(first, version=first.version + 1), "desk")
    assert caught.value.code == "signature.broken"


def test_a_pause_stops_everything_and_survives(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    pack(cabinet, "d1", "d1c1")
    cabinet.outbox.pause("province.login")
    cabinet = reopen(cabinet)
    assert cabinet.outbox.paused() == "province.login"
    assert due(cabinet) == []
    cabinet.outbox.pause("province.certificate")
    assert cabinet.outbox.paused() == "province.certificate"
    cabinet.outbox.resume()
    cabinet.outbox.resume()
    assert (cabinet.outbox.paused(), due(cabinet)) == ("", ["d1c1"])
    assert [line.action for line in cabinet.journal.entries("outbox:")] == ["outbox_resumed", *["outbox_paused"] * 2]


def test_the_parcel_and_the_fact_that_made_it_due_are_one_commit(cabinet: Cabinet, dossier: Dossier) -> None:
    def half() -> None:
        with cabinet.transaction():
            pack(cabinet, "d1", "d1c1")
            assert cabinet.dossiers.load("d1").component("d1c1").parcel is not None
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    component = cabinet.dossiers.load("d1").component("d1c1")
    assert (component.parcel, component.document) == (None, None)


def test_a_part_of_a_transaction_that_failed_is_not_in_it(cabinet: Cabinet, dossier: Dossier) -> None:
    def part() -> None:
        with cabinet.transaction():
            cabinet.dossiers.set_declared("d1c1", 9, CLERK)
            cabinet.dossiers.set_declared("nowhere", 9, CLERK)

    with cabinet.transaction():
        cabinet.dossiers.set_declared("d1c1", 2, CLERK)
        with pytest.raises(DeskError, match=r"dossier\.unknown"):
            part()
    assert cabinet.dossiers.load("d1").component("d1c1").declared == 2
    assert cabinet.journal.check().ok


def test_the_newest_is_first_in_the_list(cabinet: Cabinet, dossier: Dossier, room: Room) -> None:
    cabinet.pages.keep("d1c1", picture(1), new_page(), CLERK)
    parcels = [pack(cabinet, "d1", part) for part in ("d1c1", "d1c2", "d1c3")]
    assert [p.id for p in cabinet.outbox.all()] == [p.id for p in reversed(parcels)]
    assert cabinet.outbox.all(limit=1) == (parcels[-1],)
