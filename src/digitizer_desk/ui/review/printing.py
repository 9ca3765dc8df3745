# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Sheets for paper: HTML onto A4, as PDF bytes or to a printer, and the one-page sheet of a lot's verdict.

Apart from the screens because what is printed is read by people who never saw the window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from digitizer_desk.dossier.review import LotPage, Verdict
from digitizer_desk.messages.form import text_of
from digitizer_desk.messages.review import LEVEL_NAMES, VERDICT_NAMES, lot_days, verdict_words
from digitizer_desk.rules.sampling import Scheme
from digitizer_desk.steps.review.agreement import Agreement
from digitizer_desk.steps.review.judging import Progress
from digitizer_desk.ui.screens.review.lines import said_words

_DPI = 300
_MARGIN_MM = 15.0
#: rows of faulty pages tried first on a sheet; what does not fit is counted, not dropped in silence
_FAULTY_ROWS = 16

_STYLE = """
body { font-family: 'Noto Sans'; color: #000; }
h1 { font-size: 13pt; margin: 0 0 4pt 0; } h2 { font-size: 11pt; margin: 6pt 0 2pt 0; }
p, td, th { font-size: 9.5pt; } table { border-collapse: collapse; border-color: #555; margin-top: 2pt; }
th { background: #eee; } .n { text-align: right; } .k { white-space: nowrap; }
"""


def pdf_of(html: str, title: str, *, landscape: bool = False) -> tuple[bytes, int]:
    """A4 pages with bundled type as PDF/A-1b, and how many pages they are."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_A1b)
    writer.setTitle(title)
    writer.setCreator("Bàn số hóa")
    writer.setResolution(_DPI)
    turn = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turn, margins, QPageLayout.Unit.Millimeter))
    document = QTextDocument()
    document.setDefaultFont(QFont("Noto Sans", 10))
    document.setDefaultStyleSheet(_STYLE)
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    size = QSizeF(writer.width(), writer.height())
    document.setPageSize(size)
    document.setHtml(f"<html><body>{html}</body></html>")
    painter = QPainter(writer)
    for page in range(document.pageCount()):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(0, -page * size.height())
        document.drawContents(painter, QRectF(0, page * size.height(), size.width(), size.height()))
        painter.restore()
    painter.end()
    return bytes(buffer.data().data()), document.pageCount()


def table_of(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers_from: int = 1) -> str:
    """A table; columns from ``numbers_from`` on are set flush right."""
    narrow = {"STT": ' width="5%"'}
    head = "".join(f"<th{narrow.get(text, '')}>{escape(text)}</th>" for text in header)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="n">{escape(t)}</td>'
            if c >= numbers_from
            else f'<td class="k">{escape(t)}</td>'
            if not c
            else f"<td>{escape(t)}</td>"
            for c, t in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table width="100%" border="1" cellspacing="0" cellpadding="3"><tr>{head}</tr>{body}</table>'


@dataclass(frozen=True, slots=True)
class VerdictSheet:
    """What the sheet of one lot says. ``names``: officer id -> name; ``office``: the agency and its counter."""

    progress: Progress
    scheme: Scheme
    agreement: tuple[Agreement, ...]
    names: Mapping[str, str]
    office: str


def verdict_html(sheet: VerdictSheet) -> str:
    """One page: the lot, how its sample was drawn, the verdict, the faulty pages, the machine beside the human.

    Long words take room: as many faulty pages are listed as leave it one page.
    """
    for rows in range(_FAULTY_ROWS, 0, -1):
        html = _verdict(sheet, rows)
        if pdf_of(html, "")[1] == 1:
            return html
    return _verdict(sheet, 0)


def _verdict(sheet: VerdictSheet, rows: int) -> str:
    lot, now = sheet.progress.lot, sheet.progress
    state = "chưa kết luận" if lot.verdict is Verdict.OPEN else f"{VERDICT_NAMES[lot.verdict]} lô"
    judged = f"Người duyệt: {escape(sheet.names.get(lot.judged_by, lot.judged_by) or '–')}"
    if lot.judged_at is not None:
        judged += f", lúc {text_of(lot.judged_at)}"
    sample = "xem hết" if lot.whole else f"mẫu {lot.sample_size} trang"
    return "".join(
        (
            f"<p>{escape(sheet.office)}</p>" if sheet.office else "",
            f"<h1>KẾT LUẬN DUYỆT CHẤT LƯỢNG: {escape(state.upper())}</h1>",
            f"<p>Lô số {lot.number}, ngày {lot_days(lot)}, {escape(lot.desk)}: {lot.size} trang đã ký, {sample}, mức"
            f" {LEVEL_NAMES[lot.level]}, nhận khi không quá {lot.accept} trang lỗi nặng và không có lỗi nghiêm trọng."
            f"<br>{escape(sheet.scheme.title)}, {escape(sheet.scheme.source)}.</p>",
            f"<p><b>{escape(_outcome(sheet))}</b>{'<br>' + escape(lot.note) if lot.note else ''}</p>",
            f"<p>{judged}. Trang theo máy quét: {_split(now.pages, 'scanner', {})}; theo cán bộ ký:"
            f" {_split(now.pages, 'officer', sheet.names)}.</p>",
            _faulty(sheet, rows),
            "<h2>Máy và người</h2>",
            table_of(
                ("Lỗi", "Lớp", "Cả hai thấy", "Chỉ máy thấy", "Chỉ người thấy"),
                [
                    (a.fault.name, a.fault.kind_name, str(a.both), str(a.only_machine), str(a.only_human))
                    for a in sheet.agreement
                ],
                numbers_from=2,
            ),
            f"<p>Mầm rút mẫu: {lot.seed}. Xếp các trang theo SHA-256 của «mầm, xuống dòng, mã trang:phiên bản», lấy từ"
            " đầu: ai cũng rút lại được đúng mẫu này.</p>",
            "<p>Người duyệt ký: ……………………………………</p>",
        )
    )


def _outcome(sheet: VerdictSheet) -> str:
    now = sheet.progress
    if now.verdict is Verdict.OPEN:
        return f"Đã xem {now.seen}/{now.lot.sample_size} trang của mẫu."
    said = verdict_words(now.lot, now.serious, now.critical)
    return f"{said} Lỗi nhẹ: {now.slight} trang."


def _split(pages: Sequence[LotPage], fact: str, names: Mapping[str, str]) -> str:
    counts = Counter(str(getattr(one.page, fact)) for one in pages)
    return escape(", ".join(f"{names.get(name, name)} {count}" for name, count in counts.most_common()))


def _faulty(sheet: VerdictSheet, most: int) -> str:
    bad = [one for one in sheet.progress.pages if one.judgement is not None and one.judgement.fault]
    if not bad:
        return "<p>Không có trang lỗi.</p>"
    rows = [
        (one.page.dossier_code, one.page.component_title, str(one.page.number), said_words(one, sheet.scheme.faults)[1])
        for one in bad[:most]
    ]
    more = len(bad) - len(rows)
    rest = f"<p>… và {more} trang lỗi khác, xem trong chương trình.</p>" if more else ""
    table = table_of(("Hồ sơ", "Giấy tờ", "Trang", "Lỗi"), rows, numbers_from=4) if rows else ""
    return f"<h2>Trang lỗi ({len(bad)})</h2>{table}{rest}"
