# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What comes from the province, by keys: a waiting dossier opened without typing, F2 filled in, a paper used again, a
document that came back; a real practice province behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.incoming.decision import Decision, DecisionKind
from digitizer_desk.dossier.incoming.reuse import ReuseState
from digitizer_desk.dossier.model import AccountCheck, ParcelState
from digitizer_desk.lanes import Lanes
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.steps import send
from digitizer_desk.training.province import LocalProvince
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.receive import ReceiveDialog
from steps.conftest import Bench, set_up
from steps.signed import packed_alone
from ui.plain_looks import assert_good_looks
from ui.test_main_window import _log_in
from ui.test_paper_keys import CTRL, SHIFT, Key, _answer, _press

OWNER = "001185000123"
LISTED = {
    "procedure": "1.001193",
    "procedure_title": "Đăng ký khai sinh",
    "applicant": {"name": "Nguyễn Thị Hường", "kind": "person", "identifier": OWNER, "born_or_founded": "02/03/1985"},
    "account_check": "yes",
    "came_at": "2026-11-21T07:45:00+07:00",
}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("p")) as running:
        for number, name in ((7, "Nguyễn Thị Hường"), (8, "Phạm Văn Đức"), (9, "Lò Thị Mây")):
            applicant = {**LISTED["applicant"], "name": name}
            code = f"000.00.12.H08-261120-{number:04d}"
            running.offer("wait", dossier={**LISTED, "code": code, "applicant": applicant})
        paper = {"reference": "KHO-1", "title": "Giấy khai sinh", "number": "15/2019", "issued": "2019-03-02"}
        running.offer("paper", owner=OWNER, paper={**paper, "issuer": "UBND phường Mẫu", "expires": "2020-01-01"})
        running.offer("paper", owner=OWNER, paper={**paper, "reference": "KHO-2", "source": "result"})
        yield running


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, province: LocalProvince) -> Iterator[Bench]:
    profile = GatewayProfile("p", province.url, "quay-1", province.token, timeout_s=3.0, settle_s=0.0)
    with set_up(tmp_path_factory.mktemp("desk")) as made:
        yield replace(made, desk=replace(made.desk, link=GatewayLink(profile)))


@pytest.fixture
def window(qtbot: QtBot, bench: Bench, province: LocalProvince) -> Iterator[MainWindow]:
    make_application(paths.resources(), "light")
    lanes = Lanes()
    bridge = Bridge(lanes)
    shown = MainWindow(bench.desk, bridge)
    shown.resize(1366, 728)
    shown.show()
    _log_in(qtbot, shown)
    shown.activateWindow()
    yield shown
    province.clear_faults()
    shown.watch.stop()
    bridge.close()
    lanes.close()
    shown.deleteLater()


def room(window: MainWindow, command: str) -> Any:
    return window.rooms._side[command].screen


def at_list(qtbot: QtBot, window: MainWindow) -> Any:
    screen = room(window, "waiting")
    _press(window, Key.Key_W, CTRL, SHIFT)
    qtbot.waitUntil(lambda: window.screens.currentWidget() is screen)
    qtbot.waitUntil(lambda: screen.table.rowCount() >= 3, timeout=10_000)
    return screen


def test_a_waiting_dossier_is_found_and_opened_by_keys(
    qtbot: QtBot, window: MainWindow, bench: Bench, province: LocalProvince
) -> None:
    screen = at_list(qtbot, window)
    assert "Danh sách của tỉnh lúc" in screen.state.words
    assert_good_looks(window)
    QTest.keyClicks(screen.box, "huong")
    qtbot.waitUntil(lambda: screen.table.rowCount() == 1, timeout=5_000)
    province.go_offline()  # what was fetched opens without a line
    QTest.keyClick(screen.box, Key.Key_Return)
    work = window.rooms.work
    qtbot.waitUntil(lambda: work.dossier is not None, timeout=10_000)
    assert window.screens.currentWidget() is window.rooms.counter
    dossier = work.dossier
    assert dossier is not None
    assert (dossier.code, dossier.applicant.identifier) == ("000.00.12.H08-261120-0007", OWNER)
    assert dossier.account_check is AccountCheck.YES
    many = len(bench.desk.cabinet.dossiers.recent(50))
    screen = at_list(qtbot, window) if not screen.box.clear() else screen
    QTest.keyClicks(screen.box, "0007")
    qtbot.waitUntil(lambda: screen.table.rowCount() == 1, timeout=5_000)
    assert "đã mở" in screen.table.item(0, 4).text()
    QTest.keyClick(screen.box, Key.Key_Return)
    qtbot.waitUntil(lambda: window.screens.currentWidget() is window.rooms.counter, timeout=5_000)
    assert len(bench.desk.cabinet.dossiers.recent(50)) == many
    screen.box.clear()
    screen = at_list(qtbot, window)
    _press(window, Key.Key_F5)
    qtbot.waitUntil(lambda: "lần lấy gần nhất" in screen.note.words, timeout=10_000)
    assert screen.table.rowCount() >= 3
    assert_good_looks(window)
    province.go_online()
    _press(window, Key.Key_F5)
    qtbot.waitUntil(lambda: screen.note.words == "" and screen.fetch.isEnabled(), timeout=10_000)
    _press(window, Key.Key_Escape)
    assert window.screens.currentWidget() is window.rooms.counter


def test_a_withdrawn_dossier_says_so(qtbot: QtBot, window: MainWindow, bench: Bench, province: LocalProvince) -> None:
    screen = at_list(qtbot, window)
    QTest.keyClicks(screen.box, "may")
    qtbot.waitUntil(lambda: screen.table.rowCount() == 1, timeout=5_000)
    QTest.keyClick(screen.box, Key.Key_Return)
    qtbot.waitUntil(lambda: window.rooms.work.dossier is not None, timeout=10_000)
    province.offer("withdraw", code="000.00.12.H08-261120-0009", said="Công dân xin rút")
    screen.box.clear()
    _press(window, Key.Key_W, CTRL, SHIFT)
    qtbot.waitUntil(lambda: window.screens.currentWidget() is screen and screen.fetch.isEnabled(), timeout=10_000)
    _press(window, Key.Key_F5)
    qtbot.waitUntil(lambda: "tỉnh đã rút: Công dân xin rút" in screen.table.item(0, 4).text(), timeout=10_000)
    work = window.rooms.work
    qtbot.waitUntil(lambda: any("Công dân xin rút" in one.text for one in work.notices()), timeout=10_000)
    QTest.keyClick(screen.box, Key.Key_Return)  # it comes first, and opens
    qtbot.waitUntil(lambda: window.screens.currentWidget() is window.rooms.counter, timeout=5_000)
    qtbot.waitUntil(lambda: window.banner.shown is not None and "Tỉnh đã rút" in window.banner.shown.text)


def test_a_listed_code_fills_the_receipt_in(qtbot: QtBot, window: MainWindow) -> None:
    at_list(qtbot, window)  # fetched

    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, ReceiveDialog)
        form = sheet.form
        sheet._scanned(form.code, "000.00.12.H08-261120-0008")
        qtbot.waitUntil(lambda: form.name.text() == "Phạm Văn Đức", timeout=5_000)
        assert form.identifier.text() == OWNER
        assert form.procedure.chosen is not None
        assert form.procedure.chosen.code == "1.001193"
        assert form.account.value is AccountCheck.YES
        assert "danh sách chờ của tỉnh" in form.code_line.words
        assert_good_looks(sheet)
        QTest.keyClick(sheet, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not sheet.isVisible(), timeout=10_000)

    _answer(qtbot, lambda: _press(window, Key.Key_F2), use)
    qtbot.waitUntil(lambda: window.rooms.work.dossier is not None, timeout=10_000)
    dossier = window.rooms.work.dossier
    assert dossier is not None
    assert dossier.applicant.name == "Phạm Văn Đức"


def test_a_paper_is_used_again_and_taken_back_by_keys(
    qtbot: QtBot, window: MainWindow, bench: Bench, province: LocalProvince
) -> None:
    _press(window, Key.Key_U, CTRL, SHIFT)  # no dossier yet
    assert window.screens.currentWidget() is not room(window, "reuse")
    window.rooms.open(bench.received("000.00.12.H08-261122-0001").id)
    counter = window.rooms.counter
    qtbot.waitUntil(lambda: counter.component is not None, timeout=10_000)
    screen = room(window, "reuse")
    _press(window, Key.Key_U, CTRL, SHIFT)
    qtbot.waitUntil(lambda: screen.table.rowCount() == 2, timeout=10_000)
    assert "hết hiệu lực" in screen.table.item(1, 6).text()
    assert screen.go.isEnabled()  # what is good comes first
    assert_good_looks(window)
    QTest.keyClick(screen.table, Key.Key_Down)
    assert not screen.go.isEnabled()
    QTest.keyClick(screen.table, Key.Key_Return)
    assert window.screens.currentWidget() is screen
    QTest.keyClick(screen.table, Key.Key_Up)
    QTest.keyClick(screen.table, Key.Key_Return)
    qtbot.waitUntil(lambda: window.screens.currentWidget() is counter, timeout=10_000)
    qtbot.waitUntil(lambda: counter.component is not None and counter.component.is_reused, timeout=10_000)
    assert "Tái sử dụng" in counter.empty.text()
    _press(window, Key.Key_U, CTRL, SHIFT)
    qtbot.waitUntil(lambda: screen.table.rowCount() == 2 and screen.undo.isEnabled(), timeout=10_000)
    _press(window, Key.Key_Delete)
    qtbot.waitUntil(lambda: not counter.component.is_reused, timeout=10_000)
    qtbot.waitUntil(screen.go.isEnabled, timeout=5_000)
    QTest.keyClick(screen.table, Key.Key_Return)
    qtbot.waitUntil(lambda: window.screens.currentWidget() is counter, timeout=10_000)
    window.watch.look_incoming()
    told = ReuseState.ACCEPTED
    qtbot.waitUntil(lambda: counter.component.reused is not None and counter.component.reused.state is told)
    assert any("tỉnh đã ghi nhận" in line.words for line in counter.lines)
    province.go_offline()
    _press(window, Key.Key_U, CTRL, SHIFT)
    qtbot.waitUntil(lambda: "cần có mạng" in screen.note.words, timeout=10_000)
    assert not screen.undo.isEnabled()
    assert_good_looks(window)


def test_a_pack_is_taken_in_the_settings(
    qtbot: QtBot, window: MainWindow, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _press(window, Key.Key_Comma, CTRL)
    screen = room(window, "settings")
    qtbot.waitUntil(lambda: window.screens.currentWidget() is screen)
    screen.open_section("law")
    page = screen.pages["law"]
    file = tmp_path / "goi.zip"
    file.write_bytes(b"nothing")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(file), ""))
    screen.act_asked.emit("take_pack")
    qtbot.waitUntil(lambda: "chữ ký" in page.answer.words, timeout=10_000)
    screen.act_asked.emit("fetch_packs")
    qtbot.waitUntil(lambda: "Tỉnh không có gói mới" in page.answer.words, timeout=10_000)
    assert page.rows["packs"].told.text() == "Không có"
    assert_good_looks(window)
    _press(window, Key.Key_Escape)


def test_a_document_that_came_back_is_told_with_the_provinces_words(
    qtbot: QtBot, window: MainWindow, bench: Bench, province: LocalProvince
) -> None:
    parcel = packed_alone(bench)
    qtbot.waitUntil(lambda: not window._bridge._lanes.busy("network"), timeout=10_000)
    send.deliver_due(bench.desk, lambda _e: None, lambda: False)
    assert bench.desk.cabinet.outbox.get(parcel.id).state is ParcelState.ACCEPTED
    decision = Decision("q-1", 1, parcel.id, DecisionKind.RETURNED, bench.clock(), said="thiếu mặt sau")
    bench.desk.cabinet.decisions.keep([decision], "1", bench.clock())
    window.rooms.open(parcel.dossier_id, parcel.component_id)
    qtbot.waitUntil(lambda: window.rooms.counter.component is not None, timeout=10_000)
    window.watch.look_incoming()
    line = lambda: next(x for x in window.rooms.counter.lines if x.id == parcel.component_id)  # noqa: E731
    qtbot.waitUntil(lambda: line().words == "tỉnh trả lại: thiếu mặt sau", timeout=10_000)
    qtbot.waitUntil(lambda: any("Tỉnh trả lại: «thiếu mặt sau»" in n.text for n in window.rooms.work.notices()))
