# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.messages.outbox import age_words, moment_words
from digitizer_desk.store.tray.look import Drawer, Seen
from digitizer_desk.store.tray.state import Rest
from digitizer_desk.store.tray.turns import Rush
from digitizer_desk.ui.models.flow import Flow
from digitizer_desk.ui.models.parcels import ParcelTable, parcel_line, queue_line, size_words, strip_words
from digitizer_desk.ui.screens.outbox import Outbox
from gallery.at_once import AtOnce
from gallery.papers import Tray, parcel, queue
from gallery.people import NOW

QUEUE = Tray(queue()).queue()
SOON = NOW + timedelta(minutes=6)
EVENING = NOW.replace(hour=19, minute=0)


class Shown:
    """A screen over a tray whose parcels can be changed."""

    def __init__(self, qtbot) -> None:
        self.tray, self.qtbot = Tray(queue()), qtbot
        self.screen = Outbox(self.tray, AtOnce())

    def show(self, parcels, **facts) -> None:
        self.tray.parcels = tuple(parcels)
        self.screen.show_queue(self.tray.queue(**facts))
        self.settle()

    def settle(self) -> None:
        """Until every row that was looked at has been read."""
        self.rows()
        self.qtbot.waitUntil(lambda: not self.screen.model._asking.isActive())

    def rows(self, column: int = 3) -> list[str]:
        model = self.screen.model
        return [model.data(model.index(row, column)) for row in range(model.rowCount())]


@pytest.fixture
def shown(qtbot) -> Shown:
    made = Shown(qtbot)
    qtbot.addWidget(made.screen)
    made.screen.resize(1366, 700)
    made.show(queue())
    with qtbot.waitActive(made.screen):
        made.screen.show()
        made.screen.activateWindow()
    made.settle()
    return made


@pytest.fixture
def outbox(shown: Shown) -> Outbox:
    return shown.screen


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
    ("made", "facts", "role", "words"),
    [
        (parcel(1), {}, "idle", "Chờ gửi"),
        (parcel(1), {"offline_since": NOW}, "idle", "Chờ mạng"),
        (parcel(1), {"paused": "province.paused", "offline_since": NOW}, "idle", "Đang tạm dừng gửi"),
        (parcel(1), {"linked": False}, "idle", "Chờ nối với hệ thống tỉnh"),
        (parcel(1), {"opens_at": EVENING}, "idle", "Chờ đến 19:00 theo cài đặt"),
        (parcel(1), {"rest": Rest(3, SOON, "province.timeout")}, "idle", "Hệ thống tỉnh đang bận, gửi lại lúc 09:47"),
        (parcel(1, tries=2, next_try_at=SOON, error="province.timeout"), {}, "idle", "Thử lại lúc 09:47 (lần 3)"),
        (
            parcel(1, tries=1, error="province.unknown_outcome"),
            {},
            "work",
            "Chưa rõ tỉnh đã nhận chưa, đang hỏi lại",
        ),
        (parcel(1, tries=2, next_try_at=SOON), {"opens_at": EVENING}, "idle", "Chờ đến 19:00 theo cài đặt"),
        (parcel(1700), {}, "mind", "Chờ gửi · quá hạn, đã 28 giờ"),
        (parcel(1, ParcelState.SENDING), {}, "work", "Đang gửi 620 KB / 1,0 MB"),
        (
            parcel(1, ParcelState.ACCEPTED, receipt="884213", accepted_at=NOW),
            {"offline_since": NOW},
            "ok",
            "Tỉnh đã nhận 09:41 · số 884213",
        ),
        (parcel(1, ParcelState.SUPERSEDED), {}, "idle", "Không gửi: đã có bản mới hơn"),
        (parcel(1, ParcelState.REJECTED, said="thiếu mặt sau"), {}, "stop", "Tỉnh trả lại: thiếu mặt sau"),
    ],
)
def test_each_state_has_colour_and_words(made: Parcel, facts, role, words):
    line = parcel_line(Seen(made), replace(QUEUE, **facts), (620_000, 1_000_000))
    assert (line.role, line.words) == (role, words)
    assert line.icon


def test_one_behind_another_says_so_and_one_put_first_is_not_held_by_the_hours():
    night = replace(QUEUE, opens_at=EVENING)
    assert parcel_line(Seen(parcel(1), behind=True), night).words == "Chờ gói trước của cùng hồ sơ"
    assert parcel_line(Seen(parcel(1), rush=Rush.FIRST), night).words == "Gửi trước các gói khác"


def test_when_all_bytes_have_left_it_waits_for_the_receipt():
    assert parcel_line(Seen(parcel(1, ParcelState.SENDING)), QUEUE, (10, 10)).words == "Đã gửi hết, chờ biên nhận"
    assert parcel_line(Seen(parcel(1, ParcelState.SENDING)), QUEUE).words == "Đang gửi"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=12), "12 phút"),
        (timedelta(hours=5), "5 giờ"),
        (timedelta(days=3), "3 ngày"),
        (-timedelta(days=1), "0 phút"),
    ],
)
def test_ages_are_told_as_people_do(age, words):
    assert age_words(age) == words


def test_no_network_is_grey_and_says_that_work_goes_on():
    line = queue_line(replace(QUEUE, offline_since=NOW - timedelta(minutes=29)))
    assert line.role == "idle"
    assert line.words == "MẤT MẠNG từ 09:12 · vẫn làm việc bình thường · 11 gói chờ · sẽ tự gửi khi có mạng"


def test_a_long_silence_turns_amber_and_names_the_oldest_parcel():
    line = queue_line(Tray((parcel(1), parcel(1500))).queue(offline_since=NOW - timedelta(hours=25)))
    assert line.role == "mind"
    assert "gói cũ nhất từ 20/11/2026 08:41" in line.words


@pytest.mark.parametrize(
    ("parcels", "facts", "role", "part"),
    [
        (queue(), {"paused": "province.login"}, "stop", "11 gói chờ, được giữ an toàn"),
        (queue(), {"paused": "province.certificate", "offline_since": NOW}, "stop", "được giữ an toàn"),
        (queue(), {"paused": "province.paused"}, "mind", "Đang tạm dừng gửi · 11 gói chờ"),
        (queue(), {}, "work", "Đang gửi · còn 11 gói, "),
        ((parcel(1),), {}, "idle", "1 gói chờ"),
        ((parcel(1),), {"opens_at": EVENING}, "idle", "1 gói chờ · gửi từ 19:00 theo cài đặt; F5 để gửi ngay"),
        ((parcel(1),), {"rest": Rest(3, SOON, "province.timeout")}, "idle", "đang bận · 1 gói chờ · gửi lại lúc 09:47"),
        ((parcel(1, tries=1, next_try_at=SOON),), {}, "idle", "1 gói chờ · thử lại lúc 09:47"),
        ((parcel(1700),), {}, "mind", "1 gói chờ · 1 gói quá hạn"),
        ((parcel(1, ParcelState.ACCEPTED),), {}, "ok", "Đã gửi hết"),
        ((parcel(1),), {"linked": False}, "idle", "Chưa nối với hệ thống tỉnh"),
    ],
)
def test_the_queue_says_what_it_does(parcels, facts, role, part):
    line = queue_line(Tray(parcels).queue(**facts))
    assert line.role == role
    assert part in line.words


def test_progress_is_bytes_of_bytes_how_fast_and_what_is_next():
    flow = Flow()
    for second in range(6):
        flow.note("parcel-0003", second * 100_000, 1_591_000, 50.0 + second)
    line = queue_line(replace(QUEUE, upcoming="H08-0007 Tờ khai", bytes_per_s=100_000), flow, 55.0)
    assert line.words == (
        "Đang gửi 500 KB / 1,6 MB · 100 KB/giây (có giới hạn) · còn 11 gói, 20,2 MB · tiếp theo: H08-0007 Tờ khai"
    )
    assert "%" not in line.words


def test_a_rate_is_told_only_once_it_is_known_and_falls_when_nothing_moves():
    flow = Flow()
    flow.note("a", 0, 100, 10.0)
    assert flow.rate(10.0) is None
    flow.note("a", 80, 100, 10.5)
    assert flow.rate(10.5) is None
    flow.note("a", 100, 100, 11.0)
    flow.note("b", 0, 400, 11.0)
    flow.note("b", 100, 400, 12.0)
    assert flow.rate(12.0) == pytest.approx(100.0)
    assert flow.rate(20.0) == pytest.approx(20.0)
    assert flow.rate(40.0) is None, "what was long ago says nothing"


@pytest.mark.parametrize(
    ("parcels", "facts", "words"),
    [
        (queue(), {}, "2 gói cần xử lý"),
        ((parcel(1), parcel(1700)), {"offline_since": NOW}, "1 gói quá hạn gửi"),
        ((parcel(1),), {"paused": "province.paused"}, "Tạm dừng gửi · 1 chờ"),
        ((parcel(1),), {"offline_since": NOW}, "Mất mạng · 1 chờ"),
        ((), {}, "Đã gửi hết"),
    ],
)
def test_the_strip_says_the_most_urgent_thing(parcels, facts, words):
    assert strip_words(Tray(parcels).queue(**facts))[1] == words


# -- the screen -------------------------------------------------------------------------------------------------------


def test_drawers_count_and_filter(shown, outbox, qtbot):
    assert [button.text() for button in outbox.drawers.values() if button.isVisible()] == [
        "Tất cả 60",
        "Cần xử lý 2",
        "Chờ gửi 11",
        "Đã nhận 47",
    ]
    qtbot.mouseClick(outbox.drawers[Drawer.ATTENTION], Qt.MouseButton.LeftButton)
    assert len(shown.rows()) == 2
    qtbot.mouseClick(outbox.drawers[Drawer.ALL], Qt.MouseButton.LeftButton)
    assert len(shown.rows()) == 60


@pytest.mark.parametrize("typed", ["KET HON", "kết hôn", "hôn kết", "Kêt Hôn"])
def test_search_ignores_marks_case_and_order(shown, outbox, qtbot, typed):
    qtbot.keyClicks(outbox.search, "x")
    outbox.search.setText(typed)
    shown.settle()
    found = shown.rows(1)
    assert found
    assert all("kết hôn" in words.lower() for words in found)


def test_search_finds_the_receipt_number(shown, outbox):
    outbox.search.setText("884213")
    shown.settle()
    assert shown.rows() == ["Tỉnh đã nhận 09:21 · số 884213"]


def test_nothing_found_says_so(outbox):
    outbox.search.setText("không có đâu")
    assert not outbox.table.isVisible()
    assert outbox.empty.text().startswith("Không có gói nào khớp với «không có đâu».")
    assert not outbox.details.isVisible()


def test_the_returned_parcel_shows_the_provinces_own_words_and_what_to_do(outbox):
    assert outbox.selected is not None
    assert outbox.selected.parcel.state is ParcelState.REJECTED
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


def test_the_selected_parcel_stays_selected_while_the_queue_moves(shown, outbox):
    outbox.table.selectRow(5)
    chosen = outbox.selected
    shown.show((parcel(0), *queue()))
    assert outbox.selected is not None
    assert chosen is not None
    assert outbox.selected.parcel.id == chosen.parcel.id
    assert outbox.table.currentIndex().row() == 6


def test_progress_changes_one_row(shown, outbox, qtbot):
    with qtbot.waitSignal(outbox.model.dataChanged) as told:
        outbox.show_progress("parcel-0003", 620_000, 1_000_000)
    assert told.args[0].row() == told.args[1].row() == 2
    assert shown.rows()[2] == "Đang gửi 620 KB / 1,0 MB"
    assert outbox.line.words.startswith("Đang gửi 620 KB / 1,0 MB")


def arrived(number: str) -> tuple[Parcel, ...]:
    """The queue when the parcel on its way was received."""
    return tuple(
        replace(p, state=ParcelState.ACCEPTED, receipt=number, accepted_at=NOW) if p.id == "parcel-0003" else p
        for p in queue()
    )


def test_a_received_parcel_moves_to_its_drawer(shown, outbox):
    outbox.show_drawer(Drawer.WAITING)
    before = len(shown.rows())
    shown.show(arrived("1"))
    assert len(shown.rows()) == before - 1
    assert outbox.drawers[Drawer.ACCEPTED].text() == "Đã nhận 48"


def test_a_row_whose_state_changed_is_read_again_where_it_stands(shown):
    assert shown.rows()[2] == "Đang gửi"
    shown.show(arrived("77"))
    assert shown.rows()[2] == "Tỉnh đã nhận 09:41 · số 77"


def test_a_number_given_later_can_be_found(shown, outbox):
    shown.show(arrived("990011"))
    outbox.search.setText("990011")
    assert outbox.model.rowCount() == 1


def test_screen_readers_hear_heading_and_value(outbox):
    model = outbox.model
    assert model.data(model.index(0, 3), Qt.ItemDataRole.AccessibleTextRole).startswith("Trạng thái: Tỉnh trả lại")


def test_overdue_and_replaced_parcels_have_drawers_only_when_there_are_some(shown, outbox):
    assert not outbox.drawers[Drawer.OVERDUE].isVisible()
    shown.show((*queue(), parcel(1700), parcel(1701, ParcelState.SUPERSEDED)))
    assert outbox.drawers[Drawer.OVERDUE].text() == "Quá hạn 1"
    assert outbox.drawers[Drawer.SUPERSEDED].text() == "Đã thay 1"
    outbox.show_drawer(Drawer.OVERDUE)
    shown.settle()
    assert shown.rows() == ["Chờ gửi · quá hạn, đã 28 giờ"]


def test_the_selected_waiting_parcel_can_be_sent_first_and_no_other(shown, outbox, qtbot):
    asked: list[str] = []
    outbox.first_asked.connect(asked.append)
    outbox.send_first()
    assert asked == [], "this one was returned"
    assert not outbox.details.first.isVisible()
    outbox.table.selectRow(5)
    qtbot.mouseClick(outbox.details.first, Qt.MouseButton.LeftButton)
    assert asked == ["parcel-0006"]


def test_one_that_was_held_for_a_person_can_be_sent_again(shown, outbox, qtbot):
    asked: list[str] = []
    outbox.first_asked.connect(asked.append)
    held = parcel(1800, ParcelState.NEEDS_PERSON, error="province.code_unmapped", said="thành phần TP07")
    shown.show((held,))
    outbox.table.selectRow(0)
    assert outbox.details.first.isVisible()
    assert outbox.details.first.text() == "Shift+F5  Gửi lại"
    assert "Shift+F5" in outbox.details.do.text()
    qtbot.mouseClick(outbox.details.first, Qt.MouseButton.LeftButton)
    assert asked == [held.id]


def test_the_pause_button_says_what_it_would_do(shown, outbox, qtbot):
    assert outbox.pause.text() == "Ctrl+F5  Tạm dừng"
    shown.show(queue(), paused="province.paused")
    assert outbox.pause.text() == "Ctrl+F5  Gửi tiếp"
    with qtbot.waitSignal(outbox.pause_asked):
        qtbot.mouseClick(outbox.pause, Qt.MouseButton.LeftButton)


def test_of_ten_thousand_only_the_rows_on_the_screen_are_read(qtbot, shown):
    shown.tray.asked.clear()
    shown.tray.parcels = tuple(parcel(n) for n in range(10_000))
    shown.screen.show_queue(shown.tray.queue())
    qtbot.waitUntil(lambda: bool(shown.screen.model._rows.get("parcel-0005")))
    shown.screen.repaint()
    qtbot.waitUntil(lambda: not shown.screen.model._asking.isActive())
    assert shown.screen.model.rowCount() == 10_000
    assert 5 < sum(map(len, shown.tray.asked)) < 80
    shown.screen.table.scrollToBottom()
    qtbot.waitUntil(lambda: "parcel-9999" in shown.screen.model._rows)
    assert sum(map(len, shown.tray.asked)) < 160


def test_the_model_keeps_qts_rules_and_forgets_rows_nobody_looks_at(qtbot, qtmodeltester):
    tray = Tray([parcel(n) for n in range(1000)])
    model = ParcelTable()
    model.rows_wanted.connect(lambda ids: model.fill(tray.rows(ids)))
    model.set_ids(tuple(p.id for p in tray.parcels), tray.queue())
    qtmodeltester.check(model)
    for start in range(0, 1000, 50):
        model.fill(tray.rows([p.id for p in tray.parcels[start : start + 50]]))
    assert len(model._rows) == 600
    assert model.seen(999) is not None
    assert model.seen(0) is None
