# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A signed document as it is: its pages with every mark on them, drawn from the file itself.

Apart from the inspector because nothing here is measured or mended: this is the very file that will be certified.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.page_view import PageView
from digitizer_desk.ui.widgets.picture import Picture

_KEYS = {
    Qt.Key.Key_PageDown: 1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_Left: -1,
}


class DocumentView(QDialog):
    """One page at a time. PgUp and PgDn turn over, + and - make it larger or smaller, Esc closes."""

    def __init__(
        self, title: str, pages: int, draw: Callable[[int], Picture], run: Run, parent: QWidget | None = None
    ) -> None:
        """``draw(page)`` gives page ``page`` (from 1) and runs on the pool lane."""
        super().__init__(parent)
        self.setWindowTitle(title)
        theme.open_at(self, 900, 760)
        self._pages, self._draw, self._run = pages, draw, run
        self.page = 1
        self.view = PageView()
        self.count = QLabel()
        close = ActButton("Esc  Đóng", next_act=True)
        close.clicked.connect(self.reject)
        self.back, self.on = ActButton("PgUp  Trang trước"), ActButton("PgDn  Trang sau")
        self.back.clicked.connect(lambda: self.turn_over(-1))
        self.on.clicked.connect(lambda: self.turn_over(1))
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.on)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.view.setFocus()
        self.view.installEventFilter(self)
        self._show()

    def turn_over(self, by: int) -> None:
        """Another page, if there is one."""
        if 1 <= self.page + by <= self._pages:
            self.page += by
            self._show()

    def _show(self) -> None:
        self.count.setText(f"trang {self.page}/{self._pages}")
        self.back.allow(self.page > 1, "Đây là trang đầu.")
        self.on.allow(self.page < self._pages, "Đây là trang cuối.")
        self.view.show_words("Đang mở…")
        page = self.page
        self._run("pool", self._draw, page, on_done=lambda task: self._drawn(task, page))

    def _drawn(self, task: Any, page: int) -> None:
        if page != self.page:
            return
        try:
            self.view.show_picture(task.result(), name=f"trang {page}")
        except DeskError as problem:
            self.view.show_words(sentence(problem))

    def eventFilter(self, watched: object, event: object) -> bool:
        """The view takes arrows for itself; here they turn over."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress and event.key() in _KEYS:
            self.turn_over(_KEYS[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]
