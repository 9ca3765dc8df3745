# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The guides of ``docs/``, read in the program: contents on the left, text and pictures on the right, search above.

No network, no browser; the files are Markdown and lie in the installed package.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.text import fold
from digitizer_desk.ui import theme
from digitizer_desk.ui.help.reading import GuideText, anchor
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.drop_down import DropDown

#: file -> who reads it
BOOKS = (
    ("huong-dan-can-bo.md", "Hướng dẫn cán bộ"),
    ("gioi-han-kiem-tra.md", "Giới hạn của việc kiểm tra"),
    ("huong-dan-cntt.md", "Hướng dẫn bộ phận CNTT"),
    ("huong-dan-tinh.md", "Hướng dẫn cấp tỉnh"),
)
_SIZE = (1120, 690)
_PLACE = Qt.ItemDataRole.UserRole
_DEEPEST = 3


class GuideWindow(QDialog):
    """One guide at a time. Typing searches without marks; Enter goes to the next place, Shift+Enter back."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Hướng dẫn")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._folder, self._at = folder, -1
        self._found: list[tuple[int, int]] = []
        self.books = DropDown()
        self.books.setMinimumHeight(34)
        self.books.setAccessibleName("Sách")
        for file, name in BOOKS:
            if (folder / file).is_file():
                self.books.addItem(name, file)
        self.search = QLineEdit()
        theme.inset(self.search)
        self.search.setMinimumHeight(34)
        self.search.setPlaceholderText("Tìm trong sách, không cần dấu")
        self.search.setToolTip(self.search.placeholderText())
        self.search.setAccessibleName("Tìm trong sách")
        self.search.installEventFilter(self)
        self.count = QLabel()
        self.contents = QListWidget()
        self.contents.setAccessibleName("Mục lục")
        self.contents.setWordWrap(True)
        self.contents.setSpacing(1)
        self.text = GuideText(folder)
        close = ActButton("Esc  Đóng")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        self._lay(close)
        self.books.currentIndexChanged.connect(self._open)
        self.contents.currentItemChanged.connect(self._jump)
        self.search.textChanged.connect(self._look)
        self.text.anchorClicked.connect(self._follow)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        self._open()

    def _lay(self, close: QWidget) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        top.addWidget(self.books)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        top.addWidget(close)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self.contents, 3)
        both.addWidget(self.text, 9)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addLayout(both, 1)
        theme.open_at(self, *_SIZE)

    # -- books ----------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Read the chosen book; its headings are the contents."""
        file = str(self.books.currentData() or "")
        self.text.show_file(self._folder / file)
        self.contents.blockSignals(True)
        self.contents.clear()
        for level, title, place in self.text.headings():
            if 1 < level <= _DEEPEST:
                item = QListWidgetItem("      " * (level - 2) + title)
                item.setData(_PLACE, place)
                if level == 2:
                    item.setFont(theme.bold(self.contents.font()))
                self.contents.addItem(item)
        self.contents.blockSignals(False)
        self._look(self.search.text())

    def show_chapter(self, title: str) -> None:
        """Go to a heading of the clerk's guide; the beginning when there is none of that name."""
        self.search.clear()
        self.books.setCurrentIndex(0)
        for row in range(self.contents.count()):
            if self.contents.item(row).text().strip() == title:
                self.contents.setCurrentRow(-1)
                self.contents.setCurrentRow(row)
                break
        self.contents.setFocus()

    def _jump(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.text.show_place(int(item.data(_PLACE)))

    def _follow(self, link: QUrl) -> None:
        """A link to a heading or to another guide; nothing leaves this machine."""
        name = link.fileName()
        if name in [file for file, _ in BOOKS]:
            self.books.setCurrentIndex(self.books.findData(name))
        wanted = link.fragment(QUrl.ComponentFormattingOption.FullyDecoded)
        for row in range(self.contents.count()):
            if wanted and anchor(self.contents.item(row).text()) == wanted:
                self.contents.setCurrentRow(row)

    # -- search ---------------------------------------------------------------------------------------------------

    def _look(self, text: str) -> None:
        self._found, self._at = self.text.places_of(text), -1
        self.count.setText("" if len(fold(text)) < 2 else "Không thấy" if not self._found else "")
        if self._found:
            self._step(1)

    def _step(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self.text.show_place(*self._found[self._at])
            self.count.setText(f"{self._at + 1}/{len(self._found)}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
                self.text.setFocus()
                return True
        return super().eventFilter(watched, event)
