# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where a component stands: the first step of the order that is not done, computed from facts and never stored.

Apart from the steps so that the screen, the big button and the report all ask the same pure functions. Replacing a
page after signing un-signs the component by itself; a change of the law is a change of the order in its file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from digitizer_desk.dossier.batch import PROVED, Batch, Half, StackState
from digitizer_desk.dossier.incoming.reuse import ReuseState
from digitizer_desk.dossier.model import Component, Dossier, NoteSide, Page, ParcelState
from digitizer_desk.dossier.result import PaperKind

REFUSED = "refused"
LEFT_OUT = "left_out"
REUSED = "reused"
NOT_NEEDED = "not_needed"
DONE = "done"


def notes_paired(pages: Sequence[Page]) -> bool:
    """Whether each page with a note is followed by the same page without it, and none stands alone (R14)."""
    open_note = False
    for page in pages:
        if open_note != (page.note is NoteSide.WITHOUT):
            return False
        open_note = page.note is NoteSide.WITH
    return not open_note


class Count(StrEnum):
    """What is known of a component's count of pages, apart from the driver's word for the end of the stack."""

    NOTHING = "nothing"  # no page came from a feeder: nothing can be missing there
    PROVED = "proved"
    UNPROVED = "unproved"  # a second count is wanted
    DIFFERS = "differs"  # two numbers contradict each other


def count_of(component: Component) -> Count:
    """Whether a number that does not depend on the driver agrees with the pages kept (R13).

    A number the clerk typed after the last batch settles all. Else a contradiction of the device stands, until every
    page of that batch is gone. Else each batch must be proved by the device, by both halves of its stack, or by the
    sides the clerk had declared before it began and still declares.
    """
    batches = live_batches(component)
    if not batches:
        return Count.NOTHING
    again = component.recount
    if again is not None and again.after >= batches[-1].number and again.sides == component.declared:
        return Count.PROVED
    if any(batch.against for batch in batches):
        return Count.DIFFERS
    if all(_proved(batch, component) for batch in batches):
        return Count.PROVED
    return Count.UNPROVED


def live_batches(component: Component) -> tuple[Batch, ...]:
    """The batches of which a page is in the component now, oldest first."""
    here = {page.batch for page in component.pages}
    return tuple(batch for batch in component.batches if batch.id in here)


def _proved(batch: Batch, component: Component) -> bool:
    stack = component.stack
    joined = stack is not None and batch.stack == stack.id and stack.state is StackState.JOINED
    foretold = batch.declared is not None and batch.declared == component.declared
    return batch.outcome == PROVED or joined or foretold


def next_half(component: Component) -> Half:
    """Which half of an open stack the next batch brings: fronts go on until a batch of them ended by itself."""
    stack = component.stack
    if stack is None or stack.state is not StackState.OPEN:
        return Half.FRONTS
    mine = [batch for batch in component.batches if batch.stack == stack.id]
    if mine and (mine[-1].half is Half.BACKS or mine[-1].finished):
        return Half.BACKS
    return Half.FRONTS


def halves(component: Component) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the pages in the component that are fronts, and backs, of its newest stack, in their order there."""
    stack = component.stack
    if stack is None:
        return (), ()
    of = {batch.id: batch.half for batch in component.batches if batch.stack == stack.id}
    fronts = tuple(page.id for page in component.pages if of.get(page.batch) is Half.FRONTS)
    return fronts, tuple(page.id for page in component.pages if of.get(page.batch) is Half.BACKS)


def waits_for_backs(component: Component) -> bool:
    """Whether a stack was begun whose backs have not been put behind their fronts yet."""
    stack = component.stack
    return stack is not None and stack.state is StackState.OPEN and bool(halves(component)[0])


def scanned(component: Component) -> bool:
    """As many pictures as declared sides and notes ask for, at least one, and the count proved (R13); no gap in what
    came as a file."""
    pages = component.pages
    return (
        bool(pages)
        and len(pages) == component.expected
        and notes_paired(pages)
        and component.is_whole
        and not waits_for_backs(component)
        and count_of(component) in (Count.NOTHING, Count.PROVED)
    )


def checked(component: Component) -> bool:
    """Every page measured, no fault left unexcused."""
    return all(page.measures is not None and not page.open_faults for page in component.pages)


def signed(component: Component) -> bool:
    """The clerk signed a document made of exactly the pages there are now (R27, R30)."""
    document = component.document
    return (
        document is not None
        and any(signature.role == "clerk" for signature in document.signatures)
        and document.pages == component.page_list
    )


def changed_since_signed(component: Component) -> int | None:
    """The number, from 1, of the first page that is not what went into the document; None where it is up to date, or
    there is none."""
    document = component.document
    if document is None or document.pages == component.page_list:
        return None
    pairs = zip(document.pages, component.page_list, strict=False)
    alike = next((at for at, (was, now) in enumerate(pairs) if was != now), None)
    return 1 + (min(len(document.pages), len(component.page_list)) if alike is None else alike)


def filled(component: Component, order: Sequence[str]) -> bool:
    """The data are confirmed; when signing comes first, they were read from the present document (R23)."""
    if component.metadata is None:
        return False
    if "sign" not in order or "extract" not in order or order.index("extract") < order.index("sign"):
        return True
    return component.document is not None and component.metadata.document_id == component.document.id


def coded(component: Component) -> bool:
    """A result code is there, provisional or not."""
    return component.result_code is not None


def accepted(component: Component) -> bool:
    """The province has the present document."""
    parcel, document = component.parcel, component.document
    return (
        parcel is not None
        and document is not None
        and parcel.state is ParcelState.ACCEPTED
        and parcel.document_id == document.id
    )


def certified(component: Component) -> bool:
    """The agency answers for the present document: by its copy mark, or because the file came signed by it (R43)."""
    document = component.document
    return component.is_original or (
        document is not None and any(signature.role == "organisation" for signature in document.signatures)
    )


_DONE: Mapping[str, Callable[[Component, Sequence[str]], bool]] = MappingProxyType(
    {
        "scan": lambda component, _: scanned(component),
        "check": lambda component, _: checked(component),
        "sign": lambda component, _: signed(component),
        "extract": filled,
        "assign_code": lambda component, _: coded(component),
        "send": lambda component, _: accepted(component),
    }
)

#: the words an order is made of
STEPS = tuple(_DONE)


def order_of(component: Component, order: Sequence[str]) -> tuple[str, ...]:
    """The order of a component; a result does not leave before the agency has answered for it (R43)."""
    return _with_certify(order) if component.kind is PaperKind.RESULT else tuple(order)


def _with_certify(order: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for step in order for part in (("certify", step) if step == "send" else (step,)))


def stage(component: Component, order: Sequence[str], may_scan: bool = True) -> str:
    """The first step of ``order`` not done; or done, refused, left_out, reused, not_needed.

    Args:
        order: some order of :data:`STEPS`, from the regulation of the dossier.
        may_scan: whether the form of submission allows capture (R3).

    Raises:
        KeyError: ``order`` has a word that is no step.
    """
    if not may_scan:
        return REFUSED
    if component.not_digitised is not None:
        return LEFT_OUT
    if component.is_reused:
        return REUSED
    if not component.mandatory and not component.pages:
        return NOT_NEEDED
    if component.cancelled is not None and component.parcel is None:
        return DONE
    for step in order_of(component, order):
        if not (certified(component) if step == "certify" else _DONE[step](component, order)):
            return step
    return DONE


def dossier_stage(dossier: Dossier, order: Sequence[str], may_scan: Callable[[Component], bool]) -> str:
    """The earliest unfinished step among the components, in the order of work; done when none is unfinished."""
    stages = {stage(component, order, may_scan(component)) for component in dossier.components}
    if any(untold(component) for component in dossier.components):
        stages.add("send")
    return next((step for step in _with_certify(order) if step in stages), DONE)


def untold(component: Component) -> bool:
    """Whether a paper of the province's store was chosen and the province has not noted that yet."""
    return component.is_reused and component.reused is not None and component.reused.state is not ReuseState.ACCEPTED


def is_digitised(component: Component) -> bool:
    """Counts as "đã số hóa" (R46): whole, clean, signed, filled, coded, and accepted by the province as it is now."""
    return (
        scanned(component)
        and checked(component)
        and signed(component)
        and component.metadata is not None
        and coded(component)
        and accepted(component)
    )


def missing(dossier: Dossier) -> tuple[Component, ...]:
    """Mandatory components with no page and no reason for it (R7). Refused forms are for the caller to leave out."""
    return tuple(
        c
        for c in dossier.components
        if c.mandatory and not (c.pages or c.is_reused) and c.not_digitised is None and c.kind is PaperKind.COMPONENT
    )


def confirmed_at(dossier: Dossier) -> datetime | None:
    """When the province confirmed the last of all that the dossier holds, as it is now; None while anything is not
    confirmed, or nothing is there."""
    last: datetime | None = None
    if any(untold(component) for component in dossier.components):
        return None
    for component in dossier.components:
        parcel, document = component.parcel, component.document
        if not component.pages and document is None:
            continue
        if parcel is None or document is None or not accepted(component) or parcel.accepted_at is None:
            return None
        if parcel.file_sha256 != document.sha256 or document.pages != component.page_list:
            return None
        last = parcel.accepted_at if last is None else max(last, parcel.accepted_at)
    return last
