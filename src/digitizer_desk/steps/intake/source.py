# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where the bytes of a file come from, read once and whole: a file on any disk or share, or an arrival in the tray.

Apart from what becomes of them because disks and shares fail in ways of their own, and each needs its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import error

#: bytes; above it a file is no paper a counter takes, and it is held in memory while it is looked at
MOST_BYTES = 300_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """``name`` as the clerk sees it; ``read`` gives all bytes, or raises what :func:`read_whole` raises."""

    name: str
    read: Callable[[], bytes]


def from_paths(paths: Iterable[Path]) -> tuple[Source, ...]:
    """Files in the order a person expects: page2 before page10."""
    return tuple(Source(nfc(path.name), partial(read_whole, path)) for path in sorted(paths, key=natural))


def from_tray(desk: Desk, sha256: str, name: str) -> Source:
    """A file that arrived before."""
    return Source(name, lambda: desk.cabinet.arrivals.data(sha256))


def natural(path: Path) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Sorts names as people number them; upper and lower case are no matter."""
    parts = re.findall(r"\d+|\D+", nfc(path.name).casefold())
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts), str(path)


def read_whole(path: Path) -> bytes:
    """All bytes of a file that stands still meanwhile.

    Raises:
        DeskError: ``file.not_found``, ``file.unreachable`` (locked, no right, the share went away), ``file.too_big``,
            ``file.changing`` (somebody still writes it), ``image.empty``.
    """
    name = nfc(path.name)
    try:
        with path.open("rb") as stream:
            before = path.stat()
            if before.st_size > MOST_BYTES:
                raise error("file.too_big", file=name, most=MOST_BYTES // 1_000_000)
            data = stream.read(MOST_BYTES + 1)
            after = path.stat()
    except FileNotFoundError as wrong:
        raise error("file.not_found", file=name) from wrong
    except OSError as wrong:
        raise error("file.unreachable", type(wrong).__name__, file=name) from wrong
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise error("file.changing", file=name)
    if not data:
        raise error("image.empty", file=name)
    return data
