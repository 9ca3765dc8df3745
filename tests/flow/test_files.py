# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A dossier that came as files, a PDF signed elsewhere and a TIFF: checked, signed with a token, sent, received."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Applicant, Channel, ParcelState
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import extract, receive, scan, send, sign
from digitizer_desk.steps.intake import files
from digitizer_desk.steps.intake.source import from_paths
from digitizer_desk.training.room import TrainingRoom, training_room
from stand_ins.files import pdf, signed_pdf
from stand_ins.machines import ScriptedToken, paper

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SANE and SoftHSM2 are Linux parts")

DATA = {
    "so_ky_hieu": "12/TK-HT",
    "ngay_cap": "20/11/2026",
    "co_quan_cap": "UBND phường Bến Thông",
    "trich_yeu": "Khai sinh cho con",
}


def nothing(_event: object) -> None:
    return None


def go_on() -> bool:
    return False


def _sign(room: TrainingRoom, dossier_id: str) -> sign.SignOutcome:
    (choice,) = [c for c in sign.choices(room.desk, room.officer) if c.problem is None]
    pin = Pin(bytearray(room.token.pin.encode()))
    return sign.sign(room.desk, dossier_id, choice.certificate, pin, room.officer, nothing, go_on)


def _fax(path: Path) -> Path:
    first, second = (Image.fromarray(paper(seed=seed)) for seed in (1, 2))
    first.save(path, "TIFF", save_all=True, append_images=[second], compression="tiff_lzw", dpi=(200, 200))
    return path


def test_an_electronic_dossier_goes_from_its_files_to_the_provinces_receipt(tmp_path: Path) -> None:
    with training_room(tmp_path / "room") as room:
        desk, by = room.desk, room.officer
        theirs = signed_pdf(ScriptedToken("Sở Tư pháp"), desk.stamp_font, pdf(2))
        (tmp_path / "khai.pdf").write_bytes(theirs)
        receipt = receive.Receipt(
            "000.00.12.H08-261121-0042",
            "1.001193",
            Applicant("Nguyễn Thị Hường", identifier="000185000123"),
            channel=Channel.ELECTRONIC,
        )
        dossier = receive.receive(desk, receipt, by)
        law = desk.law_of(dossier)
        first, second = [c.id for c in dossier.components if law.may_scan(c)][:2]
        with pytest.raises(DeskError) as refused:
            scan.scan(desk, dossier.id, first, by, nothing, go_on)
        assert refused.value.code == "dossier.scan_refused"

        for part, path in ((first, tmp_path / "khai.pdf"), (second, _fax(tmp_path / "fax.tif"))):
            outcome = files.bring(desk, dossier.id, part, from_paths([path]), by, nothing, go_on)
            assert (len(outcome.kept), outcome.refused, outcome.gaps) == (2, (), ())
        dossier = receive.declare(desk, dossier.id, second, 2, by)
        assert [stage(dossier.component(i), law.order) for i in (first, second)] == ["sign", "sign"]

        signed = _sign(room, dossier.id)
        assert (set(signed.signed), signed.error) == ({first, second}, None)
        component = signed.dossier.component(first)
        assert component.document is not None
        ours = desk.cabinet.documents.pdf(component.document)
        assert ours.startswith(theirs), "an incremental update: not a byte that came is changed"
        verdict = verify_pdf(ours, trust=desk.trust, offline=True, at=desk.clock())
        assert [(c.role, c.intact) for c in verdict.signatures] == [("organisation", True), ("clerk", True)]
        assert not verdict.modified_after_signing
        assert verdict.signatures[1].trusted

        for part in (first, second):
            now = desk.cabinet.dossiers.load(dossier.id)
            values = {f.name: f.value for f in extract.guess(desk, now, now.component(part))} | DATA
            extract.confirm(desk, dossier.id, part, values, by)
        for _round in range(20):
            send.deliver_due(desk, nothing, go_on)
            if not desk.cabinet.outbox.counts().waiting:
                break
            send.send_now(desk)
        done = desk.cabinet.dossiers.load(dossier.id)
        assert [done.component(i).parcel.state for i in (first, second)] == [ParcelState.ACCEPTED] * 2  # type: ignore[union-attr]
        arrived = {copy.sha256: copy.path.read_bytes() for copy in room.province.copies()}
        assert set(arrived) == {done.component(i).document.sha256 for i in (first, second)}  # type: ignore[union-attr]
        assert arrived[hashlib.sha256(ours).hexdigest()] == ours
        (fax,) = [data for data in arrived.values() if data != ours]
        with pikepdf.open(io.BytesIO(fax)) as built:
            assert len(built.pages) == 2
        assert desk.cabinet.journal.check().ok
