# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Each fault between desk and province, through the outbox: nothing lost, nothing twice, plain words for the clerk."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.errors import CODES
from digitizer_desk.messages import TEXTS, parcel_words
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.steps import send
from digitizer_desk.training.gateway.faults import KINDS
from digitizer_desk.training.province import LocalProvince
from soak import soaking
from steps.conftest import Bench
from steps.signed import packed_alone

#: a person must look at these; the queue rests after those
FOR_A_PERSON = {"forbidden": "province.forbidden", "too_large": "province.too_large", "reject": "province.rejected"}
QUEUE_RESTS = {"login": "province.login", "old_version": "province.old_version"}
#: where each fault can meet a parcel of one piece and one of several
PLACES = ("file", "upload", "record", "look")
AT_A_QUESTION = {"cut", "lost_reply", "error", "busy", "nonsense", "wrong_types", "login"}


def _nothing(_event: object) -> None:
    return None


def _go_on() -> bool:
    return False


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("p")) as province:
        yield province


@pytest.fixture
def province(running: LocalProvince) -> Iterator[LocalProvince]:
    yield running
    running.clear_faults()


def to(bench: Bench, province: LocalProvince, **changes: object) -> Desk:
    """The desk, its link the real one: every file goes in pieces, login by tokens."""
    profile = GatewayProfile(
        "p", province.url, "quay-1", province.token, timeout_s=2.0, settle_s=0.0, client_id="quay-1", **changes
    )
    return replace(bench.desk, link=GatewayLink(profile))


def packed(bench: Bench, province: LocalProvince) -> Parcel:
    """A parcel waiting to be sent; the province has never seen its file."""
    for file in (province.folder / "files").iterdir():
        file.unlink()
    return packed_alone(bench)


def until_settled(desk: Desk, bench: Bench, parcel: Parcel, seen: set[str]) -> Parcel:
    """Rounds as the desk makes them, with the pauses between; ``seen`` gathers what the outbox said meanwhile."""
    for _round in range(8):
        send.deliver_due(desk, _nothing, _go_on)
        now = desk.cabinet.outbox.get(parcel.id)
        seen |= {now.error} - {""}
        assert parcel_words(now)
        if now.state in (ParcelState.ACCEPTED, ParcelState.REJECTED, ParcelState.NEEDS_PERSON):
            return now
        bench.clock.forward(hours=2)
        if desk.cabinet.outbox.paused():
            assert desk.cabinet.outbox.paused() in QUEUE_RESTS.values()
            send.send_now(desk)
    raise AssertionError(f"still {now.state} after all rounds: {now.error}")


def arrived_once(province: LocalProvince, desk: Desk, parcel: Parcel) -> None:
    """The province has this parcel one time, byte for byte."""
    copies = [copy for copy in province.copies() if copy.parcel_id == parcel.id]
    assert [copy.path.read_bytes() for copy in copies] == [desk.cabinet.documents.pdf_by_hash(parcel.file_sha256)]


def meetings() -> list[tuple[str, str]]:
    """Every fault at every place; every day each fault at one place, and all at one of the questions."""
    kinds = sorted(set(KINDS) - {"huge", "slow"})
    whole = [(kind, place) for kind in kinds for place in PLACES if place != "look" or kind in AT_A_QUESTION]
    if soaking():
        return whole
    return [(kind, PLACES[number % 3]) for number, kind in enumerate(kinds)] + [("cut", "upload"), ("error", "look")]


@pytest.mark.parametrize(("kind", "place"), meetings())
def test_a_fault_costs_time_and_nothing_else(shared: Bench, province: LocalProvince, kind: str, place: str):
    desk = to(shared, province, piece_bytes=(64 << 20) if place == "file" else 20_000)
    parcel, said = packed(shared, province), set()
    if place == "look":
        province.fault("lost_reply", on="record")
    province.fault(kind, on=place, seconds=0.0, after=7_000)
    settled = until_settled(desk, shared, parcel, said)
    if settled.state is not ParcelState.ACCEPTED:
        assert settled.error == FOR_A_PERSON.get(kind), settled
        assert all(copy.parcel_id != parcel.id for copy in province.copies())
        desk.cabinet.outbox.try_again(parcel.id, shared.officer)  # the person mended it
        settled = until_settled(desk, shared, parcel, said)
    arrived_once(province, desk, settled)
    assert settled.receipt.startswith("BN-")
    for code in said:
        assert code in CODES
        assert code in TEXTS


@pytest.mark.parametrize("place", ["file", "upload", "record"])
def test_a_province_too_slow_is_asked_again(shared: Bench, province: LocalProvince, place: str):
    desk = to(shared, province, piece_bytes=(64 << 20) if place == "file" else 20_000)
    desk = replace(desk, link=GatewayLink(replace(desk.link._profile, timeout_s=0.6)))
    parcel, said = packed(shared, province), set()
    province.fault("slow", on=place, seconds=1.2)
    arrived_once(province, desk, until_settled(desk, shared, parcel, said))


class Killed(BaseException):
    """The desk is gone."""


@pytest.mark.parametrize("step", range(1, 4))
def test_a_desk_killed_at_any_step_sends_nothing_twice(
    shared: Bench, province: LocalProvince, monkeypatch: pytest.MonkeyPatch, step: int
):
    """Killed just after each line of the trail was committed, and found SENDING at the next start."""
    desk = to(shared, province, piece_bytes=20_000)
    parcel, lines = packed(shared, province), itertools.count(1)
    follow = desk.cabinet.outbox.follow

    def dies(*arguments: str, **facts: str) -> None:
        follow(*arguments, **facts)
        if next(lines) == step:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(desk.cabinet.outbox, "follow", dies)
        with pytest.raises(Killed):
            send.deliver_due(desk, _nothing, _go_on)
    left = desk.cabinet.outbox.get(parcel.id)
    assert (left.state, bool(left.trail)) == (ParcelState.SENDING, True)
    settled = until_settled(to(shared, province, piece_bytes=20_000), shared, parcel, set())
    arrived_once(province, desk, settled)
    entries = desk.cabinet.journal.entries(f"parcel:{parcel.id}")[::-1]
    steps = [f"{e.facts['done']}/{e.facts['open']}" for e in entries if e.action == "parcel_step"]
    assert steps[:step] == ["/upload", "upload/", "verify/record"][:step]
