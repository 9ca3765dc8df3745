# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the QApplication and runs the window: fonts, palette, Vietnamese for Qt's own texts, the last-resort sheet.

Apart from the main window so that tests and the gallery can dress an application without one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEventLoop, QLocale, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from digitizer_desk import settings
from digitizer_desk.desk import Desk
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Lanes
from digitizer_desk.memory import unswept
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import tidy
from digitizer_desk.ui import theme
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.people.away import CabinetAway
from digitizer_desk.ui.screens.people.opening import CannotOpen, Opening
from digitizer_desk.ui.side.already_open import DoorBell, come_forward, raise_first
from digitizer_desk.ui.side.sweeping import Sweeper
from digitizer_desk.ui.vietnamese import VIETNAMESE

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow

T = TypeVar("T")
#: ms: how often it is looked whether the cabinet is open, and after how long it is told that it is being opened
_LOOK_MS, _TELL_MS = 10, 1000
#: s another thread may keep the interpreter while the window waits for it: Python's own 5 ms, met a dozen times on the
#: way of a key, are felt
_TURN_S = 0.001


class Vietnamese(QTranslator):
    """Qt ships no Vietnamese: the few texts of its own that can appear, from a table."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        # an empty answer is a translation to Qt: names of paper sizes would be lost, and with them every page printed
        return VIETNAMESE.get(text.replace("&", ""), text)


def make_application(resources: Path, scheme: str = "system") -> QApplication:
    """The application in the desk's dress. ``scheme`` is system, light or dark."""
    sys.setswitchinterval(_TURN_S)
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
    open_desk: Callable[[Callable[[int, int], None]], AbstractContextManager[Desk]],
    set_up: Callable[[bool], str] | None,
    resources: Path,
    hint: str = "",
    data: Path | None = None,
    recover: Callable[[str], None] | None = None,
) -> int:
    """Open the desk and show its window until it is closed. Returns the exit code.

    ``open_desk`` is given what hears how far the upgrade of an older cabinet is.
    ``set_up`` makes a cabinet that is not there yet and gives its recovery passphrase, shown once; it is told whether
    somebody decided to make one although the cabinet this machine has the key of is away. ``data``: when this
    folder is open already in another window, that one is raised, and this start is over. ``recover`` gives this machine
    the cabinet's key again, by the passphrase that was printed.
    """
    application = make_application(resources)
    lanes = Lanes()
    passphrase: str | None = None
    anew = False
    try:
        while True:
            try:
                if set_up is not None:
                    # once: should the opening fail after it, what was made is still to be printed
                    passphrase, set_up = _meanwhile(lanes, partial(set_up, anew)), None
                far = _Far()
                context = open_desk(far.tell)
                desk = _meanwhile(lanes, context.__enter__, far)
                break
            except DeskError as problem:
                if problem.code == "store.locked" and data is not None and raise_first(data):
                    return 0
                if problem.code == "file.exists" and set_up is not None:
                    set_up = None  # another start made it in this very moment
                    continue
                if problem.code == "store.away":
                    told = CabinetAway(problem, _copies(data)).exec()
                    if told not in (CabinetAway.AGAIN, CabinetAway.ANEW):
                        return 3
                    anew = told == CabinetAway.ANEW
                    continue
                if not _mended(lanes, problem, data, recover):
                    return 3
        with ExitStack() as stack:
            stack.push(context)
            theme_of(application, desk)
            return _run(application, desk, lanes, hint, passphrase)
    finally:
        lanes.close()


class _Far:
    """How far an upgrade is: told on a lane, looked at by the window."""

    def __init__(self) -> None:
        self.now: tuple[int, int] | None = None

    def tell(self, step: int, steps: int) -> None:
        self.now = (step, steps)


def _meanwhile(lanes: Lanes, step: Callable[[], T], far: _Far | None = None) -> T:
    """The value of something that may take long, on a lane; after a second it is told what takes so long, an upgrade
    (``far``) as soon as it begins."""
    loop, opening = QEventLoop(), Opening()
    task = lanes.run("pool", step)
    look, tell = QTimer(interval=_LOOK_MS), QTimer(singleShot=True, interval=_TELL_MS)

    def looked() -> None:
        if not lanes.busy("pool"):
            loop.quit()
        elif far is not None and far.now is not None:
            opening.show_upgrade(*far.now)
            opening.show()

    look.timeout.connect(looked)
    tell.timeout.connect(opening.show)
    look.start()
    tell.start()
    loop.exec()
    look.stop()
    tell.stop()
    opening.close()
    return task.result()


def theme_of(application: QApplication, desk: Desk) -> None:
    """The palette the desk is set to."""
    if desk.settings.scheme != "system":
        theme.apply(application, dark=desk.settings.scheme == "dark")


class _Shown:
    """The window there is. When the desk is set up anew another takes its place: no part can keep old settings."""

    def __init__(self, desk: Desk, lanes: Lanes, hint: str) -> None:
        self.desk, self._lanes, self._hint = desk, lanes, hint
        self.window: MainWindow | None = None
        self.sweeper: Sweeper | None = None

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
            if self.sweeper is not None:
                self.sweeper.window_changed()

    def come_forward(self) -> None:
        """Somebody started the program again."""
        if self.window is not None:
            come_forward(self.window)

    def show_bug(self, problem: BaseException) -> None:
        if self.window is not None:
            self.window.show_bug(problem)


def _run(application: QApplication, desk: Desk, lanes: Lanes, hint: str, passphrase: str | None) -> int:
    shown = _Shown(desk, lanes, hint)
    with unswept():  # until it is swept when nobody types
        shown.show(desk, passphrase)
    shown.sweeper = Sweeper(application)
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
        shown.sweeper.stop()
        bell.close()
        lanes.close()  # before the copy: nothing is written any more
        try:
            tidy.back_up(shown.desk)
        except DeskError as problem:
            desk.log.error("backup at closing failed: %s", problem)


def _mended(lanes: Lanes, problem: DeskError, data: Path | None, recover: Callable[[str], None] | None) -> bool:
    """A calm page: what is safe, whom to call, the passphrase where it helps. Whether to try once more."""
    while True:
        sheet = CannotOpen(problem, _copies(data), may_recover=recover is not None)
        if sheet.exec() != CannotOpen.AGAIN:
            return False
        passphrase = sheet.passphrase
        if recover is None or not passphrase:
            return True
        try:
            _meanwhile(lanes, partial(recover, passphrase))
        except DeskError as wrong:
            problem = wrong
        else:
            return True


def _copies(data: Path | None) -> Path | None:
    """Where the second copy of the cabinet lies, as far as the settings can be read at all."""
    try:
        folder = settings.read(DeskPaths(data).settings_file).backup.folder if data is not None else ""
    except DeskError:
        return None
    return Path(folder) if folder else None
