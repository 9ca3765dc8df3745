# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import stat
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from digitizer_desk.errors import error
from digitizer_desk.ui.screens.people import first_run
from digitizer_desk.ui.screens.people.first_run import FirstRun
from digitizer_desk.ui.widgets.panels.screens import Screens
from gallery.dress import dress
from ui.plain_looks import assert_good_looks, words_of

SECRET = "7K3M-Q9XA-2TBC-H5RV-N8WD-4JZE-P6GY"
LEAST = 10
ENTER = Qt.Key.Key_Return


def shown(qtbot, secret: str | None = SECRET) -> FirstRun:
    made = FirstRun(secret, LEAST)
    qtbot.addWidget(made)
    made.resize(1366, 640)
    made.said = []
    made.finished.connect(lambda *said: made.said.append(said))
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def first(qtbot, qapp) -> FirstRun:
    dress(qapp, dark=False)
    return shown(qtbot)


@pytest.fixture
def second(qtbot, qapp) -> FirstRun:
    dress(qapp, dark=False)
    return shown(qtbot, None)


def focus():
    return QApplication.focusWidget()


def type_all(qtbot, *texts: str) -> None:
    for text in texts:
        qtbot.keyClicks(focus(), text)
        qtbot.keyClick(focus(), ENTER)


def test_the_passphrase_is_shown_in_groups(first):
    assert [label.text() for label in first.secret.groups] == SECRET.split("-")
    assert first.secret.groups[0].accessibleName() == "Nhóm 1: 7 K 3 M"
    assert_good_looks(first)


def test_only_the_word_of_the_clerk_opens_the_next_step(qtbot, qapp, monkeypatch):
    """First to paper, then into the safe, then on: what is filled is what Enter does."""
    written: list[str] = []
    monkeypatch.setattr(first_run, "can_print", lambda: False)
    monkeypatch.setattr(first_run, "save_secret", lambda secret, _parent: written.append(secret) or "giay.pdf")
    dress(qapp, dark=False)
    first = shown(qtbot)
    assert focus() is first.secret.to_paper
    assert first.secret.to_paper.next_act
    qtbot.keyClick(focus(), ENTER)
    assert written == [SECRET]
    assert first.secret.isVisible()
    assert focus() is first.secret.kept
    assert not first.secret.to_paper.next_act
    qtbot.keyClick(focus(), ENTER)
    assert len(written) == 1
    assert first.secret.isVisible()
    qtbot.keyClick(focus(), Qt.Key.Key_Space)
    qtbot.keyClick(focus(), ENTER)
    assert not first.secret.isVisible()
    assert focus() is first.officer.name
    assert not any(label.text() for label in first.secret.groups)
    assert "Bước 2/2" in words_of(first)


def test_in_the_window_the_keys_land_on_the_way_to_paper(qtbot, qapp):
    dress(qapp, dark=False)
    screens, made = Screens(), FirstRun(SECRET, 10)
    for screen in (QPushButton("khác"), made):
        screens.addWidget(screen)
    qtbot.addWidget(screens)
    screens.resize(1366, 600)
    screens.show()
    screens.activateWindow()
    screens.setCurrentWidget(made)
    qtbot.waitUntil(lambda: focus() is made.secret.to_paper)


def test_without_a_passphrase_the_officer_is_asked_at_once(second):
    assert focus() is second.officer.name
    assert not any("Bước" in text for text in words_of(second))
    assert_good_looks(second)


def test_the_whole_way_by_keys(qtbot, first):
    first.secret.kept.setFocus()
    qtbot.keyClick(focus(), Qt.Key.Key_Space)
    qtbot.keyClick(focus(), ENTER)
    type_all(qtbot, "  Le  Van An ", "anlv", "mat-khau-dai", "mat-khau-dai")
    assert first.said == [("Le Van An", "anlv", "mat-khau-dai")]
    assert not first.officer.done.isEnabled()
    assert "Đang lập kho dữ liệu…" in words_of(first)


def test_a_short_password_is_told_before_anybody_is_asked(qtbot, second):
    type_all(qtbot, "Le Van An", "anlv", "ngan", "ngan")
    assert second.said == []
    assert second.officer.note.words.startswith("Mật khẩu quá ngắn. Cần ít nhất 10 ký tự.")
    assert focus() is second.officer.password
    type_all(qtbot, "mat-khau-dai", "mat-khau-dai")
    assert len(second.said) == 1


def test_two_passwords_must_be_one(qtbot, second):
    type_all(qtbot, "Le Van An", "anlv", "mat-khau-dai", "mat-khau-khac")
    assert second.said == []
    assert "không giống nhau" in second.officer.note.words
    assert focus() is second.officer.again
    assert second.officer.password.text() == "mat-khau-dai"
    type_all(qtbot, "mat-khau-dai")
    assert len(second.said) == 1


def test_what_is_missing_is_named(qtbot, second):
    qtbot.keyClick(focus(), ENTER)
    assert second.officer.note.words.startswith("Chưa có họ và tên.")
    qtbot.keyClicks(focus(), "An")
    qtbot.mouseClick(second.officer.done, Qt.MouseButton.LeftButton)
    assert second.officer.note.words.startswith("Chưa có tên đăng nhập.")
    assert focus() is second.officer.login


@pytest.mark.parametrize(
    ("fault", "field"),
    [(error("officer.taken", login="anlv"), "login"), (error("officer.password_weak", least=12), "password")],
)
def test_a_refusal_is_told_at_its_field(qtbot, second, fault, field):
    type_all(qtbot, "Le Van An", "anlv", "mat-khau-dai", "mat-khau-dai")
    second.refuse(fault)
    assert second.officer.note.words
    assert focus() is getattr(second.officer, field)
    assert second.officer.password.text() == second.officer.again.text() == ""
    assert second.officer.name.text() == "Le Van An"
    assert second.officer.done.isEnabled()
    assert_good_looks(second)


def test_caps_lock_is_told(qtbot, second):
    qtbot.keyClick(second.officer.password, "A")
    assert second.officer.caps.isVisible()


# -- on paper ---------------------------------------------------------------------------------------------------------


def test_without_a_printer_there_is_a_file(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(first_run, "can_print", lambda: False)
    made = shown(qtbot)
    assert not made.secret.print.isVisible()
    file = tmp_path / "két.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    qtbot.mouseClick(made.secret.save, Qt.MouseButton.LeftButton)
    written = file.read_text("utf-8")
    assert SECRET in written
    assert "Cất vào két" in written
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made.secret.state.words.startswith("Đã lưu")


def test_a_file_that_cannot_be_written_is_told(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(first_run, "can_print", lambda: False)
    made = shown(qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "không" / "có.txt"), ""))
    qtbot.mouseClick(made.secret.save, Qt.MouseButton.LeftButton)
    assert made.secret.note.words.startswith("Không lưu được tệp.")


def test_calling_the_file_off_says_nothing(qtbot, monkeypatch):
    monkeypatch.setattr(first_run, "can_print", lambda: False)
    made = shown(qtbot)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    qtbot.mouseClick(made.secret.save, Qt.MouseButton.LeftButton)
    assert not made.secret.state.isVisible()


def test_with_a_printer_it_is_printed(qtbot, monkeypatch):
    printed = []
    monkeypatch.setattr(first_run, "can_print", lambda: True)
    monkeypatch.setattr(first_run, "print_secret", lambda secret, _parent: printed.append(secret) or True)
    made = shown(qtbot)
    assert not made.secret.save.isVisible()
    qtbot.mouseClick(made.secret.print, Qt.MouseButton.LeftButton)
    assert printed == [SECRET]
    assert "máy in" in made.secret.state.words


def test_looks_in_the_dark(qtbot, qapp, first):
    dress(qapp, dark=True)
    assert_good_looks(first)
    dress(qapp, dark=False)
