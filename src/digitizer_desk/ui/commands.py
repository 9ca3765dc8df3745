# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every command in one table: its key, its words, where it holds. Key bar, tooltips and the F1 page are made from it.

Apart from the screens so that no two commands can share a key unseen, and a key means the same every day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from digitizer_desk.dossier.model import Role


class Place(StrEnum):
    """Where a command holds. EVERYWHERE includes all others."""

    EVERYWHERE = "everywhere"
    COUNTER = "counter"
    INSPECTOR = "inspector"
    OUTBOX = "outbox"
    SETTINGS = "settings"
    AGENCY = "agency"
    REVIEW = "review"
    INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Command:
    """``keys`` are Qt key names, the first one is shown; ``bar`` its words in the key bar ('' = not there).

    ``also``: the other screens on which it means the same; ``role``: only officers of this role have it or see it.
    """

    id: str
    keys: tuple[str, ...]
    name: str
    bar: str
    place: Place
    help: str
    also: tuple[Place, ...] = ()
    role: Role | None = None

    def holds(self, place: Place) -> bool:
        """Whether it is in force on a screen."""
        return self.place in (Place.EVERYWHERE, place) or place in self.also

    def is_for(self, roles: Collection[Role]) -> bool:
        """Whether an officer of these roles has it."""
        return self.role is None or self.role in roles


COMMANDS = (
    Command("help", ("F1",), "Trợ giúp", "Trợ giúp", Place.EVERYWHERE, "Màn hình này, phím của nó, việc lúc này"),
    Command("guide", ("Shift+F1",), "Hướng dẫn", "", Place.EVERYWHERE, "Sách có hình, tìm được, không cần mạng"),
    Command("receive", ("F2",), "Hồ sơ mới", "Hồ sơ mới", Place.EVERYWHERE, "Quét hoặc gõ mã trên giấy tiếp nhận"),
    Command("find", ("F3",), "Tìm hồ sơ", "Tìm", Place.EVERYWHERE, "Tìm theo mã hoặc tên, không cần dấu"),
    Command("scan", ("F4",), "Quét", "QUÉT", Place.COUNTER, "Quét, hoặc quét tiếp, giấy trong khay"),
    Command("intake", ("Ctrl+O",), "Nhập tệp", "Nhập tệp", Place.COUNTER, "Ảnh, TIFF, PDF; cũng kéo thả vào quầy được"),
    Command("tray", ("Ctrl+Shift+O",), "Tệp chờ xếp", "", Place.COUNTER, "Tệp máy quét gửi vào thư mục nhận"),
    Command("wait", ("Shift+F4",), "Chờ giấy", "", Place.COUNTER, "Tự quét khi khay có giấy; Esc thôi chờ"),
    Command("reload", ("F5",), "Nạp lại", "", Place.EVERYWHERE, "Tìm lại máy quét; ở hàng chờ: gửi ngay"),
    Command("rescan", ("F6",), "Quét lại trang", "Quét lại", Place.COUNTER, "Quét lại trang đang chọn, tại chỗ"),
    Command("inspect", ("F7",), "Soi trang", "Soi", Place.COUNTER, "Xem lớn trang và kết quả đo", (Place.AGENCY,)),
    Command("data", ("F8",), "Nhập dữ liệu", "Dữ liệu", Place.COUNTER, "Tới ô dữ liệu còn thiếu đầu tiên"),
    Command(
        "sign", ("F9",), "Ký số", "KÝ SỐ", Place.COUNTER, "Ký mọi thành phần đã đạt, một lần nhập PIN", (Place.AGENCY,)
    ),
    Command("accept", ("Ctrl+Return", "Ctrl+Enter"), "Nhận dữ liệu", "", Place.COUNTER, "Nhận các ô, lấy mã, đi tiếp"),
    Command("previous", ("PgUp",), "Thành phần trước", "", Place.COUNTER, ""),
    Command("next", ("PgDown",), "Thành phần sau", "", Place.COUNTER, "Cũng dùng Ctrl+1 … Ctrl+9"),
    Command("remove", ("Del",), "Bỏ trang", "", Place.COUNTER, "Trang vẫn được giữ, hoàn tác được"),
    Command("left", ("Ctrl+Left",), "Chuyển trang lên trước", "", Place.COUNTER, ""),
    Command("right", ("Ctrl+Right",), "Chuyển trang ra sau", "", Place.COUNTER, ""),
    Command("turn", ("Ctrl+R",), "Xoay trang", "", Place.COUNTER, "Xoay phải một phần tư vòng"),
    Command("straighten", ("Ctrl+D",), "Chỉnh thẳng", "", Place.COUNTER, "Xem bản cũ và bản mới rồi mới dùng"),
    Command("crop", ("Ctrl+M",), "Cắt viền", "", Place.COUNTER, "Bỏ nền máy quét quanh tờ giấy"),
    Command("lighten", ("Ctrl+I",), "Chỉnh sáng", "", Place.COUNTER, "Làm trắng nền giấy bị tối"),
    Command("note", ("Ctrl+N",), "Đánh dấu ghi chú", "", Place.COUNTER, "Bản có, bản không có giấy ghi chú"),
    Command("blank_backs", ("Ctrl+W",), "Bỏ mọi mặt sau trắng", "", Place.COUNTER, "Chỉ khi tất cả mặt sau đều trắng"),
    Command("keep", ("Ctrl+G",), "Giữ trang, ghi lý do", "", Place.COUNTER, "Khi giấy gốc mờ, rách…"),
    Command("leave_out", ("Ctrl+K",), "Không số hóa thành phần", "", Place.COUNTER, "Ghi lý do theo quy định"),
    Command("hand_on", ("Ctrl+B",), "Chuyển tiếp chưa đầy đủ", "", Place.COUNTER, "Người xử lý bổ sung sau"),
    Command("insert_after", ("Ins",), "Chèn trang sau", "", Place.COUNTER, "Quét vào sau trang đang chọn"),
    Command("insert_before", ("Shift+Ins",), "Chèn trang trước", "", Place.COUNTER, "Quét vào trước trang đang chọn"),
    Command("work_type", ("Ctrl+T",), "Loại việc quét", "", Place.COUNTER, "Chọn cách quét, đổi chỉ lần này"),
    Command("join", ("Ctrl+J",), "Ghép mặt sau", "", Place.COUNTER, "Xếp mặt sau theo mặt trước, hoặc để một mặt"),
    Command("machine", ("Shift+F7",), "Máy quét cần lau", "", Place.COUNTER, "Các trang cho thấy sọc, mờ, tối của máy"),
    Command("taken_out", ("Ctrl+Del",), "Trang đã bỏ", "", Place.COUNTER, "Xem và lấy lại trang đã bỏ"),
    Command(
        "recovered", ("Ctrl+Shift+T",), "Trang chưa xếp", "", Place.EVERYWHERE, "Còn lại sau mất điện", role=Role.CLERK
    ),
    Command("signatures", ("Ctrl+E",), "Chữ ký", "", Place.COUNTER, "Ai đã ký, còn nguyên vẹn không", (Place.AGENCY,)),
    Command("undo", ("Ctrl+Z",), "Hoàn tác", "", Place.COUNTER, "Không giới hạn, qua cả lần mở sau"),
    Command("redo", ("Ctrl+Y",), "Làm lại", "", Place.COUNTER, ""),
    Command("saved", ("Ctrl+S",), "Đã lưu", "", Place.EVERYWHERE, "Không cần lưu: mọi thứ đã được giữ"),
    Command("outbox", ("Ctrl+H",), "Hàng chờ gửi", "Hàng chờ", Place.EVERYWHERE, "Các gói đang chờ, đã nhận, bị trả"),
    Command(
        "agency", ("Ctrl+Shift+V",), "Ký của cơ quan", "", Place.EVERYWHERE, "Tài liệu chờ ký sao y", role=Role.VAN_THU
    ),
    Command("result", ("Ctrl+Shift+R",), "Thêm kết quả", "", Place.COUNTER, "Kết quả giải quyết: quét hoặc nhập tệp"),
    Command(
        "no_result", ("Ctrl+Shift+K",), "Không phải kết quả", "", Place.COUNTER, "Giấy tờ trung gian; nhấn lại để đổi"
    ),
    Command("granted", ("Ctrl+Shift+D",), "Đã có kết quả", "", Place.COUNTER, "Ghi nơi có kết quả của hồ sơ"),
    Command("cancel_result", ("Ctrl+Shift+H",), "Hủy hiệu lực kết quả", "", Place.COUNTER, "Văn thư, người duyệt"),
    Command(
        "older", ("Ctrl+Shift+L",), "Kết quả còn hiệu lực", "", Place.EVERYWHERE, "Danh sách chờ số hóa; nhập Excel"
    ),
    Command("review", ("Ctrl+Shift+C",), "Duyệt chất lượng", "", Place.EVERYWHERE, "Lô, mẫu, kết luận; số liệu"),
    Command("returned", ("Ctrl+Shift+N",), "Trang bị trả lại", "", Place.EVERYWHERE, "Người duyệt trả lại để sửa"),
    Command("monthly", ("Ctrl+Shift+B",), "Báo cáo tháng", "", Place.EVERYWHERE, "Bảng 14 cột và lý do chưa số hóa"),
    Command("print", ("Ctrl+P",), "In", "", Place.REVIEW, "Phiếu kết luận của lô"),
    Command("waiting", ("Ctrl+Shift+W",), "Hồ sơ chờ ở quầy", "", Place.EVERYWHERE, "Danh sách của tỉnh gửi về"),
    Command("reuse", ("Ctrl+Shift+U",), "Tái sử dụng giấy tờ", "", Place.COUNTER, "Tra kho của tỉnh, khỏi quét"),
    Command("send_first", ("Shift+F5",), "Gửi gói này trước", "", Place.OUTBOX, "Trước mọi gói khác, bỏ qua giờ gửi"),
    Command("pause_sending", ("Ctrl+F5",), "Tạm dừng gửi, gửi tiếp", "Tạm dừng", Place.OUTBOX, "Cả hàng chờ"),
    Command("lock", ("Ctrl+L",), "Khóa màn hình", "", Place.EVERYWHERE, "Rời quầy: khóa, không đóng chương trình"),
    Command("officers", ("Ctrl+U",), "Cán bộ, mật khẩu", "", Place.EVERYWHERE, "Đổi mật khẩu; CNTT: thêm, ngừng dùng"),
    Command("settings", ("Ctrl+,",), "Thiết lập", "", Place.EVERYWHERE, "Đơn vị, máy quét, token, tỉnh, hiển thị…"),
    Command("larger", ("Ctrl++", "Ctrl+="), "Chữ lớn hơn", "", Place.EVERYWHERE, ""),
    Command("smaller", ("Ctrl+-",), "Chữ nhỏ hơn", "", Place.EVERYWHERE, ""),
    Command("back", ("Esc",), "Dừng, đóng, quay lại", "", Place.EVERYWHERE, "Theo thứ tự đó"),
)

_KEYCAPS = (("Return", "Enter"), ("Left", "←"), ("Right", "→"), ("PgDown", "PgDn"))

BY_ID = {command.id: command for command in COMMANDS}


def bar_for(place: Place) -> tuple[Command, ...]:
    """The commands of the key bar on a screen, help last. What a screen shares with another it shows itself."""
    here = [c for c in COMMANDS if c.bar and c.place in (Place.EVERYWHERE, place)]
    return tuple(sorted(here, key=lambda c: (c.id == "help", c.id == "outbox")))


def shown(key: str) -> str:
    """A Qt key name as it stands on Vietnamese keyboards: "Ctrl+Left" -> "Ctrl+←"."""
    for name, words in _KEYCAPS:
        key = key.replace(name, words)
    return key


def in_force(place: Place, roles: Collection[Role] = (), more: Collection[str] = ()) -> tuple[Command, ...]:
    """What an officer of these roles can do on a screen, in the order of the table. ``more``: ids a room adds."""
    return tuple(c for c in COMMANDS if (c.holds(place) or c.id in more) and c.is_for(roles))
