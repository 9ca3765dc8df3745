# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import error
from digitizer_desk.store.dossiers import DossierLine
from digitizer_desk.ui.screens.find import FindDialog
from digitizer_desk.ui.screens.start import state_of
from gallery.at_once import AtOnce
from gallery.dress import dress
from gallery.people import NOW
from ui.plain_looks import assert_good_looks

ENTER = Qt.Key.Key_Return
LINES = tuple(
    DossierLine(f"d{n}", f"000.00.12.H08-261121-000{n}", name, title, NOW.astimezone(UTC) - timedelta(hours=n), 5, n)
    for n, (name, title) in enumerate(
        (
            ("Nguyễn Thị Hường", "Đăng ký khai sinh"),
            ("Trần Văn Bình", "Đăng ký kết hôn"),
            ("Lò Thị Ánh", "Đăng ký khai tử"),
        ),
        start=1,
    )
)


class Cabinet:
    def __init__(self, qtbot, lane: AtOnce | None = None) -> None:
        self.qtbot = qtbot
        self.questions: list[str] = []
        self.fault: BaseException | None = None
        self.opened: list[str] = []
        self.now, self.pause = 0.0, 0.2
        self.lane = lane or AtOnce()
        self.dialog = FindDialog(self.find, self.lane, clock=self.clock)
        self.dialog.chosen.connect(self.opened.append)
        qtbot.addWidget(self.dialog)
        with qtbot.waitActive(self.dialog):
            self.dialog.show()
            self.dialog.activateWindow()

    def clock(self) -> float:
        self.now += self.pause
        return self.now

    def find(self, text: str):
        self.questions.append(text)
        if self.fault is not None:
            raise self.fault
        return [line for line in LINES if fold(text) in fold(f"{line.code} {line.applicant} {line.procedure_title}")]

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.dialog.box, text)

    def press(self, key) -> None:
        self.qtbot.keyClick(QApplication.focusWidget(), key)

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.dialog._timer.isActive(), timeout=2000)

    def rows(self) -> list[str]:
        table = self.dialog.table
        return [table.item(row, 1).text() for row in range(table.rowCount())]


@pytest.fixture
def cabinet(qtbot, qapp) -> Cabinet:
    dress(qapp, dark=False)
    return Cabinet(qtbot)


def test_nothing_typed_shows_the_last_ones(cabinet):
    assert cabinet.questions == [""]
    assert cabinet.rows() == [line.applicant for line in LINES]
    assert cabinet.dialog.line.words == "3 hồ sơ tiếp nhận gần đây nhất"
    cells = [cabinet.dialog.table.item(0, column).text() for column in range(4)]
    assert cells == ["000.00.12.H08-261121-0001", "Nguyễn Thị Hường", "Đăng ký khai sinh", "21/11/2026 08:41"]
    assert_good_looks(cabinet.dialog)


def test_enter_opens_the_marked_one(cabinet):
    cabinet.press(Qt.Key.Key_Down)
    cabinet.press(Qt.Key.Key_Down)
    cabinet.press(Qt.Key.Key_Up)
    cabinet.press(ENTER)
    assert cabinet.opened == ["d2"]
    assert not cabinet.dialog.isVisible()


def test_enter_in_the_table_opens_too(cabinet):
    cabinet.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is cabinet.dialog.table
    cabinet.press(Qt.Key.Key_Down)
    cabinet.press(ENTER)
    assert cabinet.opened == ["d2"]


def test_it_asks_once_after_the_last_key(cabinet):
    cabinet.type("binh")
    assert cabinet.questions == [""]
    cabinet.settle()
    assert cabinet.questions == ["", "binh"]
    assert cabinet.rows() == ["Trần Văn Bình"]
    assert cabinet.dialog.line.words == "Tìm thấy 1 hồ sơ"


def test_enter_before_the_answer_opens_the_only_one(cabinet):
    cabinet.type("binh")
    cabinet.press(ENTER)
    assert cabinet.opened == ["d2"]


def test_enter_before_the_answer_opens_nothing_unseen(cabinet):
    cabinet.type("dang ky")
    cabinet.press(ENTER)
    assert cabinet.opened == []
    assert len(cabinet.rows()) == 3
    cabinet.press(ENTER)
    assert cabinet.opened == ["d1"]


def test_nothing_found_says_what_to_do(cabinet):
    cabinet.type("khong co ai")
    cabinet.settle()
    assert cabinet.rows() == []
    assert cabinet.dialog.line.words.startswith("Không có hồ sơ nào khớp.")
    assert not cabinet.dialog.go.isEnabled()
    cabinet.press(ENTER)
    assert cabinet.opened == []
    assert_good_looks(cabinet.dialog)


def test_an_empty_desk_says_so(qtbot):
    dialog = FindDialog(lambda _text: (), AtOnce())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.line.words == "Quầy này chưa có hồ sơ nào. Nhấn Esc rồi F2 để nhận hồ sơ."


@pytest.mark.parametrize("fault", [error("store.locked"), RuntimeError("secret detail")])
def test_a_failure_is_told_and_passes(cabinet, fault):
    cabinet.fault = fault
    cabinet.type("binh")
    cabinet.settle()
    assert cabinet.dialog.note.isVisible()
    assert cabinet.dialog.note.words
    assert "secret" not in cabinet.dialog.note.words
    assert_good_looks(cabinet.dialog)
    cabinet.fault = None
    cabinet.type(" ")
    cabinet.settle()
    assert cabinet.rows() == ["Trần Văn Bình"]
    assert not cabinet.dialog.note.isVisible()


def test_a_scanned_receipt_opens_its_dossier(cabinet):
    cabinet.pause = 0.004
    cabinet.type("HS:" + LINES[2].code)
    cabinet.press(ENTER)
    assert cabinet.questions[-1] == LINES[2].code
    assert cabinet.opened == ["d3"]


def test_an_older_answer_is_passed_over(qtbot):
    cabinet = Cabinet(qtbot, AtOnce("find"))
    old, new = cabinet.lane.held[0], None
    cabinet.dialog.box.setText("binh")
    cabinet.dialog._ask()
    new = cabinet.lane.held[1]
    new.end([LINES[1]])
    old.end(LINES)
    assert cabinet.rows() == ["Trần Văn Bình"]


def test_an_answer_after_closing_does_nothing(qtbot):
    cabinet = Cabinet(qtbot, AtOnce("find"))
    cabinet.press(Qt.Key.Key_Escape)
    assert not cabinet.dialog.isVisible()
    cabinet.lane.held[0].end(LINES)
    assert cabinet.rows() == []


def test_looks_in_the_dark(qapp, cabinet):
    dress(qapp, dark=True)
    assert_good_looks(cabinet.dialog)
    dress(qapp, dark=False)


@pytest.mark.parametrize(
    ("accepted", "scanned", "unfinished", "words"),
    [
        (0, 0, 3, "chưa quét"),
        (0, 2, 3, "đã quét 2 giấy tờ, chưa gửi"),
        (1, 3, 2, "tỉnh đã nhận 1 trên 3 giấy tờ"),
        (3, 3, 0, "tỉnh đã nhận đủ"),  # papers "nếu có" that nobody brought keep nothing open
    ],
)
def test_the_start_says_how_far_a_dossier_is(accepted: int, scanned: int, unfinished: int, words: str) -> None:
    line = replace(LINES[0], components=6, accepted=accepted, scanned=scanned, unfinished=unfinished)
    assert state_of(line) == words
