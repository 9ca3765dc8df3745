# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the cabinet asks of the disk beside writing (``durable``): room, privacy, removal, one owner at a time."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from digitizer_desk import durable
from digitizer_desk.errors import DeskError, error

#: held by the program that has the cabinet in a folder, or makes it
LOCK = "lock"


def make_private(path: Path) -> None:
    """Make an empty file only this user may read, unless it is there: SQLite gives its side files the same mode."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def refuse_foreign(files: Iterable[Path]) -> None:
    """See that this user may read and write these files, where they are there: SQLite would call one that he may not a
    damaged database.

    Raises:
        PermissionError: one of them is another user's.
    """
    for file in files:
        if file.exists() and not os.access(file, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))


def remove(path: Path) -> None:
    """Take a file away; one not there is no error. Not synced: a file that comes back after a cut harms nobody."""
    durable.about_to("remove", path)
    path.unlink(missing_ok=True)


def free_bytes(folder: Path) -> int:
    """Bytes this user may still write on the disk of a folder, or of the nearest folder above that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def try_lock(path: Path) -> int:
    """Open a file and hold it for this process alone until :func:`unlock`. Returns the descriptor.

    Raises:
        DeskError: ``store.locked`` when another opener holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            # far behind the content: a locked range cannot be read by others on Windows
            os.lseek(handle, 1 << 20, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as held:
        os.close(handle)
        raise _locked() from held
    return handle


def unlock(handle: int) -> None:
    """Give a lock back. Closing the descriptor is what releases it on every system."""
    os.close(handle)


def _locked() -> DeskError:
    return error("store.locked")
