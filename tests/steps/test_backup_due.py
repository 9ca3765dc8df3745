# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The hourly copy is due by a clock that may have been wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from digitizer_desk.settings import BackupChoice
from digitizer_desk.steps import tidy
from steps.conftest import Bench


def test_the_copy_is_due_after_its_time_and_whenever_the_last_one_lies_in_the_future(shared: Bench) -> None:
    chosen = shared.desk.settings.model_copy(update={"backup": BackupChoice(folder="/media/usb")})
    now = shared.clock.now
    desk = replace(shared.desk, settings=chosen, clock=lambda: now)
    assert tidy.back_up_due(desk, None)
    assert not tidy.back_up_due(desk, now)
    assert not tidy.back_up_due(desk, now - timedelta(minutes=59))
    assert tidy.back_up_due(desk, now - timedelta(minutes=60))
    assert tidy.back_up_due(desk, now + timedelta(days=1500)), "the machine believed it was 2030"
    assert not tidy.back_up_due(shared.desk, None), "no place is set"
