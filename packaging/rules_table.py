# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Draws every number of the law files into docs/rules-table.md, for a lawyer to read, mend and sign.

Run ``python packaging/rules_table.py`` after each change in resources/regulations; ``--check`` only compares.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REGULATIONS = ROOT / "resources" / "regulations"
TABLE = ROOT / "docs" / "rules-table.md"

_SECTIONS = {
    "order": "Thứ tự các bước",
    "scan": "Thông số quét mặc định",
    "page": "Từng trang",
    "component": "Từng thành phần hồ sơ",
    "file": "Tệp PDF",
    "machine": "Trông máy quét",
    "pdf": "Cách ghép trang vào PDF",
    "signature": "Chữ ký của cán bộ trên trang đầu",
    "copy_signature": "Chữ ký của cơ quan trên bản sao y",
    "archive_signature": "Hình dấu của cơ quan, chỉ khi nộp lưu trữ",
    "code": "Mã kết quả số hóa",
    "desk": "Bàn làm việc",
}
_NAMES = {
    "min_dpi": "Độ phân giải tối thiểu",
    "good_dpi": "Độ phân giải nên đạt",
    "colour": "Màu",
    "sharpness": "Độ nét (0-1)",
    "good_sharpness": "Độ nét nên đạt (0-1)",
    "skew": "Độ lệch",
    "light": "Độ sáng (0-1)",
    "faint": "Mực nhạt (0-1)",
    "seal": "Dấu đỏ (0-1)",
    "streak": "Sọc dọc trang",
    "overscan": "Nền máy quét quanh giấy",
    "cut_edge": "Mất mép",
    "damaged_corner": "Góc gấp, rách",
    "real_resolution": "Chi tiết thật",
    "not_upright": "Trang không đúng chiều",
    "blank": "Trang trắng",
    "note": "Giấy ghi chú",
    "not_declared": "Chưa khai số mặt giấy",
    "too_few_pages": "Thiếu trang",
    "too_many_pages": "Thừa trang",
    "note_pair": "Hai bản của trang có ghi chú",
    "blank_backs": "Mọi mặt sau đều trắng",
    "duplicate_page": "Trang trùng (độ giống 0-1)",
    "show_through": "Mặt sau chỉ thấm dấu (độ giống 0-1)",
    "double_feed": "Trang dài hơn các trang khác",
    "replaced": "Bản quét lại giống bản trước (0-1)",
    "cast": "Ám màu (CIELAB)",
    "pages": "Số trang gần nhất được xem",
    "recent": "Số trang mới nhất đem so",
    "streak_pages": "Sọc cùng chỗ trên số trang",
    "streak_within": "Cùng một chỗ (phần chiều ngang)",
    "sharpness_drop": "Độ nét tụt",
    "light_drop": "Độ sáng tụt",
    "pdf_version": "Phiên bản PDF",
    "encrypted": "Mật khẩu",
    "scale": "Tỷ lệ 100 % (sai số, 1 = 100 %)",
    "file_size": "Dung lượng tệp",
    "preset": "Cách ghép khi không ai chọn khác",
    "component": "Thành phần hồ sơ",
    "when_granted": "Khi đã giải quyết xong",
    "dpi": "Độ phân giải (dpi)",
    "least_dpi": "Thấp nhất được chọn (dpi)",
    "mode": "Chế độ màu",
    "feed": "Nguồn giấy",
    "sheet_mm": "Khổ giấy (mm)",
    "corner": "Góc",
    "width_mm": "Rộng (mm)",
    "height_mm": "Cao (mm)",
    "margin_mm": "Cách lề (mm)",
    "font_size_pt": "Cỡ chữ (pt)",
    "gap_mm": "Khoảng giữa hình dấu và chữ (mm)",
    "separator": "Dấu nối các phần",
    "keep_leading_dot": "Giữ dấu chấm đầu khi không có mã định danh",
    "lock_minutes": "Tự khóa sau (phút)",
    "token_idle_minutes": "Nhả token sau (phút)",
    "password_least": "Mật khẩu ít nhất (ký tự)",
    "tries_before_pause": "Sai mật khẩu tối đa (lần)",
    "pause_minutes": "Tạm khóa (phút)",
}
_WORDS = {
    "fault": "lỗi, không ký được",
    "warning": "cảnh báo",
    "info": "lưu ý",
    "scan": "sao chụp",
    "check": "kiểm tra",
    "sign": "ký số cá nhân",
    "extract": "bóc tách dữ liệu",
    "assign_code": "cấp mã",
    "send": "gửi, lưu",
    "certify": "ký số của cơ quan",
    "color": "màu",
    "colour": "màu",
    "gray": "xám",
    "grey": "xám",
    "bw": "đen trắng",
    "bilevel": "đen trắng",
    "feeder-duplex": "khay nạp, hai mặt",
    "feeder": "khay nạp, một mặt",
    "flatbed": "mặt kính",
    "top-left": "trên bên trái",
    "top-right": "trên bên phải",
    "archive": "giữ nguyên ảnh quét",
    "small": "hai lớp, nhỏ gọn",
    "person": "cá nhân",
    "organisation": "tổ chức",
}
_SIGNS = {
    "min": "từ",
    "max": "đến",
    "value": "là",
    "tolerance": "dung sai làm tròn",
    "lead": "hơn ít nhất",
    "count": "trên số trang",
}


def shown(value: Any) -> str:
    """A value of a law file as a lawyer reads it."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if isinstance(value, list):
        return " → ".join(map(shown, value)) if value and isinstance(value[0], str) else " × ".join(map(shown, value))
    return _WORDS.get(str(value), str(value))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") or "–" for cell in cells) + " |"


def _header(*cells: str) -> Iterator[str]:
    yield _row(*cells)
    yield "|" + " --- |" * len(cells)


def _limits(table: dict[str, Any]) -> Iterator[str]:
    yield from _header("Mục", "Giới hạn", "Mức", "Cho giữ", "Căn cứ")
    for name, limit in table.items():
        unit = f" {limit['unit']}" if limit.get("unit") else ""
        parts = [
            f"{word} {shown(limit[key])}{unit if key != 'tolerance' else ''}"
            for key, word in _SIGNS.items()
            if key in limit
        ]
        if limit.get("unit") == "byte":
            parts.append(f"= {shown(limit['max'] / 2**20)} MB")
        kept = shown(limit.get("keep_allowed", False))
        yield _row(_NAMES[name], "; ".join(parts), shown(limit["severity"]), kept, limit["source"])


def _numbers(table: dict[str, Any]) -> Iterator[str]:
    yield from _header("Mục", "Giá trị")
    for name, value in table.items():
        if name != "source":
            yield _row(_NAMES[name], shown(value))
    yield ""
    yield f"Căn cứ: {table['source']}"


def _lists(law: dict[str, Any]) -> Iterator[str]:
    yield "\n### Hình thức nộp\n"
    yield from _header("Hình thức", "Được quét", "Cho chọn lại", "Giữ ảnh đã có", "Lời báo", "Căn cứ")
    for form in law["forms"]:
        may, again, keeps = (shown(form[key]) for key in ("may_scan", "overridable", "keeps_image"))
        yield _row(form["label"], may, again, keeps, form.get("reason", ""), form["source"])
    for title, key in (("Lý do không số hóa", "left_out"), ("Lý do giữ trang có lỗi", "keep")):
        yield f"\n### {title}\n"
        yield from _header("Lý do", "Căn cứ")
        yield from (_row(reason["label"], reason["source"]) for reason in law[key])
    labels = {field["name"]: field["label"] for field in law["fields"]}
    yield "\n### Dữ liệu bóc tách\n"
    yield from _header("Trường", "Bắt buộc", "Thay cho", "Dài nhất", "Căn cứ")
    for field in law["fields"]:
        instead = labels.get(field.get("instead_of", ""), "")
        instead += f" ({shown(field['applicant'])})" if instead else ""
        yield _row(field["label"], shown(field["required"]), instead, str(field.get("max_length", "")), field["source"])


def _law(path: Path) -> Iterator[str]:
    law = tomllib.loads(path.read_text(encoding="utf-8"))
    yield f"\n## {law['title']}\n"
    yield from _header("Mục", "Giá trị")
    yield _row("Tệp", f"`{path.name}`, mã `{law['id']}`")
    yield _row("Hiệu lực từ", shown(law["in_force_from"]))
    yield _row("Thay cho", ", ".join(law.get("replaces", [])))
    yield _row("Chỉ khi tỉnh chọn", shown(law.get("optional", False)))
    yield _row("Ghi chú", law.get("note", ""))
    for key, title in _SECTIONS.items():
        if key not in law:
            continue
        yield f"\n### {title}\n"
        yield from _limits(law[key]) if key in ("page", "component", "file") else _numbers(law[key])
    yield from _lists(law)


def draw(folder: Path = REGULATIONS) -> str:
    """The whole table as Markdown."""
    lines = [
        "# Bảng quy định",
        "",
        "Tệp này do `packaging/rules_table.py` làm ra từ `resources/regulations`; không sửa tay. Người phụ trách",
        "pháp chế đối chiếu từng dòng với văn bản, ghi chỗ sai, rồi ký. Dòng ghi «chưa rõ số điều», «cần đối chiếu»",
        "hoặc «do sản phẩm chọn» là chỗ cần người có thẩm quyền quyết định.",
    ]
    for path in sorted(folder.glob("*.toml")):
        lines += _law(path)
    lines += ["\n## Xác nhận\n", *_header("Người đối chiếu", "Chức vụ", "Ngày", "Chữ ký"), _row("", "", "", "")]
    return "\n".join(lines) + "\n"


def main() -> int:
    text = draw()
    if "--check" in sys.argv[1:]:
        if TABLE.read_text(encoding="utf-8") == text:
            return 0
        print("docs/rules-table.md is out of date: run python packaging/rules_table.py", file=sys.stderr)
        return 1
    TABLE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
