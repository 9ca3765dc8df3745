# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Packs of rules: taken whole from whom the settings name, refused with one clear fault each, and the old one stays;
later packs judge later dossiers only."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from digitizer_desk import assemble
from digitizer_desk.desk import Desk
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.rules.packs.read import write_pack
from digitizer_desk.settings import PacksChoice
from digitizer_desk.signing.sign import sign_bytes
from digitizer_desk.steps.incoming import packs
from digitizer_desk.training.province import LocalProvince
from signing.people import Authority, Person, make_authority, make_person
from steps.conftest import Bench, fresh, set_up

PROCEDURE = """
schema = 1
code = "{code}"
title = "{title}"
domain = "Hộ tịch"
[[component]]
code = "TP01"
title = "{part}"
mandatory = true
paper_type = "DON"
form = "original"
forms = ["original"]
"""
STRICTER = """
schema = 1
id = "tinh-mau"
adds_to = "tt02-2019"
title = "Quy định của tỉnh"
in_force_from = {day}
[scan]
dpi = 400
source = "QĐ của tỉnh"
"""
_sequences = count(1)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority("CA của tỉnh")


@pytest.fixture(scope="module")
def office(authority: Authority) -> Person:
    return make_person(authority, "Sở mẫu của tỉnh")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, authority: Authority, office: Person) -> Iterator[Bench]:
    """A desk that believes this office."""
    with set_up(tmp_path_factory.mktemp("packs")) as made:
        pinned = PacksChoice(signers=[hashlib.sha256(office.der).hexdigest().upper()])
        desk = replace(
            made.desk,
            settings=made.desk.settings.model_copy(update={"packs": pinned}),
            trust=(authority.der,),
            editions=assemble.editions(made.place, made.desk.rulebook, made.desk.cabinet),
        )
        yield replace(made, desk=desk)


def made(changes: Mapping[str, Any] | None = None, **files: str) -> bytes:
    """A pack; ``changes`` to its manifest, ``files`` by name with __ for the slash."""
    told = {"format": 1, "id": "quy-dinh", "title": "Quy định", "issued_by": "Sở mẫu", **(changes or {})}
    told.setdefault("sequence", next(_sequences))
    lines = [f"{k} = {v}" if isinstance(v, int | date) else f'{k} = "{v}"' for k, v in told.items()]
    if "valid_from" not in told:
        lines.append("valid_from = 2026-11-01")
    named = {name.replace("__", "/") + ".toml": text.encode() for name, text in files.items()}
    if not named:
        named = {"procedures/moi.toml": PROCEDURE.format(code="9.000001", title="Thủ tục mới", part="Đơn").encode()}
    return write_pack({"pack.toml": "\n".join(lines).encode(), **named})


def signature(person: Person, content: bytes, chain: tuple[bytes, ...] = ()) -> bytes:
    return sign_bytes(content, certificate=person.der, chain=chain, raw_sign=person.raw_sign, key_kind=person.kind)


def taken(bench: Bench, person: Person, content: bytes) -> packs.TakenPack:
    return packs.take(bench.desk, content, signature(person, content), "goi.zip", bench.officer)


def refused(bench: Bench, code: str, content: bytes, sign: bytes, desk: Desk | None = None) -> DeskError:
    """Refused with this code, the old packs as they were, one line in the journal, words for a person."""
    desk = desk or bench.desk
    before = desk.cabinet.packs.all()
    with pytest.raises(DeskError) as caught:
        packs.take(desk, content, sign, "goi.zip", bench.officer)
    assert caught.value.code == code, caught.value
    assert desk.cabinet.packs.all() == before
    line = desk.cabinet.journal.entries(limit=1)[0]
    assert (line.action, line.facts["code"]) == ("pack_refused", code)
    assert line.facts["sha256"] == hashlib.sha256(content).hexdigest()
    assert sentence(caught.value)
    return caught.value


def test_later_packs_judge_only_later_dossiers(whole: Bench, office: Person) -> None:
    desk = whole.desk
    begun = fresh(whole)
    assert (begun.packs, desk.law_of(begun).scan.dpi) == ("", 300)
    one = taken(whole, office, made({"id": "luat"}, regulations__tinh=STRICTER.format(day="2026-11-01")))
    assert one.new
    assert one.pack.signer == "Sở mẫu của tỉnh"
    later = fresh(whole)
    assert later.packs == f"luat#{one.pack.sequence}"
    assert desk.law_of(later).scan.dpi == 400
    assert desk.law_of(begun).scan.dpi == 300
    looser = STRICTER.format(day="2026-11-01").replace("400", "350")
    two = taken(whole, office, made({"id": "luat"}, regulations__tinh=looser))
    newest = fresh(whole)
    assert desk.law_of(newest).scan.dpi == 350
    # the same id of a regulation says another thing in each pack, and each dossier keeps its own
    assert desk.law_of(desk.cabinet.dossiers.load(later.id)).scan.dpi == 400
    assert desk.law_of(later).id == desk.law_of(newest).id
    reopened = replace(desk, editions=assemble.editions(whole.place, desk.rulebook, desk.cabinet))
    assert [reopened.law_of(one).scan.dpi for one in (begun, later, newest)] == [300, 400, 350]
    assert str(two.pack.sequence) in newest.packs


def test_a_pack_begins_on_its_day(whole: Bench, office: Person) -> None:
    soon = {"id": "sap-toi", "valid_from": date(2026, 11, 25)}
    text = PROCEDURE.format(code="9.000777", title="Thủ tục sắp tới", part="Đơn")
    taken(whole, office, made(soon, procedures__x=text))
    assert not whole.desk.book_today().search("sắp tới")
    whole.clock.forward(days=5)
    (found,) = whole.desk.book_today().search("sắp tới")
    assert found.components[0].title == "Đơn"
    assert fresh(whole).packs.split()[-1].startswith("sap-toi#")


def test_names_of_agencies_come_along(whole: Bench, office: Person) -> None:
    text = '[[agency]]\ncode = "000.00.12.H08"\nname = "UBND phường Bến Thông"\n'
    taken(whole, office, made({"id": "co-quan"}, agencies=text))
    edition = whole.desk.edition_today()
    assert edition.agency(" 000.00.12.h08 ") == "UBND phường Bến Thông"
    assert edition.agency("000.00.99.H08") == ""


def test_who_may_sign(whole: Bench, authority: Authority, office: Person) -> None:
    content = made()
    good = signature(office, content)
    stranger = make_person(authority, "Người lạ")
    refused(whole, "pack.stranger", content, signature(stranger, content))
    refused(whole, "pack.altered", content + b" ", good)
    refused(whole, "pack.unsigned", content, b"nothing")
    refused(whole, "pack.unsigned", content, content)
    other = made()
    refused(whole, "pack.altered", other, good)
    nobody = whole.desk.settings.model_copy(update={"packs": PacksChoice()})
    refused(whole, "pack.not_pinned", content, good, replace(whole.desk, settings=nobody))
    elsewhere = make_authority("CA khác")
    refused(whole, "pack.untrusted", content, good, replace(whole.desk, trust=(elsewhere.der,)))
    # a root that only came along with the signature is no root
    along = signature(office, content, chain=(authority.der,))
    refused(whole, "pack.untrusted", content, along, replace(whole.desk, trust=(elsewhere.der,)))


@pytest.mark.parametrize(("days", "usage", "code"), [
    ((-300, -10), None, "pack.expired"),
    ((10, 300), None, "pack.expired"),
    ((-30, 300), ("key_encipherment",), "pack.untrusted"),
])  # fmt: skip
def test_a_certificate_out_of_its_time_or_made_for_another_use(
    whole: Bench, authority: Authority, days: tuple[int, int], usage: tuple[str, ...] | None, code: str
) -> None:
    person = make_person(authority, "Sở mẫu", days=days, usage=usage)
    pinned = PacksChoice(signers=[hashlib.sha256(person.der).hexdigest()])
    desk = replace(whole.desk, settings=whole.desk.settings.model_copy(update={"packs": pinned}))
    content = made()
    found = refused(whole, code, content, signature(person, content), desk)
    if code == "pack.expired":
        assert "hết hạn" in sentence(found)


def test_nothing_goes_back(whole: Bench, office: Person) -> None:
    told = {"id": "day-so", "sequence": 20}
    first = made(told)
    assert taken(whole, office, first).new
    assert not taken(whole, office, first).new  # the very same again does no harm
    other = made(told, procedures__y=PROCEDURE.format(code="9.000002", title="Khác", part="Đơn"))
    refused(whole, "pack.older", other, signature(office, other))
    older = made({**told, "sequence": 19})
    found = refused(whole, "pack.older", older, signature(office, older))
    assert (found.facts["sequence"], found.facts["kept"]) == (19, 20)


def rezipped(content: bytes, **changes: bytes | None) -> bytes:
    """A pack with files added, changed or (None) taken out; as somebody would who writes zips by hand."""
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        files = {name: box.read(name) for name in box.namelist()}
    files |= {name.replace("__", "/"): data for name, data in changes.items()}  # type: ignore[misc]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, data in files.items():
            if data is not None:
                box.writestr(name, data)
    return out.getvalue()


def test_what_cannot_be_read_is_refused_with_its_place(whole: Bench, office: Person) -> None:
    good = made()
    manifest = zipfile.ZipFile(io.BytesIO(good)).read("pack.toml")
    cases = {
        "zip": b"PK\x03\x04 nothing",
        "zip ": good[: len(good) // 2],
        "pack.toml": rezipped(good, **{"pack.toml": None}),
        "pack.toml: sequence": rezipped(good, **{"pack.toml": manifest.replace(b"sequence = ", b"sequence = -")}),
        "pack.toml: extra": rezipped(good, **{"pack.toml": manifest + b"\nextra = 1\n"}),
        "../evil.toml": rezipped(good, **{"../evil.toml": b""}),
        "drivers/x.toml": rezipped(good, **{"drivers/x.toml": b""}),
        "gói rỗng": rezipped(good, **{"procedures/moi.toml": None}),
        "agencies.toml: agency": rezipped(good, **{"agencies.toml": b"agency = []"}),
    }
    for where, content in cases.items():
        found = refused(whole, "pack.unreadable", content, signature(office, content))
        assert found.facts["where"] == where.strip(), where
    bomb = rezipped(good, **{"procedures/gross.toml": b"\0" * (33 << 20)})
    assert refused(whole, "pack.unreadable", bomb, signature(office, bomb)).facts["where"] == "quá lớn"
    newer = rezipped(good, **{"pack.toml": manifest.replace(b"format = 1", b"format = 2")})
    refused(whole, "pack.newer_format", newer, signature(office, newer))


@pytest.mark.parametrize(("file", "where"), [
    ({"procedures__x": "schema = 1\ncode = 3"}, "x.toml"),
    ({"regulations__x": STRICTER.format(day="2026-11-01").replace("400", "100")}, "[scan] dpi"),
    ({"regulations__x": "not = [toml"}, "dòng"),
    ({"regulations__x": STRICTER.format(day="2026-11-01").replace("tt02-2019", "nobody")}, "adds_to"),
])  # fmt: skip
def test_rules_the_desk_cannot_work_by_are_refused_whole(
    whole: Bench, office: Person, file: dict[str, str], where: str
) -> None:
    good = PROCEDURE.format(code="9.000555", title="Thủ tục kèm theo", part="Đơn")
    content = made({"id": "hong"}, procedures__good=good, **file)
    found = refused(whole, "pack.unusable", content, signature(office, content))
    assert where in found.facts["where"]
    assert not whole.desk.book_today().search("thủ tục kèm theo")


def test_a_pack_this_program_cannot_load_any_more_gives_way_to_the_one_before(
    whole: Bench, office: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PROCEDURE.format(code="9.000999", title="Bản trước", part="Đơn")
    kept = taken(whole, office, made({"id": "doi-sau"}, procedures__a=text)).pack
    bad = taken(whole, office, made({"id": "doi-sau"}, procedures__a=text.replace("Bản trước", "Bản sau"))).pack
    content = whole.desk.cabinet.packs.content

    def as_by_a_later_program(pack_id: str, sequence: int) -> bytes:
        return b"" if (pack_id, sequence) == (bad.id, bad.sequence) else content(pack_id, sequence)

    monkeypatch.setattr(whole.desk.cabinet.packs, "content", as_by_a_later_program)
    desk = replace(whole.desk, editions=assemble.editions(whole.place, whole.desk.rulebook, whole.desk.cabinet))
    assert desk.editions is not None
    assert desk.book_today().search("bản trước")
    assert not desk.book_today().search("bản sau")
    assert f"doi-sau#{kept.sequence}" in desk.edition_today().key
    assert [one.code for one in desk.editions.bad] == ["pack.unreadable"]
    mine = replace(fresh(whole), packs=f"doi-sau#{bad.sequence}")
    with pytest.raises(DeskError, match="pack"):
        desk.law_of(mine)  # better no answer than another law


def test_from_a_stick_with_its_signature_beside_it(whole: Bench, office: Person, tmp_path: Path) -> None:
    content = made({"id": "tu-usb"})
    file = tmp_path / "goi.zip"
    with pytest.raises(DeskError, match="not_found"):
        packs.take_file(whole.desk, file, whole.officer)
    file.write_bytes(content)
    with pytest.raises(DeskError, match="unsigned"):
        packs.take_file(whole.desk, file, whole.officer)
    file.with_name("goi.zip.p7s").write_bytes(signature(office, content))
    assert packs.take_file(whole.desk, file, whole.officer).pack.id == "tu-usb"
    line = whole.desk.cabinet.journal.entries("pack:tu-usb")[0]
    assert (line.action, line.by) == ("pack_taken", whole.officer.id)
    file.write_bytes(b"\0" * (5 << 20))
    with pytest.raises(DeskError, match="unreadable"):
        packs.take_file(whole.desk, file, whole.officer)


def test_another_program_finds_the_signature_good(authority: Authority, office: Person, tmp_path: Path) -> None:
    content = made()
    (tmp_path / "goi.zip").write_bytes(content)
    (tmp_path / "goi.p7s").write_bytes(signature(office, content))
    (tmp_path / "root.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    command = (
        "openssl cms -verify -inform DER -binary -in goi.p7s -content goi.zip -CAfile root.pem -purpose any -out out"
    )
    done = subprocess.run([*command.split(), "-attime", "1795230942"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == content


def test_packs_come_from_the_province_newer_ones_only(whole: Bench, office: Person, tmp_path: Path) -> None:
    with LocalProvince(tmp_path / "p") as province:
        profile = GatewayProfile("p", province.url, "quay-1", province.token, timeout_s=5.0)
        desk = replace(whole.desk, link=GatewayLink(profile))

        def publish(sequence: int, *, broken: bool = False) -> None:
            content = made({"id": "tu-tinh", "sequence": sequence})
            sign = signature(office, b"other" if broken else content)
            (tmp_path / "goi.zip").write_bytes(content)
            (tmp_path / "goi.zip.p7s").write_bytes(sign)
            province.offer("pack", id="tu-tinh", sequence=sequence, file=str(tmp_path / "goi.zip"))

        publish(5)
        province.fault("truncated", on="pack")
        assert (told := packs.fetch(desk)).code == "pack.cut", told
        found = packs.fetch(desk)
        assert ([one.pack.sequence for one in found.taken], found.code) == ([5], "")
        assert packs.fetch(desk) == packs.FetchedPacks()
        publish(4)
        assert packs.fetch(desk) == packs.FetchedPacks()
        publish(6, broken=True)
        assert (told := packs.fetch(desk)).code == "pack.altered", told
        refusals = len(desk.cabinet.journal.entries("pack:tu-tinh-6"))
        assert packs.fetch(desk) == packs.FetchedPacks()  # not fetched again as it is
        assert (told := packs.fetch(desk, again=True)).code == "pack.altered", told
        assert refusals == 1
        publish(7)
        assert [one.pack.sequence for one in packs.fetch(desk).taken] == [7]
        assert desk.cabinet.packs.newest("tu-tinh") == 7
