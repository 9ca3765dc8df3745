# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of codes: read strictly, shared between profiles, and what they lack is told before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from digitizer_desk.errors import DeskError
from digitizer_desk.province.connect import link_of
from digitizer_desk.province.http import GatewayLink
from digitizer_desk.province.link import Accepted, Rejected
from digitizer_desk.province.profile import Codes, Login, OpenCps, Profile, Secrets, read
from digitizer_desk.province.systems.talk import codes_in, missing, paper_of
from digitizer_desk.province.wire import Answer, Wire
from digitizer_desk.training.province import LocalProvince
from province.samples import parcel_of, pdf_of
from stand_ins.as_opencps import AsOpenCps
from stand_ins.as_td import AsTd

PDF = pdf_of()
DOSSIER = "000.00.10.H08-261120-0006"
HEAD = """
kind = "td"
address = "https://tinh.example.gov.vn"
[login]
way = "password"
user = "x"
"""


def test_all_four_kinds_are_mapped():
    codes = Codes(
        procedures={"1.001193": "P"}, components={"TP02": "C"}, papers={"GCS": "K"}, units={"000.00.10.H08": "U"}
    )
    paper = paper_of(parcel_of(PDF), codes)
    assert (paper.procedure, paper.component, paper.kind, paper.unit) == ("P", "C", "K", "U")
    as_ours = paper_of(parcel_of(PDF), Codes())
    assert (as_ours.procedure, as_ours.component, as_ours.kind, as_ours.unit) == (
        "1.001193",
        "TP02",
        "GCS",
        "000.00.10.H08",
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("procedures", "thủ tục 1.001193"),
        ("components", "thành phần TP02"),
        ("papers", "loại giấy tờ GCS"),
        ("units", "cơ quan 000.00.10.H08"),
    ],
)
@pytest.mark.parametrize("kind", ["opencps", "td"])
def test_a_code_a_complete_table_lacks_holds_the_parcel_and_nothing_is_sent(kind: str, table: str, said: str):
    codes = Codes(complete=(table,))  # type: ignore[arg-type]
    assert missing(codes, codes_in(parcel_of(PDF).body)) == (said,)
    with AsOpenCps(DOSSIER) if kind == "opencps" else AsTd(DOSSIER, "TP02") as server:
        profile = Profile(
            kind=kind,  # type: ignore[arg-type]
            address=server.url,
            desk_id="quay-1",
            login=Login(way="password", user="canbo"),
            opencps=OpenCps(group=55217),
            codes=codes,
        )
        link = link_of(profile, Secrets("x"), Path())
        assert link is not None
        parcel = parcel_of(PDF, tries=1)
        assert link.look(parcel) is None
        assert link.deliver(parcel, PDF, lambda _sent, _total: None) == Rejected("province.code_unmapped", said)
        assert server.spec.used == set()


def test_our_own_contract_takes_the_province_s_codes_beside_the_record(
    province: LocalProvince, link_to: Callable[..., GatewayLink], monkeypatch: pytest.MonkeyPatch, contract: Path
):
    told: list[str] = []
    ask = Wire.ask

    def listen(self: Wire, method: str, path: str, **others: Any) -> Answer:
        told.append((others.get("headers") or {}).get("Province-Codes", ""))
        return ask(self, method, path, **others)

    monkeypatch.setattr(Wire, "ask", listen)
    parcel = parcel_of(PDF)
    codes = Codes(complete=("components",), components={"TP02": 'Giấy "2"'}, units={"000": "U"})
    link = link_to(province, codes=codes)
    assert isinstance(link.deliver(parcel, PDF, lambda _sent, _total: None), Accepted)
    said = [one for one in told if one]
    assert said == ['components="Gi%E1%BA%A5y%20%222%22", units="000.00.10.H08"']
    put = yaml.safe_load(contract.read_text("utf-8"))["paths"]["/v1/parcels/{parcel_id}"]["put"]
    assert re.fullmatch(put["parameters"][0]["schema"]["pattern"], said[0])
    told.clear()
    lacks = link_to(province, codes=replace(codes, components={}))
    reply = lacks.deliver(parcel_of(PDF), PDF, lambda _sent, _total: None)
    assert reply == Rejected("province.code_unmapped", "thành phần TP02")
    assert told == []


def test_a_shared_table_lies_below_the_profile_s_own(tmp_path: Path):
    (tmp_path / "ma.toml").write_text('[components]\nTP01 = "A"\nTP02 = "B"\n[units]\n"000" = "U"\n', "utf-8")
    (tmp_path / "tinh.toml").write_text(
        HEAD + '[codes]\nfile = "ma.toml"\ncomplete = ["components"]\n[codes.components]\nTP02 = "C"\n', "utf-8"
    )
    codes = read(tmp_path / "tinh.toml").codes
    assert codes == Codes(
        file="ma.toml", complete=("components",), components={"TP01": "A", "TP02": "C"}, units={"000": "U"}
    )
    assert (codes.theirs("components", "TP09"), codes.theirs("units", "111")) == (None, "111")
    assert codes.theirs("components", "") == ""


@pytest.mark.parametrize(
    ("shared", "file", "where"),
    [
        ("[component]\nTP01 = 'A'\n", "ma.toml", "component"),
        ("[components]\nTP01 = 1\n", "ma.toml", "components.TP01"),
        ("file = 'other.toml'\n", "ma.toml", "file"),
        ("[components\n", "ma.toml", "codes.file"),
        (None, "ma.toml", "codes.file"),
    ],
)
def test_a_fault_in_a_shared_table_is_named(tmp_path: Path, shared: str | None, file: str, where: str):
    if shared is not None:
        (tmp_path / "ma.toml").write_text(shared, "utf-8")
    (tmp_path / "tinh.toml").write_text(HEAD + '[codes]\nfile = "ma.toml"\n', "utf-8")
    with pytest.raises(DeskError) as caught:
        read(tmp_path / "tinh.toml")
    assert (caught.value.code, caught.value.facts) == ("province.profile_unreadable", {"file": file, "where": where})


NATIONAL = """
kind = "national"
address = "https://lgsp.example.gov.vn"
desk_id = "quay-1"
[login]
way = "password"
user = "x"
[national]
after = "tinh"
unit = "000.00.10.H08"
unit_name = "UBND"
"""


@pytest.mark.parametrize(
    ("changed", "by", "where"),
    [
        ('after = "tinh"', 'after = ""', "national.after"),
        ('after = "tinh"', 'after = "../tinh"', "national.after"),
        ('desk_id = "quay-1"', "", "desk_id"),
        ('unit_name = "UBND"', 'unit_name = "UBND"\nservice_path = "x"', "national.service_path"),
        ('unit_name = "UBND"', 'unit_name = "UBND"\nfiles = "ftp://x/{number}"', "national.files"),
        ('unit_name = "UBND"', 'unit_name = "UBND"\nfiles = "https://x/{nothing}"', "national.files"),
        ('unit_name = "UBND"', 'unit_name = "UBND"\nsecond_message = "adds"', "national.second_message"),
        ('unit_name = "UBND"', 'unit_name = "UBND"\nstate = 11', "national.state"),
        ('unit_name = "UBND"', 'unit_name = "UBND"\n[national.lgsp]\nway = "header"', "national.lgsp.user"),
        (
            'unit_name = "UBND"',
            'unit_name = "UBND"\n[national.lgsp]\nway = "bearer"\nuser = "x"',
            "national.lgsp.token_address",
        ),
    ],
)
def test_a_profile_of_the_portal_is_read_strictly(tmp_path: Path, changed: str, by: str, where: str):
    file = tmp_path / "cong.toml"
    file.write_text(NATIONAL, "utf-8")
    assert read(file).national.after == "tinh"
    assert changed in NATIONAL
    file.write_text(NATIONAL.replace(changed, by), "utf-8")
    with pytest.raises(DeskError) as caught:
        read(file)
    assert caught.value.facts["where"] == where
