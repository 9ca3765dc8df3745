# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far a parcel came is kept as text, read back alike, and never believed about another file or connector."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digitizer_desk.province.link import Accepted, Later, Outcome, Rejected
from digitizer_desk.province.trail import Step, Trail, read

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SHA = "a" * 64


def test_it_reads_back_as_it_was_written():
    trail = Trail("gateway", SHA).opening(Step.UPLOAD, AT, place="/v1/uploads/7").finished(Step.UPLOAD, size="12")
    trail = trail.opening(Step.RECORD, AT)
    assert read(trail.write(), "gateway", SHA) == trail
    assert (trail.done, trail.open, trail.since) == (Step.UPLOAD, Step.RECORD, AT)
    assert trail.notes == {"place": "/v1/uploads/7", "size": "12"}


def test_a_step_done_includes_those_before_it():
    trail = Trail().finished(Step.ATTACH)
    assert [trail.has(step) for step in Step] == [True, True, True, False, False]
    assert not Trail().has(Step.UPLOAD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        Trail("opencps", SHA).finished(Step.VERIFY).write(),
        Trail("gateway", "b" * 64).finished(Step.VERIFY).write(),
        Trail("gateway", SHA).finished(Step.VERIFY).write().replace("verify", "later-version-step"),
        Trail("gateway", SHA).finished(Step.VERIFY).write().replace("{", '{"more":1,', 1),
    ],
)
def test_what_is_not_about_this_file_here_counts_as_nothing_known(text):
    assert read(text, "gateway", SHA) == Trail("gateway", SHA)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Accepted("BN-1", SHA, "", AT), Outcome.DONE),
        (Accepted("BN-1", SHA, "", AT, already=True), Outcome.ALREADY),
        (Rejected("province.rejected", "mờ"), Outcome.REFUSED),
        (Rejected("province.conflict", ""), Outcome.CONFLICT),
        (Later("province.timeout", attempt=True), Outcome.RETRY),
        (Later("province.login", attempt=True, pause_all=True), Outcome.NEEDS_LOGIN),
    ],
)
def test_every_reply_is_one_of_six_outcomes(reply, outcome):
    assert reply.outcome is outcome
