# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked of ink: whether there is any, and whether a round red seal is among it.

Apart because a wrong answer here loses a page or a seal, so it is asked of more pages than anything else.
"""

from __future__ import annotations

from accuracy import law, scans
from accuracy.case import Case
from accuracy.scans import scanned
from accuracy.sets import drawn
from accuracy.sheets import SPARSE, WRITTEN, page, press

#: without a seal of their own
_PLAIN = (
    "don_de_nghi", "to_khai_khai_sinh", "can_cuoc_truoc", "mat_sau_to_khai", "table", "handwritten", "archive", "tinted",
    "photo", "two_columns", "pink_certificate", "square_stamps", "full_bleed", "crumpled", "wetted", "carbon", "drawing",
)  # fmt: skip


def sparse(case: Case) -> None:
    """Sides with next to nothing on them, all of it meant: they must never be called blank."""
    kind, made = drawn(case, SPARSE)
    made = scans.dirty(made, case.chance)
    if case.chance.random() < 0.3:
        made = scans.framed(made, 3, scans.BACKINGS["black"])
    found = case.measured(scanned(made, case.chance)).blank
    case.add("written page called blank", found, kind, want=False)
    case.add(f"called blank: {kind}", found, want=False)


def blank(case: Case) -> None:
    """Empty sides with all dirt: specks, holes, staples, the other side's print, a streak."""
    made = page("blank", int(case.chance.integers(100_000)))
    what = "dirt"
    if case.chance.random() < 0.4:
        strength = case.between(0.03, 0.22)
        back = page(str(case.chance.choice(WRITTEN)), int(case.chance.integers(100_000)))
        made, what = scans.other_side(made, back, strength), f"other side at {strength:.2f}"
    if case.chance.random() < 0.2:
        made, _ = scans.streaked(made, case.chance, 1)
    made = scans.dirty(made, case.chance)
    if case.chance.random() < 0.3:
        made = scans.framed(made, 3, scans.BACKINGS["black"])
    case.add("blank side found", case.measured(scanned(made, case.chance)).blank, what)


def seals(case: Case) -> None:
    """Whole, faint and half seals, the paper's tone kept or clipped; and pages without one that have other red."""
    kind, made = drawn(case, _PLAIN)
    how, clip = case.one_of("none", "whole", "faint", "half"), bool(case.chance.random() < 0.5)
    at = (case.between(40, 170), case.between(40, 255))
    if how == "half":
        at = (case.between(203, 212), at[1])
    strength = 0.0
    if how != "none":
        strength = case.between(0.16, 0.34) if how == "faint" else case.between(0.75, 1)
        made = press(made, at, strength, int(case.chance.integers(8)))
    found = case.measured(scanned(made, case.chance, clip=clip))
    what = f"{kind} at {strength:.2f} {'clipped' if clip else 'tone kept'}"
    name = "red seal where there is none" if how == "none" else f"red seal found: {how}"
    if how == "faint":
        name += ", paper clipped" if clip else ", paper tone kept"
    case.add(name, found.red_seal, what, want=how != "none")
    if found.seal_strength is not None and how in ("whole", "faint"):
        pale = law.below("seal", found.seal_strength)
        case.add(f"seal called pale: {how}", pale, f"{what} {found.seal_strength}", want=how == "faint")
