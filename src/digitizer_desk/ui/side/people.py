# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who may log in at this desk: asked by IT alone, while nothing else goes on."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.steps import officers
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.people.officers import OfficersDialog
from digitizer_desk.ui.widgets.frame import Notice


def office_of(desk: Desk) -> str:
    """Whose desk it is, for the log-in; "" while nobody said."""
    unit = desk.settings.unit
    return f"{unit.name} · quầy {unit.counter}" if unit.name else ""


def ask_officers(desk: Desk, bridge: Bridge, by: Officer | None, window: QWidget) -> Notice | None:
    """Show and add officers; for others than IT only why not."""
    if by is None or Role.IT not in by.roles:
        return Notice("mind", "Chỉ vai trò CNTT được thêm cán bộ.")

    def add(login: str, name: str, password: str, roles: frozenset[Role]) -> Officer:
        return officers.add(desk, login, name, password, roles, by)

    least = desk.law_today().desk.password_least
    OfficersDialog(desk.cabinet.officers.all, add, bridge.run, least, window).exec()
    return None
