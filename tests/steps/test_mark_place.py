# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A mark never covers anything of a page unless somebody said so (R26)."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pikepdf
import pytest

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.imaging.place import Placement
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import receive, scan, sign
from digitizer_desk.steps.signatures.room import rooms
from stand_ins.machines import paper
from steps.conftest import Bench


def _nothing(_event: object) -> None:
    return None


def _go_on() -> bool:
    return False


@pytest.fixture
def crowded(bench: Bench) -> Dossier:
    """Two documents that wait; the first has print all over the upper quarter of its page, on the left."""
    dossier = bench.received()
    scannable = [c for c in dossier.components if bench.desk.law_of(dossier).may_scan(c)][:2]
    for number, component in enumerate(scannable):
        page = paper(20 + number)
        if number == 0:
            height, width = page.shape[:2]
            print_ = page[: height // 4 + 20, : width // 2 + 20]
            print_[:] = np.where((np.arange(print_.shape[0]) // 6 % 2)[:, None, None] == 0, 40, 245)
        bench.scanner.tray = [page]
        scan.scan(bench.desk, dossier.id, component.id, bench.officer, _nothing, _go_on)
        dossier = receive.declare(bench.desk, dossier.id, component.id, 1, bench.officer)
    return dossier


def sign_all(bench: Bench, dossier: Dossier, places: dict[str, Placement]) -> sign.SignOutcome:
    pin, certificate = Pin(bytearray(b"246810")), bench.token.certificate
    return sign.sign(bench.desk, dossier.id, certificate, pin, bench.officer, _nothing, _go_on, places)


def test_without_room_a_document_waits_for_an_answer_and_the_others_are_signed(bench: Bench, crowded: Dossier) -> None:
    first, second = (c.id for c in sign.waiting(bench.desk, crowded.id))
    outcome = sign_all(bench, crowded, {})
    assert (outcome.signed, outcome.over_ink) == ((second,), (first,))
    assert (outcome.error, outcome.stopped) == (None, False)
    assert outcome.dossier.component(first).document is None


def test_the_question_offers_free_places_and_the_answer_is_kept(bench: Bench, crowded: Dossier) -> None:
    law = bench.desk.law_of(crowded).signature
    asked, free = rooms(bench.desk, crowded.id, bench.officer)
    assert (asked.must_choose, free.must_choose) == (True, False)
    assert asked.proposals[0].covers
    assert not asked.proposals[-1].covers
    assert not free.proposals[0].covers
    assert asked.lines[0] == bench.officer.name
    again = rooms(bench.desk, crowded.id, bench.officer, (free.component_id,))
    assert [one.must_choose for one in again] == [True, True], "what signing found crowded is asked for as well"
    far, near = asked.at(1000, 1000), asked.at(-50, -50)
    assert (near.left_mm, near.top_mm) == (asked.margin_mm, asked.margin_mm), "never off the page"
    assert far.left_mm == pytest.approx(asked.room.sheet_mm[0] - asked.box_mm[0] - asked.margin_mm, abs=0.01)
    assert far.top_mm == pytest.approx(asked.room.sheet_mm[1] - asked.box_mm[1] - asked.margin_mm, abs=0.01)
    chosen = asked.proposals[-1]
    sheet = asked.room.sheet_mm
    assert chosen.left_mm >= law.margin_mm
    assert chosen.left_mm + law.width_mm <= sheet[0] - law.margin_mm + 0.01
    outcome = sign_all(bench, crowded, {asked.component_id: chosen})
    assert outcome.over_ink == ()
    document = outcome.dossier.component(asked.component_id).document
    assert document is not None
    pdf = bench.desk.cabinet.documents.pdf(document)
    assert verify_pdf(pdf, trust=bench.desk.trust, offline=True, at=bench.clock()).valid
    with pikepdf.open(BytesIO(pdf)) as opened:
        left, _, _, top = (float(v) * 25.4 / 72 for v in opened.pages[0].Annots[0].Rect)
    assert (left, sheet[1] - top) == (pytest.approx(chosen.left_mm, abs=0.1), pytest.approx(chosen.top_mm, abs=0.1))


def test_a_place_over_print_is_taken_when_the_clerk_says_so(bench: Bench, crowded: Dossier) -> None:
    asked, _ = rooms(bench.desk, crowded.id, bench.officer)
    outcome = sign_all(bench, crowded, {asked.component_id: asked.proposals[0]})
    assert asked.component_id in outcome.signed
