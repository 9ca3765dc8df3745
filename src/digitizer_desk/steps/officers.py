# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Officers log in by name, and who may do what (R40, R60): the journal needs a name.

Apart from ``store.officers`` (which keeps hashes) because rights are asked by each step, so that neither window nor
terminal can pass them by.
"""

from __future__ import annotations

import uuid

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.dossier.text import tidy_name
from digitizer_desk.errors import error


def log_in(desk: Desk, login: str, password: str) -> Officer:
    """Check a password; wrong ones are counted and journaled.

    Raises:
        DeskError: ``officer.unknown``, ``officer.password_wrong``, ``officer.locked_out``.
    """
    return desk.cabinet.officers.log_in(login.strip(), password, desk.law_today().desk)


def first(desk: Desk, login: str, name: str, password: str) -> Officer:
    """The first officer of a new cabinet: may do everything, so that the desk can be set up.

    Raises:
        DeskError: ``officer.taken`` when there is one already, ``officer.password_weak``.
    """
    if desk.cabinet.officers.any():
        raise error("officer.taken", login=login)
    return _add(desk, login, name, password, frozenset({Role.CLERK, Role.IT}), by="desk")


def add(desk: Desk, login: str, name: str, password: str, roles: frozenset[Role], by: Officer) -> Officer:
    """Add an officer. Only IT may.

    Raises:
        DeskError: ``officer.not_allowed``, ``officer.taken``, ``officer.password_weak``.
    """
    need(by, Role.IT)
    return _add(desk, login, name, password, roles, by=by.id)


def _add(desk: Desk, login: str, name: str, password: str, roles: frozenset[Role], by: str) -> Officer:
    least = desk.law_today().desk.password_least
    if len(password) < least:
        raise error("officer.password_weak", least=least)
    officer = Officer(id=uuid.uuid4().hex, login=login.strip(), name=tidy_name(name), roles=roles)
    desk.cabinet.officers.add(officer, password, by)
    return officer


def need(by: Officer, *roles: Role) -> None:
    """Refuse an officer who has none of these roles.

    Raises:
        DeskError: ``officer.not_allowed`` with the role that was needed.
    """
    if not by.active or not by.roles.intersection(roles):
        raise error("officer.not_allowed", role=roles[0].value)


def clerk_only(by: Officer) -> None:
    """Receiving, scanning, signing of captures and data are the clerk's.

    Raises:
        DeskError: ``officer.not_allowed``.
    """
    need(by, Role.CLERK)
