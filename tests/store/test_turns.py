# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whose turn it is, as a calculation; and what holds for the tray as a whole, through restarts."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from digitizer_desk.dossier.model import Dossier, ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.tray.look import Drawer
from digitizer_desk.store.tray.state import Rest
from digitizer_desk.store.tray.turns import Rush, Turn, in_turn
from store.samples import CLERK, START, make_dossier, pack

NOW = START + timedelta(hours=1)


def turn(number: int, size: int = 1_000_000, dossier: str = "", **facts: object) -> Turn:
    name = dossier or f"d{number}"
    made = Turn(f"p{number}", number, name, f"c{number}", size, START, ParcelState.WAITING, None, Rush.NONE)
    return replace(made, **facts)  # type: ignore[arg-type]


def ids(turns: tuple[Turn, ...]) -> list[str]:
    return [one.id for one in turns]


def test_small_ones_pass_a_large_one_packed_at_the_same_time() -> None:
    assert ids(in_turn([turn(1, 100_000_000), turn(2, 300_000), turn(3, 900_000)], NOW)) == ["p2", "p3", "p1"]


def test_of_two_of_one_size_the_older_goes_first() -> None:
    assert ids(in_turn([turn(1, made_at=NOW - timedelta(minutes=1)), turn(2)], NOW)) == ["p2", "p1"]


def test_a_large_one_is_never_passed_for_ever() -> None:
    """A small parcel comes each minute; the large one of the morning still leaves within its size in waiting."""
    large, now, sent = turn(0, 50_000_000), START, 0
    while sent < 500:
        now += timedelta(minutes=1)
        sent += 1
        if in_turn([large, turn(sent, 500_000, made_at=now - timedelta(minutes=2))], now)[0].id == "p0":
            break
    assert sent == 200, "50 MB against 0.5 MB that waited 2 minutes: after 200 minutes"


def test_the_order_in_a_dossier_is_never_touched() -> None:
    chance = random.Random(6)
    turns = [turn(n, chance.randint(1, 10**8), f"d{n % 7}", made_at=START + timedelta(seconds=n)) for n in range(200)]
    seen: dict[str, list[int]] = defaultdict(list)
    for one in in_turn(turns, NOW):
        seen[one.dossier_id].append(one.number)
    assert sum(len(numbers) for numbers in seen.values()) == 200
    assert all(numbers == sorted(numbers) for numbers in seen.values())


def test_what_may_not_leave_holds_back_its_own_dossier_only() -> None:
    later = NOW + timedelta(minutes=5)
    turns = [turn(1, dossier="a", next_try_at=later), turn(2, dossier="a"), turn(3, dossier="b")]
    turns += [turn(4, dossier="c", state=ParcelState.SENDING), turn(5, dossier="c")]
    assert ids(in_turn(turns, NOW)) == ["p3"]
    assert ids(in_turn(turns, later)) == ["p1", "p2", "p3"]


def test_outside_the_hours_only_hurried_ones_leave_and_never_past_their_own_dossier() -> None:
    turns = [turn(1, dossier="a"), turn(2, dossier="a", rush=Rush.NOW), turn(3, rush=Rush.NOW)]
    assert ids(in_turn(turns, NOW, rushed_only=True)) == ["p3"]


def test_one_put_first_is_first_whatever_its_size() -> None:
    assert ids(in_turn([turn(1, 10), turn(2, 10**9, rush=Rush.FIRST)], NOW)) == ["p2", "p1"]


def test_a_clock_that_went_wrong_stops_nothing() -> None:
    mad = [turn(1, next_try_at=NOW + timedelta(days=400)), turn(2, made_at=NOW + timedelta(days=400))]
    assert sorted(ids(in_turn(mad, NOW))) == ["p1", "p2"]
    assert not Rest(9, NOW + timedelta(days=400), "province.timeout").holds(NOW)


# -- the tray as a whole ----------------------------------------------------------------------------------------------


def test_gui_ngay_for_one_takes_along_what_stands_before_it(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    cabinet.dossiers.add(make_dossier(2), CLERK)
    other, first, second, third = (pack(cabinet, part[:2], part) for part in ("d2c1", "d1c1", "d1c2", "d1c3"))
    cabinet.outbox.tray.rush(CLERK, second.id)
    cabinet = reopen(cabinet)
    assert [one.id for one in cabinet.outbox.due(NOW, rushed_only=True)] == [first.id, second.id]
    assert [one.id for one in cabinet.outbox.due(NOW)] == [first.id, second.id, other.id, third.id]
    cabinet.outbox.claim(first.id)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.tray.rush(CLERK, "no such parcel")
    cabinet.outbox.accepted(first.id, "1", "", NOW)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.outbox.tray.rush(CLERK, first.id)


def test_a_line_that_comes_back_ends_all_pauses_and_is_told_once(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.later(parcel.id, NOW + timedelta(minutes=30), "province.timeout", counted=True)
    for minute in range(3):
        cabinet.outbox.tray.line_lost(START + timedelta(minutes=minute))
    cabinet = reopen(cabinet)
    assert cabinet.outbox.tray.offline_since() == START
    assert cabinet.outbox.due(NOW) == ()
    assert cabinet.outbox.tray.line_back()
    assert not cabinet.outbox.tray.line_back()
    assert len(cabinet.outbox.due(NOW)) == 1
    assert [line.action for line in cabinet.journal.entries("outbox:")] == ["line_back", "line_lost"]


def test_a_window_finds_counts_and_reads_rows_piece_by_piece(cabinet: Cabinet, dossier: Dossier) -> None:
    first, second, third = (pack(cabinet, "d1", part) for part in ("d1c1", "d1c2", "d1c3"))
    old = START + timedelta(seconds=1)
    cabinet.outbox.claim(first.id)
    cabinet.outbox.rejected(first.id, "province.rejected", "Thiếu mặt sau")
    cabinet.outbox.claim(second.id)
    found = cabinet.outbox.totals(old)
    assert found.drawers == {
        Drawer.ALL: 3,
        Drawer.ATTENTION: 1,
        Drawer.OVERDUE: 3,
        Drawer.WAITING: 2,
        Drawer.ACCEPTED: 0,
        Drawer.SUPERSEDED: 0,
    }
    assert (found.bytes_left, found.sending, found.oldest) == (second.file_size + third.file_size, 1, START)
    assert cabinet.outbox.totals(START).drawers[Drawer.OVERDUE] == 0
    assert cabinet.outbox.find(Drawer.ALL, (), old) == (third.id, second.id, first.id)
    assert cabinet.outbox.find(Drawer.ALL, ("thieu", "sau"), old) == (first.id,)
    assert cabinet.outbox.find(Drawer.WAITING, ("thieu",), old) == ()
    rows = cabinet.outbox.rows([first.id, third.id, "no such parcel"])
    assert {key: (seen.parcel.state, seen.behind) for key, seen in rows.items()} == {
        first.id: (ParcelState.REJECTED, False),
        third.id: (ParcelState.WAITING, True),
    }


def test_whether_anything_may_be_due_is_asked_cheaply_and_never_says_no_wrongly(
    cabinet: Cabinet, dossier: Dossier
) -> None:
    assert not cabinet.outbox.perhaps_due(NOW)
    parcel = pack(cabinet, "d1", "d1c1")
    assert cabinet.outbox.perhaps_due(NOW)
    assert not cabinet.outbox.perhaps_due(NOW, rushed_only=True)
    cabinet.outbox.later(parcel.id, NOW + timedelta(minutes=5), "province.timeout", counted=True)
    assert not cabinet.outbox.perhaps_due(NOW)
    assert cabinet.outbox.perhaps_due(NOW + timedelta(minutes=5))
    assert cabinet.outbox.perhaps_due(NOW - timedelta(days=2)), "a pause no clock could have written is over"
    cabinet.outbox.tray.rush(CLERK)
    assert cabinet.outbox.perhaps_due(NOW, rushed_only=True)
    cabinet.outbox.claim(parcel.id)
    assert cabinet.outbox.perhaps_due(NOW, rushed_only=True), "one on its way has to be asked about"
