# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Controls in a row that goes on in another line where type is large or the window narrow.

Apart because Qt has no such row, and a row that cannot break makes the whole frame broader than the screen.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class WrapRow(QWidget):
    """Places its controls from the left; first they give up their padding, then they go on below.

    Tab goes through them in the order they were added. A control that is hidden takes no room.
    """

    def __init__(self, gap: int = 8, parent: QWidget | None = None) -> None:
        """``gap``: px between two controls, and between two lines."""
        super().__init__(parent)
        self._gap = gap
        self._parts: list[tuple[QWidget, int, bool]] = []
        self._pushed = False
        self._laid = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add(self, control: QWidget, stretch: int = 0) -> None:
        """One more; what room its line has left goes to those with ``stretch``."""
        control.setParent(self)
        self._parts.append((control, stretch, self._pushed))
        self._pushed = False
        self.updateGeometry()

    def push(self) -> None:
        """What is added from here on stands at the right end of its line."""
        self._pushed = True

    @property
    def _shown(self) -> list[tuple[QWidget, int, bool]]:
        return [part for part in self._parts if not part[0].isHidden()]

    def _lines(self, width: int) -> Iterator[list[tuple[QWidget, int, bool]]]:
        """The controls of each line: as few lines as their least widths allow."""
        line: list[tuple[QWidget, int, bool]] = []
        used = 0
        for part in self._shown:
            need = _least(part[0])
            if line and used + self._gap + need > width:
                yield line
                line, used = [], 0
            used += need + (self._gap if line else 0)
            line.append(part)
        if line:
            yield line

    def _height(self, width: int) -> int:
        lines = [max(_high(part[0]) for part in line) for line in self._lines(width)]
        return sum(lines) + self._gap * max(0, len(lines) - 1)

    def sizeHint(self) -> QSize:
        whole = [_wide(part[0]) for part in self._shown]
        width = sum(whole) + self._gap * max(0, len(whole) - 1)
        return QSize(width, self._height(self._laid or width))

    def minimumSizeHint(self) -> QSize:
        width = max((_least(part[0]) for part in self._shown), default=0)
        return QSize(width, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange):
            self._lay()
            self.updateGeometry()
        return super().event(event)

    def _lay(self) -> None:
        """Put every control in its place; ask for another height when that changed."""
        before = self._height(self._laid) if self._laid else -1
        self._laid, top = self.width(), 0
        for line in self._lines(self._laid):
            high = max(_high(part[0]) for part in line)
            self._lay_line(line, top, high)
            top += high + self._gap
        if self._height(self._laid) != before:
            self.updateGeometry()

    def _lay_line(self, line: list[tuple[QWidget, int, bool]], top: int, high: int) -> None:
        room = self._laid - self._gap * (len(line) - 1)
        widths = _shared([_least(part[0]) for part in line], [_wide(part[0]) for part in line], room)
        left_over, stretches = max(0, room - sum(widths)), sum(stretch for _control, stretch, _push in line)
        for place, (control, stretch, _push) in enumerate(line):
            share = left_over * stretch // stretches if stretches else 0
            widths[place] += max(0, min(share, control.maximumWidth() - widths[place]))
        left = 0
        for place, (control, _stretch, push) in enumerate(line):
            if push:  # to the right end: it and all behind it
                behind = sum(widths[place:]) + self._gap * (len(line) - place - 1)
                left = max(left, self._laid - behind)
            tall = min(_high(control), high)
            control.setGeometry(QRect(left, top + (high - tall) // 2, widths[place], tall))
            left += widths[place] + self._gap


def _least(control: QWidget) -> int:
    return max(control.minimumSizeHint().width(), control.minimumWidth())


def _wide(control: QWidget) -> int:
    return max(_least(control), min(control.sizeHint().width(), control.maximumWidth()))


def _high(control: QWidget) -> int:
    return max(control.sizeHint().height(), control.minimumHeight())


def _shared(least: list[int], wished: list[int], room: int) -> list[int]:
    """A width for each: what it wishes while there is room for all, else what is left shared by what is wished."""
    more = sum(wished) - sum(least)
    spare = max(0, min(room - sum(least), more))
    return [low + (high - low) * spare // more if more else low for low, high in zip(least, wished, strict=True)]
