# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The one door through which files are written: whole, durable and private, or not at all.

Apart from what is written because the order part, sync, rename, sync of the folder is what a power cut tests
(with exactly this order a disk that forgets all that was not synced broke no promise).
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from digitizer_desk.errors import DeskError, error

PART = ".part"
_FULL = {errno.ENOSPC, errno.EDQUOT}

#: called before each operation with its name (write, sync, rename, sync_folder, remove) and path: tests cut power here
tap: Callable[[str, Path], None] | None = None


def _about_to(operation: str, path: Path) -> None:
    if tap is not None:
        tap(operation, path)


def is_full(problem: OSError) -> bool:
    """Whether the system said that the disk or the quota is used up."""
    return problem.errno in _FULL


@contextlib.contextmanager
def full_is_an_error() -> Iterator[None]:
    """Turn "no space" and "quota used up" into ``store.disk_full``; other OSErrors pass."""
    try:
        yield
    except OSError as problem:
        if is_full(problem):
            raise error("store.disk_full", errno.errorcode[problem.errno or 0]) from problem
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that under its name there is, at any moment, the old content or the new one, never a half.

    Readable by this user only. Missing folders are made. On return the content and the name are durable.

    Raises:
        DeskError: ``store.disk_full``; what lay under the name before is untouched.
        OSError: anything else the system says.
    """
    with full_is_an_error():
        make_folder(path.parent)
        part = path.with_name(path.name + PART)
        try:
            _write_synced(part, data)
            put_in_place(part, path)
        except Exception:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise


def _write_synced(path: Path, data: bytes) -> None:
    _about_to("write", path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        _about_to("sync", path)
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(part: Path, path: Path) -> None:
    """Give a synced file or folder its final name, durably."""
    _about_to("rename", path)
    os.replace(part, path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make the content of a file somebody else wrote durable."""
    _about_to("sync", path)
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows has no such call; there the rename is journaled by the system."""
    _about_to("sync_folder", folder)
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder (0700) and all above it that are missing, each name durable."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    sync_folder(folder.parent)


def make_private(path: Path) -> None:
    """Make an empty file only this user may read, unless it is there: SQLite gives its side files the same mode."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def remove(path: Path) -> None:
    """Take a file away; one not there is no error. Not synced: a file that comes back after a cut harms nobody."""
    _about_to("remove", path)
    path.unlink(missing_ok=True)


def sweep(folder: Path) -> int:
    """Remove every half-written file below a folder. Returns how many there were."""
    parts = [path for path in folder.rglob("*" + PART) if path.is_file()]
    for path in parts:
        path.unlink(missing_ok=True)
    return len(parts)


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
