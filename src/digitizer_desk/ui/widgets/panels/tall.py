# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A part of a dialog that is shown whole while the screen has room for it, and scrolls where type is too large.

Apart from a page that scrolls: here what stands beside it (a field, the buttons) must never leave the screen.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from digitizer_desk.ui import theme

#: the least that stays of it, in lines
_LEAST = 3


class Tall(QScrollArea):
    """As high as what is in it, and never so high that ``beside`` (px) finds no room on the screen."""

    def __init__(self, inside: QWidget, beside: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside, self._beside = inside, beside
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setWidget(inside)
        for ground in (inside, self.viewport()):
            ground.setAutoFillBackground(False)
        inside.installEventFilter(self)

    def _high(self) -> int:
        inside = self._inside
        whole = inside.minimumSizeHint().height()
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized) and inside.hasHeightForWidth():
            whole = max(whole, inside.heightForWidth(self.viewport().width()))
        room = theme.room(self).height() - self._beside()
        return min(whole, max(room, _LEAST * self.fontMetrics().lineSpacing()))

    def sizeHint(self) -> QSize:
        return QSize(self._inside.sizeHint().width(), self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._inside.minimumSizeHint().width(), self._high())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
