# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The monthly table of digitisation (R52, R53) and the reasons why papers are not digitised (R54): formulas alone.

Apart from what gathers the numbers so that each formula can be held against the form's own text. The form is the
monthly table of Bình Định province: one row for each agency, counted in dossiers, numbered (1) to (14).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from digitizer_desk.dossier.incoming.reuse import ReuseState
from digitizer_desk.dossier.model import Component, Dossier, ParcelState
from digitizer_desk.dossier.stage import DONE, LEFT_OUT, NOT_NEEDED, REFUSED, REUSED, is_digitised, stage

MayScan = Callable[[Component], bool]


class Digitised(StrEnum):
    """How far the papers of a dossier are digitised: columns (7) and (8), or neither."""

    FULL = "full"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One agency in one month. Comments give the column; None: nobody stated the number.

    (10), (11) and (13) come from the system that settles dossiers: (10) counts only settled dossiers that have a result
    to return, and results that are only intermediate papers count in none of them (R51, R53).
    """

    unit: str  # (2)
    total: int  # (3)
    with_account: int  # (4)
    direct: int  # (5)
    online: int  # (6)
    full: int  # (7)
    partly: int  # (8)
    settled: int | None = None  # (10)
    settled_digitised: int | None = None  # (11)
    reused: int | None = None  # (13)

    @property
    def papers_rate(self) -> float | None:
        """(9) = (7+8)/3: partly digitised dossiers count as well."""
        return _ratio(self.full + self.partly, self.total)

    @property
    def results_rate(self) -> float | None:
        """(12) = (11)/(10)."""
        return _ratio(self.settled_digitised, self.settled)

    @property
    def reuse_rate(self) -> float | None:
        """(14) = (13)/(5+6)."""
        return _ratio(self.reused, self.direct + self.online)

    @property
    def difference(self) -> int:
        """3 - (5+6): dossiers that are in neither column; not zero means that something was counted wrong."""
        return self.total - (self.direct + self.online)

    def columns(self, number: int) -> tuple[str | int | float | None, ...]:
        """The fourteen cells, (1) to (14); ``number`` is the row's own. A ratio without denominator is None."""
        return (
            number,
            self.unit,
            self.total,
            self.with_account,
            self.direct,
            self.online,
            self.full,
            self.partly,
            self.papers_rate,
            self.settled,
            self.settled_digitised,
            self.results_rate,
            self.reused,
            self.reuse_rate,
        )


def _ratio(part: int | None, whole: int | None) -> float | None:
    """None where a number is missing or the denominator is zero: printed "–"."""
    return None if part is None or not whole else part / whole


def sum_of(rows: Sequence[MonthRow], name: str) -> MonthRow:
    """The row under all others: numbers are added, ratios computed anew; a number one row lacks is lacking here."""
    return MonthRow(
        unit=name,
        total=sum(row.total for row in rows),
        with_account=sum(row.with_account for row in rows),
        direct=sum(row.direct for row in rows),
        online=sum(row.online for row in rows),
        full=sum(row.full for row in rows),
        partly=sum(row.partly for row in rows),
        settled=_added([row.settled for row in rows]),
        settled_digitised=_added([row.settled_digitised for row in rows]),
        reused=_added([row.reused for row in rows]),
    )


def _added(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def is_reused(dossier: Dossier) -> bool:
    """Whether it counts in column (13): the province took the reuse of at least one paper."""
    found = (part.reused for part in dossier.components)
    return any(one is not None and one.state is ReuseState.ACCEPTED for one in found)


def how_far(dossier: Dossier, order: Sequence[str], may_scan: MayScan) -> Digitised:
    """Whether all papers that must be digitised are, some, or none (R46: signed, with data, received by the province).

    Papers that may not be scanned, were left out with a reason, taken from the province's store, or are optional and
    were not handed in do not count.
    """
    due = [part for part in dossier.components if _due(part, order, may_scan)]
    done = sum(is_digitised(part) for part in due)
    if not done:
        return Digitised.NOT
    return Digitised.FULL if done == len(due) else Digitised.PARTLY


def _due(part: Component, order: Sequence[str], may_scan: MayScan) -> bool:
    return stage(part, order, may_scan(part)) not in (REFUSED, LEFT_OUT, NOT_NEEDED, REUSED)


#: words of findings -> the reason of the inspection's list they belong to
_BY_FINDING = {
    "min_dpi": "low_dpi",
    "real_resolution": "low_dpi",
    "colour": "not_colour",
    "seal": "not_colour",
    "cast": "not_colour",
    "sharpness": "blurred",
    "faint": "blurred",
    "light": "blurred",
    "skew": "skewed",
    "not_upright": "skewed",
    "cut_edge": "cut",
    "damaged_corner": "cut",
}
_BY_STAGE = {
    "sign": "not_signed",
    "extract": "not_extracted",
    "assign_code": "not_extracted",
    "send": "not_sent",
    LEFT_OUT: "left_out",
    REFUSED: "refused",
}

#: the reasons in the order they are listed: capture, signature, data, sending, decisions
REASONS = (
    "not_scanned",
    "pages_missing",
    "low_dpi",
    "not_colour",
    "blurred",
    "skewed",
    "cut",
    "bad_page",
    "not_signed",
    "not_extracted",
    "not_sent",
    "sent_back",
    "left_out",
    "refused",
)


def reason_of(part: Component, order: Sequence[str], may_scan: bool) -> str:
    """Why a paper is not digitised: one of :data:`REASONS`, its first obstacle; '' when it is, or is not wanted."""
    now = stage(part, order, may_scan)
    if now in (NOT_NEEDED, REUSED) or (now == DONE and is_digitised(part)):
        return ""
    if now == "scan":
        return "pages_missing" if part.pages else "not_scanned"
    if now == "check":
        words = [finding.word for page in part.pages for finding in page.open_faults]
        return next((_BY_FINDING[word] for word in words if word in _BY_FINDING), "bad_page")
    if now == "send" and part.parcel is not None and part.parcel.state in _SENT_BACK:
        return "sent_back"
    return _BY_STAGE.get(now, "not_sent")


_SENT_BACK = (ParcelState.REJECTED, ParcelState.NEEDS_PERSON)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One reason: papers and dossiers it holds back."""

    reason: str
    papers: int
    dossiers: int


def reasons(found: Iterable[tuple[str, Sequence[str]]]) -> tuple[ReasonRow, ...]:
    """The reasons that occur, in the order of :data:`REASONS`. ``found``: dossier id and the reasons of its papers."""
    papers: Counter[str] = Counter()
    held: dict[str, set[str]] = {}
    for dossier_id, names in found:
        for name in names:
            papers[name] += 1
            held.setdefault(name, set()).add(dossier_id)
    return tuple(ReasonRow(name, papers[name], len(held[name])) for name in REASONS if papers[name])
