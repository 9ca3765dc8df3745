# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The line protocol: one JSON object a line; big or secret things follow their line as counted bytes.

Apart because desk and host process must read the very same thing, and the host must start in milliseconds:
standard library only. ``{"event": "page", "bytes": 123, ...}`` is followed by exactly 123 raw bytes.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

#: raised by one when a message changes meaning; the host says it in its first line
PROTOCOL = 1
#: a line longer than this is a broken host, not a message
MAX_LINE = 1 << 20
#: more than a 600-dpi A3 colour page; anything larger is refused before memory is taken
MAX_BYTES = 512 << 20


class BrokenLine(Exception):
    """The other side closed or sent something that is no message. ``closed`` tells which."""

    def __init__(self, why: str, *, closed: bool = False) -> None:
        super().__init__(why)
        self.closed = closed


def write(stream: BinaryIO, message: dict[str, Any], payload: bytes | bytearray | memoryview | None = None) -> None:
    """Send one message, and its payload right behind. ``bytes`` is set here, never by the caller."""
    if payload is not None:
        message = {**message, "bytes": len(memoryview(payload).cast("B"))}
    _write_whole(stream, json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    if payload is not None:
        _write_whole(stream, payload)
    stream.flush()


def _write_whole(stream: BinaryIO, data: bytes | bytearray | memoryview) -> None:
    """Unbuffered streams may take less than they are given."""
    view = memoryview(data).cast("B")
    while view:
        view = view[stream.write(view) :]


def read(stream: BinaryIO) -> tuple[dict[str, Any], bytearray | None]:
    """Read one message and its payload, in a buffer the caller may wipe.

    Raises:
        BrokenLine: end of stream, no JSON object, or counts out of range.
    """
    line = stream.readline(MAX_LINE + 1)
    if not line:
        raise BrokenLine("closed", closed=True)
    if len(line) > MAX_LINE or not line.endswith(b"\n"):
        raise BrokenLine("line cut off or too long")
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise BrokenLine("not JSON") from problem
    if not isinstance(message, dict):
        raise BrokenLine("not an object")
    if "bytes" not in message:
        return message, None
    count = message["bytes"]
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MAX_BYTES:
        raise BrokenLine("byte count out of range")
    return message, _read_exactly(stream, count)


def _read_exactly(stream: BinaryIO, count: int) -> bytearray:
    buffer = bytearray(count)
    view = memoryview(buffer)
    done = 0
    while done < count:
        got = stream.readinto(view[done:])  # type: ignore[attr-defined]
        if not got:
            wipe(buffer)
            raise BrokenLine("closed inside a payload", closed=True)
        done += got
    return buffer


def wipe(buffer: bytearray) -> None:
    """Overwrite a buffer in place."""
    buffer[:] = bytes(len(buffer))
