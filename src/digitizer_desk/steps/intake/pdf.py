# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a PDF that comes in as a component must be: open, unchanged since it was signed, and able to carry our mark.

Apart from the pages of files because these are questions about the file as a whole, asked before any page is read.
"""

from __future__ import annotations

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.file import FileSignature, PaperFile
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.apart import FileHead
from digitizer_desk.signing.verdict import SignatureCheck


def look_into(desk: Desk, name: str, data: bytes, sha256: str, head: FileHead) -> PaperFile:
    """Judge a PDF as a whole, with whose signatures it has.

    Signatures are judged without the network: what cannot be asked is shown as not known, not as good (R28).

    Raises:
        DeskError: ``image.encrypted``, ``image.damaged``, ``file.changed_after_signing`` (R30),
            ``file.locked_by_signature``, ``file.not_signable``.
    """
    if head.encrypted:
        raise error("image.encrypted", file=name)
    now = desk.clock()
    try:
        before = signing.verify_pdf(data, trust=desk.trust, offline=True, at=now, file=name)
    except DeskError as broken:
        raise error(broken.code, broken.detail, file=name) from broken
    if before.modified_after_signing or not all(check.intact for check in before.signatures):
        raise error("file.changed_after_signing", file=name)
    try:
        tried = signing.rehearse_signing(data, font=desk.stamp_font, at=now, before=before)
    except DeskError as broken:
        raise error("file.not_signable", f"{broken.code} {broken.detail}", file=name) from broken
    if not tried.stays and before.signatures:
        raise error("file.locked_by_signature", file=name, signer=before.signatures[0].signer or "?")
    if not (tried.fits and tried.stays):
        raise error("file.not_signable", file=name)
    return PaperFile(
        sha256=sha256,
        size=len(data),
        name=name,
        pages=head.pages,
        pdf_version=head.pdf_version or "",
        pdfa=head.pdfa or "",
        came_at=now,
        signatures=tuple(_signature(check) for check in before.signatures),
    )


def _signature(check: SignatureCheck) -> FileSignature:
    return FileSignature(
        signer=check.signer,
        role=check.role,
        signed_at=check.signed_at,
        trusted=check.trusted,
        in_time=check.valid_at is not None,
        revocation=check.revocation,
    )
