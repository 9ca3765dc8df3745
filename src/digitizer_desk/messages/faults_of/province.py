# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for everything that can happen between the desk and the province, in the form of all faults.

Apart because there are so many of them.
"""

from __future__ import annotations

from digitizer_desk.messages.form import Message

PROVINCE = {
    "province.offline": Message(
        "Mất mạng.", "Vẫn làm việc bình thường.", "{waiting} gói sẽ tự gửi khi có mạng; F5 để thử ngay."
    ),
    "province.timeout": Message("Hệ thống tỉnh trả lời quá chậm.", "", "Tự gửi lại lúc {at}; F5 để thử ngay."),
    "province.server_busy": Message("Hệ thống tỉnh đang bận.", "", "Tự gửi lại lúc {at}; F5 để thử ngay."),
    "province.certificate": Message(
        "Không xác thực được máy chủ tỉnh.", "Tạm ngừng gửi để an toàn.", "Báo bộ phận CNTT kiểm tra chứng thư máy chủ."
    ),
    "province.login": Message(
        "Hệ thống tỉnh từ chối đăng nhập.", "Tạm ngừng gửi.", "Báo bộ phận CNTT kiểm tra tài khoản đơn vị."
    ),
    "province.forbidden": Message(
        "Đơn vị chưa có quyền gửi loại hồ sơ này.",
        "Gói được giữ lại.",
        "Báo bộ phận CNTT xin cấp quyền rồi gửi lại (Shift+F5).",
    ),
    "province.too_large": Message(
        "Tài liệu lớn hơn mức tỉnh nhận.",
        "Gói được giữ lại.",
        "Bỏ trang thừa (Del) rồi ký lại (F9), hoặc báo bộ phận CNTT.",
    ),
    "province.rejected": Message("Tỉnh trả lại tài liệu.", "«{said}».", "Nhấn Enter để mở hồ sơ, sửa rồi ký lại (F9)."),
    "province.unknown_outcome": Message(
        "Chưa rõ tỉnh đã nhận chưa.", "", "Đang hỏi lại, không gửi trùng; F5 để hỏi ngay."
    ),
    "province.old_version": Message(
        "Cần cập nhật Bàn số hóa.", "Tỉnh dùng phiên bản mới.", "Báo bộ phận CNTT cập nhật chương trình."
    ),
    "province.reply_unreadable": Message(
        "Không đọc được trả lời của tỉnh.", "Gói vẫn được giữ.", "Tự hỏi lại lúc {at}; F5 để hỏi ngay."
    ),
    "province.paused": Message(
        "Đã tạm dừng gửi.", "Cán bộ đã cho dừng.", "Bấm «Gửi tiếp» (Ctrl+F5) ở hàng chờ gửi để gửi lại."
    ),
    "province.not_set": Message(
        "Chưa khai địa chỉ hệ thống tỉnh.", "Gói được giữ lại.", "Báo bộ phận CNTT khai ở Thiết lập › Hệ thống tỉnh."
    ),
    "province.conflict": Message(
        "Ở tỉnh đã có tài liệu khác cho thành phần này.",
        "Gói được giữ lại, không ghi đè.",
        "So hai tài liệu trên hệ thống tỉnh rồi gửi lại (Shift+F5), hoặc báo bộ phận CNTT.",
    ),
    "province.dossier_unknown": Message(
        "Hệ thống tỉnh không có hồ sơ hoặc thành phần này.",
        "Gói được giữ lại.",
        "Xem mã hồ sơ ở hệ thống tỉnh, báo bộ phận CNTT xem bảng mã, rồi gửi lại (Shift+F5).",
    ),
    "province.not_kept": Message(
        "Tỉnh trả lời đã nhận nhưng chưa giữ được tệp.", "Đã tải lại để so.", "Tự gửi lại lúc {at}; F5 để thử ngay."
    ),
    "province.code_unmapped": Message(
        "Bảng mã của tỉnh còn thiếu.",
        "Chưa có mã cho {said}. Chưa gửi gì.",
        "Báo bộ phận CNTT bổ sung bảng mã rồi gửi lại (Shift+F5).",
    ),
    "province.no_address": Message(
        "Tỉnh đã nhận nhưng không cho địa chỉ tệp.",
        "Cổng quốc gia cần địa chỉ đó.",
        "Báo bộ phận CNTT khai [national] files rồi gửi lại (Shift+F5).",
    ),
    "province.no_identifier": Message(
        "Hồ sơ chưa có số định danh của chủ hồ sơ.",
        "Cổng quốc gia đòi số này.",
        "Báo bộ phận CNTT bổ sung trên hệ thống tỉnh, rồi gửi lại (Shift+F5).",
    ),
    "province.portal_unseen": Message(
        "Cổng quốc gia không cho xem giấy tờ của hồ sơ này.",
        "Báo tiếp có thể làm mất giấy tờ của nơi khác.",
        "Báo bộ phận CNTT hỏi nơi vận hành cổng.",
    ),
    "province.portal_adds": Message(
        "Cổng quốc gia ghi lặp giấy tờ đã có.",
        "Tỉnh đã nhận tệp. Không báo thêm để khỏi lặp.",
        "Báo bộ phận CNTT liên hệ nơi vận hành cổng.",
    ),
    "province.portal_away": Message(
        "Cổng quốc gia chưa trả lời.", "Tỉnh đã nhận tệp.", "Tự báo lại cho cổng lúc {at}; F5 để thử ngay."
    ),
    "province.portal_refused": Message(
        "Cổng quốc gia không nhận.",
        "«{said}». Tỉnh đã nhận tệp, không phải ký lại.",
        "Báo bộ phận CNTT sửa khai báo rồi gửi lại (Shift+F5).",
    ),
    "province.portal_unknown": Message(
        "Cổng quốc gia chưa có hồ sơ này.",
        "Tỉnh đã nhận tệp.",
        "Chờ tỉnh đưa hồ sơ lên cổng rồi gửi lại (Shift+F5); lâu thì báo bộ phận CNTT.",
    ),
    "province.profile_unreadable": Message(
        "Không đọc được khai báo nối với tỉnh.", "Tệp {file}, mục {where}.", "Báo bộ phận CNTT sửa tệp này."
    ),
    "handover.nothing": Message(
        "Không có tài liệu nào chờ bàn giao.", "Mọi gói đã được tỉnh nhận.", "Xem hàng chờ gửi (Ctrl+H)."
    ),
    "handover.folder_unusable": Message(
        "Không ghi được vào «{folder}».",
        "USB bị rút, bị khóa ghi hoặc thư mục không mở được. Chưa giao gì.",
        "Cắm lại USB hoặc chọn thư mục khác rồi nhấn Enter.",
    ),
    "handover.certificate_unfit": Message(
        "Không mã hóa được cho nơi nhận.",
        "«{file}» không phải chứng thư RSA.",
        "Liên hệ nơi nhận xin tệp chứng thư khác (.cer, .pem).",
    ),
    "handover.receipts_unreadable": Message(
        "Không đọc được tệp biên nhận «{file}».",
        "Sai ở chỗ: {where}. Chưa ghi nhận gì.",
        "Liên hệ nơi nhận xin lại tệp.",
    ),
}
