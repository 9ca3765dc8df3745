# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of a component as a Qt model, their pictures made off the window thread, and how one is painted.

Apart from the counter so that 300 pages scroll without a picture being decoded on the window thread.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from shiboken6 import isValid

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import NoteSide, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import PAGE_FINE, short
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.widgets import signs

_Index = QModelIndex | QPersistentModelIndex
PAGE = Qt.ItemDataRole.UserRole
PICTURE = Qt.ItemDataRole.UserRole + 1
#: pictures kept, some 64 MB at 320 px
_KEPT = 240

#: px beside the picture of a page
_BESIDE = 16


def badge(page: Page) -> tuple[str, str, str]:
    """Role, words and sign of a page's verdict (windows.md 5.3)."""
    if page.unread:
        return "stop", "Không đọc được", "x"
    if page.open_faults:
        return "stop", short(page.open_faults[0]), "x"
    if page.keeps:
        return "mind", f"Giữ: {page.keeps[-1].reason}", "pen"
    warnings = [f for f in page.findings if f.severity is Severity.WARNING]
    if warnings:
        return "mind", short(warnings[0]), "alert"
    if page.measures is None:
        return "idle", "…", "clock"
    return "ok", NOTE_WORDS[page.note].capitalize() if page.note in NOTE_WORDS else PAGE_FINE, "check"


NOTE_WORDS = {NoteSide.WITH: "có ghi chú", NoteSide.WITHOUT: "không ghi chú"}


def has_note(page: Page) -> bool:
    """Whether a note was seen on this page, or the clerk said which side of a pair it is."""
    return page.note is not NoteSide.NONE or (page.measures is not None and page.measures.note)


class PageModel(QAbstractListModel):
    """Answers from memory only; a missing picture is asked of the pool lane and comes later, for that one row."""

    def __init__(self, run: Run, make: Callable[[Page, int], NDArray[np.uint8]], parent: Any = None) -> None:
        """``make(page, longest side in px)`` gives a small RGB picture; it runs on the pool lane."""
        super().__init__(parent)
        self._run = run
        self._make = make
        self._pages: tuple[Page, ...] = ()
        self._side = 220
        self._pictures: OrderedDict[tuple[str, int, int], QPixmap] = OrderedDict()
        self._asked: set[tuple[str, int, int]] = set()

    def set_pages(self, pages: tuple[Page, ...]) -> None:
        """Show other pages; rows that stay the same keep their selection."""
        if pages == self._pages:
            return
        before, now = [p.id for p in self._pages], [p.id for p in pages]
        first, behind = _alike(before, now)
        gone, came = len(before) - first - behind, len(now) - first - behind
        if gone and came:
            self.beginResetModel()
            self._pages = pages
            self.endResetModel()
            return
        other = [row for row in range(first) if self._pages[row] != pages[row]]
        if gone:
            self.beginRemoveRows(QModelIndex(), first, first + gone - 1)
        elif came:
            self.beginInsertRows(QModelIndex(), first, first + came - 1)
        self._pages = pages
        if gone:
            self.endRemoveRows()
        elif came:
            self.endInsertRows()
        if behind:  # their numbers are others
            other += [first + came, len(pages) - 1]
        if other:
            self.dataChanged.emit(self.index(other[0]), self.index(other[-1]))

    def set_side(self, side: int) -> None:
        """Longest side of the pictures, in device pixels."""
        self._side = side

    @property
    def pages(self) -> tuple[Page, ...]:
        return self._pages

    def row_of(self, page_id: str) -> int:
        return next((row for row, page in enumerate(self._pages) if page.id == page_id), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        page = self._pages[index.row()]
        if role == PAGE:
            return page
        if role == PICTURE:
            return self._picture(page)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"Trang {index.row() + 1}, {badge(page)[1]}"
        return None

    def _picture(self, page: Page) -> QPixmap | None:
        key = (page.sha256, page.turn, self._side)
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
            return found
        if key not in self._asked:
            self._asked.add(key)
            self._run("pool", self._make, page, self._side, on_done=lambda task: self._made(key, page.id, task))
        return None

    def _made(self, key: tuple[str, int, int], page_id: str, task: Running) -> None:
        if not isValid(self):
            return  # the sheet these pictures were for was closed while they were made
        self._asked.discard(key)
        try:
            pixels = task.result()
        except DeskError:
            return  # the page shows as missing; opening it tells why
        image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGB888)
        self._pictures[key] = QPixmap.fromImage(image)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        row = self.row_of(page_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row), [PICTURE])


def _alike(before: list[str], now: list[str]) -> tuple[int, int]:
    """How many at the beginning, and of the rest how many at the end, are the same."""
    most = min(len(before), len(now))
    first = next((at for at in range(most) if before[at] != now[at]), most)
    behind = next((at for at in range(most - first) if before[-1 - at] != now[-1 - at]), most - first)
    return first, behind


class PageDelegate(QStyledItemDelegate):
    """Paints one page: the picture on white, its number, and the verdict in words on a band of its colour."""

    def __init__(self, width: int, parent: Any = None) -> None:
        super().__init__(parent)
        self.width = width

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._cell(), round(self.width * 1.414) + 46)

    def _cell(self) -> int:
        """Width of a page with what is left of its row: the rows fill the view, and nothing lies idle on the right."""
        least, view = self.width + _BESIDE, self.parent()
        if not isinstance(view, QListView):
            return least
        # as the view itself lays out: beside a bar that may come
        room = view.maximumViewportSize().width() - view.verticalScrollBar().sizeHint().width() - view.spacing() - 1
        return max(least, room // max(1, room // (least + view.spacing())) - view.spacing())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        page: Page = index.data(PAGE)
        aside = (option.rect.width() - self.width - _BESIDE) // 2
        room = option.rect.adjusted(6 + aside, 6, -6 - aside, -6)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette: QPalette = option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = QRect(room.left(), room.top(), room.width(), room.height() - 32)
        painter.fillRect(sheet, QColor("#FFFFFF"))
        picture = index.data(PICTURE)
        if picture is not None:
            self._picture(painter, sheet, picture)
        edge = palette.color(QPalette.ColorRole.Highlight) if selected else palette.color(QPalette.ColorRole.Mid)
        painter.setPen(QPen(edge, 3 if selected else 1))
        painter.drawRect(sheet.adjusted(0, 0, -1, -1))
        self._verdict(
            painter,
            QRect(room.left(), sheet.bottom() + 4, room.width() + aside, 28),
            page,
            index.row() + 1,
            selected,
            palette,
        )
        painter.restore()

    def _picture(self, painter: QPainter, sheet: QRect, picture: QPixmap) -> None:
        size = picture.size().scaled(sheet.size() - QSize(4, 4), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(0, 0), size)
        place.moveCenter(sheet.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, picture)

    def _verdict(
        self, painter: QPainter, band: QRect, page: Page, number: int, selected: bool, palette: QPalette
    ) -> None:
        role, words, sign = badge(page)
        font = painter.font()
        painter.setFont(theme.bold(font) if selected else font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        label = f"{number}{'²³⁴⁵⁶⁷⁸⁹'[min(page.version, 9) - 2] if page.version > 1 else ''}"
        painter.drawText(band, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)
        wide = painter.fontMetrics().horizontalAdvance(label) + 10
        colour = signs.role_colour(role)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(band.left() + wide, band.top() + 5, signs.pixmap(sign, 18, colour, ratio))
        painter.setPen(colour)
        place = band.adjusted(wide + 23, 0, 0, 0)
        text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(font)
