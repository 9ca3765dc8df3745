# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What each status means for the outbox, and how long it is told to wait."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from digitizer_desk.errors import CODES
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.province.replies import (
    HealthReply,
    Receipt,
    Unreadable,
    read_shape,
    refusal,
    retry_after,
    tidy_words,
)
from digitizer_desk.province.wire import Answer

NOW = datetime(2026, 11, 20, 1, 31, tzinfo=UTC)


def told(status: int, code: str) -> Answer:
    body = json.dumps({"code": code, "said": "Lời của tỉnh"}).encode()
    return Answer(status, {"content-type": "application/json; charset=utf-8"}, body)


def html(status: int) -> Answer:
    return Answer(status, {"content-type": "text/html"}, b"<html>")


@pytest.mark.parametrize(
    ("answer", "code", "pause_all"),
    [
        (html(401), "province.login", True),
        (html(426), "province.old_version", True),
        (html(429), "province.server_busy", False),
        (html(500), "province.server_busy", False),
        (html(504), "province.server_busy", False),
        (html(511), "province.server_busy", False),
        (html(302), "province.reply_unreadable", False),
        (html(400), "province.reply_unreadable", False),
        (html(403), "province.reply_unreadable", False),
        (html(404), "province.reply_unreadable", False),
        (html(409), "province.reply_unreadable", False),
        (html(422), "province.reply_unreadable", False),
        (told(404, "not_found"), "province.reply_unreadable", False),
        (told(424, "file_missing"), "province.reply_unreadable", False),
        (told(422, "hash_differs"), "province.reply_unreadable", False),
        (told(204, "content"), "province.reply_unreadable", False),
    ],
)
def test_not_now(answer, code, pause_all):
    meaning = refusal(answer, NOW)
    assert isinstance(meaning, Later)
    assert (meaning.code, meaning.attempt, meaning.pause_all) == (code, True, pause_all)
    assert str(answer.status) in meaning.detail
    assert meaning.code in CODES


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (html(413), "province.too_large", ""),
        (Answer(403, {"content-type": "application/xml"}, b"<no/>"), "province.forbidden", ""),
        (told(403, "forbidden"), "province.forbidden", "Lời của tỉnh"),
        (told(400, "bad_request"), "province.rejected", "Lời của tỉnh"),
        (told(409, "parcel_conflict"), "province.rejected", "Lời của tỉnh"),
        (told(422, "content"), "province.rejected", "Lời của tỉnh"),
    ],
)
def test_a_person_must_look(answer, code, said):
    assert refusal(answer, NOW) == Rejected(code, said)
    assert code in CODES


@pytest.mark.parametrize("status", [502, 504])
def test_a_proxy_that_lost_the_answer_to_a_record_leaves_the_outcome_open(status):
    meaning = refusal(html(status), NOW, may_have_arrived=True, settle_s=1.5)
    assert isinstance(meaning, Later)
    assert (meaning.code, meaning.after_seconds) == ("province.unknown_outcome", 1.5)


RECEIPT = {
    "number": "BN-1",
    "parcel_id": "parcel-1",
    "sha256": "a" * 64,
    "record_sha256": "b" * 64,
    "result_code": "",
    "accepted_at": "2026-11-20T08:31:07+07:00",
}


def as_answer(what: object, media: str = "application/json") -> Answer:
    return Answer(200, {"content-type": media}, json.dumps(what).encode())


def test_a_receipt_may_say_more_than_we_know():
    assert read_shape(as_answer({**RECEIPT, "more": {"later": True}}), Receipt).number == "BN-1"


@pytest.mark.parametrize(
    "change",
    [
        {"number": ""},
        {"number": 7},
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
        {"result_code": None},
        {"accepted_at": "2026-11-20T08:31:07"},
        {"accepted_at": 1_700_000_000},
        {"accepted_at": "hôm qua"},
    ],
)
def test_an_odd_receipt_is_unreadable_and_its_values_are_not_quoted(change):
    with pytest.raises(Unreadable) as caught:
        read_shape(as_answer({**RECEIPT, **change}), Receipt)
    assert next(iter(change)) in str(caught.value)
    assert "BN-1" not in str(caught.value)


@pytest.mark.parametrize("key", RECEIPT)
def test_an_incomplete_receipt_is_unreadable(key):
    with pytest.raises(Unreadable):
        read_shape(as_answer({k: v for k, v in RECEIPT.items() if k != key}), Receipt)


@pytest.mark.parametrize(
    "answer",
    [
        as_answer(RECEIPT, "text/plain"),
        as_answer([RECEIPT]),
        as_answer(None),
        Answer(200, {"content-type": "application/json"}, b""),
        Answer(200, {"content-type": "application/json"}, b"\xff\xfe"),
        Answer(200, {"content-type": "application/json"}, b"[" * 100_000),
        Answer(200, {}, json.dumps(RECEIPT).encode()),
    ],
)
def test_what_is_no_json_object_is_unreadable(answer):
    with pytest.raises(Unreadable):
        read_shape(answer, Receipt)


def test_another_major_version_of_the_contract_is_unreadable():
    health = {"name": "Tỉnh", "contract": "2.0.0", "training": False, "now": RECEIPT["accepted_at"]}
    with pytest.raises(Unreadable):
        read_shape(as_answer(health), HealthReply)
    assert read_shape(as_answer({**health, "contract": "1.7.0"}), HealthReply).max_bytes is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12", 12.0),
        ("999999999999", 3600.0),
        ("Fri, 20 Nov 2026 01:32:00 GMT", 60.0),
        ("Fri, 20 Nov 2020 01:32:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
    ],
)
def test_retry_after(text, seconds):
    assert retry_after(Answer(503, {"retry-after": text}, b""), NOW) == seconds


def test_the_provinces_words_are_one_short_line():
    assert tidy_words("Hồ\u0302\n sơ\x00\u202e  sai\t") == "Hồ\u0302 sơ sai"
    assert tidy_words("Ti\u0302nh") == "Tînh"
    assert len(tidy_words("x" * 10_000)) == 500
