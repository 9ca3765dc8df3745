# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong, however often: each parcel arrives once, with its bytes, and its desk knows the number.

Driven as the outbox drives it: ask first when an earlier try may have arrived, then send again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Accepted, Later, Rejected
from digitizer_desk.training.gateway.faults import KINDS
from digitizer_desk.training.province import LocalProvince
from province.samples import parcel_of, pdf_of
from soak import rounds

#: a refusal is meant for a person, and 50 MB of answer is tried elsewhere
TROUBLE = sorted(set(KINDS) - {"forbidden", "too_large", "reject", "huge"})


def power_cut(province: LocalProvince, at: int | None) -> Callable[[int, int], None]:
    """Progress that ends the province once so many bytes have left."""

    def progress(sent: int, total: int) -> None:
        if at is not None and sent >= at:
            province.kill()

    return progress


@pytest.mark.parametrize("seed", range(2))
def test_each_parcel_arrives_once(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    province = LocalProvince(tmp_path)
    receipts: dict[str, Accepted] = {}
    sent = {}
    link = GatewayLink(GatewayProfile("p", province.url, "quay-1", province.token, timeout_s=5))
    try:
        for number in range(1, rounds(400) + 1):
            pdf = pdf_of(chance.randint(100, 200_000), seed=number)
            parcel = parcel_of(pdf, number=number)
            sent[parcel.id] = pdf
            while parcel.id not in receipts:
                for _ in range(chance.randint(0, 2)):
                    province.fault(
                        chance.choice(TROUBLE),
                        on=chance.choice(["any", "file", "record", "look"]),
                        seconds=0.0,
                        after=chance.randint(0, 100_000),
                    )
                power_cut_at = chance.randint(0, len(pdf)) if chance.random() < 0.1 else None
                progress = power_cut(province, power_cut_at)
                reply = (link.look(parcel) if parcel.tries else None) or link.deliver(parcel, pdf, progress)
                parcel = replace(parcel, tries=parcel.tries + 1)
                assert not isinstance(reply, Rejected), reply
                if isinstance(reply, Accepted):
                    receipts[parcel.id] = reply
                else:
                    assert isinstance(reply, Later)
                if power_cut_at is not None:
                    province.kill()
                    province = LocalProvince(tmp_path, port=province.port)
                else:
                    province.clear_faults()
        copies = province.copies()
    finally:
        province.close()
    assert sorted(copy.parcel_id for copy in copies) == sorted(receipts)
    assert {copy.parcel_id: copy.path.read_bytes() for copy in copies} == sent
    assert len({receipt.number for receipt in receipts.values()}) == len(receipts)
