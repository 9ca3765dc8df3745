# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for every error code: what happened, why, what to do and with which key.

At most 160 characters each with its facts in place; polite, no blame; each names a key or a person to call.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from digitizer_desk.messages.faults_of.incoming import INCOMING
from digitizer_desk.messages.faults_of.place import PLACE
from digitizer_desk.messages.faults_of.province import PROVINCE
from digitizer_desk.messages.faults_of.result import RESULTS
from digitizer_desk.messages.faults_of.scanner import SCANNER
from digitizer_desk.messages.form import Message
from digitizer_desk.messages.monthly import MONTHLY
from digitizer_desk.messages.review import REVIEW

_DOSSIER = {
    "dossier.code_malformed": Message(
        "Mã hồ sơ không đúng dạng.",
        "«{code}» không đọc được hoặc ngày trong mã không có thật.",
        "Tắt bộ gõ tiếng Việt, quét lại hoặc gõ lại mã (F2).",
    ),
    "dossier.code_taken": Message("Hồ sơ này đã có.", "Mã {code} đã được tiếp nhận.", "Nhấn F3 để mở hồ sơ đó."),
    "dossier.applicant_missing": Message("Chưa có tên chủ hồ sơ.", "", "Nhập họ tên hoặc tên tổ chức rồi nhấn Enter."),
    "dossier.begun": Message(
        "Hồ sơ {code} đã làm dở.", "Giấy tiếp nhận không sửa được nữa.", "Nhấn Esc; hồ sơ sai thì báo người phụ trách."
    ),
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
    "dossier.signed": Message(
        "«{component}» đã ký số.",
        "Việc làm trước khi ký không hoàn tác được.",
        "Cần sửa thì quét lại (F6) hoặc bỏ trang (Del), rồi ký lại (F9).",
    ),
    "dossier.count_unproved": Message(
        "«{component}» chưa được đối chiếu số trang.",
        "Máy quét không có số đếm.",
        "Đếm lại số mặt giấy, gõ số đó vào ô «Giấy», nhấn Enter.",
    ),
    "dossier.count_differs": Message(
        "«{component}» lệch số trang.",
        "Đã giữ {kept}, {witness}.",
        "Tìm tờ dính, tờ sót trong máy; quét bù (F4), gõ lại số mặt, Enter.",
    ),
    "dossier.halves_differ": Message(
        "Chưa ghép: {fronts} mặt trước, {backs} mặt sau.",
        "Mọi trang vẫn được giữ.",
        "Thiếu thì quét tiếp (F4), thừa thì bỏ (Del), rồi Ctrl+J để ghép.",
    ),
    "dossier.backs_missing": Message(
        "«{component}» chưa có mặt sau.",
        "Mới quét {fronts} mặt trước.",
        "Lật chồng giấy, nhấn F4; giấy chỉ có một mặt thì nhấn Ctrl+J.",
    ),
    "dossier.reason_missing": Message(
        "Chưa có lý do.", "Lý do được ghi vào nhật ký.", "Chọn hoặc nhập lý do rồi nhấn Enter."
    ),
    "dossier.is_file": Message(
        "«{component}» là tệp PDF nguyên vẹn.",
        "Không tách, xoay hay ghép trang của tệp.",
        "Nhấn Ctrl+O để thay tệp khác, Ctrl+Z để hoàn tác.",
    ),
    "dossier.has_pages": Message(
        "«{component}» đã có {count} trang.", "", "Nhấn Ctrl+O và chọn thay tất cả, hoặc chọn thành phần khác (PgDn)."
    ),
    "dossier.file_refused": Message(
        "Không nhận tệp cho «{component}».", "{why}.", "Chọn thành phần khác (PgDn) hoặc chọn lại hình thức nộp."
    ),
    "dossier.keep_forbidden": Message(
        "Lỗi này không được giữ lại.", "Quy định không cho ngoại lệ ({rule}).", "Đặt lại tờ giấy, nhấn F6 để quét lại."
    ),
    "dossier.repair_signed": Message(
        "«{component}» đã ký số.",
        "Trang trong bản đã ký không chỉnh được.",
        "Cần sửa thì quét lại (F6), rồi ký lại (F9).",
    ),
    "dossier.backs_written": Message(
        "Không phải mọi mặt sau của «{component}» đều trắng.",
        "Chỉ bỏ mặt sau khi tất cả đều trắng.",
        "Giữ cả hai mặt; nhấn F7 để soi từng trang.",
    ),
    "dossier.repair_idle": Message(
        "Trang {page} không cần {repair}.", "", "Nhấn F7 để soi; chưa vừa ý thì đặt lại giấy, nhấn F6."
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
    "officer.own_account": Message(
        "Không ngừng dùng được tài khoản của chính mình.", "", "Nhờ cán bộ CNTT khác; hoặc nhấn Esc để thôi."
    ),
    "officer.taken": Message("Tên «{login}» đã có người dùng.", "", "Chọn tên đăng nhập khác rồi nhấn Enter."),
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
    "signature.renewal_short": Message(
        "Chưa gia hạn được dấu thời gian.",
        "Dấu mới của nơi cấp không giữ được lâu hơn dấu đang có.",
        "Báo bộ phận CNTT đổi nơi cấp dấu thời gian.",
    ),
    "signature.no_room": Message(
        "«{component}» chưa được ký.",
        "Góc trang đầu không còn chỗ trống cho dấu ký.",
        "Chọn chỗ đặt dấu (F9, hoặc --mark-at).",
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
    "store.removed": Message(
        "Bản lưu đã xóa khỏi máy này.",
        "Tỉnh đã nhận và xác nhận; đã quá hạn lưu.",
        "Xem trên hệ thống của tỉnh; cần sửa thì quét lại (F6) từ bản giấy.",
    ),
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
    "store.restore_failed": Message(
        "Chưa khôi phục được.",
        "Trong «{folder}» không có bản sao nào còn nguyên.",
        "Chọn thư mục sao lưu khác, hoặc báo bộ phận CNTT.",
    ),
    "store.conflict": Message(
        "Hồ sơ vừa được sửa ở nơi khác.", "Thay đổi này chưa được ghi.", "Nhấn F5 để nạp lại rồi làm lại."
    ),
    "store.trial_left": Message(
        "Chưa xóa hết hồ sơ thử.",
        "Một tệp đang được dùng; không ai mở được nội dung.",
        "Đóng rồi mở lại chương trình để xóa nốt; nếu lặp lại, báo bộ phận CNTT.",
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
    "rules.work_type_refused": Message(
        "Không dùng loại việc quét «{file}».", "Mục {where}: {why}.", "Báo bộ phận CNTT sửa tệp đó."
    ),
    "rules.work_type_locked": Message(
        "Loại việc «{name}» đã khóa.", "Quản trị không cho đổi cài đặt.", "Chọn loại việc khác (Ctrl+T)."
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
    "image.page_damaged": Message(
        "Trang {page} trong {pages} trang của «{file}» không đọc được.",
        "",
        "Quét tờ đó (F6), nhập lại tệp tốt (Ctrl+O), hoặc bỏ trang (Del).",
    ),
    "image.animated": Message("«{file}» là ảnh động.", "", "Chọn ảnh tĩnh hoặc PDF (Ctrl+O)."),
    "image.too_small": Message("Ảnh trong «{file}» quá nhỏ.", "Không phải trang giấy.", "Chọn tệp khác (Ctrl+O)."),
    "image.too_many_pages": Message(
        "«{file}» có quá nhiều trang.",
        "Mỗi tệp nhiều nhất {most} trang.",
        "Xin tệp đã tách nhỏ, hoặc quét từ giấy (F4).",
    ),
    "image.too_slow": Message(
        "Đọc «{file}» quá lâu nên đã dừng.", "Tệp quá nặng hoặc có lỗi.", "Xin bản khác, hoặc quét từ giấy (F4)."
    ),
    "file.unreachable": Message(
        "Không mở được «{file}».", "Tệp đang bị khóa hoặc ổ đĩa đã ngắt.", "Đóng chương trình đang mở tệp, nhấn Ctrl+O."
    ),
    "file.changing": Message("«{file}» đang được ghi.", "", "Chờ ghi xong rồi nhấn Ctrl+O để nhập lại."),
    "file.too_big": Message("«{file}» quá lớn.", "Nhận tới {most} MB.", "Xin bản nhẹ hơn, hoặc quét từ giấy (F4)."),
    "file.changed_after_signing": Message(
        "«{file}» đã bị sửa sau khi ký.", "Chữ ký trong tệp không còn đúng.", "Xin bản gốc, rồi nhấn Ctrl+O."
    ),
    "file.locked_by_signature": Message(
        "«{file}» không cho ký thêm.", "Chữ ký của {signer} khóa tệp.", "Xin bản cho ký thêm, hoặc báo bộ phận CNTT."
    ),
    "file.not_signable": Message(
        "«{file}» không ký số được.", "Cấu trúc tệp không đúng chuẩn PDF.", "Xin bản lưu lại đúng chuẩn (Ctrl+O)."
    ),
    "file.page_damaged": Message(
        "Trang {page} trong {pages} trang của «{file}» không đọc được.",
        "Tệp PDF không nhận một phần.",
        "Xin bản khác, rồi nhấn Ctrl+O.",
    ),
    "file.one_pdf": Message(
        "Đã chọn {count} tệp, trong đó có PDF.", "Một thành phần là một PDF.", "Nhấn Ctrl+O và chọn riêng một tệp PDF."
    ),
    "file.in_use": Message(
        "Tệp này đã ở «{component}».", "Không nhập hai lần.", "Nhấn Ctrl+Z để hoàn tác lần trước nếu nhầm chỗ."
    ),
    "file.altered": Message(
        "Tệp PDF trong kho đã bị thay đổi.", "Không dùng được.", "Nhập lại tệp (Ctrl+O) và báo bộ phận CNTT."
    ),
    "folder.unreachable": Message(
        "Không mở được thư mục nhận «{folder}».",
        "Mất mạng hoặc chưa có quyền.",
        "Kiểm tra dây mạng, hoặc báo bộ phận CNTT.",
    ),
    "folder.not_cleared": Message(
        "Đã giữ «{file}» nhưng chưa xóa được bản trong thư mục nhận.", "", "Báo bộ phận CNTT cấp quyền xóa."
    ),
    "file.not_found": Message("Không tìm thấy «{file}».", "", "Kiểm tra lại tên và thư mục, rồi nhấn F5."),
    "file.exists": Message("Đã có tệp «{file}».", "Không ghi đè.", "Chọn tên hoặc thư mục khác rồi nhấn Enter."),
    "file.not_written": Message("Không ghi được «{file}».", "", "Kiểm tra quyền ghi của thư mục đích, rồi nhấn F5."),
    "file.not_signed": Message("«{file}» chưa có chữ ký số.", "", "Ký tệp trước (F9), rồi mới bổ sung dấu thời gian."),
    "settings.unreadable": Message(
        "Tệp thiết lập bị lỗi.", "Tệp {file}, chỗ {where}.", "Báo bộ phận CNTT sửa hoặc thay tệp đó."
    ),
    "settings.refused": Message(
        "Không đặt được giá trị này.", "Ngoài mức cho phép ({key}).", "Chọn giá trị khác rồi nhấn Enter."
    ),
    "settings.receipt_qr": Message(
        "Mẫu mã QR sai ở chỗ «{where}».",
        "Cần <code> một lần, dấu ngăn giữa hai phần.",
        "Viết như <code>|<procedure>|<name>, hoặc để trống, rồi nhấn Enter.",
    ),
    "settings.locked": Message("Mục này do {by} quy định.", "", "Cần đổi thì báo bộ phận CNTT của tỉnh."),
    "program.not_built": Message(
        "Chức năng này chưa có.", "{what}.", "Hỏi bộ phận CNTT về phiên bản có chức năng này."
    ),
    "program.bug": Message(
        "Có trục trặc ngoài dự kiến.", "Các trang đã quét vẫn an toàn.", "Nhấn F1 và báo bộ phận CNTT mã {number}."
    ),
}

#: error code -> its words, placeholders open
TEXTS: Mapping[str, Message] = MappingProxyType(
    {
        **_DOSSIER,
        **REVIEW,
        **MONTHLY,
        **SCANNER,
        **_TOKEN,
        **_SIGNATURE,
        **RESULTS,
        **PLACE,
        **PROVINCE,
        **INCOMING,
        **_STORE,
        **_FILES,
    }
)
