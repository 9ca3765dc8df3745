# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Copies leave after the days the settings give, and what will leave is told before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.messages.outbox import copies_held
from digitizer_desk.province.link import Accepted, Health
from digitizer_desk.settings import RetentionChoice
from digitizer_desk.steps import send
from digitizer_desk.steps.outgoing import attested, retention
from digitizer_desk.steps.outgoing.received import received_at
from steps.conftest import Bench
from store.samples import CLERK, make_dossier, pack


def keeping(bench: Bench, days: int) -> Desk:
    chosen = bench.desk.settings.model_copy(update={"retention": RetentionChoice(days=days)})
    return replace(bench.desk, settings=chosen)


def sent(bench: Bench, dossiers: int) -> None:
    for number in range(1, dossiers + 1):
        bench.desk.cabinet.dossiers.add(make_dossier(number), CLERK)
        pack(bench.desk.cabinet, f"d{number}", f"d{number}c1")
    bench.province.apart = 0.0
    assert len(send.deliver_due(bench.desk, lambda _e: None, lambda: False).accepted) == dossiers
    bench.desk.cabinet.shelf._lately.clear()  # they were made in this very second, unlike anybody's


def test_what_leaves_and_when_is_told_and_then_it_leaves(bench: Bench) -> None:
    sent(bench, 2)
    bench.desk.cabinet.dossiers.add(make_dossier(3), CLERK)
    pack(bench.desk.cabinet, "d3", "d3c1")  # waits
    desk = keeping(bench, 30)
    told = retention.leaving(desk)
    assert [one.dossier_id for one in told] == ["d1", "d2"]
    assert all((one.leaves_at - one.confirmed_at).days == 30 and one.files == 1 and one.size > 0 for one in told)
    assert retention.remove_due(desk) == ()
    bench.clock.forward(days=29)
    assert retention.remove_due(desk) == ()
    bench.clock.forward(days=2)
    assert [dossier_id for dossier_id, _left in retention.remove_due(desk)] == ["d1", "d2"]
    assert retention.leaving(desk) == ()
    assert retention.remove_due(desk) == ()
    lines = bench.desk.cabinet.journal.entries("dossier:d1")
    assert [line.action for line in lines].count("copies_removed") == 1
    assert desk.cabinet.documents.versions("d3c1"), "what waits is not touched"


def test_a_province_that_tells_no_time_does_not_make_copies_leave_at_once(bench: Bench) -> None:
    desk = bench.desk
    desk.cabinet.dossiers.add(make_dossier(1), CLERK)
    parcel = pack(desk.cabinet, "d1", "d1c1")
    no_time = datetime(1, 1, 1, tzinfo=UTC)  # how many servers write "not set"
    bench.province.replies = [Accepted("BN-1", parcel.file_sha256, "", no_time)]
    assert send.deliver_due(desk, lambda _e: None, lambda: False).accepted == (parcel.id,)
    desk.cabinet.shelf._lately.clear()
    assert retention.remove_due(desk) == ()
    assert desk.cabinet.documents.pdf_by_hash(parcel.file_sha256)


def test_nothing_leaves_when_the_settings_keep_all(bench: Bench) -> None:
    sent(bench, 1)
    desk = keeping(bench, 0)
    bench.clock.forward(days=3650)
    assert retention.leaving(desk) == ()
    assert retention.remove_due(desk) == ()


def test_a_stop_ends_between_two_dossiers(bench: Bench) -> None:
    sent(bench, 2)
    desk = keeping(bench, 1)
    bench.clock.forward(days=2)
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 1

    assert len(retention.remove_due(desk, stop)) == 1
    assert len(retention.leaving(desk)) == 1


# -- clocks ------------------------------------------------------------------------------------------------------------

YEARS = 3650


def test_a_desk_clock_that_jumps_years_ahead_takes_nothing_away(bench: Bench) -> None:
    sent(bench, 2)
    desk = keeping(bench, 90)
    assert retention.held(desk) is None
    bench.clock.forward(days=YEARS)
    bench.province.apart = -YEARS * 86_400.0  # it tells the time as it is
    assert retention.remove_due(desk) == ()
    held = retention.held(desk)
    assert held is not None
    assert held.dossiers == 2
    assert held.theirs is not None
    assert held.ours - held.theirs > timedelta(days=YEARS - 1)
    words = copies_held(held)
    assert "2 hồ sơ" in words
    assert f"{held.ours:%d/%m/%Y}" in words
    assert f"{held.theirs:%d/%m/%Y}" in words
    bench.clock.forward(days=-YEARS)
    bench.province.apart = 0.0
    assert retention.remove_due(desk) == ()
    assert retention.held(desk) is None, "the clock is right again"
    bench.clock.forward(days=91)
    assert len(retention.remove_due(desk)) == 2


def test_a_province_whose_clock_jumps_ahead_takes_nothing_away_either(bench: Bench) -> None:
    sent(bench, 1)
    desk = keeping(bench, 90)
    bench.province.apart = YEARS * 86_400.0
    send.deliver_due(desk, lambda _e: None, lambda: False)
    assert retention.remove_due(desk) == ()
    bench.clock.forward(days=91)
    assert len(retention.remove_due(desk)) == 1


def test_without_a_line_days_do_not_count_and_with_one_they_do(bench: Bench) -> None:
    sent(bench, 1)
    desk = keeping(bench, 90)
    bench.province.online = False
    bench.clock.forward(days=200)
    assert retention.remove_due(desk) == ()
    held = retention.held(desk)
    assert held is not None, "nobody but this machine says that 200 days are over"
    bench.province.online = True
    assert len(retention.remove_due(desk)) == 1, "the province is asked, although nothing is to be sent"
    assert retention.held(desk) is None


def test_a_province_that_tells_no_time_is_told_by_its_receipts(bench: Bench) -> None:
    sent(bench, 1)
    desk = keeping(bench, 30)
    tray = desk.cabinet.outbox.tray
    bench.province.apart = None
    bench.clock.forward(days=40)
    assert retention.remove_due(desk) == ()
    attested.heard_of(desk, desk.clock() + timedelta(days=YEARS))
    assert retention.remove_due(desk) == (), "a receipt from the future proves nothing"
    attested.heard_of(desk, desk.clock() - timedelta(days=5))
    assert len(retention.remove_due(desk)) == 1
    known = tray.time_heard()
    attested.heard_of(desk, desk.clock() - timedelta(days=20))
    assert tray.time_heard() == known, "an older receipt does not turn time back"


def test_a_desk_that_never_heard_a_time_keeps_its_copies_and_says_so(bench: Bench) -> None:
    bench.desk.cabinet.dossiers.add(make_dossier(1), CLERK)
    parcel = pack(bench.desk.cabinet, "d1", "d1c1")
    bench.desk.cabinet.outbox.accepted(parcel.id, "BN-1", "", bench.clock())
    desk = replace(keeping(bench, 30), link=None)
    bench.clock.forward(days=YEARS)
    assert retention.remove_due(desk) == ()
    held = retention.held(desk)
    assert held is not None
    assert held.theirs is None
    assert "chưa lần nào" in copies_held(held)


def test_a_time_no_calendar_has_is_passed_over(bench: Bench) -> None:
    attested.heard_now(bench.desk, Health(reachable=True, clock_difference=-1e12))
    assert bench.desk.cabinet.outbox.tray.time_heard() is None


@pytest.mark.parametrize(
    ("desk_days_off", "told_days", "heard_days", "gives"),
    [
        (0, 0, None, "told"),
        (0, -700_000, None, "now"),  # the year 1
        (0, 400, None, "now"),
        (-2000, 0, 0, "told"),  # our clock lay years behind: the copies would else be due at once
        (2000, 0, 0, "told"),  # or ahead
        (-2000, 0, None, "now"),
        (0, 400, 0, "now"),
        (0, -3, 0, "now"),
    ],
)
def test_whose_time_a_receipt_is_kept_with(
    bench: Bench, desk_days_off: int, told_days: int, heard_days: int | None, gives: str
) -> None:
    true = datetime(2026, 11, 21, 10, 0, tzinfo=VIETNAM)
    now = true + timedelta(days=desk_days_off)
    told = true + timedelta(days=told_days)
    heard = None if heard_days is None else true + timedelta(days=heard_days)
    bench.desk.cabinet.dossiers.add(make_dossier(1), CLERK)
    parcel = replace(pack(bench.desk.cabinet, "d1", "d1c1"), made_at=now)
    assert received_at(parcel, told, now, heard) == {"told": told, "now": now}[gives]


def test_the_time_heard_is_not_written_at_every_round(bench: Bench) -> None:
    tray = bench.desk.cabinet.outbox.tray
    start = bench.clock()
    tray.hear_time(start, now=True)
    tray.hear_time(start + timedelta(minutes=59), now=True)
    assert tray.time_heard() == start
    tray.hear_time(start + timedelta(minutes=60), now=True)
    assert tray.time_heard() == start + timedelta(minutes=60)
    tray.hear_time(start - timedelta(days=2), now=True)
    assert tray.time_heard() == start - timedelta(days=2), "its own clock was put right"
