# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong on the way to a province is named: each fault provoked with real servers on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk.messages.probes import PROBES, probe_words
from digitizer_desk.province import probe as probing
from digitizer_desk.province.http import GatewayLink
from digitizer_desk.province.probe import Stretch, probe
from digitizer_desk.province.profile import Login, Profile, Proxy, Secrets, Tls
from digitizer_desk.training.province import LocalProvince
from stand_ins.connect_proxy import ConnectProxy
from stand_ins.tls import DAY, Authority


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def secured(ours: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("secured"), certificate=(ours.chain, ours.key)) as running:
        yield running


def profile_to(url: str, ca: Path | None = None, **changes: Any) -> Profile:
    tls = Tls(ca=str(ca) if ca else "")
    return replace(Profile(kind="gateway", address=url, desk_id="quay-1", timeout_s=5.0, tls=tls), **changes)


def walked(profile: Profile, secret: str, **secrets: str) -> dict[str, Stretch]:
    found = probe(profile, Secrets(secret, **secrets), Path("/nowhere"))
    return {stretch.code: stretch for stretch in found}


def broken(profile: Profile, secret: str, **secrets: str) -> str:
    """The code of the one stretch that does not hold; it is the last."""
    found = list(walked(profile, secret, **secrets).values())
    assert [s.state for s in found[:-1]] == ["ok"] * (len(found) - 1)
    assert found[-1].state == "bad"
    name, words = probe_words(found[-1].code, False, found[-1].facts)
    assert name
    assert len(words) > 15
    assert "{" not in words
    return found[-1].code


def test_a_good_way_is_walked_to_its_end(secured: LocalProvince, ours: Authority):
    found = walked(profile_to(secured.url, ours.root), secured.token)
    assert list(found) == ["dns", "tcp", "tls", "login", "contract", "clock"]
    assert {s.state for s in found.values()} == {"ok"}
    words = [probe_words(s.code, True, s.facts) for s in found.values()]
    assert ("đăng nhập", "vào được «Tỉnh mô phỏng»") in words
    assert ("hợp đồng", "phiên bản 1.2.0") in words


def test_a_name_nobody_knows(secured: LocalProvince):
    assert broken(profile_to("https://province.invalid"), "x") == "dns"


def test_nobody_at_the_port():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert broken(profile_to(f"https://127.0.0.1:{port}"), "x") == "tcp"


def test_a_host_that_takes_no_connection(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(probing, "CONNECT_S", 0.2)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        assert broken(profile_to(f"https://127.0.0.1:{port}"), "x") == "tcp_silent"
        for one in waiting:
            one.close()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": "127.0.0.2"}, "tls_name"),
        ({"until": -DAY}, "tls_expired"),
        ({"since": DAY}, "tls_not_yet"),
        ({"self_signed": True}, "tls_self_signed"),
    ],
)
def test_what_is_wrong_with_a_certificate(tmp_path: Path, wrong: dict[str, Any], code: str):
    authority = Authority(tmp_path / "ca", **wrong)
    with LocalProvince(tmp_path / "p", certificate=(authority.chain, authority.key)) as running:
        assert broken(profile_to(running.url, authority.root), running.token) == code


def test_an_authority_this_machine_does_not_know(secured: LocalProvince):
    assert broken(profile_to(secured.url), secured.token) == "tls_unknown_ca"


def test_a_certificate_that_ends_soon_is_told_and_holds(tmp_path: Path):
    authority = Authority(tmp_path / "ca", until=timedelta(days=5))
    with LocalProvince(tmp_path / "p", certificate=(authority.chain, authority.key)) as running:
        found = walked(profile_to(running.url, authority.root), running.token)
    assert found["tls_soon"].state == "warn"
    assert found["login"].state == "ok"


def test_a_port_that_speaks_no_tls(province: LocalProvince):
    assert broken(profile_to(province.url.replace("http:", "https:")), "x") == "tls"


def test_a_ca_file_that_is_none(tmp_path: Path, secured: LocalProvince):
    (tmp_path / "ca.pem").write_text("no certificate")
    assert broken(profile_to(secured.url, tmp_path / "ca.pem"), "x") == "ca_file"


@pytest.mark.parametrize(("changes", "code"), [({"proxy": Proxy("ftp://p")}, "proxy_address"), ({}, "address")])
def test_what_of_a_profile_cannot_be_used(province: LocalProvince, changes: dict[str, Any], code: str):
    profile = profile_to(province.url if changes else "http://province.invalid", **changes)
    assert code in walked(profile, province.token)


def test_a_server_that_wants_to_see_our_certificate(ours: Authority, tmp_path: Path):
    chain, key = ours.client("mat-khau")
    with LocalProvince(tmp_path, certificate=(ours.chain, ours.key), client_ca=ours.root) as running:
        shown = Tls(ca=str(ours.root), certificate=str(chain), key=str(key))
        good = walked(profile_to(running.url, tls=shown), running.token, key="mat-khau")
        assert good["login"].state == "ok"
        assert broken(profile_to(running.url, ours.root), running.token) == "client_certificate"
        assert broken(profile_to(running.url, tls=shown), running.token, key="wrong") == "client_file"


def test_the_way_through_a_proxy(secured: LocalProvince, ours: Authority):
    with ConnectProxy(("an", "bí mật")) as proxy:
        through = profile_to(secured.url, ours.root, proxy=Proxy(proxy.url, "an"))
        found = walked(through, secured.token, proxy="bí mật")
        assert list(found) == ["proxy_dns", "proxy_tcp", "proxy", "tls", "login", "contract", "clock"]
        assert proxy.asked == [secured.url.removeprefix("https://")] * len(proxy.asked)
        assert len(proxy.asked) == 2  # the probe's own, and the connector's
        assert broken(through, secured.token, proxy="sai") == "proxy_login"
        assert broken(replace(through, proxy=Proxy(proxy.url)), secured.token) == "proxy_login"
    assert broken(replace(through, proxy=Proxy(proxy.url)), secured.token) == "proxy_tcp"
    assert broken(replace(through, proxy=Proxy("http://proxy.invalid:1")), secured.token) == "proxy_dns"
    with ConnectProxy(lets=False) as proxy:
        assert broken(replace(through, proxy=Proxy(proxy.url)), secured.token) == "proxy"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("login", "login"),
        ("forbidden", "rights"),
        ("old_version", "old_version"),
        ("nonsense", "contract"),
        ("redirect", "contract"),
        ("wrong_types", "contract"),
        ("busy", "busy"),
        ("error", "busy"),
        ("lost_reply", "cut"),
    ],
)
def test_what_the_province_answers(province: LocalProvince, fault: str, code: str):
    province.fault(fault, on="health")
    assert broken(profile_to(province.url), province.token) == code


def test_a_province_that_stays_silent(province: LocalProvince):
    province.fault("slow", on="health", seconds=30.0)
    assert broken(profile_to(province.url, timeout_s=0.3), province.token) == "silent"


@pytest.mark.parametrize("way", ["key", "oauth2"])
def test_a_key_the_province_does_not_take(province: LocalProvince, way: Any):
    profile = profile_to(province.url, login=Login(way=way, user="quay-1"))
    assert walked(profile, province.token)["login"].state == "ok"
    assert broken(profile, "wrong") == "login"
    assert broken(profile, "") == "secret"


@pytest.mark.parametrize(("ahead", "word"), [(600.0, "trước"), (-7 * 3600.0, "sau")])
def test_clocks_that_differ(province: LocalProvince, ahead: float, word: str):
    profile = profile_to(province.url)
    ours = datetime.now(UTC) + timedelta(seconds=ahead)
    found = probe(profile, Secrets(province.token), Path(), clock=lambda: ours)
    assert (found[-1].code, found[-1].state) == ("clock", "bad")
    assert word in probe_words("clock", False, found[-1].facts)[1]


def test_a_province_whose_clock_is_wrong(province: LocalProvince):
    province.fault("skew", on="health", seconds=900.0)
    assert broken(profile_to(province.url), province.token) == "clock"


def test_a_folder_needs_no_way():
    assert probe(Profile(kind="folder"), Secrets(), Path()) == (Stretch("folder", "ok"),)


def test_every_word_can_be_said():
    """The codes in the source and the words are the same list."""
    source = Path(probing.__file__).read_text("utf-8")
    for code in PROBES:
        assert f'{code.removeprefix("proxy_")}"' in source, code
    told = {*probing._CHAIN.values(), *probing._HEALTH.values()}
    assert told <= set(PROBES)


def test_the_connector_too_goes_through_the_proxy_with_its_certificate(ours: Authority, tmp_path: Path):
    from digitizer_desk.province.connect import link_of

    chain, key = ours.client()
    with (
        LocalProvince(tmp_path, certificate=(ours.chain, ours.key), client_ca=ours.root) as running,
        ConnectProxy(("an", "x")) as proxy,
    ):
        profile = profile_to(
            running.url,
            tls=Tls(ca=str(ours.root), certificate=str(chain), key=str(key)),
            proxy=Proxy(proxy.url, "an"),
        )
        link = link_of(profile, Secrets(running.token, proxy="x"), tmp_path)
        assert isinstance(link, GatewayLink)
        assert link.health().code == ""
        assert proxy.asked
