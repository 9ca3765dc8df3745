# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Receiving: codes are read, never made up; what may not be scanned is refused with its reason."""

from __future__ import annotations

import pytest

from digitizer_desk.dossier.model import AccountCheck, Applicant, Channel, CodeKind, Officer, Role
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
