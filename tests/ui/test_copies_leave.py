# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a clerk reads of copies that will leave this machine, and of a dossier whose copies left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from digitizer_desk.steps.outgoing.retention import Leaving
from digitizer_desk.ui.models.advice import copies_gone
from digitizer_desk.ui.screens.outgoing.kept import KeptSheet
from gallery.papers import parcel
from store.samples import START, make_dossier


def test_what_leaves_and_when_is_read_before_it_happens(qtbot):
    leaving = [Leaving(f"d{n}", f"H08-{n:04d}", START, START + timedelta(days=90), 6, 3_200_000) for n in range(700)]
    sheet = KeptSheet(leaving, 90)
    qtbot.addWidget(sheet)
    assert sheet.words.text().startswith("700 hồ sơ tỉnh đã xác nhận còn bản lưu trên máy (2.240,0 MB).")
    assert "chưa gửi xong không bao giờ tự xóa" in sheet.words.text()
    row = [sheet.table.item(0, column).text() for column in range(4)]
    assert row == ["H08-0000", "21/11/2026", "19/02/2027", "3,2 MB"]
    assert sheet.table.rowCount() == 500


def test_a_desk_that_keeps_all_says_so(qtbot):
    for leaving, days, words in (((), 0, "mọi bản lưu được giữ"), ((), 90, "Không có bản lưu nào chờ xóa")):
        sheet = KeptSheet(leaving, days)
        qtbot.addWidget(sheet)
        assert words in sheet.words.text()


def test_a_dossier_whose_copies_left_says_where_it_is():
    dossier = make_dossier()
    assert copies_gone(dossier, "kho tầng 2") == []
    sent = replace(dossier.components[0], parcel=parcel(1, receipt="884213"))
    gone = replace(dossier, removed_at=START, components=(sent, *dossier.components[1:]))
    (notice,) = copies_gone(gone, "kho tầng 2")
    assert notice.text == (
        "Bản quét đã xóa khỏi máy này ngày 21/11/2026; tỉnh đang giữ (biên nhận 884213); bản giấy ở kho tầng 2."
    )
    (notice,) = copies_gone(gone, "")
    assert notice.text.endswith("bản giấy vẫn lưu theo quy định.")
