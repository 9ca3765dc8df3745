# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A receipt becomes a dossier with the components its procedure wants; what the clerk settles before scanning.

Apart from scanning because all of this is said with the citizen's papers still on the counter (R1-R7, R18).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.code import find_code, read_code
from digitizer_desk.dossier.incoming.waiting import WaitingPart
from digitizer_desk.dossier.model import (
    AccountCheck,
    Applicant,
    Channel,
    Component,
    Dossier,
    HandedOn,
    NotDigitised,
    Officer,
)
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import missing
from digitizer_desk.dossier.text import nfc, tidy_name
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.regulation import Procedure
from digitizer_desk.steps.officers import clerk_only


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receipt says. ``code`` as typed or scanned; it is read, never made up (R1)."""

    code: str
    procedure: str
    applicant: Applicant
    channel: Channel = Channel.PAPER
    account_check: AccountCheck = AccountCheck.NOT_DONE


def receive(desk: Desk, receipt: Receipt, by: Officer) -> Dossier:
    """Open a dossier under the regulation in force today.

    Raises:
        DeskError: ``dossier.code_malformed``, ``dossier.code_taken``, ``dossier.applicant_missing``,
            ``rules.procedure_unknown``, ``rules.none_in_force``, ``officer.not_allowed``.
    """
    clerk_only(by)
    code = read_code(receipt.code)
    name = tidy_name(receipt.applicant.name)
    if not name:
        raise error("dossier.applicant_missing")
    procedure = desk.book_today().procedure(receipt.procedure)
    law = desk.law_today()
    if desk.cabinet.dossiers.by_code(code.text) is not None:
        raise error("dossier.code_taken", code=code.text)
    listed = desk.cabinet.waiting.get(code.text)
    parts = listed.dossier.parts if listed is not None and listed.dossier.procedure == receipt.procedure else ()
    dossier = Dossier(
        id=uuid.uuid4().hex,
        code=code.text,
        code_kind=code.kind,
        procedure=procedure.code,
        procedure_title=procedure.title,
        applicant=replace(receipt.applicant, name=name, identifier=nfc(receipt.applicant.identifier.strip())),
        received_at=desk.clock(),
        received_by=by.id,
        rules_id=law.id,
        channel=receipt.channel,
        account_check=receipt.account_check,
        components=components_of(procedure, parts),
        packs=desk.edition_today().key,
    )
    desk.cabinet.dossiers.add(dossier, by)
    return desk.cabinet.dossiers.load(dossier.id)


def already(desk: Desk, text: str) -> Dossier | None:
    """The dossier that has the code in a text that was typed or scanned; None when there is none, or no code in it."""
    try:
        code = find_code(text) or read_code(text)
    except DeskError:
        return None
    return desk.cabinet.dossiers.by_code(code.text)


def amend(desk: Desk, dossier_id: str, receipt: Receipt, by: Officer) -> Dossier:
    """Put right what a dossier was opened with, while nothing was done with any of its papers; its law stays.

    Raises:
        DeskError: ``dossier.begun`` when something was; else as :func:`receive`.
    """
    clerk_only(by)
    code = read_code(receipt.code)
    name = tidy_name(receipt.applicant.name)
    if not name:
        raise error("dossier.applicant_missing")
    dossier = desk.cabinet.dossiers.load(dossier_id)
    if not untouched(dossier):
        raise error("dossier.begun", code=dossier.code)
    procedure = desk.book_of(dossier).procedure(receipt.procedure)
    listed = desk.cabinet.waiting.get(code.text)
    parts = listed.dossier.parts if listed is not None and listed.dossier.procedure == receipt.procedure else ()
    now, wanted = dossier.components, components_of(procedure, parts)
    same = [part.code for part in now] == [part.code for part in wanted]  # then a form that was chosen stays chosen
    desk.cabinet.dossiers.amend(
        replace(
            dossier,
            code=code.text,
            code_kind=code.kind,
            procedure=procedure.code,
            procedure_title=procedure.title,
            applicant=replace(receipt.applicant, name=name, identifier=nfc(receipt.applicant.identifier.strip())),
            channel=receipt.channel,
            account_check=receipt.account_check,
            components=now if same else wanted,
        ),
        by,
    )
    return desk.cabinet.dossiers.load(dossier_id)


def untouched(dossier: Dossier) -> bool:
    """Whether no paper of this dossier was scanned, counted, decided on or described yet."""
    return dossier.handed_on is None and not any(
        part.pages
        or part.batches
        or part.document
        or part.declared is not None
        or part.not_digitised
        or part.metadata
        or part.reused
        or part.kind is not PaperKind.COMPONENT
        for part in dossier.components
    )


def components_of(procedure: Procedure | None, parts: Sequence[WaitingPart] = ()) -> tuple[Component, ...]:
    """The components a dossier begins with: those the province wants of it, where it said so, with what this desk's
    procedure knows of each by its code; else the procedure's own."""
    if not parts:
        return _components(procedure) if procedure is not None else ()
    known = {part.code: part for part in procedure.components} if procedure is not None else {}
    return tuple(
        Component(
            id=uuid.uuid4().hex,
            number=number,
            code=part.code,
            title=part.title,
            mandatory=part.mandatory,
            paper_type=part.paper_type or (mine.paper_type if mine is not None else ""),
            form=(mine.refuse or mine.form) if mine is not None else "",
        )
        for number, part in enumerate(parts, start=1)
        for mine in (known.get(part.code),)
    )


def _components(procedure: Procedure) -> tuple[Component, ...]:
    return tuple(
        Component(
            id=uuid.uuid4().hex,
            number=number,
            code=part.code,
            title=part.title,
            mandatory=part.mandatory,
            paper_type=part.paper_type,
            form=part.refuse or part.form,
        )
        for number, part in enumerate(procedure.components, start=1)
    )


def choose_form(desk: Desk, dossier_id: str, component_id: str, form: str, by: Officer) -> Dossier:
    """Record in which form the paper was handed in (R3). A secret paper keeps its form: it can never be overridden.

    Raises:
        DeskError: ``dossier.scan_refused`` when the present form may not be overridden, or pages lie there already
            and the new form may not keep a picture; ``officer.not_allowed``.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component = dossier.component(component_id)
    law = desk.law_of(dossier)
    now, new = (law.form(component.form) if component.form else None), law.form(form)
    if now is not None and not now.may_scan and not now.overridable and new.id != now.id:
        raise error("dossier.scan_refused", component=component.title, why=now.reason)
    if component.pages and not new.may_scan:
        raise error("dossier.scan_refused", component=component.title, why=new.reason)
    desk.cabinet.dossiers.set_form(component_id, form, by)
    return desk.cabinet.dossiers.load(dossier_id)


def declare(desk: Desk, dossier_id: str, component_id: str, sides: int, by: Officer) -> Dossier:
    """Record how many sides the clerk counted on the paper (R13).

    Raises:
        ValueError: fewer than one side.
        DeskError: ``officer.not_allowed``.
    """
    clerk_only(by)
    if sides < 1:
        raise ValueError("a paper has at least one side")
    desk.cabinet.dossiers.set_declared(component_id, sides, by)
    return desk.cabinet.dossiers.load(dossier_id)


def count_again(desk: Desk, dossier_id: str, component_id: str, sides: int, by: Officer) -> Dossier:
    """Record the sides the clerk has counted once more and typed: the independent number where the scanner has none.

    It is what is declared from now on; too few or too many pages are a finding as before (R13).

    Raises:
        ValueError: fewer than one side.
        DeskError: ``officer.not_allowed``.
    """
    clerk_only(by)
    if sides < 1:
        raise ValueError("a paper has at least one side")
    desk.cabinet.batches.count_again(component_id, sides, by)
    return desk.cabinet.dossiers.load(dossier_id)


def leave_out(desk: Desk, dossier_id: str, component_id: str, reason: str, note: str, by: Officer) -> Dossier:
    """Decide not to digitise a component, with a reason from the regulation (R18).

    Raises:
        DeskError: ``dossier.reason_missing``, ``dossier.frozen`` when pages were kept already, ``reuse.stands``.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component = dossier.component(component_id)
    if reason not in {r.id for r in desk.law_of(dossier).left_out_reasons}:
        raise error("dossier.reason_missing")
    if component.is_reused:
        raise error("reuse.stands", component=component.title)
    if component.pages:
        raise error("dossier.frozen", component=component.title)
    decision = NotDigitised(reason=reason, note=nfc(note.strip()), by=by.id, at=desk.clock())
    desk.cabinet.dossiers.set_left_out(component_id, decision, by)
    return desk.cabinet.dossiers.load(dossier_id)


def take_back_left_out(desk: Desk, dossier_id: str, component_id: str, by: Officer) -> Dossier:
    """Undo :func:`leave_out`: the component is to be scanned after all."""
    clerk_only(by)
    desk.cabinet.dossiers.set_left_out(component_id, None, by)
    return desk.cabinet.dossiers.load(dossier_id)


def set_account_check(desk: Desk, dossier_id: str, answer: AccountCheck, by: Officer) -> Dossier:
    """Record whether the applicant's account on the national portal was looked up (R6)."""
    clerk_only(by)
    desk.cabinet.dossiers.set_account_check(dossier_id, answer, by)
    return desk.cabinet.dossiers.load(dossier_id)


def hand_on(desk: Desk, dossier_id: str, note: str, by: Officer) -> Dossier:
    """Hand the dossier on marked "chưa đầy đủ": the handling officer must finish what is missing (R7).

    Raises:
        DeskError: ``dossier.reason_missing`` when nothing is missing, so that the mark cannot lie.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    law = desk.law_of(dossier)
    lacking = tuple(c.title for c in missing(dossier) if law.may_scan(c))
    if not lacking:
        raise error("dossier.reason_missing", "nothing is missing")
    mark = HandedOn(missing=lacking, note=nfc(note.strip()), by=by.id, at=desk.clock())
    desk.cabinet.dossiers.hand_on(dossier_id, mark, by)
    return desk.cabinet.dossiers.load(dossier_id)
