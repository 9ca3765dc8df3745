# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Everything that can be set, as one table without Qt: sections, rows, what a value may be. Window and wizard read it.

Apart from the screen so that order and words are tested without a window, and a new setting is one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | bool | None


class Kind(StrEnum):
    """How a row is filled in."""

    TEXT = "text"
    HIDDEN = "hidden"  # typed, kept in the cabinet, never shown again
    CHOICE = "choice"
    FOLDER = "folder"
    FILE = "file"
    TOLD = "told"  # shown only


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``key`` as in the settings file, or a name of its own for what is only told. ``choices`` are value and
    words; those of a row without any come when the section is opened (machines, work types, profiles)."""

    key: str
    label: str
    kind: Kind
    hint: str = ""
    choices: tuple[tuple[Value, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """A button of a section: what it does is the window's."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the settings."""

    id: str
    title: str
    rows: tuple[Row, ...]
    acts: tuple[Act, ...] = ()
    note: str = ""


_SOURCES: tuple[tuple[Value, str], ...] = (
    (None, "Theo loại việc"),
    ("feeder", "Khay nạp, một mặt"),
    ("feeder-duplex", "Khay nạp, hai mặt"),
    ("flatbed", "Mặt kính"),
)
_SCHEMES: tuple[tuple[Value, str], ...] = (("system", "Theo hệ thống"), ("light", "Sáng"), ("dark", "Tối"))
_AFTER: tuple[tuple[Value, str], ...] = (
    ("remove", "Xóa bản rõ khi kho đã giữ"),
    ("move", "Chuyển vào thư mục con da-nhan"),
)
_EVERY: tuple[tuple[Value, str], ...] = ((15, "15 phút"), (30, "30 phút"), (60, "1 giờ"), (240, "4 giờ"))
#: two times of day that are set together
HOURS = "sending.hours"
_HOURS: tuple[tuple[Value, str], ...] = (
    ("", "Bất cứ lúc nào"),
    ("17:00-07:00", "Ngoài giờ làm việc, 17:00 đến 07:00"),
    ("19:00-06:00", "Ban đêm, 19:00 đến 06:00"),
    ("22:00-05:00", "Ban đêm, 22:00 đến 05:00"),
)
_LIMITS: tuple[tuple[Value, str], ...] = (
    (0, "Không giới hạn"),
    (32_768, "32 KB mỗi giây"),
    (131_072, "128 KB mỗi giây"),
    (524_288, "512 KB mỗi giây"),
)
_OVERDUE: tuple[tuple[Value, str], ...] = ((8.0, "8 giờ"), (24.0, "1 ngày"), (48.0, "2 ngày"), (72.0, "3 ngày"))
_KEPT: tuple[tuple[Value, str], ...] = (
    (30, "30 ngày sau khi tỉnh nhận"),
    (90, "90 ngày sau khi tỉnh nhận"),
    (365, "1 năm sau khi tỉnh nhận"),
    (0, "Không tự xóa"),
)
_RESOLUTIONS = (200, 240, 300, 400, 600)

SECTIONS = (
    Section(
        "unit",
        "Đơn vị, quầy",
        (
            Row("unit.code", "Mã đơn vị", Kind.TEXT, "Mã định danh cơ quan, ví dụ 000.12.34.H08"),
            Row("unit.name", "Tên cơ quan", Kind.TEXT, "Đúng như trên chứng thư số của cơ quan"),
            Row("unit.counter", "Quầy số", Kind.TEXT),
            Row("data", "Thư mục dữ liệu", Kind.TOLD),
        ),
    ),
    Section(
        "scanner",
        "Máy quét",
        (
            Row("scanner.id", "Máy quét đang dùng", Kind.CHOICE),
            Row("scanner.source", "Nguồn giấy", Kind.CHOICE, choices=_SOURCES),
            Row("scanner.dpi", "Độ phân giải", Kind.CHOICE),
            Row("colour", "Màu", Kind.TOLD),
            Row("scanner.work_type", "Loại việc đầu tiên", Kind.CHOICE),
        ),
        (Act("find_scanner", "Tìm lại máy quét"), Act("add_scanner", "Thêm theo địa chỉ…"), Act("trial", "Quét thử")),
        "Quét thử không lưu gì: tờ giấy chỉ hiện ra ở đây cùng kết quả kiểm tra.",
    ),
    Section(
        "token",
        "USB Token",
        (
            Row("token", "Token đang cắm", Kind.TOLD),
            Row("certificate", "Chứng thư ký", Kind.TOLD),
            Row("modules", "Phần mềm đã cài", Kind.TOLD),
        ),
        (Act("find_token", "Tìm lại token"),),
        "Mã PIN chỉ được hỏi khi ký và không bao giờ được lưu.",
    ),
    Section(
        "province",
        "Hệ thống tỉnh",
        (
            Row("province.name", "Tên hệ thống", Kind.TEXT),
            Row("province.base_url", "Địa chỉ", Kind.TEXT, "https://…"),
            Row("province.desk_id", "Mã bàn", Kind.TEXT, "Do tỉnh cấp"),
            Row("secret", "Khóa truy cập", Kind.HIDDEN, "Gõ khóa mới rồi nhấn Enter; khóa cũ không hiện lại"),
            Row("province.ca_file", "Chứng thư gốc riêng", Kind.FILE, "Để trống nếu tỉnh dùng chứng thư công cộng"),
            Row(
                "province.receipt_qr",
                "Mã QR giấy tiếp nhận",
                Kind.TEXT,
                "Để trống: chỉ mã hồ sơ; hoặc <code>|<procedure>",
            ),
            Row("timestamps.url", "Nơi cấp dấu thời gian", Kind.TEXT, "Để trống: ký không có dấu thời gian"),
            Row("rules_of", "Quy định trên máy", Kind.TOLD),
        ),
        (Act("try_province", "Thử kết nối"),),
        "Chưa có mạng thì làm sau: mọi việc ở quầy vẫn chạy.",
    ),
    Section(
        "sending",
        "Gửi và lưu giữ",
        (
            Row(HOURS, "Giờ gửi", Kind.CHOICE, choices=_HOURS),
            Row("sending.bytes_per_s", "Giới hạn đường truyền", Kind.CHOICE, choices=_LIMITS),
            Row("sending.overdue_hours", "Báo quá hạn sau", Kind.CHOICE, choices=_OVERDUE),
            Row("retention.days", "Giữ bản quét trên máy", Kind.CHOICE, choices=_KEPT),
            Row("retention.paper_place", "Nơi lưu bản giấy", Kind.TEXT, "Ví dụ: Kho lưu trữ tầng 2"),
        ),
        note="Ngoài giờ gửi, F5 ở hàng chờ vẫn gửi ngay. Chưa gửi xong thì không bao giờ tự xóa.",
    ),
    Section(
        "look",
        "Hiển thị",
        (Row("scheme", "Nền", Kind.CHOICE, choices=_SCHEMES), Row("size", "Cỡ chữ", Kind.TOLD)),
    ),
    Section(
        "law",
        "Quy định",
        (
            Row("regulation", "Quy định áp dụng", Kind.CHOICE),
            Row("law", "Hôm nay", Kind.TOLD),
            Row("procedures", "Thủ tục", Kind.TOLD),
            Row("refused", "Tệp bị loại", Kind.TOLD),
            Row("packs", "Gói của tỉnh", Kind.TOLD),
        ),
        (Act("take_pack", "Nhập gói quy định…"), Act("fetch_packs", "Lấy gói từ tỉnh")),
        note="Hồ sơ đã tiếp nhận giữ quy định của ngày tiếp nhận.",
    ),
    Section(
        "data",
        "Dữ liệu",
        (
            Row("backup.folder", "Nơi sao lưu", Kind.FOLDER, "Ổ đĩa khác hoặc USB; bản sao được mã hóa"),
            Row("backup.every_minutes", "Sao lưu mỗi", Kind.CHOICE, choices=_EVERY),
            Row("last_backup", "Bản sao gần nhất", Kind.TOLD),
            Row("intake.folder", "Thư mục nhận tệp", Kind.FOLDER, "Nơi máy quét mạng gửi tệp tới"),
            Row("intake.after", "Tệp đã nhận", Kind.CHOICE, choices=_AFTER),
            Row("free", "Ổ đĩa", Kind.TOLD),
        ),
        (Act("back_up", "Sao lưu ngay"),),
    ),
    Section(
        "about",
        "Giới thiệu",
        (
            Row("version", "Phiên bản", Kind.TOLD),
            Row("licence", "Giấy phép", Kind.TOLD),
            Row("files", "Tệp thiết lập", Kind.TOLD),
        ),
        (
            Act("wizard", "Thiết lập từng bước…"),
            Act("checkup", "Kiểm tra máy này…"),
            Act("sheet", "Phiếu thông tin máy…"),
            Act("keys_print", "In thẻ phím…"),
            Act("keys_save", "Lưu thẻ phím…"),
        ),
    ),
)

BY_KEY = {row.key: row for section in SECTIONS for row in section.rows}


def resolutions(least: int) -> tuple[tuple[Value, str], ...]:
    """What may be chosen for dpi under a law that asks ``least``."""
    return ((None, "Theo loại việc"), *((dpi, f"{dpi} dpi") for dpi in _RESOLUTIONS if dpi >= least))


def with_present(choices: Sequence[tuple[Value, str]], value: Value, words: str) -> tuple[tuple[Value, str], ...]:
    """The choices, with the present value among them even where it is none of them now (a machine switched off)."""
    held = tuple(choices)
    if value in (None, "") or any(value == known for known, _ in held):
        return held
    return ((value, words), *held)
