# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""PgUp and PgDn go through the components at the counter, and turn over long lists everywhere else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.rooms import Place
from steps.conftest import bench  # noqa: F401 - the fixture
from ui.test_main_window import _log_in, window  # noqa: F401 - the fixture


def test_a_long_list_beside_the_counter_is_turned_over(qtbot: QtBot, window: MainWindow) -> None:  # noqa: F811
    _log_in(qtbot, window)
    window.do("outbox")
    assert window.rooms.place is Place.OUTBOX
    long = QListWidget(window)
    long.addItems([str(number) for number in range(500)])
    long.setGeometry(100, 100, 300, 300)
    long.setCurrentRow(0)
    with qtbot.waitActive(window):
        window.activateWindow()
    long.show()
    long.setFocus()
    QTest.keyClick(long, Qt.Key.Key_PageDown)
    there = long.currentRow()
    assert there > 5
    QTest.keyClick(long, Qt.Key.Key_PageDown)
    assert long.currentRow() > there
    QTest.keyClick(long, Qt.Key.Key_PageUp)
    assert long.currentRow() == there
