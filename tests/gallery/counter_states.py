# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States of the counter and of the program around it: every component and page state side by side, what a cut left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.batch import DIFFERS, PROVED, UNPROVED
from digitizer_desk.dossier.file import Origin
from digitizer_desk.dossier.model import (
    Applicant,
    CodeKind,
    Component,
    Document,
    Dossier,
    Keep,
    Metadata,
    NotDigitised,
    Page,
    ParcelState,
    ResultCode,
    Signature,
)
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.errors import error
from digitizer_desk.rules.check import check_page
from digitizer_desk.rules.fields import Gaps
from digitizer_desk.steps.tidy import Stray
from digitizer_desk.store.pages import NewPage, RecoveredPage
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.screens.counter import Counter
from digitizer_desk.ui.screens.paper.recovered import RecoveredDialog
from digitizer_desk.ui.screens.people.away import CabinetAway
from digitizer_desk.ui.screens.people.opening import CannotOpen, Opening
from gallery.at_once import AtOnce
from gallery.paper_states import batch, of
from gallery.papers import BLURRED, MEASURES, SKEWED, component, law_in_force, page, parcel, pixels
from gallery.people import DOSSIER, NOW
from gallery.states import state


def stray(number: int, *, here: bool = True, replaces: str | None = None) -> Stray:
    """Page ``number`` of those a cut left; not ``here``: its dossier is in another cabinet."""
    at = NOW - timedelta(minutes=9, seconds=-number * 4)
    facts = NewPage(2480, 3508, (300.0, 300.0), (210.0, 297.0), at, "fi-8170")
    kept = RecoveredPage(f"{number:064d}", 1_400_000, "c3", facts, replaces)
    return Stray(kept, "d1", DOSSIER, "Giấy tờ của cha, mẹ") if here else Stray(kept)


@state("recovered-pages", shown=True)
def recovered_pages() -> QWidget:
    strays = (stray(1), stray(2), stray(3, replaces="p3"), stray(4, here=False))
    shown = {one.page.sha256: page(number) for number, one in enumerate(strays, start=1)}
    return RecoveredDialog(strays, "Giấy chứng sinh", lambda one: pixels(shown[one.page.sha256]), AtOnce())


# -- before the desk is open: windows.md 5.1 -------------------------------------------------------------------------


@state("starting")
def starting() -> QWidget:
    return Opening()


@state("starting-upgrade")
def starting_upgrade() -> QWidget:
    opening = Opening()
    opening.show_upgrade(4, 9)
    return opening


@state("closed-key", shown=True)
def closed_key() -> QWidget:
    return CannotOpen(error("store.key_missing"), may_recover=True)


@state("closed-damaged", shown=True)
def closed_damaged() -> QWidget:
    return CannotOpen(error("store.damaged", backup_at="16:52 21/11/2026"), Path("/"))


@state("closed-newer")
def closed_newer() -> QWidget:
    return CannotOpen(error("store.newer"), Path("/"))


@state("closed-locked")
def closed_locked() -> QWidget:
    return CannotOpen(error("store.locked"))


@state("closed-away")
def closed_away() -> QWidget:
    return CabinetAway(error("store.away", folder="/media/mot-cua/DigitizerDesk"), Path("/mnt/sao-luu"))


@state("closed-away-anew")
def closed_away_anew() -> QWidget:
    """The second choice: what it means stands there before it can be made."""
    made = CabinetAway(error("store.away", folder="/media/mot-cua/DigitizerDesk"))
    made.other.click()
    return made


# -- components: windows.md 5.2 ---------------------------------------------------------------------------------------


def part(*pages: Page, **changes: Any) -> Component:
    """A paper with one side declared, unless told otherwise."""
    given: dict[str, Any] = {"form": "original", "declared": 1} | changes
    return replace(component(*pages), **given)


def _signed(*pages: Page, **changes: Any) -> Component:
    """Signed by the clerk as it lies there; ``changes`` are what came after."""
    plain = part(*(pages or (page(1),)))
    clerk = Signature("clerk", "Lê Văn An", "a" * 64, NOW, NOW, "o1")
    document = Document("doc1", 1, "0" * 64, 640_000, plain.page_list, NOW, (clerk,))
    return replace(plain, document=document, **changes)


def _filled(state: ParcelState, **changes: Any) -> Component:
    data = Metadata((), "o1", NOW, "doc1")
    return _signed(
        metadata=data, result_code=ResultCode("000.00.12.H08", "CC", "1"), parcel=parcel(1, state, **changes)
    )


def _certified(plain: Component) -> Component:
    """With the agency's signature behind the clerk's."""
    document = plain.document
    assert document is not None
    agency = Signature("organisation", "UBND phường Bến Thông", "b" * 64, NOW, NOW, "o2")
    return replace(plain, document=replace(document, signatures=(*document.signatures, agency)))


#: what each component of windows.md 5.2 is made of
PARTS: dict[str, Callable[[], Component]] = {
    "required, empty": lambda: part(declared=None),
    "not to be digitised: its form": lambda: part(form="shown_only"),
    "not to be digitised: left out": lambda: part(not_digitised=NotDigitised("fragile", "", "o1", NOW)),
    "optional, empty": lambda: part(mandatory=False, declared=None),
    "faulty": lambda: part(page(3, BLURRED)),
    "with warnings": lambda: part(page(4, SKEWED)),
    "too few pages": lambda: part(page(1), declared=2),
    "too many pages": lambda: part(page(1), page(2), page(5), declared=1),
    "a page that cannot be read": lambda: part(replace(page(1), origin=Origin("cd" * 32, 1, 1, unread=True))),
    "count not proved": lambda: part(*of(1, 1), batches=(batch(1, 1, UNPROVED),)),
    "count contradicted": lambda: part(*of(1, 1), batches=(batch(1, 1, DIFFERS, ("device_counter", 3)),)),
    "checked, waiting for the clerk's signature": lambda: part(*of(1, 1), batches=(batch(1, 1, PROVED),)),
    "signed by the clerk, data missing": _signed,
    "changed after signing": lambda: replace(_signed(), pages=(page(2),)),
    "waiting": lambda: _filled(ParcelState.WAITING),
    "sending": lambda: _filled(ParcelState.SENDING),
    "accepted": lambda: _filled(ParcelState.ACCEPTED, receipt="884213"),
    "result that waits for the organisation's signature": lambda: replace(
        _filled(ParcelState.WAITING), kind=PaperKind.RESULT, parcel=None
    ),
    "accepted with the organisation's signature": lambda: _certified(_filled(ParcelState.ACCEPTED, receipt="884213")),
    "returned by the province": lambda: _filled(ParcelState.REJECTED, said="thiếu mặt sau"),
}


# -- pages: windows.md 5.3 --------------------------------------------------------------------------------------------

_WEAK = replace(MEASURES, dpi=(150.0, 150.0))
_CUT = replace(MEASURES, cut_edges=("left",))
_DARK = replace(MEASURES, light=0.62)


def _judged(number: int, measures: Any) -> Page:
    return replace(page(number, measures=measures), findings=check_page(measures, law_in_force()))


#: what each page of windows.md 5.3 is made of
PAGES: dict[str, Callable[[], Page]] = {
    "measuring": lambda: page(1, measures=None),
    "fine": lambda: page(2),
    "warning: skewed": lambda: page(4, SKEWED),
    "warning: dark": lambda: _judged(5, _DARK),
    "fault: blurred": lambda: page(3, BLURRED),
    "fault: too few dots": lambda: _judged(6, _WEAK),
    "fault: an edge is missing": lambda: _judged(7, _CUT),
    "kept by decision": lambda: replace(page(3, BLURRED), keeps=(Keep(BLURRED.rule, "giấy gốc mờ", "o1", NOW),)),
    "replaced": lambda: page(8, version=2),
}


def counter_over(*shown: Component, chosen: int = 0) -> Counter:
    """The counter over a dossier of these components."""
    law = law_in_force()
    parts = tuple(replace(one, id=f"c{n}", number=n) for n, one in enumerate(shown, start=1))
    dossier = Dossier(
        id="d1",
        code=DOSSIER,
        code_kind=CodeKind.OLD,
        procedure="1.001193",
        procedure_title="Đăng ký khai sinh",
        applicant=Applicant("Nguyễn Thị Hường", identifier="000185000123"),
        received_at=NOW,
        received_by="an",
        rules_id=law.id,
        components=parts,
    )
    made = Counter(AtOnce(), lambda wanted, side: pixels(wanted)[::4, ::4].copy())
    made.show_dossier(dossier, law, None)
    made.open_fields(*advice.data_side(made.stage_now(), law))
    made.show_gaps({part.id: Gaps(missing=2, wrong=0) for part in parts})
    made.show_component(parts[chosen].id)
    return made


@state("counter-components", shown=True)
def counter_components() -> QWidget:
    """Every state of a component, one under the other."""
    return counter_over(*(replace(make(), title=f"Giấy tờ thứ {n}") for n, make in enumerate(PARTS.values(), start=1)))


@state("counter-pages", shown=True)
def counter_pages() -> QWidget:
    """Every state of a page, side by side."""
    pages = tuple(replace(make(), id=f"p{n}") for n, make in enumerate(PAGES.values(), start=1))
    return counter_over(part(*pages, declared=len(pages)))
