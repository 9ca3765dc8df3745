# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What keeps a key from waiting: lanes that do not meet, lists that change by a row, hidden screens left alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView, QWidget

from digitizer_desk.imaging.master import encode_master
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps import check
from digitizer_desk.store.pages import NewPage
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.care.judging import Judging
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.models.pages import PageModel
from digitizer_desk.ui.side.sweeping import Sweeper
from digitizer_desk.ui.widgets.panels.screens import Screens
from gallery.papers import MEASURES, page
from stand_ins.machines import paper
from steps.conftest import Bench, fresh, one_desk, shared  # noqa: F401 - fixtures


@contextmanager
def lanes_of() -> Iterator[Lanes]:
    lanes = Lanes()
    try:
        yield lanes
    finally:
        lanes.close()


def test_a_key_does_not_wait_behind_pictures_and_comes_in_its_order() -> None:
    with lanes_of() as lanes:
        may_end = threading.Event()
        slow = [lanes.run("pool", may_end.wait) for _ in range(40)]
        came: list[int] = []
        keys = [lanes.run("keys", came.append, number) for number in range(200)]
        for task in keys:
            task.result(20)
        assert came == list(range(200))
        assert not any(task.done for task in slow)
        may_end.set()


# -- a list of pages ---------------------------------------------------------------------------------------------------


class Heard:
    """What a model tells of its rows."""

    def __init__(self, model: PageModel) -> None:
        self.told: list[tuple[str, int, int]] = []
        model.rowsInserted.connect(lambda _at, first, last: self.told.append(("came", first, last)))
        model.rowsRemoved.connect(lambda _at, first, last: self.told.append(("gone", first, last)))
        model.dataChanged.connect(lambda one, other, _roles: self.told.append(("changed", one.row(), other.row())))
        model.modelReset.connect(lambda: self.told.append(("all", 0, 0)))


PAGES = tuple(page(number) for number in range(1, 9))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ((*PAGES[:4], replace(PAGES[4], turn=90), *PAGES[5:]), [("changed", 4, 4)]),
        ((*PAGES[:3], *PAGES[4:]), [("gone", 3, 3), ("changed", 3, 6)]),
        (PAGES[:-1], [("gone", 7, 7)]),
        ((), [("gone", 0, 7)]),
        ((*PAGES[:2], page(20), page(21), *PAGES[2:]), [("came", 2, 3), ("changed", 4, 9)]),
        ((*PAGES, page(20)), [("came", 8, 8)]),
        ((replace(PAGES[0], turn=90), *PAGES[1:], page(20)), [("came", 8, 8), ("changed", 0, 0)]),
        ((PAGES[1], PAGES[0], *PAGES[2:]), [("all", 0, 0)]),
        (PAGES, []),
    ],
)
def test_only_what_changed_is_told(qapp, now, told) -> None:
    model = PageModel(lambda *_a, **_k: None, lambda *_: np.zeros((1, 1, 3), np.uint8))
    model.set_pages(PAGES)
    heard = Heard(model)
    model.set_pages(now)
    assert heard.told == told
    assert model.pages == now
    assert model.rowCount() == len(now)


def test_a_twin_in_the_list_does_not_confuse_it(qapp) -> None:
    model = PageModel(lambda *_a, **_k: None, lambda *_: np.zeros((1, 1, 3), np.uint8))
    same = (PAGES[0], PAGES[0], PAGES[0])  # never so in a dossier; rows must add up all the same
    model.set_pages(same)
    heard = Heard(model)
    model.set_pages(same[:2])
    assert heard.told[0] == ("gone", 2, 2)
    assert model.rowCount() == 2


def test_the_place_in_the_list_stays_when_a_page_before_it_goes(qtbot) -> None:
    model = PageModel(lambda *_a, **_k: None, lambda *_: np.zeros((1, 1, 3), np.uint8))
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(model)
    model.set_pages(PAGES)
    view.setCurrentIndex(model.index(5))
    model.set_pages((*PAGES[:2], *PAGES[3:]))
    assert view.currentIndex().row() == 4


# -- the window --------------------------------------------------------------------------------------------------------


class Ear(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[QObject, QEvent.Type]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.heard.append((watched, event.type()))
        return False


def test_only_the_screen_that_is_shown_hears_of_a_small_window(qtbot) -> None:
    stack = Screens()
    qtbot.addWidget(stack)
    labels, ear = [], Ear()
    for _ in range(3):
        screen = QWidget()
        labels.append(QLabel("chữ", screen))
        labels[-1].installEventFilter(ear)
        stack.addWidget(screen)
    stack.setCurrentIndex(1)
    ear.heard.clear()
    for kind in (QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked):
        QApplication.sendEvent(stack, QEvent(kind))
    assert ear.heard == [(labels[1], QEvent.Type.WindowBlocked), (labels[1], QEvent.Type.WindowUnblocked)]


@contextmanager
def window_over(bench: Bench) -> Iterator[MainWindow]:
    with lanes_of() as lanes:
        bridge = Bridge(lanes)
        window = MainWindow(bench.desk, bridge, officer=bench.officer)
        window.show()
        window.activateWindow()
        try:
            yield window
        finally:
            window.give_way()


def test_a_key_of_the_window_counts_as_work(qtbot, shared: Bench) -> None:  # noqa: F811
    """A command's key never comes as a press: neither the lock nor the sweeper may take that for rest."""
    now = [0.0]
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    with window_over(shared) as window:
        sweeper = Sweeper(application, lambda: now[0])
        try:
            qtbot.waitUntil(window.isActiveWindow)
            window._idle.stop()
            now[0] = 60.0
            QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            assert window.banner.shown is not None, "the key was a command"
            assert window._idle.isActive()
            assert sweeper._input_at == 60.0
        finally:
            sweeper.stop()


def test_a_turned_page_is_not_compared_again(qtbot, shared: Bench, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    compared: list[int] = []
    real = check.compare_component

    def counted(desk, component):
        compared.append(len(component.pages))
        return real(desk, component)

    monkeypatch.setattr(check, "compare_component", counted)
    dossier = fresh(shared)
    many = tuple(page(number) for number in range(60))
    component = replace(dossier.components[0], pages=many, declared=60)
    with lanes_of() as lanes:
        bridge = Bridge(lanes)
        judging = Judging(shared.desk, bridge)

        def judged(part) -> None:
            with qtbot.waitSignal(judging.judged, timeout=10_000):
                judging.findings(dossier, part, None)
            assert judging.findings(dossier, part, None) == check.check_component(shared.desk, dossier, part)
            compared.pop()  # that of the line above

        judged(component)
        assert compared == [60]
        turned = replace(component, pages=(replace(many[0], turn=90), *many[1:]))
        judged(turned)
        assert compared == [60]
        judged(replace(component, pages=many[1:]))
        assert compared == [60, 59]
        bridge.close()
        judging.deleteLater()


def test_after_a_page_was_taken_out_the_next_one_is_chosen(qtbot, shared: Bench) -> None:  # noqa: F811
    dossier = fresh(shared)
    part = dossier.components[0].id
    for number in range(4):
        facts = NewPage(413, 585, (50.0, 50.0), (210.0, 297.0), shared.clock(), "scripted:0")
        kept = shared.desk.cabinet.pages.keep(
            part, encode_master(paper(dpi=50, seed=900 + number), 50.0), facts, shared.officer
        )
        shared.desk.cabinet.pages.set_measures(kept.id, MEASURES, ())
    with window_over(shared) as window:
        counter = window.rooms.counter
        window.rooms.open(dossier.id, part)
        qtbot.waitUntil(lambda: len(counter.model.pages) == 4, timeout=10_000)
        ids = [one.id for one in counter.model.pages]
        counter.select(ids[1])
        window.do("remove")
        qtbot.waitUntil(lambda: len(counter.model.pages) == 3, timeout=10_000)
        assert counter.selected_id() == ids[2]
        counter.select(ids[3])
        window.do("remove")
        qtbot.waitUntil(lambda: len(counter.model.pages) == 2, timeout=10_000)
        assert counter.selected_id() == ids[2]
