# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A server in the manner of the national portal's adapter, as its clients' requests describe it: never the thing.

What no source tells is a switch here: what a second message does, and how much a look at a dossier shows.
"""

from __future__ import annotations

import copy
import itertools
import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stand_ins.spec_check import Spec

SPEC = Path(__file__).parents[1] / "province" / "specs" / "national.yaml"
USER, PASSWORD, UNIT, DESTINATION = "don-vi", "mật-khẩu-cổng", "000.00.10.H08", "VN:GOV:000.00.00.G22"
_LISTS = {"TaiLieuNop": "TepDinhKemId", "DanhSachGiayToKetQua": "GiayToId"}


class AsNationalPortal:
    """While entered it runs on loopback.

    ``second``: what a second message for one dossier does to its lists: ``replaces``, ``updates`` or ``adds``.
    ``shows``: what a look at a dossier tells: ``all``, ``name`` (only that it is there). ``traps``: (service, kind) for
    the next such request; ``session_uses``: after so many requests a session ends.
    """

    def __init__(self, *procedures: str) -> None:
        self.spec = Spec(SPEC)
        self.procedures = set(procedures)
        self.dossiers: dict[str, dict[str, Any]] = {}
        self.second, self.shows = "replaces", "all"
        self.traps: list[tuple[str, str]] = []
        self.told: list[dict[str, Any]] = []
        self.services: list[str] = []
        self.session_uses = 1000
        self.sessions: dict[str, int] = {}
        self.tokens: set[str] = set()
        self.bearer = False
        self.zeros = itertools.cycle([0, "0", "00"])
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
        self._server.daemon_threads = True
        self._server.model = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> AsNationalPortal:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def trap(self, service: str) -> str:
        for index, (name, kind) in enumerate(self.traps):
            if name == service:
                del self.traps[index]
                return kind
        return ""

    def take(self, dossier: dict[str, Any], *, updating: bool) -> dict[str, Any]:
        self.told.append(copy.deepcopy(dossier))
        there = self.dossiers.get(dossier["MaHoSo"])
        if there is not None and not updating:
            return {"error_code": "-3", "message": "Hồ sơ đã tồn tại"}
        new = copy.deepcopy(dossier)
        for name, key in _LISTS.items():
            before, now = (there or {}).get(name, []), new.get(name, [])
            if self.second == "adds":
                new[name] = before + now
            elif self.second == "updates":
                new[name] = list({one[key]: one for one in before + now}.values())
        self.dossiers[dossier["MaHoSo"]] = new
        return {"error_code": next(self.zeros), "message": "Thành công"}


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        model: AsNationalPortal = self.server.model
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if urlsplit(self.path).path == "/token":
            granted = parse_qs(body.decode())["grant_type"] == ["client_credentials"]
            token = uuid.uuid4().hex
            model.tokens.add(token)
            self._say(200 if granted else 400, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})
            return
        read = model.spec.hold("POST", self.path, self.headers, body)
        service = read.get("service", "login")
        model.services.append(service)
        if model.bearer and self.headers.get("Authorization", "").removeprefix("Bearer ") not in model.tokens:
            self._say(401, {})
            return
        kind = model.trap(service)
        spoiled: dict[str, tuple[int, Any]] = {
            "401": (401, {}),
            "403": (403, {}),
            "413": (413, "<html>"),
            "429": (429, {}),
            "500": (500, "<html>"),
            "502": (502, "<html>"),
            "page": (200, "<html>"),
            "bare": (200, {"message": "ok"}),
            "words": (200, {"error_code": "xx"}),
            "session": (200, {"error_code": -1, "message": "Session không hợp lệ"}),
            "no": (200, {"error_code": "-1", "message": "Dữ liệu không hợp lệ: NgayTiepNhan"}),
        }
        if kind in spoiled:
            self._say(*spoiled[kind])
            return
        answer = self._login(model, read) if service == "login" else self._work(model, service, read)
        if kind == "forgets":  # says it took it, and did not
            model.dossiers.pop(model.told[-1]["MaHoSo"])
            model.dossiers[model.told[-1]["MaHoSo"]] = {**model.told[-1], "TaiLieuNop": []}
        if kind == "lost":
            self.close_connection = True
            return
        self._say(200, answer)

    def _login(self, model: AsNationalPortal, read: dict[str, str]) -> dict[str, Any]:
        if read != {"username": USER, "password": PASSWORD}:
            return {"error_code": 1, "message": "Sai tên hoặc mật khẩu"}
        session = uuid.uuid4().hex
        model.sessions[session] = 0
        return {"error_code": 0, "session": session}

    def _work(self, model: AsNationalPortal, service: str, read: dict[str, Any]) -> dict[str, Any]:
        uses = model.sessions.get(read["session"], model.session_uses) + 1
        model.sessions[read["session"]] = uses
        if uses > model.session_uses:
            # an ended session is refused with a code of its own that no source names
            return {"error_code": "7", "message": "Từ chối"}
        match service:
            case "LayThuTuc":
                if read["maTTHC"] not in model.procedures:
                    return {"error_code": "-1", "message": "Không có thủ tục"}
                fields = [{"MALINHVUC": "G01-HT", "TENLINHVUC": "Hộ tịch"}]
                result = {"TENTTHC": "Đăng ký khai sinh (quốc gia)", "LINHVUCTHUCHIEN": fields}
                return {"error_code": "0", "message": "Thành công", "result": [result]}
            case "TraCuuHoSo":
                there = model.dossiers.get(read["mahoso"])
                if there is None:
                    return {"error_code": "-1", "message": "Không tìm thấy hồ sơ", "result": None}
                shown = there if model.shows == "all" else {"MaHoSo": read["mahoso"]}
                return {"error_code": 0, "message": "Thành công", "result": shown}
            case _:
                return model.take(read["data"][0], updating=read["isUpdating"] == "True")

    def _say(self, status: int, what: Any) -> None:
        body = (what if isinstance(what, str) else json.dumps(what)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(what, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return
