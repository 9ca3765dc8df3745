# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The signing dialog's order and calls, made from a desk and a dossier.

Apart from ``signing.py`` so that the dialog can be shown and tested without a desk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Certificate, Pin
from digitizer_desk.devices.token_manifest import GENERIC, Quirk, TokenManifest, best_match
from digitizer_desk.dossier.model import Component, Officer
from digitizer_desk.imaging.place import Placement
from digitizer_desk.steps import sign as steps
from digitizer_desk.steps.signatures.room import MarkRoom
from digitizer_desk.steps.signatures.room import rooms as find_rooms
from digitizer_desk.ui.models.signing import PaperToSign, Run, SigningAsks, SigningOrder, TokenHelp


def order_for(
    dossier_code: str,
    waiting: Sequence[Component],
    by: Officer,
    *,
    office: str = "",
    next_words: str = "",
    note: str = "",
) -> SigningOrder:
    """What is to be signed: the components of ``steps.sign.waiting``, with the mark the first of them will carry.

    Raises:
        ValueError: nothing is waiting.
    """
    if not waiting:
        raise ValueError("nothing waits for a signature")
    captured_at = max(page.scanned_at for page in waiting[0].pages)
    return SigningOrder(
        dossier_code=dossier_code,
        papers=tuple(PaperToSign(c.id, c.title, len(c.pages)) for c in waiting),
        mark=" · ".join(steps.mark_lines(by, captured_at, note)),
        signer=by.name,
        office=office,
        next_words=next_words,
    )


def help_from(manifests: Iterable[TokenManifest], certificate: Certificate) -> TokenHelp:
    """What the manifest of a certificate's token says to the clerk."""
    known = tuple(manifests)
    token = certificate.token
    named = next((m for m in known if m.id == token.manifest), None)
    manifest = named or best_match(known, token.manufacturer, token.model, token.label) or GENERIC
    return TokenHelp(
        vendor=manifest.vendor,
        contact=manifest.help,
        tries=manifest.pin.tries or None,
        each_signature=Quirk.LOGIN_FOR_EACH_SIGNATURE in manifest.quirks,
    )


def asks_for(
    desk: Desk,
    dossier_id: str,
    by: Officer,
    run: Run,
    manifests: Iterable[TokenManifest] = (),
) -> SigningAsks:
    """The dialog's calls, bound to one dossier and one officer."""
    known = tuple(manifests)

    def choices() -> Sequence[steps.CertificateChoice]:
        return steps.choices(desk, by)

    def sign(
        certificate: Certificate,
        pin: Pin,
        places: Mapping[str, Placement],
        report: Callable[[object], None],
        stop: Callable[[], bool],
    ) -> steps.SignOutcome:
        return steps.sign(desk, dossier_id, certificate, pin, by, report, stop, places)

    def rooms(crowded: Collection[str]) -> Sequence[MarkRoom]:
        return find_rooms(desk, dossier_id, by, crowded)

    return SigningAsks(
        run=run, choices=choices, sign=sign, help_for=lambda certificate: help_from(known, certificate), rooms=rooms
    )
