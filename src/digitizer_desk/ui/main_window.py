# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The frame: training band, header, banner, screens, key bar, status strip; who is logged in; which key does what.

Apart from the screens and their acts: here they are joined, and one place decides where the clerk is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import ROLE_NAMES
from digitizer_desk.steps import officers
from digitizer_desk.ui import theme
from digitizer_desk.ui.agency.certifying import Certifying
from digitizer_desk.ui.agency.results import ResultsWork
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import BY_ID, COMMANDS, Place, bar_for
from digitizer_desk.ui.help.asking import Help
from digitizer_desk.ui.intake_work import IntakeWork
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.review.work import ReviewWork
from digitizer_desk.ui.rooms import Rooms
from digitizer_desk.ui.screens.counter import PAGE_WIDTH
from digitizer_desk.ui.screens.people.login import LogIn
from digitizer_desk.ui.setup.strip import place_pressed
from digitizer_desk.ui.setup.wizard_work import WizardWork
from digitizer_desk.ui.side.bugs import Bugs
from digitizer_desk.ui.side.help import ways, worded
from digitizer_desk.ui.side.joined import side_rooms
from digitizer_desk.ui.side.paging import turn_over
from digitizer_desk.ui.side.people import ask_officers, office_of
from digitizer_desk.ui.watch import Watch, disk_notices
from digitizer_desk.ui.widgets.frame import Banner, Header, KeyBar, Notice, TrainingBand
from digitizer_desk.ui.widgets.panels.screens import Screens
from digitizer_desk.ui.widgets.panels.status_strip import StatusStrip
from digitizer_desk.ui.widgets.status_line import announce

#: how long closing waits for what was typed last
_SETTLE_S = 5.0
_INPUT = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, QEvent.Type.MouseButtonPress})


class MainWindow(QMainWindow):
    """One window for one desk.

    Signals:
        desk_changed(object): the desk was set up anew; another window for that one takes this one's place.
    """

    desk_changed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        *,
        hint: str = "",
        passphrase: str | None = None,
        officer: Officer | None = None,
    ) -> None:
        """``officer`` is somebody who has logged in already."""
        super().__init__()
        self._desk, self._bridge, self.help = desk, bridge, Help(self, hint)
        self.help.ways = worded(ways(desk, bridge, self))
        self.officer: Officer | None = None
        self._locked = False
        self._bugs = Bugs(desk.log, self._flash, self)
        self.setWindowTitle("Bàn số hóa" + (" — TẬP HUẤN" if desk.training else ""))
        self.header, self.banner, self.keys, self.strip = Header(), Banner(), KeyBar(), StatusStrip()
        self.login = LogIn(hint=hint, office=office_of(desk))
        self.login.asked.connect(self._log_in)
        self.rooms = Rooms(desk, bridge, self)
        self.intake = IntakeWork(desk, bridge, self.rooms, self)
        self.agency = Certifying(desk, bridge, self.rooms, self)
        self.results = ResultsWork(desk, bridge, self.rooms, self)
        self.review = ReviewWork(desk, bridge, self.rooms, self)
        self.watch = Watch(desk, bridge, self)
        self.wizard = WizardWork(desk, bridge, self)
        for room in (*side_rooms(desk, bridge, self), self.agency.room, *self.review.rooms, self.wizard.room):
            self.rooms.add(room)
        self.screens = Screens()
        for screen in (self.login, *self.rooms.screens):
            self.screens.addWidget(screen)
        self._acts: dict[str, Callable[[], None]] = {
            "lock": self.lock,
            "officers": lambda: ask_officers(self._desk, self._bridge, self.officer, self),
            "saved": lambda: self._flash(Notice("ok", "Không cần lưu: mọi thứ đã được giữ an toàn", answers=True)),
            "larger": lambda: self._scale(1.1),
            "smaller": lambda: self._scale(1 / 1.1),
            "intake": self.intake.choose,
            "tray": self.intake.open_tray,
            "returned": self.review.show_returned,
        }
        self._build()
        self._join()
        self._idle = QTimer(self, singleShot=True, interval=desk.law_today().desk.lock_minutes * 60_000)
        self._idle.timeout.connect(self.lock)
        if officer is not None:
            self._enter(officer, arrived=False)
        else:
            self._begin(passphrase)

    def _build(self) -> None:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self._desk.training:
            column.addWidget(TrainingBand())
        for part in (self.header, self.screens, self.banner, self.keys, self.strip):
            column.addWidget(part, 1 if part is self.screens else 0)
        self.setCentralWidget(whole)
        for command in COMMANDS:
            for key in command.keys:
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
                shortcut.activated.connect(lambda c=command.id: self.do(c))
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda n=number: self._jump(n))

    def _join(self) -> None:
        work = self.rooms.work
        work.changed.connect(self.refresh)
        work.flashed.connect(self._flash)
        work.bug.connect(self.show_bug)
        work.saved.connect(self._saved)
        self.rooms.moved.connect(self.refresh)
        self.keys.asked.connect(self.do)
        self.banner.act_asked.connect(self.do)
        self.strip.place_asked.connect(self._place)
        self.watch.place_seen.connect(self._place_seen)
        self.rooms.machine.seen.connect(self._machine_seen)
        self.watch.outbox_changed.connect(self._outbox_changed)
        self.watch.sending.connect(self.rooms.outgoing.show_event)
        self.watch.disk_seen.connect(self._disk_seen)
        self.rooms.outbox.send_asked.connect(self.rooms.outgoing.send_now)
        self.rooms.outgoing.round_asked.connect(self.watch.send)
        self.intake.changed.connect(self.refresh)
        self.agency.flashed.connect(self._flash)
        self.results.flashed.connect(self._flash)
        self.review.changed.connect(self.refresh)
        _application().installEventFilter(self)

    # -- who is here ---------------------------------------------------------------------------------------------

    def _begin(self, passphrase: str | None) -> None:
        """Log-in, or the first run when nobody is known yet. A new cabinet's passphrase is shown once."""
        if self._desk.cabinet.officers.any():
            self._show_login()
            return
        from digitizer_desk.ui.screens.people.first_run import FirstRun

        self.first_run = FirstRun(passphrase, self._desk.law_today().desk.password_least)
        self.first_run.finished.connect(self._first_officer)
        self.screens.addWidget(self.first_run)
        self.screens.setCurrentWidget(self.first_run)
        self.header.show_words("Thiết lập lần đầu")
        self._frame(False)

    def _first_officer(self, name: str, login: str, password: str) -> None:
        def done(task: Task[Any]) -> None:
            try:
                officer = task.result()
                self.wizard.begun()
                self._enter(officer)
            except DeskError as problem:
                self.first_run.refuse(problem)

        self._bridge.run("pool", officers.first, self._desk, login, name, password, on_done=done)

    def _show_login(self) -> None:
        self.screens.setCurrentWidget(self.login)
        self.header.show_words("Bàn số hóa")
        self._frame(False)
        self.login.clear()

    def _log_in(self, login: str, password: str) -> None:
        name = self.officer.login if self._locked and self.officer is not None else login

        def done(task: Task[Any]) -> None:
            try:
                self._enter(task.result())
            except DeskError as problem:
                self.login.refuse(problem)
            except Exception as problem:
                self.login.clear()
                self.show_bug(problem)

        self._bridge.run("pool", officers.log_in, self._desk, name, password, on_done=done)

    def _enter(self, officer: Officer, *, arrived: bool = True) -> None:
        """The officer is known: on with the screen that was there, or the start. ``arrived``: has just logged in."""
        back = self._locked and self.officer is not None and officer.id == self.officer.id
        self.officer, self._locked = officer, False
        self.rooms.set_officer(officer)
        self.agency.set_officer(officer)
        self.results.officer = officer
        roles = ", ".join(ROLE_NAMES[role] for role in sorted(officer.roles))
        self.strip.show_state("officer", "idle", officer.name, "person")
        self.strip.setToolTip(roles)
        self._frame(True)
        self._idle.start()
        self.watch.start(officer)
        self.intake.start()
        if back:
            self.rooms.return_to_last()
        else:
            self.rooms.go_start()
            self.agency.begin()
            self.review.begin(officer)
            if arrived:
                self.wizard.begin_for(officer)
        self.refresh()

    def lock(self) -> None:
        """Show nothing but the officer's name (R60). A running scan goes on."""
        if self.officer is None or self._locked:
            return
        if not self.rooms.lock():
            self._idle.start()  # a signature is being made: once more when it is done
            return
        self._locked = True
        self.intake.leave()
        self.login.lock(self.officer.name, self.officer.login)
        self.screens.setCurrentWidget(self.login)
        self.header.show_words("Bàn số hóa đang khóa")
        self._frame(False)

    @property
    def locked(self) -> bool:
        return self._locked

    def _frame(self, shown: bool) -> None:
        self.keys.setVisible(shown)
        self.strip.setVisible(shown)
        if not shown:
            self.banner.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()  # asked once: every event of the program passes here, thousands while a sheet opens
        if kind not in _INPUT:
            return False
        if not self._locked and self.officer:
            self._idle.start()
        return kind == QEvent.Type.KeyPress and self.help.takes(watched, event)

    # -- commands ------------------------------------------------------------------------------------------------

    def do(self, command_id: str) -> None:
        """Do a command of the table, if it holds here."""
        command = BY_ID[command_id]
        place = self.rooms.place
        if self.help.do(command_id) or self.locked or self.officer is None or not command.is_for(self.officer.roles):
            return
        side = self.rooms.side
        holds = command.holds(place) or (side is not None and command_id in side.acts)
        if not holds and not (command.place is Place.COUNTER and place is Place.INSPECTOR):
            return turn_over(command_id)
        if command_id in self._acts:
            self._acts[command_id]()
        elif side is not None and command_id in side.acts:
            side.acts[command_id]()
        elif (command_id == "remove" and self.intake.withdraw()) or (command_id == "back" and self.intake.stop()):
            pass
        elif self.results.takes(command_id):
            self.results.do(command_id)
        elif command_id == "reload":
            self.watch.look_scanner()
            self.watch.look_disk()
            if place is Place.OUTBOX:
                self.rooms.outgoing.send_now()
            else:
                self.watch.send()
            self.rooms.work.reload(quiet=place is Place.OUTBOX)
        else:
            self.rooms.do(command_id)
        self.refresh()

    def _jump(self, number: int) -> None:
        if not self._locked and self.rooms.place is Place.COUNTER:
            self.rooms.work.jump(number)

    def _place(self, place: str) -> None:
        place_pressed(self, place)

    def _scale(self, factor: float) -> None:
        """Larger or smaller type, as far as the whole frame still fits on the screen."""
        app = _application()
        before = app.font().pixelSize()
        size = min(2 * theme.TEXT, max(theme.TEXT, round(before * factor)))
        self._dress(size)
        room = max(self.width(), self.screen().availableGeometry().width())
        if size > before and self.minimumSizeHint().width() > room:
            self._dress(before)
            self._flash(Notice("mind", "Chữ đã lớn nhất mà màn hình này chứa được."))

    def _dress(self, size: int) -> None:
        theme.apply(_application(), dark=theme.is_dark(), scale=size / theme.TEXT)
        self.rooms.counter.set_page_width(round(PAGE_WIDTH * size / theme.TEXT), self.devicePixelRatioF())

    # -- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Header, banner and key bar from what is true now."""
        if self.officer is None or self._locked:
            return
        work, place = self.rooms.work, self.rooms.place
        self.strip.show_state("outbox", *self.rooms.outgoing.words())
        next_id, renamed = self.rooms.next_act()
        off = self.rooms.off() if Role.CLERK in self.officer.roles else self.rooms.off() | {"receive"}
        self.keys.show_commands(bar_for(place), next_id=next_id, off=off, renamed=renamed)
        away = place not in (Place.COUNTER, Place.INSPECTOR) or self.rooms.at_start
        if work.dossier is not None and work.law is not None and not away:
            self.header.show_words(*advice.header(work.dossier, work.law))
        else:
            self.header.show_words(self.rooms.title, "", "work")
        found = [] if away else work.notices()
        found += disk_notices(self.rooms.disk)
        found += self.rooms.recovered.notices()
        found += self.rooms.machine.notices()
        found += self.review.notices()
        found += self.intake.notices() if place in (Place.COUNTER, Place.INSPECTOR) else []
        before = self.banner.shown
        self.banner.show_notices(found)
        if self.banner.shown is not None and self.banner.shown != before:
            announce(self.banner, self.banner.shown.text, urgent=self.banner.shown.role == "stop")

    def _flash(self, notice: Notice) -> None:
        if self._locked:  # it may name a paper or a person
            return
        self.banner.flash(notice)

    def _place_seen(self, place: str, role: str, words: str) -> None:
        if place == "scanner":
            role, words = self.rooms.machine.marked(role, words)
        self.strip.show_state(place, role, words)

    def _machine_seen(self) -> None:
        self.watch.look_scanner()
        self.refresh()

    def _saved(self) -> None:
        moment: datetime = self._desk.clock()
        self.strip.show_state("saved", "ok", f"Đã lưu {moment:%H:%M:%S}")

    def _outbox_changed(self, _outcome: object) -> None:
        self.rooms.outgoing.refresh()
        if self.rooms.work.dossier is not None and not self.rooms.work.scanning:
            self.rooms.work.refresh()

    def _disk_seen(self, free: int) -> None:
        self.rooms.disk_seen(free)
        self.refresh()

    def show_bug(self, problem: BaseException) -> None:
        """An unexpected failure: logged with its number and told calmly, see ``side.bugs``."""
        self._bugs.show(problem)

    # -- leaving --------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.rooms.outgoing.may_leave(self):
            event.ignore()
            return
        self._end()
        event.accept()

    def give_way(self) -> None:
        """Go without a question: another window has taken this one's place."""
        self._end()
        self.hide()
        self.deleteLater()

    def _end(self) -> None:
        self.watch.stop()
        self._idle.stop()
        self.intake.close()
        self.rooms.counter.finish_typing()
        for lane in ("keys", "pool"):
            self._bridge.settle(lane, _SETTLE_S)
        self._bridge.close()
        _application().removeEventFilter(self)


def _application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found
