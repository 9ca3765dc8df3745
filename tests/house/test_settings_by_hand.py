# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files people edit by hand: what an editor made of them is read, or refused with its place. Never half, never late."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer_desk import settings
from digitizer_desk.devices import manifest, token_manifest
from digitizer_desk.errors import DeskError
from digitizer_desk.province import profile
from digitizer_desk.settings import Settings, Unit

ROOT = Path(__file__).parents[2]
MARK = b"\xef\xbb\xbf"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def refused(file: Path, text: str) -> str:
    file.write_text(text, "utf-8")
    with pytest.raises(DeskError) as told:
        settings.read(file)
    assert told.value.code == "settings.unreadable"
    return str(told.value.facts["where"])


def test_what_notepad_saved_is_read(file: Path) -> None:
    file.write_bytes(MARK + "[unit]\r\nname = 'UBND phường Bến Thông'\r\n".encode())
    assert settings.read(file).unit.name == "UBND phường Bến Thông"


def test_so_are_profiles_and_manifests(tmp_path: Path) -> None:
    given = (
        (profile.read, next((ROOT / "resources/examples/provinces").glob("*.toml"))),
        (manifest.read_manifest, next((ROOT / "drivers/scanners").glob("*.toml"))),
        (token_manifest.read_manifest, next((ROOT / "drivers/tokens").glob("*.toml"))),
    )
    for read, file in given:
        marked = tmp_path / file.name
        marked.write_bytes(MARK + file.read_bytes())
        assert read(marked) == read(file)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[retention]\ndays = 999999\n", "retention.days"),
        ("[timestamps]\nrenew_days = 999999999999\n", "timestamps.renew_days"),
        ("[sending]\noverdue_hours = inf\n", "sending.overdue_hours"),
        ("[province]\ntimeout_s = inf\n", "province.timeout_s"),
        ("[backup]\nevery_minutes = 99999999999\n", "backup.every_minutes"),
        ("[scanner]\nsheet_mm = [0, 297]\n", "scanner.sheet_mm.0"),
        ("[intake]\nstill_seconds = nan\n", "intake.still_seconds"),
    ],
)
def test_a_number_nobody_can_reckon_with_is_told_at_once_not_when_it_is_used(file: Path, text: str, where: str) -> None:
    assert refused(file, text) == where


def test_what_is_no_toml_is_told_with_its_line(file: Path) -> None:
    assert refused(file, "[unit]\nname = 'a'\ncode = \n") == "dòng 3"
    assert refused(file, "x = " + "[" * 3000) == "TOML"


def test_whatever_a_name_holds_is_read_back(file: Path) -> None:
    odd = "a\x7fb\x01\u0085\u2028\"\\'\n\t"
    settings.write(file, Settings(unit=Unit(name=odd)))
    assert settings.read(file).unit.name == odd
