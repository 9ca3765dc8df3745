# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Sizes no scanner can have, announced by a driver: refused before memory is taken, and nothing of it is kept."""

from __future__ import annotations

import resource
import threading

import pytest

from devices.scanning.test_batch import FRAME, WHOLE, Driver, order, said
from digitizer_desk.devices import line
from digitizer_desk.devices.sane.binding import Frame, Picture, Progress


@pytest.mark.parametrize(
    "frame",
    [
        Frame("color", True, 1_000_000_000, 1_000_000_000, 8, 3_000_000_000),
        Frame("color", True, 100_000, 100_000, 8, 300_000),
        Frame("gray", True, 1 << 30, 1, 8, 1 << 30),
        Frame("color", True, 0, 100, 8, 0),
        Frame("color", True, -4, 100, 8, -12),
        Frame("color", True, 100, 0, 8, 300),
    ],
)
def test_an_announced_size_that_cannot_be(frame: Frame) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    driver = Driver([FRAME, frame])
    *_, page, fault = said(driver, order())
    assert (page["event"], fault["code"]) == ("page", "scanner.bad_image")
    # not read, and closed like any other batch
    assert driver.calls == ["open", "start", "read", "start", "cancel", "close"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize(
    "picture",
    [
        Picture(bytearray(30), 5, 2, 3, 1),  # another width
        Picture(bytearray(23), 4, 2, 3, 1),  # bytes that do not fill the rows
        Picture(bytearray(48), 4, 2, 3, 2),  # 16 bit a sample
    ],
)
def test_a_picture_that_is_not_what_was_announced(picture: Picture) -> None:
    *_, fault = said(Driver([(FRAME, picture)]), order())
    assert fault["code"] == "scanner.bad_image"


def test_more_rows_than_announced_are_all_kept() -> None:
    *_, page, _closed = said(Driver([(FRAME, Picture(bytearray(36), 4, 3, 3, 1))]), order())
    assert (page["event"], page["height"], page["bytes"]) == ("page", 3, 36)


def test_fewer_rows_than_announced_is_a_page_cut_short() -> None:
    *_, fault = said(Driver([(FRAME, Picture(bytearray(12), 4, 1, 3, 1))]), order())
    assert fault["code"] == "scanner.short_page"


class Endless(Driver):
    """Announces no length and reads for ever: only a cancel ends it."""

    def picture(self, progress: Progress) -> Picture:
        self.calls.append("read")
        row = 0
        while "cancel" not in self.calls:
            row += 1_000_000
            progress(row, -1)
            assert row < 10 * line.MAX_BYTES
        return WHOLE


def test_a_page_without_an_end_is_ended() -> None:
    driver = Endless([Frame("color", True, 4, -1, 8, 12)])
    *_, fault = said(driver, order(), threading.Event())
    assert fault["code"] == "scanner.bad_image"
    assert driver.calls.count("cancel") == 1


def test_a_page_whose_length_shows_only_at_its_end_is_fine() -> None:
    *_, page, closed = said(Driver([(Frame("color", True, 4, -1, 8, 12), WHOLE)]), order())
    assert (page["event"], closed["reason"]) == ("page", "empty")
