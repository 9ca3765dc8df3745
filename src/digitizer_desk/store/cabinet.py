# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The cabinet: one folder, opened by one program at a time, everything in it sealed.

Apart from its drawers because opening is where a bad day is met: a second program, a cut in the middle of writing, a
damaged or a newer file.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from digitizer_desk import durable
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store import disk
from digitizer_desk.store.documents import Documents
from digitizer_desk.store.dossiers import Dossiers
from digitizer_desk.store.files.shelf import Shelf
from digitizer_desk.store.incoming.decisions import Decisions
from digitizer_desk.store.incoming.packs import Packs
from digitizer_desk.store.incoming.reuses import Reuses
from digitizer_desk.store.incoming.waiting import Waiting
from digitizer_desk.store.intake.arrivals import Arrivals
from digitizer_desk.store.intake.files import Files
from digitizer_desk.store.journal import Journal, shown
from digitizer_desk.store.officers import Officers
from digitizer_desk.store.outbox import Outbox
from digitizer_desk.store.pages import Pages
from digitizer_desk.store.paper.batches import Batches
from digitizer_desk.store.results.listed import Listed
from digitizer_desk.store.results.papers import Results
from digitizer_desk.store.review.figures import Figures
from digitizer_desk.store.review.lots import Lots
from digitizer_desk.store.sql.database import Database, Upgrading, unseen
from digitizer_desk.store.sql.schema import settings
from digitizer_desk.store.sql.values import By
from digitizer_desk.store.tray.removal import Removal
from digitizer_desk.store.vault import Vault

DATABASE = "cabinet.db"
SEALED = "vault"
BEFORE_UPGRADES = "before-upgrades"
#: plain text: when the last backup was whole. It must be readable when the database is not.
LAST_BACKUP = "last-backup"

_IN_USE = b"in use"


class Settings:
    """Small facts by name, inside the encrypted database: also the place for a secret the desk must hold."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def get(self, key: str) -> str | None:
        """The value, or None when there is none."""
        with self._database.reading() as connection:
            return connection.scalar(select(settings.c.value).where(settings.c.key == key))

    def put(self, key: str, value: str | None, by: By = "desk") -> None:
        """Keep a value, or forget it with None. That it changed is journaled, the value is not."""
        with self._database.writing() as connection:
            if connection.scalar(select(settings.c.value).where(settings.c.key == key)) == value:
                return
            connection.execute(delete(settings).where(settings.c.key == key))
            if value is not None:
                connection.execute(insert(settings).values(key=key, value=value))
            # a key may name a machine by its serial number, or a paper by a province's own number
            self._journal.append("setting_changed", f"setting:{shown(key)}", by)


class Cabinet:
    """An open cabinet. Any thread may use any part of it; writers wait for each other."""

    def __init__(
        self, folder: Path, database: Database, shelf: Shelf, clock: Callable[[], datetime], lock: int
    ) -> None:
        """Made by :func:`open_cabinet` only."""
        self.folder = folder
        self.database = database
        self.shelf = shelf
        self.clock = clock
        self._lock: int | None = lock
        self.journal = Journal(database, clock)
        self.settings = Settings(database, self.journal)
        self.officers = Officers(database, self.journal, clock)
        self.dossiers = Dossiers(database, self.journal)
        self.pages = Pages(database, shelf, self.journal)
        self.batches = Batches(database, self.journal, clock)
        self.documents = Documents(database, shelf, self.journal)
        self.files = Files(database, shelf, self.journal)
        self.arrivals = Arrivals(database, shelf, self.journal)
        self.outbox = Outbox(database, self.journal)
        self.removal = Removal(database, shelf, self.journal, clock)
        self.results = Results(database, self.journal)
        self.listed = Listed(database, self.journal)
        self.lots = Lots(database, self.journal, clock)
        self.figures = Figures(database)
        self.waiting = Waiting(database, self.journal)
        self.decisions = Decisions(database, self.journal)
        self.reuses = Reuses(database, self.journal)
        self.packs = Packs(database, self.journal)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything written inside, by any drawer, is committed together or not at all.

        Raises:
            DeskError: ``store.disk_full``, ``store.damaged``, ``store.conflict``.
        """
        with self.database.writing():
            yield

    def last_backup(self) -> str:
        """When it was last copied to the second place, as ISO 8601; '' when it never was."""
        return _last_backup(self.folder)

    def close(self) -> None:
        """Close; a second time does nothing."""
        if self._lock is None:
            return
        self.database.close()
        os.ftruncate(self._lock, 0)
        disk.unlock(self._lock)
        self._lock = None


def open_cabinet(folder: Path, vault: Vault, clock: Callable[[], datetime], upgrading: Upgrading = unseen) -> Cabinet:
    """Open the cabinet in a folder, or make a new one there.

    Half-written files of an earlier cut are swept away, batches it ended get their outcome, a removal it ended is
    finished; after an unclean end the
    whole database is checked; an older one is copied and upgraded, of which ``upgrading`` hears.

    Raises:
        DeskError: ``store.locked`` when another program has it open, ``store.damaged`` with the time of the last
            backup, ``store.newer``, ``store.disk_full``.
        PermissionError: the folder, or a file in it, is another user's.
    """
    with durable.full_is_an_error():
        durable.make_folder(folder)
    lock = disk.try_lock(folder / disk.LOCK)
    try:
        unclean = _content(lock) == _IN_USE
        durable.sweep(folder)
        database = _open_database(folder, vault, upgrading, thorough=unclean)
        try:
            with durable.full_is_an_error():
                os.lseek(lock, 0, os.SEEK_SET)
                os.write(lock, _IN_USE)
                os.fsync(lock)
        except BaseException:
            database.engine.dispose()
            raise
    except BaseException:
        disk.unlock(lock)
        raise
    cabinet = Cabinet(folder, database, Shelf(folder / SEALED, vault), clock, lock)
    try:
        cabinet.batches.close_interrupted()
        cabinet.removal.finish()
    except BaseException:
        cabinet.close()
        raise
    return cabinet


def _open_database(folder: Path, vault: Vault, upgrading: Upgrading, *, thorough: bool) -> Database:
    disk.make_private(folder / DATABASE)
    disk.refuse_foreign(folder / f"{DATABASE}{side}" for side in ("", "-wal", "-shm"))
    database = Database(folder / DATABASE, vault.database_key)
    try:
        database.check(thorough=thorough)
        database.upgrade(folder / BEFORE_UPGRADES, upgrading)
        durable.sync_folder(folder)
    except DeskError as problem:
        database.engine.dispose()
        if problem.code == "store.damaged":
            raise error("store.damaged", problem.detail, backup_at=_last_backup(folder)) from problem
        raise
    except BaseException:
        database.engine.dispose()
        raise
    return database


def _last_backup(folder: Path) -> str:
    try:
        return (folder / LAST_BACKUP).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _content(handle: int) -> bytes:
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, len(_IN_USE))
