# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Everything that goes wrong between a desk and a province, on demand, for practice and tests.

Apart from the server because its honest code must not know faults: a fault spoils a finished reply, or stands in its
place.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

#: requests that read what the province offers
READ = ("dossiers", "decisions", "papers", "reuse", "packs", "pack")
#: which request a fault waits for
PLACES = ("any", "health", "token", "file", "upload", "signature", "record", "look", *READ)
#: what can happen -> whether the work is done before it happens
KINDS: dict[str, bool] = {
    "slow": True,  # answers after `seconds`
    "cut": False,  # breaks the connection after `after` bytes of the body
    "lost_reply": True,  # breaks the connection instead of answering
    "error": False,  # 500 with text
    "gateway": True,  # 502 of a proxy that lost the answer
    "busy": False,  # 503 with Retry-After `seconds`
    "login": False,  # 401
    "forbidden": False,  # 403
    "too_large": False,  # 413
    "old_version": False,  # 426
    "reject": False,  # 422 with words
    "file_missing": False,  # 424: the file was tidied away
    "absent": False,  # 404: a province of an earlier contract has no such address
    "nonsense": False,  # 200 with HTML, as the log-in page of a network answers
    "redirect": False,  # 302 to another host
    "truncated": True,  # half a JSON
    "huge": True,  # 50 MB of answer
    "wrong_types": True,  # JSON with odd types
    "wrong_hash": True,  # another hash of the file
    "wrong_record": True,  # another hash of the record
    "wrong_parcel": True,  # the receipt of another parcel
    "duplicate": True,  # the request arrives twice
    "skew": True,  # a clock that is `seconds` ahead
}
_HUGE = 50_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: ``body`` is JSON unless ``media`` says otherwise."""

    status: int
    body: bytes = b""
    media: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that waits to happen ``times`` times."""

    kind: str
    times: int = 1
    on: str = "any"
    seconds: float = 2.0
    after: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.on not in PLACES:
            raise ValueError(f"no such fault: {self.kind} on {self.on}")

    @property
    def works_first(self) -> bool:
        return KINDS[self.kind]


class Faults:
    """The faults that wait, in the order they were asked for; any thread may call."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()
        self.awake = threading.Event()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self.awake.clear()
            self._waiting.append(fault)

    def clear(self) -> None:
        """Forget all, and wake whoever is being slow."""
        with self._lock:
            self._waiting.clear()
            self.awake.set()

    def take(self, place: str) -> Fault | None:
        """The next fault for this request, used up once."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.on in ("any", place):
                    if fault.times > 1:
                        self._waiting[index] = replace(fault, times=fault.times - 1)
                    else:
                        del self._waiting[index]
                    return fault
        return None


def json_reply(status: int, what: dict[str, Any], **headers: str) -> Reply:
    return Reply(status, json.dumps(what, ensure_ascii=False).encode(), headers=headers)


def problem(status: int, code: str, said: str, **headers: str) -> Reply:
    """A ``Problem`` of the contract."""
    return json_reply(status, {"code": code, "said": said}, **headers)


def spoil(fault: Fault, honest: Reply | None) -> Reply | None:
    """The reply in place of the honest one (None when the work was not done); None to break the connection."""
    match fault.kind:
        case "slow" | "duplicate":
            return honest
        case "cut" | "lost_reply":
            return None
        case "error":
            return Reply(500, b"Internal Server Error", "text/plain")
        case "gateway":
            return Reply(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
        case "busy":
            return problem(503, "busy", "Hệ thống đang bảo trì", **{"Retry-After": f"{fault.seconds:.0f}"})
        case "login":
            return problem(401, "unauthorised", "Mã truy cập không đúng hoặc đã hết hạn")
        case "forbidden":
            return problem(403, "forbidden", "Đơn vị chưa được cấp quyền cho thủ tục này")
        case "too_large":
            return problem(413, "too_large", "Tệp lớn hơn mức nhận")
        case "old_version":
            return problem(426, "old_version", "Cần phiên bản Bàn số hóa mới hơn")
        case "reject":
            return problem(422, "content", "Không tìm thấy hồ sơ trong hệ thống")
        case "file_missing":
            return problem(424, "file_missing", "Chưa nhận được tệp của gói này")
        case "absent":
            return problem(404, "not_found", "Không có địa chỉ này")
        case "nonsense":
            return Reply(200, "<html><p>Mời đăng nhập mạng không dây</p></html>".encode(), "text/html; charset=utf-8")
        case "redirect":
            return Reply(302, headers={"Location": "https://192.0.2.1/login"})
        case "truncated":
            body = honest.body if honest else b""
            return Reply(200, body[: len(body) // 2])
        case "huge":
            return Reply(200, b'{"number":"' + b"9" * _HUGE + b'"}')
        case _:
            return _with_wrong_values(fault, honest)


def _with_wrong_values(fault: Fault, honest: Reply | None) -> Reply | None:
    """An honest-looking 2xx whose values do not fit; a refusal stays as it is, and so does what has no values."""
    if honest is None or honest.status >= 300 or honest.media != "application/json" or not honest.body:
        return honest
    what = json.loads(honest.body)
    other = "0" * 64
    match fault.kind:
        case "skew" if "now" in what:
            what["now"] = (datetime.fromisoformat(what["now"]) + timedelta(seconds=fault.seconds)).isoformat()
        case "wrong_types":
            what = {key: [value] for key, value in what.items()}
        case "wrong_hash":
            what["sha256"] = other
        case "wrong_record":
            what["record_sha256"] = other
        case "wrong_parcel":
            what["parcel_id"] = "another-parcel"
    return json_reply(honest.status, what)
