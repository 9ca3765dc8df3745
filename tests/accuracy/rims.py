# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked of the rim of a page: print that runs off it, corners that are missing."""

from __future__ import annotations

from accuracy import scans
from accuracy.case import Case
from accuracy.scans import scanned
from accuracy.sets import WHITE, drawn
from accuracy.sheets import press

#: fewer pixels of ink than this lost are not missed by anybody
_LOST = 300


def edges(case: Case) -> None:
    """Sheets fed too far off, so that print is cut; whole ones with seals over the edge and full-bleed patterns."""
    kind, made = drawn(case)
    side = ("none", "left", "right", "top", "bottom")[int(case.chance.integers(5))]
    behind = WHITE if case.chance.random() < 0.6 else scans.BACKINGS["black"]
    lost, near = 0, 0
    if side == "none":
        if case.chance.random() < 0.3:
            made = press(made, (208, case.between(40, 250)), 0.9, case.number)
    else:
        by = case.between(20, 45)
        lost, near = (
            scans.ink_beyond(made, side, by),
            scans.ink_beyond(made, side, by + 1) - scans.ink_beyond(made, side, by - 1),
        )
        made = scans.shifted(made, side, by, behind)
    found = case.measured(
        scanned(scans.leaning(made, float(case.chance.normal(0, 0.2)), behind), case.chance)
    ).cut_edges
    what = f"{kind}, backing {'white' if behind == WHITE else 'black'}, {lost} px lost -> {found}"
    if side == "none":
        case.add("cut edge where there is none", bool(found), what, want=False)
    elif lost > _LOST and (near > _LOST / 3 or behind != WHITE):
        case.add(f"cut edge found: {side}", side in found, what)
    elif lost > _LOST:  # the cut runs through bare paper, before a white backing: the picture looks whole
        case.add("print lost beyond bare paper, before white", side in found)


def corners(case: Case) -> None:
    """Corners of 10 to 35 mm missing before black or grey backing, and whole sheets before it."""
    kind, made = drawn(case)
    backing, corner = case.one_of("black", "grey"), case.one_of("tl", "tr", "bl", "br")
    how = case.one_of("none", "cut", "torn", "folded")
    if how == "none":
        made = scans.framed(made, 3, scans.BACKINGS[backing])
    else:
        made = scans.cornered(made, case.chance, corner, case.between(10, 35), how, backing)
    made = scans.leaning(made, case.between(-1.5, 1.5), scans.BACKINGS[backing])
    found = case.measured(scanned(made, case.chance)).damaged_corners
    if how == "none":
        case.add("missing corner where there is none", bool(found), f"{kind} {found}", want=False)
    else:
        case.add("missing corner found", corner in found, f"{kind} {how} {backing} {corner}")
