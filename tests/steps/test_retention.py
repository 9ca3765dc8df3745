# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Copies leave after the days the settings give, and what will leave is told before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from digitizer_desk.desk import Desk
from digitizer_desk.province.link import Accepted
from digitizer_desk.settings import RetentionChoice
from digitizer_desk.steps import send
from digitizer_desk.steps.outgoing import retention
from steps.conftest import Bench
from store.samples import CLERK, make_dossier, pack


def keeping(bench: Bench, days: int) -> Desk:
    chosen = bench.desk.settings.model_copy(update={"retention": RetentionChoice(days=days)})
    return replace(bench.desk, settings=chosen)


def sent(bench: Bench, dossiers: int) -> None:
    for number in range(1, dossiers + 1):
        bench.desk.cabinet.dossiers.add(make_dossier(number), CLERK)
        pack(bench.desk.cabinet, f"d{number}", f"d{number}c1")
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
