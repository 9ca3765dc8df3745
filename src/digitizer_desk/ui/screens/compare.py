# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Two pictures of a page side by side, moving and zooming together; one is chosen, the other stays undoable.

Apart from the inspector: two pictures, three keys, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitizer_desk.dossier.model import VIETNAM, Page
from digitizer_desk.steps.parts.mending import MEND_NAMES, Proposal
from digitizer_desk.ui.models.measures import changed
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.drop_down import DropDown
from digitizer_desk.ui.widgets.page_view import PageView, Zoom
from digitizer_desk.ui.widgets.panels.wrap_row import WrapRow
from digitizer_desk.ui.widgets.status_line import StatusLine

#: role and words of a page's verdict
Verdict = Callable[[Page], tuple[str, str]]
#: puts the picture of a page into a view
Fill = Callable[[PageView, Page], None]


class Compare(QWidget):
    """Old on the left, new on the right.

    Signals:
        chosen(str, int): page id and the version to be used from now on.
        rescan_asked(str): scan this page once more.
        taken(object): the Proposal looked at is to be used.
        left(): it is not; the page stays as it is.
    """

    chosen = Signal(str, int)
    rescan_asked = Signal(str)
    taken = Signal(object)
    left = Signal()

    def __init__(self, fill: Fill, verdict: Verdict, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill = fill
        self._verdict = verdict
        self._old: tuple[Page, ...] = ()
        self._new: Page | None = None
        self._proposal: Proposal | None = None
        self.old_view, self.new_view = PageView(), PageView()
        self.old_line, self.new_line = StatusLine(), StatusLine()
        for line in (self.old_line, self.new_line):
            line.set_bold(True)
        self.changes = QLabel()
        self.changes.setTextFormat(Qt.TextFormat.PlainText)
        self.changes.setWordWrap(True)
        self.promise = QLabel()
        self.versions = DropDown()
        self.versions.setAccessibleName("Bản cũ để so")
        self.versions.activated.connect(lambda _index: self._show_old())
        self.old_view.looked.connect(self.new_view.follow)
        self.new_view.looked.connect(self.old_view.follow)
        self.use_new = ActButton("Enter  Dùng bản &mới", next_act=True)
        self.keep_old = ActButton("←  Giữ bản &cũ")
        self.again = ActButton("F6  Quét lần nữa")
        self.use_new.clicked.connect(self._use_new)
        self.keep_old.clicked.connect(self._keep_old)
        self.again.clicked.connect(self._again)
        for view in (self.old_view, self.new_view):
            view.installEventFilter(self)
        self._arrange()

    def _arrange(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(8)
        for line, extra, view, name in (
            (self.old_line, self.versions, self.old_view, "Bản cũ"),
            (self.new_line, None, self.new_view, "Bản mới"),
        ):
            view.setAccessibleName(name)
            heading = QHBoxLayout()
            heading.addWidget(line, 1)
            if extra is not None:
                heading.addWidget(extra)
            column = QVBoxLayout()
            column.addLayout(heading)
            column.addWidget(view, 1)
            sides.addLayout(column, 1)
        buttons = WrapRow()
        for button in (self.use_new, self.keep_old, self.again):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.add(button)
        buttons.add(self.promise)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(sides, 1)
        column.addWidget(self.changes)
        column.addWidget(buttons)

    def show_versions(self, older: Sequence[Page], new: Page) -> None:
        """Compare ``new`` with the latest of ``older``; another of them can be picked."""
        self._proposal = None
        self.again.setVisible(True)
        self.promise.setText("Bản không dùng vẫn hoàn tác được.")
        self._show(older, new, f"BẢN MỚI  {_made(new)}")

    def show_proposal(self, proposal: Proposal) -> None:
        """Compare a page with what a repair would make of it, which is kept only when it is taken."""
        self._proposal = proposal
        self.again.setVisible(False)
        self.promise.setText("Ảnh gốc luôn được giữ; dùng rồi vẫn hoàn tác được (Ctrl+Z).")
        self._show((proposal.before,), proposal.page, f"SAU KHI {MEND_NAMES[proposal.mend].upper()}")

    def _show(self, older: Sequence[Page], new: Page, heading: str) -> None:
        self._old = tuple(sorted(older, key=lambda page: page.version, reverse=True))
        self._new = new
        self.versions.clear()
        for page in self._old:
            self.versions.addItem(f"Bản {page.version} · {_made(page)}")
        self.versions.setVisible(len(self._old) > 1)
        role, words = self._verdict(new)
        self.new_line.show_state(role, f"{heading}   {words}")
        for view in (self.old_view, self.new_view):
            view.set_zoom(Zoom.FIT)
        self._fill(self.new_view, new)
        self._show_old()
        self.new_view.setFocus()

    @property
    def old(self) -> Page | None:
        """The older version shown."""
        return self._old[max(0, self.versions.currentIndex())] if self._old else None

    def _show_old(self) -> None:
        if self.old is not None:
            role, words = self._verdict(self.old)
            self.old_line.show_state(role, f"BẢN CŨ  {_made(self.old)}   {words}")
            self._fill(self.old_view, self.old)
            told = changed(self.old, self._new) if self._new is not None else ""
            self.changes.setText(told)
            self.changes.setVisible(bool(told))

    def _use_new(self) -> None:
        if self._proposal is not None:
            self.taken.emit(self._proposal)
        elif self._new is not None:
            self.chosen.emit(self._new.id, self._new.version)

    def _keep_old(self) -> None:
        if self._proposal is not None:
            self.left.emit()
        elif self.old is not None and self._new is not None:
            self.chosen.emit(self._new.id, self.old.version)

    def _again(self) -> None:
        if self._new is not None and self._proposal is None:
            self.rescan_asked.emit(self._new.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Left decide here; a view would scroll by them."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._decide(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._decide(event):
            super().keyPressEvent(event)

    def _decide(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._use_new()
        elif event.key() == Qt.Key.Key_Left:
            self._keep_old()
        elif event.key() == Qt.Key.Key_F6:
            self._again()
        else:
            return False
        return True


def _made(page: Page) -> str:
    """When a picture was captured, or that it was made from one that was."""
    if page.mended is not None:
        return "đã chỉnh"
    return page.scanned_at.astimezone(VIETNAM).strftime("%H:%M")
