# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the practice province keeps: received files by their hash, and a register of parcels in SQLite.

Apart from the HTTP side so that "one parcel, one receipt, one file" holds in one place, whoever asks. This is the
province's side of a training desk: invented people only, plain on purpose, beside and never inside the desk's cabinet.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.durable import sync_folder

_TABLES = """
CREATE TABLE IF NOT EXISTS parcels (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    parcel_id TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    record_sha256 TEXT NOT NULL,
    record TEXT NOT NULL,
    dossier_code TEXT NOT NULL,
    component_id TEXT NOT NULL,
    result_code TEXT NOT NULL,
    desk_id TEXT NOT NULL,
    accepted_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS signatures (
    record_sha256 TEXT PRIMARY KEY,
    signature BLOB NOT NULL,
    signer TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS parcels_result_code ON parcels (result_code);
"""


class Refused(Exception):
    """The province does not take it: HTTP ``status``, the contract's ``code``, Vietnamese words."""

    def __init__(self, status: int, code: str, said: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.said = said


class _Part(BaseModel):
    # a province reads what it needs; the whole record is kept as it came
    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


_Text = Annotated[str, StringConstraints(min_length=1)]


class _DossierPart(_Part):
    code: _Text


class _ComponentPart(_Part):
    id: _Text
    title: _Text


class _SignaturePart(_Part):
    role: _Text
    signer: _Text
    captured_at: _Text
    signed_at: _Text


class _DocumentPart(_Part):
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=1)]
    version: Annotated[int, Field(ge=1)]
    pages: Annotated[int, Field(ge=1)]
    signatures: Annotated[list[_SignaturePart], Field(min_length=1)]


class _CodePart(_Part):
    text: str


class _Record(_Part):
    record_schema: Annotated[int, Field(alias="schema", ge=1, le=1)]
    parcel_id: str
    dossier: _DossierPart
    component: _ComponentPart
    document: _DocumentPart
    result_code: _CodePart


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register. ``record`` is the JSON as it came."""

    number: str
    parcel_id: str
    sha256: str
    record_sha256: str
    result_code: str
    accepted_at: str
    desk_id: str
    record: str
    record_signature: bytes | None
    record_signer: str | None

    @property
    def receipt(self) -> dict[str, str]:
        """The ``Receipt`` of the contract."""
        signature = self.record_signature
        signed = {} if signature is None else {"record_signature_sha256": hashlib.sha256(signature).hexdigest()}
        return signed | {
            "number": self.number,
            "parcel_id": self.parcel_id,
            "sha256": self.sha256,
            "record_sha256": self.record_sha256,
            "result_code": self.result_code,
            "accepted_at": self.accepted_at,
        }

    @property
    def values(self) -> dict[str, Any]:
        """The record, read."""
        found: dict[str, Any] = json.loads(self.record)
        return found


_LINES = (
    "SELECT number, parcel_id, sha256, parcels.record_sha256, result_code, accepted_at, desk_id, record, signature,"
    " signer"
    " FROM parcels LEFT JOIN signatures ON signatures.record_sha256 = parcels.record_sha256"
)


class Books:
    """The register and the files of one folder; any thread may call."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._files = folder / "files"
        self._files.mkdir(parents=True, exist_ok=True)
        for broken in self._files.glob("*.part"):
            broken.unlink()
        self._clock = clock
        self._lock = threading.RLock()
        self._database = sqlite3.connect(database_of(folder), check_same_thread=False, isolation_level=None, timeout=10)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def file(self, sha256: str) -> Path | None:
        """Where the file with this hash lies."""
        path = file_of(self._files.parent, sha256)
        return path if path.exists() else None

    def keep_file(self, stream: BinaryIO, size: int, sha256: str) -> bool:
        """Read ``size`` bytes and keep them when they are a PDF of this hash. True when it was there already.

        Raises:
            Refused: other bytes than announced, or no PDF.
            ConnectionError: the sender went away.
        """
        final = file_of(self._files.parent, sha256)
        part = self._files / f"{sha256}.{secrets.token_hex(4)}.part"
        digest, head = hashlib.sha256(), b""
        try:
            with open(part, "wb") as target:
                for piece in _pieces(stream, size):
                    head = head or piece[:1024]
                    digest.update(piece)
                    target.write(piece)
                target.flush()
                os.fsync(target.fileno())
            if digest.hexdigest() != sha256:
                raise Refused(422, "hash_differs", "Tệp nhận được không khớp SHA-256")
            if b"%PDF-" not in head:
                raise Refused(422, "content", "Tệp không phải là PDF")
            with self._lock:
                if final.exists():
                    return True
                os.replace(part, final)
                sync_folder(self._files)
            return False
        finally:
            part.unlink(missing_ok=True)

    def keep_signature(self, record_sha256: str, signature: bytes) -> bool:
        """Keep the signature of a record that is still to come. True when this very one was there already.

        Raises:
            Refused: no signature, or one over other bytes; another one is kept for this record.
        """
        # loading it takes half a second, and few trainings come so far
        from digitizer_desk.signing.detached import check_detached

        try:
            found = check_detached(signature, bytes.fromhex(record_sha256))
        except ValueError:
            raise Refused(422, "content", "Không đọc được chữ ký của bản ghi") from None
        if not found.fits:
            raise Refused(422, "content", "Chữ ký không khớp bản ghi")
        with transaction(self._database, self._lock):
            row = self._database.execute(
                "SELECT signature FROM signatures WHERE record_sha256 = ?", (record_sha256,)
            ).fetchone()
            if row is not None and row[0] != signature:
                raise Refused(409, "signature_conflict", "Bản ghi này đã có chữ ký khác")
            if row is None:
                self._database.execute(
                    "INSERT INTO signatures VALUES (?, ?, ?)", (record_sha256, signature, found.signer)
                )
        return row is not None

    def accept(self, parcel_id: str, body: bytes, desk_id: str) -> tuple[Entry, bool]:
        """Enter a parcel, or find it again. True when it was entered before with this very record.

        Raises:
            Refused: not readable, file missing or another, or the id is taken by another record.
        """
        digest = hashlib.sha256(body).hexdigest()
        with transaction(self._database, self._lock):
            known = self.entry(parcel_id)
            if known is not None:
                if known.record_sha256 != digest:
                    raise Refused(409, "parcel_conflict", "Mã gói này đã được nhận với nội dung khác")
                return known, True
            record = _read_record(body)
            if record.parcel_id != parcel_id:
                raise Refused(422, "content", "Mã gói trong bản ghi khác mã gói trong địa chỉ")
            path = self.file(record.document.sha256)
            if path is None:
                raise Refused(424, "file_missing", "Chưa nhận được tệp của gói này")
            if path.stat().st_size != record.document.size:
                raise Refused(422, "content", "Kích thước tệp không khớp bản ghi")
            now = self._clock().astimezone(VIETNAM)
            code = self._final_code(record)
            self._database.execute(
                "INSERT INTO parcels (parcel_id, number, sha256, record_sha256, record, dossier_code, component_id,"
                " result_code, desk_id, accepted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    parcel_id,
                    self._next_number(now),
                    record.document.sha256,
                    digest,
                    body.decode(),
                    record.dossier.code,
                    record.component.id,
                    code,
                    desk_id,
                    now.isoformat(timespec="seconds"),
                ),
            )
            entered = self.entry(parcel_id)
            assert entered is not None
            return entered, False

    def entry(self, parcel_id: str) -> Entry | None:
        """The line of a parcel, or None when it was never received."""
        with self._lock:
            row = self._database.execute(f"{_LINES} WHERE parcel_id = ?", (parcel_id,)).fetchone()
        return Entry(*row) if row else None

    def entries(self) -> list[Entry]:
        """All lines, newest first."""
        return entries(self._database, self._lock)

    def _next_number(self, now: datetime) -> str:
        (last,) = self._database.execute("SELECT coalesce(max(seq), 0) FROM parcels").fetchone()
        return f"BN-{now:%Y%m%d}-{last + 1:06d}"

    def _final_code(self, record: _Record) -> str:
        """The code the province stands by (R36): the desk's, unless another paper has it already."""
        wished, turn = record.result_code.text, 1
        code = wished
        while wished and self._taken(code, record):
            turn += 1
            code = f"{wished}-{turn}"
        return code

    def _taken(self, code: str, record: _Record) -> bool:
        # a new version of the same paper keeps its code
        return (
            self._database.execute(
                "SELECT 1 FROM parcels WHERE result_code = ? AND NOT (dossier_code = ? AND component_id = ?)",
                (code, record.dossier.code, record.component.id),
            ).fetchone()
            is not None
        )


@contextlib.contextmanager
def transaction(database: sqlite3.Connection, lock: threading.RLock) -> Iterator[None]:
    """All of it or nothing, and nobody of this process between."""
    with lock:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


def database_of(folder: Path) -> Path:
    return folder / "province.db"


def file_of(folder: Path, sha256: str) -> Path:
    return folder / "files" / f"{sha256}.pdf"


def entries(database: sqlite3.Connection, lock: threading.RLock | None = None) -> list[Entry]:
    """All lines of a register, newest first."""
    with lock or contextlib.nullcontext():
        rows = database.execute(f"{_LINES} ORDER BY seq DESC").fetchall()
    return [Entry(*row) for row in rows]


def _read_record(body: bytes) -> _Record:
    try:
        return _Record.model_validate_json(body)
    except ValidationError as problem:
        first = problem.errors()[0]
        if first["type"] == "json_invalid":
            raise Refused(400, "bad_request", "Bản ghi không phải là JSON") from None
        place = ".".join(str(step) for step in first["loc"])
        raise Refused(422, "content", f"Bản ghi thiếu hoặc sai «{place}»") from None


def _pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = stream.read(min(left, 256 << 10))
        if not piece:
            raise ConnectionError("sender went away")
        left -= len(piece)
        yield piece
