# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where the keys land when a screen is opened.

Apart because Qt's own way, a focus proxy, fails twice: Tab behind the last control leads back to the proxy, so that
what stands before it is never reached, and a proxy that is hidden (a list with nothing in it) takes no keys at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractButton, QWidget


class Landing(QWidget):
    """A screen that hands the keys on to the first of its controls that can take them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lands_on: tuple[QWidget, ...] = ()

    def land_on(self, controls: Sequence[QWidget]) -> None:
        """The controls in question, the most wanted first."""
        self._lands_on = tuple(controls)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        for control in self._lands_on:
            if isinstance(control, QAbstractButton) and control.group() is not None and not control.isChecked():
                continue  # of several choices the one that is taken
            if control.isVisibleTo(self) and control.isEnabled():
                control.setFocus(event.reason())
                return
