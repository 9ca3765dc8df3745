# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A server in the manner of TD.DichVuCongApi, as its behaviour was described to us: never the thing itself."""

from __future__ import annotations

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stand_ins.spec_check import Spec

SPEC = Path(__file__).parents[1] / "province" / "specs" / "td.yaml"
USER, PASSWORD = "canbo", "mật-khẩu"


class AsTd:
    """While entered it runs on loopback, with one dossier of one component. ``traps``: (method and path ending, kind)
    for the next such request; ``token_uses``: after so many requests a token ends."""

    def __init__(self, dossier: str, component: str) -> None:
        self.spec = Spec(SPEC)
        self.dossier, self.dossier_id, self.state = dossier, str(uuid.uuid4()), 1
        self.component: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "ten": "Giấy chứng sinh",
            "maGiayTo": component,
            "dinhKem": None,
            "trangThaiSoHoa": 0,
        }
        self.told: dict[str, Any] = {}  # more columns of the queue
        self.files: dict[str, bytes] = {}
        self.records: list[dict[str, Any]] = []
        self.traps: list[tuple[str, str]] = []
        self.token_uses = 1000
        self.uses: dict[str, int] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
        self._server.daemon_threads = True
        self._server.model = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> AsTd:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def trap(self, asked: str) -> str:
        for index, (ending, kind) in enumerate(self.traps):
            if asked.endswith(ending):
                del self.traps[index]
                return kind
        return ""

    def lets_in(self, authorization: str) -> bool:
        token = authorization.removeprefix("Bearer ")
        self.uses[token] = self.uses.get(token, self.token_uses + 1) + 1
        return self.uses[token] <= self.token_uses


def _result(data: Any) -> dict[str, Any]:
    return {"succeeded": True, "failed": False, "message": None, "data": data}


def _page(rows: list[Any]) -> dict[str, Any]:
    return {"data": rows, "currentPage": 1, "totalPages": 1, "totalCount": len(rows), "pageSize": 10}


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _all(self) -> None:
        model: AsTd = self.server.model
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        read = model.spec.hold(self.command, self.path, self.headers, body)
        path = urlsplit(self.path).path
        kind = model.trap(f"{self.command} {path}")
        spoiled = {
            "401": (401, {}),
            "403": (403, {"message": "không có quyền"}),
            "400": (400, {"succeeded": False, "failed": True, "message": "Tệp quá lớn"}),
            "500": (500, "System.NullReferenceException: Object reference"),
            "502": (502, "<html>"),
            "413": (413, "<html>"),
            "page": (200, "<html>"),
            "no": (200, {"succeeded": False, "failed": True, "message": "Hồ sơ đã khóa"}),
            "bare": (200, {"data": "x"}),
        }
        if kind in spoiled:
            self._say(*spoiled[kind])
            return
        if path == "/api/tokens":
            if read != {"userName": USER, "password": PASSWORD}:
                self._say(500 if kind else 401, "sai mật khẩu")
                return
            token = uuid.uuid4().hex
            model.uses[token] = 0
            self._say(200, _result({"token": token, "refreshToken": "r"}))
            return
        if not model.lets_in(self.headers.get("Authorization", "")):
            self._say(401, {})
            return
        answer = self._work(model, path, dict(parse_qsl(urlsplit(self.path).query)), read)
        if kind == "lost":
            self.close_connection = True
            return
        if kind == "altered":
            answer = (200, answer[1][:-1] + b"x")
        self._say(*answer)

    do_GET = do_POST = do_PUT = _all

    def _work(self, model: AsTd, path: str, query: dict[str, str], read: Any) -> tuple[int, Any]:
        match path.removeprefix("/api/v1"):
            case "/hosos/ChamSoHoa":
                here = query["TrangThaiSoHoa"] == str(model.state) and query.get("MaHoSo", "") in model.dossier
                return 200, _page([{"id": model.dossier_id, "maHoSo": model.dossier, **model.told}] if here else [])
            case "/thanhphanhosos":
                return 200, _page([model.component] if query["HoSo"] == model.dossier else [])
            case "/files/UploadFileBucket":
                name, content = read["Files"]
                stored = f"/dvc/2026/11/20/{read['FolderName']}/{uuid.uuid4()}/{name}"
                model.files[stored] = content
                return 200, _result(stored)
            case "/files/GetFileBucket":
                content = model.files.get(query["Path"])
                return (200, content) if content is not None else (500, "System.IO.FileNotFoundException")
            case "/giaytosohoas/detail":
                found = [r for r in model.records if r["dinhKem"] == read["fileUrl"]]
                return (200, _result(found[0])) if found else (404, "không có")
            case "/giaytosohoas" if self.command == "GET":
                return 200, _page(model.records)
            case "/giaytosohoas":
                code = f"{read['ma']}.{len(model.records) + 1:02}"
                model.records.append({**read, "ma": code})
                model.component |= {"trangThaiSoHoa": 1, "maGiayToSoHoa": code}
                return 201, _result(code)
            case _:
                for row in read["thanhPhanHoSos"]:
                    assert row["id"] == model.component["id"], "an unknown id would add a row"
                    model.component |= row
                return 200, _result(True)

    def _say(self, status: int, what: Any) -> None:
        body = what if isinstance(what, bytes) else (what if isinstance(what, str) else json.dumps(what)).encode()
        self.send_response(status)
        media = "application/pdf" if isinstance(what, bytes) else "application/json"
        self.send_header("Content-Type", "text/html" if isinstance(what, str) else media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return
