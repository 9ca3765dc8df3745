# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""When garbage is swept: not under somebody's fingers, and not never."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk.ui.side.sweeping import Sweeper


class Ring:
    """Only the collector can end it."""

    def __init__(self) -> None:
        self.me = self


class Hour:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def sweeper(qapp: QApplication, hour: Hour) -> Iterator[Sweeper]:
    made = Sweeper(qapp, hour)
    made._timer.stop()  # looked at by hand here
    yield made
    made.stop()


def left_behind() -> weakref.ref[Ring]:
    return weakref.ref(Ring())


def litter(many: int) -> list[list[int]]:
    return [[number] for number in range(many)]


def key(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))


def test_it_waits_for_a_moment_without_keys(qtbot: QtBot, sweeper: Sweeper, hour: Hour) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert not gc.isenabled()
    gone, kept = left_behind(), litter(1_000)
    hour.now = 2.0
    key(widget)
    sweeper.look()
    assert gone() is not None
    hour.now = 3.6
    sweeper.look()
    assert gone() is None
    assert len(kept) == 1_000


def test_much_litter_is_swept_under_work_too_but_only_the_new(qtbot: QtBot, sweeper: Sweeper, hour: Hour) -> None:
    old = left_behind()
    gc.collect(0)
    assert old() is None
    kept = litter(6_000)
    gone = left_behind()
    sweeper.look()
    assert gone() is None
    assert len(kept) == 6_000


def test_work_without_a_pause_is_no_way_to_keep_everything(qtbot: QtBot, sweeper: Sweeper, hour: Hour) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    gone = left_behind()
    hour.now = 300.0
    key(widget)
    sweeper.look()
    assert gone() is None


def test_a_window_that_was_replaced_goes_too(sweeper: Sweeper, hour: Hour) -> None:
    gone = left_behind()
    gc.freeze()  # it was there when the sweeper began
    hour.now = 2.0
    kept = litter(1_000)
    sweeper.look()
    assert gone() is not None
    sweeper.window_changed()
    sweeper.look()
    assert gone() is None
    assert gc.get_freeze_count() > 0
    assert len(kept) == 1_000


def test_the_collector_is_given_back(qapp: QApplication, hour: Hour) -> None:
    made = Sweeper(qapp, hour)
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
