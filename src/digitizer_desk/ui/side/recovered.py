# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a cut left behind, from the first look at the start until the last page has a place again.

Apart from ``rooms.py``, which only opens the dossier the pages went to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.thumbnail import thumbnail
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.steps import tidy
from digitizer_desk.steps.tidy import Stray
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.screens.paper.recovered import RecoveredDialog
from digitizer_desk.ui.widgets.frame import Notice

if TYPE_CHECKING:
    from digitizer_desk.ui.rooms import Rooms

#: px, longest side of a page in the sheet
_SIDE = 900


class Recovered(QObject):
    """Pages without a place.

    Signals:
        seen(): how many there are was found out.
    """

    seen = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, rooms: Rooms, window: QWidget) -> None:
        super().__init__(rooms)
        self._desk, self._bridge, self._rooms, self._window = desk, bridge, rooms, window
        self._sheet: RecoveredDialog | None = None
        self._open: tuple[str, str] = ("", "")
        self.strays: tuple[Stray, ...] = ()
        self.officer: Officer | None = None

    def look(self) -> None:
        """Find out what has no place. Not while paper runs: a page coming in has a file and no row for a moment."""
        if not self._rooms.work.scanning:
            self._bridge.run("pool", tidy.strays, self._desk, on_done=self._came)

    def _came(self, task: Task[tuple[Stray, ...]]) -> None:
        found = self._rooms.work.value(task)
        if found is not None:
            self._take(found)

    def _take(self, found: tuple[Stray, ...], refused: str = "") -> None:
        self.strays = found
        if self._sheet is not None:
            self._sheet.show_strays(found, refused)
        self.seen.emit()

    def notices(self) -> list[Notice]:
        """What the banner says wherever the clerk is."""
        return advice.recovered([stray.page.scanned_at for stray in self.strays])

    def show(self) -> None:
        """Ctrl+Shift+T."""
        if self.officer is None:
            return
        if not self.strays:
            self._rooms.work.flashed.emit(Notice("idle", "Không có trang nào chờ xếp vào hồ sơ.", answers=True))
            return
        component = None if self._rooms.at_start or self._rooms.work.dossier is None else self._rooms.counter.component
        self._open = ("", "")
        sheet = RecoveredDialog(
            self.strays, component.title if component is not None else "", self._preview, self._bridge.run, self._window
        )
        self._sheet = sheet
        sheet.back_asked.connect(self._put_back)
        sheet.here_asked.connect(self._put_here)
        sheet.aside_asked.connect(self._put_aside)
        try:
            sheet.exec()
        finally:
            self._sheet = None
            sheet.deleteLater()
        if self._open[0]:  # where the pages went, so that they are seen and checked at once
            self._rooms.open(*self._open)

    def _preview(self, stray: Stray) -> NDArray[np.uint8]:
        return thumbnail(self._desk.cabinet.pages.jpeg(stray.page.sha256), _SIDE, stray.page.facts.turn)

    # -- acts -----------------------------------------------------------------------------------------------------

    def _put_back(self, wanted: tuple[Stray, ...]) -> None:
        def done(task: Task[tuple[Stray, ...]]) -> None:
            left = self._told(task)
            if left is None:
                return
            placed = [stray for stray in wanted if stray not in left]
            if placed:
                self._went(placed[0].dossier_id, placed[0].component_id, f"Đã xếp {len(placed)} trang vào hồ sơ")
            why = f"{len(left)} trang không xếp được vào chỗ cũ: hồ sơ đã gửi, hoặc tệp hỏng." if left else ""
            self._take(self._without(placed), why)

        self._bridge.run("pool", tidy.put_back, self._desk, wanted, self.officer, on_done=done)

    def _put_here(self, stray: Stray) -> None:
        dossier, component_id = self._rooms.work.dossier, self._rooms.counter.current
        if dossier is None:
            return

        def done(task: Task[Any]) -> None:
            if self._told(task) is not None:
                self._went(dossier.id, component_id, "Đã xếp 1 trang vào phần đang mở")
                self._take(self._without([stray]))

        args = (self._desk, stray.page, dossier.id, component_id, self.officer)
        self._bridge.run("pool", tidy.adopt, *args, on_done=done)

    def _put_aside(self, stray: Stray) -> None:
        def done(task: Task[Any]) -> None:
            if self._told(task) is not None:
                self._rooms.work.flashed.emit(
                    Notice("ok", "Đã bỏ 1 trang; Ctrl+Del trong hồ sơ đó để lấy lại.", answers=True)
                )
                self._take(self._without([stray]))

        self._bridge.run("pool", tidy.put_aside, self._desk, stray, self.officer, on_done=done)

    def _went(self, dossier_id: str, component_id: str, words: str) -> None:
        self._open = (dossier_id, component_id)
        self._rooms.work.saved.emit()
        self._rooms.work.flashed.emit(Notice("ok", words, answers=True))

    def _without(self, gone: list[Stray]) -> tuple[Stray, ...]:
        return tuple(stray for stray in self.strays if stray not in gone)

    def _told(self, task: Task[Any]) -> Any:
        """The value of an act; a refusal stands in the sheet, over the page it is about."""
        try:
            return task.result()
        except DeskError as problem:
            self._take(self.strays, sentence(problem))
        except Exception as problem:
            self._rooms.work.bug.emit(problem)
        return None
