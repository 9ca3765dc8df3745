# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Delivery in two stages: another connector brings the file, then the national portal is told where it lies.

Apart from the connectors that bring files, of which this one takes any. The first stage's trail is kept inside this
one's, so a desk killed anywhere goes on there: what has a receipt is never brought again, and the portal is asked what
it has before it is told anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.province.link import (
    Accepted,
    Health,
    Keep,
    Later,
    Proof,
    ProvinceLink,
    Rejected,
    Reply,
    keep_nothing,
    one_line,
)
from digitizer_desk.province.national.portal import Portal, Seen
from digitizer_desk.province.national.told import Brought, Line, dossier_of, doubled, line_of, lists, newest
from digitizer_desk.province.profile import Profile
from digitizer_desk.province.systems.talk import Clock, Stop, clock_of, paper_of, settling, unaltered
from digitizer_desk.province.trail import Step, Trail
from digitizer_desk.province.trail import read as read_trail
from digitizer_desk.province.wire import Progress, checked_address

NAME = "national"
#: all parcels of a dossier, in the order of packing
Parcels = Callable[[str], tuple[Parcel, ...]]


class _OfCarrier(Stop):
    """The way of the files does not answer now."""


class NationalLink:
    """A :class:`~digitizer_desk.province.link.ProvinceLink`. For the network lane: one call at a time."""

    def __init__(self, profile: Profile, carrier: ProvinceLink, portal: Portal, parcels: Parcels, clock: Clock) -> None:
        """``carrier`` brings the files."""
        self._profile = profile
        self._carrier = carrier
        self._portal = portal
        self._parcels = parcels
        self._clock = clock

    @contextmanager
    def line(self) -> Iterator[None]:
        with one_line(self._carrier), self._portal.talk.wire.conversation():
            yield

    def health(self) -> Health:
        """How the way of the files stands: they go even while the portal is away."""
        return self._carrier.health()

    def portal_health(self) -> Health:
        """How the portal stands."""
        before = self._clock()
        try:
            with self._portal.talk.wire.conversation():
                answer = self._portal.sign_in()
        except Stop as stop:
            return Health(reachable=stop.reply.code != "province.offline", code=stop.reply.code, detail=stop.detail)
        apart = clock_of(answer.headers, before, self._clock())
        return Health(reachable=True, name=self._profile.name or "Cổng DVCQG", clock_difference=apart)

    def unknown(self, procedures: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """Which of these procedures the portal's catalogue does not have; and the code of what kept us from asking."""
        missing = []
        with self._portal.talk.wire.conversation():
            for code in procedures:
                try:
                    self._portal.procedure(code)
                except Stop as stop:
                    if stop.reply.code != "province.portal_refused":
                        return (), stop.reply.code
                    missing.append(code)
        return tuple(missing), ""

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        """Whether the portal shows this very address. None also while only the file has arrived."""
        trail = self._trail(parcel)
        receipt = self._receipt(trail, parcel)
        if receipt is None:
            there = self._carrier.look(replace(parcel, trail=_first(trail, parcel)))
            # a receipt of the first stage is taken by deliver, which can keep it
            return there if isinstance(there, Later) else None
        if trail.has(Step.TELL):
            return replace(receipt, already=True)
        waiting = settling(trail, self._profile.settle_s, self._clock())
        if waiting is not None:
            return waiting
        try:
            line = self._line(Brought(parcel, receipt))
            if line is None:
                return replace(receipt, already=True)
            with self._portal.talk.wire.conversation():
                seen = self._portal.dossier(parcel.dossier_code)
        except Stop as stop:
            reply = _of_portal(stop.reply)
            return reply if isinstance(reply, Later) else None
        return replace(receipt, already=True) if _has(seen, line) else None

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Reply:
        """Bring the file, then tell.

        Raises:
            DeskError: ``signature.broken`` when PDF or record are not what was packed.
        """
        unaltered(parcel, pdf)
        trail = self._trail(parcel)
        receipt = self._receipt(trail, parcel)
        try:
            if receipt is None:
                # what is missing for the second stage is known before the first begins
                paper_of(parcel, self._profile.codes)
                brought = self._bring(parcel, pdf, progress, trail, keep)
                if not isinstance(brought, Accepted):
                    return brought
                trail = trail.finished(Step.RECORD, first="", **_notes(brought))
                keep(trail)
                receipt = self._addressed(brought)
            else:
                progress(len(pdf), len(pdf))
            with self._portal.talk.wire.conversation():
                return self._tell(parcel, receipt, trail, keep)
        except _OfCarrier as stop:
            return stop.reply
        except Stop as stop:
            return _of_portal(stop.reply)

    def _trail(self, parcel: Parcel) -> Trail:
        return read_trail(parcel.trail, NAME, parcel.file_sha256)

    def _receipt(self, trail: Trail, parcel: Parcel) -> Accepted | None:
        """What came of the first stage; None while it is not over."""
        if not trail.has(Step.RECORD) or not trail.note("at"):
            return None
        kept = Accepted(
            number=trail.note("number"),
            sha256=parcel.file_sha256,
            result_code=trail.note("result_code"),
            at=datetime.fromisoformat(trail.note("at")),
            proof=Proof(trail.note("proof")),
            address=trail.note("address"),
        )
        return self._addressed(kept)

    def _bring(self, parcel: Parcel, pdf: bytes, progress: Progress, trail: Trail, keep: Keep) -> Reply:
        """The first stage, from where it stands."""
        own = replace(parcel, trail=_first(trail, parcel))
        if own.tries > 0 or own.trail:
            there = self._carrier.look(own)
            if there is not None:
                return there

        def follow(step: Trail) -> None:
            keep(replace(trail, done=step.done, open=step.open, since=step.since, notes={"first": step.write()}))

        return self._carrier.deliver(own, pdf, progress, follow)

    def _addressed(self, receipt: Accepted) -> Accepted:
        """The receipt with the address the portal is to be told."""
        pattern = self._profile.national.files
        if not pattern:
            return receipt
        return replace(receipt, address=pattern.format(number=receipt.number, sha256=receipt.sha256))

    def _tell(self, parcel: Parcel, receipt: Accepted, trail: Trail, keep: Keep) -> Reply:
        line = self._line(Brought(parcel, receipt))
        if line is None:
            return receipt  # neither handed in nor a result: the portal has no place for it
        _usable(receipt)
        seen = self._portal.dossier(parcel.dossier_code)
        if _has(seen, line):
            return replace(receipt, already=True)
        lines, ours = self._lines(parcel, receipt), self._told_before(parcel)
        message = self._message(parcel, lines, seen, ours=ours)
        keep(trail.opening(Step.TELL, self._clock()))
        if not self._portal.tell(message, updating=seen.exists):
            # it came to be there meanwhile: what stands there is read before anything is sent over it
            seen = replace(self._portal.dossier(parcel.dossier_code), exists=True)
            self._portal.tell(self._message(parcel, lines, seen, ours=ours), updating=True)
        self._look_again(parcel, line, lines)
        keep(trail.finished(Step.TELL))
        return receipt

    def _message(self, parcel: Parcel, lines: list[Line], seen: Seen, *, ours: bool) -> dict[str, Any]:
        """Everything the desk brought of this dossier, on top of what stands there; ``ours``: it was told before.

        Raises:
            Stop: it would be incomplete, or the portal would have to be told what we do not know.
        """
        chosen, codes = self._profile.national, self._profile.codes
        if not seen.exists and not chosen.opens:
            raise Stop(Rejected("province.portal_unknown", ""))
        if seen.exists and seen.values is None and chosen.unseen == "hold" and not ours:
            raise Stop(Rejected("province.portal_unseen", ""))
        _stands_once(seen, lines)
        procedure = self._portal.procedure(paper_of(parcel, codes).procedure)
        message = dossier_of(parcel, lines, seen.values, procedure, codes, chosen)
        if not message["SoGiayToChuHoSo"]:
            raise Stop(Rejected("province.no_identifier", ""))  # a made-up number is never sent
        return message

    def _told_before(self, parcel: Parcel) -> bool:
        """Whether what the portal has under this dossier's code came from us."""
        return any(_told(self._trail(one)) for one in self._parcels(parcel.dossier_id))

    def _lines(self, parcel: Parcel, receipt: Accepted) -> list[Line]:
        return [line for one in self._brought(parcel, receipt) if (line := self._line(one)) is not None]

    def _line(self, one: Brought) -> Line | None:
        return line_of(one, self._profile.codes, self._profile.national, self._profile.desk_id)

    def _brought(self, parcel: Parcel, receipt: Accepted) -> list[Brought]:
        """Every paper of this dossier the province holds, newest versions, this one among them.

        Raises:
            Stop: it could not be learned of each.
        """
        found = []
        for one in self._parcels(parcel.dossier_id):
            if one.id == parcel.id:
                continue
            known = self._receipt(self._trail(one), one)
            if known is None and one.state is ParcelState.ACCEPTED:
                known = self._asked(one)
            if known is not None:
                found.append(Brought(one, known))
        return newest([*found, Brought(parcel, receipt)])

    def _asked(self, parcel: Parcel) -> Accepted | None:
        """The receipt of a paper that arrived before there was a second stage; None when it lies elsewhere."""
        there = self._carrier.look(replace(parcel, tries=max(parcel.tries, 1)))
        if isinstance(there, Later):
            raise _OfCarrier(there)
        return self._addressed(there) if there is not None else None

    def _look_again(self, parcel: Parcel, line: Line, lines: list[Line]) -> None:
        """Where the portal shows its list, it must have taken this line, and each of ours once.

        Raises:
            Stop: ``province.not_kept``, ``province.portal_adds``.
        """
        seen = self._portal.dossier(parcel.dossier_code)
        _stands_once(seen, lines)
        if lists(seen.values, line) is False and not line.withdrawn:
            raise Stop(Later("province.not_kept", attempt=True, detail="not in the list the portal shows"))


def _has(seen: Seen, line: Line) -> bool:
    return lists(seen.values, line) is True and not line.withdrawn


def _stands_once(seen: Seen, lines: list[Line]) -> None:
    """A portal that keeps a line for each message would count a paper twice: it is told no more.

    Raises:
        Stop: ``province.portal_adds``.
    """
    if doubled(seen.values, lines):
        raise Stop(Rejected("province.portal_adds", ""))


def _told(trail: Trail) -> bool:
    """Whether the portal was told of this paper, or a message may have reached it."""
    return trail.has(Step.TELL) or trail.open is Step.TELL


def _of_portal(reply: Later | Rejected) -> Later | Rejected:
    """That the portal is away must not look as if there were no line: the files of others can go meanwhile."""
    if isinstance(reply, Later) and reply.code in ("province.offline", "province.timeout", "province.server_busy"):
        return replace(reply, code="province.portal_away", attempt=True)
    return reply


def _usable(receipt: Accepted) -> None:
    """The portal fetches the file itself: without an address there is nothing to tell.

    Raises:
        Stop: ``province.no_address``.
    """
    try:
        checked_address(receipt.address.partition("?")[0])
    except DeskError:
        raise Stop(Rejected("province.no_address", "")) from None


def _first(trail: Trail, parcel: Parcel) -> str:
    """The trail of the first stage: inside ours, or from before there was a second."""
    return trail.note("first") if trail.notes else parcel.trail


def _notes(receipt: Accepted) -> dict[str, str]:
    return {
        "number": receipt.number,
        "result_code": receipt.result_code,
        "at": receipt.at.isoformat(),
        "proof": receipt.proof.value,
        "address": receipt.address,
    }
