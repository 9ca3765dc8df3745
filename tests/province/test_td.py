# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The connector for TD.DichVuCongApi against our model of it: each trap answered, killed at each step, nothing twice.

Tested against request shapes read from the source; never tested with that system.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from digitizer_desk.dossier.model import Channel
from digitizer_desk.province.connect import link_of
from digitizer_desk.province.incoming.reading import Listed, ReuseTaken, Unchanged, reading_of
from digitizer_desk.province.link import Accepted, Later, Outcome, Proof, ProvinceLink, Rejected
from digitizer_desk.province.profile import Login, Profile, Secrets
from digitizer_desk.province.trail import Step, Trail
from province.samples import parcel_of, pdf_of, reuse_body
from stand_ins.as_td import PASSWORD, USER, AsTd

DOSSIER = "000.00.10.H08-261120-0006"
PROFILE = Profile(kind="td", desk_id="quay-1", login=Login(way="password", user=USER), timeout_s=5.0, settle_s=0.0)
UPLOAD, ATTACH, RECORD = "/UploadFileBucket", "TiepNhan", "POST /api/v1/giaytosohoas"


@pytest.fixture
def server() -> Iterator[AsTd]:
    with AsTd(DOSSIER, "TP02") as running:
        yield running
    assert running.spec.wrong == []


def link_to(server: AsTd, password: str = PASSWORD, **changes: object) -> ProvinceLink:
    link = link_of(replace(PROFILE, address=server.url, **changes), Secrets(password), Path())
    assert link is not None
    return link


def nothing(_sent: int, _total: int) -> None:
    return None


def arrived_once(server: AsTd, pdf: bytes) -> None:
    """One record, one file tied to the component, these bytes. Copies nobody names do no harm, but are counted."""
    assert len(server.records) == 1
    assert server.component["dinhKem"] == server.records[0]["dinhKem"]
    assert server.files[server.component["dinhKem"]] == pdf


def test_our_description_is_valid_openapi(server: AsTd):
    assert list(OpenAPIV31SpecValidator(server.spec.whole).iter_errors()) == []


def test_a_paper_is_uploaded_compared_attached_and_recorded(server: AsTd):
    pdf, kept = pdf_of(), []
    reply = link_to(server).deliver(parcel_of(pdf), pdf, nothing, kept.append)
    assert isinstance(reply, Accepted)
    assert (reply.outcome, reply.proof) == (Outcome.DONE, Proof.DOWNLOAD)
    assert reply.result_code == "001199000123.KQ.G01.000005.15/2026.01"
    arrived_once(server, pdf)
    assert server.component["trangThaiSoHoa"] == 1
    assert server.records[0]["thoiHanVinhVien"] is True
    assert server.records[0]["soKyHieu"] == "15/2026"
    assert [(t.done, t.open) for t in kept] == [
        (None, Step.UPLOAD),
        (Step.UPLOAD, None),
        (Step.VERIFY, None),
        (Step.VERIFY, Step.ATTACH),
        (Step.ATTACH, Step.RECORD),
    ]
    read = {("get", "/api/v1/giaytosohoas")}
    assert server.spec.used | read == {
        (verb, path) for path, verbs in server.spec.whole["paths"].items() for verb in verbs if verb != "parameters"
    }


def test_sent_again_it_is_found_and_not_sent(server: AsTd):
    pdf = pdf_of()
    parcel, link = parcel_of(pdf), link_to(server)
    assert link.look(parcel) is None
    link.deliver(parcel, pdf, nothing)
    looked = link.look(replace(parcel, tries=1))
    assert isinstance(looked, Accepted)
    assert looked.already
    assert link.deliver(replace(parcel, tries=1), pdf, nothing).outcome is Outcome.ALREADY
    assert len(server.files) == 1
    arrived_once(server, pdf)


def test_a_dossier_already_counted_as_digitised_still_takes_a_correction(server: AsTd):
    first, second = pdf_of(seed=1), pdf_of(seed=2)
    link = link_to(server)
    assert isinstance(link.deliver(parcel_of(first), first, nothing), Accepted)
    server.state = 2
    assert isinstance(link.deliver(parcel_of(second, version=2), second, nothing), Accepted)
    assert server.files[server.component["dinhKem"]] == second
    assert len(server.records) == 2


def test_a_file_of_somebody_else_is_not_taken_out(server: AsTd):
    server.component["dinhKem"] = "/dvc/2026/1/1/x/y/Ban_cong_dan_nop.pdf"
    pdf = pdf_of()
    assert link_to(server).deliver(parcel_of(pdf), pdf, nothing) == Rejected(
        "province.conflict", "Ban_cong_dan_nop.pdf"
    )
    assert server.files == {}


def test_a_file_of_somebody_else_that_came_between_two_steps_is_not_taken_out(server: AsTd):
    pdf, kept = pdf_of(), []
    parcel, link = parcel_of(pdf), link_to(server)
    server.traps = [(f"TiepNhan/{server.dossier_id}", "502")]
    assert isinstance(link.deliver(parcel, pdf, nothing, kept.append), Later)
    server.component["dinhKem"] = theirs = "/dvc/2026/1/1/x/y/Ban_cong_dan_nop.pdf"
    reply = link.deliver(replace(parcel, tries=1, trail=kept[-1].write()), pdf, nothing)
    assert isinstance(reply, Rejected)
    assert reply.outcome is Outcome.CONFLICT
    assert server.component["dinhKem"] == theirs


def test_a_refusal_to_show_is_told_by_the_delivery_and_not_asked_for_ever(server: AsTd):
    pdf = pdf_of()
    parcel, link = parcel_of(pdf, tries=1), link_to(server)
    server.dossier = "another"
    assert link.look(parcel) is None
    assert link.deliver(parcel, pdf, nothing) == Rejected("province.dossier_unknown", "")
    assert server.files == {}


@pytest.mark.parametrize("where", [UPLOAD, ATTACH, RECORD])
@pytest.mark.parametrize(
    ("trap", "outcome", "code"),
    [
        ("403", Outcome.REFUSED, "province.forbidden"),
        ("400", Outcome.REFUSED, "province.rejected"),
        ("413", Outcome.REFUSED, "province.too_large"),
        ("no", Outcome.REFUSED, "province.rejected"),
        ("500", Outcome.RETRY, "province.server_busy"),
        ("502", Outcome.RETRY, "province.unknown_outcome"),
        ("page", Outcome.RETRY, "province.reply_unreadable"),
        ("bare", Outcome.RETRY, "province.reply_unreadable"),
        ("lost", Outcome.RETRY, "province.unknown_outcome"),
    ],
)
def test_each_trap_at_each_step(server: AsTd, where: str, trap: str, outcome: Outcome, code: str):
    pdf, kept = pdf_of(), []
    parcel, link = parcel_of(pdf), link_to(server)
    at = f"TiepNhan/{server.dossier_id}" if where == ATTACH else where
    server.traps = [(at, trap)]
    reply = link.deliver(parcel, pdf, nothing, kept.append)
    assert not isinstance(reply, Accepted)
    assert (reply.outcome, reply.code) == (outcome, code)
    again = link.deliver(replace(parcel, tries=1, trail=kept[-1].write()), pdf, nothing)
    assert isinstance(again, Accepted), again
    arrived_once(server, pdf)
    # only an upload whose answer got lost leaves a copy nobody can find
    assert len(server.files) == (2 if (where, trap) == (UPLOAD, "lost") else 1)


def test_words_of_a_refusal_are_shown(server: AsTd):
    pdf = pdf_of()
    server.traps = [(UPLOAD, "no")]
    assert link_to(server).deliver(parcel_of(pdf), pdf, nothing) == Rejected("province.rejected", "Hồ sơ đã khóa")


def test_a_500_that_lasts_is_a_matter_for_a_person(server: AsTd):
    pdf = pdf_of()
    server.traps = [(UPLOAD, "500")]
    reply = link_to(server).deliver(parcel_of(pdf, tries=3), pdf, nothing)
    assert reply == Rejected("province.rejected", "System.NullReferenceException: Object reference")


def test_a_file_altered_on_its_way_back_is_not_believed(server: AsTd):
    pdf = pdf_of()
    server.traps = [("/GetFileBucket", "altered")]
    reply = link_to(server).deliver(parcel_of(pdf), pdf, nothing)
    assert isinstance(reply, Later)
    assert reply.code == "province.not_kept"
    assert server.records == []


def test_a_dossier_or_component_that_is_not_there(server: AsTd):
    pdf = pdf_of()
    assert link_to(server).deliver(parcel_of(pdf, number=7), pdf, nothing) == Rejected("province.dossier_unknown", "")
    server.dossier = "another"
    assert link_to(server).deliver(parcel_of(pdf), pdf, nothing) == Rejected("province.dossier_unknown", "")


def test_a_token_that_ends_after_every_second_request_is_renewed(server: AsTd):
    pdf = pdf_of()
    server.token_uses = 2
    assert isinstance(link_to(server).deliver(parcel_of(pdf), pdf, nothing), Accepted)
    arrived_once(server, pdf)
    assert len(server.uses) > 2


def test_a_wrong_password_rests_the_queue(server: AsTd):
    pdf = pdf_of()
    link = link_to(server, "sai")
    assert link.health().code == "province.login"
    reply = link.deliver(parcel_of(pdf), pdf, nothing)
    assert isinstance(reply, Later)
    assert (reply.outcome, reply.pause_all) == (Outcome.NEEDS_LOGIN, True)
    assert link_to(server).health().code == ""


class Killed(BaseException):
    """The desk is gone."""


@pytest.mark.parametrize("line", range(5))
@pytest.mark.parametrize("before", [True, False])
def test_killed_at_each_line_of_its_trail_it_records_nothing_twice(server: AsTd, line: int, before: bool):
    """``before``: killed when the line was written; else the request after it was made and its answer lost."""
    pdf, kept = pdf_of(), []
    parcel = parcel_of(pdf)
    at = [UPLOAD, "", "", f"TiepNhan/{server.dossier_id}", RECORD][line]
    if not before and at:
        server.traps = [(at, "lost")]

    def keep(trail: Trail) -> None:
        kept.append(trail)
        if before and len(kept) == line + 1:
            raise Killed

    with contextlib.suppress(Killed):
        link_to(server).deliver(parcel, pdf, nothing, keep)
    left = replace(parcel, trail=kept[-1].write())
    link = link_to(server)
    reply = link.look(left) or link.deliver(left, pdf, nothing, kept.append)
    assert isinstance(reply, Accepted), reply
    arrived_once(server, pdf)


def test_its_queue_is_the_list_and_its_papers_are_found(server: AsTd) -> None:
    reading = reading_of(link_to(server))
    bare = reading.waiting("")
    assert isinstance(bare, Listed)
    (one,) = bare.dossiers
    assert (one.code, one.applicant.name, one.procedure) == (DOSSIER, "", "")  # what it does not say stays empty
    assert [(part.code, part.title) for part in one.parts] == [("TP02", "Giấy chứng sinh")]
    assert reading.waiting(bare.mark) == Unchanged()
    server.told = {
        "maTTHC": "2.000815",
        "tenTTHC": "Chứng thực",
        "chuHoSo": "Nguyễn Thị Hường",
        "soGiayToChuHoSo": "001185000123",
        "ngayTiepNhan": "2026-11-20T08:05:00",
        "kenhThucHien": 2,
    }
    (full,) = reading.waiting(bare.mark).dossiers  # type: ignore[union-attr]
    assert full.applicant.identifier == "001185000123"
    assert full.came_at is not None
    assert (full.came_at.hour, full.came_at.utcoffset(), full.channel) == (8, timedelta(hours=7), Channel.ELECTRONIC)
    server.records.append(RECORD_OF_HERS)
    server.records.append({**RECORD_OF_HERS, "maDinhDanh": "somebody else"})
    (paper,) = reading.papers("001185000123")
    assert (paper.title, paper.number, paper.issued) == ("Giấy khai sinh", "15/2019", date(2019, 3, 2))
    assert paper.expires is None
    assert reading.decisions("").code == "province.not_offered"  # type: ignore[union-attr]
    assert reading.packs().code == "province.not_offered"  # type: ignore[union-attr]


RECORD_OF_HERS = {
    "ten": "Giấy khai sinh",
    "ma": "001185000123.GKS.01",
    "maDinhDanh": "001185000123",
    "maGiayTo": "GKS",
    "soKyHieu": "15/2019",
    "ngayBanHanh": "2019-03-02T00:00:00+07:00",
    "thoiHanVinhVien": True,
    "loaiSoHoa": "1",
    "dinhKem": "/dvc/2019/3/2/x/gks.pdf",
}


def test_a_paper_used_again_is_named_in_its_component_once(server: AsTd) -> None:
    reading = reading_of(link_to(server))
    told = json.loads(reuse_body("reuse-1", RECORD_OF_HERS["dinhKem"]))
    told["dossier"]["code"], told["component"]["code"] = DOSSIER, "TP02"
    body = json.dumps(told)
    server.traps.append((ATTACH + "/" + server.dossier_id, "lost"))
    assert reading.tell_reuse("reuse-1", body).code == "province.unknown_outcome"  # type: ignore[union-attr]
    taken = reading.tell_reuse("reuse-1", body)
    assert isinstance(taken, ReuseTaken)
    assert (server.component["dinhKem"], server.component["trangThaiSoHoa"]) == ("/dvc/2019/3/2/x/gks.pdf", 3)
    server.component["dinhKem"] = "/dvc/other.pdf"
    assert reading.tell_reuse("reuse-1", body) == Rejected("province.conflict", "other.pdf")
    told["component"]["code"] = "TP99"
    assert reading.tell_reuse("reuse-2", json.dumps(told)) == Rejected("province.dossier_unknown", "")
    for kind, code in (
        ("500", "province.server_busy"),
        ("403", "province.forbidden"),
        ("page", "province.reply_unreadable"),
    ):
        server.traps.append(("/ChamSoHoa", kind))
        assert reading.waiting("").code == code  # type: ignore[union-attr]
