# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages are judged and a lot gets its verdict; a refused lot is looked at page by page; what came back is answered.

Apart from the making of lots because this is done by eye, one page at a time, and each judgement is kept at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.dossier.review import Judgement, Lot, LotPage, ReturnedPage, Verdict
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import error
from digitizer_desk.steps.officers import clerk_only, need


@dataclass(frozen=True, slots=True)
class Progress:
    """A lot while it is looked at.

    ``to_see`` are the pages in the order they are looked at: the sample as drawn; once the lot is refused, all others
    behind it, the doubtful ones first. ``verdict`` is what the judgements so far say, whether it was given or not.
    """

    lot: Lot
    pages: tuple[LotPage, ...]
    to_see: tuple[LotPage, ...]
    serious: int
    critical: int
    slight: int
    verdict: Verdict

    @property
    def blind(self) -> tuple[LotPage, ...]:
        """Pages of the sample that were judged before the verdict, without the machine's word: what it rests on."""
        return _blind(self.lot, self.pages)

    @property
    def seen(self) -> int:
        return sum(one.judgement is not None for one in self.to_see)

    @property
    def next_place(self) -> int:
        """The first page not judged yet, or how many there are when all are."""
        return next((place for place, one in enumerate(self.to_see) if one.judgement is None), len(self.to_see))

    @property
    def done(self) -> bool:
        """Nothing is left to look at."""
        return self.lot.verdict is not Verdict.OPEN and self.seen == len(self.to_see)


def _blind(lot: Lot, pages: Iterable[LotPage]) -> tuple[LotPage, ...]:
    end = lot.judged_at
    return tuple(
        one
        for one in pages
        if one.place is not None and one.judgement is not None and (end is None or one.judgement.at <= end)
    )


def progress(desk: Desk, lot_id: str) -> Progress:
    """How far a lot is: also after a restart exactly as it was left.

    Raises:
        DeskError: ``review.unknown``, ``rules.unreadable``.
    """
    lot, pages = desk.cabinet.lots.get(lot_id), desk.cabinet.lots.pages(lot_id)
    sample = tuple(one for one in pages if one.place is not None)
    to_see = sample
    if lot.verdict is Verdict.REFUSED:
        rest = sorted((one for one in pages if one.place is None), key=lambda one: one.page.doubt)
        to_see = (*sample, *rest)
    rules = [one.judgement.rule for one in _blind(lot, pages) if one.judgement is not None]
    verdict = lot.verdict or desk.sampling().verdict(lot.accept, lot.sample_size, rules)
    counts = (rules.count("limit"), rules.count("refuse"), rules.count("count"))
    return Progress(lot, pages, to_see, *counts, verdict=verdict)


def judge(desk: Desk, lot_id: str, page: LotPage, fault_id: str, note: str, by: Officer) -> Judgement:
    """Say of a page that it is good (``fault_id`` '') or what is wrong with it. Kept when this returns.

    The sample is the supervisor's; the rest of a refused lot is looked at by the desk itself, clerk or supervisor.

    Raises:
        DeskError: ``officer.not_allowed``; ``review.note_missing`` when this fault needs words; ``review.closed`` when
            the lot was accepted; ``review.unknown``, ``store.conflict`` when the page was judged.
        ValueError: no such fault in the scheme.
    """
    _may_judge(desk, lot_id, by)
    fault = desk.sampling().fault(fault_id)
    if fault is None and fault_id:
        raise ValueError(f"no fault {fault_id!r}")
    words = nfc(" ".join(note.split()))
    if fault is not None and fault.asks_note and not words:
        raise error("review.note_missing")
    goes_back = fault is not None and fault.rule != "count"
    said = Judgement(
        number=0,
        page_id=page.page.page_id,
        version=page.page.version,
        fault=fault_id,
        kind=fault.kind if fault else "",
        rule=fault.rule if fault else "",
        mended_by=fault.mended_by if fault is not None and goes_back else "",
        note=words,
        by=by.id,
        at=desk.clock(),
    )
    return desk.cabinet.lots.judge(lot_id, said, by)


def take_back(desk: Desk, lot_id: str, by: Officer) -> Judgement | None:
    """Take back the last judgement of a lot; None when there is none. Judgements under a verdict stand.

    Raises:
        DeskError: ``officer.not_allowed``, ``review.closed``, ``review.unknown``.
    """
    if _may_judge(desk, lot_id, by) is Verdict.REFUSED:
        lot, pages = desk.cabinet.lots.get(lot_id), desk.cabinet.lots.pages(lot_id)
        if sum(one.judgement is not None for one in pages) == len(_blind(lot, pages)):
            raise error("review.closed")  # only what the verdict rests on is left
    return desk.cabinet.lots.take_back(lot_id, by)


def _may_judge(desk: Desk, lot_id: str, by: Officer) -> Verdict:
    verdict = desk.cabinet.lots.get(lot_id).verdict
    if verdict is Verdict.ACCEPTED:
        raise error("review.closed")
    need(by, *((Role.SUPERVISOR,) if verdict is Verdict.OPEN else (Role.SUPERVISOR, Role.CLERK)))
    return verdict


def conclude(desk: Desk, lot_id: str, note: str, by: Officer) -> Progress:
    """Give the verdict the judgements say; faulty pages go back to the clerk with it, whichever it is.

    Raises:
        DeskError: ``officer.not_allowed``; ``review.undecided`` while the sample is not seen and no limit passed;
            ``review.closed``, ``review.unknown``.
    """
    need(by, Role.SUPERVISOR)
    now = progress(desk, lot_id)
    if now.lot.verdict is not Verdict.OPEN:
        raise error("review.closed")
    if now.verdict is Verdict.OPEN:
        raise error("review.undecided", left=now.lot.sample_size - now.seen)
    desk.cabinet.lots.conclude(lot_id, now.verdict, nfc(" ".join(note.split())), by)
    return progress(desk, lot_id)


def returned(desk: Desk) -> tuple[ReturnedPage, ...]:
    """Pages that came back to the clerk and are not mended yet, oldest first."""
    return desk.cabinet.lots.returned()


def leave_as_it_is(desk: Desk, back: ReturnedPage, note: str, by: Officer) -> None:
    """The clerk says why a page that came back stays as it is (the paper itself is faint, torn …).

    Raises:
        DeskError: ``officer.not_allowed``, ``review.note_missing``, ``review.closed``.
    """
    clerk_only(by)
    words = nfc(" ".join(note.split()))
    if not words:
        raise error("review.note_missing")
    desk.cabinet.lots.answer(back.judgement.number, words, by)
