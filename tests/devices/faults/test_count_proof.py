# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What proves a page count: never the driver's word alone, and one witness against it is enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.faults.breaking import client
from devices.scanning.rig import SHEET, run, stack
from devices.scanning.test_batch import FRAME, Driver, flag, last, number, order, usual
from digitizer_desk.devices.sane.binding import INT
from digitizer_desk.devices.scanner import BatchClosed, BatchEnd, CountProof, CountState, ProofKind, Source
from digitizer_desk.training.scanner import VirtualScanner

COUNTER, IMAGES, EMPTY, EVEN = (
    ProofKind.DEVICE_COUNTER,
    ProofKind.IMAGES_COMPLETED,
    ProofKind.FEEDER_EMPTY,
    ProofKind.SIDES_EVEN,
)


@pytest.mark.parametrize(
    ("proofs", "trusted", "state"),
    [
        ({}, False, CountState.UNPROVED),
        ({}, True, CountState.UNPROVED),  # "out of documents" alone closes nothing, whoever says it
        ({EVEN: 1}, True, CountState.UNPROVED),
        ({COUNTER: 4}, True, CountState.PROVED),
        ({COUNTER: 4}, False, CountState.UNPROVED),  # none lost on the way, but the stack may not be at its end
        ({IMAGES: 4, EMPTY: 1}, False, CountState.PROVED),
        ({EMPTY: 1}, True, CountState.PROVED),
        ({EMPTY: 1}, False, CountState.UNPROVED),
        ({IMAGES: 4, EMPTY: 0}, True, CountState.DIFFERS),
        ({IMAGES: 5, EMPTY: 1}, True, CountState.DIFFERS),
        ({COUNTER: 4, IMAGES: 3, EMPTY: 1}, True, CountState.DIFFERS),
        ({IMAGES: 4, EMPTY: 1, EVEN: 0}, True, CountState.DIFFERS),
    ],
)
def test_what_the_witnesses_make_of_four_pages(proofs: dict[ProofKind, int], trusted: bool, state: CountState) -> None:
    said = tuple(CountProof(kind, value) for kind, value in proofs.items())
    assert BatchClosed(BatchEnd.EMPTY, 4, trusted_end=trusted, proofs=said).count is state


@given(
    pages=st.integers(1, 9),
    trusted=st.booleans(),
    proofs=st.dictionaries(st.sampled_from(list(ProofKind)), st.integers(0, 9)),
)
def test_no_proved_count_has_a_witness_against_it(pages: int, trusted: bool, proofs: dict[ProofKind, int]) -> None:
    said = tuple(CountProof(kind, value) for kind, value in proofs.items())
    closed = BatchClosed(BatchEnd.EMPTY, pages, trusted_end=trusted, proofs=said)
    if closed.count is CountState.PROVED:
        assert proofs.keys() & {COUNTER, IMAGES, EMPTY}
        assert all(proofs.get(kind, pages) == pages for kind in (COUNTER, IMAGES))
        assert proofs.get(EMPTY, 1)
        assert proofs.get(EVEN, 1)


def test_a_stack_taken_to_its_end_has_two_witnesses(virtual: VirtualScanner, tmp_path: Path) -> None:
    virtual.lay(stack("P", 3))
    got = run(client(virtual.sane_env, tmp_path), virtual.device)
    assert got.closed is not None
    assert got.closed.proofs == ((IMAGES, 3), (EMPTY, 1))
    assert got.closed.count is CountState.PROVED


@pytest.mark.parametrize(("after", "fault", "state"), [(2, "silent", "differs"), (4, "vanish", "unproved")])
def test_a_silent_end_is_no_clean_end(
    virtual: VirtualScanner, tmp_path: Path, after: int, fault: str, state: str
) -> None:
    """The device lets a sheet slip and says 404; or forgets the job, and with it its count."""
    virtual.lay(stack("P", 4))
    virtual.fault(after=after, kind=fault)
    got = run(client(virtual.sane_env, tmp_path), virtual.device)
    assert (got.end, len(got.pages)) == (BatchEnd.EMPTY, after)
    assert got.closed is not None
    assert got.closed.count == state


def test_a_back_that_is_missing_shows_in_the_parity(virtual: VirtualScanner, tmp_path: Path) -> None:
    one, two, three = stack("P", 3)
    duplex = replace(SHEET, source=Source.FEEDER_DUPLEX)
    virtual.lay([(one, two), three])
    got = run(client(virtual.sane_env, tmp_path), virtual.device, duplex)
    assert got.closed is not None
    assert dict(got.closed.proofs)[EVEN] == 0
    assert got.closed.count is CountState.DIFFERS


def test_enough_and_stopped_prove_nothing(virtual: VirtualScanner, tmp_path: Path) -> None:
    """The driver reads ahead: the device's count is not comparable when the batch ends before the stack does."""
    virtual.lay(stack("P", 3))
    got = run(client(virtual.sane_env, tmp_path), virtual.device, replace(SHEET, max_pages=2))
    assert got.closed is not None
    assert (got.closed.reason, got.closed.proofs) == (BatchEnd.ENOUGH, ())


class Counting(Driver):
    """Its counter goes on for ever, one for each side it has ever read."""

    def read(self, name: str) -> Any:
        return 7000 + self.calls.count("read") if name == "counter" else super().read(name)


def test_a_sensor_and_a_counter_are_told_as_proofs() -> None:
    settings = {**usual(), "counter": number(0, 1e6, 2, kind=INT), "page-loaded": flag(False, can_set=False)}
    wish = order(counter="counter", paper_sensor="page-loaded")
    assert last(Counting([FRAME, FRAME], settings), wish)["proofs"] == [["device_counter", 2], ["feeder_empty", 1]]
    assert last(Driver([FRAME, FRAME]), order(source="feeder-duplex"))["proofs"] == [["sides_even", 1]]
    assert last(Driver([FRAME]), order(source="feeder-duplex"))["proofs"] == [["sides_even", 0]]
