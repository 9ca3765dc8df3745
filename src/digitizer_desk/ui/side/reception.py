# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How a dossier comes onto the counter: taken in new, or found among those that are there.

Apart from ``rooms.py``, which only opens what was chosen here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import Dossier, Officer
from digitizer_desk.lanes import Task
from digitizer_desk.steps import receive
from digitizer_desk.steps.incoming import waiting
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.find import FindDialog
from digitizer_desk.ui.screens.receive import ReceiveDialog

if TYPE_CHECKING:
    from digitizer_desk.ui.rooms import Rooms


class Reception(QObject):
    """Asks for a receipt (F2) or a name (F3)."""

    def __init__(self, desk: Desk, bridge: Bridge, rooms: Rooms, window: QWidget) -> None:
        super().__init__(rooms)
        self._desk, self._bridge, self._rooms, self._window = desk, bridge, rooms, window
        self.officer: Officer | None = None

    def receive(self) -> None:
        """A new dossier, from the code on its receipt."""
        desk = self._desk

        def take(receipt: receive.Receipt) -> Dossier:
            return receive.receive(desk, receipt, self.officer)  # type: ignore[arg-type]

        def known(text: str) -> WaitingDossier | None:
            return waiting.known(desk, text)

        edition, law = desk.edition_today(), desk.law_today()
        book = edition.book
        run, agency = self._bridge.run, edition.agency
        sheet = ReceiveDialog(book.procedures, book.search, law, take, run, self._window, known=known, agency_of=agency)
        sheet.received.connect(self._rooms.take)
        sheet.find_asked.connect(self._open_known)
        _shown(sheet)

    def _open_known(self, code: str) -> None:
        """The receipt was taken in before: its dossier, instead of a second one."""

        def found(task: Task[Any]) -> None:
            dossier = task.result()
            if dossier is not None:
                self._rooms.open(dossier.id)

        self._bridge.run("pool", self._desk.cabinet.dossiers.by_code, code, on_done=found)

    def find(self) -> None:
        """A dossier of another day, by code or name."""
        sheet = FindDialog(self._look_up, self._bridge.run, self._window)
        sheet.chosen.connect(self._rooms.open)
        _shown(sheet)

    def _look_up(self, text: str) -> Any:
        found = self._desk.cabinet.dossiers
        return found.find(text, 50) if text.strip() else found.recent(20)


def _shown(sheet: QDialog) -> None:
    try:
        sheet.exec()
    finally:
        sheet.deleteLater()
