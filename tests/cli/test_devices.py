# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``devices``: what is seen, how the search of everything tells of itself, and the option list for bug reports."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from digitizer_desk.app import main
from digitizer_desk.training.scanner import NAME, VirtualScanner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SANE is asked for here")
Said = Callable[[], list[dict[str, Any]]]

SCANNER_KEYS = {"kind", "id", "vendor", "model", "backend", "manifest", "tested", "untested"}
OPTION_KEYS = {"option", "title", "kind", "unit", "active", "abilities", "choices", "limits", "value", "count"}
ABLE_KEYS = {
    *("ways", "double_feed", "backings", "clips_background", "overscan", "auto_length", "hardware_deskew"),
    *("hardware_crop", "paper_sensor", "cover_sensor", "counter", "buttons", "manifest"),
}


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: [json.loads(text) for text in capsys.readouterr().out.splitlines() if text.startswith("{")]


@pytest.fixture
def virtual(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualScanner]:
    """A network scanner this machine's SANE is set up for, and nothing else."""
    with VirtualScanner() as scanner:
        for name, value in scanner.sane_env.items():
            monkeypatch.setenv(name, value)
        yield scanner


def test_scanners_come_with_their_manifest_and_what_is_untested(virtual: VirtualScanner, said: Said) -> None:
    main(["devices", "--json"])
    (scanner,) = [told for told in said() if told["kind"] == "scanner"]
    assert set(scanner) == SCANNER_KEYS
    assert (scanner["model"], scanner["manifest"], scanner["tested"]) == (NAME, "airscan", True)
    assert "máy quét thật" in scanner["untested"]


def test_the_search_of_everything_tells_of_each_backend(virtual: VirtualScanner, said: Said) -> None:
    main(["devices", "--all", "--json"])
    told = said()
    assert [one["model"] for one in told if one["kind"] == "scanner"] == [NAME]
    (asked,) = [one for one in told if one["kind"] == "backend"]
    assert (asked["backend"], asked["found"], asked["code"]) == ("airscan", 1, "")
    assert asked["seconds"] >= 0


def test_a_person_reads_what_nobody_tried_and_how_to_search_everything(
    virtual: VirtualScanner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    main(["devices"])
    out = capsys.readouterr().out
    assert "airscan: chưa thử: mọi máy quét thật" in out
    assert "--all" not in out
    (tmp_path / "dll.conf").write_text("test\n", "utf-8")
    (tmp_path / "airscan.conf").write_text("[options]\ndiscovery = disable\nws-discovery = off\n", "utf-8")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))
    main(["devices"])
    assert "devices --all" in capsys.readouterr().out


def test_the_option_list_of_a_bug_report(said: Said) -> None:
    assert main(["devices", "--options", "test:0", "--json"]) == 0
    about, *options = said()
    assert set(about) == {"kind", "device", "program", *ABLE_KEYS}
    assert (about["kind"], about["manifest"]) == ("options", "sane-test")
    assert [way["source"] for way in about["ways"]] == ["flatbed", "feeder"]
    assert all(set(option) == OPTION_KEYS for option in options)
    named = {option["option"]: option for option in options}
    assert named["mode"]["choices"] == ["Gray", "Color"]
    assert named["ppl-loss"]["unit"] == "px"
    assert named["three-pass"]["active"] is False
    assert named["red-gamma-table"]["count"] == 256
    assert named["red-gamma-table"]["value"] is None


def test_the_option_list_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--options", "test:0"]) == 0
    out = capsys.readouterr().out
    for words in ("tệp mô tả sane-test", "nguồn giấy", "read-delay", "đang ẩn", "int[256]"):
        assert words in out


def test_options_of_a_scanner_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--options", "nosuchdriver:0"]) == 3
    assert capsys.readouterr().err.startswith("scanner.driver_missing: ")
