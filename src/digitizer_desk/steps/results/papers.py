# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A result joins its dossier, which thereby is granted; a paper is marked as no result; a result is cancelled.

Apart from receiving because a result comes days later and from another hand. Scanned, checked, signed and filled it is
like every other paper; it leaves only when the agency answers for it (R43).
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component, Dossier, Officer, ParcelState, Role
from digitizer_desk.dossier.result import Cancelled, Granted, PaperKind
from digitizer_desk.dossier.text import nfc, tidy_name
from digitizer_desk.errors import DeskError, error
from digitizer_desk.steps.officers import need
from digitizer_desk.steps.parts.due import advance, parcel_for
from digitizer_desk.steps.parts.trace import act

#: who may take in a result and say what it is
_HANDLERS = (Role.CLERK, Role.VAN_THU)
#: who may record that a result lost its effect
_CANCELLERS = (Role.VAN_THU, Role.SUPERVISOR)


def add(desk: Desk, dossier_id: str, title: str, paper_type: str, by: Officer) -> tuple[Dossier, str]:
    """Add a result that is to be scanned or brought as a file; the dossier is granted by it. Gives the paper's id.

    Args:
        paper_type: mã loại kết quả, '' when it is not known yet.

    Raises:
        DeskError: ``officer.not_allowed``, ``dossier.unknown``, ``dossier.reason_missing`` without a title.
    """
    need(by, *_HANDLERS)
    component = new_paper(title, paper_type)
    with act(desk, "add_result", component.id), desk.cabinet.transaction():
        dossier = desk.cabinet.dossiers.load(dossier_id)
        desk.cabinet.results.add(dossier_id, component, by)
        if dossier.granted is None:
            desk.cabinet.results.grant(dossier_id, Granted(by.id, desk.clock()), by)
    return desk.cabinet.dossiers.load(dossier_id), component.id


def new_paper(title: str, paper_type: str) -> Component:
    """A result no page of which is there yet.

    Raises:
        DeskError: ``dossier.reason_missing`` without a title.
    """
    name = tidy_name(title)
    if not name:
        raise error("dossier.reason_missing", "a result needs a name")
    kind = paper_type.strip().upper()
    return Component(
        id=uuid.uuid4().hex,
        number=0,
        code=kind or PaperKind.RESULT.value,
        title=name,
        mandatory=True,
        paper_type=kind,
        kind=PaperKind.RESULT,
    )


def mark(desk: Desk, dossier_id: str, component_id: str, *, is_result: bool, by: Officer) -> Dossier:
    """Say that a paper made while the dossier was handled is no result ("không phải là kết quả"), or is one (R51).

    When no result is left, the dossier is no longer granted by one.

    Raises:
        DeskError: ``officer.not_allowed``; ``result.not_one`` for what was handed in; ``result.certified`` when the
            agency answered for it as it is, ``dossier.frozen`` when it is packed, ``result.cancelled``.
    """
    need(by, *_HANDLERS)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component = dossier.component(component_id)
    wanted = PaperKind.RESULT if is_result else PaperKind.INTERMEDIATE
    if component.kind is PaperKind.COMPONENT:
        raise error("result.not_one", component=component.title)
    if component.cancelled is not None:
        raise error("result.cancelled", component=component.title)
    if component.document and any(s.role == "organisation" for s in component.document.signatures):
        raise error("result.certified", component=component.title)
    if component.parcel is not None and component.parcel.state is not ParcelState.SUPERSEDED:
        raise error("dossier.frozen", component=component.title)
    if component.kind is wanted:
        return dossier
    with act(desk, "mark_result", component_id), desk.cabinet.transaction():
        desk.cabinet.results.set_kind(component_id, wanted, by)
        left = any(c.kind is PaperKind.RESULT for c in dossier.components if c.id != component_id)
        if is_result and dossier.granted is None:
            desk.cabinet.results.grant(dossier_id, Granted(by.id, desk.clock()), by)
        elif not is_result and not left and dossier.granted is not None and not dossier.granted.note:
            desk.cabinet.results.grant(dossier_id, None, by)
        advance(desk, dossier_id, component_id, by)
    return desk.cabinet.dossiers.load(dossier_id)


def grant(desk: Desk, dossier_id: str, note: str, by: Officer) -> Dossier:
    """Say that a dossier has its result although no result is digitised here, with where it is.

    Raises:
        DeskError: ``officer.not_allowed``, ``dossier.reason_missing`` without a note.
    """
    need(by, *_HANDLERS)
    words = nfc(note.strip())
    if not words:
        raise error("dossier.reason_missing", "where is the result?")
    desk.cabinet.results.grant(dossier_id, Granted(by.id, desk.clock(), words), by)
    return desk.cabinet.dossiers.load(dossier_id)


def cancel(desk: Desk, dossier_id: str, component_id: str, reason: str, by: Officer) -> Dossier:
    """Record that a result lost its effect: time, who, why (R49). Its file stays and is found as before.

    What the province has, or will have, is followed by a parcel that tells it; the file in it is the same to the byte.

    Raises:
        DeskError: ``officer.not_allowed``, ``result.not_one``, ``result.cancelled`` (it is already),
            ``dossier.reason_missing``; ``result.not_told``: it *is* recorded, but its copy has left this machine and
            there is nothing to send the province.
    """
    need(by, *_CANCELLERS)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component = dossier.component(component_id)
    words = nfc(reason.strip())
    if component.kind is not PaperKind.RESULT:
        raise error("result.not_one", component=component.title)
    if component.cancelled is not None:
        raise error("result.cancelled", component=component.title)
    if not words:
        raise error("dossier.reason_missing")
    cancelled = Cancelled(by.id, desk.clock(), words)
    told = True
    with act(desk, "cancel_result", component_id), desk.cabinet.transaction():
        desk.cabinet.results.cancel(component_id, cancelled, by)
        if component.parcel is not None:
            told = _tell(desk, dossier, replace(component, cancelled=cancelled), by)
    if not told:
        raise error("result.not_told", component=component.title)
    return desk.cabinet.dossiers.load(dossier_id)


def _tell(desk: Desk, dossier: Dossier, component: Component, by: Officer) -> bool:
    """A parcel with the same file as the document's next version, and the cancelling in its record. False when the file
    has left this machine."""
    document = component.document
    assert document is not None, "what was packed has a document"
    try:
        pdf = desk.cabinet.documents.pdf(document)
    except DeskError as problem:
        if problem.code != "store.removed":
            raise
        return False
    newer = replace(document, version=document.version + 1)
    desk.cabinet.documents.freeze_again(document, pdf, newer, by)
    parcel = parcel_for(desk, dossier, replace(component, document=newer), by)
    level = component.parcel.level if component.parcel is not None else parcel.level
    desk.cabinet.outbox.add(replace(parcel, level=level), by)
    return True
