# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What nobody foresaw: logged with a number, told calmly, one at a time; work already kept is safe.

Apart from the window because a failure may come from any lane, again and again, and must not stop the work each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.ui.screens.sheets import BugSheet
from digitizer_desk.ui.widgets.frame import Notice


class Bugs:
    """Tells failures over one window; ``flash`` shows a notice once."""

    def __init__(self, log: logging.Logger, flash: Callable[[Notice], None], window: QWidget) -> None:
        self._log, self._flash, self._window = log, flash, window
        self._telling = False
        self._told: set[str] = set()

    def show(self, problem: BaseException) -> None:
        """A failure that has words of its own is told with them: the store may fail under a look nobody asked for."""
        if isinstance(problem, DeskError):
            self._log.error("%s", problem)
            self._flash(Notice("stop", sentence(problem)))
            return
        sheet = BugSheet(problem, self._window)
        self._log.error("bug %s", sheet.number, exc_info=problem)
        if self._telling or sheet.number in self._told:
            # a look that is made every few seconds must not stop the work every few seconds
            self._flash(
                Notice("stop", f"Có trục trặc ngoài dự kiến (mã {sheet.number}). Các trang đã quét vẫn an toàn.")
            )
            sheet.deleteLater()
            return
        self._told.add(sheet.number)
        self._telling = True
        try:
            sheet.exec()
        finally:
            self._telling = False
