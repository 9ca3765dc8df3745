# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was once told wrong: small things in corners, lone pencil lines, cut frames, red things in photographs, tables
and handwriting on their side, a sharpened enlargement."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from accuracy import scans
from accuracy.sheets import MM, page, press
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.upright import count_marks
from digitizer_desk.imaging.repair import turn
from imaging.conftest import Draw, empty, measured, write


@pytest.mark.parametrize("at", [(70, 90), (1120, 90), (1120, 1690)])
def test_the_number_of_a_leaf_in_its_corner_is_writing(at: tuple[int, int]) -> None:
    leaf = empty()
    write(leaf, "17", at, 0.55)
    assert not measured(leaf).blank


def test_a_lone_faint_pencil_line_is_writing_and_a_rule_of_the_other_side_is_not() -> None:
    wave = [np.array([[300 + 4 * i, 700 + round(9 * np.sin(i / 6))] for i in range(90)], np.int32)]
    lone = empty()
    cv2.polylines(lone, wave, False, (208, 208, 210), 2, cv2.LINE_AA)
    assert not measured(lone).blank
    cv2.circle(lone, (400, round(700 + 9 * np.sin(25 / 6))), 2, (80, 75, 70), -1, cv2.LINE_AA)  # a speck on the line
    assert not measured(lone).blank
    behind = np.full(lone.shape, 250, np.uint8)
    for y in range(100, 1600, 60):
        write(behind, "Uy ban nhan dan xac nhan ho so", (120, y), 0.9)
    cv2.line(behind, (400, 650), (800, 650), (30, 30, 34), 2)
    assert measured(scans.other_side(empty(), behind, 0.2)).blank


def framed(width: int = 1240, height: int = 1754) -> Pixels:
    made = empty(width, height)
    for gap in (90, 104):
        cv2.rectangle(made, (gap, gap), (width - gap, height - gap), (60, 50, 45), 2)
    return made


@pytest.mark.parametrize(("quarter", "edge"), [(0, "top"), (90, "right"), (180, "bottom"), (270, "left")])
def test_a_frame_that_runs_into_the_rim_is_cut_there(quarter: int, edge: str) -> None:
    cut = framed()[200:]
    write(cut, "GIAY CHUNG NHAN", (300, 500), 1.4)
    assert measured(turn(cut, quarter)).cut_edges == (edge,)


def test_a_whole_frame_and_streaks_of_the_glass_are_no_cut() -> None:
    whole = framed()
    whole[:, 500:502] = 120
    whole[:, 800:802] = 120
    write(whole, "GIAY CHUNG NHAN", (300, 500), 1.4)
    assert measured(whole).cut_edges == ()


def test_a_faint_seal_is_found_and_a_red_disc_is_none() -> None:
    letter = page("two_columns", 3)
    assert measured(press(letter, (140, 200), 0.2, 1), 300).red_seal
    disc = letter.copy()
    cv2.circle(disc, (round(140 * MM), round(200 * MM)), round(16 * MM), (214, 40, 50), -1, cv2.LINE_AA)
    assert not measured(disc, 300).red_seal


@pytest.mark.parametrize("seed", [3, 11])
def test_a_seal_over_a_photograph_is_found_and_round_patches_of_one_are_none(seed: int) -> None:
    photograph = page("photo", seed)
    assert not measured(photograph, 300).red_seal
    found = measured(press(photograph, (105, 110), 0.9, 1), 300)
    assert found.red_seal
    assert found.seal_region is not None
    assert (found.seal_region.left + found.seal_region.right) / 2 == pytest.approx(0.5, abs=0.01)


def test_half_a_seal_at_the_rim_is_found_beside_a_photograph_and_on_its_backing() -> None:
    half = press(page("photo", 5), (207, 200), 0.9, 2)
    assert measured(half, 300).red_seal
    assert measured(scans.framed(half, 4, scans.BACKINGS["black"]), 300).red_seal


@pytest.mark.parametrize("kind", ["photo", "screened"])
@pytest.mark.parametrize("size", [(76, 76), (44, 12)])
def test_a_note_on_a_photograph_is_found_by_its_one_colour(kind: str, size: tuple[int, int]) -> None:
    photograph = page(kind, 7)
    assert not measured(photograph, 300).note
    place = ((110 * MM, 100 * MM), (size[0] * MM, size[1] * MM), 6.0)
    cv2.fillConvexPoly(photograph, cv2.boxPoints(place).astype(np.int32), (252, 240, 120), cv2.LINE_AA)
    write(photograph, "goi lai", (1260, 1190), 1.4)
    assert measured(photograph, 300).note


def test_a_patch_of_many_colours_is_no_note() -> None:
    patch = empty()
    colours = np.random.default_rng(4).integers(120, 255, (4, 4, 3)).astype(np.uint8)
    patch[400:700, 300:600] = cv2.resize(colours, (300, 300), interpolation=cv2.INTER_CUBIC)
    assert not measured(patch).note


@pytest.mark.parametrize("kind", ["table", "handwritten", "two_columns", "pencil_letter"])
@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
def test_pages_that_stand_out_both_ways_are_told_by_their_marks(kind: str, quarter: int) -> None:
    made = cv2.resize(page(kind, 4), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert measured(turn(made, quarter)).rotation == quarter


def test_marks_are_the_same_whichever_way_the_picture_lies(paper: Draw) -> None:
    grey = cv2.cvtColor(cv2.resize(paper("quyet_dinh"), (1240, 1754), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    level = count_marks(grey, 150).level
    sideways = count_marks(np.ascontiguousarray(np.rot90(grey, -1)), 150).sideways  # its top is on the right now
    assert level == pytest.approx(sideways, rel=0.1, abs=3)
    assert level[0] > 3 * level[1]


def test_a_sharpened_enlargement_from_100_dpi_is_told_as_such(paper: Draw) -> None:
    small = cv2.resize(paper("quyet_dinh"), None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (2480, 3508), interpolation=cv2.INTER_CUBIC)
    sharpened = cv2.addWeighted(large, 1.7, cv2.GaussianBlur(large, (0, 0), 1.1), -0.7, 0)
    assert measured(sharpened, 300).real_dpi == pytest.approx(100, abs=2)
