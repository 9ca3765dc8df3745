# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A file that appears whole or not at all.

Apart because a signature is written into a file in several steps, any of which may fail: nothing half-signed may ever
carry the final name, and no good file may be replaced by less.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from digitizer_desk.errors import error

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """An empty file to write, read and seek in. It gets its name, synced, when the block ends well; else it is gone.

    Raises:
        DeskError: ``store.disk_full``, ``file.not_written``.
    """
    part = target.with_name(target.name + ".part")
    try:
        with _writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
            _sync_folder(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise error("store.disk_full", str(problem.errno)) from problem
        raise error("file.not_written", type(problem).__name__, file=target.name) from problem


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
