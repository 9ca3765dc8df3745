# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The outbox: what waits, what is on its way, what the province sent back and what to do about it.

Apart from the counter because it is looked at between citizens, or when something came back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages.outbox import age_words, moment_words
from digitizer_desk.steps.outgoing.look import Queue
from digitizer_desk.store.tray.look import Drawer, Seen
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.flow import Flow
from digitizer_desk.ui.models.parcels import (
    DRAWER_WORDS,
    ParcelTable,
    explain,
    queue_line,
    size_words,
)
from digitizer_desk.ui.widgets.buttons import ActButton, ChoiceButton
from digitizer_desk.ui.widgets.forms.rows_table import dress_rows
from digitizer_desk.ui.widgets.panels.landing import Landing
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.panels.panel import Panel
from digitizer_desk.ui.widgets.panels.wrap_row import WrapRow
from digitizer_desk.ui.widgets.status_line import StatusLine

_ROW = 36
#: px: the field shrinks so far where type is large
_SEARCH = 150
#: failures whose details are the desk's own words
_OUR_WORDS = ("province.code_unmapped",)
T = TypeVar("T")


class Source(Protocol):
    """Where parcels are read: the cabinet's out-tray. On any lane but the window's."""

    def find(self, drawer: Drawer, words: Sequence[str], overdue_before: datetime) -> tuple[str, ...]: ...

    def rows(self, ids: Sequence[str]) -> dict[str, Seen]: ...


class Outbox(Landing):
    """A table of parcels under the state of the queue, and below it the words of the one selected.

    Signals:
        open_asked(str, str): ids of the dossier and the component to be opened at the counter.
        send_asked(): send now, whatever pause there is.
        first_asked(str): send the parcel of this id before all others.
        pause_asked(): pause sending, or go on.
        kept_asked(): show which copies leave this machine and when.
        incident_asked(): write the package for an incident.
        problem(object): reading failed with this DeskError.
    """

    open_asked = Signal(str, str)
    send_asked = Signal()
    first_asked = Signal(str)
    pause_asked = Signal()
    kept_asked = Signal()
    incident_asked = Signal()
    problem = Signal(object)

    def __init__(self, source: Source, run: Callable[..., object], parent: QWidget | None = None) -> None:
        """``run`` has the shape of ``Lanes.run`` and calls back on the window thread."""
        super().__init__(parent)
        self._source, self._run = source, run
        self._queue: Queue | None = None
        self._asked = 0
        self._keep = ""
        self.flow = Flow()
        self.line = StatusLine()
        self.line.set_bold(True)
        self.send = ActButton("F5  Gửi ngay")
        self.send.clicked.connect(self.send_asked)
        self.pause = ActButton("Ctrl+F5  Tạm dừng")
        self.pause.clicked.connect(self.pause_asked)
        self.kept = ActButton("Bản &lưu trên máy…")
        self.kept.clicked.connect(self.kept_asked)
        self.incident = ActButton("&Gói sự cố…")
        self.incident.clicked.connect(self.incident_asked)
        self.drawers = {drawer: ChoiceButton(words) for drawer, words in DRAWER_WORDS.items()}
        self._group = QButtonGroup(self)
        for button in self.drawers.values():
            self._group.addButton(button)
        self.drawers[Drawer.ALL].setChecked(True)
        self._group.buttonClicked.connect(lambda _button: self._filter())
        self.search = QLineEdit()
        self.search.setPlaceholderText("Mã hồ sơ, tài liệu, số biên nhận…")
        self.search.setAccessibleName("Tìm trong hàng chờ gửi")
        self.search.setClearButtonEnabled(True)
        theme.inset(self.search)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.model = ParcelTable(self)
        self.model.rows_wanted.connect(self._read_rows)
        self.table = self._make_table()
        self.empty = Nothing()
        self.details = _Details()
        self.details.open.clicked.connect(self._open)
        self.details.first.clicked.connect(self.send_first)
        self._arrange()
        self.land_on((self.table, self.search))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        dress_rows(table, "Gói gửi tỉnh", (260, 340, 120), _ROW)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setMinimumHeight(4 * table.verticalHeader().defaultSectionSize())  # the screen scrolls before it is less
        table.activated.connect(lambda _index: self._open())
        table.selectionModel().currentRowChanged.connect(lambda *_: self._show_details())
        return table

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.line, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.pause)
        top.addWidget(self.send)
        filters = WrapRow()
        for button in self.drawers.values():
            filters.add(button)
        filters.push()
        label = QLabel("&Tìm:")
        label.setBuddy(self.search)
        filters.add(label)
        self.search.setMinimumSize(_SEARCH, 36)
        self.search.setMaximumWidth(2 * _SEARCH)
        filters.add(self.search, 1)
        filters.add(self.kept)
        filters.add(self.incident)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(filters)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.details)

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_queue(self, queue: Queue) -> None:
        """Take the queue as it is now; the parcel selected stays selected."""
        self._queue = queue
        if not queue.totals.sending:
            self.flow.over()
        self._show_line()
        for drawer, number in queue.totals.drawers.items():
            self.drawers[drawer].setText(f"{DRAWER_WORDS[drawer]} {number}")
        late = queue.totals.drawers[Drawer.OVERDUE] > 0
        self.drawers[Drawer.OVERDUE].setVisible(late or self.drawers[Drawer.OVERDUE].isChecked())
        replaced = queue.totals.drawers[Drawer.SUPERSEDED] > 0
        self.drawers[Drawer.SUPERSEDED].setVisible(replaced or self.drawers[Drawer.SUPERSEDED].isChecked())
        self.pause.setText("Ctrl+F5  Gửi tiếp" if queue.paused else "Ctrl+F5  Tạm dừng")
        self._find()

    def _show_line(self) -> None:
        assert self._queue is not None
        line = queue_line(self._queue, self.flow, time.monotonic())
        self.line.show_state(line.role, line.words, line.icon)

    def show_progress(self, parcel_id: str, sent: int, total: int) -> None:
        """Bytes of a parcel that have left."""
        self.flow.note(parcel_id, sent, total, time.monotonic())
        self.model.set_progress(parcel_id, sent, total)
        if self._queue is not None:
            self._show_line()

    @property
    def selected(self) -> Seen | None:
        index = self.table.currentIndex()
        return self.model.seen(index.row()) if index.isValid() and index.row() < self.model.rowCount() else None

    def show_drawer(self, drawer: Drawer) -> None:
        """Open one of the drawers."""
        self.drawers[drawer].setVisible(True)
        self.drawers[drawer].setChecked(True)
        self._filter()

    def _filter(self) -> None:
        if self._queue is not None:
            self._find()

    # -- reading ------------------------------------------------------------------------------------------------

    def _find(self) -> None:
        """Ask which parcels are to be shown; only the newest answer counts."""
        assert self._queue is not None
        queue, words = self._queue, tuple(fold(self.search.text()).split())
        drawer = next(drawer for drawer, button in self.drawers.items() if button.isChecked())
        self._asked += 1
        turn = self._asked

        def came(task: Task[tuple[str, ...]]) -> None:
            if turn == self._asked and (ids := self._value(task)) is not None:
                self._show_ids(ids, queue)

        self._run("keys", self._source.find, drawer, words, queue.overdue_before, on_done=came)

    def _show_ids(self, ids: tuple[str, ...], queue: Queue) -> None:
        index = self.table.currentIndex()
        kept = self.model.id_of(index.row()) if index.isValid() else self._keep
        self.model.set_ids(ids, queue)
        self._select(kept)

    def _read_rows(self, ids: tuple[str, ...]) -> None:
        def came(task: Task[dict[str, Seen]]) -> None:
            rows = self._value(task)
            if rows is not None:
                self.model.fill(rows)
                self._show_details()

        self._run("keys", self._source.rows, ids, on_done=came)

    def _value(self, task: Task[T]) -> T | None:
        try:
            return task.result()
        except DeskError as problem:
            self.problem.emit(problem)
            return None

    def _select(self, parcel_id: str) -> None:
        """Select this parcel, or the first one when it is not shown."""
        rows = self.model.rowCount()
        self.table.setVisible(rows > 0)
        self.empty.setVisible(rows == 0)
        if rows:
            row = self.model.row_of(parcel_id) or 0
            self._keep = self.model.id_of(row)
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)
        else:
            wanted = self.search.text().strip()
            if wanted:
                self.empty.say(
                    f"Không có gói nào khớp với «{wanted}».", "Thử ít chữ hơn, hoặc chọn «Tất cả».", "search"
                )
            else:
                self.empty.say("Không có gói nào ở đây.", "Hồ sơ ký đủ, nhập đủ dữ liệu thì tự vào hàng chờ.", "send")
        self._show_details()

    def _show_details(self) -> None:
        seen = self.selected
        self.details.setVisible(seen is not None)
        if seen is not None and self._queue is not None:
            self.details.show_parcel(seen, self.model, self._queue.now)

    def send_first(self) -> None:
        """Ask that the parcel selected goes before all others, also when it was held for a person."""
        seen = self.selected
        if seen is not None and seen.parcel.state in (ParcelState.WAITING, ParcelState.NEEDS_PERSON):
            self.first_asked.emit(seen.parcel.id)

    def _open(self) -> None:
        seen = self.selected
        if seen is not None:
            self.open_asked.emit(seen.parcel.dossier_id, seen.parcel.component_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.send_asked.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)


class _Details(Panel):
    """What is known of one parcel: the province's own words, what to do, and its numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.what = StatusLine()
        self.what.set_bold(True)
        self.said = _text()
        self.do = _text()
        self.facts = _text()
        self.open = ActButton("Enter  &Mở hồ sơ")
        self.first = ActButton("Shift+F5  Gửi trước")
        column = QVBoxLayout()
        for part in (self.what, self.said, self.do, self.facts):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout()
        self.column.addLayout(row)
        row.addLayout(column, 1)
        row.addWidget(self.first, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.open, 0, Qt.AlignmentFlag.AlignBottom)
        self.setMinimumHeight(120)

    def show_parcel(self, seen: Seen, model: ParcelTable, now: datetime) -> None:
        line, parcel = model.line(seen), seen.parcel
        self.first.setVisible(parcel.state is ParcelState.WAITING)
        self.open.set_next_act(parcel.state in (ParcelState.REJECTED, ParcelState.NEEDS_PERSON))
        what, said, do = line.words, "", ""
        task = "Việc cần làm: "
        if parcel.state in (ParcelState.REJECTED, ParcelState.NEEDS_PERSON):
            message = explain(parcel, now)
            what, do = message.what, message.do
            theirs = parcel.said and parcel.error not in _OUR_WORDS
            said = f"«{parcel.said}» — lời của hệ thống tỉnh" if theirs else message.why
        elif parcel.state is ParcelState.WAITING and parcel.error:
            message = explain(parcel, now)
            said, do, task = f"Lần gửi trước: {message.what}", message.do, ""
        self.what.show_state(line.role, what, line.icon)
        for label, words in ((self.said, said), (self.do, task + do if do else "")):
            label.setText(words)
            label.setVisible(bool(words))
        facts = [
            parcel.dossier_code,
            parcel.component_title,
            f"bản {parcel.version}",
            size_words(parcel.file_size),
            f"đóng gói {moment_words(parcel.made_at, now)} (đã {age_words(now - parcel.made_at)})",
        ]
        if parcel.tries:
            facts.append(f"đã gửi {parcel.tries} lần")
        self.facts.setText(" · ".join(facts))
        held = parcel.state is ParcelState.NEEDS_PERSON
        self.first.setText("Shift+F5  Gửi lại" if held else "Shift+F5  Gửi trước")
        if held:
            self.first.show()


def _text() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
