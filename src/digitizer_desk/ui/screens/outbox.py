# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The outbox: what waits, what is on its way, what the province sent back and what to do about it.

Apart from the counter because it is looked at between citizens, or when something came back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.ui.models.parcels import (
    KIND_WORDS,
    Kind,
    ParcelTable,
    QueueState,
    counts,
    explain,
    moment_words,
    queue_line,
    size_words,
)
from digitizer_desk.ui.widgets.buttons import ActButton, ChoiceButton
from digitizer_desk.ui.widgets.status_line import StatusLine

_ROW = 36


class Outbox(QWidget):
    """A table of parcels under the state of the queue, and below it the words of the one selected.

    Signals:
        open_asked(str, str): ids of the dossier and the component to be opened at the counter.
        send_asked(): send now, whatever pause there is.
    """

    open_asked = Signal(str, str)
    send_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parcels: tuple[Parcel, ...] = ()
        self._queue: QueueState | None = None
        self.line = StatusLine()
        self.line.set_bold(True)
        self.send = ActButton("F5  Gửi ngay")
        self.send.clicked.connect(self.send_asked)
        self.drawers = {kind: ChoiceButton(words) for kind, words in KIND_WORDS.items()}
        self._group = QButtonGroup(self)
        for button in self.drawers.values():
            self._group.addButton(button)
        self.drawers[Kind.ALL].setChecked(True)
        self._group.buttonClicked.connect(lambda _button: self._filter())
        self.search = QLineEdit()
        self.search.setPlaceholderText("Mã hồ sơ, tài liệu, số biên nhận…")
        self.search.setAccessibleName("Tìm trong hàng chờ gửi")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.model = ParcelTable(self)
        self.table = self._make_table()
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.details = _Details()
        self.details.open.clicked.connect(self._open)
        self._arrange()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Gói gửi tỉnh")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setStyleSheet("QTableView::item { padding: 0 8px; } QHeaderView::section { padding: 4px 8px; }")
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heading = table.horizontalHeader()
        heading.setHighlightSections(False)
        heading.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate((260, 340, 120)):
            table.setColumnWidth(column, width)
        heading.setStretchLastSection(True)
        table.activated.connect(lambda _index: self._open())
        table.selectionModel().currentRowChanged.connect(lambda *_: self._show_details())
        return table

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.line, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.send)
        filters = QHBoxLayout()
        for button in self.drawers.values():
            filters.addWidget(button)
        filters.addStretch(1)
        label = QLabel("&Tìm:")
        label.setBuddy(self.search)
        filters.addWidget(label)
        self.search.setMinimumSize(340, 36)
        filters.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.details)

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_queue(self, parcels: Sequence[Parcel], queue: QueueState) -> None:
        """Take the queue as it is now; the parcel selected stays selected."""
        kept = self.selected
        self._parcels = tuple(parcels)
        self._queue = queue
        line = queue_line(queue, self._parcels)
        self.line.show_state(line.role, line.words, line.icon)
        for kind, number in counts(self._parcels).items():
            self.drawers[kind].setText(f"{KIND_WORDS[kind]} {number}")
        offline = queue.offline_since is not None or not queue.connected
        self.model.set_parcels(self._parcels, queue.now, offline=offline)
        self._select(kept.id if kept is not None else "")

    def show_progress(self, parcel_id: str, sent: int, total: int) -> None:
        """Bytes of a parcel that have left."""
        self.model.set_progress(parcel_id, sent / total if total else 0.0)

    @property
    def selected(self) -> Parcel | None:
        index = self.table.currentIndex()
        return self.model.parcel(index.row()) if index.isValid() and index.row() < self.model.rowCount() else None

    def show_drawer(self, kind: Kind) -> None:
        """Open one of the four drawers."""
        self.drawers[kind].setChecked(True)
        self._filter()

    def _filter(self) -> None:
        kept = self.selected
        kind = next(kind for kind, button in self.drawers.items() if button.isChecked())
        self.model.set_filter(kind, self.search.text())
        self._select(kept.id if kept is not None else "")

    def _select(self, parcel_id: str) -> None:
        """Select this parcel, or the first one when it is not shown."""
        rows = self.model.rowCount()
        self.table.setVisible(rows > 0)
        self.empty.setVisible(rows == 0)
        if rows:
            row = self.model.row_of(parcel_id) or 0
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)
        else:
            wanted = self.search.text().strip()
            self.empty.setText(f"Không có gói nào khớp với «{wanted}»." if wanted else "Không có gói nào ở đây.")
        self._show_details()

    def _show_details(self) -> None:
        parcel = self.selected
        self.details.setVisible(parcel is not None)
        if parcel is not None and self._queue is not None:
            self.details.show_parcel(parcel, self.model, self._queue.now)

    def _open(self) -> None:
        parcel = self.selected
        if parcel is not None:
            self.open_asked.emit(parcel.dossier_id, parcel.component_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self.send_asked.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)


class _Details(QFrame):
    """What is known of one parcel: the province's own words, what to do, and its numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.what = StatusLine()
        self.what.set_bold(True)
        self.said = _text()
        self.do = _text()
        self.facts = _text()
        self.open = ActButton("Enter  &Mở hồ sơ")
        column = QVBoxLayout()
        for part in (self.what, self.said, self.do, self.facts):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.addLayout(column, 1)
        row.addWidget(self.open, 0, Qt.AlignmentFlag.AlignBottom)
        self.setMinimumHeight(120)

    def show_parcel(self, parcel: Parcel, model: ParcelTable, now: datetime) -> None:
        line = model.line(parcel)
        what, said, do = line.words, "", ""
        task = "Việc cần làm: "
        if parcel.state in (ParcelState.REJECTED, ParcelState.NEEDS_PERSON):
            message = explain(parcel, now)
            what, do = message.what, message.do
            said = f"«{parcel.said}» — lời của hệ thống tỉnh" if parcel.said else message.why
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
            f"đóng gói {moment_words(parcel.made_at, now)}",
        ]
        if parcel.tries:
            facts.append(f"đã gửi {parcel.tries} lần")
        self.facts.setText(" · ".join(facts))


def _text() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
