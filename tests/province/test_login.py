# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""OAuth 2.0 client credentials: a token is fetched, used, renewed in the middle of an upload, and never shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Accepted, Later, Outcome
from digitizer_desk.province.login import ClientCredentials, Fixed, LoginRefused
from digitizer_desk.province.wire import Answer, NoAnswer, Trouble
from digitizer_desk.training.province import LocalProvince
from province.samples import parcel_of, pdf_of


def nothing(_sent: int, _total: int) -> None:
    return None


def link_to(province: LocalProvince, secret: str = "", **changes: Any) -> GatewayLink:
    known = {"client_id": "quay 1:ă", "timeout_s": 10.0, "piece_bytes": 10_000, **changes}
    return GatewayLink(GatewayProfile("p", province.url, "quay-1", secret or province.token, **known))


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    """Its tokens last no longer than a request takes."""
    with LocalProvince(tmp_path_factory.mktemp("brief"), token_seconds=0.01) as running:
        yield running


def test_a_token_is_fetched_once_and_used(province: LocalProvince):
    link, pdf = link_to(province), pdf_of(35_000)
    asked = []
    ask = link._wire.ask

    def count(method: str, path: str, **others: Any) -> Answer:
        asked.append(path)
        return ask(method, path, **others)

    link._wire.ask = count
    assert isinstance(link.deliver(parcel_of(pdf), pdf, nothing), Accepted)
    assert asked.count("/v1/token") == 1
    assert len(asked) > 6


def test_a_token_that_ends_mid_upload_is_renewed_and_nothing_sent_twice(province: LocalProvince):
    link, pdf = link_to(province), pdf_of(95_000, seed=3)
    sent: list[int] = []
    assert link.health().code == ""
    province.fault("login", times=1, on="upload")  # at the creation
    assert isinstance(link.deliver(parcel_of(pdf), pdf, lambda now, _all: sent.append(now)), Accepted)
    assert sent == sorted(sent)


def test_tokens_that_end_at_once_still_let_a_file_through(brief: LocalProvince):
    link, pdf = link_to(brief), pdf_of(45_000, seed=4)
    assert isinstance(link.deliver(parcel_of(pdf), pdf, nothing), Accepted)


def test_the_record_too_is_sent_again_with_a_new_token(province: LocalProvince):
    link, pdf = link_to(province), pdf_of(5_000, seed=5)
    province.fault("login", on="record")
    assert isinstance(link.deliver(parcel_of(pdf), pdf, nothing), Accepted)


@pytest.mark.parametrize("call", ["deliver", "look", "health"])
def test_a_wrong_secret_needs_login_and_rests_the_queue(province: LocalProvince, call: str):
    link, pdf = link_to(province, "not-the-secret"), pdf_of(5_000, seed=6)
    if call == "health":
        assert link.health().code == "province.login"
        return
    parcel = parcel_of(pdf)
    reply = link.look(parcel) if call == "look" else link.deliver(parcel, pdf, nothing)
    assert isinstance(reply, Later)
    assert reply.outcome is Outcome.NEEDS_LOGIN
    assert reply.pause_all
    assert "not-the-secret" not in repr(reply)


def test_a_login_the_province_keeps_refusing_rests_the_queue(province: LocalProvince):
    link, pdf = link_to(province), pdf_of(5_000, seed=7)
    province.fault("login", times=2, on="file")
    reply = link.deliver(parcel_of(pdf), pdf, nothing)
    assert isinstance(reply, Later)
    assert (reply.code, reply.pause_all) == ("province.login", True)


def test_a_place_for_tokens_that_is_busy_is_no_refusal(province: LocalProvince):
    link, pdf = link_to(province), pdf_of(5_000, seed=8)
    province.fault("busy", on="token")
    reply = link.deliver(parcel_of(pdf), pdf, nothing)
    assert isinstance(reply, Later)
    assert not reply.pause_all


def test_a_token_from_another_host(province: LocalProvince, tmp_path: Path):
    with LocalProvince(tmp_path) as elsewhere:
        link = link_to(province, elsewhere.token, token_url=f"{elsewhere.url}/v1/token")
        # that host's token is another's here: refused, and asked for again once
        assert link.health().code == "province.login"
        ours = link_to(elsewhere, token_url=f"{elsewhere.url}/v1/token")
        assert ours.health().code == ""


class Told:
    """Answers of a token endpoint, in order; what was sent to it."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[dict[str, str], bytes]] = []

    def ask(self, method: str, path: str, *, body: bytes, media: str, headers: dict[str, str]) -> Answer:
        self.sent.append((headers, body))
        status, what = self.answers.pop(0)
        text = what if isinstance(what, bytes) else json.dumps(what).encode()
        return Answer(status, {"content-type": "application/json"}, text)


def token(word: str, lasts: float | None = 100.0) -> tuple[int, dict[str, Any]]:
    return 200, {"access_token": word, "token_type": "bearer"} | ({"expires_in": lasts} if lasts is not None else {})


def test_name_and_secret_are_encoded_as_the_standard_says():
    told = Told(token("t1"))
    ClientCredentials(told, "/t", "quầy 1", "a:b+c/%", scope="x y").header()  # type: ignore[arg-type]
    headers, body = told.sent[0]
    pair = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
    assert pair == "qu%E1%BA%A7y+1:a%3Ab%2Bc%2F%25"
    assert body == b"grant_type=client_credentials&scope=x+y"


@pytest.mark.parametrize(("lasts", "good_until"), [(100.0, 70.0), (20.0, 10.0), (None, 270.0)])
def test_a_token_is_renewed_before_it_ends(lasts, good_until):
    now = [0.0]
    told = Told(token("t1", lasts), token("t2"))
    login = ClientCredentials(told, "/t", "q", "s", clock=lambda: now[0])  # type: ignore[arg-type]
    assert login.header() == "Bearer t1"
    now[0] = good_until - 0.1
    assert login.header() == "Bearer t1"
    now[0] = good_until
    assert login.header() == "Bearer t2"


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refusal_is_told_without_what_was_sent(status):
    login = ClientCredentials(Told((status, {"error": "invalid_client"})), "/t", "q", "s3cret")  # type: ignore[arg-type]
    with pytest.raises(LoginRefused) as no:
        login.header()
    assert "s3cret" not in str(no.value)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((503, {}), Trouble.NO_PASSAGE),
        ((200, b"<html>"), Trouble.UNREADABLE),
        ((200, {"access_token": "a b", "token_type": "bearer"}), Trouble.UNREADABLE),
        ((200, {"access_token": "ab", "token_type": "mac"}), Trouble.UNREADABLE),
        ((302, token("t")[1]), Trouble.UNREADABLE),
    ],
)
def test_an_answer_that_gives_no_token_is_no_answer(answer, trouble):
    with pytest.raises(NoAnswer) as no:
        ClientCredentials(Told(answer), "/t", "q", "s").header()  # type: ignore[arg-type]
    assert no.value.trouble is trouble


def test_a_fixed_login_cannot_be_renewed():
    assert Fixed.bearer("k").header() == "Bearer k"
    assert Fixed.basic("u", "p").header() == "Basic dTpw"
    assert not Fixed.bearer("k").renew()
