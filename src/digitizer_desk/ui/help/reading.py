# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A guide as it is read: Markdown with room between its lines, pictures scaled finely, words found without marks.

Apart from the window, which knows the books and their contents.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
    QTextListFormat,
)
from PySide6.QtWidgets import QTextBrowser

from digitizer_desk.dossier.text import fold
from digitizer_desk.ui import theme

#: px at 100 %: pictures wider than this are read no better
_WIDEST = 900
#: a window being dragged changes its width many times a second
_SETTLES_MS = 150


class GuideText(QTextBrowser):
    """A Markdown file, its pictures never wider than the window."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.setAccessibleName("Nội dung")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(16)
        self.document().setUndoRedoEnabled(False)
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
        """Room above headings and below the rest, lines of code together: Markdown as Qt reads it stands too close."""
        block = self.document().begin()
        while block.isValid():
            shape = block.blockFormat()
            shape.setTopMargin(theme.TEXT * 1.2 if shape.headingLevel() else 0)
            points, code = block.textList(), shape.hasProperty(QTextFormat.Property.BlockCodeFence)
            follows = block.next().blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
            shape.setBottomMargin(theme.TEXT * (0.3 if points is not None else 0 if code and follows else 0.55))
            QTextCursor(block).setBlockFormat(shape)
            if points is not None and points.format().style() is QTextListFormat.Style.ListCircle:
                style = points.format()
                style.setStyle(QTextListFormat.Style.ListDisc)
                points.setFormat(style)
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
        """Give every picture its place: as wide as it is, or as there is room. Only what is seen is read and scaled."""
        room = self.viewport().width() - 2 * self.document().documentMargin() - theme.GAP
        widest = round(max(80.0, min(room, _WIDEST * self.font().pixelSize() / theme.TEXT)))
        if widest == self._widest:
            return
        self._widest = widest
        top = self._top()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for start, length, picture in self._pictures():
            file = QUrl(picture.name()).path()
            whole = QImageReader(str(self._folder / file)).size()
            if whole.isValid():  # one that is missing shows Qt's sign for that
                width = min(widest, whole.width())
                picture.setName(f"{file}?{width}")
                picture.setWidth(width)
                picture.setHeight(round(width * whole.height() / whole.width()))
                cursor.setPosition(start)
                cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(picture)
        cursor.endEditBlock()
        self._scroll_to(top)

    def loadResource(self, kind: int, name: QUrl | str, /) -> object:
        """A picture in the width its name asks for, scaled here: the document's own way is coarse."""
        name = QUrl(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or not name.query().isdigit():
            return super().loadResource(kind, name)
        density = self.devicePixelRatioF()
        whole = QImage(name.toLocalFile() if name.isLocalFile() else str(self._folder / name.path()))
        pixels = min(round(int(name.query()) * density), whole.width())
        small = whole.scaledToWidth(pixels, Qt.TransformationMode.SmoothTransformation)
        small.setDevicePixelRatio(density)
        return small

    def _pictures(self) -> list[tuple[int, int, QTextImageFormat]]:
        """Place, length and shape of the pictures of the text."""
        found = []
        block = self.document().begin()
        while block.isValid():
            walk = block.begin()
            while not walk.atEnd():
                piece = walk.fragment()
                if piece.charFormat().isImageFormat():
                    found.append((piece.position(), piece.length(), piece.charFormat().toImageFormat()))
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
