# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where F1 leads on to: how this machine is, what a help desk asks, the key card.

Apart from the window because settings and wizard lead to the same sheets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from digitizer_desk.desk import Desk
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.card import sheet as key_card
from digitizer_desk.ui.setup.checkup_work import show_checkup, show_facts
from digitizer_desk.ui.widgets.frame import Notice

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow

#: id of a way -> the words on its button
_WORDS = {
    "checkup": "&Kiểm tra máy này",
    "sheet": "&Phiếu thông tin máy",
    "keys_print": "&In thẻ phím",
    "keys_save": "Lưu &thẻ phím",
}


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


def worded(acts: Mapping[str, Callable[[], None]]) -> dict[str, tuple[str, Callable[[], None]]]:
    """The same with the words of their buttons, as F1 takes them."""
    return {way: (_WORDS[way], act) for way, act in acts.items()}
