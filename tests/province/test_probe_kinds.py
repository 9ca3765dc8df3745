# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The way to every kind of system is tried stretch by stretch, what is wrong there is named: each fault provoked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk.messages.probes import probe_words
from digitizer_desk.province.probe import Stretch, probe
from digitizer_desk.province.profile import Codes, Login, National, OpenCps, Profile, Proxy, Secrets, Tls
from digitizer_desk.training.province import LocalProvince
from stand_ins import as_national_portal, as_opencps, as_td
from stand_ins.as_national_portal import AsNationalPortal
from stand_ins.as_opencps import AsOpenCps
from stand_ins.as_td import AsTd
from stand_ins.connect_proxy import ConnectProxy
from stand_ins.tls import DAY, Authority

DOSSIER, PROCEDURE = "000.00.10.H08-261120-0006", "1.001193"
KINDS = ("opencps", "td", "national")
#: service or path of the cheap question, by kind
ASKED = {"opencps": "/dossiers", "td": "GET /api/v1/hosos/ChamSoHoa", "national": "login"}
#: of the files' own way, which is not under test here: nobody is there
CARRIER = 'kind = "gateway"\naddress = "http://127.0.0.1:1"\n'


@dataclass(frozen=True, slots=True)
class Site:
    """One stand-in and the profile that leads to it."""

    profile: Profile
    secrets: Secrets
    traps: list[tuple[str, str]]
    folder: Path

    def walked(self, **changes: Any) -> list[Stretch]:
        """The stretches of the way under test: the portal's own for the portal."""
        profile = replace(self.profile, **changes)
        found = probe(profile, self.secrets, self.folder)
        return [one for one in found if one.portal == (profile.kind == "national") and one.code != "second_message"]

    def broken(self, **changes: Any) -> str:
        found = self.walked(**changes)
        assert [one.state for one in found[:-1]] == ["ok"] * (len(found) - 1)
        assert found[-1].state == "bad"
        words = probe_words(found[-1].code, False, found[-1].facts)[1]
        assert len(words) > 15
        assert "{" not in words
        return found[-1].code


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def secured(ours: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("secured"), certificate=(ours.chain, ours.key)) as running:
        yield running


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    folder = tmp_path_factory.mktemp("profiles")
    (folder / "tinh.toml").write_text(CARRIER, "utf-8")
    with AsOpenCps(DOSSIER) as opencps, AsTd(DOSSIER, "TP02") as td, AsNationalPortal(PROCEDURE) as portal:
        national = National(
            after="tinh", unit="U", unit_name="UBND", destination="D", share_path="/share", second_message="updates"
        )
        made = {
            "opencps": (opencps, as_opencps, {"opencps": OpenCps(group=int(as_opencps.GROUP))}),
            "td": (td, as_td, {}),
            "national": (
                portal,
                as_national_portal,
                {"national": national, "codes": Codes(procedures={"a": PROCEDURE})},
            ),
        }
        yield {
            kind: Site(
                Profile(
                    kind=kind,  # type: ignore[arg-type]
                    address=server.url,
                    desk_id="quay-1",
                    timeout_s=5.0,
                    login=Login(way="password", user=module.USER),
                    **own,
                ),
                Secrets(module.PASSWORD, portal=as_national_portal.PASSWORD),
                server.traps,
                folder,
            )
            for kind, (server, module, own) in made.items()
        }


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, sites: dict[str, Site]) -> Iterator[Site]:
    yield sites[request.param]
    sites[request.param].traps.clear()


def test_a_good_way_is_walked_to_its_end(site: Site):
    last = ["catalogue"] if site.profile.kind == "national" else []
    assert [(one.code, one.state) for one in site.walked()] == [
        (code, "ok") for code in ["dns", "tcp", "login", "clock", *last]
    ]


def test_name_port_and_address(site: Site):
    assert site.broken(address="https://province.invalid") == "dns"
    assert site.broken(address="http://127.0.0.1:1") == "tcp"
    assert site.broken(address="http://province.invalid") == "address"


def test_certificates(site: Site, secured: LocalProvince, ours: Authority, tmp_path: Path):
    assert site.broken(address=secured.url) == "tls_unknown_ca"
    assert site.broken(address=secured.url, tls=Tls(ca=str(tmp_path / "none.pem"))) == "ca_file"
    assert site.broken(address=site.profile.address.replace("http:", "https:")) == "tls"
    # its own authority holds; what answers there is another kind of system
    held = site.walked(address=secured.url, tls=Tls(ca=str(ours.root)))
    assert ("tls", "ok") in [(one.code, one.state) for one in held]


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[str, Path]]]:
    """Servers whose certificates expired or are of another host: (address, authority)."""
    folder = tmp_path_factory.mktemp("spoiled")
    old, other = Authority(folder / "old", until=-DAY), Authority(folder / "other", name="127.0.0.2")
    with (
        LocalProvince(folder / "p1", certificate=(old.chain, old.key)) as expired,
        LocalProvince(folder / "p2", certificate=(other.chain, other.key)) as wrong,
    ):
        yield {"tls_expired": (expired.url, old.root), "tls_name": (wrong.url, other.root)}


@pytest.mark.parametrize("code", ["tls_expired", "tls_name"])
def test_a_certificate_that_does_not_hold(site: Site, spoiled: dict[str, tuple[str, Path]], code: str):
    address, root = spoiled[code]
    assert site.broken(address=address, tls=Tls(ca=str(root))) == code


def test_a_server_that_wants_to_see_our_certificate(sites: dict[str, Site], ours: Authority, tmp_path: Path):
    with LocalProvince(tmp_path, certificate=(ours.chain, ours.key), client_ca=ours.root) as running:
        for site in sites.values():
            assert site.broken(address=running.url, tls=Tls(ca=str(ours.root))) == "client_certificate"


def test_a_proxy(site: Site, secured: LocalProvince):
    assert site.broken(address=secured.url, proxy=Proxy("ftp://x")) == "proxy_address"
    assert site.broken(address=secured.url, proxy=Proxy("http://127.0.0.1:1")) == "proxy_tcp"
    with ConnectProxy(("an", "x")) as proxy:
        assert site.broken(address=secured.url, proxy=Proxy(proxy.url, "an")) == "proxy_login"
    with ConnectProxy(lets=False) as proxy:
        assert site.broken(address=secured.url, proxy=Proxy(proxy.url)) == "proxy"


def test_a_password_that_is_wrong_or_missing(site: Site):
    portal = site.profile.kind == "national"
    assert replace(site, secrets=Secrets("sai", portal="sai")).broken() == "login"
    assert replace(site, secrets=Secrets("", portal="")).broken() == ("portal_secret" if portal else "secret")


@pytest.mark.parametrize(("trap", "code"), [("403", "rights"), ("500", "busy"), ("page", "contract"), ("lost", "cut")])
def test_what_it_answers(site: Site, trap: str, code: str):
    site.traps.append((ASKED[site.profile.kind], trap))
    assert site.broken() == code


@pytest.mark.parametrize(("ahead", "word"), [(600.0, "trước"), (-7 * 3600.0, "sau")])
def test_clocks_that_differ(site: Site, ahead: float, word: str):
    mine: Callable[[], datetime] = lambda: datetime.now(UTC) + timedelta(seconds=ahead)  # noqa: E731
    found = {one.code: one for one in probe(site.profile, site.secrets, site.folder, clock=mine) if one.code == "clock"}
    assert found["clock"].state == "bad"
    assert word in probe_words("clock", False, found["clock"].facts)[1]


def test_both_ways_of_the_portal_are_tried(sites: dict[str, Site]):
    site = sites["national"]
    found = probe(
        replace(site.profile, national=replace(site.profile.national, second_message="")), site.secrets, site.folder
    )
    assert [one.code for one in found if not one.portal] == ["dns", "tcp"]
    assert (found[-1].code, found[-1].state) == ("second_message", "warn")
    lost = probe(
        replace(site.profile, national=replace(site.profile.national, after="none")), site.secrets, site.folder
    )
    assert (lost[0].code, lost[0].facts["file"]) == ("carrier", "none.toml")
    assert probe_words("carrier", False, lost[0].facts)[1].startswith("không đọc được hồ sơ nối")


def test_a_procedure_the_portal_does_not_know(sites: dict[str, Site]):
    site = sites["national"]
    assert site.broken(codes=Codes(procedures={"a": PROCEDURE, "b": "9.9"})) == "catalogue"
    site.traps.append(("LayThuTuc", "403"))
    assert site.broken() == "rights"
    site.traps.clear()
