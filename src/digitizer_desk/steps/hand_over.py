# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the network does not take is carried: unsent documents into a package, its receipts back into the outbox.

Apart from ``send.py`` because nobody answers here. A parcel that was carried stays unsent until its receipt is read:
should the network come back first, the province is asked before anything is sent, and has it once. Therefore what was
carried never changes any more: a timestamp added later would make another file of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.handover.names import Kind, Layout
from digitizer_desk.province.handover.package import Package, Paper, read_recipient, write_package
from digitizer_desk.province.handover.receipts import read_receipts
from digitizer_desk.steps.outgoing import attested
from digitizer_desk.steps.outgoing.received import received_at
from digitizer_desk.steps.signatures.upgrade import MUST_NOT_LEAVE

#: there already, replaced, or to be mended first
_NOT_CARRIED = (ParcelState.ACCEPTED, ParcelState.SUPERSEDED, ParcelState.REJECTED)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What lies in the package: (parcel, file name) in order. ``encrypted``: only the receiver can read it."""

    files: tuple[tuple[Parcel, str], ...]
    encrypted: bool


@dataclass(frozen=True, slots=True)
class ReceiptsRead:
    """``accepted``: parcels now certain; ``known``: had their receipt before; ``refused``: (parcel id, why)."""

    accepted: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def hand_over(desk: Desk, to: Path, by: str, *, layout: Layout, recipient: Path | None = None) -> HandedOver:
    """Write every document the province has neither confirmed nor sent back as a package into the folder ``to``; none
    that is held because its signature is revoked or broken.

    Raises:
        DeskError: ``handover.nothing`` (no such document), ``handover.certificate_unfit``,
            ``handover.folder_unusable``, ``file.exists``, ``file.not_found``, ``store.disk_full``,
            ``store.page_altered`` and its like. Nothing is left behind then.
    """
    certificate = None if recipient is None else read_recipient(recipient)
    unsent = [parcel for parcel in desk.cabinet.outbox.all() if parcel.state not in _NOT_CARRIED and _may_leave(parcel)]
    waiting = sorted(unsent, key=lambda parcel: (parcel.made_at, parcel.id))
    if not waiting:
        raise error("handover.nothing")
    papers = [_paper(desk, parcel) for parcel in waiting]
    package = Package(
        layout,
        desk.settings.unit.code or desk.settings.unit.name,
        desk.clock(),
        desk.cabinet.journal.head(),
        certificate,
    )
    names = write_package(to, package, papers, lambda one: desk.cabinet.documents.pdf_by_hash(one.file_sha256))
    with desk.cabinet.transaction():
        for parcel in waiting:
            desk.cabinet.outbox.carried(parcel.id, by)
    return HandedOver(tuple(zip(waiting, names, strict=True)), certificate is not None)


def _may_leave(parcel: Parcel) -> bool:
    """What is held for its signature is not carried past that either."""
    return parcel.state is not ParcelState.NEEDS_PERSON or parcel.error not in MUST_NOT_LEAVE


def _paper(desk: Desk, parcel: Parcel) -> Paper:
    dossier = desk.cabinet.dossiers.load(parcel.dossier_id)
    component = dossier.component(parcel.component_id)
    kind = Kind.RESULT if component.kind is PaperKind.RESULT else Kind.COMPONENT
    return Paper(dossier, parcel, component.number, kind)


def take_receipts(desk: Desk, file: Path) -> ReceiptsRead:
    """Read the receipts that came back. Each is held against the parcel's own hash; one that differs changes nothing.

    Raises:
        DeskError: ``file.not_found``, ``handover.receipts_unreadable``: nothing was taken then; ``store.disk_full``:
            what was taken before stays, reading the file again takes the rest.
    """
    parcels = {parcel.id: parcel for parcel in desk.cabinet.outbox.all()}
    accepted: list[str] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    for parcel_id, receipt in read_receipts(file):
        parcel = parcels.get(parcel_id)
        if parcel is None:
            refused.append((parcel_id, "không có gói này ở đây"))
        elif receipt.sha256 != parcel.file_sha256:
            refused.append((parcel_id, "mã SHA-256 khác với tệp đã giao"))
        elif parcel.state is ParcelState.ACCEPTED:
            known.append(parcel_id)
        elif parcel.state is ParcelState.REJECTED:
            refused.append((parcel_id, "tỉnh đã trả lại gói này"))
        else:
            at = received_at(parcel, receipt.at, desk.clock(), desk.cabinet.outbox.tray.time_heard())
            try:
                desk.cabinet.outbox.accepted(parcel_id, receipt.number, receipt.result_code, at, by_hand=True)
            except DeskError as problem:
                if problem.code != "store.conflict":
                    raise
                refused.append((parcel_id, "gói này đã có bản khác thay"))
            else:
                attested.heard_of(desk, receipt.at)
                accepted.append(parcel_id)
    return ReceiptsRead(tuple(accepted), tuple(known), tuple(refused))
