# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every code and every finding has words: whole, short, in NFC, with a key to press or a person to call."""

import re
import string
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk import messages
from digitizer_desk.dossier.finding import Finding, Severity
from digitizer_desk.dossier.model import Parcel, ParcelState, Role
from digitizer_desk.dossier.stage import DONE, LEFT_OUT, NOT_NEEDED, REFUSED, REUSED, STEPS
from digitizer_desk.errors import CODES, error
from digitizer_desk.messages.findings import _BADGES, FINDINGS
from digitizer_desk.rules.load import load_rulebook

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
NOW = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)

#: facts as long as they come in practice
FACTS: dict[str, Any] = {
    "repair": "chỉnh thẳng",
    "at": NOW,
    "backup_at": NOW,
    "by": "UBND tỉnh",
    "cell": "J15",
    "code": "000.00.10.H08-261121-0006",
    "component": "Giấy chứng nhận kết hôn của cha mẹ",
    "count": 12,
    "day": date(2026, 11, 21),
    "driver": "sane-airscan",
    "address": "192.168.1.20",
    "backs": 11,
    "fields": "Số định danh, Ngày cấp",
    "file": "tinh-trang-hon-nhan.toml",
    "first": "sign",
    "folder": "/media/usb/sao-luu",
    "fronts": 12,
    "free_gb": 4.25,
    "have": "12",
    "help": "Ban Cơ yếu Chính phủ",
    "holder": "Nguyễn Thị Hường",
    "kept": 12,
    "sequence": 11,
    "title": "Danh mục thủ tục và quy định của tỉnh",
    "key": "resolution",
    "least": 8,
    "left": 3,
    "letters": "ẵ ỵ",
    "login": "an.lv",
    "minutes": 5,
    "month": "2026-13",
    "most": 16,
    "name": "Hồ sơ nhiều trang",
    "number": "884213",
    "office": "Ủy ban nhân dân phường Sông Mây",
    "officer": "Lê Văn An",
    "option": "độ phân giải",
    "ours": "09:38 21/11/2026",
    "page": 13,
    "pages": 15,
    "procedure": "1.001193",
    "role": "clerk",
    "rows": 3,
    "rule": "page.colour",
    "said": "thiếu mặt sau giấy chứng nhận kết hôn",
    "seconds": 5,
    "signer": "Sở Tư pháp thành phố",
    "signed": 2,
    "since": date(2026, 12, 1),
    "step": "extract",
    "theirs": "09:38 21/11/2025",
    "until": date(2026, 11, 1),
    "vendor": "VNPT-CA",
    "waiting": 12,
    "what": "Đọc dữ liệu từ ảnh",
    "where": "[page.skew] max",
    "witness": "images_completed:13",
    "why": "2 trang còn lỗi: Mờ, Không màu",
}

_ACTS = re.compile(r"\bF[1-9]\b|\bEnter\b|\bEsc\b|\bDel\b|\bPgDn\b|Ctrl\+|bộ phận CNTT|liên hệ|Liên hệ|phím này")


def placeholders(message: messages.Message) -> set[str]:
    parts = (message.what, message.why, message.do)
    return {name for part in parts for _, name, _, _ in string.Formatter().parse(part) if name}


def test_every_code_has_words_and_no_word_is_left_over() -> None:
    assert set(messages.TEXTS) == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_words_of_an_error(code: str) -> None:
    assert code in messages.TEXTS
    pattern = messages.TEXTS[code]
    assert placeholders(pattern) <= set(CODES[code]), "a placeholder no error fills"
    whole = messages.sentence(error(code, **{name: FACTS[name] for name in CODES[code]}))
    assert "{" not in whole
    assert "…" not in whole
    assert len(whole) <= 160, len(whole)
    assert unicodedata.is_normalized("NFC", whole)
    assert "!" not in whole
    assert _ACTS.search(pattern.do), "names no key and nobody"
    assert pattern.what.endswith(".")
    assert pattern.do.endswith(".")


@pytest.mark.parametrize("code", sorted(CODES))
def test_missing_and_empty_facts_never_break_a_message(code: str) -> None:
    assert messages.words(error(code)).what
    assert "{" not in messages.sentence(error(code, **dict.fromkeys(CODES[code], "")))


def test_facts_are_written_the_vietnamese_way() -> None:
    assert messages.words(error("store.disk_low", free_gb=4.25)).what == "Ổ đĩa còn 4,2 GB."
    assert "09:05 ngày 21/11/2026" in messages.sentence(error("province.timeout", at=NOW))
    assert "21/11/2026" in messages.sentence(error("token.expired", until=date(2026, 11, 21), help=""))
    assert "nơi cấp token" in messages.sentence(error("token.expired", until=date(2026, 11, 21), help=""))


def test_words_of_the_code_are_spoken() -> None:
    assert "văn thư" in messages.sentence(error("officer.not_allowed", role="van_thu"))
    assert "(ảnh màu)" in messages.sentence(error("dossier.keep_forbidden", rule="page.colour"))
    order = messages.words(error("dossier.order_not_due", step="extract", first="sign"))
    assert (order.what, order.why) == ("Chưa đến bước «nhập dữ liệu».", "Theo quy định, phải xong «ký số» trước.")
    assert "«không thuộc diện số hóa»" in messages.sentence(
        error("dossier.order_not_due", step="sign", first="refused")
    )


@pytest.mark.parametrize("why", ["hồ sơ nộp điện tử", "Hồ sơ nộp điện tử."])
def test_a_reason_becomes_a_sentence(why: str) -> None:
    assert messages.words(error("dossier.scan_refused", component="Tờ khai", why=why)).why == "Hồ sơ nộp điện tử."


def test_an_unnamed_file_is_this_file() -> None:
    assert messages.words(error("image.damaged", file="")).what == "«tệp này» bị hỏng."


def test_braces_in_a_fact_are_only_text() -> None:
    said = messages.sentence(error("province.rejected", said="thiếu {page} và {0}"))
    assert "thiếu {page} và {0}" in said


def law_words() -> set[str]:
    book = load_rulebook([RESOURCES / "regulations"], [])
    return {name for law in book.regulations for group in (law.page, law.component, law.file) for name in group}


def test_every_finding_has_words_and_a_badge() -> None:
    assert set(FINDINGS) == law_words()
    assert set(_BADGES) == set(messages.RULE_NAMES) == set(FINDINGS)


def finding(word: str) -> Finding:
    facts = {"have": "12", "need": "13", "difference": "1", "count": "6", "other": "3", "sheet": "2"}
    return Finding(f"page.{word}", Severity.FAULT, "150 dpi", "≥ 200 dpi", "luật", facts=tuple(facts.items()))


@pytest.mark.parametrize("word", sorted(FINDINGS))
def test_the_words_of_a_finding(word: str) -> None:
    for number in (13, None):
        whole = str(messages.finding_words(finding(word), number))
        assert "{" not in whole
        assert "…" not in whole
        assert len(whole) <= 160
        assert unicodedata.is_normalized("NFC", whole)
        assert _ACTS.search(FINDINGS[word].do) or word == "file_size"
    assert len(messages.short(finding(word))) <= 14
    assert "{" not in messages.short(finding(word))


def test_findings_say_the_measured_value() -> None:
    low = finding("min_dpi")
    assert messages.finding_words(low, 3).what == "Trang 3 chỉ 150 dpi."
    assert messages.finding_words(low, None).what == "Trang này chỉ 150 dpi."
    assert messages.short(low) == "150 dpi"
    assert messages.short(replace(finding("skew"), value="3,2°")) == "Lệch 3,2°"
    assert messages.short(finding("sharpness")) == "Mờ"
    assert messages.short(finding("blank")) == "Trắng?"
    twin = Finding("component.duplicate_page", Severity.WARNING, "", "", "", facts=(("page", "5"), ("other", "2")))
    assert messages.finding_words(twin, None).what == "Trang 5 giống trang 2."


def test_a_finding_of_a_later_rule_still_has_words() -> None:
    later = finding("watermark")
    assert "Trang 3" in str(messages.finding_words(later, 3))
    assert messages.short(later) == "Xem lại"


def test_no_number_of_the_law_stands_in_the_words() -> None:
    for message in [*messages.TEXTS.values(), *FINDINGS.values()]:
        plain = re.sub(r"\{\w+\}|\bF\d\b|32/64 bit", "", f"{message.what} {message.why} {message.do}")
        assert not re.search(r"\d", plain), plain


def test_stages_and_roles_have_words() -> None:
    stages = [*STEPS, DONE, REFUSED, LEFT_OUT, NOT_NEEDED, REUSED]
    assert all(messages.stage_words(stage) and messages.step_name(stage).isupper() for stage in stages)
    assert [messages.step_name(step) for step in STEPS] == [
        "QUÉT",
        "KIỂM TRA",
        "KÝ SỐ",
        "NHẬP DỮ LIỆU",
        "CẤP MÃ",
        "GỬI",
    ]
    assert set(messages.ROLE_NAMES) == set(Role)
    assert set(messages.SEVERITY_NAMES) == set(Severity)


PARCEL = Parcel("k", "h", "243", "c", "Tờ khai", "d", 1, "f", 9, "{}", "e", NOW)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Chờ gửi"),
        ({"error": "province.offline", "next_try_at": NOW}, "Chờ mạng"),
        ({"error": "province.timeout", "tries": 2, "next_try_at": NOW}, "Thử lại lúc 09:05 ngày 21/11/2026 (lần 3)"),
        ({"state": ParcelState.SENDING}, "Đang gửi"),
        ({"state": ParcelState.SUPERSEDED}, "Đã thay bằng bản mới"),
        (
            {"state": ParcelState.ACCEPTED, "accepted_at": NOW, "receipt": "884213"},
            "Tỉnh đã nhận 09:05 ngày 21/11/2026 · số 884213",
        ),
        ({"state": ParcelState.REJECTED, "said": "thiếu mặt sau"}, "Tỉnh trả lại: thiếu mặt sau"),
        ({"state": ParcelState.REJECTED}, "Tỉnh trả lại"),
        (
            {"state": ParcelState.NEEDS_PERSON, "error": "province.too_large"},
            "Cần xử lý: Tài liệu lớn hơn mức tỉnh nhận",
        ),
        ({"state": ParcelState.NEEDS_PERSON, "said": "hết hạn mức"}, "Cần xử lý: hết hạn mức"),
        ({"state": ParcelState.NEEDS_PERSON, "error": "store.page_missing"}, "Cần xử lý: xem lại tài liệu"),
    ],
)
def test_a_parcel_in_words(changes: dict[str, Any], said: str) -> None:
    assert messages.parcel_words(replace(PARCEL, **changes)) == said
