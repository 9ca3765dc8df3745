# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One sheet of paper, made small off the window thread and fitted into what room there is.

Apart because whose paper it is must be seen wherever paper without a place is given one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from shiboken6 import isValid

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.picture import as_image


class SheetPreview(QLabel):
    """Shows what was asked for last; an older answer that comes late is passed over."""

    def __init__(self, run: Run, name: str, parent: QWidget | None = None) -> None:
        """``name`` is spoken by screen readers."""
        super().__init__(parent)
        self._run = run
        self._asked = 0
        self._picture: QPixmap | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setMinimumSize(320, 360)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName(name)

    def show_sheet(self, make: Callable[..., NDArray[np.uint8]], *args: Any) -> None:
        """Ask the pool lane for a picture (RGB, uint8) and show it, or the words of what went wrong."""
        self._asked += 1
        asked, self._picture = self._asked, None
        self.setText("Đang mở…")

        def came(task: Any) -> None:
            if not isValid(self) or asked != self._asked:
                return
            try:
                self._picture = QPixmap.fromImage(as_image(task.result()))
            except DeskError as problem:
                self.setText(sentence(problem))
                return
            self._fit()

        self._run("pool", make, *args, on_done=came)

    def clear_sheet(self) -> None:
        """Nothing is chosen."""
        self._asked += 1
        self._picture = None
        self.clear()

    def _fit(self) -> None:
        if self._picture is not None:
            ratio = self.devicePixelRatioF()
            fitted = self._picture.scaled(
                self.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            fitted.setDevicePixelRatio(ratio)
            self.setPixmap(fitted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
