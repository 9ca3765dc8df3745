# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The documents that wait for the agency's signature, as a table grouped by dossier, each with its check mark.

Apart from the screen so that what is chosen, and what each line says, is tested without one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import words
from digitizer_desk.steps.signatures.certify import Copy
from digitizer_desk.steps.signatures.survey import Waiting
from digitizer_desk.ui.widgets import signs

HEADINGS = ("Hồ sơ", "Tài liệu", "Cán bộ đã ký", "Sẵn sàng")
KIND_WORDS = {PaperKind.COMPONENT: "", PaperKind.RESULT: "kết quả", PaperKind.INTERMEDIATE: "không phải kết quả"}

#: codes whose reason says more than what happened
_BY_REASON = ("result.signatures_bad", "signature.copy_no_room", "signature.seal_not_archive", "signature.seal_unfit")
_SHORT = {"dossier.not_filled": "thiếu dữ liệu", "dossier.not_signed": "chưa có chữ ký của cán bộ"}

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of a document in this sitting: signed at a time, or refused with a reason."""

    at: datetime | None = None
    problem: DeskError | None = None


def problem_words(problem: DeskError) -> str:
    """Why a document is not ready, in a few words."""
    message = words(problem)
    short = _SHORT.get(problem.code) or (message.why if problem.code in _BY_REASON else message.what)
    return short[:1].lower() + short[1:].rstrip(".")


def state_words(one: Waiting, *, over_ink: bool, became: Signed | None) -> tuple[str, str]:
    """Role and words of a document's state."""
    if became is not None and became.at is not None:
        return "ok", f"đã ký {became.at.astimezone(VIETNAM):%H:%M:%S}"
    if became is not None and became.problem is not None:
        return "stop", problem_words(became.problem)
    if one.problem is not None:
        return "stop", problem_words(one.problem)
    if one.ink is None:
        return "idle", "đang xem chỗ đặt dấu…"
    if one.ink and not over_ink:
        return "mind", "góc phải hết chỗ trống — Space: nhận dấu đè nét"
    return ("mind", "sẵn sàng, dấu đè nét") if one.ink else ("ok", "sẵn sàng")


class AgencyTable(QAbstractTableModel):
    """One row a document. A document that is ready is checked until somebody takes the mark off.

    Signals:
        counted(): how many are checked may have changed.
    """

    counted = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Waiting, ...] = ()
        self._off: set[str] = set()
        self._over_ink: set[str] = set()
        self._became: dict[str, Signed] = {}

    # -- what is there ---------------------------------------------------------------------------------------------

    def show(self, waiting: Sequence[Waiting]) -> None:
        """Take the list as it is now. Marks taken off stay off; what was signed in this sitting stays to be seen."""
        there = {one.component_id for one in waiting}
        kept = [one for one in self._rows if one.component_id not in there and self._done(one)]
        self.beginResetModel()
        self._rows = (*waiting, *kept)
        self.endResetModel()
        self.counted.emit()

    def take(self, one: Waiting) -> None:
        """A document was looked at."""
        for row, old in enumerate(self._rows):
            if old.component_id == one.component_id:
                self._rows = (*self._rows[:row], one, *self._rows[row + 1 :])
                self._tell(row)

    def forget(self) -> None:
        """A new sitting: nothing signed is shown, every mark is as at first."""
        self._off, self._over_ink, self._became = set(), set(), {}
        self.show([])

    def note(self, became: Mapping[str, Signed]) -> None:
        """What became of documents of a batch."""
        self._became |= dict(became)
        self._off |= {key for key, one in became.items() if one.problem is not None}
        for row in range(len(self._rows)):
            self._tell(row)

    @property
    def documents(self) -> tuple[Waiting, ...]:
        return self._rows

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Documents not yet signed."""
        return tuple(one for one in self._rows if not self._done(one))

    @property
    def chosen(self) -> tuple[Waiting, ...]:
        """Documents that are checked, in the order shown."""
        return tuple(one for one in self._rows if self._checked(one))

    @property
    def copies(self) -> tuple[Copy, ...]:
        """What the step is asked for."""
        return tuple(Copy(o.dossier_id, o.component_id, o.component_id in self._over_ink) for o in self.chosen)

    def document(self, row: int) -> Waiting | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def role_of(self, row: int) -> tuple[str, str]:
        """Role and words of a row's state."""
        one = self._rows[row]
        key = one.component_id
        return state_words(one, over_ink=key in self._over_ink, became=self._became.get(key))

    def _done(self, one: Waiting) -> bool:
        became = self._became.get(one.component_id)
        return became is not None and became.at is not None

    def _checked(self, one: Waiting) -> bool:
        """Ready, not taken off, and with room for its mark or somebody's word for going without."""
        key = one.component_id
        room = not one.ink or key in self._over_ink
        return one.ready and room and key not in self._off and not self._done(one)

    # -- choosing --------------------------------------------------------------------------------------------------

    def toggle(self, row: int) -> None:
        """Put the mark on or off. On a document without room it says: the mark may cover ink."""
        one = self.document(row)
        if one is None or not one.ready or self._done(one):
            return
        key = one.component_id
        if self._checked(one):
            self._off.add(key)
            self._over_ink.discard(key)
        else:
            self._off.discard(key)
            if one.ink:
                self._over_ink.add(key)
        self._became.pop(key, None)
        self._tell(row)

    def check_all(self, *, on: bool) -> None:
        """All that have room, or none."""
        self._off = set() if on else {one.component_id for one in self._rows}
        for row in range(len(self._rows)):
            self._tell(row)

    def _tell(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(HEADINGS) - 1))
        self.counted.emit()

    # -- as Qt asks ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.document(index.row())
        if one is None:
            return None
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            # drawn by us: the style's own box cannot be seen on a dark ground
            on = self._checked(one) or self._done(one)
            return signs.icon("box_checked" if on else "box", signs.role_colour("work" if on else "idle"))
        if role in (Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.DecorationRole) and index.column() == 3:
            name, _ = self.role_of(index.row())
            colour = signs.role_colour(name)
            return colour if role == Qt.ItemDataRole.ForegroundRole else signs.icon(signs.role_sign(name), colour)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(index.row(), index.column(), one)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            chosen = "đã chọn" if self._checked(one) else "không chọn"
            return f"{one.dossier_code}, {one.title}, {chosen}, {self.role_of(index.row())[1]}"
        return None

    def _text(self, row: int, column: int, one: Waiting) -> str:
        if column == 0:
            first = row == 0 or self._rows[row - 1].dossier_id != one.dossier_id
            return f"{one.dossier_code}{'' if one.granted else '  · chưa có kết quả'}" if first else ""
        if column == 1:
            kind = KIND_WORDS[one.kind]
            return f"{one.title} · {one.pages} trang" + (f" · {kind}" if kind else "")
        return one.signed_by if column == 2 else self.role_of(row)[1]
