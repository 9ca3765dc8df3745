# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The package for an incident says what happened, proves it, and names nobody in clear."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import DeskError
from digitizer_desk.steps import send
from digitizer_desk.steps.outgoing.incident import Incident, write_incident
from steps.conftest import Bench
from steps.test_hand_over import made_certificate
from store.samples import CLERK, IDENTIFIER, NAME, make_dossier, pack


def worked(bench: Bench) -> None:
    """Two dossiers: one returned with words that name somebody, one received."""
    for number in (1, 2):
        bench.desk.cabinet.dossiers.add(make_dossier(number), CLERK)
        pack(bench.desk.cabinet, f"d{number}", f"d{number}c1")
    parcel = bench.desk.cabinet.outbox.all()[-1]
    bench.desk.cabinet.outbox.claim(parcel.id)
    bench.desk.cabinet.outbox.rejected(parcel.id, "province.rejected", f"Sai tên {NAME}")
    send.deliver_due(bench.desk, lambda _e: None, lambda: False)
    bench.desk.log.info("begin send %s", parcel.id)


def read(file: Path) -> dict[str, Any]:
    """Every part of a package, held against its sums."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for line in parts.pop("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(parts[name]).hexdigest() == digest
    return parts


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def test_everything_that_happened_and_nobodys_name(bench: Bench, tmp_path: Path) -> None:
    worked(bench)
    told = write_incident(bench.desk, tmp_path / "su-co.zip", CLERK, Incident())
    parts = read(tmp_path / "su-co.zip")
    assert (told.dossiers, told.people) == (2, False)
    journal = lines(parts["journal.jsonl"])
    assert len(journal) == told.lines
    assert [line["number"] for line in journal] == list(range(1, len(journal) + 1))
    states = {row["dossier_id"]: row for row in lines(parts["parcels.jsonl"])}
    assert (states["d1"]["state"], states["d1"]["error"]) == ("rejected", "province.rejected")
    assert (states["d2"]["state"], states["d2"]["receipt"]) == ("accepted", "BN-0001")
    summary = json.loads(parts["summary.json"])
    assert summary["journal"]["ok"]
    assert summary["outbox"]["attention"] == 1
    everything = b"".join(parts.values()).decode()
    for personal in (NAME, NAME.title(), IDENTIFIER, "Sai tên", CLERK.name):
        assert personal not in everything
    assert bench.desk.cabinet.journal.entries("cabinet:")[0].action == "incident_exported"


def test_people_are_named_only_for_the_one_who_can_open_it(bench: Bench, tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl here")
    worked(bench)
    certificate = made_certificate(tmp_path, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    told = write_incident(bench.desk, tmp_path / "su-co.zip", CLERK, Incident(), certificate)
    assert told.people
    parts = read(tmp_path / "su-co.zip")
    assert NAME.encode() not in b"".join(parts.values())
    (tmp_path / "people.p7m").write_bytes(parts["people.json.p7m"])
    command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-binary", "-in", tmp_path / "people.p7m"]
    command += ["-out", tmp_path / "people.json", "-recip", certificate, "-inkey", tmp_path / "so.key"]
    subprocess.run(command, check=True)
    people = json.loads((tmp_path / "people.json").read_text("utf-8"))
    assert [one["applicant"]["name"] for one in people] == [NAME, NAME]
    assert any(f"Sai tên {NAME}" in one["said"] for one in people)


def test_one_dossier_and_one_time(bench: Bench, tmp_path: Path) -> None:
    worked(bench)
    code = make_dossier(2).code
    told = write_incident(bench.desk, tmp_path / "mot.zip", CLERK, Incident(codes=(code,)))
    assert told.dossiers == 1
    parts = read(tmp_path / "mot.zip")
    assert {row["id"] for row in lines(parts["dossiers.jsonl"])} == {"d2"}
    assert b"d1c1" not in parts["journal.jsonl"]
    later = bench.clock.now + timedelta(days=1)
    told = write_incident(bench.desk, tmp_path / "sau.zip", CLERK, Incident(since=later))
    assert (told.lines, told.dossiers) == (0, 0)
    assert not Incident(until=datetime(2026, 1, 1, tzinfo=VIETNAM)).covers(later)


def test_what_cannot_be_written_leaves_nothing(bench: Bench, tmp_path: Path) -> None:
    worked(bench)
    there = tmp_path / "co-roi.zip"
    there.write_bytes(b"mine")
    for target, about, code in (
        (there, Incident(), "file.exists"),
        (tmp_path / "la.zip", Incident(codes=("khong-co",)), "dossier.unknown"),
        (there / "x.zip", Incident(), "file.not_written"),
    ):
        with pytest.raises(DeskError) as caught:
            write_incident(bench.desk, target, CLERK, about)
        assert caught.value.code == code
    assert there.read_bytes() == b"mine"
    assert not (tmp_path / "la.zip").exists()
