# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What ``doctor`` says about the way to the province, as IT reads it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from digitizer_desk import assemble, settings
from digitizer_desk.app import doors, main
from digitizer_desk.cli.doctor import examine_province
from digitizer_desk.paths import DeskPaths
from digitizer_desk.training.province import LocalProvince
from stand_ins.as_national_portal import PASSWORD, USER, AsNationalPortal


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskPaths:
    place = DeskPaths(tmp_path / "desk")
    assemble.set_up(place)
    place.provinces.mkdir(parents=True)
    settings.write(place.settings_file, settings.Settings(province=settings.ProvinceChoice(profile="tinh")))
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(place.data))
    return place


def told(place: DeskPaths) -> str:
    return "\n".join(f"{part.state} {part.name} {part.words}" for part in examine_province(doors(place.data)))


def test_each_stretch_of_the_way_is_told(
    place: DeskPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert "province.profile_unreadable" in told(place)
    with LocalProvince(tmp_path / "province") as province:
        (place.provinces / "tinh.toml").write_text(
            f'kind = "gateway"\naddress = "{province.url}"\n[login]\nway = "oauth2"\nuser = "quay-1"\n', "utf-8"
        )
        assert "chưa có khóa truy cập dùng được" in told(place)
        monkeypatch.setattr(sys, "stdin", io.StringIO(province.token + "\n"))
        assert main(["connect", "--secret-stdin"]) == 0
        good = told(place)
        assert "ok Hệ thống tỉnh: đăng nhập vào được «Tỉnh mô phỏng»" in good
        assert "phiên bản 1.2.0" in good
        assert province.token not in good + capsys.readouterr().out
    assert "bad Hệ thống tỉnh: kết nối 127.0.0.1 từ chối cổng" in told(place)
    settings.write(place.settings_file, settings.Settings())
    assert "chưa nối với tỉnh" in told(place)


def test_codes_a_complete_table_lacks_are_named(place: DeskPaths):
    password = '[login]\nway = "password"\nuser = "x"\n'
    tables = '[codes]\ncomplete = ["units"]\n[codes.units]\n'
    (place.provinces / "cong.toml").write_text(
        f'kind = "national"\naddress = "http://127.0.0.1:1"\ndesk_id = "q"\n{password}[national]\nafter = "tinh"\n'
        f'{tables}"000.00.10.H08" = "U"\n',
        "utf-8",
    )
    (place.provinces / "tinh.toml").write_text(
        f'kind = "td"\naddress = "http://127.0.0.1:1"\n{password}{tables}"000.00.11.H08" = "U"\n', "utf-8"
    )
    province, unit = settings.ProvinceChoice(profile="cong"), settings.Unit(code="000.00.10.H08")
    settings.write(place.settings_file, settings.Settings(province=province, unit=unit))
    said = told(place)
    assert "bad Hệ thống tỉnh: bảng mã chưa khai mã cho cơ quan 000.00.10.H08" in said
    assert "ok Cổng quốc gia: bảng mã đủ mã" in said
    assert "warn Cổng quốc gia: danh sách giấy tờ" in said
    assert "bad Cổng quốc gia: kết nối 127.0.0.1 từ chối" in said


def test_the_portal_s_password_is_asked_for_by_its_name_and_tried(
    place: DeskPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with LocalProvince(tmp_path / "province") as province, AsNationalPortal() as portal:
        (place.provinces / "cong.toml").write_text(f'kind = "gateway"\naddress = "{province.url}"\n', "utf-8")
        (place.provinces / "tinh.toml").write_text(
            f'kind = "national"\nname = "Cổng"\naddress = "{portal.url}"\ndesk_id = "q"\n[login]\nway = "password"\n'
            f'user = "{USER}"\n[national]\nafter = "cong"\ndestination = "D"\nsecond_message = "updates"\n',
            "utf-8",
        )
        for what, secret in (("login", province.token), ("portal", "sai"), ("portal", PASSWORD)):
            monkeypatch.setattr(sys, "stdin", io.StringIO(secret + "\n"))
            code = main(["connect", "--secret-stdin", "--what", what])
            said = capsys.readouterr()
            assert (code == 0) == (secret == PASSWORD), what
            assert secret not in said.out + said.err
        assert "Đã nối với «Tỉnh mô phỏng»" in said.out
        assert "Đã nối với «Cổng»" in said.out
        good = told(place)
        assert "ok Cổng quốc gia: đăng nhập vào được «Cổng»" in good
        assert "bad" not in good
