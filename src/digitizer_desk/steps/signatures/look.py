# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of the signatures of a document in the cabinet, without asking anybody outside.

Apart from signing and sending because it may be asked at any time and changes nothing.
"""

from __future__ import annotations

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component
from digitizer_desk.signing.verdict import Verification


def look(desk: Desk, component: Component) -> Verification:
    """Check the newest document of a component by the desk's roots; no signatures when there is no document.

    Raises:
        DeskError: ``signature.broken`` when the kept bytes are not those that were frozen, ``store.page_missing``.
    """
    if component.document is None:
        return Verification((), False)
    pdf = desk.cabinet.documents.pdf(component.document)
    return signing.verify_pdf(pdf, trust=desk.trust, offline=True, at=desk.clock())
