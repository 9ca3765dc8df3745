# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is measured on pages whose truth is known: each measure where it must speak and where it must be silent."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer_desk.dossier.finding import Colour, DpiSource
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import Pixels, decode, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.repair import turn
from imaging.conftest import A4, Draw, empty, measured, write

KINDS = ("quyet_dinh", "don_de_nghi", "giay_chung_sinh", "can_cuoc_truoc")
PAPER = (250, 249, 246)


def tilted(page: Pixels, degrees: float, backing: tuple[int, int, int] = PAPER) -> Pixels:
    """Turned clockwise by ``degrees`` about its middle."""
    middle = ((page.shape[1] - 1) / 2, (page.shape[0] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -degrees, 1.0)
    return cv2.warpAffine(page, matrix, page.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=backing)


# -- a good page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("kind", KINDS)
def test_a_good_page_has_no_fault(paper: Draw, kind: str, dpi: int) -> None:
    found = measure_page(paper(kind, dpi), dpi=(dpi, dpi), sheet_mm=A4)
    assert found.dpi == pytest.approx((dpi, dpi), rel=0.002)
    assert found.dpi_source is DpiSource.PAPER
    assert found.colour is Colour.COLOUR
    assert found.sharpness is not None
    assert found.sharpness > 0.7
    assert found.skew_deg == pytest.approx(0, abs=0.1)
    assert found.rotation == 0
    assert (found.blank, found.cut_edges, found.damaged_corners, found.note) == (False, (), (), False)
    assert found.light > 0.95
    assert 0.005 < found.ink < 0.12
    assert found.blur_region is None


def test_what_is_no_page_is_refused() -> None:
    for shape in ((20, 400, 3), (400, 400, 4), (400,)):
        with pytest.raises(DeskError) as caught:
            measure_page(np.zeros(shape, np.uint8), dpi=None, sheet_mm=None)
        assert caught.value.code == "image.unreadable"


@pytest.mark.parametrize("shape", [(32, 32, 3), (33, 2000, 3), (2000, 40), (700, 500)])
@pytest.mark.parametrize("dpi", [(10.0, 10.0), (75.0, 75.0), (600.0, 600.0)])
def test_odd_sizes_are_measured_all_the_same(shape: tuple[int, ...], dpi: tuple[float, float]) -> None:
    noise = np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)
    found = measure_page(noise, dpi=dpi, sheet_mm=None)
    assert (found.height, found.width) == shape[:2]


# -- sharpness --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS[:3])
@pytest.mark.parametrize("dpi", [200, 300])
def test_blur_is_told_alike_at_both_resolutions(paper: Draw, kind: str, dpi: int) -> None:
    """Limit of the law file: 0.50. A Gaussian of 1.6 px at 300 dpi is 0.135 mm of paper."""
    page = paper(kind, dpi)
    scores = [measured(cv2.GaussianBlur(page, (0, 0), mm / 25.4 * dpi), dpi).sharpness for mm in (0.04, 0.135, 0.25)]
    slight, strong, gone = scores
    assert slight is not None
    assert strong is not None
    assert gone is not None
    assert slight > 0.62 > 0.46 > strong > gone


@pytest.mark.parametrize("dpi", [200, 300])
def test_movement_in_the_feeder_is_blur_too(paper: Draw, dpi: int) -> None:
    pulled = cv2.blur(paper("quyet_dinh", dpi), (1, round(0.6 / 25.4 * dpi)))
    score = measured(pulled, dpi).sharpness
    assert score is not None
    assert score < 0.45


def test_a_half_blurred_page_counts_as_blurred_and_says_where(paper: Draw) -> None:
    page = paper("quyet_dinh").copy()
    half = page.shape[0] // 2
    page[:half] = cv2.GaussianBlur(page, (0, 0), 3.2)[:half]
    found = measured(page, 300)
    assert found.sharpness is not None
    assert found.sharpness < 0.4
    assert found.blur_region is not None
    assert found.blur_region.bottom < 0.6


def test_a_page_with_a_few_words_has_no_sharpness() -> None:
    page = empty()
    write(page, "12", (600, 1600))
    assert measured(page).sharpness is None


# -- enlargement ------------------------------------------------------------------------------------------------------


def enlarged(page: Pixels, before: int, way: int) -> Pixels:
    """A 300 dpi page as if scanned at ``before`` and blown up."""
    high, wide = page.shape[:2]
    small = cv2.resize(page, (wide * before // 300, high * before // 300), interpolation=cv2.INTER_AREA)
    return decode(encode_master(cv2.resize(small, (wide, high), interpolation=way), 300))


@pytest.mark.parametrize("way", [cv2.INTER_CUBIC, cv2.INTER_LINEAR])
@pytest.mark.parametrize("before", [100, 120])
@pytest.mark.parametrize("kind", ["quyet_dinh", "don_de_nghi"])
def test_an_enlarged_page_tells_what_it_was(paper: Draw, kind: str, before: int, way: int) -> None:
    assert measured(enlarged(paper(kind), before, way), 300).real_dpi == pytest.approx(before, abs=4)


@pytest.mark.parametrize("before", [180, 200])
@pytest.mark.parametrize("kind", ["quyet_dinh", "don_de_nghi"])
def test_a_little_enlargement_is_never_taken_for_a_large_one(paper: Draw, kind: str, before: int) -> None:
    for way in (cv2.INTER_CUBIC, cv2.INTER_LINEAR):
        found = measured(enlarged(paper(kind), before, way), 300).real_dpi
        assert found is None or found == pytest.approx(before, abs=4)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_scanner_gave_was_not_enlarged(paper: Draw, kind: str) -> None:
    for blur in (0.0, 1.2, 2.4):
        page = cv2.GaussianBlur(paper(kind), (0, 0), blur) if blur else paper(kind)
        assert measured(page, 300).real_dpi is None


# -- skew and which way up --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", [-6.5, -1.2, -0.3, 0.4, 2.0, 7.3])
@pytest.mark.parametrize("kind", ["quyet_dinh", "don_de_nghi"])
def test_skew_is_clockwise_positive_and_exact(paper: Draw, kind: str, degrees: float) -> None:
    found = measured(tilted(paper(kind, 200), degrees), 200).skew_deg
    assert found is not None
    assert found == pytest.approx(degrees, abs=0.08)


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", KINDS[:3])
def test_which_way_up_is_read_from_the_marks(paper: Draw, kind: str, quarter: int) -> None:
    found = measured(turn(tilted(paper(kind), 1.5), quarter), 300)
    assert found.rotation == quarter
    assert found.skew_deg == pytest.approx(1.5, abs=0.1)


def test_nothing_is_said_of_a_drawing_without_lines() -> None:
    page = empty()
    chance = np.random.default_rng(4)
    for _ in range(60):
        a, b = chance.integers((150, 150), (1100, 1600), (2, 2))
        cv2.line(page, tuple(map(int, a)), tuple(map(int, b)), (40, 40, 40), 2, cv2.LINE_AA)
    found = measured(page)
    assert found.rotation is None
    assert not found.blank


# -- colour -----------------------------------------------------------------------------------------------------------


def test_grey_saved_as_colour_is_grey(paper: Draw) -> None:
    for dpi in (200, 300):
        page = paper("don_de_nghi", dpi, "grey")
        assert page.ndim == 3
        assert measured(page, dpi).colour is Colour.GREY


def test_one_channel_is_grey_and_one_bit_is_bilevel(paper: Draw) -> None:
    grey = paper("don_de_nghi", 200)[..., 1]
    assert measured(grey, 200).colour is Colour.GREY
    assert measure_page(grey, dpi=None, sheet_mm=A4, bilevel=True).colour is Colour.BILEVEL


@pytest.mark.parametrize("kind", KINDS[:2])
def test_two_tones_in_any_dress_are_bilevel(paper: Draw, kind: str) -> None:
    two = np.where(paper(kind)[..., 1] > 150, np.uint8(255), np.uint8(0))
    assert measured(two, 300).colour is Colour.BILEVEL
    assert measured(decode(encode_master(cv2.merge([two] * 3), 300)), 300).colour is Colour.BILEVEL


def test_one_blue_word_makes_a_page_colour(paper: Draw) -> None:
    page = paper("quyet_dinh", 300, "grey").copy()
    write(page, "Lan", (1200, 3000), 1.4, (40, 60, 150))
    assert measured(page, 300).colour is Colour.COLOUR


# -- blank ------------------------------------------------------------------------------------------------------------


def test_an_empty_sheet_is_blank(paper: Draw) -> None:
    found = measured(paper(fault="blank"), 300)
    assert found.blank
    assert (found.sharpness, found.skew_deg, found.rotation) == (None, None, None)
    assert measured(empty(tone=225)).blank


def specks(page: Pixels) -> None:
    chance = np.random.default_rng(9)
    for x, y in zip(
        chance.integers(30, page.shape[1] - 30, 60), chance.integers(30, page.shape[0] - 30, 60), strict=True
    ):
        cv2.circle(page, (int(x), int(y)), 1, (80, 75, 70), -1)


def holes(page: Pixels) -> None:
    for y in (640, 1112):
        cv2.circle(page, (71, y), 18, (25, 25, 28), -1, cv2.LINE_AA)


def streak(page: Pixels) -> None:
    page[:, 700:702] = (120, 130, 125)


def other_side(page: Pixels) -> None:
    """The text of the back, mirrored, soft and pale."""
    back = empty()
    for y in range(200, 1500, 60):
        write(back, "Uy ban nhan dan phuong Ben Thong xac nhan noi cu tru", (120, y))
    soft = cv2.GaussianBlur(back[:, ::-1], (0, 0), 1.2).astype(np.float32)
    page[:] = (250 - (250 - soft) * 0.17).astype(np.uint8)


def staple(page: Pixels) -> None:
    cv2.line(page, (70, 80), (122, 60), (95, 92, 90), 4)


@pytest.mark.parametrize("dirt", [specks, holes, streak, other_side, staple])
def test_what_nobody_wrote_leaves_a_page_blank(dirt: object) -> None:
    page = empty()
    assert callable(dirt)
    dirt(page)
    assert measured(page).blank


def number(page: Pixels) -> None:
    write(page, "7", (610, 1690), 0.8)


def word(page: Pixels) -> None:
    write(page, "(mat sau)", (500, 880), 0.6)


def pencil(page: Pixels) -> None:
    points = [(300 + 4 * i, 700 + round(9 * np.sin(i / 6))) for i in range(90)]
    cv2.polylines(page, [np.array(points, np.int32)], False, (165, 165, 168), 2, cv2.LINE_AA)


def red_stamp(page: Pixels) -> None:
    cv2.rectangle(page, (600, 900), (840, 990), (214, 60, 70), 3, cv2.LINE_AA)


def pale_pen(page: Pixels) -> None:
    write(page, "Da nhan du", (400, 400), 0.9, (90, 110, 190))


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("mark", [number, word, pencil, red_stamp, pale_pen])
def test_what_somebody_wrote_is_never_blank(mark: object, dpi: int) -> None:
    page = empty()
    assert callable(mark)
    mark(page)
    if dpi == 300:
        page = cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    assert not measured(page, dpi).blank


# -- light, seal, note ------------------------------------------------------------------------------------------------


def test_light_is_that_of_the_paper(paper: Draw) -> None:
    assert measured(paper("quyet_dinh", 200, "dark"), 200).light < 0.6
    framed = cv2.copyMakeBorder(paper("quyet_dinh", 200), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(20, 20, 22))
    assert measured(framed, 200).light > 0.95


@pytest.mark.parametrize("dpi", [200, 300])
def test_a_round_red_seal_is_seen(paper: Draw, dpi: int) -> None:
    for kind in ("quyet_dinh", "giay_chung_sinh", "giay_ket_hon"):
        assert measured(paper(kind, dpi), dpi).red_seal


def test_what_is_red_but_no_seal_is_not_one(paper: Draw) -> None:
    assert not measured(paper("don_de_nghi"), 300).red_seal
    assert not measured(paper("quyet_dinh", 300, "grey"), 300).red_seal
    assert not measured(paper("can_cuoc_truoc"), 300).red_seal  # a framed stamp and a red title
    page = empty()
    write(page, "GIAY CHUNG NHAN", (200, 300), 2.6, (200, 30, 40))
    cv2.circle(page, (700, 900), 180, (210, 30, 40), 4, cv2.LINE_AA)  # 61 mm across
    cv2.circle(page, (300, 1300), 30, (210, 30, 40), 3, cv2.LINE_AA)  # 10 mm
    assert not measured(page).red_seal


@pytest.mark.parametrize("colour", [(252, 240, 120), (250, 160, 190), (190, 235, 140), (150, 210, 240)])
def test_a_coloured_note_is_seen(paper: Draw, colour: tuple[int, int, int]) -> None:
    page = paper("quyet_dinh", 200).copy()
    box = cv2.boxPoints(((900, 1500), (600, 590), 5)).astype(np.int32)
    cv2.fillConvexPoly(page, box, colour, cv2.LINE_AA)
    write(page, "Goi lai 10h", (700, 1500), 1.2, (40, 40, 90))
    assert measured(page, 200).note


def test_a_card_a_seal_or_tinted_paper_is_no_note(paper: Draw) -> None:
    for kind in ("can_cuoc_truoc", "giay_chung_sinh", "quyet_dinh"):
        assert not measured(paper(kind), 300).note
    tinted = (paper("don_de_nghi", 200).astype(np.float32) * (1.0, 0.9, 0.9)).astype(np.uint8)
    assert not measured(tinted, 200).note


# -- edges and corners ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edge", "quarter"), [("left", 0), ("top", 90), ("right", 180), ("bottom", 270)])
def test_content_that_runs_off_is_told_with_its_edge(paper: Draw, edge: str, quarter: int) -> None:
    page = paper("don_de_nghi")[:, 420:]  # into the labels of the form
    assert measured(turn(page, quarter), 300).cut_edges == (edge,)


@pytest.mark.parametrize(("edge", "quarter"), [("top", 0), ("bottom", 180)])
def test_a_line_cut_along_its_middle_is_told(paper: Draw, edge: str, quarter: int) -> None:
    page = paper("giay_xac_nhan_cu_tru")
    dark = page[..., 1] < 120
    strokes = (dark[:, 1:] & ~dark[:, :-1]).sum(axis=1)
    row = 900 + int(strokes[900:1400].argmax())  # where most letters are crossed
    assert measured(turn(page[row:], quarter), 300).cut_edges == (edge,)


def test_the_cut_of_the_training_papers_is_seen(paper: Draw) -> None:
    assert measured(paper("don_de_nghi", 300, "cut"), 300).cut_edges == ("left",)


def test_a_frame_or_a_dark_backing_at_the_edge_is_no_cut_content(paper: Draw) -> None:
    page = paper("quyet_dinh").copy()
    page[:, :25] = (20, 20, 22)
    page[:40] = (20, 20, 22)
    assert measured(page, 300).cut_edges == ()


CORNERS = {"tl": (0, 0), "tr": (1, 0), "bl": (0, 1), "br": (1, 1)}


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize(("overscan", "lean"), [(0, 0.0), (4, 1.2), (4, -2.0)])
def test_a_missing_corner_on_dark_backing_is_told(paper: Draw, corner: str, overscan: int, lean: float) -> None:
    sheet = paper("quyet_dinh", 200).copy()
    height, width = sheet.shape[:2]
    leg = round(13 / 25.4 * 200)
    x, y = ((width - 1) * CORNERS[corner][0], (height - 1) * CORNERS[corner][1])
    across, down = (-leg if x else leg), (-leg if y else leg)
    cv2.fillConvexPoly(sheet, np.array([(x, y), (x + across, y), (x, y + down)], np.int32), (22, 22, 24))
    rim = round(overscan / 25.4 * 200)
    seen = cv2.copyMakeBorder(sheet, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(22, 22, 24))
    found = measured(tilted(seen, lean, (22, 22, 24)), 200)
    assert found.damaged_corners == (corner,)


@pytest.mark.parametrize(("overscan", "lean"), [(0, 0.0), (0, 1.5), (4, 0.0), (4, 2.5), (4, -6.0), (0, -6.0)])
@pytest.mark.parametrize("backing", [22, 120])
def test_whole_corners_on_dark_backing_are_whole(paper: Draw, overscan: int, lean: float, backing: int) -> None:
    rim, tone = round(overscan / 25.4 * 200), (backing,) * 3
    seen = cv2.copyMakeBorder(paper("quyet_dinh", 200), rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=tone)
    found = measured(tilted(seen, lean, tone), 200)
    assert found.damaged_corners == ()
    assert found.skew_deg == pytest.approx(lean, abs=0.1)
