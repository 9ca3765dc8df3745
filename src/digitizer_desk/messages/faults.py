# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for every error code: what happened, why, what to do and with which key.

At most 160 characters each with its facts in place; polite, no blame; each names a key or a person to call.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from digitizer_desk.messages.form import Message

_DOSSIER = {
    "dossier.code_malformed": Message(
        "Mã hồ sơ không đúng dạng.",
        "«{code}» không đọc được hoặc ngày trong mã không có thật.",
        "Tắt bộ gõ tiếng Việt, quét lại hoặc gõ lại mã (F2).",
    ),
    "dossier.code_taken": Message("Hồ sơ này đã có.", "Mã {code} đã được tiếp nhận.", "Nhấn F3 để mở hồ sơ đó."),
    "dossier.applicant_missing": Message("Chưa có tên chủ hồ sơ.", "", "Nhập họ tên hoặc tên tổ chức rồi nhấn Enter."),
    "dossier.unknown": Message("Không tìm thấy hồ sơ {code}.", "", "Kiểm tra lại mã (F3) hoặc tiếp nhận mới (F2)."),
    "dossier.scan_refused": Message(
        "Không quét «{component}».", "{why}.", "Chuyển giấy tiếp theo (PgDn) hoặc chọn lại hình thức nộp."
    ),
    "dossier.not_checked": Message(
        "«{component}» chưa đạt.", "{why}.", "Nhấn F7 để soi trang, F6 để quét lại, rồi ký (F9)."
    ),
    "dossier.not_signed": Message("«{component}» chưa được ký.", "Phải ký bản sao chụp trước.", "Nhấn F9 để ký số."),
    "dossier.not_filled": Message(
        "«{component}» chưa đủ dữ liệu.", "Cần xem lại: {fields}.", "Nhấn F8 để nhập, rồi Ctrl+Enter."
    ),
    "dossier.frozen": Message(
        "«{component}» đã gửi tỉnh.",
        "Bản đã gửi không sửa được.",
        "Quét lại trang cần sửa (F6) và ký lại để gửi bản mới.",
    ),
    "dossier.reason_missing": Message(
        "Chưa có lý do.", "Lý do được ghi vào nhật ký.", "Chọn hoặc nhập lý do rồi nhấn Enter."
    ),
    "dossier.keep_forbidden": Message(
        "Lỗi này không được giữ lại.", "Quy định không cho ngoại lệ ({rule}).", "Đặt lại tờ giấy, nhấn F6 để quét lại."
    ),
    "dossier.order_not_due": Message(
        "Chưa đến bước «{step}».", "Theo quy định, phải xong «{first}» trước.", "Làm bước đó rồi nhấn lại phím này."
    ),
    "officer.unknown": Message(
        "Không có tài khoản «{login}».", "", "Kiểm tra tên đăng nhập rồi nhấn Enter; nếu cần, báo bộ phận CNTT."
    ),
    "officer.password_wrong": Message(
        "Sai mật khẩu.", "Còn {left} lần thử.", "Kiểm tra Caps Lock và bộ gõ tiếng Việt rồi nhấn Enter."
    ),
    "officer.locked_out": Message(
        "Tạm khóa đăng nhập {minutes} phút.", "Mật khẩu sai nhiều lần.", "Chờ rồi thử lại, hoặc báo bộ phận CNTT."
    ),
    "officer.password_weak": Message(
        "Mật khẩu quá ngắn.", "Cần ít nhất {least} ký tự.", "Nhập mật khẩu dài hơn rồi nhấn Enter."
    ),
    "officer.not_allowed": Message(
        "Việc này không thuộc vai trò của bạn.", "Cần vai trò: {role}.", "Đăng nhập đúng người, hoặc báo bộ phận CNTT."
    ),
    "officer.taken": Message("Tên «{login}» đã có người dùng.", "", "Chọn tên đăng nhập khác rồi nhấn Enter."),
}

_SCANNER = {
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
    "scanner.short_page": Message(
        "Trang {page} bị thiếu phần dưới.", "Trang này chưa được lưu.", "Đặt lại tờ đó, nhấn F4."
    ),
    "scanner.bad_image": Message(
        "Máy quét gửi ảnh hỏng ở trang {page}.", "Trang này chưa được lưu.", "Đặt lại tờ đó, nhấn F4."
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
    "scanner.unknown": Message(
        "Máy quét báo lỗi lạ.",
        "{kept} trang đã lưu.",
        "Tắt bật lại máy, nhấn F4. Nếu lặp lại, nhấn F1 và báo bộ phận CNTT.",
    ),
}

_TOKEN = {
    "token.none": Message("Chưa cắm USB Token.", "", "Cắm token của {officer}; sẽ tự tiếp tục. Esc để ký sau."),
    "token.removed": Message(
        "Token vừa bị rút.", "{signed} tài liệu đã ký vẫn giữ.", "Cắm lại rồi nhấn F9 để ký tiếp."
    ),
    "token.module_missing": Message(
        "Chưa cài phần mềm của token.", "", "Báo bộ phận CNTT cài phần mềm {vendor}, rồi nhấn F9."
    ),
    "token.module_bits": Message(
        "Phần mềm token không cùng loại 32/64 bit.", "", "Báo bộ phận CNTT cài đúng bản cho máy này."
    ),
    "token.no_certificate": Message(
        "Token không có chứng thư ký.", "", "Kiểm tra có cắm đúng token không, rồi nhấn F9."
    ),
    "token.wrong_person": Message(
        "Token này của {holder}.",
        "Người đang làm việc là {officer}.",
        "Cắm đúng token, hoặc đăng nhập đúng người, rồi nhấn F9.",
    ),
    "token.expired": Message(
        "Chứng thư số đã hết hạn {until}.", "Không ký được.", "Làm thủ tục gia hạn: liên hệ {help}."
    ),
    "token.not_yet_valid": Message(
        "Chứng thư số chưa đến ngày hiệu lực ({since}).", "", "Kiểm tra ngày giờ máy tính; nếu đúng, liên hệ {help}."
    ),
    "token.revoked": Message("Chứng thư số đã bị thu hồi.", "Không ký được.", "Liên hệ {help}."),
    "token.pin_wrong": Message("Sai mã PIN.", "", "Kiểm tra Caps Lock và bộ gõ tiếng Việt, nhập lại rồi nhấn Enter."),
    "token.pin_last_try": Message(
        "Đây là lần nhập cuối.", "Sai nữa token sẽ bị khóa.", "Nếu không chắc, nhấn Esc để hủy."
    ),
    "token.pin_locked": Message(
        "Token đã bị khóa.", "Hồ sơ được giữ ở «Chờ ký».", "Không nhập tiếp. Liên hệ {help} để mở khóa."
    ),
    "token.pin_must_change": Message(
        "Token yêu cầu đổi mã PIN.", "", "Mở phần mềm {vendor} để đổi, rồi nhấn F9 để ký lại."
    ),
    "token.pin_letters": Message("Mã PIN có chữ có dấu.", "", "Tắt bộ gõ tiếng Việt, nhập lại rồi nhấn Enter."),
    "token.pin_length": Message(
        "Mã PIN không đúng độ dài.", "Token này nhận từ {least} đến {most} ký tự.", "Nhập lại rồi nhấn Enter."
    ),
    "token.stuck": Message(
        "Token không trả lời.", "Tài liệu đã ký vẫn giữ.", "Rút ra, cắm lại, nhấn F9. Nếu lặp lại, báo bộ phận CNTT."
    ),
    "token.unknown": Message(
        "Token báo lỗi lạ.", "", "Rút ra, cắm lại, nhấn F9. Nếu lặp lại, nhấn F1 và báo bộ phận CNTT."
    ),
}

_SIGNATURE = {
    "signature.pages_changed": Message("Trang {page} đã thay sau khi ký.", "", "Nhấn F9 để ký lại tài liệu này."),
    "signature.timestamp_offline": Message(
        "Chưa lấy được dấu thời gian.",
        "Mất mạng, hoặc nơi cấp dấu thời gian không trả lời kịp.",
        "Chữ ký vẫn có giá trị; có mạng thì nhấn F5 để thử lại.",
    ),
    "signature.timestamp_wrong": Message(
        "Dấu thời gian nhận về không đúng.",
        "Nơi cấp trả lời sai hoặc không được tin cậy.",
        "Báo bộ phận CNTT xem lại địa chỉ cấp dấu và chứng thư gốc.",
    ),
    "signature.clock": Message(
        "Giờ máy khác giờ nơi cấp dấu thời gian.",
        "Máy này: {ours}; nơi cấp: {theirs}.",
        "Chỉnh giờ máy; nếu giờ máy đúng, báo bộ phận CNTT.",
    ),
    "signature.evidence_missing": Message(
        "Chưa lấy được bằng chứng chứng thư còn hiệu lực.",
        "Nơi cấp chứng thư không trả lời hoặc trả lời không rõ.",
        "Chữ ký vẫn có giá trị; có mạng thì nhấn F5 để bổ sung.",
    ),
    "signature.revoked": Message(
        "Chứng thư của chữ ký đã bị thu hồi.",
        "Không bổ sung bằng chứng cho chữ ký này.",
        "Nhấn F9 để ký lại bằng chứng thư còn hiệu lực.",
    ),
    "signature.not_in_time": Message(
        "Chứng thư của chữ ký đã hết hạn hoặc chưa đến hạn.",
        "Không có dấu thời gian chứng minh đã ký đúng hạn.",
        "Nhấn F9 để ký lại bằng chứng thư còn hiệu lực.",
    ),
    "signature.chain_incomplete": Message("Thiếu chứng thư của nơi cấp.", "", "Báo bộ phận CNTT cài bộ chứng thư gốc."),
    "signature.broken": Message(
        "Chữ ký không còn nguyên vẹn.", "Tệp đã bị sửa nên không gửi được.", "Nhấn F9 để ký lại từ các trang đã lưu."
    ),
    "signature.mark_letters": Message(
        "Chữ ký không in được tên này.", "Chữ chưa có trong phông: {letters}.", "Báo bộ phận CNTT."
    ),
}

_PROVINCE = {
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
        "Đơn vị chưa có quyền gửi loại hồ sơ này.", "Gói được giữ lại.", "Báo bộ phận CNTT xin cấp quyền."
    ),
    "province.too_large": Message(
        "Tài liệu lớn hơn mức tỉnh nhận.",
        "Gói được giữ lại.",
        "Bỏ trang thừa (Del) rồi ký lại (F9), hoặc báo bộ phận CNTT.",
    ),
    "province.rejected": Message("Tỉnh trả lại tài liệu.", "«{said}».", "Nhấn Enter để mở hồ sơ, sửa rồi ký lại (F9)."),
    "province.duplicate": Message(
        "Tỉnh đã có tài liệu này.", "Số biên nhận {number}.", "Không cần gửi lại; nhấn F5 để cập nhật."
    ),
    "province.unknown_outcome": Message(
        "Chưa rõ tỉnh đã nhận chưa.", "", "Đang hỏi lại, không gửi trùng; F5 để hỏi ngay."
    ),
    "province.old_version": Message(
        "Cần cập nhật Bàn số hóa.", "Tỉnh dùng phiên bản mới.", "Báo bộ phận CNTT cập nhật chương trình."
    ),
    "province.reply_unreadable": Message(
        "Không đọc được trả lời của tỉnh.", "Gói vẫn được giữ.", "Tự hỏi lại lúc {at}; F5 để hỏi ngay."
    ),
    "province.not_set": Message(
        "Chưa khai địa chỉ hệ thống tỉnh.", "Gói được giữ lại.", "Báo bộ phận CNTT khai ở Thiết lập › Hệ thống tỉnh."
    ),
}

_STORE = {
    "store.disk_low": Message("Ổ đĩa còn {free_gb} GB.", "", "Gửi bớt hồ sơ (F5), rồi dọn dữ liệu đã gửi."),
    "store.disk_full": Message(
        "Ổ đĩa đã đầy, tạm ngừng quét.", "Các trang đã quét vẫn an toàn.", "Dọn ổ đĩa rồi nhấn F5."
    ),
    "store.locked": Message("Chương trình đang mở ở nơi khác.", "", "Chuyển sang cửa sổ đó, hoặc đóng nó rồi nhấn F5."),
    "store.damaged": Message(
        "Kho dữ liệu có lỗi.", "Bản sao lưu {backup_at} vẫn còn.", "Báo bộ phận CNTT; không xóa thư mục dữ liệu."
    ),
    "store.newer": Message("Dữ liệu thuộc phiên bản mới hơn.", "", "Mở bằng bản cập nhật, hoặc báo bộ phận CNTT."),
    "store.page_missing": Message("Không tìm thấy tệp của trang {page}.", "", "Đặt lại tờ đó, nhấn F6 để quét lại."),
    "store.page_altered": Message(
        "Tệp của trang {page} đã bị thay đổi.", "Không dùng được.", "Nhấn F6 để quét lại và báo bộ phận CNTT."
    ),
    "store.key_missing": Message(
        "Kho dữ liệu đang khóa.", "Không tìm thấy khóa trên máy này.", "Nhập cụm từ khôi phục, hoặc báo bộ phận CNTT."
    ),
    "store.passphrase_wrong": Message(
        "Cụm từ khôi phục không đúng.", "", "Nhập lại đúng từng từ rồi nhấn Enter, hoặc báo bộ phận CNTT."
    ),
    "store.backup_failed": Message(
        "Chưa sao lưu được.", "Không ghi được vào «{folder}».", "Kiểm tra ổ đĩa rồi nhấn F5, hoặc báo bộ phận CNTT."
    ),
    "store.conflict": Message(
        "Hồ sơ vừa được sửa ở nơi khác.", "Thay đổi này chưa được ghi.", "Nhấn F5 để nạp lại rồi làm lại."
    ),
}

_FILES = {
    "rules.unreadable": Message(
        "Tệp quy định bị lỗi.", "Tệp {file}, chỗ {where}.", "Báo bộ phận CNTT sửa hoặc thay tệp đó."
    ),
    "rules.none_in_force": Message(
        "Chưa có quy định cho ngày {day}.", "", "Kiểm tra ngày giờ máy tính; nếu đúng, báo bộ phận CNTT."
    ),
    "rules.procedure_unknown": Message(
        "Chưa có danh mục giấy tờ của thủ tục {procedure}.",
        "",
        "Kiểm tra lại mã (F2), hoặc báo bộ phận CNTT thêm danh mục.",
    ),
    "manifest.unreadable": Message(
        "Tệp mô tả thiết bị bị lỗi.", "Tệp {file}. Đang dùng cài đặt chung.", "Báo bộ phận CNTT sửa tệp đó."
    ),
    "manifest.unknown_key": Message(
        "Tệp mô tả thiết bị bị lỗi.", "Tệp {file}, khóa lạ «{key}».", "Báo bộ phận CNTT sửa tệp đó."
    ),
    "image.unreadable": Message(
        "Không đọc được «{file}».", "Không phải ảnh hoặc PDF.", "Chọn tệp khác, hoặc quét lại (F4)."
    ),
    "image.damaged": Message("«{file}» bị hỏng.", "", "Lấy lại tệp từ nơi gửi, hoặc quét từ giấy (F4)."),
    "image.encrypted": Message("«{file}» có mật khẩu.", "", "Xin bản không đặt mật khẩu, hoặc quét từ giấy (F4)."),
    "image.too_big": Message("Ảnh trong «{file}» quá lớn.", "", "Chọn tệp khác, hoặc quét lại từ giấy (F4)."),
    "image.empty": Message("«{file}» không có trang nào.", "", "Chọn tệp khác, hoặc quét từ giấy (F4)."),
    "file.not_found": Message("Không tìm thấy «{file}».", "", "Kiểm tra lại tên và thư mục, rồi nhấn F5."),
    "file.exists": Message("Đã có tệp «{file}».", "Không ghi đè.", "Chọn tên hoặc thư mục khác rồi nhấn Enter."),
    "file.not_written": Message("Không ghi được «{file}».", "", "Kiểm tra quyền ghi của thư mục đích, rồi nhấn F5."),
    "file.not_signed": Message("«{file}» chưa có chữ ký số.", "", "Ký tệp trước (F9), rồi mới bổ sung dấu thời gian."),
    "settings.unreadable": Message(
        "Tệp thiết lập bị lỗi.", "Tệp {file}, chỗ {where}.", "Báo bộ phận CNTT sửa hoặc thay tệp đó."
    ),
    "program.not_built": Message(
        "Chức năng này chưa có.", "{what}.", "Hỏi bộ phận CNTT về phiên bản có chức năng này."
    ),
    "program.bug": Message(
        "Có trục trặc ngoài dự kiến.", "Các trang đã quét vẫn an toàn.", "Nhấn F1 và báo bộ phận CNTT mã {number}."
    ),
}

#: error code -> its words, placeholders open
TEXTS: Mapping[str, Message] = MappingProxyType(
    {**_DOSSIER, **_SCANNER, **_TOKEN, **_SIGNATURE, **_PROVINCE, **_STORE, **_FILES}
)
