# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The dress a picture is taken in: Fusion style and a light or a dark palette."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

_LIGHT = {
    QPalette.ColorRole.Window: "#F3F4F6",
    QPalette.ColorRole.WindowText: "#1A1C1E",
    QPalette.ColorRole.Base: "#FFFFFF",
    QPalette.ColorRole.AlternateBase: "#F7F8FA",
    QPalette.ColorRole.Text: "#1A1C1E",
    QPalette.ColorRole.Button: "#FFFFFF",
    QPalette.ColorRole.ButtonText: "#1A1C1E",
    QPalette.ColorRole.Mid: "#C9CDD3",
    QPalette.ColorRole.Dark: "#9AA0A6",
    QPalette.ColorRole.Highlight: "#1A5FB4",
    QPalette.ColorRole.HighlightedText: "#FFFFFF",
    QPalette.ColorRole.PlaceholderText: "#5F6368",
}
_DARK = {
    QPalette.ColorRole.Window: "#1F2225",
    QPalette.ColorRole.WindowText: "#ECEDEE",
    QPalette.ColorRole.Base: "#16181A",
    QPalette.ColorRole.AlternateBase: "#1C1F22",
    QPalette.ColorRole.Text: "#ECEDEE",
    QPalette.ColorRole.Button: "#2B2F33",
    QPalette.ColorRole.ButtonText: "#ECEDEE",
    QPalette.ColorRole.Mid: "#3A3F44",
    QPalette.ColorRole.Dark: "#101214",
    QPalette.ColorRole.Highlight: "#8AB4F8",
    QPalette.ColorRole.HighlightedText: "#0B1B33",
    QPalette.ColorRole.PlaceholderText: "#9AA0A6",
}
_FADED = (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText)


def dress(application: QApplication, *, dark: bool) -> None:
    """Put the whole program into one of the two palettes, in the font of the desk."""
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    for role in _FADED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#7D8288"))
    application.setPalette(palette)
    font = QFont("Noto Sans")
    font.setPixelSize(15)
    application.setFont(font)
