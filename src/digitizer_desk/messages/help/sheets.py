# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Help of the small windows that open over a screen."""

from __future__ import annotations

from digitizer_desk.messages.help.form import ScreenHelp

_CHOOSE = (("↑ ↓", "Chọn"), ("Enter", "Đồng ý"), ("Esc", "Đóng"))

SHEETS = {
    "tray": ScreenHelp(
        "Tệp chờ xếp",
        "Tệp mà máy quét gửi vào thư mục nhận, chưa thuộc thành phần nào. Tệp đã nằm an toàn trong kho.",
        ("Chọn một tệp, xem ảnh bên cạnh.", "Enter: xếp vào thành phần đang mở ở quầy.", "Del: bỏ khỏi khay."),
        "Hồ sơ đến bằng tệp",
        (("↑ ↓", "Chọn tệp"), ("Enter", "Xếp vào đây"), ("Del", "Bỏ khỏi khay"), ("Esc", "Đóng")),
    ),
    "keep_page": ScreenHelp(
        "Giữ trang, ghi lý do",
        "Giữ một trang có lỗi vì giấy gốc vốn như vậy. Lý do vào nhật ký và người duyệt thấy. Có lỗi luật không cho "
        "giữ: khi đó nút không bấm được.",
        ("Chọn lý do trong danh sách, hoặc gõ lý do khác.", "Enter: giữ trang."),
        "Giữ trang có lỗi",
        _CHOOSE,
    ),
    "taken_out": ScreenHelp(
        "Trang đã bỏ",
        "Mọi trang đã bỏ khỏi thành phần này, mới nhất ở trên. Bỏ trang chỉ là đánh dấu: trang vẫn được giữ.",
        ("Chọn trang.", "Enter: lấy lại, về đúng chỗ cũ."),
        "Bỏ, lấy lại, chuyển chỗ trang",
        (("↑ ↓", "Chọn trang"), ("Enter", "Lấy lại trang"), ("Esc", "Đóng")),
    ),
    "work_types": ScreenHelp(
        "Loại việc quét",
        "Cách quét một loại giấy: mặt kính hay khay nạp, một hay hai mặt, khổ giấy, độ phân giải. Cái đổi ở đây chỉ "
        "dùng cho lần quét này.",
        ("Chọn loại việc, hoặc nhấn số của nó.", "Cần thì đổi vài ô cho riêng lần này.", "Enter: dùng."),
        "Chọn cách quét",
        (("1 … 9", "Chọn loại việc và dùng ngay"), ("Enter", "Dùng"), ("Esc", "Hủy")),
    ),
    "machine": ScreenHelp(
        "Máy quét cần lau",
        "Các trang gần đây cùng có sọc, cùng mờ hoặc cùng tối ở một chỗ: thường là mặt kính bẩn. Ảnh ở đây là bằng "
        "chứng, chỗ bẩn được đóng khung.",
        (
            "Lau mặt kính và thanh quét bằng khăn mềm, khô.",
            "Quét tiếp: lời nhắc tự hết khi các trang sau đã sạch.",
            "Chưa lau được: chọn «Không nhắc lại hôm nay».",
        ),
        "Máy quét cần lau",
        (("Esc", "Đóng"),),
    ),
    "signatures": ScreenHelp(
        "Chữ ký",
        "Ai đã ký tài liệu này, lúc nào, còn nguyên vẹn không, chứng thư có hiệu lực không, dấu thời gian giữ được đến "
        "khi nào.",
        ("Đọc từng chữ ký.", "«Sắp hết hạn» mở danh sách dấu thời gian cần gia hạn."),
        "Xem chữ ký",
        (("Esc", "Đóng"),),
    ),
    "renewals": ScreenHelp(
        "Dấu thời gian sắp hết hạn",
        "Dấu thời gian lưu trữ có hạn. Gia hạn không cần token và không đổi nội dung; thường tự làm sau mỗi lượt gửi.",
        ("Xem danh sách.", "«Gia hạn ngay» khi có mạng; Esc dừng sau tài liệu đang làm."),
        "Xem chữ ký",
        (("Esc", "Bỏ qua, hoặc dừng"),),
    ),
    "mark_place": ScreenHelp(
        "Chỗ đặt dấu ký",
        "Góc thường dùng trên trang 1 đã có chữ hoặc mã. Dấu ký không che chữ khi chưa hỏi: hãy chọn chỗ trống.",
        ("← → ↑ ↓ dời dấu, hoặc kéo bằng chuột.", "Space: sang chỗ trống kế tiếp.", "Enter: đặt ở đây."),
        "Ký số",
        (("← → ↑ ↓", "Dời dấu"), ("Space", "Chỗ trống khác"), ("Enter", "Đặt ở đây"), ("Esc", "Bỏ qua")),
    ),
    "kept": ScreenHelp(
        "Bản lưu trên máy",
        "Bản quét của hồ sơ tỉnh đã nhận đủ được giữ thêm một thời gian rồi xóa khỏi máy này. Hồ sơ chưa gửi xong "
        "không bao giờ tự xóa.",
        ("Xem hồ sơ nào đến hạn trước.", "Đổi số ngày giữ ở Thiết lập, mục «Gửi và lưu giữ»."),
        "Hàng chờ gửi",
        (("Esc", "Đóng"),),
    ),
    "reason": ScreenHelp(
        "Chọn lý do",
        "Việc này cần lý do theo quy định. Lý do vào nhật ký và vào báo cáo.",
        ("Chọn lý do.", "Ghi thêm nếu cần.", "Enter: đồng ý."),
        "Thành phần không số hóa",
        _CHOOSE,
    ),
    "words": ScreenHelp(
        "Ghi lý do",
        "Quyết định này phải có lời giải thích; chưa ghi thì chưa có gì thay đổi.",
        ("Gõ lý do.", "Enter: đồng ý."),
        "Kết quả giải quyết",
        (("Enter", "Đồng ý"), ("Esc", "Đóng")),
    ),
    "result": ScreenHelp(
        "Thêm kết quả giải quyết",
        "Thêm giấy tờ kết quả vào hồ sơ: quét (F4) hoặc nhập tệp (Ctrl+O). Kết quả chỉ gửi đi khi có chữ ký của cơ "
        "quan.",
        ("Gõ tên kết quả.", "Biết loại trong danh mục quốc gia thì chọn.", "Enter: thêm."),
        "Kết quả giải quyết",
        (("Enter", "Thêm kết quả"), ("Esc", "Đóng")),
    ),
    "recovered": ScreenHelp(
        "Trang đã khôi phục",
        "Các trang quét dở lúc mất điện: ảnh còn nguyên nhưng chưa vào chỗ. Không trang nào bị mất.",
        (
            "Xem từng trang bên phải.",
            "Enter: xếp mọi trang về đúng thành phần lúc quét.",
            "Trang thừa: Del để bỏ, vẫn lấy lại được.",
        ),
        "Trang đã khôi phục",
        (
            ("Enter", "Xếp tất cả về chỗ"),
            ("Shift+Enter", "Chỉ xếp trang đang chọn"),
            ("Ctrl+Enter", "Xếp vào thành phần đang mở"),
            ("Del", "Bỏ trang này"),
            ("Esc", "Để sau"),
        ),
    ),
    "checkup": ScreenHelp(
        "Kiểm tra máy này",
        "Từng phần của bàn: cái gì chạy, cái gì thiếu, làm gì tiếp. Không có dữ liệu cá nhân nên gửi bộ phận hỗ trợ "
        "được.",
        ("Đọc dòng có dấu đỏ trước.", "Sao chép hoặc lưu thành tệp để gửi bộ phận CNTT."),
        "Khi có trục trặc",
        (("Esc", "Đóng"),),
    ),
    "bug": ScreenHelp(
        "Trục trặc ngoài dự kiến",
        "Có điều chương trình không lường trước. Các trang đã quét vẫn an toàn. Mã bốn chữ giúp bộ phận CNTT tìm ra "
        "chỗ.",
        ("Ghi lại mã.", "Enter: làm tiếp.", "Lặp lại thì báo bộ phận CNTT mã đó."),
        "Khi có trục trặc",
        (("Enter", "Tiếp tục"),),
    ),
    "leave": ScreenHelp(
        "Thoát khi còn gói chưa gửi",
        "Còn gói chưa tới tỉnh. Gói được giữ an toàn trên máy và gửi tiếp lần mở sau.",
        ("Enter hay Esc: ở lại, việc gửi đi tiếp.", "Thoát: chương trình đóng, gói chờ ở hàng gửi."),
        "Cuối ngày",
        (("Enter", "Ở lại gửi"), ("Esc", "Ở lại gửi")),
    ),
    "guide": ScreenHelp(
        "Hướng dẫn",
        "Sách hướng dẫn có hình, nằm sẵn trong máy, không cần mạng.",
        ("Gõ vài chữ vào ô tìm, không cần dấu.", "Enter: chỗ kế tiếp. Shift+Enter: chỗ trước.", "Esc: đóng."),
        "Hai phút đầu tiên",
        (("Enter", "Chỗ kế tiếp"), ("Shift+Enter", "Chỗ trước"), ("Ctrl+F", "Tới ô tìm"), ("Esc", "Đóng")),
    ),
}
