# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What follows by itself when a fact was written: the code is assigned, the parcel is packed.

Apart from the steps that write facts because the order of steps is data (TT 01/2023 Điều 7-10 today): whichever fact
comes last makes the parcel due, in the very transaction of that fact.
"""

from __future__ import annotations

import uuid

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.code import join_result_code
from digitizer_desk.dossier.model import Component, Dossier, Officer, Parcel, ParcelState, ResultCode
from digitizer_desk.dossier.stage import stage
from digitizer_desk.province.mapping import body_of, record


def advance(desk: Desk, dossier_id: str, component_id: str, by: Officer) -> None:
    """Do the steps of the order that need nobody, until one does. Must run inside the fact's transaction."""
    while True:
        dossier = desk.cabinet.dossiers.load(dossier_id)
        component = dossier.component(component_id)
        law = desk.law_of(dossier)
        step = stage(component, law.order, law.may_scan(component))
        if step == "assign_code" and component.metadata is not None:
            desk.cabinet.dossiers.set_result_code(component_id, _code(desk, dossier, component), by)
        elif step == "send" and not _packed(component):
            desk.cabinet.outbox.add(parcel_for(desk, dossier, component, by), by)
            return
        else:
            return


def _code(desk: Desk, dossier: Dossier, component: Component) -> ResultCode:
    """The three parts from confirmed data (R35), provisional until the province answers (R36)."""
    assert component.metadata is not None
    data, rule = component.metadata, desk.law_of(dossier).code
    owner, kind, number = data.get("so_dinh_danh"), data.get("ma_loai_giay_to"), data.get("so_ky_hieu")
    text = join_result_code(owner, kind, number, keep_leading_dot=rule.keep_leading_dot)
    return ResultCode(owner=owner, kind=kind, number=number, provisional=True, text=text)


def _packed(component: Component) -> bool:
    """Whether a parcel of exactly this version of the document exists already.

    One that came back is packed anew once the data were confirmed again: the province may have refused them, not the
    picture. Where the agency signed the record as well, it has to sign the new one: nothing is packed without it.
    """
    parcel, document, data = component.parcel, component.document, component.metadata
    if parcel is None or document is None or parcel.file_sha256 != document.sha256:
        return False
    if parcel.state is not ParcelState.REJECTED or parcel.body_signature:
        return True
    return data is None or data.confirmed_at <= parcel.made_at


def parcel_for(desk: Desk, dossier: Dossier, component: Component, by: Officer) -> Parcel:
    """Everything the province gets, frozen now: the same bytes at every try."""
    assert component.document is not None
    now = desk.clock()
    parcel_id = str(uuid.uuid4())
    body, digest = body_of(
        record(
            dossier,
            component,
            parcel_id=parcel_id,
            officer=by,
            desk_id=desk.settings.province.desk_id,
            unit=desk.settings.unit.code,
            journal_head=desk.cabinet.journal.head(),
            made_at=now,
            labels={rule.name: rule.label for rule in desk.law_of(dossier).fields},
        )
    )
    return Parcel(
        id=parcel_id,
        dossier_id=dossier.id,
        dossier_code=dossier.code,
        component_id=component.id,
        component_title=component.title,
        document_id=component.document.id,
        version=component.document.version,
        file_sha256=component.document.sha256,
        file_size=component.document.size,
        body=body,
        digest=digest,
        made_at=now,
        signed_sha256=component.document.sha256,
        level="B-B",
    )
