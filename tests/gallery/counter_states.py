# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States of the counter and of the program around it: every component and page state side by side, what a cut left."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QWidget

from digitizer_desk.steps.tidy import Stray
from digitizer_desk.store.pages import NewPage, RecoveredPage
from digitizer_desk.ui.screens.paper.recovered import RecoveredDialog
from gallery.at_once import AtOnce
from gallery.papers import page, pixels
from gallery.people import DOSSIER, NOW
from gallery.states import state


def stray(number: int, *, here: bool = True, replaces: str | None = None) -> Stray:
    """Page ``number`` of those a cut left; not ``here``: its dossier is in another cabinet."""
    at = NOW - timedelta(minutes=9, seconds=-number * 4)
    facts = NewPage(2480, 3508, (300.0, 300.0), (210.0, 297.0), at, "fi-8170")
    kept = RecoveredPage(f"{number:064d}", 1_400_000, "c3", facts, replaces)
    return Stray(kept, "d1", DOSSIER, "Giấy tờ của cha, mẹ") if here else Stray(kept)


@state("recovered-pages", shown=True)
def recovered_pages() -> QWidget:
    strays = (stray(1), stray(2), stray(3, replaces="p3"), stray(4, here=False))
    shown = {one.page.sha256: page(number) for number, one in enumerate(strays, start=1)}
    return RecoveredDialog(strays, "Giấy chứng sinh", lambda one: pixels(shown[one.page.sha256]), AtOnce())
