# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Work types: read strictly, held to the law, a site's file before the built-in one, a bad one left out and told."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from digitizer_desk import messages
from digitizer_desk.dossier.batch import Turned
from digitizer_desk.errors import DeskError
from digitizer_desk.rules.load import Rulebook, load_rulebook
from digitizer_desk.rules.work_types import Once, WorkType, load_work_types, read_work_type

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
BUILT_IN = RESOURCES / "worktypes"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook([RESOURCES / "regulations"], [RESOURCES / "procedures"])


def _file(folder: Path, lines: str, name: str = "cua-tinh") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.toml"
    file.write_text(f'schema = 1\nid = "{name}"\nname = "Của tỉnh"\n{lines}\n', "utf-8")
    return file


def test_every_built_in_work_type_keeps_to_every_law_and_has_its_own_key(book: Rulebook) -> None:
    types = load_work_types([BUILT_IN], book.regulations)
    assert types.refused == ()
    assert len(types.all) == len(list(BUILT_IN.glob("*.toml"))) >= 5
    keys = [t.key for t in types.all if t.key]
    assert keys == sorted(set(keys))
    assert all(t.name and t.note for t in types.all)
    names = {t.name for t in types.all}
    assert {"Hồ sơ nhiều trang", "CCCD hai mặt", "Khổ lớn (A3)", "Kết quả TTHC"} <= names


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("dpi = 150", "dpi"),
        ('mode = "bw"', "mode"),
        ('mode = "gray"', "mode"),
        ("dpi = 0", "dpi"),
        ('key = "12"', "key"),
        ("colour = true", "colour"),
        ("sheet_mm = [210.0]", "sheet_mm"),
        ('source = "feeder-duplex"\nturn_by_hand = "reversed"', "turn_by_hand"),
        ("dpi = ", "toàn tệp"),
    ],
)
def test_a_file_below_the_law_or_misspelt_is_refused_with_file_and_key(
    book: Rulebook, tmp_path: Path, lines: str, key: str
) -> None:
    file = _file(tmp_path / "site", lines)
    with pytest.raises(DeskError) as refused:
        read_work_type(file, book.regulations)
    assert refused.value.code == "rules.work_type_refused"
    assert refused.value.facts["file"] == "cua-tinh.toml"
    assert refused.value.facts["where"] == key
    assert "bộ phận CNTT" in messages.sentence(refused.value)
    types = load_work_types([BUILT_IN, tmp_path / "site"], book.regulations)
    assert [problem.facts["where"] for problem in types.refused] == [key]
    assert types.get("nhieu-trang") is not None, "the counter goes on with the others"


def test_a_site_replaces_a_built_in_one_and_a_key_is_never_shared(book: Rulebook, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _file(site, 'key = "3"\ndpi = 400', "kho-lon")
    _file(site, 'key = "1"', "moi")
    types = load_work_types([BUILT_IN, site], book.regulations)
    large = types.get("kho-lon")
    assert large is not None
    assert (large.name, large.dpi) == ("Của tỉnh", 400)
    assert types.get("moi") is None
    (problem,) = types.refused
    assert (problem.facts["file"], problem.facts["where"]) == ("moi.toml", "key")
    assert "Hồ sơ nhiều trang" in problem.facts["why"]


def test_a_change_for_once_is_another_value_and_the_profile_stays(book: Rulebook) -> None:
    types = load_work_types([BUILT_IN], book.regulations)
    profile = types.first
    changed = Once(dpi=400, source="flatbed").on(profile)
    assert (changed.dpi, changed.source, changed.id) == (400, "flatbed", profile.id)
    assert types.first == profile
    assert profile.dpi is None
    with pytest.raises(FrozenInstanceError):
        profile.dpi = 100  # type: ignore[misc]
    assert not Once().changes
    assert Once().on(profile) == profile


def test_another_way_in_is_no_stack_turned_by_hand() -> None:
    by_hand = WorkType("x", "X", source="feeder", turned=Turned.SAME)
    assert Once(source="flatbed").on(by_hand).turned is None
    assert Once(dpi=400).on(by_hand).turned is Turned.SAME
