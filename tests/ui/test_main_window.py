# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The whole window over a real cabinet and scripted machines: a clerk's keys in, the province's receipt out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.model import ParcelState, Role
from digitizer_desk.errors import DeskError, error
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps import officers
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import COMMANDS, Place
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.people.officers import OfficersDialog
from digitizer_desk.ui.screens.people.own_password import OwnPassword
from digitizer_desk.ui.screens.receive import ReceiveDialog
from digitizer_desk.ui.screens.signatures import SignaturesSheet
from digitizer_desk.ui.widgets.frame import Banner, Notice
from digitizer_desk.ui.widgets.pin_field import PinField
from stand_ins.machines import paper, stack
from steps.conftest import Bench, bench  # noqa: F401 - the fixture

PASSWORD = "mat-khau-dai"


@pytest.fixture
def window(qtbot: QtBot, bench: Bench) -> Iterator[MainWindow]:  # noqa: F811
    make_application(paths.resources(), "light")
    lanes = Lanes()
    bridge = Bridge(lanes)
    shown = MainWindow(bench.desk, bridge)
    shown.resize(1366, 728)
    shown.show()
    yield shown
    shown.watch.stop()
    bridge.close()
    lanes.close()
    shown.deleteLater()


def _log_in(qtbot: QtBot, window: MainWindow, password: str = PASSWORD) -> None:
    window.login.login.setText("an")
    window.login.password.setText(password)
    window._log_in("an", password)
    if password == PASSWORD:
        qtbot.waitUntil(lambda: window.officer is not None, timeout=10_000)


def _with_dialog(qtbot: QtBot, window: MainWindow, command: str, use: Callable[[QDialog], None]) -> None:
    used: list[bool] = []

    def look() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, QDialog) and not used:
            used.append(True)
            timer.stop()
            use(sheet)

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    window.do(command)
    qtbot.waitUntil(lambda: bool(used) and QApplication.activeModalWidget() is None, timeout=15_000)


def _receive(qtbot: QtBot) -> Callable[[QDialog], None]:
    def use(sheet: QDialog) -> None:
        assert isinstance(sheet, ReceiveDialog)
        QTest.keyClicks(sheet.form.code, "000.00.12.H08-261121-0007")
        sheet.form.name.setText("Nguyễn Thị Hường")
        QTest.keyClicks(sheet.form.identifier, "001185000123")
        QTest.keyClicks(sheet.form.procedure.box, "khai sinh")
        sheet.submit()

    return use


def test_a_day_at_the_counter_by_its_commands(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    """F2, F4 and a count for each part, F9 and a PIN, the data: all arrives, and the next act is the filled one."""
    _log_in(qtbot, window)
    assert window.rooms.next_act()[0] == "receive"
    _with_dialog(qtbot, window, "receive", _receive(qtbot))
    work, counter = window.rooms.work, window.rooms.counter
    qtbot.waitUntil(lambda: work.dossier is not None)
    for sides in (2, 1, 4):
        assert window.rooms.next_act()[0] == "scan"
        before = counter.current
        bench.scanner.tray = list(stack(sides, start=sides * 10))
        window.do("scan")
        qtbot.waitUntil(lambda: not work.scanning and bool(counter.model.pages), timeout=20_000)
        counter.sides.setValue(sides)
        counter._sides_entered()
        qtbot.waitUntil(
            lambda now=before: counter.current != now or window.rooms.next_act()[0] == "sign", timeout=10_000
        )
    assert window.rooms.next_act()[0] == "sign"

    def sign(sheet: QDialog) -> None:
        qtbot.waitUntil(lambda: sheet.findChild(PinField) is not None and sheet.findChild(PinField).isEnabled())
        field = sheet.findChild(PinField)
        assert field is not None
        QTest.keyClicks(field, "246810")
        qtbot.waitUntil(lambda: field.fits)
        QTest.keyClick(field, "\r")

    _with_dialog(qtbot, window, "sign", sign)
    qtbot.waitUntil(lambda: window.rooms.next_act()[0] == "data", timeout=10_000)
    assert bench.token.log_ins == 1

    def read(sheet: QDialog) -> None:
        assert isinstance(sheet, SignaturesSheet)
        qtbot.waitUntil(lambda: "Cán bộ số hóa: Lê Văn An" in sheet.words(), timeout=10_000)
        assert "Chữ ký hợp lệ." in sheet.words()
        assert "chưa có dấu thời gian" in sheet.words()
        sheet.reject()

    _with_dialog(qtbot, window, "signatures", read)
    answers = {"so_ky_hieu": "12/TK", "ngay_cap": "21112026", "co_quan_cap": "UBND phường", "trich_yeu": "Khai sinh"}
    for _ in range(3):
        component = counter.current
        for name, value in answers.items():
            counter.form._boxes[name].setText(value)
        window.do("accept")
        qtbot.waitUntil(lambda now=component: work.dossier.component(now).parcel is not None, timeout=10_000)  # type: ignore[union-attr]
    window.watch.send()
    qtbot.waitUntil(lambda: len(bench.province.deliveries) == 3, timeout=15_000)
    parcels = bench.desk.cabinet.outbox.all()
    qtbot.waitUntil(
        lambda: all(p.state is ParcelState.ACCEPTED for p in bench.desk.cabinet.outbox.all()), timeout=10_000
    )
    assert len(parcels) == 3
    qtbot.waitUntil(lambda: "hoàn tất" in window.header.words(), timeout=10_000)


def test_a_jam_is_told_and_the_pages_stay(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    _log_in(qtbot, window)
    _with_dialog(qtbot, window, "receive", _receive(qtbot))
    bench.scanner.tray = [paper(seed=1), error("scanner.jam", page=2, kept=1)]
    window.do("scan")
    qtbot.waitUntil(
        lambda: not window.rooms.work.scanning and window.rooms.work.paper.device_notice is not None, timeout=20_000
    )
    assert len(window.rooms.counter.model.pages) == 1
    assert window.banner.shown is not None
    assert "Kẹt giấy" in window.banner.shown.text


def test_a_wrong_password_lets_nobody_in(qtbot: QtBot, window: MainWindow) -> None:
    _log_in(qtbot, window, "sai-mat-khau")
    qtbot.wait(600)
    assert window.officer is None
    assert not window.keys.isVisible()


def test_locking_hides_the_dossier_and_keys_do_nothing(qtbot: QtBot, window: MainWindow) -> None:
    _log_in(qtbot, window)
    _with_dialog(qtbot, window, "receive", _receive(qtbot))
    window.lock()
    said = " ".join(
        label.text() for label in window.findChildren(QWidget) if hasattr(label, "text") and label.isVisible()
    )
    assert "Hường" not in said
    assert "HƯỜNG" not in window.header.words()
    assert "Lê Văn An" in said
    window.do("scan")
    assert not window.rooms.work.scanning
    window._log_in("", PASSWORD)
    qtbot.waitUntil(window.keys.isVisible, timeout=10_000)
    assert window.rooms.counter.isVisible()


def test_no_two_commands_share_a_key() -> None:
    for place in list(Place)[1:]:
        keys = [key for c in COMMANDS if c.holds(place) for key in c.keys]
        assert len(keys) == len(set(keys))


def test_the_banner_shows_the_worst_and_answers_to_keys(qtbot: QtBot) -> None:
    make_application(paths.resources(), "light")
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_notices([Notice("ok", "tốt"), Notice("stop", "hỏng", "scan"), Notice("mind", "xem lại")])
    assert banner.shown == Notice("stop", "hỏng", "scan")
    banner.flash(Notice("ok", "đã quét"))
    assert banner.shown.text == "hỏng"
    banner.flash(Notice("mind", "chưa đến bước này"))
    assert banner.shown.text == "chưa đến bước này"


def test_every_control_of_the_counter_has_a_name(qtbot: QtBot, window: MainWindow) -> None:
    _log_in(qtbot, window)
    _with_dialog(qtbot, window, "receive", _receive(qtbot))
    nameless = [
        type(w).__name__
        for w in window.rooms.counter.findChildren(QWidget)
        if w.isVisible()
        and w.focusPolicy().value
        and not w.accessibleName()
        and type(w).__name__ in ("QLineEdit", "QComboBox", "QSpinBox", "QListView", "QPushButton", "ComponentList")
        and not w.objectName().startswith("qt_")
    ]
    assert not nameless


def test_it_adds_an_officer_who_can_then_log_in(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    _log_in(qtbot, window)

    def add(sheet: QDialog) -> None:
        assert isinstance(sheet, OfficersDialog)
        sheet.name.setText("Trần Thị Bình")
        sheet.login.setText("binh")
        sheet.password.setText("ngan")
        sheet.go.click()
        qtbot.waitUntil(lambda: sheet.state.role == "stop", timeout=10_000)
        sheet.password.setText("mat-khau-binh")
        sheet.go.click()
        qtbot.waitUntil(lambda: sheet.state.role == "ok", timeout=10_000)
        sheet.reject()

    _with_dialog(qtbot, window, "officers", add)
    assert {o.login for o in bench.desk.cabinet.officers.all()} == {"an", "binh"}
    added = next(o for o in bench.desk.cabinet.officers.all() if o.login == "binh")
    assert added.roles == {Role.CLERK}


def test_it_stops_an_officer_and_gives_a_new_password_by_keys(
    qtbot: QtBot,
    window: MainWindow,
    bench: Bench,  # noqa: F811
) -> None:
    _log_in(qtbot, window)
    desk, by = bench.desk, window.officer
    assert by is not None
    officers.add(desk, "binh", "Trần Thị Bình", "mat-khau-binh", frozenset({Role.CLERK}), by)

    def act(sheet: QDialog) -> None:
        assert isinstance(sheet, OfficersDialog)
        qtbot.waitUntil(lambda: sheet.list.count() == 2, timeout=10_000)
        mine, hers = (
            next(row for row in range(2) if f"({login})" in sheet.list.item(row).text()) for login in ("an", "binh")
        )
        assert not sheet.stop.isEnabled()
        sheet.list.setFocus()
        sheet.list.setCurrentRow(mine)
        QTest.keyClick(sheet.list, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: sheet.state.role == "stop", timeout=10_000)  # not oneself
        sheet.list.setCurrentRow(hers)
        QTest.keyClick(sheet.list, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: "đã ngừng dùng" in sheet.list.item(hers).text(), timeout=10_000)
        assert "Cho dù&ng lại" in sheet.stop.text()
        with pytest.raises(DeskError, match=r"officer\.unknown"):
            officers.log_in(desk, "binh", "mat-khau-binh")
        QTest.keyClick(sheet.list, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: "đã ngừng" not in sheet.list.item(hers).text(), timeout=10_000)
        QTest.keyClick(sheet.list, Qt.Key.Key_Return)
        assert sheet.password.hasFocus()
        assert not sheet.login.isEnabled()
        sheet.reject()  # Esc leaves the password first
        assert sheet.isVisible()
        assert sheet.login.isEnabled()
        QTest.keyClick(sheet.list, Qt.Key.Key_Return)
        sheet.password.setText("mat-khau-moi")
        sheet.go.click()
        qtbot.waitUntil(lambda: sheet.state.role == "ok" and sheet.login.isEnabled(), timeout=10_000)
        sheet.reject()

    _with_dialog(qtbot, window, "officers", act)
    assert officers.log_in(desk, "binh", "mat-khau-moi").login == "binh"


def test_a_clerk_changes_their_own_password(qtbot: QtBot, window: MainWindow, bench: Bench) -> None:  # noqa: F811
    _log_in(qtbot, window)
    desk, by = bench.desk, window.officer
    assert by is not None
    officers.add(desk, "binh", "Trần Thị Bình", "mat-khau-binh", frozenset({Role.CLERK}), by)
    window.officer = officers.log_in(desk, "binh", "mat-khau-binh")

    def act(sheet: QDialog) -> None:
        assert isinstance(sheet, OwnPassword)
        for field, text in ((sheet.old, "mat-khau-sai"), (sheet.new, "mat-khau-moi"), (sheet.again, "mat-khau-mo")):
            assert field.hasFocus()
            field.setText(text)
            sheet.go.click()
        assert "khác nhau" in sheet.note.accessibleName()
        sheet.new.setText("mat-khau-moi")
        sheet.again.setText("mat-khau-moi")
        sheet.go.click()
        qtbot.waitUntil(sheet.go.isEnabled, timeout=10_000)
        assert "Sai mật khẩu" in sheet.note.accessibleName()
        sheet.old.setText("mat-khau-binh")
        sheet.go.click()
        qtbot.waitUntil(lambda: not sheet.isVisible(), timeout=10_000)

    _with_dialog(qtbot, window, "officers", act)
    assert officers.log_in(desk, "binh", "mat-khau-moi").login == "binh"


def test_only_it_stops_officers_and_short_passwords_are_refused(bench: Bench) -> None:  # noqa: F811
    desk = bench.desk
    chief = officers.log_in(desk, "an", PASSWORD)
    clerk = officers.add(desk, "binh", "Trần Thị Bình", "mat-khau-binh", frozenset({Role.CLERK}), chief)
    for refused, code in (
        (lambda: officers.set_active(desk, chief.id, False, clerk), "officer.not_allowed"),
        (lambda: officers.reset_password(desk, chief.id, "mat-khau-khac", clerk), "officer.not_allowed"),
        (lambda: officers.reset_password(desk, clerk.id, "ngan", chief), "officer.password_weak"),
        (lambda: officers.change_password(desk, "mat-khau-binh", "ngan", clerk), "officer.password_weak"),
    ):
        with pytest.raises(DeskError, match=code):
            refused()
    assert officers.log_in(desk, "binh", "mat-khau-binh") == clerk
