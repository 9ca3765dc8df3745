# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Looks that need no eye: every state of the gallery is built and its words, names and keys are examined."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QDialog, QLabel, QLineEdit, QScrollBar, QWidget

from digitizer_desk.ui.widgets.signing.parts import PaperList
from gallery.dress import dress
from gallery.everything import STATES

#: words that only come from Qt or from a forgotten translation
ENGLISH = re.compile(
    r"\b(ok|cancel|close|open|save|yes|no|apply|error|warning|page|file|send|sign|scan|ready|done|unknown|none)\b", re.I
)


@pytest.fixture(params=list(STATES))
def shown(request, qtbot, qapp) -> QWidget:
    dress(qapp, dark=False)
    widget = STATES[request.param]()
    qtbot.addWidget(widget)
    if not isinstance(widget, QDialog):
        widget.resize(1366, 768 - 130)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def visible(widget: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [child for child in widget.findChildren(kind) if child.isVisible()]


def test_no_word_is_cut_off(shown):
    for label in visible(shown, QLabel):
        if not label.text():
            continue
        assert isinstance(label, QLabel)
        need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        assert label.height() >= need - 1, label.text()
        if not label.wordWrap():
            assert label.width() >= label.sizeHint().width() - 1, label.text()
    for area in visible(shown, PaperList):
        assert area.verticalScrollBar().maximum() == 0
    for button in visible(shown, QAbstractButton):
        if not button.text():
            continue
        assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_everything_the_keyboard_reaches_has_a_name(shown):
    for child in visible(shown, QWidget):
        if child.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(child, QScrollBar) or not child.isEnabled():
            continue
        if isinstance(child.parentWidget(), QAbstractScrollArea) or child.objectName().startswith("qt_"):
            continue
        if not child.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(child)
        assert interface.text(QAccessible.Text.Name), type(child).__name__


def test_no_letter_is_given_to_two_controls(shown):
    letters = Counter(
        match.group(1).upper()
        for child in (*visible(shown, QAbstractButton), *visible(shown, QLabel))
        if (match := re.search(r"&(\w)", child.text()))
    )
    assert [letter for letter, times in letters.items() if times > 1] == []


def test_all_words_are_vietnamese_and_composed(shown):
    texts = [child.text() for kind in (QLabel, QAbstractButton) for child in visible(shown, kind)]
    texts += [child.placeholderText() for child in visible(shown, QLineEdit)]
    texts += [shown.windowTitle(), *(child.accessibleName() for child in visible(shown, QWidget))]
    for text in texts:
        plain = re.sub(r"<[^>]+>|&|Esc|Enter|Del|Ctrl\+\w|Caps Lock|USB Token", "", text)
        assert not ENGLISH.search(plain), text
        assert unicodedata.is_normalized("NFC", text), text
