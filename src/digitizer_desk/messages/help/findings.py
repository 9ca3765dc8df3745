# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a finding means, at length: why it matters to the citizen's record, and how it does not come back.

The limit and the article of the law stand in the finding itself, from the rules it was judged by: no number here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "min_dpi": "Ảnh có quá ít điểm: chữ nhỏ, dấu và chữ ký không đọc chắc được nữa, phóng to cũng không rõ hơn. "
        "Thường do máy quét đặt ở chế độ nháp. Xem độ phân giải ở loại việc (Ctrl+T) hoặc ở Thiết lập, rồi quét lại.",
        "good_dpi": "Ảnh đã đủ điều kiện của quy định nhưng chưa đạt mức khuyến nghị. Giấy chữ to, rõ thì gửi được; "
        "giấy chữ nhỏ, có bảng số thì nên quét lại ở độ phân giải cao hơn.",
        "colour": "Quy định đòi ảnh màu, vì dấu đỏ và mực xanh là căn cứ phân biệt bản chính. Ảnh đen trắng của một "
        "giấy có dấu đỏ không chứng minh được gì. Chọn loại việc quét màu (Ctrl+T) rồi quét lại.",
        "sharpness": "Chữ trên trang nhòe, người nhận hồ sơ có thể không đọc được. Hay gặp khi mặt kính có hơi nước, "
        "giấy bị cong khỏi mặt kính, hoặc tờ giấy trôi khi kéo qua khay. Giấy gốc vốn mờ thì giữ và ghi lý do.",
        "good_sharpness": "Chữ còn đọc được nhưng kém hơn mức nên có. Soi ở cỡ thật: đọc được hết thì gửi, không thì "
        "lau kính và quét lại.",
        "skew": "Dòng chữ nghiêng so với trang. Chỉnh thẳng ngay trên máy được (Ctrl+D), bản quét gốc vẫn được giữ. "
        "Hay lặp lại thì kéo sát hai thanh chặn giấy của khay nạp.",
        "light": "Nền giấy bị tối, chữ nhạt và nền gần màu nhau. Thường do nắp chưa đậy kín hoặc đèn máy quét yếu. "
        "Chỉnh sáng trên máy (Ctrl+I) hoặc đậy nắp và quét lại.",
        "faint": "Nét chữ quá nhạt, in ra hoặc sao lại có thể mất chữ. Nếu giấy gốc đậm mà ảnh nhạt thì độ sáng của "
        "máy quét đặt quá cao. Giấy gốc vốn nhạt thì giữ và ghi lý do.",
        "streak": "Có vạch chạy dọc trang mà trên giấy không có: bụi hoặc keo dính trên mặt kính của khay nạp. Mọi "
        "trang sau cũng sẽ bị. Lau mặt kính và thanh quét bằng khăn mềm, khô, rồi quét lại.",
        "overscan": "Quanh tờ giấy còn nền của máy quét. Không mất nội dung, nhưng tệp nặng hơn và khổ giấy sai. Cắt "
        "viền ngay trên máy (Ctrl+M); bản quét gốc vẫn được giữ.",
        "cut_edge": "Nội dung chạm mép ảnh, có thể một dòng hoặc một góc dấu nằm ngoài. Soi kỹ mép trang; thiếu thì "
        "đặt lại giấy cho ngay và quét lại.",
        "damaged_corner": "Một góc giấy gấp hoặc rách, phần dưới góc gấp không có trong ảnh. Vuốt phẳng rồi quét lại; "
        "giấy gốc đã rách thì giữ và ghi lý do.",
        "real_resolution": "Ảnh ghi độ phân giải cao nhưng chi tiết thật thấp: ảnh đã bị phóng to ở đâu đó, ví dụ do "
        "trình điều khiển hoặc do chụp lại. Chọn đúng độ phân giải quang học của máy rồi quét lại.",
        "not_upright": "Trang nằm ngang hoặc ngược đầu. Người nhận đọc được nhưng mất công. Xoay bằng Ctrl+R.",
        "blank": "Trang gần như không có gì. Mặt sau trắng của một tờ thì bỏ được, nhưng nếu có mặt sau khác có chữ "
        "thì nên giữ cho đủ cặp. Chương trình không bao giờ tự bỏ trang.",
        "show_through": "Trang trắng, cái nhìn thấy chỉ là mực hoặc dấu thấm từ mặt kia. Bỏ trang nếu mọi mặt sau đều "
        "trắng, hoặc giữ cho đủ cặp.",
        "seal": "Dấu đỏ trên ảnh nhạt hơn hẳn bình thường. Thường do máy quét bật «xóa nền» hoặc «bỏ màu». Tắt chế "
        "độ đó rồi quét lại; dấu gốc vốn nhạt thì giữ.",
        "note": "Trên giấy có dán giấy ghi chú. Quy định cần hai bản chụp: một bản có ghi chú, một bản đã gỡ ra, "
        "nằm liền nhau.",
        "not_declared": "Chưa biết giấy có mấy mặt nên chưa đối chiếu được. Đếm trên giấy, không đếm trên màn hình: "
        "chính con số này giữ cho không trang nào bị bỏ sót.",
        "too_few_pages": "Số ảnh ít hơn số mặt giấy đã đếm: có tờ chưa quét, hoặc hai tờ dính nhau đi qua một lượt. "
        "Tìm tờ còn thiếu, đặt vào khay và quét tiếp.",
        "too_many_pages": "Số ảnh nhiều hơn số mặt giấy đã đếm: quét trùng, có mặt sau trắng, hoặc đếm thiếu. Đếm "
        "lại giấy trước rồi mới bỏ trang.",
        "note_pair": "Trang có giấy ghi chú phải có đủ hai bản liền nhau: bản có ghi chú đứng trước, bản không có đứng "
        "ngay sau.",
        "blank_backs": "Cả tập giấy chỉ in một mặt. Bỏ được tất cả mặt sau trong một lần (Ctrl+W), hoặc giữ tất cả. "
        "Không bỏ lẻ từng mặt.",
        "duplicate_page": "Hai ảnh giống nhau: có thể quét trùng một tờ, cũng có thể hai tờ cùng mẫu. Chỉ người đọc "
        "mới biết, nên chương trình không tự bỏ.",
        "double_feed": "Một ảnh dài hơn hẳn các ảnh cùng tập: có thể hai tờ đi qua cùng lúc và đè lên nhau. Tách giấy, "
        "xòe mép, đếm lại, rồi quét lại tờ đó.",
        "replaced": "Ảnh mới khác hẳn ảnh nó thay chỗ: có thể đã đặt nhầm tờ. So hai bản trước khi dùng.",
        "cast": "Từ trang này trở đi cả nền giấy ngả sang một màu. Máy quét cần lau hoặc cần chỉnh màu. Giấy vốn có "
        "màu thì không sao.",
        "file_size": "Tệp của thành phần này nặng hơn mức nên có: đường truyền chậm sẽ lâu, nơi nhận có thể từ "
        "chối. Bỏ trang thừa trước; tỉnh có thể cho dùng cách nén hai lớp.",
        "pdf_version": "Tệp do phần mềm quá cũ hoặc quá mới tạo ra, nơi lưu trữ có thể không mở được. Xin tệp khác "
        "hoặc quét từ giấy.",
        "encrypted": "Tệp có mật khẩu nên không ai kiểm tra, ký và lưu lâu dài được. Xin bản không đặt mật khẩu.",
        "scale": "Trang trong tệp lớn hoặc nhỏ hơn tờ giấy thật. Quy định đòi tỷ lệ đúng như giấy. Quét lại từ "
        "giấy, đừng in rồi quét.",
    }
)
