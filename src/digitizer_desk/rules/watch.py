# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the last pages of one scanner say about the scanner: dirt on its glass, sharpness or light that falls off.

Apart from the findings because no page is judged here: a single streak may be ink, the same streak on page after page
is the machine.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from digitizer_desk.dossier.finding import Region
from digitizer_desk.dossier.model import Page
from digitizer_desk.rules.regulation import MachineRule


class Trouble(StrEnum):
    """What is seen on the pages."""

    STREAK = "streak"
    SHARPNESS = "sharpness"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class MachineHint:
    """One reason to clean a scanner, with its evidence: ids of the pages that show it, newest first.

    ``region``: where on each of them, for streaks. ``before``, ``now``: medians of sharpness or light, 0-1.
    """

    trouble: Trouble
    scanner: str
    pages: tuple[str, ...]
    source: str
    region: Region | None = None
    before: float = 0.0
    now: float = 0.0


def watch_machine(pages: Sequence[Page], rule: MachineRule) -> tuple[MachineHint, ...]:
    """Hints from the pages of *one* scanner, newest first; pages without measures say nothing."""
    seen = [page for page in pages if page.measures is not None][: rule.pages]
    if not seen:
        return ()
    return (*_streaks(seen, rule), *_falls(seen, rule))


def _streaks(pages: Sequence[Page], rule: MachineRule) -> list[MachineHint]:
    """Places across the feed at which several pages show a streak, the commonest first, and still show it."""
    marks = [
        ((region.left + region.right) / 2, page, region)
        for page in pages
        for region in (page.measures.streaks if page.measures else ())
    ]
    hints: list[MachineHint] = []
    left = sorted(marks, key=lambda mark: mark[0])
    while left:
        groups = [[m for m in left if 0 <= m[0] - start[0] <= rule.streak_within] for start in left]
        best = max(groups, key=lambda group: len({m[1].id for m in group}))
        ids = {m[1].id for m in best}
        recent = {page.id for page in pages[: rule.recent]}
        if len(ids) < rule.streak_pages:
            break
        if ids & recent:  # a streak that was wiped off is told no more
            region = Region(min(m[2].left for m in best), 0.0, max(m[2].right for m in best), 1.0)
            names = tuple(page.id for page in pages if page.id in ids)
            hints.append(MachineHint(Trouble.STREAK, pages[0].scanner, names, rule.source, region))
        left = [m for m in left if m not in best]
    return hints


def _falls(pages: Sequence[Page], rule: MachineRule) -> list[MachineHint]:
    """Medians of the newest pages against those before them."""
    hints = []
    for trouble, drop in ((Trouble.SHARPNESS, rule.sharpness_drop), (Trouble.LIGHT, rule.light_drop)):
        values = [(page, value) for page in pages if (value := _value(page, trouble)) is not None]
        newest, older = values[: rule.recent], values[rule.recent :]
        if len(newest) < rule.recent or len(older) < rule.recent:
            continue
        now, before = (statistics.median(value for _, value in part) for part in (newest, older))
        if before - now >= drop:
            names = tuple(page.id for page, _ in newest)
            hints.append(MachineHint(trouble, pages[0].scanner, names, rule.source, None, before, now))
    return hints


def _value(page: Page, trouble: Trouble) -> float | None:
    assert page.measures is not None
    if trouble is Trouble.LIGHT:
        return page.measures.light
    return page.measures.sharpness
