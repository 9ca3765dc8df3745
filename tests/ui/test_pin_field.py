# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from digitizer_desk.devices.token import PinState
from digitizer_desk.ui.widgets.pin_field import PinField

ROOT = Path(__file__).parents[2]


@pytest.fixture
def field(qtbot) -> PinField:
    made = PinField(state=PinState(least=4, most=8))
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    qtbot.waitExposed(made)
    return made


def held(field: PinField) -> bytes:
    pin = field.take()
    try:
        return bytes(pin.buffer)
    finally:
        pin.wipe()


def test_keys_go_to_the_buffer_and_only_fillers_to_the_field(field, qtbot):
    qtbot.keyClicks(field, "aB3!x")
    assert field.text() == "*****"
    assert field.displayText() != "aB3!x"
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert held(field) == b"aB3!x"
    assert field.text() == ""
    assert field.length == 0


def test_taking_leaves_nothing_in_the_field(field, qtbot):
    qtbot.keyClicks(field, "12345")
    pin = field.take()
    assert bytes(pin.buffer) == b"12345"
    assert bytes(field._buffer) == bytes(9)
    pin.wipe()
    assert bytes(pin.buffer) == bytes(5)


def test_backspace_delete_and_caret(field, qtbot):
    qtbot.keyClicks(field, "12456")
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(field, key)
    qtbot.keyClicks(field, "3")
    qtbot.keyClick(field, Qt.Key.Key_End)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClick(field, Qt.Key.Key_Home)
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert held(field) == b"2345"


def test_ctrl_backspace_empties(field, qtbot):
    qtbot.keyClicks(field, "1234")
    qtbot.keyClick(field, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert (field.length, field.text()) == (0, "")


def test_length_wakes_and_puts_to_sleep(field, qtbot):
    told: list[bool] = []
    field.fits_changed.connect(told.append)
    qtbot.keyClicks(field, "123")
    assert not field.fits
    qtbot.keyClicks(field, "4")
    assert field.fits
    qtbot.keyClicks(field, "56789")
    assert field.too_long
    assert not field.fits
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.fits
    assert told == [True, False, True]
    assert held(field) == b"12345678"


@pytest.mark.parametrize("letter", ["â", "Đ", "ư", "ế", "1\u0301", "１"])
def test_a_vietnamese_key_empties_the_field_and_tells_why(field, qtbot, letter):
    told: list[str] = []
    field.refused.connect(told.append)
    qtbot.keyClicks(field, "ab")
    event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
    QApplication.sendEvent(field, event)
    assert told == ["token.pin_letters"]
    assert field.length == 0
    assert bytes(field._buffer) == bytes(9)


def test_an_input_method_is_refused(field, qtbot):
    told: list[str] = []
    field.refused.connect(told.append)
    event = QInputMethodEvent()
    event.setCommitString("123456")
    QApplication.sendEvent(field, event)
    assert told == ["token.pin_letters"]
    assert field.length == 0
    assert not field.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


@pytest.mark.parametrize(
    ("key", "held_down"),
    [
        (Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Paste, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_nothing_can_be_pasted(field, qtbot, key, held_down):
    QGuiApplication.clipboard().setText("987654")
    qtbot.keyClick(field, key, held_down)
    assert field.length == 0
    qtbot.mouseClick(field, Qt.MouseButton.MiddleButton)
    assert field.length == 0
    field.paste()  # the slot itself, as a menu or an assistive tool would call it
    assert (field.length, field.text()) == (0, "")


@pytest.mark.parametrize("key", [Qt.Key.Key_C, Qt.Key.Key_X])
def test_nothing_can_be_copied(field, qtbot, key):
    QGuiApplication.clipboard().setText("before")
    qtbot.keyClicks(field, "12345")
    field.selectAll()
    qtbot.keyClick(field, key, Qt.KeyboardModifier.ControlModifier)
    field.copy()
    assert field.length == 5
    field.cut()
    assert QGuiApplication.clipboard().text() == "before"


def test_undo_brings_nothing_back(field, qtbot):
    qtbot.keyClicks(field, "12345")
    field.wipe()
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    field.undo()
    assert (field.length, field.text()) == (0, "")


def test_nothing_can_be_dropped(field):
    mime = QMimeData()
    mime.setText("987654")
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(field, drop)
    assert field.length == 0
    assert not field.acceptDrops()
    assert field.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu


def test_text_set_behind_its_back_is_thrown_away(field, qtbot):
    qtbot.keyClicks(field, "12")
    field.setText("987654")
    assert (field.length, field.text()) == (0, "")


def test_caps_lock_is_told_from_the_letters(field, qtbot):
    told: list[bool] = []
    field.caps_lock_changed.connect(told.append)
    qtbot.keyClicks(field, "12a")
    assert told == []
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "B"))
    assert field.caps_lock
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.ShiftModifier, "B"))
    assert not field.caps_lock
    assert told == [True, False]


def test_escape_hiding_and_leaving_the_window_wipe(field, qtbot):
    def wiped() -> bool:
        return field.length == 0 and bytes(field._buffer) == bytes(9)

    qtbot.keyClicks(field, "12345")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert wiped()
    qtbot.keyClicks(field, "12345")
    QApplication.sendEvent(field, QEvent(QEvent.Type.WindowDeactivate))
    assert wiped()
    qtbot.keyClicks(field, "12345")
    field.hide()
    assert wiped()


def test_enter_and_escape_reach_the_window_around_it(qtbot):
    class Around(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.keys: list[int] = []

        def keyPressEvent(self, event: QKeyEvent) -> None:
            if event.key() != Qt.Key.Key_Alt:
                self.keys.append(event.key())

    around = Around()
    qtbot.addWidget(around)
    field = PinField(around)
    QVBoxLayout(around).addWidget(field)
    around.show()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.keyClick(field, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    assert around.keys == [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_K]
    assert field.length == 0


def test_a_screen_reader_hears_a_password_field_and_no_content(field, qtbot):
    from PySide6.QtGui import QAccessible

    qtbot.keyClicks(field, "12345")
    interface = QAccessible.queryAccessibleInterface(field)
    assert interface.state().passwordEdit
    assert interface.text(QAccessible.Text.Name) == "Mã PIN của USB Token"
    assert "12345" not in interface.text(QAccessible.Text.Value)


def test_dragging_over_the_field_selects_nothing(field, qtbot):
    qtbot.keyClicks(field, "12345")
    qtbot.mousePress(field, Qt.MouseButton.LeftButton, pos=QPoint(2, 5))
    qtbot.mouseMove(field, QPoint(60, 5))
    qtbot.mouseRelease(field, Qt.MouseButton.LeftButton, pos=QPoint(60, 5))
    qtbot.mouseDClick(field, Qt.MouseButton.LeftButton)
    assert not field.hasSelectedText()


# -- the memory of the process --------------------------------------------------------------------------------------


class Typist:
    """The process of pin_typist.py, told one key at a time so that only we know the PIN."""

    def __init__(self, *arguments: str) -> None:
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("pin_typist.py")), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == b"ok\n"

    def copies(self, *patterns: bytes) -> int:
        """How often any of the patterns stands in the process' writable memory."""
        found = 0
        with (
            open(f"/proc/{self.process.pid}/maps") as maps,
            open(f"/proc/{self.process.pid}/mem", "rb", buffering=0) as memory,
        ):
            for line in maps:
                span, rights = line.split()[:2]
                if "rw" not in rights or "[vvar" in line:
                    continue
                start, end = (int(part, 16) for part in span.split("-"))
                memory.seek(start)
                try:
                    block = memory.read(end - start)
                except OSError:
                    continue
                found += sum(block.count(pattern) for pattern in patterns)
        return found

    def close(self) -> None:
        self.process.communicate(b"quit\n", timeout=20)


PIN = "q7Wz!93kXv"
FORMS = (PIN.encode(), PIN.encode("utf-16-le"), PIN.encode("utf-32-le"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_no_copy_of_a_pin_stays_in_memory():
    typist = Typist()
    try:
        for letter in PIN:
            typist.tell(f"{ord(letter):x}")
        assert typist.copies(*FORMS) == 1, "while it is typed it stands in the one buffer"
        typist.tell("take")
        assert typist.copies(*FORMS) == 1, "taking it moves it"
        typist.tell("wipe")
        assert typist.copies(*FORMS) == 0
    finally:
        typist.close()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_the_search_finds_what_an_ordinary_field_leaves():
    typist = Typist("plain")
    try:
        for letter in PIN:
            typist.tell(f"{ord(letter):x}")
        typist.tell("take")
        typist.tell("wipe")
        assert typist.copies(*FORMS) > 0
    finally:
        typist.close()
