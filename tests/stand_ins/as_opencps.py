# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A server in the manner of OpenCPS, as its behaviour was described to us: our model of it, never the thing itself."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from digitizer_desk.dossier.model import VIETNAM
from stand_ins.spec_check import Spec

BASE = "/o/rest/v2"
SPEC = Path(__file__).parents[1] / "province" / "specs" / "opencps.yaml"
USER, PASSWORD, GROUP = "canbo", "mật-khẩu", "55217"


class AsOpenCps:
    """While entered it runs on loopback. ``traps`` happen to the next requests whose path ends so, in order:
    (path ending, kind); ``ahead`` is how far its clock runs ahead, seconds."""

    def __init__(self, *dossiers: str) -> None:
        self.spec = Spec(SPEC)
        self.dossiers = {number: str(100 + i) for i, number in enumerate(dossiers)}
        self.todo: list[dict[str, Any]] = []
        self.rows: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.marks: dict[tuple[str, str], dict[str, str]] = {}
        self.multiple: set[str] = set()
        self.traps: list[tuple[str, str]] = []
        self.uploads = 0
        self.ahead = 0.0
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
        self._server.daemon_threads = True
        self._server.model = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> AsOpenCps:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def trap(self, path: str) -> str:
        for index, (ending, kind) in enumerate(self.traps):
            if path.endswith(ending):
                del self.traps[index]
                return kind
        return ""

    def take(self, dossier: str, fields: dict[str, Any], *, keeps: bool) -> tuple[int, Any]:
        """The server's own rule: by reference, else by part, else a new row; newer than its stamp, or a conflict."""
        with self.lock:
            self.uploads += 1
            here = [r for r in self.rows if r["dossierId"] == dossier]
            row = next((r for r in here if r["referenceUid"] == fields["referenceUid"]), None)
            if row is None and fields["dossierPartNo"] not in self.multiple:
                row = next((r for r in here if r["dossierPartNo"] == fields["dossierPartNo"]), None)
            now = time.time() + self.ahead
            if row is not None and row["stamp"] >= int(fields["modifiedDate"]) / 1000:
                return 403, {"message": "No Content.", "code": 403, "description": "Conflict dossier file"}
            if row is None:
                row = {
                    "dossierId": dossier,
                    "dossierFileId": len(self.rows) + 1,
                    "referenceUid": fields["referenceUid"],
                }
                self.rows.append(row)
            _name, content = fields["file"]
            row |= {
                "dossierPartNo": fields["dossierPartNo"],
                "displayName": fields["displayName"],
                "fileSize": len(content) if keeps else 0,
                "removed": False,
                "stamp": now,
                "modifiedDate": datetime.fromtimestamp(now, UTC).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S"),
            }
            row["createDate"] = row["modifiedDate"]
            if keeps:
                self.files[row["referenceUid"]] = content
            return 200, {k: v for k, v in row.items() if k != "stamp"}


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def _all(self) -> None:
        model: AsOpenCps = self.server.model
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.path.removeprefix(BASE)
        if target == self.path:
            self._say(404, "<html>", "text/html")
            return
        read = model.spec.hold(self.command, target, self.headers, body)
        kind = model.trap(f"{self.command} {urlsplit(target).path}")
        if kind == "cut":
            self.close_connection = True
            return
        spoiled = {
            "203": (203, {"message": "Non-Authoritative Information.", "code": 203, "description": ""}),
            "401": (401, {"message": "x", "code": 203}),
            "no right": (401, {"timestamp": 1, "message": "permission denied", "rest_api": "x"}),
            "403": (403, {"message": "No Content.", "code": 403, "description": "Mã thành phần không đúng"}),
            "413": (413, "<html>"),
            "502": (502, "<html>"),
            "500": (500, "<html>"),
            "page": (200, "<html>"),
            "302": (302, "<html>"),
        }
        if kind in spoiled:
            self._say(*spoiled[kind])
            return
        known = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != known and target != "/ping":
            self._say(*spoiled["203"])
            return
        status, answer = self._work(model, target, read, kind)
        if kind == "lost":
            self.close_connection = True
            return
        self._say(status, answer)

    do_GET = do_POST = do_PUT = _all

    def _work(self, model: AsOpenCps, target: str, read: Any, kind: str) -> tuple[int, Any]:
        path = urlsplit(target).path
        if path == "/ping":
            return 200, "ok"
        if path == "/dossiers/todo":
            asked = dict(parse_qsl(urlsplit(target).query))
            rows = model.todo[int(asked["start"]) : int(asked["end"])]
            return 200, {"total": len(model.todo), "data": rows[0] if len(rows) == 1 else rows}
        if path.startswith("/dossiertemplates/"):
            parts = [
                {"partNo": "TP1", "partName": "Tờ khai", "partType": 1, "required": True, "fileTemplateNo": "TK"},
                {"partNo": "TP9", "partName": "Giấy khác", "partType": 1, "required": False},
                {"partNo": "KQ1", "partName": "Kết quả", "partType": 2, "required": False},
            ]
            return 200, {"total": 3, "data": parts}
        if path == "/dossiers":
            wanted = dict(parse_qsl(urlsplit(target).query)).get("dossierNo", "")
            # its search finds what contains the words
            rows = [{"dossierId": int(i), "dossierNo": n} for n, i in model.dossiers.items() if wanted in n]
            rows = rows if self.headers.get("groupId") == GROUP else []
            return 200, {"total": len(rows), "data": rows[0] if len(rows) == 1 else rows}
        if match := re.fullmatch(r"/dossiers/(\d+)/files", path):
            if self.command == "POST":
                return model.take(match[1], read, keeps=kind != "size0")
            rows = [{k: v for k, v in r.items() if k != "stamp"} for r in model.rows if r["dossierId"] == match[1]]
            return 200, {"total": len(rows), "data": rows}
        if match := re.fullmatch(r"/dossiers/(\d+)/files/([^/]+)", path):
            content = model.files.get(match[2])
            return (200, content[:-1] + b"x" if kind == "altered" else content) if content else (204, b"")
        if match := re.fullmatch(r"/dossiers/(\d+)/marks/([^/]+)", path):
            model.marks[match[1], match[2]] = read
            return 200, {}
        return 403, {"message": "No Content.", "code": 403, "description": "not found"}

    def _say(self, status: int, what: Any, media: str = "") -> None:
        body = what if isinstance(what, bytes) else (what if isinstance(what, str) else json.dumps(what)).encode()
        self.send_response(status)
        html = isinstance(what, str) and what.startswith("<")
        usual = "text/html" if html else "application/pdf" if isinstance(what, bytes) else "application/json"
        self.send_header("Content-Type", media or usual)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return
