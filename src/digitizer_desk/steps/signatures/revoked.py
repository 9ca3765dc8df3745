# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A certificate that was found revoked when its signature wanted proofs: nobody signs another paper with it.

Apart from signing because signing asks no network: what the authority said of the first document that was to leave is
remembered here. For a day only: an authority may lift a suspension.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Certificate
from digitizer_desk.dossier.model import Document
from digitizer_desk.errors import DeskError, error

_BELIEVED = timedelta(days=1)


def remember(desk: Desk, document: Document) -> None:
    """The signature of this document is one of a revoked certificate. Where two people signed nobody knows whose."""
    if len(document.signatures) == 1:
        key = _key(document.signatures[0].certificate_sha256)
        desk.cabinet.settings.put(key, desk.clock().isoformat())


def known_revoked(desk: Desk, certificate: Certificate) -> DeskError | None:
    """``token.revoked`` where the authority said so within the last day."""
    said = desk.cabinet.settings.get(_key(certificate.sha256))
    if said is None or abs(desk.clock() - datetime.fromisoformat(said)) > _BELIEVED:
        return None
    return error("token.revoked", help=certificate.issuer)


def _key(sha256: str) -> str:
    return f"revoked:{sha256}"
