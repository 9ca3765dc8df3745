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
from digitizer_desk.dossier.model import Parcel
from digitizer_desk.errors import DeskError
from digitizer_desk.province.link import Accepted, Later, ProvinceLink, Rejected, Reply
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.signatures import renew
from digitizer_desk.steps.signatures.upgrade import Strengthening

#: pauses after real failures, in seconds (house.md 1.10); the last one repeats
PAUSES = (15, 60, 300, 900, 3600)


@dataclass(frozen=True, slots=True)
class Sending:
    """``sent`` of ``total`` bytes of a parcel have left."""

    parcel: Parcel
    sent: int
    total: int


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What one round did. ``offline`` tells that there was no network; ``paused`` the code that stopped the queue."""

    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    offline: bool = False
    paused: str = ""


def deliver_due(desk: Desk, report: Callable[[object], None], stop: Callable[[], bool]) -> SendOutcome:
    """Send what is due now, one parcel after the other. Never raises for what a province or a network does.

    No network ends the round at once and counts as no attempt; a refused login or certificate pauses the queue; a
    parcel refused for its content waits for a person while the others go on.
    """
    link = desk.link
    if link is None or desk.cabinet.outbox.paused():
        return SendOutcome(paused=desk.cabinet.outbox.paused())
    settle(desk)
    accepted: list[str] = []
    refused: list[str] = []
    later: list[str] = []
    resting: set[str] = set()
    stamping = Strengthening(desk)
    for parcel in desk.cabinet.outbox.due(desk.clock()):
        if stop():
            break
        if parcel.dossier_id in resting:
            continue  # order inside a dossier is kept
        reply = _send_one(desk, link, parcel, report, stamping)
        _record(desk, parcel, reply)
        if isinstance(reply, Accepted):
            accepted.append(parcel.id)
        elif isinstance(reply, Rejected):
            refused.append(parcel.id)
        else:
            later.append(parcel.id)
            resting.add(parcel.dossier_id)
            if reply.pause_all or not reply.attempt:
                break
    last = reply if later else None
    if not stamping.off and not later:
        renew.at_sync(desk, stop)
    return SendOutcome(
        tuple(accepted),
        tuple(refused),
        tuple(later),
        offline=isinstance(last, Later) and not last.attempt,
        paused=desk.cabinet.outbox.paused(),
    )


def _send_one(
    desk: Desk, link: ProvinceLink, parcel: Parcel, report: Callable[[object], None], stamping: Strengthening
) -> Reply:
    """One try: look first when an earlier try may have arrived; SENDING is committed before the first byte leaves."""
    looked_before = parcel.tries > 0
    if looked_before:
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
        return Rejected(broken.code, "")
    parcel = desk.cabinet.outbox.claim(parcel.id)
    report(Sending(parcel, 0, len(pdf)))
    try:
        with act(desk, "send", parcel.id):
            return link.deliver(parcel, pdf, lambda sent, total: report(Sending(parcel, sent, total)))
    except DeskError as broken:
        # the bytes are not those that were packed (R30): nothing was sent
        return Rejected(broken.code, "")


def _record(desk: Desk, parcel: Parcel, reply: Reply) -> None:
    """Write what the reply means, in one transaction of its own."""
    outbox = desk.cabinet.outbox
    if isinstance(reply, Accepted):
        outbox.accepted(parcel.id, reply.number, reply.result_code, reply.at)
    elif isinstance(reply, Rejected):
        if reply.code == "province.rejected":
            outbox.rejected(parcel.id, reply.code, reply.said)
        else:
            outbox.needs_person(parcel.id, reply.code, reply.said)
    else:
        outbox.later(parcel.id, _next_try(desk.clock(), parcel, reply), reply.code, counted=reply.attempt)
        if reply.pause_all:
            outbox.pause(reply.code)


def _next_try(now: datetime, parcel: Parcel, reply: Later) -> datetime:
    """No network: as soon as there is one. Otherwise the pause for this number of tries, with jitter of a fifth."""
    if not reply.attempt:
        return now
    if reply.after_seconds is not None:
        return now + timedelta(seconds=reply.after_seconds)
    pause = PAUSES[min(parcel.tries, len(PAUSES) - 1)]
    return now + timedelta(seconds=pause * random.uniform(1.0, 1.2))  # noqa: S311 - spreads load, guards nothing


def settle(desk: Desk) -> int:
    """Ask about every parcel found SENDING: we do not know whether it arrived. Returns how many became certain."""
    settled = 0
    if desk.link is None:
        return 0
    for parcel in desk.cabinet.outbox.unsettled():
        answer = desk.link.look(parcel)
        if isinstance(answer, Accepted):
            desk.cabinet.outbox.accepted(parcel.id, answer.number, answer.result_code, answer.at)
            settled += 1
        elif answer is None:
            desk.cabinet.outbox.release(parcel.id)
            settled += 1
        elif not answer.attempt or answer.pause_all:
            break
    return settled


def send_now(desk: Desk) -> None:
    """The clerk says "gửi ngay": pauses are cleared and a stopped queue goes on."""
    desk.cabinet.outbox.resume()
    desk.cabinet.outbox.hurry()
