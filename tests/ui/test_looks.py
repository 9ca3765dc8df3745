# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Looks that need no eye: every state of the gallery is built once and examined."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.widgets.field_form import FieldForm, HintLine
from digitizer_desk.ui.widgets.signing.parts import PaperList
from gallery.everything import STATES
from gallery.papers import law_in_force
from ui import plain_looks

#: the room a screen has at 1366 x 768 above the banner, key bar and status strip
_SCREEN = (1366, 768 - 130)


@pytest.fixture(scope="module", autouse=True)
def dressed(qapp: QApplication) -> None:
    """Fonts and palette once: to dress the program anew for each state took longer than to look at it."""
    make_application(paths.resources(), "light")


@pytest.fixture(scope="module", params=list(STATES))
def shown(request: pytest.FixtureRequest, dressed: None) -> Iterator[QWidget]:
    """One state, built once for all questions; gone before the next one."""
    widget = STATES[request.param]()
    if not isinstance(widget, QDialog):
        widget.resize(*_SCREEN)
    widget.show()
    for _ in range(3):
        QApplication.processEvents()
    yield widget
    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_no_word_is_cut_off(shown: QWidget) -> None:
    assert plain_looks.cut_words(shown) == []
    for area in plain_looks.visible(shown, PaperList):
        assert area.verticalScrollBar().maximum() == 0


def test_everything_the_keyboard_reaches_has_a_name(shown: QWidget) -> None:
    assert plain_looks.nameless(shown) == []


def test_no_letter_is_given_to_two_controls(shown: QWidget) -> None:
    assert plain_looks.letters_given_twice(shown) == []


def test_all_words_are_vietnamese_and_composed(shown: QWidget) -> None:
    assert plain_looks.foreign_words(shown) == []
    assert plain_looks.decomposed_words(shown) == []


def test_no_hint_of_the_law_is_cut(qtbot: QtBot, dressed: None) -> None:
    """The longest one in the narrowest column; what is not seen in a box stands below the form, and is spoken."""
    form, line, fields = FieldForm(), HintLine(), law_in_force().fields
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(form)
    column.addWidget(line)
    form.hint_asked.connect(line.setText)
    form.set_rules(fields)
    line.set_rules(fields)
    form.set_open(True)
    qtbot.addWidget(whole)
    whole.resize(260, 600)
    whole.show()
    qtbot.waitExposed(whole)
    told = []
    for box in form.widget().findChildren(QLineEdit):
        QCoreApplication.sendEvent(box, QFocusEvent(QEvent.Type.FocusIn))
        told.append(line.text())
        assert box.accessibleDescription() == line.text()
        assert plain_looks.cut_words(whole) == []
        QCoreApplication.sendEvent(box, QFocusEvent(QEvent.Type.FocusOut))
        assert line.text() == ""
    assert told == [rule.hint for rule in fields]
