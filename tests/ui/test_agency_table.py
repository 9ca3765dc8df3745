# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What Văn thư has chosen: ready documents by themselves, one without room only by somebody's word."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from digitizer_desk.errors import error
from digitizer_desk.steps.signatures.certify import Copy
from digitizer_desk.ui.screens.agency.list_model import AgencyTable, Signed
from gallery.agency import documents
from gallery.people import NOW


def table(**problems: object) -> AgencyTable:
    made = AgencyTable()
    made.show(documents(**problems))
    return made


def chosen(made: AgencyTable) -> list[str]:
    return [one.component_id for one in made.chosen]


def test_a_mark_without_room_covers_ink_only_when_said(qtbot: QtBot) -> None:
    made = table(d1=0.04)
    assert "c1" not in chosen(made)
    assert made.role_of(1) == ("mind", "góc phải hết chỗ trống — Space: nhận dấu đè nét")
    made.check_all(on=True)
    assert "c1" not in chosen(made), "choosing all is no word for this one"
    made.toggle(1)
    assert Copy("000.00.12.H08-261118-0012", "c1", over_ink=True) in made.copies
    assert sum(copy.over_ink for copy in made.copies) == 1
    assert made.role_of(1) == ("mind", "sẵn sàng, dấu đè nét")
    made.toggle(1)
    assert "c1" not in chosen(made)


def test_what_is_not_ready_cannot_be_chosen(qtbot: QtBot) -> None:
    made = table(d3=error("dossier.not_filled", component="", fields=""))
    made.toggle(3)
    assert "c3" not in chosen(made)
    assert made.role_of(3) == ("stop", "thiếu dữ liệu")


def test_marks_taken_off_stay_off_when_the_list_is_read_again(qtbot: QtBot) -> None:
    made = table()
    made.toggle(0)
    made.show(documents())
    assert chosen(made) == ["c1", "c2", "c3", "c4", "c5"]
    assert "không chọn" in made.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_signed_ones_stay_to_be_seen_and_refused_ones_are_not_tried_again_by_themselves(qtbot: QtBot) -> None:
    made = table()
    made.note(
        {"c0": Signed(at=NOW), "c1": Signed(problem=error("signature.copy_no_room", component="Giấy chứng sinh"))}
    )
    made.show(documents()[1:])
    assert [one.component_id for one in made.documents][-1] == "c0"
    assert made.role_of(5) == ("ok", "đã ký 09:41:03")
    assert made.role_of(0) == ("stop", "góc trên bên phải trang đầu không còn chỗ trống")
    assert chosen(made) == ["c2", "c3", "c4", "c5"]
    made.toggle(5)
    assert "c0" not in chosen(made), "nothing is signed twice"
    made.toggle(0)
    assert made.role_of(0) == ("ok", "sẵn sàng")
    made.forget()
    assert made.rowCount() == 0
