# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked of two pages: whether one sheet was scanned twice, and whether a back shows its front's seal."""

from __future__ import annotations

from accuracy import law, scans
from accuracy.case import Case
from accuracy.scans import scanned
from accuracy.sets import ALL, drawn
from accuracy.sheets import WRITTEN, page, press
from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.imaging.compare import same_sheet
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.twin import read_sketch, seal_through
from digitizer_desk.imaging.repair import turn


def through(case: Case) -> None:
    """Backs that show the seal of their front, and backs with a seal of their own."""
    seed = int(case.chance.integers(8))
    at = (case.between(50, 160), case.between(60, 240))
    front = press(drawn(case, ("two_columns", "archive", "table", "crumpled"))[1], at, 0.95, seed)
    made = page("blank", int(case.chance.integers(100_000)))
    own = bool(case.chance.random() < 0.33)
    if own:
        made = press(made, at if case.number % 2 else (210 - at[0] * 0.6, 297 - at[1] * 0.8), 0.9, seed + 1)
    else:
        made = press(made, (210 - at[0], at[1]), case.between(0.25, 0.8), seed, mirrored=True)
    one, other = (case.measured(scanned(p, case.chance, clip=False)) for p in (made, front))
    sketches = read_sketch(one.sketch), read_sketch(other.sketch)
    found = seal_through(*sketches) if sketches[0] and sketches[1] else None
    if own:
        case.add("back's own seal taken for show-through", law.through(found), str(found), want=False)
        case.add("back's own seal called blank", one.blank, "", want=False)
    elif not one.blank:
        case.add("show-through of a seal found", law.through(found), str(found))


def twins(case: Case) -> None:
    """A sheet scanned twice, fed and lit anew; and another sheet of the same form."""
    kind = ALL[case.number % len(ALL)]
    seed = int(case.chance.integers(100_000))
    sheet = page(kind, seed)
    one, two = _scan(case, sheet), _scan(case, sheet)
    other = _scan(case, page(kind, seed + 1))
    same, differs = same_sheet(one, two), same_sheet(one, other)
    case.add("sheet scanned twice found", law.twin(same), f"{kind} {same}")
    case.add("other sheet of one form taken for it", law.twin(differs), f"{kind} {differs}", want=False)
    _note(case, "likeness of one sheet", same)
    _note(case, "likeness of two sheets of one form", differs)
    if kind in WRITTEN:
        word = same_sheet(one, _scan(case, page(kind, seed, one_word_other=True)))
        case.add("other sheet with one name changed taken for it", law.twin(word), want=False)
        _note(case, "likeness with one name changed", word)


def _note(case: Case, name: str, alike: float | None) -> None:
    if alike is not None:
        case.tally.error(name, alike)


def _scan(case: Case, sheet: Pixels) -> PageMeasures:
    """Fed a little askew and aside, through a driver that clips or does not, at times upside down or darker."""
    made = scans.nudged(scans.leaning(sheet, case.between(-1.5, 1.5)), case.chance.normal(0, 1.2, 2))
    if case.chance.random() < 0.3:
        made = scans.framed(made, 3, scans.BACKINGS["black"])
    made = scanned(made, case.chance)
    if case.chance.random() < 0.3:
        made = scans.dimmed(made, case.between(0.85, 1.0))
    return case.measured(turn(made, 180) if case.chance.random() < 0.15 else made)
