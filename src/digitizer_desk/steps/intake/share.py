# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files on a share, moved and removed so that none is ever lost: no name is overwritten, nothing unread is removed.

Apart from ``folder.py`` (when and why) because here only names change, in steps of which each can be the last.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from digitizer_desk.errors import error
from digitizer_desk.steps.intake.source import natural

#: sub-folders, named for the clerk who opens the share: "received" and "could not be read"
TAKEN, ASIDE = "da-nhan", "khong-doc-duoc"
#: names programs give to what they still write
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".lock", "~")
#: what file managers leave lying about
_LITTER = frozenset({"thumbs.db", "desktop.ini"})


def files(folder: Path) -> Iterator[tuple[Path, int, int]]:
    """Finished files in the folder itself with size and mtime in ns, in natural order. Links are not followed.

    Raises:
        DeskError: ``folder.unreachable``.
    """
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False) and not _passed_over(entry.name):
                    facts = entry.stat(follow_symlinks=False)
                    found.append((Path(entry.path), facts.st_size, facts.st_mtime_ns))
    except FileNotFoundError as wrong:
        if not folder.is_dir():
            raise error("folder.unreachable", type(wrong).__name__, folder=str(folder)) from wrong
        return  # a file went while it was looked at: the next look sees what is left
    except OSError as wrong:
        raise error("folder.unreachable", type(wrong).__name__, folder=str(folder)) from wrong
    yield from sorted(found, key=lambda item: natural(item[0]))


def _passed_over(name: str) -> bool:
    low = name.casefold()
    return low.startswith((".", "~$")) or low.endswith(_UNFINISHED) or low in _LITTER


def clear(path: Path, folder: Path, sha256: str, *, remove: bool) -> bool:
    """Take a file that was kept out of the folder. False when it no longer is what was kept: then it is back there.

    It is moved first and looked at after that: between a look and a removal another file could take its name.

    Raises:
        OSError: it cannot be moved or removed.
    """
    place = _move(path, folder / TAKEN)
    if _hash(place) != sha256:
        _move(place, folder, path.name)
        return False
    if remove:
        place.unlink()
    return True


def set_aside(path: Path, folder: Path, why: str) -> None:
    """Move an unreadable file aside, with a note beside it that tells why.

    Raises:
        OSError: it cannot be moved.
    """
    place = _move(path, folder / ASIDE)
    place.with_name(place.name + ".ghi-chu.txt").write_text(why + "\n", "utf-8-sig")  # Notepad wants the mark


def put_right(folder: Path, *, known: Callable[[str], bool], remove: bool) -> None:
    """After a cut: what was moved but not removed is removed if the cabinet has it, else it lies in the folder again.

    Raises:
        DeskError: ``folder.unreachable``.
    """
    taken = folder / TAKEN
    if not remove or not taken.is_dir():
        return
    try:
        for place in sorted(p for p in taken.iterdir() if p.is_file() and not p.is_symlink()):
            if place.stat().st_size == 0 or known(_hash(place)):  # empty: a name that was reserved
                place.unlink()
            else:
                _move(place, folder)
    except OSError as wrong:
        raise error("folder.unreachable", type(wrong).__name__, folder=str(folder)) from wrong


def _move(path: Path, into: Path, name: str = "") -> Path:
    """Move under a name that is free: reserved first, so that no file is ever overwritten."""
    into.mkdir(exist_ok=True)
    wanted = into / (name or path.name)
    number, place = 1, wanted
    while True:
        try:
            with place.open("xb"):
                break
        except FileExistsError:
            number += 1
            place = wanted.with_stem(f"{wanted.stem} ({number})")
    try:
        path.replace(place)
    except OSError:
        place.unlink()
        raise
    return place


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
