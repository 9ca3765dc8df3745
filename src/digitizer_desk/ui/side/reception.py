# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How a dossier comes onto the counter: taken in new, or found among those that are there.

Apart from ``rooms.py``, which only opens what was chosen here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import Dossier, Officer
from digitizer_desk.lanes import Task
from digitizer_desk.steps import receive
from digitizer_desk.steps.incoming import waiting
from digitizer_desk.steps.receive import Receipt
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.find import FindDialog
from digitizer_desk.ui.screens.receive import ReceiveDialog
from digitizer_desk.ui.widgets.frame import Notice

if TYPE_CHECKING:
    from digitizer_desk.ui.rooms import Rooms


class Reception(QObject):
    """Asks for a receipt (F2) or a name (F3)."""

    def __init__(self, desk: Desk, bridge: Bridge, rooms: Rooms, window: QWidget) -> None:
        super().__init__(rooms)
        self._desk, self._bridge, self._rooms, self._window = desk, bridge, rooms, window
        self.officer: Officer | None = None
        self._fresh, self._alone = "", False  # id of the dossier that came in last; whether without a key

    def receive(self) -> None:
        """A new dossier, from the code on its receipt."""
        desk = self._desk

        def take(receipt: Receipt) -> Dossier:
            return receive.receive(desk, receipt, self.officer)  # type: ignore[arg-type]

        sheet = self._sheet(take)
        sheet.received.connect(lambda dossier: self._came(dossier, alone=sheet.opened_alone))
        _shown(sheet)

    def _sheet(self, take: Callable[[Receipt], Dossier], own: str = "") -> ReceiveDialog:
        """The receipt sheet; ``own``: id of the dossier that is put right by it."""
        desk = self._desk

        def known(text: str) -> WaitingDossier | Dossier | None:
            here = receive.already(desk, text)
            return waiting.known(desk, text) if here is None or here.id == own else here

        edition, law = desk.edition_today(), desk.law_today()
        book, layout = edition.book, desk.settings.province.receipt_qr
        run, agency = self._bridge.run, edition.agency
        sheet = ReceiveDialog(
            *(book.procedures, book.search, law, take, run, self._window),
            known=known,
            layout=layout,
            agency_of=agency,
        )
        sheet.find_asked.connect(self._open_known)
        return sheet

    def _came(self, dossier: Dossier, *, alone: bool) -> None:
        """Onto the counter; what nobody pressed a key for is said, with the way back."""
        self._fresh, self._alone = dossier.id, alone
        self._rooms.take(dossier)

    def notices(self) -> list[Notice]:
        """What opened by itself says so until somebody works on it, or has put it right."""
        dossier = self._rooms.work.dossier
        if dossier is None or not self._alone or not self.may_amend(dossier):
            return []
        whose = f"{dossier.applicant.name}, {dossier.procedure_title}"
        return [Notice("work", f"Đã tự mở hồ sơ của {whose}. Chưa đúng thì Ctrl+Z để sửa.", "undo")]

    def may_amend(self, dossier: Dossier | None) -> bool:
        """Whether Ctrl+Z leads back to the receipt: the dossier came in last, and nothing was done with it yet."""
        return dossier is not None and dossier.id == self._fresh and receive.untouched(dossier)

    def amend(self, dossier: Dossier) -> None:
        """The receipt of a dossier nothing was done with, to be put right."""
        by = self.officer
        if by is None:
            return

        def write(receipt: Receipt) -> Dossier:
            return receive.amend(self._desk, dossier.id, receipt, by)

        sheet = self._sheet(write, dossier.id)
        sheet.show_dossier(dossier)
        sheet.received.connect(lambda dossier: self._came(dossier, alone=False))
        _shown(sheet)

    def _open_known(self, code: str) -> None:
        """The receipt was taken in before: its dossier, instead of a second one."""

        def found(task: Task[Any]) -> None:
            dossier = task.result()
            if dossier is not None:
                self._rooms.open(dossier.id)

        self._bridge.run("keys", self._desk.cabinet.dossiers.by_code, code, on_done=found)

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
