# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a clerk does with kept pages: remove, put back, move, join, turn, mend, undo. Nothing is ever thrown away here.

Apart from ``scan.py`` because no machine runs; each act is one line in the journal (R16) and can be undone.
"""

from __future__ import annotations

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.batch import StackState, Turned
from digitizer_desk.dossier.model import Component, Dossier, NoteSide, Officer
from digitizer_desk.dossier.stage import halves
from digitizer_desk.errors import error
from digitizer_desk.rules.component import may_drop_blank_back
from digitizer_desk.steps.check import compare_component, judge_again
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.parts.mending import MEND_NAMES, Mend, Proposal, proposal
from digitizer_desk.store.arranging import RemovedPage


def remove(desk: Desk, dossier_id: str, page_id: str, by: Officer) -> Dossier:
    """Take a page out of its component. The picture stays in the cabinet: removal is a mark.

    Raises:
        DeskError: ``dossier.frozen`` when the component is being sent or was received.
    """
    clerk_only(by)
    desk.cabinet.pages.remove(page_id, by)
    return desk.cabinet.dossiers.load(dossier_id)


def move(desk: Desk, dossier_id: str, page_id: str, index: int, by: Officer) -> Dossier:
    """Put a page at position ``index`` (0-based) of its component (R16: journaled).

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    desk.cabinet.pages.move(page_id, index, by)
    return desk.cabinet.dossiers.load(dossier_id)


def put_back(desk: Desk, dossier_id: str, page_id: str, by: Officer) -> Dossier:
    """Put a page that was taken out back at the end of its component.

    Raises:
        DeskError: ``dossier.frozen``, ``store.conflict`` when it is in use.
    """
    clerk_only(by)
    desk.cabinet.pages.put_back(page_id, by)
    return desk.cabinet.dossiers.load(dossier_id)


def removed(desk: Desk, dossier_id: str) -> tuple[RemovedPage, ...]:
    """Every page of a dossier that was taken out: none is ever beyond reach."""
    return desk.cabinet.pages.removed(dossier_id)


def join_backs(desk: Desk, dossier_id: str, component_id: str, by: Officer) -> Dossier:
    """Put the backs of a stack turned by hand behind their fronts, as one act; a stack without backs is left one-sided.

    Raises:
        DeskError: ``dossier.halves_differ`` when there are not as many backs as fronts: nothing is moved then;
            ``dossier.unknown`` when no stack was begun; ``dossier.frozen``.
    """
    clerk_only(by)
    component = desk.cabinet.dossiers.load(dossier_id).component(component_id)
    fronts, backs = halves(component)
    if component.stack is None or not fronts:
        raise error("dossier.unknown", "no stack", code="")
    if not backs:
        desk.cabinet.batches.settle_stack(component_id, StackState.GIVEN_UP, by)
        return desk.cabinet.dossiers.load(dossier_id)
    if len(fronts) != len(backs):
        raise error("dossier.halves_differ", fronts=len(fronts), backs=len(backs))
    if component.stack.turned is Turned.REVERSED:
        backs = backs[::-1]
    sheets = [side for sheet in zip(fronts, backs, strict=True) for side in sheet]
    mine, order = set(sheets), []
    for page in component.pages:
        if page.id == fronts[0]:
            order += sheets
        elif page.id not in mine:
            order.append(page.id)
    with desk.cabinet.transaction():
        desk.cabinet.pages.arrange(component_id, order, f"ghép {len(backs)} mặt sau", by)
        desk.cabinet.batches.settle_stack(component_id, StackState.JOINED, by)
    return desk.cabinet.dossiers.load(dossier_id)


def drop_blank_backs(desk: Desk, dossier_id: str, component_id: str, by: Officer) -> Dossier:
    """Take all backs of a component out, as one act: only when *every* back is blank or shows nothing but its front's
    seal (R15). The declared sides stay what the clerk counted: the count asks for them anew.

    Raises:
        DeskError: ``dossier.backs_written`` when one of them is not blank; ``dossier.frozen``.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component = dossier.component(component_id)
    if not may_drop_blank_back(component, desk.law_of(dossier), compare_component(desk, component)):
        raise error("dossier.backs_written", component=component.title)
    backs = [page.id for page in component.pages[1::2]]
    desk.cabinet.pages.remove_all(component_id, backs, f"bỏ {len(backs)} mặt sau trắng", by)
    return desk.cabinet.dossiers.load(dossier_id)


def turn(desk: Desk, dossier_id: str, page_id: str, degrees: int, by: Officer) -> Dossier:
    """Turn a page clockwise by 90, 180 or 270 degrees more; the picture itself is not touched.

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    with desk.cabinet.transaction():  # one wait for the disk, not two: a key waits with it
        desk.cabinet.pages.turn(page_id, degrees, by)
        return judge_again(desk, dossier_id, page_id)


def propose_repair(desk: Desk, dossier_id: str, page_id: str, mend: Mend) -> Proposal:
    """The page as a repair would make it, to be looked at beside the page as it is; nothing is kept yet.

    Raises:
        DeskError: ``dossier.repair_idle`` when it would not help, ``dossier.repair_signed``, ``store.page_missing``,
            ``store.page_altered``, ``dossier.unknown``.
    """
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component, number = _place_of(dossier, page_id)
    _refuse_signed(component)
    return proposal(desk, desk.law_of(dossier), component.pages[number - 1], mend, number)


def take_repair(desk: Desk, dossier_id: str, wanted: Proposal, by: Officer) -> Dossier:
    """Use the repaired picture from now on, as a new version of its page; the one before stays, and undo goes back.

    Raises:
        DeskError: ``dossier.repair_signed``, ``dossier.frozen``, ``store.disk_full``; ``store.conflict`` when the page
            was changed since it was proposed.
    """
    clerk_only(by)
    component, _ = _place_of(desk.cabinet.dossiers.load(dossier_id), wanted.page.id)
    _refuse_signed(component)
    desk.cabinet.pages.keep_mended(wanted.page, MEND_NAMES[wanted.mend], wanted.jpeg, by)
    return judge_again(desk, dossier_id, wanted.page.id)


def _place_of(dossier: Dossier, page_id: str) -> tuple[Component, int]:
    """The component a page is in, and its number there, from 1."""
    for component in dossier.components:
        for number, page in enumerate(component.pages, start=1):
            if page.id == page_id:
                return component, number
    raise error("dossier.unknown", "no such page", code="")


def _refuse_signed(component: Component) -> None:
    """What was signed is not mended; pages changed since were un-signed by that."""
    if component.document is not None and component.document.pages == component.page_list:
        raise error("dossier.repair_signed", component=component.title)


def mark_note(desk: Desk, dossier_id: str, page_id: str, side: NoteSide, by: Officer) -> Dossier:
    """Say that this picture shows the sheet with, or without, the note stuck on it (R14).

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    with desk.cabinet.transaction():
        desk.cabinet.pages.set_note(page_id, side, by)
        return judge_again(desk, dossier_id, page_id)


def use_version(desk: Desk, dossier_id: str, page_id: str, version: int, by: Officer) -> Dossier:
    """Show an older (or newer) scan of the same page again.

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    desk.cabinet.pages.use_version(page_id, version, by)
    return desk.cabinet.dossiers.load(dossier_id)


def undo(desk: Desk, dossier_id: str, by: Officer) -> tuple[Dossier, str]:
    """Take back the last act on this dossier's pages. The second value names it, '' when there is none.

    Raises:
        DeskError: ``dossier.signed`` when only acts before the signature are left, ``dossier.frozen`` when it went out.
    """
    clerk_only(by)
    what = desk.cabinet.pages.undo(dossier_id, by)
    return desk.cabinet.dossiers.load(dossier_id), what or ""


def redo(desk: Desk, dossier_id: str, by: Officer) -> tuple[Dossier, str]:
    """Do again what was undone last."""
    clerk_only(by)
    what = desk.cabinet.pages.redo(dossier_id, by)
    return desk.cabinet.dossiers.load(dossier_id), what or ""
