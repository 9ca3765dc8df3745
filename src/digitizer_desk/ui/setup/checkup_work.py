# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The doctor inside, and the sheet for the help desk: each machine is asked on its own lane, the window goes on.

Apart from the sheets, which only show; reached from the settings and from the F1 page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from digitizer_desk.checkup.looks import Part, looks, sources_of
from digitizer_desk.checkup.sheet import facts_sheet, scanner_rows
from digitizer_desk.desk import Desk
from digitizer_desk.lanes import Task
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.setup.checkup import CheckupSheet, FactsSheet


def show_checkup(desk: Desk, bridge: Bridge, bug: Callable[[BaseException], None], window: QWidget) -> None:
    """Every part of this machine, asked anew."""
    asked = looks(sources_of(desk))
    sheet = CheckupSheet([look.name for look in asked], window)
    gone: list[bool] = []
    sheet.finished.connect(lambda _result: gone.append(True))

    def answer(place: int, name: str, task: Task[Any]) -> None:
        if gone:
            return
        if isinstance(task.error, Exception):
            bug(task.error)
            sheet.show_parts(place, (Part(name, "bad", "không xem được vì trục trặc ngoài dự kiến"),))
        else:
            sheet.show_parts(place, task.result())

    def ask() -> None:
        sheet.begin()
        for place, look in enumerate(asked):
            bridge.run(look.lane, look.ask, on_done=partial(answer, place, look.name))

    sheet.again_asked.connect(ask)
    ask()
    _run(sheet)


def show_facts(desk: Desk, bridge: Bridge, bug: Callable[[BaseException], None], window: QWidget) -> None:
    """The sheet for the help desk."""
    sheet = FactsSheet(window)
    gone: list[bool] = []
    sheet.finished.connect(lambda _result: gone.append(True))

    def made(task: Task[Any]) -> None:
        if gone:
            return
        if isinstance(task.error, Exception):
            bug(task.error)
            sheet.say("stop", "Chưa lập được phiếu vì trục trặc ngoài dự kiến.")
        else:
            sheet.show_text(task.result())

    def scanners_came(task: Task[Any]) -> None:
        rows = (str(task.error).partition(":")[0],) if task.error is not None else task.result()
        bridge.run("token", facts_sheet, desk, rows, on_done=made)

    def ask() -> None:
        sheet.busy("Đang lập phiếu…")
        bridge.run("scanner", scanner_rows, desk, on_done=scanners_came)

    sheet.again_asked.connect(ask)
    ask()
    _run(sheet)


def _run(sheet: QDialog) -> None:
    try:
        sheet.exec()
    finally:
        sheet.deleteLater()
