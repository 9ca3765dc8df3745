# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for everything a scanner can refuse or break, in the form of all faults.

Apart because there are so many of them.
"""

from __future__ import annotations

from digitizer_desk.messages.form import Message

SCANNER = {
    "scanner.none": Message("Chưa thấy máy quét.", "Máy chưa bật hoặc dây lỏng.", "Bật máy, cắm lại dây, nhấn F5."),
    "scanner.offline": Message("Máy quét không trả lời.", "", "Tắt rồi bật lại máy, chờ đèn sáng đều, nhấn F5."),
    "scanner.busy": Message(
        "Máy quét đang bận.",
        "Chương trình khác đang dùng.",
        "Đóng chương trình đó; tự thử lại sau {seconds} giây, Esc để dừng.",
    ),
    "scanner.warming_up": Message("Máy quét đang khởi động.", "", "Xin chờ, sẽ tự quét khi sẵn sàng; Esc để dừng."),
    "scanner.empty": Message("Khay nạp chưa có giấy.", "", "Đặt giấy vào khay rồi nhấn F4."),
    "scanner.jam": Message(
        "Kẹt giấy ở trang {page}.",
        "{kept} trang trước đã lưu.",
        "Mở nắp, lấy giấy ra, vuốt phẳng, đặt lại từ trang {page}, nhấn F4.",
    ),
    "scanner.double_feed": Message(
        "Hai tờ dính nhau ở trang {page}.",
        "{kept} trang trước đã lưu.",
        "Tách rời, đặt lại từ trang {page}, nhấn F4. Giấy dán ảnh: quét trên mặt kính.",
    ),
    "scanner.cover_open": Message("Nắp máy quét đang mở.", "", "Đóng nắp rồi nhấn F4."),
    "scanner.lost": Message(
        "Mất kết nối máy quét khi đang quét.", "{kept} trang đã lưu.", "Kiểm tra dây, nhấn F4 để quét tiếp."
    ),
    "scanner.count_differs": Message(
        "Số trang không khớp.",
        "Máy quét đếm khác {kept} trang đã lưu, hoặc còn giấy trong khay.",
        "Đếm lại giấy, quét lại tập này (F4).",
    ),
    "scanner.short_page": Message(
        "Trang {page} bị thiếu phần dưới.", "Trang này chưa được lưu.", "Đặt lại tờ đó, nhấn F4."
    ),
    "scanner.bad_image": Message(
        "Máy quét gửi ảnh hỏng ở trang {page}.",
        "Trang này và các trang sau chưa được lưu.",
        "Đặt lại từ tờ đó, nhấn F4.",
    ),
    "scanner.refused": Message(
        "Máy quét không nhận cài đặt.",
        "Mục bị từ chối: {option}.",
        "Mở Thiết lập › Máy quét, chọn lại độ phân giải hoặc nguồn giấy, nhấn F4.",
    ),
    "scanner.denied": Message(
        "Không có quyền dùng máy quét.", "", "Báo bộ phận CNTT cấp quyền cho tài khoản máy tính này."
    ),
    "scanner.crashed": Message(
        "Trình điều khiển máy quét bị lỗi.",
        "{kept} trang đã lưu.",
        "Lấy giấy còn trong máy ra, đặt lại từ trang {page}, nhấn F4.",
    ),
    "scanner.stuck": Message(
        "Máy quét không trả lời, đã kết nối lại.",
        "{kept} trang đã lưu.",
        "Kiểm tra khay ra, đặt lại từ trang {page}, nhấn F4.",
    ),
    "scanner.driver_missing": Message(
        "Chưa cài trình điều khiển máy quét.", "", "Báo bộ phận CNTT cài «{driver}», rồi nhấn F5."
    ),
    "scanner.address_bad": Message(
        "Địa chỉ máy quét không đúng.",
        "«{address}» không phải IP hay tên máy.",
        "Xem địa chỉ trên màn hình máy quét, nhập lại rồi nhấn Enter.",
    ),
    "scanner.unreachable": Message(
        "Không thấy ai trả lời ở {address}.",
        "Đã chờ {seconds} giây.",
        "Bật máy quét, kiểm tra dây mạng và địa chỉ, nhấn Enter thử lại.",
    ),
    "scanner.not_a_scanner": Message(
        "Ở {address} không có máy quét.",
        "Thiết bị ở đó không nói eSCL hay SANE.",
        "Xem lại địa chỉ, nhấn Enter; hoặc nhờ bộ phận CNTT bật eSCL (AirScan).",
    ),
    "scanner.interrupted": Message(
        "Lần quét trước bị ngắt giữa chừng.", "{kept} trang đã lưu.", "So với giấy, quét tiếp phần còn thiếu (F4)."
    ),
    "scanner.no_sensor": Message(
        "Không dùng được «Chờ giấy».", "Máy quét này không báo được khay có giấy.", "Đặt giấy vào khay rồi nhấn F4."
    ),
    "scanner.unknown": Message(
        "Máy quét báo lỗi lạ.",
        "{kept} trang đã lưu.",
        "Tắt bật lại máy, nhấn F4. Nếu lặp lại, nhấn F1 và báo bộ phận CNTT.",
    ),
}
