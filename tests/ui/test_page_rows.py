# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of pages fill their view: what is left of a row lies between its pages, not on the right of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from digitizer_desk.ui.models.pages import PageDelegate

_SPACING, _LEAST = 4, 170 + 16


def _rows(view: QListView) -> dict[int, list[tuple[int, int]]]:
    """Left and right of each page, by the top of its row."""
    model, rows = view.model(), {}
    for row in range(model.rowCount()):
        place = view.visualRect(model.index(row, 0))
        rows.setdefault(place.top(), []).append((place.left(), place.right()))
    return rows


@pytest.mark.parametrize("width", [150, 230, 420, 553, 720, 1003, 1480])
def test_a_row_holds_as_many_pages_as_fit_and_fills_the_view(qtbot: QtBot, width: int) -> None:
    view = QListView()
    qtbot.addWidget(view)
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setMovement(QListView.Movement.Static)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setUniformItemSizes(True)
    view.setSpacing(_SPACING)
    view.setFrameShape(QListView.Shape.NoFrame)
    view.setModel(QStringListModel([str(number) for number in range(60)]))
    view.setItemDelegate(PageDelegate(170, view))
    view.resize(900, 600)
    view.doItemsLayout()
    view.resize(width, 600)
    view.doItemsLayout()  # as the view does by itself in a moment
    room = width - view.verticalScrollBar().sizeHint().width()
    fit = max(1, (room - _SPACING) // (_LEAST + _SPACING))
    for pages in list(_rows(view).values())[:-1]:
        assert len(pages) == fit
        assert all(right - left + 1 >= _LEAST for left, right in pages)
        if room >= _LEAST + 2 * _SPACING:
            assert room - 2 * fit - _SPACING <= pages[-1][1] <= room
