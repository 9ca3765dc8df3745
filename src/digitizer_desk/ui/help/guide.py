# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The guides of ``docs/``, read in the program: contents on the left, text and pictures on the right, search above.

No network, no browser; the files are Markdown and lie in the installed package.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.text import fold
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import ActButton

#: file -> who reads it
BOOKS = (
    ("huong-dan-can-bo.md", "Hướng dẫn cán bộ"),
    ("gioi-han-kiem-tra.md", "Giới hạn của việc kiểm tra"),
    ("huong-dan-cntt.md", "Hướng dẫn bộ phận CNTT"),
    ("huong-dan-tinh.md", "Hướng dẫn cấp tỉnh"),
)
_SIZE = (1120, 690)
_PLACE = Qt.ItemDataRole.UserRole
#: px at 100 %: pictures wider than this are read no better
_WIDEST = 900
_DEEPEST = 3
#: a window being dragged changes its width many times a second
_SETTLES_MS = 150
_PICTURE = QTextDocument.ResourceType.ImageResource.value


class GuideWindow(QDialog):
    """One guide at a time. Typing searches without marks; Enter goes to the next place, Shift+Enter back."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Hướng dẫn")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._folder, self._at = folder, -1
        self._found: list[tuple[int, int]] = []
        self.books = QComboBox()
        self.books.setMinimumHeight(34)
        self.books.setAccessibleName("Sách")
        for file, name in BOOKS:
            if (folder / file).is_file():
                self.books.addItem(name, file)
        self.search = QLineEdit()
        self.search.setMinimumHeight(34)
        self.search.setPlaceholderText("Tìm trong sách, không cần dấu")
        self.search.setToolTip(self.search.placeholderText())
        self.search.setAccessibleName("Tìm trong sách")
        self.search.installEventFilter(self)
        self.count = QLabel()
        self.contents = QListWidget()
        self.contents.setAccessibleName("Mục lục")
        self.contents.setWordWrap(True)
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


class GuideText(QTextBrowser):
    """A Markdown file, its pictures never wider than the window."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.setAccessibleName("Nội dung")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(16)
        self._widest, self._asked = 0, -1
        self.verticalScrollBar().actionTriggered.connect(self._scrolled)
        self._later = QTimer(self, singleShot=True, interval=_SETTLES_MS)
        self._later.timeout.connect(self._fit)

    def show_file(self, file: Path) -> None:
        """Read a file; a missing one leaves the page empty."""
        try:
            words = file.read_text("utf-8")
        except OSError:
            words = ""
        self.document().setBaseUrl(QUrl.fromLocalFile(f"{self._folder}/"))
        self.document().setMarkdown(words, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._space()
        self._widest, self._asked = 0, 0
        self._fit()
        self._scroll_to(0)

    def _space(self) -> None:
        """Room above headings and below the rest: Markdown as Qt reads it stands line on line."""
        block = self.document().begin()
        while block.isValid():
            shape = block.blockFormat()
            shape.setTopMargin(theme.TEXT * 1.2 if shape.headingLevel() else 0)
            shape.setBottomMargin(theme.TEXT * (0.3 if block.textList() is not None else 0.55))
            QTextCursor(block).setBlockFormat(shape)
            block = block.next()

    def headings(self) -> list[tuple[int, str, int]]:
        """Level, title and place of each heading, in order."""
        found = []
        block = self.document().begin()
        while block.isValid():
            if level := block.blockFormat().headingLevel():
                found.append((level, block.text(), block.position()))
            block = block.next()
        return found

    def show_place(self, place: int, letters: int = 0) -> None:
        """Bring a place to the top and select the letters found there."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(place)
        if letters:
            cursor.setPosition(place + letters, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self._asked = place
        self._scroll_to(place, self.height() // 4 if letters else 0)

    def _top(self) -> int:
        """What is to stay in sight: the place asked for, until a hand scrolls away from it."""
        return self._asked if self._asked >= 0 else self.cursorForPosition(QPoint(4, 2 * theme.GAP)).position()

    def _scrolled(self) -> None:
        self._asked = -1

    def _scroll_to(self, place: int, above: int = 0) -> None:
        block = self.document().findBlock(place)
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(max(0, round(top) - 2 * theme.GAP - above))

    def places_of(self, text: str) -> list[tuple[int, int]]:
        """Where words stand, marks and case apart, as (place, letters). Nothing for fewer than two letters."""
        wanted, found = fold(text), []
        if len(wanted) < 2:
            return []
        block = self.document().begin()
        while block.isValid():
            plain = letters_of(block.text())
            start = plain.find(wanted)
            while start >= 0:
                found.append((block.position() + start, len(wanted)))
                start = plain.find(wanted, start + len(wanted))
            block = block.next()
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands at the top stays there. Pictures follow when the window stands still."""
        top = self._top()
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._later.start() if self.isVisible() else self._fit()
            self._scroll_to(top)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Every picture as wide as it is, or as there is room; scaled here, for the document's own way is coarse."""
        room = self.viewport().width() - 2 * self.document().documentMargin() - theme.GAP
        widest = round(max(80.0, min(room, _WIDEST * self.font().pixelSize() / theme.TEXT)))
        if widest == self._widest:
            return
        self._widest = widest
        top, base = self._top(), self.document().baseUrl()
        for name in self._pictures():
            whole = QImage(str(self._folder / name))
            if not whole.isNull():  # one that is missing shows Qt's sign for that
                density = self.devicePixelRatioF()
                pixels = min(round(widest * density), whole.width())
                small = whole.scaledToWidth(pixels, Qt.TransformationMode.SmoothTransformation)
                small.setDevicePixelRatio(density)
                self.document().addResource(
                    QTextDocument.ResourceType.ImageResource.value, base.resolved(QUrl(name)), small
                )
        self.document().markContentsDirty(0, self.document().characterCount())
        self._scroll_to(top)

    def _pictures(self) -> list[str]:
        """The pictures of the text, as it names them."""
        found = []
        block = self.document().begin()
        while block.isValid():
            walk = block.begin()
            while not walk.atEnd():
                style = walk.fragment().charFormat()
                if style.isImageFormat():
                    found.append(style.toImageFormat().name())
                walk += 1
            block = block.next()
        return found


def letters_of(text: str) -> str:
    """The text without marks and case, letter for letter: places in it are places in the text."""
    return "".join((fold(letter) or letter)[:1] for letter in text)


def anchor(title: str) -> str:
    """The name a heading has in a link, as GitHub makes it."""
    kept = "".join(letter for letter in title.strip().lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")
