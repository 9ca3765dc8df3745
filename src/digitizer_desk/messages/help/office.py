# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Help of the screens beside the counter: settings, Văn thư, review, reports."""

from __future__ import annotations

from digitizer_desk.messages.help.form import ScreenHelp

OFFICE = {
    "settings": ScreenHelp(
        "Thiết lập",
        "Đơn vị, máy quét, token, hệ thống tỉnh, giờ gửi, hiển thị, quy định, sao lưu. Đổi ô nào có hiệu lực ngay ô "
        "đó, không có nút lưu. Ô có khóa là do tỉnh quy định, hoặc chỉ vai trò CNTT được đổi.",
        (
            "↑ ↓ chọn mục bên trái, Enter vào các ô.",
            "Máy quét: nhấn «Quét thử» với một tờ giấy bất kỳ; tờ đó không được lưu.",
            "Tỉnh: nhấn «Thử kết nối».",
            "Ctrl+Z lấy lại giá trị cũ.",
        ),
        "Thiết lập của bàn",
        (("Enter →", "Vào các ô của mục"), ("Tab", "Tới ô sau"), ("Ctrl+Z", "Hoàn tác lần đổi vừa rồi")),
    ),
    "officers": ScreenHelp(
        "Cán bộ của bàn",
        "Ai được đăng nhập ở bàn này và với vai trò gì. Chỉ vai trò CNTT thêm được, ngừng được, đặt lại mật khẩu được.",
        (
            "Thêm người: gõ họ tên, tên đăng nhập, mật khẩu đầu tiên, chọn vai trò, Enter.",
            "Người nghỉ việc, chuyển việc: chọn tên rồi nhấn Del. Việc đã làm vẫn mang tên họ.",
            "Người quên mật khẩu: chọn tên rồi nhấn Enter, gõ mật khẩu mới.",
        ),
        "Thiết lập của bàn",
        (
            ("Enter", "Thêm cán bộ; trong danh sách: đặt mật khẩu mới"),
            ("Del", "Ngừng dùng, cho dùng lại"),
            ("Esc", "Đóng"),
        ),
    ),
    "own_password": ScreenHelp(
        "Đổi mật khẩu của tôi",
        "Mật khẩu đăng nhập bàn số hóa, không phải mã PIN của token. Chỉ một mình bạn biết.",
        ("Gõ mật khẩu đang dùng.", "Gõ mật khẩu mới hai lần.", "Enter: đổi."),
        "Đăng nhập và khóa màn hình",
        (("Enter", "Đổi mật khẩu"), ("Esc", "Đóng")),
    ),
    "agency": ScreenHelp(
        "Ký của cơ quan",
        "Văn thư ký số của cơ quan (sao y) cho các tài liệu cán bộ đã ký, sau khi hồ sơ giải quyết xong. Chữ ký của "
        "cán bộ vẫn nguyên hiệu lực.",
        (
            "Xem cột «Sẵn sàng»: dòng nào chưa ký được thì ghi rõ vì sao.",
            "F7 xem tài liệu, Space chọn hoặc bỏ chọn, Ctrl+A chọn hết.",
            "F9 ký mọi tài liệu đã chọn bằng một mã PIN của token cơ quan.",
        ),
        "Văn thư: ký của cơ quan",
        (("Space", "Chọn, bỏ chọn tài liệu"), ("Ctrl+A", "Chọn mọi tài liệu sẵn sàng"), ("Enter", "Xem tài liệu")),
    ),
    "document": ScreenHelp(
        "Xem tài liệu",
        "Từng trang của tài liệu sẽ được ký, đúng như trong tệp.",
        ("PgDn, PgUp lật trang.", "Esc về danh sách."),
        "Văn thư: ký của cơ quan",
        (("PgDn →", "Trang sau"), ("PgUp ←", "Trang trước"), ("+ −", "Phóng to, thu nhỏ"), ("Esc", "Đóng")),
    ),
    "older": ScreenHelp(
        "Kết quả còn hiệu lực chờ số hóa",
        "Danh sách kết quả cũ mà cơ quan phải số hóa. Danh sách nhập từ Excel, đúng hết mới nhập: ô nào sai được chỉ "
        "rõ từng ô.",
        (
            "Ctrl+O nhập danh sách (.xlsx).",
            "Gõ vài chữ để tìm, ↑ ↓ chọn một dòng.",
            "Enter: mở hồ sơ của dòng đó, dữ liệu đã điền sẵn, chỉ còn quét và ký.",
        ),
        "Kết quả giải quyết",
        (("Ctrl+O", "Nhập danh sách"), ("↑ ↓", "Chọn dòng"), ("Enter", "Chọn để quét"), ("Esc", "Đóng")),
    ),
    "overview": ScreenHelp(
        "Duyệt chất lượng",
        "Số liệu của bàn, các ngày chờ lập lô, các lô đã duyệt. Một lô là các trang đã ký của một bàn trong một ngày.",
        (
            "Chọn ngày chờ duyệt, nhấn Enter: lập lô và rút mẫu theo bảng lấy mẫu.",
            "Xem từng trang của mẫu, chưa thấy kết quả máy đo để không bị ảnh hưởng.",
            "Kết luận lô. Trang có lỗi nặng tự về bàn của cán bộ.",
        ),
        "Người duyệt: lô và mẫu",
        (
            ("Enter", "Mở ngày hoặc lô đang chọn"),
            ("G", "Gộp ngày đang chọn với ngày sau"),
            ("F5", "Nạp lại"),
            ("Esc", "Quay lại"),
        ),
    ),
    "judging": ScreenHelp(
        "Duyệt từng trang",
        "Mỗi trang của mẫu được một người nhìn và kết luận. Kết quả máy đo chỉ hiện sau khi đã chấm, để so hai bên.",
        (
            "Trang tốt: Space. Trang có lỗi: phím số của lỗi đó.",
            "Chấm nhầm: Backspace lấy lại.",
            "Xem đủ mẫu, hoặc đã vượt giới hạn: Enter để kết luận.",
        ),
        "Người duyệt: lô và mẫu",
        (
            ("Space", "Đạt"),
            ("1 … 8", "Lỗi theo số ghi trên nút"),
            ("Backspace", "Sửa lần chấm trước"),
            ("← →", "Trang trước, trang sau"),
            ("Z", "Phóng to"),
            ("Enter", "Kết luận lô"),
            ("Ctrl+P", "In phiếu kết luận"),
            ("Esc", "Để sau, không mất gì"),
        ),
    ),
    "verdict": ScreenHelp(
        "Kết luận lô",
        "Nhận hoặc trả cả lô, theo số lỗi đếm được trong mẫu và giới hạn của bảng lấy mẫu. Kết luận chỉ đưa ra một "
        "lần; lưu được thành PDF và in được.",
        (
            "Đọc số lỗi và giới hạn.",
            "Ghi lời nhắn cho bàn nếu trả lô.",
            "Chọn nhận hoặc trả, rồi lưu hoặc in phiếu kết luận.",
        ),
        "Người duyệt: lô và mẫu",
        (("Enter", "Làm theo nút đậm"), ("Esc", "Đóng, chưa kết luận")),
    ),
    "monthly": ScreenHelp(
        "Báo cáo tháng",
        "Bảng 14 cột của tháng và các lý do giấy tờ chưa số hóa. Cột chương trình biết thì tự tính; cột 10, 11, 13 do "
        "hệ thống giải quyết hồ sơ biết nên phải gõ tay. Số chưa gõ không bao giờ bị coi là 0.",
        (
            "Chọn tháng.",
            "Gõ các số còn thiếu, nhấn «Ghi số liệu».",
            "Lưu .xlsx hoặc PDF để nộp.",
            "«Gộp nhiều bàn» cộng các tệp .xlsx của nhiều bàn; bàn nào cũng chỉ tính một lần.",
        ),
        "Báo cáo tháng",
        (("Tab", "Tới ô sau"), ("F5", "Nạp lại"), ("Esc", "Quay lại")),
    ),
    "wizard": ScreenHelp(
        "Thiết lập từng bước",
        "Đơn vị, máy quét, token, hệ thống tỉnh, thử cả quy trình: mỗi bước một việc, thử được ngay tại chỗ. Bước nào "
        "chưa có thiết bị hoặc chưa có mạng thì «Làm sau»; tắt máy giữa chừng cũng làm tiếp được.",
        (
            "Điền hoặc chọn, rồi thử bằng nút của bước đó.",
            "Enter: đi tiếp. PgUp: quay lại.",
            "Thử cả quy trình bằng một tờ giấy thử, không phải giấy của người dân; hồ sơ thử được xóa ngay.",
            "Cuối cùng in thẻ phím, dán cạnh màn hình.",
        ),
        "Lần đầu mở chương trình",
        (("Enter", "Tiếp tục"), ("PgUp", "Quay lại"), ("Tab", "Tới ô sau"), ("Esc", "Dừng thử; để sau")),
    ),
    "waiting": ScreenHelp(
        "Hồ sơ chờ ở quầy",
        "Các hồ sơ tỉnh ghi là đang chờ ở quầy này, theo lần hỏi gần nhất. Xem được cả khi mất mạng.",
        ("Gõ vài chữ để tìm, không cần dấu.", "↑ ↓ chọn, Enter mở hồ sơ.", "F5: hỏi lại tỉnh."),
        "Hồ sơ chờ ở quầy",
        (("↑ ↓", "Chọn hồ sơ"), ("Enter", "Mở hồ sơ"), ("F5", "Lấy danh sách từ tỉnh"), ("Esc", "Quay lại")),
    ),
    "reuse": ScreenHelp(
        "Tái sử dụng giấy tờ",
        "Giấy tờ của người nộp đã có trong kho dữ liệu của tỉnh. Dùng lại được thì khỏi quét, khỏi nộp lại.",
        ("F5: tra kho dữ liệu của tỉnh.", "Chọn đúng giấy tờ còn hiệu lực.", "Enter: dùng thay cho bản quét."),
        "Dùng lại giấy tờ đã có",
        (
            ("↑ ↓", "Chọn giấy tờ"),
            ("Enter", "Dùng giấy tờ này"),
            ("Del", "Bỏ chọn, sẽ quét"),
            ("F5", "Tra kho dữ liệu của tỉnh"),
            ("Esc", "Quay lại"),
        ),
    ),
    "returned": ScreenHelp(
        "Cần quét lại",
        "Các trang người duyệt trả lại, cùng lời nhắn của họ. Trang tự rời danh sách khi đã được sửa và ký lại.",
        (
            "Chọn một trang, đọc lời nhắn.",
            "Enter mở hồ sơ ở đúng trang đó: quét lại (F6), ký lại (F9).",
            "Giấy gốc vốn thế: chọn «Giữ nguyên trang» và ghi lý do.",
        ),
        "Trang bị trả lại",
        (("↑ ↓", "Chọn trang"), ("Enter", "Mở hồ sơ"), ("Esc", "Đóng")),
    ),
}
