# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files that come in pieces: what arrived lies on disk until the whole is there, or nobody comes back for a day.

Apart from the books because nothing here counts as received: only the whole file, with the hash it was announced by,
goes into them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from digitizer_desk.training.gateway.books import Books, Refused

#: an upload nobody touched for so long is gone
KEPT = timedelta(hours=24)
#: how long a second request for one upload waits for the first to notice that its line broke
_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    """One upload: how much of it is here."""

    offset: int
    size: int
    expires: datetime


class Uploads:
    """The unfinished files of one folder; any thread may call."""

    def __init__(self, folder: Path, books: Books, clock: Callable[[], datetime]) -> None:
        self._folder = folder / "uploads"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._books = books
        self._clock = clock
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def create(self, size: int, sha256: str) -> str:
        """A new, empty upload; its id."""
        self._tidy()
        upload = secrets.token_urlsafe(16)
        about = json.dumps({"size": size, "sha256": sha256})
        self._bytes(upload).touch()
        _write_whole(self._about(upload), about)
        return upload

    def standing(self, upload: str) -> Standing:
        """How far it came.

        Raises:
            Refused: 404 when there is none, 410 when it ended.
        """
        with self._alone(upload):
            return self._standing(upload)

    def append(self, upload: str, offset: int, stream: BinaryIO, length: int, checksum: bytes) -> Standing:
        """Add a piece of ``length`` bytes at ``offset``; a whole file goes into the books. ``checksum`` is the piece's
        SHA-256, or b'' when none was given.

        Raises:
            Refused: 409 for another offset, 413 for more than was announced, 460 for another checksum, 422 when the
                whole is not what was announced.
            ConnectionError: the sender went away; what came of the piece stays.
        """
        with self._alone(upload):
            standing = self._standing(upload)
            if offset != standing.offset:
                raise Refused(409, "offset", f"Đang có {standing.offset} byte")
            if offset + length > standing.size:
                raise Refused(413, "too_large", "Nhiều hơn kích thước đã báo")
            digest, came = hashlib.sha256(), 0
            with open(self._bytes(upload), "r+b") as target:
                target.seek(offset)
                while came < length and (piece := stream.read(min(length - came, 256 << 10))):
                    digest.update(piece)
                    target.write(piece)
                    came += len(piece)
                if came == length and checksum and digest.digest() != checksum:
                    target.truncate(offset)
                    raise Refused(460, "checksum", "Mảnh bị hỏng trên đường truyền")
                target.flush()
                os.fsync(target.fileno())
            if came < length:
                raise ConnectionError("sender went away")
            if offset + length == standing.size:
                self._finish(upload)
            return Standing(offset + length, standing.size, self._clock() + KEPT)

    def drop(self, upload: str) -> None:
        """Forget it.

        Raises:
            Refused: as :meth:`standing`.
        """
        with self._alone(upload):
            self._standing(upload)
            self._remove(upload)

    def halves(self) -> list[Standing]:
        """Everything that is here in part, for people to see."""
        found: list[Standing] = []
        for file in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(Refused):
                found.append(self._standing(file.stem))
        return found

    def _standing(self, upload: str) -> Standing:
        try:
            about = json.loads(self._about(upload).read_text("utf-8"))
            facts = self._bytes(upload).stat()
        except FileNotFoundError:
            raise Refused(404, "upload_unknown", "Không có lần gửi này") from None
        expires = datetime.fromtimestamp(facts.st_mtime, self._clock().tzinfo) + KEPT
        if expires <= self._clock():
            self._remove(upload)
            raise Refused(410, "upload_ended", "Lần gửi này đã hết hạn")
        return Standing(facts.st_size, about["size"], expires)

    def _finish(self, upload: str) -> None:
        about = json.loads(self._about(upload).read_text("utf-8"))
        try:
            with open(self._bytes(upload), "rb") as source:
                self._books.keep_file(source, about["size"], about["sha256"])
        finally:
            self._remove(upload)

    def _remove(self, upload: str) -> None:
        self._about(upload).unlink(missing_ok=True)
        self._bytes(upload).unlink(missing_ok=True)

    def _tidy(self) -> None:
        before = (self._clock() - KEPT).timestamp()
        for old in self._folder.glob("*.bin"):
            if old.stat().st_mtime < before:
                self._remove(old.stem)

    def _bytes(self, upload: str) -> Path:
        return self._folder / f"{upload}.bin"

    def _about(self, upload: str) -> Path:
        return self._folder / f"{upload}.json"

    @contextmanager
    def _alone(self, upload: str) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(upload, threading.Lock())
        if not lock.acquire(timeout=_WAIT_S):
            raise Refused(423, "locked", "Lần gửi này đang được dùng")
        try:
            yield
        finally:
            lock.release()


def _write_whole(path: Path, text: str) -> None:
    with open(path, "x", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
