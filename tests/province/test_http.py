# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Delivering to a real server over a real socket, and everything a province or a network may do to it."""

from __future__ import annotations

import base64
import hashlib
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import urllib3

from digitizer_desk.errors import DeskError, Stopped
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Accepted, Later, Rejected
from digitizer_desk.training.province import LocalProvince
from province.samples import OFFICE, parcel_of, pdf_of, signed_parcel


def nothing(sent: int, total: int) -> None:
    pass


def test_a_parcel_arrives_whole(province: LocalProvince, link: GatewayLink):
    pdf = pdf_of(300_000)
    parcel = parcel_of(pdf)
    assert link.look(parcel) is None
    steps: list[tuple[int, int]] = []
    reply = link.deliver(parcel, pdf, lambda sent, total: steps.append((sent, total)))
    assert isinstance(reply, Accepted)
    assert not reply.already
    assert reply.sha256 == parcel.file_sha256
    assert reply.number.startswith("BN-")
    assert reply.at.tzinfo is not None
    assert steps == sorted(steps)
    assert len(steps) > 4
    assert steps[-1] == (300_000, 300_000)
    [path] = [path for parcel_id, _, path in province.copies() if parcel_id == parcel.id]
    assert path.read_bytes() == pdf
    assert link.look(parcel) == replace(reply, already=True)


def test_the_agencys_signature_of_the_record_arrives_with_it(province: LocalProvince, link: GatewayLink):
    pdf = pdf_of(seed=61)
    parcel = signed_parcel(pdf)
    reply = link.deliver(parcel, pdf, nothing)
    assert isinstance(reply, Accepted)
    assert link.look(parcel) == replace(reply, already=True)
    with urllib3.PoolManager() as pool:
        headers = {"Authorization": f"Bearer {province.token}"}
        receipt = pool.request("GET", f"{province.url}/v1/parcels/{parcel.id}", headers=headers).json()
        shown = pool.request("GET", province.url + "/").data.decode()
    kept = hashlib.sha256(base64.b64decode(parcel.body_signature)).hexdigest()
    assert receipt["record_signature_sha256"] == kept
    assert f"{OFFICE} ký số" in shown
    other = replace(parcel, body_signature=signed_parcel(pdf).body_signature)
    seen = link.look(other)
    assert isinstance(seen, Later), "the province holds another signature than ours"
    assert seen.code == "province.reply_unreadable"


def test_a_signature_of_other_data_is_refused_and_no_record_goes(province: LocalProvince, link: GatewayLink):
    pdf = pdf_of(seed=62)
    parcel = signed_parcel(pdf, "other data")
    assert link.deliver(parcel, pdf, nothing) == Rejected("province.rejected", "Chữ ký không khớp bản ghi")
    assert link.look(parcel) is None


def test_a_province_of_the_earlier_contract_gets_the_record_alone(province: LocalProvince, link: GatewayLink):
    pdf = pdf_of(seed=63)
    province.fault("absent", on="signature")
    parcel = signed_parcel(pdf)
    assert isinstance(link.deliver(parcel, pdf, nothing), Accepted)
    with urllib3.PoolManager() as pool:
        headers = {"Authorization": f"Bearer {province.token}"}
        receipt = pool.request("GET", f"{province.url}/v1/parcels/{parcel.id}", headers=headers).json()
    assert "record_signature_sha256" not in receipt


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("cut", "province.offline"),
        ("busy", "province.server_busy"),
        ("nonsense", "province.reply_unreadable"),
        ("wrong_hash", "province.reply_unreadable"),
    ],
)
def test_a_failure_at_the_signature_is_mended_by_the_next_try(province, link, kind, code):
    pdf = pdf_of(seed=64)
    parcel = signed_parcel(pdf)
    province.fault(kind, on="signature")
    failed = link.deliver(parcel, pdf, nothing)
    assert isinstance(failed, Later)
    assert failed.code == code
    assert link.look(parcel) is None, "without its signature the record did not go"
    assert isinstance(link.deliver(replace(parcel, tries=1), pdf, nothing), Accepted)


def test_sent_again_it_gets_the_same_receipt(link: GatewayLink):
    pdf = pdf_of()
    parcel = parcel_of(pdf)
    first = link.deliver(parcel, pdf, nothing)
    again = link.deliver(parcel, pdf, nothing)
    assert isinstance(first, Accepted)
    assert again == replace(first, already=True)


def test_a_later_try_does_not_send_a_file_the_province_has(link: GatewayLink):
    pdf = pdf_of(seed=2)
    parcel = parcel_of(pdf)
    link.deliver(parcel_of(pdf, number=3), pdf, nothing)
    steps: list[int] = []
    assert isinstance(link.deliver(replace(parcel, tries=1), pdf, lambda sent, _: steps.append(sent)), Accepted)
    assert steps == [len(pdf)]


def test_a_later_try_sends_a_file_the_province_lost(province: LocalProvince, link: GatewayLink):
    pdf = pdf_of(200_000, seed=3)
    parcel = parcel_of(pdf, tries=1)
    steps: list[int] = []
    assert isinstance(link.deliver(parcel, pdf, lambda sent, _: steps.append(sent)), Accepted)
    assert len(steps) > 1
    assert province.copies()[-1][2].read_bytes() == pdf


def test_a_file_tidied_away_between_question_and_record_is_sent_after_all(province, link):
    pdf = pdf_of(200_000, seed=31)
    link.deliver(parcel_of(pdf, number=3), pdf, nothing)
    province.fault("file_missing", on="record")
    steps: list[int] = []
    assert isinstance(link.deliver(parcel_of(pdf, tries=1), pdf, lambda sent, _: steps.append(sent)), Accepted)
    assert steps[0] == len(pdf)
    assert len(steps) > 2


def test_a_province_that_forgets_what_it_just_took_is_not_believed(province, link):
    pdf = pdf_of(seed=32)
    province.fault("file_missing", 2, on="record")
    for tries in (0, 1):
        reply = link.deliver(parcel_of(pdf, tries=tries), pdf, nothing)
        province.clear_faults()
        province.fault("file_missing", 2, on="record")
        assert isinstance(reply, Later)
        assert reply.code == "province.reply_unreadable"


def test_another_paper_with_the_same_code_gets_the_provinces_code(link: GatewayLink):
    """R36: what the province answers is the code, whatever the desk proposed."""
    pdf = pdf_of(seed=4)
    one = link.deliver(parcel_of(pdf, number=11), pdf, nothing)
    two = link.deliver(parcel_of(pdf, number=12), pdf, nothing)
    new_version = link.deliver(parcel_of(pdf, number=11, version=2), pdf, nothing)
    assert isinstance(one, Accepted)
    assert isinstance(two, Accepted)
    assert isinstance(new_version, Accepted)
    assert one.result_code != two.result_code
    assert new_version.result_code == one.result_code


LATER_OR_REJECTED = [
    # fault, on, code, attempt, pause_all, after_seconds
    ("error", "file", "province.server_busy", True, False, None),
    ("error", "record", "province.server_busy", True, False, None),
    ("busy", "file", "province.server_busy", True, False, 7.0),
    ("busy", "record", "province.server_busy", True, False, 7.0),
    ("gateway", "file", "province.server_busy", True, False, None),
    ("gateway", "record", "province.unknown_outcome", True, False, 2.0),
    ("login", "file", "province.login", True, True, None),
    ("login", "record", "province.login", True, True, None),
    ("old_version", "file", "province.old_version", True, True, None),
    ("nonsense", "file", "province.reply_unreadable", True, False, None),
    ("nonsense", "record", "province.reply_unreadable", True, False, None),
    ("redirect", "file", "province.reply_unreadable", True, False, None),
    ("redirect", "record", "province.reply_unreadable", True, False, None),
    ("truncated", "file", "province.reply_unreadable", True, False, None),
    ("truncated", "record", "province.reply_unreadable", True, False, None),
    ("huge", "record", "province.reply_unreadable", True, False, None),
    ("wrong_types", "file", "province.reply_unreadable", True, False, None),
    ("wrong_types", "record", "province.reply_unreadable", True, False, None),
    ("wrong_hash", "file", "province.reply_unreadable", True, False, None),
    ("wrong_hash", "record", "province.reply_unreadable", True, False, None),
    ("wrong_record", "record", "province.reply_unreadable", True, False, None),
    ("wrong_parcel", "record", "province.reply_unreadable", True, False, None),
    ("lost_reply", "file", "province.offline", True, False, None),
    ("lost_reply", "record", "province.unknown_outcome", True, False, 2.0),
    ("cut", "record", "province.unknown_outcome", True, False, 2.0),
]


@pytest.mark.parametrize(("kind", "on", "code", "attempt", "pause_all", "after"), LATER_OR_REJECTED)
def test_a_failure_is_named_and_the_next_try_arrives_once(
    province: LocalProvince, link: GatewayLink, kind, on, code, attempt, pause_all, after
):
    pdf = pdf_of(seed=5)
    parcel = parcel_of(pdf)
    province.fault(kind, on=on, seconds=7.0)
    reply = link.deliver(parcel, pdf, nothing)
    assert isinstance(reply, Later), reply
    assert (reply.code, reply.attempt, reply.pause_all, reply.after_seconds) == (code, attempt, pause_all, after)
    seen = link.look(parcel)
    assert seen is None or isinstance(seen, Accepted)
    settled = link.deliver(replace(parcel, tries=1), pdf, nothing)
    assert isinstance(settled, Accepted)
    assert settled.already is (seen is not None)
    assert [c[0] for c in province.copies()].count(parcel.id) == 1


@pytest.mark.parametrize(
    ("kind", "on", "code", "said"),
    [
        ("forbidden", "file", "province.forbidden", "Đơn vị chưa được cấp quyền cho thủ tục này"),
        ("forbidden", "record", "province.forbidden", "Đơn vị chưa được cấp quyền cho thủ tục này"),
        ("too_large", "file", "province.too_large", "Tệp lớn hơn mức nhận"),
        ("reject", "record", "province.rejected", "Không tìm thấy hồ sơ trong hệ thống"),
    ],
)
def test_a_refusal_carries_the_provinces_words(province, link, kind, on, code, said):
    pdf = pdf_of(seed=6)
    parcel = parcel_of(pdf)
    province.fault(kind, on=on)
    assert link.deliver(parcel, pdf, nothing) == Rejected(code, said)
    assert link.look(parcel) is None


def test_a_file_over_the_limit_is_refused_by_the_server_itself(link: GatewayLink):
    pdf = pdf_of((1 << 20) + 1)
    reply = link.deliver(parcel_of(pdf), pdf, nothing)
    assert isinstance(reply, Rejected)
    assert reply.code == "province.too_large"


def test_the_same_id_with_another_record_is_refused(link: GatewayLink):
    pdf = pdf_of(seed=7)
    parcel = parcel_of(pdf)
    assert isinstance(link.deliver(parcel, pdf, nothing), Accepted)
    other = parcel_of(pdf, title="Giấy khác", parcel_id=parcel.id)
    reply = link.deliver(other, pdf, nothing)
    assert reply == Rejected("province.rejected", "Mã gói này đã được nhận với nội dung khác")
    seen = link.look(other)
    assert isinstance(seen, Later)
    assert seen.code == "province.reply_unreadable"


def test_a_lost_reply_is_found_by_asking(province: LocalProvince, link: GatewayLink):
    pdf = pdf_of(seed=8)
    parcel = parcel_of(pdf)
    province.fault("lost_reply", on="record")
    lost = link.deliver(parcel, pdf, nothing)
    assert isinstance(lost, Later)
    assert lost.code == "province.unknown_outcome"
    seen = link.look(parcel)
    assert isinstance(seen, Accepted)
    assert seen.already
    assert [c[0] for c in province.copies()].count(parcel.id) == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("error", "province.server_busy"),
        ("login", "province.login"),
        ("forbidden", "province.forbidden"),
        ("nonsense", "province.reply_unreadable"),
        ("redirect", "province.reply_unreadable"),
        ("truncated", "province.reply_unreadable"),
        ("wrong_hash", "province.reply_unreadable"),
        ("wrong_parcel", "province.reply_unreadable"),
        ("wrong_record", "province.reply_unreadable"),
        ("lost_reply", "province.offline"),
    ],
)
def test_looking_never_takes_a_bad_answer_for_yes_or_no(province, link, kind, code):
    pdf = pdf_of(seed=9)
    parcel = parcel_of(pdf)
    assert isinstance(link.deliver(parcel, pdf, nothing), Accepted)
    province.fault(kind, on="look")
    seen = link.look(parcel)
    assert isinstance(seen, Later)
    assert seen.code == code


def test_a_404_of_somebody_else_is_no_certain_no(province, link_to):
    elsewhere = link_to(province, base_url=f"{province.url}/another/path")
    pdf = pdf_of()
    for reply in (elsewhere.look(parcel_of(pdf)), elsewhere.deliver(parcel_of(pdf), pdf, nothing)):
        assert isinstance(reply, Later)
        assert reply.code == "province.reply_unreadable"


def test_a_slow_province_is_a_timeout(province, link_to):
    hasty = link_to(province, timeout_s=0.2)
    pdf = pdf_of(seed=10)
    parcel = parcel_of(pdf)
    for on, code in (("file", "province.timeout"), ("record", "province.unknown_outcome")):
        province.fault("slow", on=on, seconds=60)
        reply = hasty.deliver(parcel, pdf, nothing)
        province.clear_faults()
        assert isinstance(reply, Later)
        assert (reply.code, reply.attempt) == (code, True)


def test_off_line_is_no_attempt(province, link):
    pdf = pdf_of(seed=11)
    parcel = parcel_of(pdf)
    province.fault("offline")
    for reply in (link.deliver(parcel, pdf, nothing), link.look(parcel)):
        assert isinstance(reply, Later)
        assert (reply.code, reply.attempt) == ("province.offline", False)
    assert not link.health().reachable
    province.clear_faults()
    assert isinstance(link.deliver(parcel, pdf, nothing), Accepted)


def test_an_unknown_name_is_no_attempt(link_to, province):
    lost = link_to(province, base_url="https://province.invalid")
    reply = lost.look(parcel_of(pdf_of()))
    assert isinstance(reply, Later)
    assert (reply.code, reply.attempt) == ("province.offline", False)


def test_health_tells_name_limit_and_clock(province, link_to):
    fast = link_to(province)
    health = fast.health()
    assert (health.reachable, health.training, health.code) == (True, True, "")
    assert health.name == "Tỉnh mô phỏng"
    assert health.max_bytes == 1 << 20
    assert health.clock_difference is not None
    assert abs(health.clock_difference) < 30
    profile = GatewayProfile("p", province.url, "quay-1", province.token)
    slow_clock = GatewayLink(profile, clock=lambda: datetime.now(UTC) - timedelta(hours=7))
    difference = slow_clock.health().clock_difference
    assert difference is not None
    assert round(difference / 3600) == 7


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("login", "province.login"),
        ("old_version", "province.old_version"),
        ("nonsense", "province.reply_unreadable"),
        ("error", "province.server_busy"),
        ("wrong_types", "province.reply_unreadable"),
    ],
)
def test_health_tells_what_is_wrong(province, link, kind, code):
    province.fault(kind, on="health")
    health = link.health()
    assert (health.reachable, health.code) == (True, code)


def test_an_expired_login_stops_the_queue(province, link_to):
    pdf = pdf_of()
    reply = link_to(province, secret="expired").deliver(parcel_of(pdf), pdf, nothing)
    assert isinstance(reply, Later)
    assert (reply.code, reply.pause_all) == ("province.login", True)


def test_what_is_not_what_was_packed_never_leaves(province, link):
    """R21, R30."""
    before = len(province.copies())
    pdf = pdf_of(seed=12)
    parcel = parcel_of(pdf)
    for altered, content in (
        (parcel, pdf[:-1] + b"x"),
        (replace(parcel, file_size=parcel.file_size + 1), pdf),
        (replace(parcel, body=parcel.body.replace("Giấy", "Giay")), pdf),
    ):
        with pytest.raises(DeskError) as caught:
            link.deliver(altered, content, nothing)
        assert caught.value.code == "signature.broken"
    assert len(province.copies()) == before


def test_stopping_in_the_middle_passes_through_and_leaves_nothing(province, link):
    pdf = pdf_of(500_000, seed=13)
    parcel = parcel_of(pdf)

    def stop(sent: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        link.deliver(parcel, pdf, stop)
    assert link.look(parcel) is None
    assert isinstance(link.deliver(parcel, pdf, nothing), Accepted)


def test_the_secret_is_in_no_log_text_or_reply(province, link_to, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "hush-4f1c"
    profile = GatewayProfile("p", province.url, "quay-1", secret, proxy_url="")
    link = link_to(province, secret=secret)
    pdf = pdf_of()
    told = [repr(profile), repr(link), repr(link.deliver(parcel_of(pdf), pdf, nothing)), repr(link.health())]
    odd = link_to(province, secret=secret + "\r\nX: y")
    told += [repr(odd.look(parcel_of(pdf))), repr(odd.health()), caplog.text]
    assert not any(secret in text for text in told)


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://tinh.example.gov.vn"},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": ""},
        {"base_url": "https://"},
        {"base_url": "https://user:word@tinh.example.gov.vn"},
        {"base_url": "https://tinh.example.gov.vn:port"},
        {"base_url": "https://tinh.example.gov.vn/?a=b"},
        {"secret": ""},
        {"secret": "mật"},
        {"secret": "a\r\nHost: b"},
        {"ca_file": "/does/not/exist.pem"},
        {"ca_file": __file__},
        {"proxy_url": "socks5://127.0.0.1:9"},
    ],
)
def test_a_profile_that_cannot_be_used_says_so_and_sends_nothing(province, link_to, changes):
    link, pdf = link_to(province, **changes), pdf_of()
    for reply in (link.look(parcel_of(pdf)), link.deliver(parcel_of(pdf), pdf, nothing)):
        assert isinstance(reply, Later)
        assert (reply.code, reply.attempt, reply.pause_all) == ("province.not_set", False, True)
        assert reply.detail
    assert link.health().code == "province.not_set"


def test_a_desk_may_have_a_vietnamese_name_or_none(province, link_to):
    for name in ("Quầy số 1", ""):
        profile = GatewayProfile("p", province.url, name, province.token)
        assert GatewayLink(profile).health().code == ""


def test_proxies_of_the_environment_are_not_used(province, link_to, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert link_to(province).health().code == ""
    assert link_to(province, proxy_url="http://127.0.0.1:9").health().code == "province.offline"
