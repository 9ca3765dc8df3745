# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Qt's own dialogs: whatever they ask to have translated is Vietnamese, and no key has two meanings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QFileDialog, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.ui.application import Vietnamese, make_application
from digitizer_desk.ui.commands import COMMANDS, Place

#: names of keys as they stand on every keyboard; of paper; what a file's first bytes say it is
_SAME = {"QShortcut", "QGuiApplication", "QPageSize", "QMimeType"}


_printers: list[QPrinter] = []


class Listener(Vietnamese):
    """Asked before all others: remembers what it has no Vietnamese for."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.missing: dict[str, str] = {}

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        told = super().translate(context, text, disambiguation, n)
        key = text.startswith(("Alt+", "Ctrl+", "Shift+"))
        if told == text and context not in _SAME and any(c.isalpha() for c in text) and not key:
            self.missing[text] = context
        return told


@pytest.fixture
def listener(qapp: QApplication) -> Iterator[Listener]:
    make_application(paths.resources(), "light")
    made = Listener(qapp)
    qapp.installTranslator(made)
    yield made
    qapp.removeTranslator(made)


def _box() -> QDialog:
    box = QMessageBox()
    wanted = QMessageBox.StandardButton
    for button in (*list(wanted)[:18],):
        if button not in (wanted.NoButton, wanted.Default, wanted.Escape):
            box.addButton(button)
    box.setDetailedText("chi tiết")
    return box


def _print() -> QDialog:
    printer = QPrinter()
    made = QPrintDialog(printer)
    _printers.append(printer)  # Qt keeps only its address
    return made


def _file(mode: QFileDialog.FileMode, accept: QFileDialog.AcceptMode, folder: Path) -> QDialog:
    made = QFileDialog(None, "Chọn tệp", str(folder), "Văn bản (*.txt)")
    made.setOption(QFileDialog.Option.DontUseNativeDialog)
    made.setFileMode(mode)
    made.setAcceptMode(accept)
    return made


_DIALOGS: dict[str, Callable[[Path], QDialog]] = {
    "question": lambda _f: _box(),
    "open files": lambda f: _file(QFileDialog.FileMode.ExistingFiles, QFileDialog.AcceptMode.AcceptOpen, f),
    "save a file": lambda f: _file(QFileDialog.FileMode.AnyFile, QFileDialog.AcceptMode.AcceptSave, f),
    "choose a folder": lambda f: _file(QFileDialog.FileMode.Directory, QFileDialog.AcceptMode.AcceptOpen, f),
    "print": lambda _f: _print(),
    "ask for a line": lambda _f: QInputDialog(),
}


@pytest.mark.parametrize("name", _DIALOGS)
def test_no_english_in_a_standard_dialog(qtbot: QtBot, listener: Listener, tmp_path: Path, name: str) -> None:
    (tmp_path / "thu-muc").mkdir()
    sheet = _DIALOGS[name](tmp_path)
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.waitExposed(sheet)
    assert listener.missing == {}


def test_every_standard_button_is_vietnamese(qtbot: QtBot, listener: Listener) -> None:
    box = QDialogButtonBox()
    qtbot.addWidget(box)
    told = [made.text() for kind in QDialogButtonBox.StandardButton if (made := _added(box, kind)) is not None]
    assert len(told) >= 17
    assert listener.missing == {}


def _added(box: QDialogButtonBox, kind: QDialogButtonBox.StandardButton):
    return None if kind is QDialogButtonBox.StandardButton.NoButton else box.addButton(kind)


@pytest.mark.parametrize("place", list(Place)[1:])
def test_no_key_means_two_things_on_a_screen(place: Place) -> None:
    """As Qt reads the keys, the digits that choose a component included; a screen shares keys only by the table."""
    numbers = [f"Ctrl+{number}" for number in range(1, 10)] if place is Place.COUNTER else []
    keys = [key for command in COMMANDS if command.holds(place) for key in command.keys]
    written = [QKeySequence(key).toString() for key in (*keys, *numbers)]
    assert all(written), "a key Qt does not know"
    # the two Enter keys are one command
    assert [key for key, times in Counter(written).items() if times > 1] == []
