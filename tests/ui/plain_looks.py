# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What every window must keep: Vietnamese only and composed, nothing cut, a name for all the keyboard reaches, no
letter twice. Each question gives what is wrong, so that one look names everything there is to mend."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

#: words that only come from Qt or from a forgotten translation
_ENGLISH = re.compile(
    r"\b(ok|cancel|close|open|save|yes|no|apply|error|warning|page|file|send|sign|scan|ready|done|unknown|none|"
    r"retry|abort|ignore|discard|reset|help|look|folder|name|type|size|date|back|next|finish|print|copies|paper)\b",
    re.I,
)
_KEYS = re.compile(
    r"<[^>]+>|&|Esc|Backspace|Page ?(Up|Down)|Ctrl\+\w+|Enter|Del\b|F\d+|Space|Caps Lock|USB Token|PDF/A\S*"
)
#: what a line edit keeps free on each side of its text
_EDIT_MARGIN = 4

W = TypeVar("W", bound=QWidget)


def visible(window: QWidget, kind: type[W]) -> list[W]:
    """The children of a kind that are shown."""
    return [child for child in window.findChildren(kind) if child.isVisible()]


def words_of(window: QWidget) -> list[str]:
    """Every word a clerk sees, hovers over or hears."""
    texts = [label.text() for label in visible(window, QLabel)]
    texts += [button.text() for button in visible(window, QAbstractButton)]
    texts += [field.placeholderText() for field in visible(window, QLineEdit)]
    for child in visible(window, QWidget):
        texts += [child.accessibleName(), child.accessibleDescription(), child.toolTip()]
    return [window.windowTitle(), *texts]


def foreign_words(window: QWidget) -> list[str]:
    """Texts that hold an English word."""
    return [text for text in words_of(window) if _ENGLISH.search(_KEYS.sub("", text))]


def decomposed_words(window: QWidget) -> list[str]:
    """Texts whose letters and marks are not one."""
    return [text for text in words_of(window) if not unicodedata.is_normalized("NFC", text)]


def nameless(window: QWidget) -> list[str]:
    """Controls the keyboard reaches and a screen reader has no name for."""
    found = []
    for child in visible(window, QWidget):
        inner = isinstance(child, QScrollBar) or isinstance(child.parentWidget(), QAbstractScrollArea)
        if inner or not child.isEnabled() or child.objectName().startswith("qt_"):
            continue
        if not child.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        interface = QAccessible.queryAccessibleInterface(child)
        if not interface.text(QAccessible.Text.Name):
            found.append(f"{type(child).__name__} {child.geometry().getRect()}")
    return found


def letters_given_twice(window: QWidget) -> list[str]:
    """Mnemonics of more than one control."""
    marked = (*visible(window, QAbstractButton), *visible(window, QLabel))
    letters = Counter(found[1].upper() for child in marked if (found := re.search(r"&(\w)", child.text())))
    return [letter for letter, times in letters.items() if times > 1]


# -- what is cut ------------------------------------------------------------------------------------------------------


def cut_words(window: QWidget) -> list[str]:
    """Texts that do not fit where they stand. One that is shortened on purpose must tell the whole when pointed at."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    return [
        *(label.text() for label in visible(window, QLabel) if label.text() and _label_is_cut(label)),
        *(b.text() for b in visible(window, QAbstractButton) if b.text() and _button_is_cut(b)),
        *(e.placeholderText() for e in visible(window, QLineEdit) if _hint_is_cut(e)),
        *(c.currentText() for c in visible(window, QComboBox) if _choice_is_cut(c)),
        *(text for table in visible(window, QTableView) for text in _cells_cut(table)),
        *(text for rows in visible(window, QListView) for text in _rows_cut(rows)),
    ]


def _label_is_cut(label: QLabel) -> bool:
    if label.toolTip() and label.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored:
        return False
    need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
    if label.height() < need - 1 or _is_outside(label):
        return True
    if label.wordWrap():
        # one word broader than its column is painted over the edge: there is no place to break it
        longest = max((label.fontMetrics().horizontalAdvance(word) for word in label.text().split()), default=0)
        fits = longest <= label.contentsRect().width() + 1 or label.textFormat() is Qt.TextFormat.RichText
        return not fits and label.toolTip() != label.text()
    return label.width() < label.sizeHint().width() - 1


def _is_outside(child: QWidget) -> bool:
    """Whether it reaches past the side of a scroll area that cannot be scrolled to that side."""
    parent = child.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea) and not parent.horizontalScrollBar().isVisible():
            view = parent.viewport()
            place = QRect(child.mapTo(view, QPoint(0, 0)), child.size())
            return place.right() > view.width() or place.left() < -1
        parent = parent.parentWidget()
    return False


def _button_is_cut(button: QAbstractButton) -> bool:
    return button.width() < button.minimumSizeHint().width() or _is_outside(button)


def _hint_is_cut(edit: QLineEdit) -> bool:
    hint = edit.placeholderText()
    if not hint or edit.text() or isinstance(edit.parentWidget(), QAbstractSpinBox):
        return False
    margins = edit.textMargins()
    buttons = sum(b.width() for b in edit.findChildren(QAbstractButton) if b.isVisible())
    room = edit.width() - margins.left() - margins.right() - 2 * _EDIT_MARGIN - buttons
    return edit.fontMetrics().horizontalAdvance(hint) > room and edit.toolTip() != hint


def _choice_is_cut(box: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    return box.fontMetrics().horizontalAdvance(box.currentText()) > field.width() and not box.toolTip()


def _cells_cut(table: QTableView) -> list[str]:
    model, found = table.model(), []
    for heading in (table.horizontalHeader(), table.verticalHeader()):
        found += _headings_cut(heading)
    rows = [row for row in range(model.rowCount()) if table.visualRect(model.index(row, 0)).intersects(table.rect())]
    for row in rows:
        for column in range(model.columnCount()):
            index = model.index(row, column)
            text = index.data(Qt.ItemDataRole.DisplayRole)
            if not isinstance(text, str) or table.isColumnHidden(column) or table.columnSpan(row, column) > 1:
                continue
            wide, room = _painted(table, index), table.visualRect(index).size()
            if (wide.width() > room.width() or wide.height() > room.height()) and not _told(index):
                found.append(text)
    return found


def _painted(table: QTableView, index: QModelIndex) -> QSize:
    """What the delegate wants for a cell; where words wrap, in the column as broad as it is."""
    option = QStyleOptionViewItem()
    table.initViewItemOption(option)
    option.rect = table.visualRect(index)
    return table.itemDelegateForIndex(index).sizeHint(option, index)


def _headings_cut(heading: QHeaderView) -> list[str]:
    if not heading.isVisible():
        return []
    found = []
    for section in range(heading.count()):
        text = heading.model().headerData(section, heading.orientation())
        if heading.isSectionHidden(section) or not isinstance(text, str):
            continue
        room = QRect(0, 0, heading.sectionSize(section) - 6, heading.height())
        need = heading.fontMetrics().boundingRect(room, int(heading.defaultAlignment()), text)
        if heading.orientation() is Qt.Orientation.Horizontal and not room.contains(need):
            tip = heading.model().headerData(section, heading.orientation(), Qt.ItemDataRole.ToolTipRole)
            if not tip:
                found.append(text)
    return found


def _rows_cut(rows: QListView) -> list[str]:
    model, found = rows.model(), []
    if rows.viewMode() is QListView.ViewMode.IconMode or isinstance(rows.parentWidget(), QComboBox):
        return []
    for row in range(model.rowCount() if model is not None else 0):
        index = model.index(row, 0)
        text, place = index.data(Qt.ItemDataRole.DisplayRole), rows.visualRect(index)
        if not isinstance(text, str) or not place.intersects(rows.viewport().rect()):
            continue
        room = QRect(0, 0, rows.viewport().width() - 6, place.height())
        wrap = Qt.TextFlag.TextWordWrap if rows.wordWrap() else Qt.TextFlag.TextExpandTabs
        need = rows.fontMetrics().boundingRect(room, int(wrap), text)
        if (need.width() > room.width() or need.height() > room.height()) and not _told(index):
            found.append(text)
    return found


def _told(index: QModelIndex) -> bool:
    return bool(index.data(Qt.ItemDataRole.ToolTipRole))


def assert_good_looks(window: QWidget) -> None:
    """All questions at once, for a window a test has brought into a state of its own."""
    for look in (foreign_words, decomposed_words, cut_words, nameless, letters_given_twice):
        found = look(window)
        assert not found, (look.__name__, found)
