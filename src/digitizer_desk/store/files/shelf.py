# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The shelf of sealed files: content in, hash out; the same content is never written twice.

Apart from pages and documents because both lie here under the same discipline. A file's name is a keyed hash of the
SHA-256 of its plain bytes: equal content finds itself, and a thief of the disk cannot test for a file he knows.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from digitizer_desk import durable
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store import disk
from digitizer_desk.store.vault import Vault

SUFFIX = ".sealed"
#: seconds between putting content here and committing the row that names it, at the very most
_LATELY_S = 600.0


@dataclass(frozen=True, slots=True)
class Found:
    """A whole sealed file nobody has a row for. ``size``: bytes of the content; ``facts``: what was sealed with it."""

    sha256: str
    size: int
    facts: bytes
    written_at: datetime


class Shelf:
    """A folder of sealed files in 256 sub-folders. Any thread may use it.

    Files are only ever added, but for content that was doomed after the province had confirmed it. Content that is put
    here is named by a row only a moment later: so what was put lately cannot be doomed, and putting doomed content
    saves it.
    """

    def __init__(self, folder: Path, vault: Vault, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._vault = vault
        self._clock = clock
        self._lock = threading.Lock()
        self._doomed: set[str] = set()
        self._lately: dict[str, float] = {}
        #: tells whether content with this hash left this machine on purpose
        self.left: Callable[[str], bool] = lambda _sha256: False

    def path_of(self, sha256: str) -> Path:
        """Where content with this hash lies or would lie."""
        name = self._vault.name_of(sha256)
        return self.folder / name[:2] / (name + SUFFIX)

    def put(self, data: bytes, facts: bytes = b"") -> str:
        """Seal and keep. On return the file is durable under its final name. Returns the SHA-256 of the plain bytes.

        Raises:
            DeskError: ``store.disk_full``; nothing is left.
            OSError: the disk failed otherwise.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        with self._lock:
            self._doomed.discard(sha256)
            now = self._clock()
            self._lately = {key: at for key, at in self._lately.items() if now - at < _LATELY_S} | {sha256: now}
        path = self.path_of(sha256)
        if not (path.is_file() and self._is_whole(sha256)):
            durable.write_whole(path, self._vault.seal(data, facts))
        return sha256

    def get(self, sha256: str) -> bytes:
        """The plain bytes, proved to have this hash.

        Raises:
            DeskError: ``store.page_missing``, ``store.page_altered``, with an empty ``page`` fact; ``store.removed``
                when it left this machine on purpose.
        """
        return self._open(self.path_of(sha256), sha256)[0]

    def has(self, sha256: str) -> bool:
        """Whether a file lies there; not whether it is whole."""
        return self.path_of(sha256).is_file()

    def doom(self, sha256s: Collection[str]) -> bool:
        """Mark content that is to be dropped. False, and nothing is marked, when some of it was put here lately."""
        with self._lock:
            now = self._clock()
            if any(now - self._lately.get(sha256, -_LATELY_S) < _LATELY_S for sha256 in sha256s):
                return False
            self._doomed |= set(sha256s)
            return True

    def spare(self, sha256s: Collection[str]) -> None:
        """Take the mark off again."""
        with self._lock:
            self._doomed -= set(sha256s)

    def drop(self, sha256s: Collection[str]) -> tuple[str, ...]:
        """Remove the files of doomed content, durably. Returns what somebody put here again since: that stays."""
        folders: set[Path] = set()
        saved = []
        for sha256 in sha256s:
            path = self.path_of(sha256)
            with self._lock:
                if sha256 in self._doomed:
                    disk.remove(path)
                    self._doomed.discard(sha256)
                    folders.add(path.parent)
                else:
                    saved.append(sha256)
        for folder in sorted(folders):
            if folder.is_dir():
                durable.sync_folder(folder)
        return tuple(saved)

    def files(self) -> Iterator[Path]:
        """Every sealed file, in no order."""
        return self.folder.glob(f"??/*{SUFFIX}")

    def found(self, known: Collection[str]) -> tuple[Found, ...]:
        """Whole files that belong to none of these hashes, oldest first. Broken ones are passed over."""
        names = {self.path_of(sha256).name for sha256 in known}
        found = []
        for path in self.files():
            if path.name in names:
                continue
            try:
                data, facts = self._open(path, None)
            except DeskError:
                continue
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found.append(Found(hashlib.sha256(data).hexdigest(), len(data), facts, written))
        return tuple(sorted(found, key=lambda file: file.written_at))

    def facts(self, sha256: str) -> bytes:
        """What was sealed beside the content.

        Raises:
            DeskError: ``store.page_missing``, ``store.page_altered``.
        """
        return self._open(self.path_of(sha256), sha256)[1]

    def _is_whole(self, sha256: str) -> bool:
        try:
            self._open(self.path_of(sha256), sha256)
        except DeskError:
            return False
        return True

    def _open(self, path: Path, sha256: str | None) -> tuple[bytes, bytes]:
        try:
            whole = path.read_bytes()
        except FileNotFoundError:
            code = "store.removed" if sha256 is not None and self.left(sha256) else "store.page_missing"
            raise error(code, page="") from None
        except OSError as unreadable:
            raise error("store.page_altered", type(unreadable).__name__, page="") from unreadable
        data, facts = self._vault.unseal_with_facts(whole)
        if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
            raise error("store.page_altered", "another content than its name says", page="")
        return data, facts
