# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A second start of the program: the window that is open comes forward, and the second one ends."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.desk import Desk
from digitizer_desk.errors import error
from digitizer_desk.paths import DeskPaths
from digitizer_desk.store import vault
from digitizer_desk.store.cabinet import DATABASE, Cabinet, open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.sql.database import SCHEMA
from digitizer_desk.store.vault import Vault, create_vault, open_vault, recover_vault
from digitizer_desk.ui import application
from digitizer_desk.ui.help.sheet import HelpSheet
from digitizer_desk.ui.screens.people.opening import CannotOpen, Opening
from digitizer_desk.ui.side.already_open import DoorBell, _name, come_forward, raise_first
from store.make_schema_file import DATA, KEY
from store.room import Clock

_SECOND = (
    "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
    "from digitizer_desk.ui.side.already_open import raise_first;"
    "application = QCoreApplication([]); sys.exit(0 if raise_first(Path(sys.argv[1])) else 1)"
)


def test_another_process_asks_and_the_first_window_comes_forward(qtbot: QtBot, tmp_path: Path) -> None:
    first = QWidget()
    qtbot.addWidget(first)
    first.showMinimized()
    bell = DoorBell(tmp_path, lambda: come_forward(first))
    assert bell.listening
    with subprocess.Popen([sys.executable, "-c", _SECOND, str(tmp_path)]) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert second.returncode == 0
    assert not first.isMinimized()
    assert first.isVisible()
    assert first.windowState() & ~Qt.WindowState.WindowActive == Qt.WindowState.WindowNoState
    bell.close()
    assert not raise_first(tmp_path), "nobody is there any more"


def test_it_does_not_listen_to_nonsense(qtbot: QtBot, tmp_path: Path) -> None:
    rung: list[bool] = []
    bell = DoorBell(tmp_path, lambda: rung.append(True))
    caller = QLocalSocket()
    caller.connectToServer(_name(tmp_path))
    caller.write(b"delete everything\n")
    caller.flush()
    qtbot.waitUntil(lambda: not caller.bytesToWrite())
    caller.disconnectFromServer()
    qtbot.waitUntil(lambda: caller.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    for _ in range(5):
        qtbot.wait(1)
    assert rung == []
    bell.close()


def test_a_start_that_finds_the_cabinet_open_ends_quietly_when_the_window_answers(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_upgrading: object) -> nullcontext[Desk]:
        raise error("store.locked")

    told: list[str] = []
    monkeypatch.setattr(application, "_mended", lambda _lanes, problem, *_: bool(told.append(problem.code)))

    def start() -> int:
        return application.run_window(open_desk=locked, set_up=None, resources=paths.resources(), data=tmp_path)

    monkeypatch.setattr(application, "raise_first", lambda data: data == tmp_path)
    assert start() == 0
    assert told == []
    monkeypatch.setattr(application, "raise_first", lambda _data: False)
    assert start() == 3
    assert told == ["store.locked"], "nobody answers: it is said in words"


@pytest.mark.parametrize("made_by_another", [False, True])
def test_a_new_cabinet_is_made_once_and_its_passphrase_outlives_a_failed_opening(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_by_another: bool
) -> None:
    tries: list[int] = []
    shown: list[object] = []
    monkeypatch.setattr(application, "_mended", lambda *_: True)
    monkeypatch.setattr(application, "_run", lambda *given: shown.append(given[-1]) or 0)
    monkeypatch.setattr(application, "theme_of", lambda *_: None)

    def set_up(_anew: bool) -> str:
        tries.append(0)
        if made_by_another or len(tries) > 1:
            raise error("file.exists", file="vault.json")
        return "M17T-1PEJ"

    class Cabinet:
        def __init__(self, _upgrading: object) -> None: ...

        def __enter__(self) -> None:
            tries.append(1)
            if tries.count(1) == 1:
                raise error("store.disk_full")

        def __exit__(self, *_: object) -> None: ...

    run = application.run_window
    assert run(open_desk=Cabinet, set_up=set_up, resources=paths.resources(), data=tmp_path) == 0
    assert tries == [0, 1, 1]
    assert shown == [None if made_by_another else "M17T-1PEJ"]


def test_what_takes_long_to_open_is_told_and_trying_again_opens_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    tries: list[int] = []
    monkeypatch.setattr(application, "_TELL_MS", 0)

    def slow() -> None:
        tries.append(1)
        while not any(isinstance(shown, Opening) and shown.isVisible() for shown in list(kept)):
            pass
        seen.append(True)
        if len(tries) == 1:
            raise error("store.damaged", backup_at="")

    kept: list[Opening] = []
    made = application.Opening
    monkeypatch.setattr(application, "Opening", lambda: kept.append(made()) or kept[-1])
    monkeypatch.setattr(application, "_mended", lambda *_: len(tries) == 1)
    monkeypatch.setattr(application, "_run", lambda *_: 0)
    monkeypatch.setattr(application, "theme_of", lambda *_: None)

    class Cabinet:
        def __init__(self, _upgrading: object) -> None:
            pass

        def __enter__(self) -> None:
            slow()

        def __exit__(self, *_: object) -> None:
            tries.append(0)

    assert application.run_window(open_desk=Cabinet, set_up=None, resources=paths.resources(), data=tmp_path) == 0
    assert tries == [1, 1, 0]
    assert seen == [True, True]
    assert not any(shown.isVisible() for shown in kept)


def test_an_older_cabinet_says_how_far_its_upgrade_is(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the first program ever, behind the real start: each step waits until the window has told of it."""
    shutil.copy(DATA / "schema-0001.db", tmp_path / DATABASE)
    seen: dict[int, str] = {}  # written by the window's thread alone: no other may touch what it shows
    kept: list[Opening] = []

    class Watched(Opening):
        def show(self) -> None:
            super().show()
            kept[:] = [self]
            seen[self.bar.value()] = self.told.text()

    monkeypatch.setattr(application, "Opening", Watched)
    monkeypatch.setattr(application, "_run", lambda *_: 0)
    monkeypatch.setattr(application, "theme_of", lambda *_: None)

    def open_desk(upgrading: Callable[[int, int], None]) -> AbstractContextManager[Any]:
        def told(step: int, steps: int) -> None:
            upgrading(step, steps)
            end = monotonic() + 20
            while step not in seen and monotonic() < end:
                sleep(0.001)

        class Slowly:
            def __enter__(self) -> Cabinet:
                self.cabinet = open_cabinet(tmp_path, Vault(KEY), Clock(), told)
                return self.cabinet

            def __exit__(self, *_: object) -> None:
                self.cabinet.close()

        return Slowly()

    assert application.run_window(open_desk=open_desk, set_up=None, resources=paths.resources(), data=tmp_path) == 0
    steps = SCHEMA - 1
    upgraded = [f"Đang nâng cấp dữ liệu, bước {step} trên {steps}…" for step in range(1, steps + 1)]
    assert [seen[step] for step in sorted(seen) if step >= 0] == ["Đang sao lưu dữ liệu…", *upgraded]
    assert kept[-1].bar.maximum() == steps
    assert not kept[-1].isVisible()


@pytest.mark.parametrize(("key", "again"), [(Qt.Key.Key_F5, True), (Qt.Key.Key_Escape, False)])
def test_a_cabinet_that_cannot_be_opened_is_tried_again_by_f5(qtbot: QtBot, key: Qt.Key, again: bool) -> None:
    sheet = CannotOpen(error("store.damaged", backup_at="16:52 21/11/2026"))
    qtbot.addWidget(sheet)
    sheet.open()
    qtbot.keyClick(sheet, key)
    assert (sheet.result() == CannotOpen.AGAIN) is again


def test_f1_helps_where_there_is_no_window_yet(qtbot: QtBot) -> None:
    sheet = CannotOpen(error("store.newer"))
    qtbot.addWidget(sheet)
    sheet.open()
    told: list[str] = []

    def read() -> None:
        shown = QApplication.activeModalWidget()
        assert isinstance(shown, HelpSheet)
        told.append(shown.text.toPlainText())
        shown.reject()

    QTimer.singleShot(0, read)
    qtbot.keyClick(sheet, Qt.Key.Key_F1)
    assert "Kho dữ liệu chưa mở được" in told[0]
    assert sheet.isVisible()


def test_a_cabinet_whose_key_is_gone_is_opened_by_the_printed_passphrase(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong one is told and asked for again; the right one gives this machine its key back, for good."""
    monkeypatch.setattr("digitizer_desk.store.vault._stretch", _quick)
    place = DeskPaths(tmp_path / "desk")
    place.make()
    create_vault(place.cabinet, "7K2M-XQ4D", FileKeeper(tmp_path / "key"))
    (tmp_path / "key").unlink()
    typed, told = iter(("khong phai", "7k2m xq4d")), []

    def answer() -> None:
        sheet = QApplication.activeModalWidget()
        if not isinstance(sheet, CannotOpen):
            QTimer.singleShot(10, answer)
            return
        told.append(" ".join(label.text() for label in sheet.findChildren(QLabel)))
        for letter in next(typed):
            QTest.keyClick(sheet._typed, letter)
        if len(told) == 1:
            QTimer.singleShot(10, answer)
        QTest.keyClick(sheet._typed, Qt.Key.Key_Return)

    def give(passphrase: str) -> None:
        recover_vault(place.cabinet, passphrase, FileKeeper(tmp_path / "key"))

    def open_desk(_upgrading: object) -> nullcontext[object]:
        return nullcontext(open_vault(place.cabinet, FileKeeper(tmp_path / "key")))

    monkeypatch.setattr(application, "_run", lambda *_: 0)
    monkeypatch.setattr(application, "theme_of", lambda *_: None)
    QTimer.singleShot(10, answer)
    run = application.run_window
    assert run(open_desk=open_desk, set_up=None, resources=paths.resources(), data=place.data, recover=give) == 0  # type: ignore[arg-type]
    assert "Kho dữ liệu đang khóa." in told[0]
    assert "không đúng" in told[1].casefold()
    assert (tmp_path / "key").exists()


def _quick(passphrase: str, salt: bytes, *_: int) -> bytes:
    """Made slow by design elsewhere; here only whether the words fit matters."""
    return hashlib.sha256(salt + vault._as_printed(passphrase).encode()).digest()
