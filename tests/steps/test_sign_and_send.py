# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From checked pages to the province's receipt: the law's order, one PIN, one parcel, exactly one arrival."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import VIETNAM, Dossier, ParcelState
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import extract, pages, receive, scan, send, sign
from digitizer_desk.store.files.shelf import Shelf
from stand_ins.machines import ScriptedToken, paper, stack
from steps.conftest import Bench

ANSWERS = {
    "ten_giay_to": "Tờ khai",
    "so_ky_hieu": "12/TK-HT",
    "ngay_cap": "21/11/2026",
    "co_quan_cap": "UBND phường Bến Thông",
    "trich_yeu": "Khai sinh cho con",
}


def _nothing(_event: object) -> None:
    return None


def _go_on() -> bool:
    return False


def _captured(bench: Bench, components: int = 1) -> Dossier:
    dossier = bench.received()
    scannable = [c for c in dossier.components if bench.desk.law_of(dossier).may_scan(c)][:components]
    for number, component in enumerate(scannable):
        bench.scanner.tray = list(stack(2, start=10 * number + 1))
        scan.scan(bench.desk, dossier.id, component.id, bench.officer, _nothing, _go_on)
        dossier = receive.declare(bench.desk, dossier.id, component.id, 2, bench.officer)
    return dossier


def _sign(bench: Bench, dossier: Dossier, pin: bytes = b"246810") -> sign.SignOutcome:
    buffer = bytearray(pin)
    try:
        return sign.sign(bench.desk, dossier.id, bench.token.certificate, Pin(buffer), bench.officer, _nothing, _go_on)
    finally:
        assert bytes(buffer) == bytes(len(pin)), "the PIN must be wiped"


def _fill(bench: Bench, dossier: Dossier, component_id: str, **changes: str) -> Dossier:
    component = dossier.component(component_id)
    values = {f.name: f.value for f in extract.guess(bench.desk, dossier, component)} | ANSWERS | changes
    return extract.confirm(bench.desk, dossier.id, component_id, values, bench.officer)


def _ready(bench: Bench) -> tuple[Dossier, str]:
    dossier = _sign(bench, _captured(bench)).dossier
    component_id = dossier.components[0].id
    return _fill(bench, dossier, component_id), component_id


def test_one_pin_signs_all_and_the_mark_tells_the_time_of_capture(bench: Bench) -> None:
    outcome = _sign(bench, _captured(bench, components=2))
    assert len(outcome.signed) == 2
    assert outcome.error is None
    assert bench.token.log_ins == 1
    for component in (outcome.dossier.component(i) for i in outcome.signed):
        assert component.document is not None
        pdf = bench.desk.cabinet.documents.pdf(component.document)
        verdict = verify_pdf(pdf, trust=bench.desk.trust, offline=True, at=bench.clock())
        (only,) = verdict.signatures
        assert verdict.valid
        assert only.role == "clerk"
        assert only.level == "B-B"
        assert only.captured_at == max(p.scanned_at for p in component.pages)
        assert only.captured_at.astimezone(VIETNAM) < component.document.signatures[0].signed_at


def test_data_before_the_signature_is_refused_by_the_order_of_the_law(bench: Bench) -> None:
    dossier = _captured(bench)
    with pytest.raises(DeskError) as refused:
        _fill(bench, dossier, dossier.components[0].id)
    assert refused.value.code == "dossier.order_not_due"


def test_a_wrong_pin_signs_nothing_and_is_tried_once(bench: Bench) -> None:
    dossier = _captured(bench)
    with pytest.raises(DeskError) as refused:
        _sign(bench, dossier, b"000000")
    assert refused.value.code == "token.pin_wrong"
    assert bench.token.log_ins == 1
    assert bench.desk.cabinet.dossiers.load(dossier.id).components[0].document is None


def test_somebody_elses_token_is_refused_before_any_pin(bench: Bench) -> None:
    dossier = _captured(bench)
    other = ScriptedToken("Trần Thị Bình")
    desk = replace(bench.desk, token=other)
    with pytest.raises(DeskError) as refused:
        sign.sign(desk, dossier.id, other.certificate, Pin(bytearray(b"246810")), bench.officer, _nothing, _go_on)
    assert refused.value.code == "token.wrong_person"
    assert other.log_ins == 0


@pytest.mark.parametrize(("days", "code"), [(30, "token.expired"), (3650, None)])
def test_an_expired_certificate_is_not_offered(bench: Bench, days: int, code: str | None) -> None:
    desk = replace(bench.desk, token=ScriptedToken("Lê Văn An", days=days))
    (choice,) = sign.choices(desk, bench.officer)
    assert (choice.problem.code if choice.problem else None) == code


def test_nothing_is_signed_behind_the_end_of_the_certificate(bench: Bench) -> None:
    dossier = _captured(bench, components=2)
    certificate = bench.token.certificate

    def midnight(event: object) -> None:
        if isinstance(event, sign.SignProgress) and event.done == 1 and event.title:
            bench.clock.now = certificate.not_after

    pin = Pin(bytearray(b"246810"))
    outcome = sign.sign(bench.desk, dossier.id, certificate, pin, bench.officer, midnight, _go_on)
    assert (len(outcome.signed), outcome.stopped) == (1, False)
    assert outcome.error is not None
    assert outcome.error.code == "token.expired"


def test_a_token_pulled_out_leaves_the_signed_ones_signed(bench: Bench) -> None:
    dossier = _captured(bench, components=2)
    bench.token.fail_after = 1
    outcome = _sign(bench, dossier)
    assert len(outcome.signed) == 1
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.facts["signed"]) == ("token.removed", 1)
    bench.token.fail_after = None
    again = _sign(bench, dossier)
    assert len(again.signed) == 1
    assert set(again.signed).isdisjoint(outcome.signed)


def test_a_key_that_wants_its_pin_every_time_signs_one_document_for_each(bench: Bench) -> None:
    dossier = _captured(bench, components=2)
    bench.token.pin_each_time = True
    first = _sign(bench, dossier)
    assert (len(first.signed), first.stopped, first.error) == (1, True, None)
    assert bench.token.pins == [b"246810"], "given again at the signature, once"
    second = _sign(bench, dossier)
    assert (len(second.signed), second.stopped) == (1, False)
    assert len(bench.token.pins) == 2


def test_a_pin_kept_for_the_signature_is_wiped_when_the_login_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = _captured(bench)
    bench.token.pin_each_time = True
    twins: list[Pin] = []
    twin = Pin.twin
    monkeypatch.setattr(Pin, "twin", lambda self: twins.append(twin(self)) or twins[-1])
    with pytest.raises(DeskError):
        _sign(bench, dossier, b"000001")
    assert [bytes(one.buffer) for one in twins] == [bytes(6)]
    assert bench.token.pins == []


def test_the_certificate_chosen_last_comes_first_whatever_the_order_on_the_tokens(bench: Bench) -> None:
    """Remembered by fingerprint: labels may be missing or the same, slots change with the socket."""
    dossier = _captured(bench)
    _sign(bench, dossier)
    chosen = bench.token.certificate
    twin = ScriptedToken("Lê Văn An")
    assert twin.certificate.token.label == chosen.token.label
    for order in ((twin.certificate, chosen), (chosen, twin.certificate)):
        bench.token.certificates = lambda order=order: order  # type: ignore[method-assign,misc]
        assert [c.certificate.sha256 for c in sign.choices(bench.desk, bench.officer)] == [
            chosen.sha256,
            twin.certificate.sha256,
        ]
    stranger = ScriptedToken("Trần Thị Bình")
    bench.token.certificates = lambda: (stranger.certificate, twin.certificate)  # type: ignore[method-assign]
    assert [c.problem is None for c in sign.choices(bench.desk, bench.officer)] == [True, False]


def test_a_certificate_that_is_not_for_signing_or_not_yet_valid_is_not_offered(bench: Bench) -> None:
    now, good = bench.clock(), bench.token.certificate
    for wrong, code in (
        (replace(good, may_sign=False), "token.no_certificate"),
        (replace(good, not_before=now + timedelta(days=1)), "token.not_yet_valid"),
        (replace(good, holder="Lê Văn Anh"), "token.wrong_person"),
    ):
        problem = sign.usable(wrong, bench.officer, now)
        assert problem is not None
        assert problem.code == code
    assert sign.usable(replace(good, holder="LÊ  VĂN an"), bench.officer, now) is None, "one and the same name"


def test_a_full_disk_ends_the_batch_and_leaves_no_half_signed_document(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = _captured(bench, components=2)
    put = Shelf.put
    room = [1]

    def full(shelf: Shelf, data: bytes, facts: bytes = b"") -> str:
        if not room:
            raise error("store.disk_full")
        room.pop()
        return put(shelf, data, facts)

    with monkeypatch.context() as patched:
        patched.setattr(Shelf, "put", full)
        outcome = _sign(bench, dossier)
    assert outcome.error is not None
    assert (outcome.error.code, len(outcome.signed)) == ("store.disk_full", 1)
    documents = [c.document for c in outcome.dossier.components[:2]]
    assert [document is None for document in documents] == [False, True]
    rest = _sign(bench, dossier)
    assert (len(rest.signed), rest.error) == (1, None)


def test_faults_close_signing(bench: Bench) -> None:
    dossier = bench.received()
    bench.scanner.tray = [paper(grey=True)]
    scan.scan(bench.desk, dossier.id, dossier.components[0].id, bench.officer, _nothing, _go_on)
    dossier = receive.declare(bench.desk, dossier.id, dossier.components[0].id, 1, bench.officer)
    with pytest.raises(DeskError) as refused:
        _sign(bench, dossier)
    assert refused.value.code == "dossier.not_checked"


def test_replacing_a_page_after_signing_unsigns_by_itself(bench: Bench) -> None:
    dossier = _sign(bench, _captured(bench)).dossier
    component = dossier.components[0]
    law = bench.desk.law_of(dossier)
    assert stage(component, law.order) == "extract"
    bench.scanner.tray = [paper(seed=99)]
    dossier = scan.scan(
        bench.desk, dossier.id, component.id, bench.officer, _nothing, _go_on, scan.Order(replace=component.pages[0].id)
    ).dossier
    assert stage(dossier.components[0], law.order) == "sign"
    again = _sign(bench, dossier).dossier.components[0]
    assert again.document is not None
    assert again.document.version == 2


def test_missing_fields_are_named(bench: Bench) -> None:
    dossier = _sign(bench, _captured(bench)).dossier
    with pytest.raises(DeskError) as refused:
        _fill(bench, dossier, dossier.components[0].id, so_ky_hieu="", ngay_cap="31/02/2026")
    assert refused.value.code == "dossier.not_filled"
    assert "ngày" in refused.value.facts["fields"].lower()


def test_confirmed_data_gives_the_code_and_the_parcel_at_once(bench: Bench) -> None:
    dossier, component_id = _ready(bench)
    component = dossier.component(component_id)
    assert component.result_code is not None
    assert component.result_code.provisional
    assert component.result_code.owner == "001185000123"
    assert component.parcel is not None
    assert component.parcel.state is ParcelState.WAITING
    assert component.document is not None
    assert component.parcel.file_sha256 == component.document.sha256


def test_a_cut_between_data_and_parcel_leaves_neither(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = _sign(bench, _captured(bench)).dossier
    component_id = dossier.components[0].id

    def cut(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(bench.desk.cabinet.outbox, "add", cut)
        with pytest.raises(KeyboardInterrupt):
            _fill(bench, dossier, component_id)
    now = bench.desk.cabinet.dossiers.load(dossier.id).component(component_id)
    assert (now.metadata, now.result_code, now.parcel) == (None, None, None)
    assert _fill(bench, dossier, component_id).component(component_id).parcel is not None


def test_offline_is_normal_and_everything_arrives_once_later(bench: Bench) -> None:
    dossier, component_id = _ready(bench)
    bench.province.online = False
    for _ in range(3):
        outcome = send.deliver_due(bench.desk, _nothing, _go_on)
        assert outcome.offline
    waiting = bench.desk.cabinet.dossiers.load(dossier.id).component(component_id).parcel
    assert waiting is not None
    assert waiting.state is ParcelState.WAITING
    bench.province.online = True
    outcome = send.deliver_due(bench.desk, _nothing, _go_on)
    assert len(outcome.accepted) == 1
    done = bench.desk.cabinet.dossiers.load(dossier.id).component(component_id)
    assert done.parcel is not None
    assert done.parcel.receipt == "BN-0001"
    assert stage(done, bench.desk.law_of(dossier).order) == "done"
    assert bench.province.deliveries == [done.parcel.id]


def test_a_lost_reply_is_asked_for_not_sent_again(bench: Bench) -> None:
    _ready(bench)
    bench.province.lose_reply = 1
    send.deliver_due(bench.desk, _nothing, _go_on)
    bench.clock.forward(hours=2)
    outcome = send.deliver_due(bench.desk, _nothing, _go_on)
    assert len(outcome.accepted) == 1
    assert len(bench.province.deliveries) == 1
    assert bench.province.looks


def test_a_start_that_finds_sending_looks_first(bench: Bench) -> None:
    dossier, component_id = _ready(bench)
    parcel = dossier.component(component_id).parcel
    assert parcel is not None
    claimed = bench.desk.cabinet.outbox.claim(parcel.id)
    assert claimed.state is ParcelState.SENDING
    pdf = bench.desk.cabinet.documents.pdf_by_hash(parcel.file_sha256)
    bench.province.stored[parcel.id] = (pdf, parcel.body)
    assert send.settle(bench.desk) == 1
    assert bench.province.deliveries == []
    assert bench.desk.cabinet.outbox.get(parcel.id).state is ParcelState.ACCEPTED


def test_a_refused_login_pauses_the_queue_until_somebody_says_now(bench: Bench) -> None:
    _ready(bench)
    bench.province.replies = [Later("province.login", attempt=True, pause_all=True)]
    assert send.deliver_due(bench.desk, _nothing, _go_on).paused == "province.login"
    bench.clock.forward(days=1)
    assert send.deliver_due(bench.desk, _nothing, _go_on).accepted == ()
    send.send_now(bench.desk)
    assert len(send.deliver_due(bench.desk, _nothing, _go_on).accepted) == 1


def test_a_rejection_keeps_the_provinces_words(bench: Bench) -> None:
    dossier, component_id = _ready(bench)
    bench.province.replies = [Rejected("province.rejected", "thiếu mặt sau giấy chứng nhận kết hôn")]
    send.deliver_due(bench.desk, _nothing, _go_on)
    parcel = bench.desk.cabinet.dossiers.load(dossier.id).component(component_id).parcel
    assert parcel is not None
    assert (parcel.state, parcel.said) == (ParcelState.REJECTED, "thiếu mặt sau giấy chứng nhận kết hôn")


def test_a_corrected_document_goes_as_a_new_version(bench: Bench) -> None:
    dossier, component_id = _ready(bench)
    bench.province.replies = [Rejected("province.rejected", "mờ")]
    send.deliver_due(bench.desk, _nothing, _go_on)
    bench.scanner.tray = [paper(seed=55)]
    page = dossier.component(component_id).pages[0]
    scan.scan(bench.desk, dossier.id, component_id, bench.officer, _nothing, _go_on, scan.Order(replace=page.id))
    dossier = _sign(bench, dossier).dossier
    dossier = _fill(bench, dossier, component_id)
    parcel = dossier.component(component_id).parcel
    assert parcel is not None
    assert parcel.version == 2
    assert len(send.deliver_due(bench.desk, _nothing, _go_on).accepted) == 1


def test_pages_of_a_received_document_are_frozen(bench: Bench) -> None:
    dossier, component_id = _ready(bench)
    send.deliver_due(bench.desk, _nothing, _go_on)
    page = dossier.component(component_id).pages[0]
    with pytest.raises(DeskError) as refused:
        pages.remove(bench.desk, dossier.id, page.id, bench.officer)
    assert refused.value.code == "dossier.frozen"
