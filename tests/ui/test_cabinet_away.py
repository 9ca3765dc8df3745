# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A start while the disk with the cabinet is away: it is said, and another cabinet is made only when one is wanted."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from digitizer_desk import app, assemble
from digitizer_desk.errors import DeskError, error
from digitizer_desk.paths import DeskPaths
from digitizer_desk.store import vault
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import open_vault
from digitizer_desk.ui import application
from digitizer_desk.ui.screens.people.away import CabinetAway


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskPaths:
    """A desk whose data lie on a disk of their own; its key is kept on this machine."""

    def quick(passphrase: str, salt: bytes, *_: int) -> bytes:
        return hashlib.sha256(salt + vault._as_printed(passphrase).encode()).digest()

    monkeypatch.setattr(vault, "_stretch", quick)  # made slow by design elsewhere
    monkeypatch.setattr(assemble, "keeper", lambda _place: FileKeeper(tmp_path / "key"))
    made = DeskPaths(tmp_path / "disk" / "desk")
    assemble.set_up(made)
    return made


def pull_out(place: DeskPaths) -> Callable[[], None]:
    """Take the disk away; what is given puts it back, over whatever was made in its place."""
    disk = place.data.parent
    away = disk.with_name("away")
    disk.rename(away)

    def back() -> None:
        if disk.exists():
            shutil.rmtree(disk)  # hidden below the disk that is mounted there again
        away.rename(disk)

    return back


def start(place: DeskPaths, monkeypatch: pytest.MonkeyPatch, answers: list[Callable[[CabinetAway], None]]) -> list[str]:
    """Start the window; each page about the disk gets the next answer. What happened, in order."""
    told: list[str] = []

    def answer() -> None:
        sheet = QApplication.activeModalWidget()
        if not isinstance(sheet, CabinetAway):
            QTimer.singleShot(5, answer)
            return
        told.append("away")
        if len(told) < len(answers):
            QTimer.singleShot(5, answer)
        try:
            answers[len(told) - 1](sheet)
        finally:
            if sheet.isVisible():
                sheet.reject()  # an answer that was not taken must not leave the page open for ever

    def open_desk(_upgrading: object) -> nullcontext[object]:
        open_vault(place.cabinet, FileKeeper(place.data.parent.parent / "key"))
        told.append("open")
        return nullcontext(object())

    shown: list[object] = []
    monkeypatch.setattr(app, "_opened", lambda _place, upgrading: open_desk(upgrading))
    monkeypatch.setattr(application, "_run", lambda *given: shown.append(given[-1]) or 0)
    monkeypatch.setattr(application, "theme_of", lambda *_: None)
    QTimer.singleShot(5, answer)
    code = app._window(place)
    told.append(f"{code} {'new' if shown and shown[0] else 'old' if shown else 'none'}")
    return told


def press(key: Qt.Key) -> Callable[[CabinetAway], None]:
    return lambda sheet: QTest.keyClick(sheet, key)


def test_the_disk_comes_back_and_the_same_desk_opens(
    qtbot: QtBot, place: DeskPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back = pull_out(place)

    def plug(sheet: CabinetAway) -> None:
        assert str(place.data) in sheet._why.text()
        assert sheet.again.next_act
        assert sheet.focusWidget() is sheet.again
        put_back()
        QTest.keyClick(sheet.again, Qt.Key.Key_Return)

    assert start(place, monkeypatch, [press(Qt.Key.Key_F5), plug]) == ["away", "away", "open", "0 old"]


def test_leaving_makes_nothing(qtbot: QtBot, place: DeskPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    pull_out(place)
    key = (place.data.parent.parent / "key").read_bytes()
    assert start(place, monkeypatch, [press(Qt.Key.Key_Escape)]) == ["away", "3 none"]
    assert not place.data.parent.exists()
    assert (place.data.parent.parent / "key").read_bytes() == key


def test_another_cabinet_is_made_only_when_said_twice_and_the_old_one_still_opens(
    qtbot: QtBot, place: DeskPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back = pull_out(place)

    def want(sheet: CabinetAway) -> None:
        assert not sheet.anew.isVisible()
        sheet.other.click()
        assert sheet.again.next_act
        assert not sheet.anew.isEnabled()
        assert "Kho mới trống" in sheet.means.text()
        sheet.sure.click()
        sheet.anew.click()

    assert start(place, monkeypatch, [want]) == ["away", "open", "0 new"]
    assert assemble.is_set_up(place)
    put_back()
    assert not assemble.is_away(place)
    open_vault(place.cabinet, FileKeeper(place.data.parent.parent / "key"))


def test_enter_never_makes_another_cabinet(qtbot: QtBot) -> None:
    sheet = CabinetAway(error("store.away", folder="/media/usb/desk"))
    qtbot.addWidget(sheet)
    sheet.open()
    sheet.other.click()
    sheet.sure.click()
    for control in (sheet.sure, sheet.anew):
        sheet.open()
        control.setFocus()
        QTest.keyClick(control, Qt.Key.Key_Return)
        assert sheet.result() == CabinetAway.AGAIN


def test_a_folder_that_is_there_without_its_cabinet_counts_too_and_a_new_machine_does_not(
    place: DeskPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(place.cabinet)  # a link or a mount inside the folder
    assert assemble.is_away(place)
    with pytest.raises(DeskError) as refused:
        assemble.set_up(place)
    assert (refused.value.code, refused.value.facts["folder"]) == ("store.away", str(place.data))
    with pytest.raises(DeskError, match=r"store\.away"), app._existing_desk(place):
        pass
    (tmp_path / "key").write_bytes(b"")  # spoiled: nobody knows whether there was a cabinet
    with pytest.raises(DeskError, match=r"store\.key_missing"):
        assemble.is_away(place)
    (tmp_path / "key").unlink()
    assert not assemble.is_away(place)


def test_the_empty_key_file_that_marks_a_training_room_is_no_key(
    tmp_path: Path,
) -> None:
    room = DeskPaths(tmp_path / "room" / "desk")
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / assemble.TRAINING_KEY).touch(mode=0o600)
    assert not assemble.is_away(room)
