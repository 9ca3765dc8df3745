# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words of the monthly table and of the report of reasons, for window, workbook, paper and terminal.

Apart because all four must say the same heading over the same number.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from digitizer_desk.dossier.monthly import MonthRow
from digitizer_desk.messages.form import Message
from digitizer_desk.province.reports.returned import source_table
from digitizer_desk.province.reports.tables import Cell, Table
from digitizer_desk.steps.review.adding import Added
from digitizer_desk.steps.review.monthly import MonthReport

MONTHLY = {
    "report.month_unknown": Message(
        "Không hiểu tháng «{month}».", "Tháng viết theo dạng năm-tháng.", "Gõ lại rồi nhấn Enter."
    ),
    "report.kind_unknown": Message(
        "Không ghi được «{file}».", "Báo cáo ghi ra tệp .xlsx, .csv hoặc .pdf.", "Đổi đuôi tệp rồi nhấn Enter."
    ),
    "report.numbers_wrong": Message(
        "Số liệu không khớp.",
        "Số kết quả đã số hóa không thể nhiều hơn số hồ sơ đã giải quyết.",
        "Sửa lại số rồi nhấn Enter.",
    ),
    "report.not_ours": Message(
        "Không gộp được «{file}».",
        "Đây không phải báo cáo tháng (.xlsx) do Bàn số hóa lập.",
        "Chọn tệp khác rồi nhấn Enter, hoặc lập lại báo cáo ở bàn đó.",
    ),
    "report.cell_wrong": Message(
        "Ô {cell} của «{file}» không phải số đếm.", "", "Sửa ô đó trong bảng tính, lưu lại, rồi nhấn Enter."
    ),
    "report.month_differs": Message(
        "«{file}» là của tháng {month}.", "Chỉ gộp báo cáo của cùng một tháng.", "Bỏ tệp đó ra rồi nhấn Enter."
    ),
    "report.desk_twice": Message(
        "«{file}» là bảng gộp có bàn trùng.",
        "Bàn đó đã có ở tệp khác, cộng vào là đếm hai lần.",
        "Bỏ một trong hai tệp rồi nhấn Enter.",
    ),
}

#: (1) to (14)
HEADER = (
    "STT",
    "Tên cơ quan, đơn vị",
    "Tổng số hồ sơ tiếp nhận",
    "Có sử dụng tài khoản Cổng DVCQG",
    "Nộp trực tiếp",
    "Nộp trực tuyến",
    "Số hóa thành phần hồ sơ: đầy đủ",
    "Số hóa thành phần hồ sơ: chưa đầy đủ",
    "Tỷ lệ số hóa thành phần hồ sơ",
    "Tổng số hồ sơ đã giải quyết",
    "Số hồ sơ được số hóa kết quả",
    "Tỷ lệ hồ sơ có số hóa kết quả",
    "Hồ sơ có tái sử dụng dữ liệu đã số hóa",
    "Tỷ lệ tái sử dụng kết quả số hóa",
)
#: under the headings, as the form prints them
NUMBERS = (
    *(f"({number})" for number in range(1, 9)),
    "(9)=(7+8)/3",
    "(10)",
    "(11)",
    "(12)=(11)/(10)",
    "(13)",
    "(14)=(13)/(5+6)",
)
REASON_HEADER = ("STT", "Lý do chưa số hóa", "Số giấy tờ", "Số hồ sơ")

REASON_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "not_scanned": "Chưa quét",
        "pages_missing": "Thiếu trang, chưa đối chiếu đủ số mặt giấy",
        "low_dpi": "Độ phân giải thấp",
        "not_colour": "Ảnh không màu, sai màu chữ ký, con dấu",
        "blurred": "Ảnh mờ, tối",
        "skewed": "Ảnh lệch, sai chiều",
        "cut": "Mất góc, mất mép",
        "bad_page": "Trang chưa đạt vì lý do khác",
        "not_signed": "Chưa ký số hoặc phải ký lại",
        "not_extracted": "Đã quét nhưng chưa bóc tách dữ liệu",
        "not_sent": "Chưa tải lên hệ thống đầy đủ, kịp thời",
        "sent_back": "Tỉnh trả lại",
        "left_out": "Không số hóa, có ghi lý do",
        "refused": "Không thuộc diện số hóa",
    }
)

NOT_STATED = "chưa nhập"
NO_RATIO = "–"


def cell_words(value: str | int | float | None, column: int) -> str:
    """A cell of the table as read: "70,0 %", "–" for a ratio without denominator, "chưa nhập" for a missing number.

    Args:
        column: 1 to 14.
    """
    if value is None:
        return NO_RATIO if "=" in NUMBERS[column - 1] else NOT_STATED
    if isinstance(value, float):
        return f"{value * 100:.1f} %".replace(".", ",")
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def title(month: str) -> str:
    """The heading over the table; ``month`` as "11/2026"."""
    return f"Tình hình số hóa hồ sơ, kết quả giải quyết thủ tục hành chính, tháng {month}"


def reasons_title(month: str) -> str:
    """The heading over the reasons."""
    return f"Lý do giấy tờ chưa được số hóa, tháng {month}"


def notes(total: MonthRow) -> tuple[str, ...]:
    """What stands below the table: the difference, what is missing, what the numbers count."""
    said = [f"Chênh lệch (3) - (5+6) = {total.difference}."]
    if total.difference:
        said.append("Có hồ sơ không thuộc cột (5) hay (6): kiểm tra lại hình thức nộp.")
    if None in (total.settled, total.settled_digitised, total.reused):
        said.append("Cột (10), (11), (13) lấy từ hệ thống giải quyết TTHC: chưa nhập đủ.")
    said.append(
        "Đơn vị tính là hồ sơ tiếp nhận trong tháng, theo trạng thái lúc lập. Giấy tờ chỉ tính đã số hóa khi đã ký,"
        " đủ dữ liệu và tỉnh đã nhận. Cột (10) chỉ tính hồ sơ đã giải quyết có kết quả phải trả."
    )
    return tuple(said)


def tables(report: MonthReport) -> tuple[Table, Table]:
    """The monthly table and the reasons, ready for a workbook, a text or paper."""
    rows = [row.columns(number) for number, row in enumerate(report.rows, 1)]
    rows.append(("", *report.total.columns(0)[1:]))
    shown = tuple(tuple(_cell(value, column) for column, value in enumerate(row, 1)) for row in rows)
    why = tuple(
        (number, REASON_NAMES[row.reason], row.papers, row.dossiers) for number, row in enumerate(report.reasons, 1)
    )
    month = report.month.words
    below = notes(report.total)
    if len(report.desks) > 1:
        below = (f"Gộp từ {len(report.desks)} bàn; mỗi bàn một lần.", *below)
    none = () if why else ("Mọi giấy tờ của tháng đã được số hóa.",)
    return (
        Table("Số hóa", title(month), HEADER, shown, NUMBERS, below, bold_last=True),
        Table("Lý do", reasons_title(month), REASON_HEADER, why, notes=none),
    )


def workbook(report: MonthReport) -> tuple[Table, ...]:
    """The same with the hidden sheet by which reports of several desks are added up."""
    return (*tables(report), source_table(str(report.month), report.desks, report.reasons))


def added_words(added: Added, to: Path | None) -> tuple[str, ...]:
    """What came of adding up, a sentence each; every file left out is named."""
    report = added.report
    where = f" vào {to}" if to is not None else ""
    told = [f"Đã gộp {len(report.desks)} bàn của {len(report.rows)} đơn vị, tháng {report.month.words}{where}."]
    told += [f"Không tính «{file.name}»: bàn đó có báo cáo mới hơn hoặc trùng." for file in added.left_out]
    return tuple(told)


def _cell(value: Cell, column: int) -> Cell:
    return cell_words(None, column) if value is None else value
