# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Killed at any line while a pushed file is kept, cleared and placed: it is there afterwards, exactly once."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from digitizer_desk.devices.process import surroundings
from soak import soaking
from stand_ins.files import jpeg
from steps.folder_child import dossier_of, open_desk, watch


def run(root: Path, line: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "steps.folder_child", str(root), str(line)],
        capture_output=True,
        text=True,
        check=False,
        env=surroundings({}),
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a dossier, and a file about to be pushed."""
    root = tmp_path_factory.mktemp("kill")
    open_desk(root).cabinet.close()
    (root / "coming").mkdir()
    (root / "coming" / "SCAN_0001.jpg").write_bytes(jpeg(1))
    return root


def test_a_kill_at_any_line_loses_nothing_and_doubles_nothing(prepared: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(prepared, whole)
    lived = run(whole, 0)
    assert lived.returncode == 0, lived.stderr
    lines = int(lived.stdout)
    assert lines > 100
    shots = range(1, lines + 1) if soaking() else sorted(random.Random(7).sample(range(1, lines + 1), 6))
    for line in shots:
        root = tmp_path / "killed"
        shutil.copytree(prepared, root)
        assert run(root, line).returncode == -9, line
        _is_there_once(root, line)
        shutil.rmtree(root)


def _is_there_once(root: Path, line: int) -> None:
    desk = open_desk(root)
    try:
        look = None
        for _ in range(3):
            look = watch(desk, look, None)
        assert look is not None
        pages = dossier_of(desk).components[0].pages
        assert len(look.waiting) + len(pages) == 1, f"line {line}"
        if pages:
            assert desk.cabinet.pages.jpeg(pages[0]) == jpeg(1)
        else:
            assert desk.cabinet.arrivals.data(look.waiting[0].sha256) == jpeg(1)
        left = [path for path in (root / "share").rglob("*") if path.is_file()]
        assert left == [], f"plain copies left after line {line}"
        assert desk.cabinet.journal.check().ok
    finally:
        desk.cabinet.close()
