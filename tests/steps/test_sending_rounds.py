# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Rounds of sending: hours, pauses, a province that fails, what people wish in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from digitizer_desk import settings
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM, Parcel, ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.province.link import Accepted, Health, Later, Rejected, Reply
from digitizer_desk.settings import SendingChoice
from digitizer_desk.steps import send
from digitizer_desk.steps.outgoing.hours import opens_at
from steps.conftest import Bench
from store.samples import CLERK, make_dossier, pack

NIGHT = SendingChoice(only_from="19:00", only_until="06:00")


def at(hour: int, minute: int = 0, day: int = 21) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def queue(bench: Bench, dossiers: int = 4, parts: int = 1) -> list[Parcel]:
    """So many dossiers with so many parcels each, packed in this order."""
    packed = []
    for number in range(1, dossiers + 1):
        bench.desk.cabinet.dossiers.add(make_dossier(number), CLERK)
        packed += [pack(bench.desk.cabinet, f"d{number}", f"d{number}c{part}") for part in range(1, parts + 1)]
    return packed


def round_of(desk: Desk, report: Callable[[object], None] = lambda _event: None) -> send.SendOutcome:
    return send.deliver_due(desk, report, lambda: False)


def test_what_was_held_goes_again_when_a_person_says_so(bench: Bench) -> None:
    held, other, refused = queue(bench, 3)
    lacking, wrong = Rejected("province.code_unmapped", "thành phần TP07"), Rejected("province.rejected", "mờ")
    desk, link = failing(bench, {held.id: lacking, other.id: lacking, refused.id: wrong})
    assert len(round_of(desk).refused) == 3
    send.send_now(desk, CLERK)
    assert round_of(desk).accepted == (), "F5 alone is for what waits"
    with pytest.raises(DeskError, match=r"store\.conflict"):
        send.send_now(desk, CLERK, refused.id)
    link.bad.clear()  # the table of codes was completed
    link.tried.clear()
    send.send_now(desk, CLERK, held.id)
    assert round_of(desk).accepted == (held.id,)
    assert send.send_again(desk, CLERK) == 1
    assert round_of(desk).accepted == (other.id,)
    assert link.tried == [held.id, other.id]
    assert desk.cabinet.outbox.get(refused.id).state is ParcelState.REJECTED, "the province wants another one"
    assert send.send_again(desk, CLERK) == 0


def states(bench: Bench) -> list[ParcelState]:
    return [parcel.state for parcel in reversed(bench.desk.cabinet.outbox.all())]


@dataclass
class Failing:
    """A province that answers some parcels badly, always."""

    inner: object
    bad: dict[str, Reply]
    tried: list[str]

    def health(self) -> Health:
        return Health(reachable=True)

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        return self.inner.look(parcel)  # type: ignore[attr-defined, no-any-return]

    def deliver(self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], *rest: object) -> Reply:
        self.tried.append(parcel.id)
        reply = self.bad.get(parcel.id)
        return reply or self.inner.deliver(parcel, pdf, progress, *rest)  # type: ignore[attr-defined, no-any-return]


def failing(bench: Bench, bad: dict[str, Reply]) -> tuple[Desk, Failing]:
    link = Failing(bench.province, bad, [])
    return replace(bench.desk, link=link), link


# -- hours ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(18, 59), at(19)),
        (at(19), None),
        (at(23, 59), None),
        (at(5, 59), None),
        (at(6), at(19)),
        (datetime(2026, 11, 21, 11, 59, tzinfo=VIETNAM).astimezone(), at(19)),
    ],
)
def test_hours_that_reach_over_midnight(now: datetime, opens: datetime | None) -> None:
    assert opens_at(NIGHT, now) == opens


def test_hours_inside_a_day_open_tomorrow_when_they_are_over() -> None:
    noon = SendingChoice(only_from="11:30", only_until="13:30")
    assert opens_at(noon, at(13, 30)) == at(11, 30, day=22)
    assert opens_at(noon, at(12)) is None
    assert opens_at(SendingChoice(), at(3)) is None


@pytest.mark.parametrize(
    "text", ['only_from = "19:00"', 'only_from = "25:00"\nonly_until = "06:00"', "bytes_per_s = -1"]
)
def test_hours_that_make_no_sense_are_told_with_their_place(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"[sending]\n{text}\n", "utf-8")
    with pytest.raises(DeskError) as caught:
        settings.read(file)
    assert caught.value.code == "settings.unreadable"
    assert caught.value.facts["where"].startswith("sending")


def test_settings_of_sending_and_retention_come_back_as_written(tmp_path: Path) -> None:
    chosen = settings.Settings(sending=NIGHT, retention=settings.RetentionChoice(days=30, paper_place="Kho tầng 2"))
    settings.write(tmp_path / "settings.toml", chosen)
    assert settings.read(tmp_path / "settings.toml") == chosen


def test_by_day_nothing_leaves_but_what_was_hurried(bench: Bench) -> None:
    first, second = queue(bench, 2)
    desk = replace(bench.desk, settings=bench.desk.settings.model_copy(update={"sending": NIGHT}))
    assert round_of(desk) == send.SendOutcome(waits_until=at(19))
    assert bench.province.deliveries == []
    send.send_now(desk, CLERK, second.id)
    assert round_of(desk).accepted == (second.id,)
    bench.clock.forward(hours=10)
    assert round_of(desk).accepted == (first.id,)


def test_a_round_ends_with_the_hours(bench: Bench) -> None:
    packed = queue(bench, 3)
    desk = replace(bench.desk, settings=bench.desk.settings.model_copy(update={"sending": NIGHT}))
    bench.clock.now = at(5, 58)

    def slow(event: object) -> None:
        if isinstance(event, send.Told):
            bench.clock.forward(minutes=2)

    outcome = round_of(desk, slow)
    assert outcome.accepted == (packed[0].id,), "the one on its way is finished, no other begins"
    assert outcome.waits_until == at(19)


# -- wishes while a round goes on -------------------------------------------------------------------------------------


def test_a_pause_breaks_off_within_a_parcel_and_says_at_once_what_became_of_it(bench: Bench) -> None:
    packed = queue(bench, 2)

    def pause(event: object) -> None:
        if isinstance(event, send.Sending) and event.sent:
            send.pause(bench.desk, CLERK)

    desk, link = failing(bench, {})
    bench.province.deliver = _deliver_in_pieces(bench)  # type: ignore[method-assign]
    assert round_of(desk, pause).paused == "province.paused"
    assert link.tried == [packed[0].id]
    assert bench.province.stored == {}
    assert states(bench) == [ParcelState.WAITING] * 2
    assert round_of(desk).accepted == ()
    send.go_on(desk, CLERK)
    assert round_of(desk).accepted == tuple(parcel.id for parcel in packed)
    journal = bench.desk.cabinet.journal.entries("outbox:")
    assert [(line.action, line.by) for line in journal] == [("outbox_resumed", "clerk"), ("outbox_paused", "clerk")]


def _deliver_in_pieces(bench: Bench) -> Callable[..., Reply]:
    whole = bench.province.deliver

    def deliver(parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], *rest: object) -> Reply:
        progress(len(pdf) // 2, len(pdf))
        return whole(parcel, pdf, progress, *rest)

    return deliver


def test_closing_the_program_does_not_wait_for_a_long_parcel(bench: Bench) -> None:
    packed = queue(bench, 1)
    desk, _link = failing(bench, {})
    bench.province.deliver = _deliver_in_pieces(bench)  # type: ignore[method-assign]
    leaving: list[object] = []
    outcome = send.deliver_due(desk, leaving.append, lambda: bool(leaving))
    assert outcome.accepted == ()
    assert bench.desk.cabinet.outbox.get(packed[0].id).state is ParcelState.SENDING, "asked about at the next start"
    assert round_of(desk).accepted == (packed[0].id,)


def test_one_said_to_go_first_and_one_packed_meanwhile_are_heard_within_the_round(bench: Bench) -> None:
    packed = queue(bench, 4)
    sent: list[str] = []

    def wish(event: object) -> None:
        if isinstance(event, send.Told):
            sent.append(event.parcel_id)
            if len(sent) == 1:
                send.send_now(bench.desk, CLERK, packed[3].id)
                bench.desk.cabinet.dossiers.add(make_dossier(9), CLERK)
                sent_too.append(pack(bench.desk.cabinet, "d9", "d9c1").id)

    sent_too: list[str] = []
    round_of(bench.desk, wish)
    assert sent == [packed[0].id, packed[3].id, packed[1].id, packed[2].id, *sent_too]


# -- failures ---------------------------------------------------------------------------------------------------------


def test_one_that_always_fails_holds_up_its_own_dossier_only(bench: Bench) -> None:
    packed = queue(bench, 3, parts=2)
    desk, _link = failing(bench, {packed[0].id: Later("province.timeout", attempt=True)})
    outcome = round_of(desk)
    assert outcome.accepted == tuple(parcel.id for parcel in packed[2:])
    assert (outcome.later, outcome.waits_until) == ((packed[0].id,), None)
    assert bench.desk.cabinet.outbox.get(packed[1].id).tries == 0


def test_one_rejected_holds_up_nobody(bench: Bench) -> None:
    packed = queue(bench, 3)
    desk, _link = failing(bench, {packed[1].id: Rejected("province.rejected", "mờ")})
    outcome = round_of(desk)
    assert (outcome.accepted, outcome.refused) == ((packed[0].id, packed[2].id), (packed[1].id,))


def test_a_province_that_fails_again_and_again_is_left_alone_longer_and_longer(bench: Bench) -> None:
    packed = queue(bench, 40)
    desk, link = failing(bench, {parcel.id: Later("province.timeout", attempt=True) for parcel in packed})
    waits = []
    for _ in range(6):
        tried = len(link.tried)
        now = bench.clock.now
        until = round_of(desk).waits_until
        assert until is not None
        assert len(link.tried) - tried == (send.MISSES if not waits else 1)
        assert round_of(desk) == send.SendOutcome(waits_until=until), "nobody is asked meanwhile"
        waits.append((until - now).total_seconds())
        bench.clock.now = until
    for wait, pause in zip(waits, (*send.PAUSES, send.PAUSES[-1]), strict=True):
        assert pause <= wait <= pause * 1.2 + 60
    link.bad.clear()
    assert len(round_of(desk).accepted) >= 30
    assert bench.desk.cabinet.outbox.tray.resting().misses == 0


def test_a_province_that_says_how_long_is_left_alone_so_long(bench: Bench) -> None:
    packed = queue(bench, 3)
    desk, link = failing(bench, {packed[0].id: Later("province.server_busy", attempt=True, after_seconds=90)})
    until = round_of(desk).waits_until
    assert until is not None
    assert link.tried == [packed[0].id]
    assert timedelta(seconds=80) < until - bench.clock.now < timedelta(seconds=95)
    link.bad.clear()
    send.send_now(desk, CLERK)
    assert len(round_of(desk).accepted) == 3


def test_a_week_without_network_writes_two_lines(bench: Bench) -> None:
    queue(bench, 3)
    bench.province.online = False
    before = bench.desk.cabinet.journal.head()[0]
    for _ in range(50):
        bench.clock.forward(hours=3)
        assert round_of(bench.desk).offline
    bench.province.online = True
    assert len(round_of(bench.desk).accepted) == 3
    lines = [line.action for line in bench.desk.cabinet.journal.entries(limit=100) if line.number > before]
    assert (lines.count("line_lost"), lines.count("line_back")) == (1, 1)
    assert len(lines) == 2 + 3 * 2


def test_a_health_answer_that_names_a_cause_pauses_the_queue_before_anything_is_written(bench: Bench) -> None:
    queue(bench, 2)
    desk, link = failing(bench, {})
    link.health = lambda: Health(reachable=True, code="province.login")  # type: ignore[method-assign]
    assert round_of(desk).paused == "province.login"
    assert link.tried == []


def test_one_too_large_for_what_the_province_takes_is_held_before_a_byte_leaves(bench: Bench) -> None:
    packed = queue(bench, 2)
    desk, link = failing(bench, {})
    link.health = lambda: Health(reachable=True, max_bytes=packed[0].file_size - 1)  # type: ignore[method-assign]
    assert set(round_of(desk).refused) == {parcel.id for parcel in packed}
    assert link.tried == []
    assert bench.desk.cabinet.outbox.get(packed[0].id).error == "province.too_large"
