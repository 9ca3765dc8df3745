# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Signed pages by the dozen, for everything a supervisor does with them: pictures are bytes, signatures are rows."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from digitizer_desk import assemble
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.finding import Finding
from digitizer_desk.dossier.model import VIETNAM, Document, Dossier, Officer, Role, Signature
from steps.conftest import Bench
from store.samples import MEASURES, new_page, picture

SUPERVISOR = Officer("boss", "binh", "Trần Thị Bình", frozenset({Role.SUPERVISOR}))
MORNING = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)
_numbers = count(5000)


def with_tables(bench: Bench) -> Desk:
    """The desk of a bench with the built-in sampling tables."""
    return replace(bench.desk, sampling=lambda: assemble.sampling(bench.place))


def sign_pages(
    bench: Bench, pages: int, at: datetime = MORNING, *, findings: Sequence[Finding] = (), scanner: str = "fi-8170"
) -> Dossier:
    """A dossier whose first component has so many pages, signed at that moment; the first page has these findings."""
    dossier = bench.received(f"000.00.12.H08-261121-{next(_numbers):04d}")
    part = dossier.components[0].id
    cabinet = bench.desk.cabinet
    for number in range(pages):
        facts = new_page(scanner=scanner, scanned_at=at - timedelta(minutes=5))
        page = cabinet.pages.keep(part, picture(next(_numbers), 64), facts, bench.officer)
        cabinet.pages.set_measures(page.id, MEASURES, findings if number == 0 else ())
    sign_again(bench, dossier, at)
    return cabinet.dossiers.load(dossier.id)


def sign_again(bench: Bench, dossier: Dossier, at: datetime = MORNING) -> None:
    """Sign the first component as it stands now."""
    now = bench.desk.cabinet.dossiers.load(dossier.id).components[0]
    pdf = b"%PDF" + uuid.uuid4().bytes
    sha256 = hashlib.sha256(pdf).hexdigest()
    signature = Signature("clerk", bench.officer.name, "ab" * 32, at, at, bench.officer.id)
    version = now.document.version + 1 if now.document else 1
    made = Document(f"doc-{now.id}", version, sha256, len(pdf), now.page_list, at, (signature,))
    bench.desk.cabinet.documents.freeze(now.id, pdf, made, bench.officer)
