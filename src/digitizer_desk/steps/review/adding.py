# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The monthly tables of several desks as one: numbers are added, ratios computed anew, no desk is counted twice.

Apart from counting one desk's month: nothing here looks into a cabinet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digitizer_desk.dossier.monthly import REASONS, MonthRow, ReasonRow, sum_of
from digitizer_desk.dossier.text import tidy_name
from digitizer_desk.errors import error
from digitizer_desk.province.reports.returned import Returned, read_returned
from digitizer_desk.steps.review.monthly import MonthReport, Stated, read_month


@dataclass(frozen=True, slots=True)
class Added:
    """The sum, and the files left out because their desk is counted by a newer one."""

    report: MonthReport
    left_out: tuple[Path, ...]


def add_up(files: Sequence[Path]) -> Added:
    """Read workbooks of one month and add them.

    Desks of one agency become one row. Of two workbooks of one desk the newer counts. A sum of several desks cannot be
    taken apart: a desk that is in it and in another file as well refuses the whole.

    Raises:
        DeskError: ``report.not_ours``, ``report.cell_wrong``, ``report.month_differs``, ``report.desk_twice``.
    """
    given = [read_returned(file) for file in files]
    if not given:
        raise error("report.not_ours", file="")
    for one in given:
        if one.month != given[0].month:
            raise error("report.month_differs", file=one.file.name, month=read_month(one.month).words)
    kept, left_out = _once(given)
    rows: dict[str, list[MonthRow]] = {}
    for one in kept:
        for row in one.rows:
            rows.setdefault(tidy_name(row.unit), []).append(row)
    units = tuple(sum_of(same, name) for name, same in rows.items())
    desks = tuple(mark for one in kept for mark in one.desks)
    report = MonthReport(
        month=read_month(given[0].month),
        rows=units,
        total=sum_of(units, "Tổng cộng"),
        reasons=_reasons(kept),
        stated=Stated(),
        made_at=max(mark.made_at for mark in desks),
        desks=desks,
    )
    return Added(report, left_out)


def _once(given: Sequence[Returned]) -> tuple[tuple[Returned, ...], tuple[Path, ...]]:
    """Each desk by its newest workbook, in the order the files came."""
    newest: dict[str, Returned] = {}
    for one in given:
        if len(one.desks) == 1:
            mark = one.desks[0]
            before = newest.get(mark.desk)
            if before is None or before.desks[0].made_at < mark.made_at:
                newest[mark.desk] = one
    kept = tuple(one for one in given if len(one.desks) > 1 or newest[one.desks[0].desk] is one)
    times = Counter(mark.desk for one in kept for mark in one.desks)
    for one in kept:
        if len(one.desks) > 1 and any(times[mark.desk] > 1 for mark in one.desks):
            raise error("report.desk_twice", file=one.file.name)
    return kept, tuple(one.file for one in given if one not in kept)


def _reasons(kept: Sequence[Returned]) -> tuple[ReasonRow, ...]:
    """A dossier lies at one desk, so dossiers may be added like papers."""
    papers: Counter[str] = Counter()
    dossiers: Counter[str] = Counter()
    for one in kept:
        for why in one.reasons:
            papers[why.reason] += why.papers
            dossiers[why.reason] += why.dossiers
    return tuple(ReasonRow(name, papers[name], dossiers[name]) for name in REASONS if papers[name])
