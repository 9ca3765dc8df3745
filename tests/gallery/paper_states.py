# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States in which paper is fed: work types, waiting, stacks turned by hand, counts that are proved or are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from digitizer_desk.dossier.batch import (
    DIFFERS,
    FAULT,
    PROVED,
    UNPROVED,
    Batch,
    Half,
    Recount,
    Stack,
    StackState,
    Turned,
)
from digitizer_desk.dossier.model import Applicant, CodeKind, Component, Dossier, Page
from digitizer_desk.errors import error
from digitizer_desk.messages import sentence
from digitizer_desk.rules.load import load_rulebook
from digitizer_desk.rules.work_types import Once, WorkType, WorkTypes, load_work_types
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.models.counting import work_words
from digitizer_desk.ui.screens.counter import Counter
from digitizer_desk.ui.screens.paper.taken_out import TakenOut
from digitizer_desk.ui.screens.paper.work_types import WorkTypeSheet
from digitizer_desk.ui.widgets.frame import Banner, Notice
from gallery.at_once import AtOnce
from gallery.papers import component, law_in_force, page, pixels
from gallery.people import DOSSIER, NOW
from gallery.states import inspector, state

RESOURCES = Path(__file__).parents[2] / "resources"


def work_types() -> WorkTypes:
    book = load_rulebook([RESOURCES / "regulations"], [RESOURCES / "procedures"])
    return load_work_types([RESOURCES / "worktypes"], book.regulations)


def batch(number: int, kept: int, outcome: str, *evidence: tuple[str, int], **changes: object) -> Batch:
    made = Batch(
        id=f"b{number}",
        number=number,
        opened_at=NOW - timedelta(minutes=9 - number),
        work_type="nhieu-trang",
        once=False,
        source="feeder",
        declared=None,
        had=0,
        outcome=outcome,
        kept=kept,
        evidence=evidence,
        closed_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def fed(*pages: Page, batches: tuple[Batch, ...], **changes: object) -> Component:
    return replace(component(*pages), form="original", batches=batches, **changes)  # type: ignore[arg-type]


def of(number: int, count: int, first: int = 1) -> tuple[Page, ...]:
    """``count`` pages that batch ``number`` brought."""
    return tuple(replace(page(first + i), batch=f"b{number}") for i in range(count))


def counter(
    shown: Component, *said: Notice, once: Once | None = None, chosen: str = "nhieu-trang", scanning: bool = False
) -> QWidget:
    """The counter over one component, with the banner below it."""
    law = law_in_force()
    person = Applicant("Nguyễn Thị Hường", identifier="000185000123")
    first = replace(
        component(page(7)), id="c1", number=1, title="Tờ khai đăng ký khai sinh", declared=1, form="original"
    )
    dossier = Dossier(
        id="d1",
        code=DOSSIER,
        code_kind=CodeKind.OLD,
        procedure="1.001193",
        procedure_title="Đăng ký khai sinh",
        applicant=person,
        received_at=NOW,
        received_by="an",
        rules_id=law.id,
        components=(first, shown),
    )
    made = Counter(AtOnce(), lambda wanted, side: pixels(wanted)[::4, ::4].copy())
    made.show_dossier(dossier, law, None)
    made.open_fields(*advice.data_side(made.stage_now(), law))
    made.show_component(shown.id)
    if scanning:
        made.show_scanning(shown.id)
    once = once or Once()
    made.work_line.show_work(work_words(work_types().get(chosen) or WorkType("", ""), once), once=once.changes)
    banner = Banner()
    banner.show_notices([*said, *advice.notices(dossier, shown, law, ())])
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(made, 1)
    column.addWidget(banner)
    return whole


@state("paper-proved")
def paper_proved() -> QWidget:
    return counter(fed(*of(1, 4), batches=(batch(1, 4, PROVED, ("device_counter", 4)),)))


@state("paper-count-again", shown=True)
def paper_count_again() -> QWidget:
    return counter(fed(*of(1, 4), batches=(batch(1, 4, UNPROVED),)))


@state("paper-count-differs", shown=True)
def paper_count_differs() -> QWidget:
    return counter(fed(*of(1, 4), batches=(batch(1, 4, DIFFERS, ("images_completed", 5)),)))


@state("paper-once")
def paper_once() -> QWidget:
    once = Once(dpi=400, sheet_mm=(148.0, 210.0))
    return counter(fed(batches=()), once=once, chosen="ket-qua")


@state("paper-waiting")
def paper_waiting() -> QWidget:
    words = "Chờ giấy cho «Giấy tờ của cha, mẹ»: đặt giấy vào khay. Esc thôi chờ."
    return counter(fed(batches=()), Notice("work", words))


@state("paper-no-sensor")
def paper_no_sensor() -> QWidget:
    return counter(fed(batches=()), Notice("mind", sentence(error("scanner.no_sensor")), "scan"))


def halves(backs: int, turned: Turned = Turned.REVERSED) -> Component:
    stack = Stack("s1", turned, StackState.OPEN)
    fronts = batch(1, 3, UNPROVED, half=Half.FRONTS, stack="s1")
    back = batch(2, backs, UNPROVED, half=Half.BACKS, stack="s1")
    batches = (fronts, back) if backs else (fronts,)
    return fed(*of(1, 3), *of(2, backs, 4), batches=batches, stack=stack, declared=6)


@state("paper-turn-stack", shown=True)
def paper_turn_stack() -> QWidget:
    return counter(halves(0), chosen="lat-tay")


@state("paper-turn-stack-same")
def paper_turn_stack_same() -> QWidget:
    return counter(halves(0, Turned.SAME), chosen="lat-tay")


@state("paper-halves-differ")
def paper_halves_differ() -> QWidget:
    return counter(halves(2), chosen="lat-tay")


@state("inspector-count")
def inspector_count() -> QWidget:
    batches = (
        batch(1, 2, FAULT + "scanner.jam", declared=4),
        batch(2, 2, PROVED, ("device_counter", 2), ("feeder_empty", 1), ("declared", 2), declared=4),
    )
    shown = fed(*of(1, 2), *of(2, 2, 3), batches=batches, recount=Recount(4, 2, "o1", NOW))
    return inspector(shown, "p2")


def sheet(once: Once | None = None, *, locked: bool = False, refused: bool = False) -> WorkTypeSheet:
    types = work_types()
    problem = error("rules.work_type_refused", file="giay-a5.toml", where="dpi", why="150 dpi, quy định từ 200")
    return WorkTypeSheet(
        types.all,
        types.first,
        once or Once(),
        (200, 300, 400, 600),
        lambda work_type: locked and work_type.id in ("nhieu-trang", "ket-qua"),
        (problem,) if refused else (),
    )


@state("work-types", shown=True)
def work_types_sheet() -> QWidget:
    return sheet()


@state("work-types-once")
def work_types_once() -> QWidget:
    return sheet(Once(dpi=400, sheet_mm=(148.0, 210.0), double_feed_stop=False))


@state("work-types-locked")
def work_types_locked() -> QWidget:
    return sheet(locked=True, refused=True)


@state("taken-out")
def taken_out() -> QWidget:
    gone = [("Giấy tờ của cha, mẹ", page(number)) for number in (2, 4, 5)]
    return TakenOut(gone, AtOnce(), lambda wanted, side: pixels(wanted)[::4, ::4].copy())


@state("taken-out-none")
def taken_out_none() -> QWidget:
    return TakenOut((), AtOnce(), lambda wanted, side: pixels(wanted))
