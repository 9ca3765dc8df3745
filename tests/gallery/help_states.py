# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F1 over a faulty page, F1 in a small window, and the guide. Imported for its states."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from digitizer_desk import paths
from digitizer_desk.dossier.model import Role
from digitizer_desk.messages import finding_words
from digitizer_desk.messages.help import SCREENS
from digitizer_desk.ui.commands import Place, in_force
from digitizer_desk.ui.help.guide import GuideWindow
from digitizer_desk.ui.help.sheet import HelpSheet, Told
from digitizer_desk.ui.widgets.frame import Notice
from gallery.papers import BLURRED
from gallery.states import state


@state("help-counter")
def help_counter() -> QWidget:
    blurred = Notice("stop", str(finding_words(BLURRED, 3)), "rescan", BLURRED)
    count = Notice("mind", "Giấy có mấy mặt? Gõ số mặt rồi Enter.")
    keys = in_force(Place.COUNTER, {Role.CLERK})
    return HelpSheet(Told(SCREENS["counter"], (blurred, count), "rescan", keys))


@state("help-search")
def help_search() -> QWidget:
    made = HelpSheet(Told(SCREENS["counter"], (), "scan", in_force(Place.COUNTER, {Role.CLERK})))
    made.search.setText("quet lai")
    return made


@state("help-signing")
def help_signing() -> QWidget:
    return HelpSheet(Told(SCREENS["signing"]))


@state("guide")
def guide() -> QWidget:
    made = GuideWindow(paths.guides())
    made.show_chapter("Quét lại một trang")
    return made


@state("guide-search")
def guide_search() -> QWidget:
    made = GuideWindow(paths.guides())
    made.search.setText("ma pin")
    return made
