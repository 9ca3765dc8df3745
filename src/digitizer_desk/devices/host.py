# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The child process side: loads one backend, answers, dies with its parent.

Apart from the desk because vendor code crashes, hangs and prints: a host has its own address space, its own stdout
(moved away before anything native is loaded) and ends when its stdin closes. Standard library only up to the backend.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO, NoReturn, cast

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


def run(backend: str) -> NoReturn:
    """Run one host (``sane``, ``sane-direct`` or ``pkcs11``) until its work is done or the desk closes the pipe."""
    _die_with_parent()
    wire = _take_over_stdout()
    code = 0
    try:
        _backend(backend)(wire)
    except line.BrokenLine as problem:
        code = 0 if problem.closed else 2
    except Exception:
        import traceback

        traceback.print_exc(file=sys.stderr)
        code = 1
    sys.stderr.flush()
    # teardown of vendor libraries crashes and hangs: leave without it
    os._exit(code)


def _die_with_parent() -> None:
    """No core dumps (they would hold pages and PINs), and on Linux a signal when the desk is gone."""
    if sys.platform == "linux":
        import ctypes
        import resource
        import signal

        # 1, not 0: then Linux keeps dumps from a collecting program too (core(5)); only 0 where 0 is all that is left
        for limit in (1, 0):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
                break
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def _take_over_stdout() -> Wire:
    """Keep the real stdout for messages and send everything native code prints to stderr."""
    sink = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    # unbuffered: a reader's buffer would keep a copy of the PIN
    return Wire(cast(BinaryIO, os.fdopen(os.dup(0), "rb", buffering=0)), cast(BinaryIO, _Whole(sink)))


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


#: name of a host -> module and function; by name, because this module must not load bindings it is not asked for
_HOSTS = {"sane": ("sane", "serve"), "sane-direct": ("sane", "serve_direct"), "pkcs11": ("pkcs11", "serve")}


def _backend(name: str) -> Callable[[Wire], None]:
    if name not in _HOSTS:
        raise SystemExit(f"unknown host {name!r}")
    module, function = _HOSTS[name]
    return cast("Callable[[Wire], None]", getattr(import_module(f"digitizer_desk.devices.{module}"), function))
