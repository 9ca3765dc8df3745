# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The sheet of signatures: every fact in words, doubts as doubts, and reached by its key from the counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from digitizer_desk.messages.signatures import clock_words, verdict_words
from digitizer_desk.signing.verdict import Behind, Revision, SignatureCheck, Verification
from digitizer_desk.ui.commands import BY_ID, Place
from digitizer_desk.ui.screens.signatures import SignaturesSheet

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
BEHIND = Behind(2, "CA cơ quan", NOON - timedelta(days=9), NOON + timedelta(days=9), NOON, "Dấu thời gian")
GOOD = SignatureCheck("clerk", "Lê Văn An", True, True, True, NOON, NOON, NOON, "good", "B-LTA", BEHIND)


def sheet(qtbot: QtBot, *checks: SignatureCheck, changed: bool = False, revisions: tuple[Revision, ...] = ()) -> str:
    made = SignaturesSheet(None, None, None)
    qtbot.addWidget(made)
    made.show_found(Verification(checks, changed, revisions))
    return made.words()


def test_a_good_signature_line_by_line(qtbot: QtBot) -> None:
    words = sheet(qtbot, GOOD)
    for line in (
        "Chữ ký hợp lệ.",
        "Cán bộ số hóa: Lê Văn An",
        "✔ nguyên vẹn",
        "✔ nơi cấp: CA cơ quan",
        "✔ chưa bị thu hồi",
        "✔ sao chụp lúc 21/11/2026 12:00:00",
        "✔ đã ký trước 21/11/2026 12:00:00 (Dấu thời gian chứng nhận)",
        "✔ mức B-LTA: kiểm tra được lâu dài",
    ):
        assert line in words


def test_what_is_not_known_is_neither_good_nor_bad(qtbot: QtBot) -> None:
    unproven = replace(BEHIND, proven_at=None, proven_by="")
    words = sheet(qtbot, replace(GOOD, revocation="unknown", level="B-B", behind=unproven))
    assert "Chữ ký hợp lệ." in words
    assert "– chưa biết có bị thu hồi hay không" in words
    assert "– chưa có dấu thời gian: thời điểm ký là do máy ký ghi" in words


def test_a_change_without_signature_is_named(qtbot: QtBot) -> None:
    revisions = (Revision(3, "timestamp", True), Revision(4, "unsigned", False))
    words = sheet(qtbot, GOOD, changed=True, revisions=revisions)
    assert "KHÔNG hợp lệ: tệp đã bị sửa sau khi ký." in words
    assert "✔ lần ghi 3: thêm dấu thời gian" in words
    assert "✖ lần ghi 4: thay đổi không có chữ ký, KHÔNG được phép" in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"intact": False}, "đã bị sửa"),
        ({"revocation": "revoked"}, "đã bị thu hồi"),
        ({"trusted": False}, "chưa tin cậy"),
        ({"valid_at": None}, "không còn hạn"),
    ],
)
def test_the_reason_stands_in_the_first_line(changes: dict[str, object], words: str) -> None:
    assert words in verdict_words(Verification((replace(GOOD, **changes),), False))  # type: ignore[arg-type]


def test_no_signature_at_all(qtbot: QtBot) -> None:
    assert "Tệp chưa có chữ ký số." in sheet(qtbot)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(0), ""),
        (timedelta(minutes=4), ""),
        (-timedelta(days=40), ""),
        (timedelta(minutes=31), "31 phút"),
        (timedelta(hours=7), "sai múi giờ 7 tiếng"),
        (timedelta(hours=9), "9 giờ 0 phút"),
        (timedelta(days=365), "365 ngày"),
    ],
)
def test_a_wrong_clock_is_told_a_late_timestamp_is_not(ahead: timedelta, words: str) -> None:
    said = clock_words(replace(GOOD, signed_at=NOON + ahead))
    assert words in said
    assert bool(words) == bool(said)


def test_it_has_a_key_at_the_counter() -> None:
    command = BY_ID["signatures"]
    assert (command.keys, command.place) == (("Ctrl+E",), Place.COUNTER)
