# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A supervisor's review as plain values: lot, its pages, judgements, verdict.

Apart from ``model.py`` because nothing of the work at the counter needs them: a review looks at what was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from digitizer_desk.dossier.finding import Finding


class Level(StrEnum):
    """How strictly lots are looked at just now."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    WHOLE = "whole"  # every page, until the cause is found


class Verdict(StrEnum):
    """What became of a lot; ``OPEN`` until it is known."""

    OPEN = ""
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A page as it stands in a document the clerk signed: what a lot is made of.

    ``number`` is its 1-based place in the document, ``day`` the day of the signature (Vietnam time), ``turn`` clockwise
    degrees to show it by, ``findings`` what the desk itself says of this picture, ``sharpness`` 0-1 as measured.
    """

    page_id: str
    version: int
    sha256: str
    number: int
    turn: int
    dossier_id: str
    dossier_code: str
    component_id: str
    component_title: str
    document_id: str
    document_version: int
    officer: str
    scanner: str
    day: date
    findings: tuple[Finding, ...] = ()
    sharpness: float | None = None

    @property
    def doubt(self) -> tuple[int, int, float]:
        """Sorts pages by what was measured, the worst first: faults, then other findings, then blur."""
        faults = sum(finding.is_fault for finding in self.findings)
        return -faults, faults - len(self.findings), 1.0 if self.sharpness is None else self.sharpness


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody says of one page; ``fault`` is an id of the sampling scheme, '' = the page is good.

    ``number`` is its place among all judgements. ``kind`` is the class of the fault on that day, '' for a good page;
    ``rule`` what that class does to the lot (refuse, limit, count). ``mended_by`` says what mends it: another picture
    of this page, another list of pages, new data (page, pages, data); '' = it does not go back to the clerk.
    """

    number: int
    page_id: str
    version: int
    fault: str
    kind: str
    rule: str
    mended_by: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lot:
    """The signed pages of one desk on one day (or several small days joined), and the sample drawn from them.

    ``seed`` draws the same sample again from the same pages; ``scheme`` is the id of the tables it was planned by;
    ``accept`` the most pages of class "limit" with which it is still accepted.
    """

    id: str
    number: int
    desk: str
    first_day: date
    last_day: date
    size: int
    level: Level
    scheme: str
    sample_size: int
    accept: int
    seed: str
    made_by: str
    made_at: datetime
    verdict: Verdict = Verdict.OPEN
    judged_by: str = ""
    judged_at: datetime | None = None
    note: str = ""

    @property
    def whole(self) -> bool:
        """Every page is looked at from the start."""
        return self.sample_size == self.size


@dataclass(frozen=True, slots=True)
class LotPage:
    """A page of a lot. ``place`` is its place in the sample from 0, None for one that was not drawn."""

    page: SignedPage
    place: int | None
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class ReturnedPage:
    """A page that came back to the clerk: which, why, in whose words, and from which lot."""

    lot_id: str
    page: SignedPage
    judgement: Judgement
