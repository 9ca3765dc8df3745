# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Văn thư by keys alone: what waits, what is chosen, one PIN, what became of each; nobody else sees any of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.model import Role
from digitizer_desk.dossier.result import CopyForm
from digitizer_desk.lanes import Lanes
from digitizer_desk.settings import Unit
from digitizer_desk.steps import officers
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.agency.document import DocumentView
from digitizer_desk.ui.screens.signatures import SignaturesSheet
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.widgets.signing.sheet import State
from stand_ins.machines import ScriptedToken
from steps.conftest import Bench, set_up
from steps.test_sign_and_send import _captured, _fill, _sign
from ui.plain_looks import assert_good_looks
from ui.test_main_window import PASSWORD
from ui.test_paper_keys import CTRL, Key, _answer, _press

OFFICE = "ỦY BAN NHÂN DÂN XÃ ĐẠI ĐỒNG"
PIN = "246810"


def prepared(bench: Bench) -> Bench:
    """Two documents ready, one signed but without its data; Văn thư and the agency's token are there."""
    dossier = _sign(bench, _captured(bench, components=3)).dossier
    for component in dossier.components[:2]:
        dossier = _fill(bench, dossier, component.id)
    token = ScriptedToken(OFFICE)
    settings = bench.desk.settings.model_copy(update={"unit": Unit(name=OFFICE)})
    desk = replace(bench.desk, token=token, trust=(*bench.desk.trust, token.der), settings=settings)
    it = replace(bench.officer, roles=frozenset({Role.IT}))
    thu = officers.add(desk, "thu", "Phạm Thị Thư", PASSWORD, frozenset({Role.VAN_THU}), it)
    return replace(bench, desk=desk, token=token, officer=thu)


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One desk for all tests that only look."""
    with set_up(tmp_path_factory.mktemp("agency")) as bench:
        yield prepared(bench)


@pytest.fixture
def three(looked_at: Bench) -> Bench:
    """The desk to look at, with a token of its own to pull out."""
    token = ScriptedToken(OFFICE)
    return replace(looked_at, desk=replace(looked_at.desk, token=token), token=token)


@pytest.fixture
def signing(tmp_path: Path) -> Iterator[Bench]:
    """A desk on which something is signed."""
    with set_up(tmp_path) as bench:
        yield prepared(bench)


@pytest.fixture
def agency(qtbot: QtBot, three: Bench) -> Iterator[MainWindow]:
    with opened(qtbot, three) as window:
        yield window


@pytest.fixture
def at_work(qtbot: QtBot, signing: Bench) -> Iterator[MainWindow]:
    with opened(qtbot, signing) as window:
        yield window


@contextmanager
def opened(qtbot: QtBot, bench: Bench) -> Iterator[MainWindow]:
    """The window of Văn thư, who has just logged in."""
    make_application(paths.resources(), "light")
    lanes = Lanes()
    bridge = Bridge(lanes)
    window = MainWindow(bench.desk, bridge)
    window.resize(1366, 728)
    window.show()
    window._log_in("thu", PASSWORD)
    qtbot.waitUntil(lambda: window.officer is not None, timeout=10_000)
    model = window.agency.screen.model
    qtbot.waitUntil(
        lambda: len(model.chosen) == 2 and not any(o.ready and o.ink is None for o in model.waiting), timeout=10_000
    )
    yield window
    window.watch.stop()
    bridge.close()
    lanes.close()
    window.deleteLater()


def key(window: MainWindow, which: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = modifiers[0] if modifiers else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window.agency.screen.table, which, held)


def test_van_thu_begins_with_what_waits_all_of_it_checked(qtbot: QtBot, agency: MainWindow) -> None:
    screen = agency.agency.screen
    assert agency.rooms.place is Place.AGENCY
    assert screen.isVisible()
    assert [one.ready for one in screen.model.documents] == [True, True, False]
    assert screen.model.role_of(0) == ("ok", "sẵn sàng")
    assert screen.model.role_of(2) == ("stop", "thiếu dữ liệu")
    assert screen.sign.text() == "F9  &KÝ 2 tài liệu"
    assert "3 tài liệu · 1 hồ sơ · 1 chưa sẵn sàng" in screen.line.words
    assert "«SAO Y; ỦY BAN NHÂN DÂN XÃ ĐẠI ĐỒNG;" in screen.mark.text()
    first = screen.model.index(0, 0).data()
    assert first.startswith("000.00.12.H08-261121-0007")
    assert "chưa có kết quả" in first
    assert screen.model.index(1, 0).data() == "", "a dossier is named once"
    assert_good_looks(agency)
    bar = agency.keys.buttons
    assert not [button for button in bar.values() if button._next_act], "the act is on the screen itself"
    assert not bar["receive"].isEnabled(), "Văn thư receives no dossiers"
    qtbot.waitUntil(lambda: agency.strip.words("token").startswith(f"Token {OFFICE}, còn"), timeout=10_000)


def test_space_and_ctrl_a_choose_and_f9_signs_only_what_is_chosen(
    qtbot: QtBot, at_work: MainWindow, signing: Bench
) -> None:
    screen = at_work.agency.screen
    key(at_work, Key.Key_Space)
    assert [one.title for one in screen.model.chosen] == [screen.model.documents[1].title]
    key(at_work, Key.Key_A, CTRL)
    assert len(screen.model.chosen) == 2
    key(at_work, Key.Key_A, CTRL)
    assert screen.model.chosen == ()
    assert not screen.sign.isEnabled()
    key(at_work, Key.Key_Down)
    key(at_work, Key.Key_Space)
    chosen = screen.model.chosen[0]
    said: list[str] = []

    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, SigningDialog)
        said.append(sheet.windowTitle())
        qtbot.waitUntil(lambda: sheet.state is State.READY, timeout=10_000)
        QTest.keyClicks(sheet.sheet.pin.field, PIN)
        QTest.keyClick(sheet, Key.Key_Return)
        qtbot.waitUntil(lambda: sheet.state is State.DONE, timeout=30_000)
        said.append(sheet.words())
        QTest.keyClick(sheet, Key.Key_Return)

    _answer(qtbot, lambda: _press(at_work, Key.Key_F9), use)
    assert said[0] == "Ký của cơ quan: 1 tài liệu của 1 hồ sơ"
    assert signing.token.log_ins == 1
    done = signing.desk.cabinet.dossiers.load(chosen.dossier_id).component(chosen.component_id).document
    assert done is not None
    assert [s.role for s in done.signatures] == ["clerk", "organisation"]
    qtbot.waitUntil(lambda: screen.model.rowCount() == 3 and len(screen.model.waiting) == 2, timeout=10_000)
    (row,) = [i for i, one in enumerate(screen.model.documents) if one.component_id == chosen.component_id]
    role, words = screen.model.role_of(row)
    assert role == "ok"
    assert words.startswith("đã ký ")


def test_a_document_and_its_signatures_are_looked_at_by_keys(qtbot: QtBot, agency: MainWindow) -> None:
    seen: list[object] = []

    def look(sheet: QDialog) -> None:
        assert isinstance(sheet, DocumentView)
        qtbot.waitUntil(lambda: sheet.view.has_page, timeout=10_000)
        QTest.keyClick(sheet.view, Key.Key_PageDown)
        qtbot.waitUntil(lambda: sheet.view.has_page, timeout=10_000)
        seen.append(sheet.count.text())
        QTest.keyClick(sheet.view, Key.Key_PageDown)
        seen.append(sheet.page)
        QTest.keyClick(sheet, Key.Key_Escape)

    def signatures(sheet: QDialog) -> None:
        assert isinstance(sheet, SignaturesSheet)
        qtbot.waitUntil(lambda: "Lê Văn An" in sheet.words(), timeout=10_000)
        seen.append("ok")
        QTest.keyClick(sheet, Key.Key_Escape)

    _answer(qtbot, lambda: _press(agency, Key.Key_F7), look)
    _answer(qtbot, lambda: _press(agency, Key.Key_E, CTRL), signatures)
    assert seen == ["trang 2/2", 2, "ok"]


def dialog_says(qtbot: QtBot, agency: MainWindow, state: State) -> str:
    """What the signing dialog says when it has come to this state."""
    said: list[str] = []

    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, SigningDialog)
        qtbot.waitUntil(lambda: sheet.state is state, timeout=10_000)
        said.append(f"{sheet.words()} {sheet.sheet.certificate.current}")
        QTest.keyClick(sheet, Key.Key_Escape)

    _answer(qtbot, lambda: _press(agency, Key.Key_F9), use)
    return said[0]


def test_no_token_and_somebodys_own_token_are_told_without_a_pin(
    qtbot: QtBot, agency: MainWindow, three: Bench
) -> None:
    three.token.present = False
    assert f"Cắm USB Token của {OFFICE}" in dialog_says(qtbot, agency, State.ABSENT)
    three.token.present = True
    three.token.certificate = replace(three.token.certificate, holder="Phạm Thị Thư")
    assert "Phạm Thị Thư" in dialog_says(qtbot, agency, State.PROBLEM)
    assert three.token.log_ins == 0


def test_a_locked_token_is_told(qtbot: QtBot, agency: MainWindow, three: Bench) -> None:
    token = three.token.certificate.token
    locked = replace(token, pin=replace(token.pin, locked=True))
    three.token.certificate = replace(three.token.certificate, token=locked)
    assert "khóa" in dialog_says(qtbot, agency, State.LOCKED)


def test_a_token_pulled_out_in_the_middle_leaves_the_rest_waiting(
    qtbot: QtBot, at_work: MainWindow, signing: Bench
) -> None:
    signing.token.fail_after = 2  # the first document and its record
    screen = at_work.agency.screen

    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, SigningDialog)
        qtbot.waitUntil(lambda: sheet.state is State.READY, timeout=10_000)
        QTest.keyClicks(sheet.sheet.pin.field, PIN)
        QTest.keyClick(sheet, Key.Key_Return)
        qtbot.waitUntil(lambda: len(sheet.signed_ids) == 1 and not sheet.busy, timeout=30_000)
        QTest.keyClick(sheet, Key.Key_Escape)

    _answer(qtbot, lambda: _press(at_work, Key.Key_F9), use)
    qtbot.waitUntil(lambda: len(screen.model.chosen) == 1, timeout=10_000)
    assert sum(role == "ok" and words.startswith("đã ký") for role, words in map(screen.model.role_of, range(3))) == 1


def test_the_seal_form_says_what_is_missing(qtbot: QtBot, agency: MainWindow) -> None:
    screen = agency.agency.screen
    screen.forms[CopyForm.SEAL].click()
    qtbot.waitUntil(lambda: "con dấu" in screen.line.words, timeout=10_000)
    assert "CNTT" in screen.empty.text(), "what to do stands where the list would"
    assert screen.line.role == "stop"
    assert screen.model.rowCount() == 0
    assert screen.mark.text() == ""
    screen.setFocus()
    assert screen.forms[CopyForm.SEAL].hasFocus(), "of the two forms the one that is chosen"
    assert_good_looks(agency)
    screen.forms[CopyForm.TEXT].click()
    qtbot.waitUntil(lambda: len(screen.model.chosen) == 2, timeout=10_000)


def test_nothing_waits_is_said(qtbot: QtBot, agency: MainWindow) -> None:
    screen = agency.agency.screen
    screen.model.forget()
    screen.show_waiting(())
    assert "Không còn tài liệu nào chờ ký" in screen.empty.text()
    assert screen.empty.isVisible()
    assert not screen.sign.isEnabled()
    assert screen.line.words == "Không có việc chờ"


def test_a_clerk_neither_reaches_nor_sees_this_work(qtbot: QtBot, agency: MainWindow) -> None:
    agency._log_in("an", PASSWORD)
    qtbot.waitUntil(lambda: agency.officer is not None and agency.officer.login == "an", timeout=10_000)
    assert agency.agency.screen.model.rowCount() == 0, "nothing of Văn thư's list stays"
    assert agency.rooms.place is Place.COUNTER
    agency.do("agency")
    assert agency.rooms.place is Place.COUNTER
    from digitizer_desk.ui.commands import in_force

    assert agency.officer is not None
    assert not [c for c in in_force(Place.COUNTER, agency.officer.roles) if c.name == "Ký của cơ quan"]
    assert [c for c in in_force(Place.COUNTER, {Role.VAN_THU}) if c.name == "Ký của cơ quan"]


def test_esc_goes_back_and_its_key_comes_again(agency: MainWindow) -> None:
    _press(agency, Key.Key_Escape)
    assert agency.rooms.place is Place.COUNTER
    _press(agency, Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert agency.rooms.place is Place.AGENCY
