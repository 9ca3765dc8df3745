# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A polite word when the pages say that the scanner wants cleaning, and the pages that say so.

Apart from the findings because nothing is wrong with a page; it never stops the work and can be put off for the day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Page
from digitizer_desk.lanes import Task
from digitizer_desk.messages import machine_words
from digitizer_desk.rules.watch import MachineHint
from digitizer_desk.steps import check
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.counter_work import CounterWork
from digitizer_desk.ui.screens.paper.machine_sheet import MachineSheet
from digitizer_desk.ui.widgets.frame import Notice


class MachineCare(QObject):
    """Asks after each batch what the last pages say of their machine.

    Signals:
        seen(): there are other hints than before.
    """

    seen = Signal()

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        work: CounterWork,
        load: Callable[[Page], NDArray[Any]],
        thumbnail: Callable[[Page, int], NDArray[np.uint8]],
        window: QWidget,
    ) -> None:
        super().__init__(work)
        self._desk, self._bridge, self._work, self._window = desk, bridge, work, window
        self._load, self._thumbnail = load, thumbnail
        self._scanned = self._looking = False
        self.hints: tuple[MachineHint, ...] = ()
        work.changed.connect(self._follow)

    def _follow(self) -> None:
        """A batch has ended: its pages may say something new."""
        ended = self._scanned and not self._work.scanning
        self._scanned = self._work.scanning
        if ended:
            self.look()

    def look(self) -> None:
        """Ask on the pool lane; one question at a time."""
        if not self._looking:
            self._looking = True
            self._bridge.run("pool", check.hints_today, self._desk, on_done=self._looked)

    def _looked(self, task: Task[Any]) -> None:
        self._looking = False
        found = self._work.value(task)
        if found is not None and found != self.hints:
            self.hints = found
            self.seen.emit()

    def notices(self) -> list[Notice]:
        """For the banner, behind everything else there is to say."""
        return [Notice("idle", str(machine_words(hint)), "machine") for hint in self.hints]

    def marked(self, role: str, words: str) -> tuple[str, str]:
        """The scanner's place in the status strip: what is seen of it, and that it wants cleaning."""
        return ("mind", f"{words} · nên lau máy") if self.hints and role == "ok" else (role, words)

    def show(self) -> None:
        """Shift+F7: the evidence."""
        if not self.hints:
            self._work.flashed.emit(Notice("ok", "Các trang gần đây không cho thấy máy quét bẩn.", answers=True))
            return
        self._bridge.run("pool", self._evidence, on_done=self._shown)

    def _evidence(self) -> list[tuple[MachineHint, tuple[Page, ...]]]:
        return [(hint, check.hint_pages(self._desk, hint)) for hint in self.hints]

    def _shown(self, task: Task[Any]) -> None:
        evidence = self._work.value(task)
        if evidence is None:
            return
        sheet = MachineSheet(evidence, self._bridge.run, self._load, self._thumbnail, self._window)
        sheet.put_off.connect(self._put_off)
        try:
            sheet.exec()
        finally:
            sheet.deleteLater()

    def _put_off(self, hint: MachineHint) -> None:
        def done(task: Task[Any]) -> None:
            self._work.value(task)
            self.look()

        if self._work.officer is not None:
            self._bridge.run("pool", check.put_off_hint, self._desk, hint, self._work.officer, on_done=done)
