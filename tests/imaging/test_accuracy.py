# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A small fixed part of the accuracy sets, with bounds; the whole is ``python -m accuracy.run``."""

from __future__ import annotations

import os

import pytest

from accuracy.case import Tally, case_of, sure
from accuracy.checks import CHECKS

SOAK = os.environ.get("DESK_SOAK") == "1"
#: set -> cases a day (more when a name did not come up yet), name -> (least, most) share
BOUNDS: dict[str, tuple[int, dict[str, tuple[float, float]]]] = {
    "lines": (3, {"turn wrong": (0, 0), "turn right": (0.8, 1), "skew within 0.1 degree": (0.85, 1)}),
    "sparse": (6, {"written page called blank": (0, 0)}),
    "blank": (2, {"blank side found": (0.7, 1)}),
    "seals": (3, {"red seal where there is none": (0, 0), "red seal found: whole": (0.95, 1)}),
    "through": (1, {"back's own seal taken for show-through": (0, 0), "show-through of a seal found": (0.6, 1)}),
    "edges": (3, {"cut edge where there is none": (0, 0)}),
    "corners": (2, {"missing corner found": (0.95, 1), "missing corner where there is none": (0, 0)}),
    "streaks": (2, {"streak found": (0.7, 1), "streak where there is none": (0, 0)}),
    "twins": (1, {"sheet scanned twice found": (0.95, 1), "other sheet of one form taken for it": (0, 0)}),
}
#: the long run asks so many times as many
_LONGER = 8
_MOST = 100
_SEED = 78


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_the_checks_keep_their_accuracy(name: str) -> None:
    count, bounds = BOUNDS[name]
    tally = Tally()
    for number in range(_MOST):
        if number >= (count * _LONGER if SOAK else count) and bounds.keys() <= tally.counts.keys():
            break
        CHECKS[name](case_of(name, _SEED, number, tally))
    for what, (least, most) in bounds.items():
        assert least <= tally.share(what) <= most, (what, tally.counts[what], tally.wrong)


#: cases of the tuning seed that were once wrong, and what is asked of them
_MENDED = [
    ("seals", 68, "red seal found: faint, paper clipped"),
    ("seals", 75, "red seal found: faint, paper tone kept"),
    ("seals", 8, "red seal found: whole"),
    ("blank", 89, "blank side found"),
    ("through", 44, "show-through of a seal found"),
    ("blur", 62, "blur found: half"),
]


@pytest.mark.parametrize(("name", "number", "what"), _MENDED)
def test_what_was_once_overlooked_is_found(name: str, number: int, what: str) -> None:
    """Faint on clipped and on tinted paper, a seal beside a photograph, a staple aslant, a seal in the middle of its
    sheet, a signature alone in the blurred half."""
    tally = Tally()
    CHECKS[name](case_of(name, 777, number, tally))
    assert tally.counts[what] == [1, 1]


def test_a_case_is_the_same_each_time_and_counts_add_up() -> None:
    one, two = Tally(), Tally()
    for tally in (one, two):
        CHECKS["sparse"](case_of("sparse", 5, 3, tally))
    assert one == two
    both = Tally()
    both.take(one)
    both.take(two)
    assert both.counts == {name: [2 * found, 2 * of] for name, (found, of) in one.counts.items()}


def test_how_sure_a_share_is() -> None:
    assert sure(0, 1000) == pytest.approx((0, 0.00299), abs=1e-4)
    assert sure(1000, 1000) == pytest.approx((0.997, 1), abs=1e-4)
    assert sure(90, 100) == pytest.approx((0.8256, 0.9448), abs=1e-3)
