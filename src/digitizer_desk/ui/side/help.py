# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The F1 page and the ways that lead on from it: how this machine is, what a help desk asks, the key card.

Apart from the window because settings and wizard lead to the same sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from digitizer_desk.desk import Desk
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.card import sheet as key_card
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.screens.sheets import KeySheet
from digitizer_desk.ui.setup.checkup_work import show_checkup, show_facts
from digitizer_desk.ui.widgets.frame import Notice

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow

#: id of a way -> the words on its button
WAYS = (
    ("checkup", "&Kiểm tra máy này"),
    ("sheet", "&Phiếu thông tin máy"),
    ("keys_print", "&In thẻ phím"),
    ("keys_save", "&Lưu thẻ phím"),
)


def ways(desk: Desk, bridge: Bridge, window: MainWindow) -> Mapping[str, Callable[[], None]]:
    """What each way does in this window."""

    def told(answer: tuple[str, str] | None) -> None:
        if answer is not None:
            window.banner.flash(Notice(*answer))

    return {
        "checkup": lambda: show_checkup(desk, bridge, window.show_bug, window),
        "sheet": lambda: show_facts(desk, bridge, window.show_bug, window),
        "keys_print": lambda: told(key_card.printed(window)),
        "keys_save": lambda: told(key_card.saved(window)),
    }


def show_help(desk: Desk, bridge: Bridge, window: MainWindow, place: Place, hint: str) -> None:
    """The keys of this screen and today's problem; then whatever was pressed there."""
    shown = window.banner.shown
    roles = window.officer.roles if window.officer is not None else ()
    sheet = KeySheet(place, hint, shown.text if shown is not None else "", window, roles=roles, ways=WAYS)
    try:
        sheet.exec()
    finally:
        sheet.deleteLater()
    if sheet.asked:
        ways(desk, bridge, window)[sheet.asked]()
