# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk at a glance: how many pages were good at once, why others were not, which scanner falls off, what waits.

Apart from the window because the same figures are exported; by machine first, never by person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM, ParcelState
from digitizer_desk.dossier.stage import stage
from digitizer_desk.store.review.figures import FirstScan

#: how far back reasons and rates look, and the trend of a scanner
WEEK = 7
TREND_DAYS = 14
_UNSENT = (ParcelState.WAITING, ParcelState.SENDING, ParcelState.NEEDS_PERSON)
_SENT_BACK = (ParcelState.REJECTED, ParcelState.NEEDS_PERSON)


@dataclass(frozen=True, slots=True)
class ScannerFigures:
    """One scanner over the last days: pages, how many were good at once, and the same for each day (day, pages,
    good)."""

    scanner: str
    pages: int
    good: int
    days: tuple[tuple[date, int, int], ...]

    @property
    def rate(self) -> float:
        """Share of pages good at once, 0-1."""
        return self.good / self.pages


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """What the overview shows.

    ``rate`` and ``rate_before``: share of pages good at once in the last seven days and the seven before, 0-1, None
    where nothing was scanned; ``reasons``: (word of the fault, pages), most first; ``oldest_unsent``: when the oldest
    parcel that waits was packed.
    """

    at: datetime
    dossiers_today: int
    rate: float | None
    rate_before: float | None
    reasons: tuple[tuple[str, int], ...]
    scanners: tuple[ScannerFigures, ...]
    to_sign: int
    unsent: int
    oldest_unsent: datetime | None
    sent_back: int


def figures(desk: Desk) -> DeskFigures:
    """Read and count everything; for the pool lane.

    Raises:
        DeskError: ``store.*``.
    """
    now = desk.clock().astimezone(VIETNAM)
    tomorrow = midnight(now.date() + timedelta(days=1))
    scans = desk.cabinet.figures.first_scans(tomorrow - timedelta(days=TREND_DAYS), tomorrow)
    week = tomorrow - timedelta(days=WEEK)
    recent, before = [s for s in scans if s.at >= week], [s for s in scans if s.at < week]
    parcels = desk.cabinet.outbox.all()
    unsent = [parcel.made_at for parcel in parcels if parcel.state in _UNSENT]
    return DeskFigures(
        at=now,
        dossiers_today=len(desk.cabinet.figures.received(tomorrow - timedelta(days=1), tomorrow)),
        rate=_rate(recent),
        rate_before=_rate(before),
        reasons=tuple(Counter(word for scan in recent for word in scan.faults).most_common()),
        scanners=by_scanner(scans, tomorrow.date()),
        to_sign=_to_sign(desk),
        unsent=len(unsent),
        oldest_unsent=min(unsent, default=None),
        sent_back=sum(parcel.state in _SENT_BACK for parcel in parcels),
    )


def midnight(day: date) -> datetime:
    """The first moment of a day in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def by_scanner(scans: Sequence[FirstScan], end: date) -> tuple[ScannerFigures, ...]:
    """Each scanner with its days up to before ``end``, the worst rate first."""
    days = [end - timedelta(days=back) for back in range(TREND_DAYS, 0, -1)]
    made = []
    for name in sorted({scan.scanner for scan in scans}):
        mine = [(scan.at.astimezone(VIETNAM).date(), not scan.faults) for scan in scans if scan.scanner == name]
        per_day = tuple(
            (day, sum(d == day for d, _ in mine), sum(d == day and good for d, good in mine)) for day in days
        )
        made.append(ScannerFigures(name, len(mine), sum(good for _, good in mine), per_day))
    return tuple(sorted(made, key=lambda one: one.rate))


def _rate(scans: Sequence[FirstScan]) -> float | None:
    return sum(not scan.faults for scan in scans) / len(scans) if scans else None


def _to_sign(desk: Desk) -> int:
    waiting = 0
    for dossier_id in desk.cabinet.dossiers.open_ids():
        dossier = desk.cabinet.dossiers.load(dossier_id)
        law = desk.law_of(dossier)
        waiting += sum(stage(part, law.order, law.may_scan(part)) == "sign" for part in dossier.components)
    return waiting
