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
