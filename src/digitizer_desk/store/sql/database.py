# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One encrypted SQLite file: opening, upgrading, one writer at a time, any thread.

Apart from what is stored because durability is decided here: WAL, ``synchronous=FULL``, BEGIN IMMEDIATE, 5 s of
patience, and no temporary file in clear.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from digitizer_desk import durable
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store import disk

#: the newest upgrade this program knows, also written to ``user_version``
SCHEMA = 10

#: bytes SQLite wants for its side files before it writes anything
_ROOM = 1 << 20
#: hears how far an upgrade of an older file is: the step that begins, of how many; 0 is the copy before them
Upgrading = Callable[[int, int], None]


def unseen(_step: int, _steps: int) -> None:
    """Nobody looks on."""


_CODES = {
    "SQLITE_FULL": "store.disk_full",
    "SQLITE_BUSY": "store.conflict",
    "SQLITE_LOCKED": "store.conflict",
    "SQLITE_CORRUPT": "store.damaged",
    "SQLITE_NOTADB": "store.damaged",
    "SQLITE_IOERR": "store.damaged",
    "SQLITE_CANTOPEN": "store.damaged",
    "SQLITE_READONLY": "store.damaged",
}


class Database:
    """The file of one cabinet. Readers see a consistent moment; a writer has the file to itself until it commits."""

    def __init__(self, path: Path, key: bytes) -> None:
        """``key``: 32 secret bytes. Nothing is opened yet."""
        self.path = path
        self._key = key
        self._writer = threading.RLock()
        self._here = threading.local()
        self.engine = create_engine(
            "sqlite://",
            creator=self._connect,
            module=dbapi2,
            poolclass=QueuePool,
            pool_size=4,
            max_overflow=16,
            hide_parameters=True,
        )
        event.listen(self.engine, "begin", _begin)

    def _connect(self) -> Any:
        return connect(self.path, self._key)

    @contextlib.contextmanager
    def writing(self, *, spare: bool = False) -> Iterator[Connection]:
        """A write transaction; inside another of the same thread it joins it, as a part that can fail alone.

        With ``spare`` its end does not wait for the disk: it outlives this program, and only a power cut before the
        next transaction that does wait may take it, never anything before it.

        Raises:
            DeskError: ``store.disk_full``, ``store.damaged``, ``store.conflict``; nothing of it is written then.
        """
        outer = self._current()
        if outer is not None:
            with translated(self.path), outer.begin_nested():
                yield outer
            return
        with self._writer, translated(self.path), self.engine.connect() as plain:
            connection = plain.execution_options(desk_writes=True)
            with _waiting(plain, not spare), connection.begin():
                self._here.connection = connection
                try:
                    yield connection
                finally:
                    self._here.connection = None

    @contextlib.contextmanager
    def joining(self) -> Iterator[Connection]:
        """As :meth:`writing`, for a single statement: inside another transaction it is just one more, with no savepoint
        of its own, for a statement fails whole.

        Raises:
            DeskError: as :meth:`writing`.
        """
        outer = self._current()
        if outer is None:
            with self.writing() as connection:
                yield connection
        else:
            with translated(self.path):
                yield outer

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A moment of the database; inside a write transaction of the same thread, that one's own view.

        Raises:
            DeskError: ``store.damaged``, ``store.conflict``.
        """
        outer = self._current()
        if outer is not None:
            yield outer
            return
        with translated(self.path), self.engine.connect() as connection:
            yield connection

    def _current(self) -> Connection | None:
        return getattr(self._here, "connection", None)

    def check(self, *, thorough: bool) -> None:
        """Refuse a file that is not ours, not whole, or newer than this program.

        Raises:
            DeskError: ``store.damaged``, ``store.newer``.
        """
        with self.reading() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > SCHEMA:
                raise error("store.newer", f"schema {version}, this program knows {SCHEMA}")
            if thorough and not self._is_whole(connection):
                raise error("store.damaged", "integrity check", backup_at="")

    @staticmethod
    def _is_whole(connection: Connection) -> bool:
        unsealed = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
        return not unsealed and connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"

    def upgrade(self, backups: Path, upgrading: Upgrading = unseen) -> None:
        """Bring the file to this program's schema; a copy of the file as it was goes to ``backups`` first.

        ``upgrading`` hears of each step that begins, of an older file only.

        Raises:
            DeskError: ``store.damaged``, ``store.disk_full``; the file is as it was before.
        """
        with self.reading() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version == SCHEMA:
            return
        steps = SCHEMA - version
        if version > 0:
            upgrading(0, steps)
            durable.make_folder(backups)
            self.copy_to(backups / f"before-{SCHEMA:04d}-from-{version:04d}.db")
        from digitizer_desk.store.upgrades.run import run  # alembic takes 0.2 s to import and is seldom needed

        begins = iter(range(1, steps + 1) if version > 0 else ())

        def tell() -> None:
            for step in islice(begins, 1):
                upgrading(step, steps)

        tell()
        with self.writing() as connection:
            run(connection, tell)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")

    def copy_to(self, path: Path) -> None:
        """Write a compact copy of this moment under the same key; writers go on meanwhile. Replaces ``path`` whole.

        Raises:
            DeskError: ``store.disk_full``, ``store.damaged``; what was under the name is untouched.
            OSError: the target failed.
        """
        part = path.with_name(path.name + durable.PART)
        part.unlink(missing_ok=True)
        try:
            with translated(), contextlib.closing(self._connect()) as driver:
                driver.execute("VACUUM INTO ?", (str(part),))
            part.chmod(0o600)
            with durable.full_is_an_error():
                durable.sync_file(part)
                durable.put_in_place(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it."""
        self.engine.dispose()
        with contextlib.suppress(DeskError), translated(), contextlib.closing(self._connect()) as driver:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def connect(path: Path, key: bytes) -> Any:
    """A driver connection, unlocked and set. The key comes first: before it nothing of the file can be read."""
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # else it writes to this program's stderr
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.create_function("fold", 1, fold, deterministic=True)  # searching whatever the marks and case
        connection.execute("PRAGMA fullfsync = ON")  # heard on macOS only, where fsync alone does not reach the disk
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _waiting(plain: Connection, waits: bool) -> Iterator[None]:
    """Whether the end of the transaction inside waits until the write-ahead log is on the disk."""
    if waits:
        yield
        return
    driver = plain.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    """The driver begins nothing by itself: readers take a snapshot, writers the one write lock at once."""
    writes = connection.get_execution_options().get("desk_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextlib.contextmanager
def translated(path: Path | None = None) -> Iterator[None]:
    """Turn what a disk or a file makes SQLite say into the desk's errors; neither rows nor parameters get into them.

    What only a mistake in the program can cause passes as it is. ``path``: of the database. Where its disk is full
    SQLite may only say "input/output error", and nobody must take a good cabinet for a damaged one.
    """
    try:
        yield
    except IntegrityError as conflict:
        raise error("store.conflict", _name(conflict.orig)) from conflict
    except DatabaseError as problem:
        raise _meaning(problem.orig, path) or problem from problem
    except dbapi2.DatabaseError as problem:
        raise _meaning(problem, path) or problem from problem


def _has_room(path: Path) -> bool:
    try:
        return disk.free_bytes(path.parent) >= _ROOM
    except OSError:  # the disk itself is away
        return True


def _name(problem: BaseException | None) -> str:
    return str(getattr(problem, "sqlite_errorname", "") or type(problem).__name__)


def _meaning(problem: BaseException | None, path: Path | None) -> DeskError | None:
    name = _name(problem)
    code = _CODES.get("_".join(name.split("_")[:2]))
    if code is None:
        return None
    if code == "store.damaged" and name.startswith("SQLITE_IOERR") and path is not None and not _has_room(path):
        code = "store.disk_full"
    return error(code, name, backup_at="") if code == "store.damaged" else error(code, name)
