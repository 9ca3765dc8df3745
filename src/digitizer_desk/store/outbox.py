# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The out-tray: parcels waiting, on their way, received or returned. It decides nothing about when to try again.

Apart from the network because a parcel is a promise on paper first: its state is committed before a byte leaves and
after each answer, so that a cut at any moment leaves at worst "we do not know", which is asked, never guessed (R47).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from digitizer_desk.dossier.model import Document, Parcel, ParcelState, ResultCode
from digitizer_desk.errors import error
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.sql.codec import decode, encode
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import components, parcels, settings
from digitizer_desk.store.sql.values import By, packed_alike, parcel_of, row_of_parcel
from digitizer_desk.store.tray import look
from digitizer_desk.store.tray.look import Drawer, Seen, Totals
from digitizer_desk.store.tray.state import TrayState
from digitizer_desk.store.tray.turns import OPEN as _OPEN
from digitizer_desk.store.tray.turns import Rush, Turn, in_turn, perhaps_due, unsent

_PAUSE = "outbox.paused"
_DESK = "desk"

_NO_RUSH = {"rush": int(Rush.NONE)}
_RETURNED = (ParcelState.REJECTED, ParcelState.NEEDS_PERSON)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many parcels are in which state; ``attention`` are those a person must look at; ``oldest`` is when the
    oldest that has not arrived was packed."""

    waiting: int
    sending: int
    accepted: int
    attention: int
    oldest: datetime | None


class Outbox:
    """The out-tray of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self.tray = TrayState(database, journal)

    def add(self, parcel: Parcel, by: By) -> Parcel:
        """Lay a parcel in the tray. An older one of the same component that is not on its way is superseded by it.

        Adding the same parcel again changes nothing and gives back what is there.

        Raises:
            DeskError: ``store.conflict`` when another parcel has this id.
        """
        with self._database.writing() as connection:
            there = connection.execute(select(parcels).where(parcels.c.id == parcel.id)).first()
            if there is not None:
                if not packed_alike(parcel_of(there), parcel):
                    raise error("store.conflict", "another parcel has this id")
                return parcel_of(there)
            self._supersede(connection, parcel)
            number = (connection.scalar(select(func.max(parcels.c.number))) or 0) + 1
            connection.execute(insert(parcels).values(number=number, **row_of_parcel(parcel)))
            self._note("parcel_packed", parcel, by, version=parcel.version, sha256=parcel.file_sha256)
        self.tray.wishes += 1
        return parcel

    def _supersede(self, connection: Connection, newer: Parcel) -> None:
        for older in self._select(
            connection,
            parcels.c.component_id == newer.component_id,
            parcels.c.state.in_([state.value for state in (ParcelState.WAITING, *_RETURNED)]),
        ):
            self._set(connection, older.id, state=ParcelState.SUPERSEDED.value, next_try_at=None)
            self._note("parcel_superseded", older, _DESK, newer=newer.id)

    # what is to be done

    def due(self, now: datetime, *, rushed_only: bool = False) -> tuple[Turn, ...]:
        """Parcels that may be sent now, in their turn (:func:`~digitizer_desk.store.tray.turns.in_turn`).

        One that waits for a person holds back none. Nothing is due while the tray is paused.
        """
        if self.paused():
            return ()
        with self._database.reading() as connection:
            return in_turn(unsent(connection), now, rushed_only=rushed_only)

    def perhaps_due(self, now: datetime, *, rushed_only: bool = False) -> bool:
        """Whether a round of sending may find something to do: cheap however many wait."""
        with self._database.reading() as connection:
            open_one = select(parcels.c.id).where(parcels.c.state == ParcelState.SENDING.value).limit(1)
            return connection.scalar(open_one) is not None or perhaps_due(connection, now, rushed_only=rushed_only)

    def upcoming(self, now: datetime, *, rushed_only: bool = False) -> Parcel | None:
        """The parcel whose turn comes when those on their way have arrived."""
        with self._database.reading() as connection:
            left = [turn for turn in unsent(connection) if turn.state is ParcelState.WAITING]
            order = in_turn(left, now, rushed_only=rushed_only)
            return self._get(connection, order[0].id) if order else None

    def claim(self, parcel_id: str) -> Parcel:
        """Commit that this parcel is leaving now. Only after this may a byte leave.

        Raises:
            DeskError: ``store.conflict`` when it is not waiting, or one before it in its dossier is not through.
        """
        with self._database.writing() as connection:
            parcel = self._get(connection, parcel_id)
            if parcel.state is not ParcelState.WAITING or next(unsent(connection, parcel.dossier_id)).id != parcel.id:
                raise error("store.conflict", "the parcel may not leave now")
            values = {} if parcel.sent_sha256 else {"sent_sha256": parcel.file_sha256}
            return self._to(
                connection, parcel, ParcelState.SENDING, "parcel_sending", values, {"sha256": parcel.file_sha256}
            )

    def carried(self, parcel_id: str, by: By) -> None:
        """It was written for somebody to carry: from now on not a byte of it changes, and before it leaves by the line
        too the province is asked."""
        with self._database.writing() as connection:
            parcel = self._get(connection, parcel_id)
            self._set(connection, parcel_id, sent_sha256=parcel.sent_sha256 or parcel.file_sha256)
            self._journal.append("exported", f"component:{parcel.component_id}", by, parcel=parcel_id)

    def follow(self, parcel_id: str, trail: str, *, spare: bool = False, **facts: str) -> None:
        """Keep how far a parcel on its way has come. Committed when this returns; ``facts`` go into the journal.
        ``spare``: a power cut, and nothing less, may take the line.

        Raises:
            DeskError: ``store.conflict`` when it is not on its way.
        """
        with self._database.writing(spare=spare) as connection:
            parcel = self._get(connection, parcel_id)
            if parcel.state is not ParcelState.SENDING:
                raise error("store.conflict", "the parcel is not on its way")
            self._set(connection, parcel_id, trail=trail)
            self._note("parcel_step", parcel, _DESK, **facts)

    def strengthen(self, parcel_id: str, document: Document, body: str, digest: str, level: str) -> Parcel:
        """Another version of the same document takes the place of the one packed: it was given timestamps.

        Raises:
            DeskError: ``store.conflict`` when the parcel has left once: from then on not a byte changes.
        """
        with self._database.writing() as connection:
            parcel = self._get(connection, parcel_id)
            if parcel.state is not ParcelState.WAITING or parcel.sent_sha256 or parcel.document_id != document.id:
                raise error("store.conflict", "the parcel has left already")
            self._set(
                connection,
                parcel_id,
                version=document.version,
                file_sha256=document.sha256,
                file_size=document.size,
                body=body,
                digest=digest,
                level=level,
            )
            self._note(
                "parcel_strengthened", parcel, _DESK, level=level, signed=parcel.signed_sha256, sha256=document.sha256
            )
            return self._get(connection, parcel_id)

    def not_strengthened(self, parcel_id: str, level: str, code: str) -> Parcel:
        """It goes as it is, with signatures of this level; ``code`` tells why."""
        with self._database.writing() as connection:
            parcel = self._get(connection, parcel_id)
            self._set(connection, parcel_id, level=level)
            self._note("parcel_not_strengthened", parcel, _DESK, level=level, code=code)
            return self._get(connection, parcel_id)

    def of_dossier(self, dossier_id: str) -> tuple[Parcel, ...]:
        """Every parcel there ever was of a dossier, in the order of packing."""
        with self._database.reading() as connection:
            return tuple(self._select(connection, parcels.c.dossier_id == dossier_id))

    def unsettled(self) -> tuple[Parcel, ...]:
        """Parcels found SENDING: whether they arrived is not known, the province must be asked."""
        with self._database.reading() as connection:
            return tuple(self._select(connection, parcels.c.state == ParcelState.SENDING.value))

    def held(self) -> tuple[Parcel, ...]:
        """Parcels that wait for a person."""
        with self._database.reading() as connection:
            return tuple(self._select(connection, parcels.c.state == ParcelState.NEEDS_PERSON.value))

    # answers

    def release(self, parcel_id: str) -> Parcel:
        """The province certainly does not have it: it waits again, or is superseded by a newer one."""
        with self._database.writing() as connection:
            return self._back(connection, self._open(connection, parcel_id), "parcel_released", next_try_at=None)

    def accepted(self, parcel_id: str, number: str, result_code: str, at: datetime, *, by_hand: bool = False) -> Parcel:
        """The province has it, unchanged. Its result code, when it gives one, wins over ours (R36). ``by_hand``: the
        receipt came back with somebody, so it may also be of a parcel that is held because the line did not take it.

        Raises:
            DeskError: ``store.conflict`` when the parcel was returned or superseded, or is held and nobody carried it.
        """
        with self._database.writing() as connection:
            parcel = self._get(connection, parcel_id)
            if parcel.state is ParcelState.ACCEPTED:
                return parcel
            if not (by_hand and parcel.state is ParcelState.NEEDS_PERSON):
                _must_be_open(parcel)
            if result_code:
                settle_code(connection, parcel.component_id, result_code)
            values = {"receipt": number, "accepted_at": at, "error": "", "said": "", "next_try_at": None, **_NO_RUSH}
            facts = {"receipt": shown(number), "sha256": parcel.file_sha256}
            return self._to(connection, parcel, ParcelState.ACCEPTED, "parcel_accepted", values, facts)

    def rejected(self, parcel_id: str, code: str, said: str) -> Parcel:
        """The province refused its content; its words are kept as they are."""
        return self._returned(parcel_id, ParcelState.REJECTED, "parcel_rejected", code, said)

    def needs_person(self, parcel_id: str, code: str, said: str) -> Parcel:
        """It cannot go on without a person; the others do."""
        return self._returned(parcel_id, ParcelState.NEEDS_PERSON, "parcel_held", code, said)

    def _returned(self, parcel_id: str, state: ParcelState, action: str, code: str, said: str) -> Parcel:
        with self._database.writing() as connection:
            parcel = self._open(connection, parcel_id)
            if _newer(connection, parcel):
                state = ParcelState.SUPERSEDED  # nobody has to look at it: what mends it is packed already
            values = {"error": code, "said": said, "next_try_at": None, **_NO_RUSH}
            return self._to(connection, parcel, state, action, values, {"code": code, "state": state.value})

    def later(self, parcel_id: str, next_try_at: datetime | None, code: str, counted: bool) -> Parcel:
        """Not now. ``counted`` is False when there was no network: that is no attempt."""
        with self._database.writing() as connection:
            parcel = self._open(connection, parcel_id)
            values = {"next_try_at": next_try_at, "error": code, "tries": parcel.tries + counted}
            return self._back(connection, parcel, "parcel_later", **values)

    def _back(self, connection: Connection, parcel: Parcel, action: str, **values: Any) -> Parcel:
        state = ParcelState.SUPERSEDED if _newer(connection, parcel) else ParcelState.WAITING
        if state is ParcelState.SUPERSEDED:
            values["next_try_at"] = None
        facts = {"state": state.value, "code": str(values.get("error", "")), "tries": values.get("tries", parcel.tries)}
        return self._to(connection, parcel, state, action, values, facts)

    def try_again(self, parcel_id: str, by: By) -> Parcel:
        """A person decided that a returned parcel goes out once more as it is.

        Raises:
            DeskError: ``store.conflict`` when it was not returned, or a newer version took its place;
                ``province.returned`` when the province has these very bytes and gave them back: it wants others.
        """
        with self._database.writing() as connection:
            parcel = self._get(connection, parcel_id)
            if parcel.state not in _RETURNED:
                raise error("store.conflict", "the parcel was not returned")
            if _newer(connection, parcel):
                raise error("store.conflict", "a newer version took its place")
            if parcel.error == "province.returned":
                raise error("province.returned", said=parcel.said)
            self._set(connection, parcel_id, state=ParcelState.WAITING.value, next_try_at=None)
            self._note("parcel_again", parcel, by)
            return self._get(connection, parcel_id)

    # the tray as a whole

    def pause(self, code: str, by: By = _DESK) -> None:
        """Stop all sending, with the code of what every parcel would meet, or of who wished it. Survives restarts."""
        with self._database.writing() as connection:
            connection.execute(delete(settings).where(settings.c.key == _PAUSE))
            connection.execute(insert(settings).values(key=_PAUSE, value=code))
            self._journal.append("outbox_paused", "outbox:", by, code=code)
        self.tray.wishes += 1

    def paused(self) -> str:
        """The code the tray was paused with, or ''."""
        with self._database.reading() as connection:
            return connection.scalar(select(settings.c.value).where(settings.c.key == _PAUSE)) or ""

    def resume(self, by: By = _DESK) -> None:
        """Go on sending."""
        with self._database.writing() as connection:
            if connection.execute(delete(settings).where(settings.c.key == _PAUSE)).rowcount:
                self._journal.append("outbox_resumed", "outbox:", by)
        self.tray.wishes += 1

    def all(self, limit: int | None = None) -> tuple[Parcel, ...]:
        """Parcels in every state, packed last first."""
        with self._database.reading() as connection:
            query = select(parcels).order_by(parcels.c.number.desc()).limit(limit)
            return tuple(parcel_of(row) for row in connection.execute(query))

    def find(self, drawer: Drawer, words: Sequence[str], overdue_before: datetime) -> tuple[str, ...]:
        """Ids of the parcels in a drawer that hold all these folded words, packed last first."""
        return look.find(self._database, drawer, words, overdue_before)

    def rows(self, ids: Sequence[str]) -> dict[str, Seen]:
        """These parcels as a window shows them, by id."""
        return look.rows(self._database, ids)

    def totals(self, overdue_before: datetime) -> Totals:
        """How much lies in which drawer."""
        return look.totals(self._database, overdue_before)

    def counts(self) -> Counts:
        """The numbers of the status strip."""
        query = select(parcels.c.state, func.count().label("many")).group_by(parcels.c.state)
        oldest = select(parcels.c.made_at).where(parcels.c.state.in_([state.value for state in _OPEN]))
        with self._database.reading() as connection:
            many = {row.state: row.many for row in connection.execute(query)}
            first = connection.scalar(oldest.order_by(parcels.c.number).limit(1))
        return Counts(
            waiting=many.get(ParcelState.WAITING.value, 0),
            sending=many.get(ParcelState.SENDING.value, 0),
            accepted=many.get(ParcelState.ACCEPTED.value, 0),
            attention=sum(many.get(state.value, 0) for state in _RETURNED),
            oldest=first,
        )

    def get(self, parcel_id: str) -> Parcel:
        """The parcel with this id.

        Raises:
            DeskError: ``store.conflict`` when there is none.
        """
        with self._database.reading() as connection:
            return self._get(connection, parcel_id)

    # rows

    @staticmethod
    def _get(connection: Connection, parcel_id: str) -> Parcel:
        row = connection.execute(select(parcels).where(parcels.c.id == parcel_id)).first()
        if row is None:
            raise error("store.conflict", "no such parcel")
        return parcel_of(row)

    def _open(self, connection: Connection, parcel_id: str) -> Parcel:
        """The parcel an answer came for: it must be on its way, or still waiting (the province was only asked)."""
        parcel = self._get(connection, parcel_id)
        _must_be_open(parcel)
        return parcel

    @staticmethod
    def _select(connection: Connection, *where: Any) -> list[Parcel]:
        query = select(parcels).where(*where).order_by(parcels.c.number)
        return [parcel_of(row) for row in connection.execute(query)]

    @staticmethod
    def _set(connection: Connection, parcel_id: str, **values: Any) -> None:
        connection.execute(update(parcels).where(parcels.c.id == parcel_id).values(**values))

    def _to(
        self,
        connection: Connection,
        parcel: Parcel,
        state: ParcelState,
        action: str,
        values: dict[str, Any],
        facts: dict[str, Any],
    ) -> Parcel:
        self._set(connection, parcel.id, state=state.value, **values)
        self._note(action, parcel, _DESK, **facts)
        return replace(parcel, state=state, **{name: value for name, value in values.items() if name not in _NO_RUSH})

    def _note(self, action: str, parcel: Parcel, by: By, /, **facts: Any) -> None:
        self._journal.append(action, f"parcel:{parcel.id}", by, component=parcel.component_id, **facts)


def _must_be_open(parcel: Parcel) -> None:
    if parcel.state not in _OPEN:
        raise error("store.conflict", f"an answer for a parcel that is {parcel.state}")


def _newer(connection: Connection, parcel: Parcel) -> bool:
    """Whether another version of the same component was packed since: what is older must not leave after it."""
    newer = select(parcels.c.id).where(
        parcels.c.component_id == parcel.component_id, parcels.c.version > parcel.version
    )
    return connection.scalar(newer.limit(1)) is not None


def settle_code(connection: Connection, component_id: str, text: str) -> None:
    """The province's own code takes the place of ours (R36)."""
    of = components.c.id == component_id
    ours = connection.scalar(select(components.c.result_code).where(of))
    code = decode(ResultCode, ours) if ours else ResultCode("", "", "")
    settled = ResultCode(code.owner, code.kind, code.number, provisional=False, text=text)
    connection.execute(update(components).where(of).values(result_code=encode(ResultCode, settled)))
