# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the QApplication and runs the window: fonts, palette, Vietnamese for Qt's own texts, the last-resort sheet.

Apart from the main window so that tests and the gallery can dress an application without one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QMessageBox

from digitizer_desk.desk import Desk
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Lanes
from digitizer_desk.messages import words
from digitizer_desk.steps import tidy
from digitizer_desk.ui import theme
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.side.already_open import DoorBell, come_forward, raise_first
from digitizer_desk.ui.vietnamese import VIETNAMESE

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow


class Vietnamese(QTranslator):
    """Qt ships no Vietnamese: the few texts of its own that can appear, from a table."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        # an empty answer is a translation to Qt: names of paper sizes would be lost, and with them every page printed
        return VIETNAMESE.get(text.replace("&", ""), text)


def make_application(resources: Path, scheme: str = "system") -> QApplication:
    """The application in the desk's dress. ``scheme`` is system, light or dark."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Bàn số hóa")
    QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
    theme.load_fonts(resources / "fonts" / "ui")
    theme.apply(application, dark=theme.system_is_dark() if scheme == "system" else scheme == "dark")
    translator = Vietnamese(application)
    application.installTranslator(translator)
    return application


def run_window(
    *,
    open_desk: Callable[[], AbstractContextManager[Desk]],
    set_up: Callable[[], str] | None,
    resources: Path,
    hint: str = "",
    data: Path | None = None,
) -> int:
    """Open the desk and show its window until it is closed. Returns the exit code.

    ``set_up`` makes a cabinet that is not there yet and gives its recovery passphrase, shown once. ``data``: when this
    folder is open already in another window, that one is raised, and this start is over.
    """
    application = make_application(resources)
    try:
        passphrase = set_up() if set_up is not None else None
        with open_desk() as desk:
            theme_of(application, desk)
            return _run(application, desk, hint, passphrase)
    except DeskError as problem:
        if problem.code == "store.locked" and data is not None and raise_first(data):
            return 0
        return _cannot_open(problem)


def theme_of(application: QApplication, desk: Desk) -> None:
    """The palette the desk is set to."""
    if desk.settings.scheme != "system":
        theme.apply(application, dark=desk.settings.scheme == "dark")


class _Shown:
    """The window there is. When the desk is set up anew another takes its place: no part can keep old settings."""

    def __init__(self, desk: Desk, lanes: Lanes, hint: str) -> None:
        self.desk, self._lanes, self._hint = desk, lanes, hint
        self.window: MainWindow | None = None

    def show(self, desk: Desk, passphrase: str | None = None) -> None:
        """A window for this desk; the officer, the dossier and the place on the screen stay."""
        from digitizer_desk.ui.main_window import MainWindow

        before = self.window
        officer = before.officer if before is not None else None
        made = MainWindow(desk, Bridge(self._lanes), hint=self._hint, passphrase=passphrase, officer=officer)
        made.desk_changed.connect(self.show, Qt.ConnectionType.QueuedConnection)
        if before is None:
            made.resize(1366, 728)
        else:
            made.setGeometry(before.geometry())
            made.setWindowState(before.windowState())
            dossier = before.rooms.work.dossier
            if dossier is not None:
                made.rooms.open(dossier.id)
        self.window, self.desk = made, desk
        made.show()
        if before is not None:
            before.give_way()

    def come_forward(self) -> None:
        """Somebody started the program again."""
        if self.window is not None:
            come_forward(self.window)

    def show_bug(self, problem: BaseException) -> None:
        if self.window is not None:
            self.window.show_bug(problem)


def _run(application: QApplication, desk: Desk, hint: str, passphrase: str | None) -> int:
    lanes = Lanes()
    shown = _Shown(desk, lanes, hint)
    shown.show(desk, passphrase)
    bell = DoorBell(desk.paths.data, shown.come_forward, application)
    if not bell.listening:
        desk.log.warning("a second start cannot raise this window")

    def last_resort(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            application.quit()
            return
        shown.show_bug(problem.with_traceback(trace))

    sys.excepthook, before = last_resort, sys.excepthook
    try:
        return application.exec()
    finally:
        sys.excepthook = before
        bell.close()
        lanes.close()
        try:
            tidy.back_up(shown.desk)
        except DeskError as problem:
            desk.log.error("backup at closing failed: %s", problem)


def _cannot_open(problem: DeskError) -> int:
    """A calm page: what is safe, whom to call."""
    told = words(problem)
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Bàn số hóa")
    box.setText(told.what)
    box.setInformativeText(f"{told.why} {told.do}".strip())
    box.addButton("Thoát", QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    return 3
