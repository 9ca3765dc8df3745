# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The whole day, played twice in one folder as its own program, and what an outsider finds afterwards."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from digitizer_desk import assemble
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.paths import DeskPaths
from digitizer_desk.training.papers import PEOPLE
from flow.story_run import ROOT, StoryRun

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="SANE and SoftHSM2 are Linux parts of the training room"
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training folder in which the story was played twice, both times to its good end."""
    data = tmp_path_factory.mktemp("story") / "room"
    for _ in range(2):
        run = StoryRun(data, seed=7)
        assert run.wait() == 0, run.said
        assert "Kẹt" in run.said or "scanner.jam" in run.said
        assert "sharpness" in run.said
        assert "gói chờ mạng" in run.said
    return data


def test_the_province_holds_every_document_once_and_unchanged(played: Path) -> None:
    with assemble.opened(DeskPaths(played / "desk")) as desk:
        parcels = desk.cabinet.outbox.all()
        assert len(parcels) == 10
        assert all(p.state is ParcelState.ACCEPTED for p in parcels)
        theirs = sorted(hashlib.sha256(f.read_bytes()).hexdigest() for f in _pdfs(played))
        assert theirs == sorted(p.file_sha256 for p in parcels)
        assert desk.cabinet.journal.check().ok


def _pdfs(data: Path) -> list[Path]:
    return sorted((data / "province").rglob("*.pdf"))


def test_verify_accepts_the_province_copies(played: Path) -> None:
    from digitizer_desk.app import main

    assert main(["verify", "--offline", *map(str, _pdfs(played))]) == 0


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_pdfsig_accepts_the_province_copies(played: Path) -> None:
    for pdf in _pdfs(played):
        told = subprocess.run(["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True, check=True).stdout
        assert "Signature is Valid" in told
        assert "Total document signed" in told
        assert "ETSI.CAdES.detached" in told


def test_nothing_readable_lies_in_the_desk_folder(played: Path) -> None:
    """R55: no page, name or identity number outside the encrypted cabinet, in any spelling a search would try."""
    # long enough that sealed megabytes do not hold them by chance
    needles: list[bytes] = [b"\xff\xd8\xff\xe0\x00\x10JFIF", b"%PDF-1.", b"\x89PNG\r\n\x1a\n", b"SQLite format 3"]
    for person in PEOPLE:
        for text in (person.name, person.name.upper(), person.identifier):
            needles += [text.encode("utf-8"), text.encode("utf-16-le")]
    searched = 0
    for file in (played / "desk").rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            searched += len(data)
            found = [needle for needle in needles if needle in data]
            assert not found, f"{file.relative_to(played)}: {found}"
            if file.suffix in (".log", ".toml", ".json"):
                # the last part of one random id in three hundred is twelve digits, and no identity number
                told = re.sub(rb"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", b"", data)
                assert not re.search(rb"(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])", told), file.name
    assert searched > 1_000_000


def test_the_command_in_the_checkout_is_the_same_program() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "digitizer_desk", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
    ).stdout
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", told)
