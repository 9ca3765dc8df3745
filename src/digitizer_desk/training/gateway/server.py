# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The practice province over HTTP: the reference server of ``resources/contracts/gateway.openapi.yaml``.

Apart from the books so that the contract's statuses stand in one place. Standard library only: it serves one desk on
this machine, and a newcomer can read the whole contract as code.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import re
import shutil
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.training.gateway.books import Books, Entry, Refused
from digitizer_desk.training.gateway.door import Door
from digitizer_desk.training.gateway.faults import Fault, Faults, Reply, json_reply, problem, spoil
from digitizer_desk.training.gateway.offers import Offers
from digitizer_desk.training.gateway.page import page
from digitizer_desk.training.gateway.reading import work_of
from digitizer_desk.training.gateway.resumable import UPLOAD, UPLOADS, create, drop, take, tell
from digitizer_desk.training.gateway.uploads import Uploads

CONTRACT = "1.2.0"
#: a record is some kilobytes; more is no record
_RECORD_MOST = 1 << 20
_SIGNATURE_MOST = 64 << 10
#: how much of a refused body is read away, so that the refusal itself arrives
_DRAIN_MOST = 256 << 20
_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
_FILE = re.compile(r"/v1/files/([0-9a-f]{64})")
_PARCEL = re.compile(r"/v1/parcels/([A-Za-z0-9][A-Za-z0-9_-]{7,63})")
_SIGNATURE = re.compile(r"/v1/signatures/([0-9a-f]{64})")
_VIEW = re.compile(r"/xem/([A-Za-z0-9][A-Za-z0-9_-]{7,63})\.pdf")


@dataclass(frozen=True, slots=True)
class Province:
    """What one server stands for."""

    name: str
    door: Door
    max_bytes: int
    books: Books
    offers: Offers
    uploads: Uploads
    clock: Callable[[], datetime]
    faults: Faults


class Server(ThreadingHTTPServer):
    """Listens on loopback only; one thread a connection."""

    daemon_threads = True

    def __init__(self, province: Province, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.province = province
        super().__init__(("127.0.0.1", port), Handler)
        if tls is not None:
            # the handshake belongs to the connection's own thread, or one stranger could hold all others
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A desk that went away is no error of the province; anything else is, and goes to stderr."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection. Method names are those of the standard library."""

    protocol_version = "HTTP/1.1"
    server_version = "PracticeProvince"
    sys_version = ""
    timeout = 60
    # head and body leave in two writes; with Nagle the second waits 40 ms for the first one's acknowledgement
    disable_nagle_algorithm = True
    server: Server
    _unread = 0
    _breaks_at = 0  # how much of the body never comes: a fault
    _body: bytearray | None = None  # the body as it came, while a fault wants it twice
    _replayed: io.BytesIO | None = None

    def do_POST(self) -> None:
        self._count_body()
        if self.path == "/v1/token":
            self._answer("token", self._give_token, open_to_all=True)
        elif self.path == UPLOADS:
            self._answer("upload", partial(create, self))
        else:
            self._other()

    def do_PATCH(self) -> None:
        self._count_body()
        self._upload(take)

    def do_DELETE(self) -> None:
        self._upload(drop)

    def _upload(self, work: Callable[[Handler, str], Reply]) -> None:
        if match := UPLOAD.fullmatch(self.path):
            self._answer("upload", partial(work, self, match[1]))
        else:
            self._reply(problem(404, "not_found", "Không có địa chỉ này"))

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/" or _VIEW.fullmatch(path):
            self._show(path)
        elif path == "/v1/health":
            self._answer("health", self._health)
        elif match := _PARCEL.fullmatch(path):
            self._answer("look", partial(self._look, match[1]))
        elif match := _FILE.fullmatch(path):
            self._download(match[1])
        else:
            self._other()

    def _other(self) -> None:
        """What desks read, or no address at all."""
        found = work_of(self)
        if found is None:
            self._reply(problem(404, "not_found", "Không có địa chỉ này"))
        else:
            self._answer(*found)

    def do_HEAD(self) -> None:
        if match := _FILE.fullmatch(self.path):
            self._download(match[1])
        elif UPLOAD.fullmatch(self.path):
            self._upload(tell)
        else:
            self._reply(Reply(404))

    def do_PUT(self) -> None:
        self._count_body()
        if match := _FILE.fullmatch(self.path):
            self._answer("file", partial(self._take_file, match[1]))
        elif match := _SIGNATURE.fullmatch(self.path):
            self._answer("signature", partial(self._take_signature, match[1]))
        elif match := _PARCEL.fullmatch(self.path):
            self._answer("record", partial(self._take_record, match[1]))
        else:
            self._other()

    def _count_body(self) -> None:
        length = self.headers.get("Content-Length", "")
        self._unread = int(length) if length.isascii() and length.isdecimal() else 0

    # what is asked

    def _give_token(self) -> Reply:
        form = self.read(min(self._unread, 1 << 16))
        return self.server.province.door.give(self.headers.get("Authorization", ""), form)

    def _health(self) -> Reply:
        province = self.server.province
        return json_reply(
            200,
            {
                "name": province.name,
                "contract": CONTRACT,
                "training": True,
                "max_bytes": province.max_bytes,
                "now": province.clock().astimezone(VIETNAM).isoformat(),
                "features": ["uploads", "oauth2", "record_signature", "dossiers", "decisions", "papers", "packs"],
            },
        )

    def _look(self, parcel_id: str) -> Reply:
        entry = self.server.province.books.entry(parcel_id)
        if entry is None:
            return problem(404, "parcel_unknown", "Chưa từng nhận gói này")
        return json_reply(200, self._receipt(entry))

    def _take_file(self, sha256: str) -> Reply:
        size = self.announced("application/pdf", self.server.province.max_bytes)
        already = self.server.province.books.keep_file(cast(BinaryIO, self), size, sha256)
        return json_reply(200 if already else 201, {"sha256": sha256, "size": size})

    def _take_signature(self, record_sha256: str) -> Reply:
        data = self.read(self.announced("application/pkcs7-signature", _SIGNATURE_MOST))
        if self._unread:
            raise ConnectionError("sender went away")
        already = self.server.province.books.keep_signature(record_sha256, data)
        kept = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        return json_reply(200 if already else 201, kept)

    def _take_record(self, parcel_id: str) -> Reply:
        body = self.read(self.announced("application/json", _RECORD_MOST))
        if self._unread:
            raise ConnectionError("sender went away")
        entry, already = self.server.province.books.accept(parcel_id, body, unquote(self.headers.get("Desk-Id", "")))
        return json_reply(200 if already else 201, self._receipt(entry))

    def announced(self, media: str, most: int) -> int:
        """The size of the body, once it is known to be of this kind.

        Raises:
            Refused: 411, 413 or 415.
        """
        if not self._unread:
            raise Refused(411, "length_required", "Thiếu độ dài của nội dung")
        if self.headers.get_content_type() != media:
            raise Refused(415, "media", f"Chỉ nhận {media}")
        if self._unread > most:
            raise Refused(413, "too_large", f"Lớn hơn mức nhận {most // (1 << 20)} MB")
        return self._unread

    def read(self, size: int) -> bytes:
        """Read of the body, keeping count of what is still to come."""
        wanted = min(size, self._unread - self._breaks_at)
        piece: bytes = (self._replayed or self.rfile).read(wanted) if wanted > 0 else b""
        self._unread -= len(piece)
        if self._body is not None and self._replayed is None:
            self._body += piece
        return piece

    def _download(self, sha256: str) -> None:
        refusal = self._refusal()
        path = self.server.province.books.file(sha256)
        if refusal is not None:
            self._reply(refusal)
        elif path is None:
            self._reply(problem(404, "file_unknown", "Không có tệp này"))
        else:
            digest = base64.b64encode(bytes.fromhex(sha256)).decode()
            self._send_file(path, {"Repr-Digest": f"sha-256=:{digest}:"})

    def _show(self, path: str) -> None:
        """The page for people. A foreign name for this address would be a web site reaching in, so it is refused."""
        if self.headers.get("Host", "").rpartition(":")[0] not in _LOOPBACK:
            self._reply(problem(403, "forbidden", "Chỉ xem được trên máy này"))
            return
        books = self.server.province.books
        if match := _VIEW.fullmatch(path):
            entry = books.entry(match[1])
            file = books.file(entry.sha256) if entry else None
            if file is None:
                self._reply(problem(404, "file_unknown", "Không có tệp này"))
            else:
                self._send_file(file, {"Content-Disposition": "inline"})
            return
        text = page(self.server.province.name, books.entries(), self.server.province.uploads.halves())
        policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        self._reply(Reply(200, text.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": policy}))

    # how it is answered

    def _refusal(self) -> Reply | None:
        if self.server.province.door.admits(self.headers.get("Authorization", "")):
            return None
        return problem(401, "unauthorised", "Mã truy cập không đúng hoặc đã hết hạn", **{"WWW-Authenticate": "Bearer"})

    def _answer(self, place: str, work: Callable[[], Reply], *, open_to_all: bool = False) -> None:
        """Do the work and answer, or let a waiting fault have its way."""
        fault = self.server.province.faults.take(place)
        try:
            if fault is None:
                reply: Reply | None = (None if open_to_all else self._refusal()) or self._try(work)
            else:
                reply = self._spoiled(fault, work)
            if reply is None:
                self.close_connection = True
            else:
                self._reply(reply)
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _try(self, work: Callable[[], Reply]) -> Reply:
        try:
            return work()
        except Refused as no:
            return problem(no.status, no.code, no.said)

    def _spoiled(self, fault: Fault, work: Callable[[], Reply]) -> Reply | None:
        if fault.kind == "cut":
            self._cut(fault.after, work)
        self._body = bytearray() if fault.kind == "duplicate" else None
        honest = (self._refusal() or self._try(work)) if fault.works_first else None
        if fault.kind == "duplicate":
            # as a network in between that sends a request again: the work must bear being done twice
            honest = self._again(work)
        if fault.kind == "slow":
            self.server.province.faults.awake.wait(fault.seconds)
        return spoil(fault, honest)

    def _cut(self, after: int, work: Callable[[], Reply]) -> None:
        """Break the line once ``after`` bytes of the body came; what takes bodies in pieces keeps those bytes."""
        if after and self.command == "PATCH" and self._refusal() is None:
            self._breaks_at = max(0, self._unread - after)
            self._try(work)
            return
        while after > 0 and (piece := self.read(min(after, 64 << 10))):
            after -= len(piece)

    def _again(self, work: Callable[[], Reply]) -> Reply:
        body = bytes(self._body or b"")
        self._unread, self._replayed, self._body = len(body), io.BytesIO(body), None
        try:
            return self._try(work)
        finally:
            self._unread, self._replayed = 0, None

    def _receipt(self, entry: Entry) -> dict[str, str]:
        """The receipt, with the address its file is fetched from, as whoever asks has named this host."""
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        return entry.receipt | {"address": f"{scheme}://{self.headers['Host']}/v1/files/{entry.sha256}"}

    def _reply(self, reply: Reply) -> None:
        if self._unread:
            self.close_connection = True
        self.send_response(reply.status)
        content = (
            {} if reply.status in (204, 304) else {"Content-Type": reply.media, "Content-Length": str(len(reply.body))}
        )
        for name, value in {**content, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self._drain()

    def _send_file(self, path: Path, headers: dict[str, str]) -> None:
        with open(path, "rb") as source:
            self.send_response(200)
            for name, value in {"Content-Type": "application/pdf", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(path.stat().st_size))
            self.end_headers()
            if self.command != "HEAD":
                shutil.copyfileobj(source, self.wfile)

    def _drain(self) -> None:
        # closing over unread bytes resets the connection, and the refusal would be lost with it
        left = _DRAIN_MOST
        with contextlib.suppress(OSError):
            while self._unread and left > 0:
                piece = self.read(64 << 10)
                if not piece:
                    break
                left -= len(piece)
        self._unread = 0

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what citizens hand in does not belong in a log."""
