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


def set_active(desk: Desk, officer_id: str, active: bool, by: Officer) -> None:
    """Let an officer log in, or not any more. Only IT may, and nobody ends their own account: somebody must be left who
    can.

    Raises:
        DeskError: ``officer.not_allowed``, ``officer.own_account``, ``officer.unknown``.
    """
    need(by, Role.IT)
    if officer_id == by.id:
        raise error("officer.own_account")
    desk.cabinet.officers.set_active(officer_id, active, by)


def reset_password(desk: Desk, officer_id: str, password: str, by: Officer) -> None:
    """Give an officer who forgot it a new password; a pause after wrong ones is over. Only IT may.

    Raises:
        DeskError: ``officer.not_allowed``, ``officer.password_weak``, ``officer.unknown``.
    """
    need(by, Role.IT)
    _long_enough(desk, password)
    desk.cabinet.officers.set_password(officer_id, password, by)


def change_password(desk: Desk, old: str, new: str, by: Officer) -> None:
    """Change one's own password. The old one is asked as at the log-in: wrong ones count.

    Raises:
        DeskError: ``officer.password_weak``, ``officer.password_wrong``, ``officer.locked_out``, ``officer.unknown``.
    """
    _long_enough(desk, new)
    log_in(desk, by.login, old)
    desk.cabinet.officers.set_password(by.id, new, by)


def _long_enough(desk: Desk, password: str) -> None:
    least = desk.law_today().desk.password_least
    if len(password) < least:
        raise error("officer.password_weak", least=least)


def _add(desk: Desk, login: str, name: str, password: str, roles: frozenset[Role], by: str) -> Officer:
    _long_enough(desk, password)
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
