# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the meter shows: exact for pages that were made, near enough for pages that wait."""

from __future__ import annotations

import numpy as np
import pytest

from digitizer_desk.imaging.master import encode_master
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.pdf.presets import Preset, prepared
from digitizer_desk.imaging.pdf.sizes import Weight, sizes, weigh
from imaging.conftest import A4, Draw


@pytest.fixture(scope="module")
def scanned(paper: Draw) -> list[PdfPage]:
    return [PdfPage(encode_master(paper(kind), 300), A4) for kind in ("quyet_dinh", "don_de_nghi", "giay_uy_quyen")]


def test_pages_that_were_made_weigh_what_the_file_weighs(scanned: list[PdfPage], info: PdfInfo) -> None:
    small, fallen = prepared(scanned, Preset.SMALL)
    assert not fallen
    told = sizes(small)
    assert told[0] == pytest.approx(len(build_pdf(scanned, info)), rel=0.002)
    assert told[1] == pytest.approx(len(build_pdf(small, info)), rel=0.02)
    assert all(weigh(page).exact for page in small)


def test_pages_that_wait_are_estimated(scanned: list[PdfPage]) -> None:
    small, _ = prepared(scanned, Preset.SMALL)
    assert sizes(scanned)[0] == sizes(small)[0]
    assert sizes(scanned)[1] == pytest.approx(sizes(small)[1], rel=0.5)
    assert not weigh(scanned[0]).exact


def test_weights_at_hand_are_only_added() -> None:
    first, second = Weight(1_000_000, 50_000, True), Weight(800_000, 800_000, True)
    alone, both = sizes([first]), sizes([first, second])
    assert (both[0] - alone[0], both[1] - alone[1]) == (800_000, 800_000)
    assert sizes([])[0] < 10_000


def test_a_page_that_stays_weighs_the_same_in_both(scanned: list[PdfPage]) -> None:
    stays = weigh(scanned[0], stays=True)
    assert stays.archive == stays.small
    assert stays.exact


def test_no_estimate_is_larger_than_the_page_itself() -> None:
    bare = PdfPage(encode_master(np.full((40, 40, 3), 250, np.uint8), 30), A4)
    assert weigh(bare).small <= weigh(bare).archive
    broken = weigh(PdfPage(b"no jpeg", A4))
    assert broken.small <= broken.archive
