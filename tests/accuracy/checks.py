# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every set by its name, and how many cases it takes against the others."""

from __future__ import annotations

from accuracy import inks, pairs, rims, sets
from accuracy.case import Check

CHECKS: dict[str, Check] = {
    "lines": sets.lines, "sparse": inks.sparse, "blank": inks.blank, "blur": sets.blur, "resolution": sets.resolution,
    "seals": inks.seals, "through": pairs.through, "edges": rims.edges, "corners": rims.corners, "light": sets.light,
    "streaks": sets.streaks, "notes": sets.notes, "twins": pairs.twins,
}  # fmt: skip
#: times as many cases as the others: what loses a page when it is wrong, or has several answers
WEIGHT = {"lines": 1.5, "sparse": 6.8, "seals": 1.5, "twins": 0.5}
#: how much sooner than the others a set's cases come when the time is short
SOONER = {"sparse": 2.2, "twins": 1.5}
