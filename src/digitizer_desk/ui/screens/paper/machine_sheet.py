# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Why a scanner is said to want cleaning: the pages that show it, with the place marked.

Apart from the inspector because these pages are of any dossier, and nothing is done with them here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from digitizer_desk.dossier.finding import Region
from digitizer_desk.dossier.model import VIETNAM, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import machine_words, sentence
from digitizer_desk.rules.watch import MachineHint, Trouble
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.pages import PAGE, PageDelegate, PageModel
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.drop_down import DropDown
from digitizer_desk.ui.widgets.page_view import Frame, PageView
from digitizer_desk.ui.widgets.picture import Picture, picture_of

_WIDTH = 120
#: px: room for a page on which a streak can be seen
_LEAST = (880, 640)
#: a streak is a few pixels wide: its frame leaves this share of the page on either side, so that it can be seen
_BESIDE = 0.012
_NAMES = {Trouble.STREAK: "Sọc dọc trang", Trouble.SHARPNESS: "Ảnh mờ dần", Trouble.LIGHT: "Ảnh tối dần"}


class MachineSheet(QDialog):
    """The evidence of one hint at a time.

    Signals:
        put_off(object): the MachineHint not to be told again today.
    """

    put_off = Signal(object)

    def __init__(
        self,
        evidence: Sequence[tuple[MachineHint, Sequence[Page]]],
        run: Run,
        load: Callable[[Page], NDArray[Any]],
        make_thumbnail: Callable[[Page, int], NDArray[np.uint8]],
        parent: QWidget | None = None,
    ) -> None:
        """``evidence``: each hint and the pages it rests on, newest first; ``load`` decodes a page on the pool lane."""
        super().__init__(parent)
        self.setWindowTitle("Máy quét cần lau")
        self._evidence, self._run, self._load = tuple(evidence), run, load
        self._wanted = ""
        self.words = QLabel()
        self.words.setFont(theme.bold(self.font()))
        self.words.setWordWrap(True)
        self.which = DropDown()
        self.which.setAccessibleName("Điều cần xem")
        self.which.addItems([_NAMES[hint.trouble] for hint, _pages in self._evidence])
        self.which.setVisible(len(self._evidence) > 1)
        self.which.currentIndexChanged.connect(lambda _row: self._show_hint())
        self.model = PageModel(run, make_thumbnail, self)
        self.model.set_side(round(_WIDTH * 1.414 * self.devicePixelRatioF()))
        self.list = QListView()
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Các trang cho thấy điều đó")
        self.list.setFixedWidth(_WIDTH + 44)
        self.list.setModel(self.model)
        self.list.setItemDelegate(PageDelegate(_WIDTH, self.list))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_page())
        self.view = PageView()
        self.setMinimumSize(*_LEAST)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self._arrange()
        self._show_hint()

    def _arrange(self) -> None:
        later, close = ActButton("&Không nhắc lại hôm nay"), ActButton("Esc  Đóng", next_act=True)
        later.clicked.connect(self._put_off)
        close.clicked.connect(self.reject)
        middle = QHBoxLayout()
        middle.addWidget(self.list)
        middle.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.addWidget(self.told, 1)
        row.addWidget(later)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addWidget(self.which)
        column.addLayout(middle, 1)
        column.addLayout(row)

    @property
    def hint(self) -> MachineHint:
        """The hint whose pages are shown."""
        return self._evidence[max(0, self.which.currentIndex())][0]

    def _show_hint(self) -> None:
        hint, pages = self._evidence[max(0, self.which.currentIndex())]
        self.words.setText(str(machine_words(hint)))
        self.model.set_pages(tuple(pages))
        if pages:
            self.list.setCurrentIndex(self.model.index(0))
        else:
            self.view.show_words("Các trang này không còn trong kho.")
        self._show_page()
        self.list.setFocus()

    def _show_page(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            return
        page: Page = index.data(PAGE)
        here = page.scanned_at.astimezone(VIETNAM)
        self.told.setText(f"Quét lúc {here:%H:%M ngày %d/%m/%Y}{_measured(page, self.hint.trouble)}")
        self._wanted = page.sha256
        self.view.show_words("Đang mở trang…")

        def loaded(task: Running) -> None:
            if not isValid(self) or self._wanted != page.sha256:
                return  # closed, or at another page by now
            try:
                picture = task.result()
            except DeskError as problem:
                self.view.show_words(sentence(problem))
                return
            self.view.show_picture(picture, page.turn, streak_frames(page, self.hint), _NAMES[self.hint.trouble])

        self._run("pool", self._open, page, on_done=loaded)

    def _open(self, page: Page) -> Picture:
        return picture_of(self._load(page))

    def _put_off(self) -> None:
        self.put_off.emit(self.hint)
        self.accept()


def streak_frames(page: Page, hint: MachineHint) -> tuple[Frame, ...]:
    """A frame round the streak the hint is about, as this page shows it."""
    place = hint.region
    if page.measures is None or place is None:
        return ()
    return tuple(
        Frame(
            Region(max(0.0, s.left - _BESIDE), s.top, min(1.0, s.right + _BESIDE), s.bottom),
            "Sọc",
            signs.paper_colour("mind"),
        )
        for s in page.measures.streaks
        if s.left <= place.right and place.left <= s.right
    )


def _measured(page: Page, trouble: Trouble) -> str:
    value = None
    if page.measures is not None and trouble is not Trouble.STREAK:
        value = page.measures.sharpness if trouble is Trouble.SHARPNESS else page.measures.light
    name = "độ nét" if trouble is Trouble.SHARPNESS else "độ sáng"
    return "" if value is None else f" · {name} {value:.2f}".replace(".", ",")
