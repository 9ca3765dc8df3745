# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages that were taken out of a dossier: all of them, with their pictures, each one key away from coming back.

Apart from undo, which goes back step by step: here any page is found, however long ago it was taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListView, QVBoxLayout, QWidget

from digitizer_desk.dossier.model import Page
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.pages import PAGE, PageDelegate, PageModel
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.buttons import ActButton

_WIDTH = 150


class TakenOut(QDialog):
    """Pages taken out, newest first.

    Signals:
        wanted(str): id of the page that is to be put back.
    """

    wanted = Signal(str)

    def __init__(
        self,
        pages: Sequence[tuple[str, Page]],
        run: Run,
        make_thumbnail: Callable[[Page, int], NDArray[np.uint8]],
        parent: QWidget | None = None,
    ) -> None:
        """``pages``: (title of the component, page)."""
        super().__init__(parent)
        self.setWindowTitle("Trang đã bỏ")
        self._titles = {page.id: title for title, page in pages}
        how = "Chọn trang rồi nhấn Enter để lấy lại." if pages else "Bỏ trang nào (Del), trang đó nằm ở đây."
        heading = QLabel(f"Trang đã bỏ vẫn được giữ. {how}")
        heading.setFont(theme.bold(self.font()))
        heading.setWordWrap(True)
        self.model = PageModel(run, make_thumbnail, self)
        self.model.set_side(round(_WIDTH * 1.414 * self.devicePixelRatioF()))
        self.model.set_pages(tuple(page for _title, page in pages))
        self.list = QListView()
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(4)
        self.list.setAccessibleName("Trang đã bỏ")
        self.list.setMinimumSize(4 * (_WIDTH + 30), round(_WIDTH * 1.414) + 80)
        self.list.setModel(self.model)
        self.list.setItemDelegate(PageDelegate(_WIDTH, self.list))
        self.list.activated.connect(lambda _index: self._put_back())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        close, go = ActButton("Esc  Đóng"), ActButton("Enter  Lấy lại trang", next_act=True)
        close.clicked.connect(self.reject)
        go.clicked.connect(self._put_back)
        go.setEnabled(bool(pages))
        row = QHBoxLayout()
        row.addWidget(self.told, 1)
        row.addWidget(close)
        row.addWidget(go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        if pages:
            self.list.setCurrentIndex(self.model.index(0))
        self._tell()
        self.list.setFocus()

    def _tell(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            self.told.setText("Chưa bỏ trang nào.")
            return
        page: Page = index.data(PAGE)
        self.told.setText(f"«{self._titles[page.id]}» · quét lúc {page.scanned_at:%H:%M ngày %d/%m/%Y}")

    def _put_back(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self.wanted.emit(index.data(PAGE).id)
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._put_back()
        else:
            super().keyPressEvent(event)
