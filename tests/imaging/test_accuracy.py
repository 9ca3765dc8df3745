# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A small fixed part of the accuracy sets, with bounds; the whole is ``python -m accuracy.run``."""

from __future__ import annotations

import numpy as np
import pytest

from accuracy.sets import CHECKS, Tally

#: set -> pages, name -> (least, most) share
BOUNDS: dict[str, tuple[int, dict[str, tuple[float, float]]]] = {
    "lines": (6, {"turn wrong": (0, 0), "turn right": (0.8, 1), "skew within 0.1 degree": (0.85, 1)}),
    "blank": (8, {"written page called blank": (0, 0), "blank side found": (0.8, 1)}),
    "seals": (4, {"red seal where there is none": (0, 0), "red seal found: whole": (1, 1)}),
    "through": (3, {"back's own seal taken for show-through": (0, 0), "show-through of a seal found": (0.7, 1)}),
    "corners": (4, {"missing corner found": (1, 1), "missing corner where there is none": (0, 0)}),
    "streaks": (4, {"streak found": (0.7, 1), "streak where there is none": (0, 0)}),
    "twins": (3, {"sheet scanned twice found": (1, 1), "other sheet of one form taken for it": (0, 0)}),
}


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_the_checks_keep_their_accuracy(name: str) -> None:
    count, bounds = BOUNDS[name]
    tally = Tally()
    CHECKS[name](np.random.default_rng([77, len(name)]), count, tally)
    for what, (least, most) in bounds.items():
        assert least <= tally.share(what) <= most, (what, tally.counts[what], tally.wrong)
