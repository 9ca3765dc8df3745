# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The place of the clerk's mark: in its corner, clear of ink and codes, or honest about what it covers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import Pixels, encode_master
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.place import CORNER_AREA, CORNERS, first_page, free_corner, render
from imaging.conftest import A4, Draw, empty

BOX = (62.0, 14.0)
MARGIN = 8.0


def mm(page: Pixels, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
    k = page.shape[1] / A4[0]
    return np.s_[round(top * k) : round(bottom * k), round(left * k) : round(right * k)]


@pytest.mark.parametrize("corner", CORNERS)
def test_on_an_empty_page_the_mark_sits_in_its_corner(corner: str) -> None:
    found = free_corner(empty(), A4, BOX, MARGIN, corner)
    left = MARGIN if corner.endswith("left") else A4[0] - MARGIN - BOX[0]
    top = MARGIN if corner.startswith("top") else A4[1] - MARGIN - BOX[1]
    assert (found.left_mm, found.top_mm, found.ink_share) == (pytest.approx(left), pytest.approx(top), 0)


def test_it_moves_off_ink_and_no_further_than_needed() -> None:
    page = empty()
    page[mm(page, 5, 5, 100, 13)] = 40  # a letterhead over the first lines
    found = free_corner(page, A4, BOX, MARGIN)
    assert found.ink_share == 0
    assert found.left_mm == MARGIN
    assert 13 < found.top_mm < 16.5


@pytest.mark.parametrize("ink", [(214, 60, 70), (190, 200, 255), (120, 120, 120)])
def test_pale_and_coloured_ink_is_ink(ink: tuple[int, int, int]) -> None:
    page = empty()
    cv2.circle(page, (180, 90), 70, ink, 12, cv2.LINE_AA)
    found = free_corner(page, A4, BOX, MARGIN)
    k = page.shape[1] / A4[0]
    under = page[
        round(found.top_mm * k) : round((found.top_mm + BOX[1]) * k),
        round(found.left_mm * k) : round((found.left_mm + BOX[0]) * k),
    ]
    assert found.ink_share == 0
    assert under.min() == 250


def test_a_qr_code_is_kept_clear_with_its_quiet_zone() -> None:
    page = empty(2480, 3508)
    code = cv2.QRCodeEncoder.create().encode("000.00.12.H08-261121-0007")
    side = round(30 / 25.4 * 300)
    page[94 : 94 + side, 94 : 94 + side] = cv2.resize(code, (side, side), interpolation=cv2.INTER_NEAREST)[..., None]
    found = free_corner(page, A4, BOX, MARGIN)
    assert found.ink_share == 0
    code_end = (94 + side) / 300 * 25.4
    assert found.left_mm > code_end + 1 or found.top_mm > code_end + 1


def test_on_a_full_page_the_share_under_the_mark_is_told() -> None:
    page = empty()
    page[::6] = 30
    page[1::6] = 30
    found = free_corner(page, A4, BOX, MARGIN)
    assert 0.2 < found.ink_share <= 1


def test_it_stays_in_the_corner_even_when_all_free_room_is_elsewhere() -> None:
    page = empty()
    page[mm(page, 0, 0, 210, 150)] = 60
    page[mm(page, 0, 0, 210, 150)][::9] = 250
    found = free_corner(page, A4, BOX, MARGIN)
    assert found.left_mm + BOX[0] <= A4[0] * CORNER_AREA[0] + 0.01
    assert found.top_mm + BOX[1] <= A4[1] * CORNER_AREA[1] + 0.01
    assert found.ink_share > 0.05


def test_a_box_larger_than_its_corner_still_gets_a_place() -> None:
    found = free_corner(empty(), A4, (190.0, 100.0), MARGIN)
    assert (found.left_mm, found.top_mm) == (MARGIN, MARGIN)


def test_an_unknown_corner_is_a_wrong_call() -> None:
    with pytest.raises(ValueError, match="corner"):
        free_corner(empty(), A4, BOX, MARGIN, "middle")


@pytest.mark.parametrize("kind", ["quyet_dinh", "don_de_nghi", "giay_xac_nhan_cu_tru", "to_khai_khai_sinh"])
def test_ordinary_papers_leave_room_for_the_mark(paper: Draw, kind: str, info: PdfInfo) -> None:
    pdf = build_pdf([PdfPage(encode_master(paper(kind), 300), A4)], info)
    pixels, size = first_page(pdf)
    assert size == pytest.approx((595.276, 841.89), abs=0.01)
    assert free_corner(pixels, A4, (50.0, 12.0), 5.0).ink_share <= 0.01


def test_what_is_no_pdf_cannot_be_drawn() -> None:
    with pytest.raises(DeskError) as caught:
        render(b"%PDF-1.7 broken", 1, 100)
    assert caught.value.code == "image.damaged"
