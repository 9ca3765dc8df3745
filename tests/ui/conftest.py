# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Windows of a test live until the test is torn down, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[QtBot]:
    """pytest-qt's own, but it holds its widgets: one that only a circle of callbacks still holds when the test function
    has ended would be collected in the middle of being painted, and the process with it.

    Afterwards they are really deleted: no event loop runs between tests, and windows that only wait to be deleted are
    dressed anew with every palette and font, each test slower than the one before."""
    kept: list[Any] = []
    add = qtbot.addWidget

    def hold(widget: Any, **more: Any) -> None:
        kept.append(widget)
        add(widget, **more)

    monkeypatch.setattr(qtbot, "addWidget", hold)
    yield qtbot
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    kept.clear()
