# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Văn thư puts the agency's signature on complete documents: a copy made of paper, worth what the paper is (sao y).

Apart from the clerk's signing because another person does it, with another token, later, and not at the counter
(R40-R44). The clerk's signature stays as it is: the agency's comes behind it, and after the clerk's was given its
timestamp wherever one could be had.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Certificate, Pin, TokenSession
from digitizer_desk.dossier.model import Component, Document, Dossier, Officer, Role, Signature
from digitizer_desk.dossier.stage import signed as signed_by_clerk
from digitizer_desk.dossier.stage import stage
from digitizer_desk.dossier.text import format_date, nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.place import first_page, free_corner
from digitizer_desk.rules.regulation import SignatureRule
from digitizer_desk.signing.appearance import copy_line, mark_size, wrapped
from digitizer_desk.signing.lasting.upgrade import upgrade_pdf
from digitizer_desk.signing.sign import Mark, sign_bytes, sign_pdf
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps.officers import need
from digitizer_desk.steps.parts.due import parcel_for
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.sign import SignProgress

_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Copy:
    """One document to be certified."""

    dossier_id: str
    component_id: str


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
    """Every complete document of the open dossiers that the agency has not signed."""
    found: list[Copy] = []
    for dossier_id in desk.cabinet.dossiers.open_ids():
        dossier = desk.cabinet.dossiers.load(dossier_id)
        found += [Copy(dossier_id, c.id) for c in dossier.components if _problem(desk, dossier, c) is None]
    return tuple(found)


def usable(certificate: Certificate, office: str, now: datetime) -> DeskError | None:
    """Why this certificate cannot sign for the agency now, or None."""
    names = {nfc(name).casefold() for name in (certificate.holder, certificate.organisation) if name}
    if not office or nfc(office).casefold() not in names:
        return error("token.wrong_person", holder=certificate.holder, officer=office)
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
) -> CertifyOutcome:
    """Sign a batch for the agency: one PIN, used once and wiped, come what may.

    A document that may not be certified is refused and the others go on; a failing token ends the batch, what is
    certified stays certified.

    Raises:
        DeskError: ``officer.not_allowed`` for anybody but Văn thư, what :func:`usable` says, and every ``token.*`` code
            of opening the token.
    """
    with pin:
        need(by, Role.VAN_THU)
        problem = usable(certificate, desk.settings.unit.name, desk.clock())
        if problem is not None:
            raise problem
        session = desk.token.open(certificate, pin)
    outcome = CertifyOutcome()
    with session:
        for number, copy in enumerate(copies):
            if stop():
                return replace(outcome, stopped=True)
            dossier = desk.cabinet.dossiers.load(copy.dossier_id)
            component = dossier.component(copy.component_id)
            report(SignProgress(number, len(copies), component.title))
            try:
                if (refusal := _problem(desk, dossier, component)) is not None:
                    raise refusal
                with act(desk, "certify", component.id):
                    outcome = _certify_one(desk, dossier, component, session, by, outcome)
            except DeskError as failure:
                if failure.code.startswith(("token.", "store.")):
                    return replace(outcome, error=failure)
                outcome = replace(outcome, refused=(*outcome.refused, (component.id, failure)))
    report(SignProgress(len(copies), len(copies), ""))
    return outcome


def _problem(desk: Desk, dossier: Dossier, component: Component) -> DeskError | None:
    """Why this document cannot be certified now (R43), or None."""
    law = desk.law_of(dossier)
    document = component.document
    if document is None or not signed_by_clerk(component) or "certify" not in law.when_granted:
        return error("dossier.not_signed", component=component.title)
    if any(signature.role == "organisation" for signature in document.signatures):
        return error("dossier.frozen", component=component.title)
    if stage(component, law.order, law.may_scan(component)) not in ("send", "done"):
        return error("dossier.not_filled", component=component.title, fields="")
    return None


def _certify_one(
    desk: Desk, dossier: Dossier, component: Component, session: TokenSession, by: Officer, outcome: CertifyOutcome
) -> CertifyOutcome:
    """Timestamp what is there, sign, timestamp again, verify, sign the data, keep and pack."""
    earlier = component.document
    assert earlier is not None
    pdf, _, _ = _lasting(desk, desk.cabinet.documents.pdf(earlier))
    signed_at = desk.clock()
    mark, ink = _place(pdf, desk.law_of(dossier).copy_signature, desk, signed_at)
    pdf = sign_pdf(
        pdf,
        certificate=session.certificate.der,
        chain=desk.trust,
        raw_sign=session.sign,
        key_kind=session.certificate.key_kind,
        mark=mark,
        field="OrganisationCopy1",
        signed_at=signed_at,
        font=desk.stamp_font,
        role="organisation",
    )
    pdf, level, stamped = _lasting(desk, pdf)
    _check(desk, pdf, signed_at)
    document = _next(earlier, pdf, session.certificate, signed_at, by)
    parcel = parcel_for(desk, dossier, replace(component, document=document), by)
    record = sign_bytes(
        parcel.body.encode(),
        certificate=session.certificate.der,
        chain=desk.trust,
        raw_sign=session.sign,
        key_kind=session.certificate.key_kind,
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
        better, reached = upgrade_pdf(pdf, desk.stamps, trust=desk.trust, clock=desk.clock)
    except DeskError as problem:
        if problem.code in ("signature.revoked", "signature.broken") or not problem.code.startswith("signature."):
            raise
        desk.log.info("not strengthened: %s", problem.code)
        return pdf, "B-B", False
    return better, reached.level, not reached.missing


def _place(pdf: bytes, rule: SignatureRule, desk: Desk, signed_at: datetime) -> tuple[Mark, float]:
    """The mark in its corner, and the share of ink (0-1) under it."""
    line = copy_line(desk.settings.unit.name, signed_at)
    text = f"{line} (TẬP HUẤN)" if desk.training else line
    lines = wrapped(text, desk.stamp_font, rule.font_size_pt, rule.width_mm * _MM)
    width, height = mark_size(lines, desk.stamp_font, rule.font_size_pt)
    pixels, (page_width, page_height) = first_page(pdf)
    place = free_corner(
        pixels, (page_width / _MM, page_height / _MM), (width / _MM, height / _MM), rule.margin_mm, rule.corner
    )
    mark = Mark(lines, place.left_mm * _MM, place.top_mm * _MM, width, height, rule.font_size_pt)
    return mark, place.ink_share


def _check(desk: Desk, pdf: bytes, signed_at: datetime) -> None:
    """Both signatures are whole and nothing but what signing may do was done."""
    verdict = verify_pdf(pdf, trust=desk.trust, offline=True, at=max(signed_at, desk.clock()))
    roles = [one.role for one in verdict.people]
    whole = all(one.intact for one in verdict.signatures) and not verdict.modified_after_signing
    if not whole or roles[-1:] != ["organisation"] or "clerk" not in roles:
        raise error("signature.broken", "not whole right after certifying")


def _next(earlier: Document, pdf: bytes, certificate: Certificate, signed_at: datetime, by: Officer) -> Document:
    agency = Signature(
        role="organisation",
        signer=certificate.holder,
        certificate_sha256=certificate.sha256,
        captured_at=earlier.signatures[-1].captured_at,
        signed_at=signed_at,
        officer=by.id,
    )
    return replace(
        earlier,
        version=earlier.version + 1,
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        signatures=(*earlier.signatures, agency),
    )
