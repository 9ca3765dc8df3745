# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Repairs and note pairs by their keys, through the whole window and a real cabinet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from digitizer_desk.dossier.model import NoteSide, Page
from digitizer_desk.imaging.master import Pixels, decode, encode_master
from digitizer_desk.steps import check, receive
from digitizer_desk.steps.parts.mending import Mend
from digitizer_desk.store.pages import NewPage
from digitizer_desk.training.papers import PEOPLE, draw_paper
from digitizer_desk.ui.main_window import MainWindow
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from ui.test_main_window import _log_in, window  # noqa: F401 - the fixture


@pytest.fixture(scope="module")
def crooked() -> Pixels:
    page = cv2.resize(draw_paper("quyet_dinh", PEOPLE[0], 4), (1654, 2339), interpolation=cv2.INTER_AREA)
    middle = ((page.shape[1] - 1) / 2, (page.shape[0] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -2.0, 1.0)
    return cv2.warpAffine(page, matrix, page.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=(252, 252, 252))


def opened(qtbot: QtBot, window: MainWindow, bench: Bench, *pictures: Pixels) -> str:  # noqa: F811
    """The window with a dossier whose first component has these pages; its id."""
    _log_in(qtbot, window)
    dossier = bench.received()
    law = bench.desk.law_of(dossier)
    part = dossier.components[0].id
    for pixels in pictures:
        facts = NewPage(pixels.shape[1], pixels.shape[0], (200, 200), (210, 297), bench.clock(), "scripted:0")
        page = bench.desk.cabinet.pages.keep(part, encode_master(pixels, 200), facts, bench.officer)
        check.check_kept(bench.desk, law, page, decode(bench.desk.cabinet.pages.jpeg(page)))
    receive.declare(bench.desk, dossier.id, part, len(pictures), bench.officer)
    window.rooms.open(dossier.id, part)
    qtbot.waitUntil(lambda: len(window.rooms.counter.model.pages) == len(pictures), timeout=10_000)
    return dossier.id


def live(window: MainWindow, number: int = 1) -> Page:  # noqa: F811
    return window.rooms.counter.model.pages[number - 1]


def test_straighten_by_key_look_take_and_undo(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
    crooked: Pixels,
) -> None:
    opened(qtbot, window, bench, crooked)
    first = live(window)
    window.do("straighten")
    inspector = window.rooms.inspector
    qtbot.waitUntil(lambda: inspector.comparing, timeout=20_000)
    assert "Độ lệch" in inspector.compare.changes.text()
    assert live(window) == first
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: live(window).version == 2, timeout=10_000)
    mended = live(window)
    assert mended.mended is not None
    assert Mend.STRAIGHTEN not in window.rooms.care.offers(mended)
    window.do("undo")
    qtbot.waitUntil(lambda: live(window).version == 1, timeout=10_000)
    assert live(window) == first
    assert Mend.STRAIGHTEN in window.rooms.care.offers(first)


def test_a_repair_that_would_not_help_says_so_and_opens_nothing(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
    crooked: Pixels,
) -> None:
    opened(qtbot, window, bench, crooked)
    window.do("crop")
    qtbot.waitUntil(
        lambda: window.banner.shown is not None and "không cần cắt viền" in window.banner.shown.text, timeout=10_000
    )
    assert not window.rooms.inspector.comparing
    assert window.screens.currentWidget() is window.rooms.counter


def test_the_note_key_names_the_sides_of_a_pair(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
) -> None:
    """Two captures of one sheet (R14): with its note first, without it right behind; the count follows."""
    white = np.full((1170, 827, 3), 250, np.uint8)
    opened(qtbot, window, bench, white, white[:, ::-1].copy())
    component = window.rooms.counter.component
    assert component is not None
    assert component.expected == 2
    window.rooms.counter.select(live(window, 1).id)
    window.do("note")
    qtbot.waitUntil(lambda: live(window, 1).note is NoteSide.WITH, timeout=10_000)
    assert "note_pair" in {f.word for f in window.rooms.work.findings()}
    window.rooms.counter.select(live(window, 2).id)
    window.do("note")
    qtbot.waitUntil(lambda: live(window, 2).note is NoteSide.WITH, timeout=10_000)
    window.do("note")
    qtbot.waitUntil(lambda: live(window, 2).note is NoteSide.WITHOUT, timeout=10_000)
    assert "note_pair" not in {f.word for f in window.rooms.work.findings()}
    component = window.rooms.counter.component
    assert component is not None
    assert component.expected == 3  # one sheet more was declared than there are with a note
    window.do("note")
    qtbot.waitUntil(lambda: live(window, 2).note is NoteSide.NONE, timeout=10_000)
    window.do("undo")
    qtbot.waitUntil(lambda: live(window, 2).note is NoteSide.WITHOUT, timeout=10_000)
