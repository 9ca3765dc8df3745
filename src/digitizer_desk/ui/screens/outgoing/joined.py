# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The outbox screen joined to the steps behind it: what it shows, and what is done when somebody asks.

Apart from the screen, which knows no desk, and from ``rooms.py``, which only moves between screens.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.steps import send
from digitizer_desk.steps.outgoing import incident, retention
from digitizer_desk.steps.outgoing.look import Queue, look
from digitizer_desk.steps.send import Sending, Told
from digitizer_desk.store.tray.look import Drawer
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.models.parcels import strip_words, way_words
from digitizer_desk.ui.screens.outbox import Outbox
from digitizer_desk.ui.screens.outgoing.kept import KeptSheet
from digitizer_desk.ui.screens.sheets import leave_asked
from digitizer_desk.ui.widgets.frame import Notice

#: while parcels leave one after the other the queue is read again at most so often, in ms
_REST_MS = 1500


class OutboxWork(QObject):
    """The queue as this window knows it.

    Signals:
        changed(): the queue was read.
        flashed(object): a Notice.
        round_asked(): a round of sending should begin.
    """

    changed = Signal()
    flashed = Signal(object)
    round_asked = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._seen_from, self._way = desk, ""
        self._queue: Queue | None = None
        self._reading = False
        self._again = QTimer(self, singleShot=True, interval=_REST_MS)
        self._again.timeout.connect(self.refresh)
        self.officer: Officer | None = None
        self.screen = Outbox(desk.cabinet.outbox, bridge.run)
        self.screen.problem.connect(self._problem)
        self.screen.pause_asked.connect(self.pause)
        self.screen.first_asked.connect(self._first)
        self.screen.kept_asked.connect(self._show_kept)
        self.screen.incident_asked.connect(self._ask_incident)

    def refresh(self) -> None:
        """Read the queue and show it; one reading at a time."""
        if self._reading:
            self._again.start()
            return
        self._reading = True
        self._bridge.run("pool", look, self._seen_from, on_done=self._came)

    def _came(self, task: Task[Queue]) -> None:
        self._reading = False
        try:
            self._queue = task.result()
        except DeskError as problem:
            self._problem(problem)
            return
        self.screen.show_queue(self._queue)
        self.changed.emit()

    def show_event(self, event: object) -> None:
        """Bytes left, or something was learned about a parcel."""
        if isinstance(event, Sending):
            self.screen.show_progress(event.parcel.id, event.sent, event.total)
        news = isinstance(event, Told) or (isinstance(event, Sending) and event.sent == 0)
        if news and not self._again.isActive():
            self._again.start()

    def words(self) -> tuple[str, str, str]:
        """Role, words and sign for the status strip."""
        if self._queue is None:
            return "idle", "", "clock"
        return way_words(self._way, self._queue) if self._way else strip_words(self._queue)

    def see_from(self, desk: Desk, way: str = "") -> None:
        """The queue as ``desk`` sees it, which is being set up and runs ahead of the window. ``way``: "untried" or
        "broken" where its way to the province is one nobody may take for good yet."""
        self._seen_from, self._way = desk, way if desk.link is not None else ""
        self.refresh()
        self.changed.emit()

    def may_leave(self, parent: QWidget) -> bool:
        """Ask once when parcels still wait; they are safe in either case."""
        waiting = self._queue.totals.drawers[Drawer.WAITING] if self._queue is not None else 0
        return not waiting or leave_asked(waiting, parent)

    # -- wishes -----------------------------------------------------------------------------------------------------

    def pause(self) -> None:
        """Pause sending, or go on."""
        if self.officer is not None and self._queue is not None:
            self._wish(send.go_on if self._queue.paused else send.pause, self._desk, self.officer)

    def send_now(self) -> None:
        """Everything that waits leaves now, whatever hours and pauses."""
        if self.officer is not None:
            self._wish(send.send_now, self._desk, self.officer)

    def _first(self, parcel_id: str) -> None:
        if self.officer is not None:
            self._wish(send.send_now, self._desk, self.officer, parcel_id)

    def _wish(self, step: Any, *args: Any) -> None:
        def done(task: Task[Any]) -> None:
            try:
                task.result()
            except DeskError as problem:
                self._problem(problem)
            self.refresh()
            self.round_asked.emit()

        self._bridge.run("keys", step, *args, on_done=done)

    # -- sheets -----------------------------------------------------------------------------------------------------

    def _show_kept(self) -> None:
        def came(task: Task[tuple[tuple[retention.Leaving, ...], retention.Held | None]]) -> None:
            try:
                found, held = task.result()
            except DeskError as problem:
                self._problem(problem)
            else:
                KeptSheet(found, self._desk.settings.retention.days, self.screen.window(), held).exec()

        def ask() -> tuple[tuple[retention.Leaving, ...], retention.Held | None]:
            return retention.leaving(self._desk), retention.held(self._desk)

        self._bridge.run("pool", ask, on_done=came)

    def _ask_incident(self) -> None:
        """Where to; then it is written. People are named only by the terminal, which can seal them for somebody."""
        name = f"su-co-{self._desk.clock():%Y%m%d-%H%M}.zip"
        file, _kind = QFileDialog.getSaveFileName(self.screen.window(), "Gói sự cố", name, "Tệp nén (*.zip)")
        if file:
            self.save_incident(Path(file))

    def save_incident(self, file: Path) -> None:
        """Write the package for an incident, without names of people."""
        if self.officer is None:
            return

        def done(task: Task[Any]) -> None:
            try:
                told = task.result()
            except DeskError as problem:
                self._problem(problem)
            else:
                words = f"Đã ghi gói sự cố {file.name}: {told.lines} dòng nhật ký, {told.dossiers} hồ sơ."
                self.flashed.emit(Notice("ok", words))

        about = incident.Incident()
        self._bridge.run("pool", incident.write_incident, self._desk, file, self.officer, about, on_done=done)

    def _problem(self, problem: object) -> None:
        if isinstance(problem, DeskError):
            self.flashed.emit(Notice("stop" if problem.code.startswith("store.") else "mind", sentence(problem)))
