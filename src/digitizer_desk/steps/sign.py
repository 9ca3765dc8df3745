# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Checked components become frozen PDFs, signed by the clerk: one PIN for all of a dossier.

Apart from ``signing`` (which knows PDF) and ``devices`` (which knows tokens): this step carries the raw signature from
one to the other, so that pyHanko and PKCS#11 never meet in one process.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Certificate, Pin, TokenSession
from digitizer_desk.dossier.model import Component, Document, Dossier, Officer, Signature
from digitizer_desk.dossier.stage import stage
from digitizer_desk.dossier.text import format_date, nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.pdf.presets import Preset, prepared
from digitizer_desk.imaging.place import Placement, first_page, free_corner
from digitizer_desk.rules.regulation import SignatureRule
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.parts.counting import open_point
from digitizer_desk.steps.parts.due import advance
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.signatures.revoked import known_revoked

if TYPE_CHECKING:
    from digitizer_desk.signing.appearance import Mark

#: points (1/72 inch) in a millimetre
POINTS_A_MM = 72 / 25.4
_NOWHERE: Mapping[str, Placement] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CertificateChoice:
    """A certificate on a token, and why it cannot be used, if so. ``days_left`` counts whole days."""

    certificate: Certificate
    problem: DeskError | None
    days_left: int


@dataclass(frozen=True, slots=True)
class SignProgress:
    """``done`` of ``total`` documents are signed; ``title`` is in work."""

    done: int
    total: int
    title: str


@dataclass(frozen=True, slots=True)
class SignOutcome:
    """``signed``: ids of components whose document is signed, verified and frozen. ``error``: why the rest is not.
    ``over_ink``: ids of components left unsigned because their mark finds no room free of ink and codes in its corner,
    and nobody said where to put it (R26)."""

    dossier: Dossier
    signed: tuple[str, ...]
    error: DeskError | None = None
    stopped: bool = False
    over_ink: tuple[str, ...] = ()
    refused: tuple[tuple[str, DeskError], ...] = ()  # the clerk's batch refuses as a whole; the agency's one by one


def waiting(desk: Desk, dossier_id: str) -> tuple[Component, ...]:
    """The components whose next step is the clerk's signature."""
    dossier = desk.cabinet.dossiers.load(dossier_id)
    law = desk.law_of(dossier)
    return tuple(c for c in dossier.components if stage(c, law.order, law.may_scan(c)) == "sign")


def choices(desk: Desk, by: Officer) -> tuple[CertificateChoice, ...]:
    """Signing certificates on the tokens present, those the officer may use first.

    Raises:
        DeskError: ``token.module_missing``, ``token.stuck``, ``token.unknown``.
    """
    now = desk.clock()
    found = [
        CertificateChoice(c, usable(c, by, now) or known_revoked(desk, c), (c.not_after - now).days)
        for c in desk.token.certificates()
    ]
    last = desk.cabinet.settings.get(f"certificate:{by.id}")
    return tuple(sorted(found, key=lambda c: (c.problem is not None, c.certificate.sha256 != last)))


def usable(certificate: Certificate, by: Officer, now: datetime) -> DeskError | None:
    """Why this officer cannot sign with this certificate now (R25, R28), or None."""
    issuer = certificate.issuer
    if _same_person(certificate.holder, by.name) is False:
        return error("token.wrong_person", holder=certificate.holder, officer=by.name)
    if not certificate.may_sign:
        return error("token.no_certificate", "key usage does not allow signing")
    if now < certificate.not_before:
        return error("token.not_yet_valid", since=format_date(certificate.not_before.date()), help=issuer)
    if now > certificate.not_after:
        return error("token.expired", until=format_date(certificate.not_after.date()), help=issuer)
    if certificate.token.pin.locked:
        return error("token.pin_locked", help=issuer)
    return None


def _same_person(holder: str, officer: str) -> bool:
    return nfc(holder).casefold().split() == nfc(officer).casefold().split()


def sign(
    desk: Desk,
    dossier_id: str,
    certificate: Certificate,
    pin: Pin,
    by: Officer,
    report: Callable[[object], None],
    stop: Callable[[], bool],
    places: Mapping[str, Placement] = _NOWHERE,
) -> SignOutcome:
    """Sign every component that waits for it. The PIN is used once and wiped, come what may.

    A key that wants the PIN at every signature signs one document: the next one takes the PIN typed again.
    ``places``: component id -> where its mark goes, as the clerk chose. Without a choice the free room nearest to the
    corner is taken; where there is none the component is left unsigned and told, and the others go on.
    A failure after the first document does not raise: what is signed stays signed and is in the outcome.

    Raises:
        DeskError: ``officer.not_allowed``, ``dossier.not_checked`` or ``dossier.count_*`` (nothing is ready), what
            :func:`usable` says, ``token.revoked``, and every ``token.*`` code of opening the token.
    """
    with pin:
        clerk_only(by)
        ready = waiting(desk, dossier_id)
        if not ready:
            raise why_not(desk, dossier_id)
        problem = usable(certificate, by, desk.clock()) or known_revoked(desk, certificate)
        if problem is not None:
            raise problem
        again = pin.twin()
        try:
            session = desk.token.open(certificate, pin)
        except BaseException:
            again.wipe()
            raise
    signed: list[str] = []
    over_ink: list[str] = []
    fault: DeskError | None = None
    with again, session:
        if not session.pin_each_time:
            again.wipe()
        desk.cabinet.settings.put(f"certificate:{by.id}", certificate.sha256)
        for component in ready:
            if stop():
                break
            report(SignProgress(len(signed), len(ready), component.title))
            try:
                # asked again: a long batch may go over the midnight at which the certificate ends
                if (ended := usable(certificate, by, desk.clock())) is not None:
                    raise ended
                with act(desk, "sign", component.id):
                    _sign_one(desk, dossier_id, component, session, again, by, places.get(component.id))
            except DeskError as failure:
                if failure.code == "signature.no_room":
                    over_ink.append(component.id)
                    continue
                if failure.code == "token.removed":
                    failure = error("token.removed", failure.detail, signed=len(signed))
                fault = failure
                break
            signed.append(component.id)
            if session.pin_each_time:
                break
    report(SignProgress(len(signed), len(ready), ""))
    return SignOutcome(
        dossier=desk.cabinet.dossiers.load(dossier_id),
        signed=tuple(signed),
        error=fault,
        stopped=fault is None and len(signed) + len(over_ink) < len(ready),
        over_ink=tuple(over_ink),
    )


def why_not(desk: Desk, dossier_id: str) -> DeskError:
    """Why nothing can be signed: the first component that is not ready and its first open point."""
    dossier = desk.cabinet.dossiers.load(dossier_id)
    law = desk.law_of(dossier)
    for component in dossier.components:
        if stage(component, law.order, law.may_scan(component)) in ("scan", "check") and (
            component.mandatory or component.pages
        ):
            return count_problem(component) or error(
                "dossier.not_checked", component=component.title, why=_open_point(component)
            )
    return error("dossier.not_checked", component=dossier.procedure_title, why="không còn tài liệu chờ ký")


def count_problem(component: Component) -> DeskError | None:
    """Why the count closes signing: contradicting numbers at once, a missing second count when all else is in order."""
    problem = open_point(component)
    if problem is None or problem.code != "dossier.count_unproved":
        return problem
    in_order = component.expected == len(component.pages) and not any(p.open_faults for p in component.pages)
    return problem if in_order else None


def _open_point(component: Component) -> str:
    """What keeps a component from being signed, in a few words."""
    for number, page in enumerate(component.pages, start=1):
        if page.open_faults:
            return f"trang {number} chưa đạt"
        if page.measures is None and not page.unread:
            return f"trang {number} chưa kiểm tra"
    gap = next((number for number, page in enumerate(component.pages, start=1) if page.unread), None)
    if gap is not None:
        return f"trang {gap} của tệp không đọc được"
    if component.expected is None:
        return "chưa khai số mặt giấy"
    return f"có {len(component.pages)} trang, cần {component.expected}"


def _sign_one(
    desk: Desk,
    dossier_id: str,
    component: Component,
    session: TokenSession,
    pin: Pin,
    by: Officer,
    chosen: Placement | None,
) -> None:
    """Build, sign, verify, freeze. Nothing is stored before the signature was verified. ``pin`` for a key that wants it
    at the signature.

    Raises:
        DeskError: ``signature.no_room`` when the mark would cover something and nobody chose its place.
    """
    dossier = desk.cabinet.dossiers.load(dossier_id)
    law = desk.law_of(dossier)
    captured_at = max(page.scanned_at for page in component.pages)
    signed_at = desk.clock()
    draft = draft_pdf(desk, dossier, component, by)
    lines = mark_lines(by, captured_at, desk.mark_note)
    if chosen is None:
        mark, place = place_mark(draft, law.signature, lines)
        if place.covers:
            raise error("signature.no_room", component=component.title)
    else:
        mark = mark_at(chosen, law.signature, lines)
    signed = signing.sign_pdf(
        draft,
        certificate=session.certificate.der,
        chain=desk.trust,
        raw_sign=lambda data: session.sign(data, pin if session.pin_each_time else None),
        key_kind=session.certificate.key_kind,
        mark=mark,
        field="ClerkCapture1",
        signed_at=signed_at,
        captured_at=captured_at,
        font=desk.stamp_font,
    )
    del draft  # of a large file two copies at a time are enough
    verdict = signing.verify_pdf(signed, trust=desk.trust, offline=True, at=signed_at)
    last = verdict.signatures[-1] if verdict.signatures else None
    if last is None or not last.intact or not last.covers_whole_file or verdict.modified_after_signing:
        raise error("signature.broken", "not whole right after signing")
    version = component.document.version + 1 if component.document else 1
    document = Document(
        id=component.document.id if component.document else uuid.uuid4().hex,
        version=version,
        sha256=hashlib.sha256(signed).hexdigest(),
        size=len(signed),
        pages=component.page_list,
        made_at=signed_at,
        signatures=(
            Signature(
                role="clerk",
                signer=session.certificate.holder,
                certificate_sha256=session.certificate.sha256,
                captured_at=captured_at,
                signed_at=signed_at,
                officer=by.id,
            ),
        ),
    )
    with desk.cabinet.transaction():
        desk.cabinet.documents.freeze(component.id, signed, document, by)
        advance(desk, dossier_id, component.id, by)


def mark_lines(by: Officer, captured_at: datetime, note: str = "") -> tuple[str, ...]:
    """The text of the visible mark (R24); at a training desk, or in a trial, ``note`` says so wherever it goes."""
    name = f"{by.name} ({note})" if note else by.name
    return signing.clerk_lines(name, captured_at)


def draft_pdf(desk: Desk, dossier: Dossier, component: Component, by: Officer) -> bytes:
    """The PDF to sign: the file that came in, byte for byte (R4); else one of the component's live pages, in order,
    each at its paper's size, put in as the dossier's law chose.

    Pages that a small PDF must hold as they were scanned are named in the log, with the reason.

    Raises:
        DeskError: ``store.page_missing``, ``store.page_altered``, ``file.altered``.
    """
    if component.file is not None:
        return desk.cabinet.files.data(component.file.sha256)
    pages = [PdfPage(desk.cabinet.pages.jpeg(page), page.sheet_mm, page.turn) for page in component.pages]
    info = PdfInfo(
        title=component.title,
        author=by.name,
        subject=f"{dossier.procedure_title} · {dossier.code}",
        keywords=dossier.code,
        made_at=max(page.scanned_at for page in component.pages),
    )
    ready, fallen = prepared(pages, Preset(desk.law_of(dossier).pdf.preset))
    for one in fallen:
        desk.log.info("as scanned %s page %d: %s", component.id, one.page, one.reason.value)
    return build_pdf(ready, info)


def place_mark(pdf: bytes | Path, rule: SignatureRule, lines: tuple[str, ...]) -> tuple[Mark, Placement]:
    """The room with least ink for the mark in its corner of page 1 (R24, R26), and where that is."""
    pixels, (width_pt, height_pt) = first_page(pdf)
    sheet = (width_pt / POINTS_A_MM, height_pt / POINTS_A_MM)
    place = free_corner(pixels, sheet, (rule.width_mm, rule.height_mm), rule.margin_mm, rule.corner)
    return mark_at(place, rule, lines), place


def mark_at(place: Placement, rule: SignatureRule, lines: tuple[str, ...]) -> Mark:
    """The mark of the law's size at this place."""
    return signing.Mark(
        lines=lines,
        left_pt=place.left_mm * POINTS_A_MM,
        top_pt=place.top_mm * POINTS_A_MM,
        width_pt=rule.width_mm * POINTS_A_MM,
        height_pt=rule.height_mm * POINTS_A_MM,
        font_size=rule.font_size_pt,
    )
