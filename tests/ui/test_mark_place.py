# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The clerk is asked where the mark goes before the PIN, and nothing is covered by one hasty Enter (R26)."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from digitizer_desk.errors import error
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.widgets.signing.place import PlaceSheet
from digitizer_desk.ui.widgets.signing.sheet import State
from gallery.marks import mark_room
from gallery.people import certificate, order
from ui.test_signing import ALL, Choice, Outcome, Table

CROWDED, FREE = mark_room("c2", "Giấy chứng sinh", crowded=True), mark_room("c1", "Tờ khai")


@pytest.fixture
def sheet(qtbot: Any) -> PlaceSheet:
    made = PlaceSheet([CROWDED, FREE])
    qtbot.addWidget(made)
    made.show()
    return made


def press(qtbot: Any, sheet: PlaceSheet, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(sheet, key)


def test_a_free_place_is_proposed_and_enter_takes_it(sheet: PlaceSheet, qtbot: Any) -> None:
    assert CROWDED.proposals[0].covers
    assert not sheet.place.covers
    assert sheet.line.role == "ok"
    press(qtbot, sheet, Qt.Key.Key_Return)
    assert set(sheet.chosen) == {"c2"}
    assert sheet.title.text() == "Tờ khai (2/2)"
    press(qtbot, sheet, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    assert sheet.chosen["c1"] == FREE.proposals[0]


def test_arrows_move_it_by_one_and_ten_millimetres_and_it_stays_on_the_page(sheet: PlaceSheet, qtbot: Any) -> None:
    sheet._move_to(100, 100)
    press(qtbot, sheet, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert (sheet.place.left_mm, sheet.place.top_mm) == (99, 102)
    qtbot.keyClick(sheet, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(sheet, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert (sheet.place.left_mm, sheet.place.top_mm) == (109, 92)
    for _ in range(30):
        qtbot.keyClick(sheet, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.place.left_mm == CROWDED.margin_mm
    assert f"Cách mép trái {CROWDED.margin_mm:.0f} mm" in sheet.page.accessibleName()


def test_covering_something_needs_a_second_enter_at_the_same_place(sheet: PlaceSheet, qtbot: Any) -> None:
    sheet._move_to(15, 20)
    assert sheet.place.covers
    assert (sheet.line.role, "che nội dung" in sheet.line.words) == ("stop", True)
    press(qtbot, sheet, Qt.Key.Key_Return)
    assert sheet.chosen == {}
    press(qtbot, sheet, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert sheet.chosen == {}, "it was moved: asked anew"
    press(qtbot, sheet, Qt.Key.Key_Return)
    assert sheet.chosen["c2"].covers


def test_space_walks_through_the_proposals(sheet: PlaceSheet, qtbot: Any) -> None:
    seen = []
    for _ in CROWDED.proposals:
        press(qtbot, sheet, Qt.Key.Key_Space)
        seen.append(sheet.place)
    assert sorted(seen, key=str) == sorted(CROWDED.proposals, key=str)


def test_the_mouse_puts_its_middle_there(sheet: PlaceSheet, qtbot: Any) -> None:
    shown, scale = sheet.page._sheet(CROWDED)
    at = QPoint(round(shown.left() + 105 * scale), round(shown.top() + 150 * scale))
    qtbot.mousePress(sheet.page, Qt.MouseButton.LeftButton, pos=at)
    assert sheet.place.left_mm + CROWDED.box_mm[0] / 2 == pytest.approx(105, abs=1)
    assert sheet.place.top_mm + CROWDED.box_mm[1] / 2 == pytest.approx(150, abs=1)


def dialog_with(qtbot: Any, *rooms: Any) -> tuple[SigningDialog, Table]:
    table = Table(choices=(Choice(certificate()),), rooms=rooms)
    made = SigningDialog(order(), table.asks())
    qtbot.addWidget(made)
    made.show()
    return made, table


def signed_with(dialog: SigningDialog, qtbot: Any) -> None:
    qtbot.keyClicks(dialog.sheet.pin.field, "123456")
    qtbot.keyClick(dialog.sheet.pin.field, Qt.Key.Key_Return)


def test_the_dialog_asks_by_itself_and_signs_where_it_was_told(qtbot: Any) -> None:
    dialog, table = dialog_with(qtbot, CROWDED, FREE)
    asked = dialog.sheet.room.open_sheet
    assert asked is not None, "asked before a PIN is typed"
    assert asked.title.text() == "Giấy chứng sinh", "only what must be chosen"
    wanted = asked.place
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    assert not dialog.sheet.room.isVisible()
    signed_with(dialog, qtbot)
    assert table.places == {"c2": wanted}


def test_not_answered_it_is_said_and_the_others_can_be_signed(qtbot: Any) -> None:
    dialog, table = dialog_with(qtbot, CROWDED, FREE)
    assert dialog.sheet.room.open_sheet is not None
    qtbot.keyClick(dialog.sheet.room.open_sheet, Qt.Key.Key_Escape)
    assert "1 tài liệu chưa ký được" in dialog.sheet.room.line.words
    signed_with(dialog, qtbot)
    table.end(Outcome(("c1", "c3", "c4"), over_ink=("c2",)))
    assert dialog.state is State.STOPPED
    assert "còn 1 tài liệu chưa có chỗ đặt dấu" in dialog.words()
    assert dialog.sheet.room.open_sheet is not None, "asked again"
    qtbot.keyClick(dialog.sheet.room.open_sheet, Qt.Key.Key_Return)
    dialog.sheet.go.click()
    signed_with(dialog, qtbot)
    assert set(table.places) == {"c2"}
    table.end(Outcome(("c2",)))
    assert dialog.state is State.DONE


def test_a_pin_that_could_sign_nothing_is_not_taken(qtbot: Any) -> None:
    rooms = [mark_room(one, one, crowded=True) for one in ALL]
    dialog, table = dialog_with(qtbot, *rooms)
    assert dialog.sheet.room.open_sheet is not None
    dialog.sheet.room.open_sheet.reject()
    signed_with(dialog, qtbot)
    assert table.pins == []
    assert dialog.sheet.room.open_sheet is not None


def test_the_preview_shows_every_document_and_lets_move_its_mark(qtbot: Any) -> None:
    dialog, table = dialog_with(qtbot, FREE, mark_room("c4", "Giấy chứng nhận kết hôn"))
    assert dialog.sheet.room.open_sheet is None
    dialog.sheet.preview.click()
    shown = dialog.sheet.room.open_sheet
    assert shown is not None
    assert shown.title.text() == "Tờ khai (1/2)"
    qtbot.keyClick(shown, Qt.Key.Key_Down)
    moved = shown.place
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    signed_with(dialog, qtbot)
    assert table.places == {"c1": moved}


def test_pages_that_cannot_be_read_do_not_close_the_dialog(qtbot: Any) -> None:
    table = Table(choices=(Choice(certificate()),))
    table.find = lambda _crowded: error("store.page_missing", page="1")  # type: ignore[method-assign,assignment,return-value]
    dialog = SigningDialog(order(), table.asks())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.state is State.READY
    assert dialog.sheet.room.undecided == ()
