# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.ui.models.parcels import (
    Kind,
    ParcelTable,
    QueueState,
    counts,
    moment_words,
    parcel_line,
    queue_line,
    size_words,
)
from digitizer_desk.ui.screens.outbox import Outbox
from gallery.papers import parcel, queue
from gallery.people import NOW

ONLINE = QueueState(now=NOW)
OFFLINE = QueueState(now=NOW, offline_since=NOW - timedelta(minutes=29))


@pytest.fixture
def outbox(qtbot) -> Outbox:
    made = Outbox()
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show_queue(queue(), ONLINE)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def rows(outbox: Outbox, column: int = 3) -> list[str]:
    model = outbox.model
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "words"),
    [(640_000, "640 KB"), (1_000_000, "1,0 MB"), (3_210_000, "3,2 MB"), (1_234_500_000, "1.234,5 MB")],
)
def test_sizes_are_vietnamese(size, words):
    assert size_words(size) == words


def test_moments_name_their_day_when_it_is_another():
    assert moment_words(NOW, NOW) == "09:41"
    assert moment_words(NOW - timedelta(days=1), NOW) == "20/11/2026 09:41"


@pytest.mark.parametrize(
    ("made", "offline", "role", "words"),
    [
        (parcel(1), False, "idle", "Chờ gửi"),
        (parcel(1), True, "idle", "Chờ mạng"),
        (parcel(1, ParcelState.SENDING), False, "work", "Đang gửi 62 %"),
        (
            parcel(1, tries=2, next_try_at=NOW + timedelta(minutes=6), error="province.timeout"),
            False,
            "idle",
            "Thử lại lúc 09:47 (lần 3)",
        ),
        (
            parcel(1, tries=1, error="province.unknown_outcome"),
            False,
            "work",
            "Chưa rõ tỉnh đã nhận chưa, đang hỏi lại",
        ),
        (
            parcel(1, ParcelState.ACCEPTED, receipt="884213", accepted_at=NOW),
            True,
            "ok",
            "Tỉnh đã nhận 09:41 · số 884213",
        ),
        (parcel(1, ParcelState.SUPERSEDED), False, "idle", "Không gửi: đã có bản mới hơn"),
        (parcel(1, ParcelState.REJECTED, said="thiếu mặt sau"), False, "stop", "Tỉnh trả lại: thiếu mặt sau"),
    ],
)
def test_each_state_has_colour_and_words(made: Parcel, offline, role, words):
    line = parcel_line(made, NOW, offline=offline, share=0.62)
    assert (line.role, line.words) == (role, words)
    assert line.icon


def test_a_parcel_replaced_before_it_left_lies_in_no_drawer():
    found = counts((parcel(1, ParcelState.SUPERSEDED), parcel(2)))
    assert found == {Kind.ALL: 2, Kind.ATTENTION: 0, Kind.WAITING: 1, Kind.ACCEPTED: 0}


def test_no_network_is_grey_and_says_that_work_goes_on():
    line = queue_line(OFFLINE, queue())
    assert line.role == "idle"
    assert line.words == "MẤT MẠNG từ 09:12 · vẫn làm việc bình thường · 11 gói chờ · sẽ tự gửi khi có mạng"


def test_a_long_silence_turns_amber_and_names_the_oldest_parcel():
    state = replace(OFFLINE, offline_since=NOW - timedelta(hours=25))
    line = queue_line(state, (parcel(1), parcel(1500)))
    assert line.role == "mind"
    assert "gói cũ nhất từ 20/11/2026 08:41" in line.words


@pytest.mark.parametrize(
    ("state", "parcels", "role", "part"),
    [
        (replace(ONLINE, paused="province.login"), queue(), "stop", "11 gói chờ, được giữ an toàn"),
        (replace(OFFLINE, paused="province.certificate"), queue(), "stop", "được giữ an toàn"),
        (ONLINE, queue(), "work", "Đang gửi · còn 11 gói"),
        (ONLINE, (parcel(1),), "idle", "1 gói chờ"),
        (
            ONLINE,
            (parcel(1, tries=1, next_try_at=NOW + timedelta(minutes=6)),),
            "idle",
            "1 gói chờ · thử lại lúc 09:47",
        ),
        (ONLINE, (parcel(1, ParcelState.ACCEPTED),), "ok", "Đã gửi hết"),
        (replace(ONLINE, connected=False), (parcel(1),), "idle", "Chưa nối với hệ thống tỉnh"),
    ],
)
def test_the_queue_says_what_it_does(state, parcels, role, part):
    line = queue_line(state, parcels)
    assert line.role == role
    assert part in line.words


# -- the screen -------------------------------------------------------------------------------------------------------


def test_drawers_count_and_filter(outbox, qtbot):
    assert [button.text() for button in outbox.drawers.values()] == [
        "Tất cả 60",
        "Cần xử lý 2",
        "Chờ gửi 11",
        "Đã nhận 47",
    ]
    qtbot.mouseClick(outbox.drawers[Kind.ATTENTION], Qt.MouseButton.LeftButton)
    assert len(rows(outbox)) == 2
    qtbot.mouseClick(outbox.drawers[Kind.ALL], Qt.MouseButton.LeftButton)
    assert len(rows(outbox)) == 60


@pytest.mark.parametrize("typed", ["KET HON", "kết hôn", "hôn kết", "Kêt Hôn"])
def test_search_ignores_marks_case_and_order(outbox, qtbot, typed):
    qtbot.keyClicks(outbox.search, "x")
    outbox.search.setText(typed)
    found = rows(outbox, 1)
    assert found
    assert all("kết hôn" in words.lower() for words in found)


def test_search_finds_the_receipt_number(outbox):
    outbox.search.setText("884213")
    assert rows(outbox) == ["Tỉnh đã nhận 09:21 · số 884213"]


def test_nothing_found_says_so(outbox):
    outbox.search.setText("không có đâu")
    assert not outbox.table.isVisible()
    assert outbox.empty.text() == "Không có gói nào khớp với «không có đâu»."
    assert not outbox.details.isVisible()


def test_the_returned_parcel_shows_the_provinces_own_words_and_what_to_do(outbox):
    assert outbox.selected is not None
    assert outbox.selected.state is ParcelState.REJECTED
    assert outbox.details.said.text() == "«Thiếu mặt sau giấy chứng nhận kết hôn» — lời của hệ thống tỉnh"
    assert outbox.details.do.text().startswith("Việc cần làm: ")
    assert "bản 2" in outbox.details.facts.text()


def test_enter_and_the_button_open_the_dossier(outbox, qtbot):
    asked: list[tuple[str, str]] = []
    outbox.open_asked.connect(lambda *ids: asked.append(ids))
    outbox.table.setFocus()
    qtbot.keyClick(outbox.table, Qt.Key.Key_Down)
    qtbot.keyClick(outbox.table, Qt.Key.Key_Return)
    qtbot.mouseClick(outbox.details.open, Qt.MouseButton.LeftButton)
    assert asked == [("d0", "c2")] * 2


def test_f5_sends_now(outbox, qtbot):
    with qtbot.waitSignal(outbox.send_asked):
        qtbot.keyClick(outbox.table, Qt.Key.Key_F5)
    with qtbot.waitSignal(outbox.send_asked):
        qtbot.mouseClick(outbox.send, Qt.MouseButton.LeftButton)


def test_the_selected_parcel_stays_selected_while_the_queue_moves(outbox):
    outbox.table.selectRow(5)
    chosen = outbox.selected
    moved = (parcel(0), *queue())
    outbox.show_queue(moved, ONLINE)
    assert outbox.selected is not None
    assert chosen is not None
    assert outbox.selected.id == chosen.id
    assert outbox.table.currentIndex().row() == 6


def test_progress_changes_one_row(outbox, qtbot):
    with qtbot.waitSignal(outbox.model.dataChanged) as told:
        outbox.show_progress("parcel-0003", 62, 100)
    assert told.args[0].row() == told.args[1].row() == 2
    assert rows(outbox)[2] == "Đang gửi 62 %"


def test_a_received_parcel_moves_to_its_drawer(outbox):
    outbox.show_drawer(Kind.WAITING)
    before = len(rows(outbox))
    now = tuple(
        replace(p, state=ParcelState.ACCEPTED, receipt="1", accepted_at=NOW) if p.id == "parcel-0003" else p
        for p in queue()
    )
    outbox.show_queue(now, ONLINE)
    assert len(rows(outbox)) == before - 1
    assert outbox.drawers[Kind.ACCEPTED].text() == "Đã nhận 48"


def test_a_number_given_later_can_be_found(outbox):
    now = tuple(
        replace(p, state=ParcelState.ACCEPTED, receipt="990011", accepted_at=NOW) if p.id == "parcel-0003" else p
        for p in queue()
    )
    outbox.show_queue(now, ONLINE)
    outbox.search.setText("990011")
    assert outbox.model.rowCount() == 1


def test_screen_readers_hear_heading_and_value(outbox):
    model = outbox.model
    assert model.data(model.index(0, 3), Qt.ItemDataRole.AccessibleTextRole).startswith("Trạng thái: Tỉnh trả lại")


def test_a_thousand_rows(qtbot, qtmodeltester):
    parcels = tuple(parcel(n) for n in range(1000))
    model = ParcelTable()
    model.set_parcels(parcels, NOW, offline=False)
    qtmodeltester.check(model)
    model.set_filter(Kind.WAITING, "chung sinh")
    assert model.rowCount() == 200
    assert counts(parcels)[Kind.WAITING] == 1000
