# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The findings of a component as a whole, judged once for each change of it and never on the way of a key.

Apart from the counter's acts because the banner asks at every key: pages are compared with each other, which takes
longer than an answer may when there are hundreds of them.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.finding import Comparisons, Finding, PageMeasures
from digitizer_desk.dossier.model import Component, Dossier
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.steps import check
from digitizer_desk.ui.bridge import Bridge

#: pages that are compared within some ms, also where all of them are the same form: the banner of a usual part never
#: lags behind its pages
_AT_ONCE = 10
#: a large component is judged when it has stayed as it is for so long: the next key of a row does not meet the work
#: that the one before it began
_STILL_MS = 300
#: what a comparison rests on: the pages in their order, each with its version and measures
_Pictures = tuple[tuple[str, int, PageMeasures | None], ...]


class Judging(QObject):
    """Remembers what was judged last; a large component is judged on the pool lane. Its pages are compared again only
    when other pictures lie in it, or in another order: a page that is turned is the same picture.

    Signals:
        judged(): the findings of a large component are there.
    """

    judged = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._asked: tuple[Component, int | None] | None = None
        self._known: tuple[Component, int | None] | None = None
        self._findings: tuple[Finding, ...] = ()
        self._compared: tuple[_Pictures, Comparisons] | None = None
        self._busy = False
        self._waiting: tuple[Dossier, Component, int | None] | None = None
        self._still = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._still.timeout.connect(self._begin)

    def findings(self, dossier: Dossier, component: Component, size: int | None) -> tuple[Finding, ...]:
        """What is known now; what a large component was found before stands until it is judged anew.

        ``size``: bytes its file will have, None when it was not weighed.
        """
        if not self._is(self._known, component, size):
            if len(component.pages) <= _AT_ONCE:
                self._take(component, size, check.check_component(self._desk, dossier, component, size))
            else:
                self._ask(dossier, component, size)
        same = self._known is not None and self._known[0].id == component.id
        return self._findings if same else ()

    @staticmethod
    def _is(what: tuple[Component, int | None] | None, component: Component, size: int | None) -> bool:
        """The very same value: two that are equal are compared page by page, which costs what this saves."""
        return what is not None and what[0] is component and what[1] == size

    def _ask(self, dossier: Dossier, component: Component, size: int | None) -> None:
        if self._busy or self._is(self._asked, component, size):
            return
        self._asked = (component, size)
        self._waiting = (dossier, component, size)
        self._still.start()

    def _begin(self) -> None:
        if self._waiting is None or self._busy:
            return
        (dossier, component, size), self._waiting = self._waiting, None
        self._busy = True
        pictures = tuple((page.id, page.version, page.measures) for page in component.pages)
        known = self._compared[1] if self._compared is not None and self._compared[0] == pictures else None

        def done(task: Task[Any]) -> None:
            self._busy = False
            try:
                compared, found = task.result()
            except DeskError:
                return  # what cannot be read is told where it is shown; the pages' own findings stand
            self._compared = (pictures, compared)
            self._take(component, size, found)
            self.judged.emit()

        self._bridge.run("pool", _judge, self._desk, dossier, component, size, known, on_done=done)

    def _take(self, component: Component, size: int | None, found: tuple[Finding, ...]) -> None:
        self._known, self._findings = (component, size), found


def _judge(
    desk: Desk, dossier: Dossier, component: Component, size: int | None, known: Comparisons | None
) -> tuple[Comparisons, tuple[Finding, ...]]:
    compared = known if known is not None else check.compare_component(desk, component)
    return compared, check.judge_compared(desk, dossier, component, compared, size)
