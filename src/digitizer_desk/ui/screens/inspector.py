# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The page inspector: one page large, what was measured on it, and what can be done about it.

Apart from the counter because here the eye rests on one page; everything it does is done through the counter's steps.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.model import Component, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.steps.parts.mending import Mend, Proposal
from digitizer_desk.ui.care.marks import ZOOM_KEYS, PageStrip, frames, list_pages, verdict
from digitizer_desk.ui.commands import BY_ID
from digitizer_desk.ui.models.counting import count_lines
from digitizer_desk.ui.models.measures import LimitLike, measure_rows
from digitizer_desk.ui.models.pages import has_note
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.screens.compare import Compare
from digitizer_desk.ui.screens.keep_page import KeepPage, KeepReason, may_keep
from digitizer_desk.ui.widgets.buttons import ActButton, ChoiceButton
from digitizer_desk.ui.widgets.measure_table import MeasureTable
from digitizer_desk.ui.widgets.page_view import PageView, Zoom
from digitizer_desk.ui.widgets.panels.wrap_row import WrapRow
from digitizer_desk.ui.widgets.picture import Picture, picture_of

#: pictures of this many pages stay ready (about 47 MB each for A4 at 300 dpi)
_PICTURES = 4
Offers = Callable[[Page], frozenset[Mend]]
_ZOOMS = {Zoom.FIT: "&Vừa trang", Zoom.FULL: "&100 %", Zoom.DOUBLE: "&200 %"}


class Inspector(QWidget):
    """Pages on the left, the page in the middle, its measures on the right, the acts below.

    Signals:
        back_asked(): return to the counter.
        page_shown(str): id of the page now looked at.
        rescan_asked(str), turn_asked(str), remove_asked(str), note_asked(str): acts on a page id.
        mend_asked(str, object): page id and the Mend to be shown beside the page as it is.
        mend_taken(object): the Proposal to be used from now on.
        keep_asked(str, str, str, str): page id, rule, id of the reason, the clerk's own words.
        version_chosen(str, int): page id and the version to be used.
    """

    back_asked = Signal()
    page_shown = Signal(str)
    rescan_asked = Signal(str)
    turn_asked = Signal(str)
    remove_asked = Signal(str)
    note_asked = Signal(str)
    mend_asked = Signal(str, object)
    mend_taken = Signal(object)
    keep_asked = Signal(str, str, str, str)
    version_chosen = Signal(str, int)

    def __init__(
        self,
        run: Run,
        load: Callable[[Page], NDArray[Any]],
        versions: Callable[[str], Sequence[Page]] = lambda _page_id: (),
        parent: QWidget | None = None,
    ) -> None:
        """``load`` decodes a page's pixels and ``versions`` lists all versions of one; both run on the pool lane."""
        super().__init__(parent)
        self._run = run
        self._load = load
        self._versions = versions
        self._component: Component | None = None
        self._listed: tuple[Page, ...] = ()
        self._limits: Mapping[str, LimitLike] = {}
        self._reasons: tuple[KeepReason, ...] = ()
        self._offers: Offers = _no_offers
        self._pictures: OrderedDict[str, Picture] = OrderedDict()
        self._wanted: dict[PageView, str] = {}
        self.heading = QLabel()
        self.strip = PageStrip()
        self.view = PageView()
        self.measures = MeasureTable()
        self.compare = Compare(self._fill, verdict)
        self.zooms = {zoom: ChoiceButton(words) for zoom, words in _ZOOMS.items()}
        self.back = ActButton("Esc  Quay lại")
        self.rescan = ActButton("F6  Quét lại trang này")
        self.turn = ActButton("Ctrl+R  Xoay")
        self.mends = {mend: ActButton(_words_of(mend.value)) for mend in Mend}
        self.note = ActButton(f"{BY_ID['note'].keys[0]}  Ghi chú")
        self.remove = ActButton("Del  Bỏ trang")
        self.keep = ActButton("&Giữ trang, ghi lý do…")
        self.older = ActButton("So &bản cũ")
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        self.strip.currentRowChanged.connect(lambda _row: self._show_page())
        self.view.looked.connect(lambda look: self._mark_zoom(look.zoom))
        for quiet in (*self.zooms.values(), *self._acts, self.back):
            quiet.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the page
        for zoom, button in self.zooms.items():
            button.clicked.connect(lambda _on, zoom=zoom: self.view.set_zoom(zoom))
        self.back.clicked.connect(self.go_back)
        self.rescan.clicked.connect(lambda: self._act(self.rescan_asked))
        self.turn.clicked.connect(lambda: self._act(self.turn_asked))
        for mend, act in self.mends.items():
            act.clicked.connect(lambda _on, mend=mend: self.ask_mend(mend))
        self.note.clicked.connect(lambda: self._act(self.note_asked))
        self.remove.clicked.connect(lambda: self._act(self.remove_asked))
        self.keep.clicked.connect(self.ask_keep)
        self.older.clicked.connect(self.compare_older)
        self.compare.chosen.connect(self._choose)
        self.compare.rescan_asked.connect(self.rescan_asked)
        self.compare.taken.connect(self._take_mend)
        self.compare.left.connect(self._show_page)

    @property
    def _acts(self) -> tuple[ActButton, ...]:
        return (self.rescan, self.turn, *self.mends.values(), self.note, self.remove, self.keep, self.older)

    def _arrange(self) -> None:
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        self._grow()
        self.strip.setIconSize(QSize(20, 20))
        self.strip.setAccessibleName("Các trang")
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        group = QButtonGroup(self)
        group.setExclusive(False)
        for button in self.zooms.values():
            group.addButton(button)
            top.addWidget(button)
        top.addSpacing(24)
        top.addWidget(self.back)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.strip)
        middle.addWidget(self.view, 1)
        middle.addWidget(self.measures)
        acts = WrapRow()
        for act in self._acts:
            acts.add(act)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(middle, 1)
        column.addWidget(acts)
        self._pages = QStackedWidget()
        self._pages.addWidget(one)
        self._pages.addWidget(self.compare)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.addLayout(top)
        outer.addWidget(self._pages, 1)

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_component(
        self,
        component: Component,
        page_id: str = "",
        *,
        limits: Mapping[str, LimitLike] | None = None,
        reasons: Sequence[KeepReason] | None = None,
        offers: Offers | None = None,
    ) -> None:
        """Show a component's pages, this one first; also called when it has changed, and then keeps place and zoom.

        ``offers`` says which repairs would help a page; only these are shown.
        """
        wanted = page_id or (self.page.id if self.page is not None else "")
        self._component = component
        self._limits = self._limits if limits is None else limits
        self._reasons = self._reasons if reasons is None else tuple(reasons)
        self._offers = self._offers if offers is None else offers
        numbers = {page.id: row for row, page in enumerate(component.pages)}
        before = self.strip.currentRow()
        self.strip.blockSignals(True)
        list_pages(self.strip, self._listed, component.pages)
        self._listed = component.pages
        row = numbers.get(wanted, min(max(before, 0), len(component.pages) - 1))
        self.strip.setCurrentRow(row)
        self.strip.blockSignals(False)
        self.measures.show_count(count_lines(component))
        self._show_page()

    def _grow(self) -> None:
        self.strip.setFixedWidth(max(150, 9 * self.fontMetrics().averageCharWidth() + 90))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_pages"):
            self._grow()

    @property
    def page(self) -> Page | None:
        """The page looked at."""
        row = self.strip.currentRow()
        if self._component is None or not 0 <= row < len(self._component.pages):
            return None
        return self._component.pages[row]

    @property
    def comparing(self) -> bool:
        return self._pages.currentWidget() is self.compare

    def show_rescanned(self, old: Page, new: Page) -> None:
        """Compare a page with its re-scan."""
        self._compare((old,), new)

    def show_proposal(self, proposal: Proposal, picture: Picture) -> None:
        """Show a page beside what a repair would make of it; ``picture`` is of that, which is kept nowhere yet."""
        self._keep_picture(proposal.page.sha256, picture)
        self._begin_comparison("bản cũ và bản chỉnh")
        self.compare.show_proposal(proposal)

    def _take_mend(self, proposal: Proposal) -> None:
        self._show_page()
        self.mend_taken.emit(proposal)

    def _show_page(self) -> None:
        self._pages.setCurrentIndex(0)
        for button in self.zooms.values():
            button.setVisible(True)
        page = self.page
        title = self._component.title if self._component is not None else ""
        for act in (self.rescan, self.turn, self.remove):
            act.setEnabled(page is not None)
        helpful = self._offers(page) if page is not None else frozenset()
        for mend, act in self.mends.items():
            act.setVisible(mend in helpful)
        self.note.setVisible(page is not None and has_note(page))
        self.keep.setEnabled(page is not None and bool(may_keep(page)))
        self.older.setVisible(page is not None and page.version > 1)
        if page is None:
            self.heading.setText(title)
            self.view.show_words("Chưa có trang nào.")
            self.measures.show_rows((), None)
            return
        number = self.strip.currentRow() + 1
        self.heading.setText(f"{title} · trang {number}/{self.strip.count()}")
        self.measures.show_rows(measure_rows(page, self._limits), number)
        self._fill(self.view, page)
        self.page_shown.emit(page.id)

    # -- pictures -----------------------------------------------------------------------------------------------

    def _fill(self, view: PageView, page: Page) -> None:
        """Put a page's picture into a view, now if it is at hand, else when the pool has decoded it."""
        self._wanted[view] = page.sha256
        picture = self._pictures.get(page.sha256)
        if picture is not None:
            self._pictures.move_to_end(page.sha256)
            view.show_picture(picture, page.turn, frames(page), f"{verdict(page)[1]}")
            return
        view.show_words("Đang mở trang…")

        def loaded(task: Running) -> None:
            if self._wanted.get(view) != page.sha256:
                return
            try:
                self._keep_picture(page.sha256, task.result())
            except DeskError as problem:
                view.show_words(sentence(problem))
                return
            self._fill(view, page)

        self._run("keys", self._open_picture, page, on_done=loaded)

    def _open_picture(self, page: Page) -> Picture:
        return picture_of(self._load(page))

    def _keep_picture(self, sha256: str, picture: Picture) -> None:
        self._pictures[sha256] = picture
        while len(self._pictures) > _PICTURES:
            self._pictures.popitem(last=False)

    def _mark_zoom(self, now: Zoom) -> None:
        for zoom, button in self.zooms.items():
            button.setChecked(zoom is now)

    # -- acts ---------------------------------------------------------------------------------------------------

    def _act(self, signal: Any) -> None:
        if self.page is not None:
            signal.emit(self.page.id)

    def ask_mend(self, mend: Mend) -> None:
        """Ask for what a repair would make of this page."""
        if self.page is not None and not self.comparing:
            self.mend_asked.emit(self.page.id, mend)

    def ask_keep(self) -> None:
        """Ask for the reason to keep this page."""
        page = self.page
        if page is None or not may_keep(page):
            return
        dialog = KeepPage(self.strip.currentRow() + 1, may_keep(page), self._reasons, self)
        if dialog.exec() == KeepPage.DialogCode.Accepted:
            self.keep_asked.emit(page.id, dialog.rule, dialog.reason, dialog.words)

    def compare_older(self) -> None:
        """Fetch the older versions of this page and show the last of them beside it."""
        page = self.page
        if page is None or page.version < 2:
            return

        def listed(task: Running) -> None:
            try:
                older = [version for version in task.result() if version.version != page.version]
            except DeskError as problem:
                self.view.show_words(sentence(problem))
                return
            if older and self.page is not None and self.page.id == page.id:
                self._compare(older, page)

        self._run("keys", self._versions, page.id, on_done=listed)

    def _compare(self, older: Sequence[Page], new: Page) -> None:
        self._begin_comparison("so hai bản")
        self.compare.show_versions(older, new)

    def _begin_comparison(self, words: str) -> None:
        self._pages.setCurrentWidget(self.compare)
        for button in self.zooms.values():
            button.setVisible(False)
        self.heading.setText(f"{self._component.title if self._component else ''} · {words}")

    def _choose(self, page_id: str, version: int) -> None:
        self._show_page()
        self.version_chosen.emit(page_id, version)

    def go_back(self) -> None:
        """Leave the comparison, or the inspector."""
        if self.comparing:
            self._show_page()
        else:
            self.back_asked.emit()

    # -- keys ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.go_back()
        elif self.comparing:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._act(self.turn_asked)
        elif key == Qt.Key.Key_F6:
            self._act(self.rescan_asked)
        elif key == Qt.Key.Key_Delete:
            self._act(self.remove_asked)
        elif key in ZOOM_KEYS:
            self.view.keyPressEvent(event)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = 1 if key == Qt.Key.Key_PageDown else -1
            self.strip.setCurrentRow(min(max(self.strip.currentRow() + step, 0), self.strip.count() - 1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.strip.setCurrentRow(0 if key == Qt.Key.Key_Home else self.strip.count() - 1)
        else:
            super().keyPressEvent(event)


def _no_offers(_page: Page) -> frozenset[Mend]:
    return frozenset()


def _words_of(command_id: str) -> str:
    command = BY_ID[command_id]
    return f"{command.keys[0]}  {command.name}"
