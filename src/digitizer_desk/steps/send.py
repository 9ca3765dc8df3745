# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Parcels that are due go out; replies come back; whatever is not known is asked before it is sent again.

Apart from ``province`` (which speaks HTTP): when to try, in which order, and what a reply means for the queue.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Parcel, ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.province.link import Accepted, Later, ProvinceLink, Rejected, Reply, one_line
from digitizer_desk.province.trail import Trail
from digitizer_desk.steps.outgoing import attested
from digitizer_desk.steps.outgoing.hours import opens_at
from digitizer_desk.steps.outgoing.received import received_at
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.signatures import renew
from digitizer_desk.steps.signatures.upgrade import Strengthening
from digitizer_desk.store.tray.state import Rest
from digitizer_desk.store.tray.turns import Turn

#: pauses after real failures, in seconds (house.md 1.10); the last one repeats
PAUSES = (15, 60, 300, 900, 3600)
#: tries in a row that fail, of whatever parcels, before the province is left alone for a while
MISSES = 3


@dataclass(frozen=True, slots=True)
class Sending:
    """``sent`` of ``total`` bytes of a parcel's file have left."""

    parcel: Parcel
    sent: int
    total: int


@dataclass(frozen=True, slots=True)
class Told:
    """Something was learned about a parcel: its row is another now."""

    parcel_id: str
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What one round did. ``offline`` tells that there was no network; ``paused`` the code that stopped the queue;
    ``waits_until`` when the hours of the settings begin or the province is tried again, if that held parcels back."""

    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    offline: bool = False
    paused: str = ""
    waits_until: datetime | None = None


class _BrokenOff(Exception):
    """The queue was paused or the program is closing while bytes left: what became of them has to be asked."""


def deliver_due(desk: Desk, report: Callable[[object], None], stop: Callable[[], bool]) -> SendOutcome:
    """Send what is due now, one parcel after the other. Never raises for what a province or a network does.

    No network ends the round at once and counts as no attempt; a refused login or certificate pauses the queue; a
    parcel refused for its content waits for a person while the others go on. When several in a row fail, the province
    is left alone for a while. What people wish meanwhile (a pause, "gửi ngay", a new parcel) is heard between two
    parcels; a pause also within one.

    Raises:
        DeskError: ``store.disk_full``, ``store.damaged``.
    """
    link, outbox = desk.link, desk.cabinet.outbox
    if link is None or outbox.paused():
        return SendOutcome(paused=outbox.paused())
    now = desk.clock()
    opens, rest = opens_at(desk.settings.sending, now), outbox.tray.resting()
    if rest.holds(now):
        return SendOutcome(waits_until=rest.until)
    if not outbox.perhaps_due(now, rushed_only=opens is not None):
        renew.at_sync(desk, stop)
        return SendOutcome(waits_until=opens)
    with one_line(link):
        outcome = _Round(desk, link, report, stop).run()
    if not outcome.later and not outcome.offline:
        renew.at_sync(desk, stop)
    return outcome


class _Round:
    """One round of sending and what has come of it so far."""

    def __init__(
        self, desk: Desk, link: ProvinceLink, report: Callable[[object], None], stop: Callable[[], bool]
    ) -> None:
        self._desk, self._link, self._report, self._stop = desk, link, report, stop
        self._tray = desk.cabinet.outbox.tray
        self._accepted: list[str] = []
        self._refused: list[str] = []
        self._later: list[str] = []
        self._resting: set[str] = set()  # dossiers in which a parcel has to be tried again: their order is kept
        self._offline = False
        self._ended = False
        self._heard = self._asked = self._tray.wishes
        self._paused = False
        self._most: int | None = None
        self._stamping = Strengthening(desk)

    def run(self) -> SendOutcome:
        """Knock, settle what is uncertain, then send in turn; begin anew when somebody wished something."""
        if self._knock():
            settle(self._desk, self._report)
            while not self._ended and not self._stop():
                self._heard = self._tray.wishes
                if self._go_through():
                    break
        now, rest = self._desk.clock(), self._tray.resting()
        return SendOutcome(
            tuple(self._accepted),
            tuple(self._refused),
            tuple(self._later),
            offline=self._offline,
            paused=self._desk.cabinet.outbox.paused(),
            waits_until=rest.until if rest.holds(now) else opens_at(self._desk.settings.sending, now),
        )

    def _knock(self) -> bool:
        """A cheap question before a long queue is woken: nothing is written for a province that is not there."""
        health = self._link.health()
        if health.reachable and health.code not in _QUEUE_STOPS + _NOT_WELL:
            attested.heard_now(self._desk, health)
            if self._tray.line_back():
                self._desk.log.info("line back")
            self._most = health.max_bytes
            return True
        code = health.code or "province.offline"
        if code in _QUEUE_STOPS:
            self._desk.cabinet.outbox.pause(code)
        elif code == "province.offline":
            self._offline = True
            self._tray.line_lost(self._desk.clock())
        else:
            self._missed(Later(code, attempt=True))
        return False

    def _go_through(self) -> bool:
        """Send in turn; False when the order has to be made anew because of a wish."""
        now = self._desk.clock()
        rushed_only = opens_at(self._desk.settings.sending, now) is not None
        for turn in self._desk.cabinet.outbox.due(now, rushed_only=rushed_only):
            if self._ended or self._stop():
                return True
            if self._tray.wishes != self._heard:
                return False
            if not turn.rush and opens_at(self._desk.settings.sending, self._desk.clock()) is not None:
                return True  # the hours ended meanwhile
            if turn.dossier_id not in self._resting:
                self._send(turn)
        return self._tray.wishes == self._heard

    def _send(self, turn: Turn) -> None:
        outbox = self._desk.cabinet.outbox
        parcel = outbox.get(turn.id)
        try:
            reply = _send_one(self._desk, self._link, parcel, self._moved, self._stamping, self._most)
            _record(self._desk, parcel, reply)
        except _BrokenOff:
            if not self._stop():
                settle(self._desk, self._report)  # paused: say soon whether it arrived
            return
        except DeskError as problem:
            if problem.code != "store.conflict":
                raise
            return  # a newer version took its place in this very moment
        self._report(Told(parcel.id, reply))
        self._weigh(parcel, reply)

    def _weigh(self, parcel: Parcel, reply: Reply) -> None:
        """What a reply means for the rest of the round."""
        if isinstance(reply, Accepted):
            self._accepted.append(parcel.id)
            if self._tray.resting().misses:
                self._tray.rested()
        elif isinstance(reply, Rejected):
            self._refused.append(parcel.id)
        else:
            self._later.append(parcel.id)
            self._resting.add(parcel.dossier_id)
            self._ended = reply.pause_all or not reply.attempt
            self._offline = not reply.attempt
            if self._offline:
                self._tray.line_lost(self._desk.clock())
            elif not reply.pause_all and reply.code != "province.portal_away":
                self._missed(reply)  # the province itself took the file when only the portal is away

    def _missed(self, reply: Later) -> None:
        """A try failed that may be the province's fault. When it says how long, or fails again and again, let it be."""
        misses = self._tray.resting().misses + 1
        now, until = self._desk.clock(), None
        if reply.code == "province.server_busy" and reply.after_seconds is not None:
            until = now + timedelta(seconds=reply.after_seconds)
        elif misses >= MISSES:
            until = now + _pause(misses - MISSES)
        self._tray.rest(Rest(misses, until, reply.code))
        self._ended = self._ended or until is not None

    def _moved(self, event: object) -> None:
        """Bytes left. Stops within a parcel when the program closes or somebody paused the queue."""
        self._report(event)
        if self._tray.wishes != self._asked:
            self._asked = self._tray.wishes
            self._paused = bool(self._desk.cabinet.outbox.paused())
        if self._stop() or self._paused:
            raise _BrokenOff


#: what every parcel would meet until somebody mends it
_QUEUE_STOPS = ("province.login", "province.certificate", "province.old_version", "province.not_set")
#: troubles of this machine, met before a byte left: the parcel is as good as before, nobody need look at it
_NOT_THE_PARCELS = ("store.disk_full", "store.damaged", "store.conflict")
#: it is there and not well, as the next answer may be
_NOT_WELL = ("province.server_busy", "province.timeout", "province.reply_unreadable")


def _send_one(
    desk: Desk,
    link: ProvinceLink,
    parcel: Parcel,
    report: Callable[[object], None],
    stamping: Strengthening,
    most: int | None = None,
) -> Reply:
    """One try: look first when an earlier try, or what somebody carried, may have arrived; SENDING is committed before
    the first byte leaves."""
    if parcel.tries > 0 or parcel.trail or parcel.sent_sha256:
        there = link.look(parcel)
        if there is not None:
            return there
    try:
        parcel = stamping.before_sending(parcel)
        if stamping.off and not parcel.sent_sha256 and not link.health().reachable:
            # nothing would leave, but SENDING would fix the bytes for ever: better wait for the timestamp too
            return Later("province.offline", attempt=False)
        pdf = desk.cabinet.documents.pdf_by_hash(parcel.file_sha256)
    except DeskError as broken:
        if broken.code in _NOT_THE_PARCELS:
            raise
        return Rejected(broken.code, "")
    if most is not None and parcel.file_size > most:
        return Rejected("province.too_large", "")
    parcel = desk.cabinet.outbox.claim(parcel.id)
    report(Sending(parcel, 0, len(pdf)))
    try:
        with act(desk, "send", parcel.id):
            return link.deliver(
                parcel,
                pdf,
                lambda sent, total: report(Sending(parcel, sent, total)),
                lambda trail: _follow(desk, parcel, trail),
            )
    except DeskError as broken:
        # the bytes are not those that were packed (R30): nothing was sent
        return Rejected(broken.code, "")


def _follow(desk: Desk, parcel: Parcel, trail: Trail) -> None:
    """Commit how far the connector came, before it goes on."""
    desk.cabinet.outbox.follow(
        parcel.id,
        trail.write(),
        spare=trail.spare,
        connector=trail.connector,
        done=trail.done or "",
        open=trail.open or "",
    )


def _record(desk: Desk, parcel: Parcel, reply: Reply) -> None:
    """Write what the reply means, in one transaction of its own."""
    outbox = desk.cabinet.outbox
    if isinstance(reply, Accepted):
        outbox.accepted(parcel.id, reply.number, reply.result_code, _received(desk, parcel, reply))
    elif isinstance(reply, Rejected):
        if reply.code == "province.rejected":
            outbox.rejected(parcel.id, reply.code, reply.said)
        else:
            outbox.needs_person(parcel.id, reply.code, reply.said)
    else:
        outbox.later(parcel.id, _next_try(desk.clock(), parcel, reply), reply.code, counted=reply.attempt)
        if reply.pause_all:
            outbox.pause(reply.code)


def _received(desk: Desk, parcel: Parcel, reply: Accepted) -> datetime:
    """When, and that so much time has passed by the province's word."""
    at = received_at(parcel, reply.at, desk.clock(), desk.cabinet.outbox.tray.time_heard())
    attested.heard_of(desk, reply.at)
    return at


def _next_try(now: datetime, parcel: Parcel, reply: Later) -> datetime:
    """No network: as soon as there is one. Otherwise the pause for this number of tries, with jitter of a fifth."""
    if not reply.attempt:
        return now
    if reply.after_seconds is not None:
        return now + timedelta(seconds=reply.after_seconds)
    return now + _pause(parcel.tries)


def _pause(failures: int) -> timedelta:
    """The pause after so many failures before this one, with jitter of a fifth."""
    seconds = PAUSES[min(failures, len(PAUSES) - 1)]
    return timedelta(seconds=seconds * random.uniform(1.0, 1.2))  # noqa: S311 - spreads load, guards nothing


def settle(desk: Desk, report: Callable[[object], None] = lambda _event: None) -> int:
    """Ask about every parcel found SENDING: we do not know whether it arrived. Returns how many became certain."""
    settled = 0
    if desk.link is None:
        return 0
    for parcel in desk.cabinet.outbox.unsettled():
        answer = desk.link.look(parcel)
        if isinstance(answer, Accepted):
            desk.cabinet.outbox.accepted(parcel.id, answer.number, answer.result_code, _received(desk, parcel, answer))
        elif answer is None:
            desk.cabinet.outbox.release(parcel.id)
        elif not answer.attempt or answer.pause_all:
            break
        else:
            continue
        settled += 1
        report(Told(parcel.id, answer))
    return settled


def send_now(desk: Desk, by: Officer | str = "desk", parcel_id: str | None = None) -> None:
    """The clerk says "gửi ngay": a stopped queue goes on, pauses and hours are lifted for all that waits now; with a
    parcel's id that one goes first, with what stands before it in its dossier, also when it was held for a person.

    Raises:
        DeskError: ``store.conflict`` when that parcel neither waits nor is held, or a newer one took its place.
    """
    outbox = desk.cabinet.outbox
    with desk.cabinet.transaction():
        outbox.resume(by)
        if parcel_id is not None and outbox.get(parcel_id).state is ParcelState.NEEDS_PERSON:
            outbox.try_again(parcel_id, by)
        outbox.tray.rush(by, parcel_id)


def send_again(desk: Desk, by: Officer | str) -> int:
    """What held parcels was mended somewhere else (a table of codes, a right, a limit): all that are held wait again as
    they are. Those the province gave back are not among them: it wants others. Returns how many there are.

    Raises:
        DeskError: ``store.disk_full``, ``store.damaged``; none waits again then.
    """
    again = 0
    with desk.cabinet.transaction():
        for parcel in desk.cabinet.outbox.held():
            try:
                desk.cabinet.outbox.try_again(parcel.id, by)
            except DeskError as problem:
                if problem.code != "store.conflict":
                    raise
                continue  # a newer version is packed: that one goes
            again += 1
    return again


def pause(desk: Desk, by: Officer | str) -> None:
    """Nothing leaves until somebody says so; a parcel on its way is broken off and asked about later."""
    desk.cabinet.outbox.pause("province.paused", by)


def go_on(desk: Desk, by: Officer | str) -> None:
    """Sending goes on as by its rules; nothing is hurried."""
    desk.cabinet.outbox.resume(by)
