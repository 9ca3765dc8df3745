# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The Vietnamese words for what the pages say about the scanner.

Apart from the findings because nothing is wrong with a page that must be mended; somebody should wipe the glass.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from digitizer_desk.messages.form import Message, fill
from digitizer_desk.rules.watch import MachineHint, Trouble

HINTS: Mapping[Trouble, Message] = MappingProxyType(
    {
        Trouble.STREAK: Message(
            "Máy quét để lại sọc dọc trang.",
            "{count} trang gần đây có sọc cùng một chỗ, cách mép trái {place} % chiều ngang.",
            "Lau mặt kính và thanh quét bằng khăn mềm khô, rồi quét tiếp (F4).",
        ),
        Trouble.SHARPNESS: Message(
            "Máy quét cho ảnh mờ dần.",
            "Độ nét từ {before} còn {now} trên {count} trang gần đây.",
            "Lau mặt kính, kiểm tra độ phân giải, rồi quét tiếp (F4).",
        ),
        Trouble.LIGHT: Message(
            "Máy quét cho ảnh tối dần.",
            "Độ sáng từ {before} còn {now} trên {count} trang gần đây.",
            "Lau mặt kính và đèn quét, rồi quét tiếp (F4).",
        ),
    }
)


def machine_words(hint: MachineHint) -> Message:
    """The sentence for one hint: what, the evidence, what to do."""
    place = 0.0 if hint.region is None else (hint.region.left + hint.region.right) / 2 * 100
    facts = {
        "count": str(len(hint.pages)),
        "place": f"{place:.0f}",
        "before": f"{hint.before:.2f}".replace(".", ","),
        "now": f"{hint.now:.2f}".replace(".", ","),
    }
    return fill(HINTS[hint.trouble], facts)
