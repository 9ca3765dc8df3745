# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Scanner manifests: ours all load; a strange one is refused with its file and key; the best match wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.scanning.rig import FOLDER, OURS
from digitizer_desk.devices.manifest import PLAIN, load_manifests, read_manifest
from digitizer_desk.errors import RulesError

PLAIN_TEXT = """
schema = 1
id = "{id}"
title = "Máy thử"
knowledge = "thử"
untested = "tất cả"
[match]
backend = {backend}
"""


def write(folder: Path, name: str, *, backend: str = '["fujitsu"]', more: str = "") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(PLAIN_TEXT.format(id=name, backend=backend) + more, "utf-8")
    return file


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_each_of_ours_says_what_it_knows_and_what_nobody_tried(file: Path) -> None:
    manifest = read_manifest(file)
    assert manifest.id == file.stem
    assert manifest.knowledge
    assert manifest.untested


def test_only_what_ran_here_counts_as_tested() -> None:
    assert {m.id for m in OURS.all if m.tested} == {"airscan", "sane-test"}


def test_an_unknown_device_gets_the_generic_manifest_and_no_trust() -> None:
    manifest = OURS.of("xerox_mfp", "Samsung", "SCX-4200")
    assert manifest.id == "generic-sane"
    assert "end_of_stack_untrusted" in manifest.quirks


def test_a_folder_without_manifests_still_gives_a_plain_one(tmp_path: Path) -> None:
    assert load_manifests([tmp_path, tmp_path / "none"]).of("fujitsu") is PLAIN


def test_the_most_specific_match_wins(tmp_path: Path) -> None:
    write(tmp_path, "any", backend='["*"]')
    write(tmp_path, "family")
    write(tmp_path, "model", more='vendor = ["*"]\nmodel = ["*FI-71?0*"]\n')
    ours = load_manifests([tmp_path])
    assert ours.of("fujitsu", "FUJITSU", "fi-7160").id == "model"
    assert ours.of("fujitsu", "", "fujitsu:fi-7160:1234").id == "model"
    assert ours.of("fujitsu", "FUJITSU", "ScanSnap").id == "family"
    assert ours.of("canon_dr", "Canon", "DR-C230").id == "any"


def test_the_sites_file_replaces_ours_and_wins_among_equals(tmp_path: Path) -> None:
    own, site = tmp_path / "own", tmp_path / "site"
    own.mkdir()
    site.mkdir()
    write(own, "fujitsu")
    write(own, "other", backend='["kodak"]')
    write(site, "fujitsu", more="[timeouts]\nopen_s = 99\n")
    write(site, "zz-local", backend='["kodak"]')
    both = load_manifests([own, site])
    assert both.of("fujitsu").timeouts.open_s == 99
    assert both.of("kodak").id == "zz-local"
    assert len(both.all) == 3


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('colour = "red"\n', "match.colour"),
        ("[timeouts]\nopen = 3\n", "timeouts.open"),
        ('[options]\nsauce = "x"\n', "options.sauce"),
        ('[sensors]\npapers = "page-loaded"\n', "sensors.papers"),
    ],
)
def test_an_unknown_key_is_named_with_its_file(tmp_path: Path, more: str, key: str) -> None:
    with pytest.raises(RulesError) as caught:
        read_manifest(write(tmp_path, "strange", more=more))
    assert caught.value.code == "manifest.unknown_key"
    assert caught.value.facts == {"file": "strange.toml", "key": key}


@pytest.mark.parametrize(
    "more",
    [
        "[timeouts]\nopen_s = 0\n",
        '[timeouts]\nopen_s = "20"\n',
        '[faults]\n"Paper dust" = "scanner.dusty"\n',
        '[faults]\n"Paper dust" = "token.none"\n',
        "[options.source]\nadf = ['ADF']\n",
        "not toml",
        '[options.duplex]\noption = "adf-mode"\n',
        "[options.feature.magic]\non = { x = 1 }\n",
        "[options.feature.deskew]\nblack = { x = 1 }\n",
        "[options.feature.backing]\non = { x = 1 }\n",
        '[sensors]\ncounter_counts = "staples"\n',
    ],
)
def test_a_wrong_value_is_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(RulesError) as caught:
        read_manifest(write(tmp_path, "strange", more=more))
    assert caught.value.code in ("manifest.unreadable", "manifest.unknown_key")
    assert caught.value.facts["file"] == "strange.toml"


def test_an_unknown_quirk_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "strange")
    file.write_text('quirks = ["walks_on_water"]\n' + file.read_text("utf-8"), "utf-8")
    with pytest.raises(RulesError) as caught:
        read_manifest(file)
    assert caught.value.code == "manifest.unreadable"


def test_one_id_twice_in_a_folder_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, "a")
    (tmp_path / "b.toml").write_text((tmp_path / "a.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(RulesError) as caught:
        load_manifests([tmp_path])
    assert caught.value.facts == {"file": "b.toml"}


def test_a_search_asks_named_drivers_only_and_no_device_twice() -> None:
    assert OURS.searched() == (
        *("airscan", "avision", "canon_dr", "epjitsu", "epsonds", "fujitsu", "genesys", "hp5590", "kodak"),
        *("kvs1025", "kvs20xx", "kvs40xx"),
    )
    # those ask the network or show what another shows better
    for name in ("escl", "test", "hpaio", "brother4", "brother5", "epson2", "epsonscan2", "kodakaio", "twain"):
        assert name not in OURS.searched()
    assert OURS.hidden("escl")
    assert OURS.hidden("test")
    assert not OURS.hidden("hpaio")
    assert not OURS.hidden("kodak")


def test_a_manifest_chooses_how_libsane_is_called(tmp_path: Path) -> None:
    file = write(tmp_path, "odd")
    assert read_manifest(file).host == "sane"
    file.write_text('binding = "direct"\n' + file.read_text("utf-8"), "utf-8")
    assert read_manifest(file).host == "sane-direct"
    file.write_text(file.read_text("utf-8").replace("direct", "magic"), "utf-8")
    with pytest.raises(RulesError):
        read_manifest(file)
