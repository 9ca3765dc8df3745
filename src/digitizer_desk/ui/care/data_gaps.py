# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How many fields each component of the dossier on the counter still lacks, for the list of components.

Apart from the counter's acts because drafts lie in the cabinet: they are looked up once, on the pool lane, when other
components have come to this step; what is typed after that is counted from the boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Dossier, Field
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.rules.fields import Gaps
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps import extract
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.counter import Counter

_Due = tuple[str, tuple[str, ...]]


class DataGaps(QObject):
    """Keeps the counts of one counter true."""

    def __init__(self, desk: Desk, bridge: Bridge, counter: Counter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._counter = desk, bridge, counter
        self._due: _Due = ("", ())
        self._known: dict[str, Gaps] = {}
        self._typed: set[str] = set()  # counted from the boxes: newer than any answer under way

    def follow(self, dossier: Dossier, law: Regulation) -> None:
        """The dossier is this now: look up what is not known of it."""
        parts = dossier.components
        due = (dossier.id, tuple(p.id for p in parts if stage(p, law.order, law.may_scan(p)) == "extract"))
        if due == self._due:
            return
        if due[0] != self._due[0]:
            self._known, self._typed = {}, set()
            self._counter.show_gaps({})
        self._due = due
        if due[1]:
            self._bridge.run("pool", extract.gaps, self._desk, dossier, on_done=lambda task: self._counted(task, due))

    def typed(self, dossier: Dossier, component_id: str, fields: Sequence[Field]) -> None:
        """These stand in the boxes of a component now."""
        if dossier.id == self._due[0] and component_id in self._due[1]:
            self._typed.add(component_id)
            self._show({component_id: extract.gaps_in(self._desk, dossier, fields)})

    def _counted(self, task: Task[Any], due: _Due) -> None:
        try:
            found: dict[str, Gaps] = task.result()
        except DeskError:
            return  # the same cabinet tells why wherever something is asked of it; the list says less, nothing wrong
        if due[0] == self._due[0]:
            self._show({part: gaps for part, gaps in found.items() if part not in self._typed})

    def _show(self, gaps: dict[str, Gaps]) -> None:
        now = {**self._known, **gaps}
        if now != self._known:
            self._known = now
            self._counter.show_gaps(now)
