# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A page in two layers: nothing is lost, seals keep their colour, and a page that departs stays as it was scanned."""

from __future__ import annotations

import math
import zlib
from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitizer_desk.imaging.master import Pixels, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfPage, selfcheck
from digitizer_desk.imaging.pdf.coding import PageLayers, compose, decode_picture, decode_stencil, encode
from digitizer_desk.imaging.pdf.layers import Layers, split
from digitizer_desk.imaging.pdf.paper import paper_view
from digitizer_desk.imaging.pdf.presets import FellBack, Preset, prepared, small_page
from digitizer_desk.imaging.pdf.selfcheck import Departure, doubt, likeness
from digitizer_desk.imaging.pdf.small import two_layers
from imaging.conftest import A4, Draw, empty, write

PLENTY = 10_000_000


def layered(page: Pixels, dpi: float = 300.0) -> PageLayers:
    made = two_layers(page, dpi, PLENTY)
    assert isinstance(made, PageLayers), made
    return made


def sheet(width: int = 1240, height: int = 880, tone: int = 248) -> Pixels:
    """A piece of paper with a little grain, some lines of print on it; 300 dpi."""
    page = empty(width, height, tone)
    for row in range(4):
        write(page, "Uy ban nhan dan xa Dong Lac", (60, 90 + 70 * row), 1.6)
    grain = np.random.default_rng(5).normal(0, 1.5, page.shape[:2])
    return np.clip(page + grain[..., None], 0, 255).astype(np.uint8)


def marked(page: Pixels, tone: tuple[int, int, int], thickness: int = 3) -> tuple[Pixels, tuple[slice, slice]]:
    """The page with a curve drawn in its free lower half, and where."""
    page = page.copy()
    points = [[x, round(620 + 80 * np.sin(x / 60))] for x in range(150, 1000)]
    cv2.polylines(page, [np.array(points, np.int32)], False, tone, thickness, cv2.LINE_AA)
    return page, np.s_[520:720, 140:1010]


@pytest.mark.parametrize("kind", ["quyet_dinh", "don_de_nghi", "so_do_thua_dat"])
def test_a_page_comes_back_small_and_the_same(paper: Draw, kind: str) -> None:
    page = paper(kind)
    made = layered(page)
    assert made.size < 110_000
    shown = compose(made)
    assert shown.shape == page.shape
    assert likeness(page, shown) > 0.93
    before, after = (
        measure_page(pixels, dpi=(300.0, 300.0), sheet_mm=A4) for pixels in (page, shown)
    )  # what the law looks at does not change
    assert (after.colour, after.red_seal, after.blank, after.rotation) == (
        before.colour,
        before.red_seal,
        before.blank,
        before.rotation,
    )
    assert after.dpi == before.dpi
    assert after.sharpness is not None
    assert before.sharpness is not None
    assert after.sharpness >= before.sharpness - 0.05


def test_equal_pages_give_equal_bytes(paper: Draw) -> None:
    page = paper("quyet_dinh")
    assert layered(page) == layered(page.copy())


def test_the_stencil_is_lossless_and_the_picture_is_full_size_in_colour(paper: Draw) -> None:
    page = paper("quyet_dinh")
    layers = split(page, paper_view(page, 300))
    coded = encode(layers)
    assert (decode_stencil(coded) == layers.stencil).all()
    assert decode_picture(coded).shape == page.shape
    assert zlib.decompress(coded.picture).startswith(b"\xff\xd8\xff")
    assert set(np.unique(layers.stencil)) == {0, 255}


def test_toner_goes_to_the_stencil_and_its_place_is_filled() -> None:
    page = sheet()
    layers = split(page, paper_view(page, 300))
    assert layers.stencil[60:320].mean() > 255 * 0.05
    assert layers.stencil[400:].max() == 0
    assert layers.picture.min() > 225  # no shadow of a letter is left behind
    assert all(abs(value - ink) < 30 for value, ink in zip(layers.toner, (30, 30, 34), strict=True))


@pytest.mark.parametrize(
    "ink",
    [(200, 40, 50), (240, 205, 205), (225, 228, 247), (40, 60, 170), (190, 190, 190), (215, 215, 215), (120, 85, 60)],
    ids=["seal", "faint seal", "faint blue", "pen", "pencil", "faint pencil", "brown"],
)
def test_marks_that_are_no_toner_stay_in_the_picture(ink: tuple[int, int, int]) -> None:
    page, place = marked(sheet(), ink)
    shown = compose(layered(page))
    bare = np.median(sheet()[place].reshape(-1, 3), axis=0)
    drawn = (np.abs(page[place].astype(int) - np.array(ink)) <= 6).all(axis=2)
    before = bare - page[place][drawn].mean(axis=0)
    after = bare - shown[place][drawn].mean(axis=0)
    assert np.abs(after - before).max() < 6 + 0.15 * np.abs(before).max()


def test_a_pencil_line_across_print_is_not_cut() -> None:
    page = sheet()
    cv2.line(page, (100, 40), (900, 330), (150, 150, 150), 3, cv2.LINE_AA)
    shown = compose(layered(page))
    along = [(round(100 + 800 * t), round(40 + 290 * t)) for t in np.linspace(0.02, 0.98, 300)]
    darkest = [int(shown[y - 2 : y + 3, x - 2 : x + 3].min()) for x, y in along]
    assert max(darkest) < 215  # paper is 248


def test_two_inks_crossing_stay_two_inks() -> None:
    page = sheet()
    cv2.circle(page, (500, 620), 150, (205, 40, 55), 9, cv2.LINE_AA)
    under = page.copy()
    cv2.line(page, (300, 560), (720, 690), (30, 50, 160), 8, cv2.LINE_AA)
    page = np.minimum(page, under)  # inks darken each other where they cross
    shown = compose(layered(page))
    assert likeness(page[440:800, 320:680], shown[440:800, 320:680]) > 0.93
    layers = split(page, paper_view(page, 300))
    assert layers.stencil[440:800].max() == 0


def test_a_photo_and_a_black_bar_stay_in_the_picture() -> None:
    page = sheet()
    photo = np.random.default_rng(2).integers(20, 160, (12, 10, 3), dtype=np.uint8)
    page[480:780, 100:350] = cv2.resize(photo, (250, 300), interpolation=cv2.INTER_CUBIC)
    page[:, 1200:] = 12  # the scanner's backing
    layers = split(page, paper_view(page, 300))
    assert layers.stencil[490:770, 110:340].mean() < 5
    assert np.abs(compose(layered(page))[500:760, 120:330].astype(int) - page[500:760, 120:330]).mean() < 8


def test_grey_stays_grey(paper: Draw) -> None:
    page = cv2.cvtColor(paper("quyet_dinh"), cv2.COLOR_RGB2GRAY)
    made = layered(page)
    assert made.grey
    assert len(made.toner) == 1
    assert decode_picture(made).ndim == 2


@pytest.mark.parametrize("dpi", [200.0, 600.0])
def test_other_resolutions(dpi: float) -> None:
    page = cv2.resize(sheet(), None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
    made = layered(page, dpi)
    assert compose(made).shape == page.shape
    assert likeness(page, compose(made)) > 0.9


@pytest.mark.parametrize("size", [(881, 1243), (879, 1239), (1121, 641), (65, 4000)])
def test_odd_sizes_keep_their_last_row_and_column(size: tuple[int, int]) -> None:
    page = empty(size[1], size[0], 246)
    page[-3:] = (200, 40, 40)
    page[:, -3:] = (40, 60, 190)
    shown = compose(layered(page))
    assert shown.shape == page.shape
    assert np.abs(shown[-2, 20:-20].astype(int) - (200, 40, 40)).max() < 60
    assert np.abs(shown[20:-20, -2].astype(int) - (40, 60, 190)).max() < 70


# -- what does not prove itself ---------------------------------------------------------------------------------------


def tampered(page: Pixels, change: object) -> Departure | None:
    """What the self-check says when the layers are spoilt before they are packed."""
    view = paper_view(page, 300)
    layers = split(page, view)
    assert callable(change)
    picture, stencil, toner = layers.picture.copy(), layers.stencil.copy(), layers.toner
    found = doubt(encode(change(Layers(picture, stencil, toner))), view)
    return None if found is None else found.reason


def test_an_untouched_page_is_not_doubted(paper: Draw) -> None:
    assert tampered(sheet(), lambda layers: layers) is None


def test_a_lost_letter_is_seen() -> None:
    def lose(layers: Layers) -> Layers:
        layers.stencil[40:110, 60:90] = 0
        return layers

    assert tampered(sheet(), lose) is Departure.STROKES


def test_a_lost_pencil_line_is_seen() -> None:
    page, place = marked(sheet(), (190, 190, 190))

    def lose(layers: Layers) -> Layers:
        layers.picture[place] = 248
        return layers

    assert tampered(page, lose) is Departure.STROKES


def test_a_washed_out_seal_is_seen() -> None:
    page = sheet()
    cv2.circle(page, (500, 620), 150, (246, 215, 218), 20)

    def wash(layers: Layers) -> Layers:
        area = layers.picture[440:800, 320:680]
        area[:] = np.clip(area.astype(int) + (248 - area.astype(int)) * 3 // 4, 0, 255)
        return layers

    assert tampered(page, wash) is Departure.COLOUR


def test_a_seal_gone_black_is_seen() -> None:
    page = sheet()
    cv2.circle(page, (500, 620), 150, (205, 40, 55), 9, cv2.LINE_AA)

    def blacken(layers: Layers) -> Layers:
        place = np.s_[440:800, 320:680]
        layers.stencil[place] = cv2.compare(layers.picture[place][..., 1], 150, cv2.CMP_LT)
        layers.picture[place] = 248
        return layers

    assert tampered(page, blacken) in (Departure.TONE, Departure.COLOUR)


def test_a_red_seal_gone_blue_is_seen() -> None:
    page = sheet()
    cv2.circle(page, (500, 620), 150, (205, 60, 60), 9, cv2.LINE_AA)

    def turn(layers: Layers) -> Layers:
        layers.picture[440:800, 320:680, :3] = layers.picture[440:800, 320:680, 2::-1].copy()
        return layers

    assert tampered(page, turn) is Departure.COLOUR


def test_invented_ink_is_seen() -> None:
    def invent(layers: Layers) -> Layers:
        layers.stencil[600:620, 300:400] = 255
        return layers

    assert tampered(sheet(), invent) is Departure.TONE


def test_another_tone_is_seen() -> None:
    assert tampered(sheet(), lambda layers: replace(layers, toner=(190, 190, 190))) is not None


def test_what_departs_is_left_in_the_picture_and_the_page_is_tried_again() -> None:
    page, place = marked(sheet(), (95, 95, 95), thickness=22)  # another pen, nearly as dark as the print
    view = paper_view(page, 300)
    assert doubt(encode(split(page, view)), view) is not None or split(page, view).stencil[place].max() == 0
    shown = compose(layered(page))
    drawn = (page[place] == 95).all(axis=2)
    assert abs(float(shown[place][drawn].mean()) - 95) < 12


def framed() -> tuple[Pixels, tuple[slice, slice]]:
    """A certificate: a thin brown rule round the whole page, a pixel of the coarse view wide; and its lower side."""
    page = sheet(1800, 1500)
    cv2.rectangle(page, (40, 40), (1760, 1460), (122, 80, 56), 5)
    return page, np.s_[1455:1466, 200:1600]


def test_a_thin_coloured_rule_is_no_toner() -> None:
    page, side = framed()
    view = paper_view(page, 300)
    layers = split(page, view)
    assert not layers.stencil[side].any()
    assert doubt(encode(layers), view) is None  # so the page need not be made twice


@pytest.mark.parametrize("halved_from", [6000.0, math.inf])
def test_a_frame_that_does_not_look_like_itself_is_seen_by_halves_too(
    monkeypatch: pytest.MonkeyPatch, halved_from: float
) -> None:
    monkeypatch.setattr(selfcheck, "_FRAME_MM2", halved_from)
    monkeypatch.setattr(selfcheck, "_has_place", lambda *_: False)  # likeness alone is asked
    page, _ = framed()
    for x in range(60, 1740, 24):  # with its pattern, as certificates have it
        page[60:1440, x : x + 12] = (246, 216, 224)

    def shift(layers: Layers) -> Layers:
        layers.picture[60:1440] = np.roll(layers.picture[60:1440], 12, axis=1)
        return layers

    assert tampered(page, lambda layers: layers) is None
    assert tampered(page, shift) is Departure.SEAL


def test_pages_that_gain_nothing_stay_as_scanned() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2000, 1600, 3), dtype=np.uint8)
    assert two_layers(noise, 300, PLENTY) is Departure.SIZE
    assert two_layers(sheet(), 300, 500) is Departure.SIZE
    assert two_layers(sheet(), 120, PLENTY) is Departure.RESOLUTION
    assert two_layers(empty(1, 1), 300, PLENTY) is Departure.RESOLUTION


def test_a_small_pdf_says_which_pages_stay_as_scanned() -> None:
    good = PdfPage(encode_master(sheet(), 300), (105.0, 74.5))
    noisy = np.random.default_rng(1).integers(0, 256, (1600, 1800, 3), dtype=np.uint8)
    loud = PdfPage(encode_master(noisy, 300), (152.4, 135.5))
    pages, fallen = prepared([good, loud, good], Preset.SMALL)
    assert fallen == (FellBack(2, Departure.SIZE),)
    assert [page.layers is None for page in pages] == [False, True, False]
    assert pages[0] == pages[2]
    assert prepared([good, loud], Preset.ARCHIVE) == ((good, loud), ())
    assert isinstance(small_page(good, sheet()), PdfPage)
