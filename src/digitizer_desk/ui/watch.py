# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Periodic looks at the world: scanner and token there, outbox, free disk, the hourly copy. One of each at a time.

Apart from the window because it must never block: every look is a step on a lane.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Lane, Task
from digitizer_desk.messages import sentence
from digitizer_desk.steps import send, sign, tidy
from digitizer_desk.steps.incoming import sync
from digitizer_desk.steps.outgoing import retention
from digitizer_desk.steps.sign import CertificateChoice
from digitizer_desk.steps.signatures import survey
from digitizer_desk.store import disk
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.widgets.frame import Notice


class Watch(QObject):
    """Looks at each thing in its own rhythm, never two at once.

    Signals:
        place_seen(str, str, str): place of the status strip, role, words.
        outbox_changed(object): a SendOutcome after something happened to a parcel.
        sending(object): a Sending while bytes leave, a Told when something was learned about a parcel.
        disk_seen(int): free bytes.
        incoming_seen(object): a Looked: what the province had for this desk.
        incoming_failed(object): the DeskError that kept a look from being made.
    """

    place_seen = Signal(str, str, str)
    outbox_changed = Signal(object)
    sending = Signal(object)
    disk_seen = Signal(object)
    incoming_seen = Signal(object)
    incoming_failed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = self._set = desk
        self._bridge = bridge
        self._busy: set[str] = set()
        self._timers: list[QTimer] = []
        self._officer: Officer | None = None
        self._backed_up: datetime | None = None
        self._send_again = False

    def start(self, officer: Officer) -> None:
        """Begin, for the officer who has logged in."""
        self._officer = officer
        if not self._timers:
            for seconds, look in (
                (4, self.look_token),
                (15, self._round),
                (300, self.look_incoming),
                (60, self.look_disk),
                (60, self.back_up),
                (3600, self.tidy),
            ):
                timer = QTimer(self, interval=seconds * 1000)
                timer.timeout.connect(look)
                timer.start()
                self._timers.append(timer)
        self.look_scanner()
        self.look_token()
        self.look_disk()
        self.send()
        self.look_incoming()
        self.tidy()

    def stop(self) -> None:
        for timer in self._timers:
            timer.stop()
        self._timers.clear()

    def _once(
        self, name: str, lane: Lane, step: Callable[..., Any], *args: Any, done: Callable[[Task[Any]], None], **kw: Any
    ) -> None:
        """Single flight: a look that is still under way is not begun again."""
        if name in self._busy:
            return
        self._busy.add(name)

        def ended(task: Task[Any]) -> None:
            self._busy.discard(name)
            done(task)

        self._bridge.run(lane, step, *args, on_done=ended, **kw)

    # -- scanner and token ---------------------------------------------------------------------------------------

    def set_up(self, desk: Desk) -> None:
        """This desk is being set up, ahead of the window: which scanner it has is told at once."""
        self._set = desk
        self.look_scanner()

    def send_by(self, desk: Desk) -> None:
        """Its way to the province has just been tried and holds: sending and asking go by it from now on."""
        self._desk = desk
        self.send()
        self.look_incoming()

    def look_scanner(self) -> None:
        """Say which scanner is set. Asking the device itself would take it from a batch."""
        name = self._set.settings.scanner.id
        if not name:
            self.place_seen.emit("scanner", "idle", "Chưa chọn máy quét")
        elif self._desk.training:
            self.place_seen.emit("scanner", "ok", "Máy quét ảo (tập huấn)")
        else:
            self.place_seen.emit("scanner", "ok", f"Máy quét {name.split(':')[-1][:28]}")

    def look_token(self) -> None:
        if self._officer is not None and "scan" not in self._busy:
            self._once("token", "token", _certificates, self._desk, self._officer, done=self._token_seen)

    def _token_seen(self, task: Task[Any]) -> None:
        try:
            choices = task.result()
        except DeskError as problem:
            self.place_seen.emit("token", "stop", sentence(problem).partition(".")[0])
            return
        usable = [c for c in choices if c.problem is None]
        if usable:
            best = usable[0]
            role = "mind" if best.days_left <= 30 else "ok"
            self.place_seen.emit("token", role, f"Token {best.certificate.holder}, còn {best.days_left} ngày")
        elif choices:
            self.place_seen.emit("token", "mind", sentence(choices[0].problem).partition(".")[0])
        else:
            self.place_seen.emit("token", "idle", "Chưa cắm token")

    # -- outbox ---------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """A round of the outbox; one more after it when it is under way: what was packed meanwhile is not in it."""
        self._send_again = "send" in self._busy
        self._round()

    def _round(self) -> None:
        self._once("send", "network", send.deliver_due, self._desk, done=self._sent, on_event=self.sending.emit)

    def _sent(self, task: Task[Any]) -> None:
        try:
            self.outbox_changed.emit(task.result())
        except DeskError as problem:
            self.place_seen.emit("saved", "stop", sentence(problem).partition(".")[0])
        if self._send_again and self._timers:
            self._send_again = False
            self._round()

    def look_incoming(self) -> None:
        """What the province has for this desk; nothing where it only takes parcels."""
        if self._desk.link is not None:
            self._once("incoming", "network", sync.look, self._desk, done=self._looked)

    def _looked(self, task: Task[Any]) -> None:
        try:
            self.incoming_seen.emit(task.result())
        except DeskError as problem:
            self.incoming_failed.emit(problem)

    # -- copies that leave ------------------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Let copies leave whose time has come; the province may be asked what time it is."""
        self._once("tidy", "network", retention.remove_due, self._desk, done=self._tidied)

    def _tidied(self, task: Task[Any]) -> None:
        try:
            if task.result():
                self.look_disk()
        except DeskError as problem:
            self.place_seen.emit("saved", "mind", sentence(problem).partition(".")[0])

    # -- disk and second copy ------------------------------------------------------------------------------------

    def look_disk(self) -> None:
        self._once(
            "disk", "pool", disk.free_bytes, self._desk.paths.data, done=lambda t: self.disk_seen.emit(t.result())
        )

    def back_up(self) -> None:
        if tidy.back_up_due(self._desk, self._backed_up):
            self._once("backup", "pool", tidy.back_up, self._desk, done=self._kept)

    def _kept(self, task: Task[Any]) -> None:
        try:
            task.result()
            self._backed_up = self._desk.clock()
        except DeskError as problem:
            self.place_seen.emit("saved", "mind", sentence(problem).partition(".")[0])


def disk_role(problem: DeskError | None) -> str:
    """stop where scanning is off, mind where it soon will be, else ok."""
    return "ok" if problem is None else "stop" if problem.code == "store.disk_full" else "mind"


def _certificates(desk: Desk, by: Officer) -> tuple[CertificateChoice, ...]:
    """What this officer may sign with: as Văn thư for the agency, as anybody else in their own name."""
    agency = survey.choices(desk, by) if Role.VAN_THU in by.roles else ()
    return agency if agency and Role.CLERK not in by.roles else (*agency, *sign.choices(desk, by))


def disk_notices(problem: DeskError | None) -> list[Notice]:
    """What the banner says about it; nothing while there is room."""
    if problem is None:
        return []
    role = disk_role(problem)
    return [Notice(role, sentence(problem), "reload" if role == "stop" else "outbox")]
