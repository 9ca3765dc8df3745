# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What every form must keep: Vietnamese only and composed, a name for all the keyboard reaches, no letter twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QScrollBar, QWidget

_ENGLISH = re.compile(
    r"\b(ok|cancel|close|open|save|yes|no|apply|error|warning|page|file|send|sign|scan|ready|done|unknown|none)\b", re.I
)
_KEYS = re.compile(r"&|Esc|Ctrl\+Enter|Enter|F\d|Caps Lock")

W = TypeVar("W", bound=QWidget)


def visible(window: QWidget, kind: type[W]) -> list[W]:
    return [child for child in window.findChildren(kind) if child.isVisible()]


def words_of(window: QWidget) -> list[str]:
    """Every word a clerk sees or hears."""
    texts = [label.text() for label in visible(window, QLabel)]
    texts += [button.text() for button in visible(window, QAbstractButton)]
    texts += [field.placeholderText() for field in visible(window, QLineEdit)]
    return [*texts, window.windowTitle(), *(child.accessibleName() for child in visible(window, QWidget))]


def assert_good_looks(window: QWidget) -> None:
    for text in words_of(window):
        assert not _ENGLISH.search(_KEYS.sub("", text)), text
        assert unicodedata.is_normalized("NFC", text), text
    for label in visible(window, QLabel):
        if label.text():
            need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            assert label.height() >= need - 1, label.text()
            assert label.wordWrap() or label.width() >= label.sizeHint().width() - 1, label.text()
    for child in visible(window, QWidget):
        inner = isinstance(child, QScrollBar) or isinstance(child.parentWidget(), QAbstractScrollArea)
        if inner or not child.isEnabled() or not child.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(child)
        assert interface.text(QAccessible.Text.Name), type(child).__name__
    marked = (*visible(window, QAbstractButton), *visible(window, QLabel))
    letters = Counter(found[1].upper() for child in marked if (found := re.search(r"&(\w)", child.text())))
    assert [letter for letter, times in letters.items() if times > 1] == []
