# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Results: they wait for the agency, leave with their kind, are told from what is none, and are cancelled, not lost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Channel, Dossier, Officer, ParcelState, Role
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.place import Placement
from digitizer_desk.province.handover.names import Layout
from digitizer_desk.settings import Unit
from digitizer_desk.steps import extract, hand_over, receive, scan, send, sign
from digitizer_desk.steps.intake import files
from digitizer_desk.steps.intake.source import from_paths
from digitizer_desk.steps.parts import work
from digitizer_desk.steps.results import papers
from digitizer_desk.steps.signatures import certify
from stand_ins.files import pdf, signed_pdf
from stand_ins.machines import ScriptedToken, stack
from steps.conftest import Bench, set_up
from steps.test_sign_and_send import ANSWERS, _go_on, _nothing

OFFICE = "ỦY BAN NHÂN DÂN XÃ ĐẠI ĐỒNG"
CHAIR = "Hoàng Thị Chủ Tịch"
STRANGER = "Người Lạ"


@pytest.fixture(scope="module")
def people() -> dict[str, ScriptedToken]:
    return {name: ScriptedToken(name) for name in (OFFICE, CHAIR, STRANGER)}


@pytest.fixture
def counter(tmp_path: Path, people: dict[str, ScriptedToken]) -> Iterator[Bench]:
    with set_up(tmp_path) as bench:
        desk = replace(
            bench.desk,
            trust=(*bench.desk.trust, people[OFFICE].der, people[CHAIR].der),
            settings=bench.desk.settings.model_copy(update={"unit": Unit(code="H08.10", name=OFFICE)}),
        )
        yield replace(bench, desk=desk)


THU = Officer("thu", "thu", "Phạm Thị Thư", frozenset({Role.VAN_THU}))
JUDGE = Officer("duyet", "duyet", "Người Duyệt", frozenset({Role.SUPERVISOR}))


def put_agency(bench: Bench, people: dict[str, ScriptedToken], *copies: certify.Copy) -> certify.CertifyOutcome:
    token = people[OFFICE]
    desk = replace(bench.desk, token=token)
    chosen = copies or certify.waiting(desk)
    return certify.certify(desk, chosen, token.certificate, Pin(bytearray(b"246810")), THU, _nothing, _go_on)


def with_result(bench: Bench) -> tuple[Dossier, str]:
    dossier = bench.received()
    return papers.add(bench.desk, dossier.id, "Giấy khai sinh", "KQ.G01.000005", bench.officer)


def scanned(bench: Bench, dossier: Dossier, paper: str) -> Dossier:
    bench.scanner.tray = list(stack(2, start=7))
    scan.scan(bench.desk, dossier.id, paper, bench.officer, _nothing, _go_on)
    return receive.declare(bench.desk, dossier.id, paper, 2, bench.officer)


def signed(bench: Bench, dossier: Dossier, places: Mapping[str, Placement] | None = None) -> Dossier:
    pin = Pin(bytearray(b"246810"))
    certificate = bench.token.certificate
    outcome = sign.sign(bench.desk, dossier.id, certificate, pin, bench.officer, _nothing, _go_on, places or {})
    assert outcome.error is None
    return outcome.dossier


def filled(bench: Bench, dossier: Dossier, paper: str, **changes: str) -> Dossier:
    component = dossier.component(paper)
    values = {f.name: f.value for f in extract.guess(bench.desk, dossier, component)} | ANSWERS | changes
    return extract.confirm(bench.desk, dossier.id, paper, values, bench.officer)


def ready(bench: Bench) -> tuple[Dossier, str]:
    dossier, paper = with_result(bench)
    return filled(bench, signed(bench, scanned(bench, dossier, paper)), paper), paper


def brought(bench: Bench, dossier: Dossier, paper: str, data: bytes, tmp_path: Path) -> Dossier:
    (tmp_path / "ket-qua.pdf").write_bytes(data)
    found = files.bring(
        bench.desk, dossier.id, paper, from_paths([tmp_path / "ket-qua.pdf"]), bench.officer, _nothing, _go_on
    )
    assert not found.refused
    return found.dossier


def step_of(bench: Bench, dossier: Dossier, paper: str) -> str:
    law = bench.desk.law_of(dossier)
    component = dossier.component(paper)
    return stage(component, law.order, law.may_scan(component))


def actions(bench: Bench) -> list[str]:
    return [entry.action for entry in bench.desk.cabinet.journal.entries()][::-1]


def test_a_result_joins_its_dossier_and_grants_it(counter: Bench) -> None:
    dossier, paper = with_result(counter)
    result = dossier.component(paper)
    assert (result.kind, result.number) == (PaperKind.RESULT, len(dossier.components))
    assert dossier.granted is not None
    assert dossier.granted.by == counter.officer.id
    assert step_of(counter, dossier, paper) == "scan"
    assert work.chosen(counter.desk, dossier, result).name == "Kết quả TTHC"
    assert actions(counter)[-2:] == ["paper_added", "granted"]


def test_the_result_of_an_electronic_dossier_may_be_scanned(counter: Bench) -> None:
    applicant = counter.received("000.00.12.H08-261121-0001").applicant
    came = receive.Receipt("000.00.12.H08-261121-0002", "1.001193", applicant, Channel.ELECTRONIC)
    dossier = receive.receive(counter.desk, came, counter.officer)
    dossier, paper = papers.add(counter.desk, dossier.id, "Giấy khai sinh", "", counter.officer)
    assert len(scanned(counter, dossier, paper).component(paper).pages) == 2
    with pytest.raises(DeskError) as refused:
        scan.scan(counter.desk, dossier.id, dossier.components[0].id, counter.officer, _nothing, _go_on)
    assert refused.value.code == "dossier.scan_refused"


def test_a_result_does_not_leave_before_the_agency_has_signed(counter: Bench, people: dict[str, ScriptedToken]) -> None:
    dossier, paper = ready(counter)
    assert step_of(counter, dossier, paper) == "certify"
    assert counter.desk.cabinet.outbox.all() == ()
    code = dossier.component(paper).result_code
    assert code is not None
    assert code.text == f"{code.owner}.{code.kind}.{code.number}"
    outcome = put_agency(counter, people)
    assert outcome.certified == (paper,)
    (parcel,) = counter.desk.cabinet.outbox.all()
    assert json.loads(parcel.body)["component"]["kind"] == "KQ"
    assert parcel.body_signature
    assert send.deliver_due(counter.desk, _nothing, _go_on).accepted == (parcel.id,)
    dossier = counter.desk.cabinet.dossiers.load(dossier.id)
    assert step_of(counter, dossier, paper) == "done"


def test_what_was_handed_in_is_packed_as_before_and_says_no_kind(counter: Bench) -> None:
    dossier = counter.received()
    first = dossier.components[0].id
    filled(counter, signed(counter, scanned(counter, dossier, first)), first)
    (parcel,) = counter.desk.cabinet.outbox.all()
    assert "kind" not in json.loads(parcel.body)["component"]


def test_the_hand_over_package_names_it_kq(counter: Bench, people: dict[str, ScriptedToken], tmp_path: Path) -> None:
    ready(counter)
    put_agency(counter, people)
    handed = hand_over.hand_over(counter.desk, tmp_path / "usb", "thử", layout=Layout.BAC_KAN)
    ((_, name),) = handed.files
    assert name.endswith("_KQ_2026.pdf")


def test_no_result_leaves_without_the_agency_and_takes_the_grant_back(counter: Bench) -> None:
    dossier, paper = ready(counter)
    dossier = papers.mark(counter.desk, dossier.id, paper, is_result=False, by=THU)
    assert dossier.granted is None
    assert dossier.component(paper).kind is PaperKind.INTERMEDIATE
    (parcel,) = counter.desk.cabinet.outbox.all()
    assert json.loads(parcel.body)["component"]["kind"] == "TG"
    with pytest.raises(DeskError) as packed:
        papers.mark(counter.desk, dossier.id, paper, is_result=True, by=THU)
    assert packed.value.code == "dossier.frozen"


def test_a_grant_by_hand_stays_when_a_paper_is_no_result(counter: Bench) -> None:
    dossier = counter.received()
    papers.grant(counter.desk, dossier.id, "Kết quả trên hệ thống tỉnh", counter.officer)
    dossier, paper = papers.add(counter.desk, dossier.id, "Tờ trình", "", counter.officer)
    dossier = papers.mark(counter.desk, dossier.id, paper, is_result=False, by=counter.officer)
    assert dossier.granted is not None
    dossier = papers.mark(counter.desk, dossier.id, paper, is_result=True, by=counter.officer)
    assert dossier.component(paper).kind is PaperKind.RESULT
    with pytest.raises(DeskError) as refused:
        papers.grant(counter.desk, dossier.id, "  ", counter.officer)
    assert refused.value.code == "dossier.reason_missing"


def test_only_results_can_be_marked_and_not_after_the_agency(counter: Bench, people: dict[str, ScriptedToken]) -> None:
    dossier, paper = ready(counter)
    put_agency(counter, people)
    codes = []
    for which in (dossier.components[0].id, paper):
        with pytest.raises(DeskError) as refused:
            papers.mark(counter.desk, dossier.id, which, is_result=False, by=counter.officer)
        codes.append(refused.value.code)
    assert codes == ["result.not_one", "result.certified"]


def test_cancelling_tells_the_province_and_keeps_the_file(counter: Bench, people: dict[str, ScriptedToken]) -> None:
    dossier, paper = ready(counter)
    put_agency(counter, people)
    send.deliver_due(counter.desk, _nothing, _go_on)
    before = counter.desk.cabinet.dossiers.load(dossier.id).component(paper).document
    assert before is not None
    dossier = papers.cancel(counter.desk, dossier.id, paper, "Cấp sai họ tên", THU)
    result = dossier.component(paper)
    assert result.cancelled is not None
    assert (result.cancelled.by, result.cancelled.reason) == ("thu", "Cấp sai họ tên")
    assert result.document is not None
    assert (result.document.sha256, result.document.version) == (before.sha256, before.version + 1)
    waiting = [p for p in counter.desk.cabinet.outbox.all() if p.state is ParcelState.WAITING]
    told = json.loads(waiting[0].body)["component"]["cancelled"]
    assert told["reason"] == "Cấp sai họ tên"
    assert len(send.deliver_due(counter.desk, _nothing, _go_on).accepted) == 1
    assert counter.desk.cabinet.dossiers.find("12/TK-HT", 5), "found by the result's number"
    assert "result_cancelled" in actions(counter)
    with pytest.raises(DeskError) as again:
        papers.cancel(counter.desk, dossier.id, paper, "lại", THU)
    assert again.value.code == "result.cancelled"
    with pytest.raises(DeskError) as closed:
        scan.scan(counter.desk, dossier.id, paper, counter.officer, _nothing, _go_on)
    assert closed.value.code == "result.cancelled"


def test_a_result_is_cancelled_also_when_its_copy_left_long_ago(
    counter: Bench, people: dict[str, ScriptedToken]
) -> None:
    dossier, paper = ready(counter)
    put_agency(counter, people)
    send.deliver_due(counter.desk, _nothing, _go_on)
    cabinet = counter.desk.cabinet
    cabinet.shelf._lately.clear()
    assert cabinet.removal.remove(dossier.id, "desk") is not None
    with pytest.raises(DeskError) as told:
        papers.cancel(counter.desk, dossier.id, paper, "Cấp sai họ tên", THU)
    assert told.value.code == "result.not_told"
    cancelled = cabinet.dossiers.load(dossier.id).component(paper).cancelled
    assert cancelled is not None, "for a year-old result this is the only way it can lose its effect"
    assert cancelled.reason == "Cấp sai họ tên"
    assert [p.state for p in cabinet.outbox.all()] == [ParcelState.ACCEPTED]


def test_a_cancelled_result_nobody_sent_is_over_and_never_certified(
    counter: Bench, people: dict[str, ScriptedToken]
) -> None:
    dossier, paper = ready(counter)
    dossier = papers.cancel(counter.desk, dossier.id, paper, "In nhầm", JUDGE)
    assert step_of(counter, dossier, paper) == "done"
    assert counter.desk.cabinet.outbox.all() == ()
    outcome = put_agency(counter, people, certify.Copy(dossier.id, paper))
    assert [problem.code for _, problem in outcome.refused] == ["result.cancelled"]


def test_a_cancelling_needs_a_reason_and_a_result(counter: Bench) -> None:
    dossier, paper = ready(counter)
    for which, why, code in ((paper, " ", "dossier.reason_missing"), (dossier.components[0].id, "x", "result.not_one")):
        with pytest.raises(DeskError) as refused:
            papers.cancel(counter.desk, dossier.id, which, why, THU)
        assert refused.value.code == code


def test_roles_are_asked_by_the_steps(counter: Bench) -> None:
    dossier, paper = with_result(counter)
    desk = counter.desk
    nobody = replace(THU, roles=frozenset({Role.IT}))
    for step in (
        lambda: papers.add(desk, dossier.id, "Giấy", "", nobody),
        lambda: papers.mark(desk, dossier.id, paper, is_result=False, by=JUDGE),
        lambda: papers.grant(desk, dossier.id, "ở tỉnh", JUDGE),
        lambda: papers.cancel(desk, dossier.id, paper, "sai", counter.officer),
    ):
        with pytest.raises(DeskError) as refused:
            step()
        assert refused.value.code == "officer.not_allowed"
    assert desk.cabinet.dossiers.load(dossier.id).component(paper) == dossier.component(paper)


# ---- results that come signed (R43) ----


def test_a_file_signed_by_person_and_agency_needs_no_copy_mark(
    counter: Bench, people: dict[str, ScriptedToken], tmp_path: Path
) -> None:
    font = counter.desk.stamp_font
    data = signed_pdf(people[OFFICE], font, signed_pdf(people[CHAIR], font, pdf(2)))
    dossier, paper = with_result(counter)
    dossier = signed(counter, brought(counter, dossier, paper, data, tmp_path))
    dossier = filled(counter, dossier, paper, co_quan_cap="Ủy ban nhân dân xã Đại Đồng")
    assert step_of(counter, dossier, paper) == "send"
    (parcel,) = counter.desk.cabinet.outbox.all()
    assert counter.desk.cabinet.documents.pdf_by_hash(parcel.file_sha256).startswith(data), "not a byte of it changed"
    assert certify.waiting(counter.desk) == ()
    outcome = put_agency(counter, people, certify.Copy(dossier.id, paper))
    assert [problem.code for _, problem in outcome.refused] == ["result.original"]


@pytest.mark.parametrize("issuer", [OFFICE, "Sở Tư pháp"])
def test_one_signature_of_two_is_not_enough(
    counter: Bench, people: dict[str, ScriptedToken], tmp_path: Path, issuer: str
) -> None:
    data = signed_pdf(people[OFFICE], counter.desk.stamp_font, pdf(2))
    dossier, paper = with_result(counter)
    dossier = filled(
        counter, signed(counter, brought(counter, dossier, paper, data, tmp_path)), paper, co_quan_cap=issuer
    )
    assert step_of(counter, dossier, paper) == "certify"
    assert put_agency(counter, people).certified == (paper,)


def test_a_signature_nobody_trusts_closes_the_result(
    counter: Bench, people: dict[str, ScriptedToken], tmp_path: Path
) -> None:
    data = signed_pdf(people[STRANGER], counter.desk.stamp_font, pdf(2))
    dossier, paper = with_result(counter)
    dossier = filled(counter, signed(counter, brought(counter, dossier, paper, data, tmp_path)), paper)
    assert step_of(counter, dossier, paper) == "certify"
    outcome = put_agency(counter, people, certify.Copy(dossier.id, paper))
    ((_, problem),) = outcome.refused
    assert problem.code == "result.signatures_bad"
    assert STRANGER in problem.facts["why"]
    assert counter.desk.cabinet.outbox.all() == ()
