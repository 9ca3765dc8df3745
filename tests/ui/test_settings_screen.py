# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The settings by keys: a value holds at once, is taken back with one key, and the window that follows has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from digitizer_desk import assemble, paths, settings
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps import officers
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.ui import theme
from digitizer_desk.ui.application import _Shown, make_application
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.setup.screen import SettingsScreen
from digitizer_desk.ui.screens.setup.table import BY_KEY, HOURS, SECTIONS, Kind
from stand_ins.machines import paper
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from ui.plain_looks import assert_good_looks


@pytest.fixture
def shown(qtbot: QtBot, bench: Bench) -> Iterator[_Shown]:  # noqa: F811
    application = make_application(paths.resources(), "light")
    settings.write(bench.place.settings_file, bench.desk.settings)
    lanes = Lanes()
    made = _Shown(bench.desk, lanes, "")
    made.show(bench.desk)
    yield made
    assert made.window is not None
    made.window.give_way()
    lanes.close()
    theme.apply(application, dark=False)


def _enter(qtbot: QtBot, shown: _Shown, bench: Bench) -> tuple[MainWindow, SettingsScreen]:  # noqa: F811
    window = shown.window
    assert window is not None
    window._enter(officers.log_in(bench.desk, "an", "mat-khau-dai"))
    window.do("settings")
    assert window.rooms.side is not None
    screen = window.rooms.side.screen
    assert isinstance(screen, SettingsScreen)
    assert window.rooms.place is Place.SETTINGS
    qtbot.waitUntil(screen.isVisible)
    return window, screen


def _type(screen: SettingsScreen, section: str, key: str, text: str) -> None:
    screen.open_section(section)
    field = screen.pages[section].rows[key].text
    field.setFocus()
    field.selectAll()
    field.insert(text)  # the key simulator knows ASCII only
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_value_typed_holds_at_once_and_ctrl_z_takes_it_back(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    window, screen = _enter(qtbot, shown, bench)
    _type(screen, "unit", "unit.counter", "7")
    assert settings.read(bench.place.settings_file).unit.counter == "7"
    row = screen.pages["unit"].rows["unit.counter"]
    assert "Đã lưu" in row.state.words
    screen.list.setFocus()
    window.do("undo")
    assert settings.read(bench.place.settings_file).unit.counter == "1"
    assert row.text.text() == "1"


def test_leaving_gives_the_next_window_the_new_desk_and_the_same_officer(
    qtbot: QtBot, shown: _Shown, bench: Bench  # noqa: F811
) -> None:  # fmt: skip
    window, screen = _enter(qtbot, shown, bench)
    dossier = bench.received()
    window.rooms.open(dossier.id)
    qtbot.waitUntil(lambda: window.rooms.work.dossier is not None)
    window.do("settings")
    _type(screen, "unit", "unit.name", "UBND phường Bến Thông")
    window.do("back")
    qtbot.waitUntil(lambda: shown.window is not window, timeout=10_000)
    after = shown.window
    assert after is not None
    assert shown.desk.settings.unit.name == "UBND phường Bến Thông"
    assert shown.desk.cabinet is bench.desk.cabinet
    assert after.officer == window.officer
    qtbot.waitUntil(lambda: after.rooms.work.dossier is not None, timeout=10_000)
    assert after.rooms.work.dossier.id == dossier.id
    assert not shiboken6.isValid(window)


def test_leaving_without_a_change_keeps_the_window(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    window, _screen = _enter(qtbot, shown, bench)
    window.do("back")
    QApplication.processEvents()
    assert shown.window is window
    assert window.rooms.at_start


def test_the_ground_turns_dark_at_once(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    _window, screen = _enter(qtbot, shown, bench)
    screen.open_section("look")
    box = screen.pages["look"].rows["scheme"].box
    box.setFocus()
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert theme.is_dark()
    assert settings.read(bench.place.settings_file).scheme == "dark"


def test_a_refusal_stands_beside_the_field_and_the_old_value_stays(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    bench.place.site.mkdir(exist_ok=True)
    _window, screen = _enter(qtbot, shown, bench)
    # fixed by the province after the screen was opened
    bench.place.fixed_settings.write_text('set_by = "tỉnh Mẫu"\n[unit]\ncounter = "1"\n', "utf-8")
    _type(screen, "unit", "unit.counter", "9")
    row = screen.pages["unit"].rows["unit.counter"]
    assert "tỉnh Mẫu" in row.state.words
    assert (row.state.role, row.text.text()) == ("stop", "1")


def test_fixed_rows_are_closed_and_say_by_whom(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    bench.place.site.mkdir(exist_ok=True)
    bench.place.fixed_settings.write_text('set_by = "tỉnh Mẫu"\n[province]\nbase_url = "https://x.vn"\n', "utf-8")
    _window, screen = _enter(qtbot, shown, bench)
    row = screen.pages["province"].rows["province.base_url"]
    assert not row.text.isEnabled()
    assert row.state.words == "Do tỉnh Mẫu quy định"
    assert screen.pages["province"].rows["province.name"].text.isEnabled()


def test_scanners_are_found_and_a_sheet_is_tried(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    _window, screen = _enter(qtbot, shown, bench)
    page = screen.pages["scanner"]
    screen.open_section("scanner")
    qtbot.waitUntil(lambda: page.answer.role in ("ok", "mind"), timeout=10_000)
    assert page.rows["scanner.id"].box.currentData() == "scripted:0"
    bench.scanner.tray = [paper(3)]
    page.acts["trial"].click()
    qtbot.waitUntil(lambda: "dpi" in page.answer.words, timeout=20_000)
    assert page.sheet.isVisible()
    page.acts["trial"].click()
    qtbot.waitUntil(lambda: page.answer.role == "stop", timeout=20_000)
    assert "giấy" in page.answer.words


def test_token_province_and_backup_answer_in_their_section(
    qtbot: QtBot, shown: _Shown, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.setattr(assemble, "keeper", lambda place: FileKeeper(place.data / "key"))  # no secret store here
    window, screen = _enter(qtbot, shown, bench)
    screen.open_section("token")
    page = screen.pages["token"]
    qtbot.waitUntil(lambda: page.answer.words == "Token dùng được.", timeout=10_000)
    assert "Lê Văn An" in page.rows["certificate"].told.text()
    province = screen.pages["province"]
    province.acts["try_province"].click()
    qtbot.waitUntil(lambda: province.answer.role in ("ok", "stop"), timeout=10_000)
    assert province.answer.role == "ok"
    _type(screen, "province", "province.base_url", "http://127.0.0.1:9")
    province.acts["try_province"].click()
    qtbot.waitUntil(lambda: province.answer.role == "stop", timeout=10_000)
    data = screen.pages["data"]
    data.acts["back_up"].click()
    qtbot.waitUntil(lambda: data.answer.role == "mind", timeout=10_000)
    (tmp_path / "usb").mkdir()
    _type(screen, "data", "backup.folder", str(tmp_path / "usb"))
    data.acts["back_up"].click()
    qtbot.waitUntil(lambda: data.answer.words.startswith("Đã sao lưu"), timeout=10_000)
    assert data.rows["last_backup"].told.text() != "Chưa có"
    _type(screen, "province", "secret", "khoa-moi")
    assert bench.desk.cabinet.settings.get("province.secret") == "khoa-moi"
    assert screen.pages["province"].rows["secret"].text.text() == ""
    window.rooms.side.leave()


def test_every_section_looks_well_in_light_and_dark(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    window, screen = _enter(qtbot, shown, bench)
    for section in SECTIONS:
        screen.open_section(section.id)
        QApplication.processEvents()
        assert_good_looks(window)


def both(value: object) -> dict[str, str]:
    first, _, last = str(value).partition("-")
    return {"only_from": first, "only_until": last}


def test_the_hours_for_sending_are_two_times_set_as_one(qtbot: QtBot, shown: _Shown, bench: Bench) -> None:  # noqa: F811
    window, screen = _enter(qtbot, shown, bench)
    screen.open_section("sending")
    box = screen.pages["sending"].rows[HOURS].box
    box.setCurrentIndex(2)
    box.activated.emit(2)
    kept = settings.read(bench.place.settings_file).sending
    assert (kept.only_from, kept.only_until) == ("19:00", "06:00")
    window.do("undo")
    assert settings.read(bench.place.settings_file).sending.only_from == ""
    bench.place.site.mkdir(exist_ok=True)
    bench.place.fixed_settings.write_text(
        'set_by = "tỉnh"\n[sending]\nonly_from = "22:00"\nonly_until = "05:00"\n', "utf-8"
    )
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert screen.pages["sending"].rows[HOURS].state.role == "stop"


def test_the_table_names_settings_that_exist() -> None:
    told = {"data", "colour", "token", "certificate", "size", "law", "procedures", "refused", "last_backup", "free"}
    told |= {"version", "licence", "files", "secret", "packs", "rules_of", "modules"}
    for key, row in BY_KEY.items():
        if row.kind in (Kind.TOLD, Kind.HIDDEN):
            assert key in told
        elif key == HOURS:
            assert all(settings.changed(settings.Settings(), "sending", both(value)) for value, _ in row.choices)
        else:
            settings.value_of(settings.Settings(), key)
    assert len(BY_KEY) == sum(len(section.rows) for section in SECTIONS)
