# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for what can go wrong with what comes from the province: its list, its papers, its packs.

Apart from the other faults of the province, which are about what goes there.
"""

from __future__ import annotations

from digitizer_desk.messages.form import Message

INCOMING = {
    "province.returned": Message(
        "Tỉnh trả lại: {said}.",
        "Tài liệu đã được nhận, sau đó bị trả lại.",
        "Nhấn Enter để mở hồ sơ, sửa rồi ký lại (F9).",
    ),
    "province.not_offered": Message(
        "Hệ thống tỉnh này không cho xem mục đó.",
        "Kiểu kết nối đang dùng không có chức năng này.",
        "Làm như thường lệ; cần thì báo bộ phận CNTT.",
    ),
    "waiting.offline": Message(
        "Chưa hỏi được hệ thống tỉnh.",
        "Danh sách trên là lần lấy gần nhất.",
        "Vẫn mở được hồ sơ; nhấn F5 để thử lại.",
    ),
    "waiting.unknown": Message(
        "Hồ sơ {code} không còn trong danh sách chờ.", "", "Nhấn F5 để lấy lại danh sách, hoặc F2 để nhập tay."
    ),
    "reuse.offline": Message(
        "Chưa tra được kho dữ liệu của tỉnh.",
        "Việc tra cứu cần có mạng.",
        "Nhấn F5 để thử lại, hoặc quét giấy như thường lệ (F4).",
    ),
    "reuse.no_identifier": Message(
        "Hồ sơ chưa có số định danh.", "Kho dữ liệu tra theo số này.", "Quét giấy như thường lệ (F4)."
    ),
    "reuse.not_valid": Message("Không dùng lại được «{title}».", "{why}.", "Chọn giấy tờ khác, hoặc quét giấy (F4)."),
    "reuse.other_owner": Message(
        "Giấy tờ này không có trong lần tra cứu của hồ sơ này.", "", "Nhấn F5 để tra lại rồi chọn."
    ),
    "reuse.not_empty": Message(
        "«{component}» đã có trang hoặc đã xử lý.",
        "Chỉ thành phần còn trống mới dùng lại giấy tờ.",
        "Bỏ các trang trước (Del), hoặc giữ bản đã quét.",
    ),
    "reuse.stands": Message(
        "«{component}» đang dùng lại giấy tờ ở kho của tỉnh.",
        "",
        "Bỏ chọn trước (Ctrl+Shift+U), rồi làm lại.",
    ),
    "reuse.sent": Message(
        "Đã báo tỉnh dùng lại giấy tờ cho «{component}».", "Không bỏ chọn được nữa.", "Cần đổi thì báo bộ phận CNTT."
    ),
    "pack.not_pinned": Message(
        "Chưa khai chứng thư được phép ký gói quy định.",
        "Không nhận gói nào khi chưa khai.",
        "Báo bộ phận CNTT khai mục [packs] signers.",
    ),
    "pack.unsigned": Message(
        "Gói «{file}» không có chữ ký đọc được.",
        "Gói cũ vẫn dùng.",
        "Chép cả tệp chữ ký đi kèm; nếu không có, liên hệ nơi phát hành.",
    ),
    "pack.altered": Message(
        "Gói «{file}» đã bị thay đổi sau khi ký.", "Gói cũ vẫn dùng.", "Liên hệ nơi phát hành xin lại gói."
    ),
    "pack.stranger": Message(
        "Gói «{file}» do người lạ ký: {signer}.",
        "Chứng thư này không phải chứng thư đã khai. Gói cũ vẫn dùng.",
        "Báo bộ phận CNTT.",
    ),
    "pack.untrusted": Message(
        "Không tin được chứng thư ký gói «{file}»: {signer}.",
        "Chưa có chứng thư gốc của nó. Gói cũ vẫn dùng.",
        "Báo bộ phận CNTT.",
    ),
    "pack.expired": Message(
        "Chứng thư ký gói «{file}» hết hạn: {signer}.",
        "Hạn đến {until}. Gói cũ vẫn dùng.",
        "Liên hệ nơi phát hành xin gói mới.",
    ),
    "pack.newer_format": Message(
        "Gói «{file}» có dạng mới hơn chương trình này.", "Gói cũ vẫn dùng.", "Báo bộ phận CNTT cập nhật chương trình."
    ),
    "pack.unreadable": Message(
        "Không đọc được gói «{file}».", "Sai ở chỗ: {where}. Gói cũ vẫn dùng.", "Liên hệ nơi phát hành xin lại gói."
    ),
    "pack.unusable": Message(
        "Quy định trong gói «{file}» không dùng được.",
        "Sai ở chỗ: {where}. Gói cũ vẫn dùng.",
        "Liên hệ nơi phát hành sửa gói.",
    ),
    "pack.older": Message(
        "Gói «{title}» số {sequence} không mới hơn gói đang giữ.",
        "Đang giữ số {kept}.",
        "Liên hệ nơi phát hành nếu cần gói mới.",
    ),
    "pack.cut": Message(
        "Tải gói «{file}» chưa trọn.", "Đường truyền đứt giữa chừng. Gói cũ vẫn dùng.", "Nhấn F5 để tải lại."
    ),
    "pack.key_unusable": Message(
        "Không dùng được khóa «{file}».",
        "Sai mật khẩu hoặc tệp không giữ khóa.",
        "Kiểm tra tệp và mật khẩu rồi nhấn Enter.",
    ),
}
