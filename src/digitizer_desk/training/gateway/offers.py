# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the practice province has to say by itself: waiting dossiers, decisions, stored papers, packs; and reuses told.

Apart from the books, which hold what desks sent. Values are kept as the JSON they are answered with: whoever sets up a
practice or a test writes them, and only what the contract asks of them is looked at.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.training.gateway.books import Refused, database_of, transaction

_TABLES = """
CREATE TABLE IF NOT EXISTS waiting (seq INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS withdrawn (code TEXT PRIMARY KEY, said TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS decisions (seq INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS papers (reference TEXT PRIMARY KEY, owner TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS reuses (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, reuse_id TEXT NOT NULL UNIQUE, record TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS packs (
    id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, content BLOB NOT NULL, signature BLOB NOT NULL
) STRICT;
"""


class Offers:
    """What one practice province offers; any thread may call."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._database = sqlite3.connect(database_of(folder), check_same_thread=False, isolation_level=None, timeout=10)
        self._database.executescript(_TABLES)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    # -- set up by whoever runs the practice -------------------------------------------------------------------------

    def obey(self, message: dict[str, Any]) -> None:
        """One line of control.

        Raises:
            ValueError: not understood.
        """
        with transaction(self._database, self._lock):
            match message:
                case {"what": "wait", "dossier": {"code": str(code)} as value}:
                    self._run("DELETE FROM withdrawn WHERE code = ?", code)
                    self._run("INSERT OR REPLACE INTO waiting (code, value) VALUES (?, ?)", code, json.dumps(value))
                case {"what": "withdraw", "code": str(code), "said": str(said)}:
                    self._run("DELETE FROM waiting WHERE code = ?", code)
                    self._run("INSERT OR REPLACE INTO withdrawn VALUES (?, ?)", code, said)
                case {"what": "decide", "decision": {"parcel_id": str(), "kind": str()} as value}:
                    self._decide(value)
                case {"what": "paper", "owner": str(owner), "paper": {"reference": str(reference)} as value}:
                    row = (reference, owner, json.dumps(value))
                    self._run("INSERT OR REPLACE INTO papers VALUES (?, ?, ?)", *row)
                case {"what": "pack", "id": str(id_), "sequence": int(sequence), "file": str(file)}:
                    content, signature = Path(file).read_bytes(), Path(file + ".p7s").read_bytes()
                    self._run("INSERT OR REPLACE INTO packs VALUES (?, ?, ?, ?)", id_, sequence, content, signature)
                case _:
                    raise ValueError("not understood")

    def _decide(self, value: dict[str, Any]) -> None:
        seq = self._run("INSERT INTO decisions (value) VALUES ('{}')").lastrowid
        known = {"id": f"QD-{seq:06d}", "number": seq, "at": self._clock().astimezone(VIETNAM).isoformat()}
        self._run("UPDATE decisions SET value = ? WHERE seq = ?", json.dumps({**known, **value}), seq)

    # -- asked by desks -----------------------------------------------------------------------------------------------

    def waiting(self, start: int, limit: int) -> tuple[dict[str, Any], str, int]:
        """A page of the list from line ``start``: (answer, ETag of the whole list, number of lines)."""
        with self._lock:
            rows = self._run("SELECT value FROM waiting ORDER BY seq").fetchall()
            gone = self._run("SELECT code, said FROM withdrawn ORDER BY code").fetchall()
        state = hashlib.sha256(repr((rows, gone)).encode()).hexdigest()[:16]
        page = [json.loads(value) for (value,) in rows[start : start + limit]]
        told = {"dossiers": page, "withdrawn": [{"code": code, "said": said} for code, said in gone]}
        return told, f'"{state}"', len(rows)

    def decisions(self, after: int, limit: int) -> dict[str, Any]:
        """The decisions behind number ``after``."""
        with self._lock:
            query = "SELECT seq, value FROM decisions WHERE seq > ? ORDER BY seq LIMIT ?"
            rows = self._run(query, after, limit + 1).fetchall()
        page = rows[:limit]
        mark = page[-1][0] if page else after
        return {"decisions": [json.loads(value) for _, value in page], "mark": str(mark), "more": len(rows) > limit}

    def papers(self, body: bytes) -> dict[str, Any]:
        """The papers of one owner.

        Raises:
            Refused: no question.
        """
        match _json(body):
            case {"identifier": str(owner)} if owner:
                with self._lock:
                    rows = self._run("SELECT value FROM papers WHERE owner = ? ORDER BY reference", owner).fetchall()
                return {"papers": [json.loads(value) for (value,) in rows]}
        raise Refused(400, "bad_request", "Thiếu số định danh")

    def note_reuse(self, reuse_id: str, body: bytes) -> tuple[dict[str, Any], bool]:
        """Note a reuse, or find it again. True when it was noted before with this very record.

        Raises:
            Refused: another record under this id, an unknown paper, or no record.
        """
        digest = hashlib.sha256(body).hexdigest()
        with transaction(self._database, self._lock):
            known = self._run("SELECT seq, record FROM reuses WHERE reuse_id = ?", reuse_id).fetchone()
            if known is not None and known[1].encode() != body:
                raise Refused(409, "reuse_conflict", "Mã này đã được nhận với nội dung khác")
            if known is None:
                self._refuse_unfit(reuse_id, _json(body))
                seq = self._run(
                    "INSERT INTO reuses (reuse_id, record) VALUES (?, ?)", reuse_id, body.decode()
                ).lastrowid
            else:
                seq = known[0]
        return {"number": f"TSD-{seq:06d}", "reuse_id": reuse_id, "record_sha256": digest}, known is not None

    def _refuse_unfit(self, reuse_id: str, record: Any) -> None:
        match record:
            case {"reuse_id": str(told), "paper": {"reference": str(reference)}} if told == reuse_id:
                row = self._run("SELECT value FROM papers WHERE reference = ?", reference).fetchone()
            case _:
                raise Refused(422, "content", "Bản ghi tái sử dụng không đúng mẫu")
        if row is None or json.loads(row[0]).get("state", "valid") != "valid":
            raise Refused(422, "content", "Giấy tờ không còn hiệu lực trong kho")

    def reuses(self) -> list[dict[str, Any]]:
        """All records of reuse, oldest first."""
        with self._lock:
            rows = self._run("SELECT record FROM reuses ORDER BY seq").fetchall()
        return [json.loads(record) for (record,) in rows]

    def packs(self) -> dict[str, Any]:
        """The newest pack of each id."""
        with self._lock:
            rows = self._run("SELECT id, sequence, content FROM packs ORDER BY id").fetchall()
        named = ((id_, sequence, hashlib.sha256(content).hexdigest()) for id_, sequence, content in rows)
        return {"packs": [{"id": id_, "sequence": sequence, "sha256": sha256} for id_, sequence, sha256 in named]}

    def pack(self, id_: str, sequence: int, *, signature: bool) -> bytes:
        """A pack, or the signature over it.

        Raises:
            Refused: there is none.
        """
        with self._lock:
            query = "SELECT content, signature FROM packs WHERE id = ? AND sequence = ?"
            row = self._run(query, id_, sequence).fetchone()
        if row is None:
            raise Refused(404, "pack_unknown", "Không có gói này")
        return bytes(row[1] if signature else row[0])

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        return self._database.execute(statement, values)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Refused(400, "bad_request", "Không phải là JSON") from None
