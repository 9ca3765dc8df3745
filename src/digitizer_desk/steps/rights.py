# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who may do what (R40, R60): asked by each step, so that neither window nor terminal can pass it by."""

from __future__ import annotations

from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import error


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
