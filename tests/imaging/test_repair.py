# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Repairs: what is asked is done, from the master, and nothing is softened twice."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer_desk.dossier.finding import Region
from digitizer_desk.dossier.repair import Repair
from digitizer_desk.imaging.master import Pixels, decode, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.repair import deskew, propose, repair_master, repaired, turn
from imaging.conftest import Draw, measured

LIMITS = {"light_below": 0.8, "skew_above": 0.5, "backing_above": 2.0}


def likeness(one: Pixels, other: Pixels) -> float:
    """Peak signal to noise, dB."""
    return float(cv2.PSNR(one, other))


def on_backing(page: Pixels, degrees: float, rim: int = 60) -> Pixels:
    framed = cv2.copyMakeBorder(page, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(18, 18, 20))
    middle = ((framed.shape[1] - 1) / 2, (framed.shape[0] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -degrees, 1.0)
    return cv2.warpAffine(framed, matrix, framed.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=(18, 18, 20))


def test_nothing_to_do_keeps_the_very_bytes(paper: Draw) -> None:
    jpeg = encode_master(paper("quyet_dinh", 200), 200)
    assert repair_master(jpeg, Repair(), (200, 200)) is jpeg
    assert Repair(turn=180).nothing


def test_a_quarter_turn_and_a_crop_move_pixels_and_make_none(paper: Draw) -> None:
    page = paper("don_de_nghi", 200)
    part = repaired(page, Repair(turn=90, crop=Region(0.25, 0.5, 0.75, 1.0)))
    turned = turn(page, 90)
    height, width = turned.shape[:2]
    assert np.array_equal(part, turned[round(0.5 * height) :, round(0.25 * width) : round(0.75 * width)])


def test_a_turned_master_says_its_resolution_the_other_way_round(paper: Draw) -> None:
    jpeg = encode_master(paper("quyet_dinh", 200), (200, 100))
    found = repair_master(jpeg, Repair(turn=90), (200, 100))
    assert measure_page(decode(found), dpi=None, sheet_mm=(297, 210)).rotation == 90


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
def test_what_is_proposed_mends_the_page(paper: Draw, quarter: int) -> None:
    crooked = turn(on_backing(paper("quyet_dinh", 200), 2.0), quarter)
    proposed = propose(measured(crooked, 200), **LIMITS)
    mended = measured(repaired(crooked, proposed), 200)
    assert mended.rotation == 0
    assert mended.skew_deg == pytest.approx(0, abs=0.08)
    assert max(mended.backing_mm) < 3.5  # the wedges a leaning sheet leaves outside its own middle
    assert mended.light > 0.95


def test_a_good_page_is_left_alone(paper: Draw) -> None:
    assert propose(measured(paper("quyet_dinh", 200), 200), **LIMITS) == Repair()


def test_dark_tinted_paper_becomes_white_and_ink_stays_black(paper: Draw) -> None:
    page = (paper("quyet_dinh", 200) * np.array([0.55, 0.52, 0.45])).astype(np.uint8)
    assert propose(measured(page, 200), **LIMITS).light
    light = repaired(page, Repair(light=True))
    found = measured(light, 200)
    assert found.light > 0.95
    assert found.cast is not None
    assert np.hypot(*found.cast) < 2
    assert int(light.min()) <= int(page.min()) + 25
    assert measured(light, 200).red_seal


def test_all_at_once_is_one_resampling(paper: Draw) -> None:
    """Straightened and cropped in one go is nearer to the true page than step by step with masters between."""
    true = paper("quyet_dinh", 200)
    crooked = on_backing(true, -1.3)
    width, height = crooked.shape[1::-1]
    crop = Region(60 / width, 60 / height, 1 - 60 / width, 1 - 60 / height)
    jpeg = encode_master(crooked, 200)
    once = decode(repair_master(jpeg, Repair(skew_deg=-1.3, crop=crop), (200, 200)))
    first = repair_master(jpeg, Repair(skew_deg=-0.9), (200, 200))
    second = repair_master(first, Repair(skew_deg=-0.4), (200, 200))
    twice = decode(repair_master(second, Repair(crop=crop), (200, 200)))
    assert once.shape == twice.shape == true.shape
    assert likeness(once, true) > likeness(twice, true) + 0.5
    sharp, soft = (measured(p, 200).sharpness or 0 for p in (once, twice))
    assert sharp > soft


def test_straightening_alone_keeps_its_frame(paper: Draw) -> None:
    page = paper("don_de_nghi", 200)
    assert deskew(page, 1.0).shape == page.shape
    assert np.array_equal(deskew(page, 1.0), repaired(page, Repair(skew_deg=1.0)))
