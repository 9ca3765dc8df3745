# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Parcels as a table: ids of ten thousand, the rows only of those on the screen; and the words of queue and parcel.

Apart from the screen so that rows are fetched, shown and refreshed without one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.errors import CODES, error
from digitizer_desk.messages import Message, words
from digitizer_desk.messages.outbox import age_words, is_overdue, moment_words, why_it_waits
from digitizer_desk.steps.outgoing.look import Queue
from digitizer_desk.store.tray.look import Drawer, Seen
from digitizer_desk.ui.models.flow import Flow
from digitizer_desk.ui.widgets import signs

VIETNAMESE = QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam)
#: offline longer than this is more than a working day (windows.md 5.6)
_LONG_OFFLINE = timedelta(hours=24)
#: rows kept in memory beside those on the screen
_KEPT = 600
PARCEL_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex

DRAWER_WORDS = {
    Drawer.ALL: "Tất cả",
    Drawer.ATTENTION: "Cần xử lý",
    Drawer.OVERDUE: "Quá hạn",
    Drawer.WAITING: "Chờ gửi",
    Drawer.ACCEPTED: "Đã nhận",
    Drawer.SUPERSEDED: "Đã thay",
}
HEADINGS = ("Hồ sơ", "Tài liệu", "Dung lượng", "Trạng thái")
_ICONS = {
    "paused": "pause",
    "unlinked": "offline",
    "offline": "offline",
    "unknown": "question",
    "retry": "retry",
    "busy": "retry",
}


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


def parcel_line(seen: Seen, queue: Queue, sent: tuple[int, int] | None = None) -> ParcelLine:
    """What the table says of a parcel. ``sent``: bytes of its file that have left, and all of them."""
    parcel, now = seen.parcel, queue.now
    match parcel.state:
        case ParcelState.ACCEPTED:
            at = f" {moment_words(parcel.accepted_at, now)}" if parcel.accepted_at else ""
            number = f" · số {parcel.receipt}" if parcel.receipt else ""
            return ParcelLine("ok", "check", f"Tỉnh đã nhận{at}{number}")
        case ParcelState.SUPERSEDED:
            return ParcelLine("idle", "info", "Không gửi: đã có bản mới hơn")
        case ParcelState.REJECTED:
            told = f"Tỉnh trả lại: {parcel.said}" if parcel.said else "Tỉnh trả lại"
            return ParcelLine("stop", "x", told + _late(parcel, queue))
        case ParcelState.NEEDS_PERSON:
            return ParcelLine("stop", "x", explain(parcel, now).what.rstrip(".") + _late(parcel, queue))
        case ParcelState.SENDING:
            return ParcelLine("work", "send", _on_its_way(sent) + _late(parcel, queue))
    waits, late = why_it_waits(seen, queue), _late(parcel, queue)
    role = "mind" if late else "work" if waits.cause == "unknown" else "idle"
    return ParcelLine(role, _ICONS.get(waits.cause, "clock"), waits.words + late)


def _on_its_way(sent: tuple[int, int] | None) -> str:
    if sent is None:
        return "Đang gửi"
    if sent[0] >= sent[1]:
        return "Đã gửi hết, chờ biên nhận"
    return f"Đang gửi {size_words(sent[0]) if sent[0] else '0'} / {size_words(sent[1])}"


def _late(parcel: Parcel, queue: Queue) -> str:
    return f" · quá hạn, đã {age_words(queue.now - parcel.made_at)}" if is_overdue(parcel, queue) else ""


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


def queue_line(queue: Queue, flow: Flow | None = None, clock: float = 0.0) -> ParcelLine:
    """The line above the table. No network is grey, a normal state, until it lasts longer than a working day.
    ``clock``: seconds of the clock ``flow`` was measured by."""
    totals, now = queue.totals, queue.now
    waiting = totals.drawers[Drawer.WAITING]
    left = f"{waiting} gói chờ"
    overdue = totals.drawers[Drawer.OVERDUE]
    late = f" · {overdue} gói quá hạn" if overdue else ""
    if queue.paused == "province.paused":
        return ParcelLine("mind", "pause", f"Đang tạm dừng gửi · {left}, được giữ an toàn{late}")
    if queue.paused:
        message = words(error(queue.paused, "", **dict.fromkeys(CODES[queue.paused], "")))
        return ParcelLine("stop", "pause", f"{message.what} {message.do} · {left}, được giữ an toàn")
    if not queue.linked:
        return ParcelLine("idle", "offline", f"Chưa nối với hệ thống tỉnh · {left}, được giữ an toàn")
    if queue.offline_since is not None:
        return _offline(queue, left, late)
    if flow is not None and flow.parcel_id:
        return ParcelLine("work", "send", _flowing(queue, flow, clock) + late)
    if totals.sending:
        return ParcelLine("work", "send", f"Đang gửi · còn {waiting} gói, {size_words(totals.bytes_left)}{late}")
    if not waiting:
        return ParcelLine("ok", "check", "Đã gửi hết") if not late else ParcelLine("mind", "x", late.lstrip(" ·"))
    role = "mind" if late else "idle"
    if queue.rest.holds(now) and queue.rest.until is not None:
        return ParcelLine(
            role, "retry", f"Hệ thống tỉnh đang bận · {left} · gửi lại lúc {moment_words(queue.rest.until, now)}{late}"
        )
    if queue.opens_at is not None:
        until = moment_words(queue.opens_at, now)
        return ParcelLine(role, "clock", f"{left} · gửi từ {until} theo cài đặt; F5 để gửi ngay{late}")
    tries = totals.next_try_at
    after = f" · thử lại lúc {moment_words(tries, now)}" if tries is not None and tries > now else ""
    return ParcelLine(role, "clock", f"{left}{after}{late}")


def _offline(queue: Queue, left: str, late: str) -> ParcelLine:
    assert queue.offline_since is not None
    since = moment_words(queue.offline_since, queue.now)
    if queue.now - queue.offline_since > _LONG_OFFLINE:
        first = queue.totals.oldest
        oldest = f" · gói cũ nhất từ {moment_words(first, queue.now)}" if first is not None else ""
        return ParcelLine("mind", "offline", f"Mất mạng từ {since} · {left}{oldest}{late} · báo bộ phận CNTT")
    words = f"MẤT MẠNG từ {since} · vẫn làm việc bình thường · {left}{late} · sẽ tự gửi khi có mạng"
    return ParcelLine("mind" if late else "idle", "offline", words)


def _flowing(queue: Queue, flow: Flow, clock: float) -> str:
    """Bytes that left, how fast, and what is left: no share of what nobody knows."""
    rate = flow.rate(clock)
    parts = [_on_its_way((flow.sent, flow.total))]
    if rate is not None:
        limit = " (có giới hạn)" if queue.bytes_per_s else ""
        parts.append(f"{size_words(round(rate))}/giây{limit}")
    left = max(0, queue.totals.bytes_left - flow.sent)
    parts.append(f"còn {queue.totals.drawers[Drawer.WAITING]} gói, {size_words(left)}")
    if queue.upcoming:
        parts.append(f"tiếp theo: {queue.upcoming}")
    return " · ".join(parts)


def strip_words(queue: Queue) -> tuple[str, str, str]:
    """Role, words and sign of the queue in the status strip (windows.md 5.6)."""
    drawers = queue.totals.drawers
    waiting, attention = drawers[Drawer.WAITING], drawers[Drawer.ATTENTION]
    if not queue.linked:
        return "idle", f"Chưa nối với tỉnh · {waiting} chờ", "offline"
    if attention:
        return "stop", f"{attention} gói cần xử lý", "x"
    if drawers[Drawer.OVERDUE]:
        return "mind", f"{drawers[Drawer.OVERDUE]} gói quá hạn gửi", "clock"
    if queue.paused:
        return "mind", f"Tạm dừng gửi · {waiting} chờ", "pause"
    if queue.offline_since is not None:
        return "idle", f"Mất mạng · {waiting} chờ", "offline"
    return ("work", f"Còn {waiting} gói chờ gửi", "send") if waiting else ("ok", "Đã gửi hết", "check")


def way_words(way: str, queue: Queue) -> tuple[str, str, str]:
    """The same while the way to the province is being set: "untried" since it was changed, or "broken"."""
    told = {"untried": "Chưa thử nối với tỉnh", "broken": "Chưa nối được với tỉnh"}[way]
    return "idle", f"{told} · {queue.totals.drawers[Drawer.WAITING]} chờ", "offline"


class ParcelTable(QAbstractTableModel):
    """Parcels by their ids; a row that was never shown is read when it is.

    Signals:
        rows_wanted(object): ids (tuple of str) of rows on the screen that are not known or may have changed.
    """

    rows_wanted = Signal(object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._ids: tuple[str, ...] = ()
        self._place: dict[str, int] = {}
        self._rows: OrderedDict[str, Seen] = OrderedDict()
        self._stale: set[str] = set()
        self._wanted: dict[str, None] = {}
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        self._queue: Queue | None = None
        self._sent: dict[str, tuple[int, int]] = {}

    # -- what is shown ------------------------------------------------------------------------------------------

    def set_ids(self, ids: Sequence[str], queue: Queue) -> None:
        """Take the queue as it is now. Rows keep their place on the screen when only their state changed."""
        self._queue = queue
        self._stale = set(self._rows)
        new = tuple(ids)
        if new == self._ids:
            self._changed(0, len(new) - 1)
            return
        self.beginResetModel()
        self._ids = new
        self._place = {parcel_id: row for row, parcel_id in enumerate(new)}
        self.endResetModel()

    def fill(self, rows: dict[str, Seen]) -> None:
        """The rows that were wanted."""
        for parcel_id, seen in rows.items():
            self._rows[parcel_id] = seen
            self._rows.move_to_end(parcel_id)
            self._stale.discard(parcel_id)
            if seen.parcel.state is not ParcelState.SENDING:
                self._sent.pop(parcel_id, None)
        while len(self._rows) > max(_KEPT, len(rows)):
            self._rows.popitem(last=False)
        places = [self._place[parcel_id] for parcel_id in rows if parcel_id in self._place]
        if places:
            self._changed(min(places), max(places))

    def set_progress(self, parcel_id: str, sent: int, total: int) -> None:
        """How many bytes of a parcel have left."""
        self._sent = {parcel_id: (sent, total)}
        row = self._place.get(parcel_id)
        if row is not None:
            cell = self.index(row, 3)
            self.dataChanged.emit(cell, cell)

    def _changed(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADINGS) - 1))

    def seen(self, row: int) -> Seen | None:
        """The row as it was read last; asked for when it is not known."""
        parcel_id = self._ids[row]
        found = self._rows.get(parcel_id)
        if found is None or parcel_id in self._stale:
            self._wanted[parcel_id] = None
            if not self._asking.isActive():
                self._asking.start()
        return found

    def _ask(self) -> None:
        wanted, self._wanted = tuple(self._wanted), {}
        self.rows_wanted.emit(wanted)

    def id_of(self, row: int) -> str:
        """The id of the parcel in a row."""
        return self._ids[row]

    def row_of(self, parcel_id: str) -> int | None:
        """The row a parcel stands in now, if it is shown."""
        return self._place.get(parcel_id)

    def line(self, seen: Seen) -> ParcelLine:
        """The state of a parcel as this table shows it."""
        assert self._queue is not None
        return parcel_line(seen, self._queue, self._sent.get(seen.parcel.id))

    # -- Qt -----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if way is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return HEADINGS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if column == 2 else None
        seen = self.seen(index.row()) if role in _ROLES else None
        if seen is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(seen, column)
            case Qt.ItemDataRole.DecorationRole if column == 3:
                line = self.line(seen)
                return signs.icon(line.icon, signs.role_colour(line.role))
            case Qt.ItemDataRole.ForegroundRole if column == 3:
                line = self.line(seen)
                return signs.role_colour(line.role) if line.role in ("stop", "ok") else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{HEADINGS[column]}: {self._text(seen, column)}"
        return seen.parcel if role == PARCEL_ROLE else None

    def _text(self, seen: Seen, column: int) -> str:
        parcel = seen.parcel
        if column == 0:
            return parcel.dossier_code
        if column == 1:
            return parcel.component_title + (f" (bản {parcel.version})" if parcel.version > 1 else "")
        return size_words(parcel.file_size) if column == 2 else self.line(seen).words


#: what a row has to be read for
_ROLES = frozenset(
    (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.AccessibleTextRole,
        PARCEL_ROLE,
    )
)
