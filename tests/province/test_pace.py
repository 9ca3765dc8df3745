# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The limit on bytes a second, under a clock of its own; and on a real wire."""

from __future__ import annotations

import pytest

from digitizer_desk.province.pace import Pace


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.mark.parametrize("piece", [100, 16_384, 65_536])
def test_the_mean_is_the_limit_whatever_the_pieces(piece: int) -> None:
    time = Time()
    pace = Pace(50_000, clock=time, sleep=time.sleep)
    pieces = 2_000_000 // piece
    for _ in range(pieces):
        pace.take(piece)
    rate = pieces * piece / (time.now - 100.0)
    assert 49_000 < rate < 52_500


def test_what_was_not_used_is_not_saved_up() -> None:
    time = Time()
    pace = Pace(50_000, clock=time, sleep=time.sleep)
    time.now += 3600
    before = time.now
    pace.take(12_500)
    assert time.now == before, "one bucket goes at once"
    pace.take(12_500)
    assert time.now - before == pytest.approx(0.25)


def test_no_limit_never_waits() -> None:
    def no_sleep(_seconds: float) -> None:
        raise AssertionError

    Pace(0, sleep=no_sleep).take(10**9)
