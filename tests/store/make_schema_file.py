# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the small database file of the present schema, kept for ever to test upgrades: run once for each new schema.

PYTHONPATH=src:tests python -m store.make_schema_file
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from digitizer_desk.dossier.file import FileSignature, Origin, PaperFile
from digitizer_desk.dossier.incoming.decision import Decision, DecisionKind
from digitizer_desk.dossier.incoming.reuse import Reusable, Reused
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import Applicant, Field, Metadata
from digitizer_desk.dossier.review import Judgement, Level, Verdict
from digitizer_desk.store.cabinet import DATABASE, Cabinet, open_cabinet
from digitizer_desk.store.incoming.packs import KeptPack
from digitizer_desk.store.intake.files import FilePicture
from digitizer_desk.store.review.lots import new_lot
from digitizer_desk.store.sql.database import SCHEMA
from digitizer_desk.store.vault import Vault
from store.room import Clock
from store.samples import CLERK, FAULT, MEASURES, START, make_dossier, new_page, pack, picture

DATA = Path(__file__).parent / "data"
#: everybody may know it: the people in the file are invented
KEY = bytes(range(32))
#: SHA-256 of a PDF that came in; its bytes are no part of the database
PDF = "ab" * 32


def fill(folder: Path) -> None:
    """A cabinet in which every table has a row."""
    cabinet = open_cabinet(folder, Vault(KEY), Clock())
    cabinet.officers.add(CLERK, "mật khẩu tập huấn", "desk")
    cabinet.dossiers.add(make_dossier(), CLERK)
    page = cabinet.pages.keep("d1c1", picture(1), new_page(), CLERK)
    cabinet.pages.set_measures(page.id, MEASURES, [FAULT])
    came = FilePicture(cabinet.files.seal(picture(2)), len(picture(2)), new_page(), Origin(PDF, 1, 1, pdf=True), None)
    facts = PaperFile(PDF, 1000, "khai.pdf", 1, "1.7", "2B", START, (FileSignature("Sở", "other", START, True, True),))
    cabinet.files.attach("d1c2", [came], CLERK, file=facts)
    cabinet.arrivals.keep("SCAN_0001.jpg", picture(3), START, CLERK)
    cabinet.pages.turn(page.id, 90, CLERK)
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.dossiers.set_metadata("d1c1", Metadata((Field("ho_ten", "Lê Văn An"),), CLERK.id, parcel.made_at), CLERK)
    cabinet.settings.put("story", "7", CLERK)
    (signed,) = cabinet.lots.signed_pages()
    lot = cabinet.lots.make(
        new_lot("Quầy 1", [signed], Level.NORMAL, "tcvn7790-1", 1, 0, "ab" * 16, START),
        [signed],
        [(signed.page_id, signed.version)],
        CLERK,
    )
    said = Judgement(0, signed.page_id, signed.version, "blurred", "major", "limit", "page", "nhòe", "", START)
    number = cabinet.lots.judge(lot.id, said, CLERK).number
    cabinet.lots.conclude(lot.id, Verdict.REFUSED, "", CLERK)
    cabinet.lots.answer(number, "giấy gốc nhòe", CLERK)
    cabinet.lots.cause_found("Quầy 1", "kính bẩn", CLERK)
    come_from_the_province(cabinet)
    cabinet.close()


def come_from_the_province(cabinet: Cabinet) -> None:
    """A line of the list, a decision, a reuse and a pack."""
    listed = WaitingDossier("000.00.12.H08-261121-0002", "1.001193", "Đăng ký khai sinh", Applicant("Lê Thị Bình"))
    cabinet.waiting.replace([listed], "m1", START)
    decided = Decision("q1", 1, "elsewhere", DecisionKind.CODED, START, result_code="H08.1")
    cabinet.decisions.keep([decided], "1", START)
    cabinet.decisions.apply(START)
    cabinet.reuses.choose("d1", "d1c3", Reused("r1", Reusable("kho-7", "Giấy khai sinh"), CLERK.id, START), "{}", CLERK)
    pack = KeptPack("h08", 1, "Quy định tỉnh", START.date(), "cd" * 32, "Sở mẫu", "ef" * 32, START)
    cabinet.packs.add(pack, b"content", b"signature", CLERK)
    cabinet.dossiers.add(replace(make_dossier(2), packs="h08#1"), CLERK)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        shutil.copy(Path(folder) / DATABASE, DATA / f"schema-{SCHEMA:04d}.db")


if __name__ == "__main__":
    main()
