# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for a data folder that is not within reach: closed to this user, or on a disk that is away.

Apart from the other faults of the cabinet, which are about what lies in the folder.
"""

from __future__ import annotations

from digitizer_desk.messages.form import Message

PLACE = {
    "store.no_access": Message(
        "Không mở được thư mục dữ liệu.",
        "«{folder}» bị khóa quyền hoặc ổ đĩa chưa nối.",
        "Báo bộ phận CNTT xem quyền thư mục rồi nhấn F5.",
    ),
    "store.away": Message(
        "Không thấy kho dữ liệu của máy này.",
        "Kho phải nằm ở «{folder}»: ổ đĩa có nó chưa cắm, hoặc kho đã bị dời đi.",
        "Cắm ổ đĩa ấy rồi nhấn F5.",
    ),
}
