# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A province on slow lines chooses small PDFs in its own law; the log says which pages stayed as scanned."""

from __future__ import annotations

import io
import logging
from dataclasses import replace

import pikepdf
import pytest

from digitizer_desk import assemble
from digitizer_desk.dossier.model import Dossier
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import sign
from steps.conftest import Bench
from steps.test_sign_and_send import _captured, _sign

CHOICE = """
schema = 1
id = "tinh-thu"
adds_to = "tt02-2019"
title = "Lựa chọn của tỉnh"
in_force_from = 2026-01-01
[pdf]
preset = "small"
source = "Văn bản thử"
"""


@pytest.fixture
def small(bench: Bench) -> Bench:
    (bench.place.site / "regulations").mkdir(parents=True, exist_ok=True)
    (bench.place.site / "regulations" / "tinh.toml").write_text(CHOICE, "utf-8")
    return replace(bench, desk=replace(bench.desk, rulebook=assemble.rulebook(bench.place)))


def kinds(pdf: bytes) -> list[set[str]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [set(page.obj.Resources.XObject.keys()) for page in opened.pages]


def test_the_law_of_the_province_chooses_the_preset(small: Bench) -> None:
    dossier = _captured(small)
    law = small.desk.law_of(dossier)
    assert (law.id, law.pdf.preset) == ("tt02-2019+tinh-thu", "small")
    outcome = _sign(small, dossier)
    assert len(outcome.signed) == 1
    document = outcome.dossier.component(outcome.signed[0]).document
    assert document is not None
    pdf = small.desk.cabinet.documents.pdf(document)
    assert kinds(pdf) == [{"/Page", "/Toner"}, {"/Page", "/Toner"}]
    verdict = verify_pdf(pdf, trust=(small.token.der,), offline=True, at=small.clock())
    assert verdict.signatures[0].intact


def test_without_a_choice_pages_go_in_as_they_were_scanned(bench: Bench) -> None:
    dossier = _captured(bench)
    component = dossier.components[0]
    draft = sign.draft_pdf(bench.desk, dossier, component, bench.officer)
    assert kinds(draft) == [{"/Page"}, {"/Page"}]
    assert all(bench.desk.cabinet.pages.jpeg(page) in draft for page in component.pages)


def test_the_log_names_the_pages_that_stay_as_scanned(
    small: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier: Dossier = _captured(small)
    component = dossier.components[0]
    monkeypatch.setattr("digitizer_desk.imaging.pdf.small.LEAST_DPI", 1200.0)
    with caplog.at_level(logging.INFO, "digitizer_desk"):
        draft = sign.draft_pdf(small.desk, dossier, component, small.officer)
    assert kinds(draft) == [{"/Page"}, {"/Page"}]
    told = [record.getMessage() for record in caplog.records if "as scanned" in record.getMessage()]
    assert told == [f"as scanned {component.id} page {number}: resolution" for number in (1, 2)]
