# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The scanner watched through a real cabinet: which pages are asked, and from which machine."""

from __future__ import annotations

from dataclasses import replace

from digitizer_desk.dossier.finding import Colour, DpiSource, PageMeasures, Region
from digitizer_desk.rules.watch import Trouble
from digitizer_desk.steps.check import machine_hints
from digitizer_desk.store.pages import NewPage
from steps.conftest import Bench

DIRTY = PageMeasures(
    1240, 1754, (150.0, 150.0), DpiSource.PAPER, Colour.COLOUR, 0.8, 0.1, False, 0, (), (), 0.98, False, False, 0.05,
    streaks=(Region(0.6, 0.0, 0.602, 1.0),),
)  # fmt: skip


def keep(bench: Bench, component: str, number: int, scanner: str, measures: PageMeasures) -> str:
    facts = NewPage(1240, 1754, (150, 150), (210, 297), bench.clock(), scanner)
    page = bench.desk.cabinet.pages.keep(component, b"page %d" % number, facts, bench.officer)
    bench.desk.cabinet.pages.set_measures(page.id, measures, ())
    return page.id


def test_dirt_is_told_of_the_machine_that_has_it(bench: Bench) -> None:
    component = bench.received().components[0].id
    mine = [keep(bench, component, n, "máy A", DIRTY) for n in range(3)]
    for n in range(3, 8):
        keep(bench, component, n, "máy B", replace(DIRTY, streaks=()))
    (hint,) = machine_hints(bench.desk, "máy A")
    assert (hint.trouble, hint.pages) == (Trouble.STREAK, tuple(reversed(mine)))
    assert machine_hints(bench.desk, "máy B") == ()
    assert machine_hints(bench.desk, "máy C") == ()


def test_only_the_last_pages_are_asked(bench: Bench) -> None:
    component = bench.received().components[0].id
    ids = [keep(bench, component, n, "máy A", DIRTY) for n in range(5)]
    newest = bench.desk.cabinet.pages.recent("máy A", 2)
    assert [page.id for page in newest] == [ids[4], ids[3]]
