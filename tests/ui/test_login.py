# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from digitizer_desk.errors import error
from digitizer_desk.ui.screens.people.login import LogIn
from gallery.dress import dress
from gallery.people import CLERK, OFFICE
from ui.plain_looks import assert_good_looks, words_of

HINT = "Tập huấn: đăng nhập «anlv», mật khẩu «tap-huan-2026»."


@pytest.fixture
def page(qtbot, qapp) -> LogIn:
    dress(qapp, dark=False)
    made = LogIn(hint=HINT, office=f"{OFFICE} · quầy 3")
    qtbot.addWidget(made)
    made.resize(1366, 640)
    made.asks = []
    made.asked.connect(lambda *said: made.asks.append(said))
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    qtbot.wait(1)
    return made


def focus():
    return QApplication.focusWidget()


def fill_in(qtbot, page, login="anlv", password="bi-mat-123"):
    qtbot.keyClicks(focus(), login)
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.keyClicks(focus(), password)
    qtbot.keyClick(focus(), Qt.Key.Key_Return)


def test_keys_alone_log_in(qtbot, page):
    assert focus() is page.login
    fill_in(qtbot, page, " anlv ")
    assert page.asks == [("anlv", "bi-mat-123")]
    assert page.password.text() == ""


def test_while_it_is_checked_nothing_is_asked_twice(qtbot, page):
    fill_in(qtbot, page)
    assert not page.enter.isEnabled()
    assert "Đang kiểm tra…" in words_of(page)
    page._ask()
    assert len(page.asks) == 1


def test_a_wrong_password_is_told_and_asked_again(qtbot, page):
    fill_in(qtbot, page)
    page.refuse(error("officer.password_wrong", left=3))
    assert page.note.words == "Sai mật khẩu. Còn 3 lần thử. Kiểm tra Caps Lock và bộ gõ tiếng Việt rồi nhấn Enter."
    assert focus() is page.password
    assert page.login.text() == "anlv"
    qtbot.keyClicks(focus(), "dung-roi-nhe")
    qtbot.keyClick(focus(), Qt.Key.Key_Enter)
    assert page.asks[-1] == ("anlv", "dung-roi-nhe")
    assert page.note.words == ""
    assert_good_looks(page)


def test_an_unknown_name_is_asked_again(qtbot, page):
    fill_in(qtbot, page)
    page.refuse(error("officer.unknown", login="anlv"))
    assert focus() is page.login
    assert page.login.selectedText() == "anlv"


def test_locked_out_says_how_long(qtbot, page):
    fill_in(qtbot, page)
    page.refuse(error("officer.locked_out", minutes=5))
    assert "Tạm khóa đăng nhập 5 phút." in page.note.words
    assert page.enter.isEnabled()


@pytest.mark.parametrize(
    ("login", "password", "told"), [("", "x", "Chưa có tên đăng nhập."), ("anlv", "", "Chưa có mật khẩu.")]
)
def test_what_is_missing_is_named(qtbot, page, login, password, told):
    page.login.setText(login)
    page.password.setText(password)
    qtbot.mouseClick(page.enter, Qt.MouseButton.LeftButton)
    assert page.asks == []
    assert page.note.words.startswith(told)


def test_caps_lock_is_noticed_by_the_letters(qtbot, page):
    page.password.setFocus()
    assert not page.caps.isVisible()
    qtbot.keyClick(page.password, "A")
    assert page.caps.isVisible()
    assert "Caps Lock" in page.caps.words
    qtbot.keyClick(page.password, "A", Qt.KeyboardModifier.ShiftModifier)
    assert not page.caps.isVisible()
    qtbot.keyClick(page.password, "a", Qt.KeyboardModifier.ShiftModifier)
    assert page.caps.isVisible()
    qtbot.keyClick(page.password, "7")
    assert page.caps.isVisible()  # a digit says nothing about it
    qtbot.keyClick(page.password, Qt.Key.Key_CapsLock)
    assert not page.caps.isVisible()


def test_the_lock_shows_only_the_officer(qtbot, page):
    fill_in(qtbot, page, "binhtt")
    page.lock(CLERK)
    seen = " ".join(words_of(page))
    assert "Đã khóa" in seen
    assert CLERK in seen
    assert "binhtt" not in seen
    assert not page.login.isVisible()
    assert focus() is page.password
    qtbot.keyClicks(focus(), "mo-khoa-nao")
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    assert page.asks[-1] == (CLERK, "mo-khoa-nao")
    page.refuse(error("officer.password_wrong", left=2))
    assert page.is_locked
    assert focus() is page.password
    assert_good_looks(page)


def test_the_lock_sends_the_login_it_was_given(qtbot, page):
    page.lock(CLERK, "anlv")
    qtbot.keyClicks(page.password, "mo-khoa-nao")
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    assert page.asks == [("anlv", "mo-khoa-nao")]


def test_clear_forgets_who_was_here(qtbot, page):
    page.lock(CLERK)
    page.refuse(error("officer.password_wrong", left=2))
    page.clear()
    assert not page.is_locked
    assert page.login.isVisible()
    assert page.note.words == ""
    assert CLERK not in " ".join(words_of(page))
    assert focus() is page.login


def test_looks(qapp, page):
    assert_good_looks(page)
    page.caps.show()
    page.refuse(error("officer.locked_out", minutes=5))
    qapp.processEvents()
    assert_good_looks(page)
    dress(qapp, dark=True)
    assert_good_looks(page)
    assert "tap-" in page.hint.words.text()


def test_without_hint_there_is_none(qtbot):
    made = LogIn()
    qtbot.addWidget(made)
    made.show()
    assert not made.hint.isVisible()
