# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Help of the screens a clerk works at: log-in, start, counter, inspector, outbox."""

from __future__ import annotations

from digitizer_desk.messages.help.form import ScreenHelp

DESK = {
    "first_run": ScreenHelp(
        "Thiết lập lần đầu",
        "Kho dữ liệu của bàn vừa được tạo và mã hóa. Cụm từ khôi phục chỉ hiện một lần ở đây: có nó mới dựng lại được "
        "kho khi máy hỏng.",
        (
            "In cụm từ khôi phục, cất vào tủ có khóa của cơ quan, không chụp bằng điện thoại.",
            "Đánh dấu là đã cất, rồi nhấn Enter.",
            "Gõ họ tên, tên đăng nhập và mật khẩu của cán bộ đầu tiên.",
        ),
        "Lần đầu mở chương trình",
        (("Enter", "Tiếp tục"), ("Tab", "Tới ô sau")),
    ),
    "cannot_open": ScreenHelp(
        "Kho dữ liệu chưa mở được",
        "Chương trình dừng ở đây để không làm hỏng gì thêm: không sửa, không xóa gì trong thư mục dữ liệu.",
        (
            "Làm theo việc ghi trên trang này rồi nhấn F5 để thử lại.",
            "Khóa của kho không còn trên máy: gõ cụm từ khôi phục như in trên giấy, nhấn Enter.",
            "Vẫn không được: báo bộ phận CNTT, đọc cho họ dòng đầu của trang này.",
        ),
        "Khi có trục trặc",
        (("F5", "Thử lại"), ("Enter", "Mở khóa, thử lại"), ("Esc", "Thoát")),
    ),
    "away": ScreenHelp(
        "Không thấy kho dữ liệu",
        "Máy này giữ khóa của một kho dữ liệu, nhưng thư mục của kho trống hoặc không có: thường là ổ đĩa chưa cắm, "
        "chưa bật hoặc đổi chữ cái ổ. Hồ sơ vẫn nằm trên ổ đĩa ấy.",
        (
            "Cắm hoặc bật ổ đĩa có kho, nhấn F5 để thử lại.",
            "Ổ đĩa hỏng: báo bộ phận CNTT khôi phục từ bản sao lưu, không lập kho mới.",
            "Chỉ lập kho mới khi chắc chắn không dùng kho cũ nữa: kho mới trống.",
        ),
        "Khi có trục trặc",
        (("F5", "Thử lại"), ("Esc", "Thoát")),
    ),
    "login": ScreenHelp(
        "Đăng nhập, khóa màn hình",
        "Mỗi cán bộ đăng nhập bằng tên của mình: mọi việc được ghi theo người làm. Khi khóa, không dữ liệu nào của hồ "
        "sơ hiện trên màn hình; việc đang quét vẫn chạy.",
        (
            "Gõ tên đăng nhập và mật khẩu, nhấn Enter.",
            "Quên mật khẩu: báo người có vai trò CNTT của bàn.",
        ),
        "Đăng nhập và khóa màn hình",
        (("Enter", "Đăng nhập"), ("Tab", "Tới ô sau")),
    ),
    "start": ScreenHelp(
        "Bắt đầu",
        "Chưa có hồ sơ nào mở. Từ đây nhận hồ sơ mới hoặc mở lại hồ sơ vừa làm.",
        (
            "F2: quét mã trên giấy tiếp nhận, hoặc gõ mã.",
            "F3: tìm hồ sơ cũ theo mã hoặc tên, không cần dấu.",
            "↑ ↓ rồi Enter: mở một trong các hồ sơ vừa làm.",
        ),
        "Hai phút đầu tiên",
        (("↑ ↓", "Chọn hồ sơ vừa làm"), ("Enter", "Mở hồ sơ đang chọn")),
    ),
    "counter": ScreenHelp(
        "Quầy",
        "Nơi làm một hồ sơ từ giấy đến lúc gửi. Bên trái là các thành phần, ở giữa là các trang đã quét, bên phải là "
        "dữ liệu. Nút tô đậm ở hàng phím là việc tiếp theo.",
        (
            "Đặt giấy vào khay, nhấn F4. Trang nào lên màn hình là đã được giữ.",
            "Đếm số mặt giấy, gõ vào ô «Giấy», nhấn Enter. Số trang phải khớp mới ký được.",
            "Trang có lỗi: đọc dải thông báo, nhấn F6 quét lại hoặc F7 để soi.",
            "Đủ mọi thành phần: nhấn F9, gõ mã PIN một lần cho cả hồ sơ.",
            "Nhấn F8 tới ô dữ liệu còn thiếu, xong nhấn Ctrl+Enter. Gói tự gửi khi có mạng.",
        ),
        "Một hồ sơ từ đầu đến cuối",
        (("← → Home End", "Chọn trang"), ("Ctrl+1 … Ctrl+9", "Tới thành phần thứ mấy")),
    ),
    "inspector": ScreenHelp(
        "Soi trang",
        "Xem một trang thật lớn, cùng mọi số đo và căn cứ của từng giới hạn. Vùng có lỗi được đóng khung trên trang.",
        (
            "Đọc dòng số đo đang chọn: đo được bao nhiêu, cần bao nhiêu, theo điều nào.",
            "Sửa được tại chỗ thì sửa: Ctrl+R xoay, Ctrl+D chỉnh thẳng, Ctrl+M cắt viền, Ctrl+I chỉnh sáng.",
            "Cần tờ khác thì F6 quét lại. Giấy gốc vốn thế thì giữ và ghi lý do.",
            "Esc về quầy.",
        ),
        "Soi một trang",
        (("Z", "Vừa trang, hoặc 100 %"), ("+ −", "Phóng to, thu nhỏ"), ("PgUp PgDn", "Trang trước, trang sau")),
    ),
    "compare": ScreenHelp(
        "So bản cũ và bản mới",
        "Vừa quét lại hoặc vừa sửa ảnh: hai bản nằm cạnh nhau, phóng to và dịch chuyển cùng nhau.",
        (
            "Enter: dùng bản mới.",
            "←: giữ bản cũ.",
            "Bản không dùng vẫn được giữ, Ctrl+Z lấy lại được cho đến khi ký.",
        ),
        "Quét lại một trang",
        (("Enter", "Dùng bản mới"), ("←", "Giữ bản cũ"), ("F6", "Quét lần nữa")),
    ),
    "outbox": ScreenHelp(
        "Hàng chờ gửi",
        "Mọi tài liệu đã ký và đủ dữ liệu đi lên tỉnh từ đây. Mất mạng là chuyện thường: gói nằm chờ, có mạng tự đi. "
        "Chỉ khi tỉnh trả biên nhận đúng mã băm thì mới ghi là đã nhận.",
        (
            "Xem ngăn «Cần xử lý» trước: gói tỉnh trả lại, gói chờ người.",
            "Chọn một gói: bên dưới là lời của tỉnh và việc cần làm.",
            "Enter mở hồ sơ để sửa; ký lại thì bản mới tự thay bản bị trả.",
            "Điều làm gói bị giữ đã được sửa ở nơi khác (bảng mã, quyền): Shift+F5 gửi lại.",
        ),
        "Hàng chờ gửi",
        (("↑ ↓", "Chọn gói"), ("Enter", "Mở hồ sơ của gói"), ("Esc", "Quay lại")),
    ),
    "signing": ScreenHelp(
        "Ký số",
        "Ký mọi thành phần đã đạt của hồ sơ bằng một lần gõ mã PIN. Chương trình không lưu mã PIN và không bao giờ tự "
        "thử mã.",
        (
            "Cắm USB Token; chương trình tự thấy.",
            "Đọc tên trên chứng thư: phải đúng là mình.",
            "Tắt bộ gõ tiếng Việt, gõ mã PIN, nhấn Enter. Đừng rút token khi đang ký.",
            "Chưa ký được thì Esc, «Để ký sau»: thành phần giữ dấu «chờ ký», không mất gì.",
        ),
        "Ký số",
        (("Enter", "Ký"), ("Esc", "Hủy; khi đang ký: dừng sau tài liệu này"), ("Alt+K", "Ký khi là lần nhập cuối")),
    ),
    "receive": ScreenHelp(
        "Hồ sơ mới",
        "Mở một hồ sơ theo giấy tiếp nhận. Mã hồ sơ được đọc từ giấy, không bao giờ tự đặt. Bên phải hiện các giấy tờ "
        "mà thủ tục cần.",
        (
            "Quét mã vạch trên giấy tiếp nhận, hoặc gõ mã.",
            "Gõ họ tên và số định danh của người nộp, rồi tìm thủ tục theo vài chữ trong tên.",
            "Ctrl+Enter mở hồ sơ.",
        ),
        "Nhận hồ sơ",
        (
            ("Enter", "Tới ô sau"),
            ("Ctrl+Enter", "Mở hồ sơ"),
            ("↑ ↓", "Chọn thủ tục"),
            ("F3", "Mở hồ sơ đã có cùng mã"),
            ("Esc", "Hủy"),
        ),
    ),
    "find": ScreenHelp(
        "Tìm hồ sơ",
        "Tìm theo mã hoặc tên, không cần dấu, không cần chữ hoa. Chưa gõ gì thì hiện các hồ sơ nhận gần đây.",
        ("Gõ vài chữ.", "↑ ↓ chọn, Enter mở."),
        "Tìm một hồ sơ",
        (("↑ ↓ PgUp PgDn", "Chọn hồ sơ"), ("Enter", "Mở hồ sơ"), ("Esc", "Đóng")),
    ),
}
