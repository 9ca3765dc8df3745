# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A dossier of three parts from its receipt to the province's, by keys alone, and how many keys that takes.

The real window over the training room: a SANE backend scans, a PKCS#11 token signs, a gateway receives. Nothing is
called and no mouse moves; a hand lays paper, as at any counter.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths, settings
from digitizer_desk.imaging.master import as_png
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps.incoming import waiting
from digitizer_desk.training.papers import PEOPLE, draw_paper, kinds_for
from digitizer_desk.training.room import LOGIN, PASSWORD, TrainingRoom, training_room
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.receive import ReceiveDialog
from digitizer_desk.ui.widgets.burst import Burst
from digitizer_desk.ui.widgets.pin_field import PinField

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CODE = "000.00.12.H08-261121-0007"
#: what this province prints on its receipts, and how it says so
LAYOUT, RECEIPT = "<code>|<procedure>", f"{CODE}|1.001193"
CARD = "001185000123||Nguyễn Thị Hường|12031985|Nữ|phường Bến Thông|25042021"
LISTED: dict[str, Any] = {
    "code": "000.00.12.H08-261121-0950",
    "procedure": "1.001193",
    "procedure_title": "Đăng ký khai sinh",
    "applicant": {"name": "Phạm Thị Lan", "kind": "person", "identifier": CARD[:12], "born_or_founded": "12/03/1985"},
    "came_at": "2026-11-21T07:45:00+07:00",
}
PAPERS = (("TK.KS", 2), ("GCS", 1), ("CC", 4))
#: windows.md part 1 point 2: F2; F4 for each of three parts; F9; Enter after the PIN; Ctrl+Enter for each part's data
BUDGET = 9
#: s, the longest wait for what one key brings
_PATIENCE = 20.0
Script = Iterator[Callable[[], bool]]


class Hand:
    """Plays a script: between its keys the window lives, and a dialog may have a loop of its own."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.commands: list[str] = []
        self.counts: list[int] = []
        self.pins = self.scanned = 0
        self.typed: list[str] = []
        self.failure: BaseException | None = None
        self.ended = False
        self._waiting: list[Callable[[], None]] = []
        self._true: Callable[[], bool] = lambda: True

    def play(self, script: Script) -> None:
        """Go on with the script whenever what it waits for has come true."""
        self._script, self._since = script, monotonic()
        self._tick()

    def _tick(self) -> None:
        if self.ended:
            return
        QTimer.singleShot(5, self._tick)  # before the key: what it opens must not hold up the script
        if QApplication.activeModalWidget() is None and not self._window.isActiveWindow():
            self._window.activateWindow()  # what a window manager does when a dialog is gone; there is none here
        try:
            if self._waiting:
                self._waiting.pop(0)()
            elif self._true():
                self._true, self._since = next(self._script), monotonic()
            elif monotonic() - self._since > _PATIENCE:
                line = getattr(self._script, "gi_frame").f_lineno  # noqa: B009 - an iterator to mypy, a script here
                raise TimeoutError(f"line {line} after {self.commands} and {self.typed}")
        except StopIteration:
            self.ended = True
        except BaseException as problem:
            self.failure, self.ended = problem, True
            while (sheet := QApplication.activeModalWidget()) is not None:
                sheet.close()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        """A key that is a command: these are what a clerk has to know, and what is counted."""
        self.commands.append(f"{modifier.name}+{key.name}")
        self._waiting.append(lambda: QTest.keyClick(focus(), key, modifier))

    def count(self, sides: int) -> None:
        """The number of sides, and Enter."""
        self.counts.append(sides)
        self._letters(f"{sides}\r")

    def pin(self, pin: str) -> None:
        self.pins += 1
        self._letters(pin)

    def scan_code(self, text: str) -> None:
        """What a hand scanner types, Enter included."""
        self.scanned += 1
        self._letters(f"{text}\r")

    def type(self, text: str) -> None:
        """Words that are on the paper and that no machine reads yet."""
        self.typed.append(text.strip())
        self._letters(text)

    def _letters(self, text: str) -> None:
        self._waiting += [lambda letter=letter: type_letter(letter) for letter in text]  # type: ignore[misc]


def focus() -> QWidget:
    """Where a key goes."""
    found = QApplication.focusWidget() or QApplication.activeModalWidget() or QApplication.activeWindow()
    assert found is not None
    return found


def type_letter(letter: str) -> None:
    """Any letter, also those QTest has no key for."""
    key = Key.Key_Return if letter == "\r" else Key(ord(letter.upper())) if letter.isascii() else Key.Key_unknown
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(focus(), QKeyEvent(kind, key, Modifier.NoModifier, letter))


@pytest.fixture
def layout() -> str:
    return LAYOUT


@pytest.fixture
def room(tmp_path: Path, layout: str) -> Iterator[TrainingRoom]:
    with training_room(tmp_path) as made:
        chosen = settings.changed(made.desk.settings, "province.receipt_qr", layout)
        yield replace(made, desk=replace(made.desk, settings=chosen))


@pytest.fixture
def window(qtbot: QtBot, room: TrainingRoom) -> Iterator[MainWindow]:
    make_application(paths.resources(), "light")
    lanes = Lanes()
    bridge = Bridge(lanes)
    made = MainWindow(room.desk, bridge)
    made.resize(1366, 728)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.watch.stop()
    bridge.close()
    lanes.close()
    made.deleteLater()


def dialog(kind: type[QDialog]) -> QDialog | None:
    sheet = QApplication.activeModalWidget()
    return sheet if isinstance(sheet, kind) and sheet.isActiveWindow() else None


def scanner_in_the_hand(sheet: QDialog) -> None:
    """A hand scanner types a key every 4 ms, however slow this machine is."""
    now = iter(range(1, 1_000_000))
    for burst in sheet.findChildren(Burst):
        burst._clock = lambda: next(now) * 0.004


def work_day(hand: Hand, window: MainWindow, room: TrainingRoom) -> Script:
    """Everything a clerk does; each ``yield`` waits until the window shows that it is ready for the next key."""
    work, counter = window.rooms.work, window.rooms.counter
    yield from _log_in(hand, window)
    sheet = yield from _receive(hand)
    hand.scan_code(RECEIPT)
    yield sheet.form.name.hasFocus
    hand.scan_code(CARD)
    yield lambda: work.dossier is not None and bool(counter.lines) and window.isActiveWindow()
    assert work.dossier is not None
    assert (work.dossier.code, work.dossier.applicant.identifier) == (CODE, CARD[:12])

    for number, (paper, sides) in enumerate(PAPERS):
        yield from _scan_part(hand, window, room, number, paper, sides)

    hand.press(Key.Key_F9)
    yield lambda: isinstance(QApplication.focusWidget(), PinField) and QApplication.focusWidget().isEnabled()
    field = QApplication.focusWidget()
    assert isinstance(field, PinField)
    hand.pin(room.token.pin)
    yield lambda: field.fits
    hand.press(Key.Key_Return)
    yield lambda: QApplication.activeModalWidget() is None and counter.form.isAncestorOf(QApplication.focusWidget())

    for number in range(len(PAPERS)):
        yield from _fill_part(hand, window, number)
    yield lambda: "Hồ sơ hoàn tất" in window.header.words()


def _said(window: MainWindow) -> str:
    return " ".join(notice.text for notice in window.banner.notices)


def _log_in(hand: Hand, window: MainWindow) -> Script:
    yield lambda: isinstance(focus(), QLineEdit)
    for word in (LOGIN, PASSWORD):
        for letter in f"{word}\r":
            hand._waiting.append(lambda letter=letter: type_letter(letter))  # type: ignore[misc]
        yield lambda: True
    yield lambda: window.officer is not None and window.rooms.start.isVisible() and window.keys.isVisible()


def _receive(hand: Hand) -> Generator[Callable[[], bool], None, ReceiveDialog]:
    hand.press(Key.Key_F2)
    yield lambda: dialog(ReceiveDialog) is not None
    sheet = dialog(ReceiveDialog)
    assert isinstance(sheet, ReceiveDialog)
    scanner_in_the_hand(sheet)
    return sheet


def a_receipt_of_code_alone(hand: Hand, window: MainWindow) -> Script:
    """Which procedure it is nothing has told but the paper itself: a person chooses it (R1)."""
    work = window.rooms.work
    yield from _log_in(hand, window)
    sheet = yield from _receive(hand)
    hand.scan_code(CODE)
    yield sheet.form.name.hasFocus
    hand.scan_code(CARD)
    yield sheet.form.procedure.box.hasFocus
    hand.type("khai sinh")
    yield lambda: sheet.form.procedure.chosen is not None
    assert sheet.isVisible()
    assert not sheet.opened_alone
    hand.press(Key.Key_Return, Modifier.ControlModifier)
    yield lambda: work.dossier is not None and window.isActiveWindow()


def a_receipt_the_province_told_of(hand: Hand, window: MainWindow) -> Script:
    """The list fills the sheet; and what opened by itself is put right by Ctrl+Z as long as nothing lies in it."""
    work = window.rooms.work
    yield from _receive(hand)
    hand.scan_code(LISTED["code"])
    yield (
        lambda: (
            work.dossier is not None
            and work.dossier.code == LISTED["code"]
            and window.isActiveWindow()
            and "Ctrl+Z" in _said(window)
        )
    )
    opened = work.dossier
    hand.press(Key.Key_Z, Modifier.ControlModifier)
    yield lambda: dialog(ReceiveDialog) is not None
    sheet = dialog(ReceiveDialog)
    assert isinstance(sheet, ReceiveDialog)
    assert sheet.form.code.text() == LISTED["code"]
    yield sheet.form.name.hasFocus
    hand.type("Phạm Thị Lành")
    hand.press(Key.Key_Return, Modifier.ControlModifier)
    yield lambda: work.dossier is not opened and window.isActiveWindow()
    assert work.dossier is not None
    assert opened is not None
    assert "Ctrl+Z" not in _said(window)
    assert (work.dossier.id, work.dossier.applicant.name) == (opened.id, "Phạm Thị Lành")


def _scan_part(hand: Hand, window: MainWindow, room: TrainingRoom, number: int, paper: str, sides: int) -> Script:
    counter, part = window.rooms.counter, window.rooms.counter.current
    papers = enumerate(kinds_for(paper, sides))
    room.scanner.lay([as_png(draw_paper(k, PEOPLE[0], number * 10 + side), (300.0, 300.0)) for side, k in papers])
    hand.press(Key.Key_F4)
    yield lambda: len(counter.model.pages) == sides and not window.rooms.work.scanning and counter.sides.hasFocus()
    hand.count(sides)
    yield lambda: counter.current != part or window.rooms.next_act()[0] == "sign"


def _fill_part(hand: Hand, window: MainWindow, number: int) -> Script:
    work, counter, part = window.rooms.work, window.rooms.counter, window.rooms.counter.current
    says = lambda: next(one.words for one in counter.lines if one.id == part)  # noqa: E731
    yield lambda: says() == "thiếu 4 trường"
    for value in (f"{number + 1}/KS\r", "20112026\r", "UBND phường Bến Thông\r", "Đăng ký khai sinh"):
        hand.type(value)
        yield lambda: True
    yield lambda: says() == "đủ dữ liệu, chờ Ctrl+Enter"
    hand.press(Key.Key_Return, Modifier.ControlModifier)
    last = number == len(PAPERS) - 1
    yield lambda: work.dossier.component(part).parcel is not None and (counter.current != part or last)


def played(qtbot: QtBot, hand: Hand, script: Script) -> None:
    hand.play(script)
    qtbot.waitUntil(lambda: hand.ended, timeout=120_000)
    if hand.failure is not None:
        raise hand.failure


def test_nine_keys_three_counts_and_a_pin(qtbot: QtBot, window: MainWindow, room: TrainingRoom) -> None:
    hand = Hand(window)
    played(qtbot, hand, work_day(hand, window, room))
    assert len(hand.commands) == BUDGET, hand.commands
    assert hand.counts == [2, 1, 4]
    assert hand.pins == 1
    assert hand.scanned == 2
    assert len(hand.typed) == 4 * len(PAPERS), "what the papers say"
    assert {parcel.receipt != "" for parcel in room.desk.cabinet.outbox.all()} == {True}


@pytest.mark.parametrize("layout", [""])
def test_a_receipt_of_code_alone_needs_the_key_unless_the_province_told_of_it(
    qtbot: QtBot, window: MainWindow, room: TrainingRoom, layout: str
) -> None:
    hand = Hand(window)
    played(qtbot, hand, a_receipt_of_code_alone(hand, window))
    assert hand.commands == ["NoModifier+Key_F2", "ControlModifier+Key_Return"]
    room.province.offer("wait", dossier=LISTED)
    assert waiting.fetch(room.desk) == ""
    hand = Hand(window)
    played(qtbot, hand, a_receipt_the_province_told_of(hand, window))
    assert hand.commands[:2] == ["NoModifier+Key_F2", "ControlModifier+Key_Z"]
    assert hand.scanned == 1
