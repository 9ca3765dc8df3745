# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The addresses of the practice province that desks read: the part that contract 1.2 adds.

Apart from ``server.py``, which takes what desks send.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from digitizer_desk.training.gateway.books import Refused
from digitizer_desk.training.gateway.faults import Reply, json_reply

if TYPE_CHECKING:
    from digitizer_desk.training.gateway.server import Handler

_RECORD_MOST = 64 << 10
_PACK = re.compile(r"/v1/packs/([a-z][a-z0-9-]{1,40})/([0-9]{1,8})(/signature)?")
_REUSE = re.compile(r"/v1/reuses/([A-Za-z0-9][A-Za-z0-9_-]{7,63})")

Work = Callable[[], Reply]


def work_of(handler: Handler) -> tuple[str, Work] | None:
    """The place faults know it by, and the work a request asks for; None when it is none of these addresses."""
    path, _, query = handler.path.partition("?")
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    match handler.command, path:
        case "GET", "/v1/dossiers":
            return "dossiers", lambda: _waiting(handler, asked)
        case "GET", "/v1/decisions":
            return "decisions", lambda: _decisions(handler, asked)
        case "GET", "/v1/packs":
            return "packs", lambda: json_reply(200, handler.server.province.offers.packs())
        case "POST", "/v1/papers/search":
            return "papers", lambda: _papers(handler)
        case "GET", _ if found := _PACK.fullmatch(path):
            return "pack", lambda: _pack(handler, found[1], int(found[2]), signature=bool(found[3]))
        case "PUT", _ if found := _REUSE.fullmatch(path):
            return "reuse", lambda: _reuse(handler, found[1])
    return None


def _number(text: str, usual: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(400, "bad_request", "Tham số không phải là số")
    return int(text)


def _waiting(handler: Handler, asked: dict[str, str]) -> Reply:
    limit = min(max(_number(asked.get("limit", ""), 100), 1), 500)
    state, _, start = asked.get("cursor", "").partition(".")
    first = _number(start, 0)
    told, tag, many = handler.server.province.offers.waiting(first, limit)
    if not state and handler.headers.get("If-None-Match", "") == tag:
        return Reply(304, headers={"ETag": tag})
    if state and f'"{state}"' != tag:
        raise Refused(409, "cursor_ended", "Danh sách đã thay đổi, hãy lấy lại từ đầu")
    following = first + limit
    told["next"] = f"{tag.strip(chr(34))}.{following}" if following < many else None
    return json_reply(200, told, ETag=tag)


def _decisions(handler: Handler, asked: dict[str, str]) -> Reply:
    limit = min(max(_number(asked.get("limit", ""), 200), 1), 500)
    return json_reply(200, handler.server.province.offers.decisions(_number(asked.get("after", ""), 0), limit))


def _papers(handler: Handler) -> Reply:
    return json_reply(200, handler.server.province.offers.papers(_body(handler)))


def _reuse(handler: Handler, reuse_id: str) -> Reply:
    receipt, already = handler.server.province.offers.note_reuse(reuse_id, _body(handler))
    return json_reply(200 if already else 201, receipt)


def _body(handler: Handler) -> bytes:
    body = handler.read(handler.announced("application/json", _RECORD_MOST))
    if handler._unread:
        raise ConnectionError("sender went away")
    return body


def _pack(handler: Handler, id_: str, sequence: int, *, signature: bool) -> Reply:
    content = handler.server.province.offers.pack(id_, sequence, signature=signature)
    return Reply(200, content, "application/pkcs7-signature" if signature else "application/zip")
