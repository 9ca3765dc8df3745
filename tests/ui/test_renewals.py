# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Archive timestamps that end soon: listed, renewed on request, and what failed stays told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from digitizer_desk.errors import error
from digitizer_desk.steps.signatures.renew import Renewed
from digitizer_desk.ui.screens.signatures import SignaturesSheet
from digitizer_desk.ui.widgets.signing import renewals
from digitizer_desk.ui.widgets.signing.renewals import RenewalsSheet
from gallery.at_once import AtOnce
from gallery.marks import held_soon


def sheet(qtbot: QtBot, *, service: bool = True) -> tuple[RenewalsSheet, AtOnce]:
    lane = AtOnce("renew")
    desk = SimpleNamespace(stamps=object() if service else None)
    made = RenewalsSheet(cast(Any, desk), cast(Any, SimpleNamespace(run=lane)))
    qtbot.addWidget(made)
    made.show()
    return made, lane


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the cabinet says is due."""
    listed = [held_soon(1), held_soon(2, here_only=False)]
    monkeypatch.setattr(renewals, "due", lambda _desk: tuple(listed))
    return listed


def test_the_list_says_what_is_due_and_what_renewing_means(qtbot: QtBot, waiting: list[Any]) -> None:
    made, _ = sheet(qtbot)
    words = [made.list.item(row).text() for row in range(made.list.count())]
    assert len(words) == 2
    assert "bản đã gửi giữ nguyên" in words[0]
    assert "được gia hạn rồi gửi đi" in words[1]
    assert made.line.words == "2 tài liệu cần gia hạn dấu thời gian."
    assert made.now.isEnabled()


def test_renewing_shows_progress_then_the_list_anew(qtbot: QtBot, waiting: list[Any]) -> None:
    made, lane = sheet(qtbot)
    made.now.click()
    (task,) = lane.held
    assert task.on_event is not None
    task.on_event(waiting[0])
    assert "Giấy chứng sinh" in made.line.words
    assert not made.now.isEnabled()
    waiting.clear()
    task.end(Renewed(done=("d1", "d2")))
    assert made.line.words == "Không có dấu thời gian nào sắp hết hạn."
    assert made.list.count() == 0


def test_what_could_not_be_renewed_stays_told(qtbot: QtBot, waiting: list[Any]) -> None:
    made, lane = sheet(qtbot)
    made.now.click()
    lane.held[0].end(Renewed(failed=(("d1", error("signature.timestamp_offline")),), left=2))
    assert (made.line.role, made.line.words.startswith("Chưa gia hạn được: Chưa lấy được")) == ("mind", True)
    assert made.list.count() == 2
    assert made.now.isEnabled(), "it can be tried again"


def test_leaving_ends_after_the_one_in_work(qtbot: QtBot, waiting: list[Any]) -> None:
    made, lane = sheet(qtbot)
    made.now.click()
    made.reject()
    assert lane.held[0].stopped


def test_without_a_service_it_says_whom_to_tell(qtbot: QtBot, waiting: list[Any]) -> None:
    made, _ = sheet(qtbot, service=False)
    assert not made.now.isEnabled()
    assert "Báo bộ phận CNTT" in made.line.words


def test_the_panel_of_signatures_leads_there_only_when_something_is_due(qtbot: QtBot) -> None:
    panel = SignaturesSheet(None, None, None)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.due.isVisible()
    panel.show_due(3)
    assert panel.due.isVisible()
    assert panel.due.text().replace("&", "") == "3 dấu thời gian sắp hết hạn…"
