# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The stack of screens in the frame, each in a room of its own that scrolls when type is large.

Apart from the frame's other parts, which say something; this one only gives room.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QScrollArea, QStackedWidget, QWidget

#: px, the least height left to a screen
_LEAST = 120
#: a small window opens over the frame, or is gone again
_BLOCKING = frozenset({QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked})


class Screens(QStackedWidget):
    """The screens, of which one is shown. One that is higher than its room at large type scrolls: the frame around it
    never needs more height than a small screen has. None may be broader: nobody reads sideways. A hidden screen is not
    told that a small window lies over the frame: nobody can press a key there, and telling fifteen hundred widgets
    twice was a third of what opening that window took."""

    def addWidget(self, screen: QWidget) -> int:
        return super().addWidget(_Room(screen))

    def setCurrentWidget(self, screen: QWidget) -> None:
        """Show this one of those that were added."""
        super().setCurrentWidget(_room_of(screen) or screen)

    def currentWidget(self) -> QWidget | None:
        """The screen that is shown, not what it scrolls in."""
        return self.widget(self.currentIndex())

    def widget(self, place: int) -> QWidget | None:
        """The screen of this place."""
        room = super().widget(place)
        return room.page if isinstance(room, _Room) else room

    def hasHeightForWidth(self) -> bool:
        return False  # a stack would ask each for the height it likes best at this width

    def event(self, event: QEvent) -> bool:
        if event.type() in _BLOCKING:
            shown = super().currentWidget()
            return shown is None or QApplication.sendEvent(shown, event)
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        screens = (self.widget(place) for place in range(self.count()))
        broad = max((screen.minimumSizeHint().width() for screen in screens if screen is not None), default=0)
        return QSize(broad, _LEAST)


class _Room(QScrollArea):
    """What a screen scrolls in; its keys are the screen's and the window's."""

    def __init__(self, screen: QWidget) -> None:
        super().__init__()
        self.page = screen
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = screen.autoFillBackground()
        self.setWidget(screen)
        screen.setAutoFillBackground(ground)
        self.viewport().setAutoFillBackground(False)
        screen.installEventFilter(self)

    def _fit(self) -> None:
        """As high as the room, or as the screen cannot do without: Qt would scroll as soon as it likes to be higher."""
        layout, room = self.page.layout(), self.maximumViewportSize()
        least = self._least(layout, room.width())
        if least > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
            least = self._least(layout, room.width())
        self.page.resize(room.width(), max(room.height(), least))

    def _least(self, layout: QLayout | None, width: int) -> int:
        least = max(self.page.minimumSizeHint().height(), self.page.minimumHeight())
        if layout is not None and layout.hasHeightForWidth():
            least = max(least, layout.totalMinimumHeightForWidth(width))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.page and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


def _room_of(screen: QWidget) -> _Room | None:
    view = screen.parentWidget()
    room = view.parentWidget() if view is not None else None
    return room if isinstance(room, _Room) else None
