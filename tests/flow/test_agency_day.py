# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A result's whole way with real parts: two tokens in SoftHSM, the token host, the gateway over HTTP, poppler's eye."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk import assemble, settings
from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import receive, scan, send, sign
from digitizer_desk.steps.results import papers
from digitizer_desk.steps.signatures import certify, survey
from digitizer_desk.training.province import LocalProvince
from digitizer_desk.training.token import TrainingToken, add_officer, find_softhsm, prepare_token
from stand_ins.machines import stack
from steps.conftest import Bench, set_up
from steps.test_results import OFFICE, THU, filled
from steps.test_sign_and_send import _go_on, _nothing

try:
    find_softhsm()
except DeskError:
    pytest.skip("SoftHSM 2 is not installed", allow_module_level=True)

CLERK = "Lê Văn An"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> TrainingToken:
    made = prepare_token(tmp_path_factory.mktemp("tokens"), holder=CLERK)
    add_officer(made, OFFICE, organisation=True)
    return made


@pytest.fixture
def day(tmp_path: Path, tokens: TrainingToken) -> Iterator[tuple[Bench, LocalProvince]]:
    with set_up(tmp_path) as bench, LocalProvince(tmp_path / "province") as province:
        bench.desk.cabinet.settings.put("province.secret", province.token)
        chosen = bench.desk.settings.model_copy(
            update={
                "unit": settings.Unit(code="H08.10", name=OFFICE),
                "province": settings.ProvinceChoice(base_url=province.url, desk_id="quay-1", settle_s=0.0),
            }
        )
        token = assemble.token(bench.place, tokens.module, tokens.env)
        desk = replace(
            bench.desk,
            settings=chosen,
            token=token,
            trust=(tokens.root_certificate,),
            link=assemble.province_link(bench.place, chosen, bench.desk.cabinet),
        )
        try:
            yield replace(bench, desk=desk), province
        finally:
            token.close()


def pin(tokens: TrainingToken, text: str = "") -> Pin:
    return Pin(bytearray((text or tokens.pin).encode()))


def test_a_result_from_paper_to_the_province_and_its_cancelling(
    day: tuple[Bench, LocalProvince], tokens: TrainingToken, tmp_path: Path
) -> None:
    bench, _province = day
    desk, by = bench.desk, bench.officer
    dossier, paper = papers.add(desk, bench.received().id, "Giấy khai sinh", "KQ.G01.000005", by)
    bench.scanner.tray = list(stack(2, start=3))
    scan.scan(desk, dossier.id, paper, by, _nothing, _go_on)
    receive.declare(desk, dossier.id, paper, 2, by)
    clerk = next(one.certificate for one in sign.choices(desk, by) if one.problem is None)
    assert clerk.holder == CLERK
    assert sign.sign(desk, dossier.id, clerk, pin(tokens), by, _nothing, _go_on).signed == (paper,)
    filled(bench, desk.cabinet.dossiers.load(dossier.id), paper)
    assert send.deliver_due(desk, _nothing, _go_on).accepted == (), "it waits for the agency"

    first, *others = survey.choices(desk, THU)
    assert (first.certificate.holder, first.problem) == (OFFICE, None)
    assert {one.problem.code for one in others if one.problem is not None} == {"token.not_agency"}
    (waiting,) = survey.survey(desk, certify.CopyForm.TEXT, THU, {}, _nothing, _go_on)
    assert (waiting.component_id, waiting.ready, waiting.ink) == (paper, True, 0.0)
    copies = certify.waiting(desk)
    with pytest.raises(DeskError) as wrong:
        certify.certify(desk, copies, first.certificate, pin(tokens, "00000000"), THU, _nothing, _go_on)
    assert wrong.value.code == "token.pin_wrong"
    outcome = certify.certify(desk, copies, first.certificate, pin(tokens), THU, _nothing, _go_on)
    assert (outcome.certified, outcome.refused, outcome.error) == ((paper,), (), None)

    document = desk.cabinet.dossiers.load(dossier.id).component(paper).document
    assert document is not None
    pdf = desk.cabinet.documents.pdf(document)
    verdict = verify_pdf(pdf, trust=desk.trust, offline=True, at=desk.clock())
    assert verdict.valid
    assert [(one.role, one.signer) for one in verdict.people] == [("clerk", CLERK), ("organisation", OFFICE)]
    assert len(send.deliver_due(desk, _nothing, _go_on).accepted) == 1
    (theirs,) = list((tmp_path / "province").rglob("*.pdf"))
    assert theirs.read_bytes() == pdf
    if shutil.which("pdfsig") is not None:
        told = subprocess.run(["pdfsig", "-nocert", theirs], capture_output=True, text=True, check=True).stdout
        assert told.count("Signature is Valid") == 2

    papers.cancel(desk, dossier.id, paper, "Cấp sai họ tên", THU)
    assert len(send.deliver_due(desk, _nothing, _go_on).accepted) == 1, "the gateway takes the cancelling"
    older, newest = sorted(desk.cabinet.outbox.all(), key=lambda parcel: parcel.version)
    assert {newest.state, older.state} == {ParcelState.ACCEPTED}
    assert newest.file_sha256 == older.file_sha256, "not a byte of the result changed"
    assert json.loads(newest.body)["component"]["cancelled"]["reason"] == "Cấp sai họ tên"
    assert "cancelled" not in json.loads(older.body)["component"]
    assert desk.cabinet.journal.check().ok
