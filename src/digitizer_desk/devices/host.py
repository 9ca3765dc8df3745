# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The child process side: loads one backend, answers, dies with its parent.

Apart from the desk because vendor code crashes, hangs and prints: a host has its own address space, its own stdout
(moved away before anything native is loaded) and ends when its stdin closes. Standard library only up to the backend.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from digitizer_desk.devices import line


class Wire:
    """Messages to and from the desk, safe to write from several threads. Reading is one thread's job."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._lock = threading.Lock()

    def send(self, event: str, payload: bytes | bytearray | memoryview | None = None, **fields: Any) -> None:
        """Send an event. A desk that has gone away ends this process at once: nobody is left to tell."""
        try:
            with self._lock:
                line.write(self._sink, {"event": event, **fields}, payload)
        except (BrokenPipeError, ValueError):
            os._exit(1)

    def fault(self, code: str, detail: str = "", **facts: Any) -> None:
        """Tell the desk about a failure by its stable code."""
        self.send("fault", code=code, detail=detail, facts=facts)

    def receive(self) -> tuple[dict[str, Any], bytearray | None]:
        """Wait for the next request.

        Raises:
            line.BrokenLine: the desk closed the pipe or sent nonsense.
        """
        return line.read(self._source)


def run(backend: str) -> int:
    """Run the host of one backend (``sane`` or ``pkcs11``) until the desk closes the pipe. Returns an exit code."""
    wire = _take_over_stdout()
    serve = _backend(backend)
    try:
        serve(wire)
    except line.BrokenLine as problem:
        return 0 if problem.closed else 2
    finally:
        # teardown of vendor libraries crashes and hangs: leave without it
        sys.stderr.flush()
        os._exit(0)
    return 0


def _take_over_stdout() -> Wire:
    """Keep the real stdout for messages and send everything native code prints to stderr."""
    sink = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    # unbuffered: a reader's buffer would keep a copy of the PIN
    return Wire(os.fdopen(os.dup(0), "rb", buffering=0), _Whole(sink))


class _Whole:
    """Unbuffered writing that does not stop half way (a raw pipe may take less than it is given)."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def write(self, data: bytes | bytearray | memoryview) -> int:
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view):
            done += self._raw.write(view[done:])
        return done

    def flush(self) -> None:
        """Nothing is held back."""


def _backend(name: str) -> Callable[[Wire], None]:
    if name == "sane":
        from digitizer_desk.devices import sane

        return sane.serve
    if name == "pkcs11":
        from digitizer_desk.devices import pkcs11

        return pkcs11.serve
    raise SystemExit(f"unknown host {name!r}")
