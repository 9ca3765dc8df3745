# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Archive timestamps of documents in the cabinet, renewed before the certificate behind them ends. No token is needed.

Apart from the upgrade before sending because these documents may have left long ago: what the province has does not
change by it. A document that never left carries its renewed file; of any other the renewed file is kept here, as the
next version of the same document.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Document, Parcel, ParcelState
from digitizer_desk.errors import DeskError, error
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.signatures.upgrade import next_version, put_in_parcel

_BY = "desk"
_LOOKED = "renewal.looked"
#: so many in one round of sending; the rest in the next
_A_ROUND = 20


@dataclass(frozen=True, slots=True)
class Held:
    """A document with an archive timestamp, and until when that holds. ``here_only``: it left already, or its record is
    signed, so a renewed file stays in the cabinet; else it goes to the province with the parcel that waits."""

    parcel: Parcel
    document: Document
    until: datetime
    here_only: bool


@dataclass(frozen=True, slots=True)
class Renewed:
    """``done``: ids of renewed documents; ``failed``: (id, why) of those that were tried; ``left``: how many are due
    still."""

    done: tuple[str, ...] = ()
    failed: tuple[tuple[str, DeskError], ...] = ()
    left: int = 0


def due(desk: Desk) -> tuple[Held, ...]:
    """Documents whose archive timestamp ends within the days the settings say, or has ended; the first to end first.

    Documents whose file is no longer here are left out.
    """
    before = desk.clock() + timedelta(days=desk.settings.timestamps.renew_days)
    found = [held for parcel in _newest(desk) if (held := _held(desk, parcel)) and held.until <= before]
    return tuple(sorted(found, key=lambda held: held.until))


def renew(desk: Desk, report: Callable[[object], None], stop: Callable[[], bool], most: int | None = None) -> Renewed:
    """Renew what is due, one document after the other; safe to repeat: what is renewed is no longer due.

    A document that cannot be renewed stays as it was. Without a timestamp service the round ends at once.
    """
    waiting = due(desk)
    done: list[str] = []
    failed: list[tuple[str, DeskError]] = []
    for held in waiting[:most]:
        if stop() or desk.stamps is None:
            break
        report(held)
        try:
            with act(desk, "renew", held.parcel.component_id):
                _renew_one(desk, held)
        except DeskError as problem:
            desk.log.info("not renewed %s: %s", held.parcel.component_id, problem.code)
            failed.append((held.document.id, problem))
            if not problem.code.startswith("signature.") or problem.code == "signature.timestamp_offline":
                break
            continue
        done.append(held.document.id)
    return Renewed(tuple(done), tuple(failed), len(waiting) - len(done))


def at_sync(desk: Desk, stop: Callable[[], bool]) -> Renewed:
    """What a round of sending does for it, until all that is due that day was tried and the service answered."""
    today = desk.clock().date().isoformat()
    if desk.stamps is None or desk.cabinet.settings.get(_LOOKED) == today:
        return Renewed()
    outcome = renew(desk, lambda _held: None, stop, _A_ROUND)
    offline = any(problem.code == "signature.timestamp_offline" for _, problem in outcome.failed)
    if not offline and outcome.left == len(outcome.failed):
        desk.cabinet.settings.put(_LOOKED, today)
    return outcome


def _newest(desk: Desk) -> list[Parcel]:
    """Of each document the last parcel that has archive timestamps."""
    newest: dict[str, Parcel] = {}
    for parcel in desk.cabinet.outbox.all():
        if parcel.level != "B-LTA" or parcel.state is ParcelState.SUPERSEDED:
            continue
        known = newest.get(parcel.document_id)
        if known is None or known.version < parcel.version:
            newest[parcel.document_id] = parcel
    return list(newest.values())


def _held(desk: Desk, parcel: Parcel) -> Held | None:
    versions = [d for d in desk.cabinet.documents.versions(parcel.component_id) if d.id == parcel.document_id]
    if not versions:
        return None
    document = max(versions, key=lambda one: one.version)
    until = _until(desk, document)
    if until is None:
        return None
    leaves = parcel.state is ParcelState.WAITING and not parcel.sent_sha256 and not parcel.body_signature
    return Held(parcel, document, until, here_only=not leaves)


def _until(desk: Desk, document: Document) -> datetime | None:
    """Kept once it was read: the bytes of a version never change."""
    key = f"held_until:{document.sha256}"
    said = desk.cabinet.settings.get(key)
    if said is None:
        try:
            pdf = desk.cabinet.documents.pdf(document)
            until = signing.verify_pdf(pdf, trust=desk.trust, offline=True, at=desk.clock()).held_until
        except DeskError as problem:
            desk.log.info("archive timestamp not read %s: %s", document.id, problem.code)
            return None
        said = until.isoformat() if until else ""
        desk.cabinet.settings.put(key, said)
    return datetime.fromisoformat(said) if said else None


def _renew_one(desk: Desk, held: Held) -> None:
    """Another archive timestamp over everything; the file takes its place in one transaction, or nothing does.

    Raises:
        DeskError: as :func:`~digitizer_desk.signing.lasting.upgrade.upgrade_stream`, ``store.*``;
            ``signature.renewal_short`` when the new timestamp would hold no longer than the one there is.
    """
    assert desk.stamps is not None
    within = held.until - desk.clock() + timedelta(days=1)
    pdf = desk.cabinet.documents.pdf(held.document)
    better, reached = signing.upgrade_pdf(pdf, desk.stamps, trust=desk.trust, clock=desk.clock, renew_within=within)
    if reached.held_until is None or reached.held_until <= held.until:
        raise error("signature.renewal_short")
    newer = next_version(held.document, better)
    cabinet = desk.cabinet
    with cabinet.transaction():
        cabinet.documents.freeze_again(held.document, better, newer, _BY)
        if not held.here_only:
            put_in_parcel(desk, held.parcel, newer, reached.level)
        cabinet.settings.put(f"held_until:{newer.sha256}", reached.held_until.isoformat())
