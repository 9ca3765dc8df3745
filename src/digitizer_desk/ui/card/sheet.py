# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The key card: every key of the desk on one sheet, for the wall beside the screen; as PDF and on paper.

Apart from the F1 page, which shows the keys of one screen: the card is the same on every desk. Only Qt sets this type
here (nothing else in the house shapes Vietnamese text over a page), but no screen is needed: the terminal draws it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPdfWriter, QPen
from PySide6.QtWidgets import QWidget

from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.ui.card.groups import KeyGroup, KeyRow, key_groups
from digitizer_desk.ui.card.sizes import PAGES, CardSize, ask_size
from digitizer_desk.ui.review.outlets import PDF, ask_name, write

FILE_NAME = "the-phim-ban-so-hoa.pdf"
_TITLE, _UNDER = (
    "Bàn số hóa · Thẻ phím",
    "Nhấn F1 để xem phím của màn hình đang mở. Không cần lưu: mọi thứ tự được giữ.",
)
_DPI = 300
_MM = 25.4
#: type sizes tried for the rows, points; the largest at which everything stands on one sheet
_SIZES = (9.5, 9.0, 8.6, 8.2, 7.8, 7.4, 7.0, 6.6, 6.2)
_INK, _QUIET, _BLUE, _EDGE, _CAP = "#1A1C1E", "#5F6368", "#1A5FB4", "#9AA0A6", "#F3F5F7"
_COLUMNS = 2
_MOST_SPREAD = 1.3


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Measures of one trial of the layout, in device pixels. ``point``: pixels of one point of type; ``spread``: how
    much more room the rows get where the sheet has it."""

    point: float
    size: float
    width: float
    height: float
    spread: float = 1.0

    def font(self, times: float = 1.0, *, bold: bool = False) -> QFont:
        made = QFont("Noto Sans")
        made.setPixelSize(max(1, round(self.size * times * self.point)))
        made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        return made

    @property
    def row(self) -> float:
        return self.size * 2.02 * self.point * self.spread

    @property
    def head(self) -> float:
        return self.size * 2.5 * self.point * self.spread

    @property
    def gap(self) -> float:
        return self.size * 1.1 * self.point * self.spread

    @property
    def top(self) -> float:
        return self.size * 4.6 * self.point

    @property
    def column(self) -> float:
        return (self.width - self.size * 2.2 * self.point) / _COLUMNS


def pdf(size: CardSize = CardSize.A4) -> bytes:
    """The card as PDF/A-1b, one page. A QGuiApplication must exist and know the bundled type."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_A1b)
    writer.setTitle(_TITLE)
    writer.setCreator("Bàn số hóa")
    writer.setResolution(_DPI)
    writer.setPageLayout(PAGES[size].layout())
    painter = QPainter(writer)
    draw_page(painter, size, writer.width(), writer.height(), _DPI)
    painter.end()
    return bytes(buffer.data().data())


def saved(parent: QWidget) -> tuple[str, str] | None:
    """Ask where to and write it: role and words, or None when it was called off."""
    size = ask_size("Lưu thẻ phím", parent)
    path = ask_name("Lưu thẻ phím", FILE_NAME, (PDF,), parent) if size is not None else None
    if size is None or path is None:
        return None
    told = write(path, pdf(size))
    return ("stop", sentence(told)) if isinstance(told, DeskError) else ("ok", f"Đã lưu «{told}».")


def printed(parent: QWidget) -> tuple[str, str] | None:
    """Ask for the printer and print it: role and words, or None when it was called off."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    size = ask_size("In thẻ phím", parent)
    if size is None:
        return None
    printer = QPrinter()
    printer.setPageLayout(PAGES[size].layout())
    printer.setDocName(_TITLE)
    if not QPrintDialog(printer, parent).exec():
        return None
    painter = QPainter()
    if not painter.begin(printer):
        return "stop", "Máy in không nhận trang này. Kiểm tra máy in, hoặc lưu thành PDF rồi in ở máy khác."
    room = printer.pageLayout().paintRectPixels(printer.resolution())
    draw_page(painter, size, room.width(), room.height(), printer.resolution())
    painter.end()
    return "ok", "Đã gửi thẻ phím tới máy in."


def draw_page(painter: QPainter, size: CardSize, width: float, height: float, dpi: float) -> float:
    """Draw all cards of a page into ``width`` x ``height`` pixels at ``dpi``; gives the type size used, in points."""
    page = PAGES[size]
    gap = 2 * page.margin / _MM * dpi  # each card has its own margin once the sheet is cut
    wide = (width - (page.cards - 1) * gap) / page.cards
    used = 0.0
    for place in range(page.cards):
        painter.save()
        painter.translate(place * (wide + gap), 0)
        used = draw(painter, wide, height, dpi, helped=page.helped)
        painter.restore()
        if place:
            painter.setPen(QPen(QColor(_EDGE), max(1.0, dpi / 150), Qt.PenStyle.DashLine))
            cut = place * (wide + gap) - gap / 2
            painter.drawLine(QPointF(cut, 0), QPointF(cut, height))
    return used


def draw(painter: QPainter, width: float, height: float, dpi: float, *, helped: bool = True) -> float:
    """Draw one card into ``width`` x ``height`` pixels at ``dpi``; gives the type size used, in points.

    ``helped``: with the words behind the name of a key.
    """
    groups = key_groups() if helped else tuple(_bare(group) for group in key_groups())
    sheets = [_Sheet(dpi / 72, size, width, height) for size in _SIZES]
    fitting = [sheet for sheet in sheets if _split(groups, sheet) is not None]
    sheet = fitting[0] if fitting else sheets[-1]
    columns = _split(groups, sheet) or _halves(groups, sheet)
    highest = max(sum(_high(group, sheet) for group in column) for column in columns) - sheet.gap
    sheet = replace(sheet, spread=max(1.0, min(_MOST_SPREAD, (height - sheet.top) / highest)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_title(painter, sheet)
    for place, column in enumerate(columns):
        x, y = place * (width - sheet.column), sheet.top
        for group in column:
            y = _draw_group(painter, group, x, y, sheet)
    return sheet.size


def _bare(group: KeyGroup) -> KeyGroup:
    return replace(group, rows=tuple(replace(row, help="") for row in group.rows))


def _high(group: KeyGroup, sheet: _Sheet) -> float:
    return sheet.head + len(group.rows) * sheet.row + sheet.gap


def _split(groups: Sequence[KeyGroup], sheet: _Sheet) -> tuple[tuple[KeyGroup, ...], ...] | None:
    """The groups over two columns; None when this type is too large for the sheet."""
    if not all(_fits_wide(row, sheet) for group in groups for row in group.rows):
        return None
    halves = _halves(groups, sheet)
    highest = max(sum(_high(group, sheet) for group in half) for half in halves)
    return None if sheet.top + highest - sheet.gap > sheet.height else halves


def _halves(groups: Sequence[KeyGroup], sheet: _Sheet) -> tuple[tuple[KeyGroup, ...], ...]:
    """The groups in their order over two columns, as even as may be."""
    highs = [_high(group, sheet) for group in groups]
    _highest, cut = min((max(sum(highs[:cut]), sum(highs[cut:])), cut) for cut in range(len(groups) + 1))
    return tuple(groups[:cut]), tuple(groups[cut:])


def _fits_wide(row: KeyRow, sheet: _Sheet) -> bool:
    """Keys and name on one line, and the help behind it in smaller type."""
    used = _caps_width(sheet) + QFontMetricsF(sheet.font()).horizontalAdvance(row.name)
    helped = QFontMetricsF(sheet.font(0.8)).horizontalAdvance(f"  {row.help}") if row.help else 0.0
    return used + helped <= sheet.column


def _caps_width(sheet: _Sheet) -> float:
    return sheet.size * 8.7 * sheet.point


def _draw_title(painter: QPainter, sheet: _Sheet) -> None:
    painter.setPen(QColor(_BLUE))
    painter.setFont(sheet.font(1.9, bold=True))
    painter.drawText(QRectF(0, 0, sheet.width, sheet.top * 0.6), Qt.AlignmentFlag.AlignLeft, _TITLE)
    painter.setPen(QColor(_QUIET))
    painter.setFont(sheet.font(0.9))
    low = QRectF(0, sheet.top * 0.56, sheet.width, sheet.top * 0.3)
    painter.drawText(low, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _UNDER)


def _draw_group(painter: QPainter, group: KeyGroup, x: float, y: float, sheet: _Sheet) -> float:
    painter.setPen(QColor(_BLUE))
    painter.setFont(sheet.font(1.1, bold=True))
    room = QRectF(x, y, sheet.column, sheet.head * 0.8)
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, group.title)
    line = y + sheet.head * 0.86
    painter.setPen(QPen(QColor(_BLUE), max(1.0, sheet.point * 0.8)))
    painter.drawLine(QPointF(x, line), QPointF(x + sheet.column, line))
    y += sheet.head
    for row in group.rows:
        _draw_row(painter, row, x, y, sheet)
        y += sheet.row
    return y + sheet.gap


def _draw_row(painter: QPainter, row: KeyRow, x: float, y: float, sheet: _Sheet) -> None:
    _draw_caps(painter, row.keys, x, y, sheet)
    left = x + _caps_width(sheet)
    painter.setPen(QColor(_INK))
    painter.setFont(sheet.font())
    room = QRectF(left, y, sheet.column, sheet.row)
    middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(room, middle, row.name)
    if row.help:
        left += QFontMetricsF(sheet.font()).horizontalAdvance(row.name)
        painter.setPen(QColor(_QUIET))
        painter.setFont(sheet.font(0.8))
        painter.drawText(QRectF(left, y, sheet.column, sheet.row), middle, f"  {row.help}")


def _draw_caps(painter: QPainter, keys: Sequence[str], x: float, y: float, sheet: _Sheet) -> None:
    """Caps as on the keyboard; arrows are drawn, for the type has none."""
    font = sheet.font(0.86, bold=True)
    metrics = QFontMetricsF(font)
    high, pad = sheet.row / sheet.spread * 0.8, sheet.size * 0.45 * sheet.point
    top = y + (sheet.row - high) / 2
    for key in keys:
        wide = max(high, metrics.horizontalAdvance(key) + 2 * pad)
        cap = QRectF(x, top, wide, high)
        painter.setPen(QPen(QColor(_EDGE), max(1.0, sheet.point * 0.6)))
        painter.setBrush(QColor(_CAP))
        painter.drawRoundedRect(cap, high * 0.2, high * 0.2)
        painter.setPen(QPen(QColor(_INK), max(1.0, sheet.point * 0.9)))
        if key in ("←", "→"):
            _draw_arrow(painter, cap, 1 if key == "→" else -1)
        else:
            painter.setFont(font)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        x += wide + sheet.size * 0.28 * sheet.point


def _draw_arrow(painter: QPainter, cap: QRectF, way: int) -> None:
    reach, wing, middle = cap.width() * 0.26, cap.height() * 0.17, cap.center()
    tip = QPointF(middle.x() + way * reach, middle.y())
    painter.drawLine(QPointF(middle.x() - way * reach, middle.y()), tip)
    for side in (-wing, wing):
        painter.drawLine(tip, QPointF(tip.x() - way * wing, tip.y() + side))
