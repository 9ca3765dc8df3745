# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for findings: a sentence for the banner, a badge of two words for the thumbnail.

Apart from the words for errors because a finding is no failure: something was measured, and the law says a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from digitizer_desk.dossier.finding import Finding
from digitizer_desk.messages.form import Message, fill

#: finding word -> sentence; {value} and {limit} come from the finding with their units
FINDINGS: Mapping[str, Message] = MappingProxyType(
    {
        "min_dpi": Message(
            "Trang {page} chỉ {value}.", "Quy định {limit}.", "Chỉnh độ phân giải, nhấn F6 để quét lại."
        ),
        "good_dpi": Message("Trang {page} mới {value}.", "Đủ quy định; nên {limit}.", "Nhấn F6 nếu chữ nhỏ khó đọc."),
        "colour": Message(
            "Trang {page} không phải ảnh màu.", "Đang là ảnh {value}.", "Chọn quét màu, nhấn F6 để quét lại."
        ),
        "sharpness": Message(
            "Trang {page} bị mờ, chữ khó đọc.",
            "Độ nét {value}, cần {limit}.",
            "Lau mặt kính, vuốt phẳng tờ giấy, nhấn F6.",
        ),
        "good_sharpness": Message(
            "Trang {page} hơi mờ.", "Độ nét {value}, nên {limit}.", "Nhấn F7 để soi; khó đọc thì nhấn F6 quét lại."
        ),
        "skew": Message("Trang {page} lệch {value}.", "", "Nhấn Ctrl+D để chỉnh thẳng; hoặc đặt lại giấy, nhấn F6."),
        "light": Message(
            "Trang {page} quá tối.",
            "Độ sáng {value}, nên {limit}.",
            "Nhấn Ctrl+I để chỉnh sáng; hoặc lau kính, đậy nắp, nhấn F6.",
        ),
        "faint": Message(
            "Trang {page}: mực quá nhạt.",
            "Nét đậm nhất chỉ {value}, nên {limit}.",
            "Giảm độ sáng của máy quét, nhấn F6; giấy gốc nhạt thì giữ và ghi lý do (F7).",
        ),
        "streak": Message("Trang {page} có {value} dọc trang.", "", "Lau mặt kính và thanh quét, nhấn F6 để quét lại."),
        "overscan": Message("Trang {page} thừa {value} nền máy quét.", "", "Nhấn Ctrl+M để cắt viền."),
        "cut_edge": Message(
            "Trang {page} có thể mất mép {value}.", "", "Nhấn F7 để soi; mất chữ thì đặt lại giấy, nhấn F6."
        ),
        "damaged_corner": Message(
            "Trang {page} có thể gấp hoặc rách góc {value}.",
            "",
            "Vuốt phẳng, nhấn F6; giấy gốc rách thì giữ và ghi lý do (F7).",
        ),
        "real_resolution": Message(
            "Trang {page} có vẻ bị phóng to.",
            "Chi tiết thật chỉ chừng {value}.",
            "Kiểm tra độ phân giải máy quét, nhấn F6.",
        ),
        "not_upright": Message("Trang {page} bị xoay {value}.", "", "Nhấn Ctrl+R để xoay cho đúng chiều."),
        "blank": Message("Trang {page} có vẻ trắng.", "", "Bỏ trang (Del), hoặc giữ nếu có mặt sau khác có chữ."),
        "show_through": Message("Trang {page} trắng, chỉ thấm dấu mặt sau.", "", "Bỏ trang (Del), hoặc giữ lại."),
        "seal": Message(
            "Trang {page}: dấu đỏ nhạt hoặc mất màu.",
            "",
            "Tắt «xóa nền» của máy quét, nhấn F6; dấu gốc nhạt thì giữ (F7).",
        ),
        "note": Message(
            "Trang {page} có giấy ghi chú.",
            "Cần hai bản: có và không có ghi chú.",
            "Gỡ ghi chú, nhấn F4 quét bản thứ hai; Ctrl+N đánh dấu từng bản.",
        ),
        "not_declared": Message(
            "Chưa khai số mặt giấy.", "Đã có {value}.", "Đếm số mặt trên giấy, nhập rồi nhấn Enter."
        ),
        "too_few_pages": Message("Thiếu trang: có {have}, cần {need}.", "", "Đặt trang còn thiếu, nhấn F4."),
        "too_many_pages": Message(
            "Thừa trang: có {have}, cần {need}.", "", "Sửa số mặt giấy, hoặc bỏ trang thừa (Del)."
        ),
        "note_pair": Message(
            "Giấy ghi chú chưa đủ hai bản.",
            "Bản có ghi chú đứng trước, bản không có đứng ngay sau.",
            "Nhấn F4 quét thêm, Ctrl+N đánh dấu, Ctrl+→ xếp lại.",
        ),
        "blank_backs": Message(
            "Mọi mặt sau đều trắng.",
            "Có thể bỏ cả {count} mặt sau.",
            "Nhấn Ctrl+W bỏ hết rồi sửa số mặt giấy, hoặc giữ nguyên.",
        ),
        "duplicate_page": Message(
            "Trang {page} giống trang {other}.",
            "Hai tờ cùng mẫu cũng có thể giống nhau.",
            "Đọc cả hai trang (F7); quét trùng thì bỏ một (Del).",
        ),
        "double_feed": Message(
            "Trang {page} dài hơn các trang khác {value}.",
            "Có thể hai tờ kéo vào cùng lúc.",
            "Tách giấy, đếm lại, nhấn F6 để quét lại.",
        ),
        "replaced": Message(
            "Trang {page} khác hẳn bản trước.", "Có thể quét nhầm tờ.", "Nhấn F7 để so hai bản; nhầm thì nhấn F6."
        ),
        "cast": Message(
            "Trang {page} và các trang sau cùng ám {value}.",
            "",
            "Lau máy, chỉnh màu máy quét, nhấn F6; giấy màu thì giữ nguyên.",
        ),
        "file_size": Message("Tài liệu nặng {value}.", "Nên {limit}.", "Bỏ trang thừa (Del), hoặc gửi như hiện có."),
        "pdf_version": Message("Tệp PDF phiên bản {value}.", "Cần {limit}.", "Quét từ giấy (F4), hoặc xin tệp mới."),
        "encrypted": Message("Tệp PDF có mật khẩu.", "", "Xin bản không đặt mật khẩu, hoặc quét từ giấy (F4)."),
        "scale": Message(
            "Khổ trang {sheet} khác khổ giấy.", "{value}, cho phép {limit}.", "Quét lại đúng khổ giấy (F4)."
        ),
    }
)

#: finding word -> badge under the thumbnail, at most about fourteen letters
_BADGES: Mapping[str, str] = MappingProxyType(
    {
        "min_dpi": "{value}",
        "good_dpi": "{value}",
        "colour": "Không màu",
        "sharpness": "Mờ",
        "good_sharpness": "Hơi mờ",
        "skew": "Lệch {value}",
        "light": "Tối",
        "faint": "Mực nhạt",
        "streak": "Sọc",
        "overscan": "Nền đen",
        "cut_edge": "Mất mép?",
        "damaged_corner": "Góc giấy",
        "real_resolution": "Phóng to",
        "not_upright": "Ngược",
        "blank": "Trắng?",
        "show_through": "Thấm mực",
        "seal": "Dấu nhạt",
        "note": "Ghi chú",
        "not_declared": "Chưa khai mặt",
        "too_few_pages": "Thiếu {difference}",
        "too_many_pages": "Thừa {difference}",
        "note_pair": "Thiếu bản",
        "blank_backs": "Mặt sau trắng",
        "duplicate_page": "Trùng {other}",
        "double_feed": "Hai tờ?",
        "replaced": "Khác bản trước",
        "cast": "Ám {value}",
        "file_size": "{value}",
        "pdf_version": "PDF {value}",
        "encrypted": "Có mật khẩu",
        "scale": "Sai khổ",
    }
)

#: finding word -> what the rule is about, inside a sentence
RULE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "min_dpi": "độ phân giải",
        "good_dpi": "độ phân giải",
        "colour": "ảnh màu",
        "sharpness": "độ nét",
        "good_sharpness": "độ nét",
        "skew": "độ lệch",
        "light": "độ sáng",
        "faint": "độ đậm của mực",
        "streak": "sọc dọc trang",
        "overscan": "nền máy quét",
        "cut_edge": "mép giấy",
        "damaged_corner": "góc giấy",
        "real_resolution": "chi tiết thật",
        "not_upright": "chiều trang",
        "blank": "trang trắng",
        "show_through": "thấm mực",
        "seal": "dấu đỏ",
        "note": "giấy ghi chú",
        "not_declared": "số mặt giấy",
        "too_few_pages": "thiếu trang",
        "too_many_pages": "thừa trang",
        "note_pair": "giấy ghi chú",
        "blank_backs": "mặt sau trắng",
        "duplicate_page": "trang trùng",
        "double_feed": "hai tờ cùng lúc",
        "replaced": "bản thay",
        "cast": "ám màu",
        "file_size": "dung lượng",
        "pdf_version": "phiên bản PDF",
        "encrypted": "mật khẩu",
        "scale": "khổ trang",
    }
)

_UNKNOWN = Message("Trang {page} cần xem lại.", "Đo được {value}, cần {limit}.", "Nhấn F7 để soi trang.")


def finding_words(finding: Finding, page: int | None) -> Message:
    """The sentence for one finding. ``page`` is its 1-based number; None for a finding of a component or a file."""
    pattern = FINDINGS.get(finding.word, _UNKNOWN)
    facts = {"value": finding.value, "limit": finding.limit, **dict(finding.facts)}
    if page is not None:
        facts["page"] = str(page)
    if "page" not in facts:
        pattern = Message(
            *(part.replace("Trang {page}", "Trang này") for part in (pattern.what, pattern.why, pattern.do))
        )
    return fill(pattern, facts)


def short(finding: Finding) -> str:
    """The badge of a finding: "Mờ", "150 dpi", "Lệch 3,2°", "Trắng?"."""
    pattern = Message(_BADGES.get(finding.word, "Xem lại"), "", "")
    return fill(pattern, {"value": finding.value, **dict(finding.facts)}).what
