# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a test of the way to the province leaves behind for the queue."""

from __future__ import annotations

from digitizer_desk.province.link import Health
from digitizer_desk.steps.outgoing.line import line_seen
from digitizer_desk.steps.outgoing.look import look
from steps.conftest import Bench


def test_no_network_is_kept_until_the_province_answers(bench: Bench) -> None:
    line_seen(bench.desk, Health(False, code="province.offline"))
    since = look(bench.desk).offline_since
    assert since is not None
    line_seen(bench.desk, Health(False, code="province.offline"))
    assert look(bench.desk).offline_since == since, "since it was lost, not since it was asked again"
    line_seen(bench.desk, Health(True, name="Kho dữ liệu tỉnh Mẫu"))
    assert look(bench.desk).offline_since is None


def test_a_key_typed_wrong_in_a_test_stops_nothing(bench: Bench) -> None:
    line_seen(bench.desk, Health(False, code="province.login"))
    queue = look(bench.desk)
    assert (queue.paused, queue.offline_since) == ("", None)
