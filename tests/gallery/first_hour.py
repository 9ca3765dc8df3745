# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Walk the first hour of a new desk and take its pictures: from the recovery passphrase through the wizard and the
trial of the whole process to the first dossier the province has.

python tests/gallery/first_hour.py [--out DIR] [--scheme dark]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from gallery.working_day import DATA, Day, rest, until  # noqa: E402, I001 - sets Qt's platform before Qt is there
from PySide6.QtCore import Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog  # noqa: E402

from digitizer_desk import assemble, paths  # noqa: E402
from digitizer_desk.dossier.model import Officer  # noqa: E402
from digitizer_desk.lanes import Lanes  # noqa: E402
from digitizer_desk.paths import DeskPaths  # noqa: E402
from digitizer_desk.training.province import LocalProvince  # noqa: E402
from digitizer_desk.training.room import TrainingRoom  # noqa: E402
from digitizer_desk.training.scanner import VirtualScanner  # noqa: E402
from digitizer_desk.training.token import prepare_token  # noqa: E402
from digitizer_desk.training.tray import SelfLayingScanner  # noqa: E402
from digitizer_desk.ui.application import _Shown, make_application  # noqa: E402
from digitizer_desk.ui.main_window import MainWindow  # noqa: E402
from digitizer_desk.ui.screens.setup.wizard_table import View  # noqa: E402
from digitizer_desk.ui.screens.signing import SigningDialog  # noqa: E402
from digitizer_desk.ui.widgets.signing.sheet import State  # noqa: E402

NAME = "Lê Văn An"
PASSWORD = "mat-khau-dai-12"


@contextmanager
def new_desk(root: Path) -> Iterator[tuple[TrainingRoom, str]]:
    """A desk nobody has set up yet, beside practice machines; and its recovery passphrase."""
    (root / assemble.TRAINING_KEY).touch(mode=0o600)
    place = DeskPaths(root / "desk")
    with ExitStack() as stack:
        province = stack.enter_context(LocalProvince(root / "province"))
        virtual = stack.enter_context(VirtualScanner())
        token = prepare_token(root / "token", holder=NAME)
        passphrase = assemble.set_up(place)
        desk = stack.enter_context(
            assemble.opened_with(
                place,
                lambda _s: SelfLayingScanner(assemble.scanner(place, virtual.sane_env), virtual),
                lambda: assemble.token(place, token.module, token.env),
                training=True,
            )
        )
        nobody = Officer("", "", "", frozenset())
        yield TrainingRoom(root, desk, virtual, province, token, nobody), passphrase


class Hour(Day):
    """The first hour, with the camera of a working day."""

    def __init__(self, application: QApplication, room: TrainingRoom, passphrase: str, out: Path) -> None:
        self._app, self._room, self._out = application, room, out
        self._lanes = Lanes()
        self._shown = _Shown(room.desk, self._lanes, "")
        self._shown.show(room.desk, passphrase)
        self.made = 0

    @property
    def window(self) -> MainWindow:  # type: ignore[override]
        assert self._shown.window is not None
        return self._shown.window

    def play(self) -> None:
        self._first_officer()
        self._wizard()
        self._dossier()

    def _first_officer(self) -> None:
        first = self.window.first_run
        self.picture("hour-1-passphrase")
        first.secret.kept.setChecked(True)
        QTest.keyClick(first.secret, Qt.Key.Key_Return)
        first.officer.name.setText(NAME)
        for field, text in ((first.officer.login, "anlv"), (first.officer.password, PASSWORD),
                            (first.officer.again, PASSWORD)):  # fmt: skip
            field.setFocus()
            QTest.keyClicks(field, text)
        self.picture("hour-2-officer")
        QTest.keyClick(first.officer.again, Qt.Key.Key_Return)
        until(lambda: self.window.officer is not None)

    def _give(self, section: str, key: str, text: str) -> None:
        field = self.window.wizard.screen.pages[section].rows[key].text
        field.setFocus()
        field.setText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def _wizard(self) -> None:
        wizard = self.window.wizard
        screen = wizard.screen
        until(screen.isVisible)
        self.picture("hour-3-unit")
        self._give("unit", "unit.code", "000.00.12.H08")
        self._give("unit", "unit.name", "UBND phường Bến Thông")
        self._give("unit", "unit.counter", "1")
        until(lambda: screen.view is View.SCANNER)
        scanner = screen.pages["scanner"]
        until(lambda: scanner.answer.role in ("ok", "mind"))
        self.picture("hour-4-scanner")
        wizard.settings.give("scanner.source", "feeder")  # the practice papers have one written side
        scanner.acts["trial"].click()
        until(lambda: screen.go.isEnabled() or scanner.answer.role == "stop")
        self.picture("hour-5-sheet")
        screen.go.click()
        until(screen.go.isEnabled)
        self.picture("hour-6-token")
        screen.go.click()
        self._give("province", "province.name", "Tỉnh mô phỏng")
        self._give("province", "province.base_url", self._room.province.url)
        self._give("province", "province.desk_id", "quay-1")
        self._give("province", "secret", self._room.province.token)
        screen.pages["province"].acts["try_province"].click()
        until(lambda: screen.go.isEnabled() or screen.pages["province"].answer.role == "stop")
        self.picture("hour-7-province")
        screen.go.click()
        self._trial()
        screen.go.click()
        self.picture("hour-9-done")
        before = self.window
        screen.go.click()
        until(lambda: self.window is not before)
        rest(1.0)
        self.picture("hour-10-start")

    def _trial(self) -> None:
        wizard = self.window.wizard

        def sign() -> None:
            sheet = self._app.activeModalWidget()
            if not isinstance(sheet, SigningDialog) or sheet.state is not State.READY:
                QTimer.singleShot(100, sign)
                return
            QTest.keyClicks(sheet.sheet.pin.field, self._room.token.pin)
            self.picture("hour-8-pin", sheet)
            QTest.keyClick(sheet.sheet.pin.field, Qt.Key.Key_Return)

        sign()
        wizard.screen.trial.begin.click()
        until(lambda: wizard.trial.course.ended and not wizard.trial.running)
        self.picture("hour-8-trial")

    def _dossier(self) -> None:
        work, counter = self.window.rooms.work, self.window.rooms.counter
        self.dialog("receive", self._receive)
        self._scan(work, counter)
        self.dialog("sign", self._sign)
        for number in range(3):
            values = DATA | {"so_ky_hieu": f"{number + 1}/TK-KS", "trich_yeu": counter.title.text()[3:]}
            for name, value in values.items():
                counter.form._boxes[name].setText(value)
            self.window.do("accept")
            rest(1.0)
        self.window.watch.send()
        until(lambda: len(self._room.province.copies()) >= 3)
        rest(1.0)
        self.picture("hour-11-sent")

    def _scan(self, work: object, counter: object) -> None:
        """Each paper: its sides are said first, then it is scanned; what is not fit is mended."""
        for _batch in range(9):
            if not any(line.stage in ("scan", "check") for line in counter.lines):  # type: ignore[attr-defined]
                return
            if counter.stage_now() == "check":  # type: ignore[attr-defined]
                self._mend(counter)
                continue
            counter._sides_entered()  # type: ignore[attr-defined]
            rest(0.3)
            self.window.do("scan")
            rest(0.5)
            until(lambda: not work.scanning)  # type: ignore[attr-defined]
            rest(0.6)

    def picture(self, name: str, widget: object = None) -> None:  # type: ignore[override]
        if name.startswith("hour"):
            super().picture(name, widget)  # type: ignore[arg-type]

    def _sign(self, sheet: QDialog) -> None:
        super()._sign(sheet)

    def close(self) -> None:
        self.window.give_way()
        self._lanes.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="Walk the first hour of a new desk.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "first-hour")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    application = make_application(paths.resources(), wanted.scheme)
    application.setCursorFlashTime(0)
    with tempfile.TemporaryDirectory() as folder, new_desk(Path(folder)) as (room, passphrase):
        hour = Hour(application, room, passphrase, wanted.out)
        try:
            hour.play()
            print(f"{hour.made} pictures in {wanted.out}; the province has {len(room.province.copies())} documents")
        finally:
            hour.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
