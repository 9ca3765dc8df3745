# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which copies of sent dossiers leave this machine, and when: to be read before it happens.

Apart from the outbox because a parcel there is about the way, and this is about what stays behind.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.messages.outbox import copies_held
from digitizer_desk.steps.outgoing.retention import Held, Leaving
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.parcels import size_words
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.rows_table import dress_rows, head_numbers

_HEADINGS = ("Hồ sơ", "Tỉnh xác nhận", "Xóa khỏi máy", "Dung lượng")
#: rows shown; the rest is counted
_MOST = 500
_ROW = 36


class KeptSheet(QDialog):
    """A table of dossiers, first what leaves first. ``days``: of the settings, 0 = copies stay for ever."""

    def __init__(
        self, leaving: Sequence[Leaving], days: int, parent: QWidget | None = None, held: Held | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Bản lưu trên máy")
        self.words = QLabel(_words(leaving, days))
        self.words.setWordWrap(True)
        self.table = QTableWidget(min(len(leaving), _MOST), len(_HEADINGS))
        self.table.setHorizontalHeaderLabels(_HEADINGS)
        dress_rows(self.table, "Bản lưu sẽ xóa khỏi máy", (300, 150, 150), _ROW)
        head_numbers(self.table, (3,))
        for row, one in enumerate(leaving[:_MOST]):
            confirmed, leaves = (f"{at.astimezone(VIETNAM):%d/%m/%Y}" for at in (one.confirmed_at, one.leaves_at))
            when = "sau khi kiểm tra" if one.in_review else leaves
            for column, text in enumerate((one.code, confirmed, when, size_words(one.size))):
                item = QTableWidgetItem(text)
                if column == 3:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self.table.selectRow(0)
        self.table.setVisible(bool(leaving))
        self.told = QLabel(copies_held(held) if held is not None else "")
        self.told.setWordWrap(True)
        self.told.setFont(theme.bold(self.font()))
        self.told.setVisible(held is not None)
        close = ActButton("Esc  Đóng", next_act=True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(20, 16, 20, 16)
        column_of.setSpacing(12)
        column_of.addWidget(self.words)
        column_of.addWidget(self.told)
        column_of.addWidget(self.table, 1)
        column_of.addLayout(foot)
        self.resize(780, 480 if leaving else 180)


def _words(leaving: Sequence[Leaving], days: int) -> str:
    kept = "Bản giấy vẫn lưu theo quy định; biên nhận, mã băm và nhật ký luôn được giữ."
    if not days:
        return f"Theo cài đặt, mọi bản lưu được giữ trên máy này. {kept}"
    if not leaving:
        return f"Không có bản lưu nào chờ xóa. Bản lưu được xóa {days} ngày sau khi tỉnh xác nhận. {kept}"
    whole = size_words(sum(one.size for one in leaving))
    return (
        f"{len(leaving)} hồ sơ tỉnh đã xác nhận còn bản lưu trên máy ({whole}). Mỗi bản được xóa {days} ngày sau khi "
        f"tỉnh xác nhận. Hồ sơ chưa gửi xong không bao giờ tự xóa; hồ sơ còn trang phải kiểm tra hay sửa lại "
        f"cũng vậy. {kept}"
    )
