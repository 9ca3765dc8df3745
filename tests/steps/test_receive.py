# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Receiving: codes are read, never made up; what may not be scanned is refused with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digitizer_desk.dossier.model import (
    AccountCheck,
    Applicant,
    Channel,
    CodeKind,
    Dossier,
    Field,
    FieldSource,
    Officer,
    Role,
)
from digitizer_desk.errors import DeskError
from digitizer_desk.steps import receive, scan
from steps.conftest import CODE, PROCEDURE, Bench


def test_a_receipt_becomes_a_dossier_with_its_components(bench: Bench) -> None:
    dossier = bench.received()
    procedure = bench.desk.rulebook.procedure(PROCEDURE)
    assert dossier.code == CODE
    assert dossier.code_kind is CodeKind.OLD
    assert [c.code for c in dossier.components] == [c.code for c in procedure.components]
    assert dossier.rules_id == bench.desk.law_today().id
    assert dossier.received_by == bench.officer.id


@pytest.mark.parametrize("code", ["", "hồ sơ 7", "000.00.12.H08-261399-0007", "000.00.12.H08-261121-0007 x"])
def test_a_malformed_code_opens_nothing(bench: Bench, code: str) -> None:
    with pytest.raises(DeskError) as refused:
        bench.received(code)
    assert refused.value.code == "dossier.code_malformed"
    assert bench.desk.cabinet.dossiers.recent(5) == ()


def test_the_same_code_twice_is_refused(bench: Bench) -> None:
    bench.received()
    with pytest.raises(DeskError) as refused:
        bench.received(CODE.lower())
    assert refused.value.code == "dossier.code_taken"


def test_a_legacy_code_is_taken_and_known_as_such(bench: Bench) -> None:
    assert bench.received("243").code_kind is CodeKind.LEGACY


def test_without_a_name_or_a_known_procedure_nothing_opens(bench: Bench) -> None:
    with pytest.raises(DeskError) as refused:
        receive.receive(bench.desk, receive.Receipt(CODE, PROCEDURE, Applicant("  ")), bench.officer)
    assert refused.value.code == "dossier.applicant_missing"
    with pytest.raises(DeskError) as refused:
        bench.received(procedure="9.999999")
    assert refused.value.code == "rules.procedure_unknown"


def test_each_refusal_of_the_law_closes_scanning(bench: Bench) -> None:
    """R3: four classes; a secret paper can never be turned into another form."""
    dossier = bench.received()
    law, first = bench.desk.law_of(dossier), dossier.components[0]
    refused_forms = [form for form in law.forms if not form.may_scan]
    assert len(refused_forms) >= 4
    for form in sorted(refused_forms, key=lambda f: not f.overridable):
        dossier = receive.choose_form(bench.desk, dossier.id, first.id, form.id, bench.officer)
        with pytest.raises(DeskError) as refused:
            scan.scan(bench.desk, dossier.id, first.id, bench.officer, lambda _e: None, lambda: False)
        assert refused.value.code == "dossier.scan_refused"
        assert refused.value.facts["why"] == form.reason
        if not form.overridable:
            allowed = next(f.id for f in law.forms if f.may_scan)
            with pytest.raises(DeskError):
                receive.choose_form(bench.desk, dossier.id, first.id, allowed, bench.officer)
            assert not form.keeps_image
            break
    assert bench.scanner.jobs == []


def test_an_electronic_dossier_is_never_scanned(bench: Bench) -> None:
    applicant = Applicant("Nguyễn Thị Hường")
    receipt = receive.Receipt(CODE, PROCEDURE, applicant, channel=Channel.ELECTRONIC)
    dossier = receive.receive(bench.desk, receipt, bench.officer)
    with pytest.raises(DeskError) as refused:
        scan.scan(bench.desk, dossier.id, dossier.components[0].id, bench.officer, lambda _e: None, lambda: False)
    assert refused.value.code == "dossier.scan_refused"


def test_leaving_out_needs_a_reason_of_the_law_and_can_be_taken_back(bench: Bench) -> None:
    dossier = bench.received()
    component = dossier.components[0]
    with pytest.raises(DeskError) as refused:
        receive.leave_out(bench.desk, dossier.id, component.id, "vì bận", "", bench.officer)
    assert refused.value.code == "dossier.reason_missing"
    reason = bench.desk.law_of(dossier).left_out_reasons[0].id
    dossier = receive.leave_out(bench.desk, dossier.id, component.id, reason, "khổ A0", bench.officer)
    left = dossier.component(component.id).not_digitised
    assert left is not None
    assert (left.reason, left.note, left.by) == (reason, "khổ A0", bench.officer.id)
    dossier = receive.take_back_left_out(bench.desk, dossier.id, component.id, bench.officer)
    assert dossier.component(component.id).not_digitised is None


def test_a_dossier_goes_on_marked_while_something_is_missing(bench: Bench) -> None:
    dossier = bench.received()
    dossier = receive.hand_on(bench.desk, dossier.id, "công dân bổ sung sau", bench.officer)
    assert dossier.handed_on is not None
    assert dossier.components[0].title in dossier.handed_on.missing


def test_the_account_check_is_recorded(bench: Bench) -> None:
    dossier = bench.received()
    dossier = receive.set_account_check(bench.desk, dossier.id, AccountCheck.NO, bench.officer)
    assert dossier.account_check is AccountCheck.NO


def test_only_a_clerk_receives(bench: Bench) -> None:
    stranger = Officer("x", "x", "X", frozenset({Role.SUPERVISOR}))
    receipt = receive.Receipt(CODE, PROCEDURE, Applicant("Nguyễn Thị Hường"))
    with pytest.raises(DeskError) as refused:
        receive.receive(bench.desk, receipt, stranger)
    assert refused.value.code == "officer.not_allowed"


def test_a_receipt_is_put_right_while_nothing_lies_in_the_dossier(bench: Bench) -> None:
    dossier = bench.received()
    owner, other = Applicant("Lò Thị Mây", identifier="045190001234"), "000.00.12.H08-261121-0010"
    first = dossier.components[0]
    receive.choose_form(bench.desk, dossier.id, first.id, bench.desk.law_of(dossier).forms[0].id, bench.officer)
    receipt = receive.Receipt(dossier.code, PROCEDURE, owner, account_check=AccountCheck.YES)
    amended = receive.amend(bench.desk, dossier.id, receipt, bench.officer)
    assert (amended.id, amended.applicant, amended.account_check) == (dossier.id, owner, AccountCheck.YES)
    assert [c.id for c in amended.components] == [c.id for c in dossier.components]
    assert amended.components[0].form == bench.desk.law_of(dossier).forms[0].id
    amended = receive.amend(bench.desk, dossier.id, receive.Receipt(other, "1.000894", owner), bench.officer)
    procedure = bench.desk.rulebook.procedure("1.000894")
    assert (amended.code, amended.procedure_title) == (other, procedure.title)
    assert [c.code for c in amended.components] == [c.code for c in procedure.components]
    assert (amended.rules_id, amended.received_at, amended.packs) == (dossier.rules_id, dossier.received_at, "")
    found = bench.desk.cabinet.dossiers
    assert [line.id for line in found.find("lo thi may ket hon", 5)] == [dossier.id]
    assert receive.already(bench.desk, f" {other}\r") == amended
    assert receive.already(bench.desk, dossier.code) is receive.already(bench.desk, "hồ sơ 7") is None
    actions = [entry.action for entry in bench.desk.cabinet.journal.entries(f"dossier:{dossier.id}")]
    assert actions == ["dossier_amended", "dossier_amended", "dossier_added"]


def test_a_dossier_that_was_begun_keeps_its_receipt(bench: Bench) -> None:
    other = bench.received("000.00.12.H08-261121-0011")
    dossier = bench.received()
    receipt = receive.Receipt(other.code, PROCEDURE, dossier.applicant)
    with pytest.raises(DeskError) as refused:
        receive.amend(bench.desk, dossier.id, receipt, bench.officer)
    assert refused.value.code == "dossier.code_taken"
    with pytest.raises(DeskError) as refused:
        receive.amend(bench.desk, dossier.id, replace(receipt, applicant=Applicant(" ")), bench.officer)
    assert refused.value.code == "dossier.applicant_missing"
    receipt = replace(receipt, code=dossier.code)
    part = dossier.components[0].id
    typed = (Field("ten_giay_to", "Tờ khai", FieldSource.TYPED),)
    bench.desk.cabinet.dossiers.save_draft_fields(part, typed)
    _refused_as_begun(bench, dossier, receipt)
    bench.desk.cabinet.dossiers.save_draft_fields(part, ())
    receive.declare(bench.desk, dossier.id, part, 2, bench.officer)
    _refused_as_begun(bench, dossier, receipt)
    with pytest.raises(DeskError) as refused:
        receive.amend(bench.desk, dossier.id, receipt, replace(bench.officer, roles=frozenset({Role.VAN_THU})))
    assert refused.value.code == "officer.not_allowed"


def _refused_as_begun(bench: Bench, dossier: Dossier, receipt: receive.Receipt) -> None:
    with pytest.raises(DeskError) as refused:
        receive.amend(bench.desk, dossier.id, receipt, bench.officer)
    assert refused.value.code == "dossier.begun"
