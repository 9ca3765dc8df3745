# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every state of every window fits a screen of 1366 x 768 at every size of type, all drawers open."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.ui import theme
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.commands import Place, bar_for
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.frame import Banner, Header, KeyBar, Notice
from digitizer_desk.ui.widgets.panels.screens import Screens
from digitizer_desk.ui.widgets.panels.status_strip import StatusStrip
from digitizer_desk.ui.widgets.panels.wrap_row import WrapRow
from gallery.everything import STATES
from ui import plain_looks

#: what a window may fill on the smallest screen, beside its own title and the task bar
ROOM = QSize(1366, 728)
SIZES = (1.0, 1.25, 1.5, 1.75, 2.0)
#: looked at in every size each day: what fits itself to the screen, and is not broadest where type is largest
FITTING = ("outbox-overdue", "signing-several", "agency-sign-ready", "work-types-locked", "review-verdict-refuse")
#: size and state; what does not fit itself needs most where type is largest, the others wait for the long run
CASES = [
    (size, name)
    for size in SIZES
    for name in STATES
    if size == SIZES[-1] or name in FITTING or os.environ.get("DESK_SOAK")
]


@pytest.fixture(scope="module", params=SIZES)
def size(request: pytest.FixtureRequest, qapp: QApplication) -> float:
    make_application(paths.resources(), "light")
    theme.apply(qapp, dark=False, scale=request.param)
    return float(request.param)


@pytest.fixture
def usual(qapp: QApplication) -> None:
    theme.apply(qapp, dark=False)


@pytest.fixture(scope="module", autouse=True)
def as_before(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, dark=False)


@pytest.fixture(autouse=True)
def small_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "room", lambda _window: ROOM)


def frame(screen: QWidget) -> QWidget:
    """The frame of the main window around a screen, with all it can hold."""
    whole, header, banner, keys, strip, screens = QWidget(), Header(), Banner(), KeyBar(), StatusStrip(), Screens()
    screens.addWidget(screen)
    header.show_words("Hồ sơ 000.00.12.H08-261121-0007 · NGUYỄN THỊ HƯỜNG · Đăng ký khai sinh", "bước: QUÉT 1/3")
    banner.show_notices([Notice("stop", "Trang 3 bị mờ, chữ khó đọc. Lau mặt kính, vuốt phẳng tờ giấy.", "rescan")])
    keys.show_commands(bar_for(Place.COUNTER), next_id="scan")
    for place in ("scanner", "token", "outbox", "officer", "saved"):
        strip.show_state(place, "mind", "Nguyễn Thị Thanh Hương, còn 214 ngày, 12 gói chờ gửi")
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in (header, screens, banner, keys, strip):
        column.addWidget(part, 1 if part is screens else 0)
    return whole


def shown_whole(window: QWidget) -> QSize:
    window.show()
    for _ in range(3):
        QApplication.processEvents()
    return window.minimumSizeHint()


@pytest.mark.parametrize(("size", "name"), CASES, indirect=["size"])
def test_no_state_needs_more_than_a_small_screen(size: float, name: str) -> None:
    made = STATES[name]()
    needs = shown_whole(made)
    assert needs.width() <= ROOM.width(), (name, needs)
    if isinstance(made, QDialog):
        assert needs.height() <= ROOM.height(), (name, needs)
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_frame_fits_around_any_screen_and_its_keys_stay_whole(size: float, qtbot: QtBot) -> None:
    page = QWidget()
    page.setMinimumHeight(900)
    whole = frame(page)
    qtbot.addWidget(whole)
    whole.resize(ROOM)
    needs = shown_whole(whole)
    assert needs.width() <= ROOM.width()
    assert needs.height() <= ROOM.height()
    assert (whole.width(), whole.height()) == (ROOM.width(), ROOM.height())
    bar, strip = whole.findChild(KeyBar), whole.findChild(StatusStrip)
    assert isinstance(bar, KeyBar)
    for button in bar.buttons.values():
        assert button.width() >= button.minimumSizeHint().width()
        assert bar.rect().contains(button.geometry())
    assert isinstance(strip, StatusStrip)
    for place in strip._places.values():
        assert strip.rect().contains(place.geometry())
        assert (place.toolTip() != "") == place.text().endswith("…")
        assert place.accessibleName().startswith("Nguyễn")
    if size == 1.0:
        assert len({button.y() for button in bar.buttons.values()}) == 1, "one line, as it always was"


def test_a_screen_higher_than_its_room_scrolls_to_what_has_the_keys(usual: None, qtbot: QtBot) -> None:
    page, first, last = QWidget(), ActButton("Trên"), ActButton("Dưới")
    column = QVBoxLayout(page)
    column.addWidget(first)
    column.addSpacing(900)
    column.addWidget(last)
    screens = Screens()
    other = QLabel("khác")
    for screen in (other, page):
        screens.addWidget(screen)
    qtbot.addWidget(screens)
    screens.resize(400, 300)
    screens.setCurrentWidget(page)
    screens.show()
    assert screens.currentWidget() is page
    screens.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert last.hasFocus(), QApplication.focusWidget()
    assert not last.visibleRegion().isEmpty()
    screens.setCurrentWidget(other)
    assert screens.currentWidget() is other


USUAL = [
    n for n in STATES if n.startswith(("outbox", "start-", "inspector", "settings", "waiting")) and "keep" not in n
]


@pytest.mark.parametrize("name", USUAL)
def test_no_screen_scrolls_at_the_usual_size(usual: None, qtbot: QtBot, name: str) -> None:
    screen = STATES[name]()
    whole = frame(screen)
    qtbot.addWidget(whole)
    whole.resize(ROOM)
    shown_whole(whole)
    room = screen.parentWidget()
    assert room is not None
    assert screen.size() == room.size()


def test_a_row_breaks_where_there_is_no_room_and_asks_for_the_height(usual: None, qtbot: QtBot) -> None:
    whole = QWidget()
    row = WrapRow()
    left = [ActButton(f"Chọn {number}") for number in range(4)]
    right = ActButton("Gói sự cố…")
    for button in left:
        row.add(button)
    row.push()
    row.add(right)
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(row)
    column.addStretch(1)
    qtbot.addWidget(whole)

    def lines() -> list[int]:
        QApplication.processEvents()
        QApplication.processEvents()
        assert all(row.rect().contains(button.geometry()) for button in (*left, right) if button.isVisible())
        return sorted({button.y() for button in (*left, right) if button.isVisible()})

    whole.resize(900, 300)
    whole.show()
    assert len(lines()) == 1
    assert right.geometry().right() == row.rect().right()
    whole.resize(260, 300)
    assert len(lines()) > 1
    assert row.height() == row.minimumSizeHint().height() > right.height()
    for button in left[1:]:
        button.hide()
    assert len(lines()) == 1
    left[0].setText("Một nút có tên dài hơn hẳn những nút khác ở đây")
    assert left[0].width() >= left[0].minimumSizeHint().width() or row.width() < left[0].minimumSizeHint().width()


@pytest.mark.parametrize("size", [SIZES[-1]], indirect=True)
@pytest.mark.parametrize("name", ["login", "login-refused", "login-locked", "first-run-phrase", "first-run-officer"])
def test_no_word_at_the_door_is_cut_in_the_largest_type(size: float, qtbot: QtBot, name: str) -> None:
    """A recovery passphrase whose last letters are cut would be found wrong on the day it is needed."""
    screens = Screens()
    screens.addWidget(STATES[name]())
    qtbot.addWidget(screens)
    screens.resize(ROOM.width(), ROOM.height() - 90)
    shown_whole(screens)
    assert plain_looks.cut_words(screens) == []
