# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who may log in at this desk, kept by IT, and everybody's own password: asked while nothing else goes on."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.steps import officers
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.people.officers import OfficersDialog, People
from digitizer_desk.ui.screens.people.own_password import OwnPassword


def office_of(desk: Desk) -> str:
    """Whose desk it is, for the log-in; "" while nobody said."""
    unit = desk.settings.unit
    return f"{unit.name} · quầy {unit.counter}" if unit.name else ""


def ask_officers(desk: Desk, bridge: Bridge, by: Officer | None, window: QWidget) -> None:
    """IT keeps the officers of the desk; everybody else changes their own password."""
    if by is None:
        return
    least = desk.law_today().desk.password_least
    if Role.IT not in by.roles:
        OwnPassword(lambda old, new: officers.change_password(desk, old, new, by), bridge.run, least, window).exec()
        return
    people = People(
        known=desk.cabinet.officers.all,
        add=lambda login, name, password, roles: officers.add(desk, login, name, password, roles, by),
        set_active=lambda officer, active: officers.set_active(desk, officer, active, by),
        reset=lambda officer, password: officers.reset_password(desk, officer, password, by),
    )
    OfficersDialog(people, bridge.run, least, window).exec()
