# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Answers from the lanes come to whoever asked, if they are still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from digitizer_desk.lanes import Lanes, Task
from digitizer_desk.ui.bridge import Bridge


class Sheet(QDialog):
    """Asks, and writes the answer on its button; in each of the ways a window may be called back."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.button, self._heard = QPushButton(), told
        QVBoxLayout(self).addWidget(self.button)

    def ways(self) -> tuple[Callable[[Task[str]], None], ...]:
        def done(task: Task[str]) -> None:
            self.show_it(task)

        return self.show_it, lambda task, _which=0: self.show_it(task), done, partial(self.show_it)

    def show_it(self, task: Task[str]) -> None:
        self._heard.append(task.result())
        self.button.setText(task.result())


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes()
    yield made
    made.close()


@pytest.mark.parametrize("way", range(4))
@pytest.mark.parametrize("gone", [False, True])
def test_an_answer_finds_its_sheet_or_is_let_go(qtbot: QtBot, lanes: Lanes, way: int, gone: bool) -> None:
    bridge, go, heard, last = Bridge(lanes), Event(), list[str](), list[Task[str]]()
    sheet = Sheet(heard)

    def step() -> str:
        assert go.wait(10)
        return "xong"

    bridge.run("pool", step, on_done=sheet.ways()[way])
    if gone:
        sheet.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    go.set()
    qtbot.waitUntil(lambda: not lanes.busy("pool"))
    bridge.run("pool", lambda: "", on_done=last.append)
    qtbot.waitUntil(lambda: bool(last))
    assert heard == ([] if gone else ["xong"])
    if not gone:
        assert sheet.button.text() == "xong"
        sheet.deleteLater()
    bridge.close()
