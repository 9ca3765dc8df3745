# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The tus 1.0 side of the practice province: headers in, :class:`Uploads` asked, headers out.

Apart from the server because the protocol is not ours: https://tus.io/protocols/resumable-upload, core with creation,
checksum, expiration and termination.
"""

from __future__ import annotations

import base64
import email.utils
import re
from typing import TYPE_CHECKING, BinaryIO, cast

from digitizer_desk.training.gateway.books import Refused
from digitizer_desk.training.gateway.faults import Reply
from digitizer_desk.training.gateway.uploads import Standing

if TYPE_CHECKING:
    from digitizer_desk.training.gateway.server import Handler

VERSION = "1.0.0"
UPLOADS = "/v1/uploads"
UPLOAD = re.compile(r"/v1/uploads/([A-Za-z0-9_-]{8,64})")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def create(asked: Handler) -> Reply:
    """POST: a place for a file that is announced by size and SHA-256."""
    _right_version(asked)
    size = _number(asked, "Upload-Length")
    most = asked.server.province.max_bytes
    if not 0 < size <= most:
        raise Refused(413, "too_large", f"Lớn hơn mức nhận {most >> 20} MB")
    told = _metadata(asked.headers.get("Upload-Metadata", ""))
    if told.get("filetype") != "application/pdf":
        raise Refused(415, "media", "Chỉ nhận application/pdf")
    if not _SHA256.fullmatch(told.get("sha256", "")):
        raise Refused(400, "bad_request", "Thiếu SHA-256 của tệp trong Upload-Metadata")
    uploads = asked.server.province.uploads
    upload = uploads.create(size, told["sha256"])
    return _said(201, uploads.standing(upload), Location=f"{UPLOADS}/{upload}")


def tell(asked: Handler, upload: str) -> Reply:
    """HEAD: how much of it is here."""
    _right_version(asked)
    standing = asked.server.province.uploads.standing(upload)
    return _said(200, standing, **{"Upload-Length": str(standing.size)})


def take(asked: Handler, upload: str) -> Reply:
    """PATCH: the next piece."""
    _right_version(asked)
    length = asked.announced("application/offset+octet-stream", asked.server.province.max_bytes)
    offset = _number(asked, "Upload-Offset")
    algorithm, _, digest = asked.headers.get("Upload-Checksum", "").partition(" ")
    if algorithm not in ("", "sha256"):
        raise Refused(400, "bad_request", "Chỉ nhận Upload-Checksum kiểu sha256")
    try:
        checksum = base64.b64decode(digest, validate=True)
    except ValueError:
        raise Refused(400, "bad_request", "Upload-Checksum không đọc được") from None
    uploads = asked.server.province.uploads
    return _said(204, uploads.append(upload, offset, cast(BinaryIO, asked), length, checksum))


def drop(asked: Handler, upload: str) -> Reply:
    """DELETE: not wanted any more."""
    _right_version(asked)
    asked.server.province.uploads.drop(upload)
    return Reply(204, headers={"Tus-Resumable": VERSION})


def _said(status: int, standing: Standing, **headers: str) -> Reply:
    told = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(standing.offset),
        "Upload-Expires": email.utils.format_datetime(standing.expires, usegmt=True),
    }
    return Reply(status, headers={**told, **headers})


def _right_version(asked: Handler) -> None:
    if asked.headers.get("Tus-Resumable") != VERSION:
        raise Refused(412, "tus_version", "Chỉ nhận tus 1.0.0")


def _number(asked: Handler, header: str) -> int:
    text = asked.headers.get(header, "")
    if not (text.isascii() and text.isdecimal()):
        raise Refused(400, "bad_request", f"Thiếu {header}")
    return int(text[:18])


def _metadata(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, text.split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except ValueError:
            raise Refused(400, "bad_request", "Upload-Metadata không đọc được") from None
    return found
