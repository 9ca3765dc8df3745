# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures and known facts become guesses; the clerk's answers become confirmed data (TT 01/2023 Điều 9).

Apart from ``rules.fields`` (which only judges values): here they are saved, confirmed and made to count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import (
    ApplicantKind,
    Component,
    Dossier,
    Field,
    FieldSource,
    Metadata,
    Officer,
)
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import changed_since_signed, stage
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import error
from digitizer_desk.rules.fields import FieldProblem, Gaps, check_fields, count_gaps, tidy_value
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.parts.due import advance
from digitizer_desk.steps.parts.trace import act


def guess(desk: Desk, dossier: Dossier, component: Component) -> tuple[Field, ...]:
    """Values to start from: what the clerk typed before, else what the dossier itself tells.

    Reading text off the picture comes with data extraction; nothing is guessed from pixels here.
    """
    return _begun(desk, dossier, component, desk.cabinet.dossiers.draft_fields(component.id))


def _begun(desk: Desk, dossier: Dossier, component: Component, typed: Iterable[Field]) -> tuple[Field, ...]:
    draft = {f.name: f for f in typed}
    if component.metadata is not None:
        draft = {f.name: f for f in component.metadata.fields} | draft
    applicant = dossier.applicant
    known = {"ma_loai_giay_to": component.paper_type, "ten_giay_to": component.title}
    if applicant.identifier:
        known["so_dinh_danh"] = applicant.identifier
    elif applicant.kind is ApplicantKind.PERSON:
        known |= {"ho_ten": applicant.name, "ngay_sinh": applicant.born_or_founded}
    else:
        known |= {"ten_to_chuc": applicant.name, "nam_thanh_lap": applicant.born_or_founded}
    fields = [draft.get(rule.name) for rule in desk.law_of(dossier).fields]
    names = [rule.name for rule in desk.law_of(dossier).fields]
    return tuple(
        found or Field(name, known.get(name, ""), FieldSource.DOSSIER if known.get(name) else FieldSource.TYPED)
        for name, found in zip(names, fields, strict=True)
    )


def save_draft(desk: Desk, component_id: str, fields: tuple[Field, ...]) -> None:
    """Keep what is being typed: a power cut loses half a second of typing, no more."""
    desk.cabinet.dossiers.save_draft_fields(component_id, fields)


def gaps(desk: Desk, dossier: Dossier) -> dict[str, Gaps]:
    """What is missing before the data of each component can be confirmed, by component; those only whose turn it is.

    One look into the cabinet for the whole dossier.
    """
    drafts, law = desk.cabinet.dossiers.drafts(dossier.id), desk.law_of(dossier)
    return {
        part.id: gaps_in(desk, dossier, _begun(desk, dossier, part, drafts.get(part.id, ())))
        for part in dossier.components
        if stage(part, law.order, law.may_scan(part)) == "extract"
    }


def gaps_in(desk: Desk, dossier: Dossier, fields: Iterable[Field]) -> Gaps:
    """The same of fields that are at hand: no look into the cabinet."""
    values = {field.name: field.value for field in fields}
    return count_gaps(values, desk.law_of(dossier), dossier.applicant, today=desk.clock().date())


def problems(desk: Desk, dossier: Dossier, values: Mapping[str, str]) -> tuple[FieldProblem, ...]:
    """What is missing or odd in these values, faults and warnings."""
    return check_fields(values, desk.law_of(dossier), dossier.applicant, today=desk.clock().date())


def confirm(
    desk: Desk,
    dossier_id: str,
    component_id: str,
    values: Mapping[str, str],
    by: Officer,
    sources: Mapping[str, FieldSource] | None = None,
) -> Dossier:
    """The officer answers for these values (R32). The code and the parcel follow in the same transaction when due.

    Raises:
        DeskError: ``dossier.not_filled`` naming the fields at fault; ``dossier.order_not_due`` when the law's order
            puts another step first (R23), ``signature.pages_changed`` when it was signed and is another paper now;
            ``officer.not_allowed``.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component, law = dossier.component(component_id), desk.law_of(dossier)
    _in_order(desk, dossier, component)
    tidy = {rule.name: tidy_value(rule, nfc(values.get(rule.name, ""))) for rule in law.fields}
    faults = [
        p for p in check_fields(tidy, law, dossier.applicant, today=desk.clock().date()) if p.severity is Severity.FAULT
    ]
    if faults:
        labels = {rule.name: rule.label for rule in law.fields}
        named = ", ".join(dict.fromkeys(labels[p.name] for p in faults))
        raise error("dossier.not_filled", component=component.title, fields=named)
    metadata = Metadata(
        fields=tuple(
            Field(name, value, (sources or {}).get(name, FieldSource.TYPED)) for name, value in tidy.items() if value
        ),
        confirmed_by=by.id,
        confirmed_at=desk.clock(),
        document_id=component.document.id if component.document else "",
    )
    with act(desk, "pack", component_id), desk.cabinet.transaction():
        desk.cabinet.dossiers.set_metadata(component_id, metadata, by)
        if component.kind is PaperKind.RESULT:
            desk.cabinet.results.make_findable(
                dossier_id, f"{tidy.get('so_ky_hieu', '')} {tidy.get('ten_giay_to', '')}"
            )
        advance(desk, dossier_id, component_id, by)
    return desk.cabinet.dossiers.load(dossier_id)


def _in_order(desk: Desk, dossier: Dossier, component: Component) -> None:
    """Data may be taken off only when every step before it in the order is done; correcting it later is fine."""
    law = desk.law_of(dossier)
    step = stage(component, law.order, law.may_scan(component))
    changed = changed_since_signed(component)
    if step == "sign" and changed is not None:
        raise error("signature.pages_changed", page=changed)
    if step in law.order and law.order.index(step) < law.order.index("extract"):
        raise error("dossier.order_not_due", step="extract", first=step)
    if step not in law.order and step not in ("certify", "done"):
        raise error("dossier.order_not_due", step="extract", first=step)
