# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every command in one table: its key, its words, where it holds. Key bar, tooltips and the F1 page are made from it.

Apart from the screens so that no two commands can share a key unseen, and a key means the same every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a command holds. EVERYWHERE includes all others."""

    EVERYWHERE = "everywhere"
    COUNTER = "counter"
    INSPECTOR = "inspector"
    OUTBOX = "outbox"


@dataclass(frozen=True, slots=True)
class Command:
    """``keys`` are Qt key names, the first one is shown; ``bar`` its words in the key bar ('' = not there)."""

    id: str
    keys: tuple[str, ...]
    name: str
    bar: str
    place: Place
    help: str


COMMANDS = (
    Command("help", ("F1",), "Trợ giúp", "Trợ giúp", Place.EVERYWHERE, "Các phím của màn hình này"),
    Command("receive", ("F2",), "Hồ sơ mới", "Hồ sơ mới", Place.EVERYWHERE, "Quét hoặc gõ mã trên giấy tiếp nhận"),
    Command("find", ("F3",), "Tìm hồ sơ", "Tìm", Place.EVERYWHERE, "Tìm theo mã hoặc tên, không cần dấu"),
    Command("scan", ("F4",), "Quét", "QUÉT", Place.COUNTER, "Quét, hoặc quét tiếp, giấy trong khay"),
    Command("intake", ("Ctrl+O",), "Nhập tệp", "Nhập tệp", Place.COUNTER, "Ảnh, TIFF, PDF; cũng kéo thả vào quầy được"),
    Command("tray", ("Ctrl+Shift+O",), "Tệp chờ xếp", "", Place.COUNTER, "Tệp máy quét gửi vào thư mục nhận"),
    Command("wait", ("Shift+F4",), "Chờ giấy", "", Place.COUNTER, "Tự quét khi khay có giấy; Esc thôi chờ"),
    Command("reload", ("F5",), "Nạp lại", "", Place.EVERYWHERE, "Tìm lại máy quét; ở hàng chờ: gửi ngay"),
    Command("rescan", ("F6",), "Quét lại trang", "Quét lại", Place.COUNTER, "Quét lại trang đang chọn, tại chỗ"),
    Command("inspect", ("F7",), "Soi trang", "Soi", Place.COUNTER, "Xem lớn trang và kết quả đo"),
    Command("data", ("F8",), "Nhập dữ liệu", "Dữ liệu", Place.COUNTER, "Tới ô dữ liệu còn thiếu đầu tiên"),
    Command("sign", ("F9",), "Ký số", "KÝ SỐ", Place.COUNTER, "Ký mọi thành phần đã đạt, một lần nhập PIN"),
    Command("accept", ("Ctrl+Return", "Ctrl+Enter"), "Nhận dữ liệu", "", Place.COUNTER, "Nhận các ô, lấy mã, đi tiếp"),
    Command("previous", ("PgUp",), "Thành phần trước", "", Place.COUNTER, ""),
    Command("next", ("PgDown",), "Thành phần sau", "", Place.COUNTER, "Cũng dùng Ctrl+1 … Ctrl+9"),
    Command("remove", ("Del",), "Bỏ trang", "", Place.COUNTER, "Trang vẫn được giữ, hoàn tác được"),
    Command("left", ("Ctrl+Left",), "Chuyển trang lên trước", "", Place.COUNTER, ""),
    Command("right", ("Ctrl+Right",), "Chuyển trang ra sau", "", Place.COUNTER, ""),
    Command("turn", ("Ctrl+R",), "Xoay trang", "", Place.COUNTER, "Xoay phải một phần tư vòng"),
    Command("keep", ("Ctrl+G",), "Giữ trang, ghi lý do", "", Place.COUNTER, "Khi giấy gốc mờ, rách…"),
    Command("leave_out", ("Ctrl+K",), "Không số hóa thành phần", "", Place.COUNTER, "Ghi lý do theo quy định"),
    Command("hand_on", ("Ctrl+B",), "Chuyển tiếp chưa đầy đủ", "", Place.COUNTER, "Người xử lý bổ sung sau"),
    Command("insert_after", ("Ins",), "Chèn trang sau", "", Place.COUNTER, "Quét vào sau trang đang chọn"),
    Command("insert_before", ("Shift+Ins",), "Chèn trang trước", "", Place.COUNTER, "Quét vào trước trang đang chọn"),
    Command("work_type", ("Ctrl+T",), "Loại việc quét", "", Place.COUNTER, "Chọn cách quét, đổi chỉ lần này"),
    Command("join", ("Ctrl+J",), "Ghép mặt sau", "", Place.COUNTER, "Xếp mặt sau theo mặt trước, hoặc để một mặt"),
    Command("taken_out", ("Ctrl+Del",), "Trang đã bỏ", "", Place.COUNTER, "Xem và lấy lại trang đã bỏ"),
    Command("signatures", ("Ctrl+E",), "Chữ ký", "", Place.COUNTER, "Ai đã ký, còn nguyên vẹn không"),
    Command("undo", ("Ctrl+Z",), "Hoàn tác", "", Place.COUNTER, "Không giới hạn, qua cả lần mở sau"),
    Command("redo", ("Ctrl+Y",), "Làm lại", "", Place.COUNTER, ""),
    Command("saved", ("Ctrl+S",), "Đã lưu", "", Place.EVERYWHERE, "Không cần lưu: mọi thứ đã được giữ"),
    Command("outbox", ("Ctrl+H",), "Hàng chờ gửi", "Hàng chờ", Place.EVERYWHERE, "Các gói đang chờ, đã nhận, bị trả"),
    Command("send_first", ("Shift+F5",), "Gửi gói này trước", "", Place.OUTBOX, "Trước mọi gói khác, bỏ qua giờ gửi"),
    Command("pause_sending", ("Ctrl+F5",), "Tạm dừng gửi, gửi tiếp", "Tạm dừng", Place.OUTBOX, "Cả hàng chờ"),
    Command("lock", ("Ctrl+L",), "Khóa màn hình", "", Place.EVERYWHERE, "Rời quầy: khóa, không đóng chương trình"),
    Command("officers", ("Ctrl+U",), "Cán bộ của bàn", "", Place.EVERYWHERE, "Thêm cán bộ và vai trò (chỉ CNTT)"),
    Command("larger", ("Ctrl++", "Ctrl+="), "Chữ lớn hơn", "", Place.EVERYWHERE, ""),
    Command("smaller", ("Ctrl+-",), "Chữ nhỏ hơn", "", Place.EVERYWHERE, ""),
    Command("back", ("Esc",), "Dừng, đóng, quay lại", "", Place.EVERYWHERE, "Theo thứ tự đó"),
)

_KEYCAPS = (("Return", "Enter"), ("Left", "←"), ("Right", "→"), ("PgDown", "PgDn"))

BY_ID = {command.id: command for command in COMMANDS}


def bar_for(place: Place) -> tuple[Command, ...]:
    """The commands of the key bar on a screen, help last."""
    here = [c for c in COMMANDS if c.bar and c.place in (Place.EVERYWHERE, place)]
    return tuple(sorted(here, key=lambda c: (c.id == "help", c.id == "outbox")))


def shown(key: str) -> str:
    """A Qt key name as it stands on Vietnamese keyboards: "Ctrl+Left" -> "Ctrl+←"."""
    for name, words in _KEYCAPS:
        key = key.replace(name, words)
    return key


def help_rows(place: Place) -> tuple[tuple[str, str, str], ...]:
    """Rows of the F1 page: key, name, what it does."""
    return tuple(
        (shown(command.keys[0]), command.name, command.help)
        for command in COMMANDS
        if command.place in (Place.EVERYWHERE, place)
    )
