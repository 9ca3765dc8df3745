# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The sample papers: same arguments same pixels, each fault is the fault it is called, nobody on them exists."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from digitizer_desk.dossier.finding import Colour, PageMeasures
from digitizer_desk.dossier.identity import check_identifier
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.training.papers import KINDS, PEOPLE, draw_paper, kinds_for

A4 = (210.0, 297.0)
SEALED = {"giay_chung_sinh", "giay_ket_hon", "giay_xac_nhan_cu_tru", "quyet_dinh", "so_do_thua_dat"}


def look(kind: str, fault: str | None, dpi: int = 200) -> PageMeasures:
    return measure_page(draw_paper(kind, PEOPLE[1], 3, dpi, fault), dpi=(dpi, dpi), sheet_mm=A4)


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_is_a_good_a4_page(kind: str) -> None:
    found = look(kind, None)
    assert found.dpi == pytest.approx((200, 200), rel=0.002)
    assert found.colour is Colour.COLOUR
    assert not found.blank
    assert found.skew_deg == pytest.approx(0, abs=0.15)
    assert found.rotation in (0, None)
    assert (found.cut_edges, found.damaged_corners, found.note) == ((), (), False)
    assert found.sharpness is None or found.sharpness > 0.7
    assert found.red_seal == (kind in SEALED)


def test_the_same_arguments_draw_the_same_pixels_and_others_other_ones() -> None:
    first = draw_paper("don_de_nghi", PEOPLE[0], 5, 100)
    assert first.dtype == np.uint8
    assert first.shape == (1169, 827, 3)
    assert (draw_paper("don_de_nghi", PEOPLE[0], 5, 100) == first).all()
    assert (draw_paper("don_de_nghi", PEOPLE[0], 6, 100) != first).any()
    assert (draw_paper("don_de_nghi", PEOPLE[1], 5, 100) != first).any()


@pytest.mark.parametrize("kind", ["don_de_nghi", "quyet_dinh"])
def test_each_fault_is_measured_as_what_it_is_called(kind: str) -> None:
    blurred = look(kind, "blur").sharpness
    assert blurred is not None
    assert blurred < 0.35
    assert look(kind, "skew").skew_deg == pytest.approx(3, abs=0.1)
    assert look(kind, "grey").colour is Colour.GREY
    assert look(kind, "blank").blank
    assert look(kind, "cut").cut_edges == ("left",)
    assert look(kind, "dark").light < 0.6


def test_low_dpi_has_half_the_detail_in_the_same_frame() -> None:
    good, low = (draw_paper("quyet_dinh", PEOPLE[0], 2, 300, fault) for fault in (None, "low_dpi"))
    assert good.shape == low.shape
    rise = [float(np.abs(np.diff(page[..., 1].astype(int), axis=1)).max()) for page in (good, low)]
    assert rise[1] < 0.85 * rise[0]


def test_an_unknown_kind_or_fault_is_a_wrong_call() -> None:
    with pytest.raises(KeyError):
        draw_paper("ho_chieu", PEOPLE[0], 1, 100)
    with pytest.raises(ValueError, match="fault"):
        draw_paper("don_de_nghi", PEOPLE[0], 1, 100, "burnt")


def test_nobody_on_the_papers_can_exist() -> None:
    for person in PEOPLE:
        assert "province_unknown" in check_identifier(person.identifier).warnings
        assert all(unicodedata.is_normalized("NFC", text) for text in (person.name, person.place, person.spouse))


def test_every_paper_says_that_it_is_for_training(monkeypatch: pytest.MonkeyPatch) -> None:
    from digitizer_desk.training.paper_ink import Sheet

    said: list[str] = []
    plain = Sheet.text

    def listen(sheet: Sheet, x: float, y: float, text: str, *rest: object, **named: object) -> None:
        said.append(text)
        plain(sheet, x, y, text, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Sheet, "text", listen)
    for kind in KINDS:
        said.clear()
        draw_paper(kind, PEOPLE[0], 1, 50)
        assert "MẪU TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in said


@pytest.mark.parametrize(("paper", "sides"), [("TK.KS", 2), ("GCS", 1), ("CC", 2), ("", 6)])
def test_there_is_a_side_for_every_side_asked_for(paper: str, sides: int) -> None:
    kinds = kinds_for(paper, sides)
    assert len(kinds) == sides
    assert set(kinds) <= set(KINDS)
