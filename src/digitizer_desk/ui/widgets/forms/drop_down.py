# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A drop-down field whose words begin where those of the text fields above and below it begin.

Apart because the style puts them at its own distance from the edge, and a form with two left edges looks torn.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.panels.ticks import ring

#: px that text fields have beside their inset and the style gives a drop-down anyway
_STYLE = 2


class DropDown(QComboBox):
    """Painted by the style, its words moved in as :func:`theme.inset` moves those of a text field."""

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(theme.INSET, 0)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() + QSize(theme.INSET, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.rect = option.rect.adjusted(theme.INSET - _STYLE, 0, 0, 0)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        ring(self)
