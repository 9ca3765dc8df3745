# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Each state of the table is brought about, and its words and its colour are read where a clerk would read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.model import Component
from digitizer_desk.errors import CODES, error
from digitizer_desk.lanes import Lanes
from digitizer_desk.rules.fields import Gaps
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.models.components import line
from digitizer_desk.ui.models.pages import badge
from gallery.counter_states import PAGES, PARTS
from gallery.everything import STATES as PICTURES
from gallery.papers import law_in_force
from stand_ins.machines import ScriptedToken, paper
from steps.conftest import Bench, fresh, one_desk  # noqa: F401 - the fixture
from ui.plain_looks import words_of
from ui.states import STATES, By, State

HERE = Path(__file__).parent
_seeds = count(1)
_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_FACTS: dict[str, Any] = {"page": 2, "kept": 1, "name": "sane-airscan", "seconds": 5}


def of(by: By) -> Any:
    """The states brought about so, by name."""
    return pytest.mark.parametrize("state", [s for s in STATES if s.by is by], ids=lambda s: f"{s.part} {s.name}")


def test_every_part_of_the_table_is_there_and_no_state_twice() -> None:
    assert {state.part for state in STATES} == {f"5.{n}" for n in range(1, 8)}
    names = [(state.part, state.name) for state in STATES]
    assert len(set(names)) == len(names)
    assert {state.picture for state in STATES} - {""} <= set(PICTURES)
    assert {s.key for s in STATES if s.by is By.PART} == set(PARTS)
    assert {s.key for s in STATES if s.by is By.PAGE} == set(PAGES)


@lru_cache
def _tests(file: str) -> frozenset[str]:
    tree = ast.parse((HERE / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@of(By.TEST)
def test_what_has_a_test_of_its_own_has_it(state: State) -> None:
    file, _, name = state.key.partition("::")
    assert (HERE / file).exists()
    assert not name or name in _tests(file), name


# -- read from values and pictures ------------------------------------------------------------------------------------


def test_the_seal_is_hollow_until_the_agency_has_signed() -> None:
    waits, has = (
        PARTS[f"{name} the organisation's signature"]() for name in ("result that waits for", "accepted with")
    )
    assert [line(part, law_in_force()).sign for part in (waits, has)] == ["seal", "sealed"]
    assert line(PARTS["accepted"](), law_in_force()).sign == "check"


@of(By.PART)
def test_a_component_says_its_state(state: State) -> None:
    shown = line(PARTS[state.key](), law_in_force(), gaps=Gaps(missing=2, wrong=0))
    assert state.words in shown.words
    assert shown.role == state.role


@of(By.PAGE)
def test_a_page_wears_its_badge(state: State) -> None:
    role, words, sign = badge(PAGES[state.key]())
    assert (role, words) == (state.role, state.words)
    assert sign


@pytest.fixture(scope="module")
def dressed(qapp: QApplication) -> None:
    make_application(paths.resources(), "light")


def all_words(window: QWidget) -> str:
    """What is written in a window, its lists and tables included."""
    texts = list(words_of(window))
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        if model is None:
            continue
        columns = model.columnCount(QModelIndex()) if isinstance(model, QAbstractTableModel) else 1
        for row in range(model.rowCount()):
            for column in range(columns):
                texts += [str(model.index(row, column).data(role) or "") for role in _SAID]
    return " | ".join(texts)


@of(By.PICTURE)
def test_a_picture_shows_its_state(state: State, dressed: None, qapp: QApplication) -> None:
    widget = PICTURES[state.key]()
    if not isinstance(widget, QDialog):
        widget.resize(1366, 768)
    widget.show()
    qapp.processEvents()
    try:
        said = all_words(widget)
        assert state.words
        assert state.words.casefold() in said.casefold(), said
    finally:
        widget.close()
        widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# -- in the real window -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def window(dressed: None, one_desk: Bench) -> Iterator[MainWindow]:  # noqa: F811
    """One window for all states of the frame; its own looks at the world are held back, the tests make them."""
    lanes = Lanes()
    bridge = Bridge(lanes)
    made = MainWindow(one_desk.desk, bridge, officer=one_desk.officer)
    made.watch.stop()
    made.resize(1366, 728)
    made.show()
    made.rooms.take(fresh(one_desk))
    yield made
    bridge.close()
    lanes.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@of(By.SCANNER)
def test_the_banner_tells_what_the_scanner_did(
    state: State,
    qtbot: QtBot,
    window: MainWindow,
    one_desk: Bench,  # noqa: F811
) -> None:
    work = window.rooms.work
    before = len(_open(window).pages)
    came = state.key not in ("scanner.empty", "scanner.none", "scanner.offline", "scanner.driver_missing")
    facts = {name: _FACTS.get(name, "") for name in CODES[state.key]}
    one_desk.scanner.tray = [*([paper(seed=next(_seeds))] if came else []), error(state.key, **facts)]
    # a busy scanner is tried again by itself: it stays busy
    one_desk.scanner.tray += [error(state.key, **facts)] * 5
    work.paper.device_notice = None
    window.do("scan")
    qtbot.waitUntil(lambda: not work.scanning and work.paper.device_notice is not None, timeout=30_000)
    one_desk.scanner.tray = []
    assert work.paper.device_notice.role == state.role
    assert state.words in window.banner.shown.text
    assert window.banner.shown.role in ("stop", state.role)
    kept = len(_open(window).pages) - before
    assert kept == (1 if came else 0), "what came before the fault is kept"


def _no_module() -> None:
    raise error("token.module_missing", vendor="Ban Cơ yếu")


def _open(window: MainWindow) -> Component:
    component = window.rooms.counter.component
    assert component is not None
    return component


@of(By.DISK)
def test_the_disk_is_told_of_and_a_full_one_stops_paper_only(state: State, qtbot: QtBot, window: MainWindow) -> None:
    window.rooms.work.paper.device_notice = None
    window.watch.disk_seen.emit(int(state.key))
    said = [notice for notice in _notices(window) if state.words in notice]
    assert said
    assert window.rooms.disk_role == state.role
    off = window.rooms.off()
    if state.role == "stop":
        assert {"scan", "rescan", "wait", "intake"} <= off
        window.do("scan")
        assert not window.rooms.work.scanning
        assert window.banner.shown.text.startswith("Ổ đĩa đã đầy")
        assert not {"sign", "find", "receive", "outbox"} & (off - {"sign"}), "the rest works"
    else:
        assert "scan" not in off
    window.watch.disk_seen.emit(50_000_000_000)
    assert window.rooms.disk_role == "ok"


def _notices(window: MainWindow) -> list[str]:
    return [notice.text for notice in window.banner._notices]


@of(By.TOKEN)
def test_the_strip_says_whose_token_is_there(
    state: State,
    qtbot: QtBot,
    window: MainWindow,
    one_desk: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = ScriptedToken("Trần Thị Bình" if state.key == "other" else "Lê Văn An")
    token.present = state.key != "none"
    if state.key == "ending":
        soon = one_desk.desk.clock() + timedelta(days=12, hours=1)
        token.certificate = replace(token.certificate, not_after=soon)
    if state.key == "module":
        monkeypatch.setattr(token, "tokens", _no_module)
        monkeypatch.setattr(token, "certificates", _no_module)
    monkeypatch.setattr(window.watch, "_desk", replace(one_desk.desk, token=token))
    window.strip.show_state("token", "work", "…")
    window.watch._busy.discard("token")
    window.watch.look_token()
    qtbot.waitUntil(lambda: window.strip.role("token") != "work", timeout=10_000)
    assert window.strip.role("token") == state.role
    assert state.words in window.strip.words("token")
