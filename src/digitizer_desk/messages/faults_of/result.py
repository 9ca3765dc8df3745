# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for what can go wrong with results and with the agency's signature.

Apart from the other faults because another person reads them: Văn thư, not the clerk at the counter.
"""

from __future__ import annotations

from digitizer_desk.messages.form import Message

RESULTS = {
    "token.not_agency": Message(
        "Token này của {holder}.",
        "Ký của cơ quan cần token của {office}.",
        "Cắm đúng token; tên cơ quan khác thì báo bộ phận CNTT.",
    ),
    "signature.no_office": Message(
        "Chưa khai tên cơ quan.", "Chữ ký của cơ quan phải ghi tên này.", "Nhờ bộ phận CNTT điền tên đơn vị."
    ),
    "signature.copy_no_room": Message(
        "«{component}» chưa ký.",
        "Góc trên bên phải trang đầu không còn chỗ trống.",
        "Xem tài liệu (F7); nhận dấu đè nét thì nhấn Space.",
    ),
    "signature.seal_missing": Message(
        "Chưa có hình con dấu.", "", "Nhờ bộ phận CNTT đặt tệp .png của cơ quan vào thư mục cài đặt của tỉnh."
    ),
    "signature.seal_unfit": Message(
        "Hình con dấu «{file}» không dùng được.", "{why}.", "Báo bộ phận CNTT thay tệp .png."
    ),
    "signature.seal_not_archive": Message(
        "Không dùng hình dấu cho «{component}».", "{why}.", "Chọn dạng chữ SAO Y rồi nhấn F9."
    ),
    "result.cancelled": Message(
        "«{component}» đã hủy hiệu lực.", "Tệp chỉ còn để tra cứu.", "Nhấn Ctrl+E để xem chữ ký."
    ),
    "result.original": Message(
        "«{component}» không cần sao y.",
        "Tệp đã có chữ ký số của người có thẩm quyền và của cơ quan.",
        "Nhấn Ctrl+E để xem chữ ký.",
    ),
    "result.signatures_bad": Message(
        "Chưa nhận «{component}».", "{why}.", "Xem chữ ký (Ctrl+E) và hỏi cơ quan đã ban hành."
    ),
    "result.not_one": Message("«{component}» không phải là kết quả.", "", "Chọn tài liệu kết quả rồi thử lại (PgDn)."),
    "result.certified": Message(
        "«{component}» đã có chữ ký của cơ quan.", "Loại giấy tờ không đổi được nữa.", "Nhấn Ctrl+E để xem chữ ký."
    ),
    "result.taken": Message("Kết quả số {number} đã được chọn trước đó.", "", "Nhấn F3 để tìm hồ sơ của kết quả này."),
    "result.not_told": Message(
        "Đã ghi hủy «{component}», tỉnh chưa được báo.",
        "Bản lưu đã xóa khỏi máy này.",
        "Liên hệ tỉnh để báo hủy bằng văn bản.",
    ),
    "result.list_unreadable": Message(
        "Không đọc được danh sách «{file}».", "{why}.", "Lưu lại tệp ở dạng Excel (.xlsx) rồi thử lại (Ctrl+O)."
    ),
    "result.list_bad": Message(
        "Chưa nhập «{file}».", "Còn {rows} dòng cần sửa, chưa dòng nào được nhập.", "Sửa rồi nhập lại (Ctrl+O)."
    ),
}
