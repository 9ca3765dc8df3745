# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``digitizer-desk scan``: what came stays, the end has one word and one exit code, nothing is overwritten."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.scanning.rig import mark_of, sheet, stack
from digitizer_desk.app import main
from digitizer_desk.devices.process import own_program, surroundings
from digitizer_desk.imaging.master import as_png, decode
from digitizer_desk.training.scanner import VirtualScanner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SANE is asked for here")

KEYS = {"file", "page", "width", "height", "dpi", "bytes"}
SUMMARY = {"summary", "pages", "end", "counter", "ahead", "count", "proofs", "code"}


@pytest.fixture(scope="module")
def _tray() -> Iterator[VirtualScanner]:
    with VirtualScanner() as scanner:
        yield scanner


@pytest.fixture
def tray(_tray: VirtualScanner, monkeypatch: pytest.MonkeyPatch) -> VirtualScanner:
    _tray.clear()
    for name, value in _tray.sane_env.items():
        monkeypatch.setenv(name, value)
    return _tray


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], tuple[list[dict[str, Any]], str]]:
    """The JSON objects of stdout, and stderr."""

    def read() -> tuple[list[dict[str, Any]], str]:
        out, err = capsys.readouterr()
        return [json.loads(line) for line in out.splitlines()], err

    return read


def scan(tray: VirtualScanner, out: Path, *more: str) -> int:
    return main(["scan", "--device", tray.device, "--out", str(out), "--json", *more])


def a4(name: str, count: int) -> list[bytes]:
    return [sheet(name, number, 2480, 3508) for number in range(count)]


def test_lossless_pages_and_a_proved_count(tray: VirtualScanner, tmp_path: Path, said: Any) -> None:
    sheets = a4("cli", 2)
    tray.lay(sheets)
    assert scan(tray, tmp_path) == 0
    (*pages, summary), err = said()
    assert [mark_of(Path(page["file"]).read_bytes()) for page in pages] == [mark_of(png) for png in sheets]
    assert all(page.keys() == KEYS for page in pages)
    assert summary == {
        "summary": True, "pages": 2, "end": "empty", "counter": 2, "ahead": None, "count": "proved",
        "proofs": {"images_completed": 2, "feeder_empty": 1}, "code": None,
    }  # fmt: skip
    assert "khớp" in err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0001.png", "0002.png"]


def test_a_fault_keeps_what_came_and_is_exit_three(tray: VirtualScanner, tmp_path: Path, said: Any) -> None:
    sheets = a4("jam", 2)
    tray.lay(sheets)
    tray.fault(after=1, kind="jam")
    assert scan(tray, tmp_path) == 3
    (page, summary), err = said()
    assert mark_of(Path(page["file"]).read_bytes()) == mark_of(sheets[0])
    assert (summary["pages"], summary["end"], summary["code"]) == (1, "fault", "scanner.jam")
    assert summary.keys() == SUMMARY
    assert err.startswith("scanner.jam: Kẹt giấy ở trang 2.")


def test_a_silent_end_is_a_fault(tray: VirtualScanner, tmp_path: Path, said: Any) -> None:
    tray.lay(stack("s", 3))
    tray.fault(after=1, kind="silent")
    assert scan(tray, tmp_path, "--dpi", "100", "--mode", "gray") == 3
    (page, summary), err = said()
    assert page["width"] > 0
    assert (summary["end"], summary["count"], summary["code"]) == ("empty", "differs", "scanner.count_differs")
    assert err.startswith("scanner.count_differs: Số trang không khớp.")


def test_a_folder_with_pages_is_refused_before_paper_moves(tray: VirtualScanner, tmp_path: Path, said: Any) -> None:
    (tmp_path / "0003.png").write_bytes(b"old")
    tray.lay(stack("o", 2))
    assert scan(tray, tmp_path) == 2
    assert said()[1].startswith("file.exists: ")
    assert tray.state()[1] == 2
    assert (tmp_path / "0003.png").read_bytes() == b"old"


def test_a_full_disk_leaves_whole_pages_only(tray: VirtualScanner, tmp_path: Path, said: Any) -> None:
    """A small page fits, the next does not: it is said, and no torn file lies there."""
    tray.lay([as_png(np.full((3508, 2480, 3), 255, np.uint8), (300.0, 300.0)), sheet("full", 1, 2480, 3508)])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, limits[1]))
    try:
        code = scan(tray, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    (page, summary), err = said()
    assert (code, summary["pages"], summary["code"]) == (3, 1, "store.disk_full")
    assert err.startswith("store.disk_full: ")
    assert [file.name for file in tmp_path.iterdir()] == [Path(page["file"]).name]


def test_jpeg_when_asked(tray: VirtualScanner, tmp_path: Path) -> None:
    tray.lay(stack("j", 1))
    assert scan(tray, tmp_path, "--format", "jpeg", "--source", "flatbed") == 0
    assert decode((tmp_path / "0001.jpg").read_bytes()).shape[2] == 3


def test_for_a_person_there_are_sentences(
    tray: VirtualScanner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tray.lay(stack("p", 1))
    assert main(["scan", "--device", tray.device, "--out", str(tmp_path), "--dpi", "100"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == f"Đã quét 1 trang vào {tmp_path}"
    # no terminal, no bar
    assert "\x1b" not in err
    assert "100%" not in err


def test_ctrl_c_asks_for_a_clean_end(tray: VirtualScanner, tmp_path: Path) -> None:
    tray.lay(stack("c", 3))
    tray.fault(after=1, kind="stall")
    command = [*own_program(), "scan", "--device", tray.device, "--out", str(tmp_path), "--dpi", "100", "--json"]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings({**os.environ, **tray.sane_env})
    )
    assert child.stdout is not None
    first = json.loads(child.stdout.readline())
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (first["page"], child.returncode) == (1, 0)
    summary = json.loads(out.splitlines()[-1])
    assert (summary["end"], summary["pages"], summary["code"]) == ("stopped", 1, None)
    assert "Đã dừng" in err.decode()
