# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Lots, the samples drawn from them, judgements, verdicts and what came back: kept as they were made.

Apart from pages and documents because a review only looks: nothing here changes what a clerk scanned or signed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from digitizer_desk.dossier.review import Judgement, Level, Lot, LotPage, ReturnedPage, SignedPage, Verdict
from digitizer_desk.errors import error
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.review.signed import signed_pages
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.returns import judgement_of, open_returns
from digitizer_desk.store.sql.schema import answers, causes, judgements, lot_pages, lots
from digitizer_desk.store.sql.values import By, who


class Lots:
    """The lots of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    def signed_pages(self) -> tuple[SignedPage, ...]:
        """Signed pages of this cabinet that lie in no lot yet."""
        return signed_pages(self._database)

    def make(self, lot: Lot, members: Sequence[SignedPage], sample: Sequence[tuple[str, int]], by: By) -> Lot:
        """Keep a new lot with its pages and the sample: (page id, version) in the order they are looked at.

        ``number``, ``made_by`` and ``made_at`` of the value given are set here; days are those of the pages.

        Raises:
            ValueError: a sample that is not of these pages, or another size than the lot says.
            DeskError: ``store.conflict`` when one of the pages lies in a lot already.
        """
        places = {page: place for place, page in enumerate(sample)}
        known = {(page.page_id, page.version) for page in members}
        if len(known) != lot.size or len(places) != lot.sample_size or not places.keys() <= known:
            raise ValueError("the sample is not of this lot")
        with self._database.writing() as connection:
            self._refuse_known(connection, known)
            number = (connection.scalar(select(func.max(lots.c.number))) or 0) + 1
            connection.execute(insert(lots).values(**_row(lot), number=number, made_by=who(by), made_at=self._clock()))
            rows = [
                {
                    "lot_id": lot.id,
                    "page_id": page.page_id,
                    "version": page.version,
                    "component_id": page.component_id,
                    "place": places.get((page.page_id, page.version)),
                    "page": encode(SignedPage, page),
                }
                for page in members
            ]
            connection.execute(insert(lot_pages), rows)
            self._journal.append(
                "lot_made",
                f"lot:{lot.id}",
                by,
                days=[lot.first_day.isoformat(), lot.last_day.isoformat()],
                pages=lot.size,
                sample=lot.sample_size,
                accept=lot.accept,
                level=lot.level.value,
                scheme=lot.scheme,
                seed=shown(lot.seed),
            )
            return self._lot(connection, lot.id)

    @staticmethod
    def _refuse_known(connection: Connection, wanted: Collection[tuple[str, int]]) -> None:
        ids = {page_id for page_id, _ in wanted}
        query = select(lot_pages.c.page_id, lot_pages.c.version).where(lot_pages.c.page_id.in_(ids))
        if any((row.page_id, row.version) in wanted for row in connection.execute(query)):
            raise error("store.conflict", "a page lies in a lot already")

    def get(self, lot_id: str) -> Lot:
        """A lot.

        Raises:
            DeskError: ``review.unknown``.
        """
        with self._database.reading() as connection:
            return self._lot(connection, lot_id)

    @staticmethod
    def _lot(connection: Connection, lot_id: str) -> Lot:
        row = connection.execute(select(lots).where(lots.c.id == lot_id)).first()
        if row is None:
            raise error("review.unknown")
        return _lot_of(row)

    def all(self, limit: int = 1000) -> tuple[Lot, ...]:
        """The newest lots first."""
        with self._database.reading() as connection:
            return tuple(
                _lot_of(row) for row in connection.execute(select(lots).order_by(lots.c.number.desc()).limit(limit))
            )

    def pages(self, lot_id: str) -> tuple[LotPage, ...]:
        """The pages of a lot with what was said of them: the sample first, in the order it was drawn."""
        query = select(lot_pages).where(lot_pages.c.lot_id == lot_id)
        with self._database.reading() as connection:
            said = {(one.page_id, one.version): one for one in _live(connection, lot_id)}
            rows = connection.execute(query.order_by(lot_pages.c.place.is_(None), lot_pages.c.place)).all()
        return tuple(
            LotPage(decode(SignedPage, row.page), row.place, said.get((row.page_id, row.version))) for row in rows
        )

    # judging

    def judge(self, lot_id: str, judgement: Judgement, by: By) -> Judgement:
        """Keep what was said of a page; its number, author and moment are set here.

        Raises:
            DeskError: ``review.unknown`` when the page is not in the lot, ``store.conflict`` when it was judged.
        """
        key = (lot_pages.c.page_id == judgement.page_id) & (lot_pages.c.version == judgement.version)
        with self._database.writing() as connection:
            if connection.scalar(select(lot_pages.c.lot_id).where(lot_pages.c.lot_id == lot_id, key)) is None:
                raise error("review.unknown")
            if any(
                (one.page_id, one.version) == (judgement.page_id, judgement.version)
                for one in _live(connection, lot_id)
            ):
                raise error("store.conflict", "this page was judged")
            values = {
                name: getattr(judgement, name)
                for name in ("page_id", "version", "fault", "kind", "rule", "mended_by", "note")
            }
            row = insert(judgements).values(lot_id=lot_id, by=who(by), at=self._clock(), taken_back=False, **values)
            number = connection.execute(row).inserted_primary_key[0]  # type: ignore[index]
            self._journal.append(
                "page_judged",
                f"lot:{lot_id}",
                by,
                page=judgement.page_id,
                version=judgement.version,
                fault=judgement.fault,
            )
            return judgement_of(connection.execute(select(judgements).where(judgements.c.number == number)).one())

    def take_back(self, lot_id: str, by: By) -> Judgement | None:
        """Take back the last judgement of this lot; None when there is none. The line stays, marked."""
        with self._database.writing() as connection:
            live = _live(connection, lot_id)
            if not live:
                return None
            connection.execute(update(judgements).where(judgements.c.number == live[-1].number).values(taken_back=True))
            self._journal.append("judgement_taken_back", f"lot:{lot_id}", by, page=live[-1].page_id)
            return live[-1]

    def conclude(self, lot_id: str, verdict: Verdict, note: str, by: By) -> Lot:
        """Give the verdict, once. The note's words stay out of the journal.

        Raises:
            DeskError: ``review.closed`` when there is one, ``review.unknown``.
        """
        with self._database.writing() as connection:
            if self._lot(connection, lot_id).verdict is not Verdict.OPEN:
                raise error("review.closed")
            values = {"verdict": verdict.value, "judged_by": who(by), "judged_at": self._clock(), "note": note}
            connection.execute(update(lots).where(lots.c.id == lot_id).values(**values))
            said = _live(connection, lot_id)
            back = sum(bool(one.mended_by) for one in said)
            self._journal.append(
                "lot_concluded", f"lot:{lot_id}", by, verdict=verdict.value, judged=len(said), returned=back
            )
            return self._lot(connection, lot_id)

    def history(self, desk: str) -> tuple[tuple[Level, Verdict] | None, ...]:
        """Level and verdict of this desk's lots in the order of the verdicts; None where a cause was found."""
        with self._database.reading() as connection:
            done = connection.execute(select(lots).where(lots.c.desk == desk, lots.c.verdict != "")).all()
            found = connection.execute(select(causes).where(causes.c.desk == desk)).all()
        steps: list[tuple[datetime, int, tuple[Level, Verdict] | None]] = [
            (row.judged_at, row.number, (Level(row.level), Verdict(row.verdict))) for row in done
        ]
        steps += [(row.at, row.number, None) for row in found]
        return tuple(step for _, _, step in sorted(steps, key=lambda one: one[:2]))

    def cause_found(self, desk: str, note: str, by: By) -> None:
        """Note that the cause of many refused lots was found; the words stay out of the journal."""
        with self._database.writing() as connection:
            connection.execute(insert(causes).values(desk=desk, note=note, by=who(by), at=self._clock()))
            self._journal.append("cause_found", "review:level", by)

    # what came back

    def returned(self, component_id: str = "") -> tuple[ReturnedPage, ...]:
        """Pages a supervisor sent back that are not mended or answered yet, of one component or of all."""
        with self._database.reading() as connection:
            return tuple(open_returns(connection, component_id))

    def answer(self, judgement: int, note: str, by: By) -> None:
        """Note why the clerk leaves a page that came back as it is.

        Raises:
            DeskError: ``review.closed`` when this return is over already.
        """
        with self._database.writing() as connection:
            found = next((one for one in open_returns(connection) if one.judgement.number == judgement), None)
            if found is None:
                raise error("review.closed")
            connection.execute(insert(answers).values(judgement=judgement, note=note, by=who(by), at=self._clock()))
            self._journal.append("return_answered", f"lot:{found.lot_id}", by, page=found.page.page_id)


def _live(connection: Connection, lot_id: str) -> list[Judgement]:
    """Judgements of a lot that stand, oldest first."""
    query = select(judgements).where(judgements.c.lot_id == lot_id, judgements.c.taken_back.is_(False))
    return [judgement_of(row) for row in connection.execute(query.order_by(judgements.c.number))]


def new_lot(
    desk: str,
    members: Sequence[SignedPage],
    level: Level,
    scheme: str,
    sample_size: int,
    accept: int,
    seed: str,
    at: datetime,
) -> Lot:
    """A lot that is not kept yet; see :meth:`Lots.make`."""
    days = [page.day for page in members]
    return Lot(
        id=uuid4().hex,
        number=0,
        desk=desk,
        first_day=min(days),
        last_day=max(days),
        size=len(members),
        level=level,
        scheme=scheme,
        sample_size=sample_size,
        accept=accept,
        seed=seed,
        made_by="",
        made_at=at,
    )


def _row(lot: Lot) -> dict[str, Any]:
    plain = ("id", "desk", "size", "scheme", "sample_size", "accept", "seed", "note", "judged_by", "judged_at")
    return {name: getattr(lot, name) for name in plain} | {
        "first_day": lot.first_day.isoformat(),
        "last_day": lot.last_day.isoformat(),
        "level": lot.level.value,
        "verdict": lot.verdict.value,
    }


def _lot_of(row: Any) -> Lot:
    return Lot(
        id=row.id,
        number=row.number,
        desk=row.desk,
        first_day=date.fromisoformat(row.first_day),
        last_day=date.fromisoformat(row.last_day),
        size=row.size,
        level=Level(row.level),
        scheme=row.scheme,
        sample_size=row.sample_size,
        accept=row.accept,
        seed=row.seed,
        made_by=row.made_by,
        made_at=row.made_at,
        verdict=Verdict(row.verdict),
        judged_by=row.judged_by,
        judged_at=row.judged_at,
        note=row.note,
    )
