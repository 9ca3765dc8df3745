# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Acts on a whole component or dossier for which the clerk gives a reason.

Apart from the map of the screens because each is a sheet and what it is answered with.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.model import Component
from digitizer_desk.steps import pages
from digitizer_desk.ui.counter_work import CounterWork
from digitizer_desk.ui.screens.sheets import ReasonSheet


def leave_out(component: Component | None, work: CounterWork, window: QWidget) -> None:
    """Ctrl+K: do not digitise a component, with the law's reason; or take that back."""
    if component is None or work.law is None:
        return
    if component.not_digitised is not None:
        work.take_back_left_out()
        return
    reasons = [(r.id, r.label) for r in work.law.left_out_reasons]
    ask = f"Vì sao không số hóa «{component.title}»?"
    sheet = ReasonSheet("Không số hóa thành phần", ask, reasons, "Ghi lý do", window)
    try:
        if sheet.exec():
            work.leave_out(sheet.reason(), sheet.note.text())
    finally:
        sheet.deleteLater()


def drop_blank_backs(component: Component | None, work: CounterWork) -> None:
    """Ctrl+W: all blank backs go, as one act, or none; then the sides are counted anew."""
    if component is not None:
        work.act(pages.drop_blank_backs, component.id, work.officer, then=work.ask_sides)


def hand_on(work: CounterWork, window: QWidget) -> None:
    """Ctrl+B: the dossier goes on although mandatory components are missing (R7)."""
    ask = "Chuyển hồ sơ đi khi còn thiếu thành phần bắt buộc. Người xử lý phải bổ sung; hồ sơ mang dấu «chưa đầy đủ»."
    sheet = ReasonSheet("Chuyển tiếp chưa đầy đủ", ask, (), "Chuyển tiếp", window)
    try:
        if sheet.exec():
            work.hand_on(sheet.note.text())
    finally:
        sheet.deleteLater()
