# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Parcels as a table: what waits, what went out, what came back; filtered by kind and by words.

Apart from the screen so that a thousand rows are counted, searched and shown without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt

from digitizer_desk.dossier.model import VIETNAM, Parcel, ParcelState
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import CODES, error
from digitizer_desk.messages import Message, words
from digitizer_desk.ui.widgets import signs

VIETNAMESE = QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam)
#: offline longer than this is more than a working day (windows.md 5.6)
_LONG_OFFLINE = timedelta(hours=24)
PARCEL_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex


class Kind(StrEnum):
    """The four drawers of the outbox."""

    ALL = "all"
    ATTENTION = "attention"
    WAITING = "waiting"
    ACCEPTED = "accepted"


KIND_WORDS = {
    Kind.ALL: "Tất cả",
    Kind.ATTENTION: "Cần xử lý",
    Kind.WAITING: "Chờ gửi",
    Kind.ACCEPTED: "Đã nhận",
}
HEADINGS = ("Hồ sơ", "Tài liệu", "Dung lượng", "Trạng thái")


def kind_of(parcel: Parcel) -> Kind:
    """The drawer a parcel lies in; one replaced before it left lies in none but "all"."""
    if parcel.state is ParcelState.SUPERSEDED:
        return Kind.ALL
    if parcel.state in (ParcelState.REJECTED, ParcelState.NEEDS_PERSON):
        return Kind.ATTENTION
    return Kind.ACCEPTED if parcel.state is ParcelState.ACCEPTED else Kind.WAITING


def counts(parcels: Sequence[Parcel]) -> dict[Kind, int]:
    """How many lie in each drawer."""
    found = dict.fromkeys(Kind, 0)
    for parcel in parcels:
        found[kind_of(parcel)] += 1
    found[Kind.ALL] = len(parcels)
    return found


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """The state of a parcel in three ways at once: role (colour), icon and words."""

    role: str
    icon: str
    words: str


def size_words(size: int) -> str:
    """A size as a clerk reads it: "3,2 MB", "840 KB"."""
    if size < 1_000_000:
        return f"{VIETNAMESE.toString(max(1, round(size / 1000)))} KB"
    return f"{VIETNAMESE.toString(size / 1_000_000, 'f', 1)} MB"


def moment_words(moment: datetime, now: datetime) -> str:
    """A time of day; with its date when that is another day."""
    there, here = moment.astimezone(VIETNAM), now.astimezone(VIETNAM)
    return there.strftime("%H:%M") if there.date() == here.date() else there.strftime("%d/%m/%Y %H:%M")


def parcel_line(parcel: Parcel, now: datetime, *, offline: bool = False, share: float | None = None) -> ParcelLine:
    """What the table says of a parcel. ``share`` (0-1) is how much of it has left, while it is being sent."""
    match parcel.state:
        case ParcelState.ACCEPTED:
            at = f" {moment_words(parcel.accepted_at, now)}" if parcel.accepted_at else ""
            number = f" · số {parcel.receipt}" if parcel.receipt else ""
            return ParcelLine("ok", "check", f"Tỉnh đã nhận{at}{number}")
        case ParcelState.REJECTED:
            return ParcelLine("stop", "x", f"Tỉnh trả lại: {parcel.said}" if parcel.said else "Tỉnh trả lại")
        case ParcelState.NEEDS_PERSON:
            return ParcelLine("stop", "x", explain(parcel, now).what.rstrip("."))
        case ParcelState.SUPERSEDED:
            return ParcelLine("idle", "info", "Không gửi: đã có bản mới hơn")
        case ParcelState.SENDING:
            part = "" if share is None else f" {round(share * 100)} %"
            return ParcelLine("work", "send", f"Đang gửi{part}")
    if offline:
        return ParcelLine("idle", "offline", "Chờ mạng")
    if parcel.error == "province.unknown_outcome":
        return ParcelLine("work", "question", "Chưa rõ tỉnh đã nhận chưa, đang hỏi lại")
    if parcel.tries and parcel.next_try_at is not None and parcel.next_try_at > now:
        return ParcelLine(
            "idle", "retry", f"Thử lại lúc {moment_words(parcel.next_try_at, now)} (lần {parcel.tries + 1})"
        )
    return ParcelLine("idle", "clock", "Chờ gửi")


def explain(parcel: Parcel, now: datetime) -> Message:
    """The sentences for the last failure of a parcel."""
    code = parcel.error or "province.rejected"
    known: dict[str, Any] = {
        "said": parcel.said,
        "number": parcel.receipt,
        "at": moment_words(parcel.next_try_at, now) if parcel.next_try_at else "",
        "waiting": 1,
    }
    return words(error(code, "", **{name: known.get(name, "") for name in CODES[code]}))


@dataclass(frozen=True, slots=True)
class QueueState:
    """What the whole queue is doing. ``paused`` is the code that stopped it, ``offline_since`` None when online."""

    now: datetime
    offline_since: datetime | None = None
    paused: str = ""
    connected: bool = True


def queue_line(state: QueueState, parcels: Sequence[Parcel]) -> ParcelLine:
    """The line above the table. No network is grey, a normal state, until it lasts longer than a working day."""
    waiting = [p for p in parcels if kind_of(p) is Kind.WAITING]
    left = f"{len(waiting)} gói chờ"
    if state.paused:
        message = words(error(state.paused, "", **dict.fromkeys(CODES[state.paused], "")))
        return ParcelLine("stop", "pause", f"{message.what} {message.do} · {left}, được giữ an toàn")
    if not state.connected:
        return ParcelLine("idle", "offline", f"Chưa nối với hệ thống tỉnh · {left}, được giữ an toàn")
    if state.offline_since is not None:
        since = moment_words(state.offline_since, state.now)
        if state.now - state.offline_since > _LONG_OFFLINE:
            oldest = f" · gói cũ nhất từ {moment_words(min(p.made_at for p in waiting), state.now)}" if waiting else ""
            return ParcelLine("mind", "offline", f"Mất mạng từ {since} · {left}{oldest} · báo bộ phận CNTT")
        return ParcelLine(
            "idle", "offline", f"MẤT MẠNG từ {since} · vẫn làm việc bình thường · {left} · sẽ tự gửi khi có mạng"
        )
    if any(p.state is ParcelState.SENDING for p in waiting):
        return ParcelLine("work", "send", f"Đang gửi · còn {len(waiting)} gói")
    if not waiting:
        return ParcelLine("ok", "check", "Đã gửi hết")
    tries = [p.next_try_at for p in waiting if p.next_try_at is not None and p.next_try_at > state.now]
    after = f" · thử lại lúc {moment_words(min(tries), state.now)}" if len(tries) == len(waiting) else ""
    return ParcelLine("idle", "clock", f"{left}{after}")


#: the queue is read again every few seconds and hardly changes
_key = lru_cache(maxsize=4096)(fold)


def strip_words(parcels: Sequence[Parcel], offline_since: datetime | None, *, linked: bool) -> tuple[str, str, str]:
    """Role, words and sign of the queue in the status strip (windows.md 5.6)."""
    waiting = sum(kind_of(p) is Kind.WAITING for p in parcels)
    attention = sum(kind_of(p) is Kind.ATTENTION for p in parcels)
    if not linked:
        return "idle", f"Chưa nối với tỉnh · {waiting} chờ", "offline"
    if attention:
        return "stop", f"{attention} gói cần xử lý", "x"
    if offline_since is not None:
        return "idle", f"Mất mạng · {waiting} chờ", "offline"
    return ("work", f"Còn {waiting} gói chờ gửi", "send") if waiting else ("ok", "Đã gửi hết", "check")


class ParcelTable(QAbstractTableModel):
    """The parcels that pass the filter, newest first as given. All values come from memory."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._all: tuple[Parcel, ...] = ()
        self._keys: tuple[str, ...] = ()
        self._shown: list[Parcel] = []
        self._kind = Kind.ALL
        self._wanted: tuple[str, ...] = ()
        self._now: datetime | None = None
        self._offline = False
        self._shares: dict[str, float] = {}

    # -- what is shown ------------------------------------------------------------------------------------------

    def set_parcels(self, parcels: Sequence[Parcel], now: datetime, *, offline: bool) -> None:
        """Take the queue as it is now. Rows keep their place on the screen when only their state changed."""
        self._now = now
        self._offline = offline
        self._all = tuple(parcels)
        self._shares = {p.id: self._shares.get(p.id, 0.0) for p in parcels if p.state is ParcelState.SENDING}
        self._keys = tuple(_key(f"{p.dossier_code} {p.component_title} {p.receipt} {p.said}") for p in parcels)
        self._filter()

    def set_filter(self, kind: Kind, text: str) -> None:
        """Show one drawer, and of it what holds all these words, whatever their marks and case."""
        wanted = tuple(fold(text).split())
        if (kind, wanted) != (self._kind, self._wanted):
            self._kind, self._wanted = kind, wanted
            self._filter()

    def set_progress(self, parcel_id: str, share: float) -> None:
        """How much (0-1) of a parcel has left."""
        self._shares[parcel_id] = share
        for row, parcel in enumerate(self._shown):
            if parcel.id == parcel_id:
                cell = self.index(row, 3)
                self.dataChanged.emit(cell, cell)

    def _filter(self) -> None:
        shown = [
            parcel
            for parcel, key in zip(self._all, self._keys, strict=True)
            if (self._kind is Kind.ALL or kind_of(parcel) is self._kind) and all(word in key for word in self._wanted)
        ]
        if [p.id for p in shown] == [p.id for p in self._shown]:
            self._shown = shown
            if shown:
                self.dataChanged.emit(self.index(0, 0), self.index(len(shown) - 1, len(HEADINGS) - 1))
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def parcel(self, row: int) -> Parcel:
        """The parcel in a row."""
        return self._shown[row]

    def row_of(self, parcel_id: str) -> int | None:
        """The row a parcel stands in now, if it is shown."""
        return next((row for row, parcel in enumerate(self._shown) if parcel.id == parcel_id), None)

    def line(self, parcel: Parcel) -> ParcelLine:
        """The state of a parcel as this table shows it."""
        assert self._now is not None
        return parcel_line(parcel, self._now, offline=self._offline, share=self._shares.get(parcel.id))

    # -- Qt -----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if way is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        parcel, column = self._shown[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(parcel, column)
            case Qt.ItemDataRole.TextAlignmentRole if column == 2:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.DecorationRole if column == 3:
                line = self.line(parcel)
                return signs.icon(line.icon, signs.role_colour(line.role))
            case Qt.ItemDataRole.ForegroundRole if column == 3:
                line = self.line(parcel)
                return signs.role_colour(line.role) if line.role in ("stop", "ok") else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{HEADINGS[column]}: {self._text(parcel, column)}"
            case _ if role == PARCEL_ROLE:
                return parcel
        return None

    def _text(self, parcel: Parcel, column: int) -> str:
        if column == 0:
            return parcel.dossier_code
        if column == 1:
            return parcel.component_title + (f" (bản {parcel.version})" if parcel.version > 1 else "")
        if column == 2:
            return size_words(parcel.file_size)
        return self.line(parcel).words
