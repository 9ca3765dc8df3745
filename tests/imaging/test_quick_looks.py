# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The short cuts of measuring give what the plain way gives."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitizer_desk.imaging.page.lines import _places
from digitizer_desk.imaging.page.sharpness import _steepest
from digitizer_desk.imaging.page.upscaled import _bends
from digitizer_desk.imaging.page.views import level_below, level_counts

CHANCE = np.random.default_rng(20261121)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.25, 0.5, 0.8, 0.999, 1.0])
@pytest.mark.parametrize("size", [(1, 1), (7, 3), (64, 50)])
def test_a_level_from_counts_is_the_percentile(share: float, size: tuple[int, int]) -> None:
    levels = CHANCE.integers(0, 256, size, dtype=np.uint8)
    assert level_below(level_counts(levels), share) == pytest.approx(np.percentile(levels, share * 100))
    some = (levels > 90).astype(np.uint8) * 255
    if some.any():
        assert level_below(level_counts(levels, some), share) == pytest.approx(
            np.percentile(levels[levels > 90], share * 100)
        )


def test_counts_of_nothing_have_no_level() -> None:
    assert level_below(level_counts(np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8)), 0.5) == 0.0


@pytest.mark.parametrize("size", [(1, 3), (5, 8), (31, 77), (40, 64)])
def test_places_are_all_that_is_not_empty_row_by_row(size: tuple[int, int]) -> None:
    marks = (CHANCE.random(size) < 0.1).astype(np.uint8) * 255
    y, x = np.nonzero(marks)
    found = _places(marks)
    assert np.array_equal(found[0], x)
    assert np.array_equal(found[1], y)


def test_the_steepest_rise_is_that_of_the_sorted_rises() -> None:
    patch = cv2.GaussianBlur(CHANCE.integers(0, 256, (64, 80), dtype=np.uint8), (0, 0), 1.5)
    rise = np.abs(cv2.filter2D(patch.astype(np.float32), -1, np.array([[-0.5, 0, 0.5]], np.float32)))
    assert _steepest(patch[:, 2:], patch[:, :-2], patch.size) == np.sort(rise, axis=None)[int(rise.size * 0.99)]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("rows", [100, 128, 129, 300])
def test_bends_of_blocks_are_those_of_the_whole(down: bool, rows: int) -> None:
    band = CHANCE.integers(0, 256, (rows, 90, 3), dtype=np.uint8)
    kernel = np.array([[-1, 2, -1]], np.float32)
    bend = cv2.filter2D(cv2.cvtColor(band, cv2.COLOR_RGB2GRAY), cv2.CV_16S, kernel.T if down else kernel)
    whole = cv2.convertScaleAbs(bend).mean(axis=1 if down else 0)[2:-2]
    assert np.allclose(_bends(band, down), whole, atol=1e-3)
