# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The count of a batch: which independent numbers speak for it, how it ended, and what is still open about it (R13).

Apart from scanning because "out of documents" is only a driver's word: whether a batch is proved is decided here, from
numbers the driver has no hand in.
"""

from __future__ import annotations

from dataclasses import replace

from digitizer_desk.devices.scanner import BatchClosed, BatchEnd, CountProof, CountState, ProofKind, ScanJob, Source
from digitizer_desk.dossier.batch import DIFFERS, FAULT, PICTURES, PROVED, STOPPED, UNPROVED, Batch, contradiction
from digitizer_desk.dossier.model import Component
from digitizer_desk.dossier.stage import Count, count_of, halves, live_batches, waits_for_backs
from digitizer_desk.errors import DeskError, error

Evidence = tuple[tuple[str, int], ...]


def witnessed(end: BatchClosed, source: Source, kept: int) -> BatchClosed:
    """The end of a batch with everything its device said about the count as proofs."""
    proofs = list(end.proofs)
    kinds = {proof.kind for proof in proofs}
    if end.counter is not None and not kinds & {ProofKind(kind) for kind in PICTURES}:
        proofs.append(CountProof(ProofKind.DEVICE_COUNTER, end.counter))
    if source is Source.FEEDER_DUPLEX and end.reason is BatchEnd.EMPTY and ProofKind.SIDES_EVEN not in kinds:
        proofs.append(CountProof(ProofKind.SIDES_EVEN, int(kept % 2 == 0)))
    return replace(end, proofs=tuple(proofs))


def ended(
    end: BatchClosed | None,
    fault: DeskError | None,
    batch: Batch,
    component: Component,
    job: ScanJob,
    kept: int,
    *,
    replaces: bool = False,
) -> tuple[str, Evidence]:
    """The one outcome of a batch and the numbers it rests on. ``component`` is as it was before the batch."""
    source = job.settings.source
    told = witnessed(end, source, kept) if end is not None else None
    said = {proof.kind.value: proof.number for proof in told.proofs} if told is not None else {}
    if not replaces and component.expected is not None:
        said["declared"] = component.expected - batch.had
    if told is not None and told.reason is BatchEnd.ENOUGH and (replaces or source is Source.FLATBED):
        said["one_sheet"] = 1  # a sheet laid on the glass by hand, or one page asked for in its place
    return _outcome(told, fault, said, kept), tuple(said.items())


def _outcome(told: BatchClosed | None, fault: DeskError | None, said: dict[str, int], kept: int) -> str:
    if fault is not None:
        return FAULT + fault.code
    if told is None:
        # a driver side that ends without a word: nothing it said before counts as an end
        return FAULT + "scanner.unknown"
    if told.reason is BatchEnd.STOPPED:
        return STOPPED
    if contradiction(said, kept) is not None or told.count is CountState.DIFFERS:
        return DIFFERS
    if said.get("one_sheet") == kept or said.get("declared") == kept or told.count is CountState.PROVED:
        return PROVED
    return DIFFERS if "declared" in said else UNPROVED


def open_point(component: Component) -> DeskError | None:
    """What keeps the count of this component from being closed, or None: backs missing, numbers that contradict each
    other, a second count not given."""
    if waits_for_backs(component):
        fronts, backs = (len(side) for side in halves(component))
        if backs:
            return error("dossier.halves_differ", fronts=fronts, backs=backs)
        return error("dossier.backs_missing", component=component.title, fronts=fronts)
    standing = count_of(component)
    if standing is Count.DIFFERS:
        batch = next(b for b in live_batches(component) if b.against is not None)
        kind, number = batch.against or ("", 0)
        return error("dossier.count_differs", component=component.title, kept=batch.kept, witness=f"{kind}:{number}")
    if standing is Count.UNPROVED:
        return error("dossier.count_unproved", component=component.title)
    return None
