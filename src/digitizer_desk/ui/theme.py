# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Palettes, type and measures of the windows: one hand for all screens, light and dark.

Apart from the screens so that none of them names a colour. Contrast of every pair is at least 4.5 : 1.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from digitizer_desk.memory import unswept

#: px at 100 %
TEXT = 15
GAP = 8
EDGE = 12
#: px between the edge of a field and its words, as in the cells of a table
INSET = 6

_SHARE = "share_of_type"

_Roles = QPalette.ColorRole
_LIGHT = {
    _Roles.Window: "#F3F4F6",
    _Roles.WindowText: "#1A1C1E",
    _Roles.Base: "#FFFFFF",
    _Roles.AlternateBase: "#F7F8FA",
    _Roles.Text: "#1A1C1E",
    _Roles.Button: "#FFFFFF",
    _Roles.ButtonText: "#1A1C1E",
    _Roles.Light: "#FFFFFF",
    _Roles.Midlight: "#E6E8EB",
    _Roles.Mid: "#C9CDD3",
    _Roles.Dark: "#9AA0A6",
    _Roles.Shadow: "#5F6368",
    _Roles.Highlight: "#1A5FB4",
    _Roles.HighlightedText: "#FFFFFF",
    _Roles.PlaceholderText: "#5F6368",
    _Roles.Link: "#1A5FB4",
    _Roles.LinkVisited: "#1A5FB4",
    _Roles.ToolTipBase: "#1A1C1E",
    _Roles.ToolTipText: "#FFFFFF",
}
_DARK = {
    _Roles.Window: "#1F2225",
    _Roles.WindowText: "#ECEDEE",
    _Roles.Base: "#16181A",
    _Roles.AlternateBase: "#1C1F22",
    _Roles.Text: "#ECEDEE",
    _Roles.Button: "#2B2F33",
    _Roles.ButtonText: "#ECEDEE",
    _Roles.Light: "#3A3F44",
    _Roles.Midlight: "#30353A",
    _Roles.Mid: "#4A5056",
    _Roles.Dark: "#101214",
    _Roles.Shadow: "#000000",
    _Roles.Highlight: "#8AB4F8",
    _Roles.HighlightedText: "#0B1B33",
    _Roles.PlaceholderText: "#9AA0A6",
    _Roles.Link: "#8AB4F8",
    _Roles.LinkVisited: "#8AB4F8",
    _Roles.ToolTipBase: "#ECEDEE",
    _Roles.ToolTipText: "#16181A",
}
#: Fusion draws the edge of a field, and a table's grid, in a darker shade of the window's colour: next to a dark window
#: nobody sees it. Fields and lists are told of a window whose shade stands out at 3 : 1: class -> (light, dark)
_EDGES = {
    "QLineEdit": ("#BEC2C6", "#9AA0A6"),
    "QAbstractSpinBox": ("#BEC2C6", "#9AA0A6"),
    "QComboBox": ("#BEC2C6", "#9AA0A6"),
    "QCheckBox": ("#BEC2C6", "#C9CDD3"),
    "QRadioButton": ("#BEC2C6", "#C9CDD3"),
    "QAbstractItemView": ("#E1E4E7", "#6B7178"),
    "QTextBrowser": ("#E1E4E7", "#6B7178"),
}
#: the row chosen in a list that does not have the keys: (light, dark), the words on it as on the highlight
_RESTING = ("#5C6B80", "#8593A6")
_FADED = (_Roles.Text, _Roles.WindowText, _Roles.ButtonText)

#: grounds of the header and of the banner: role -> (light ground, dark ground); text is white or black on them
_GROUNDS = {
    "ok": ("#1B6E33", "#7BD88F"),
    "mind": ("#8A5A00", "#F2C063"),
    "stop": ("#B3261E", "#FF8A80"),
    "work": ("#1A5FB4", "#8AB4F8"),
    "idle": ("#5F6368", "#9AA0A6"),
    "training": ("#6A1B9A", "#D9A6F2"),
}


def load_fonts(folder: Path) -> None:
    """Make the bundled fonts known, so that every desk looks alike whatever is installed."""
    for file in sorted(folder.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def system_is_dark() -> bool:
    """What the system prefers; light when it does not say."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def apply(application: QApplication, *, dark: bool, scale: float = 1.0) -> None:
    """Put the whole program into one of the two palettes, with type of ``TEXT`` px times ``scale``."""
    with unswept():  # a sweep would take a window that was left, and its widgets with it, while they are walked
        shares = _type_shares(application)
        _dress(application, dark, scale)
        for widget, share in shares:
            own = widget.font()
            own.setPixelSize(round(TEXT * scale * share))
            widget.setFont(own)


def _dress(application: QApplication, dark: bool, scale: float) -> None:
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    for role in _FADED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#7D8288"))
    palette.setColor(QPalette.ColorGroup.Disabled, _Roles.Highlight, QColor("#7D8288"))
    # a box nobody can type in lies in the ground, not on it
    palette.setColor(QPalette.ColorGroup.Disabled, _Roles.Base, palette.color(_Roles.Window))
    palette.setColor(QPalette.ColorGroup.Inactive, _Roles.Highlight, QColor(_RESTING[dark]))
    application.setPalette(palette)
    for kind, shades in _EDGES.items():
        edged = QPalette(palette)
        edged.setColor(_Roles.Window, QColor(shades[dark]))
        application.setPalette(edged, kind)  # type: ignore[arg-type]  # the stub says bytes, the binding wants str
    font = QFont("Noto Sans")
    font.setPixelSize(round(TEXT * scale))
    application.setFont(font)


def _type_shares(application: QApplication) -> list[tuple[QWidget, float]]:
    """Widgets with type of their own size, and how large it is beside the general one: they grow with it."""
    general = application.font().pixelSize()
    found: list[tuple[QWidget, float]] = []
    if general <= 0:  # not dressed yet
        return found
    for widget in application.allWidgets():
        size = widget.font().pixelSize()
        if not widget.testAttribute(Qt.WidgetAttribute.WA_SetFont) or size <= 0:
            continue
        share = widget.property(_SHARE)
        if share is None:  # once: rounding must not add up over many steps
            share = size / general
            widget.setProperty(_SHARE, share)
        found.append((widget, float(share)))
    return found


def is_dark() -> bool:
    """Whether the palette in use is the dark one."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Base).lightnessF() < 0.5


def ground(role: str) -> tuple[QColor, QColor]:
    """A filled ground of a role and the text colour on it."""
    light, dark = _GROUNDS[role]
    return (QColor(dark), QColor("#000000")) if is_dark() else (QColor(light), QColor("#FFFFFF"))


def highlight() -> QColor:
    """The colour of the next act and of the frame around what has the keys, also while another window is in front."""
    return QGuiApplication.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Highlight)


def highlighted_text() -> QColor:
    """The colour of words on :func:`highlight`."""
    return QGuiApplication.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText)


def mixed(over: QColor, under: QColor, share: float) -> QColor:
    """``share`` (0-1) of one colour laid over another."""
    pairs = ((over.red(), under.red()), (over.green(), under.green()), (over.blue(), under.blue()))
    return QColor(*(round(a * share + b * (1.0 - share)) for a, b in pairs))


def inset(field: QLineEdit) -> None:
    """Keep the words of a field off its edge."""
    field.setTextMargins(INSET, 0, INSET, 0)


def bold(font: QFont, factor: float = 1.0) -> QFont:
    """The same type, semi-bold, and larger by ``factor``."""
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    if font.pixelSize() > 0:
        made.setPixelSize(round(font.pixelSize() * factor))
    return made


def room(window: QWidget) -> QSize:
    """px a window may take on its screen beside its own frame and title."""
    screen = window.screen().availableGeometry()
    return QSize(screen.width(), screen.height() - 40)


def open_at(dialog: QWidget, width: int, height: int) -> None:
    """A first size in px at 100 %, never larger than the screen leaves beside frame and task bar."""
    free = room(dialog)
    dialog.resize(min(width, free.width() - 20), min(height, free.height() - 20))
