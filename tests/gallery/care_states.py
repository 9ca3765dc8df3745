# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States in which a page is mended, a file is weighed, a scanner wants wiping, a note has its pair."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.batch import PROVED
from digitizer_desk.dossier.finding import Region
from digitizer_desk.dossier.model import NoteSide, Page
from digitizer_desk.dossier.repair import Mended, Repair
from digitizer_desk.messages import machine_words
from digitizer_desk.rules.check import check_page
from digitizer_desk.rules.watch import MachineHint, Trouble
from digitizer_desk.steps.parts.mending import Mend, Proposal
from digitizer_desk.steps.parts.weighing import ComponentSize
from digitizer_desk.ui.care.meter import size_words
from digitizer_desk.ui.screens.counter import Counter
from digitizer_desk.ui.screens.paper.machine_sheet import MachineSheet
from digitizer_desk.ui.widgets.frame import Notice
from digitizer_desk.ui.widgets.picture import picture_of
from gallery.at_once import AtOnce
from gallery.paper_states import batch, counter, fed, of
from gallery.papers import MEASURES, component, law_in_force, page, pixels
from gallery.states import inspector, state

MB = 1024 * 1024
_POOR = replace(MEASURES, skew_deg=3.2, light=0.62, backing_mm=(9.0, 8.0, 12.0, 10.0), note=True)
STREAK = Region(0.62, 0.0, 0.622, 1.0)


def poor(number: int) -> Page:
    """A page on which everything that can be mended is to be mended, with a note stuck on it."""
    made = page(number, measures=_POOR)
    return replace(made, findings=check_page(_POOR, law_in_force()))


@state("care-offers", shown=True)
def care_offers() -> QWidget:
    return inspector(component(page(1), page(2), poor(3), page(4)), "p3")


@state("care-proposal", shown=True)
def care_proposal() -> QWidget:
    before = poor(4)
    better = replace(_POOR, skew_deg=0.0)
    after = replace(
        before,
        sha256="f" * 64,
        measures=better,
        findings=check_page(better, law_in_force()),
        mended=Mended(1, Repair(skew_deg=3.2)),
    )
    made = inspector(component(page(1), page(2), page(3), before), "p4")
    made.show_proposal(Proposal(before, after, Mend.STRAIGHTEN, b"", pixels(after)), picture_of(pixels(page(4))))
    return made


@state("care-note-pair")
def care_note_pair() -> QWidget:
    pages = of(1, 4)
    pair = (replace(pages[0], note=NoteSide.WITH), replace(pages[1], note=NoteSide.WITHOUT), *pages[2:])
    return counter(fed(*pair, batches=(batch(1, 4, PROVED, ("device_counter", 4)),), declared=3))


def weighed(sent: float) -> QWidget:
    made = counter(fed(*of(1, 4), batches=(batch(1, 4, PROVED, ("device_counter", 4)),)))
    size = ComponentSize(round(sent * MB), round(sent / 9 * MB), True)
    made.findChild(Counter).show_size(*size_words(size, law_in_force()))
    return made


@state("care-size", shown=True)
def care_size() -> QWidget:
    return weighed(9.8)


@state("care-size-near")
def care_size_near() -> QWidget:
    return weighed(27.4)


@state("care-size-over")
def care_size_over() -> QWidget:
    return weighed(33.0)


def hint(trouble: Trouble) -> MachineHint:
    region = STREAK if trouble is Trouble.STREAK else None
    return MachineHint(trouble, "fi-8170", ("p1", "p2", "p3"), "", region, 0.81, 0.62)


@state("care-machine-hint")
def care_machine_hint() -> QWidget:
    said = Notice("idle", str(machine_words(hint(Trouble.STREAK))), "machine")
    return counter(fed(batches=()), said)


@state("care-machine", shown=True)
def care_machine() -> QWidget:
    dirty = replace(MEASURES, streaks=(STREAK,))
    pages = [page(number, measures=dirty) for number in (1, 2, 3)]
    evidence = [(hint(Trouble.STREAK), pages), (hint(Trouble.SHARPNESS), pages)]
    return MachineSheet(evidence, AtOnce(), pixels, lambda wanted, side: pixels(wanted)[::4, ::4].copy())
