# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where sheets and figures leave the window: a PDF, a printer, a picture, a workbook, a text.

Apart because every screen asks for a name and a kind in the same way, and what is written is whole or not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from digitizer_desk.durable import whole_file
from digitizer_desk.errors import DeskError
from digitizer_desk.messages.form import text_of
from digitizer_desk.province.reports.tables import Table, as_csv, as_workbook
from digitizer_desk.steps.review.figures import DeskFigures
from digitizer_desk.ui.review.printing import pdf_of
from digitizer_desk.ui.screens.review.lines import age, reason_name

PDF, XLSX, CSV, PNG = "PDF (*.pdf)", "Bảng tính (*.xlsx)", "Văn bản (*.csv)", "Ảnh (*.png)"


def ask_name(title: str, name: str, kinds: Sequence[str], parent: QWidget) -> Path | None:
    """Where to: None when it was called off. A name without an ending gets that of the kind chosen."""
    chosen, kind = QFileDialog.getSaveFileName(parent, title, name, ";;".join(kinds))
    if not chosen:
        return None
    path = Path(chosen)
    ending = kind[kind.index("*") + 1 : -1] if "*" in kind else ".pdf"
    return path if path.suffix else path.with_suffix(ending)


def write(path: Path, content: bytes) -> str | DeskError:
    """Write a file whole; its name, or why not."""
    try:
        with whole_file(path) as stream:
            stream.write(content)
    except DeskError as problem:
        return problem
    return path.name


def save_pdf(html: str, title: str, name: str, parent: QWidget, *, landscape: bool = False) -> str | DeskError:
    """Ask where to and write A4 pages; '' when it was called off."""
    path = ask_name("Lưu PDF", name, (PDF,), parent)
    return "" if path is None else write(path, pdf_of(html, title, landscape=landscape)[0])


def print_html(html: str, parent: QWidget, *, landscape: bool = False) -> bool:
    """Ask for the printer and print. False when it was called off."""
    from PySide6.QtGui import QPageLayout
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    if landscape:
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    if not QPrintDialog(printer, parent).exec():
        return False
    page = QTextDocument()
    page.setHtml(html)
    page.print_(printer)
    return True


def picture_of_widget(widget: QWidget) -> bytes:
    """A widget as PNG, as it is on the screen."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    return bytes(buffer.data().data())


def save_figures(widget: QWidget, figures: DeskFigures, parent: QWidget) -> str | DeskError:
    """Ask where to and write the figures as numbers or as a picture; '' when it was called off."""
    name = f"so-lieu-{figures.at:%Y%m%d}.xlsx"
    path = ask_name("Xuất số liệu", name, (XLSX, CSV, PNG), parent)
    if path is None:
        return ""
    tables = tables_of(figures)
    if path.suffix == ".png":
        return write(path, picture_of_widget(widget))
    return write(path, as_csv(tables) if path.suffix == ".csv" else as_workbook(tables))


def tables_of(figures: DeskFigures) -> tuple[Table, ...]:
    """The overview as tables: totals, reasons, scanners by day."""
    when = text_of(figures.at)
    totals = (
        ("Hồ sơ tiếp nhận hôm nay", figures.dossiers_today),
        ("Trang đạt ngay lần đầu, 7 ngày", figures.rate),
        ("Trang đạt ngay lần đầu, 7 ngày trước đó", figures.rate_before),
        ("Tài liệu chờ ký", figures.to_sign),
        ("Gói chờ gửi", figures.unsent),
        ("Gói cũ nhất đã chờ", age(figures.oldest_unsent, figures.at)),
        ("Gói tỉnh trả lại", figures.sent_back),
    )
    days = [
        (scanner.scanner, text_of(day), pages, good, good / pages if pages else None)
        for scanner in figures.scanners
        for day, pages, good in scanner.days
    ]
    reasons = tuple((reason_name(word), count) for word, count in figures.reasons)
    return (
        Table("Tổng quan", f"Số liệu của bàn lúc {when}", ("Mục", "Giá trị"), totals),
        Table("Lỗi hay gặp", "Lỗi ở lần quét đầu, 7 ngày", ("Lỗi", "Số trang"), reasons),
        Table("Máy quét", "Đạt ngay lần đầu", ("Máy quét", "Ngày", "Số trang", "Đạt", "Tỷ lệ"), tuple(days)),
    )
