# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The last pages of a scanner: when they ask for a wiped glass, and when they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from digitizer_desk.dossier.finding import Colour, DpiSource, PageMeasures, Region
from digitizer_desk.dossier.model import Page
from digitizer_desk.messages import machine_words
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.rules.watch import Trouble, watch_machine

GOOD = PageMeasures(
    2480, 3508, (300.0, 300.0), DpiSource.PAPER, Colour.COLOUR, 0.8, 0.1, False, 0, (), (), 0.98, False, False, 0.05
)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def page(number: int, **changes: object) -> Page:
    measures = replace(GOOD, **changes)
    return Page(f"p{number}", f"{number:064}", 2480, 3508, (300, 300), (210, 297), NOW, "máy", 1, measures=measures)


def streak(at: float) -> tuple[Region, ...]:
    return (Region(at, 0.0, at + 0.001, 1.0),)


def test_good_pages_say_nothing(law: Regulation) -> None:
    assert watch_machine([page(n) for n in range(40)], law.machine) == ()
    assert watch_machine([], law.machine) == ()
    assert watch_machine([replace(page(1), measures=None)], law.machine) == ()


def test_a_streak_at_one_place_on_three_pages_is_dirt(law: Regulation) -> None:
    pages = [page(n, streaks=streak(0.42 + n * 0.001) if n in (0, 2, 5) else ()) for n in range(12)]
    (hint,) = watch_machine(pages, law.machine)
    assert (hint.trouble, hint.pages, hint.scanner) == (Trouble.STREAK, ("p0", "p2", "p5"), "máy")
    assert hint.region is not None
    assert 0.41 < hint.region.left < hint.region.right < 0.43
    words = machine_words(hint)
    assert "3 trang" in words.why
    assert "42 %" in words.why
    assert "Lau mặt kính" in words.do


def test_streaks_here_and_there_and_those_wiped_off_are_none(law: Regulation) -> None:
    scattered = [page(n, streaks=streak(0.1 + n * 0.1)) for n in range(8)]
    assert watch_machine(scattered, law.machine) == ()
    wiped = [page(n, streaks=streak(0.3) if n >= 12 else ()) for n in range(30)]
    assert watch_machine(wiped, law.machine) == ()


def test_two_streaks_are_two_hints(law: Regulation) -> None:
    both = [page(n, streaks=(*streak(0.2), *streak(0.7))) for n in range(4)]
    assert [round(h.region.left, 1) for h in watch_machine(both, law.machine) if h.region] == [0.2, 0.7]


def test_sharpness_and_light_that_fall_are_told_with_both_numbers(law: Regulation) -> None:
    pages = [page(n, sharpness=0.6, light=0.9) if n < 10 else page(n) for n in range(30)]
    sharp, light = watch_machine(pages, law.machine)
    assert (sharp.trouble, sharp.before, sharp.now, len(sharp.pages)) == (Trouble.SHARPNESS, 0.8, 0.6, 10)
    assert light.trouble is Trouble.LIGHT
    assert "0,80 còn 0,60" in machine_words(sharp).why
    assert "0,98 còn 0,90" in machine_words(light).why


def test_a_few_pages_are_no_trend(law: Regulation) -> None:
    pages = [page(n, sharpness=0.3) for n in range(9)] + [page(n) for n in range(9, 12)]
    assert watch_machine(pages, law.machine) == ()
    blank = [page(n, sharpness=None) for n in range(20)] + [page(n) for n in range(20, 40)]
    assert watch_machine(blank, law.machine) == ()
