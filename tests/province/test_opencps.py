# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The connector for OpenCPS against our model of it: each trap answered, killed at each step, nothing twice.

Tested against request shapes read from the source; never tested with OpenCPS.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from digitizer_desk.dossier.model import Applicant, ApplicantKind, Channel, Parcel
from digitizer_desk.errors import DeskError
from digitizer_desk.province.connect import link_of
from digitizer_desk.province.incoming.reading import Listed, Unchanged, reading_of
from digitizer_desk.province.link import Accepted, Later, Outcome, Proof, ProvinceLink, Rejected
from digitizer_desk.province.profile import Codes, Login, OpenCps, Profile, Secrets
from digitizer_desk.province.systems.talk import paper_of
from digitizer_desk.province.trail import Step, Trail, read
from province.samples import parcel_of, pdf_of
from stand_ins.as_opencps import GROUP, PASSWORD, USER, AsOpenCps

DOSSIER = "000.00.10.H08-261120-0006"
PROFILE = Profile(
    kind="opencps",
    desk_id="quay-1",
    login=Login(way="password", user=USER),
    opencps=OpenCps(group=int(GROUP), marks={"original": 3}),
    timeout_s=5.0,
    settle_s=0.0,
)


@pytest.fixture
def server() -> Iterator[AsOpenCps]:
    with AsOpenCps(DOSSIER, DOSSIER + "1") as running:
        yield running
    assert running.spec.wrong == []


def link_to(server: AsOpenCps, password: str = PASSWORD, **changes: object) -> ProvinceLink:
    profile = replace(PROFILE, address=server.url, **changes)
    link = link_of(profile, Secrets(password), Path(), clock=lambda: datetime.now(UTC))
    assert link is not None
    return link


def nothing(_sent: int, _total: int) -> None:
    return None


def stored(server: AsOpenCps, pdf: bytes) -> None:
    """One row, these bytes."""
    assert len(server.rows) == 1
    assert list(server.files.values()) == [pdf]


def test_our_description_is_valid_openapi(server: AsOpenCps):
    assert list(OpenAPIV31SpecValidator(server.spec.whole).iter_errors()) == []


def test_a_file_is_taken_fetched_back_and_marked(server: AsOpenCps):
    pdf, kept, told = pdf_of(), [], []
    reply = link_to(server).deliver(parcel_of(pdf), pdf, lambda s, t: told.append((s, t)), kept.append)
    assert isinstance(reply, Accepted)
    assert (reply.outcome, reply.proof, reply.number) == (Outcome.DONE, Proof.DOWNLOAD, "1")
    assert told[-1] == (len(pdf), len(pdf))
    stored(server, pdf)
    assert server.marks == {("100", "TP02"): {"fileMark": "3", "fileCheck": "1", "fileComment": "", "recordCount": "1"}}
    assert [(t.done, t.open) for t in kept] == [
        (None, Step.UPLOAD),
        (Step.UPLOAD, None),
        (Step.ATTACH, None),
    ]
    read_elsewhere = {("get", "/dossiers/todo"), ("get", "/dossiertemplates/{template}/parts")}
    assert server.spec.used | read_elsewhere == {
        (verb, path) for path, verbs in server.spec.whole["paths"].items() for verb in verbs if verb != "parameters"
    } - {("get", "/ping")}


def test_sent_again_it_is_found_and_not_sent(server: AsOpenCps):
    pdf = pdf_of()
    parcel, link = parcel_of(pdf), link_to(server)
    link.deliver(parcel, pdf, nothing)
    again = link.deliver(replace(parcel, tries=1), pdf, nothing)
    assert again.outcome is Outcome.ALREADY
    assert server.uploads == 1
    unmarked = link_to(server, opencps=OpenCps(group=int(GROUP)))
    looked = unmarked.look(parcel)
    assert isinstance(looked, Accepted)
    assert looked.already
    assert unmarked.look(parcel_of(pdf, number=3)) is None


def test_codes_of_the_province_are_used(server: AsOpenCps):
    pdf = pdf_of()
    link_to(server, codes=Codes(components={"TP02": "KS-02"})).deliver(parcel_of(pdf), pdf, nothing)
    assert server.rows[0]["dossierPartNo"] == "KS-02"


@pytest.mark.parametrize(
    ("trap", "outcome", "code"),
    [
        ("203", Outcome.NEEDS_LOGIN, "province.login"),
        ("401", Outcome.NEEDS_LOGIN, "province.login"),
        ("no right", Outcome.REFUSED, "province.forbidden"),
        ("403", Outcome.REFUSED, "province.rejected"),
        ("413", Outcome.REFUSED, "province.too_large"),
        ("500", Outcome.RETRY, "province.server_busy"),
        ("502", Outcome.RETRY, "province.unknown_outcome"),
        ("page", Outcome.RETRY, "province.reply_unreadable"),
        ("302", Outcome.RETRY, "province.reply_unreadable"),
        ("size0", Outcome.RETRY, "province.not_kept"),
        ("lost", Outcome.RETRY, "province.unknown_outcome"),
        ("cut", Outcome.RETRY, "province.unknown_outcome"),
    ],
)
def test_each_trap_at_the_upload(server: AsOpenCps, trap: str, outcome: Outcome, code: str):
    pdf = pdf_of()
    parcel, link = parcel_of(pdf), link_to(server)
    server.traps = [("POST /dossiers/100/files", trap)]
    reply = link.deliver(parcel, pdf, nothing)
    assert not isinstance(reply, Accepted)
    assert (reply.outcome, reply.code) == (outcome, code)
    if trap == "403":
        assert reply == Rejected("province.rejected", "Mã thành phần không đúng")
    # tried again it arrives, once
    assert isinstance(link.deliver(replace(parcel, tries=1), pdf, nothing), Accepted)
    stored(server, pdf)


@pytest.mark.parametrize("at", ["GET /dossiers", "GET /files", "POST /marks/TP02"])
@pytest.mark.parametrize("trap", ["203", "500", "cut", "302"])
def test_a_trap_at_any_other_call_ends_the_try_and_not_the_parcel(server: AsOpenCps, at: str, trap: str):
    pdf = pdf_of()
    parcel, link = parcel_of(pdf), link_to(server)
    verb, _, path = at.partition(" ")
    server.traps = [(path if path != "/dossiers" else f"{verb} /dossiers", trap)]
    reply = link.deliver(parcel, pdf, nothing)
    assert isinstance(reply, Later), reply
    assert isinstance(link.deliver(replace(parcel, tries=1), pdf, nothing), Accepted)
    stored(server, pdf)


def test_a_file_altered_on_its_way_back_is_not_believed(server: AsOpenCps):
    pdf = pdf_of()
    parcel, link = parcel_of(pdf), link_to(server)
    reference = link._id_of(paper_of(parcel, Codes()))
    server.traps = [(reference, "altered")]
    reply = link.deliver(parcel, pdf, nothing)
    assert isinstance(reply, Later)
    assert reply.code == "province.not_kept"
    assert isinstance(link.deliver(replace(parcel, tries=1), pdf, nothing), Accepted)
    stored(server, pdf)


def test_a_newer_version_takes_the_place_of_ours(server: AsOpenCps):
    """Even when their clock runs ahead of this desk: the stamp that stands there is read first."""
    server.ahead = 3600.0
    first, second = pdf_of(seed=1), pdf_of(seed=2)
    link = link_to(server)
    assert isinstance(link.deliver(parcel_of(first), first, nothing), Accepted)
    assert isinstance(link.deliver(parcel_of(second, version=2), second, nothing), Accepted)
    assert len(server.rows) == 1
    assert second in server.files.values()


def test_a_file_of_somebody_else_is_not_written_over(server: AsOpenCps):
    theirs, ours = pdf_of(seed=5), pdf_of(seed=6)
    fields = {"referenceUid": "of-the-portal", "dossierPartNo": "TP02", "displayName": "Bản công dân nộp"}
    server.take("100", {**fields, "modifiedDate": "1" * 13, "file": ("a.pdf", theirs)}, keeps=True)
    reply = link_to(server).deliver(parcel_of(ours), ours, nothing)
    assert reply == Rejected("province.conflict", "Bản công dân nộp")
    assert reply.outcome is Outcome.CONFLICT
    assert list(server.files.values()) == [theirs]


def test_our_own_id_with_other_bytes_that_stay_newer_is_a_conflict(server: AsOpenCps):
    pdf = pdf_of()
    parcel, link = parcel_of(pdf), link_to(server)
    link.deliver(parcel, pdf, nothing)
    reference = server.rows[0]["referenceUid"]
    server.files[reference] = pdf_of(seed=77)
    server.rows[0]["stamp"] += 10_000_000
    reply = link.deliver(replace(parcel, tries=1), pdf, nothing)
    assert reply == Rejected("province.conflict", "")
    assert server.files[reference] == pdf_of(seed=77)


@pytest.mark.parametrize("number", ["", "000.00.10.H08-261120-00061"])
def test_a_dossier_that_is_not_there(server: AsOpenCps, number: str):
    pdf = pdf_of()
    server.dossiers = {number: "7"} if number else {}
    reply = link_to(server).deliver(parcel_of(pdf), pdf, nothing)
    assert reply == Rejected("province.dossier_unknown", "")


class Killed(BaseException):
    """The desk is gone."""


@pytest.mark.parametrize("line", range(3))
@pytest.mark.parametrize("lost", [False, True])
def test_killed_at_each_line_of_its_trail_it_sends_nothing_twice(server: AsOpenCps, line: int, lost: bool):
    pdf, kept = pdf_of(), []
    parcel = parcel_of(pdf)
    if lost:
        server.traps = [("POST /dossiers/100/files", "lost")]

    def keep(trail: Trail) -> None:
        kept.append(trail)
        if len(kept) == line + 1:
            raise Killed

    with contextlib.suppress(Killed):
        link_to(server).deliver(parcel, pdf, nothing, keep)
    left: Parcel = replace(parcel, trail=kept[-1].write())
    link = link_to(server)
    reply = link.deliver(left, pdf, nothing, kept.append)
    if lost and line == 0:  # killed before the first byte: the answer that gets lost is this one
        assert isinstance(reply, Later)
        reply = link.deliver(replace(left, trail=kept[-1].write()), pdf, nothing, kept.append)
    assert isinstance(reply, Accepted)
    stored(server, pdf)
    assert server.uploads == 1
    assert server.marks


def test_a_request_that_may_still_be_on_its_way_is_waited_for(server: AsOpenCps):
    pdf = pdf_of()
    parcel, now = parcel_of(pdf), datetime.now(UTC)
    trail = Trail("opencps", parcel.file_sha256).opening(Step.UPLOAD, now)
    assert read(trail.write(), "opencps", parcel.file_sha256) == trail
    link = link_to(server, settle_s=60.0)
    waits = link.look(replace(parcel, trail=trail.write()))
    assert isinstance(waits, Later)
    assert (waits.code, waits.attempt) == ("province.unknown_outcome", True)
    assert 0 < waits.after_seconds <= 60
    old = Trail("opencps", parcel.file_sha256).opening(Step.UPLOAD, now - timedelta(minutes=2))
    assert link.look(replace(parcel, trail=old.write())) is None


def test_a_wrong_password_rests_the_queue(server: AsOpenCps):
    pdf = pdf_of()
    link = link_to(server, "sai")
    assert link.health().code == "province.login"
    for reply in (link.look(parcel_of(pdf)), link.deliver(parcel_of(pdf), pdf, nothing)):
        assert isinstance(reply, Later)
        assert reply.pause_all
    assert link_to(server).health().code == ""


def test_bytes_that_are_not_what_was_packed_never_leave(server: AsOpenCps):
    pdf = pdf_of()
    with pytest.raises(DeskError, match="signature"):
        link_to(server).deliver(parcel_of(pdf), pdf + b" ", nothing)
    assert server.uploads == 0


def test_its_dossiers_to_do_are_the_list(server: AsOpenCps) -> None:
    codes = replace(PROFILE.codes, components={"TP02": "TP1"}, procedures={"1.001193": "KS-01"})
    reading = reading_of(link_to(server, codes=codes))
    empty = reading.waiting("")
    assert isinstance(empty, Listed)
    assert empty.dossiers == ()
    row = {
        "dossierNo": DOSSIER,
        "serviceCode": "KS-01",
        "serviceName": "Đăng ký khai sinh",
        "dossierTemplateNo": "MAU 1",
        "applicantName": "Công ty Bình Minh",
        "applicantIdNo": "0101243150",
        "receiveDate": "20/11/2026 08:05:00",
        "online": True,
    }
    server.todo = [row]  # one comes as the row itself
    first = reading.waiting("")
    assert isinstance(first, Listed)
    (one,) = first.dossiers
    assert (one.code, one.procedure, one.channel) == (DOSSIER, "1.001193", Channel.ELECTRONIC)
    assert one.applicant == Applicant("Công ty Bình Minh", ApplicantKind.ORGANISATION, "0101243150")
    assert [(part.code, part.mandatory) for part in one.parts] == [("TP02", True), ("TP9", False)]
    assert one.came_at is not None
    assert one.came_at.isoformat() == "2026-11-20T08:05:00+07:00"
    assert reading.waiting(first.mark) == Unchanged()
    many = [{**row, "dossierNo": f"000.00.10.H08-261120-{number:04d}"} for number in range(250)]
    server.todo = [*many, {**row, "dossierNo": "?"}]
    found = reading.waiting(first.mark)
    assert isinstance(found, Listed)
    assert (len(found.dossiers), found.passed_over) == (250, 1)
    for kind, code in (("203", "province.login"), ("403", "province.rejected"), ("502", "province.server_busy")):
        server.traps.append(("/todo", kind))
        assert reading.waiting("").code == code  # type: ignore[union-attr]
    assert reading.papers("0101243150").code == "province.not_offered"  # type: ignore[union-attr]
