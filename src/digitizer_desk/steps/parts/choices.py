# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Setting one thing at the desk: who may, what the province has fixed, what the law allows.

Apart from ``settings`` (the file) because rights and law are asked here, from whatever window the wish came.
"""

from __future__ import annotations

from collections.abc import Callable

from digitizer_desk import settings
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import error
from digitizer_desk.settings import Settings
from digitizer_desk.steps.officers import need

#: what everyone at the counter may set: how it looks, and which machine stands beside it today
FOR_ALL = frozenset({"scheme", "scanner.id", "scanner.work_type"})


def may_set(key: str, by: Officer) -> bool:
    """Whether this officer may change a key at all."""
    return by.active and (key in FOR_ALL or Role.IT in by.roles)


def change(desk: Desk, key: str, value: object, by: Officer) -> Settings:
    """Set one value, write the file and a journal line. Gives the settings as they are now.

    Raises:
        DeskError: ``officer.not_allowed``, ``settings.locked`` (the province fixed it), ``settings.refused`` (no such
            key, or the value is none for it or below the law in force), ``settings.unreadable``, ``store.disk_full``.
    """
    if key not in FOR_ALL:
        need(by, Role.IT)
    held = settings.locks(desk.paths.fixed_settings)
    touched = {f"{key}.{name}" for name in value} if isinstance(value, dict) else {key}
    if touched & held.keys:
        raise error("settings.locked", by=held.by or "tỉnh")
    now = settings.read(desk.paths.settings_file, desk.paths.fixed_settings)
    made = settings.changed(now, key, value)
    _hold_to_law(desk, made, key)
    settings.write(desk.paths.settings_file, made)
    desk.cabinet.journal.append("setting_changed", f"setting:{key}", by)
    return made


def _hold_to_law(desk: Desk, made: Settings, key: str) -> None:
    """A profile that is not there, or less dpi than the law in force asks, is no setting."""
    if made.regulation and made.regulation not in {law.id for law in desk.book_today().regulations}:
        raise error("settings.refused", key=key)
    least = desk.law_today().scan.least_dpi
    if made.scanner.dpi is not None and made.scanner.dpi < least:
        raise error("settings.refused", key=key)


def set_secret(keep: Callable[[str, str, Officer], None], secret: str, by: Officer) -> None:
    """Let ``keep(name, text, by)`` put the province's key away; it is in no plain file and never shown again.

    Raises:
        DeskError: ``officer.not_allowed``, ``store.disk_full``.
    """
    need(by, Role.IT)
    keep("province.secret", secret, by)
