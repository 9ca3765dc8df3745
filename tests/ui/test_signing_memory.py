# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""After a document was signed in the window no copy of the PIN is in the program; after it ended, none anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from digitizer_desk.training.token import prepare_token
from ui.test_pin_field import FORMS, PIN, ROOT, Typist


class Desk(Typist):
    """The process of signing_typist.py."""

    def __init__(self, folder: Path, module: str, env: dict[str, str]) -> None:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("signing_typist.py")), str(folder), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | env | {"PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen"},
        )
        assert self.answer() == b"ready"

    def answer(self) -> bytes:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def family(self) -> list[int]:
        """Process ids of the desk and of every host it started."""
        this = psutil.Process(self.process.pid)
        return [this.pid, *(child.pid for child in this.children(recursive=True))]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_no_pin_in_the_program_after_signing_nor_anywhere_after_its_end(tmp_path: Path) -> None:
    token = prepare_token(tmp_path / "token", "Lê Văn An", pin=PIN)
    desk = Desk(tmp_path / "desk", token.module, token.env)
    try:
        for letter in PIN:
            desk.tell(f"{ord(letter):x}")
        assert desk.copies(*FORMS) == 1, "the search finds the one buffer it is typed into"
        assert desk.process.stdin is not None
        desk.process.stdin.write(b"enter\n")
        desk.process.stdin.flush()
        assert desk.answer() == b"1", "a document was signed"
        assert desk.copies(*FORMS) == 0, "the window is still open"
        desk.tell("close")
        assert desk.copies(*FORMS) == 0
        family = desk.family()
    finally:
        desk.close()
    assert desk.process.returncode == 0
    assert [pid for pid in family if psutil.pid_exists(pid)] == [], "no host is left that could hold it"
    # the training token writes its own worthless PIN beside itself, so that a training can be begun again
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "token.json"]
    assert len(files) > 10
    assert [file.name for file in files if any(form in file.read_bytes() for form in FORMS)] == []
