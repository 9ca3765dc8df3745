# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The screens behind the frame and how one gets from one to another: start, counter, inspector, outbox, dialogs.

Apart from the window's frame: here is the map of places and what each command means in each of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from digitizer_desk import paths
from digitizer_desk.desk import Desk
from digitizer_desk.devices.token_manifest import load_manifests
from digitizer_desk.dossier.model import Dossier, Officer, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import decode
from digitizer_desk.imaging.thumbnail import thumbnail
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.steps import sign
from digitizer_desk.steps.parts.room import disk_problem
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.care.component_care import drop_blank_backs, hand_on, leave_out
from digitizer_desk.ui.care.machine_care import MachineCare
from digitizer_desk.ui.care.page_care import PageCare
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.counter_work import CounterWork
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.models.signing_desk import asks_for, order_for
from digitizer_desk.ui.screens.counter import Counter
from digitizer_desk.ui.screens.inspector import Inspector
from digitizer_desk.ui.screens.keep_page import KeepReason
from digitizer_desk.ui.screens.outgoing.joined import OutboxWork
from digitizer_desk.ui.screens.signatures import SignaturesSheet
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.screens.start import Start
from digitizer_desk.ui.side.reception import Reception
from digitizer_desk.ui.side.recovered import Recovered
from digitizer_desk.ui.side.room import SideRoom
from digitizer_desk.ui.watch import disk_role
from digitizer_desk.ui.widgets.frame import Notice

#: what means something while no dossier lies open
_WITHOUT_DOSSIER = frozenset(
    {"receive", "find", "outbox", "back", "machine", "recovered", "send_first", "pause_sending"}
)
#: what brings pages
_NEEDS_ROOM = frozenset({"scan", "rescan", "wait", "insert_after", "insert_before", "intake"})
STOP_FIRST = Notice("mind", "Đang quét. Nhấn Esc để dừng trước.", "back")


class Rooms(QObject):
    """All screens of one window.

    Signals:
        moved(): another screen is shown.
    """

    moved = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._window = desk, bridge, window
        self._officer: Officer | None = None
        self._locked = False
        self.disk: DeskError | None = None  # what is the matter with it; full: no paper runs (windows.md 5.1)
        self.start = Start()
        self.counter = Counter(bridge.run, self._thumbnail)
        self.inspector = Inspector(bridge.run, self._pixels, desk.cabinet.pages.versions)
        self.outgoing = OutboxWork(desk, bridge, self)
        self.outbox = self.outgoing.screen
        self.work = CounterWork(desk, bridge, self.counter, self._thumbnail, self)
        self._reception = Reception(desk, bridge, self, window)
        self.work.told_elsewhere.append(self._reception.notices)
        self._side: dict[str, SideRoom] = {}
        self.recovered = Recovered(desk, bridge, self, window)
        self.care = PageCare(desk, bridge, self.inspector, self.work)
        self.machine = MachineCare(desk, bridge, self.work, self._pixels, self._thumbnail, window)
        self.screens: tuple[QWidget, ...] = (self.start, self.counter, self.inspector, self.outbox)
        self._now: QWidget = self.start
        self._before: QWidget = self.start
        self._ways: tuple[QWidget, ...] = (self.start, self.counter, self.inspector)  # Esc in another room leads here
        self.title = "Bàn số hóa"
        self._manifests = load_manifests([paths.drivers() / "tokens", desk.paths.site / "tokens"])
        self._join()

    def _join(self) -> None:
        self.start.open_asked.connect(self.open)
        self.counter.work_line.asked.connect(lambda: self.do("work_type"))
        self.counter.page_opened.connect(lambda _page: self.do("inspect"))
        self.inspector.back_asked.connect(lambda: self._go(self.counter))
        self.inspector.rescan_asked.connect(self._rescan_page)
        self.inspector.turn_asked.connect(self.work.turn)
        self.inspector.remove_asked.connect(self.work.remove)
        self.inspector.keep_asked.connect(self.work.keep)
        self.inspector.version_chosen.connect(self.work.use_version)
        self.inspector.page_shown.connect(self.counter.select)
        self.outbox.open_asked.connect(self.open)
        self.outgoing.changed.connect(self.moved)
        self.outgoing.flashed.connect(self.work.flashed)
        self.recovered.seen.connect(self.moved)
        self.work.changed.connect(self._follow)
        self.work.rescanned.connect(self._rescanned)
        self.work.packed.connect(self.outgoing.round_asked)
        self.care.look_asked.connect(self._look_at)

    def add(self, room: SideRoom) -> None:
        """One more room behind the frame, reached by its command."""
        self._side[room.command] = room
        self.screens = (*self.screens, room.screen)

    def _enter(self, room: SideRoom) -> None:
        if self._officer is not None and (room.enter(self._officer) or room.screen is self._now):
            self._go(room.screen, room.title)

    @property
    def side(self) -> SideRoom | None:
        """The room one is in, when it is none of the counter's."""
        return next((room for room in self._side.values() if room.screen is self._now), None)

    def _thumbnail(self, page: Page, longest: int) -> NDArray[np.uint8]:
        return thumbnail(self._desk.cabinet.pages.jpeg(page), longest, page.turn)

    def _pixels(self, page: Page) -> NDArray[Any]:
        return decode(self._desk.cabinet.pages.jpeg(page))

    # -- places ---------------------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        if self._now is self.inspector:
            return Place.INSPECTOR
        if self.side is not None:
            return self.side.place
        return Place.OUTBOX if self._now is self.outbox else Place.COUNTER

    @property
    def disk_role(self) -> str:
        return disk_role(self.disk)

    def disk_seen(self, free: int) -> None:
        """So many bytes are free. What is the matter goes into the log once, not at every look."""
        before, self.disk = self.disk, disk_problem(free)
        if self.disk is not None and (before is None or before.code != self.disk.code):
            self._desk.log.warning("%s", self.disk.code)

    @property
    def at_start(self) -> bool:
        return self._now is self.start

    def _go(self, screen: QWidget, title: str = "Bàn số hóa") -> None:
        if screen is not self._now and self._now in self._ways:
            self._before = self._now
        side = self.side
        if side is not None and side.place is Place.SETTINGS and screen is not side.screen:
            side.leave()  # by whatever key: what was set there must reach the counter
        self._now, self.title = screen, title
        if self._locked:  # a sheet closed by the lock comes back here: nothing is shown before the password
            return
        self._window.screens.setCurrentWidget(screen)  # type: ignore[attr-defined]
        if screen is self.counter:
            self.counter.take_focus()
        else:
            {self.inspector: self.inspector.strip, self.start: self.start.recent}.get(screen, screen).setFocus()
        self.moved.emit()

    visit = _go  # for screens that others add to ``places``

    def return_to_last(self) -> None:
        """Where the clerk was before the screen was locked."""
        self._locked = False
        self._go(self._now, self.title)

    def go_start(self) -> None:
        """The empty counter with the last dossiers."""
        self._locked = False
        self._go(self.start)
        never = {form.id for form in self._desk.law_today().forms if not form.may_scan}
        done = lambda task: self.start.show_recent(task.result())  # noqa: E731
        self._bridge.run("keys", self._desk.cabinet.dossiers.recent, 5, never, on_done=done)
        self.recovered.look()

    def set_officer(self, officer: Officer) -> None:
        self._officer = self._reception.officer = self.work.officer = self.outgoing.officer = officer
        self.recovered.officer = officer
        self.machine.look()

    def open(self, dossier_id: str, component_id: str = "") -> None:
        """A dossier on the counter; not while pages come in for the one that lies there."""
        if self.work.scanning:
            self.work.flashed.emit(STOP_FIRST)
            return
        self._go(self.counter)
        self.work.open(dossier_id, component_id)

    def take(self, dossier: Dossier) -> None:
        """A dossier just received, onto the counter."""
        self._go(self.counter)
        self.work.take(dossier)

    def lock(self) -> bool:
        """Close every dialog and show no screen until ``return_to_last``. False while a signature is being made."""
        sheets = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
        if any(isinstance(sheet, SigningDialog) and sheet.busy for sheet in sheets):
            return False
        self._locked = True
        for sheet in sheets:
            sheet.reject()
        return True

    # -- commands ------------------------------------------------------------------------------------------------

    def do(self, command_id: str) -> None:
        """Do what a key means on this screen."""
        page = self.counter.selected()
        if self.work.scanning and command_id in self.off():
            self.work.flashed.emit(STOP_FIRST)
            return
        if self.disk_role == "stop" and command_id in _NEEDS_ROOM:
            self.work.flashed.emit(Notice("stop", "Ổ đĩa đã đầy, tạm ngừng quét. Dọn ổ đĩa rồi nhấn F5.", "reload"))
            return
        acts: dict[str, Any] = {
            "receive": self._reception.receive,
            "find": self._reception.find,
            "outbox": self._outbox,
            "back": self._back,
            "send_first": self.outbox.send_first,
            "pause_sending": self.outgoing.pause,
            **self.work.paper.commands(page, self._window),
            **self.care.commands(page),
            "machine": self.machine.show,
            "recovered": self.recovered.show,
            "rescan": self._rescan,
            "inspect": self._inspect,
            "data": self.work.enter_data,
            "accept": self.work.accept,
            "sign": self._sign,
            "previous": lambda: self.work.step(-1),
            "next": lambda: self.work.step(1),
            "remove": lambda: self.work.remove(page.id) if page is not None else None,
            "left": lambda: self.work.move(page.id, -1) if page is not None else None,
            "right": lambda: self.work.move(page.id, 1) if page is not None else None,
            "turn": lambda: self.work.turn(page.id) if page is not None else None,
            "keep": self._keep,
            "leave_out": lambda: leave_out(self.counter.component, self.work, self._window),
            "blank_backs": lambda: drop_blank_backs(self.counter.component, self.work),
            "hand_on": lambda: hand_on(self.work, self._window),
            "signatures": self._signatures,
            "undo": self._undo,
            "redo": self.work.redo,
        }
        if command_id in self._side:
            self._enter(self._side[command_id])
            return
        if self.side is not None and command_id in self.side.acts:
            self.side.acts[command_id]()
            return
        if command_id not in _WITHOUT_DOSSIER and (self.at_start or self.work.dossier is None):
            return
        acts[command_id]()

    def _undo(self) -> None:
        """The last act; of a dossier that came in last and has none yet, its receipt."""
        dossier = self.work.dossier
        if dossier is not None and self._reception.may_amend(dossier):
            self._reception.amend(dossier)
        else:
            self.work.undo()

    def _outbox(self) -> None:
        self._go(self.outbox, "Hàng chờ gửi")
        self.outgoing.refresh()

    def next_act(self) -> tuple[str, dict[str, str]]:
        """The command that is next, and buttons that say something else just now."""
        if self.work.scanning:
            return "scan", {"scan": "Esc  DỪNG"}
        if self.side is not None:
            return "", {}
        component = self.counter.component
        if self.at_start or self.work.dossier is None or self.work.law is None or component is None:
            return "receive", {}
        next_id, row = advice.next_act(self.work.dossier, component, self.work.law), self._rescan_row()
        named = row >= 0 and bool((now := self.counter.model.pages[row]).open_faults or now.unread)
        return next_id, {"rescan": f"F6  Quét lại trang {row + 1}"} if named else {}

    def off(self) -> frozenset[str]:
        """Commands that would do nothing here."""
        dossier = None if self.at_start else self.work.dossier
        off = advice.commands_off(dossier, self.counter.component, self.work.law, scanning=self.work.scanning)
        return off | _NEEDS_ROOM if self.disk_role == "stop" and not self.work.scanning else off

    def _back(self) -> None:
        if self.work.stop():
            return
        if self._now is self.inspector:
            self.inspector.go_back()
        elif self._now is self.outbox or self.side is not None:
            if self.side is None or self.side.leave():
                self._go(self._before)
        elif self._now is self.counter:
            if self.counter.form.isAncestorOf(self._window.focusWidget()):
                self.counter.pages.setFocus()
            else:
                self.go_start()

    def _signatures(self) -> None:
        self._exec(SignaturesSheet(self._desk, self.counter.component, self._bridge, self._window))

    def _exec(self, sheet: QDialog) -> int:
        try:
            return sheet.exec()
        finally:
            sheet.deleteLater()

    def _inspect(self) -> None:
        component = self.counter.component
        if component is not None and component.pages:
            self._go(self.inspector, "Soi trang")
            self._fill_inspector(self.counter.selected_id())

    def _look_at(self, page_id: str) -> None:
        self.counter.select(page_id)
        if self._now is not self.inspector:
            self._inspect()

    def _fill_inspector(self, page_id: str = "") -> None:
        component, law = self.counter.component, self.work.law
        if component is not None and law is not None:
            reasons = [KeepReason(r.id, r.label) for r in law.keep_reasons]
            self.inspector.show_component(component, page_id, limits=law.page, reasons=reasons, offers=self.care.offers)

    def _follow(self) -> None:
        if self._now is self.inspector and not self.inspector.comparing:
            self._fill_inspector()

    def _rescan_row(self) -> int:
        """In the inspector the page that is looked at; on the counter the one the banner names."""
        selected = self.counter.model.row_of(self.counter.selected_id())
        return selected if self._now is self.inspector else self.counter.rescan_target()

    def _rescan(self) -> None:
        row = self._rescan_row()
        if row >= 0:
            page = self.counter.model.pages[row]
            self.counter.select(page.id)
            self.work.scan(page)

    def _rescan_page(self, page_id: str) -> None:
        if (page := next((p for p in self.counter.model.pages if p.id == page_id), None)) is not None:
            self.work.scan(page)

    def _rescanned(self, old: Page, new: Page) -> None:
        if self._now is self.inspector:
            self._fill_inspector(new.id)
            self.inspector.show_rescanned(old, new)

    def _keep(self) -> None:
        if self._now is not self.inspector:
            self._inspect()
        self.inspector.ask_keep()

    # -- signing --------------------------------------------------------------------------------------------------

    def _sign(self) -> None:
        dossier = self.work.dossier
        if dossier is None or self._officer is None or self.work.scanning:
            return

        def ready(task: Task[Any]) -> None:
            components = task.result()
            if not components:
                self.work.flashed.emit(Notice("mind", sentence(sign.why_not(self._desk, dossier.id))))
                return
            self._open_signing(dossier, components)

        self._bridge.run("keys", sign.waiting, self._desk, dossier.id, on_done=ready)

    def _open_signing(self, dossier: Dossier, components: Any) -> None:
        assert self._officer is not None
        by, office, note = self._officer, self._desk.settings.unit.name, self._desk.mark_note
        order = order_for(dossier.code, components, by, office=office, next_words="nhập dữ liệu", note=note)
        asks = asks_for(self._desk, dossier.id, by, self._bridge.run, self._manifests)
        sheet = SigningDialog(order, asks, self._window)
        sheet.signed.connect(lambda _outcome: self.work.refresh())
        self._exec(sheet)
        self._go(self.counter)
        self.work.open(dossier.id, enter_data=True)
