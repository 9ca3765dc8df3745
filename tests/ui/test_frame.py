# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The parts of the frame by themselves: contrast as painted, dresses and sizes that change live, help, Qt's words."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk import paths
from digitizer_desk.ui import commands, theme
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.screens.sheets import leave_asked
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.frame import Banner, Header, KeyBar, Notice, TrainingBand
from digitizer_desk.ui.widgets.panels.screens import Screens
from digitizer_desk.ui.widgets.panels.status_strip import StatusStrip
from ui.plain_looks import _ENGLISH

ROLES = ("ok", "mind", "stop", "work", "idle", "training")


@pytest.fixture(autouse=True)
def _light(qapp):
    yield make_application(paths.resources(), "light")
    theme.apply(qapp, dark=False)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.1 contrast ratio."""

    def light(colour: QColor) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_words_on_every_ground_can_be_read(qapp, dark):
    theme.apply(qapp, dark=dark)
    for role in ROLES:
        assert contrast(*theme.ground(role)) >= 4.5, role
    palette = qapp.palette()
    for ground, words in (
        (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText),
        (QPalette.ColorRole.Base, QPalette.ColorRole.Text),
        (QPalette.ColorRole.Base, QPalette.ColorRole.PlaceholderText),
        (QPalette.ColorRole.Window, QPalette.ColorRole.PlaceholderText),
        (QPalette.ColorRole.Button, QPalette.ColorRole.ButtonText),
        (QPalette.ColorRole.Highlight, QPalette.ColorRole.HighlightedText),
        (QPalette.ColorRole.ToolTipBase, QPalette.ColorRole.ToolTipText),
    ):
        assert contrast(palette.color(ground), palette.color(words)) >= 4.5, (ground, words)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("next_act", [False, True])
def test_a_button_is_as_legible_as_it_is_painted(qtbot, qapp, dark, next_act):
    """Looked up in the picture, not in the palette: a style may shine a ground until its words fade."""
    theme.apply(qapp, dark=dark)
    button = ActButton("F4  QUÉT", next_act=next_act)
    qtbot.addWidget(button)
    button.resize(200, 44)
    picture = button.grab().toImage()
    words = qapp.palette().color(QPalette.ColorRole.HighlightedText if next_act else QPalette.ColorRole.ButtonText)
    for y in range(3, 41):
        assert contrast(picture.pixelColor(12, y), words) >= 4.5
    filled = picture.pixelColor(12, 22) == qapp.palette().color(QPalette.ColorRole.Highlight)
    assert filled is next_act


@pytest.mark.parametrize("next_act", [False, True])
def test_the_focus_is_a_frame_of_two_pixels(qtbot, next_act):
    button = ActButton("Mở", next_act=next_act)
    qtbot.addWidget(button)
    button.resize(200, 44)
    plain = button.grab().toImage()
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    framed = button.grab().toImage()
    column = [framed.pixelColor(100, y) for y in range(8)]
    assert sum(now != plain.pixelColor(100, y) and contrast(now, column[7]) > 3 for y, now in enumerate(column)) >= 2


def test_a_change_of_dress_reaches_what_is_open(qtbot, qapp):
    whole = QWidget()
    qtbot.addWidget(whole)
    header, band, banner, act = Header(), TrainingBand(), Banner(), ActButton("Quét", next_act=True)
    column = QVBoxLayout(whole)
    for part in (header, band, banner, act):
        column.addWidget(part)
    header.show_words("Hồ sơ", "bước: QUÉT")
    banner.show_notices([Notice("stop", "Kẹt giấy.")])
    whole.show()
    theme.apply(qapp, dark=True)
    qapp.processEvents()
    for part, role in ((header, "work"), (band, "training"), (banner, "stop")):
        back, front = theme.ground(role)
        assert part.palette().color(QPalette.ColorRole.Window) == back, role
        assert part.palette().color(QPalette.ColorRole.WindowText) == front, role
        assert part.grab().toImage().pixelColor(3, 3) == back, role
    assert act.grab().toImage().pixelColor(12, 20) == qapp.palette().color(QPalette.ColorRole.Highlight)


def test_all_type_grows_together_and_comes_back(qtbot, qapp):
    header = Header()
    qtbot.addWidget(header)
    header.show()
    sizes = [header._what.font().pixelSize(), header._step.font().pixelSize(), header.font().pixelSize()]
    for step in range(10, 18):
        theme.apply(qapp, dark=False, scale=step / 10)
        qapp.processEvents()
    assert [header._what.font().pixelSize(), header.font().pixelSize()] == [round(15 * 1.7 * sizes[0] / 15), 26]
    theme.apply(qapp, dark=False)
    qapp.processEvents()
    assert [header._what.font().pixelSize(), header._step.font().pixelSize(), header.font().pixelSize()] == sizes


def test_a_long_message_is_shown_whole_at_every_size(qtbot, qapp):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.resize(1366, 60)
    words = "Trang 12 bị mờ, chữ khó đọc. Độ nét 0,21, cần ≥ 0,35. Lau mặt kính, vuốt phẳng tờ giấy, nhấn F6."
    for scale in (1.0, 1.4):
        theme.apply(qapp, dark=False, scale=scale)
        banner.show_notices([Notice("stop", words, "rescan"), Notice("mind", "Trang 2 lệch.")])
        banner.show()
        QApplication.processEvents()
        assert banner._text.height() >= banner._text.heightForWidth(banner._text.width())
        assert banner._more.text() == "+1"


def test_good_news_passes_and_leaves_what_is_true(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.flash(Notice("ok", "Đã quét 6 trang"), 0.01)
    assert banner.shown == Notice("ok", "Đã quét 6 trang")
    banner.show_notices([Notice("idle", "Mất mạng")])
    qtbot.waitUntil(lambda: banner.shown == Notice("idle", "Mất mạng"))
    banner.clear()
    assert banner.shown is None
    assert not banner.isVisible()


def test_a_hidden_screen_never_makes_the_window_higher(qtbot):
    whole, page, words = QWidget(), QWidget(), QLabel("Một câu dài. " * 200)
    words.setWordWrap(True)
    QVBoxLayout(page).addWidget(words)
    screens = Screens()
    screens.addWidget(QWidget())
    screens.addWidget(page)
    column = QVBoxLayout(whole)
    column.addWidget(screens)
    qtbot.addWidget(whole)
    whole.resize(300, 200)
    whole.show()
    QApplication.processEvents()
    assert page.heightForWidth(300) > 1000
    assert whole.height() == 200


def test_the_key_bar_fits_and_fills_one_button(qtbot):
    bar = KeyBar()
    qtbot.addWidget(bar)
    for place in list(commands.Place)[1:]:
        known = commands.bar_for(place)
        bar.show_commands(known, next_id=known[2].id, renamed={"rescan": "F6  Quét lại trang 12"})
        assert bar.minimumSizeHint().width() <= 1366
        assert [b for b in bar.buttons.values() if b._next_act] == [bar.buttons[known[2].id]]
        assert all(button.minimumHeight() >= 40 for button in bar.buttons.values())


def test_places_of_the_strip_can_be_asked_by_mouse(qtbot):
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.show_state("outbox", "idle", "Mất mạng · 12 chờ", "offline")
    assert strip.words("outbox") == "Mất mạng · 12 chờ"
    with qtbot.waitSignal(strip.place_asked) as asked:
        strip._places["outbox"].click()
    assert asked.args == ["outbox"]


# -- Qt's own words -----------------------------------------------------------------------------------------------


def _said(widget: QWidget) -> list[str]:
    texts = [child.text() for child in widget.findChildren(QWidget) if hasattr(child, "text") and callable(child.text)]
    return [re.sub(r"&|<[^>]+>", "", text) for text in texts if isinstance(text, str)]


def test_standard_buttons_speak_vietnamese(qtbot):
    kinds = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.Yes | kinds.No | kinds.Close | kinds.Save | kinds.Open)
    qtbot.addWidget(box)
    said = [button.text().replace("&", "") for button in box.findChildren(QPushButton)]
    assert len(said) == 7
    assert not [word for word in said if _ENGLISH.search(word)], said


def test_the_menu_of_a_text_field_speaks_vietnamese(qtbot):
    field = QLineEdit("chữ")
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    assert isinstance(menu, QMenu)
    words = [action.text().partition("\t")[0].replace("&", "") for action in menu.actions() if action.text()]
    menu.deleteLater()
    assert words
    assert not [word for word in words if re.search(r"Undo|Redo|Cut|Copy|Paste|Delete|Select", word)], words


def test_choosing_a_file_speaks_vietnamese(qtbot, tmp_path):
    box = QFileDialog(None, "Lưu thành", str(tmp_path), "Văn bản (*.txt)")
    box.setOption(QFileDialog.Option.DontUseNativeDialog)
    box.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    qtbot.addWidget(box)
    box.show()
    english = r"\b(name|type|look|save|open|cancel|files?|directory|folder|size|date|back|forward|computer)\b"
    assert not [word for word in _said(box) if re.search(english, word, re.I) and str(tmp_path) not in word]


@pytest.mark.parametrize(
    ("answer", "leaves"),
    [
        (lambda box: box.leave.click(), True),
        (lambda box: QTest.keyClick(box, Qt.Key.Key_Return), False),
        (lambda box: QTest.keyClick(box, Qt.Key.Key_Escape), False),
    ],
)
def test_leaving_with_parcels_asks_by_verbs(qtbot, qapp, answer, leaves):
    window = QWidget()
    qtbot.addWidget(window)
    seen: list[str] = []

    def press() -> None:
        box = qapp.activeModalWidget()
        try:
            seen.extend(label.text() for label in box.findChildren(QLabel))
            seen.extend(button.text() for button in (box.leave, box.stay))
            answer(box)
        finally:
            box.close()  # an answer that was not taken must not leave the test waiting

    QTimer.singleShot(0, window, press)
    assert leave_asked(12, window) is leaves
    assert "Còn 12 gói chưa gửi." in seen
    assert seen[-2:] == ["&Thoát", "Enter  Ở lại gửi"]


def test_a_key_is_shown_as_on_the_keyboard():
    assert commands.shown("Ctrl+Left") == "Ctrl+←"
    assert commands.shown("Ctrl+Return") == "Ctrl+Enter"
    assert commands.shown("F4") == "F4"
