# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One line of the signing dialog: which documents have no free room for the mark, and the way to choose its place.

Apart from the dialog, which only needs to know what was chosen and what was not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.place import Placement
from digitizer_desk.steps.signatures.room import MarkRoom
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.signing.place import PlaceSheet
from digitizer_desk.ui.widgets.status_line import StatusLine

#: the rooms of all documents that wait; told which of them signing found crowded
FindRooms = Callable[[Collection[str]], Sequence[MarkRoom]]


class RoomLine(QWidget):
    """Hidden while every mark has room. Asks by itself as soon as one has not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._find: FindRooms | None = None
        self._rooms: tuple[MarkRoom, ...] = ()
        self._chosen: dict[str, Placement] = {}
        self._crowded: frozenset[str] = frozenset()
        self.open_sheet: PlaceSheet | None = None
        self.line = StatusLine()
        self.choose = ActButton("Chọ&n chỗ đặt dấu…")
        self.choose.clicked.connect(self.ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.choose)
        self.hide()

    def follow(self, run: Run, find: FindRooms) -> None:
        """Where rooms are asked for."""
        self._run, self._find = run, find

    @property
    def places(self) -> dict[str, Placement]:
        """Component id -> place, for the documents somebody chose one for."""
        return dict(self._chosen)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Components that cannot be signed before a place is chosen."""
        return tuple(r.component_id for r in self._rooms if r.must_choose and r.component_id not in self._chosen)

    def look(self, crowded: Collection[str] = ()) -> None:
        """Read the pages, on the pool lane; ``crowded`` were found so when they were to be signed."""
        if self._run is None or self._find is None:
            return
        self._crowded |= frozenset(crowded)
        self._run("pool", self._find, self._crowded, on_done=self._found)

    def _found(self, task: Running) -> None:
        if not isValid(self):
            return  # the dialog was closed while the pages were read
        try:
            self._rooms = tuple(task.result())
        except DeskError:
            return  # what cannot be read is told when it is signed, with its own words
        self._say()
        if self.undecided and self.window().isVisible():
            self.ask()

    def ask(self) -> None:
        """Ask for every document without a place."""
        self._open([room for room in self._rooms if room.component_id in self.undecided])

    def preview(self) -> None:
        """Show every document's page 1 with its mark."""
        self._open(self._rooms)

    def _open(self, rooms: Sequence[MarkRoom]) -> None:
        if not rooms or self.open_sheet is not None:
            return
        sheet = self.open_sheet = PlaceSheet(rooms, self.window())
        sheet.finished.connect(self._answered)
        sheet.open()

    def _answered(self) -> None:
        sheet, self.open_sheet = self.open_sheet, None
        if sheet is not None:
            self._chosen |= sheet.chosen
            sheet.deleteLater()
        self._say()

    def _say(self) -> None:
        count = len(self.undecided)
        self.setVisible(count > 0)
        if count:
            self.line.show_state("mind", f"{count} tài liệu chưa ký được: góc trên trái không còn chỗ trống cho dấu.")
