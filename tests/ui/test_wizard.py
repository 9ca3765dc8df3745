# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The wizard by keys, from the first officer to the counter; the trial with the same PIN dialog as every day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from digitizer_desk import assemble, paths, settings
from digitizer_desk.dossier.model import Role
from digitizer_desk.errors import error
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps import officers
from digitizer_desk.steps.trial.course import Part, State
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.training.province import LocalProvince
from digitizer_desk.ui import theme
from digitizer_desk.ui.application import _Shown, make_application
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.setup.wizard_table import Kept, Mark, View, kept_from, mark
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.setup.wizard_work import KEPT
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.signing.sheet import State as Signing
from stand_ins.machines import paper
from steps.conftest import Bench, set_up
from ui.plain_looks import assert_good_looks

WAIT = 20_000


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with set_up(tmp_path_factory.mktemp("wizard")) as made:
        yield made


@pytest.fixture
def shown(qtbot: QtBot, one: Bench) -> Iterator[_Shown]:
    application = make_application(paths.resources(), "light")
    one.scanner.__init__(one.clock)  # type: ignore[misc]
    one.desk.cabinet.settings.put(KEPT, Kept().text())
    bare = settings.Settings(scanner=one.desk.settings.scanner.model_copy(update={"id": ""}))
    settings.write(one.place.settings_file, bare)
    lanes = Lanes()
    made = _Shown(replace(one.desk, settings=bare), lanes, "")
    made.show(made.desk)
    yield made
    assert made.window is not None
    made.window.give_way()
    lanes.close()
    theme.apply(application, dark=False)


def arrive(qtbot: QtBot, shown: _Shown, bench: Bench) -> MainWindow:
    window = shown.window
    assert window is not None
    window._enter(officers.log_in(bench.desk, "an", "mat-khau-dai"))
    qtbot.waitUntil(window.wizard.screen.isVisible)
    return window


def give(window: MainWindow, section: str, key: str, text: str) -> None:
    field = window.wizard.screen.pages[section].rows[key].text
    field.setFocus()
    field.selectAll()
    field.insert(text)  # the key simulator knows ASCII only
    QTest.keyClick(field, Qt.Key.Key_Return)


def choose_scanner(qtbot: QtBot, window: MainWindow) -> None:
    row = window.wizard.screen.pages["scanner"].rows["scanner.id"]
    qtbot.waitUntil(lambda: row.box.count() > 0, timeout=WAIT)
    row.box.setCurrentIndex(row.box.findData("scripted:0"))
    row.box.activated.emit(row.box.currentIndex())


def filled(window: MainWindow) -> list[ActButton]:
    """The buttons that look like the next act: one, or the clerk has to choose."""
    found = window.wizard.screen.findChildren(ActButton)
    return [button for button in found if button.isVisible() and button.isEnabled() and button.next_act]


def type_pin(pin: str, then: Qt.Key = Qt.Key.Key_Return) -> None:
    """Type into the signing dialog as soon as it asks; what is shown then is left to it."""

    def look() -> None:
        sheet = next(
            (w for w in QApplication.topLevelWidgets() if isinstance(w, SigningDialog) and w.isVisible()), None
        )
        if sheet is None or sheet.state is not Signing.READY:
            QTimer.singleShot(20, look)
            return
        QTest.keyClicks(sheet.sheet.pin.field, pin)
        QTest.keyClick(sheet.sheet.pin.field, then)
        closing(sheet)

    def closing(sheet: SigningDialog) -> None:
        if sheet.state is Signing.DONE:
            sheet.accept()
        elif sheet.state in (Signing.SIGNING, Signing.LOOKING):
            QTimer.singleShot(20, lambda: closing(sheet))
        else:  # refused: the clerk puts it off
            sheet.reject()

    look()


def test_from_the_first_view_to_the_counter_by_keys(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    window = arrive(qtbot, shown, one)
    work, screen = window.wizard, window.wizard.screen
    assert screen.view is View.UNIT
    assert screen.pages["unit"].rows["unit.code"].text.hasFocus()
    assert filled(window) == [screen.go]
    QTest.keyClick(screen.pages["unit"].rows["unit.code"].text, Qt.Key.Key_Return)
    screen.go.click()  # too early: it says what is missing and leads there
    assert screen.view is View.UNIT
    assert (screen.reason.role, screen.reason.words) == ("mind", "Nhập mã đơn vị và tên cơ quan.")
    assert screen.pages["unit"].rows["unit.code"].text.hasFocus()
    give(window, "unit", "unit.code", "000.00.12.H08")
    assert screen.pages["unit"].rows["unit.name"].text.hasFocus()  # Enter goes to the next field
    give(window, "unit", "unit.name", "UBND phường Bến Thông")
    assert filled(window) == [screen.go]
    window.do("next")
    assert screen.view is View.SCANNER
    choose_scanner(qtbot, window)
    one.scanner.tray = [paper(seed=3)]
    trial = screen.pages["scanner"].acts["trial"]
    assert filled(window) == [trial]
    QTest.keyClick(screen.pages["scanner"].rows["scanner.id"].box, Qt.Key.Key_Return)
    qtbot.waitUntil(screen.go.isEnabled, timeout=WAIT)
    assert screen.pages["scanner"].sheet.isVisible()
    assert filled(window) == [screen.go]
    assert screen.go.hasFocus()
    QTest.keyClick(screen.go, Qt.Key.Key_Return)
    assert screen.view is View.TOKEN
    qtbot.waitUntil(screen.go.isEnabled, timeout=WAIT)  # read by itself, no PIN asked
    assert one.token.log_ins == 0
    assert "Lê Văn An" in screen.pages["token"].rows["certificate"].told.text()
    QTest.keyClick(screen.go, Qt.Key.Key_Return)
    assert screen.view is View.PROVINCE
    assert screen.later.text() == "Làm sau khi có mạng"
    assert filled(window) == [screen.pages["province"].acts["try_province"]]
    screen.later.click()
    assert screen.view is View.TRIAL
    one.scanner.tray = [paper(seed=4)]
    type_pin("246810")
    assert filled(window) == [screen.trial.begin]
    assert screen.trial.begin.hasFocus()
    QTest.keyClick(screen.trial.begin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: work.trial.course.ended and not work.trial.running, timeout=WAIT)
    course = work.trial.course
    assert course.line(Part.SIGN).state is State.OK
    assert course.line(Part.SEND).state is State.LATER  # no province is set
    assert course.passed
    assert "Cả quy trình chạy được" in screen.trial.answer.words
    assert list(one.place.trial.iterdir()) == []
    assert filled(window) == [screen.go]
    QTest.keyClick(screen.go, Qt.Key.Key_Return)
    assert screen.view is View.DONE
    assert filled(window) == [screen.go]
    marks = [mark(view, work.facts, work.kept) for view in View]
    assert marks == [Mark.DONE, Mark.DONE, Mark.DONE, Mark.LATER, Mark.DONE, Mark.OPEN]
    QTest.keyClick(screen.go, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.window is not window, timeout=WAIT)
    after = shown.window
    assert after is not None
    assert after.rooms.at_start
    assert shown.desk.settings.unit.name == "UBND phường Bến Thông"
    kept = kept_from(one.desk.cabinet.settings.get(KEPT))
    assert kept is not None
    assert kept.ended


def test_it_goes_on_where_it_was_left(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    window = arrive(qtbot, shown, one)
    screen = window.wizard.screen
    screen.later.click()
    screen.later.click()
    assert screen.view is View.TOKEN
    window.do("back")  # Esc: to the counter, nothing is lost
    assert window.rooms.at_start
    # the program is closed and started again: another window of the same desk
    shown.show(shown.desk)
    again = shown.window
    assert again is not None
    assert again.rooms.at_start  # who was inside stays at the counter
    again.lock()
    again.login.asked.emit("an", "mat-khau-dai")
    qtbot.waitUntil(lambda: not again._locked, timeout=WAIT)
    assert again.rooms.at_start  # unlocking is no start
    window2 = MainWindow(shown.desk, again._bridge)
    qtbot.addWidget(window2)
    window2._enter(officers.log_in(one.desk, "an", "mat-khau-dai"))
    assert window2.wizard.screen.view is View.TOKEN
    assert window2.rooms.side is window2.wizard.room
    window2.watch.stop()


def test_a_clerk_is_not_led_into_it(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    window = shown.window
    assert window is not None
    officer = officers.log_in(one.desk, "an", "mat-khau-dai")
    window._enter(replace(officer, roles=frozenset({Role.CLERK})))
    assert window.rooms.at_start


def test_the_strip_and_the_settings_lead_back_into_it(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    one.desk.cabinet.settings.put(KEPT, replace(Kept(), at=View.DONE, ended=True).text())
    window = shown.window
    assert window is not None
    window._enter(officers.log_in(one.desk, "an", "mat-khau-dai"))
    assert window.rooms.at_start
    window.strip.place_asked.emit("scanner")  # says "Chưa chọn máy quét"
    assert window.rooms.side is window.wizard.room
    assert window.wizard.screen.view is View.SCANNER
    window.do("back")
    window.do("settings")
    settings_screen = window.rooms.side.screen
    field = settings_screen.pages["unit"].rows["unit.counter"].text  # type: ignore[attr-defined]
    field.setText("5")
    field.editingFinished.emit()
    settings_screen.act_asked.emit("wizard")  # type: ignore[attr-defined]
    assert window.rooms.side is window.wizard.room
    assert window.wizard.settings.desk.settings.unit.counter == "5"
    window.do("back")
    qtbot.waitUntil(lambda: shown.window is not window, timeout=WAIT)
    assert shown.desk.settings.unit.counter == "5"


def test_what_was_set_reaches_the_counter_by_whatever_key_one_leaves(
    qtbot: QtBot, shown: _Shown, one: Bench
) -> None:  # fmt: skip
    window = arrive(qtbot, shown, one)
    give(window, "unit", "unit.counter", "8")
    made: list[object] = []
    window.desk_changed.connect(made.append)
    window.do("outbox")
    qtbot.waitUntil(lambda: shown.window is not window, timeout=WAIT)
    assert len(made) == 1
    assert shown.desk.settings.unit.counter == "8"


def test_locked_rows_say_by_whom_and_their_step_is_ticked(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    one.place.site.mkdir(exist_ok=True)
    fixed = 'set_by = "tỉnh Mẫu"\n[unit]\ncode = "000.00.12.H08"\nname = "UBND phường Mẫu"\n'
    one.place.fixed_settings.write_text(fixed, "utf-8")
    try:
        chosen = settings.read(one.place.settings_file, one.place.fixed_settings)
        shown.show(replace(shown.desk, settings=chosen))
        window = arrive(qtbot, shown, one)
        screen = window.wizard.screen
        assert screen.steps.steps[0].sign == "lock"
        assert "tỉnh đã quy định" in screen.steps.steps[0].accessibleName()
        assert screen.pages["unit"].rows["unit.name"].state.words == "Do tỉnh Mẫu quy định"
        assert screen.go.isEnabled()
    finally:
        one.place.fixed_settings.unlink()


def test_a_failed_trial_tells_and_can_be_tried_again(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    window = arrive(qtbot, shown, one)
    work, screen = window.wizard, window.wizard.screen
    work.open_at(View.TRIAL)
    screen.trial.begin.click()  # no scanner is chosen
    qtbot.waitUntil(lambda: work.trial.course.ended and not work.trial.running, timeout=WAIT)
    assert screen.trial.states[Part.SCAN].role == "stop"
    assert "Chưa thử" in screen.trial.states[Part.SIGN].words
    work.open_at(View.SCANNER)
    choose_scanner(qtbot, window)
    work.open_at(View.TRIAL)
    one.scanner.tray = [error("scanner.cover_open")]
    screen.trial.begin.click()
    qtbot.waitUntil(lambda: work.trial.course.line(Part.SCAN).problem is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not work.trial.running, timeout=WAIT)
    assert "Nắp" in screen.trial.states[Part.SCAN].words
    one.scanner.tray = [paper(seed=5)]
    type_pin("135790")  # wrong: the token says so, the clerk puts it off
    before = one.token.log_ins
    screen.trial.begin.click()
    qtbot.waitUntil(lambda: work.trial.course.ended and not work.trial.running, timeout=WAIT)
    assert one.token.log_ins == before + 1
    assert work.trial.course.line(Part.SIGN).state is State.LATER
    assert not screen.go.isEnabled()
    assert screen.later.isVisible()
    window.do("back")
    assert list(one.place.trial.iterdir()) == []


def test_esc_stops_a_trial_before_it_leaves(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    window = arrive(qtbot, shown, one)
    work = window.wizard
    choose = settings.read(one.place.settings_file)
    work.settings.desk = replace(
        work.settings.desk, settings=choose.model_copy(update={"scanner": one.desk.settings.scanner})
    )
    work.open_at(View.TRIAL)
    one.scanner.tray = [paper(seed=6)]
    work.screen.trial.begin.click()
    assert work.trial.running
    window.do("back")
    assert window.rooms.side is work.room  # Esc was used up
    work.open_at(View.UNIT)
    assert work.screen.view is View.TRIAL  # nothing is left under a running machine
    type_pin("246810", Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: work.trial.course.ended and not work.trial.running, timeout=WAIT)
    assert list(one.place.trial.iterdir()) == []


def test_without_a_machine_the_next_act_is_to_look_again_and_keeps_the_keys(
    qtbot: QtBot, shown: _Shown, one: Bench
) -> None:  # fmt: skip
    window = arrive(qtbot, shown, one)
    work, screen = window.wizard, window.wizard.screen
    work.open_at(View.SCANNER)
    part = screen.pages["scanner"]
    look = part.acts["find_scanner"]
    qtbot.waitUntil(lambda: look.isEnabled() and part.answer.role in ("ok", "mind"), timeout=WAIT)
    work.settings.undo()  # the only machine there is was taken by itself: take it back
    assert filled(window) == [look]
    assert not screen.go.isEnabled()
    look.setFocus()
    QTest.keyClick(look, Qt.Key.Key_Return)
    trial = part.acts["trial"]
    qtbot.waitUntil(lambda: filled(window) == [trial], timeout=WAIT)
    assert trial.hasFocus()
    one.scanner.tray = [error("scanner.cover_open")]
    QTest.keyClick(trial, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: part.answer.role == "stop", timeout=WAIT)
    assert filled(window) == [trial]
    assert trial.hasFocus()  # the lid is closed, Enter tries again


def test_the_strip_says_what_the_step_of_the_province_says(
    qtbot: QtBot, shown: _Shown, one: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(assemble, "keeper", lambda place: FileKeeper(place.data / "key"))  # no secret store here
    shown.show(replace(shown.desk, link=None))
    window = arrive(qtbot, shown, one)
    work, screen = window.wizard, window.wizard.screen
    work.open_at(View.PROVINCE)

    def strip() -> tuple[str, str]:
        return window.strip.role("outbox"), window.strip.words("outbox").partition(" · ")[0]

    qtbot.waitUntil(lambda: strip() == ("idle", "Chưa nối với tỉnh"), timeout=WAIT)
    province = screen.pages["province"]
    with LocalProvince(tmp_path) as there:
        give(window, "province", "province.base_url", there.url)
        give(window, "province", "province.desk_id", "quay-1")
        assert strip() == ("idle", "Chưa thử nối với tỉnh")
        give(window, "province", "secret", "sai-khoa")
        province.acts["try_province"].click()
        qtbot.waitUntil(lambda: province.answer.role == "stop", timeout=WAIT)
        assert strip() == ("idle", "Chưa nối được với tỉnh")
        give(window, "province", "secret", there.token)
        province.acts["try_province"].click()
        qtbot.waitUntil(screen.go.isEnabled, timeout=WAIT)
        qtbot.waitUntil(lambda: strip() == ("ok", "Đã gửi hết"), timeout=WAIT)
        assert filled(window) == [screen.go]
    province.acts["try_province"].click()  # it was switched off meanwhile
    qtbot.waitUntil(lambda: province.answer.role == "stop", timeout=WAIT)
    assert strip() == ("idle", "Chưa nối được với tỉnh")
    assert one.desk.cabinet.outbox.tray.offline_since() is not None
    one.desk.cabinet.outbox.tray.line_back()


def test_every_view_looks_well(qtbot: QtBot, shown: _Shown, one: Bench) -> None:
    window = arrive(qtbot, shown, one)
    for view in View:
        window.wizard.open_at(view)
        QApplication.processEvents()
        assert_good_looks(window)
    screen = window.wizard.screen
    assert screen.minimumSizeHint().width() <= 1366 / 1.5  # a small screen set to 150 %
    theme.apply(QApplication.instance(), dark=False, scale=1.5)  # type: ignore[arg-type]
    assert screen.minimumSizeHint().width() <= 1366
