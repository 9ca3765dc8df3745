# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Timestamps before the first sending, and the agency's signature, at a desk beside a running authority."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Officer, Parcel, ParcelState, Role
from digitizer_desk.dossier.stage import is_digitised
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.link import Health
from digitizer_desk.settings import Unit
from digitizer_desk.signing.detached import check_detached
from digitizer_desk.signing.lasting.timestamps import TimestampService
from digitizer_desk.signing.verdict import Verification
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import officers, pages, send, sign
from digitizer_desk.steps.sign import SignProgress
from digitizer_desk.steps.signatures import certify
from digitizer_desk.steps.signatures.revoked import known_revoked
from signing.services import OFFICE, Services
from soak import soaking
from stand_ins.machines import ScriptedToken
from steps.conftest import Bench
from steps.test_sign_and_send import _captured, _fill, _go_on, _nothing, _ready, _sign


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    running = Services(tmp_path_factory.mktemp("authority"))
    yield running
    running.close()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def stamped(bench: Bench, services: Services) -> Bench:
    """The same desk on a real clock, with a timestamp service."""
    office = ScriptedToken(OFFICE)
    desk = replace(
        bench.desk,
        clock=now,
        trust=(*bench.desk.trust, office.der, services.der("root")),
        stamps=TimestampService(services.tsa, 5.0),
        settings=bench.desk.settings.model_copy(update={"unit": Unit(name=OFFICE)}),
    )
    return replace(bench, desk=desk)


def the_parcel(bench: Bench) -> Parcel:
    (parcel,) = bench.desk.cabinet.outbox.all()
    return parcel


def deliver(bench: Bench) -> send.SendOutcome:
    return send.deliver_due(bench.desk, _nothing, _go_on)


def verdict(bench: Bench, pdf: bytes) -> Verification:
    return verify_pdf(pdf, trust=bench.desk.trust, offline=True, at=now())


def test_what_leaves_is_complete_and_both_hashes_are_kept(stamped: Bench) -> None:
    dossier, component_id = _ready(stamped)
    signed = the_parcel(stamped)
    assert (signed.signed_sha256, signed.sent_sha256, signed.level) == (signed.file_sha256, "", "B-B")
    assert len(deliver(stamped).accepted) == 1
    sent = the_parcel(stamped)
    assert sent.state is ParcelState.ACCEPTED
    assert sent.signed_sha256 == signed.file_sha256
    assert sent.sent_sha256 == sent.file_sha256 != signed.file_sha256
    assert (sent.level, sent.version) == ("B-LTA", signed.version + 1)
    pdf, body = stamped.province.stored[sent.id]
    assert verdict(stamped, pdf).complete
    record, packed = json.loads(body), json.loads(signed.body)
    assert record["document"]["sha256"] == sent.file_sha256
    assert record["document"]["size"] == len(pdf)
    for changed in ("sha256", "size", "version"):
        record["document"].pop(changed)
        packed["document"].pop(changed)
    assert record == packed, "nothing else of the record changed"
    component = stamped.desk.cabinet.dossiers.load(dossier.id).component(component_id)
    assert is_digitised(component)
    first = stamped.desk.cabinet.documents.versions(component_id)[0]
    assert first.sha256 == signed.file_sha256
    assert verdict(stamped, stamped.desk.cabinet.documents.pdf(first)).level == "B-B", "as it was signed, still there"


@pytest.mark.parametrize("fault", ["nonce", *(["down", "past"] if soaking() else [])])
def test_without_a_timestamp_it_goes_as_it_was_signed(stamped: Bench, services: Services, fault: str) -> None:
    _ready(stamped)
    signed = the_parcel(stamped)
    with services.fault(tsa=fault):
        assert len(deliver(stamped).accepted) == 1
    sent = the_parcel(stamped)
    assert sent.file_sha256 == sent.signed_sha256 == sent.sent_sha256 == signed.file_sha256
    assert sent.level == "B-B"
    assert sent.body == signed.body


def test_a_full_disk_makes_no_parcel_wait_for_a_person(stamped: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    _ready(stamped)

    def full(*_: object) -> str:
        raise error("store.disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(stamped.desk.cabinet.shelf, "put", full)
        with pytest.raises(DeskError, match=r"store\.disk_full"):
            deliver(stamped)
    assert the_parcel(stamped).state is ParcelState.WAITING
    assert len(deliver(stamped).accepted) == 1, "with room again it leaves by itself"


def test_a_silent_service_is_asked_once_a_round(stamped: Bench, services: Services) -> None:
    dossier = _sign(stamped, _captured(stamped, components=2)).dossier
    for component in dossier.components[:2]:
        dossier = _fill(stamped, dossier, component.id)
    services.faults.asked.clear()
    with services.fault(tsa="down"):
        assert len(deliver(stamped).accepted) == 2
    assert services.faults.asked == ["tsa"]


def test_no_network_at_all_fixes_no_bytes(stamped: Bench, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    _ready(stamped)
    monkeypatch.setattr(stamped.province, "online", False)
    with services.fault(tsa="down"):
        assert deliver(stamped).offline
    assert the_parcel(stamped).sent_sha256 == ""
    monkeypatch.setattr(stamped.province, "online", True)
    assert len(deliver(stamped).accepted) == 1
    assert the_parcel(stamped).level == "B-LTA", "the timestamp came with the network"


def test_from_the_first_sending_on_not_a_byte_changes(stamped: Bench, services: Services) -> None:
    _ready(stamped)
    stamped.province.lose_reply = 1
    with services.fault(tsa="down"):
        deliver(stamped)
    parcel = the_parcel(stamped)
    assert parcel.sent_sha256 == parcel.signed_sha256
    send.send_now(stamped.desk)
    services.faults.asked.clear()
    deliver(stamped)
    assert services.faults.asked == [], "it left once without: nobody asks again"
    assert the_parcel(stamped).file_sha256 == parcel.signed_sha256
    assert the_parcel(stamped).state is ParcelState.ACCEPTED


def test_a_cut_between_timestamp_and_sending_loses_and_doubles_nothing(
    stamped: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ready(stamped)

    def cut(*_given: object) -> Health:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(stamped.desk.cabinet.outbox), "claim", cut)
    with pytest.raises(KeyboardInterrupt):
        deliver(stamped)
    monkeypatch.undo()
    strong = the_parcel(stamped)
    assert (strong.level, strong.state, strong.sent_sha256) == ("B-LTA", ParcelState.WAITING, "")
    assert len(deliver(stamped).accepted) == 1
    assert the_parcel(stamped).file_sha256 == strong.file_sha256


def test_no_service_set_changes_nothing(bench: Bench) -> None:
    _ready(bench)
    signed = the_parcel(bench)
    assert len(deliver(bench).accepted) == 1
    assert the_parcel(bench).sent_sha256 == signed.signed_sha256


# ---- the agency ----


@pytest.fixture
def office(stamped: Bench) -> Bench:
    """Văn thư sits down with the agency's token."""
    token = ScriptedToken(OFFICE)
    clerk = officers.add(
        stamped.desk, "thu", "Phạm Thị Thư", "mat-khau-dai", frozenset({Role.VAN_THU}),
        replace(stamped.officer, roles=frozenset({Role.IT})),
    )  # fmt: skip
    return replace(stamped, desk=replace(stamped.desk, token=token), token=token, officer=clerk)


def put_seal(bench: Bench, copies: object = None, by: Officer | None = None) -> certify.CertifyOutcome:
    pin = bytearray(b"246810")
    try:
        return certify.certify(
            bench.desk,
            certify.waiting(bench.desk) if copies is None else copies,  # type: ignore[arg-type]
            bench.token.certificate,
            Pin(pin),
            by or bench.officer,
            _nothing,
            _go_on,
        )
    finally:
        assert bytes(pin) == bytes(6), "the PIN must be wiped"


def test_the_agency_signs_behind_the_clerk(stamped: Bench, office: Bench, tmp_path: Path) -> None:
    dossier, component_id = _ready(stamped)
    outcome = put_seal(office)
    assert (outcome.certified, outcome.refused, outcome.error) == ((component_id,), (), None)
    assert outcome.over_ink == ()
    assert outcome.unstamped == ()
    document = office.desk.cabinet.dossiers.load(dossier.id).component(component_id).document
    assert document is not None
    assert [s.role for s in document.signatures] == ["clerk", "organisation"]
    pdf = office.desk.cabinet.documents.pdf(document)
    said = verdict(office, pdf)
    assert said.valid
    assert [s.role for s in said.signatures] == ["clerk", "timestamp", "organisation", "timestamp"]
    assert [s.level for s in said.people] == ["B-LTA", "B-LTA"]
    (tmp_path / "a.pdf").write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", "-l", "1", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "SAO Y; ỦY BAN NHÂN DÂN XÃ ĐẠI ĐỒNG;" in " ".join(text.split())
    assert put_seal(office).certified == (), "nothing is certified twice"


def test_the_record_is_signed_too(stamped: Bench, office: Bench, tmp_path: Path) -> None:
    _ready(stamped)
    put_seal(office)
    parcel = office.desk.cabinet.outbox.all()[0]
    said = check_detached(base64.b64decode(parcel.body_signature), bytes.fromhex(parcel.digest))
    assert (said.signer, said.fits) == (OFFICE, True)
    (tmp_path / "body.json").write_text(parcel.body, "utf-8")
    (tmp_path / "body.p7s").write_bytes(base64.b64decode(parcel.body_signature))
    order = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "body.p7s",
             "-content", tmp_path / "body.json", "-noverify", "-out", tmp_path / "said.json"]  # fmt: skip
    assert subprocess.run(order, capture_output=True).returncode == 0
    assert (tmp_path / "said.json").read_bytes() == parcel.body.encode()
    (tmp_path / "body.json").write_text(parcel.body.replace("Khai sinh", "Khai tử"), "utf-8")
    assert subprocess.run(order, capture_output=True).returncode != 0
    assert len(send.deliver_due(office.desk, _nothing, _go_on).accepted) == 1
    pdf, body = office.province.stored[parcel.id]
    assert body == parcel.body
    assert json.loads(body)["document"]["signatures"][1]["role"] == "organisation"
    assert verdict(office, pdf).valid


def test_a_key_that_wants_its_pin_every_time_certifies_one_document_for_each(
    stamped: Bench, office: Bench, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = _sign(stamped, _captured(stamped, components=2)).dossier
    ready = {component.id for component in dossier.components if component.document is not None}
    for component_id in ready:
        _fill(stamped, dossier, component_id)
    office.token.pin_each_time = True
    twins: list[Pin] = []
    twin = Pin.twin
    monkeypatch.setattr(Pin, "twin", lambda self: twins.append(twin(self)) or twins[-1])
    with services.fault(tsa="down"):
        first, second = put_seal(office), put_seal(office)
    assert [(len(one.certified), one.stopped, one.error) for one in (first, second)] == [
        (1, True, None),
        (1, False, None),
    ]
    assert {*first.certified, *second.certified} == ready
    assert office.token.pins == [b"246810"] * 4, "given again for the file and for the record, each once"
    office.token.present = False
    with pytest.raises(DeskError):
        put_seal(office)
    assert {bytes(one.buffer) for one in twins} == {bytes(6)}, "wiped, used or not"


def test_without_a_timestamp_the_agency_still_signs(stamped: Bench, office: Bench, services: Services) -> None:
    _, component_id = _ready(stamped)
    with services.fault(tsa="down"):
        outcome = put_seal(office)
    assert (outcome.certified, outcome.unstamped) == ((component_id,), (component_id,))
    parcel = office.desk.cabinet.outbox.all()[0]
    assert parcel.level == "B-B"
    deliver(office)
    assert office.desk.cabinet.outbox.get(parcel.id).file_sha256 == parcel.file_sha256, "its record is signed: fixed"


def test_what_left_this_machine_waits_for_no_agency_and_ends_no_batch(stamped: Bench, office: Bench) -> None:
    dossier, _ = _ready(stamped)
    assert len(deliver(stamped).accepted) == 1
    cabinet = stamped.desk.cabinet
    cabinet.shelf._lately.clear()
    assert cabinet.removal.remove(dossier.id, "desk") is not None
    assert certify.waiting(office.desk) == (), "it would come first in every batch, and end it"


def test_only_van_thu_only_the_agencys_token_only_complete_documents(stamped: Bench, office: Bench) -> None:
    dossier = _sign(stamped, _captured(stamped, components=2)).dossier
    copies = [certify.Copy(dossier.id, c.id) for c in dossier.components[:3]]
    assert certify.waiting(office.desk) == (), "the data are not taken off yet"
    with pytest.raises(DeskError) as caught:
        put_seal(office, copies, by=stamped.officer)
    assert caught.value.code == "officer.not_allowed"
    assert office.token.log_ins == 0
    stranger = Unit(name="UBND xã khác")
    other = replace(office.desk, settings=office.desk.settings.model_copy(update={"unit": stranger}))
    with pytest.raises(DeskError) as caught:
        put_seal(replace(office, desk=other), copies)
    assert caught.value.code == "token.not_agency"
    _fill(stamped, dossier, dossier.components[0].id)
    outcome = put_seal(office, copies)
    assert outcome.certified == (dossier.components[0].id,)
    assert [problem.code for _, problem in outcome.refused] == ["dossier.not_filled", "dossier.not_signed"]


def test_the_agency_signs_nothing_behind_the_end_of_its_certificate(stamped: Bench, office: Bench) -> None:
    dossier = _sign(stamped, _captured(stamped, components=2)).dossier
    for component in dossier.components[:2]:
        dossier = _fill(stamped, dossier, component.id)
    certificate = office.token.certificate
    times = [office.desk.clock()]
    desk = replace(office.desk, stamps=None, clock=lambda: times[-1])

    def midnight(event: object) -> None:
        if isinstance(event, SignProgress) and event.done == 1:
            times.append(certificate.not_after + timedelta(seconds=1))

    pin = Pin(bytearray(b"246810"))
    two = certify.waiting(desk)
    outcome = certify.certify(desk, two, certificate, pin, office.officer, midnight, _go_on)
    assert len(outcome.certified) == 1
    assert outcome.error is not None
    assert outcome.error.code == "token.expired"


def test_a_token_pulled_out_keeps_what_is_certified(stamped: Bench, office: Bench) -> None:
    dossier = _sign(stamped, _captured(stamped, components=2)).dossier
    for component in dossier.components[:2]:
        dossier = _fill(stamped, dossier, component.id)
    office.token.fail_after = 3  # the first document and its record, and the second document: its record fails
    outcome = put_seal(office)
    assert len(outcome.certified) == 1
    assert outcome.error is not None
    assert outcome.error.code == "token.removed"
    left = office.desk.cabinet.dossiers.load(dossier.id).component(dossier.components[1].id)
    assert left.document is not None
    assert [s.role for s in left.document.signatures] == ["clerk"], "a document without its record is not half done"


def test_nobody_signs_on_with_a_certificate_that_was_found_revoked(stamped: Bench, services: Services) -> None:
    """The clerk's own is revoked: signing asks no network, the first document that is to leave does."""
    person, token = services.person("revoked"), stamped.token
    token._key, token.der = person.key, person.der
    names = {"sha1": hashlib.sha1(person.der, usedforsecurity=False), "sha256": hashlib.sha256(person.der)}
    named = {name: made.hexdigest() for name, made in names.items()}
    token.certificate = replace(token.certificate, der=person.der, **named)
    desk = replace(stamped.desk, trust=(*stamped.desk.trust, services.der("interm")))
    bench = replace(stamped, desk=desk)

    def told() -> str:
        (choice,) = sign.choices(desk, bench.officer)
        return choice.problem.code if choice.problem is not None else ""

    assert told() == ""
    dossier, component_id = _ready(bench)
    deliver(bench)
    assert (the_parcel(bench).state, the_parcel(bench).error) == (ParcelState.NEEDS_PERSON, "signature.revoked")
    assert told() == "token.revoked"
    page = desk.cabinet.dossiers.load(dossier.id).component(component_id).pages[0].id
    pages.turn(desk, dossier.id, page, 180, bench.officer)
    log_ins = token.log_ins
    with pytest.raises(DeskError, match=r"token\.revoked"):
        _sign(bench, dossier)
    assert token.log_ins == log_ins, "no PIN went to the token"
    assert known_revoked(desk, ScriptedToken("Lê Văn An").certificate) is None, "another certificate is not meant"
    for days in (2, -2):
        then = replace(desk, clock=lambda days=days: now() + timedelta(days=days))
        assert known_revoked(then, token.certificate) is None, "a suspension may have ended: asked with the next one"
