# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Masters, repairs and thumbnails: what goes in comes out, and what cannot be read says why."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from digitizer_desk.errors import DeskError, ImageFileError
from digitizer_desk.imaging import master
from digitizer_desk.imaging.master import as_png, at_resolution, decode, encode_master, from_raw
from digitizer_desk.imaging.repair import deskew, turn
from digitizer_desk.imaging.thumbnail import thumbnail
from imaging.conftest import Draw, empty, measured

RED, GREEN, BLUE, WHITE = (220, 20, 30), (20, 160, 40), (20, 40, 200), (250, 250, 250)


def four_corners(height: int = 64, width: int = 96) -> np.ndarray:
    """Red, green, blue and white quarters: a picture whose every turn is another."""
    page = np.empty((height, width, 3), np.uint8)
    page[: height // 2, : width // 2], page[: height // 2, width // 2 :] = RED, GREEN
    page[height // 2 :, : width // 2], page[height // 2 :, width // 2 :] = BLUE, WHITE
    return page


@pytest.mark.parametrize("grey", [False, True])
def test_a_master_is_the_file_that_pillow_would_write(grey: bool) -> None:
    page = four_corners(131, 77)
    page = page[..., 0].copy() if grey else page
    by_pillow = io.BytesIO()
    Image.fromarray(page).save(by_pillow, "JPEG", quality=master.MASTER_QUALITY, subsampling=0, dpi=(300, 299))
    assert encode_master(page, (300.2, 299.4)) == by_pillow.getvalue()


@pytest.mark.parametrize("upright", [True, False])
def test_a_page_longer_than_a_jpeg_can_be_is_told(upright: bool) -> None:
    longest, longer = (np.full((8, length), 255, np.uint8) for length in (65_500, 65_501))
    assert decode(encode_master(longest.T.copy() if upright else longest, 300)).size == longest.size
    with pytest.raises(ImageFileError) as told:
        encode_master(longer.T.copy() if upright else longer, 300)
    assert told.value.code == "image.too_big"


def test_a_master_keeps_thin_red_lines_red() -> None:
    page = empty(160, 160)
    page[:, 80] = (210, 30, 40)  # with halved chroma this line would lose two thirds of its colour
    back = decode(encode_master(page, 300))
    assert (np.abs(back[20:140, 80].astype(int) - (210, 30, 40)) < 45).all()


@pytest.mark.parametrize("dpi", [(300, 300), (200.4, 199.6)])
def test_a_master_states_its_resolution_and_full_chroma(dpi: tuple[float, float]) -> None:
    with Image.open(io.BytesIO(encode_master(empty(80, 60), dpi))) as picture:
        assert picture.info["dpi"] == (round(dpi[0]), round(dpi[1]))
        assert picture.info["jfif_unit"] == 1
        assert {(layer[1], layer[2]) for layer in picture.layer} == {(1, 1)}
        assert max(picture.quantization[0]) <= 20  # quality 92 has 19 at most


def test_grey_stays_one_channel() -> None:
    page = np.tile(np.arange(96, dtype=np.uint8), (64, 1))
    back = decode(encode_master(page, 300))
    assert back.shape == (64, 96)
    assert np.abs(back.astype(int) - page).max() <= 4


def test_both_ways_of_decoding_give_the_same_pixels() -> None:
    for page in (four_corners(123, 217), np.random.default_rng(8).integers(0, 256, (65, 77), dtype=np.uint8)):
        for options in ({}, {"progressive": True}, {"subsampling": 2}):
            target = io.BytesIO()
            Image.fromarray(page).save(target, "JPEG", quality=90, **options)
            quick, slow = decode(target.getvalue()), decode(target.getvalue() + b"tail")
            assert (quick == slow).all()
            assert quick.shape == page.shape


def test_a_master_is_decoded_as_stored_whatever_its_exif_says() -> None:
    exif, target = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    Image.fromarray(four_corners()).save(target, "JPEG", exif=exif)
    assert decode(target.getvalue()).shape == four_corners().shape


def test_png_keeps_every_pixel() -> None:
    page = np.random.default_rng(5).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    assert (decode(as_png(page, (300.0, 300.0))) == page).all()
    assert (decode(as_png(page)) == page).all()


def test_raw_rows_are_not_copied() -> None:
    raw = bytearray(6 * 4 * 3)
    page = from_raw(raw, 6, 4, 3)
    raw[0] = 77
    assert page.shape == (4, 6, 3)
    assert page[0, 0, 0] == 77


@pytest.mark.parametrize(("count", "samples"), [(71, 3), (73, 3), (24, 2), (0, 1)])
def test_a_raw_page_that_does_not_fit_is_damaged(count: int, samples: int) -> None:
    with pytest.raises(ImageFileError) as caught:
        from_raw(bytes(count), 6, 4, samples)
    assert caught.value.code == "image.damaged"


def test_what_cannot_be_decoded_says_why() -> None:
    whole = encode_master(np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8), 300)
    for data, code in (
        (b"", "image.empty"),
        (b"no picture at all", "image.unreadable"),
        (whole[: len(whole) // 2], "image.damaged"),
        (whole[:20], "image.damaged"),
        (as_png(four_corners())[:-30], "image.damaged"),
    ):
        with pytest.raises(DeskError) as caught:
            decode(data, "trang 1")
        assert caught.value.code == code
        assert caught.value.facts == {"file": "trang 1"}


def test_a_bomb_is_refused_before_its_pixels_are_made() -> None:
    small = as_png(np.zeros((8, 8), np.uint8))
    claims = small[:16] + (60_000).to_bytes(4, "big") * 2 + small[24:]
    import zlib

    claims = claims[:29] + zlib.crc32(claims[12:29]).to_bytes(4, "big") + claims[33:]
    with pytest.raises(DeskError) as caught:
        decode(claims)
    assert caught.value.code == "image.too_big"
    assert 60_000 * 60_000 > master.MAX_PIXELS > 9921 * 7016  # A3 at 600 dpi still passes


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 360, -90])
def test_turning_is_clockwise_exact_and_new(degrees: int) -> None:
    page = four_corners()
    turned = turn(page, degrees)
    assert (turned == np.rot90(page, -degrees // 90)).all()
    assert not np.shares_memory(turned, page)
    assert (turn(turned, -degrees) == page).all()


def test_a_quarter_clockwise_brings_the_left_side_up() -> None:
    assert tuple(turn(four_corners(), 90)[2, 2]) == BLUE


def test_only_quarters_turn_exactly() -> None:
    with pytest.raises(ValueError, match="quarter"):
        turn(four_corners(), 45)


def test_straightening_undoes_the_measured_skew(paper: Draw) -> None:
    page = paper(fault="skew")
    skew = measured(page, 300).skew_deg
    assert skew is not None
    assert skew == pytest.approx(3.0, abs=0.1)
    straight = deskew(page, skew)
    left = measured(straight, 300).skew_deg
    assert left is not None
    assert abs(left) < 0.06
    assert straight.shape == page.shape
    assert straight[2, 2].min() > 200  # what comes into view at the corner is paper


@pytest.mark.parametrize(("turned", "corner"), [(0, RED), (90, BLUE), (180, WHITE), (270, GREEN)])
def test_a_thumbnail_is_small_turned_and_rgb(turned: int, corner: tuple[int, int, int]) -> None:
    small = thumbnail(encode_master(four_corners(1600, 2400), 300), 240, turned)
    assert small.shape == ((160, 240, 3) if turned % 180 == 0 else (240, 160, 3))
    assert small.flags.c_contiguous
    assert np.abs(small[8, 8].astype(int) - corner).max() < 12


def test_a_thumbnail_of_a_grey_page_is_rgb_and_never_blown_up() -> None:
    small = thumbnail(encode_master(np.full((40, 30), 200, np.uint8), 300), 240)
    assert small.shape == (40, 30, 3)


def test_a_thumbnail_of_half_a_file_is_damaged() -> None:
    whole = encode_master(np.random.default_rng(1).integers(0, 256, (400, 400, 3), dtype=np.uint8), 300)
    with pytest.raises(DeskError) as caught:
        thumbnail(whole[: len(whole) // 2], 100)
    assert caught.value.code == "image.damaged"


def test_a_page_at_another_resolution() -> None:
    drawn = as_png(four_corners(300, 200), (300.0, 300.0))
    assert at_resolution(drawn, 300, grey=False) is drawn
    half = decode(at_resolution(drawn, 150, grey=False))
    assert half.shape == (150, 100, 3)
    assert decode(at_resolution(drawn, 300, grey=True)).shape == (300, 200)
