# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Plays a working day in the real window, over the training room, and takes its picture at each stage.

    python tests/gallery/working_day.py [--scheme dark] [--scale 1.5] [--out build/pictures]

Everything in the pictures is real: the virtual scanner's pages, the token's signature, the province's receipts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402

from digitizer_desk import paths  # noqa: E402
from digitizer_desk.lanes import Lanes  # noqa: E402
from digitizer_desk.training.room import LOGIN, PASSWORD, TrainingRoom, training_room  # noqa: E402
from digitizer_desk.ui import theme  # noqa: E402
from digitizer_desk.ui.application import make_application  # noqa: E402
from digitizer_desk.ui.bridge import Bridge  # noqa: E402
from digitizer_desk.ui.main_window import MainWindow  # noqa: E402
from digitizer_desk.ui.screens.people.first_run import FirstRun  # noqa: E402
from digitizer_desk.ui.screens.receive import ReceiveDialog  # noqa: E402
from digitizer_desk.ui.widgets.pin_field import PinField  # noqa: E402
from gallery.camera import on_desk, save, set_screen  # noqa: E402

PATIENCE = 120.0
#: the batch that is looked at while pages come: of four pages
_WATCHED = 2
DATA = {"ngay_cap": "20112026", "co_quan_cap": "UBND phường Bến Thông"}


def rest(seconds: float) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true.

    Raises:
        TimeoutError: it did not.
    """
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(true.__qualname__)
        rest(0.05)
    rest(0.3)


class Day:
    """One day at the window, with a camera."""

    def __init__(self, application: QApplication, room: TrainingRoom, out: Path) -> None:
        self._app, self._room, self._out = application, room, out
        self._lanes = Lanes()
        self._bridge = Bridge(self._lanes)
        hint = f"Tập huấn: đăng nhập «{LOGIN}», mật khẩu «{PASSWORD}», mã PIN «{room.token.pin}»."
        self.window = MainWindow(room.desk, self._bridge, hint=hint)
        self.window.resize(1366, 728)
        self.window.show()
        self.made = 0

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Take what is shown now."""
        shown = widget or self.window
        rest(0.15)
        shot = shown.grab()
        if isinstance(shown, QDialog):
            shot = on_desk(shot, shown.windowTitle())
        save(shot, self._out / f"{name}-{'dark' if theme.is_dark() else 'light'}.png")
        self.made += 1

    def dialog(self, command: str, use: Callable[[QDialog], None]) -> None:
        """Open a dialog by its key and use it."""

        used = False

        def look() -> None:
            nonlocal used
            sheet = self._app.activeModalWidget()
            if not isinstance(sheet, QDialog):
                return
            timer.stop()
            use(sheet)
            if sheet.isVisible():
                sheet.reject()
            used = True

        # a timer, not a wait: the dialog may open later and runs a loop of its own
        timer = QTimer(interval=100)
        timer.timeout.connect(look)
        timer.start()
        self.window.do(command)
        until(lambda: used and self._app.activeModalWidget() is None)
        self.window.activateWindow()
        rest(0.5)

    def play(self) -> None:
        window, work, counter = self.window, self.window.rooms.work, self.window.rooms.counter
        rest(0.3)
        self.picture("login")
        QTest.keyClicks(window.login.login, LOGIN)
        QTest.keyClicks(window.login.password, PASSWORD)
        QTest.keyClick(window.login.password, Qt.Key.Key_Return)
        until(lambda: window.officer is not None)
        rest(1.5)
        self.picture("start")
        self.dialog("receive", self._receive)
        self.picture("counter-empty")
        self._scan(work, counter)
        self.dialog("help", lambda sheet: self.picture("help", sheet))
        self._room.province.go_offline()
        self.dialog("sign", self._sign)
        self.picture("counter-data")
        for number in range(3):
            values = DATA | {"so_ky_hieu": f"{number + 1}/TK-KS", "trich_yeu": counter.title.text()[3:]}
            for name, value in values.items():
                counter.form._boxes[name].setText(value)
            window.do("accept")
            rest(1.0)
        window.watch.send()
        rest(1.5)
        window.do("outbox")
        rest(0.5)
        self.picture("outbox-offline")
        self._room.province.go_online()
        window.do("reload")
        rest(3.0)
        self.picture("outbox-received")
        window.do("back")
        rest(0.8)
        self.picture("counter-done")
        window.lock()
        rest(0.3)
        self.picture("locked")

    def _receive(self, sheet: QDialog) -> None:
        assert isinstance(sheet, ReceiveDialog)
        form = sheet.form
        QTest.keyClicks(form.code, "000.00.12.H08-261121-0007")
        form.name.setText("Nguyễn Thị Hường")
        QTest.keyClicks(form.identifier, "000185000123")
        QTest.keyClicks(form.procedure.box, "khai sinh")
        rest(0.4)
        self.picture("receive", sheet)
        sheet.submit()
        until(lambda: not sheet.isVisible())

    def _scan(self, work: object, counter: object) -> None:
        """Every component until nothing is left to scan or to mend."""
        for batch in range(9):
            if not any(line.stage in ("scan", "check") for line in counter.lines):  # type: ignore[attr-defined]
                break
            if counter.stage_now() == "check":  # type: ignore[attr-defined]
                self._mend(counter)
                continue
            self.window.do("scan")
            if batch == _WATCHED:
                until(lambda: len(counter.model.pages) >= 2 or not work.scanning)  # type: ignore[attr-defined]
                self.picture("counter-scanning")
            until(lambda: not work.scanning)  # type: ignore[attr-defined]
            counter._sides_entered()  # type: ignore[attr-defined]
            rest(0.8)
        self.picture("counter-ready")

    def _mend(self, counter: object) -> None:
        self.picture("counter-faults")
        self.window.do("inspect")
        rest(1.2)
        self.picture("inspector")
        self.window.do("rescan")
        until(lambda: not self.window.rooms.work.scanning)
        rest(1.2)
        self.picture("compare")
        QTest.keyClick(self.window.rooms.inspector.compare, Qt.Key.Key_Return)
        rest(0.4)
        self.window.do("back")
        rest(0.6)

    def _sign(self, sheet: QDialog) -> None:
        until(lambda: sheet.findChild(PinField) is not None)
        rest(0.8)
        field = sheet.findChild(PinField)
        assert field is not None
        QTest.keyClicks(field, self._room.token.pin)
        self.picture("signing", sheet)
        QTest.keyClick(field, Qt.Key.Key_Return)
        until(lambda: not sheet.isVisible())

    def close(self) -> None:
        self._bridge.close()
        self.window.watch.stop()
        self._lanes.close()
        self.window.deleteLater()


def main() -> int:
    parser = argparse.ArgumentParser(description="Take the pictures of a working day.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pictures")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--scale", type=float, default=1.0, help="1.5 = a screen set to 150 %%")
    wanted = parser.parse_args()
    set_screen(wanted.scale)
    out = wanted.out
    out.mkdir(parents=True, exist_ok=True)
    application = make_application(paths.resources(), wanted.scheme)
    application.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory() as folder, training_room(Path(folder), lay_by_itself=True) as room:
        day = Day(application, room, out)
        try:
            day.play()
            first = FirstRun("7K2M-XQ4D-9TBR-3HWE-V8NP-5CJA-6GZY", 8)
            first.resize(1366, 728)
            first.show()
            day.picture("first-run", first)
            first.close()
        finally:
            day.close()
    print(f"{day.made} pictures in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
