# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages to and from the desk: one JSON object a line, a page's bytes right behind its line.

The same protocol as the desk's other hosts; written anew here because this program shares no code with the desk.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any, BinaryIO, cast

#: said in the first line; the desk refuses a worker that speaks another
PROTOCOL = 1
#: the desk takes no more in one piece
MAX_BYTES = 512 << 20
_MAX_LINE = 1 << 20


class DeskGone(Exception):
    """Nobody listens any more: put the scanner away and leave."""


class Wire:
    """Safe to write from several threads; one thread reads."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._lock = threading.Lock()

    def send(self, event: str, payload: bytes | bytearray | None = None, **fields: Any) -> None:
        """Send an event.

        Raises:
            DeskGone: the pipe is closed.
        """
        message = {"event": event, **fields}
        if payload is not None:
            message["bytes"] = len(payload)
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            with self._lock:
                for part in (text, payload or b""):
                    view = memoryview(part)
                    while view:
                        view = view[self._sink.write(view) :]
        except (OSError, ValueError) as problem:
            raise DeskGone from problem

    def fault(self, code: str, detail: str = "", **facts: Any) -> None:
        """Tell of a failure by the desk's stable code. ``detail`` is for its log."""
        self.send("fault", code=code, detail=detail, facts=facts)

    def receive(self) -> dict[str, Any]:
        """Wait for the next request. None of them has bytes behind it.

        Raises:
            DeskGone: closed, or no message.
        """
        try:
            line = self._source.readline(_MAX_LINE)
            message = json.loads(line) if line.endswith(b"\n") else None
        except (OSError, ValueError) as problem:
            raise DeskGone from problem
        if not isinstance(message, dict):
            raise DeskGone
        return message


def take_over() -> Wire:
    """Keep stdin and stdout for the desk; what drivers print goes to stderr, what they read is empty.

    On Windows a driver's C library looks at the standard handles when it is loaded, and would wait for ever on one
    that another thread is reading from.
    """
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        for fd in (source, sink):
            msvcrt.setmode(fd, os.O_BINARY)
        for name, fd in ((-10, 0), (-11, 1)):
            ctypes.windll.kernel32.SetStdHandle(name, ctypes.c_void_p(msvcrt.get_osfhandle(fd)))
    return Wire(os.fdopen(source, "rb"), cast(BinaryIO, os.fdopen(sink, "wb", buffering=0)))
