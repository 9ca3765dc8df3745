# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The status strip and the setting up: what a press on it opens, and what it says while a desk is being set.

Apart from the window because a place that says "chưa chọn" must lead to where one chooses, and must not say so any
longer than it is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from digitizer_desk.ui.screens.setup.wizard_table import View

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow
    from digitizer_desk.ui.side.settings_work import SettingsWork


def place_pressed(window: MainWindow, place: str) -> None:
    """A place of the strip was pressed."""
    if place == "outbox":
        window.do("outbox")
    elif place == "officer":
        window.lock()
    elif place == "scanner":
        window.watch.look_scanner()
        if window.rooms.machine.hints:
            window.do("machine")
        elif not window.wizard.facts.scanner_chosen:
            window.wizard.open_view(View.SCANNER)
    elif place == "token" and window.strip.role("token") != "ok":
        window.wizard.open_view(View.TOKEN)


#: values that make up the way to the province
_WAY = frozenset(("province.base_url", "province.ca_file", "province.desk_id", "secret"))


class Ahead(QObject):
    """Keeps the strip at what was just set and just tried, while the window still has the desk it was opened with."""

    def __init__(self, window: MainWindow, work: SettingsWork) -> None:
        super().__init__(work)
        self._window, self._work = window, work
        work.settled.connect(self._settled)
        work.answered.connect(self._answered)

    def _settled(self, key: str) -> None:
        if key == "scanner.id":
            self._window.watch.set_up(self._work.desk)
        elif key in _WAY:
            self._window.rooms.outgoing.see_from(self._work.desk, "untried")

    def _answered(self, act: str, role: str) -> None:
        if act != "try_province":
            return
        held = role in ("ok", "mind")
        self._window.rooms.outgoing.see_from(self._work.desk, "" if held else "broken")
        if held:
            self._window.watch.send_by(self._work.desk)
