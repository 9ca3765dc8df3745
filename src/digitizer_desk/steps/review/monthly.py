# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The month's numbers gathered from the cabinet, and those only the settling system knows, as somebody typed them.

Apart from the formulas because here dossiers are read one by one; for the pool lane.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM, AccountCheck, Channel, Officer, Role
from digitizer_desk.dossier.monthly import (
    Digitised,
    MonthRow,
    ReasonRow,
    how_far,
    is_reused,
    reason_of,
    reasons,
    sum_of,
)
from digitizer_desk.errors import error
from digitizer_desk.province.reports.returned import DeskMark
from digitizer_desk.steps.officers import need
from digitizer_desk.store.vault import vault_id

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in Vietnam."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def words(self) -> str:
        """ "11/2026"."""
        return f"{self.month:02d}/{self.year:04d}"

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=VIETNAM)

    @property
    def ends(self) -> datetime:
        """The first moment that is not in it."""
        return (self.begins + timedelta(days=32)).replace(day=1)

    def moved(self, months: int) -> Month:
        """So many months later, or earlier."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)


def read_month(text: str) -> Month:
    """ "2026-11" -> the month.

    Raises:
        DeskError: ``report.month_unknown``.
    """
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 2000:
        raise error("report.month_unknown", month=text)
    return Month(int(found[1]), int(found[2]))


def month_of(desk: Desk) -> Month:
    """The month of today."""
    now = desk.clock().astimezone(VIETNAM)
    return Month(now.year, now.month)


@dataclass(frozen=True, slots=True)
class Stated:
    """What only the system that settles dossiers knows: columns (10), (11), (13); None = not stated yet."""

    settled: int | None = None
    settled_digitised: int | None = None
    reused: int | None = None


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The report of one month: a row for each unit, the sum, and the reasons. ``made_at``: when it was counted;
    ``desks``: whose numbers these are."""

    month: Month
    rows: tuple[MonthRow, ...]
    total: MonthRow
    reasons: tuple[ReasonRow, ...]
    stated: Stated
    made_at: datetime
    desks: tuple[DeskMark, ...] = ()


def report(desk: Desk, month: Month) -> MonthReport:
    """Count the dossiers received in a month, as they stand now.

    Raises:
        DeskError: ``store.*``.
    """
    totals = dict.fromkeys(("total", "with_account", "direct", "online", "full", "partly"), 0)
    found: list[tuple[str, list[str]]] = []
    reused = 0
    for dossier_id in desk.cabinet.figures.received(month.begins, month.ends):
        dossier = desk.cabinet.dossiers.load(dossier_id)
        law = desk.law_of(dossier)
        far = how_far(dossier, law.order, law.may_scan)
        totals["total"] += 1
        totals["with_account"] += dossier.account_check is AccountCheck.YES
        totals["direct"] += dossier.channel is Channel.PAPER
        totals["online"] += dossier.channel is Channel.ELECTRONIC
        totals["full"] += far is Digitised.FULL
        totals["partly"] += far is Digitised.PARTLY
        reused += is_reused(dossier)
        why = [reason_of(part, law.order, law.may_scan(part)) for part in dossier.components]
        found.append((dossier_id, [reason for reason in why if reason]))
    said = stated(desk, month)
    numbers = asdict(said)
    if said.reused is None and reused:
        numbers["reused"] = reused  # nobody typed another number: what this desk knows
    row = MonthRow(unit=desk.settings.unit.name or "Đơn vị của bàn này", **totals, **numbers)
    made_at = desk.clock()
    mark = DeskMark(vault_id(desk.cabinet.folder), made_at)
    return MonthReport(month, (row,), sum_of((row,), "Tổng cộng"), reasons(found), said, made_at, (mark,))


def stated(desk: Desk, month: Month) -> Stated:
    """The numbers that were typed for a month."""
    text = desk.cabinet.settings.get(_key(month))
    return Stated(**json.loads(text)) if text else Stated()


def state(desk: Desk, month: Month, numbers: Stated, by: Officer) -> None:
    """Keep the numbers of the settling system for a month. Who typed them is journaled.

    Raises:
        DeskError: ``officer.not_allowed``; ``report.numbers_wrong`` when one is negative or more results are digitised
            than dossiers were settled.
    """
    need(by, Role.SUPERVISOR, Role.VAN_THU, Role.IT)
    given = [number for number in asdict(numbers).values() if number is not None]
    settled, digitised = numbers.settled, numbers.settled_digitised
    if any(number < 0 for number in given) or (settled is not None and digitised is not None and digitised > settled):
        raise error("report.numbers_wrong")
    desk.cabinet.settings.put(_key(month), json.dumps(asdict(numbers)), by)


def _key(month: Month) -> str:
    return f"report.{month}"
