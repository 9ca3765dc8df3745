# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A part of a screen under its title in capitals.

Apart from the panels because it has no ground and no frame: the columns of the counter are it.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from digitizer_desk.ui import theme


def titled(text: str, inside: QWidget, *below: QWidget) -> QWidget:
    """``inside`` takes all the room between its title and what stands below."""
    box = QFrame()
    box.setFrameShape(QFrame.Shape.NoFrame)
    label = QLabel(text)
    label.setObjectName("title")
    label.setFont(theme.bold(label.font(), 0.93))
    label.setContentsMargins(12, 8, 12, 6)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(label)
    column.addWidget(inside, 1)
    for one in below:
        column.addWidget(one)
    return box
