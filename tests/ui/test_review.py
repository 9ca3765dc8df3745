# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The supervisor's screens: words, keys, blindness until a page is judged, and a lot's sheet on one page."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from digitizer_desk.dossier.review import Level, Verdict
from digitizer_desk.messages.review import level_changed, lot_heading, returned_words, verdict_words
from digitizer_desk.province.reports.tables import as_csv, as_workbook
from digitizer_desk.ui.review.outlets import tables_of
from digitizer_desk.ui.review.printing import pdf_of, verdict_html
from digitizer_desk.ui.screens.review import lines as words
from digitizer_desk.ui.screens.review.judging import Judging
from digitizer_desk.ui.screens.review.overview import DeskState, Overview
from digitizer_desk.ui.screens.review.returned import ReturnedSheet
from digitizer_desk.ui.screens.review.verdict import VerdictDialog
from gallery.people import NOW
from gallery.review_states import (
    FAULTS,
    REFUSED,
    desk_state,
    figures,
    judging,
    lot,
    progress,
    returned,
    sheet,
)

# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (None, ""),
        (timedelta(seconds=20), "0 phút"),
        (timedelta(minutes=35), "35 phút"),
        (timedelta(hours=5, minutes=10), "5 giờ"),
        (timedelta(days=3), "3 ngày"),
    ],
)
def test_waiting_is_told_in_the_unit_that_fits(since, told):
    assert words.age(None if since is None else NOW - since, NOW) == told


def test_shares_and_their_change():
    assert (words.percent(0.942), words.percent(None), words.percent(1.0)) == ("94,2 %", "–", "100,0 %")
    assert (words.change(0.942, 0.931), words.change(0.9, 0.95), words.change(0.9, 0.9)) == ("▲ 1,1", "▼ 5,0", "= 0,0")
    assert words.change(None, 0.9) == ""


def test_a_scanner_that_falls_off_is_told_to_be_cleaned():
    falling, steady, _ = figures().scanners
    assert words.scanner_hint(falling) == ("mind", "lau kính")
    assert words.scanner_hint(steady) == ("ok", "đều")
    new = replace(steady, days=steady.days[-3:])
    assert words.scanner_hint(new) == ("ok", "đều"), "nothing to compare with"


def test_the_heading_and_the_verdicts():
    assert lot_heading(lot()) == "Lô 21/11 · Quầy 3 · 412 trang · mức THƯỜNG · mẫu 50 trang · nhận ≤ 3 lỗi nặng"
    small = lot(size=20, first_day=NOW.date() - timedelta(days=1))
    assert lot_heading(small).startswith("Lô 20/11-21/11 · Quầy 3 · 20 trang · mức THƯỜNG · xem hết")
    assert verdict_words(lot(), 3, 0) == "Nhận lô: mẫu 50 trang, 3 trang lỗi nặng, trong mức 3."
    assert verdict_words(lot(), 4, 0) == "Trả lô: 4 trang lỗi nặng, vượt mức 3."
    assert verdict_words(lot(), 0, 1) == "Trả lô: 1 trang lỗi nghiêm trọng, không được có trang nào."
    told = level_changed("Quầy 2", Level.NORMAL, Level.TIGHTENED, "2 trong 5 lô gần nhất bị trả")
    assert told == "Quầy 2 chuyển từ mức THƯỜNG sang mức CHẶT: 2 trong 5 lô gần nhất bị trả."
    assert returned_words(()) == ""
    assert returned_words(returned()) == "Người duyệt trả lại 2 trang trong 2 hồ sơ."


# -- overview ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def overview(qtbot) -> Overview:
    made = Overview()
    qtbot.addWidget(made)
    made.resize(1366, 600)
    made.show_state(desk_state())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.lots.setFocus()
    return made


def test_the_overview_tells_lots_and_days(overview):
    rows = [overview.lots.item(n).text().replace("\n", " | ") for n in range(overview.lots.count())]
    assert rows == [
        "19/11 · 18 trang · fi-8170 18 | xem hết hoặc gộp (G)",
        "20/11 · 236 trang · fi-8170 150, DS-780N 86 | chờ lập lô",
        "21/11 · lô 7 · Quầy 3 · 412 trang | đang duyệt 17/50",
        "18/11 · lô 6 · Quầy 3 · 412 trang | nhận · mẫu 50 trang, 1 lỗi",
        "18/11 · lô 5 · Quầy 3 · 60 trang | trả · còn 19 trang phải xem",
    ]
    assert overview.level.words == "Lô tiếp theo: mức THƯỜNG"
    assert not overview.cause.isVisible()


def test_enter_makes_a_lot_g_joins_and_a_lot_is_opened(overview, qtbot):
    first, second = (day.day for day in desk_state().days)
    with qtbot.waitSignal(overview.lot_asked) as made:
        QTest.keyClick(overview.lots, Qt.Key.Key_Return)
    assert made.args == [(first,)]
    with qtbot.waitSignal(overview.lot_asked) as joined:
        QTest.keyClick(overview.lots, Qt.Key.Key_G)
    assert joined.args == [(first, second)]
    overview.lots.setCurrentRow(2)
    with qtbot.waitSignal(overview.open_asked) as opened:
        QTest.keyClick(overview.lots, Qt.Key.Key_Return)
    assert opened.args == ["lot7"]


def test_what_enter_does_with_a_row_stands_on_the_button(overview, qtbot):
    told = []
    for row in range(overview.lots.count()):
        overview.lots.setCurrentRow(row)
        told.append((overview.go.text(), overview.join.isVisible()))
    assert told == [
        ("Enter  Lập lô", True),
        ("Enter  Lập lô", False),
        ("Enter  Duyệt tiếp", False),
        ("Enter  Xem kết luận", False),
        ("Enter  Xem lại lô", False),
    ]
    overview.lots.setCurrentRow(0)
    with qtbot.waitSignal(overview.lot_asked):
        overview.go.click()
    with qtbot.waitSignal(overview.lot_asked) as joined:
        overview.join.click()
    assert len(joined.args[0]) == 2


def test_a_table_nothing_hangs_on_marks_its_row_only_while_it_has_the_keys(overview, qtbot):
    qtbot.waitActive(overview)
    assert overview.reasons.selectedItems() == []
    overview.reasons.setFocus()
    assert {cell.row() for cell in overview.reasons.selectedItems()} == {0}
    overview.lots.setFocus()
    assert overview.reasons.selectedItems() == []
    assert {cell.row() for cell in overview.scanners.selectedItems()} == {0}


def test_the_trend_follows_the_scanner_chosen_and_can_be_heard(overview):
    assert overview.trend.accessibleName().endswith("fi-8170 (quầy 3)")
    assert "21/11: 80 trên 100 trang" in overview.trend.accessibleDescription()
    overview.scanners.setCurrentCell(1, 0)
    assert "DS-780N" in overview.trend.accessibleName()
    assert overview.reasons.item(0, 0).text() == "Độ nét"
    assert overview.reasons.item(0, 1).text() == "41"


def test_an_empty_desk_says_so(qtbot):
    made = Overview()
    qtbot.addWidget(made)
    made.show_state(desk_state())
    nothing = figures(reasons=(), scanners=(), rate=None)
    made.show_state(DeskState(nothing, (), (), Level.WHOLE))
    assert made.no_lots.text().startswith("Chưa có lô nào")
    assert made.no_reasons.text() == "Không có lỗi nào trong 7 ngày."
    assert made.no_scanners.text() == "Chưa quét trang nào trong 14 ngày."
    for table, note in ((made.lots, made.no_lots), (made.reasons, made.no_reasons), (made.scanners, made.no_scanners)):
        assert (table.isHidden(), note.isHidden()) == (True, False)
    assert made.go.isHidden()
    assert made.join.isHidden()
    assert made.level.words.startswith("Lô tiếp theo: mức XEM HẾT đến khi")
    assert not made.cause.isHidden()


def test_figures_leave_as_numbers(overview):
    tables = tables_of(overview.state.figures)
    book = load_workbook(io.BytesIO(as_workbook(tables)))
    assert book.sheetnames == ["Tổng quan", "Lỗi hay gặp", "Máy quét"]
    sheet_ = book["Tổng quan"]
    assert (sheet_["A5"].value, sheet_["B5"].value, sheet_["B5"].number_format) == (
        "Trang đạt ngay lần đầu, 7 ngày",
        0.942,
        "0.0%",
    )
    text = as_csv(tables).decode("utf-8-sig")
    assert "Trang đạt ngay lần đầu, 7 ngày;94,2%\r\n" in text
    assert "fi-8170 (quầy 3);21/11/2026;100;80;80,0%" in text


# -- judging ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(qtbot) -> Judging:
    made = judging(progress(lot(), FAULTS, 3))
    qtbot.addWidget(made)
    made.resize(1366, 600)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def test_it_resumes_at_the_first_page_nobody_judged(shown):
    assert shown.page is not None
    assert shown.page.page.page_id == "p4"
    assert shown.where.text() == "4/50 · 000.00.12.H08-261121-0001 · Giấy chứng sinh · trang 1"
    assert "Chủ hồ sơ: Nguyễn Thị Hường" in shown.facts.text()
    assert (shown.bar.value(), shown.bar.maximum()) == (3, 50)


def test_the_machines_word_is_hidden_until_the_human_has_spoken(shown):
    everything = " ".join(label.text() for label in shown.findChildren(QLabel))
    assert "Máy: hiện sau khi bạn chọn" in everything
    assert "Máy: Mờ" not in everything
    shown.show_progress(progress(lot(), FAULTS, 4), 3)
    assert shown.machine.words == "Máy: Mờ"
    assert shown.said.words == "Mờ — «chữ ký không đọc được»"


@pytest.mark.parametrize(
    ("key", "fault"), [(Qt.Key.Key_Space, ""), (Qt.Key.Key_1, "blurred"), (Qt.Key.Key_5, "wrong_dossier")]
)
def test_one_key_judges_and_only_once(shown, qtbot, key, fault):
    heard = []
    shown.judged.connect(lambda *told: heard.append(told))
    QTest.keyClick(shown.view, key)
    QTest.keyClick(shown.view, key)
    assert [(page.page.page_id, said, note) for page, said, note in heard] == [("p4", fault, "")]
    shown.refused()
    QTest.keyClick(shown.view, key)
    assert len(heard) == 2, "what was not kept may be judged again"


def test_another_fault_asks_for_words_first(shown, qtbot):
    heard = []
    shown.judged.connect(lambda *told: heard.append(told[1:]))
    QTest.keyClick(shown.view, Qt.Key.Key_7)
    assert heard == []
    assert shown.note.hasFocus()
    QTest.keyClicks(shown.note, "vet o 2")
    assert heard == [], "digits are words here"
    QTest.keyClick(shown.note, Qt.Key.Key_Return)
    assert heard == [("other", "vet o 2")]


def test_words_for_the_clerk_go_with_the_next_judgement_and_esc_leaves_them(shown, qtbot):
    heard = []
    shown.judged.connect(lambda *told: heard.append(told[1:]))
    QTest.keyClick(shown.view, Qt.Key.Key_G)
    shown.note.setText("xem góc dưới")
    QTest.keyClick(shown.note, Qt.Key.Key_Return)
    assert heard == []
    QTest.keyClick(shown.view, Qt.Key.Key_3)
    assert heard == [("cut", "xem góc dưới")]
    assert shown.leave_note() is False
    shown.note.setFocus()
    assert shown.leave_note() is True
    assert shown.view.hasFocus()


def test_arrows_backspace_and_enter(shown, qtbot):
    QTest.keyClick(shown.view, Qt.Key.Key_Left)
    assert shown.page.page.page_id == "p3"
    assert shown.said.words == "Đạt"
    heard = []
    shown.judged.connect(lambda *told: heard.append(told))
    QTest.keyClick(shown.view, Qt.Key.Key_1)
    assert shown.good.text() == "Space  Trang chưa xem"
    assert shown.good.next_act
    QTest.keyClick(shown.view, Qt.Key.Key_Space)
    assert heard == [], "a judged page is not judged again; Backspace takes it back"
    assert shown.page.judgement is None, "on to the first that was not judged"
    assert shown.good.text() == "Space  Đạt"
    QTest.keyClick(shown.view, Qt.Key.Key_Left)
    with qtbot.waitSignal(shown.undo_asked):
        QTest.keyClick(shown.view, Qt.Key.Key_Backspace)
    with qtbot.assertNotEmitted(shown.conclude_asked):
        QTest.keyClick(shown.view, Qt.Key.Key_Return)
    shown.show_progress(progress(lot(), REFUSED, 23))
    assert shown.keys.text() == "Trả lô: 4 trang lỗi nặng, vượt mức 3. Có thể trả lô ngay."
    assert shown.limits.role == "stop"
    assert (shown.conclude.next_act, shown.conclude.isEnabled(), shown.good.next_act) == (True, True, False)
    with qtbot.waitSignal(shown.conclude_asked):
        QTest.keyClick(shown.view, Qt.Key.Key_Return)


def test_a_refused_lot_is_looked_at_with_the_machines_help(qtbot):
    made = judging(progress(lot(5, 60, verdict=Verdict.REFUSED), REFUSED, 41))
    qtbot.addWidget(made)
    assert made.machine.words == "Máy: đạt"
    assert made.heading.text() == "Xem lại mọi trang của lô bị trả · đã xem 41/60"
    assert made.conclude.isHidden()


# -- verdict ----------------------------------------------------------------------------------------------------------


def test_the_verdict_is_confirmed_once_with_its_verb(qtbot):
    made = VerdictDialog(sheet(progress(lot(), REFUSED, 23)))
    qtbot.addWidget(made)
    made.show()
    assert made.give.text() == "Enter  Trả lô"
    assert made.what.words == "Trả lô: 4 trang lỗi nặng, vượt mức 3."
    assert made.back.text().startswith("4 trang sẽ trả lại cán bộ")
    heard = []
    made.concluded.connect(heard.append)
    made.note.setText("lau kính")
    for _ in range(2):
        QTest.keyClick(made.note, Qt.Key.Key_Return)
    assert heard == ["lau kính"]
    row = [made.table.item(0, column).text() for column in range(5)]
    assert row == ["Mờ", "nặng", "2", "–", "–"]
    given = lot(verdict=Verdict.REFUSED, judged_by="boss", judged_at=NOW)
    made.show_sheet(sheet(progress(given, REFUSED, 23)))
    assert not made.give.isVisible()
    assert made.back.text().startswith("4 trang đã trả lại")


def test_the_sheet_of_a_lot_is_one_page_however_bad_it_is(qtbot):
    for faults in ({}, FAULTS, dict.fromkeys(range(1, 41), ("other", "vết ố lớn ở góc dưới bên phải của trang"))):
        done = lot(verdict=Verdict.REFUSED, judged_by="boss", judged_at=NOW, note="Lau kính rồi quét lại.")
        html = verdict_html(sheet(progress(done, faults, 412)))
        content, pages = pdf_of(html, "Kết luận")
        assert pages == 1
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) == 1
            left, bottom, right, top = (float(edge) for edge in pdf.pages[0].MediaBox)
            assert (round(right - left), round(top - bottom)) == (595, 842)
    listed, more = html.count("«vết ố lớn"), int(html.split("… và ")[1].split()[0])
    assert listed >= 8
    assert listed + more == 40, "what is not listed is counted"
    for part in ("TRẢ LÔ", done.seed, "Phạm Quốc Hùng", "fi-8170 309, DS-780N 103", "Lau kính rồi quét lại."):
        assert part in html


def test_the_sheet_escapes_what_people_typed():
    done = lot(verdict=Verdict.ACCEPTED, judged_by="boss", judged_at=NOW, note="<b>&")
    assert "&lt;b&gt;&amp;" in verdict_html(sheet(progress(done, {}, 50)))


# -- what came back ---------------------------------------------------------------------------------------------------


def test_pages_that_came_back_are_opened_or_answered(qtbot):
    made = ReturnedSheet(returned(), {"blurred": "Mờ", "cut": "Mất mép"})
    qtbot.addWidget(made)
    made.show()
    first = made.list.item(0).text().split("\n")
    assert first == ["000.00.12.H08-261121-0001", "Giấy chứng sinh, trang 1: Mờ — «chữ ký không đọc được»"]
    assert not made.leave.isEnabled()
    with qtbot.waitSignal(made.open_asked) as opened:
        QTest.keyClick(made.list, Qt.Key.Key_Return)
    assert opened.args[0].page.page_id == "p4"
    made.show()
    made.list.setCurrentRow(1)
    made.note.setFocus()
    made.note.setText("giấy gốc rách")
    with qtbot.waitSignal(made.answered) as answered:
        made.leave.click()
    assert (answered.args[0].page.page_id, answered.args[1]) == ("p15", "giấy gốc rách")
