# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files that appear whole or not at all, and stay after a power cut.

Below all rooms because cabinet, signer, hand-over and settings write files alike: the order part, sync, rename, sync of
the folder is what a power cut tests (with exactly this order a disk that forgets all that was not synced broke no
promise), and it is written once.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from digitizer_desk.errors import error

PART = ".part"
#: bytes a name may have on every disk we write to
_LONGEST_NAME = 255
# a FAT stick says "file too large" where it has no more room for this one
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

#: called before each operation with its name (write, sync, rename, sync_folder, remove) and path: tests cut power here
tap: Callable[[str, Path], None] | None = None


def about_to(operation: str, path: Path) -> None:
    """Tell the tap, if one listens, what is done next."""
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


@contextlib.contextmanager
def whole_file(target: Path, *, new: bool = False) -> Iterator[BinaryIO]:
    """An empty file to write, read and seek in. It gets its name, synced, when the block ends well; else it is gone.

    What lay under the name is untouched until then; with ``new`` nothing may lie there.

    Raises:
        DeskError: ``store.disk_full``, ``file.exists`` (``new`` only), ``file.not_written`` (anything else the system
            says).
    """
    part, taken = _part_of(target), False
    try:
        with full_is_an_error():
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if new:
                _take_name(target)
                taken = True
            put_in_place(part, target)
            taken = False
    except OSError as problem:
        raise error("file.not_written", type(problem).__name__, file=target.name) from problem
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
            if taken:  # only reserved: an empty file must not look like a written one
                target.unlink(missing_ok=True)


def _part_of(path: Path) -> Path:
    """Where a file lies while it is written: beside its place. A Vietnamese name may be as long as names can be."""
    name = path.name + PART
    if len(os.fsencode(name)) <= _LONGEST_NAME:
        return path.with_name(name)
    return path.with_name(hashlib.sha256(os.fsencode(path.name)).hexdigest() + PART)


def _take_name(target: Path) -> None:
    """By a call that fails if the name is there: a stick has no hard links to name and fill a file in one."""
    try:
        target.open("xb").close()
    except FileExistsError as problem:
        raise error("file.exists", file=target.name) from problem


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that under its name there is, at any moment, the old content or the new one, never a half.

    Readable by this user only. Missing folders are made. On return the content and the name are durable.

    Raises:
        DeskError: ``store.disk_full``; what lay under the name before is untouched.
        OSError: anything else the system says.
    """
    with full_is_an_error():
        make_folder(path.parent)
        part = _part_of(path)
        try:
            _write_synced(part, data)
            put_in_place(part, path)
        except Exception:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise


def _write_synced(path: Path, data: bytes) -> None:
    about_to("write", path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        about_to("sync", path)
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(part: Path, path: Path) -> None:
    """Give a synced file or folder its final name, durably."""
    about_to("rename", path)
    os.replace(part, path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make the content of a file somebody else wrote durable."""
    about_to("sync", path)
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows has no such call; there the rename is journaled by the system."""
    about_to("sync_folder", folder)
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


def sweep(folder: Path) -> int:
    """Remove every half-written file below a folder. Returns how many there were."""
    parts = [path for path in folder.rglob("*" + PART) if path.is_file()]
    for path in parts:
        path.unlink(missing_ok=True)
    return len(parts)
