# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Before a document leaves for the first time it is given what makes its signatures last: timestamps and proofs.

Apart from sending because a timestamp is no condition for it: what cannot be had in time is told and the document goes
as it was signed. Apart from signing because it needs no token. From the first SENDING on not a byte changes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Document, Parcel
from digitizer_desk.errors import DeskError
from digitizer_desk.province.mapping import body_of
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.steps.signatures.revoked import remember

if TYPE_CHECKING:
    from digitizer_desk.signing.lasting.upgrade import Upgraded

_BY = "desk"


class Strengthening:
    """One round of sending. ``off``: the service did not answer in this round, so nobody waits for it again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.off = False

    def before_sending(self, parcel: Parcel) -> Parcel:
        """The parcel with a strengthened document where that could be had; else as it is, with its level told.

        Raises:
            DeskError: ``signature.revoked`` and ``signature.broken``: such a document must not leave;
                ``store.page_missing``, ``store.disk_full``.
        """
        desk = self._desk
        if desk.stamps is None or self.off or parcel.sent_sha256 or parcel.level == "B-LTA":
            return parcel
        if parcel.body_signature:
            return parcel  # the agency signed the record, and with it the hash of this very file
        document = desk.cabinet.dossiers.load(parcel.dossier_id).component(parcel.component_id).document
        if document is None or document.sha256 != parcel.file_sha256:
            return parcel
        try:
            with act(desk, "strengthen", parcel.id):
                better, reached = strengthen(desk, document)
        except DeskError as problem:
            if problem.code == "signature.revoked":
                remember(desk, document)
            if problem.code in MUST_NOT_LEAVE or not problem.code.startswith("signature."):
                raise
            self.off = problem.code == "signature.timestamp_offline"
            return desk.cabinet.outbox.not_strengthened(parcel.id, parcel.level, problem.code)
        if better is None:
            return desk.cabinet.outbox.not_strengthened(parcel.id, reached.level, reached.missing)
        return self._replace(parcel, document, better, reached)

    def _replace(self, parcel: Parcel, document: Document, pdf: bytes, reached: Upgraded) -> Parcel:
        """The next version of the document and the parcel that carries it, in one transaction."""
        cabinet = self._desk.cabinet
        newer = next_version(document, pdf)
        with cabinet.transaction():
            cabinet.documents.freeze_again(document, pdf, newer, _BY)
            return put_in_parcel(self._desk, parcel, newer, reached.level)


#: a document with such a signature is held for a person, and leaves in no way
MUST_NOT_LEAVE = ("signature.revoked", "signature.broken")


def strengthen(desk: Desk, document: Document) -> tuple[bytes | None, Upgraded]:
    """The document's file with timestamps and proofs, or None when nothing was to be added.

    Raises:
        DeskError: as :func:`~digitizer_desk.signing.lasting.upgrade.upgrade_stream`.
    """
    assert desk.stamps is not None
    pdf = desk.cabinet.documents.pdf(document)
    better, reached = signing.upgrade_pdf(pdf, desk.stamps, trust=desk.trust, clock=desk.clock)
    return (better if reached.changed else None), reached


def put_in_parcel(desk: Desk, parcel: Parcel, newer: Document, level: str) -> Parcel:
    """The parcel with this version of its document, which never left before.

    Raises:
        DeskError: ``store.conflict`` when it has left.
    """
    body, digest = _body(parcel, newer)
    return desk.cabinet.outbox.strengthen(parcel.id, newer, body, digest, level)


def next_version(document: Document, pdf: bytes) -> Document:
    """The same document with other bytes."""
    return replace(
        document, version=document.version + 1, sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf)
    )  # fmt: skip


def _body(parcel: Parcel, document: Document) -> tuple[str, str]:
    """The record as it was packed, with the new file in it: nothing else may have changed since."""
    record = json.loads(parcel.body)
    record["document"] |= {"version": document.version, "sha256": document.sha256, "size": document.size}
    return body_of(record)
