# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Văn thư puts the agency's signature on complete documents: a copy made of paper, worth what the paper is (sao y).

Apart from the clerk's signing because another person does it, with another token, later, and not at the counter
(R40-R44). The clerk's signature stays as it is: the agency's comes behind it, and after the clerk's was given its
timestamp wherever one could be had.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Certificate, Pin, TokenSession
from digitizer_desk.dossier.model import Component, Document, Dossier, Officer, Role, Signature
from digitizer_desk.dossier.result import CopyForm
from digitizer_desk.dossier.stage import signed as signed_by_clerk
from digitizer_desk.dossier.stage import stage
from digitizer_desk.dossier.text import format_date, nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.steps.officers import need
from digitizer_desk.steps.parts.due import parcel_for
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.sign import SignProgress
from digitizer_desk.steps.signatures.revoked import known_revoked
from digitizer_desk.steps.signatures.stamp import Stamp, not_for_archive
from digitizer_desk.steps.signatures.vouch import doubtful

#: name of the signature field for each form
_FIELDS = {CopyForm.TEXT: "OrganisationCopy1", CopyForm.SEAL: "OrganisationArchive1"}


#: what a document takes of the token: its file and its record
_SIGNATURES = ("pdf", "record")


class _Hand:
    """The agency's token in one batch. ``twins`` of the PIN live only for a key that wants it at each signature."""

    def __init__(self, session: TokenSession, twins: list[Pin]) -> None:
        self.certificate = session.certificate
        self._session, self._twins = session, twins
        if not session.pin_each_time:
            for twin in twins:
                twin.wipe()

    @property
    def spent(self) -> bool:
        """Whether the PIN must be typed again before the next document."""
        return self._session.pin_each_time and len(self._twins) < len(_SIGNATURES)

    def sign(self, data: bytes) -> bytes:
        """Raw signature over SHA-256 of ``data``. Raises DeskError ``token.*``."""
        return self._session.sign(data, self._twins.pop() if self._session.pin_each_time else None)


@dataclass(frozen=True, slots=True)
class Copy:
    """One document to be certified. ``over_ink``: Văn thư looked, and takes a mark that covers ink (R26)."""

    dossier_id: str
    component_id: str
    over_ink: bool = False


@dataclass(frozen=True, slots=True)
class CertifyOutcome:
    """``certified``: ids of components that now carry the agency's signature. ``refused``: (id, why) of those that
    cannot. ``over_ink``: marks that found no free room. ``unstamped``: without a timestamp. ``error``: what ended the
    batch before its end."""

    certified: tuple[str, ...] = ()
    refused: tuple[tuple[str, DeskError], ...] = ()
    over_ink: tuple[str, ...] = ()
    unstamped: tuple[str, ...] = ()
    error: DeskError | None = None
    stopped: bool = False


def waiting(desk: Desk) -> tuple[Copy, ...]:
    """Every complete document that the agency has not signed."""
    return tuple(
        Copy(dossier.id, component.id)
        for dossier, components in candidates(desk)
        for component in components
        if why_not(desk, dossier, component) is None
    )


def candidates(desk: Desk, form: CopyForm = CopyForm.TEXT) -> tuple[tuple[Dossier, tuple[Component, ...]], ...]:
    """Dossiers with the documents the clerk has signed and the agency has not, ready or not, oldest first. Those whose
    copies have left this machine are none any more."""
    found: list[tuple[Dossier, tuple[Component, ...]]] = []
    for dossier_id in desk.cabinet.results.uncertified(form):
        dossier = desk.cabinet.dossiers.load(dossier_id)
        mine = tuple(
            c
            for c in dossier.components
            if signed_by_clerk(c)
            and not _carries(c, form)
            and c.cancelled is None
            and not c.is_original
            and _lies_here(desk, dossier, c)
        )
        if mine:
            found.append((dossier, mine))
    return tuple(found)


def _lies_here(desk: Desk, dossier: Dossier, component: Component) -> bool:
    if dossier.removed_at is None or component.document is None:
        return True
    return desk.cabinet.shelf.has(component.document.sha256)


def usable(certificate: Certificate, office: str, now: datetime) -> DeskError | None:
    """Why this certificate cannot sign for the agency now, or None."""
    names = {nfc(name).casefold() for name in (certificate.holder, certificate.organisation) if name}
    if not office:
        return error("signature.no_office")
    if nfc(office).casefold() not in names:
        return error("token.not_agency", holder=certificate.holder, office=office)
    if not certificate.may_sign:
        return error("token.no_certificate", "key usage does not allow signing", officer=office)
    if now < certificate.not_before:
        return error(
            "token.not_yet_valid", since=format_date(certificate.not_before.date()), help=certificate.issuer
        )  # fmt: skip
    if now > certificate.not_after:
        return error("token.expired", until=format_date(certificate.not_after.date()), help=certificate.issuer)
    if certificate.token.pin.locked:
        return error("token.pin_locked", help=certificate.issuer)
    return None


def certify(
    desk: Desk,
    copies: Sequence[Copy],
    certificate: Certificate,
    pin: Pin,
    by: Officer,
    report: Callable[[object], None],
    stop: Callable[[], bool],
    form: CopyForm = CopyForm.TEXT,
) -> CertifyOutcome:
    """Sign a batch for the agency: one PIN, used once and wiped, come what may.

    A key that wants the PIN at every signature signs one document (its file and its record); the outcome is then
    ``stopped`` where more wait, and the next one takes the PIN typed again.

    ``form``: the words of a copy, or the picture of the seal for papers that go into an archive (R45). A document that
    may not be certified is refused and the others go on; a failing token ends the batch, what is certified stays
    certified.

    Raises:
        DeskError: ``officer.not_allowed`` for anybody but Văn thư, what :func:`usable` says, every ``token.*`` code
            of opening the token, and ``signature.seal_missing``, ``signature.seal_unfit`` for the seal's picture.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(pin)
        need(by, Role.VAN_THU)
        problem = usable(certificate, desk.settings.unit.name, desk.clock()) or known_revoked(desk, certificate)
        if problem is not None:
            raise problem
        stamp = Stamp(desk, form)
        twins = [held.enter_context(pin.twin()) for _ in _SIGNATURES]
        hand = _Hand(held.enter_context(desk.token.open(certificate, pin)), twins)
        outcome = CertifyOutcome()
        for number, copy in enumerate(copies):
            if stop() or hand.spent:
                return replace(outcome, stopped=True)
            dossier = desk.cabinet.dossiers.load(copy.dossier_id)
            component = dossier.component(copy.component_id)
            report(SignProgress(number, len(copies), component.title))
            # asked again: a long batch may go over the midnight at which the certificate ends
            if (ended := usable(certificate, desk.settings.unit.name, desk.clock())) is not None:
                return replace(outcome, error=ended)
            try:
                if (refusal := why_not(desk, dossier, component, form)) is not None:
                    raise refusal
                with act(desk, "certify", component.id):
                    outcome = _certify_one(desk, dossier, component, hand, by, outcome, stamp, copy)
            except DeskError as failure:
                if failure.code.startswith(("token.", "store.")):
                    return replace(outcome, error=failure)
                outcome = replace(outcome, refused=(*outcome.refused, (component.id, failure)))
    report(SignProgress(len(copies), len(copies), ""))
    return outcome


def why_not(desk: Desk, dossier: Dossier, component: Component, form: CopyForm = CopyForm.TEXT) -> DeskError | None:
    """Why this document cannot be certified now (R43), or None."""
    law = desk.law_of(dossier)
    if component.cancelled is not None:
        return error("result.cancelled", component=component.title)
    if component.document is None or not signed_by_clerk(component) or "certify" not in law.when_granted:
        return error("dossier.not_signed", component=component.title)
    if _carries(component, form):
        return error("dossier.frozen", component=component.title)
    if component.is_original and form is CopyForm.TEXT:
        return error("result.original", component=component.title)
    if (doubt := doubtful(component)) is not None:
        return doubt
    if stage(component, law.order, law.may_scan(component)) not in ("certify", "send", "done"):
        return error("dossier.not_filled", component=component.title, fields="")
    return not_for_archive(desk, dossier, component) if form is CopyForm.SEAL else None


def _carries(component: Component, form: CopyForm) -> bool:
    """Whether the agency has signed in this form already."""
    signatures = component.document.signatures if component.document is not None else ()
    return any(signature.role == "organisation" and signature.form is form for signature in signatures)


def _certify_one(
    desk: Desk,
    dossier: Dossier,
    component: Component,
    hand: _Hand,
    by: Officer,
    outcome: CertifyOutcome,
    stamp: Stamp,
    copy: Copy,
) -> CertifyOutcome:
    """Timestamp what is there, sign, timestamp again, verify, sign the data, keep and pack."""
    earlier = component.document
    assert earlier is not None
    pdf, _, _ = _lasting(desk, desk.cabinet.documents.pdf(earlier))
    signed_at = desk.clock()
    mark, ink = stamp.place(pdf, desk.law_of(dossier), signed_at)
    if ink and not copy.over_ink:
        raise error("signature.copy_no_room", component=component.title)
    pdf = signing.sign_pdf(
        pdf,
        certificate=hand.certificate.der,
        chain=desk.trust,
        raw_sign=hand.sign,
        key_kind=hand.certificate.key_kind,
        mark=mark,
        field=_FIELDS[stamp.form],
        signed_at=signed_at,
        font=desk.stamp_font,
        role="organisation",
    )
    pdf, level, stamped = _lasting(desk, pdf)
    _check(desk, pdf, signed_at)
    document = _next(earlier, pdf, hand.certificate, signed_at, by, stamp.form)
    parcel = parcel_for(desk, dossier, replace(component, document=document), by)
    record = signing.sign_bytes(
        parcel.body.encode(),
        certificate=hand.certificate.der,
        chain=desk.trust,
        raw_sign=hand.sign,
        key_kind=hand.certificate.key_kind,
    )
    parcel = replace(parcel, level=level, body_signature=base64.b64encode(record).decode())
    with desk.cabinet.transaction():
        desk.cabinet.documents.freeze_again(earlier, pdf, document, by)
        desk.cabinet.outbox.add(parcel, by)
    return replace(
        outcome,
        certified=(*outcome.certified, component.id),
        over_ink=(*outcome.over_ink, component.id) if ink else outcome.over_ink,
        unstamped=outcome.unstamped if stamped else (*outcome.unstamped, component.id),
    )


def _lasting(desk: Desk, pdf: bytes) -> tuple[bytes, str, bool]:
    """The file with timestamps and proofs, its level, and whether it is complete; as it is when they cannot be had.

    Raises:
        DeskError: ``signature.revoked``, ``signature.broken``.
    """
    if desk.stamps is None:
        return pdf, "B-B", False
    try:
        better, reached = signing.upgrade_pdf(pdf, desk.stamps, trust=desk.trust, clock=desk.clock)
    except DeskError as problem:
        if problem.code in ("signature.revoked", "signature.broken") or not problem.code.startswith("signature."):
            raise
        desk.log.info("not strengthened: %s", problem.code)
        return pdf, "B-B", False
    return better, reached.level, not reached.missing


def _check(desk: Desk, pdf: bytes, signed_at: datetime) -> None:
    """Both signatures are whole and nothing but what signing may do was done."""
    verdict = signing.verify_pdf(pdf, trust=desk.trust, offline=True, at=max(signed_at, desk.clock()))
    roles = [one.role for one in verdict.people]
    whole = all(one.intact for one in verdict.signatures) and not verdict.modified_after_signing
    if not whole or roles[-1:] != ["organisation"] or "clerk" not in roles:
        raise error("signature.broken", "not whole right after certifying")


def _next(
    earlier: Document, pdf: bytes, certificate: Certificate, signed_at: datetime, by: Officer, form: CopyForm
) -> Document:
    agency = Signature(
        role="organisation",
        signer=certificate.holder,
        certificate_sha256=certificate.sha256,
        captured_at=earlier.signatures[-1].captured_at,
        signed_at=signed_at,
        officer=by.id,
        form=form,
    )
    return replace(
        earlier,
        version=earlier.version + 1,
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        signatures=(*earlier.signatures, agency),
    )
