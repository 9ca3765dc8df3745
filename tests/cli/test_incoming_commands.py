# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The commands on what comes from the province: a pack is made, signed and taken; the list is fetched and told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from digitizer_desk import app, assemble, settings
from digitizer_desk.cli import main
from digitizer_desk.cli.doors import Doors
from digitizer_desk.desk import Desk
from digitizer_desk.paths import desk_data
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.training.province import LocalProvince
from signing.people import Authority, Person, make_authority, make_person
from steps.conftest import Bench, set_up

PACK = """
format = 1
id = "danh-muc"
title = "Danh mục của tỉnh"
sequence = 3
valid_from = 2026-11-01
issued_by = "Sở mẫu"
"""
AGENCY = '[[agency]]\ncode = "000.00.12.H08"\nname = "UBND phường Bến Thông"\n'


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority("CA của tỉnh")


@pytest.fixture(scope="module")
def office(authority: Authority) -> Person:
    return make_person(authority, "Sở mẫu của tỉnh")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "goi"
    place.mkdir()
    (place / "pack.toml").write_text(PACK, "utf-8")
    (place / "agencies.toml").write_text(AGENCY, "utf-8")
    return place


@pytest.fixture
def p12(tmp_path: Path, office: Person) -> Path:
    file = tmp_path / "so.p12"
    made = pkcs12.serialize_key_and_certificates(
        b"so", office.key, office.certificate, None, BestAvailableEncryption("mật khẩu".encode())
    )
    file.write_bytes(made)
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with set_up(tmp_path_factory.mktemp("desk")) as bench:
        yield bench


def doors_to(desk: Desk) -> Doors:
    @contextmanager
    def opened() -> Iterator[Desk]:
        yield desk

    return replace(app.doors(desk_data()), open_desk=opened)


def make(folder: Path, out: Path, *how: str, monkeypatch: pytest.MonkeyPatch, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    return main.run(
        ["packs", "make", str(folder), "--out", str(out), *how, "--password-stdin", "--json"], app.doors(desk_data())
    )


def test_a_pack_is_made_signed_and_taken(
    made: Bench,
    folder: Path,
    p12: Path,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "danh-muc.zip"
    assert make(folder, out, "--key", str(p12), monkeypatch=monkeypatch, typed="mật khẩu") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["sequence"], told["signer"]) == ("danh-muc", 3, "Sở mẫu của tỉnh")
    assert out.with_name("danh-muc.zip.p7s").is_file()
    assert make(folder, out, "--key", str(p12), monkeypatch=monkeypatch, typed="mật khẩu") == 2  # kept
    capsys.readouterr()
    pinned = settings.PacksChoice(signers=[told["signer_sha256"]])
    desk = replace(
        made.desk,
        settings=made.desk.settings.model_copy(update={"packs": pinned}),
        trust=(authority.der,),
        editions=assemble.editions(made.place, made.desk.rulebook, made.desk.cabinet),
    )
    doors = doors_to(desk)
    assert main.run(["packs", "import", str(out)], doors) == 0
    assert "Danh mục của tỉnh" in capsys.readouterr().out
    assert main.run(["packs", "import", str(out), "--json"], doors) == 0
    assert json.loads(capsys.readouterr().out)["new"] is False
    assert main.run(["packs", "list", "--json"], doors) == 0
    (line,) = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert (line["id"], line["in_force"]) == ("danh-muc", True)
    assert desk.edition_today().agency("000.00.12.H08") == "UBND phường Bến Thông"
    out.write_bytes(out.read_bytes() + b"x")
    assert main.run(["packs", "import", str(out)], doors) == 2
    assert capsys.readouterr().err.startswith("pack.altered: ")


def test_keys_of_both_kinds_and_those_that_do_not_fit(
    folder: Path,
    p12: Path,
    office: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pem = tmp_path / "so.pem"
    pem.write_bytes(office.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    cert = tmp_path / "so.crt"
    cert.write_bytes(office.certificate.public_bytes(Encoding.PEM))
    assert make(folder, tmp_path / "a.zip", "--key", str(pem), "--cert", str(cert), monkeypatch=monkeypatch) == 0
    stranger = make_authority("Người khác")
    cert.write_bytes(stranger.root.public_bytes(Encoding.PEM))
    for how in (("--key", str(pem), "--cert", str(cert)), ("--key", str(p12)), ("--key", str(cert))):
        capsys.readouterr()
        assert make(folder, tmp_path / "b.zip", *how, monkeypatch=monkeypatch, typed="sai") == 2
        assert capsys.readouterr().err.startswith("pack.key_unusable: ")
        assert not (tmp_path / "b.zip").exists()


def test_a_token_signs_as_well(
    made: Bench, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doors = replace(app.doors(desk_data()), token=lambda _module: made.token)
    out = tmp_path / "t.zip"
    command = ["packs", "make", str(folder), "--out", str(out), "--module", "x.so", "--pin-stdin", "--json"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"246810\n")))
    assert main.run(command, doors) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["signer_sha256"] == made.token.certificate.sha256
    assert main.run(["packs", "make", str(folder), "--out", str(out)], doors) == 2  # neither key nor token


def test_what_no_desk_could_use_is_not_made(
    folder: Path, p12: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "procedures").mkdir()
    (folder / "procedures" / "x.toml").write_text("code = 1", "utf-8")
    assert make(folder, tmp_path / "c.zip", "--key", str(p12), monkeypatch=monkeypatch, typed="mật khẩu") == 2
    assert capsys.readouterr().err.startswith("pack.unusable: ")
    (folder / "pack.toml").write_text(PACK.replace("format = 1", "format = 7"), "utf-8")
    assert make(folder, tmp_path / "c.zip", "--key", str(p12), monkeypatch=monkeypatch, typed="mật khẩu") == 2
    assert capsys.readouterr().err.startswith("pack.newer_format: ")
    (folder / "pack.toml").unlink()
    assert make(folder, tmp_path / "c.zip", "--key", str(p12), monkeypatch=monkeypatch, typed="mật khẩu") == 2
    assert capsys.readouterr().err.startswith("file.not_found: ")
    assert not (tmp_path / "c.zip").exists()


def test_the_list_is_fetched_and_told(made: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LocalProvince(tmp_path / "p") as province:
        link = GatewayLink(GatewayProfile("p", province.url, "quay-1", province.token))
        doors = doors_to(replace(made.desk, link=link))
        waits = {
            "code": "000.00.12.H08-261121-0042",
            "procedure": "1.001193",
            "procedure_title": "Đăng ký khai sinh",
            "applicant": {"name": "Nguyễn Thị Hường", "kind": "person"},
        }
        province.offer("wait", dossier=waits)
        assert main.run(["incoming", "--json"], doors) == 0
        (line,) = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
        assert (line["code"], line["opened"]) == ("000.00.12.H08-261121-0042", False)
        assert main.run(["incoming", "--find", "huong"], doors) == 0
        assert "Nguyễn Thị Hường" in capsys.readouterr().out
    assert main.run(["incoming"], doors) == 3
    told = capsys.readouterr()
    assert told.err.startswith("province.offline: ")
    assert "Nguyễn Thị Hường" in told.out
    assert main.run(["incoming", "--kept"], doors) == 0
