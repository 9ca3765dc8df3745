# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages held against each other, and the measures that came later than the first cabinets."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import cv2
import numpy as np

from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.dossier.model import Page
from digitizer_desk.imaging.compare import alike, compare_pages, same_sheet
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.page.twin import read_sketch
from digitizer_desk.imaging.repair import turn
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.training.papers import PEOPLE, draw_paper
from imaging.conftest import Draw, empty, measured, write

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def kept(number: int, measures: PageMeasures) -> Page:
    return Page(f"p{number}", f"{number:064}", 1, 1, (200, 200), (210, 297), NOW, "máy", 1, measures=measures)


def test_a_sheet_scanned_twice_is_found_turned_and_leaning(paper: Draw) -> None:
    one, other = paper("quyet_dinh", 200), paper("don_de_nghi", 200)
    matrix = cv2.getRotationMatrix2D((827, 1169), -1.2, 1.0)
    again = turn(cv2.warpAffine(one, matrix, one.shape[1::-1], borderValue=(250, 249, 246)), 180)
    pages = [kept(n, measured(p, 200)) for n, p in enumerate((one, other, again), start=1)]
    found = {(p.page, p.other): p.alike for p in compare_pages(pages).twins}
    assert found["p3", "p1"] > 0.9
    assert all(alike < 0.6 for pair, alike in found.items() if pair != ("p3", "p1"))


def test_holes_and_a_staple_in_the_margin_make_no_other_sheet(paper: Draw) -> None:
    sheet = paper("quyet_dinh", 200)
    bound = sheet.copy()
    for y in (870, 1500):
        cv2.circle(bound, (94, y), 24, (20, 20, 22), -1, cv2.LINE_AA)  # black backing seen through the holes
    cv2.line(bound, (60, 100), (140, 60), (95, 92, 90), 5, cv2.LINE_AA)
    found = same_sheet(measured(sheet, 200), measured(bound, 200))
    assert found is not None
    assert found > 0.9


def test_two_people_s_forms_are_no_twins_though_alike_as_a_whole() -> None:
    sheets = [draw_paper("giay_ket_hon", PEOPLE[who], 7, 200, None) for who in (0, 2)]
    one, other = (measured(sheet, 200) for sheet in sheets)
    matrix = cv2.getRotationMatrix2D((827, 1169), 0.9, 1.0)
    again = measured(cv2.warpAffine(sheets[0], matrix, (1654, 2339), borderValue=(250, 249, 246)), 200)
    assert (alike(one, other) or 0) > 0.85
    assert (same_sheet(one, other) or 0) < 0.7
    assert (same_sheet(one, again) or 0) > 0.9


def test_a_sheet_scanned_again_at_another_resolution_is_known(paper: Draw) -> None:
    page = paper("quyet_dinh", 300)
    coarse = measured(cv2.resize(page, (1654, 2339), interpolation=cv2.INTER_AREA), 200)
    fine = measured(page, 300)
    assert (same_sheet(coarse, fine) or 0) > 0.9


def test_a_sketch_of_the_first_kind_is_still_read() -> None:
    steps = np.zeros((4, 4), np.uint8)
    steps[1, 1:3] = 15
    packed = base64.b64encode(zlib.compress((steps.ravel()[::2] << 4 | steps.ravel()[1::2]).tobytes())).decode()
    found = read_sketch(f"4,4,{packed}.4,4,{packed}")
    assert found is not None
    assert found.ink.tolist() == (steps * 16).tolist()


def test_a_replaced_page_is_held_against_its_older_version(paper: Draw) -> None:
    one, other = (measured(paper(kind, 200), 200) for kind in ("quyet_dinh", "don_de_nghi"))
    (same,) = compare_pages([kept(1, one)], {"p1": one}).replaced
    (differs,) = compare_pages([kept(1, one)], {"p1": other}).replaced
    assert same.alike > 0.99
    assert differs.alike < 0.6


def test_empty_and_unmeasured_pages_are_compared_with_nothing(paper: Draw) -> None:
    blank = measured(empty())
    pages = [kept(1, blank), kept(2, blank), replace(kept(3, blank), measures=None)]
    assert compare_pages(pages).twins == ()
    assert compare_pages([]).twins == ()


def test_what_is_no_sketch_is_none() -> None:
    for text in ("", "x", "1,2.3", "10,10,AAAA.0,0,", "99999,99999,eJw=.0,0,"):
        assert read_sketch(text) is None


def test_measures_of_an_older_cabinet_are_read(paper: Draw) -> None:
    new = measured(paper("quyet_dinh", 200), 200)
    row = json.loads(encode(PageMeasures, new))
    for name in ("sketch", "streaks", "cast", "ink_tone", "backing_mm", "sheet_mm", "seal_region", "seal_strength"):
        del row[name]
    old = decode(PageMeasures, json.dumps(row))
    assert (old.sketch, old.streaks, old.cast, old.backing_mm) == ("", (), None, (0.0, 0.0, 0.0, 0.0))
    assert decode(PageMeasures, encode(PageMeasures, new)) == new
    assert new.sketch not in repr(new)


def test_a_lying_header_is_found_out_by_the_sheet_on_its_backing(paper: Draw) -> None:
    page = cv2.copyMakeBorder(paper("quyet_dinh", 200), 50, 50, 50, 50, cv2.BORDER_CONSTANT, value=(20, 20, 22))
    for lie in (72.0, 300.0):
        found = measure_page(page, dpi=(lie, lie), sheet_mm=None)
        assert abs(found.dpi[0] - 200) < 2, lie
    assert all(abs(mm - 6.35) < 0.5 for mm in found.backing_mm)
    assert found.sheet_mm is not None
    assert abs(found.sheet_mm[1] - 297) < 1.5


def test_tint_blue_ink_and_pale_ink() -> None:
    page = (empty() * np.array([1, 0.95, 0.85])).astype(np.uint8)
    found = measured(page)
    assert found.cast is not None
    assert found.cast[1] > 8
    assert not found.blue_ink
    page = empty()
    for y in range(200, 1600, 90):
        write(page, "Uy ban nhan dan xac nhan", (120, y), ink=(120, 120, 122))
    assert (measured(page).ink_tone or 0) > 0.3
    write(page, "Da nhan du ho so", (120, 1650), ink=(30, 50, 150))
    assert measured(page).blue_ink
