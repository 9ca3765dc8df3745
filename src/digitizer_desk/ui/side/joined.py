# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""All rooms beside the counter, joined to what they do. One more room is one more line here.

Apart from the window so that it needs to know none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.incoming.work import IncomingWork
from digitizer_desk.ui.rooms import STOP_FIRST
from digitizer_desk.ui.screens.setup.screen import SettingsScreen
from digitizer_desk.ui.setup.strip import Ahead
from digitizer_desk.ui.side.help import ways
from digitizer_desk.ui.side.room import SideRoom
from digitizer_desk.ui.side.settings_work import SettingsWork

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow


def side_rooms(desk: Desk, bridge: Bridge, window: MainWindow) -> tuple[SideRoom, ...]:
    """The rooms of this window."""
    incoming = IncomingWork(desk, bridge, window)
    window.watch.incoming_seen.connect(incoming.looked)
    window.watch.incoming_failed.connect(incoming.failed)
    return (_settings(desk, bridge, window), *incoming.rooms)


def _settings(desk: Desk, bridge: Bridge, window: MainWindow) -> SideRoom:
    screen = SettingsScreen()
    work = SettingsWork(desk, bridge, screen, window)
    work.bug.connect(window.show_bug)
    Ahead(window, work)

    def lead(act: str) -> None:
        if act == "wizard":
            window.wizard.open_from(work)
        else:
            ways(work.desk, bridge, window)[act]()  # the desk as it is set now

    work.elsewhere.connect(lead)

    def enter(officer: Officer) -> bool:
        if window.rooms.work.scanning:
            window.rooms.work.flashed.emit(STOP_FIRST)
            return False
        work.open(officer)
        return True

    def leave() -> bool:
        if work.changed:
            work.changed = False
            window.desk_changed.emit(work.desk)
        return True

    return SideRoom("settings", screen, "Thiết lập", Place.SETTINGS, enter, leave, {"undo": work.undo})
