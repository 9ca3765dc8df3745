# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The periodic looks: one round of the outbox at a time, and none is forgotten that was wished for meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from pytestqt.qtbot import QtBot

from digitizer_desk.steps import send
from digitizer_desk.ui.watch import Watch
from steps.conftest import Bench, bench  # noqa: F401 - the fixture


class Held:
    """A bridge whose work is done when the test says so."""

    def __init__(self) -> None:
        self.rounds: list[Callable[[Any], None]] = []

    def run(
        self, _lane: str, step: Callable[..., Any], *_args: Any, on_done: Callable[[Any], None], **_kw: Any
    ) -> None:
        if step is send.deliver_due:
            self.rounds.append(on_done)

    def end(self) -> None:
        self.rounds[-1](SimpleNamespace(result=send.SendOutcome))


def test_what_is_packed_while_a_round_is_under_way_leaves_right_after_it(qtbot: QtBot, bench: Bench) -> None:  # noqa: F811
    bridge = Held()
    watch = Watch(bench.desk, bridge)  # type: ignore[arg-type]
    watch.start(bench.officer)
    assert len(bridge.rounds) == 1
    watch.send()
    watch.send()
    assert len(bridge.rounds) == 1, "one at a time"
    bridge.end()
    assert len(bridge.rounds) == 2, "the wish was not forgotten, however often it was uttered"
    bridge.end()
    assert len(bridge.rounds) == 2
    watch.send()
    watch.send()
    watch.stop()
    bridge.end()
    assert len(bridge.rounds) == 3, "nothing goes on in a window that was left"
