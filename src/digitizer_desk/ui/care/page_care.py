# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Acts on one page that are looked at before they are taken: repairs; and which side of a note a page is.

Apart from the counter's other acts because a repair begins with a question to the pool lane and ends with Enter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import NoteSide, Page
from digitizer_desk.lanes import Task
from digitizer_desk.steps import pages
from digitizer_desk.steps.parts.mending import Mend, Proposal, offered
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.counter_work import CounterWork
from digitizer_desk.ui.models.pages import NOTE_WORDS
from digitizer_desk.ui.screens.inspector import Inspector
from digitizer_desk.ui.widgets.frame import Notice
from digitizer_desk.ui.widgets.picture import Picture, picture_of

#: what Ctrl+N makes of a page: with, without, not one of a pair
_NEXT_SIDE = {NoteSide.NONE: NoteSide.WITH, NoteSide.WITH: NoteSide.WITHOUT, NoteSide.WITHOUT: NoteSide.NONE}


class PageCare(QObject):
    """Runs repairs for one window.

    Signals:
        look_asked(str): the inspector is to be opened at this page.
    """

    look_asked = Signal(str)

    def __init__(self, desk: Desk, bridge: Bridge, inspector: Inspector, work: CounterWork) -> None:
        super().__init__(work)
        self._desk, self._bridge, self._inspector, self._work = desk, bridge, inspector, work
        self._asked: tuple[str, Mend] | None = None
        inspector.mend_asked.connect(self.propose)
        inspector.mend_taken.connect(self._take)
        inspector.note_asked.connect(self._mark_note)

    def commands(self, page: Page | None) -> dict[str, Callable[[], None]]:
        """What the keys of this room do just now; ``page`` is the one that is selected."""
        if page is None:
            return dict.fromkeys([*Mend, "note"], lambda: None)
        mends = {mend.value: (lambda mend=mend: self.propose(page.id, mend)) for mend in Mend}
        return {**mends, "note": lambda: self._mark_note(page.id)}

    def offers(self, page: Page) -> frozenset[Mend]:
        """The repairs that would help a page of the dossier on the counter."""
        component = next((c for c in self._components if any(p.id == page.id for p in c.pages)), None)
        if self._work.law is None or component is None:
            return frozenset()
        signed = component.document is not None and component.document.pages == component.page_list
        return frozenset() if signed else offered(page, self._work.law)

    @property
    def _components(self) -> tuple[Any, ...]:
        return self._work.dossier.components if self._work.dossier is not None else ()

    def propose(self, page_id: str, mend: Mend) -> None:
        """Make what a repair would make of a page, and show it beside the page; at most one is in the making."""
        dossier = self._work.dossier
        if dossier is None or self._asked is not None or self._inspector.comparing:
            return
        self._asked = (page_id, mend)

        def made(task: Task[Any]) -> None:
            self._asked = None
            found = self._work.value(task)
            if found is None or self._work.dossier is None or self._work.dossier.id != dossier.id:
                return
            self.look_asked.emit(page_id)
            self._inspector.show_proposal(*found)

        self._bridge.run("pool", self._make, dossier.id, page_id, mend, on_done=made)

    def _make(self, dossier_id: str, page_id: str, mend: Mend) -> tuple[Proposal, Picture]:
        wanted = pages.propose_repair(self._desk, dossier_id, page_id, mend)
        return wanted, picture_of(wanted.pixels)

    def _take(self, proposal: Proposal) -> None:
        self._work.act(pages.take_repair, proposal, self._work.officer)

    def _mark_note(self, page_id: str) -> None:
        page = next((p for c in self._components for p in c.pages if p.id == page_id), None)
        if page is None:
            return
        side = _NEXT_SIDE[page.note]
        words = f"Trang này là bản {NOTE_WORDS[side]}" if side in NOTE_WORDS else "Trang này không thuộc cặp ghi chú"

        def told() -> None:
            self._work.flashed.emit(Notice("ok", f"{words}. Nhấn Ctrl+N lần nữa để đổi.", answers=True))

        self._work.act(pages.mark_note, page_id, side, self._work.officer, then=told)
