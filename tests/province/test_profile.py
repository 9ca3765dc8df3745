# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A province's profile: read strictly, faults named by their key, no secret in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer_desk import assemble, settings
from digitizer_desk.errors import DeskError
from digitizer_desk.paths import DeskPaths
from digitizer_desk.province.connect import NotSet, link_of
from digitizer_desk.province.http import GatewayLink
from digitizer_desk.province.link import Later
from digitizer_desk.province.profile import Secrets, passage, read
from province.samples import parcel_of, pdf_of

RESOURCES = Path(__file__).parents[2] / "resources"
GOOD = 'kind = "gateway"\naddress = "https://sohoa.example.gov.vn"\n'
OPENCPS = 'kind = "opencps"\naddress = "https://sohoa.example.gov.vn"\n'


def profile_of(folder: Path, text: str):
    file = folder / "tinh.toml"
    file.write_text(text, "utf-8")
    return read(file)


@pytest.mark.parametrize("file", sorted((RESOURCES / "examples/provinces").glob("*.toml")), ids=lambda f: f.stem)
def test_the_examples_are_right_and_make_a_connector(file: Path):
    profile = read(file)
    assert profile.name
    assert link_of(profile, Secrets("x"), file.parent) is not None


def test_files_lie_beside_the_profile(tmp_path: Path):
    profile = profile_of(
        tmp_path,
        GOOD + '[tls]\nca = "ca.pem"\ncertificate = "/etc/desk.pem"\nkey = "k.pem"\n'
        '[proxy]\naddress = "http://p:3128"\nuser = "u"\n',
    )
    way = passage(profile, Secrets("login", "keypass", "proxypass"), tmp_path)
    assert way.ca_file == tmp_path / "ca.pem"
    assert way.client is not None
    assert (way.client.chain, way.client.key) == (Path("/etc/desk.pem"), tmp_path / "k.pem")
    assert way.proxy_login == ("u", "proxypass")
    for word in ("keypass", "proxypass"):
        assert word not in repr(way)
    assert "login" not in repr(Secrets("login"))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('address = "https://a.vn"', "kind"),
        ('kind = "igate"\naddress = "https://a.vn"', "kind"),
        ('kind = "gateway"', "address"),
        ('kind = "gateway"\naddress = "http://a.vn"', "address"),
        ('kind = "gateway"\naddress = "https://me:secret@a.vn"', "address"),
        (GOOD + 'password = "x"', "password"),
        (GOOD + "timeout_s = 0.0", "timeout_s"),
        (GOOD + 'piece_mb = "4"', "piece_mb"),
        (GOOD + '[login]\nway = "oauth2"', "login.user"),
        (GOOD + '[login]\nsecret = "x"', "login.secret"),
        (GOOD + '[tls]\nkey = "k.pem"', "tls.certificate"),
        (GOOD + "[tls]\nverify = false", "tls.verify"),
        (GOOD + "[opencps]\ngroup = 1", "opencps"),
        ('kind = "folder"\n[codes.procedures]\n"1" = "2"', "codes"),
        (OPENCPS + '[login]\nway = "password"\nuser = "u"', "desk_id"),
        (GOOD + '[proxy]\naddress = "p:3128"', "proxy.address"),
        (GOOD + '[proxy]\naddress = "http://an:secret@p:3128"', "proxy.address"),
        (OPENCPS + 'desk_id = "q"', "login.way"),
        (OPENCPS + 'desk_id = "q"\n[login]\nway = "password"', "login.user"),
        (OPENCPS + 'desk_id = "q"\n[opencps]\nmarks = { original = 9 }', "opencps.marks.original"),
        ("kind = ", "TOML"),
    ],
)
def test_a_fault_is_named_by_its_key(tmp_path: Path, text: str, where: str):
    with pytest.raises(DeskError) as fault:
        profile_of(tmp_path, text)
    assert fault.value.code == "province.profile_unreadable"
    assert fault.value.facts == {"file": "tinh.toml", "where": where}


def test_a_profile_that_is_not_there(tmp_path: Path):
    with pytest.raises(DeskError) as fault:
        read(tmp_path / "none.toml")
    assert fault.value.facts["where"] == "tệp"


def test_a_folder_has_no_link(tmp_path: Path):
    assert link_of(profile_of(tmp_path, 'kind = "folder"\nname = "USB"'), Secrets(), tmp_path) is None


@pytest.fixture
def place(tmp_path: Path) -> DeskPaths:
    place = DeskPaths(tmp_path / "desk")
    assemble.set_up(place)
    place.provinces.mkdir(parents=True)
    return place


def test_the_settings_name_a_profile_of_the_site(place: DeskPaths):
    (place.provinces / "tinh.toml").write_text(GOOD + '[login]\nway = "oauth2"\nuser = "quay-1"\n', "utf-8")
    settings.write(place.settings_file, settings.Settings(province=settings.ProvinceChoice(profile="tinh")))
    with assemble.opened(place) as desk:
        assemble.keep_province_secret(place, desk.cabinet, "province.secret", "s3cret")
        assert assemble.province_secrets(place, desk.cabinet) == Secrets("s3cret")
        assert isinstance(desk.link, GatewayLink)
        profile = assemble.province_profile(place, desk.settings)
        assert profile is not None
        assert profile.login.user == "quay-1"


def test_a_profile_with_a_fault_keeps_no_desk_from_opening(place: DeskPaths):
    settings.write(place.settings_file, settings.Settings(province=settings.ProvinceChoice(profile="tinh")))
    with assemble.opened(place) as desk:
        assert isinstance(desk.link, NotSet)
        assert desk.link.health().code == "province.not_set"
        pdf = pdf_of()
        for reply in (desk.link.look(parcel_of(pdf)), desk.link.deliver(parcel_of(pdf), pdf, lambda _s, _t: None)):
            assert isinstance(reply, Later)
            assert (reply.code, reply.attempt, reply.pause_all) == ("province.not_set", False, True)


@pytest.mark.parametrize("name", ["../etc", "a/b", "a.toml"])
def test_a_profile_is_named_and_not_pathed(name: str):
    with pytest.raises(ValueError, match="profile"):
        settings.ProvinceChoice(profile=name)
