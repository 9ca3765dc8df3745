# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The trial of the whole process, part by part, each on the lane of the machine it needs; the PIN in the usual dialog.

Apart from the wizard because a trial may be begun, stopped and ended whatever view is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from digitizer_desk import paths
from digitizer_desk.desk import Desk
from digitizer_desk.devices.token_manifest import load_manifests
from digitizer_desk.dossier.model import Officer
from digitizer_desk.errors import DeskError, Stopped, error
from digitizer_desk.lanes import Lane, Task
from digitizer_desk.messages.trial import fault_words
from digitizer_desk.steps import sign
from digitizer_desk.steps.trial import acts
from digitizer_desk.steps.trial.course import Course, Part, Told
from digitizer_desk.steps.trial.room import TrialRoom, clear, open_room
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.models.signing_desk import asks_for, order_for
from digitizer_desk.ui.screens.setup.trial_view import TrialView
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.widgets.picture import as_image

_LANES: dict[Part, Lane] = {Part.SCAN: "scanner", Part.SEND: "network"}


class TrialWork(QObject):
    """Signals:
    ended(object): the course of a trial that is over and removed.
    running_changed(): one was begun, or is over.
    bug(object): a failure without words of its own.
    """

    ended = Signal(object)
    running_changed = Signal()
    bug = Signal(object)

    def __init__(self, bridge: Bridge, view: TrialView, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._view, self._window = bridge, view, window
        self._room: TrialRoom | None = None
        self._task: Task[Any] | None = None
        self.course = Course()
        self.running = False

    def begin(self, desk: Desk, officer: Officer) -> None:
        """From the start, with the desk as it is set now."""
        if self.running:
            return
        self.course = Course()
        self._view.show_sheet(QPixmap())
        self._run(True)
        self._bridge.run("pool", open_room, desk, officer, on_done=self._opened)

    def stop(self) -> bool:
        """Not further than this. False when nothing runs."""
        if not self.running:
            return False
        if self._task is not None:
            self._task.stop()
        return True

    def _run(self, running: bool) -> None:
        self.running = running
        self._view.show_course(self.course, running=running)
        self.running_changed.emit()

    def _opened(self, task: Task[Any]) -> None:
        try:
            self._room = task.result()
        except DeskError as problem:
            self._run(False)
            self._view.refuse(str(fault_words(problem)))
        except Exception as problem:
            self._run(False)
            self.bug.emit(problem)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """The next part of the course, or the end."""
        room, part = self._room, self.course.next
        if room is None or part is None:
            self._room = self._task = None
            self._run(False)
            self.ended.emit(self.course)
            return
        self.course = self.course.begun(part)
        self._view.show_course(self.course, running=True)
        if part is Part.SIGN:
            self._bridge.run("pool", sign.waiting, room.desk, room.dossier_id, on_done=self._ask_pin)
            return
        act: Callable[..., Told] = _removed if part is Part.REMOVE else acts.ACTS[part]
        self._task = self._bridge.run(
            _LANES.get(part, "pool"), act, room, on_done=lambda task: self._came(part, task.result)
        )

    def _came(self, part: Part, result: Callable[[], Told]) -> None:
        """What came of a part."""
        try:
            self.course = self.course.done(part, result())
        except Stopped:
            self.course = self.course.halted(part)
        except DeskError as problem:
            self.course = self.course.failed(part, problem)
        except Exception as problem:
            self.course = self.course.failed(part, error("program.bug", number=""))
            self.bug.emit(problem)
        if part is Part.SCAN and self._room is not None and self.course.line(part).problem is None:
            self._bridge.run("pool", acts.picture, self._room, on_done=self._pictured)
        self._go_on()

    def _pictured(self, task: Task[Any]) -> None:
        if task.error is None:  # the trial may be over by now, and its picture gone
            self._view.show_sheet(QPixmap.fromImage(as_image(task.result())))

    def _ask_pin(self, task: Task[Any]) -> None:
        """The signing dialog of every day, over the trial's own desk: same rules for the PIN, same words."""
        room = self._room
        assert room is not None
        seen: list[sign.SignOutcome] = []
        try:
            waiting = task.result()
            if not waiting:
                raise sign.why_not(room.desk, room.dossier_id)
            order = order_for("", waiting, room.by, next_words="lấy dữ liệu", note=room.desk.mark_note)
            manifests = load_manifests([paths.drivers() / "tokens", room.desk.paths.site / "tokens"])
            asks = asks_for(room.desk, room.dossier_id, room.by, self._bridge.run, manifests)
            sheet = SigningDialog(replace(order, title="Ký thử"), asks, self._window)
            sheet.signed.connect(seen.append)
            try:
                sheet.exec()
            finally:
                sheet.deleteLater()
        except Exception as problem:
            self._came(Part.SIGN, _raising(problem))
            return
        self._came(Part.SIGN, lambda: acts.judge_signing(room, seen[-1] if seen else None))


def _removed(room: TrialRoom) -> Told:
    clear(room)
    return Told("removed")


def _raising(problem: Exception) -> Callable[[], Told]:
    def result() -> Told:
        raise problem

    return result
