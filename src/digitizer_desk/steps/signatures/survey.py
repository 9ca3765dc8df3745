# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What waits for the agency's signature, why some of it cannot be signed yet, and whether its mark has room.

Apart from certifying because all of this is asked before anybody types a PIN, as often as Văn thư likes.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component, Dossier, Officer, Role
from digitizer_desk.dossier.result import CopyForm, PaperKind
from digitizer_desk.errors import DeskError, error
from digitizer_desk.steps.officers import need
from digitizer_desk.steps.sign import CertificateChoice
from digitizer_desk.steps.signatures.certify import candidates, usable, why_not
from digitizer_desk.steps.signatures.revoked import known_revoked
from digitizer_desk.steps.signatures.stamp import Stamp

#: share of ink under the mark by (SHA-256 of the file, form): a page is looked at once
Rooms = MutableMapping[tuple[str, CopyForm], float]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document before the agency signs it. ``signed_by`` is the clerk; ``problem`` why it cannot be signed yet;
    ``ink`` the share (0-1) of its mark that would lie on ink, None before somebody looked."""

    dossier_id: str
    dossier_code: str
    granted: bool
    component_id: str
    title: str
    kind: PaperKind
    pages: int
    sha256: str
    signed_by: str
    problem: DeskError | None = None
    ink: float | None = None

    @property
    def ready(self) -> bool:
        return self.problem is None


def survey(
    desk: Desk,
    form: CopyForm,
    by: Officer,
    known: Rooms,
    report: Callable[[object], None],
    stop: Callable[[], bool],
) -> tuple[Waiting, ...]:
    """Everything that waits, dossier by dossier: those that have their result first, then by age.

    The list is reported before the pages are looked at, and again for each of them; ``known`` keeps what was seen.

    Raises:
        DeskError: ``officer.not_allowed``, ``signature.no_office``; ``signature.seal_missing`` and
            ``signature.seal_unfit`` for the seal.
    """
    need(by, Role.VAN_THU)
    if not desk.settings.unit.name:
        raise error("signature.no_office")
    stamp = Stamp(desk, form)
    found = [(dossier, part) for dossier, parts in candidates(desk, form) for part in parts]
    found.sort(key=lambda pair: pair[0].granted is None)  # stable: the order of arrival stays
    waiting = [_waiting(desk, dossier, part, form, known) for dossier, part in found]
    report(tuple(waiting))
    for place, ((dossier, part), one) in enumerate(zip(found, waiting, strict=True)):
        if stop():
            break
        if not one.ready or one.ink is not None or part.document is None:
            continue
        try:
            pdf = desk.cabinet.documents.pdf(part.document)
            _, ink = stamp.place(pdf, desk.law_of(dossier), desk.clock())
        except DeskError as problem:
            waiting[place] = replace(one, problem=problem)
        else:
            known[one.sha256, form] = ink
            waiting[place] = replace(one, ink=ink)
        report(waiting[place])
    return tuple(waiting)


def _waiting(desk: Desk, dossier: Dossier, part: Component, form: CopyForm, known: Rooms) -> Waiting:
    document = part.document
    assert document is not None, "candidates have one"
    clerk = next((s.signer for s in document.signatures if s.role == "clerk"), "")
    return Waiting(
        dossier_id=dossier.id,
        dossier_code=dossier.code,
        granted=dossier.granted is not None,
        component_id=part.id,
        title=part.title,
        kind=part.kind,
        pages=len(document.pages),
        sha256=document.sha256,
        signed_by=clerk,
        problem=why_not(desk, dossier, part, form),
        ink=known.get((document.sha256, form)),
    )


def choices(desk: Desk, by: Officer) -> tuple[CertificateChoice, ...]:
    """Signing certificates on the tokens present, the agency's own first.

    Raises:
        DeskError: ``token.module_missing``, ``token.stuck``, ``token.unknown``.
    """
    now, office = desk.clock(), desk.settings.unit.name
    found = [
        CertificateChoice(c, usable(c, office, now) or known_revoked(desk, c), (c.not_after - now).days)
        for c in desk.token.certificates()
    ]
    last = desk.cabinet.settings.get(f"certificate:{by.id}")
    return tuple(sorted(found, key=lambda c: (c.problem is not None, c.certificate.sha256 != last)))
