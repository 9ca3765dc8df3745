# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Officers and their passwords: who may say to the journal "it was me" (R60).

Apart from the rest because a password is never a row others read: only Argon2id of it is kept (RFC 9106, second
recommended choice), and wrong tries are counted where a restart does not forget them.
"""

from __future__ import annotations

import json
import math
import os
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import insert, select, update
from sqlalchemy.sql import ColumnElement

from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import error
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import officers
from digitizer_desk.store.sql.values import By


class TryRule(Protocol):
    """How often a wrong password may be tried, and how long the pause after is."""

    @property
    def tries_before_pause(self) -> int: ...

    @property
    def pause_minutes(self) -> int: ...


class Officers:
    """The officers of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    def add(self, officer: Officer, password: str, by: By) -> None:
        """Add an officer.

        Raises:
            DeskError: ``officer.taken`` when somebody has this login, whatever its case and marks.
        """
        hashed = _hash(password)
        with self._database.writing() as connection:
            if connection.scalar(select(officers.c.id).where(officers.c.login_key == fold(officer.login))):
                raise error("officer.taken", login=officer.login)
            connection.execute(
                insert(officers).values(
                    id=officer.id,
                    login=officer.login,
                    login_key=fold(officer.login),
                    name=officer.name,
                    roles=json.dumps(sorted(role.value for role in officer.roles)),
                    active=officer.active,
                    password=hashed,
                )
            )
            self._note("officer_added", officer.id, by, roles=sorted(role.value for role in officer.roles))

    def log_in(self, login: str, password: str, rule: TryRule) -> Officer:
        """Check a password. Both outcomes are journaled, without what was typed.

        Raises:
            DeskError: ``officer.unknown`` (also one who is no longer active), ``officer.password_wrong`` with the tries
                left, ``officer.locked_out`` with the minutes to wait.
        """
        row = self._row(officers.c.login_key == fold(login))
        if row is None or not row.active:
            raise error("officer.unknown", login=login)
        self._refuse_in_pause(row.paused_until, rule)
        right = _matches(password, row.password)
        with self._database.writing() as connection:
            # read again: another window may have tried meanwhile, and each try counts
            now = connection.execute(select(officers).where(officers.c.id == row.id)).one()
            failed = 0 if right else now.failed + 1
            pause = not right and failed >= rule.tries_before_pause
            until = self._clock() + timedelta(minutes=rule.pause_minutes) if pause else None
            of = officers.c.id == row.id
            connection.execute(update(officers).where(of).values(failed=0 if pause else failed, paused_until=until))
            self._note("logged_in" if right else "login_failed", row.id, row.id, failed=failed)
        if right:
            return _officer(row)
        if pause:
            raise error("officer.locked_out", minutes=rule.pause_minutes)
        raise error("officer.password_wrong", left=rule.tries_before_pause - failed)

    def _refuse_in_pause(self, until: datetime | None, rule: TryRule) -> None:
        if until is None:
            return
        # a clock that was set back must not lengthen the pause
        left = min((until - self._clock()).total_seconds() / 60, rule.pause_minutes)
        if left > 0:
            raise error("officer.locked_out", minutes=math.ceil(left))

    def all(self) -> tuple[Officer, ...]:
        """Every officer, active or not, by login."""
        with self._database.reading() as connection:
            rows = connection.execute(select(officers).order_by(officers.c.login_key))
            return tuple(_officer(row) for row in rows)

    def get(self, officer_id: str) -> Officer:
        """The officer with this id.

        Raises:
            DeskError: ``officer.unknown``.
        """
        row = self._row(officers.c.id == officer_id)
        if row is None:
            raise error("officer.unknown", login="")
        return _officer(row)

    def any(self) -> bool:
        """Whether anybody may log in here yet."""
        with self._database.reading() as connection:
            return connection.scalar(select(officers.c.id).limit(1)) is not None

    def set_password(self, officer_id: str, password: str, by: By) -> None:
        """Give an officer a new password; counted tries and a pause are over.

        Raises:
            DeskError: ``officer.unknown``.
        """
        self._change(officer_id, "password_set", by, password=_hash(password), failed=0, paused_until=None)

    def set_active(self, officer_id: str, active: bool, by: By) -> None:
        """Let an officer log in, or not any more. Officers are never deleted: the journal names them.

        Raises:
            DeskError: ``officer.unknown``.
        """
        self._change(officer_id, "officer_activated" if active else "officer_deactivated", by, active=active)

    def _change(self, officer_id: str, action: str, by: By, **values: object) -> None:
        with self._database.writing() as connection:
            changed = connection.execute(update(officers).where(officers.c.id == officer_id).values(**values))
            if changed.rowcount == 0:
                raise error("officer.unknown", login="")
            self._note(action, officer_id, by)

    def _row(self, which: ColumnElement[bool]) -> Any:
        with self._database.reading() as connection:
            return connection.execute(select(officers).where(which)).first()

    def _note(self, action: str, officer_id: str, by: By, **facts: int | list[str]) -> None:
        self._journal.append(action, f"officer:{officer_id}", by, **facts)


def _officer(row: Any) -> Officer:
    roles = frozenset(Role(role) for role in json.loads(row.roles))
    return Officer(id=row.id, login=row.login, name=row.name, roles=roles, active=row.active)


def _kept(password: str) -> bytes:
    """Typed in composed or decomposed letters, it is the same password."""
    return unicodedata.normalize("NFC", password).encode()


def _hash(password: str) -> str:
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
    return kdf.derive_phc_encoded(_kept(password))


def _matches(password: str, hashed: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_kept(password), hashed)
    except InvalidKey:
        return False
    return True
