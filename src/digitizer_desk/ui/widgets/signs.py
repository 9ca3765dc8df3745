# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The signs that stand beside words: the colours of the five roles and small line drawings in them.

Apart from any screen because colour, icon and word always go together and must be the same everywhere.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

#: role -> (on light, on dark): each at least 4.5 : 1 against its ground (windows.md 10)
_COLOURS = {
    "ok": ("#1B6E33", "#7BD88F"),
    "mind": ("#8A5A00", "#F2C063"),
    "stop": ("#B3261E", "#FF8A80"),
    "work": ("#1A5FB4", "#8AB4F8"),
    "idle": ("#5F6368", "#9AA0A6"),
}
_ROLE_SIGNS = {"ok": "check", "mind": "alert", "stop": "x", "work": "play", "idle": "circle"}

#: strokes on a field of 24 x 24, round caps, 2 wide
_DRAWINGS = {
    "check": "M4.5 12.5 L10 18 L20 6.5",
    "x": "M6 6 L18 18 M18 6 L6 18",
    "alert": "M12 4 L21.5 20 H2.5 Z M12 10 V14.5 M12 17.2 V17.4",
    "info": "M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M12 11 V16.5 M12 7.8 V8",
    "circle": "M12 4.5 A7.5 7.5 0 1 1 11.99 4.5 Z",
    "box": "M4.5 4.5 H19.5 V19.5 H4.5 Z",
    "box_checked": "M4.5 4.5 H19.5 V19.5 H4.5 Z M8 12.5 L11 15.5 L16.5 8.5",
    "minus": "M6 12 H18",
    "forbidden": "M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M6 18 L18 6",
    "scanner": "M4 14 H20 V19 H4 Z M6 14 L17 6 M8 16.6 H8.2",
    "lock": "M6 11 H18 V20 H6 Z M8.5 11 V8 C8.5 3.5 15.5 3.5 15.5 8 V11",
    "person": "M12 4 A4 4 0 1 1 11.99 4 Z M4.5 20.5 C5 15 9 14 12 14 C15 14 19 15 19.5 20.5",
    "play": "M8 5.5 L18.5 12 L8 18.5 Z",
    "pause": "M8.5 5.5 V18.5 M15.5 5.5 V18.5",
    "send": "M12 19 V5.5 M6 11 L12 5 L18 11",
    "clock": "M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M12 7.5 V12 L15 14.5",
    "retry": "M19.5 12 A7.5 7.5 0 1 1 16.5 6 M17 2.5 V6.8 H12.7",
    "offline": "M4 4 L20 20 M3 10.5 C5 8.8 6.8 7.9 8.6 7.5 M13 7.1 C16 7.4 18.6 8.5 21 10.5 "
    "M7 14.2 C8.6 13 9.8 12.4 11.4 12.2 M12 18.4 V18.6",
    "question": "M8.5 9 C8.5 4.5 15.5 4.5 15.5 9 C15.5 12 12 11.8 12 15 M12 18.4 V18.6",
    "pen": "M4.5 19.5 L5.5 15 L16 4.5 L19.5 8 L9 18.5 Z M13.5 7 L17 10.5",
    "seal": "M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M12 8.5 A3.5 3.5 0 1 1 11.99 8.5 Z",
    "sealed": "M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M8 12.3 L11 15.3 L16 9",
    "search": "M10.5 4 A6.5 6.5 0 1 1 10.49 4 Z M15.5 15.5 L20.5 20.5",
    "list": "M5 6.5 H5.2 M9 6.5 H19.5 M5 12 H5.2 M9 12 H19.5 M5 17.5 H5.2 M9 17.5 H19.5",
    "chart": "M4.5 4.5 V19.5 H20 M8.5 16 V12 M12.5 16 V8 M16.5 16 V10.5",
    "token": "M4 9 H14 V15 H4 Z M14 10.5 H19 V13.5 H14 M7 12 H7.2",
}


def role_colour(role: str) -> QColor:
    """The colour of ok, mind, stop, work or idle, on the ground of the palette in use."""
    dark = QGuiApplication.palette().color(QPalette.ColorRole.Base).lightnessF() < 0.5
    return QColor(_COLOURS[role][dark])


def paper_colour(role: str) -> QColor:
    """The colour of a role on a page: paper is white in the dark as well."""
    return QColor(_COLOURS[role][0])


def role_sign(role: str) -> str:
    """The name of the drawing a role is shown with when none is named."""
    return _ROLE_SIGNS[role]


def pixmap(name: str, side: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """A drawing ``side`` pixels wide and high on a screen of this pixel ratio."""
    return _drawn(name, side, colour.name(), ratio)


def icon(name: str, colour: QColor) -> QIcon:
    """A drawing as an icon for lists and tables; it keeps its colour when its row is selected."""
    return _icon(name, colour.name(), QGuiApplication.palette().highlightedText().color().name())


@lru_cache(maxsize=128)
def _icon(name: str, colour: str, selected: str) -> QIcon:
    """Made once: a list of five hundred pages shows three of them."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        drawn = _drawn(name, 20, colour, ratio)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
            made.addPixmap(drawn, mode)
        made.addPixmap(_drawn(name, 20, selected, ratio), QIcon.Mode.Selected)
    return made


@lru_cache(maxsize=256)
def _drawn(name: str, side: int, colour: str, ratio: float) -> QPixmap:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" '
        f'stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"><path d="{_DRAWINGS[name]}"/></svg>'
    )
    pixels = round(side * ratio)
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn
