# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a press on the status strip opens: the screen of that thing, or the step that sets it up.

Apart from the window because a place that says "chưa chọn" must lead to where one chooses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitizer_desk.ui.screens.setup.wizard_table import View

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow


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
